//! Topics: begun, renamed, settled, tagged, moved.

use serde_json::{Value, json};
use support::region::{Region, draft, items, text};
use uuid::Uuid;

#[tokio::test]
async fn the_same_title_is_the_same_topic() {
    let region = Region::shared();
    let (a, b) = (region.person("member.ro").await, region.person("member.gr").await);
    let room = region.room("open", &[&a, &b]).await;
    let (first, _) = a.begin(&room, "Transport at night", "one").await;
    let (again, _) = b.begin(&room, "  transport  AT night ", "two").await;
    assert_eq!(first, again);
    let topic = a.get(&format!("/api/topics/{first}")).await.is(200);
    assert_eq!(
        (topic["title"].as_str(), topic["messages"].as_i64(), topic["created_by"].as_str()),
        (Some("Transport at night"), Some(2), Some(a.id.as_str()))
    );
    let list = a.get(&format!("/api/channels/{room}/topics")).await.is(200);
    assert_eq!(items(&list).len(), 2, "General and this one: {list}");
    let found = a.get(&format!("/api/channels/{room}/topics?q=NIGHT")).await.is(200);
    assert_eq!(items(&found).len(), 1);
}

#[tokio::test]
async fn moderators_rename_and_those_who_began_it_settle_and_tag() {
    let region = Region::shared();
    let (began, other, moderator) =
        (region.person("member.ro").await, region.person("member.gr").await, region.person("moderator.region").await);
    let room = region.room("open", &[&began, &other]).await;
    let (topic, _) = began.begin(&room, "Old title", "text").await;
    let path = format!("/api/topics/{topic}");
    other.patch(&path, json!({"resolved": true})).await.refused(403, "forbidden");
    began.patch(&path, json!({"title": "New title"})).await.refused(403, "forbidden");
    let tagged =
        began.patch(&path, json!({"resolved": true, "countries": ["RO", "MD"], "themes": ["forced-begging"]})).await.is(200);
    assert_eq!(tagged["resolved"], true);
    assert_eq!(tagged["themes"], json!(["forced-begging"]));
    let settled = other.get(&format!("/api/channels/{room}/topics?resolved=true")).await.is(200);
    assert_eq!(items(&settled).len(), 1);
    assert_eq!(moderator.patch(&path, json!({"title": " New  title ", "resolved": false})).await.is(200)["title"], "New title");
    began.begin(&room, "Another", "text").await;
    moderator.patch(&path, json!({"title": "another"})).await.refused(409, "title_taken");
    moderator.patch(&path, json!({"title": "t".repeat(121)})).await.refused(422, "title_invalid");
    moderator.patch(&path, json!({"countries": ["FR"]})).await.refused(422, "tag_unknown");
    let list = other.get(&format!("/api/channels/{room}/topics")).await.is(200);
    let general = items(&list).iter().find(|topic| topic["general"] == true).expect("General");
    for wish in [json!({"title": "Mine"}), json!({"resolved": true})] {
        moderator.patch(&format!("/api/topics/{}", text(&general["id"])), wish).await.refused(409, "general_stays");
    }
    moderator.patch(&format!("/api/topics/{}", Uuid::now_v7()), json!({"title": "x"})).await.refused(404, "not_found");
}

#[tokio::test]
async fn a_moved_topic_keeps_its_permalinks_and_leaves_nothing_behind() {
    let region = Region::shared();
    let (member, left_behind, moderator) =
        (region.person("member.ro").await, region.person("member.gr").await, region.person("moderator.region").await);
    let from = region.room("open", &[&member, &left_behind]).await;
    let to = region.room("closed", &[&member]).await;
    let (topic, first) = member.begin(&from, "To be moved", "zephyrcanary one").await;
    let mut second = draft("zephyrcanary two");
    second["topic"] = topic.clone().into();
    member.post(&format!("/api/channels/{from}/messages"), second).await.is(201);
    let mut quoting = draft("as was said");
    quoting["quote"] = first.clone().into();
    let quoting = text(&member.post(&format!("/api/channels/{from}/messages"), quoting).await.is(201)["id"]);
    member.patch(&format!("/api/topics/{topic}"), json!({"channel": to})).await.refused(403, "forbidden");
    let moved = moderator.patch(&format!("/api/topics/{topic}"), json!({"channel": to})).await.is(200);
    assert_eq!(moved["channel"], to.as_str());
    let message = member.get(&format!("/api/messages/{first}")).await.is(200);
    assert_eq!((message["channel"].as_str(), message["body"].as_str()), (Some(to.as_str()), Some("zephyrcanary one")));
    let arrived = member.get(&format!("/api/channels/{to}/messages")).await.is(200);
    assert_eq!(items(&arrived).len(), 2);
    for path in [
        format!("/api/channels/{from}/messages"),
        format!("/api/channels/{from}/messages?topic={topic}"),
        format!("/api/channels/{from}/topics"),
        format!("/api/messages/{quoting}"),
        "/api/search?q=zephyrcanary".to_owned(),
        "/api/missed".to_owned(),
    ] {
        let answer = left_behind.get(&path).await;
        assert!(!answer.text.contains("zephyrcanary") && !answer.text.contains("To be moved"), "{path}: {}", answer.text);
    }
    left_behind.get(&format!("/api/messages/{first}")).await.refused(404, "not_found");
    left_behind.get(&format!("/api/topics/{topic}")).await.refused(404, "not_found");
    let mut late = draft("too late");
    late["topic"] = topic.into();
    let refused = member.post(&format!("/api/channels/{from}/messages"), late).await;
    assert!(
        matches!((refused.status, refused.json["code"].as_str()), (409, Some("topic_moved")) | (422, Some("topic_not_found"))),
        "{}",
        refused.text
    );
    assert_eq!(items(&member.get("/api/search?q=zephyrcanary").await.is(200)).len(), 2);
}

#[tokio::test]
async fn a_power_ends_at_its_scope() {
    let region = Region::shared();
    let (ro, rs) = (region.person("moderator.ro").await, region.person("moderator.rs").await);
    let here = region.room_of("moderator.ro", &json!({"kind": "open", "country": "RO"}), &[]).await;
    let there = region.room_of("moderator.rs", &json!({"kind": "open", "country": "RS"}), &[&ro]).await;
    let hidden = region.room_of("moderator.rs", &json!({"kind": "closed", "country": "RS"}), &[]).await;
    let (own, _) = ro.begin(&here, "Own", "text").await;
    let (foreign, _) = rs.begin(&there, "Foreign", "text").await;
    let patch = async |topic: &str, wish: Value| ro.patch(&format!("/api/topics/{topic}"), wish).await;
    patch(&foreign, json!({"title": "Taken"})).await.refused(403, "forbidden");
    patch(&foreign, json!({"channel": here})).await.refused(403, "forbidden");
    patch(&own, json!({"channel": there})).await.refused(403, "forbidden");
    let (into_hidden, into_nothing) =
        (patch(&own, json!({"channel": hidden})).await, patch(&own, json!({"channel": Uuid::now_v7()})).await);
    assert_eq!((into_hidden.status, &into_hidden.text), (404, &into_nothing.text));
    // A refused change changes nothing, not even its allowed half.
    patch(&own, json!({"title": "Half", "channel": there})).await.refused(403, "forbidden");
    let topic = ro.get(&format!("/api/topics/{own}")).await.is(200);
    assert_eq!((topic["title"].as_str(), topic["channel"].as_str()), (Some("Own"), Some(here.as_str())));
}
