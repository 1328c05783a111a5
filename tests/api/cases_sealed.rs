//! What a stolen disk shows of a case room: nothing, with the operator's keys and without. And what a room is after a kill.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use futures_util::{StreamExt, stream};
use serde_json::{Value, json};
use support::region::{Client, Region, items, text};
use support::server_process::{Launch, outcome, run};
use tokio::time::sleep;
use uuid::Uuid;

use crate::cases::{admit, at, day, open, person, say, sheet, wish};
use crate::erasing::{CANARIES, WITHIN, ends, holding, journalled, restore};

const CASES: &str = "/api/cases";

/// The files of a folder and of the folders in it that hold any of the canaries, in words or in the index's way.
fn lying(folder: &Path) -> Vec<String> {
    let mut found = holding(folder, &ends());
    for entry in fs::read_dir(folder).expect("a folder").flatten().filter(|entry| entry.path().is_dir()) {
        found.extend(lying(&entry.path()));
    }
    found
}

/// Waits until no file of a region's home holds a canary: the keys lie there, too, and the journal.
async fn clean(folder: &Path) {
    let begun = Instant::now();
    while !lying(folder).is_empty() {
        assert!(begun.elapsed() < WITHIN, "{:#?}", lying(folder));
        sleep(Duration::from_millis(300)).await;
    }
}

/// Sends a file that goes into a room: its id.
pub async fn sent(client: &Client, name: &str, bytes: &[u8]) -> String {
    let begun = client.post("/api/files", json!({"name": name, "size": bytes.len(), "sealed": true})).await.is(201);
    let id = text(&begun["id"]);
    let sending = client.with("upload-offset", "0");
    let path = format!("/api/files/{id}");
    let answer = sending.send_raw(reqwest::Method::PATCH, &path, "application/octet-stream", bytes.to_vec()).await.is(200);
    assert_eq!(answer["file"]["name"], "file.txt", "its name isn't kept: {answer}");
    id
}

/// Fills a room with canaries in everything that people write; the item of its file.
async fn filled(case: &str, founder: &Client) -> String {
    let words = CANARIES.join(" ");
    let write = async |content: Value| {
        founder.post(&at(case, "/entries"), json!({"content": content})).await.is(201);
    };
    write(json!({"kind": "message", "body": words})).await;
    write(json!({"kind": "topic", "title": words})).await;
    write(json!({"kind": "task", "title": words})).await;
    write(json!({"kind": "meeting", "on": "2026-12-01T09:00:00Z", "how": "phone", "agenda": words, "minutes": words})).await;
    write(json!({"kind": "decision", "about": "plan", "text": words, "ground": words})).await;
    write(json!({"kind": "note", "text": words})).await;
    let shown = founder.get(&at(case, "")).await.is(200);
    let mut change = json!({"sheet": sheet(), "risk": "low", "next_review": day(9), "sheet_seq": shown["sheet_seq"]});
    (change["sheet"]["summary"], change["sheet"]["home_reference"]) = (words.clone().into(), CANARIES[1].into());
    founder.put_json(&at(case, "/sheet"), change).await.is(200);
    let file = sent(founder, &format!("{}.txt", CANARIES[0]), words.as_bytes()).await;
    let taken = json!({"file": file, "name": format!("{}.txt", CANARIES[0]), "title": words});
    text(&founder.post(&at(case, "/files"), taken).await.is(201)["item"])
}

#[tokio::test]
async fn nothing_of_a_room_is_in_any_file_and_what_was_erased_comes_back_with_no_backup() {
    let region = Region::start_listened_to(&[]).expect("a region");
    let (founder, partner) = (person(&region, "social.xk").await, person(&region, "guardian.gr").await);
    let case = open(&founder).await;
    admit(&case, &founder, None, &partner).await;
    let item = filled(&case, &founder).await;
    // Members find and read all of it.
    let found = partner.post(&at(&case, "/search"), json!({"q": CANARIES[2]})).await.is(200);
    assert_eq!(items(&found).len(), 8, "{found}");
    let (status, headers, bytes) = partner.bytes(&at(&case, &format!("/files/{item}/content"))).await;
    assert_eq!((status, String::from_utf8(bytes).expect("text")), (200, CANARIES.join(" ")));
    assert!(headers["content-disposition"].to_str().is_ok_and(|value| value.starts_with("attachment")));
    // Nobody else does: not the uploader's list of files, not the search.
    let hits = founder.get(&format!("/api/search?q={}", CANARIES[0])).await.is(200);
    assert!(items(&hits).is_empty() && !hits.to_string().contains(CANARIES[1]), "{hits}");
    // Data folder, log of the database, keys and journal beside it, what the server says.
    clean(region.home()).await;
    assert!(CANARIES.iter().all(|word| !region.said().contains(word)));
    let place = tempfile::tempdir().expect("a folder");
    let (backup, restored) = (place.path().join("region.db"), place.path().join("restored"));
    run(region.folder(), &["backup", backup.to_str().expect("text")], None).expect("a backup");
    assert!(lying(place.path()).is_empty(), "{:#?}", lying(place.path()));
    assert_eq!(outcome(region.folder(), &["verify"]).expect("it runs").code, Some(0), "files without a key here are no fault");

    // Two erase it: its keys are gone at once, and the file.
    let proposal = text(&founder.post(&at(&case, "/proposals"), json!({"kind": "erasure"})).await.is(201)["id"]);
    let confirmation = at(&case, &format!("/proposals/{proposal}/confirmation"));
    founder.post(&confirmation, json!({})).await.refused(403, "case_own_proposal");
    partner.post(&confirmation, json!({})).await.is(204);
    founder.get(&at(&case, "")).await.refused(404, "not_found");
    let left = |folder: &Path| -> (i64, i64, i64) {
        let database = rusqlite::Connection::open(folder.join("egida.db")).expect("a database");
        let count =
            |sql: &str| database.query_row(sql, [case.parse::<Uuid>().expect("an id")], |row| row.get(0)).expect("a count");
        (
            count("SELECT count(*) FROM sealed_space_key WHERE space = ?1"),
            count("SELECT count(*) FROM case_entry WHERE room = ?1"),
            count("SELECT count(*) FROM file WHERE holder = ?1"),
        )
    };
    assert_eq!(left(region.folder()), (0, 0, 0));
    // A backup from before brings it back for a moment; then it is erased again.
    journalled(&region, &[&case]).await;
    restore(&region, &backup, &restored);
    assert_ne!(left(&restored).0, 0, "the backup holds it");
    let server = Launch::egida(&restored).expect("built").start().expect("it serves");
    let begun = Instant::now();
    while left(&restored) != (0, 0, 0) {
        assert!(begun.elapsed() < WITHIN, "{:?}", left(&restored));
        sleep(Duration::from_millis(200)).await;
    }
    drop(server);
}

/// Kills the server again and again while a room is handed over, people are put out and let in, and things are written: what was
/// answered is there, and nothing is half done.
#[tokio::test]
async fn a_killed_server_leaves_no_state_in_between() {
    let mut region = Region::start(&[]).expect("a region");
    // The secret of a tab outlives the server: what it opens lies in storage.
    let (founder, partner) = (person(&region, "moderator.mk").await, person(&region, "prosecutor.ba").await);
    let case = open(&founder).await;
    admit(&case, &founder, None, &partner).await;
    let mut written: Vec<String> = Vec::new();
    for round in 0..KILLS {
        let (one, other) = (founder.at(region.origin()), partner.at(region.origin()));
        let (leader, guest) = if leads(&case, &one).await { (&one, &other) } else { (&other, &one) };
        let work = async {
            offer_and_take(&case, leader, guest).await;
            loop {
                let answer = guest.post(&at(&case, "/entries"), json!({"content": {"kind": "note", "text": "n"}})).await;
                written.push(text(&answer.is(201)["item"]));
                rotate(&case, guest, leader).await;
            }
        };
        // Requests that the kill cuts off end in a panic of the client: they run in a task of their own.
        let cut = Duration::from_millis(20 + 74 * round);
        let _ = tokio::time::timeout(cut, work).await;
        region.kill().expect("killed");
        region = region.started_again().expect("started again");
        holds_together(&region, &case, [&founder, &partner], &written).await;
    }
}

/// How often the server is killed.
const KILLS: u64 = 6;

async fn leads(case: &str, client: &Client) -> bool {
    client.get(&at(case, "")).await.is(200)["leads"] == true
}

/// Offers the lead, and takes it.
async fn offer_and_take(case: &str, leader: &Client, guest: &Client) {
    let shown = guest.get(&at(case, "")).await.is(200);
    let waiting = shown["proposals"].as_array().and_then(|all| all.first()).map(|one| text(&one["id"]));
    let proposal = if let Some(waiting) = waiting {
        waiting
    } else {
        let members = shown["members"].as_array().expect("members");
        let me = members.iter().find(|one| one["me"] == true).expect("oneself");
        let offer = json!({"kind": "handover", "organisation": me["who"]["organisation"]});
        text(&leader.post(&at(case, "/proposals"), offer).await.is(201)["id"])
    };
    guest.post(&at(case, &format!("/proposals/{proposal}/confirmation")), json!({})).await.is(204);
}

/// Puts the other one out and lets them in again: a new version of the key each time.
async fn rotate(case: &str, leader: &Client, guest: &Client) {
    leader.delete(&at(case, &format!("/members/{}", guest.id))).await.is(204);
    admit(case, leader, None, guest).await;
}

/// One lead, numbers without a gap, every version of the key held by whoever is in, everything that was answered there.
async fn holds_together(region: &Region, case: &str, people: [&Client; 2], written: &[String]) {
    let database = rusqlite::Connection::open(region.folder().join("egida.db")).expect("a database");
    let id = case.parse::<Uuid>().expect("an id");
    let one = |sql: &str| -> i64 { database.query_row(sql, [id], |row| row.get(0)).expect("a number") };
    assert_eq!(one("SELECT count(*) - max(seq) FROM case_entry WHERE room = ?1"), 0, "no gap");
    assert_eq!(one("SELECT r.seq - (SELECT max(seq) FROM case_entry e WHERE e.room = r.id) FROM case_room r WHERE r.id = ?1"), 0);
    assert_eq!(
        one("SELECT count(*) FROM case_member m JOIN case_room r ON r.id = m.room
        WHERE r.id = ?1 AND m.state = 'active' AND m.organisation = r.lead"),
        1,
        "one leads"
    );
    // Who holds the key is who is in or invited, and they hold every version that there is.
    assert_eq!(
        one("SELECT count(*) FROM case_member m WHERE m.room = ?1 AND m.state IN ('active', 'invited')
        AND (SELECT count(*) FROM sealed_space_key k WHERE k.space = m.room AND k.account = m.account)
            <> (SELECT version FROM sealed_space s WHERE s.id = m.room)
        AND NOT (SELECT due FROM sealed_space s WHERE s.id = m.room)"),
        0,
        "every version"
    );
    assert_eq!(
        one("SELECT count(*) FROM sealed_space_key k WHERE k.space = ?1 AND NOT EXISTS (SELECT 1 FROM case_member m
        WHERE m.room = k.space AND m.account = k.account AND m.state IN ('active', 'invited'))"),
        0,
        "nobody else"
    );
    for item in written {
        let item = item.parse::<Uuid>().expect("an id");
        let sql = "SELECT count(*) FROM case_entry WHERE room = ?1 AND item = ?2";
        let found: i64 = database.query_row(sql, rusqlite::params![id, item], |row| row.get(0)).expect("a count");
        assert_eq!(found, 1, "what was answered is there, once");
    }
    // A kill may have cut between putting somebody out and letting them in: that is one step of people, done again.
    let [one, other] = people.map(|client| client.at(region.origin()));
    for (client, leader) in [(&one, &other), (&other, &one)] {
        let shown = client.get(&at(case, "")).await;
        if shown.status == 404 {
            let invited = client.get(CASES).await.is(200);
            if invited["invitations"].as_array().is_some_and(Vec::is_empty) {
                admit(case, leader, None, client).await;
            } else {
                client.post(&at(case, "/acceptance"), json!({"terms": invited["terms"]})).await.is(204);
            }
        }
        let page = client.get(&at(case, "/entries?limit=100")).await.is(200);
        let readable = |entry: &Value| entry["kind"] == "event" || !entry["content"].is_null();
        assert!(items(&page).iter().all(readable), "everything opens: {page}");
    }
}

/// Messages of the room that is searched. Ten thousand take as long to write as all other tests together; figures for them stand in
/// decision 30.
const MESSAGES: u64 = 600;

#[tokio::test]
async fn a_word_is_found_by_opening_everything_in_memory() {
    let region = Region::start(&[]).expect("a region");
    let founder = person(&region, "social.xk").await;
    let case = text(&founder.post(CASES, wish()).await.is(201)["id"]);
    let body = "a message of about two hundred letters that says what was done today and what comes next ".repeat(2);
    let posts = (0..MESSAGES).map(|n| say(&case, &founder, if n == 77 { "a needle in the hay" } else { &body }));
    let written: Vec<Value> = stream::iter(posts).buffer_unordered(32).collect().await;
    assert_eq!(written.len() as u64, MESSAGES);
    let found = founder.post(&at(&case, "/search"), json!({"q": "needle hay"})).await.is(200);
    assert_eq!((items(&found).len(), items(&found)[0]["content"]["body"].as_str()), (1, Some("a needle in the hay")));
    assert!(found["looked_at"].as_u64().is_some_and(|looked| looked >= MESSAGES), "{}", found["looked_at"]);
}
