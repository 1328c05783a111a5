//! How something is to be handled is said on every way out: the stricter of the message's marking and its channel's.

use serde_json::{Value, json};
use support::region::{Client, Region, draft, items, text};

/// The markings a message is shown with on every way out that names one.
async fn shown(client: &Client, room: &str, message: &str, word: &str) -> Vec<(String, Value)> {
    let mut shown = Vec::new();
    for path in [
        format!("/api/messages/{message}"),
        format!("/api/messages/{message}/history"),
        format!("/api/channels/{room}/messages"),
        format!("/api/channels/{room}/messages?around=1"),
        format!("/api/channels/{room}/pins"),
        format!("/api/search?q={word}"),
    ] {
        let answer = client.get(&path).await.is(200);
        let rows = answer["items"].as_array().cloned().unwrap_or_else(|| vec![answer.clone()]);
        let found = rows.iter().find(|row| row["id"] == message || row["message"]["id"] == message || path.ends_with("/history"));
        let row = found.unwrap_or_else(|| panic!("{path} doesn't show it: {answer}"));
        shown.push((path, if row["message"].is_object() { row["message"]["marking"].clone() } else { row["marking"].clone() }));
    }
    let missed = client.get("/api/missed?limit=100").await.is(200);
    let latest =
        items(&missed).iter().filter(|missed| missed["channel"] == room).filter_map(|missed| missed["latest"].as_array());
    let latest: Vec<_> = latest.flatten().filter(|row| row["id"] == message).collect();
    shown.extend(latest.iter().map(|row| ("/api/missed".to_owned(), row["marking"].clone())));
    shown
}

#[tokio::test]
async fn a_channel_that_becomes_stricter_takes_its_messages_along() {
    let region = Region::shared();
    let (author, reader, moderator) =
        (region.person("member.ro").await, region.person("academia").await, region.person("moderator.region").await);
    let room = region.room("open", &[&author, &reader]).await;
    let message = text(&author.say(&room, "kakapocanary").await["id"]);
    let path = format!("/api/messages/{message}");
    author.patch(&path, json!({"body": "kakapocanary again"})).await.is(200);
    moderator.put(&format!("{path}/pin")).await.is(204);
    let mut strict = draft("strict from the start");
    strict["marking"] = "amber+strict".into();
    let strict = text(&author.post(&format!("/api/channels/{room}/messages"), strict).await.is(201)["id"]);
    for (marking, expected) in [("green", "green"), ("amber+strict", "amber+strict"), ("clear", "green")] {
        moderator.patch(&format!("/api/channels/{room}"), json!({"marking": marking})).await.is(200);
        let all = shown(&reader, &room, &message, "kakapocanary").await;
        assert_eq!(all.len(), 7, "{all:?}");
        assert!(all.iter().all(|(_, shown)| shown == expected), "{marking}: {all:?}");
        assert_eq!(reader.get(&format!("/api/messages/{strict}")).await.is(200)["marking"], "amber+strict");
    }
}

#[tokio::test]
async fn who_returns_and_who_listens_is_told_the_marking_of_now() {
    let region = Region::shared();
    let (author, reader, moderator) =
        (region.person("member.ro").await, region.person("academia").await, region.person("moderator.region").await);
    let room = region.room("open", &[&author, &reader]).await;
    let message = text(&author.say(&room, "told before").await["id"]);
    moderator.patch(&format!("/api/channels/{room}"), json!({"marking": "amber"})).await.is(200);
    let mut socket = reader.socket().await;
    let frames = socket.resume(&json!({room.as_str(): 0})).await.expect("live");
    let told = frames.iter().find(|frame| frame["message"]["id"] == message.as_str()).expect("told");
    assert_eq!(told["message"]["marking"], "amber");
    author.put(&format!("/api/messages/{message}/reactions/%F0%9F%91%8D")).await.is(204);
    let told = loop {
        let frame = socket.next_of("message").await.expect("told");
        if frame["message"]["id"] == message.as_str() {
            break frame;
        }
    };
    assert_eq!((&told["message"]["marking"], &told["message"]["changed_seq"]), (&json!("amber"), &json!(2)));
}

#[tokio::test]
async fn what_moves_into_a_stricter_channel_stays_strict() {
    let region = Region::shared();
    let (author, moderator) = (region.person("member.ro").await, region.person("moderator.region").await);
    let lax = region.room("open", &[&author]).await;
    let strict = region.room_of("moderator.region", &json!({"kind": "open", "marking": "amber"}), &[&author]).await;
    let (topic, message) = author.begin(&lax, "Moves", "into a stricter channel").await;
    for channel in [&strict, &lax] {
        moderator.patch(&format!("/api/topics/{topic}"), json!({"channel": channel})).await.is(200);
        assert_eq!(author.get(&format!("/api/messages/{message}")).await.is(200)["marking"], "amber");
    }
}

#[tokio::test]
async fn who_quotes_is_bound_by_what_is_quoted() {
    let region = Region::shared();
    let author = region.person("member.ro").await;
    let room = region.room("open", &[&author]).await;
    let posts = format!("/api/channels/{room}/messages");
    let mut strict = draft("only for those here");
    strict["marking"] = "amber".into();
    let strict = text(&author.post(&posts, strict).await.is(201)["id"]);
    let mut quoting = draft("as was said");
    quoting["quote"] = strict.into();
    let quoting = text(&author.post(&posts, quoting).await.is(201)["id"]);
    assert_eq!(author.get(&format!("/api/messages/{quoting}")).await.is(200)["marking"], "amber");
}
