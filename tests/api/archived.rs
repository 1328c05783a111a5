//! An archived channel is read, and changed in one way only: what must go can go.

use serde_json::json;
use support::region::{Region, draft, items, text};

#[tokio::test]
async fn an_archived_channel_keeps_what_was_said_as_it_was() {
    let region = Region::shared();
    let (author, moderator) = (region.person("member.ro").await, region.person("moderator.region").await);
    let room = region.room("open", &[&author]).await;
    let elsewhere = region.room("open", &[&author]).await;
    let (topic, message) = author.begin(&room, "Begun before", "as it was").await;
    let (outside, _) = author.begin(&elsewhere, "Outside", "text").await;
    let (message, topic) = (format!("/api/messages/{message}"), format!("/api/topics/{topic}"));
    let thumb = format!("{message}/reactions/%F0%9F%91%8D");
    author.put(&thumb).await.is(204);
    moderator.put(&format!("/api/channels/{room}/archive")).await.is(204);

    let before = author.get(&message).await.is(200);
    author.patch(&message, json!({"body": "another wording"})).await.refused(403, "archived");
    for client in [&author, &moderator] {
        client.put(&format!("{message}/reactions/%E2%9D%A4%EF%B8%8F")).await.refused(403, "archived");
        client.delete(&thumb).await.refused(403, "archived");
    }
    moderator.put(&format!("{message}/pin")).await.refused(403, "archived");
    moderator.delete(&format!("{message}/pin")).await.refused(403, "archived");
    author.put(&format!("{message}/pin")).await.refused(403, "forbidden");
    for wish in [json!({"resolved": true}), json!({"countries": ["RO"]})] {
        author.patch(&topic, wish.clone()).await.refused(403, "archived");
        moderator.patch(&topic, wish).await.refused(403, "archived");
    }
    moderator.patch(&topic, json!({"title": "Renamed"})).await.refused(403, "archived");
    moderator.patch(&topic, json!({"channel": elsewhere})).await.refused(403, "archived");
    moderator.patch(&format!("/api/topics/{outside}"), json!({"channel": room})).await.refused(403, "archived");
    author.post(&format!("/api/channels/{room}/messages"), draft("late")).await.refused(403, "archived");
    assert_eq!(author.get(&message).await.is(200), before, "nothing of it has changed");

    // Reading goes on, and its marks with it.
    author.put_json(&format!("/api/channels/{room}/read"), json!({"seq": 1})).await.is(200);
    let can = author.get(&format!("/api/channels/{room}")).await.is(200)["can"].clone();
    assert_eq!((&can["read"], &can["post"], &can["arrange"]), (&json!(true), &json!(false), &json!(false)));
    let can = moderator.get(&format!("/api/channels/{room}")).await.is(200)["can"].clone();
    assert_eq!((&can["moderate"], &can["arrange"]), (&json!(true), &json!(false)));
}

#[tokio::test]
async fn what_must_go_can_go_from_an_archived_channel() {
    let region = Region::shared();
    let (author, other, moderator) =
        (region.person("member.ro").await, region.person("member.gr").await, region.person("moderator.region").await);
    let room = region.room("open", &[&author, &other]).await;
    let (own, foreign) = (text(&author.say(&room, "a name").await["id"]), text(&author.say(&room, "an address").await["id"]));
    moderator.put(&format!("/api/channels/{room}/archive")).await.is(204);
    other.delete(&format!("/api/messages/{own}")).await.refused(403, "forbidden");
    author.delete(&format!("/api/messages/{own}")).await.is(204);
    moderator.delete(&format!("/api/messages/{foreign}")).await.is(204);
    let left = author.get(&format!("/api/channels/{room}/messages")).await.is(200);
    assert!(items(&left).iter().all(|message| message["deleted"] == true && message["body"] == ""), "{left}");
    moderator.delete(&format!("/api/channels/{room}/archive")).await.is(204);
    author.say(&room, "writable again").await;
}
