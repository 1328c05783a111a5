//! What is deleted is gone: from what people see, and from every file of the data folder.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use rusqlite::Connection;
use serde_json::json;
use support::region::{Region, draft, text};
use support::server_process::{Launch, outcome, run};
use tokio::time::sleep;
use uuid::Uuid;

/// Within this long what was erased is in no file (safety controls, 19).
const WITHIN: Duration = Duration::from_mins(1);
/// Words that nothing else contains. The index keeps a word without what it shares with the one before it, so the ends are
/// looked for: whoever finds any longer end finds these six letters.
const CANARIES: [&str; 4] = ["zwergkanariqux", "plavikanarvyzk", "кафеавжълтокъж", "κίτρινοκαναρζξ"];

/// The files of a folder that hold any of these.
fn holding(folder: &Path, ends: &[Vec<u8>]) -> Vec<String> {
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
fn ends() -> Vec<Vec<u8>> {
    let end = |word: &str| word.chars().skip(word.chars().count() - 6).collect::<String>().into_bytes();
    CANARIES.iter().map(|word| end(word)).collect()
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
    let [gone, stays] =
        [author.say(&room, CANARIES[0]).await, author.say(&room, "this one stays").await].map(|said| text(&said["id"]));
    let place = tempfile::tempdir().expect("a folder");
    let (backup, restored) = (place.path().join("region.db"), place.path().join("restored"));
    run(region.folder(), &["backup", backup.to_str().expect("text")], None).expect("a backup");
    author.delete(&format!("/api/messages/{gone}")).await.is(204);

    let journal = region.folder().with_extension("erasures");
    let begun = Instant::now();
    while !fs::read_to_string(&journal).unwrap_or_default().contains(&gone) {
        assert!(begun.elapsed() < WITHIN, "not in {}", journal.display());
        sleep(Duration::from_millis(200)).await;
    }
    for kept_apart in ["erasures", "record-key"] {
        let file = region.folder().with_extension(kept_apart);
        fs::copy(&file, restored.with_extension(kept_apart)).expect("it lies beside the data folder");
    }
    run(&restored, &["restore", backup.to_str().expect("text")], None).expect("restored");
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
        let id: Uuid = id.parse().expect("an id");
        let row =
            database.query_row("SELECT body, deleted_at FROM message WHERE id = ?1", [id], |row| Ok((row.get(0)?, row.get(1)?)));
        row.map(|(body, deleted): (String, Option<i64>)| (body, deleted.is_some())).expect("a row")
    };
    assert_eq!(words(&gone), (String::new(), true));
    assert_eq!(words(&stays), ("this one stays".into(), false));
    let verified = outcome(&restored, &["verify"]).expect("it runs");
    assert_eq!(verified.code, Some(0), "{verified:?}");
}

fn quoting(message: &serde_json::Value) -> serde_json::Value {
    let mut quoting = draft("as was said");
    quoting["quote"] = message.clone();
    quoting
}
