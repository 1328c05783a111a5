//! Who may know whom in `server/src` (docs/architecture.md draws it).

use crate::rust_paths::named;
use crate::tree;

/// Every part of the house, from the door to the ground: a part may know those of the lines below its own.
const LAYERS: [&[&str]; 12] = [
    &["main"],
    &["cli"],
    &["app"],
    &["routes"],
    &["config", "ui"],
    // The slices; among themselves they know whom `SLICES` says.
    &[
        "identity",
        "idempotency",
        "directory",
        "channels",
        "glossary",
        "search",
        "files",
        "moderation",
        "messages",
        "approvals",
        "topics",
        "library",
        "campaigns",
        "agenda",
        "exercises",
        "studies",
        "keys",
        "cases",
        "referrals",
        "requests",
        "deconfliction",
        "translation",
        "overview",
        "newsletter",
        "home",
        "vetting",
        "admin",
        "record",
    ],
    &["attachable", "publishable"],
    &["findable"],
    &["context", "vocabulary"],
    &["access", "audit", "realtime"],
    &["base"],
    // Ways to be broken on purpose, for the tests of the fault checker.
    &["faults"],
];

/// Which slices a slice may call, through their `mod.rs`. Each line names only slices of the lines above it: no circles.
const SLICES: [(&str, &[&str]); 28] = [
    ("identity", &[]),
    ("idempotency", &["identity"]),
    ("directory", &["identity"]),
    ("channels", &["identity", "directory"]),
    ("glossary", &["identity"]),
    // The index row is written in the transaction of the post: messages call search, never the other way round.
    ("search", &["identity", "channels", "glossary"]),
    // It knows files, and not what they hang on: who may open that is handed to it.
    ("files", &["identity", "search"]),
    // Messages ask it before they are stored; how a released post becomes a message is handed to it.
    ("moderation", &["identity", "channels", "files"]),
    ("messages", &["identity", "idempotency", "directory", "channels", "search", "files", "moderation"]),
    // It takes out what the others hold, and shows and changes what they guard.
    ("approvals", &["identity", "directory", "channels", "moderation", "messages"]),
    ("topics", &["identity", "directory", "channels", "messages"]),
    ("library", &["identity", "directory", "channels", "glossary", "search", "files"]),
    ("campaigns", &["identity", "directory", "channels", "files", "search", "library"]),
    ("agenda", &["identity", "directory", "search"]),
    ("exercises", &["identity", "directory", "channels", "messages"]),
    ("studies", &["identity", "directory", "search", "files"]),
    ("keys", &["identity"]),
    ("cases", &["identity", "directory", "files", "exercises", "keys"]),
    ("referrals", &["identity", "directory", "exercises", "keys", "cases"]),
    ("requests", &["identity", "directory", "exercises"]),
    ("deconfliction", &["identity", "directory", "exercises"]),
    ("translation", &["identity", "glossary", "messages"]),
    ("overview", &["identity", "channels", "messages", "topics"]),
    // What it takes from comes as feeds: it knows neither practices nor campaigns.
    ("newsletter", &["identity", "directory", "glossary", "search"]),
    (
        "home",
        &["identity", "channels", "library", "campaigns", "agenda", "studies", "keys", "requests", "deconfliction", "newsletter"],
    ),
    ("vetting", &["identity", "channels"]),
    ("admin", &["identity", "directory", "channels", "vetting"]),
    ("record", &["identity", "channels"]),
];

/// What of a slice nobody else may touch.
const PRIVATE: [&str; 2] = ["store", "http"];

/// Files outside a slice's `http` that speak HTTP themselves.
const SPEAK_HTTP: [&str; 5] = ["app.rs", "routes.rs", "ui.rs", "realtime/frame.rs", "realtime/socket.rs"];

/// The crate's root: it lists the modules, and tools ask it for what they need of them.
const ROOT: &str = "lib.rs";

/// The forbidden paths of a file (as below `server/src`), each with its line.
fn broken(file: &str, source: &str) -> Vec<String> {
    let module: Vec<&str> = file.trim_end_matches(".rs").split('/').filter(|part| !matches!(*part, "mod" | "lib")).collect();
    let area = module.first().copied().unwrap_or_default();
    let mut broken = Vec::new();
    if file != ROOT && layer(area).is_none() {
        broken.push(format!("{file}:1: `{area}` has no place in the table of tests/contract/house.rs"));
    }
    for found in named(&module, source) {
        let path: Vec<&str> = found.path.iter().map(String::as_str).collect();
        if let Some(why) = forbidden(file, area, &path) {
            broken.push(format!("{file}:{}: {}: {why}", found.line, path.join("::")));
        }
    }
    broken
}

fn forbidden(file: &str, area: &str, path: &[&str]) -> Option<String> {
    match path {
        ["sqlx" | "rusqlite", rest @ ..] => {
            let stores = file.ends_with("/store.rs") || file.contains("/store/") || file.starts_with("base/db/");
            (!stores && rest != ["FromRow"]).then(|| "SQL belongs into store.rs".into())
        }
        ["axum", ..] => {
            let speaks = file.ends_with("/http.rs") || file.contains("/http/") || SPEAK_HTTP.contains(&file);
            (!speaks).then(|| "HTTP belongs into http.rs".into())
        }
        ["crate", to, within @ ..] if file != ROOT => knows(area, to, within),
        // The program sees the library from outside.
        ["egida", to, within @ ..] if area == "main" => knows(area, to, within),
        _ => None,
    }
}

fn knows(area: &str, to: &str, within: &[&str]) -> Option<String> {
    if area == to {
        return None;
    }
    // What has no place in the table is an item of the crate's root, such as the macro `on!`.
    let (from_layer, to_layer) = (layer(area)?, layer(to)?);
    if is_slice(to) && within.iter().any(|part| PRIVATE.contains(part)) {
        return Some(format!("`{to}` is entered through its mod.rs"));
    }
    let told = SLICES.iter().any(|(slice, others)| *slice == area && others.contains(&to));
    (to_layer <= from_layer && !told).then(|| format!("`{area}` knows nothing of `{to}`"))
}

fn layer(area: &str) -> Option<usize> {
    LAYERS.iter().position(|layer| layer.contains(&area))
}

fn is_slice(area: &str) -> bool {
    SLICES.iter().any(|(slice, _)| *slice == area)
}

#[test]
fn imports_run_one_way() {
    let files = tree::files("server/src", &[".rs"]);
    assert!(files.len() > 30, "only {} files were found", files.len());
    let broken: Vec<_> = files.iter().flat_map(|(file, source)| broken(file, source)).collect();
    assert!(broken.is_empty(), "below server/src:\n{}", broken.join("\n"));
}

#[test]
fn the_table_of_slices_has_no_circle() {
    for (at, (slice, others)) in SLICES.iter().enumerate() {
        for other in *others {
            assert!(SLICES[..at].iter().any(|(above, _)| above == other), "{slice} -> {other}");
        }
        assert!(layer(slice).is_some(), "{slice} has no layer");
    }
}

#[test]
fn forbidden_edges_are_seen() {
    let cases = [
        ("base/text.rs", "use crate::channels;", "`base` knows nothing of `channels`"),
        ("realtime/hub.rs", "fn f() { crate::messages::g() }", "`realtime` knows nothing of `messages`"),
        ("realtime/hub.rs", "use crate::{base::ids, access::may};", "`realtime` knows nothing of `access`"),
        ("access/policy.rs", "use crate::context::Ctx;", "`access` knows nothing of `context`"),
        ("identity/mod.rs", "use crate::channels::welcome;", "`identity` knows nothing of `channels`"),
        ("identity/mod.rs", "use super::channels::welcome;", "`identity` knows nothing of `channels`"),
        ("messages/http.rs", "use crate::channels::store::head;", "`channels` is entered through its mod.rs"),
        ("messages/http.rs", "use crate::channels::topics::{self, store};", "`channels` is entered through its mod.rs"),
        ("messages/post.rs", "use crate::channels;\nfn f() { channels::store::g() }", "`channels` is entered through its mod.rs"),
        ("cli/serve.rs", "use crate::identity::http::label;", "`identity` is entered through its mod.rs"),
        ("channels/model.rs", "use sqlx::Row;", "SQL belongs into store.rs"),
        ("channels/http.rs", "async fn f() { sqlx::query(\"\") }", "SQL belongs into store.rs"),
        ("messages/post.rs", "use rusqlite::ToSql;", "SQL belongs into store.rs"),
        ("channels/model.rs", "use axum::Json;", "HTTP belongs into http.rs"),
        ("main.rs", "fn main() { egida::base::ids::f() }\nfn g() { crate::f() }", ""),
        ("stray/mod.rs", "", "`stray` has no place in the table"),
    ];
    for (file, source, why) in cases {
        let found = broken(file, source).join("\n");
        assert!(found.contains(why), "{file} {source}: {found}");
    }
    assert_eq!(
        broken("base/text.rs", "\n\nuse crate::channels;"),
        ["base/text.rs:3: crate::channels: `base` knows nothing of `channels`"]
    );
}

#[test]
fn allowed_edges_pass() {
    let cases = [
        ("lib.rs", "pub mod app;\npub fn openapi_json() -> String { crate::openapi::json() }"),
        ("main.rs", "fn main() { egida::cli::main() }"),
        ("cli/serve.rs", "use crate::app::App;\nuse crate::identity::{self, create_account};"),
        ("routes.rs", "use axum::Router;\nuse crate::channels;"),
        ("messages/post.rs", "use crate::channels::{self, authorise};\nuse crate::access::Action;\nuse super::store;"),
        ("messages/store.rs", "use sqlx::Row;\nuse crate::on;\nuse crate::base::db::Tx;"),
        ("channels/topics/mod.rs", "#[derive(sqlx::FromRow)]\nstruct T;\nuse super::model::NewChannel;"),
        ("context.rs", "use crate::realtime::Hub;"),
        ("realtime/socket.rs", "use axum::extract::ws::WebSocket;"),
        ("base/http/json.rs", "use axum::Json;\nuse crate::base::db;"),
        ("channels/model.rs", "mod tests {\n use crate::messages::store;\n}"),
    ];
    for (file, source) in cases {
        assert_eq!(broken(file, source), Vec::<String>::new(), "{file} {source}");
    }
}
