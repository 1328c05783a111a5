//! Whatever is changed in the data folder behind the server's back, `egida verify` names it.

use std::path::{Path, PathBuf};
use std::process::Command;

use rusqlite::{Connection, params};
use serde_json::json;
use sha2::{Digest, Sha256};
use support::region::{Region, draft, text};
use support::server_process::{outcome, program};
use tempfile::TempDir;
use uuid::Uuid;

/// A data folder in which a day's work was done, the heads that were sent away meanwhile, and the key they are signed with.
struct Evidence {
    _region: Region,
    folder: PathBuf,
    heads: PathBuf,
    key: PathBuf,
    channel: Uuid,
    message: Uuid,
    deleted: Uuid,
    topic: Uuid,
}

impl Evidence {
    async fn gather() -> Self {
        let away = tempfile::tempdir().expect("a folder");
        let heads = away.keep().join("heads.jsonl");
        let region = Region::start(&[("EGIDA_RECORD_HEAD", heads.to_str().expect("a path"))]).expect("a region");
        let (moderator, member) = (region.person("moderator.region").await, region.person("member.gr").await);
        let channel = region.room("open", &[&member]).await;
        let elsewhere = region.room("open", &[&member]).await;
        let first = text(&member.say(&channel, "said first").await["id"]);
        member.say(&channel, "said second").await;
        let deleted = text(&member.say(&channel, "said and taken back").await["id"]);
        let (topic, edited) = member.begin(&channel, "A question", "what about Thursday").await;
        let (moved, _) = member.begin(&channel, "Another question", "what about Friday").await;
        member.patch(&format!("/api/messages/{edited}"), json!({"body": "what about Monday"})).await.is(200);
        member.put(&format!("/api/messages/{edited}/reactions/%F0%9F%91%8D")).await.is(204);
        moderator.put(&format!("/api/messages/{first}/pin")).await.is(204);
        member.delete(&format!("/api/messages/{deleted}")).await.is(204);
        moderator.patch(&format!("/api/topics/{topic}"), json!({"title": "The question", "countries": ["RO"]})).await.is(200);
        moderator.patch(&format!("/api/topics/{moved}"), json!({"channel": elsewhere})).await.is(200);
        member.say(&channel, "said last").await;
        region.stop().expect("stopped");
        let (folder, key) = (region.folder().to_owned(), region.home().join("data.record-key"));
        let id = |text: &str| text.parse().expect("an id");
        Self {
            folder,
            heads,
            key,
            channel: id(&channel),
            message: id(&first),
            deleted: id(&deleted),
            topic: id(&topic),
            _region: region,
        }
    }

    /// What `egida verify` says after `tamper` has been at a copy of the folder, and whether it is content.
    fn after(&self, tamper: impl FnOnce(&Connection)) -> (bool, String) {
        let copy = self.copy(tamper);
        verify(&copy.path().join("data"), &["--heads", path(&self.heads), "--key", path(&self.key)])
    }

    fn copy(&self, tamper: impl FnOnce(&Connection)) -> TempDir {
        let copy = tempfile::tempdir().expect("a folder");
        let folder = copy.path().join("data");
        std::fs::create_dir(&folder).expect("a folder");
        for entry in std::fs::read_dir(&self.folder).expect("the folder") {
            let entry = entry.expect("an entry");
            std::fs::copy(entry.path(), folder.join(entry.file_name())).expect("copied");
        }
        let database = Connection::open(folder.join("egida.db")).expect("the database");
        tamper(&database);
        database.close().expect("closed");
        copy
    }

    /// Checks that a change is found, and named this way.
    #[track_caller]
    fn finds(&self, finding: &str, tamper: impl FnOnce(&Connection)) {
        let (sound, said) = self.after(tamper);
        assert!(!sound && said.lines().any(|line| line.contains(finding)), "{finding:?} is not in\n{said}");
    }

    /// A number of the record's last row.
    fn last(&self) -> i64 {
        let mut last = 0;
        self.copy(|database| {
            last = database.query_row("SELECT max(n) FROM audit", [], |row| row.get(0)).expect("a record");
        });
        last
    }

    fn head(&self) -> i64 {
        let mut head = 0;
        self.copy(|database| {
            head =
                database.query_row("SELECT seq FROM channel WHERE id = ?", [self.channel], |row| row.get(0)).expect("a channel");
        });
        head
    }
}

fn path(path: &Path) -> &str {
    path.to_str().expect("a path")
}

fn verify(folder: &Path, arguments: &[&str]) -> (bool, String) {
    let output = Command::new(program("egida").expect("the program"))
        .args(["--data", path(folder), "verify"])
        .args(arguments)
        .output()
        .expect("it runs");
    (output.status.success(), String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr))
}

fn run(database: &Connection, sql: &str) {
    database.execute_batch(sql).unwrap_or_else(|error| panic!("{sql}: {error}"));
}

#[tokio::test]
async fn the_record() {
    let evidence = Evidence::gather().await;
    let last = evidence.last();
    assert!(last > 10, "{last}");
    let (sound, said) = evidence.after(|_| {});
    assert!(sound, "{said}");

    evidence.finds("audit: row 3 doesn't fit", |db| run(db, "UPDATE audit SET detail = 'administrator region' WHERE n = 3"));
    evidence.finds("audit: row 3 doesn't fit", |db| run(db, "UPDATE audit SET at = at - 1 WHERE n = 3"));
    evidence.finds("audit: row 3 is missing", |db| run(db, "DELETE FROM audit WHERE n = 3"));
    evidence.finds("audit: row 1 is missing", |db| run(db, "DELETE FROM audit WHERE n < 3"));
    evidence.finds("audit: row 3 doesn't fit", |db| {
        run(
            db,
            "UPDATE audit SET n = -n WHERE n IN (3, 4); UPDATE audit SET n = 3 WHERE n = -4; UPDATE audit SET n = 4 WHERE n = -3",
        );
    });
    evidence.finds("audit: row 3 doesn't fit", |db| {
        run(db, "UPDATE audit SET n = -n WHERE n > 2; UPDATE audit SET n = 1 - n WHERE n < 0");
        run(db, "INSERT INTO audit SELECT 3, at, actor, act, target, detail, hash FROM audit WHERE n = 2");
    });
    let cut = format!("DELETE FROM audit WHERE n > {}", last - 2);
    evidence.finds(&format!("audit: the record ends at row {}, but had {last}", last - 2), |db| run(db, &cut));
}

/// The hash of a row as the server makes it, for somebody who knows how.
fn chained(before: &[u8], at: i64, actor: Option<Uuid>, parts: [&str; 3]) -> Vec<u8> {
    let mut hasher = Sha256::new();
    hasher.update(before);
    hasher.update(at.to_be_bytes());
    hasher.update(actor.unwrap_or_default().as_bytes());
    for part in parts {
        hasher.update((part.len() as u64).to_be_bytes());
        hasher.update(part.as_bytes());
    }
    hasher.finalize().to_vec()
}

/// Number, time, actor, act, target and detail of a row.
type Row = (i64, i64, Option<Uuid>, String, String, String);

/// Who knows how the chain is made writes it anew from a row on: only the signed head tells.
#[tokio::test]
async fn a_record_written_anew_is_found_by_the_head_off_the_machine() {
    let evidence = Evidence::gather().await;
    let forge = |database: &Connection| {
        let sql = "SELECT n, at, actor, act, target, detail FROM audit ORDER BY n";
        let mut statement = database.prepare(sql).expect("a query");
        let rows: Vec<Row> = statement
            .query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?, row.get(5)?)))
            .and_then(Iterator::collect)
            .expect("rows");
        let mut before = Vec::new();
        for (n, at, actor, act, target, detail) in rows {
            let detail = if n == 2 { "nothing happened" } else { detail.as_str() };
            before = chained(&before, at, actor, [&act, &target, detail]);
            database.execute("UPDATE audit SET detail = ?, hash = ? WHERE n = ?", params![detail, before, n]).expect("forged");
        }
        // What is kept of the end in the same file goes with it, and our own copies of the heads.
        let end = "(SELECT n || ' ' || lower(hex(hash)) FROM audit ORDER BY n DESC LIMIT 1)";
        run(database, &format!("UPDATE setting SET value = {end} WHERE key = 'audit.head'"));
        run(database, "DELETE FROM record_mark; DELETE FROM record_head");
    };
    evidence.finds("the record was written anew", forge);
    evidence.finds("is not kept in this folder", forge);
    let copy = evidence.copy(forge);
    let (sound, said) = verify(&copy.path().join("data"), &[]);
    assert!(sound, "without the head off the machine nothing can be seen of it, and nothing else is claimed: {said}");
}

#[tokio::test]
async fn what_was_said_and_its_order() {
    let evidence = Evidence::gather().await;
    let (channel, message) = (evidence.channel, evidence.message);
    let head = evidence.head();
    let of_message = |sql: &'static str| move |db: &Connection| assert_eq!(db.execute(sql, [message]).expect("changed"), 1);
    let faulty = format!("channel {channel}: message {message} (place 1) doesn't say what was written");
    evidence.finds(&faulty, of_message("UPDATE message SET body = 'said otherwise' WHERE id = ?"));
    evidence.finds(&faulty, of_message("UPDATE message SET html = replace(html, 'first', 'last') WHERE id = ?"));
    evidence.finds(&faulty, of_message("UPDATE message SET author = (SELECT id FROM account LIMIT 1) WHERE id = ?"));
    evidence.finds(
        &format!("channel {channel}: message {message} (place 1) isn't the one of its last change"),
        of_message("UPDATE message SET changed_seq = -1 WHERE id = ?"),
    );
    evidence.finds(&format!("channel {channel}: message {message} of change"), |db| {
        run(db, "PRAGMA foreign_keys = OFF");
        db.execute("DELETE FROM message WHERE id = ?", [message]).expect("deleted");
    });
    evidence.finds("was put in: no change stands for it", |db| {
        let sql = "INSERT INTO message (id, channel, seq, changed_seq, topic, author, body, html, marking, posted_at)
            SELECT randomblob(16), channel, 900, 900, topic, author, 'never said', '', marking, posted_at FROM message WHERE id = ?";
        db.execute(sql, [message]).expect("inserted");
    });
    evidence.finds(&format!("the title of topic {}", evidence.topic), |db| {
        db.execute("UPDATE topic SET title = 'Settled' WHERE id = ?", [evidence.topic]).expect("changed");
    });

    let change = |sql: &'static str| move |db: &Connection| assert_eq!(db.execute(sql, [channel]).expect("changed"), 1);
    let broken = format!("channel {channel}: change 2 doesn't fit");
    evidence.finds(&broken, change("UPDATE channel_change SET kind = 'edit' WHERE channel = ? AND seq = 2"));
    evidence.finds(&broken, change("UPDATE channel_change SET digest = x'00' WHERE channel = ? AND seq = 2"));
    evidence.finds(
        &format!("channel {channel}: change 2 is missing"),
        change("DELETE FROM channel_change WHERE channel = ? AND seq = 2"),
    );
    evidence.finds(&broken, |db| {
        for (from, to) in [(2, -2), (3, 2), (-2, 3)] {
            let sql = "UPDATE channel_change SET seq = ? WHERE channel = ? AND seq = ?";
            db.execute(sql, params![to, channel, from]).expect("reordered");
        }
    });
    evidence
        .finds(&format!("comes after its last number, {}", head - 1), change("UPDATE channel SET seq = seq - 1 WHERE id = ?"));
}

/// The last message of a channel is taken out with everything that tells of it.
#[tokio::test]
async fn a_channel_whose_end_was_cut_off() {
    let evidence = Evidence::gather().await;
    let (channel, head) = (evidence.channel, evidence.head());
    let cut = |db: &Connection| {
        run(db, "PRAGMA foreign_keys = OFF");
        for sql in [
            "DELETE FROM message WHERE channel = ?1 AND changed_seq = ?2",
            "DELETE FROM channel_change WHERE channel = ?1 AND seq = ?2",
            "UPDATE channel SET seq = ?2 - 1 WHERE id = ?1",
        ] {
            db.execute(sql, params![channel, head]).expect("cut");
        }
    };
    evidence.finds(&format!("channel {channel}: it ends at change {}, but had {head} when head", head - 1), cut);
    // Who lowers the mark, too, has no signature for it.
    evidence.finds("their marks are not those that head", |db| {
        cut(db);
        let sql = "UPDATE record_mark SET seq = seq - 1,
            hash = (SELECT hash FROM channel_change x WHERE x.channel = record_mark.channel AND x.seq = record_mark.seq - 1)
            WHERE channel = ?1 AND seq = ?2";
        assert!(db.execute(sql, params![channel, head]).expect("lowered") > 0);
    });
}

#[tokio::test]
async fn heads_and_keys_that_are_not_ours() {
    let evidence = Evidence::gather().await;
    let text = std::fs::read_to_string(&evidence.heads).expect("heads");
    assert!(text.lines().count() >= 2, "one at the start, one at the end: {text}");
    assert!(!text.contains("said") && !text.contains('@'), "{text}");
    let home = tempfile::tempdir().expect("a folder");
    let other = home.path().join("heads.jsonl");
    let with = |text: String| {
        std::fs::write(&other, text).expect("written");
        verify(&evidence.folder, &["--heads", path(&other), "--key", path(&evidence.key)])
    };
    let (sound, said) = with(text.replacen("\"n\":", "\"n\":1", 1));
    assert!(!sound && said.contains("the signature of line 1 doesn't fit"), "{said}");
    let (sound, said) = with(format!("{text}half a li"));
    assert!(!sound && said.contains("can't be read"), "{said}");

    // The public half is enough to check, and there is no checking without any.
    let key = ["--key", path(&evidence.key), "--print-key"];
    let (printed, public) = verify(&evidence.folder, &key);
    assert!(printed && public.starts_with("egida-record-public "), "{public}");
    let half = home.path().join("public");
    std::fs::write(&half, &public).expect("written");
    let (sound, said) = verify(&evidence.folder, &["--heads", path(&evidence.heads), "--key", path(&half)]);
    assert!(sound, "{said}");
    let stranger = public.trim_end().replace(|c: char| c.is_ascii_digit(), "1");
    std::fs::write(&half, stranger).expect("written");
    let (sound, said) = verify(&evidence.folder, &["--heads", path(&evidence.heads), "--key", path(&half)]);
    assert!(!sound, "{said}");
}

/// A deleted text can't be guessed from what stands for it: the random bytes inside are gone with it.
#[tokio::test]
async fn what_was_deleted_leaves_nothing_to_compare_with() {
    let evidence = Evidence::gather().await;
    evidence.copy(|db| {
        let sql = "SELECT body, html, nonce FROM message WHERE id = ?";
        let (body, html, nonce): (String, String, Option<Vec<u8>>) =
            db.query_row(sql, [evidence.deleted], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).expect("a tombstone");
        assert_eq!((body.as_str(), html.as_str(), nonce), ("", "", None));
        let sql = "SELECT digest FROM channel_change WHERE id = ? AND kind = 'delete'";
        let digest: Vec<u8> = db.query_row(sql, [evidence.deleted], |row| row.get(0)).expect("a change");
        assert!(digest.is_empty());
    });
}

/// What is restored from a backup holds against the same heads; a backup in which a word was changed is not taken.
#[tokio::test]
async fn a_backup_keeps_the_chains() {
    let evidence = Evidence::gather().await;
    let home = tempfile::tempdir().expect("a folder");
    let (backup, restored, other) = (home.path().join("backup.db"), home.path().join("restored"), home.path().join("other"));
    let made = outcome(&evidence.folder, &["backup", path(&backup)]).expect("it runs");
    assert_eq!(made.code, Some(0), "{made:?}");
    let taken = outcome(&restored, &["restore", path(&backup)]).expect("it runs");
    assert_eq!(taken.code, Some(0), "{taken:?}");
    let (sound, said) = verify(&restored, &["--heads", path(&evidence.heads), "--key", path(&evidence.key)]);
    assert!(sound, "{said}");

    let database = Connection::open(&backup).expect("the backup");
    run(&database, "UPDATE message SET body = 'said otherwise' WHERE body = 'said first'");
    database.close().expect("closed");
    let refused = outcome(&other, &["restore", path(&backup)]).expect("it runs");
    assert_eq!(refused.code, Some(1), "{refused:?}");
    assert!(refused.stdout.contains("doesn't say what was written"), "{refused:?}");
}

/// A folder from before there was a chain: it begins where each channel stood.
#[tokio::test]
async fn an_older_folder_is_chained_from_where_it_stood() {
    let region = Region::start(&[]).expect("a region");
    let member = region.person("member.gr").await;
    let channel = region.room("open", &[&member]).await;
    let elsewhere = region.room("open", &[&member]).await;
    let mut old = Vec::new();
    for word in ["one", "two", "three", "four"] {
        old.push(text(&member.say(&channel, word).await["id"]));
    }
    let (topic, _) = member.begin(&channel, "Of old", "five").await;
    region.stop().expect("stopped");
    let database = Connection::open(region.folder().join("egida.db")).expect("the database");
    run(&database, "DELETE FROM record_mark; DELETE FROM record_head; DELETE FROM channel_change");
    run(&database, "UPDATE channel SET chained_from = seq; UPDATE message SET nonce = NULL; UPDATE topic SET nonce = NULL");
    database.close().expect("closed");
    assert!(verify(region.folder(), &[]).0);

    let region = region.started_again().expect("served again");
    let (moderator, member) = (region.person("moderator.region").await, region.person("member.gr").await);
    member.patch(&format!("/api/messages/{}", old[0]), json!({"body": "one more"})).await.is(200);
    member.put(&format!("/api/messages/{}/reactions/%F0%9F%91%8D", old[1])).await.is(204);
    member.delete(&format!("/api/messages/{}", old[2])).await.is(204);
    moderator.patch(&format!("/api/topics/{topic}"), json!({"title": "Of late", "channel": elsewhere})).await.is(200);
    member.post(&format!("/api/channels/{channel}/messages"), draft("six")).await.is(201);
    region.stop().expect("stopped");
    let (sound, said) = verify(region.folder(), &[]);
    assert!(sound, "{said}");
    // What was touched since is covered.
    let database = Connection::open(region.folder().join("egida.db")).expect("the database");
    run(&database, "UPDATE message SET body = 'forged' WHERE body IN ('one more', 'two', 'five', 'six')");
    database.close().expect("closed");
    let (_, said) = verify(region.folder(), &[]);
    assert_eq!(said.matches("doesn't say what was written").count(), 4, "{said}");
}
