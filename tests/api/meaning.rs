//! Found by what it means, by a machine of somebody else's: what is found so and where, what leaves for it, and that nobody
//! notices when it fails.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use rusqlite::Connection;
use serde_json::{Value, json};
use support::embedder::{Embedder, Mood};
use support::region::{Client, Region, draft, items, text};
use support::server_process::{Launch, outcome, run};
use tokio::time::sleep;
use uuid::Uuid;

use crate::erasing::{WITHIN, holding};

/// How long the vectors may take to follow what happens.
const SOON: Duration = Duration::from_secs(30);
/// For so long no query is sent after one has failed.
const REST: Duration = Duration::from_millis(2_200);

/// A closed room whose messages begin as CLEAR.
async fn room(region: &Region, people: &[&Client]) -> String {
    region.room_of("moderator.region", &json!({"kind": "closed", "country": "RO", "marking": "clear"}), people).await
}

/// Posts what is handled so: its id.
async fn said(author: &Client, room: &str, body: &str, handling: &Value) -> String {
    let mut wish = draft(body);
    for (name, value) in handling.as_object().into_iter().flatten() {
        wish[name] = value.clone();
    }
    text(&author.post(&format!("/api/channels/{room}/messages"), wish).await.is(201)["id"])
}

async fn asked(client: &Client, query: &str, beside: &str) -> Value {
    let encoded: Vec<_> = query.bytes().map(|byte| format!("%{byte:02X}")).collect();
    let encoded = encoded.concat();
    client.get(&format!("/api/search?q={encoded}{beside}")).await.is(200)
}

/// The ids of the best matches, best first.
async fn best(client: &Client, query: &str) -> Vec<String> {
    ids(&asked(client, query, "&sort=relevance&limit=100").await)
}

/// Waits until these are the best matches. A query that a crowded machine was too slow for is answered without its meaning.
async fn finds(client: &Client, query: &str, expected: &[&String]) {
    let begun = Instant::now();
    loop {
        let found = best(client, query).await;
        if found.iter().eq(expected.iter().copied()) {
            return;
        }
        assert!(begun.elapsed() < SOON, "{query}: {found:?}, not {expected:?}");
        sleep(Duration::from_millis(300)).await;
    }
}

/// The best matches once there are so many.
async fn best_of(client: &Client, query: &str, many: usize) -> Vec<String> {
    let begun = Instant::now();
    loop {
        let found = best(client, query).await;
        if found.len() == many {
            return found;
        }
        assert!(begun.elapsed() < SOON, "{query}: {found:?}, not {many}");
        sleep(Duration::from_millis(300)).await;
    }
}

fn ids(page: &Value) -> Vec<String> {
    items(page).iter().map(|hit| text(&hit["message"]["id"])).collect()
}

/// The vector of each of these messages that has one.
fn stored(region: &Region, messages: &[&String]) -> HashMap<String, Vec<u8>> {
    let database = Connection::open(region.folder().join("egida.db")).expect("a database");
    let sql = "SELECT v.vector FROM message_vector v JOIN message m ON m.n = v.n WHERE m.id = ?1 AND v.vector IS NOT NULL";
    let vector = |id: &str| {
        let id = id.parse::<Uuid>().expect("an id");
        database.query_row(sql, [id], |row| row.get::<_, Vec<u8>>(0)).ok()
    };
    messages.iter().filter_map(|id| Some(((*id).clone(), vector(id)?))).collect()
}

/// Waits until exactly these of the messages have a vector.
async fn settled(region: &Region, with: &[&String], without: &[&String]) {
    let begun = Instant::now();
    loop {
        let all: Vec<&String> = with.iter().chain(without).copied().collect();
        let there = stored(region, &all);
        if with.iter().all(|id| there.contains_key(*id)) && !without.iter().any(|id| there.contains_key(*id)) {
            return;
        }
        assert!(begun.elapsed() < SOON, "{} of {} have a vector: {with:?}, not {without:?}", there.len(), with.len());
        sleep(Duration::from_millis(100)).await;
    }
}

#[tokio::test]
async fn it_is_off_unless_an_operator_sets_a_service() {
    let region = Region::shared();
    let (member, administrator) = (region.person("member.ro").await, region.person("admin").await);
    let off = json!({"on": false, "model": null, "provider": null, "marking": null, "messages": 0, "of": 0});
    assert_eq!(administrator.get("/api/search/meaning").await.is(200), off);
    member.get("/api/search/meaning").await.refused(403, "forbidden");
    region.anonymous().get("/api/search/meaning").await.refused(401, "not_signed_in");
    let folder = tempfile::tempdir().expect("a folder");
    let (data, config) = (folder.path().join("data"), folder.path().join("egida.toml"));
    for (setting, value) in [("hosts", "vectors.example"), ("marking", "AMBER"), ("model", ""), ("url", "http://vectors.example")]
    {
        let good = [("url", "http://127.0.0.1:9"), ("hosts", "127.0.0.1"), ("model", "m")];
        let others = good.into_iter().filter(|(name, _)| *name != setting);
        let lines: Vec<_> = others.chain([(setting, value)]).map(|(name, value)| format!("{name} = \"{value}\"\n")).collect();
        let lines = lines.concat();
        std::fs::write(&config, format!("[embeddings]\n{lines}")).expect("written");
        let arguments = ["serve", "--listen", "127.0.0.1:0", "--config", &config.display().to_string()];
        let refused = outcome(&data, &arguments).expect("it ran");
        assert_eq!(refused.code, Some(2), "{lines}");
        assert!(refused.stderr.contains(&format!("embeddings.{setting}: ")), "{lines}{}", refused.stderr);
    }
}

#[tokio::test]
async fn what_means_the_same_is_found_behind_what_has_the_words() {
    let service = Embedder::start().await;
    let region = Region::start(&service.settings("CLEAR")).expect("a region");
    let (author, reader) = (region.person("member.ro").await, region.person("member.gr").await);
    let (room, other) = (room(&region, &[&author, &reader]).await, room(&region, &[&author, &reader]).await);
    let none = json!({});
    let same = said(&author, &room, "The refuge takes two families tonight", &none).await;
    let word = said(&author, &room, "Our shelter near the hills is full", &none).await;
    let elsewhere = said(&reader, &other, "A safehouse opens", &none).await;
    let apart = said(&author, &room, "The attorney comes on Monday", &none).await;
    settled(&region, &[&same, &word, &elsewhere, &apart], &[]).await;

    let both = format!("shelter in:{room} in:{other}");
    let near = best_of(&reader, &both, 3).await;
    assert_eq!(near[0], word, "the word first");
    assert!(near.contains(&same) && near.contains(&elsewhere) && !near.contains(&apart), "{near:?}");
    let page = asked(&reader, &both, "&sort=relevance&facets=true").await;
    assert_eq!(page["facets"]["looked_at"], json!(ids(&page).len()), "what is shown is counted: {page}");
    // Who doesn't want it, or sorts by time, gets the words alone.
    assert_eq!(ids(&asked(&reader, &both, "&sort=relevance&across=false").await), std::slice::from_ref(&word));
    assert_eq!(ids(&asked(&reader, &both, "").await), std::slice::from_ref(&word));
    // Whatever else is asked holds for it, too.
    for (query, expected) in [
        (format!("shelter in:{room}"), vec![&word, &same]),
        (format!("shelter in:{other}"), vec![&elsewhere]),
        (format!("shelter -families in:{room}"), vec![&word]),
        (format!("shelter -family in:{room}"), vec![&word]),
        (format!("shelter -hills in:{room}"), vec![&same]),
        (format!("shelter from:me in:{room} in:{other}"), vec![&elsewhere]),
        (format!("shelter in:{room} has:link"), vec![]),
        (format!("shelter in:{room} is:unresolved marking:clear"), vec![&word, &same]),
        (format!("shelter in:{room} before:2020-01-01"), vec![]),
        (format!("\"the shelter\" in:{room}"), vec![]),
        (format!("in:{room} counsel"), vec![&apart]),
    ] {
        finds(&reader, &query, &expected).await;
    }
    let queries: Vec<_> = service.asked().into_iter().filter(|asked| asked.model == "stand-in-query").collect();
    assert!(queries.iter().all(|asked| asked.texts.len() == 1 && !asked.texts[0].contains("in:")), "{queries:?}");
    reader.get("/api/search?sort=relevance&q=shelter%200101901710008").await.refused(422, "personal_data");
    assert!(!service.heard().contains("0101901710008"), "the guard comes first");

    // A page at a time is the same as all at once.
    let all = best_of(&reader, &both, 3).await;
    let mut paged = Vec::new();
    let mut cursor = String::new();
    loop {
        let page = asked(&reader, &both, &format!("&sort=relevance&limit=1{cursor}")).await;
        paged.extend(ids(&page));
        let Some(next) = page["next"].as_str() else { break };
        cursor = format!("&cursor={next}");
    }
    assert_eq!(paged, all);
    let administrator = region.person("admin").await;
    let state = administrator.get("/api/search/meaning").await.is(200);
    assert_eq!((&state["on"], &state["model"], &state["provider"]), (&json!(true), &json!("stand-in"), &json!("127.0.0.1")));
    assert!(state["messages"].as_i64() >= Some(4) && state["messages"].as_i64() <= state["of"].as_i64(), "{state}");
}

#[tokio::test]
async fn no_more_leaves_than_the_markings_and_the_labels_let() {
    for allowance in ["CLEAR", "green"] {
        let service = Embedder::start().await;
        let region = Region::start(&service.settings(allowance)).expect("a region");
        let (author, reader) = (region.person("member.ro").await, region.signed_in("member.gr").await);
        let clear = room(&region, &[&author, &reader]).await;
        let amber = region.room_of("moderator.region", &json!({"kind": "open", "marking": "amber"}), &[&author]).await;
        let direct = json!({"kind": "direct", "people": [reader.id]});
        let direct = text(&author.post("/api/channels", direct).await.json["id"]);
        let (mut with, mut without) = (Vec::new(), Vec::new());
        for marking in ["clear", "green", "amber", "amber+strict", "red"] {
            let id = said(&author, &clear, &format!("canary {marking}"), &json!({"marking": marking})).await;
            let leaves = marking == "clear" || (marking, allowance) == ("green", "green");
            if leaves { with.push(id) } else { without.push(id) }
        }
        for labels in [
            json!({"handling": ["h1"]}),
            json!({"handling": ["h2"]}),
            json!({"handling": ["h3"], "restriction": "ours alone"}),
            json!({"warning": "violence"}),
        ] {
            without.push(said(&author, &clear, "canary labelled", &labels).await);
        }
        without.push(said(&author, &amber, "canary in a stricter place", &json!({})).await);
        without.push(said(&author, &direct, "canary between two", &json!({"marking": "clear"})).await);
        let name = format!("@[Canary Name](person:{}) and +40 721 234 567 speak of a canary", reader.id);
        with.push(said(&author, &clear, &name, &json!({})).await);
        let last = said(&author, &clear, "canary last", &json!({})).await;
        with.push(last.clone());
        settled(&region, &with.iter().collect::<Vec<_>>(), &without.iter().collect::<Vec<_>>()).await;
        let heard = service.heard();
        for gone in ["canary amber", "canary red", "canary labelled", "canary in a", "canary between", "Canary Name", "721 234"] {
            assert!(!heard.contains(gone), "{allowance}: {gone} left");
        }
        assert!(heard.contains("canary clear") && heard.contains("canary last"), "{allowance}");
        assert_eq!(heard.contains("canary green"), allowance == "green");

        // What is handled more strictly later has no vector any more, and isn't sent again.
        let [marked, warned] = [with[0].clone(), last];
        author.put_json(&format!("/api/messages/{marked}/marking"), json!({"marking": "amber"})).await.is(204);
        author.patch(&format!("/api/messages/{warned}"), json!({"warning": "violence"})).await.is(200);
        settled(&region, &[], &[&marked, &warned]).await;
        author.patch(&format!("/api/messages/{warned}"), json!({"body": "canary hidden", "warning": "violence"})).await.is(200);
        author.patch(&format!("/api/messages/{marked}"), json!({"body": "canary kept"})).await.is(200);
        let after = said(&author, &clear, "canary after", &json!({})).await;
        settled(&region, &[&after], &[&marked, &warned]).await;
        let heard = service.heard();
        assert!(!heard.contains("canary hidden") && !heard.contains("canary kept"), "{allowance}");
        // And what is handled less strictly is found from then on.
        author.patch(&format!("/api/messages/{warned}"), json!({"warning": ""})).await.is(200);
        settled(&region, &[&warned], &[]).await;
    }
}

#[tokio::test]
async fn nobody_finds_by_meaning_what_they_may_not_open() {
    let service = Embedder::start().await;
    let region = Region::start(&service.settings("GREEN")).expect("a region");
    let (author, member) = (region.person("member.ro").await, region.person("member.gr").await);
    let stranger = region.person("member.rs").await;
    let room = room(&region, &[&author, &member]).await;
    let hidden = said(&author, &room, "The refuge behind the mill", &json!({})).await;
    settled(&region, &[&hidden], &[]).await;
    finds(&member, &format!("shelter in:{room}"), &[&hidden]).await;
    for query in ["shelter".to_owned(), format!("shelter in:{room}"), "refuge mill".to_owned()] {
        let answer = asked(&stranger, &query, "&sort=relevance&facets=true").await;
        assert!(!ids(&answer).contains(&hidden) && !answer.to_string().contains("mill"), "{query}: {answer}");
    }
    let moderator = region.person("moderator.region").await;
    moderator.delete(&format!("/api/channels/{room}/members/{}", member.id)).await.is(204);
    assert!(!best(&member, "shelter").await.contains(&hidden), "nor who has left");
}

#[tokio::test]
async fn whatever_the_service_does_a_search_answers_as_without_it() {
    let service = Embedder::start().await;
    let region = Region::start_listened_to(&service.settings("CLEAR")).expect("a region");
    let author = region.person("member.ro").await;
    let room = room(&region, &[&author]).await;
    let same = said(&author, &room, "The refuge takes families", &json!({})).await;
    let word = said(&author, &room, "The shelter is full", &json!({})).await;
    settled(&region, &[&same, &word], &[]).await;
    let query = format!("shelter in:{room}");
    finds(&author, &query, &[&word, &same]).await;
    for mood in [
        Mood::Slow,
        Mood::Broken,
        Mood::Nonsense,
        Mood::Empty,
        Mood::Short,
        Mood::Longer,
        Mood::Elsewhere,
        Mood::Endless,
        Mood::Silent,
    ] {
        sleep(REST).await;
        service.is(mood);
        let before = service.asked().len();
        let begun = Instant::now();
        assert_eq!(best(&author, &query).await, std::slice::from_ref(&word), "{mood:?}");
        let took = begun.elapsed();
        assert!(took < Duration::from_secs(1), "{mood:?} took {took:?}");
        assert!(service.asked().len() > before, "{mood:?} was not asked");
        assert!(!service.asked().iter().any(|asked| asked.model == "along a redirect"));
        // While it rests nobody waits for it.
        let begun = Instant::now();
        assert_eq!(best(&author, &query).await, std::slice::from_ref(&word), "{mood:?}");
        assert!(begun.elapsed() < Duration::from_millis(140), "{mood:?} was waited for");
    }
    // What was said meanwhile waits, and is found once it is well.
    service.is(Mood::Broken);
    let late = said(&author, &room, "A safehouse by the lake", &json!({})).await;
    sleep(Duration::from_secs(5)).await;
    settled(&region, &[&same], &[&late]).await;
    service.is(Mood::Well);
    settled(&region, &[&late], &[]).await;
    best_of(&author, &query, 3).await;
    let log = region.said();
    assert!(log.contains("search by meaning waits for its service"), "{log}");
    assert!(!log.contains("safehouse") && !log.contains("shelter"), "nothing of what was sent is logged");
}

#[tokio::test]
async fn what_the_service_refuses_holds_nothing_else_up() {
    let service = Embedder::start().await;
    service.is(Mood::Picky);
    let region = Region::start(&service.settings("CLEAR")).expect("a region");
    let author = region.person("member.ro").await;
    let room = room(&region, &[&author]).await;
    let one = said(&author, &room, "The refuge takes families", &json!({})).await;
    let refused = said(&author, &room, "A poison for rats", &json!({})).await;
    let other = said(&author, &room, "A safehouse by the lake", &json!({})).await;
    settled(&region, &[&one, &other], &[&refused]).await;
    let times = service.heard().matches("poison").count();
    sleep(Duration::from_secs(5)).await;
    assert_eq!(service.heard().matches("poison").count(), times, "it isn't asked again and again");
}

#[tokio::test]
async fn what_changes_is_made_anew_and_what_goes_is_in_no_file() {
    let service = Embedder::start().await;
    let region = Region::start(&service.settings("CLEAR")).expect("a region");
    let author = region.person("member.ro").await;
    let room = room(&region, &[&author]).await;
    let long = "The refuge takes families with many children whose lorry stands by the quay since early morning hours";
    let message = said(&author, &room, long, &json!({})).await;
    let edited = said(&author, &room, "The attorney comes on Monday", &json!({})).await;
    settled(&region, &[&message, &edited], &[]).await;
    let query = |words: &str| format!("{words} in:{room}");
    finds(&author, &query("counsel"), &[&edited]).await;
    author.patch(&format!("/api/messages/{edited}"), json!({"body": "The truck comes on Monday"})).await.is(200);
    let was = stored(&region, &[&message]).remove(&message).expect("a vector");
    let begun = Instant::now();
    while !best(&author, &query("lorry")).await.contains(&edited) {
        assert!(begun.elapsed() < SOON, "the edited one is not found");
        sleep(Duration::from_millis(200)).await;
    }
    assert_eq!(best(&author, &query("counsel")).await, [] as [String; 0]);

    assert!(!holding(region.folder(), std::slice::from_ref(&was)).is_empty(), "the vector was stored to begin with");
    author.delete(&format!("/api/messages/{message}")).await.is(204);
    assert!(!best(&author, &query("shelter")).await.contains(&message));
    let begun = Instant::now();
    while !holding(region.folder(), std::slice::from_ref(&was)).is_empty() {
        assert!(begun.elapsed() < WITHIN, "its vector is still there");
        sleep(Duration::from_millis(500)).await;
    }
    run(region.folder(), &["verify"], None).expect("nothing lacks and nothing is too much");
    region.stop().expect("stopped");

    // Another model: all of them anew. Without a service: none.
    let serve = |model: &str| {
        let launch = Launch::egida(region.folder()).expect("built");
        let settings = service.settings("CLEAR").into_iter();
        settings
            .fold(launch, |launch, (name, value)| launch.environment(name, value))
            .environment("EGIDA_EMBEDDINGS_MODEL", model)
    };
    let server = serve("another").start().expect("it serves");
    let begun = Instant::now();
    while !service.asked().iter().any(|asked| asked.model == "another" && asked.texts.iter().any(|text| text.contains("truck"))) {
        assert!(begun.elapsed() < SOON, "not made anew");
        sleep(Duration::from_millis(100)).await;
    }
    settled(&region, &[&edited], &[]).await;
    drop(server);
    let before = service.asked().len();
    let server = serve("another").start().expect("it serves");
    sleep(Duration::from_secs(3)).await;
    assert_eq!(service.asked().len(), before, "what is there is not made twice");
    drop(server);
    let _server = Launch::egida(region.folder()).expect("built").start().expect("it serves");
    settled(&region, &[], &[&edited]).await;
}
