//! Who is told live of what waits.

use serde_json::{Value, json};
use support::region::{Client, Region, draft, text};
use support::ws_client::{Socket, post_frame};
use uuid::Uuid;

/// The next notice of a code.
async fn notice(socket: &mut Socket, code: &str) -> Value {
    loop {
        let frame = socket.next_of("notice").await.expect("a notice");
        if frame["code"] == code {
            return frame;
        }
    }
}

async fn holding_room(region: &Region, member: &Client) -> String {
    let room = region.room("open", &[member]).await;
    let policy = json!({"hold_all": true, "newcomer_posts": 0, "slow_seconds": 0, "trigger_words": []});
    let moderator = region.person("moderator.region").await;
    moderator.put_json(&format!("/api/channels/{room}/moderation"), policy).await.is(204);
    room
}

#[tokio::test]
async fn a_post_that_waits_is_answered_held_and_told_to_nobody_until_it_is_released() {
    let region = Region::shared();
    let (member, reader) = (region.person("member.ro").await, region.person("member.rs").await);
    let room = holding_room(&region, &member).await;
    let moderator = region.person("moderator.region").await;
    reader.put(&format!("/api/channels/{room}/members/me")).await.is(204);
    let (mut author, mut listener, mut desk) = (member.live().await, reader.live().await, moderator.live().await);
    let reference = Uuid::now_v7();
    for _ in 0..2 {
        author.send(&post_frame(reference, &room, "may I?")).await.expect("sent");
        let answer = author.answer_to(reference).await.expect("an answer");
        assert_eq!(
            (&answer["type"], &answer["reason"], &answer["channel"]),
            (&json!("held"), &json!("channel_holds"), &json!(room))
        );
    }
    let waits = notice(&mut desk, "moderation").await;
    assert!(waits["held"].as_u64().is_some_and(|held| held > 0), "{waits}");
    assert!(waits.get("body").is_none() && !waits.to_string().contains("may I"), "counts only: {waits}");
    author.send(&post_frame(reference, &room, "may I?")).await.expect("sent");
    let id = text(&author.answer_to(reference).await.expect("an answer")["id"]);
    moderator.put_json(&format!("/api/moderation/queue/{id}/decision"), json!({"outcome": "release"})).await.is(204);
    let message = loop {
        let frame = listener.next_of("message").await.expect("released");
        if frame["message"]["channel"] == *room {
            break frame;
        }
    };
    assert_eq!((&message["message"]["id"], &message["message"]["seq"]), (&json!(id), &json!(1)), "nothing came before");
    assert_eq!(notice(&mut author, "held").await["state"], "released");
    author.send(&post_frame(reference, &room, "may I?")).await.expect("sent");
    assert_eq!(author.answer_to(reference).await.expect("an answer")["type"], "posted");
}

#[tokio::test]
async fn the_neighbours_moderator_is_told_nothing() {
    let region = Region::shared();
    let member = region.person("member.ro").await;
    let room = region.room_of("moderator.ro", &json!({"kind": "open", "country": "RO"}), &[&member]).await;
    let policy = json!({"hold_all": true, "newcomer_posts": 0, "slow_seconds": 0, "trigger_words": []});
    let moderator = region.person("moderator.ro").await;
    moderator.put_json(&format!("/api/channels/{room}/moderation"), policy).await.is(204);
    let (mut own, mut other) = (moderator.live().await, region.person("moderator.rs").await.live().await);
    member.post(&format!("/api/channels/{room}/messages"), draft("text")).await.is(202);
    notice(&mut own, "moderation").await;
    let heard = super::drain(&mut other).await;
    assert!(heard.iter().all(|frame| frame["code"] != "moderation"), "{heard:?}");
}
