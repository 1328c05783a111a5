//! The record: what comes into it, who reads it, and what leaves.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::State;
use axum::routing::post;
use serde_json::{Value, json};
use support::region::{Client, Region, address, items, text};
use support::tls::tls_before;

/// The rows that a reading of the record gives, latest first.
async fn rows(auditor: &Client, query: &str) -> Vec<Value> {
    items(&auditor.get(&format!("/api/record?{query}")).await.is(200)).clone()
}

fn acts(rows: &[Value]) -> Vec<&str> {
    rows.iter().filter_map(|row| row["act"].as_str()).collect()
}

#[tokio::test]
async fn auditors_read_the_record_and_nobody_else() {
    let region = Region::shared();
    let auditor = region.person("auditor.region").await;
    for handle in ["member.ro", "moderator.ro", "moderator.region", "admin"] {
        let person = region.person(handle).await;
        for path in ["/api/record", "/api/record.csv", "/api/record/head"] {
            person.get(path).await.refused(403, "forbidden");
        }
    }
    region.anonymous().get("/api/record").await.refused(401, "not_signed_in");
    assert!(!rows(&auditor, "limit=5").await.is_empty());
    assert_eq!(auditor.get("/api/record/head").await.is(200)["place"], Value::Null);
}

#[tokio::test]
async fn auditors_read_no_content() {
    let region = Region::shared();
    let (auditor, insider) = (region.person("auditor.region").await, region.person("social.xk").await);
    let room = region.room("closed", &[&insider]).await;
    let (topic, message) = insider.begin(&room, "wombatcanary", "wombatcanary").await;
    for path in [
        format!("/api/channels/{room}"),
        format!("/api/channels/{room}/messages"),
        format!("/api/channels/{room}/topics"),
        format!("/api/channels/{room}/members"),
        format!("/api/topics/{topic}"),
        format!("/api/messages/{message}"),
    ] {
        auditor.get(&path).await.refused(404, "not_found");
    }
    assert!(items(&auditor.get("/api/search?q=wombatcanary").await.is(200)).is_empty());
    // What was done in the room is in the record, without the room's name.
    let moderator = region.person("moderator.region").await;
    moderator.patch(&format!("/api/topics/{topic}"), json!({"title": "wombatcanary again"})).await.is(200);
    let found = rows(&auditor, &format!("target=channel:{room}")).await;
    assert!(acts(&found).contains(&"channel.open") && found.iter().all(|row| row["target"]["name"].is_null()), "{found:?}");
    let whole = auditor.get("/api/record.csv").await.text;
    assert!(whole.contains(&topic) && !whole.contains("wombatcanary"), "the title came into the record");
}

#[tokio::test]
async fn what_is_done_is_recorded_without_addresses() {
    let region = Region::shared();
    let (auditor, admin, moderator) =
        (region.person("auditor.region").await, region.person("admin").await, region.person("moderator.region").await);
    let (member, other) = (region.person("police.mk").await, region.person("ngo.mk").await);
    let room = region.room("closed", &[&other]).await;
    let open = region.room("open", &[]).await;

    let mut browser = region.signed_in("police.mk").await;
    browser.delete("/api/session").await.is(204);
    browser.sign_in(&address("police.mk"), region.password()).await.is(200);
    browser.delete("/api/sessions").await.is(204);
    for _ in 0..3 {
        region.anonymous().sign_in(&address("police.mk"), "wrong").await.is(401);
    }
    let own = rows(&auditor, &format!("target=account:{}", member.id)).await;
    let own = acts(&own).join(" ");
    assert!(own.ends_with("session.fail session.end_all session.begin session.end session.begin token.create"), "{own}");
    let failed = rows(&auditor, &format!("target=account:{}&act=session.fail", member.id)).await;
    assert_eq!((failed.len(), failed[0]["count"].as_i64()), (1, Some(3)), "counted together: {failed:?}");
    assert_eq!(failed[0]["actor"], Value::Null);

    member.put(&format!("/api/channels/{open}/members/me")).await.is(204);
    let posted = text(&member.say(&open, "quollcanary").await["id"]);
    moderator.put(&format!("/api/messages/{posted}/pin")).await.is(204);
    moderator.delete(&format!("/api/messages/{posted}/pin")).await.is(204);
    moderator.delete(&format!("/api/messages/{posted}")).await.is(204);
    member.delete(&format!("/api/channels/{open}/members/me")).await.is(204);
    moderator.put(&format!("/api/channels/{room}/members/{}", member.id)).await.is(204);
    moderator.delete(&format!("/api/channels/{room}/members/{}", member.id)).await.is(204);
    let of_message = rows(&auditor, &format!("target=message:{posted}")).await;
    assert_eq!(acts(&of_message), ["message.remove", "message.unpin", "message.pin"]);
    assert_eq!(
        acts(&rows(&auditor, &format!("target=channel:{open}&actor={}", member.id)).await),
        ["member.leave", "member.join"]
    );
    let of_room = rows(&auditor, &format!("target=channel:{room}&act=member.&limit=2")).await;
    assert_eq!(acts(&of_room), ["member.remove", "member.admit"]);
    assert_eq!(of_room[0]["about"][0]["id"], member.id.as_str());
    assert_eq!(of_room[0]["actor"]["name"]["en"], of_room[1]["actor"]["name"]["fr"]);

    let given =
        admin.post(&format!("/api/accounts/{}/roles", other.id), json!({"role": "moderator", "scope": "country:MD"})).await;
    let given = text(&given.is(201)["id"]);
    admin.delete(&format!("/api/accounts/{}/roles/{given}", other.id)).await.is(204);
    let powers = rows(&auditor, &format!("target=account:{}&act=role.", other.id)).await;
    assert_eq!(acts(&powers), ["role.revoke", "role.grant"]);
    assert_eq!(
        (powers[0]["detail"].as_str(), powers[0]["actor"]["id"].as_str()),
        (Some("moderator country:MD"), Some(&*admin.id))
    );

    let packed = auditor.with("accept-encoding", "gzip").get("/api/record.csv").await;
    assert_eq!((packed.status, packed.header("content-encoding")), (200, Some("gzip")), "sent to its end");
    let whole = auditor.get("/api/record.csv").await;
    assert_eq!(whole.header("content-type"), Some("text/csv; charset=utf-8"));
    assert!(
        !whole.text.contains("demo.egida.example") && !whole.text.contains("quollcanary") && !whole.text.contains("127.0.0.1,")
    );
}

#[tokio::test]
async fn topics_are_recorded_by_what_was_done_to_them() {
    let region = Region::shared();
    let (auditor, moderator) = (region.person("auditor.region").await, region.person("moderator.region").await);
    let (room, other) = (region.room("open", &[]).await, region.room("open", &[]).await);
    let (topic, _) = moderator.begin(&room, "A topic", "text").await;
    for change in
        [json!({"title": "Another", "resolved": true}), json!({"resolved": false}), json!({"themes": ["forced-begging"]})]
    {
        moderator.patch(&format!("/api/topics/{topic}"), change).await.is(200);
    }
    moderator.patch(&format!("/api/topics/{topic}"), json!({"channel": other})).await.is(200);
    let found = rows(&auditor, &format!("target=topic:{topic}")).await;
    assert_eq!(acts(&found), ["topic.move", "topic.tag", "topic.reopen", "topic.resolve", "topic.rename"]);
    let ends: Vec<_> = found[0]["about"].as_array().expect("a list").iter().map(|thing| text(&thing["id"])).collect();
    assert_eq!(ends, [room, other]);
}

#[tokio::test]
async fn who_looks_into_a_closed_room_is_recorded_once_and_seen_by_its_members() {
    let region = Region::shared();
    let auditor = region.person("auditor.region").await;
    let (insider, moderator) = (region.person("psychologist.bg").await, region.person("moderator.bg").await);
    let room = region.room_of("moderator.bg", &json!({"kind": "closed", "country": "BG"}), &[&insider]).await;
    // Who opened the room belongs to it: the moderator looks in from outside after leaving.
    moderator.delete(&format!("/api/channels/{room}/members/me")).await.is(204);
    insider.say(&room, "between us").await;
    for _ in 0..3 {
        moderator.get(&format!("/api/channels/{room}/messages")).await.is(200);
        moderator.get("/api/search?q=between").await.is(200);
        insider.get(&format!("/api/channels/{room}/messages")).await.is(200);
        insider.get("/api/search?q=between").await.is(200);
    }
    let found = rows(&auditor, &format!("target=channel:{room}&act=channel.")).await;
    assert_eq!(acts(&found[..2]), ["channel.search", "channel.read"], "{found:?}");
    assert_eq!(found.iter().filter(|row| row["act"] != "channel.open").count(), 2, "once an hour: {found:?}");
    assert!(found[..2].iter().all(|row| row["actor"]["id"] == moderator.id.as_str()));

    let seen = insider.get("/api/me/record").await.is(200);
    let of_room: Vec<_> = items(&seen).iter().filter(|look| look["channel"]["id"] == room.as_str()).collect();
    assert_eq!(of_room.len(), 2, "{seen}");
    assert_eq!(of_room[0]["person"]["id"], moderator.id.as_str());
    assert!(of_room[0]["channel"]["name"]["en"].as_str().is_some_and(|name| name.starts_with("Room")), "{seen}");
    // Others learn nothing of it, and whoever comes later learns of what follows only.
    let later = region.person("campaign.bg").await;
    assert!(!later.get("/api/me/record").await.text.contains(&room));
    moderator.put(&format!("/api/channels/{room}/members/{}", later.id)).await.is(204);
    assert!(!later.get("/api/me/record").await.text.contains(&room));
}

#[tokio::test]
async fn who_looks_at_a_profile_is_recorded_once_an_hour() {
    let region = Region::shared();
    let (auditor, seen, viewer) =
        (region.person("auditor.region").await, region.person("guardian.gr").await, region.person("academia").await);
    for _ in 0..3 {
        viewer.get(&format!("/api/people/{}", seen.id)).await.is(200);
        seen.get(&format!("/api/people/{}", seen.id)).await.is(200);
    }
    let looks = seen.get("/api/me/record").await.is(200);
    let views: Vec<_> = items(&looks).iter().filter(|look| look["act"] == "profile.view").collect();
    assert_eq!(views.len(), 1, "{looks}");
    assert_eq!((views[0]["person"]["id"].as_str(), views[0]["channel"].is_null()), (Some(&*viewer.id), true));
    assert_eq!(rows(&auditor, &format!("target=account:{}&act=profile.view", seen.id)).await.len(), 1);
    assert!(!items(&viewer.get("/api/me/record").await.is(200)).iter().any(|look| look["person"]["id"] == viewer.id.as_str()));
}

#[tokio::test]
async fn refusals_are_counted_together() {
    let region = Region::shared();
    let (auditor, prying, insider) =
        (region.person("auditor.region").await, region.person("loi.sofia").await, region.person("social.xk").await);
    let (room, second) = (region.room("closed", &[&insider]).await, region.room("closed", &[&insider]).await);
    for _ in 0..4 {
        prying.get(&format!("/api/channels/{room}/messages")).await.refused(404, "not_found");
    }
    prying.get(&format!("/api/people?channel={second}")).await.refused(404, "not_found");
    prying.get("/api/accounts").await.refused(403, "forbidden");
    prying.get(&format!("/api/channels/{}/messages", uuid::Uuid::now_v7())).await.refused(404, "not_found");
    let found = rows(&auditor, &format!("actor={}&act=access.", prying.id)).await;
    let mut counted: Vec<_> =
        found.iter().map(|row| (text(&row["act"]), row["count"].as_i64(), text(&row["target"]["id"]))).collect();
    counted.sort();
    assert_eq!(
        counted,
        [("access.forbidden".into(), Some(1), "accounts".into()), ("access.hidden".into(), Some(5), room)],
        "what doesn't exist is no refusal"
    );
    let hidden = found.iter().find(|row| row["act"] == "access.hidden").expect("a row");
    assert_eq!(hidden["about"][0]["id"], second.as_str());
}

/// A moment with all six digits of its second's parts, so that moments sort as texts.
fn sortable(at: &str) -> String {
    let (second, part) = at.trim_end_matches('Z').split_once('.').unwrap_or((at.trim_end_matches('Z'), ""));
    format!("{second}.{part:0<6}")
}

#[tokio::test]
async fn filters_narrow_and_pages_follow_each_other() {
    let region = Region::shared();
    let auditor = region.person("auditor.region").await;
    let all = auditor.get("/api/record?limit=3").await.is(200);
    let next = auditor.get(&format!("/api/record?limit=3&cursor={}", text(&all["next"]))).await.is(200);
    let (last, first) = (items(&all)[2]["n"].as_i64(), items(&next)[0]["n"].as_i64());
    assert!(first < last && items(&next).len() == 3, "{all} {next}");
    for row in rows(&auditor, "act=token.&limit=100").await {
        assert_eq!((row["act"].as_str(), row["actor"].is_null()), (Some("token.create"), true));
    }
    let boundary = text(&items(&all)[1]["at"]);
    let at = |row: &Value| sortable(&text(&row["at"]));
    assert!(rows(&auditor, &format!("to={boundary}")).await.iter().all(|row| at(row) < sortable(&boundary)));
    assert!(rows(&auditor, &format!("from={boundary}&limit=100")).await.iter().all(|row| at(row) >= sortable(&boundary)));
    assert!(rows(&auditor, "from=2999-01-01").await.is_empty());
    assert!(!rows(&auditor, "from=2020-01-01&to=2999-01-01").await.is_empty());
    for bad in ["act=a%27b", "target=x%20y", "from=yesterday", "cursor=x", "limit=0", "actor=me"] {
        auditor.get(&format!("/api/record?{bad}")).await.refused(400, "bad_request");
    }
    assert!(acts(&rows(&auditor, "act=record.read").await).len() == 1, "who reads the record is recorded once an hour");
}

#[tokio::test]
async fn no_cell_of_the_table_is_a_formula() {
    let region = Region::shared();
    let (auditor, person) = (region.person("auditor.region").await, region.person("igo.region").await);
    for name in ["=HYPERLINK(\"http://evil.example\",\"x\")", "+1", "-1", "@SUM(A1)"] {
        person.patch("/api/me", json!({"name": name})).await.is(200);
        let table = auditor.get(&format!("/api/record.csv?actor={}&act=account.rename", person.id)).await;
        assert!(table.text.starts_with("\u{feff}\"n\",\"at\","), "{}", table.text);
        let quoted = format!(",\"'{}\",", name.replace('"', "\"\""));
        assert!(table.text.contains(&quoted), "{quoted} is not in {}", table.text);
        assert_eq!(table.header("content-disposition"), Some("attachment; filename=\"egida-record.csv\""));
    }
    let exports = rows(&auditor, &format!("actor={}&act=record.export", auditor.id)).await;
    assert!(exports.iter().any(|row| text(&row["detail"]) == format!("act=account.rename actor={}", person.id)), "{exports:?}");
}

/// Rows of a table that is far longer than what is on its way at a time.
const LONG: u32 = 150_000;

#[tokio::test]
async fn a_download_stops_when_its_reader_is_out() {
    let region = Region::start(&[]).expect("a region");
    // Before the first row, so that the chain goes on where it stood.
    let database = rusqlite::Connection::open(region.folder().join("egida.db")).expect("a database");
    let filled = database.execute(
        "WITH RECURSIVE number (n) AS (SELECT -1 UNION ALL SELECT n - 1 FROM number WHERE n > -?1)
            INSERT INTO audit SELECT n, 0, NULL, 'search.run', 'region', 'a detail of a usual length', x'00' FROM number",
        [LONG],
    );
    filled.expect("a long record");
    let admin = region.person("admin").await;
    for way in ["stays", "signs out", "loses the role"] {
        let auditor = region.signed_in("auditor.region").await;
        let wish = reqwest::Client::new().get(format!("http://{}/api/record.csv", region.address()));
        let mut table = wish.header("cookie", auditor.cookie.clone().expect("a session")).send().await.expect("an answer");
        let mut lines = 0;
        let mut count = |chunk: &[u8]| lines += chunk.iter().fold(0, |lines, byte| lines + u32::from(*byte == b'\n'));
        count(&table.chunk().await.expect("a beginning").expect("a beginning"));
        match way {
            "signs out" => _ = auditor.delete("/api/session").await.is(204),
            "loses the role" => {
                let found = admin.get(&format!("/api/accounts?q={}", address("auditor.region"))).await.is(200);
                let account = &items(&found)[0];
                let role = format!("/api/accounts/{}/roles/{}", text(&account["id"]), text(&account["roles"][0]["id"]));
                admin.delete(&role).await.is(204);
            }
            _ => {}
        }
        let broken_off = loop {
            match table.chunk().await {
                Ok(Some(chunk)) => count(&chunk),
                Ok(None) => break false,
                Err(_) => break true,
            }
        };
        assert_eq!((broken_off, lines > LONG), (way != "stays", way == "stays"), "who {way} got {lines} lines");
    }
}

type Taken = Arc<Mutex<Vec<Value>>>;

/// Somewhere that takes heads, and those it has taken.
async fn notary() -> (SocketAddr, Taken) {
    async fn take(State(taken): State<Taken>, axum::Json(head): axum::Json<Value>) {
        taken.lock().expect("not poisoned").push(head);
    }
    let taken = Taken::default();
    let app = Router::new().route("/heads", post(take)).with_state(taken.clone());
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(async move { axum::serve(listener, app).await });
    (address, taken)
}

/// How it stands with the heads, once this holds of it.
async fn heads(region: &Region, holds: impl Fn(&Value) -> bool) -> Value {
    let auditor = region.person("auditor.region").await;
    let begun = Instant::now();
    loop {
        let state = auditor.get("/api/record/head").await.is(200);
        if holds(&state) {
            return state;
        }
        assert!(begun.elapsed() < Duration::from_secs(10), "{state}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

fn age(metrics: &str) -> Option<u64> {
    metrics.lines().find_map(|line| line.strip_prefix("egida_record_head_age_seconds ")?.parse().ok())
}

#[tokio::test]
async fn the_head_goes_to_a_place_by_http() {
    let (address, taken) = notary().await;
    let url = format!("http://{address}/heads");
    let region = Region::start(&[("EGIDA_RECORD_HEAD", &url)]).expect("a region");
    let state = heads(&region, |state| state["arrived_at"].is_string()).await;
    assert_eq!((state["place"].as_str(), state["head"].as_i64()), (Some("http"), Some(1)), "{state}");
    assert!(age(&region.anonymous().get("/metrics").await.text).is_some_and(|age| age < 60));
    tokio::task::spawn_blocking(move || region.stop()).await.expect("run").expect("stopped");
    let taken = taken.lock().expect("not poisoned");
    let heads: Vec<_> = taken.iter().map(|head| head["head"].as_i64()).collect();
    assert_eq!(heads, [Some(1), Some(2)], "one at the start and one at the end");
    assert!(taken.iter().all(|head| head["signature"].as_str().is_some_and(|signature| signature.len() == 128)), "{taken:?}");
}

#[tokio::test]
async fn the_head_goes_by_tls_to_whoever_shows_the_right_certificate_alone() {
    let settings = tempfile::tempdir().expect("a folder");
    let trusted = settings.path().join("authority.pem");
    let trusted = trusted.to_str().expect("a path");
    let by_tls = async |origin: &str| {
        let url = format!("{origin}/heads");
        Region::start(&[("EGIDA_RECORD_HEAD", &url), ("EGIDA_RECORD_AUTHORITIES", trusted)]).expect("a region")
    };
    let (address, taken) = notary().await;
    let (origin, authority) = tls_before(address).await;
    std::fs::write(trusted, &authority).expect("written");
    let region = by_tls(&origin).await;
    let state = heads(&region, |state| state["arrived_at"].is_string()).await;
    assert_eq!((state["place"].as_str(), state["waiting"].as_i64(), &state["failure"]), (Some("https"), Some(0), &Value::Null));
    assert_eq!(taken.lock().expect("not poisoned")[0]["head"], 1);

    // Somebody who has put himself in between: the same name, another certificate.
    let (stranger, seen) = notary().await;
    let (origin, _) = tls_before(stranger).await;
    let region = by_tls(&origin).await;
    let state = heads(&region, |state| state["failure"].is_string()).await;
    assert_eq!((state["failure"].as_str(), state["waiting"].as_i64()), (Some("untrusted"), Some(1)), "{state}");
    assert_eq!(state["arrived_at"], Value::Null);
    assert!(seen.lock().expect("not poisoned").is_empty(), "a head went to a stranger");
    // Under another name than the certificate's it is not believed either.
    let region = by_tls(&origin.replace("localhost", "127.0.0.1")).await;
    assert_eq!(heads(&region, |state| state["failure"].is_string()).await["failure"], "untrusted");
}

#[tokio::test]
async fn a_place_that_fails_stops_nothing() {
    let region = Region::start(&[("EGIDA_RECORD_HEAD", "/nowhere/at/all/heads.jsonl")]).expect("a region");
    region.person("member.ro").await.get("/api/channels").await.is(200);
    let state = heads(&region, |state| state["failure"].is_string()).await;
    assert_eq!((state["waiting"].as_i64(), state["arrived_at"].is_null()), (Some(1), true), "{state}");
    assert_eq!(state["failure"], "unwritable");
    assert!(age(&region.anonymous().get("/metrics").await.text).is_some());
    region.stop().expect("stopped");
}
