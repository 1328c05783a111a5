//! What one may not know of is answered like what isn't there, to the byte.

use reqwest::Method;
use serde_json::{Value, json};
use support::region::{Answer, Region, draft, items, text};
use uuid::Uuid;

/// An answer without what differs from one to the next for everybody.
fn bare(answer: &Answer) -> (u16, String, Vec<(String, String)>) {
    let headers = answer.headers.iter().filter(|(name, _)| *name != "date");
    let mut headers: Vec<_> =
        headers.map(|(name, value)| (name.to_string(), value.to_str().unwrap_or_default().to_owned())).collect();
    headers.sort();
    (answer.status, answer.text.clone(), headers)
}

#[tokio::test]
async fn a_hidden_room_and_an_invented_one_are_answered_alike() {
    let region = Region::shared();
    let (insider, outsider, admin) =
        (region.person("social.xk").await, region.person("member.gr").await, region.person("admin").await);
    let room = region.room("closed", &[&insider]).await;
    let (topic, message) = insider.begin(&room, "Nothing for others", "a canary").await;
    let (nowhere, nothing) = (Uuid::now_v7().to_string(), Uuid::now_v7().to_string());
    let of_channel: [(Method, &str, Option<Value>); 17] = [
        (Method::GET, "", None),
        (Method::PATCH, "", Some(json!({"name": {"en": "Mine"}}))),
        (Method::GET, "/messages", None),
        (Method::POST, "/messages", Some(draft("hello"))),
        (Method::GET, "/members", None),
        (Method::GET, "/topics", None),
        (Method::GET, "/pins", None),
        (Method::GET, "/requests", None),
        (Method::PUT, "/requests/me", None),
        (Method::DELETE, "/requests/me", None),
        (Method::PUT, "/members/me", None),
        (Method::DELETE, "/members/me", None),
        (Method::PUT, "/archive", None),
        (Method::DELETE, "/archive", None),
        (Method::PUT, "/read", Some(json!({"seq": 1}))),
        (Method::PUT, &format!("/members/{}", outsider.id), None),
        (Method::DELETE, &format!("/members/{}", insider.id), None),
    ];
    for (method, path, body) in of_channel {
        let there = outsider.send(method.clone(), &format!("/api/channels/{room}{path}"), body.clone()).await;
        let not = outsider.send(method.clone(), &format!("/api/channels/{nowhere}{path}"), body).await;
        assert_eq!(bare(&there), bare(&not), "{method} {path}");
        assert_eq!(there.status, 404, "{method} {path}");
    }
    let of_message: [(Method, &str, Option<Value>); 8] = [
        (Method::GET, "", None),
        (Method::PATCH, "", Some(json!({"body": "mine"}))),
        (Method::DELETE, "", None),
        (Method::GET, "/history", None),
        (Method::PUT, "/pin", None),
        (Method::DELETE, "/pin", None),
        (Method::PUT, "/reactions/%F0%9F%91%8D", None),
        (Method::DELETE, "/reactions/%F0%9F%91%8D", None),
    ];
    for (method, path, body) in of_message {
        for reader in [&outsider, &admin] {
            let there = reader.send(method.clone(), &format!("/api/messages/{message}{path}"), body.clone()).await;
            let not = reader.send(method.clone(), &format!("/api/messages/{nothing}{path}"), body.clone()).await;
            assert_eq!(bare(&there), bare(&not), "{method} message {path}");
            assert_eq!(there.status, 404, "{method} message {path}");
        }
    }
    for body in [None, Some(json!({"title": "Mine"}))] {
        let method = if body.is_some() { Method::PATCH } else { Method::GET };
        let there = outsider.send(method.clone(), &format!("/api/topics/{topic}"), body.clone()).await;
        let not = outsider.send(method.clone(), &format!("/api/topics/{nothing}"), body).await;
        assert_eq!((there.status, bare(&there)), (404, bare(&not)), "{method} topic");
    }
    for (there, not) in [
        (format!("/api/people?channel={room}"), format!("/api/people?channel={nowhere}")),
        (format!("/api/channels/{room}/messages?topic={topic}"), format!("/api/channels/{nowhere}/messages?topic={topic}")),
    ] {
        assert_eq!(bare(&outsider.get(&there).await), bare(&outsider.get(&not).await), "{there}");
    }
    let list = outsider.get("/api/channels").await.is(200);
    assert!(!list.to_string().contains(&room));
    assert_eq!(insider.get(&format!("/api/messages/{message}")).await.is(200)["body"], "a canary");
}

#[tokio::test]
async fn a_topic_list_by_another_channels_topic_tells_nothing() {
    let region = Region::shared();
    let (insider, outsider) = (region.person("social.xk").await, region.person("member.gr").await);
    let room = region.room("closed", &[&insider]).await;
    let open = region.room("open", &[&outsider]).await;
    let (topic, message) = insider.begin(&room, "Inside", "a canary").await;
    let page = outsider.get(&format!("/api/channels/{open}/messages?topic={topic}")).await.is(200);
    assert!(items(&page).is_empty(), "{page}");
    let mut wish = draft("to a topic of elsewhere");
    wish["topic"] = topic.into();
    outsider.post(&format!("/api/channels/{open}/messages"), wish).await.refused(422, "topic_not_found");
    let mut wish = draft("quoting from elsewhere");
    wish["quote"] = message.clone().into();
    let hidden = outsider.post(&format!("/api/channels/{open}/messages"), wish.clone()).await.is(422);
    wish["quote"] = Uuid::now_v7().to_string().into();
    assert_eq!(hidden, outsider.post(&format!("/api/channels/{open}/messages"), wish).await.is(422));
}

#[tokio::test]
async fn what_is_said_in_a_listed_closed_channel_is_not_told() {
    let region = Region::shared();
    let newcomer = region.person("teacher.xk").await;
    let list = newcomer.get("/api/channels").await.is(200);
    let closed: Vec<_> =
        items(&list).iter().filter(|channel| channel["kind"] == "closed" && channel["member"] == false).collect();
    let channel = closed.iter().find(|channel| channel["purpose"] == "theme").expect("a vetted theme to ask for");
    let id = text(&channel["id"]);
    let shown = newcomer.get(&format!("/api/channels/{id}")).await.is(200);
    assert_eq!((shown["can"]["read"].as_bool(), shown["can"]["request"].as_bool()), (Some(false), Some(true)));
    assert_eq!(
        (shown["head_seq"].as_i64(), shown["unread"].as_i64(), shown["last_at"].is_null()),
        (Some(0), Some(0), true),
        "{shown}"
    );
    for path in ["messages", "topics", "members", "pins"] {
        newcomer.get(&format!("/api/channels/{id}/{path}")).await.refused(404, "not_found");
    }
}

#[tokio::test]
async fn administrators_do_not_read_closed_rooms() {
    let region = Region::shared();
    let (admin, insider) = (region.person("admin").await, region.person("social.xk").await);
    let room = region.room("closed", &[&insider]).await;
    let (topic, message) = insider.begin(&room, "Inside", "quokkacanary").await;
    for path in [
        format!("/api/channels/{room}/messages"),
        format!("/api/channels/{room}/topics"),
        format!("/api/channels/{room}/members"),
        format!("/api/channels/{room}/pins"),
        format!("/api/topics/{topic}"),
        format!("/api/messages/{message}"),
        format!("/api/messages/{message}/history"),
        format!("/api/people?channel={room}"),
    ] {
        admin.get(&path).await.refused(404, "not_found");
    }
    assert!(items(&admin.get("/api/search?q=quokkacanary").await.is(200)).is_empty());
    admin.put(&format!("/api/channels/{room}/members/me")).await.refused(403, "forbidden");
    admin.put(&format!("/api/channels/{room}/members/{}", region.person("rarc").await.id)).await.is(403);
}

#[tokio::test]
async fn nobody_lays_open_a_room_they_may_not_read() {
    let region = Region::shared();
    let (admin, insider) = (region.person("admin").await, region.person("social.xk").await);
    let room = region.room("closed", &[&insider]).await;
    insider.say(&room, "said in confidence").await;
    let opened = admin.patch(&format!("/api/channels/{room}"), json!({"kind": "open"})).await;
    let read = admin.get(&format!("/api/channels/{room}/messages")).await;
    assert_eq!((opened.status, read.status), (403, 404), "{}", read.text);
}

/// Whoever may not read a channel learns from no count, date or order that something is said in it.
#[tokio::test]
async fn nothing_an_outsider_is_shown_moves_when_a_closed_channel_is_written_in() {
    let region = Region::start(&[]).expect("a region");
    let (insider, outsider) = (region.person("member.ro").await, region.person("member.gr").await);
    let outsiders = [&outsider, &region.person("admin").await, &region.person("moderator.rs").await];
    let tagged = json!({"kind": "closed", "country": "RO", "theme": "forced-marriage"});
    let moderator = region.person("moderator.region").await;
    // One that nobody outside knows, one of a cell of the grid, and one that is listed for all: it was open once.
    let rooms = [
        region.room("closed", &[&insider]).await,
        region.room_of("moderator.region", &tagged, &[&insider]).await,
        region.room("open", &[&insider]).await,
    ];
    moderator.patch(&format!("/api/channels/{}", rooms[2]), json!({"kind": "closed"})).await.is(200);
    let (word, seen) = (format!("canary{}", Uuid::now_v7().simple()), format!("/api/channels/{}", rooms[2]));
    let surfaces = [
        "/api/grid",
        "/api/missed",
        "/api/channels",
        "/api/topics?limit=100",
        "/api/directory?q=RO",
        "/api/region",
        "/api/organisations",
        "/api/people?limit=100",
        "/api/me/notices",
        "/api/countries/RO",
        &seen,
        &format!("/api/search?q={word}"),
        &format!("/api/topics?q={word}"),
    ];
    let look = async || {
        let mut shown = Vec::new();
        for client in outsiders {
            for path in surfaces {
                // A fresh number of the answer's own is no count: when people were seen is coarse, and theirs to change.
                shown.push((path.to_owned(), bare(&client.get(path).await)));
            }
        }
        shown
    };
    let before = look().await;
    for room in &rooms {
        let (topic, first) = insider.begin(room, &format!("Topic {word}"), &word).await;
        let tags = json!({"countries": ["RO", "GR"], "themes": ["forced-marriage"]});
        insider.patch(&format!("/api/topics/{topic}"), tags).await.is(200);
        for n in 0..5 {
            insider.say(room, &format!("{word} {n}")).await;
        }
        insider.put(&format!("/api/messages/{first}/reactions/%F0%9F%91%8D")).await.is(204);
        insider.delete(&format!("/api/messages/{first}")).await.is(204);
    }
    let after = look().await;
    for ((path, was), (_, is)) in before.iter().zip(&after) {
        assert_eq!(was, is, "{path}");
    }
    // Those who belong to it see what is there, or all of this would tell nothing.
    assert!(insider.get("/api/grid").await.text != before[0].1.1);
    assert!(insider.get(&format!("/api/search?q={word}")).await.text.contains(&word));
}
