//! How long things are kept: by their channel, and by an end of their own. On a server whose clock is moved.

use std::fs;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use support::region::{Client, Region, draft, items, text};
use support::server_process::outcome;
use tokio::time::sleep;

use crate::erasing::{CANARIES, WITHIN, ends, holding};

const DAY: i64 = 24 * 60 * 60;
/// Longer than the server takes to notice that a day has passed.
const LOOKED: Duration = Duration::from_secs(7);
/// What somebody waits for an answer at most while old messages are erased.
const PROMPT: Duration = Duration::from_secs(1);

/// Posts under a new topic: the message, and the topic.
async fn begin(author: &Client, room: &str, title: &str, body: &str) -> (String, String) {
    let mut wish = draft(body);
    wish["new_topic"] = json!(title);
    let id = text(&author.post(&format!("/api/channels/{room}/messages"), wish).await.is(201)["id"]);
    let message = author.get(&format!("/api/messages/{id}")).await.is(200);
    (id, text(&message["topic"]))
}

async fn is_deleted(reader: &Client, message: &str) -> bool {
    reader.get(&format!("/api/messages/{message}")).await.is(200)["deleted"] == json!(true)
}

/// Waits until a message is erased.
async fn until_deleted(reader: &Client, message: &str) {
    let begun = Instant::now();
    while !is_deleted(reader, message).await {
        assert!(begun.elapsed() < WITHIN, "{message} is still there");
        sleep(Duration::from_millis(200)).await;
    }
}

/// What the record has of an act on a channel.
async fn acts(region: &Region, act: &str, target: &str) -> Vec<Value> {
    let record = region.person("auditor.region").await.get(&format!("/api/record?act={act}")).await.is(200);
    items(&record).iter().filter(|row| row["target"]["id"] == json!(target)).cloned().collect()
}

#[tokio::test]
async fn what_its_channel_keeps_no_longer_is_found_in_no_file() {
    let region = Region::start_with_clock().expect("a region");
    let (author, reader) = (region.person("member.ro").await, region.person("member.gr").await);
    let room = region.room_of("moderator.region", &json!({"kind": "open", "retention_days": 30}), &[&author, &reader]).await;
    let (first, topic) = begin(&author, &room, CANARIES[0], &CANARIES[1..3].join(" ")).await;
    author.patch(&format!("/api/messages/{first}"), json!({"body": CANARIES[1..].join(" ")})).await.is(200);
    let mut answer = draft("an answer");
    answer["topic"] = json!(topic);
    reader.post(&format!("/api/channels/{room}/messages"), answer).await.is(201);
    reader.say(&room, "zwergkanari plavikanar кафеавжълт κίτρινοκαναρ").await;
    author.get("/api/search?q=plavikanar").await.is(200);
    assert!(!holding(region.folder(), &ends()).is_empty(), "the canaries were stored to begin with");

    region.advance(29 * DAY).await;
    let younger = text(&reader.say(&room, "said a month later").await["id"]);
    sleep(LOOKED).await;
    assert!(!is_deleted(&reader, &first).await, "it isn't past its days");
    assert!(acts(&region, "channel.erase_old", &room).await.is_empty());

    let mut screen = reader.live().await;
    region.advance(2 * DAY).await;
    let tombstone = screen.next_of("message").await.expect("a tombstone");
    assert_eq!((&tombstone["message"]["deleted"], &tombstone["message"]["body"]), (&json!(true), &json!("")));
    let untitled = screen.next_of("topic").await.expect("a topic");
    assert_eq!((&untitled["topic"]["id"], &untitled["topic"]["title"]), (&json!(topic), &json!("")));
    let begun = Instant::now();
    while !holding(region.folder(), &ends()).is_empty() {
        assert!(begun.elapsed() < WITHIN, "{:#?}", holding(region.folder(), &ends()));
        sleep(Duration::from_millis(500)).await;
    }
    assert!(!is_deleted(&reader, &younger).await);
    let hits = reader.get("/api/search?q=plavikanarvyzk").await.is(200);
    assert!(items(&hits).is_empty(), "{hits}");
    let acts = acts(&region, "channel.erase_old", &room).await;
    assert_eq!(acts.len(), 1, "{acts:#?}");
    assert_eq!((&acts[0]["actor"], &acts[0]["detail"]), (&Value::Null, &json!("messages=3 titles=1")));
    let journal = region.folder().with_extension("erasures");
    let begun = Instant::now();
    while !fs::read_to_string(&journal).is_ok_and(|text| text.contains(&first) && text.contains(&format!("{topic}\ntitle"))) {
        assert!(begun.elapsed() < WITHIN, "not in {}", journal.display());
        sleep(Duration::from_millis(200)).await;
    }
    region.stop().expect("stopped");
    let verified = outcome(region.folder(), &["verify"]).expect("it runs");
    assert_eq!(verified.code, Some(0), "{verified:?}");
}

#[tokio::test]
async fn many_go_without_holding_anybody_up_and_from_archived_channels_too() {
    const MANY: usize = 250;
    let region = Region::start_with_clock().expect("a region");
    let (author, other) = (region.person("member.ro").await, region.person("member.gr").await);
    let kept_shortly = json!({"kind": "closed", "retention_days": 7});
    let room = region.room_of("moderator.region", &kept_shortly, &[&author]).await;
    let elsewhere = region.room("open", &[&other]).await;
    let mut last = String::new();
    for n in 0..MANY {
        last = text(&author.say(&room, &format!("one of many: {n}")).await["id"]);
    }
    region.person("admin").await.put(&format!("/api/channels/{room}/archive")).await.is(204);
    let stays = text(&other.say(&elsewhere, "kept for good").await["id"]);
    region.advance(8 * DAY).await;
    let begun = Instant::now();
    while !is_deleted(&author, &last).await {
        assert!(begun.elapsed() < WITHIN, "it is still there");
        let asked = Instant::now();
        other.say(&elsewhere, "meanwhile").await;
        assert!(asked.elapsed() < PROMPT, "{:?}", asked.elapsed());
    }
    let page = author.get(&format!("/api/channels/{room}/messages?limit=100")).await.is(200);
    assert!(items(&page).iter().all(|message| message["deleted"] == json!(true)), "{page}");
    assert!(!is_deleted(&other, &stays).await);
    let begun = Instant::now();
    let acts = loop {
        let acts = acts(&region, "channel.erase_old", &room).await;
        if !acts.is_empty() || begun.elapsed() > WITHIN {
            break acts;
        }
        sleep(Duration::from_millis(200)).await;
    };
    assert_eq!(acts.iter().map(|act| &act["detail"]).collect::<Vec<_>>(), [&json!(format!("messages={MANY} titles=0"))]);
}

#[tokio::test]
async fn a_message_is_kept_until_its_author_says() {
    let region = Region::start_with_clock().expect("a region");
    let (author, reader) = (region.person("member.ro").await, region.person("member.gr").await);
    let moderator = region.person("moderator.region").await;
    let room = region.room_of("moderator.region", &json!({"kind": "open", "retention_days": 30}), &[&author, &reader]).await;
    let posts = format!("/api/channels/{room}/messages");
    let lasting = |days: i64| {
        let mut wish = draft("kept for some days");
        wish["expires_in_days"] = json!(days);
        wish
    };
    for days in [0, 31] {
        let refused = author.post(&posts, lasting(days)).await.refused(422, "expiry_invalid");
        assert_eq!(refused["limit"], json!(30));
    }
    let id = text(&author.post(&posts, lasting(20)).await.is(201)["id"]);
    let path = format!("/api/messages/{id}/expiry");
    let end = async || author.get(&format!("/api/messages/{id}")).await.is(200)["expires_at"].clone();
    let first = text(&end().await);

    let days = |days: i64| json!({"expires_in_days": days});
    reader.put_json(&path, days(1)).await.refused(403, "forbidden");
    for longer in [json!({"expires_in_days": null}), days(25)] {
        moderator.put_json(&path, longer).await.refused(403, "expiry_lengthened_by_source");
    }
    assert_eq!(text(&end().await), first);
    moderator.put_json(&path, days(10)).await.is(204);
    assert!(text(&end().await) < first);
    author.put_json(&path, json!({"expires_in_days": null})).await.is(204);
    assert_eq!(end().await, Value::Null);
    author.put_json(&path, days(31)).await.refused(422, "expiry_invalid");
    let mut screen = reader.live().await;
    author.put_json(&path, days(3)).await.is(204);
    let told = screen.next_of("message").await.expect("a frame");
    assert_eq!(told["message"]["expires_at"], end().await);
    // A bare marking leaves the end as it is.
    moderator.put_json(&format!("/api/messages/{id}/marking"), json!({"marking": "amber"})).await.is(204);
    assert_eq!(told["message"]["expires_at"], end().await);

    region.advance(2 * DAY).await;
    sleep(LOOKED).await;
    assert!(!is_deleted(&reader, &id).await);
    region.advance(DAY).await;
    until_deleted(&reader, &id).await;
    let record = region.person("auditor.region").await.get("/api/record?act=message.set_expiry").await.is(200);
    assert_eq!(items(&record).len(), 3, "{record}");
}

#[tokio::test]
async fn a_topic_whose_last_message_has_ended_loses_its_title() {
    let region = Region::start_with_clock().expect("a region");
    let author = region.person("member.ro").await;
    let room = region.room("open", &[&author]).await;
    let (first, topic) = begin(&author, &room, "About the harbour", "one").await;
    let mut wish = draft("two");
    wish["topic"] = json!(topic);
    let second = text(&author.post(&format!("/api/channels/{room}/messages"), wish).await.is(201)["id"]);
    let title = async || text(&author.get(&format!("/api/topics/{topic}")).await.is(200)["title"]);
    author.put_json(&format!("/api/messages/{first}/expiry"), json!({"expires_in_days": 1})).await.is(204);
    author.put_json(&format!("/api/messages/{second}/expiry"), json!({"expires_in_days": 3})).await.is(204);
    region.advance(DAY).await;
    until_deleted(&author, &first).await;
    assert_eq!(title().await, "About the harbour");
    region.advance(2 * DAY).await;
    until_deleted(&author, &second).await;
    assert_eq!(title().await, "");
}

#[tokio::test]
async fn how_long_a_channel_keeps_things_is_said_when_it_is_opened_and_to_everybody() {
    let region = Region::shared();
    let (moderator, member) = (region.person("moderator.region").await, region.person("member.ro").await);
    for days in [0, -1, 3651] {
        let wish = json!({"kind": "open", "name": {"en": "Kept"}, "retention_days": days});
        let refused = moderator.post("/api/channels", wish).await.refused(422, "retention_invalid");
        assert_eq!(refused["limit"], json!(3650));
    }
    let room = region.room_of("moderator.region", &json!({"kind": "closed", "retention_days": 90}), &[&member]).await;
    let of = async |client: &Client| client.get(&format!("/api/channels/{room}")).await.is(200)["retention_days"].clone();
    assert_eq!((of(&member).await, of(&moderator).await), (json!(90), json!(90)));
    // One person alone doesn't change it.
    let admin = region.person("admin").await;
    for one in [&admin, &moderator] {
        let _ = one.patch(&format!("/api/channels/{room}"), json!({"retention_days": 1, "grading": false})).await;
        assert_eq!(of(&member).await, json!(90));
    }
    let unlimited = region.room("open", &[&member]).await;
    assert_eq!(member.get(&format!("/api/channels/{unlimited}")).await.is(200)["retention_days"], Value::Null);
}
