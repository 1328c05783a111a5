//! Exercises: who starts them, who finds their way into them, what is left of them.

use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use support::region::{Client, Region, items, text};
use support::server_process::outcome;
use tokio::time::sleep;

use crate::erasing::{CANARIES, WITHIN, ends, holding};

const EXERCISES: &str = "/api/exercises";
/// What the guard takes for somebody's.
const NUMBER: &str = "0101901710008";
const HOUR: i64 = 3_600;
const NOBODY: &str = "01900000-0000-7000-8000-000000000000";

fn wish(title: &str, people: &[&Client]) -> Value {
    let ends = Timestamp::now() + SignedDuration::from_hours(5);
    let people: Vec<&str> = people.iter().map(|person| person.id.as_str()).collect();
    json!({"title": title, "scenario": "Two children on a bus", "language": "en", "country": "RO", "people": people,
        "ends_at": ends.to_string()})
}

async fn start(leader: &Client, title: &str, people: &[&Client]) -> (String, Vec<String>) {
    let id = text(&leader.post(EXERCISES, wish(title, people)).await.is(201)["id"]);
    let rooms = leader.get(&path(&id)).await.is(200);
    (id, rooms["rooms"].as_array().expect("rooms").iter().map(|room| text(&room["id"])).collect())
}

fn path(id: &str) -> String {
    format!("{EXERCISES}/{id}")
}

/// Waits until everything in an exercise is erased.
async fn wiped(client: &Client, id: &str) -> Value {
    let begun = Instant::now();
    loop {
        let shown = client.get(&path(id)).await.is(200);
        if shown["state"] == "ended" {
            return shown;
        }
        assert!(begun.elapsed() < WITHIN, "{shown}");
        sleep(Duration::from_millis(100)).await;
    }
}

#[tokio::test]
async fn who_moderates_a_scope_starts_an_exercise_and_its_people_alone_find_into_it() {
    let region = Region::shared();
    let (leader, one) = (region.person("moderator.ro").await, region.person("labour.al").await);
    let outsider = region.person("asylum.gr").await;
    for who in ["member.ro", "moderator.rs", "social.ro", "admin", "editor.region", "auditor.region"] {
        region.person(who).await.post(EXERCISES, wish("No", &[])).await.refused(403, "forbidden");
    }
    region.person("pending.ro").await.post(EXERCISES, wish("No", &[])).await.refused(403, "not_confirmed");
    for (change, code) in [
        (json!({"title": " "}), "title_invalid"),
        (json!({"scenario": ""}), "text_invalid"),
        (json!({"language": "ro"}), "language_unknown"),
        (json!({"ends_at": "soon"}), "time_invalid"),
        (json!({"ends_at": "2020-01-01T00:00:00Z"}), "exercise_length"),
        (json!({"scenario": format!("JMBG {NUMBER}")}), "personal_data"),
        (json!({"people": [region.person("pending.ro").await.id]}), "person_not_confirmed"),
    ] {
        let mut wish = wish("An exercise", &[&one]);
        for (name, value) in change.as_object().expect("fields") {
            wish[name] = value.clone();
        }
        leader.post(EXERCISES, wish).await.refused(422, code);
    }
    let (id, rooms) = start(&leader, "Market day", &[&one]).await;
    assert_eq!(rooms.len(), 3);
    for room in &rooms {
        let seen = one.get(&format!("/api/channels/{room}")).await.is(200);
        assert_eq!((&seen["exercise"], &seen["kind"], &seen["can"]["post"]), (&json!(id), &json!("closed"), &json!(true)));
        assert!(text(&seen["name"]["en"]).starts_with("EXERCISE · ") && text(&seen["name"]["fr"]).starts_with("EXERCICE · "));
        let said = one.get(&format!("/api/channels/{room}/messages")).await.is(200);
        assert!(!items(&said).is_empty());
        assert!(items(&said).iter().all(|message| text(&message["body"]).starts_with("**EXERCISE, fictitious**")), "{said}");
        outsider.get(&format!("/api/channels/{room}")).await.refused(404, "not_found");
    }
    // What is known of it, and by whom.
    let absent = outsider.get(&path(NOBODY)).await;
    for who in [&outsider, &region.person("moderator.rs").await, &region.person("admin").await] {
        for hidden in [
            who.get(&path(&id)).await,
            who.put(&format!("{}/end", path(&id))).await,
            who.put(&format!("{}/people/{}", path(&id), outsider.id)).await,
            who.post(&format!("{}/lessons", path(&id)), json!({"kind": "lesson", "text": "t"})).await,
        ] {
            assert_eq!((hidden.status, &hidden.text), (404, &absent.text));
        }
        assert!(!items(&who.get(EXERCISES).await.is(200)).iter().any(|one| one["id"] == id.as_str()));
    }
    // Who looks after it without taking part is told so.
    for (who, takes_part) in [(&one, true), (&leader, true), (&region.person("moderator.region").await, false)] {
        let list = who.get(EXERCISES).await.is(200);
        let shown = items(&list).iter().find(|one| one["id"] == id.as_str()).expect("it is listed");
        assert_eq!(shown["takes_part"], takes_part);
    }
    one.put(&format!("{}/end", path(&id))).await.refused(403, "forbidden");
    one.put(&format!("{}/people/{}", path(&id), outsider.id)).await.refused(403, "forbidden");
    // Somebody comes later.
    leader.put(&format!("{}/people/{}", path(&id), outsider.id)).await.is(204);
    assert_eq!(outsider.get(&path(&id)).await.is(200)["rooms"].as_array().map(Vec::len), Some(3));
    outsider.say(&rooms[0], "I come later").await;
}

#[tokio::test]
async fn what_is_said_in_an_exercise_is_found_and_counted_by_its_people_alone() {
    let region = Region::shared();
    let (leader, one) = (region.person("moderator.bg").await, region.person("psychologist.bg").await);
    let mut wish = wish("Counting herons", &[&one]);
    (wish["country"], wish["theme"]) = (json!("BG"), json!("forced-labour"));
    let id = text(&leader.post(EXERCISES, wish).await.is(201)["id"]);
    let room = text(&leader.get(&path(&id)).await.is(200)["rooms"][0]["id"]);
    let (topic, _) = one.begin(&room, "Schwarzstorch topic", "schwarzstorch over the delta").await;
    let found = async |client: &Client| {
        let answer = client.get("/api/search?q=schwarzstorch").await.is(200);
        (items(&answer).len(), answer["things"].as_array().map_or(0, Vec::len))
    };
    assert_eq!(found(&one).await, (1, 1));
    // They look after it and may read it; but it is no work of theirs.
    let keeper = region.person("moderator.region").await;
    assert_eq!(keeper.get(&format!("/api/channels/{room}/messages")).await.status, 200);
    assert_eq!(found(&keeper).await, (0, 0));
    let cells = async |client: &Client| {
        let grid = client.get("/api/grid").await.is(200);
        let cell = grid["cells"]
            .as_array()
            .expect("cells")
            .iter()
            .find(|cell| cell["country"] == "BG" && cell["theme"] == "forced-labour")
            .cloned();
        cell.map(|cell| (cell["topics"].clone(), cell["channel"].clone()))
    };
    let before = cells(&keeper).await;
    leader.patch(&format!("/api/topics/{topic}"), json!({"countries": ["BG"], "themes": ["forced-labour"]})).await.is(200);
    assert_eq!(cells(&keeper).await, before, "no cell counts it");
    assert!(before.is_none_or(|(_, channel)| channel != room.as_str()));
    // Nothing leaves its rooms, nothing comes in, and nobody opens them.
    let elsewhere = region.room_of("moderator.bg", &json!({"kind": "closed", "country": "BG"}), &[&one]).await;
    leader.patch(&format!("/api/topics/{topic}"), json!({"channel": elsewhere})).await.refused(409, "exercise_room");
    let (real, _) = one.begin(&elsewhere, "Real work", "real work").await;
    leader.patch(&format!("/api/topics/{real}"), json!({"channel": room})).await.refused(409, "exercise_room");
    leader.patch(&format!("/api/channels/{room}"), json!({"kind": "open"})).await.refused(409, "exercise_room");
}

#[tokio::test]
async fn at_the_end_everything_is_erased_and_a_page_remains() {
    let region = Region::start(&[]).expect("a region");
    let (leader, one, other) =
        (region.person("moderator.ro").await, region.person("labour.al").await, region.person("judge.hr").await);
    let (id, rooms) = start(&leader, "To be wiped", &[&one, &other]).await;
    let words = CANARIES.join(" ");
    one.begin(&rooms[0], CANARIES[1], &words).await;
    let edited = text(&other.say(&rooms[1], "first wording").await["id"]);
    other.patch(&format!("/api/messages/{edited}"), json!({"body": words})).await.is(200);
    one.get(&format!("/api/search?q={}", CANARIES[0])).await.is(200);
    // What the guard holds waits for a moderator, sealed.
    let held = one.post(&format!("/api/channels/{}/messages", rooms[2]), support::region::draft(&format!("JMBG {NUMBER}"))).await;
    assert_eq!(held.status, 202, "{}", held.text);
    for (who, kind, line) in
        [(&one, "decision", "The guardian is called first"), (&other, "lesson", "Ask for the interpreter at once")]
    {
        who.post(&format!("{}/lessons", path(&id)), json!({"kind": kind, "text": line})).await.is(201);
    }
    one.post(&format!("{}/lessons", path(&id)), json!({"kind": "lesson", "text": format!("JMBG {NUMBER}")}))
        .await
        .refused(422, "personal_data");
    assert!(!holding(region.folder(), &ends()).is_empty(), "the canaries were stored to begin with");
    let mut window = one.live().await;

    leader.put(&format!("{}/end", path(&id))).await.is(204);
    let late = one.post(&format!("/api/channels/{}/messages", rooms[0]), support::region::draft("too late")).await;
    assert!(matches!(late.status, 403 | 404), "{}", late.text);
    leader.put(&format!("{}/end", path(&id))).await.refused(409, "exercise_over");
    let shown = wiped(&one, &id).await;
    let gone = window.next_of("membership").await.expect("told");
    assert_eq!(gone["member"], false);
    assert_eq!((&shown["messages"], &shown["writers"], &shown["people_count"]), (&json!(7), &json!(3), &json!(3)));
    assert!(shown["wiped_at"].is_string() && shown["rooms"] == json!([]));
    let lessons: Vec<_> =
        shown["lessons"].as_array().expect("lessons").iter().map(|line| (text(&line["kind"]), text(&line["text"]))).collect();
    assert_eq!(
        lessons,
        [("decision".into(), "The guardian is called first".into()), ("lesson".into(), "Ask for the interpreter at once".into())]
    );
    // Its people write on afterwards; its rooms are there for nobody.
    one.post(&format!("{}/lessons", path(&id)), json!({"kind": "lesson", "text": "And once more"})).await.is(201);
    let absent = leader.get(&format!("/api/channels/{NOBODY}")).await.text;
    for who in [&leader, &one, &region.person("moderator.region").await, &region.person("admin").await] {
        for room in &rooms {
            assert_eq!(who.get(&format!("/api/channels/{room}")).await.text, absent);
            assert_eq!(who.get(&format!("/api/channels/{room}/messages")).await.text, absent);
        }
        let list = who.get("/api/channels").await.is(200);
        assert!(!items(&list).iter().any(|channel| channel["exercise"] == id.as_str()));
        who.get("/api/missed").await.is(200);
    }
    assert_eq!(one.get(&format!("/api/messages/{edited}")).await.status, 404);
    let begun = Instant::now();
    let left = loop {
        let left = holding(region.folder(), &ends());
        if left.is_empty() || begun.elapsed() > WITHIN {
            break left;
        }
        sleep(Duration::from_millis(500)).await;
    };
    assert!(left.is_empty(), "after {:?}: {left:#?}", begun.elapsed());
    let record = region.person("auditor.region").await.get("/api/record?act=exercise.&limit=100").await.is(200);
    let acts: Vec<_> =
        items(&record).iter().filter(|row| row["target"]["id"] == id.as_str()).map(|row| text(&row["act"])).collect();
    assert_eq!(acts, ["exercise.wipe", "exercise.end", "exercise.start"]);
    region.stop().expect("stopped");
    let verified = outcome(region.folder(), &["verify"]).expect("it runs");
    assert_eq!(verified.code, Some(0), "{verified:?}");
}

#[tokio::test]
async fn an_exercise_ends_by_its_date() {
    let region = Region::start_with_clock().expect("a region");
    let (leader, one) = (region.person("moderator.ro").await, region.person("labour.al").await);
    let (id, rooms) = start(&leader, "Until this evening", &[&one]).await;
    one.say(&rooms[0], "still here").await;
    region.advance(4 * HOUR).await;
    sleep(Duration::from_secs(3)).await;
    assert_eq!(one.get(&path(&id)).await.is(200)["state"], "running");
    region.advance(HOUR).await;
    let shown = wiped(&one, &id).await;
    assert_eq!((&shown["messages"], &shown["can"]["write"]), (&json!(6), &json!(true)));
    one.get(&format!("/api/channels/{}", rooms[0])).await.refused(404, "not_found");
}

#[tokio::test]
async fn a_server_that_is_killed_while_it_wipes_goes_on() {
    let region = Region::start(&[("EGIDA_LIMITS_POSTS_BURST", "100000")]).expect("a region");
    let (leader, one) = (region.person("moderator.ro").await, region.person("labour.al").await);
    let (id, rooms) = start(&leader, "Killed meanwhile", &[&one]).await;
    for n in 0..1_500 {
        one.say(&rooms[n % 3], &format!("{} {n}", CANARIES[0])).await;
    }
    leader.put(&format!("{}/end", path(&id))).await.is(204);
    // It is killed while it erases: some is gone, and not all.
    let begun = Instant::now();
    let left = loop {
        let left = still_said(region.folder());
        if left < 1_490 {
            break left;
        }
        assert!(begun.elapsed() < WITHIN, "{left}");
        sleep(Duration::from_millis(5)).await;
    };
    region.kill().expect("killed");
    assert!(left > 0 && still_said(region.folder()) > 0, "it was killed in time");
    let region = region.started_again().expect("served again");
    let one = region.person("labour.al").await;
    let shown = wiped(&one, &id).await;
    assert_eq!((&shown["messages"], &shown["rooms"]), (&json!(1_505), &json!([])));
    assert_eq!(still_said(region.folder()), 0);
    region.stop().expect("stopped");
    let verified = outcome(region.folder(), &["verify"]).expect("it runs");
    assert_eq!(verified.code, Some(0), "{verified:?}");
}

/// How many messages with the first canary stand in storage.
fn still_said(folder: &std::path::Path) -> i64 {
    let storage = rusqlite::Connection::open(folder.join("egida.db")).expect("storage");
    let sql = format!("SELECT count(*) FROM message WHERE body LIKE '{}%'", CANARIES[0]);
    storage.query_row(&sql, [], |row| row.get(0)).expect("a number")
}

#[tokio::test]
async fn the_demo_has_an_exercise_that_runs() {
    let region = Region::shared();
    let one = region.person("judge.hr").await;
    let list = one.get(EXERCISES).await.is(200);
    let shown = items(&list).iter().find(|each| text(&each["title"]).starts_with("Market day: two")).expect("the demo's");
    assert_eq!((&shown["state"], &shown["people_count"]), (&json!("running"), &json!(6)));
}
