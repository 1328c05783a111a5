//! Coming into channels and looking after them.

use serde_json::{Value, json};
use support::region::{Region, draft, items, text};
use uuid::Uuid;

#[tokio::test]
async fn an_open_channel_is_read_then_joined_then_left() {
    let region = Region::shared();
    let (person, author) = (region.person("interpreter.ro").await, region.person("member.rs").await);
    let room = region.room("open", &[&author]).await;
    author.say(&room, "welcome").await;
    let path = format!("/api/channels/{room}");
    assert_eq!(items(&person.get(&format!("{path}/messages")).await.is(200)).len(), 1);
    person.post(&format!("{path}/messages"), draft("hello")).await.refused(403, "not_a_member");
    person.put_json(&format!("{path}/read"), json!({"seq": 1})).await.refused(403, "not_a_member");
    person.put(&format!("{path}/members/me")).await.is(204);
    person.put(&format!("{path}/members/me")).await.is(204);
    let shown = person.get(&path).await.is(200);
    assert_eq!(
        (shown["member"].as_bool(), shown["unread"].as_i64()),
        (Some(true), Some(0)),
        "what was said before counts as read"
    );
    person.say(&room, "hello").await;
    let members = person.get(&format!("{path}/members")).await.is(200);
    assert!(items(&members).iter().any(|member| member["person"]["id"] == person.id.as_str() && member["role"] == "member"));
    assert!(items(&members).iter().any(|member| member["role"] == "moderator"));
    person.delete(&format!("{path}/members/me")).await.is(204);
    person.post(&format!("{path}/messages"), draft("again")).await.refused(403, "not_a_member");
}

#[tokio::test]
async fn one_asks_and_a_moderator_admits_refuses_or_removes() {
    let region = Region::shared();
    let (moderator, person) = (region.person("moderator.rs").await, region.person("forensic.rs").await);
    let theme = region.person("moderator.region").await.get("/api/channels").await.is(200);
    let theme = items(&theme)
        .iter()
        .find(|channel| channel["kind"] == "closed" && channel["purpose"] == "theme")
        .expect("a vetted theme")
        .clone();
    let path = format!("/api/channels/{}", text(&theme["id"]));
    let region_moderator = region.person("moderator.region").await;
    region_moderator.delete(&format!("{path}/members/{}", person.id)).await;
    person.put(&format!("{path}/members/me")).await.refused(403, "forbidden");
    person.put(&format!("{path}/requests/{}", moderator.id)).await.refused(403, "forbidden");
    let asks = async || {
        let list = region_moderator.get(&format!("{path}/requests")).await.is(200);
        items(&list).iter().any(|request| request["person"]["id"] == person.id.as_str())
    };
    person.put(&format!("{path}/requests/me")).await.is(204);
    assert_eq!(person.get(&path).await.is(200)["requested"], true);
    assert!(asks().await);
    person.delete(&format!("{path}/requests/me")).await.is(204);
    assert!(!asks().await);
    person.put(&format!("{path}/requests/me")).await.is(204);
    region_moderator.delete(&format!("{path}/requests/{}", person.id)).await.is(204);
    assert!(!asks().await);
    person.get(&format!("{path}/messages")).await.refused(404, "not_found");
    person.put(&format!("{path}/requests/me")).await.is(204);
    region_moderator.put(&format!("{path}/members/{}", person.id)).await.is(204);
    assert!(!asks().await);
    person.get(&format!("{path}/messages")).await.is(200);
    person.get(&format!("{path}/requests")).await.is(403);
    region_moderator.delete(&format!("{path}/members/{}", person.id)).await.is(204);
    region_moderator.delete(&format!("{path}/members/{}", person.id)).await.refused(404, "not_found");
    person.get(&format!("{path}/messages")).await.refused(404, "not_found");
}

#[tokio::test]
async fn a_moderator_looks_after_own_scope_and_no_other() {
    let region = Region::shared();
    let (ro, rs, member) =
        (region.person("moderator.ro").await, region.person("moderator.rs").await, region.person("member.ro").await);
    let room = region.room_of("moderator.ro", &json!({"kind": "open", "country": "RO"}), &[&member, &rs]).await;
    let path = format!("/api/channels/{room}");
    let message = text(&member.say(&room, "in Romania").await["id"]);
    let name = json!({"name": {"en": "Renamed", "fr": "Renommé"}});
    rs.patch(&path, name.clone()).await.refused(403, "forbidden");
    rs.put(&format!("{path}/archive")).await.refused(403, "forbidden");
    rs.put(&format!("{path}/members/{}", region.person("member.rs").await.id)).await.refused(403, "forbidden");
    rs.delete(&format!("{path}/members/{}", member.id)).await.refused(403, "forbidden");
    rs.put(&format!("/api/messages/{message}/pin")).await.refused(403, "forbidden");
    rs.delete(&format!("/api/messages/{message}")).await.refused(403, "forbidden");
    rs.post("/api/channels", json!({"kind": "open", "country": "RO", "name": {"en": "Not mine"}}))
        .await
        .refused(403, "forbidden");
    rs.post("/api/channels", json!({"kind": "open", "name": {"en": "Nobody's"}})).await.refused(403, "forbidden");
    assert_eq!(ro.patch(&path, name).await.is(200)["name"]["fr"], "Renommé");
    for wish in [json!({"name": {"en": " "}}), json!({"marking": "purple"})] {
        assert_eq!(ro.patch(&path, wish).await.status, 422);
    }
    ro.patch(&path, json!({"kind": "direct"})).await.refused(400, "bad_request");
    ro.delete(&format!("/api/messages/{message}")).await.is(204);
}

#[tokio::test]
async fn an_archived_channel_is_read_and_not_written() {
    let region = Region::shared();
    let (moderator, member) = (region.person("moderator.region").await, region.person("member.ro").await);
    let room = region.room("open", &[&member]).await;
    let message = text(&member.say(&room, "before").await["id"]);
    moderator.put(&format!("/api/channels/{room}/archive")).await.is(204);
    assert_eq!(member.get(&format!("/api/channels/{room}")).await.is(200)["can"]["post"], false);
    member.post(&format!("/api/channels/{room}/messages"), draft("after")).await.refused(403, "archived");
    member.patch(&format!("/api/messages/{message}"), json!({"body": "after"})).await.refused(403, "archived");
    member.put(&format!("/api/messages/{message}/reactions/%F0%9F%91%8D")).await.refused(403, "archived");
    assert_eq!(items(&member.get(&format!("/api/channels/{room}/messages")).await.is(200)).len(), 1);
    moderator.delete(&format!("/api/channels/{room}/archive")).await.is(204);
    member.say(&room, "after").await;
}

#[tokio::test]
async fn the_same_people_meet_in_the_same_direct_channel() {
    let region = Region::shared();
    let (a, b, c) =
        (region.person("psychologist.bg").await, region.person("guardian.hr").await, region.person("asylum.gr").await);
    let open = |people: Value| json!({"kind": "direct", "people": people});
    let made = a.post("/api/channels", open(json!([b.id, c.id]))).await.is(201);
    let id = text(&made["id"]);
    assert_eq!(
        (made["kind"].as_str(), made["name"].is_null(), made["with"].as_array().map(Vec::len)),
        (Some("direct"), true, Some(2))
    );
    for people in [json!([a.id, c.id]), json!([c.id, a.id, b.id, c.id])] {
        assert_eq!(b.post("/api/channels", open(people)).await.is(200)["id"], id.as_str());
    }
    let pair = a.post("/api/channels", open(json!([b.id]))).await;
    assert_ne!(pair.json["id"], id.as_str());
    a.post("/api/channels", open(json!([]))).await.refused(422, "people_count");
    a.post("/api/channels", open(json!([a.id]))).await.refused(422, "people_count");
    a.post("/api/channels", open(json!([Uuid::now_v7()]))).await.refused(404, "not_found");
    let people = a.get("/api/people?limit=100").await.is(200);
    let people: Vec<_> = items(&people).iter().map(|person| text(&person["id"])).filter(|id| *id != a.id).collect();
    a.post("/api/channels", open(json!(people[..8]))).await.refused(422, "people_count");
    assert_eq!(a.post("/api/channels", open(json!(people[..7]))).await.is(201)["with"].as_array().map(Vec::len), Some(7));
    // For good: nobody comes in or is put out, and it can't be widened.
    a.patch(&format!("/api/channels/{id}"), json!({"kind": "open"})).await.refused(403, "forbidden");
    a.put(&format!("/api/channels/{id}/members/{}", region.person("rarc").await.id)).await.refused(403, "forbidden");
    a.delete(&format!("/api/channels/{id}/members/{}", b.id)).await.refused(403, "forbidden");
    region.person("moderator.region").await.get(&format!("/api/channels/{id}")).await.refused(404, "not_found");
    region.person("admin").await.get(&format!("/api/channels/{id}")).await.refused(404, "not_found");
}

#[tokio::test]
async fn a_cell_has_one_channel_and_stands_in_the_grid() {
    let region = Region::shared();
    let moderator = region.person("moderator.region").await;
    let wish = json!({"kind": "open", "country": "AL", "theme": "forced-begging", "name": {"en": "Cell"}});
    let made = moderator.post("/api/channels", wish.clone()).await.is(201);
    assert_eq!(made["purpose"], "cell");
    moderator.post("/api/channels", wish).await.refused(409, "conflict");
    moderator
        .post("/api/channels", json!({"kind": "open", "country": "FR", "name": {"en": "Cell"}}))
        .await
        .refused(422, "tag_unknown");
    let (topic, _) = moderator.begin(&text(&made["id"]), "Both tags", "text").await;
    moderator.patch(&format!("/api/topics/{topic}"), json!({"countries": ["AL"], "themes": ["forced-begging"]})).await.is(200);
    let grid = region.person("member.gr").await.get("/api/grid").await.is(200);
    let cells = grid["cells"].as_array().expect("cells");
    let cell = cells.iter().find(|cell| cell["country"] == "AL" && cell["theme"] == "forced-begging").expect("the cell");
    assert_eq!(cell["channel"], made["id"]);
    assert!(cell["topics"].as_i64() >= Some(1), "{cell}");
    // What happens in a closed room is in nobody else's grid.
    let insider = region.person("social.xk").await;
    let room = region.room("closed", &[&insider]).await;
    let (hidden, _) = insider.begin(&room, "Hidden", "text").await;
    insider.patch(&format!("/api/topics/{hidden}"), json!({"countries": ["XK"], "themes": ["forced-marriage"]})).await.is(200);
    let found = |list: &Value| items(list).iter().any(|topic| topic["id"] == hidden.as_str());
    let path = "/api/topics?country=XK&theme=forced-marriage";
    assert!(found(&insider.get(path).await.is(200)));
    assert!(!found(&region.person("member.gr").await.get(path).await.is(200)));
    region.person("member.gr").await.get("/api/topics?country=FR").await.refused(400, "bad_request");
}
