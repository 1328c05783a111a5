//! Searches that people keep, and what they are told of them.

use std::time::Duration;

use serde_json::{Value, json};
use support::region::{Client, Region, draft, items, text};
use support::ws_client::Socket;

/// A sweep is due after a minute; it is looked each second whether one is.
const A_SWEEP: i64 = 61;
/// By then a sweep has come and gone.
const SETTLED: Duration = Duration::from_secs(4);
const SAVED: &str = "/api/search/saved";
/// What the guard takes for somebody's.
const NUMBER: &str = "0101901710008";

async fn save(client: &Client, name: &str, query: &str, alert: bool) -> String {
    text(&client.post(SAVED, json!({"name": name, "query": query, "alert": alert})).await.is(201)["id"])
}

/// What somebody keeps under this id.
async fn kept(client: &Client, id: &str) -> Value {
    let list = client.get(SAVED).await.is(200);
    items(&list).iter().find(|each| each["id"] == id).unwrap_or_else(|| panic!("{id} is not in {list}")).clone()
}

/// Lets a sweep pass, with whatever it tells.
async fn sweep(region: &Region) {
    region.advance(A_SWEEP).await;
    tokio::time::sleep(SETTLED).await;
}

/// What a window was told of saved searches, up to now.
async fn told(socket: &mut Socket) -> Vec<Value> {
    socket.send(&json!({"type": "the end"})).await.expect("sent");
    let mut notices = Vec::new();
    loop {
        let frame = socket.next().await.expect("a frame");
        match frame["type"].as_str() {
            Some("refused") => return notices,
            Some("notice") if frame["code"] == "saved_search" => notices.push(frame),
            _ => {}
        }
    }
}

#[tokio::test]
async fn searches_are_kept_for_their_person_alone() {
    let region = Region::shared();
    let (one, other) = (region.person("psychologist.bg").await, region.person("police.mk").await);
    let query = "begging country:RO -school";
    let saved = one.post(SAVED, json!({"name": "  Begging  in Romania ", "query": query})).await.is(201);
    let id = text(&saved["id"]);
    assert_eq!(kept(&one, &id).await, saved);
    assert_eq!((&saved["name"], &saved["query"]), (&json!("Begging in Romania"), &json!(query)));
    assert_eq!((&saved["alert"], &saved["found_at"]), (&json!(false), &Value::Null));
    let path = format!("{SAVED}/{id}");
    assert!(!items(&other.get(SAVED).await.is(200)).iter().any(|each| each["id"] == id));
    let absent = format!("{SAVED}/01900000-0000-7000-8000-000000000000");
    for (hidden, none) in [
        (other.patch(&path, json!({"name": "Mine"})).await, other.patch(&absent, json!({"name": "Mine"})).await),
        (other.delete(&path).await, other.delete(&absent).await),
    ] {
        assert_eq!((hidden.status, &hidden.text), (404, &none.text));
    }
    one.patch(&path, json!({"name": "Renamed", "alert": true})).await.is(204);
    let changed = kept(&one, &id).await;
    assert_eq!((&changed["name"], &changed["alert"], &changed["query"]), (&json!("Renamed"), &json!(true), &json!(query)));
    one.delete(&path).await.is(204);
    one.delete(&path).await.refused(404, "not_found");
    region.anonymous().get(SAVED).await.refused(401, "not_signed_in");
}

#[tokio::test]
async fn what_can_not_be_kept_is_refused_with_why() {
    let region = Region::shared();
    let member = region.person("labour.al").await;
    let wish = |name: &str, query: &str| json!({"name": name, "query": query});
    for (query, reason) in
        [("", "no_words"), ("country:FR", "unknown_country"), ("\"open", "open_quotation"), ("-only", "only_exclusions")]
    {
        assert_eq!(member.post(SAVED, wish("A name", query)).await.refused(400, "bad_query")["reason"], reason);
    }
    for name in ["", " ", "a\u{202E}b", "n".repeat(81).as_str()] {
        member.post(SAVED, wish(name, "begging")).await.refused(422, "name_invalid");
    }
    member.post(SAVED, wish(NUMBER, "begging")).await.refused(422, "personal_data");
    member.post(SAVED, wish("A name", NUMBER)).await.refused(422, "personal_data");
    for n in 0..50 {
        save(&member, &format!("Search {n}"), "begging", false).await;
    }
    assert_eq!(member.post(SAVED, wish("One more", "begging")).await.refused(422, "too_many")["limit"], 50);
    let all = member.get(SAVED).await.is(200);
    assert_eq!((items(&all).len(), text(&items(&all)[0]["name"])), (50, "Search 49".into()), "the latest first");
    for each in items(&all) {
        member.delete(&format!("{SAVED}/{}", text(&each["id"]))).await.is(204);
    }
}

#[tokio::test]
async fn an_alert_comes_once_for_what_others_say_and_survives_a_restart() {
    let region = Region::start_with_clock().expect("a region");
    let (reader, author) = (region.person("member.ro").await, region.person("member.gr").await);
    let room = region.room("closed", &[&reader, &author]).await;
    author.say(&room, "herons said before").await;
    let id = save(&reader, "Herons", "herons", true).await;
    let silent = save(&reader, "Without an alert", "herons", false).await;
    let mut window = reader.live().await;
    sweep(&region).await;
    assert_eq!(told(&mut window).await, Vec::<Value>::new(), "what was there before is no news");
    reader.say(&room, "herons of my own").await;
    sweep(&region).await;
    assert_eq!(told(&mut window).await, Vec::<Value>::new(), "nor is what one says oneself");
    author.say(&room, "herons over the delta").await;
    sweep(&region).await;
    assert_eq!(told(&mut window).await, [json!({"type": "notice", "code": "saved_search", "id": id, "name": "Herons"})]);
    assert!(kept(&reader, &id).await["found_at"].is_string() && kept(&reader, &silent).await["found_at"].is_null());
    author.say(&room, "more herons").await;
    sweep(&region).await;
    assert_eq!(told(&mut window).await, Vec::<Value>::new(), "who hasn't looked since is not told again");
    reader.patch(&format!("{SAVED}/{id}"), json!({"seen": true})).await.is(204);
    drop(window);
    region.stop().expect("stopped");
    let region = region.started_again().expect("served again");
    let (reader, author) = (region.person("member.ro").await, region.person("member.gr").await);
    let mut window = reader.live().await;
    sweep(&region).await;
    assert_eq!(told(&mut window).await, Vec::<Value>::new(), "nothing is told twice");
    assert_eq!(kept(&reader, &id).await["found_at"], Value::Null);
    author.say(&room, "herons after the restart").await;
    sweep(&region).await;
    assert_eq!(told(&mut window).await.len(), 1);
}

#[tokio::test]
async fn no_alert_comes_for_what_its_person_may_not_open() {
    let region = Region::start_with_clock().expect("a region");
    let (reader, author) = (region.signed_in("member.ro").await, region.signed_in("member.gr").await);
    let moderator = region.signed_in("moderator.ro").await;
    let elsewhere = region.room("closed", &[&author]).await;
    let wish = json!({"kind": "closed", "country": "RO", "marking": "clear"});
    let shared = region.room_of("moderator.region", &wish, &[&reader, &author]).await;
    let id = save(&reader, "Canaries", "canary", true).await;
    let named = save(&reader, "In that room", &format!("canary in:{elsewhere}"), true).await;
    let nothing = save(&reader, "Nothing at all", "nowhereatall", true).await;
    let powerful = save(&moderator, "Canaries", "canary", true).await;
    let mut windows = [reader.live().await, moderator.live().await];
    author.say(&elsewhere, "canary behind a door").await;
    for handling in [json!({"marking": "red"}), json!({"handling": ["h3"], "restriction": "ours alone"})] {
        let mut wish = draft("canary withheld");
        for (name, value) in handling.as_object().expect("labels") {
            wish[name] = value.clone();
        }
        author.post(&format!("/api/channels/{shared}/messages"), wish).await.is(201);
    }
    sweep(&region).await;
    for window in &mut windows {
        assert_eq!(told(window).await, Vec::<Value>::new());
    }
    // It looks like a search that has found nothing anywhere.
    let bare = |mut saved: Value| {
        for own in ["id", "name", "query", "created_at"] {
            saved[own] = Value::Null;
        }
        saved
    };
    let empty = bare(kept(&reader, &nothing).await);
    assert_eq!([bare(kept(&reader, &id).await), bare(kept(&reader, &named).await)], [empty.clone(), empty]);
    author.say(&shared, "canary in the open").await;
    sweep(&region).await;
    let [own, others] = &mut windows;
    let found = told(own).await;
    assert_eq!(found.iter().map(|notice| text(&notice["id"])).collect::<Vec<_>>(), [id]);
    assert!(!found[0].to_string().contains("open"), "{found:?}");
    assert_eq!(
        told(others).await,
        Vec::<Value>::new(),
        "what is closed to a moderator but for a power is searched by nobody alone"
    );
    assert_eq!(kept(&moderator, &powerful).await["found_at"], Value::Null);
    let looks = region.person("auditor.region").await.get("/api/record?act=channel.search").await.is(200);
    assert!(items(&looks).is_empty(), "{looks}");
}

#[tokio::test]
async fn alerts_end_with_who_may_come_in() {
    let region = Region::start_with_clock().expect("a region");
    let admin = region.person("admin").await;
    let (leaving, author) = (region.person("member.ro").await, region.person("member.gr").await);
    let room = region.room("open", &[&leaving, &author]).await;
    let id = save(&leaving, "Herons", "herons", true).await;
    admin.put(&format!("/api/accounts/{}/suspension", leaving.id)).await.is(204);
    author.say(&room, "herons over the delta").await;
    sweep(&region).await;
    admin.delete(&format!("/api/accounts/{}/suspension", leaving.id)).await.is(204);
    let back = kept(&leaving, &id).await;
    assert_eq!((&back["alert"], &back["found_at"]), (&json!(false), &Value::Null));
    leaving.patch(&format!("{SAVED}/{id}"), json!({"alert": true})).await.is(204);
    sweep(&region).await;
    assert_eq!(kept(&leaving, &id).await["found_at"], Value::Null, "what came meanwhile is no news");
    author.say(&room, "herons once more").await;
    sweep(&region).await;
    assert!(kept(&leaving, &id).await["found_at"].is_string());
}
