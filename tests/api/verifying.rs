//! `egida verify` finds what it is there to find.

use std::path::Path;

use rusqlite::Connection;
use support::server_process::{outcome, run};

/// Something done to the file behind the server's back, and what is to be said of it.
const DAMAGES: [(&str, &str); 15] = [
    (
        "UPDATE message SET topic = (SELECT t.id FROM topic t WHERE t.channel <> message.channel) WHERE n = 5",
        "it is in another channel than its topic",
    ),
    ("UPDATE message SET seq = changed_seq + 100000 WHERE n = 5", "its place comes after its last change"),
    (
        "UPDATE topic SET messages = messages + 1 WHERE id = (SELECT topic FROM message WHERE n = 5)",
        "it counts other messages than there are",
    ),
    (
        "UPDATE topic SET last_seq = last_seq + 1 WHERE id = (SELECT topic FROM message WHERE n = 5)",
        "it counts other messages than there are",
    ),
    ("UPDATE channel SET seq = seq - 1 WHERE slug = 'lobby'", "its last number is not the number of its last change"),
    ("UPDATE channel SET general = id WHERE slug = 'lobby'", "its General topic is not there"),
    (
        "UPDATE topic SET changed_seq = (SELECT max(t.changed_seq) FROM topic t WHERE t.channel = topic.channel)
            WHERE channel = (SELECT id FROM channel WHERE slug = 'ro')",
        "another topic's change has the same number",
    ),
    ("DELETE FROM mention WHERE message = (SELECT min(message) FROM mention)", "whom it mentions is not who is told so"),
    ("UPDATE message SET deleted_at = 1 WHERE n = 5", "search: entry 5 belongs to no message that is there"),
    ("DELETE FROM message_fact WHERE n = 5", "is not in the index"),
    ("DELETE FROM account WHERE id = (SELECT account FROM membership LIMIT 1)", "references: membership"),
    ("UPDATE audit SET detail = 'x' WHERE n = 2", "audit: row 2 doesn't fit"),
    ("DELETE FROM audit WHERE n = 3", "audit: row 3 is missing"),
    (
        "DELETE FROM audit WHERE n = (SELECT max(n) FROM audit)",
        "audit: {rows} rows were written, and the last one there is row {before}",
    ),
    ("DELETE FROM audit", "audit: {rows} rows were written, and the last one there is row 0"),
];

#[test]
fn damage_is_found_and_named() {
    let folder = tempfile::tempdir().expect("a folder");
    let whole = folder.path().join("whole");
    run(&whole, &["demo"], None).expect("a region");
    for _ in 0..3 {
        run(&whole, &["token", "create", "--account", "admin@demo.egida.example"], None).expect("a token");
    }
    assert_eq!(outcome(&whole, &["verify"]).expect("it runs").code, Some(0));
    let backup = folder.path().join("backup");
    run(&whole, &["backup", backup.to_str().expect("text")], None).expect("a backup");
    let rows = recorded(&backup);
    for (damage, named) in DAMAGES {
        let named = named.replace("{rows}", &rows.to_string()).replace("{before}", &(rows - 1).to_string());
        let data = folder.path().join("damaged");
        std::fs::create_dir(&data).expect("a folder");
        std::fs::copy(&backup, data.join("egida.db")).expect("copied");
        damaged(&data.join("egida.db"), damage);
        let outcome = outcome(&data, &["verify"]).expect("it runs");
        assert_eq!(outcome.code, Some(1), "{damage}: {outcome:?}");
        assert!(outcome.stdout.contains(&named), "{damage}: {}", outcome.stdout);
        std::fs::remove_dir_all(&data).expect("removed");
    }
}

/// How many rows the record has.
fn recorded(file: &Path) -> i64 {
    let database = Connection::open(file).expect("a database");
    database.query_row("SELECT count(*) FROM audit", [], |row| row.get(0)).expect("counted")
}

fn damaged(file: &Path, damage: &str) {
    let database = Connection::open(file).expect("a database");
    database.pragma_update(None, "foreign_keys", "OFF").expect("set");
    let changed = database.execute(damage, []).expect(damage);
    assert!(changed > 0, "{damage}");
}
