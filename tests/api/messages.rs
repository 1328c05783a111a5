//! History, and what happens to a message after it was posted.

use serde_json::{Value, json};
use support::region::{Client, Region, draft, items, text};

async fn seqs(client: &Client, path: &str) -> (Vec<i64>, bool, bool) {
    let page = client.get(path).await.is(200);
    let seqs = items(&page).iter().map(|message| message["seq"].as_i64().expect("seq")).collect();
    (seqs, page["has_before"] == true, page["has_after"] == true)
}

#[tokio::test]
async fn history_is_read_in_both_directions_and_around_a_place() {
    let region = Region::shared();
    let member = region.person("member.ro").await;
    let room = region.room("open", &[&member]).await;
    for n in 1..=8 {
        member.say(&room, &format!("message {n}")).await;
    }
    let (topic, _) = member.begin(&room, "Aside", "message 9").await;
    member.say(&room, "message 10").await;
    let path = format!("/api/channels/{room}/messages");
    for (query, expected, before, after) in [
        ("", (1..=10).collect::<Vec<_>>(), false, false),
        ("?limit=3", vec![8, 9, 10], true, false),
        ("?before=8&limit=3", vec![5, 6, 7], true, true),
        ("?before=3&limit=3", vec![1, 2], false, true),
        ("?after=3&limit=3", vec![4, 5, 6], true, true),
        ("?after=8&limit=3", vec![9, 10], true, false),
        ("?after=0&limit=3", vec![1, 2, 3], false, true),
        ("?around=5&limit=4", vec![4, 5, 6, 7], true, true),
        ("?around=10&limit=4", vec![9, 10], true, false),
        ("?around=5&limit=1", vec![5], true, true),
        ("?around=5&limit=3", vec![4, 5, 6], true, true),
        ("?around=10&limit=1", vec![10], true, false),
        ("?around=99&limit=1", vec![10], true, false),
        (&format!("?around=9&limit=1&topic={topic}"), vec![9], false, false),
        // Numbers at the end of what a number can be are numbers like others.
        (&format!("?before={}", i64::MIN), vec![], false, true),
        (&format!("?before={}", i64::MAX), (1..=10).collect(), false, false),
        (&format!("?after={}", i64::MIN), (1..=10).collect(), false, false),
        (&format!("?after={}", i64::MAX), vec![], true, false),
        (&format!("?around={}", i64::MIN), (1..=10).collect(), false, false),
        (&format!("?around={}", i64::MAX), (1..=10).collect(), false, false),
        (&format!("?topic={topic}"), vec![9], false, false),
    ] {
        assert_eq!(seqs(&member, &format!("{path}{query}")).await, (expected, before, after), "{query}");
    }
    for bad in ["?limit=0", "?limit=101", "?before=1&after=2", "?before=x", "?topic=x"] {
        member.get(&format!("{path}{bad}")).await.refused(400, "bad_request");
    }
    assert_eq!(member.get(&path).await.is(200)["head_seq"], 10);
}

#[tokio::test]
async fn has_before_and_has_after_are_true_to_what_is_there() {
    let region = Region::shared();
    let member = region.person("member.ro").await;
    let room = region.room("open", &[&member]).await;
    member.say(&room, "one").await;
    let (topic, _) = member.begin(&room, "Aside", "two").await;
    let path = format!("/api/channels/{room}/messages");
    assert_eq!(seqs(&member, &format!("{path}?before=99")).await, (vec![1, 2], false, false), "nothing comes after the last");
    assert_eq!(
        seqs(&member, &format!("{path}?topic={topic}&after=1")).await,
        (vec![2], false, false),
        "nothing of the topic before"
    );
}

#[tokio::test]
async fn an_edit_keeps_what_was_said_and_belongs_to_the_author() {
    let region = Region::shared();
    let (author, moderator) = (region.person("member.ro").await, region.person("moderator.region").await);
    let room = region.room("open", &[&author]).await;
    let id = text(&author.say(&room, "furst").await["id"]);
    let path = format!("/api/messages/{id}");
    moderator.patch(&path, json!({"body": "words in a mouth"})).await.refused(403, "forbidden");
    author.patch(&path, json!({"body": " "})).await.refused(422, "body_empty");
    let edited = author.patch(&path, json!({"body": "*first*"})).await.is(200);
    assert_eq!((edited["body"].as_str(), edited["html"].as_str()), (Some("*first*"), Some("<p><em>first</em></p>\n")));
    assert!(edited["edited_at"].is_string() && edited["seq"] == 1 && edited["changed_seq"] == 2, "{edited}");
    author.patch(&path, json!({"body": "second"})).await.is(200);
    let history = author.get(&format!("{path}/history")).await.is(200);
    let bodies: Vec<_> = items(&history).iter().map(|revision| revision["body"].as_str().unwrap_or_default()).collect();
    assert_eq!(bodies, ["furst", "*first*"]);
}

#[tokio::test]
async fn a_deleted_message_leaves_a_tombstone_and_no_word() {
    let region = Region::shared();
    let author = region.person("member.ro").await;
    let room = region.room("open", &[&author]).await;
    let id = text(&author.say(&room, "firstxylophonecanary").await["id"]);
    let path = format!("/api/messages/{id}");
    author.patch(&path, json!({"body": "xylophonecanary"})).await.is(200);
    let mut quoting = draft("an answer");
    quoting["quote"] = id.clone().into();
    let quoting = author.post(&format!("/api/channels/{room}/messages"), quoting).await.is(201);
    let quoting = format!("/api/messages/{}", text(&quoting["id"]));
    assert_eq!(author.get(&quoting).await.is(200)["quote"]["excerpt"], "xylophonecanary");
    assert_eq!(items(&author.get("/api/search?q=xylophonecanary").await.is(200)).len(), 1);
    author.delete(&path).await.is(204);
    let tombstone = author.get(&path).await.is(200);
    assert_eq!((&tombstone["deleted"], &tombstone["body"], &tombstone["html"]), (&json!(true), &json!(""), &json!("")));
    for surface in [
        author.get(&format!("{path}/history")).await,
        author.get(&format!("/api/channels/{room}/messages")).await,
        author.get(&quoting).await,
        author.get("/api/search?q=xylophonecanary").await,
        author.get("/api/search?q=firstxylophonecanary").await,
        author.get("/api/missed").await,
    ] {
        assert!(!surface.text.contains("xylophonecanary"), "{}", surface.text);
    }
    author.delete(&path).await.refused(404, "not_found");
    author.patch(&path, json!({"body": "back"})).await.refused(404, "not_found");
}

#[tokio::test]
async fn reactions_are_counted_by_person_and_taken_back() {
    let region = Region::shared();
    let (a, b) = (region.person("member.ro").await, region.person("member.gr").await);
    let room = region.room("open", &[&a, &b]).await;
    let path = format!("/api/messages/{}", text(&a.say(&room, "react").await["id"]));
    let thumb = format!("{path}/reactions/%F0%9F%91%8D");
    for client in [&a, &b, &b] {
        client.put(&thumb).await.is(204);
    }
    let message = a.get(&path).await.is(200);
    assert_eq!(message["reactions"], json!([{"emoji": "👍", "accounts": [a.id, b.id]}]));
    a.delete(&thumb).await.is(204);
    a.delete(&thumb).await.is(204);
    assert_eq!(a.get(&path).await.is(200)["reactions"], json!([{"emoji": "👍", "accounts": [b.id]}]));
    b.put(&format!("{path}/reactions/word")).await.refused(422, "emoji_invalid");
    b.put(&format!("{path}/reactions/%3Cb%3E")).await.refused(422, "emoji_invalid");
    // A turn of the writing direction, nothing to be seen, a dash, two emoji.
    for bad in ["%E2%80%AE", "%E2%80%8B", "%E2%80%94", "%F0%9F%91%8D%F0%9F%91%8D", "%F0%9F%91%8D%E2%80%AE"] {
        b.put(&format!("{path}/reactions/{bad}")).await.refused(422, "emoji_invalid");
        b.delete(&format!("{path}/reactions/{bad}")).await.is(204);
    }
}

#[tokio::test]
async fn a_moderator_pins() {
    let region = Region::shared();
    let (member, moderator) = (region.person("member.ro").await, region.person("moderator.region").await);
    let room = region.room("open", &[&member]).await;
    let (first, second) = (text(&member.say(&room, "one").await["id"]), text(&member.say(&room, "two").await["id"]));
    member.put(&format!("/api/messages/{first}/pin")).await.refused(403, "forbidden");
    for id in [&first, &second] {
        moderator.put(&format!("/api/messages/{id}/pin")).await.is(204);
    }
    let pins = member.get(&format!("/api/channels/{room}/pins")).await.is(200);
    let ids: Vec<_> = items(&pins).iter().map(|pin| text(&pin["id"])).collect();
    assert_eq!(ids, [second.clone(), first.clone()], "last pinned first");
    moderator.delete(&format!("/api/messages/{second}/pin")).await.is(204);
    member.delete(&format!("/api/messages/{first}")).await.is(204);
    assert!(items(&member.get(&format!("/api/channels/{room}/pins")).await.is(200)).is_empty());
}

#[tokio::test]
async fn a_moderator_pins_without_being_a_member() {
    let region = Region::shared();
    let (author, moderator, foreign) =
        (region.person("member.ro").await, region.person("moderator.ro").await, region.person("moderator.rs").await);
    let room = region.room_of("moderator.region", &json!({"kind": "closed", "country": "RO"}), &[&author]).await;
    let pin = format!("/api/messages/{}/pin", text(&author.say(&room, "one").await["id"]));
    assert_eq!(moderator.get(&format!("/api/channels/{room}")).await.is(200)["member"], false);
    moderator.put(&pin).await.is(204);
    moderator.delete(&pin).await.is(204);
    author.put(&pin).await.refused(403, "forbidden");
    foreign.put(&pin).await.refused(404, "not_found");
    // Among the people of a direct channel everybody is equal.
    let other = region.person("member.gr").await;
    let direct = author.post("/api/channels", json!({"kind": "direct", "people": [other.id]})).await;
    let direct = text(&direct.json["id"]);
    let pin = format!("/api/messages/{}/pin", text(&author.say(&direct, "one").await["id"]));
    other.put(&pin).await.is(204);
    region.person("moderator.region").await.put(&pin).await.refused(404, "not_found");
}

#[tokio::test]
async fn a_topic_of_another_channel_is_one_that_does_not_exist() {
    let region = Region::shared();
    let (member, inside) = (region.person("member.ro").await, region.person("member.gr").await);
    let (room, hidden) = (region.room("open", &[&member]).await, region.room("closed", &[&inside]).await);
    member.say(&room, "one").await;
    let (topic, _) = inside.begin(&hidden, "Hidden", "not for others").await;
    let absent = uuid::Uuid::now_v7();
    for range in ["", "&before=1", "&before=99", "&after=0", "&around=1", "&around=1&limit=1"] {
        let asked = async |topic: &str| member.get(&format!("/api/channels/{room}/messages?topic={topic}{range}")).await;
        let (foreign, none) = (asked(&topic).await, asked(&absent.to_string()).await);
        assert_eq!((foreign.status, &foreign.text), (200, &none.text), "{range}");
        assert_eq!((&foreign.json["has_before"], &foreign.json["has_after"]), (&json!(false), &json!(false)), "{range}");
    }
}

#[tokio::test]
async fn a_mention_counts_for_members_and_shows_the_true_name() {
    let region = Region::shared();
    let (author, called, outsider) =
        (region.person("member.ro").await, region.person("member.gr").await, region.person("member.rs").await);
    let room = region.room("open", &[&author, &called]).await;
    let body = format!("@[Somebody else](person:{}) and @[Out](person:{})", called.id, outsider.id);
    let posted = author.say(&room, &body).await;
    let message = author.get(&format!("/api/messages/{}", text(&posted["id"]))).await.is(200);
    assert_eq!(message["mentions"], json!([called.id]));
    let html = message["html"].as_str().expect("html");
    assert!(html.contains(&format!("data-person=\"{}\"", called.id)) && !html.contains("Somebody else"), "{html}");
    let counts = async |client: &Client| {
        let channel = client.get(&format!("/api/channels/{room}")).await.is(200);
        (channel["unread"].as_i64(), channel["mentions"].as_i64())
    };
    assert_eq!(counts(&called).await, (Some(1), Some(1)));
    assert_eq!(counts(&author).await, (Some(0), Some(0)), "one's own words are read");
    author.patch(&format!("/api/messages/{}", text(&posted["id"])), json!({"body": "nobody"})).await.is(200);
    assert_eq!(counts(&called).await, (Some(1), Some(0)));
}

#[tokio::test]
async fn a_quote_says_whom_it_quotes() {
    let region = Region::shared();
    let (a, b) = (region.person("member.ro").await, region.person("member.gr").await);
    let room = region.room("open", &[&a, &b]).await;
    let quoted = text(&a.say(&room, &"long ".repeat(100)).await["id"]);
    let mut wish: Value = draft("I agree");
    wish["quote"] = quoted.clone().into();
    let posted = b.post(&format!("/api/channels/{room}/messages"), wish).await.is(201);
    let quote = a.get(&format!("/api/messages/{}", text(&posted["id"]))).await.is(200)["quote"].clone();
    assert_eq!((quote["id"].as_str(), quote["author"].as_str()), (Some(quoted.as_str()), Some(a.id.as_str())));
    assert_eq!(quote["excerpt"].as_str().map(|text| text.chars().count()), Some(200));
}
