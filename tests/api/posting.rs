//! What is taken and what is not.

use futures_util::future::join_all;
use serde_json::{Value, json};
use support::region::{Region, draft, items};
use uuid::Uuid;

#[tokio::test]
async fn what_can_not_be_said_is_refused_with_its_reason() {
    let region = Region::shared();
    let member = region.person("member.ro").await;
    let room = region.room("open", &[&member]).await;
    let posts = format!("/api/channels/{room}/messages");
    let with = |key: &str, value: Value| {
        let mut wish = draft("words");
        wish[key] = value;
        wish
    };
    let cases = [
        (with("body", json!("")), "body_empty"),
        (with("body", json!(" \n\t ")), "body_empty"),
        (with("body", json!("\u{200b}\u{feff}")), "body_empty"),
        (with("body", json!("\u{3164}")), "body_empty"),
        (with("body", json!("\u{200e}\u{2028}\u{200f}")), "body_empty"),
        (with("body", json!("[a]: /x")), "body_empty"),
        (with("body", json!("![](https://example.org/a.png)")), "body_empty"),
        (with("body", json!("&#8203;")), "body_empty"),
        (with("body", json!("é".repeat(8193))), "body_too_long"),
        (with("body", json!("bell \u{7}")), "body_control"),
        (with("body", json!("null \u{0}")), "body_control"),
        (with("body", json!("turned \u{202e}")), "body_control"),
        (with("new_topic", json!("")), "title_invalid"),
        (with("new_topic", json!("t".repeat(121))), "title_invalid"),
        (with("new_topic", json!("turned \u{202e}")), "title_invalid"),
        (with("new_topic", json!("turned \u{200f}")), "title_invalid"),
        (with("new_topic", json!("\u{200b}\u{2060}")), "title_invalid"),
        (with("new_topic", json!("\u{3164}")), "title_invalid"),
        (with("topic", json!(Uuid::now_v7())), "topic_not_found"),
        (with("attachments", json!([Uuid::now_v7()])), "attachment_unusable"),
        (with("attachments", json!(vec![Uuid::nil(); 11])), "too_many"),
        (with("marking", json!("purple")), "marking_unknown"),
        (with("quote", json!(Uuid::now_v7())), "quote_not_found"),
    ];
    for (wish, code) in cases {
        member.post(&posts, wish).await.refused(422, code);
    }
    let long = member.post(&posts, with("body", json!("x".repeat(20_000)))).await.refused(422, "body_too_long");
    assert_eq!((long["limit"].as_i64(), long["length"].as_i64()), (Some(16_384), Some(20_000)));
    member.post(&posts, json!({"ref": "no id", "body": "x"})).await.refused(400, "bad_json");
    let mut both = draft("x");
    both["topic"] = json!(Uuid::now_v7());
    both["new_topic"] = json!("Both");
    member.post(&posts, both).await.refused(400, "bad_request");
    assert!(items(&member.get(&posts).await.is(200)).is_empty(), "nothing refused is kept");
    let empty = member.say(&room, "text").await;
    member
        .patch(&format!("/api/messages/{}", empty["id"].as_str().expect("an id")), json!({"body": "[a]: /x"}))
        .await
        .refused(422, "body_empty");
    let turned = member.post(&posts, with("body", json!("\u{200f}kept\u{2028}apart"))).await.is(201);
    let kept = member.get(&format!("/api/messages/{}", turned["id"].as_str().expect("an id"))).await.is(200);
    assert_eq!(kept["body"], "kept\napart", "marks of direction are left out, separators are line ends");
    member.post(&posts, with("body", json!("x".repeat(16_384)))).await.is(201);
    member.post(&posts, with("new_topic", json!("t".repeat(120)))).await.is(201);
}

#[tokio::test]
async fn a_message_is_marked_at_least_as_strictly_as_its_channel() {
    let region = Region::shared();
    let member = region.person("member.ro").await;
    let room = region.room_of("moderator.region", &json!({"kind": "open", "marking": "amber"}), &[&member]).await;
    for (asked, kept) in [(Value::Null, "amber"), (json!("clear"), "amber"), (json!("amber+strict"), "amber+strict")] {
        let mut wish = draft("marked");
        wish["marking"] = asked;
        let posted = member.post(&format!("/api/channels/{room}/messages"), wish).await.is(201);
        let message = member.get(&format!("/api/messages/{}", posted["id"].as_str().expect("an id"))).await.is(200);
        assert_eq!(message["marking"], kept);
    }
}

#[tokio::test]
async fn the_same_reference_is_stored_once_and_answered_the_same() {
    let region = Region::shared();
    let (member, other) = (region.person("member.ro").await, region.person("member.gr").await);
    let room = region.room("open", &[&member, &other]).await;
    let posts = format!("/api/channels/{room}/messages");
    let wish = draft("once");
    let first = member.post(&posts, wish.clone()).await.is(201);
    assert_eq!((first["type"].as_str(), &first["ref"]), (Some("posted"), &wish["ref"]));
    assert_eq!(member.post(&posts, wish.clone()).await.is(200), first);
    // The reference of one person means nothing for another.
    assert_ne!(other.post(&posts, wish).await.is(201)["id"], first["id"]);
    let wish = draft("twenty at once");
    let answers = join_all((0..20).map(|_| member.post(&posts, wish.clone()))).await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 201).count(), 1);
    assert!(answers.iter().all(|answer| matches!(answer.status, 200 | 201) && answer.json == answers[0].json));
    assert_eq!(items(&member.get(&posts).await.is(200)).len(), 3);
}

#[tokio::test]
async fn an_idempotency_key_serves_as_reference() {
    let region = Region::shared();
    let member = region.person("member.ro").await;
    let room = region.room("open", &[&member]).await;
    let posts = format!("/api/channels/{room}/messages");
    let mut wish = draft("by a key");
    wish["ref"] = Value::Null;
    let keyed = member.with("idempotency-key", &format!("alert-{room}"));
    let first = keyed.post(&posts, wish.clone()).await.is(201);
    assert_eq!(keyed.post(&posts, wish.clone()).await.is(200), first);
    assert_ne!(member.post(&posts, wish).await.is(201)["id"], first["id"]);
}

#[tokio::test]
async fn what_is_rendered_is_harmless() {
    let region = Region::shared();
    let member = region.person("member.ro").await;
    let room = region.room("open", &[&member]).await;
    let body = "<script>alert(1)</script>\n\n<img src=x onerror=alert(1)>\n\n![i](http://evil.example/i.png) [l](javascript:alert(1)) \
                [m](data:text/html,x) <b style=x>b</b> [ok](https://example.org/a) **strong** `code`";
    let posted = member.say(&room, body).await;
    let message = member.get(&format!("/api/messages/{}", posted["id"].as_str().expect("an id"))).await.is(200);
    let html = message["html"].as_str().expect("html");
    for bad in ["<script", "<img", "<b", "href=\"javascript:", "href=\"data:", "src="] {
        // What was typed as HTML is shown as it was typed.
        let tags = html.replace("&lt;img src=x", "").replace("&lt;b", "");
        assert!(!tags.contains(bad), "{bad} in {html}");
    }
    for good in ["data-host=\"example.org\"", "noopener", "<strong>strong</strong>", "<code>code</code>"] {
        assert!(html.contains(good), "{good} not in {html}");
    }
}

#[tokio::test]
async fn posting_too_fast_is_slowed_down() {
    let region = Region::start(&[("EGIDA_LIMITS_POSTS_PER_SECOND", "1"), ("EGIDA_LIMITS_POSTS_BURST", "5")]).expect("a region");
    let (a, b) = (region.person("member.ro").await, region.person("member.gr").await);
    let browser = region.signed_in("member.ro").await;
    let room = region.room("open", &[&a, &b]).await;
    let posts = format!("/api/channels/{room}/messages");
    let mut slowed = None;
    for n in 0..15 {
        let answer = a.post(&posts, draft(&format!("message {n}"))).await;
        if answer.status == 429 {
            slowed = Some(answer);
            break;
        }
        answer.is(201);
    }
    let slowed = slowed.expect("fifteen at once are too many");
    assert_eq!(slowed.header("retry-after"), Some("1"));
    slowed.refused(429, "too_many_attempts");
    // The budget is the account's, by whatever it came in; another account has its own.
    browser.post(&posts, draft("by another way")).await.refused(429, "too_many_attempts");
    b.post(&posts, draft("by somebody else")).await.is(201);
    tokio::time::sleep(std::time::Duration::from_millis(1500)).await;
    browser.post(&posts, draft("a moment later")).await.is(201);
}
