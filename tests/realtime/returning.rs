//! Coming back: exactly what was missed, in order, then live.

use serde_json::json;
use support::region::{Region, text};

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
    // The fourth is told once, as it stands now; a room remembered in memory may tell how it came to that, too.
    let replayed = ["message 3", "message 4", "topic 5", "message 5", "message 6"];
    let condensed = ["message 3", "topic 5", "message 5", "message 6"];
    assert!(missed == replayed || missed == condensed, "{missed:?}");
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
