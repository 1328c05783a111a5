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
async fn a_topic_is_marked_as_unread_again_after_its_channel_was_read() {
    let region = Region::shared();
    let (author, reader) = (region.person("member.ro").await, region.person("member.gr").await);
    let room = region.room("open", &[&author, &reader]).await;
    let (of_channel, read) = (format!("/api/channels/{room}"), format!("/api/channels/{room}/read"));
    author.say(&room, "general").await;
    let (topic, _) = author.begin(&room, "Aside", "two").await;
    for body in ["three", &format!("@[x](person:{}) four", reader.id)] {
        let mut wish = draft(body);
        wish["topic"] = topic.clone().into();
        author.post(&format!("{of_channel}/messages"), wish).await.is(201);
    }
    let of_topic = format!("/api/topics/{topic}");
    reader.put_json(&read, json!({"seq": 4})).await.is(200);
    assert_eq!((counts(&reader, &of_channel).await, counts(&reader, &of_topic).await), ((0, 0), (0, 0)));
    // The topic's own mark takes the place of the channel's, which is further.
    let marked = reader.put_json(&read, json!({"topic": topic, "seq": 2, "unread": true})).await.is(200);
    assert_eq!((&marked["unread"], &marked["mentions"], &marked["seq"]), (&json!(2), &json!(1), &json!(2)));
    assert_eq!((counts(&reader, &of_channel).await, counts(&reader, &of_topic).await), ((2, 1), (2, 1)));
    let list = reader.get(&format!("{of_channel}/topics")).await.is(200);
    let listed = items(&list).iter().find(|row| row["id"] == topic.as_str()).expect("listed");
    assert_eq!((&listed["unread"], &listed["mentions"]), (&json!(2), &json!(1)));
    let missed = missed_in(&reader, &room).await;
    assert_eq!(missed.len(), 1, "{missed:?}");
    assert_eq!((&missed[0]["first_unread_seq"], &missed[0]["unread"], &missed[0]["mentions"]), (&json!(3), &json!(2), &json!(1)));
    // What comes now is unread in both.
    author.say(&room, "general again").await;
    assert_eq!((counts(&reader, &of_channel).await.0, counts(&reader, &of_topic).await.0), (3, 2));
    // Reading the whole channel settles its topics, forwards and back.
    reader.put_json(&read, json!({"seq": 5})).await.is(200);
    assert_eq!((counts(&reader, &of_channel).await, counts(&reader, &of_topic).await), ((0, 0), (0, 0)));
    reader.put_json(&read, json!({"topic": topic, "seq": 4, "unread": true})).await.is(200);
    reader.put_json(&read, json!({"seq": 1, "unread": true})).await.is(200);
    assert_eq!((counts(&reader, &of_channel).await, counts(&reader, &of_topic).await), ((4, 1), (3, 1)));
}

#[tokio::test]
async fn who_comes_back_into_a_channel_begins_anew() {
    let region = Region::shared();
    let (author, reader) = (region.person("member.ro").await, region.person("member.gr").await);
    let room = region.room("open", &[&author, &reader]).await;
    let (topic, _) = author.begin(&room, "Aside", "one").await;
    reader.put_json(&format!("/api/channels/{room}/read"), json!({"topic": topic, "seq": 0})).await.is(200);
    assert_eq!(counts(&reader, &format!("/api/channels/{room}")).await.0, 1);
    let me = format!("/api/channels/{room}/members/me");
    reader.delete(&me).await.is(204);
    assert_eq!(counts(&reader, &format!("/api/topics/{topic}")).await.0, 0, "nobody has anything unread where they don't belong");
    reader.put(&me).await.is(204);
    assert_eq!(counts(&reader, &format!("/api/channels/{room}")).await.0, 0, "what was said before one came counts as read");
}

#[tokio::test]
async fn who_calls_oneself_is_not_called() {
    let region = Region::shared();
    let (a, b) = (region.person("member.ro").await, region.person("member.gr").await);
    let room = region.room("open", &[&a, &b]).await;
    let (topic, _) = a.begin(&room, "Who does it", &format!("@[me](person:{}) and @[you](person:{})", a.id, b.id)).await;
    for path in [format!("/api/channels/{room}"), format!("/api/topics/{topic}")] {
        assert_eq!(counts(&a, &path).await, (0, 0), "{path}");
        assert_eq!(counts(&b, &path).await, (1, 1), "{path}");
    }
    assert!(missed_in(&a, &room).await.is_empty());
}

#[tokio::test]
async fn what_was_read_of_a_topic_stays_read_when_it_moves_and_nothing_else() {
    let region = Region::shared();
    let people = [
        region.person("member.ro").await,
        region.person("member.gr").await,
        region.person("member.rs").await,
        region.person("academia").await,
    ];
    let [author, all, half, newcomer] = &people;
    let from = region.room("open", &[author, all, half]).await;
    let to = region.room("open", &[author, all, half, newcomer]).await;
    // The old channel is further on than the new one: its marks mean nothing there.
    for n in 1..=10 {
        author.say(&from, &format!("message {n}")).await;
    }
    let (topic, _) = author.begin(&from, "Moves", "eleven").await;
    let say = async |channel: &str, body: &str| {
        let mut wish = draft(body);
        wish["topic"] = topic.clone().into();
        author.post(&format!("/api/channels/{channel}/messages"), wish).await.is(201);
    };
    say(&from, "twelve").await;
    all.put_json(&format!("/api/channels/{from}/read"), json!({"topic": topic, "seq": 12})).await.is(200);
    half.put_json(&format!("/api/channels/{from}/read"), json!({"topic": topic, "seq": 11})).await.is(200);
    let moderator = region.person("moderator.region").await;
    moderator.patch(&format!("/api/topics/{topic}"), json!({"channel": to})).await.is(200);
    let path = format!("/api/topics/{topic}");
    let unread = async || (counts(all, &path).await.0, counts(half, &path).await.0, counts(newcomer, &path).await.0);
    assert_eq!(unread().await, (0, 1, 2));
    say(&to, "said after the move").await;
    assert_eq!(unread().await, (1, 2, 3), "what is posted later is unread");
    assert_eq!(counts(all, &format!("/api/channels/{to}")).await.0, 1);
    assert_eq!(missed_in(half, &to).await[0]["first_unread_seq"], 2);
    assert_eq!(counts(all, &format!("/api/channels/{from}")).await.0, 10, "nothing changes in the channel it left");
}

#[tokio::test]
async fn nothing_that_was_missed_is_hidden_behind_what_was_not() {
    let region = Region::shared();
    let (author, reader) = (region.person("member.ro").await, region.person("police.mk").await);
    let room = region.room("open", &[&author, &reader]).await;
    let (old, _) = author.begin(&room, "Old", "not read by the other").await;
    let mut topics = vec![old];
    for n in 0..21 {
        reader.begin(&room, &format!("Own {n}"), "said by oneself").await;
    }
    assert_eq!(missed_in(&reader, &room).await.len(), 1, "one's own topics are not missed and hide nothing");
    for n in 0..5 {
        topics.push(author.begin(&room, &format!("Later {n}"), "text").await.0);
    }
    let (called, _) = author.begin(&room, "Called", &format!("@[x](person:{})", reader.id)).await;
    author.begin(&room, "Latest", "text").await;
    let mut pages = Vec::new();
    let mut cursor = String::new();
    loop {
        let page = reader.get(&format!("/api/missed?limit=3{cursor}")).await.is(200);
        assert!(items(&page).len() <= 3);
        pages.extend(items(&page).iter().filter(|item| item["channel"] == room.as_str()).map(|item| text(&item["topic"]["id"])));
        let Some(next) = page["next"].as_str() else { break };
        cursor = format!("&cursor={next}");
    }
    let whole: Vec<_> = missed_in(&reader, &room).await.iter().map(|item| text(&item["topic"]["id"])).collect();
    assert_eq!(pages, whole, "page by page everything comes once");
    assert_eq!((whole.len(), whole.first()), (8, Some(&called)), "where one is called comes first");
    assert!(topics.iter().all(|topic| whole.contains(topic)));
    for bad in ["?limit=0", "?cursor=x", "?cursor=1_2_3"] {
        reader.get(&format!("/api/missed{bad}")).await.refused(400, "bad_request");
    }
}

/// What somebody missed in a channel.
async fn missed_in(client: &Client, channel: &str) -> Vec<Value> {
    let missed = client.get("/api/missed?limit=100").await.is(200);
    items(&missed).iter().filter(|item| item["channel"] == channel).cloned().collect()
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
async fn what_was_missed_is_told_page_by_page_and_whole() {
    let region = Region::shared();
    let (author, reader) = (region.person("member.ro").await, region.person("judge.hr").await);
    let room = region.room("open", &[&author, &reader]).await;
    let of_room = |missed: &Value| items(missed).iter().filter(|entry| entry["channel"] == room.as_str()).count();
    for n in 0..21 {
        author.begin(&room, &format!("Topic {n}"), "one").await;
    }
    let (mut told, mut path) = (0, "/api/missed?limit=10".to_owned());
    loop {
        let missed = reader.get(&path).await.is(200);
        told += of_room(&missed);
        let Some(next) = missed["next"].as_str() else { break };
        path = format!("/api/missed?limit=10&cursor={next}");
    }
    assert_eq!(told, 21);
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
