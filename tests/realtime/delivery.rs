//! What is said reaches those it is for, in one order.

use std::time::Duration;

use futures_util::future::join_all;
use serde_json::{Value, json};
use support::region::{Region, draft, text};
use support::ws_client::{Incoming, PATIENCE, post_frame};
use uuid::Uuid;

use crate::{changes, drain};

#[tokio::test]
async fn what_one_says_another_reads_at_once() {
    let region = Region::shared();
    let (a, b, outsider) =
        (region.person("member.ro").await, region.signed_in("member.gr").await, region.person("member.rs").await);
    let room = region.room("open", &[&a, &b]).await;
    let (mut speaking, mut reading, mut elsewhere) = (a.live().await, b.live().await, outsider.live().await);
    let posted = speaking.post(&room, "**hello**").await.expect("posted");
    assert_eq!(
        (posted["type"].as_str(), posted["seq"].as_i64(), posted["channel"].as_str()),
        (Some("posted"), Some(1), Some(room.as_str()))
    );
    let frame = loop {
        let frame = reading.next_of("message").await.expect("a message");
        if frame["message"]["channel"] == room.as_str() {
            break frame;
        }
    };
    let message = &frame["message"];
    assert_eq!(
        (&message["id"], message["html"].as_str(), message["author"].as_str()),
        (&posted["id"], Some("<p><strong>hello</strong></p>\n"), Some(a.id.as_str()))
    );
    assert_eq!(
        a.get(&format!("/api/messages/{}", text(&posted["id"]))).await.is(200),
        *message,
        "the socket and HTTP say the same"
    );
    assert!(changes(&drain(&mut elsewhere).await, &room).is_empty(), "who doesn't belong to it hears nothing");
}

#[tokio::test]
async fn every_durable_change_is_told_in_order() {
    let region = Region::shared();
    let (a, b, moderator) =
        (region.person("member.ro").await, region.person("member.gr").await, region.person("moderator.region").await);
    let room = region.room("open", &[&a, &b]).await;
    let mut reading = b.live().await;
    let (topic, message) = a.begin(&room, "A topic", "one").await;
    let path = format!("/api/messages/{message}");
    a.patch(&path, json!({"body": "two"})).await.is(200);
    a.put(&format!("{path}/reactions/%F0%9F%91%8D")).await.is(204);
    moderator.put(&format!("{path}/pin")).await.is(204);
    moderator.patch(&format!("/api/topics/{topic}"), json!({"title": "Renamed"})).await.is(200);
    a.delete(&path).await.is(204);
    let frames = drain(&mut reading).await;
    let kinds: Vec<_> = changes(&frames, &room).iter().map(|(kind, seq)| format!("{kind} {seq}")).collect();
    assert_eq!(kinds, ["topic 1", "message 1", "message 2", "message 3", "message 4", "topic 5", "message 6"]);
    let of = |seq: i64| {
        frames
            .iter()
            .find(|frame| frame["message"]["changed_seq"] == seq && frame["message"]["channel"] == room.as_str())
            .expect("told")["message"]
            .clone()
    };
    assert_eq!(
        (of(2)["body"].as_str(), of(3)["reactions"][0]["accounts"][0].as_str(), of(4)["pinned"].as_bool()),
        (Some("two"), Some(a.id.as_str()), Some(true))
    );
    assert_eq!((of(6)["deleted"].as_bool(), of(6)["body"].as_str(), of(6)["seq"].as_i64()), (Some(true), Some(""), Some(1)));
    let renamed = frames
        .iter()
        .find(|frame| frame["type"] == "topic" && frame["seq"] == 5 && frame["topic"]["channel"] == room.as_str())
        .expect("told");
    assert_eq!(renamed["topic"]["title"], "Renamed");
    assert!(renamed["topic"].get("unread").is_none(), "one frame for all can't tell what one has read");
}

#[tokio::test]
async fn a_topic_that_moves_is_gone_here_and_arrives_there() {
    let region = Region::shared();
    let (a, b, moderator) =
        (region.person("member.ro").await, region.person("member.gr").await, region.person("moderator.region").await);
    let from = region.room("open", &[&a, &b]).await;
    let to = region.room("closed", &[&a]).await;
    let (topic, message) = a.begin(&from, "To be moved", "one").await;
    let (mut both, mut left) = (a.live().await, b.live().await);
    moderator.patch(&format!("/api/topics/{topic}"), json!({"channel": to})).await.is(200);
    let (both, left) = (drain(&mut both).await, drain(&mut left).await);
    let gone = left.iter().find(|frame| frame["type"] == "topic" && frame["topic"]["id"] == topic.as_str()).expect("told");
    assert_eq!((gone["topic"]["gone"].as_bool(), gone["topic"]["channel"].as_str()), (Some(true), Some(from.as_str())));
    assert!(left.iter().all(|frame| !frame.to_string().contains(&to)), "where it went is not told");
    let arrived = both.iter().find(|frame| frame["message"]["id"] == message.as_str()).expect("told");
    assert_eq!(arrived["message"]["channel"], to.as_str());
    assert!(both.iter().any(|frame| frame["topic"]["id"] == topic.as_str() && frame["topic"]["channel"] == to.as_str()));
}

#[tokio::test]
async fn twelve_who_speak_at_once_are_heard_in_one_order() {
    let region = Region::shared();
    let handles = [
        "member.ro",
        "member.rs",
        "member.gr",
        "rarc",
        "moderator.al",
        "moderator.bg",
        "moderator.hr",
        "moderator.xk",
        "moderator.mk",
        "moderator.md",
        "moderator.ro",
        "moderator.gr",
    ];
    let people = join_all(handles.iter().map(|handle| region.person(handle))).await;
    let room = region.room("open", &people.iter().collect::<Vec<_>>()).await;
    let sockets = join_all(people.iter().map(support::region::Client::live)).await;
    let heard = join_all(sockets.into_iter().map(async |mut socket| {
        for n in 0..10 {
            socket.send(&post_frame(Uuid::now_v7(), &room, &format!("message {n}"))).await.expect("sent");
        }
        let (mut order, mut answers) = (Vec::new(), 0);
        while order.len() < 120 || answers < 10 {
            let Some(Incoming::Frame(frame)) = socket.next_within(PATIENCE).await else { panic!("only {} came", order.len()) };
            if frame["type"] == "message" && frame["message"]["channel"] == room.as_str() {
                order.push((frame["message"]["seq"].as_i64().expect("seq"), text(&frame["message"]["id"])));
            }
            answers += usize::from(frame["type"] == "posted");
        }
        order
    }))
    .await;
    assert!(heard[0].iter().map(|(seq, _)| *seq).eq(1..=120), "without a gap, ascending");
    for order in &heard {
        assert_eq!(order, &heard[0]);
    }
}

#[tokio::test]
async fn a_reader_that_never_reads_costs_nobody_anything() {
    let region = Region::shared();
    let (a, b, c) = (region.person("member.ro").await, region.person("member.gr").await, region.person("member.rs").await);
    let room = region.room("open", &[&a, &b, &c]).await;
    let silent = c.live().await;
    let mut reading = b.live().await;
    let body = "x".repeat(15_000);
    let count = 500_i64;
    let speaking = async {
        for _ in 0..count {
            a.post(&format!("/api/channels/{room}/messages"), draft(&body)).await.is(201);
        }
    };
    let listening = async {
        let mut next = 1;
        while next <= count {
            let frame = reading.next_of("message").await.expect("delivered");
            if frame["message"]["channel"] == room.as_str() {
                assert_eq!(frame["message"]["seq"], next);
                next += 1;
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(20), async { tokio::join!(speaking, listening) }).await.expect("in good time");
    drop(silent);
}

#[tokio::test]
async fn what_grows_when_it_is_shown_reaches_everybody() {
    let region = Region::shared();
    let (a, b) = (region.person("member.ro").await, region.person("member.gr").await);
    let room = region.room("open", &[&a, &b]).await;
    let mut reading = b.live().await;
    let bodies = [">".repeat(16_000), "[](/)".repeat(3_200), "-\n".repeat(8_000), "\"&".repeat(8_000)];
    for body in &bodies {
        a.say(&room, &format!("{body}x")).await;
    }
    let heard = drain(&mut reading).await;
    assert_eq!(changes(&heard, &room).len(), bodies.len(), "the line broke");
    let longest = heard.iter().map(|frame| frame.to_string().len()).max().unwrap_or_default();
    assert!(longest < 300 * 1024, "{longest} bytes");
}

#[tokio::test]
async fn the_same_reference_is_answered_the_same() {
    let region = Region::shared();
    let a = region.person("member.ro").await;
    let room = region.room("open", &[&a]).await;
    let mut socket = a.live().await;
    let (reference, mut answers): (Uuid, Vec<Value>) = (Uuid::now_v7(), Vec::new());
    for _ in 0..3 {
        socket.send(&post_frame(reference, &room, "once")).await.expect("sent");
        answers.push(socket.answer_to(reference).await.expect("answered"));
    }
    assert!(answers.iter().all(|answer| *answer == answers[0] && answer["type"] == "posted"), "{answers:?}");
    // The same by HTTP.
    let mut wish = draft("once");
    wish["ref"] = json!(reference);
    assert_eq!(a.post(&format!("/api/channels/{room}/messages"), wish).await.is(200), answers[0]);
    assert_eq!(a.get(&format!("/api/channels/{room}")).await.is(200)["head_seq"], 1);
}
