//! Studies, and what becomes of their recommendations.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use support::region::{Client, Region, items, text};

const STUDIES: &str = "/api/studies";
const ADVICE: &str = "/api/recommendations";
/// What the guard takes for somebody's.
const NUMBER: &str = "0101901710008";
const NOBODY: &str = "01900000-0000-7000-8000-000000000000";

fn wish(title: &str) -> Value {
    json!({"title": title, "summary": "What was found", "language": "en", "countries": ["RO"], "themes": ["forced-begging"],
        "year": 2026, "publisher": "An institute"})
}

fn with(mut wish: Value, more: Value) -> Value {
    let Value::Object(more) = more else { panic!("fields") };
    for (name, value) in more {
        wish[name] = value;
    }
    wish
}

async fn enter(client: &Client, wish: Value) -> String {
    text(&client.post(STUDIES, wish).await.is(201)["id"])
}

async fn advise(client: &Client, study: &str, advice: Value) -> String {
    text(&client.post(&format!("{STUDIES}/{study}/recommendations"), advice).await.is(201)["id"])
}

/// The organisation that somebody works for.
async fn house(client: &Client) -> String {
    text(&client.get(&format!("/api/people/{}", client.id)).await.is(200)["organisation_id"])
}

async fn titles(client: &Client, query: &str) -> Vec<String> {
    items(&client.get(&format!("{STUDIES}{query}")).await.is(200)).iter().map(|study| text(&study["title"])).collect()
}

fn day(in_days: i64) -> String {
    (Timestamp::now() + SignedDuration::from_hours(24 * in_days)).strftime("%F").to_string()
}

#[tokio::test]
async fn a_study_is_shown_with_what_it_recommends_and_what_is_due_comes_first() {
    let region = Region::shared();
    let (author, owner) = (region.person("member.ro").await, region.person("member.gr").await);
    let id = enter(&author, with(wish("On the way"), json!({"link": "https://study.example/a"}))).await;
    let theirs = house(&owner).await;
    advise(&author, &id, json!({"text": "Some day"})).await;
    advise(&author, &id, json!({"text": "Soon", "owner": theirs, "due": day(30)})).await;
    advise(&author, &id, json!({"text": "Long ago", "owner": theirs, "due": day(-2), "note": "It waits"})).await;
    let shown = owner.get(&format!("{STUDIES}/{id}")).await.is(200);
    assert_eq!((&shown["publisher"], &shown["file"], &shown["marking"]), (&json!("An institute"), &Value::Null, &json!("green")));
    assert_eq!((&shown["recommendations"], &shown["waiting"]), (&json!(3), &json!(3)));
    let advice: Vec<_> =
        shown["advice"].as_array().expect("a list").iter().map(|one| (text(&one["text"]), one["overdue"] == true)).collect();
    assert_eq!(advice, [("Long ago".into(), true), ("Soon".into(), false), ("Some day".into(), false)]);
    assert_eq!(shown["advice"][0]["owner"], json!({"id": theirs, "name": "Ομάδα Δίωξης Εμπορίας Ανθρώπων «Βορράς»"}));
    assert_eq!(shown["advice"][0]["can"], json!({"change": false, "settle": true}));
}

#[tokio::test]
async fn what_can_not_be_kept_is_refused_with_why() {
    let region = Region::shared();
    let author = region.person("labour.al").await;
    for (change, code) in [
        (json!({"title": ""}), "title_invalid"),
        (json!({"year": 12}), "year_invalid"),
        (json!({"language": "de"}), "language_unknown"),
        (json!({"countries": ["FR"]}), "tag_unknown"),
        (json!({"publisher": " "}), "text_invalid"),
        (json!({"link": "ftp://a.example"}), "link_invalid"),
        (json!({"marking": "red"}), "marking_unknown"),
        (json!({"summary": format!("JMBG {NUMBER}")}), "personal_data"),
    ] {
        author.post(STUDIES, with(wish("A study"), change)).await.refused(422, code);
    }
    let id = enter(&author, wish("A study of labour")).await;
    let path = format!("{STUDIES}/{id}/recommendations");
    for (advice, code) in [
        (json!({"text": " "}), "text_invalid"),
        (json!({"text": "Do", "due": "2026-02-30"}), "day_invalid"),
        (json!({"text": "Do", "owner": NOBODY}), "organisation_unknown"),
        (json!({"text": format!("JMBG {NUMBER}")}), "personal_data"),
        (json!({"text": "Do", "note": format!("JMBG {NUMBER}")}), "personal_data"),
    ] {
        author.post(&path, advice).await.refused(422, code);
    }
    author.get(&format!("{ADVICE}?state=lost")).await.refused(400, "bad_request");
    for who in ["pending.ro", "expired.gr"] {
        let outsider = region.person(who).await;
        for list in [STUDIES, ADVICE] {
            outsider.get(list).await.refused(403, "not_confirmed");
        }
        outsider.post(STUDIES, wish("No")).await.refused(403, "not_confirmed");
        outsider.get(&format!("{STUDIES}/{id}")).await.refused(404, "not_found");
    }
}

#[tokio::test]
async fn a_study_is_changed_by_its_own_people_alone() {
    let region = Region::shared();
    let (author, other) = (region.person("forensic.rs").await, region.person("ngo.mk").await);
    let id = enter(&author, with(wish("As entered"), json!({"countries": ["RS"]}))).await;
    let path = format!("{STUDIES}/{id}");
    let change = with(wish("As changed"), json!({"countries": ["RS"], "marking": "clear", "revision": 0}));
    for who in [&other, &region.person("moderator.rs").await, &region.person("moderator.region").await] {
        who.put_json(&path, change.clone()).await.refused(403, "forbidden");
        who.post(&format!("{path}/recommendations"), json!({"text": "Mine"})).await.refused(403, "forbidden");
    }
    assert_eq!(author.put_json(&path, change.clone()).await.is(200)["title"], "As changed");
    author.put_json(&path, change).await.refused(409, "conflict");
    let record = region.person("auditor.region").await.get("/api/record?act=study.&limit=100").await.is(200);
    let row = items(&record).iter().find(|row| row["target"]["id"] == id.as_str()).expect("a row");
    assert_eq!((&row["act"], &row["detail"]), (&json!("study.lower"), &json!("from=green to=clear")));
    let advice = advise(&author, &id, json!({"text": "As entered"})).await;
    other.put_json(&format!("{ADVICE}/{advice}"), json!({"text": "Mine"})).await.refused(403, "forbidden");
    let changed =
        author.put_json(&format!("{ADVICE}/{advice}"), json!({"text": "As changed", "due": "2027-01-31"})).await.is(200);
    assert_eq!(
        (&changed["text"], &changed["due"], &changed["state"]),
        (&json!("As changed"), &json!("2027-01-31"), &json!("open"))
    );
}

#[tokio::test]
async fn those_it_is_for_and_those_who_look_after_it_say_how_far_a_recommendation_has_come() {
    let region = Region::shared();
    let (author, owner, other) =
        (region.person("lawyer.md").await, region.person("guardian.hr").await, region.person("teacher.xk").await);
    let id = enter(&author, with(wish("Who does what"), json!({"countries": ["MD"]}))).await;
    let advice = advise(&author, &id, json!({"text": "Do it", "owner": house(&owner).await, "due": day(-1)})).await;
    let path = format!("{ADVICE}/{advice}/state");
    let step = |state: &str, note: &str| json!({"state": state, "note": note});
    for who in [&author, &other, &region.person("moderator.hr").await, &region.person("member.gr").await] {
        who.put_json(&path, step("done", "")).await.refused(403, "forbidden");
    }
    let begun = owner.put_json(&path, step("in_progress", "Two of five rooms")).await.is(200);
    assert_eq!(
        (&begun["state"], &begun["said"], &begun["overdue"]),
        (&json!("in_progress"), &json!("Two of five rooms"), &json!(true))
    );
    let keeper = region.person("moderator.md").await;
    keeper.put_json(&path, step("rejected", " ")).await.refused(422, "reason_missing");
    keeper.put_json(&path, step("rejected", &format!("JMBG {NUMBER}"))).await.refused(422, "personal_data");
    let rejected = keeper.put_json(&path, step("rejected", "There is a law against it")).await.is(200);
    assert_eq!((&rejected["state"], &rejected["overdue"]), (&json!("rejected"), &json!(false)));
    owner.put_json(&path, step("done", "")).await.is(200);
    let history = other.get(&format!("{ADVICE}/{advice}/history")).await.is(200);
    let told: Vec<_> =
        items(&history).iter().map(|past| (text(&past["state"]), text(&past["by"]), text(&past["note"]))).collect();
    let expected = [
        ("done", &owner.id, ""),
        ("rejected", &keeper.id, "There is a law against it"),
        ("in_progress", &owner.id, "Two of five rooms"),
        ("open", &author.id, ""),
    ];
    assert_eq!(told, expected.map(|(state, by, note)| (state.to_owned(), by.clone(), note.to_owned())));
    let record = region.person("auditor.region").await.get("/api/record?act=recommendation.&limit=100").await.is(200);
    let rows: Vec<_> = items(&record).iter().filter(|row| row["target"]["id"] == advice.as_str()).collect();
    assert_eq!(rows.len(), 1, "a power is recorded, one's own work isn't: {rows:?}");
    assert_eq!((&rows[0]["actor"]["id"], &rows[0]["detail"]), (&json!(keeper.id), &json!("from=in_progress to=rejected")));
}

#[tokio::test]
async fn a_strict_study_is_for_its_house_and_for_those_it_recommends_something_to() {
    let region = Region::shared();
    let (author, colleague) = (region.person("auditor.region").await, region.person("dpo.region").await);
    let (owner, stranger) = (region.person("judge.hr").await, region.person("police.mk").await);
    for (marking, for_owner) in [("amber", true), ("amber+strict", false)] {
        let title = format!("Marked {marking}");
        let id = enter(&author, with(wish(&title), json!({"marking": marking, "countries": ["AL"]}))).await;
        let advice = advise(&author, &id, json!({"text": title, "owner": house(&owner).await})).await;
        let absent = stranger.get(&format!("{STUDIES}/{NOBODY}")).await;
        for (who, reads) in [
            (&author, true),
            (&colleague, true),
            (&owner, for_owner),
            (&stranger, false),
            (&region.person("moderator.al").await, true),
        ] {
            assert_eq!(who.get(&format!("{STUDIES}/{id}")).await.status, if reads { 200 } else { 404 }, "{marking}");
            assert_eq!(titles(who, "?country=AL&limit=100").await.contains(&title), reads, "{marking}");
            let all = who.get(&format!("{ADVICE}?country=AL&limit=100")).await.is(200);
            assert_eq!(items(&all).iter().any(|one| one["id"] == advice.as_str()), reads, "{marking}");
        }
        for hidden in [
            stranger.get(&format!("{STUDIES}/{id}")).await,
            stranger.get(&format!("{ADVICE}/{advice}/history")).await,
            stranger.put_json(&format!("{ADVICE}/{advice}/state"), json!({"state": "done"})).await,
            stranger.put_json(&format!("{ADVICE}/{advice}"), json!({"text": "t"})).await,
        ] {
            assert_eq!((hidden.status, &hidden.text), (404, &absent.text));
        }
    }
}

#[tokio::test]
async fn recommendations_are_narrowed_down_and_come_page_by_page() {
    let region = Region::shared();
    let (author, owner) = (region.person("finance.me").await, region.person("psychologist.bg").await);
    let theirs = house(&owner).await;
    let id = enter(&author, with(wish("Much to do"), json!({"countries": ["ME"], "themes": ["studies-training"]}))).await;
    let mut ids = Vec::new();
    for (n, due) in [(1, Some(day(-9))), (2, Some(day(-3))), (3, Some(day(5))), (4, None)] {
        ids.push(advise(&author, &id, json!({"text": format!("Number {n}"), "owner": theirs, "due": due})).await);
    }
    owner.put_json(&format!("{ADVICE}/{}/state", ids[0]), json!({"state": "done"})).await.is(200);
    let found = async |query: &str| {
        let list = author.get(&format!("{ADVICE}?owner={theirs}&country=ME&theme=studies-training{query}")).await.is(200);
        let numbers: Vec<_> =
            items(&list).iter().filter(|one| one["study"] == id.as_str()).map(|one| text(&one["text"])).collect();
        (numbers, list["next"].as_str().map(ToOwned::to_owned))
    };
    let numbers = |numbers: &[i32]| numbers.iter().map(|n| format!("Number {n}")).collect::<Vec<_>>();
    assert_eq!(found("&limit=100").await.0, numbers(&[1, 2, 3, 4]));
    assert_eq!(found("&overdue=true").await.0, numbers(&[2]));
    assert_eq!(found("&state=done").await.0, numbers(&[1]));
    let own = owner.get(&format!("{ADVICE}?mine=true&limit=100")).await.is(200);
    assert!(items(&own).iter().all(|one| one["owner"]["id"] == theirs.as_str()) && items(&own).len() >= 4, "{own}");
    assert_eq!(found("&state=open").await.0, numbers(&[2, 3, 4]));
    let (first, next) = found("&state=open&limit=2").await;
    let next = next.expect("a next page");
    assert_eq!((first, found(&format!("&state=open&limit=2&cursor={next}")).await.0), (numbers(&[2, 3]), numbers(&[4])));
}

#[tokio::test]
async fn studies_are_found_by_what_they_recommend() {
    let region = Region::shared();
    let (author, reader) = (region.person("igo.region").await, region.person("asylum.gr").await);
    let id = enter(&author, with(wish("Pelicans counted"), json!({"year": 2019}))).await;
    advise(&author, &id, json!({"text": "Count the flamingos as well"})).await;
    assert_eq!(titles(&reader, "?q=flamingo").await, ["Pelicans counted"]);
    assert_eq!(titles(&reader, "?q=flamingo&year=2020").await, Vec::<String>::new());
    assert_eq!(titles(&reader, "?q=pelican&language=en&year=2019").await, ["Pelicans counted"]);
    let answer = reader.get("/api/search?q=flamingo").await.is(200);
    assert!(answer["things"].as_array().expect("things").iter().any(|thing| thing["id"] == id.as_str()), "{answer}");
    reader.get(&format!("{STUDIES}?q={NUMBER}")).await.refused(422, "personal_data");
}

#[tokio::test]
async fn the_document_of_a_study_is_for_those_who_may_read_it() {
    let region = Region::shared();
    let (author, reader, stranger) =
        (region.person("rarc").await, region.person("ais.tirana").await, region.person("asylum.gr").await);
    let file = author.file("study.txt", b"What was found, in full").await;
    stranger.post(STUDIES, with(wish("Not mine"), json!({"file": file}))).await.refused(422, "attachment_unusable");
    assert!(!titles(&stranger, "?limit=100").await.contains(&"Not mine".to_owned()), "nothing is stored of it");
    let id = enter(&author, with(wish("With a document"), json!({"file": file, "marking": "amber"}))).await;
    let advice = json!({"text": "Read it", "owner": house(&reader).await});
    advise(&author, &id, advice).await;
    let shown = reader.get(&format!("{STUDIES}/{id}")).await.is(200);
    assert_eq!((&shown["file"], &shown["document"]["name"]), (&json!(file), &json!("study.txt")));
    let content = format!("/api/files/{file}/content");
    assert_eq!((reader.get(&content).await.status, stranger.get(&content).await.status), (200, 404));
    let other = author.file("second.txt", b"Another edition").await;
    let change = with(wish("With a document"), json!({"file": other, "marking": "amber", "revision": 0}));
    let changed = author.put_json(&format!("{STUDIES}/{id}"), change).await.is(200);
    assert_eq!(changed["document"]["name"], "second.txt");
    author.get(&content).await.refused(404, "not_found");
}

#[tokio::test]
async fn the_demo_has_studies_with_recommendations_that_are_due() {
    let region = Region::shared();
    let reader = region.person("rarc").await;
    assert!(titles(&reader, "?limit=100").await.len() >= 8);
    let overdue = reader.get(&format!("{ADVICE}?overdue=true&limit=100")).await.is(200);
    assert!(items(&overdue).len() >= 2 && items(&overdue).iter().all(|one| one["owner"].is_object()), "{overdue}");
}
