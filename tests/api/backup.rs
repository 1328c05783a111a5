//! A region as a file, and back.

use std::collections::HashSet;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rusqlite::Connection;
use support::region::{Region, text};
use support::server_process::{Launch, outcome, run};
use tempfile::TempDir;

fn text_of(path: &Path) -> &str {
    path.to_str().expect("text")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_under_load_holds_all_that_was_acknowledged_before() {
    let region = Region::start(&[]).expect("a region");
    let people = [region.person("member.ro").await, region.person("member.rs").await, region.person("member.gr").await];
    let room = region.room("open", &[&people[0], &people[1], &people[2]]).await;
    let acknowledged = Arc::new(Mutex::new(Vec::new()));
    let enough = Arc::new(AtomicBool::new(false));
    let speaking: Vec<_> = people
        .into_iter()
        .map(|person| {
            let (room, acknowledged, enough) = (room.clone(), acknowledged.clone(), enough.clone());
            tokio::spawn(async move {
                while !enough.load(Ordering::Relaxed) {
                    let posted = person.say(&room, "said while a backup is made").await;
                    acknowledged.lock().expect("not poisoned").push(text(&posted["id"]));
                }
            })
        })
        .collect();
    tokio::time::sleep(Duration::from_millis(500)).await;
    let place = tempfile::tempdir().expect("a folder");
    let backup = place.path().join("region.db");
    let before: HashSet<String> = acknowledged.lock().expect("not poisoned").iter().cloned().collect();
    let made = tokio::task::block_in_place(|| run(region.folder(), &["backup", text_of(&backup)], None));
    made.expect("a backup");
    enough.store(true, Ordering::Relaxed);
    for speaker in speaking {
        speaker.await.expect("it went on speaking");
    }
    assert!(before.len() > 10, "{} were said before", before.len());
    assert_eq!(std::fs::metadata(&backup).expect("there").permissions().mode() & 0o777, 0o600);
    assert_eq!(std::fs::read_dir(place.path()).expect("a folder").count(), 1, "nothing else is left");
    let restored = place.path().join("restored");
    run(&restored, &["restore", text_of(&backup)], None).expect("restored");
    run(&restored, &["verify"], None).expect("sound");
    let database = Connection::open(restored.join("egida.db")).expect("a database");
    let mut statement = database.prepare("SELECT id FROM message").expect("SQL");
    let ids = statement.query_map([], |row| row.get::<_, uuid::Uuid>(0)).expect("rows");
    let ids: HashSet<String> = ids.map(|id| id.expect("an id").to_string()).collect();
    let lost: Vec<_> = before.difference(&ids).collect();
    assert!(lost.is_empty(), "{} of {} are lost", lost.len(), before.len());
    assert_eq!(std::fs::read_dir(&restored).expect("a folder").filter(is_other).count(), 0);
    let server = Launch::egida(&restored).expect("built").start().expect("it serves");
    assert!(server.startup() < Duration::from_secs(10));
}

fn is_other(entry: &std::io::Result<std::fs::DirEntry>) -> bool {
    !entry.as_ref().expect("an entry").file_name().to_string_lossy().starts_with("egida.db")
}

/// A small region and a backup of it.
fn small() -> (TempDir, PathBuf, PathBuf) {
    let folder = tempfile::tempdir().expect("a folder");
    let (data, backup) = (folder.path().join("data"), folder.path().join("backup.db"));
    run(&data, &["init"], None).expect("a region");
    run(&data, &["backup", text_of(&backup)], None).expect("a backup");
    (folder, data, backup)
}

#[test]
fn a_backup_overwrites_nothing() {
    let (folder, data, backup) = small();
    let before = std::fs::read(&backup).expect("there");
    let again = outcome(&data, &["backup", text_of(&backup)]).expect("it runs");
    assert_eq!(again.code, Some(2), "{again:?}");
    assert_eq!(std::fs::read(&backup).expect("there"), before);
    let nowhere = folder.path().join("no such folder/backup.db");
    let outcome = outcome(&data, &["backup", text_of(&nowhere)]).expect("it runs");
    assert_eq!(outcome.code, Some(1), "{outcome:?}");
    assert!(outcome.stderr.contains("dest:"), "{outcome:?}");
}

#[test]
fn a_folder_with_a_region_takes_no_other() {
    let (_folder, data, backup) = small();
    let outcome = outcome(&data, &["restore", text_of(&backup)]).expect("it runs");
    assert_eq!(outcome.code, Some(2), "{outcome:?}");
    run(&data, &["verify"], None).expect("sound");
}

#[test]
fn what_is_no_sound_backup_is_refused_and_leaves_nothing() {
    let (folder, _, backup) = small();
    let sound = std::fs::read(&backup).expect("there");
    let half = sound[..sound.len() / 2].to_vec();
    let mut scratched = sound.clone();
    // Whole pages, so that no row is spared by chance.
    scratched[8 * 4096..12 * 4096].fill(0x5a);
    let changed = |sql: &str| {
        let file = folder.path().join("changed.db");
        std::fs::copy(&backup, &file).expect("copied");
        Connection::open(&file).expect("a database").execute(sql, []).expect(sql);
        std::fs::read(&file).expect("there")
    };
    let cases = [
        ("empty", Vec::new()),
        ("text", b"this is no database, and never was one; it only is as long as a header of one would be".repeat(9)),
        ("half", half),
        ("scratched", scratched),
        ("record", changed("UPDATE audit SET detail = 'other' WHERE n = 1")),
        ("shortened record", changed("DELETE FROM audit")),
        ("newer schema", changed("UPDATE _sqlx_migrations SET version = 9999 WHERE version = 1")),
        ("other database", changed("DROP TABLE account")),
        ("half a region", changed("INSERT INTO setting (key, value) VALUES ('region', 'filling')")),
    ];
    for (what, bytes) in cases {
        let (file, data) = (folder.path().join("bad.db"), folder.path().join("new"));
        std::fs::write(&file, bytes).expect("written");
        let outcome = outcome(&data, &["restore", text_of(&file)]).expect("it runs");
        assert_eq!(outcome.code, Some(1), "{what}: {outcome:?}");
        assert!(outcome.stderr.contains("src:"), "{what}: {outcome:?}");
        assert_eq!(std::fs::read_dir(&data).expect("a folder").count(), 0, "{what}: something is left");
    }
    let data = folder.path().join("new");
    run(&data, &["restore", text_of(&backup)], None).expect("the sound one is taken");
    assert_eq!(std::fs::metadata(data.join("egida.db")).expect("there").permissions().mode() & 0o777, 0o600);
}

#[test]
fn the_key_of_apps_is_in_no_backup_and_missed_when_it_is_restored() {
    let folder = tempfile::tempdir().expect("a folder");
    let (data, backup, restored) = (folder.path().join("data"), folder.path().join("backup.db"), folder.path().join("restored"));
    run(&data, &["demo", "--strict"], None).expect("a region");
    let key = folder.path().join("data.factor-key");
    assert_eq!(std::fs::metadata(&key).expect("a key").permissions().mode() & 0o777, 0o600);
    let said = run(&data, &["backup", text_of(&backup)], None).expect("a backup");
    assert!(said.contains(text_of(&key)), "{said}");
    let (bytes, secret) = (std::fs::read(&backup).expect("there"), std::fs::read(&key).expect("there"));
    assert!(memchr::memmem::find(&bytes, &secret).is_none(), "the key is in the backup");
    // Without it the region comes back all the same, and the operator is told what is missing and what to do.
    let lost = outcome(&restored, &["restore", text_of(&backup)]).expect("it runs");
    assert_eq!(lost.code, Some(0), "{lost:?}");
    for told in ["authenticator apps can't be read", "restored.factor-key", "egida account remove-factors"] {
        assert!(lost.stderr.contains(told), "{told}: {lost:?}");
    }
    let server = Launch::egida(&restored).expect("built").start().expect("it serves");
    assert!(server.says("authenticator apps can't be read"), "{}", server.said());
    drop(server);
    // Another key is as good as none; the right one, wherever it is kept, is enough.
    std::fs::write(folder.path().join("other.key"), [7; 32]).expect("written");
    for (name, good) in [("other.key", false), ("data.factor-key", true)] {
        let (data, key) = (folder.path().join(format!("by-{name}")), folder.path().join(name));
        let found = outcome(&data, &["restore", text_of(&backup), "--factor-key", text_of(&key)]).expect("it runs");
        assert_eq!((found.code, found.stderr.is_empty()), (Some(0), good), "{name}: {found:?}");
    }
    // Where the key is gone for good, the operator lets somebody in who can let the others in.
    let remove = ["account", "remove-factors", "--email", "admin@demo.egida.example"];
    run(&restored, &remove, None).expect("removed");
    assert_eq!(outcome(&restored, &remove).expect("it runs").code, Some(2), "there is none any more");
    run(&restored, &["verify"], None).expect("sound");
}
