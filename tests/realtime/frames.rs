//! The small frames, and what is refused.

use std::time::Duration;

use serde_json::{Value, json};
use support::raw;
use support::region::{Region, text};
use support::ws_client::{Incoming, post_frame};
use tokio_tungstenite::tungstenite::Message;
use uuid::Uuid;

use crate::{closed, drain};

#[tokio::test]
async fn the_greeting_comes_first_and_says_who_one_is() {
    let region = Region::shared();
    let a = region.person("member.ro").await;
    let mut socket = a.socket().await;
    let hello = socket.next().await.expect("a greeting");
    assert_eq!((hello["type"].as_str(), hello["protocol"].as_i64()), (Some("hello"), Some(1)));
    assert_eq!(hello["account"], a.get("/api/session").await.is(200));
    assert!(hello["server_time"].is_string());
}

#[tokio::test]
async fn what_may_not_be_posted_is_refused_with_its_reason() {
    let region = Region::shared();
    let (a, b) = (region.person("member.ro").await, region.person("member.gr").await);
    let (room, foreign, hidden) =
        (region.room("open", &[&a]).await, region.room("open", &[&b]).await, region.room("closed", &[&b]).await);
    let mut socket = a.live().await;
    let nowhere = Uuid::now_v7().to_string();
    let mut refusals = Vec::new();
    for (channel, key, value, code) in [
        (&room, "body", json!(" "), "body_empty"),
        (&room, "body", json!("x".repeat(16_385)), "body_too_long"),
        (&room, "body", json!("\u{7}"), "body_control"),
        (&room, "new_topic", json!(" "), "title_invalid"),
        (&room, "topic", json!(Uuid::now_v7()), "topic_not_found"),
        (&room, "attachments", json!([Uuid::now_v7()]), "attachment_unusable"),
        (&foreign, "body", json!("x"), "not_a_member"),
        (&hidden, "body", json!("x"), "not_found"),
        (&nowhere, "body", json!("x"), "not_found"),
    ] {
        let reference = Uuid::now_v7();
        let mut frame = post_frame(reference, channel, "words");
        frame[key] = value;
        socket.send(&frame).await.expect("sent");
        let mut refused = socket.answer_to(reference).await.expect("answered");
        assert_eq!((refused["type"].as_str(), refused["code"].as_str()), (Some("refused"), Some(code)), "{refused}");
        refused["ref"] = Value::Null;
        refusals.push(refused);
    }
    assert_eq!(refusals[1]["limit"], 16_384);
    assert_eq!(refusals[7], refusals[8], "hidden and invented are refused alike");
    for frame in [json!({"type": "typing", "channel": hidden}), json!({"type": "read", "channel": hidden, "seq": 1})] {
        socket.send(&frame).await.expect("sent");
        assert_eq!(socket.next_of("refused").await.expect("refused")["code"], "not_found");
    }
    assert_eq!(socket.post(&room, "still here").await.expect("posted")["seq"], 1);
}

#[tokio::test]
async fn what_is_not_understood_is_said_and_too_much_of_it_ends_it() {
    let region = Region::shared();
    let mut socket = region.person("member.ro").await.live().await;
    let reference = Uuid::now_v7();
    socket.send(&json!({"type": "dance", "ref": reference})).await.expect("sent");
    let refused = socket.next_of("refused").await.expect("refused");
    assert_eq!((refused["code"].as_str(), refused["ref"].as_str()), (Some("unknown_type"), Some(reference.to_string().as_str())));
    for bad in ["", "{", "[]", "{\"type\":\"post\"}", "{\"type\":\"resume\",\"cursors\":[]}", "{\"type\":7}"] {
        socket.send_message(Message::text(bad)).await.expect("sent");
        assert_eq!(socket.next_of("refused").await.expect("refused")["code"], "bad_frame", "{bad}");
    }
    for _ in 6..20 {
        socket.send_message(Message::text("{")).await.expect("sent");
    }
    assert_eq!(closed(&mut socket).await.0, 1008);
}

#[tokio::test]
async fn a_frame_is_nested_so_far_and_no_further() {
    let region = Region::shared();
    let member = region.person("member.ro").await;
    let room = region.room("open", &[&member]).await;
    let mut socket = member.live().await;
    let nested = |depth: usize| {
        let mut frame = post_frame(Uuid::now_v7(), &room, "nested").to_string();
        frame.truncate(frame.len() - 1);
        Message::text(format!(r#"{frame},"unread":{}1{}}}"#, "[".repeat(depth - 1), "]".repeat(depth - 1)))
    };
    socket.send_message(nested(32)).await.expect("sent");
    assert_eq!(socket.next_of("posted").await.expect("posted")["seq"], 1);
    for depth in [33, 100, 20_000] {
        socket.send_message(nested(depth)).await.expect("sent");
        assert_eq!(socket.next_of("refused").await.expect("refused")["code"], "bad_frame", "{depth}");
    }
    assert_eq!(socket.post(&room, &"[{".repeat(100)).await.expect("posted")["seq"], 2);
}

#[tokio::test]
async fn too_many_frames_end_it() {
    let region = Region::shared();
    let mut socket = region.person("member.ro").await.live().await;
    for _ in 0..80 {
        if socket.send(&json!({"type": "nothing"})).await.is_err() {
            break;
        }
    }
    assert_eq!(closed(&mut socket).await.0, 1008);
}

#[tokio::test]
async fn what_breaks_the_protocol_is_named_in_the_close_code() {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let region = Region::shared();
    let member = region.person("member.ro").await;
    let mut binary = member.live().await;
    binary.send_message(Message::binary(vec![1, 2, 3])).await.expect("sent");
    assert_eq!(closed(&mut binary).await.0, 1003);
    let mut large = member.live().await;
    large.send_message(Message::text(format!("\"{}\"", "x".repeat(65 * 1024)))).await.expect("sent");
    assert_eq!(closed(&mut large).await.0, 1009);
    // A client library refuses to send these, so they are written by hand (masked with zeroes).
    for (what, bytes, code) in [
        ("invalid UTF-8", vec![0x81, 0x82, 0, 0, 0, 0, 0xff, 0xfe], 1007_u16),
        ("a reserved opcode", vec![0x83, 0x80, 0, 0, 0, 0], 1002),
        ("an unmasked frame", vec![0x81, 0x01, b'x'], 1002),
    ] {
        let mut stream = tokio::net::TcpStream::connect(region.address()).await.expect("connected");
        let request = raw::upgrade(region.address(), member.token());
        stream.write_all(request.as_bytes()).await.expect("written");
        stream.write_all(&bytes).await.expect("written");
        let mut all = Vec::new();
        let reading = tokio::time::timeout(Duration::from_secs(5), stream.read_to_end(&mut all)).await;
        assert!(reading.is_ok(), "{what}: the connection stays open");
        let close: [u8; 2] = code.to_be_bytes();
        let found = all.windows(4).any(|window| window[0] == 0x88 && window[2..] == close);
        assert!(found, "{what}: no close frame with {code} in {}", String::from_utf8_lossy(&all));
    }
}

#[tokio::test]
async fn typing_reaches_others_and_not_oneself() {
    let region = Region::shared();
    let (a, b) = (region.person("member.ro").await, region.person("member.gr").await);
    let room = region.room("open", &[&a, &b]).await;
    let (mut own, mut second, mut other) = (a.live().await, a.live().await, b.live().await);
    own.send(&json!({"type": "typing", "channel": room, "topic": null})).await.expect("sent");
    let heard = other.next_of("typing").await.expect("typing");
    assert_eq!((heard["channel"].as_str(), heard["account"].as_str()), (Some(room.as_str()), Some(a.id.as_str())));
    for socket in [&mut own, &mut second] {
        assert!(drain(socket).await.iter().all(|frame| frame["type"] != "typing" || frame["channel"] != room.as_str()));
    }
}

#[tokio::test]
async fn reading_is_told_to_ones_other_windows_alone() {
    let region = Region::shared();
    let (a, b) = (region.person("teacher.xk").await, region.person("member.gr").await);
    let room = region.room("open", &[&a, &b]).await;
    b.say(&room, "one").await;
    let (mut first, mut second, mut other) = (a.live().await, a.live().await, b.live().await);
    first.send(&json!({"type": "read", "channel": room, "seq": 1})).await.expect("sent");
    assert_eq!(second.next_of("read").await.expect("read"), json!({"type": "read", "channel": room, "topic": null, "seq": 1}));
    let mine = |frames: Vec<Value>| frames.iter().any(|frame| frame["type"] == "read" && frame["channel"] == room.as_str());
    assert!(!mine(drain(&mut first).await) && !mine(drain(&mut other).await));
    assert_eq!(a.get(&format!("/api/channels/{room}")).await.is(200)["unread"], 0);
}

#[tokio::test]
async fn a_mark_over_the_socket_only_goes_up_unless_it_says_so() {
    let region = Region::shared();
    let (a, b) = (region.person("teacher.xk").await, region.person("member.gr").await);
    let room = region.room("open", &[&a, &b]).await;
    b.say(&room, "one").await;
    b.say(&room, "two").await;
    let (mut first, mut second) = (a.live().await, a.live().await);
    for mark in [json!({"seq": 2}), json!({"seq": 1}), json!({"seq": 1, "unread": true})] {
        let mut frame = json!({"type": "read", "channel": room});
        frame.as_object_mut().expect("object").extend(mark.as_object().expect("object").clone());
        first.send(&frame).await.expect("sent");
    }
    let mut told = async || second.next_of("read").await.expect("read")["seq"].clone();
    assert_eq!((told().await, told().await), (json!(2), json!(1)), "the second frame changed nothing and told nobody");
    assert_eq!(a.get(&format!("/api/channels/{room}")).await.is(200)["unread"], 1);
}

/// A page doesn't hear of pings: without a frame it would take a dead line for a quiet one.
#[tokio::test]
async fn a_quiet_line_says_that_it_is_alive() {
    let region = Region::shared();
    let mut socket = region.person("member.gr").await.live().await;
    let deadline = tokio::time::Instant::now() + Duration::from_secs(30);
    while tokio::time::Instant::now() < deadline {
        let Some(Incoming::Frame(frame)) = socket.next_within(Duration::from_secs(30)).await else { break };
        if frame == json!({"type": "notice", "code": "alive"}) {
            return;
        }
    }
    panic!("nothing said that the line is alive");
}

#[tokio::test]
async fn presence_tells_who_came_and_who_went() {
    let region = Region::shared();
    let (a, b) = (region.person("campaign.bg").await, region.person("fiu.bg").await);
    let room = region.room("open", &[&a, &b]).await;
    let mut watching = a.live().await;
    let coming = b.live().await;
    assert_eq!(a.get(&format!("/api/people/{}", b.id)).await.is(200)["presence"], "here");
    let told = async |watching: &mut support::ws_client::Socket, list: &str| {
        let deadline = tokio::time::Instant::now() + Duration::from_secs(12);
        while let Ok(Some(Incoming::Frame(frame))) =
            tokio::time::timeout_at(deadline, watching.next_within(Duration::from_secs(12))).await
        {
            let names = |list: &str| frame[list].as_array().is_some_and(|ids| ids.contains(&json!(b.id)));
            if frame["type"] == "presence" && frame["channel"] == room.as_str() && names(list) {
                return true;
            }
        }
        false
    };
    assert!(told(&mut watching, "here").await);
    coming.close().await.expect("closed");
    assert!(told(&mut watching, "gone").await);
    assert_eq!(a.get(&format!("/api/people/{}", b.id)).await.is(200)["presence"], "away");
}

#[tokio::test]
async fn a_channel_that_changes_is_to_be_fetched_again() {
    let region = Region::shared();
    let (a, moderator) = (region.person("member.ro").await, region.person("moderator.region").await);
    let room = region.room("open", &[&a]).await;
    let mut socket = a.live().await;
    moderator.patch(&format!("/api/channels/{room}"), json!({"name": {"en": "Renamed"}})).await.is(200);
    loop {
        if text(&socket.next_of("channel").await.expect("told")["channel"]) == room {
            break;
        }
    }
}

/// Who may not know of a channel is told nothing of it: its id would say that there is one.
#[tokio::test]
async fn a_channel_that_is_closed_is_told_to_those_who_may_know_of_it() {
    let region = Region::shared();
    let (member, outsider, moderator) =
        (region.person("member.ro").await, region.person("member.gr").await, region.person("moderator.region").await);
    let (mut inside, mut outside, mut over) = (member.live().await, outsider.live().await, moderator.live().await);
    let room = region.room("closed", &[&member]).await;
    let path = format!("/api/channels/{room}");
    moderator.patch(&path, json!({"name": {"en": "Renamed"}})).await.is(200);
    moderator.put(&format!("{path}/archive")).await.is(204);
    moderator.delete(&format!("{path}/archive")).await.is(204);
    let told = |frames: &[Value]| frames.iter().filter(|frame| frame["channel"] == room.as_str()).count();
    let (opened, changed) = (drain(&mut over).await, drain(&mut inside).await);
    assert!(told(&opened) >= 4 && told(&changed) >= 3, "{opened:?} {changed:?}");
    assert_eq!(told(&drain(&mut outside).await), 0);
    // Laid open, it is everybody's; closed again, those who knew of it are told to forget it.
    for kind in ["open", "closed"] {
        moderator.patch(&path, json!({"kind": kind})).await.is(200);
        let fetch_again = json!({"type": "channel", "channel": room});
        assert!(drain(&mut outside).await.contains(&fetch_again), "{kind}");
    }
    moderator.patch(&path, json!({"name": {"en": "Renamed again"}})).await.is(200);
    assert_eq!(told(&drain(&mut outside).await), 0);
}
