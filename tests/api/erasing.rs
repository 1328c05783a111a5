//! What is deleted is gone: from what people see, and from every file of the data folder.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use rusqlite::Connection;
use serde_json::json;
use support::region::{Client, Region, draft, items, text};
use support::server_process::{Launch, outcome, run};
use tokio::time::sleep;
use uuid::Uuid;

/// Within this long what was erased is in no file (safety controls, 19).
pub const WITHIN: Duration = Duration::from_mins(1);
/// Words that nothing else contains. The index keeps a word without what it shares with the one before it, so the ends are
/// looked for: whoever finds any longer end finds these six letters.
pub const CANARIES: [&str; 4] = ["zwergkanariqux", "plavikanarvyzk", "кафеавжълтокъж", "κίτρινοκαναρζξ"];

/// The files of a folder that hold any of these.
pub fn holding(folder: &Path, ends: &[Vec<u8>]) -> Vec<String> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("the data folder").flatten() {
        let bytes = fs::read(entry.path()).unwrap_or_default();
        for end in ends.iter().filter(|end| bytes.windows(end.len()).any(|window| window == &end[..])) {
            found.push(format!("{}: {}", entry.path().display(), String::from_utf8_lossy(end)));
        }
    }
    found
}

/// The last six letters of each canary, as they were written.
pub fn ends() -> Vec<Vec<u8>> {
    let end = |word: &str| word.chars().skip(word.chars().count() - 6).collect::<String>().into_bytes();
    CANARIES.iter().map(|word| end(word)).collect()
}

/// Waits until the journal of erasures names all of these.
pub async fn journalled(region: &Region, names: &[&str]) {
    let journal = region.folder().with_extension("erasures");
    let begun = Instant::now();
    while !fs::read_to_string(&journal).is_ok_and(|text| names.iter().all(|name| text.contains(name))) {
        assert!(begun.elapsed() < WITHIN, "not in {}", journal.display());
        sleep(Duration::from_millis(200)).await;
    }
}

/// Restores a backup of a region elsewhere, beside what lies beside its data folder now.
pub fn restore(region: &Region, backup: &Path, restored: &Path) {
    for kept_apart in ["erasures", "record-key", "factor-key"] {
        let file = region.folder().with_extension(kept_apart);
        if file.exists() {
            fs::copy(&file, restored.with_extension(kept_apart)).expect("it lies beside the data folder");
        }
    }
    run(restored, &["restore", backup.to_str().expect("text")], None).expect("restored");
}

#[tokio::test]
async fn what_is_deleted_is_found_in_no_file() {
    let region = Region::start(&[]).expect("a region");
    let (author, reader) = (region.person("member.ro").await, region.person("member.gr").await);
    let room = region.room("open", &[&author, &reader]).await;
    let said = author.say(&room, &CANARIES[..2].join(" ")).await;
    let message = format!("/api/messages/{}", text(&said["id"]));
    // Neighbours in the index with whom the words share their beginnings.
    let neighbour = reader.say(&room, "zwergkanari plavikanar кафеавжълт κίτρινοκαναρ").await;
    author.get("/api/search?q=zwergkanari").await.is(200);
    // Every wording is kept, and the answer to a request with a key.
    let mut edit = author.clone();
    edit.headers.push(("idempotency-key".into(), "an-edit-of-a-canary".into()));
    edit.patch(&message, json!({"body": CANARIES.join(" ")})).await.is(200);
    author.get("/api/search?q=zwergkanari").await.is(200);
    reader.post(&format!("/api/channels/{room}/messages"), quoting(&said["id"])).await.is(201);
    assert!(!holding(region.folder(), &ends()).is_empty(), "the canaries were stored to begin with");

    author.delete(&message).await.is(204);
    let begun = Instant::now();
    let left = loop {
        let left = holding(region.folder(), &ends());
        if left.is_empty() || begun.elapsed() > WITHIN {
            break left;
        }
        sleep(Duration::from_millis(500)).await;
    };
    assert!(left.is_empty(), "after {:?}: {left:#?}", begun.elapsed());

    let page = reader.get(&format!("/api/channels/{room}/messages")).await.is(200).to_string();
    assert!(CANARIES.iter().all(|word| !page.contains(word)), "{page}");
    assert!(page.contains(&text(&neighbour["id"])), "what was not deleted stays");
    let hits = reader.get("/api/search?q=zwergkanariqux").await.is(200);
    assert_eq!(hits["items"].as_array().map(Vec::len), Some(0), "{hits}");
    // Asked again with its key, the edit finds nothing to change and tells nothing.
    let again = edit.patch(&message, json!({"body": CANARIES.join(" ")})).await;
    assert_eq!(again.status, 404, "{}", again.text);
}

#[tokio::test]
async fn what_was_erased_does_not_come_back_with_a_backup() {
    let region = Region::start(&[]).expect("a region");
    let author = region.person("member.ro").await;
    let room = region.room("open", &[&author]).await;
    let gone = text(&author.say(&room, CANARIES[0]).await["id"]);
    let stays = text(&author.say(&room, "this one stays").await["id"]);
    let taken_back = begin(&author, &room, CANARIES[2], CANARIES[1]).await;
    let place = tempfile::tempdir().expect("a folder");
    let (backup, restored) = (place.path().join("region.db"), place.path().join("restored"));
    run(region.folder(), &["backup", backup.to_str().expect("text")], None).expect("a backup");
    author.delete(&format!("/api/messages/{gone}")).await.is(204);
    let younger = text(&author.say(&room, "said after the backup").await["id"]);
    let officer = region.person("dpo.region").await;
    let mut due = Vec::new();
    for (message, reason) in [(&taken_back, "elsewhere_system"), (&younger, "unsafe")] {
        let why = json!({"reason": reason, "note": "It belongs into a file"});
        author.post(&format!("/api/messages/{message}/retraction"), why).await.is(204);
        let clocks = officer.get("/api/moderation/breaches").await.is(200);
        due.push(items(&clocks).iter().map(|clock| text(&clock["due_at"])).max().expect("a clock"));
    }

    journalled(&region, &[&gone, " elsewhere_system\n", " unsafe "]).await;
    restore(&region, &backup, &restored);
    assert!(!holding(&restored, &ends()).is_empty(), "the backup holds it");
    let server = Launch::egida(&restored).expect("built").start().expect("it serves");
    let begun = Instant::now();
    while !holding(&restored, &ends()).is_empty() {
        assert!(begun.elapsed() < WITHIN, "{:#?}", holding(&restored, &ends()));
        sleep(Duration::from_millis(200)).await;
    }
    drop(server);
    let database = Connection::open(restored.join("egida.db")).expect("a database");
    let words = |id: &str| {
        let row = database
            .query_row("SELECT body, deleted_at FROM message WHERE id = ?1", [uuid(id)], |row| Ok((row.get(0)?, row.get(1)?)));
        row.map(|(body, deleted): (String, Option<i64>)| (body, deleted.is_some())).expect("a row")
    };
    assert_eq!(words(&gone), (String::new(), true));
    assert_eq!(words(&taken_back), (String::new(), true));
    assert_eq!(words(&stays), ("this one stays".into(), false));
    // The clocks that began after the backup run on as they did, to the second.
    let clock = |id: &str| {
        let sql = "SELECT reason, retracted_by, channel, strftime('%Y-%m-%dT%H:%M:%S', due_at / 1000000, 'unixepoch'),
            (SELECT count(*) FROM audit WHERE act = 'breach.begin_again' AND target = ?2)
            FROM breach WHERE message = ?1";
        let row = database.query_row(sql, rusqlite::params![uuid(id), format!("message:{id}")], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?))
        });
        row.expect("a clock")
    };
    let (place, nobody): (Option<Uuid>, Option<Uuid>) = (Some(uuid(&room)), None);
    assert_eq!(clock(&taken_back), ("elsewhere_system".to_owned(), nobody, place, due[0][..19].to_owned(), 1_i64));
    assert_eq!(clock(&younger), ("unsafe".to_owned(), nobody, None, due[1][..19].to_owned(), 1_i64));
    drop(database);
    let verified = outcome(&restored, &["verify"]).expect("it runs");
    assert_eq!(verified.code, Some(0), "{verified:?}");
}

fn uuid(id: &str) -> Uuid {
    id.parse().expect("an id")
}

/// Posts under a new topic: the message.
async fn begin(author: &Client, room: &str, title: &str, body: &str) -> String {
    let mut wish = draft(body);
    wish["new_topic"] = json!(title);
    text(&author.post(&format!("/api/channels/{room}/messages"), wish).await.is(201)["id"])
}

#[tokio::test]
async fn a_title_is_erased_with_the_message_that_began_its_topic() {
    let region = Region::start(&[]).expect("a region");
    let (author, reader) = (region.person("member.ro").await, region.person("member.gr").await);
    let moderator = region.person("moderator.region").await;
    let room = region.room("open", &[&author, &reader]).await;
    let topic_of = async |message: &str| text(&reader.get(&format!("/api/messages/{message}")).await.is(200)["topic"]);
    let [by_author, by_moderator, later_deleted] = [
        begin(&author, &room, CANARIES[0], "one").await,
        begin(&author, &room, CANARIES[2], "two").await,
        begin(&author, &room, "harmless", "three").await,
    ];
    let (first, third) = (topic_of(&by_author).await, topic_of(&later_deleted).await);
    let mut answer = draft("an answer");
    answer["topic"] = json!(first);
    let answer = text(&reader.post(&format!("/api/channels/{room}/messages"), answer).await.is(201)["id"]);
    // An earlier title, and the answer to the request that gave it.
    let mut rename = moderator.clone();
    rename.headers.push(("idempotency-key".into(), "a-title-of-a-canary".into()));
    rename.patch(&format!("/api/topics/{third}"), json!({"title": CANARIES[1]})).await.is(200);
    rename.patch(&format!("/api/topics/{third}"), json!({"title": CANARIES[1]})).await.is(200);
    moderator.patch(&format!("/api/topics/{third}"), json!({"title": CANARIES[3]})).await.is(200);
    assert!(!holding(region.folder(), &ends()).is_empty(), "the canaries were stored to begin with");

    let why = json!({"reason": "personal_data"});
    let mut screen = reader.live().await;
    author.post(&format!("/api/messages/{answer}/retraction"), why.clone()).await.refused(403, "forbidden");
    reader.post(&format!("/api/messages/{answer}/retraction"), why.clone()).await.is(204);
    let title = async |topic: &str| text(&reader.get(&format!("/api/topics/{topic}")).await.is(200)["title"]);
    assert_eq!(title(&first).await, CANARIES[0], "an answer began nothing");
    author.post(&format!("/api/messages/{by_author}/retraction"), why.clone()).await.is(204);
    let told = screen.next_of("topic").await.expect("a topic");
    assert_eq!((&told["topic"]["id"], &told["topic"]["title"]), (&json!(first), &json!("")));
    moderator.post(&format!("/api/messages/{by_moderator}/retraction"), why.clone()).await.is(204);
    // Deleted alone it keeps its title; taken back after that it doesn't.
    author.delete(&format!("/api/messages/{later_deleted}")).await.is(204);
    assert_eq!(title(&third).await, CANARIES[3]);
    author.post(&format!("/api/messages/{later_deleted}/retraction"), why).await.is(204);
    let begun = Instant::now();
    while !holding(region.folder(), &ends()).is_empty() {
        assert!(begun.elapsed() < WITHIN, "{:#?}", holding(region.folder(), &ends()));
        sleep(Duration::from_millis(500)).await;
    }
    let shown = reader.get(&format!("/api/channels/{room}/topics")).await.is(200).to_string();
    let missed = reader.get("/api/missed").await.is(200).to_string();
    assert!(CANARIES.iter().all(|word| !shown.contains(word) && !missed.contains(word)), "{shown} {missed}");

    // The topics go on, one of them under another title; the titles can be taken again.
    assert_eq!((title(&first).await, title(&third).await), (String::new(), String::new()));
    moderator.patch(&format!("/api/topics/{third}"), json!({"countries": ["RO"]})).await.is(200);
    moderator.patch(&format!("/api/topics/{first}"), json!({"title": "About the harbour"})).await.is(200);
    assert_eq!(title(&first).await, "About the harbour");
    let found = reader.get(&format!("/api/channels/{room}/topics?q={third}")).await.is(200);
    assert_eq!(found["items"], json!([]), "nothing stands in place of a title");
    region.stop().expect("stopped");
    let verified = outcome(region.folder(), &["verify"]).expect("it runs");
    assert_eq!(verified.code, Some(0), "{verified:?}");
}

#[tokio::test]
async fn what_somebody_acknowledged_and_asked_for_is_erased_with_a_message() {
    let region = Region::start(&[]).expect("a region");
    let (author, reader) = (region.person("member.ro").await, region.person("member.gr").await);
    let room = region.room("open", &[&author, &reader]).await;
    let mut wish = draft("with a restriction");
    (wish["handling"], wish["restriction"], wish["ref"]) = (json!(["h3"]), json!(CANARIES.join(" ")), json!(null));
    let keyed = author.with("idempotency-key", "a-post-of-a-canary");
    let id = text(&keyed.post(&format!("/api/channels/{room}/messages"), wish).await.is(201)["id"]);
    let in_person = region.signed_in("member.gr").await;
    in_person.post(&format!("/api/messages/{id}/acknowledgement"), json!({})).await.is(204);
    assert!(!holding(region.folder(), &ends()).is_empty(), "the canaries were stored to begin with");
    author.delete(&format!("/api/messages/{id}")).await.is(204);
    let begun = Instant::now();
    while !holding(region.folder(), &ends()).is_empty() {
        assert!(begun.elapsed() < WITHIN, "{:#?}", holding(region.folder(), &ends()));
        sleep(Duration::from_millis(500)).await;
    }
    region.stop().expect("stopped");
    let database = Connection::open(region.folder().join("egida.db")).expect("a database");
    let kept: Option<Vec<u8>> =
        database.query_row("SELECT request FROM message WHERE id = ?1", [uuid(&id)], |row| row.get(0)).expect("a row");
    assert_eq!(kept, None, "its words could be guessed by the hash of the request");
}

fn quoting(message: &serde_json::Value) -> serde_json::Value {
    let mut quoting = draft("as was said");
    quoting["quote"] = message.clone();
    quoting
}
