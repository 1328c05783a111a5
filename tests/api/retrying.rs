//! The same request again: stored once, answered the same, whatever has become of things meanwhile.

use serde_json::{Value, json};
use support::region::{Region, draft, items, text};

#[tokio::test]
async fn a_reference_is_answered_the_same_whatever_has_happened_since() {
    let region = Region::shared();
    let (author, moderator) = (region.person("member.ro").await, region.person("moderator.region").await);
    let room = region.room("closed", &[&author]).await;
    let posts = format!("/api/channels/{room}/messages");
    let quoted = text(&author.say(&room, "to be quoted").await["id"]);
    let mut wish = draft("said once");
    wish["quote"] = quoted.clone().into();
    wish["new_topic"] = "Begun by it".into();
    let first = author.post(&posts, wish.clone()).await.is(201);
    let again = async |why: &str| {
        let answer = author.post(&posts, wish.clone()).await;
        assert_eq!((answer.status, &answer.json), (200, &first), "{why}: {}", answer.text);
    };
    author.delete(&format!("/api/messages/{quoted}")).await.is(204);
    again("the quoted message was deleted").await;
    moderator.put(&format!("/api/channels/{room}/archive")).await.is(204);
    again("the channel was archived").await;
    let mut fresh = draft("said never");
    author.post(&posts, fresh.clone()).await.refused(403, "archived");
    moderator.delete(&format!("/api/channels/{room}/archive")).await.is(204);
    moderator.delete(&format!("/api/channels/{room}/members/{}", author.id)).await.is(204);
    again("the author is no member any more").await;
    fresh["ref"] = json!(uuid::Uuid::now_v7());
    author.post(&posts, fresh).await.refused(404, "not_found");
    let mut socket = author.live().await;
    let mut frame = wish.clone();
    frame["type"] = "post".into();
    frame["channel"] = room.clone().into();
    socket.send(&frame).await.expect("sent");
    assert_eq!(socket.next_of("posted").await.expect("posted"), first, "the socket says the same");
}

#[tokio::test]
async fn a_reference_does_not_tell_where_its_topic_went() {
    let region = Region::shared();
    let (author, moderator) = (region.person("member.ro").await, region.person("moderator.region").await);
    let (from, to) = (region.room("open", &[&author]).await, region.room("closed", &[]).await);
    author.say(&from, "before it").await;
    let mut wish = draft("moves away");
    wish["new_topic"] = "Moves away".into();
    let posts = format!("/api/channels/{from}/messages");
    let first = author.post(&posts, wish.clone()).await.is(201);
    let list = author.get(&format!("/api/channels/{from}/topics?q=moves")).await.is(200);
    let topic = text(&items(&list)[0]["id"]);
    moderator.patch(&format!("/api/topics/{topic}"), json!({"channel": to})).await.is(200);
    assert_eq!(author.post(&posts, wish.clone()).await.is(200), first);
    assert_eq!((&first["channel"], &first["seq"]), (&json!(from), &json!(2)));
    assert!(items(&author.get("/api/search?q=%22moves%20away%22%20from:me").await.is(200)).is_empty());
}

#[tokio::test]
async fn whoever_is_suspended_is_answered_nothing() {
    let region = Region::shared();
    let (author, admin) = (region.person("guardian.gr").await, region.person("admin").await);
    let room = region.room("open", &[&author]).await;
    let (posts, wish) = (format!("/api/channels/{room}/messages"), draft("once"));
    author.post(&posts, wish.clone()).await.is(201);
    admin.put(&format!("/api/accounts/{}/suspension", author.id)).await.is(204);
    author.post(&posts, wish).await.refused(401, "not_signed_in");
    admin.delete(&format!("/api/accounts/{}/suspension", author.id)).await.is(204);
}

#[tokio::test]
async fn an_idempotency_key_is_for_one_request() {
    let region = Region::shared();
    let member = region.person("member.ro").await;
    let (room, other) = (region.room("open", &[&member]).await, region.room("open", &[&member]).await);
    let posts = format!("/api/channels/{room}/messages");
    let without = |body: &str| {
        let mut wish = draft(body);
        wish["ref"] = Value::Null;
        wish
    };
    let keyed = member.with("idempotency-key", &format!("alert {room}"));
    let first = keyed.post(&posts, without("the alert")).await.is(201);
    assert_eq!(keyed.post(&posts, without("the alert")).await.is(200), first);
    keyed.post(&posts, without("another alert")).await.refused(422, "idempotency_mismatch");
    keyed.post(&posts, without("")).await.refused(422, "idempotency_mismatch");
    let mut stricter = without("the alert");
    stricter["marking"] = "red".into();
    keyed.post(&posts, stricter).await.refused(422, "idempotency_mismatch");
    let elsewhere = format!("/api/channels/{other}/messages");
    keyed.post(&elsewhere, without("the alert")).await.refused(422, "idempotency_mismatch");
    assert_eq!(items(&member.get(&posts).await.is(200)).len(), 1);
    assert!(items(&member.get(&elsewhere).await.is(200)).is_empty(), "nothing of a mismatch is stored");
    // What was asked for counts, not what has become of it.
    let message = format!("/api/messages/{}", text(&first["id"]));
    member.patch(&message, json!({"body": "another wording"})).await.is(200);
    assert_eq!(keyed.post(&posts, without("the alert")).await.is(200), first);
    member.delete(&message).await.is(204);
    assert_eq!(keyed.post(&posts, without("the alert")).await.is(200), first);
    // The key of one person means nothing for another.
    let foreign = region.person("member.gr").await;
    foreign.put(&format!("/api/channels/{room}/members/me")).await.is(204);
    foreign.with("idempotency-key", &format!("alert {room}")).post(&posts, without("mine")).await.is(201);
}

#[tokio::test]
async fn a_key_that_is_none_is_refused() {
    let region = Region::shared();
    let member = region.person("member.ro").await;
    let room = region.room("open", &[&member]).await;
    let posts = format!("/api/channels/{room}/messages");
    for bad in ["", "a\tb", &"k".repeat(256)] {
        let refused = member.with("idempotency-key", bad).post(&posts, draft("keyed")).await.refused(400, "bad_request");
        assert!(refused["detail"].as_str().is_some_and(|detail| detail.contains("Idempotency-Key")), "{refused}");
    }
    let twice = member.with("idempotency-key", "one").with("idempotency-key", "two");
    twice.post(&posts, draft("keyed")).await.refused(400, "bad_request");
    assert!(items(&member.get(&posts).await.is(200)).is_empty());
}
