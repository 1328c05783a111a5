//! Read marks, unread counts, what was missed.

use serde_json::{Value, json};
use support::region::{Client, Region, draft, items, text};
use uuid::Uuid;

async fn counts(client: &Client, path: &str) -> (i64, i64) {
    let shown = client.get(path).await.is(200);
    (shown["unread"].as_i64().expect("unread"), shown["mentions"].as_i64().expect("mentions"))
}

#[tokio::test]
async fn unread_is_counted_from_the_mark_in_both_directions() {
    let region = Region::shared();
    let (author, reader) = (region.person("member.ro").await, region.person("member.gr").await);
    let room = region.room("open", &[&author, &reader]).await;
    let (channel, read) = (format!("/api/channels/{room}"), format!("/api/channels/{room}/read"));
    for n in 1..=4 {
        author.say(&room, &format!("message {n}")).await;
    }
    author.say(&room, &format!("@[x](person:{})", reader.id)).await;
    assert_eq!(counts(&reader, &channel).await, (5, 1));
    let marked = reader.put_json(&read, json!({"seq": 3})).await.is(200);
    assert_eq!(marked, json!({"channel": room, "topic": null, "seq": 3, "unread": 2, "mentions": 1}));
    assert_eq!(counts(&reader, &channel).await, (2, 1));
    reader.put_json(&read, json!({"seq": 5})).await.is(200);
    assert_eq!(counts(&reader, &channel).await, (0, 0));
    let marked = reader.put_json(&read, json!({"seq": 1})).await.is(200);
    assert_eq!((marked["seq"].as_i64(), marked["unread"].as_i64()), (Some(5), Some(0)), "looking again makes nothing unread");
    assert_eq!(counts(&reader, &channel).await, (0, 0));
    let marked = reader.put_json(&read, json!({"seq": 1, "unread": true})).await.is(200);
    assert_eq!((marked["seq"].as_i64(), marked["unread"].as_i64()), (Some(1), Some(4)));
    assert_eq!(counts(&reader, &channel).await, (4, 1), "marked as unread again");
    reader.put_json(&read, json!({"seq": -1, "unread": true})).await.is(200);
    reader.put_json(&read, json!({"topic": Uuid::now_v7(), "seq": 1})).await.refused(404, "not_found");
}

#[tokio::test]
async fn a_mark_beyond_the_end_is_answered_as_it_was_set() {
    let region = Region::shared();
    let (author, reader) = (region.person("member.ro").await, region.person("member.gr").await);
    let room = region.room("open", &[&author, &reader]).await;
    author.say(&room, "one").await;
    let marked = reader.put_json(&format!("/api/channels/{room}/read"), json!({"seq": 900})).await.is(200);
    assert_eq!(marked["seq"], 1, "nobody has read what isn't written yet");
    author.say(&room, "two").await;
    assert_eq!(counts(&reader, &format!("/api/channels/{room}")).await.0, 1);
}

#[tokio::test]
async fn a_topic_has_a_mark_of_its_own() {
    let region = Region::shared();
    let (author, reader) = (region.person("member.ro").await, region.person("member.gr").await);
    let room = region.room("open", &[&author, &reader]).await;
    author.say(&room, "general").await;
    let (topic, _) = author.begin(&room, "Aside", "two").await;
    let mut third = draft("three");
    third["topic"] = topic.clone().into();
    author.post(&format!("/api/channels/{room}/messages"), third).await.is(201);
    let (of_topic, of_channel) = (format!("/api/topics/{topic}"), format!("/api/channels/{room}"));
    assert_eq!((counts(&reader, &of_topic).await.0, counts(&reader, &of_channel).await.0), (2, 3));
    reader.put_json(&format!("{of_channel}/read"), json!({"topic": topic, "seq": 3})).await.is(200);
    assert_eq!((counts(&reader, &of_topic).await.0, counts(&reader, &of_channel).await.0), (0, 1));
    let again = reader.put_json(&format!("{of_channel}/read"), json!({"topic": topic, "seq": 2})).await.is(200);
    assert_eq!((again["seq"].as_i64(), counts(&reader, &of_topic).await.0), (Some(3), 0), "a topic looked at again stays read");
    reader.put_json(&format!("{of_channel}/read"), json!({"topic": topic, "seq": 2, "unread": true})).await.is(200);
    assert_eq!((counts(&reader, &of_topic).await.0, counts(&reader, &of_channel).await.0), (1, 2));
    reader.put_json(&format!("{of_channel}/read"), json!({"topic": topic, "seq": 3})).await.is(200);
    reader.put_json(&format!("{of_channel}/read"), json!({"seq": 3})).await.is(200);
    assert_eq!(counts(&reader, &of_channel).await.0, 0);
}

#[tokio::test]
async fn what_was_missed_is_told_by_topic() {
    let region = Region::shared();
    let (author, reader) = (region.person("member.ro").await, region.person("asylum.gr").await);
    let room = region.room("open", &[&author, &reader]).await;
    let (topic, first) = author.begin(&room, "Missed", "one").await;
    for n in 2..=5 {
        let mut wish = draft(&format!("message {n}"));
        wish["topic"] = topic.clone().into();
        author.post(&format!("/api/channels/{room}/messages"), wish).await.is(201);
    }
    let missed = reader.get("/api/missed").await.is(200);
    let entry = items(&missed).iter().find(|entry| entry["topic"]["id"] == topic.as_str()).expect("missed").clone();
    assert_eq!(
        (entry["unread"].as_i64(), entry["first_unread_seq"].as_i64(), &entry["channel"]),
        (Some(5), Some(1), &json!(room))
    );
    let latest: Vec<_> = items(&json!({"items": entry["latest"]})).iter().map(|message| message["seq"].as_i64()).collect();
    assert_eq!(latest, [Some(3), Some(4), Some(5)]);
    assert_ne!(text(&entry["latest"][0]["id"]), first);
    reader.put_json(&format!("/api/channels/{room}/read"), json!({"seq": 5})).await.is(200);
    assert!(!reader.get("/api/missed").await.text.contains(&topic));
    assert!(!author.get("/api/missed").await.text.contains(&topic), "one's own words are not missed");
}

#[tokio::test]
async fn what_was_missed_says_when_it_is_not_everything() {
    let region = Region::shared();
    let (author, reader) = (region.person("member.ro").await, region.person("judge.hr").await);
    let room = region.room("open", &[&author, &reader]).await;
    let of_room = |missed: &Value| items(missed).iter().filter(|entry| entry["channel"] == room.as_str()).count();
    for n in 0..20 {
        author.begin(&room, &format!("Topic {n}"), "one").await;
    }
    let missed = reader.get("/api/missed").await.is(200);
    assert_eq!((of_room(&missed), &missed["more"], &missed["next"]), (20, &json!(false), &Value::Null));
    author.begin(&room, "One more", "one").await;
    let missed = reader.get("/api/missed").await.is(200);
    assert_eq!((of_room(&missed), &missed["more"]), (20, &json!(true)));
}

#[tokio::test]
async fn counts_stop_at_a_hundred() {
    let region = Region::shared();
    let (author, reader) = (region.person("member.ro").await, region.person("member.gr").await);
    let room = region.room("open", &[&author, &reader]).await;
    for n in 0..105 {
        author.say(&room, &format!("message {n}")).await;
    }
    assert_eq!(counts(&reader, &format!("/api/channels/{room}")).await.0, 100);
}
