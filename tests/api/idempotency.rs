//! Requests that are sent again because their answer was lost.

use futures_util::future::join_all;
use reqwest::Method;
use rusqlite::Connection;
use serde_json::{Value, json};
use support::region::{Answer, Client, Region, items, text};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use uuid::Uuid;

fn keyed(client: &Client, key: &str) -> Client {
    client.with("idempotency-key", key)
}

fn is_replayed(answer: &Answer) -> bool {
    answer.header("idempotency-replayed") == Some("true")
}

fn wish(name: &str) -> Value {
    json!({"kind": "open", "name": {"en": name}})
}

/// How many channels of this name there are.
async fn named(client: &Client, name: &str) -> usize {
    let channels = client.get("/api/channels").await.is(200);
    items(&channels).iter().filter(|channel| channel["name"]["en"] == name).count()
}

#[tokio::test]
async fn the_same_request_again_is_answered_again_and_done_once() {
    let region = Region::shared();
    let moderator = region.person("moderator.region").await;
    let (name, key) = (format!("Once {}", Uuid::now_v7()), Uuid::now_v7().to_string());
    let first = keyed(&moderator, &key).post("/api/channels", wish(&name)).await;
    assert!(!is_replayed(&first));
    for _ in 0..2 {
        let again = keyed(&moderator, &key).post("/api/channels", wish(&name)).await;
        assert!(is_replayed(&again));
        assert_eq!((again.status, &again.text), (201, &first.text));
        assert_eq!(again.header("content-type"), first.header("content-type"));
        assert_eq!(again.header("cache-control"), Some("private, no-store"), "hardened like every answer");
    }
    assert_eq!(named(&moderator, &name).await, 1);
    // What has no body, and what was refused, is answered again just so.
    let channel = text(&first.is(201)["id"]);
    for (method, path, status) in [
        (Method::PUT, format!("/api/channels/{channel}/archive"), 204),
        (Method::DELETE, format!("/api/channels/{channel}/archive"), 204),
        (Method::PUT, format!("/api/channels/{}/archive", Uuid::now_v7()), 404),
    ] {
        let client = keyed(&moderator, &Uuid::now_v7().to_string());
        let first = client.send(method.clone(), &path, None).await;
        let again = client.send(method, &path, None).await;
        assert_eq!((first.status, again.status, &again.text), (status, status, &first.text), "{path}");
        assert_eq!(again.header("content-type"), first.header("content-type"));
        assert!(!is_replayed(&first) && is_replayed(&again), "{path}");
    }
}

#[tokio::test]
async fn a_key_is_for_one_request_of_one_person() {
    let region = Region::shared();
    let (one, other) = (region.person("moderator.region").await, region.person("moderator.ro").await);
    let (name, key) = (format!("Mine {}", Uuid::now_v7()), Uuid::now_v7().to_string());
    let made = keyed(&one, &key).post("/api/channels", wish(&name)).await.is(201);
    let channel = text(&made["id"]);
    keyed(&one, &key).post("/api/channels", wish("Another")).await.refused(422, "idempotency_mismatch");
    keyed(&one, &key).put(&format!("/api/channels/{channel}/archive")).await.refused(422, "idempotency_mismatch");
    keyed(&one, &key).post("/api/channels?x=1", wish(&name)).await.refused(422, "idempotency_mismatch");
    // Somebody else's key says nothing about mine.
    let mut theirs = wish(&name);
    theirs["country"] = "RO".into();
    let answer = keyed(&other, &key).post("/api/channels", theirs).await;
    assert!(!is_replayed(&answer));
    assert_ne!(answer.is(201)["id"], channel.as_str());
    // Reading takes no key; whoever is not signed in has none.
    assert!(!is_replayed(&keyed(&one, &key).get("/api/channels").await));
    keyed(&region.anonymous(), &key).post("/api/channels", wish(&name)).await.refused(401, "not_signed_in");
}

#[tokio::test]
async fn a_key_is_short_and_visible() {
    let region = Region::shared();
    let moderator = region.person("moderator.region").await;
    for key in ["two words", "\u{e9}", &"k".repeat(129), ""] {
        keyed(&moderator, key).post("/api/channels", wish("N")).await.refused(400, "bad_request");
    }
    let twice = keyed(&keyed(&moderator, "one"), "two");
    twice.post("/api/channels", wish("N")).await.refused(400, "bad_request");
    assert_eq!(named(&moderator, "N").await, 0);
}

#[tokio::test]
async fn sent_many_times_at_once_it_is_done_once() {
    let region = Region::shared();
    let moderator = region.person("moderator.region").await;
    let (name, key) = (format!("Crowd {}", Uuid::now_v7()), Uuid::now_v7().to_string());
    let client = keyed(&moderator, &key);
    let answers = join_all((0..20).map(|_| client.post("/api/channels", wish(&name)))).await;
    let first = answers.iter().filter(|answer| answer.status == 201 && !is_replayed(answer)).count();
    assert_eq!(first, 1);
    for answer in answers {
        match answer.status {
            201 => {}
            _ => drop(answer.refused(409, "idempotency_in_progress")),
        }
    }
    assert_eq!(named(&moderator, &name).await, 1);
}

#[tokio::test]
async fn who_hangs_up_and_asks_again_gets_it_done_once() {
    let region = Region::shared();
    let moderator = region.person("moderator.region").await;
    for _ in 0..10 {
        let (name, key) = (format!("Gone {}", Uuid::now_v7()), Uuid::now_v7().to_string());
        let body = wish(&name).to_string();
        let mut line = TcpStream::connect(region.address()).await.expect("connected");
        let request = format!(
            "POST /api/channels HTTP/1.1\r\nhost: {}\r\nauthorization: Bearer {}\r\ncontent-type: application/json\r\n\
             idempotency-key: {key}\r\ncontent-length: {}\r\n\r\n{body}",
            region.address(),
            moderator.token(),
            body.len()
        );
        line.write_all(request.as_bytes()).await.expect("sent");
        drop(line);
        let again = loop {
            let answer = keyed(&moderator, &key).post("/api/channels", wish(&name)).await;
            if answer.status != 409 {
                break answer;
            }
        };
        again.is(201);
        assert_eq!(named(&moderator, &name).await, 1);
    }
}

#[tokio::test]
async fn an_answer_is_kept_for_a_day() {
    let region = Region::start_with_clock().expect("a region");
    let moderator = region.person("moderator.region").await;
    let (name, key) = (format!("Day {}", Uuid::now_v7()), Uuid::now_v7().to_string());
    let made = keyed(&moderator, &key).post("/api/channels", wish(&name)).await.is(201);
    region.advance(24 * 3600 - 60).await;
    let again = keyed(&moderator, &key).post("/api/channels", wish(&name)).await;
    assert!(is_replayed(&again));
    assert_eq!(again.json["id"], made["id"]);
    region.advance(120).await;
    let later = keyed(&moderator, &key).post("/api/channels", wish(&name)).await;
    assert!(!is_replayed(&later));
    assert_ne!(later.is(201)["id"], made["id"]);
}

#[tokio::test]
async fn no_secret_is_kept() {
    let region = Region::start(&[]).expect("a region");
    let admin = region.person("admin").await;
    let key = Uuid::now_v7().to_string();
    let wish = json!({"email": "new@keys.example", "name": "Neva Nova", "country": "RO", "function": "SOCIAL-WORKER",
        "organisation": "Centre"});
    let first = keyed(&admin, &key).post("/api/invitations", wish.clone()).await.is(201);
    let second = keyed(&admin, &key).post("/api/invitations", wish).await;
    assert!(!is_replayed(&second));
    assert_ne!(second.is(201)["token"], first["token"]);
    let member = region.person("member.ro").await;
    let room = region.room("open", &[&member]).await;
    let fresh = json!({"current": region.password(), "new": "calm herons over the delta"});
    keyed(&member, &key).put_json("/api/me/password", fresh).await.is(204);
    let mut visitor = keyed(&region.anonymous(), &key);
    visitor.sign_in("member.ro@demo.egida.example", "calm herons over the delta").await.is(200);
    let said = text(&member.say(&room, "first words").await["id"]);
    let path = format!("/api/messages/{said}");
    keyed(&member, &key).patch(&path, json!({"body": "second words"})).await.is(200);
    let database = Connection::open(region.folder().join("egida.db")).expect("a database");
    let kept: i64 = database.query_row("SELECT count(*) FROM idempotency", [], |row| row.get(0)).expect("a number");
    assert_eq!(kept, 0);
}
