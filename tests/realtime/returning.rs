//! Coming back: exactly what was missed, in order, then live.

use serde_json::{Value, json};
use support::region::{Client, Region, draft, text};

use crate::{changes, drain};

#[tokio::test]
async fn who_comes_back_gets_what_changed_and_then_what_follows() {
    let region = Region::shared();
    let (a, b) = (region.person("member.ro").await, region.person("member.gr").await);
    let (room, other) = (region.room("open", &[&a, &b]).await, region.room("open", &[&a, &b]).await);
    for n in 1..=3 {
        a.say(&room, &format!("message {n}")).await;
    }
    a.say(&other, "seen").await;
    let fourth = text(&a.say(&room, "message 4").await["id"]);
    a.begin(&room, "A topic", "message 5").await;
    a.patch(&format!("/api/messages/{fourth}"), json!({"body": "edited"})).await.is(200);
    let mut socket = b.socket().await;
    let frames = socket.resume(&json!({room.as_str(): 2, other.as_str(): 1})).await.expect("live");
    assert_eq!(frames[0]["type"], "hello");
    let missed: Vec<_> = changes(&frames, &room).iter().map(|(kind, seq)| format!("{kind} {seq}")).collect();
    // The fourth is told once, as it stands now.
    assert_eq!(missed, ["message 3", "topic 5", "message 5", "message 6"]);
    assert!(changes(&frames, &other).is_empty(), "nothing of what was seen");
    a.say(&room, "message 7").await;
    assert_eq!(changes(&drain(&mut socket).await, &room), [("message".to_owned(), 7)]);
}

#[tokio::test]
async fn nothing_falls_between_catching_up_and_live() {
    let region = Region::shared();
    let (a, b) = (region.person("member.ro").await, region.person("moderator.gr").await);
    let room = region.room("open", &[&a, &b]).await;
    let speaking = async {
        for n in 1..=150 {
            a.say(&room, &format!("message {n}")).await;
        }
    };
    let returning = async {
        let mut cursor = 0;
        while cursor < 150 {
            let mut socket = b.socket().await;
            let mut frames = socket.resume(&json!({room.as_str(): cursor})).await.expect("live");
            while changes(&frames, &room).len() < 20 && cursor + i64::try_from(changes(&frames, &room).len()).expect("few") < 150
            {
                frames.push(socket.next_of("message").await.expect("delivered"));
            }
            for (_, seq) in changes(&frames, &room) {
                assert_eq!(seq, cursor + 1, "a gap or a repetition");
                cursor = seq;
            }
        }
    };
    tokio::join!(speaking, returning);
}

#[tokio::test]
async fn who_missed_too_much_is_told_to_fetch() {
    let region = Region::shared();
    let (a, b) = (region.person("member.ro").await, region.person("member.gr").await);
    let room = region.room("open", &[&a, &b]).await;
    for n in 0..510 {
        a.say(&room, &format!("message {n}")).await;
    }
    let mut socket = b.socket().await;
    let frames = socket.resume(&json!({room.as_str(): 0})).await.expect("live");
    assert!(frames.iter().any(|frame| frame["type"] == "resync" && frame["channel"] == room.as_str()), "{}", frames.len());
    assert!(changes(&frames, &room).is_empty());
    a.say(&room, "after").await;
    assert_eq!(changes(&drain(&mut socket).await, &room), [("message".to_owned(), 511)]);
    // Who missed less than that gets all of it.
    let mut socket = b.socket().await;
    let frames = socket.resume(&json!({room.as_str(): 111})).await.expect("live");
    assert!(changes(&frames, &room).iter().map(|(_, seq)| *seq).eq(112..=511));
}

#[tokio::test]
async fn what_is_gone_is_not_told_to_who_comes_back() {
    let region = Region::shared();
    let (a, b, moderator) =
        (region.person("member.ro").await, region.person("member.gr").await, region.person("moderator.region").await);
    let (room, hidden) = (region.room("open", &[&a, &b]).await, region.room("closed", &[&a]).await);
    let deleted = text(&a.say(&room, "dodocanary").await["id"]);
    let (topic, _) = a.begin(&room, "Aukcanary", "aukcanary").await;
    a.say(&room, "stays").await;
    // Until now the room's memory would tell it.
    let before = b.socket().await.resume(&json!({room.as_str(): 0})).await.expect("live");
    assert!(before.iter().any(|frame| frame.to_string().contains("dodocanary")));
    a.delete(&format!("/api/messages/{deleted}")).await.is(204);
    let frames = b.socket().await.resume(&json!({room.as_str(): 0})).await.expect("live");
    assert!(frames.iter().all(|frame| !frame.to_string().contains("dodocanary")), "{frames:?}");
    assert!(frames.iter().any(|frame| frame["message"]["id"] == deleted.as_str() && frame["message"]["deleted"] == true));
    moderator.patch(&format!("/api/topics/{topic}"), json!({"channel": hidden})).await.is(200);
    let frames = b.socket().await.resume(&json!({room.as_str(): 0})).await.expect("live");
    assert!(frames.iter().all(|frame| !frame.to_string().contains("ukcanary")), "{frames:?}");
    assert!(frames.iter().any(|frame| frame["topic"]["id"] == topic.as_str() && frame["topic"]["gone"] == true));
    assert!(frames.iter().any(|frame| frame["message"]["body"] == "stays"), "what stays is told");
}

#[tokio::test]
async fn a_cursor_opens_no_door() {
    let region = Region::shared();
    let (a, b) = (region.person("member.ro").await, region.person("member.gr").await);
    let hidden = region.room("closed", &[&a]).await;
    a.say(&hidden, "not for others").await;
    let mut socket = b.socket().await;
    let frames = socket.resume(&json!({hidden.as_str(): 0})).await.expect("live");
    a.say(&hidden, "nor this").await;
    let later = drain(&mut socket).await;
    assert!(frames.iter().chain(&later).all(|frame| !frame.to_string().contains(&hidden)));
}

/// What somebody is told of a room who comes back having seen its changes up to `cursor`.
async fn told(client: &Client, room: &str, cursor: i64) -> Vec<Value> {
    let mut socket = client.socket().await;
    let mut frames = socket.resume(&json!({room: cursor})).await.expect("live");
    frames.extend(drain(&mut socket).await);
    frames
}

#[tokio::test]
async fn what_was_deleted_is_not_told_to_who_comes_back() {
    let region = Region::shared();
    let (a, b, moderator) =
        (region.person("member.ro").await, region.person("member.gr").await, region.person("moderator.region").await);
    let room = region.room("open", &[&a, &b]).await;
    let posts = format!("/api/channels/{room}/messages");
    let mut listening = b.live().await;
    let deleted = text(&a.say(&room, "canary-deleted, which nobody may read any more").await["id"]);
    let edited = text(&a.say(&room, "canary-edited, as it was worded first").await["id"]);
    let mut quoting = draft("I quote you");
    quoting["quote"] = json!(deleted);
    a.post(&posts, quoting).await.is(201);
    a.say(&room, "kept").await;
    a.put(&format!("/api/messages/{deleted}/reactions/%F0%9F%91%8D")).await.is(204);
    moderator.delete(&format!("/api/messages/{deleted}")).await.is(204);
    a.patch(&format!("/api/messages/{edited}"), json!({"body": "worded anew"})).await.is(200);
    let heard = drain(&mut listening).await;
    assert_eq!(changes(&heard, &room).len(), 7, "who was there heard all of it");
    for cursor in 0..=6 {
        let frames = told(&b, &room, cursor).await;
        let said: String = frames.iter().map(Value::to_string).collect();
        // Others speak in the same region at the same time, of canaries of their own.
        assert!(!said.contains("canary-deleted") && !said.contains("canary-edited"), "from {cursor}: {said}");
        let numbers: Vec<_> = changes(&frames, &room).iter().map(|(_, seq)| *seq).collect();
        assert_eq!(numbers, [3, 4, 6, 7].into_iter().filter(|seq| *seq > cursor).collect::<Vec<_>>(), "from {cursor}");
        let tombstone = frames.iter().find(|frame| frame["message"]["id"] == deleted.as_str());
        assert_eq!(tombstone.is_some_and(|frame| frame["message"]["deleted"] == true), cursor < 6);
    }
}

#[tokio::test]
async fn what_is_deleted_while_it_is_quoted_is_not_told_by_the_quote() {
    let region = Region::shared();
    let (a, b) = (region.person("member.ro").await, region.person("member.gr").await);
    let room = region.room("open", &[&a, &b]).await;
    let posts = format!("/api/channels/{room}/messages");
    let (mut stored, mut refused) = (0, 0);
    for _ in 0..30 {
        let quoted = text(&a.say(&room, "canary-quoted").await["id"]);
        let mut quoting = draft("I quote you");
        quoting["quote"] = json!(quoted);
        let path = format!("/api/messages/{quoted}");
        let (answer, deleted) = tokio::join!(b.post(&posts, quoting), a.delete(&path));
        deleted.is(204);
        if answer.status == 201 {
            stored += 1;
        } else {
            answer.refused(422, "quote_not_found");
            refused += 1;
        }
    }
    let said: String = told(&b, &room, 0).await.iter().map(Value::to_string).collect();
    assert!(!said.contains("canary-quoted"), "{stored} were stored, {refused} refused: {said}");
}

#[tokio::test]
async fn what_was_moved_away_is_not_told_to_who_comes_back() {
    let region = Region::shared();
    let (a, b, moderator) =
        (region.person("member.ro").await, region.person("member.gr").await, region.person("moderator.region").await);
    let (from, to) = (region.room("open", &[&a, &b]).await, region.room("closed", &[&a]).await);
    let (topic, message) = a.begin(&from, "Canary-title", "canary-moved, which is for few").await;
    let mut quoting = draft("I quote you");
    quoting["quote"] = json!(message);
    a.post(&format!("/api/channels/{from}/messages"), quoting).await.is(201);
    moderator.patch(&format!("/api/topics/{topic}"), json!({"channel": to})).await.is(200);
    a.say(&from, "kept").await;
    // The first reads storage, the second memory; the third begins in the middle.
    for cursor in [0, 0, 1] {
        let frames = told(&b, &from, cursor).await;
        let said: String = frames.iter().map(Value::to_string).collect();
        assert!(!said.to_lowercase().contains("canary"), "from {cursor}: {said}");
        let kinds: Vec<_> = changes(&frames, &from).iter().map(|(kind, seq)| format!("{kind} {seq}")).collect();
        assert_eq!(kinds, ["message 2", "topic 3", "message 4"], "from {cursor}");
    }
    let there = told(&a, &to, 0).await;
    assert!(there.iter().any(|frame| frame["message"]["body"] == "canary-moved, which is for few"), "{there:?}");
}

#[tokio::test]
async fn a_cursor_that_was_never_given_is_answered_with_resync() {
    let region = Region::shared();
    let (a, b) = (region.person("member.ro").await, region.person("member.gr").await);
    let (fresh, known) = (region.room("open", &[&a, &b]).await, region.room("open", &[&a, &b]).await);
    a.say(&known, "message 1").await;
    for (room, cursor) in [(&fresh, 1), (&known, 2), (&known, i64::MAX)] {
        let mut socket = b.socket().await;
        let frames = socket.resume(&json!({room.as_str(): cursor})).await.expect("live");
        let resync = json!({"type": "resync", "channel": room});
        assert!(frames.contains(&resync), "{cursor}: {frames:?}");
        let head = a.say(room, "after").await["seq"].as_i64().expect("seq");
        assert_eq!(changes(&drain(&mut socket).await, room), [("message".to_owned(), head)], "live all the same");
    }
    // The head itself is no such cursor, whoever has asked before.
    for room in [&fresh, &known] {
        let head = a.get(&format!("/api/channels/{room}")).await.is(200)["head_seq"].clone();
        let mut socket = b.socket().await;
        let frames = socket.resume(&json!({room.as_str(): head})).await.expect("live");
        assert!(!frames.iter().any(|frame| frame["type"] == "resync"), "{frames:?}");
    }
}
