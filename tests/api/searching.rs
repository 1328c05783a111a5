//! Finding, and not finding what is not for one's eyes.

use std::fmt::Write;

use futures_util::StreamExt;
use serde_json::{Value, json};
use support::region::{Client, Region, draft, items, text};
use support::server_process::{Launch, outcome};

/// Text for a query string.
fn encoded(text: &str) -> String {
    text.bytes().fold(String::new(), |mut out, byte| {
        let _ = write!(out, "%{byte:02X}");
        out
    })
}

/// The ids of what is found, newest first.
async fn found(client: &Client, query: &str) -> Vec<String> {
    let page = client.get(&format!("/api/search?q={}&limit=100", encoded(query))).await.is(200);
    items(&page).iter().map(|hit| text(&hit["message"]["id"])).collect()
}

#[tokio::test]
async fn operators_narrow() {
    let region = Region::shared();
    let (a, b) = (region.person("member.ro").await, region.person("member.gr").await);
    let room = region.room("open", &[&a, &b]).await;
    let (topic, first) = a.begin(&room, "Tagged", "okapi walks slowly home").await;
    a.patch(&format!("/api/topics/{topic}"), json!({"resolved": true, "countries": ["RO"], "themes": ["forced-begging"]}))
        .await
        .is(200);
    let second = text(&b.say(&room, "okapi runs home slowly").await["id"]);
    for (query, expected) in [
        ("okapi", vec![&second, &first]),
        ("OKAPI home", vec![&second, &first]),
        ("\"slowly home\" okapi", vec![&first]),
        ("okapi -walks", vec![&second]),
        (&format!("okapi in:{room}"), vec![&second, &first]),
        ("okapi in:lobby", vec![]),
        ("okapi in:nowhere", vec![]),
        ("okapi from:me", vec![&first]),
        ("okapi country:ro", vec![&first]),
        ("okapi country:RS", vec![]),
        ("okapi country:RS country:RO", vec![&first]),
        ("okapi country:RS theme:forced-begging", vec![]),
        ("okapi theme:forced-begging", vec![&first]),
        ("okapi is:resolved", vec![&first]),
        ("okapi is:Resolved", vec![&first]),
        ("okapi is:unresolved", vec![&second]),
        (&format!("-runs country:RO in:{room}"), vec![&first]),
        (&format!("is:resolved -nothing in:{room}"), vec![&first]),
        (&format!("okapi from:{}", b.id), vec![&second]),
        (&format!("okapi from:me from:{}", b.id), vec![&second, &first]),
        ("okapi before:2020-01-01", vec![]),
        ("okapi after:2020-01-01", vec![&second, &first]),
        ("okapi after:2120-01-01", vec![]),
    ] {
        let hits = found(&a, query).await;
        assert_eq!(hits.iter().collect::<Vec<_>>(), expected, "{query}");
    }
    let page = a.get("/api/search?q=okapi&limit=1").await.is(200);
    assert_eq!(items(&page)[0]["message"]["id"], second.as_str());
    assert!(
        items(&page)[0]["excerpt"]
            .as_array()
            .is_some_and(|pieces| pieces.iter().any(|piece| piece["hit"] == true && piece["text"] == "okapi"))
    );
    let next = a.get(&format!("/api/search?q=okapi&limit=1&cursor={}", text(&page["next"]))).await.is(200);
    assert_eq!(
        (items(&next)[0]["message"]["id"].as_str(), items(&next)[0]["topic_title"].as_str()),
        (Some(first.as_str()), Some("Tagged"))
    );
    assert_eq!(next["next"], Value::Null);
}

#[tokio::test]
async fn a_query_that_can_not_be_understood_is_refused() {
    let region = Region::shared();
    let member = region.person("member.ro").await;
    for bad in [
        "",
        "%20",
        "%22open",
        "before:tomorrow",
        "country:FR",
        "theme:x",
        "is:nice",
        "from:",
        "from:@",
        "from:%25",
        "from:%22Ana",
        "in:%23",
        "-from:me%20x",
        "-only",
    ] {
        let problem = member.get(&format!("/api/search?q={bad}")).await.refused(400, "bad_query");
        assert!(problem["detail"].is_string() && problem["reason"].is_string(), "{problem}");
    }
    // Enough for a sentence in any language.
    let problem = member.get("/api/search?q=children%20after:banana").await.refused(400, "bad_query");
    assert_eq!(
        (&problem["reason"], &problem["word"], &problem["example"]),
        (&json!("not_a_date"), &json!("after:banana"), &json!("after:2026-01-01"))
    );
    member.get(&format!("/api/search?q={}", "x".repeat(401))).await.refused(400, "bad_query");
    for bad in ["", "?q=okapi&limit=0", "?q=okapi&cursor=x"] {
        member.get(&format!("/api/search{bad}")).await.refused(400, "bad_request");
    }
    for odd in ["a\" OR \"b", "NEAR(a b)", "a* ^b {c}", "text : x", "'; DROP TABLE message; --", "c1 OR c2", "*", "\u{0}"] {
        let answer = member.get(&format!("/api/search?q={}", encoded(odd))).await;
        assert!(matches!(answer.status, 200 | 400), "{odd}: {}", answer.text);
    }
}

#[tokio::test]
async fn people_and_channels_are_named_as_people_name_them() {
    let region = Region::shared();
    let (a, b) = (region.person("member.ro").await, region.person("member.rs").await);
    let moderator = region.person("moderator.region").await;
    let room = region.room("open", &[&a, &b]).await;
    let name = format!("Čekaonica 7: {room}");
    moderator
        .patch(&format!("/api/channels/{room}"), json!({"name": {"en": name, "fr": format!("Salle d’attente {room}")}}))
        .await
        .is(200);
    let said = text(&b.say(&room, "numbatcanary").await["id"]);
    let shown = a.get(&format!("/api/people/{}", b.id)).await.is(200);
    let whole = text(&shown["name"]);
    let last = whole.split(' ').next_back().expect("a name");
    for query in [
        format!("numbatcanary from:\"{whole}\""),
        format!("numbatcanary from:“{}”", whole.to_uppercase()),
        format!("numbatcanary from:{last}"),
        format!("numbatcanary from:@{last}"),
        format!("numbatcanary in:\"{name}\""),
        format!("numbatcanary in:\"cekaonica 7 {room}\""),
        format!("numbatcanary in:\"salle d'attente {room}\""),
        format!("in:\"{name}\""),
    ] {
        assert_eq!(found(&a, &query).await, std::slice::from_ref(&said), "{query}");
    }
    for query in [
        format!("numbatcanary from:\"{whole} x\""),
        "numbatcanary in:Čekaonica".to_owned(),
        format!("numbatcanary from:{}", a.id),
    ] {
        assert!(found(&a, &query).await.is_empty(), "{query}");
    }
    // A hidden channel's name is a name that nobody bears.
    let hidden = region.room("closed", &[&b]).await;
    let name = format!("Tajna soba {hidden}");
    moderator.patch(&format!("/api/channels/{hidden}"), json!({"name": {"en": name}})).await.is(200);
    let said = text(&b.say(&hidden, "numbatcanary").await["id"]);
    assert_eq!(found(&b, &format!("in:\"{name}\"")).await, [said]);
    let asked = async |name: &str| a.get(&format!("/api/search?q={}", encoded(&format!("in:\"{name}\"")))).await.text;
    assert_eq!(asked(&name).await, asked("no such room").await);
}

#[tokio::test]
async fn paging_comes_to_the_end_however_rare_the_tag() {
    let region = Region::shared();
    let member = region.person("member.ro").await;
    let room = region.room("open", &[&member]).await;
    let (topic, oldest) = member.begin(&room, "Rare", "quokkacanary of old").await;
    member
        .patch(&format!("/api/topics/{topic}"), json!({"resolved": true, "countries": ["MD"], "themes": ["migration-route"]}))
        .await
        .is(200);
    let posts = format!("/api/channels/{room}/messages");
    futures_util::stream::iter(0..2_100)
        .for_each_concurrent(16, |n| {
            let (member, posts) = (member.clone(), posts.clone());
            async move {
                member.post(&posts, draft(&format!("quokkacanary {n}"))).await.is(201);
            }
        })
        .await;
    for query in ["quokkacanary country:MD", "quokkacan theme:migration-route", "quokkacanary is:resolved"] {
        let (mut hits, mut cursor, mut pages) = (Vec::new(), String::new(), 0);
        loop {
            let page = member.get(&format!("/api/search?q={}{cursor}", encoded(query))).await.is(200);
            hits.extend(items(&page).iter().map(|hit| text(&hit["message"]["id"])));
            pages += 1;
            let Some(next) = page["next"].as_str() else { break };
            cursor = format!("&cursor={next}");
        }
        assert_eq!(hits, std::slice::from_ref(&oldest), "{query}");
        assert!(pages < 10, "{query}: {pages} pages");
    }
}

/// A region made for measuring, and one of its people.
struct Large {
    member: Client,
    // The server ends before its folder does.
    _server: support::server_process::ServerProcess,
    _folder: tempfile::TempDir,
}

impl Large {
    fn new(accounts: usize, messages: usize) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let (accounts, messages) = (accounts.to_string(), messages.to_string());
        let arguments = ["bench-seed", "--accounts", &accounts, "--messages", &messages, "--json"];
        let made = support::server_process::run(folder.path(), &arguments, None).expect("seeded");
        let made: Value = serde_json::from_str(&made).expect("JSON");
        let launch = support::server_process::Launch::egida(folder.path()).expect("the program");
        let server = launch.environment("EGIDA_LIMITS_SEARCHES_PER_SECOND", "1000").start().expect("a server");
        let member = Client::with_token(&format!("http://{}", server.address()), made["tokens"][0].as_str().expect("a token"));
        Self { member, _server: server, _folder: folder }
    }
}

#[tokio::test]
async fn what_one_answer_can_not_look_at_comes_with_the_next() {
    let region = Large::new(1, 12_000);
    let member = &region.member;
    // A country's channel is open, and who began a topic in it may settle it.
    let channels = member.get("/api/channels").await.is(200);
    let channel = text(&items(&channels).iter().find(|row| row["slug"] == "ro").expect("Romania")["id"]);
    member.put(&format!("/api/channels/{channel}/members/me")).await.is(204);
    let topics = member.get(&format!("/api/channels/{channel}/topics?q=topic")).await.is(200);
    let topic = &items(&topics)[0];
    member.patch(&format!("/api/topics/{}", text(&topic["id"])), json!({"resolved": true})).await.is(200);
    let (mut numbers, mut cursor, mut pages) = (Vec::new(), String::new(), 0);
    loop {
        let page = member.get(&format!("/api/search?q=is:resolved&limit=100{cursor}")).await.is(200);
        numbers.extend(items(&page).iter().map(|hit| hit["message"]["seq"].as_i64().expect("seq")));
        pages += 1;
        let Some(next) = page["next"].as_str() else { break };
        cursor = format!("&cursor={next}");
    }
    assert_eq!(i64::try_from(numbers.len()).ok(), topic["messages"].as_i64());
    assert!(numbers.is_sorted_by(|newer, older| newer > older), "newest first, each once");
    assert!(pages > 1, "one answer can't have looked at all");
}

#[tokio::test]
async fn a_name_that_fits_too_many_is_refused() {
    let region = Large::new(60, 200);
    let problem = region.member.get("/api/search?q=from:bench").await.refused(400, "bad_query");
    assert!(problem["detail"].as_str().is_some_and(|detail| detail.contains("50")), "{problem}");
    let hits = region.member.get("/api/search?q=from:%22bench%207%22&limit=100").await.is(200);
    assert!(!items(&hits).is_empty() && items(&hits).iter().all(|hit| hit["message"]["author_name"] == "Bench 7"), "{hits}");
}

#[tokio::test]
async fn nothing_is_found_in_what_one_may_not_open() {
    let region = Region::shared();
    let (a, b, c) =
        (region.person("moderator.ba").await, region.person("prosecutor.ba").await, region.person("moderator.region").await);
    let direct = a.post("/api/channels", json!({"kind": "direct", "people": [b.id]})).await;
    let direct = text(&direct.json["id"]);
    let (topic, message) = a.begin(&direct, "Between us", "wombatcanary is here").await;
    a.patch(&format!("/api/topics/{topic}"), json!({"countries": ["BA"], "themes": ["forced-begging"]})).await.is(200);
    assert_eq!(found(&b, "wombatcanary").await, std::slice::from_ref(&message));
    for reader in [&c, &region.person("admin").await, &region.person("member.gr").await] {
        for query in [
            "wombatcanary",
            "wombatcan",
            &format!("wombatcanary in:{direct}"),
            &format!("in:{direct}"),
            "wombatcanary country:BA",
            "\"wombatcanary is\"",
        ] {
            assert!(found(reader, query).await.is_empty(), "{query}");
        }
        for path in ["/api/missed", "/api/channels", "/api/topics?country=BA&theme=forced-begging"] {
            let answer = reader.get(path).await;
            assert!(!answer.text.contains("wombat") && !answer.text.contains(&direct) && !answer.text.contains(&topic), "{path}");
        }
    }
    assert!(found(&c, "from:me").await.iter().all(|id| *id != message));
    let room = region.room("closed", &[&b]).await;
    let inside = text(&b.say(&room, "narwhalcanary").await["id"]);
    assert_eq!(found(&b, "narwhalcanary").await, [inside]);
    region.person("moderator.region").await.delete(&format!("/api/channels/{room}/members/{}", b.id)).await.is(204);
    assert!(found(&b, "narwhalcanary").await.is_empty(), "membership is asked at the time of the search");
}

#[tokio::test]
async fn marks_and_scripts_make_no_difference() {
    let region = Region::shared();
    let member = region.person("member.rs").await;
    let room = region.room("open", &[&member]).await;
    for (said, asked) in [
        ("заштита ђачког превоза", "đačkog"),
        ("žrtve i ćilibar", "жртве ћилибар"),
        ("păpușă și țesătură", "papusa tesatura"),
        ("Εμπορία ανθρώπων ΟΔΟΣ", "εμπορια οδος"),
        ("fëmijë të zhdukur", "femije"),
    ] {
        let id = text(&member.say(&room, said).await["id"]);
        let query = format!("{asked} in:{room}");
        assert_eq!(found(&member, &query).await, [id], "{said} by {asked}");
    }
}

#[tokio::test]
async fn an_edit_is_found_by_its_new_words_alone() {
    let region = Region::shared();
    let member = region.person("member.ro").await;
    let room = region.room("open", &[&member]).await;
    let id = text(&member.say(&room, "tapircanary").await["id"]);
    member.patch(&format!("/api/messages/{id}"), json!({"body": "axolotlcanary"})).await.is(200);
    assert!(found(&member, "tapircanary").await.is_empty());
    assert_eq!(found(&member, "axolotlcanary").await, [id]);
}

#[tokio::test]
async fn searching_too_fast_is_slowed_down() {
    let region = Region::start(&[("EGIDA_LIMITS_SEARCHES_PER_SECOND", "1")]).expect("a region");
    let member = region.person("member.ro").await;
    let mut slowed = None;
    for _ in 0..15 {
        let answer = member.get("/api/search?q=okapi").await;
        if answer.status == 429 {
            slowed = Some(answer);
            break;
        }
        answer.is(200);
    }
    let slowed = slowed.expect("fifteen at once are too many");
    assert!(slowed.header("retry-after").is_some());
    region.person("member.gr").await.get("/api/search?q=okapi").await.is(200);
}

#[tokio::test]
async fn an_index_of_another_version_is_made_anew_while_one_works() {
    const VERSION: &str = "SELECT value FROM setting WHERE key = 'search.pipeline'";
    let region = Region::start(&[]).expect("a region");
    let member = region.person("member.ro").await;
    let room = region.room("open", &[&member]).await;
    let id = text(&member.say(&room, "quokkacanary").await["id"]);
    let gone = text(&member.say(&room, "quokkacanary twice").await["id"]);
    region.stop().expect("stopped");
    let open = || rusqlite::Connection::open(region.folder().join("egida.db")).expect("the database");
    let of_now: String = open().query_row(VERSION, [], |row| row.get(0)).expect("a version");
    open()
        .execute_batch(
            "UPDATE setting SET value = 'of before' WHERE key = 'search.pipeline';
            INSERT INTO message_index (message_index) VALUES ('delete-all');
            DELETE FROM message_fact;
            DELETE FROM message_term;",
        )
        .expect("changed");
    let launch = Launch::egida(region.folder()).expect("a program");
    let server = launch.environment("EGIDA_LIMITS_SEARCHES_PER_SECOND", "1000").start().expect("started");
    let member = member.at(&server.url(""));
    // What is posted and deleted meanwhile is as true as before.
    let newer = text(&member.say(&room, "quokkacanary again").await["id"]);
    member.delete(&format!("/api/messages/{gone}")).await.is(204);
    let answer = loop {
        let answer: Value = member.get("/api/search?q=quokkacanary").await.is(200);
        if answer["renewing"] == false {
            break answer;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    };
    assert_eq!(items(&answer).iter().map(|hit| text(&hit["message"]["id"])).collect::<Vec<_>>(), [newer, id]);
    let found: String = open().query_row(VERSION, [], |row| row.get(0)).expect("a version");
    assert_eq!(found, of_now);
    drop(server);
    assert_eq!(outcome(region.folder(), &["verify"]).expect("it runs").code, Some(0));
}

#[tokio::test]
async fn the_index_follows_what_is_posted_changed_and_deleted() {
    let region = Region::start(&[]).expect("a region");
    let member = region.person("member.ro").await;
    let room = region.room("open", &[&member]).await;
    let mut ids = Vec::new();
    for body in ["numbat one", "numbat two", "numbat three"] {
        ids.push(text(&member.say(&room, body).await["id"]));
    }
    // Changed before anything had a reason to index them.
    member.patch(&format!("/api/messages/{}", ids[1]), json!({"body": "numbat second"})).await.is(200);
    member.delete(&format!("/api/messages/{}", ids[2])).await.is(204);
    assert_eq!(found(&member, "numbat").await, [&*ids[1], &*ids[0]]);
    assert!(found(&member, "\"numbat two\"").await.is_empty());
    // And after.
    member.patch(&format!("/api/messages/{}", ids[0]), json!({"body": "quoll"})).await.is(200);
    member.delete(&format!("/api/messages/{}", ids[1])).await.is(204);
    // What only begins alike may be found instead.
    let instead = found(&member, "numbat").await;
    assert!(ids.iter().all(|id| !instead.contains(id)), "{instead:?}");
    // What the server is stopped over is as well kept as the message itself.
    let last = text(&member.say(&room, "numbat last").await["id"]);
    region.stop().expect("stopped");
    assert_eq!(outcome(region.folder(), &["verify"]).expect("it runs").code, Some(0));
    let server = Launch::egida(region.folder()).expect("a program").start().expect("started");
    assert_eq!(found(&member.at(&server.url("")), "numbat").await, [last]);
}

/// What is found by best match.
async fn best(client: &Client, query: &str) -> Vec<String> {
    let page = client.get(&format!("/api/search?q={}&limit=100&sort=relevance", encoded(query))).await.is(200);
    items(&page).iter().map(|hit| text(&hit["message"]["id"])).collect()
}

#[tokio::test]
async fn a_word_is_found_in_its_other_forms_in_the_other_alphabet_and_without_its_marks() {
    let region = Region::shared();
    let (a, b) = (region.person("member.rs").await, region.person("member.gr").await);
    let room = region.room("open", &[&a, &b]).await;
    let serbian = text(&a.say(&room, "Жртве трговине децом чекају старатељку у Нишу").await["id"]);
    let greek = text(&b.say(&room, "Οι ανήλικοι μεταφέρθηκαν στους ξενώνες φιλοξενίας").await["id"]);
    let phrase = text(&a.say(&room, "Dve starateljke čekaju žrtvu").await["id"]);
    for (query, expected) in [
        ("žrtve starateljka", vec![&phrase, &serbian]),
        ("zrtvama starateljki", vec![&phrase, &serbian]),
        ("Жртва", vec![&phrase, &serbian]),
        ("ξενωνας ανηλικος", vec![&greek]),
        ("ξενών", vec![&greek]),
        ("\"dve starateljke\"", vec![&phrase]),
        ("\"starateljke dve\"", vec![]),
        ("čekaju -\"dve starateljke\"", vec![&serbian]),
        ("čekaju lang:sr", vec![&phrase, &serbian]),
        ("lang:el", vec![&greek]),
        ("čekaju lang:el", vec![]),
    ] {
        let hits = found(&a, &format!("{query} in:{room}")).await;
        assert_eq!(hits.iter().collect::<Vec<_>>(), expected, "{query}");
    }
    assert_eq!(best(&a, &format!("dve žrtve in:{room}")).await[0], phrase);
    let page = a.get(&format!("/api/search?q={}", encoded(&format!("zrtvama in:{room}")))).await.is(200);
    let marked: Vec<_> = items(&page)
        .iter()
        .flat_map(|hit| hit["excerpt"].as_array().expect("pieces").clone())
        .filter(|piece| piece["hit"] == true)
        .map(|piece| text(&piece["text"]))
        .collect();
    assert_eq!(marked, ["žrtvu", "Жртве"], "as they are written");
    assert_eq!(items(&page)[0]["message"]["language"], "bcms");
}

#[tokio::test]
async fn what_the_glossary_knows_is_found_in_other_languages_and_said() {
    let region = Region::shared();
    let (a, b) = (region.person("psychologist.bg").await, region.person("labour.al").await);
    let room = region.room("open", &[&a, &b]).await;
    let albanian = text(&b.say(&room, "Shkolla kundër lypjes së detyruar në bregdet").await["id"]);
    let path = format!("/api/search?q={}", encoded(&format!("принудителна просия in:{room}")));
    let answer = a.get(&path).await.is(200);
    assert_eq!(items(&answer)[0]["message"]["id"], albanian.as_str());
    let also = answer["also"].as_array().expect("said");
    assert_eq!(also[0]["concept"], "forced-begging");
    assert!(also[0]["words"].as_array().expect("words").iter().any(|word| word["language"] == "sq"), "{also:?}");
    let off = a.get(&format!("{path}&across=false")).await.is(200);
    assert_eq!((items(&off).len(), &off["also"]), (0, &json!([])));
}

#[tokio::test]
async fn facets_count_what_the_reader_may_open_and_nothing_else() {
    let region = Region::shared();
    let (a, b) = (region.person("member.ro").await, region.person("member.rs").await);
    let ours = region.room("open", &[&a, &b]).await;
    let theirs = region.room("closed", &[&b]).await;
    let (topic, _) = a.begin(&ours, "Tagged", "dugongcanary for a country").await;
    a.patch(&format!("/api/topics/{topic}"), json!({"countries": ["RO"], "themes": ["forced-begging"]})).await.is(200);
    b.say(&ours, "Жртве чекају, dugongcanary").await;
    let before = a.get("/api/search?q=dugongcanary&facets=true").await.is(200);
    assert_eq!((&before["facets"]["looked_at"], &before["facets"]["whole"]), (&json!(2), &json!(true)));
    assert_eq!(before["facets"]["countries"], json!([{"value": "RO", "count": 1}]));
    assert_eq!(before["facets"]["themes"], json!([{"value": "forced-begging", "count": 1}]));
    assert_eq!(before["facets"]["years"].as_array().map(Vec::len), Some(1));
    // The same words where the reader may not look: nothing changes.
    for _ in 0..5 {
        b.say(&theirs, "dugongcanary dugongcanari Жртве").await;
    }
    let after = a.get("/api/search?q=dugongcanary&facets=true").await.is(200);
    assert_eq!(after["facets"], before["facets"]);
}

#[tokio::test]
async fn where_nothing_is_found_a_word_is_proposed_that_finds_something() {
    let region = Region::shared();
    let (a, b) = (region.person("member.ro").await, region.person("member.rs").await);
    let room = region.room("closed", &[&b]).await;
    b.say(&room, "wombatinooga").await;
    let proposed =
        async |client: &Client, query: &str| client.get(&format!("/api/search?q={query}")).await.is(200)["spellings"].clone();
    assert_eq!(proposed(&b, "wombatinogga").await, json!([{"word": "wombatinogga", "instead": "wombatinooga"}]));
    assert_eq!(proposed(&a, "wombatinogga").await, json!([]), "of what may not be opened");
}

#[tokio::test]
async fn topics_people_organisations_countries_and_terms_are_found_beside_messages() {
    let region = Region::shared();
    let (a, b) = (region.person("member.ro").await, region.person("member.gr").await);
    let (open, closed) = (region.room("open", &[&a, &b]).await, region.room("closed", &[&b]).await);
    let (topic, _) = a.begin(&open, "Pangolin transport", "first").await;
    b.begin(&closed, "Pangolin secrets", "first").await;
    let things = async |client: &Client, query: &str| -> Vec<(String, String)> {
        let answer = client.get(&format!("/api/search?q={}", encoded(query))).await.is(200);
        answer["things"].as_array().expect("things").iter().map(|thing| (text(&thing["kind"]), text(&thing["id"]))).collect()
    };
    let is = |kind: &str, id: &str| (kind.to_owned(), id.to_owned());
    assert_eq!(things(&a, "pangolin").await, [is("topic", &topic)]);
    assert_eq!(things(&b, "kind:topic pangolin").await.len(), 2);
    assert_eq!(things(&a, "serbia").await[0], is("country", "RS"));
    assert!(things(&a, "kind:term trafficking").await.contains(&is("term", "child-trafficking")));
    let named = a.get(&format!("/api/people/{}", b.id)).await.is(200);
    let name = text(&named["name"]);
    assert!(things(&a, &format!("kind:person {name}")).await.contains(&is("person", &b.id)));
    assert!(things(&a, "pangolin from:me").await.is_empty(), "whoever narrows messages down looks for messages");
}

#[tokio::test]
async fn what_a_message_has_and_how_it_is_marked_can_be_asked() {
    let region = Region::shared();
    let (a, b) = (region.person("member.ro").await, region.person("member.gr").await);
    let room = region.room("open", &[&a, &b]).await;
    let link = text(&a.say(&room, "echidnacanary at https://guide.example/page").await["id"]);
    let mention = text(&a.say(&room, &format!("echidnacanary for @[Somebody](person:{})", b.id)).await["id"]);
    let mut wish = draft("echidnacanary in confidence");
    wish["marking"] = "amber".into();
    let amber = text(&a.post(&format!("/api/channels/{room}/messages"), wish).await.is(201)["id"]);
    for (query, expected) in [
        ("has:link", vec![&link]),
        ("has:mention", vec![&mention]),
        ("has:quote", vec![]),
        ("marking:AMBER", vec![&amber]),
        ("marking:amber marking:red", vec![&amber]),
        ("is:pinned", vec![]),
    ] {
        let hits = found(&a, &format!("echidnacanary {query}")).await;
        assert_eq!(hits.iter().collect::<Vec<_>>(), expected, "{query}");
    }
}
