//! What is deleted is gone: from what people see, and from every file of the data folder.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::json;
use support::region::{Region, draft, text};
use tokio::time::sleep;

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

fn quoting(message: &serde_json::Value) -> serde_json::Value {
    let mut quoting = draft("as was said");
    quoting["quote"] = message.clone();
    quoting
}
