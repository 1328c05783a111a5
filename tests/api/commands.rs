//! What an operator types.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use rusqlite::{Connection, OpenFlags};
use serde_json::json;
use support::region::{Client, Region, address, items, text};
use support::server_process::{outcome, program, run};
use support::ws_client::Incoming;
use uuid::Uuid;

fn database(folder: &Path) -> Connection {
    Connection::open_with_flags(folder.join("egida.db"), OpenFlags::SQLITE_OPEN_READ_WRITE).expect("a database")
}

/// Checks that a command is refused with exit code 2 and a sentence that names what is wrong.
#[track_caller]
fn refused(folder: &Path, arguments: &[&str], named: &str) {
    let outcome = outcome(folder, arguments).expect("it runs");
    assert_eq!(outcome.code, Some(2), "{arguments:?}: {outcome:?}");
    assert!(outcome.stderr.contains(named) && outcome.stderr.trim().lines().count() == 1, "{arguments:?}: {}", outcome.stderr);
}

/// Act, detail and whether somebody did it, of the acts about an account.
fn acts(folder: &Path, account: &str) -> Vec<(String, String, bool)> {
    let database = database(folder);
    let sql = "SELECT act, detail, actor IS NOT NULL FROM audit WHERE target = ?1 ORDER BY n";
    let mut statement = database.prepare(sql).expect("SQL");
    let rows = statement.query_map([format!("account:{account}")], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)));
    rows.expect("rows").map(|row| row.expect("a row")).collect()
}

#[tokio::test]
async fn commands_give_the_powers_that_the_screen_gives() {
    let region = Region::shared();
    let create = |email: &str, role: &str, scope: &str| {
        ["account", "create", "--email", email, "--name", "Ana", "--role", role, "--scope", scope].map(ToOwned::to_owned)
    };
    for (role, scope) in [
        ("administrator", "country:RO"),
        ("administrator", "theme:forced-begging"),
        ("moderator", "country:FR"),
        ("moderator", "theme:weather"),
        ("king", "region"),
    ] {
        let arguments = create("a@commands.example", role, scope);
        refused(region.folder(), &arguments.each_ref().map(String::as_str), "role, scope:");
    }
    let email = format!("{}@commands.example", Uuid::now_v7());
    run(region.folder(), &create(&email, "moderator", "country:RO").each_ref().map(String::as_str), None).expect("created");
    let admin = region.person("admin").await;
    let found = admin.get(&format!("/api/accounts?q={email}")).await.is(200);
    let account = &items(&found)[0];
    assert_eq!(account["roles"][0]["scope"], "country:RO");
    let acts = acts(region.folder(), &text(&account["id"]));
    let nobody = |act: &str, detail: &str| (act.to_owned(), detail.to_owned(), false);
    assert_eq!(acts, [nobody("account.create", "cli"), nobody("role.grant", "cli moderator country:RO")]);
}

#[tokio::test]
async fn an_accreditation_of_no_days_or_reminded_of_before_it_begins_starts_nothing() {
    let region = Region::shared();
    for (variable, value, key) in [
        ("EGIDA_REQUEST_DAYS", "29", "request_days: 29 is not between 30 and 3650 days"),
        ("EGIDA_REQUEST_DAYS", "for ever", "request_days: for ever"),
        ("EGIDA_ACCREDITATION_DAYS", "0", "accreditation_days: 0"),
        ("EGIDA_ACCREDITATION_DAYS", "twelve months", "accreditation_days: twelve months"),
        ("EGIDA_ACCREDITATION_DAYS", "10", "reminder_days: 30"),
        ("EGIDA_REMINDER_DAYS", "7, 30", "reminder_days: 7, 30"),
    ] {
        let serve = Command::new(program("egida").expect("built"))
            .args(["--data", region.folder().to_str().expect("a path"), "serve", "--listen", "127.0.0.1:0"])
            .env(variable, value)
            .output()
            .expect("it runs");
        let said = String::from_utf8_lossy(&serve.stderr);
        assert_eq!(serve.status.code(), Some(2), "{said}");
        assert!(said.contains(key) && said.trim().lines().count() == 1, "{value}: {said}");
    }
}

#[tokio::test]
async fn an_account_by_command_is_accredited_for_the_days_that_are_set() {
    let region = Region::shared();
    let email = format!("{}@commands.example", Uuid::now_v7());
    let create = Command::new(program("egida").expect("built"))
        .args(["--data", region.folder().to_str().expect("a path"), "account", "create", "--email", &email, "--name", "Ana"])
        .env("EGIDA_ACCREDITATION_DAYS", "10")
        .output()
        .expect("it runs");
    assert!(create.status.success(), "{create:?}");
    let sql = "SELECT (accredited_until - created_at) / 86400000000.0 FROM account WHERE email = ?1";
    let days: f64 = database(region.folder()).query_row(sql, [&email], |row| row.get(0)).expect("a row");
    assert!((days - 10.0).abs() < 0.01, "{days}");
}

#[tokio::test]
async fn who_is_suspended_by_command_gets_no_token_and_both_are_recorded() {
    let region = Region::shared();
    let person = region.person("labour.al").await;
    let (email, admin) = (address("labour.al"), region.person("admin").await);
    run(region.folder(), &["account", "suspend", "--email", &email], None).expect("suspended");
    refused(region.folder(), &["token", "create", "--account", &email], "suspended");
    admin.delete(&format!("/api/accounts/{}/suspension", person.id)).await.is(204);
    let made = run(region.folder(), &["token", "create", "--account", &email], None).expect("a token");
    assert!(!made.trim().is_empty());
    let acts = acts(region.folder(), &person.id);
    let of_nobody: Vec<_> =
        acts.iter().filter(|(_, detail, somebody)| detail == "cli" && !somebody).map(|(act, ..)| act.as_str()).collect();
    // The first token is the one that every demo person of these tests has.
    assert_eq!(of_nobody, ["token.create", "account.suspend", "token.create"], "{acts:?}");
}

#[tokio::test]
async fn a_token_that_is_taken_back_ends_at_once_with_its_sockets() {
    let region = Region::shared();
    let email = address("helpline.al");
    let token = |label: &str| {
        let made = run(region.folder(), &["token", "create", "--account", &email, "--label", label], None);
        Client::with_token(region.origin(), made.expect("a token").trim())
    };
    let (lost, kept) = (token("statistics"), token("bridge"));
    let listed = run(region.folder(), &["token", "list", "--account", &email], None).expect("listed");
    assert!(listed.contains("  statistics\n") && listed.contains("  bridge\n"), "{listed}");
    let (mut first, mut second) = (lost.live().await, kept.live().await);
    run(region.folder(), &["token", "revoke", "--account", &email, "--label", "statistics"], None).expect("taken back");
    let by = Instant::now() + Duration::from_secs(1);
    let code = loop {
        match first.next_within(by.saturating_duration_since(Instant::now())).await {
            Some(Incoming::Frame(_)) => {}
            Some(Incoming::Closed { code, .. }) => break Some(code),
            None => break None,
        }
    };
    assert_eq!(code, Some(4401), "not closed within a second");
    lost.get("/api/session").await.refused(401, "not_signed_in");
    kept.get("/api/session").await.is(200);
    second.send(&json!({"type": "ping"})).await.expect("open");
    refused(region.folder(), &["token", "revoke", "--account", &email, "--label", "statistics"], "label:");
    let left = run(region.folder(), &["token", "list", "--account", &email], None).expect("listed");
    assert!(!left.contains("statistics") && left.contains("bridge"), "{left}");
}

#[test]
fn a_demo_has_a_password_that_the_screen_would_take() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    for password in ["", "short", "passwordpassword"] {
        refused(&data, &["demo", "--password", password], "password:");
    }
    assert!(!data.exists(), "nothing was made");
}

#[test]
fn a_demo_that_was_broken_off_is_told_from_a_region() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut making = Command::new(program("egida").expect("built"))
        .args(["--data", folder.path().to_str().expect("text"), "demo"])
        .stdout(Stdio::null())
        .spawn()
        .expect("it runs");
    let begun = Instant::now();
    let filling = || -> Option<bool> {
        let file = folder.path().join("egida.db");
        let database = Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_ONLY).ok()?;
        let sql = "SELECT value = 'filling' AND EXISTS (SELECT 1 FROM channel) FROM setting WHERE key = 'region'";
        database.query_row(sql, [], |row| row.get(0)).ok()
    };
    while filling() != Some(true) {
        assert!(begun.elapsed() < Duration::from_secs(20), "it never began to fill");
        std::thread::sleep(Duration::from_millis(1));
    }
    making.kill().expect("killed");
    making.wait().expect("gone");
    for command in [&["serve", "--listen", "127.0.0.1:0"][..], &["demo"], &["init"], &["account", "list"]] {
        refused(folder.path(), command, "never finished");
    }
}

#[test]
fn a_folder_without_a_region_is_no_region() {
    let folder = tempfile::tempdir().expect("a folder");
    refused(folder.path(), &["serve", "--listen", "127.0.0.1:0"], "holds no region");
    run(folder.path(), &["init"], None).expect("made");
    refused(folder.path(), &["init"], "holds a region already");
    refused(folder.path(), &["demo"], "holds a region already");
}

#[tokio::test]
async fn people_and_accounts_are_found_whatever_the_case_and_the_place_in_the_name() {
    let region = Region::shared();
    let admin = region.person("admin").await;
    let email = format!("{}@commands.example", Uuid::now_v7());
    let wish = json!({"email": email, "name": "Łucja Đorđević-Ščekić", "country": "ME", "function": "SOCIAL-WORKER",
        "organisation": "Școala ȚĂNDĂREI"});
    let made = admin.post("/api/invitations", wish).await.is(201);
    let visitor = region.anonymous().with("x-forwarded-for", "192.0.2.44");
    let acceptance =
        json!({"token": made["token"], "email": email, "name": "Łucja Đorđević-Ščekić", "password": "seven quiet lighthouses"});
    let id = text(&visitor.post("/api/invitation-acceptances", acceptance).await.is(201)["id"]);
    // Only who has been confirmed is found by others.
    let second = region.person("moderator.region").await;
    second.put_json(&format!("/api/people/{id}/confirmation"), json!({"how": "vouched"})).await.is(204);
    for (list, sought) in [
        ("accounts", "%C4%90OR%C4%90EVI%C4%86"), // ĐORĐEVIĆ
        ("accounts", "djordjevic"),
        ("accounts", "%C8%98COALA"), // ȘCOALA
        ("accounts", "tandarei"),
        ("accounts", &email.to_uppercase()),
        ("people", "%C5%A0%C4%8CEKI%C4%86"), // ŠČEKIĆ
        ("people", "scek"),
        ("people", "Djordjevic-Sce"),
    ] {
        let found = admin.get(&format!("/api/{list}?q={sought}")).await.is(200);
        assert!(items(&found).iter().any(|row| row["id"] == id.as_str()), "{list} {sought}: {found}");
    }
    let found = admin.get("/api/accounts?q=%C4%90OR%C4%90EVI%C4%86%20x").await.is(200);
    assert!(items(&found).is_empty(), "{found}");
    // Page by page, each once.
    let mut seen = 0;
    let mut cursor = String::new();
    loop {
        let page = admin.get(&format!("/api/accounts?q=demo&limit=7{cursor}")).await.is(200);
        seen += items(&page).len();
        let Some(next) = page["next"].as_str() else { break };
        cursor = format!("&cursor={next}");
    }
    assert_eq!(seen, items(&admin.get("/api/accounts?q=demo&limit=100").await.is(200)).len());
    assert!(seen > 40, "{seen}");
}
