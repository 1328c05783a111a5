//! Who says how something is to be handled, and where it may go: ceilings, labels, other markings, moved topics.

use serde_json::{Value, json};
use support::region::{Client, Region, draft, items, text};
use support::server_process::run;

/// A post with these fields.
fn with(body: &str, fields: &Value) -> Value {
    let mut wish = draft(body);
    for (name, value) in fields.as_object().expect("fields") {
        wish[name] = value.clone();
    }
    wish
}

async fn said(client: &Client, room: &str, fields: Value) -> String {
    let posted = client.post(&format!("/api/channels/{room}/messages"), with("said", &fields)).await.is(201);
    text(&posted["id"])
}

async fn shown(client: &Client, message: &str) -> Value {
    client.get(&format!("/api/messages/{message}")).await.is(200)
}

#[tokio::test]
async fn a_channel_holds_nothing_above_its_ceiling() {
    let region = Region::shared();
    let (author, moderator) = (region.person("member.ro").await, region.person("moderator.region").await);
    let (open, closed) = (region.room("open", &[&author]).await, region.room("closed", &[&author]).await);
    for (room, ceiling) in [(&open, "amber+strict"), (&closed, "red")] {
        assert_eq!(author.get(&format!("/api/channels/{room}")).await.is(200)["ceiling"], ceiling);
    }
    let posts = format!("/api/channels/{open}/messages");
    let refused = author.post(&posts, with("too strict", &json!({"marking": "red"}))).await.refused(409, "marking_above_ceiling");
    assert_eq!((&refused["marking"], &refused["ceiling"]), (&json!("red"), &json!("amber+strict")));
    let rooms = refused["rooms"].as_array().expect("rooms");
    assert!(!rooms.is_empty() && !rooms.contains(&json!(open)), "{rooms:?}");
    for room in rooms {
        assert_eq!(author.get(&format!("/api/channels/{}", text(room))).await.is(200)["ceiling"], "red");
    }
    assert!(items(&author.get(&posts).await.is(200)).is_empty());
    said(&author, &closed, json!({"marking": "red"})).await;
    // What holds RED can't be opened to all, and an open channel can't be allowed to hold it.
    let room = format!("/api/channels/{closed}");
    moderator.patch(&room, json!({"kind": "open"})).await.refused(409, "marking_above_ceiling");
    moderator.patch(&format!("/api/channels/{open}"), json!({"ceiling": "red"})).await.refused(409, "marking_above_ceiling");
    moderator.patch(&format!("/api/channels/{open}"), json!({"marking": "red"})).await.refused(409, "marking_above_ceiling");
    moderator.patch(&room, json!({"marking": "amber", "ceiling": "green"})).await.refused(409, "marking_above_ceiling");
    moderator.patch(&room, json!({"ceiling": "pink"})).await.refused(422, "marking_unknown");
    let changed = moderator.patch(&room, json!({"ceiling": "amber"})).await.is(200);
    assert_eq!((&changed["marking"], &changed["ceiling"]), (&json!("green"), &json!("amber")));
    let strict = with("too strict", &json!({"marking": "amber+strict"}));
    author.post(&format!("{room}/messages"), strict).await.refused(409, "marking_above_ceiling");
    let wish = json!({"kind": "open", "name": {"en": "Red for all"}, "country": "RO", "marking": "red"});
    moderator.post("/api/channels", wish).await.refused(409, "marking_above_ceiling");
}

#[tokio::test]
async fn an_emptier_closed_channel_opens_with_a_lower_ceiling() {
    let region = Region::shared();
    let moderator = region.person("moderator.region").await;
    let room = format!("/api/channels/{}", region.room("closed", &[]).await);
    assert_eq!(moderator.patch(&room, json!({"kind": "open"})).await.is(200)["ceiling"], "amber+strict");
}

#[tokio::test]
async fn labels_go_with_a_message_by_http_and_by_socket() {
    let region = Region::shared();
    let (author, reader) = (region.person("member.ro").await, region.person("member.gr").await);
    let room = region.room("open", &[&author, &reader]).await;
    let plain = shown(&reader, &said(&author, &room, json!({})).await).await;
    assert_eq!((&plain["handling"], &plain["act"], &plain["grading"]), (&json!([]), &json!("ask"), &Value::Null));
    let mut listener = reader.live().await;
    let mut socket = author.live().await;
    let labels = json!({"handling": ["h2", "h1"], "act": "quiet", "grading": "B2", "marking": "amber"});
    let mut frame = with("by socket", &labels);
    frame["type"] = "post".into();
    frame["channel"] = room.clone().into();
    socket.send(&frame).await.expect("sent");
    let told = listener.next_of("message").await.expect("told")["message"].clone();
    assert_eq!((&told["handling"], &told["act"], &told["grading"]), (&json!(["h1", "h2"]), &json!("quiet"), &json!("B2")));
    let id = text(&told["id"]);
    assert_eq!(shown(&reader, &id).await["handling"], json!(["h1", "h2"]));
    // Who repeats it is bound by it.
    let quoting = shown(&reader, &said(&reader, &room, json!({"quote": id, "act": "open"})).await).await;
    assert_eq!(
        (&quoting["handling"], &quoting["act"], &quoting["marking"], &quoting["grading"]),
        (&json!(["h1", "h2"]), &json!("quiet"), &json!("amber"), &Value::Null)
    );
    let path = format!("/api/messages/{id}");
    let changed = author.patch(&path, json!({"act": "none"})).await.is(200);
    assert_eq!(
        (&changed["act"], &changed["handling"], &changed["edited_at"]),
        (&json!("none"), &json!(["h1", "h2"]), &Value::Null)
    );
    assert_eq!(changed["body"], "by socket");
    let both = author.patch(&path, json!({"act": "quiet", "body": "by both"})).await.is(200);
    assert_eq!((&both["act"], &both["body"]), (&json!("quiet"), &json!("by both")));
    assert_eq!(both["changed_seq"].as_i64(), changed["changed_seq"].as_i64().map(|seq| seq + 1), "one change");
    assert!(run(region.folder(), &["verify"], None).is_ok(), "the chain covers labels");
    reader.patch(&path, json!({"act": "open"})).await.refused(403, "forbidden");
    for (wish, code) in [(json!({"handling": ["h3"]}), "restriction_missing"), (json!({"grading": "D1"}), "grading_unknown")] {
        author.patch(&path, wish.clone()).await.refused(422, code);
        author.post(&format!("/api/channels/{room}/messages"), with("x", &wish)).await.refused(422, code);
    }
}

#[tokio::test]
async fn a_channel_that_asks_for_grading_gets_it() {
    let region = Region::shared();
    let author = region.person("member.ro").await;
    let room = region.room_of("moderator.region", &json!({"kind": "closed", "grading": true}), &[&author]).await;
    let posts = format!("/api/channels/{room}/messages");
    author.post(&posts, draft("ungraded")).await.refused(422, "grading_missing");
    let id = said(&author, &room, json!({"grading": "X4"})).await;
    assert_eq!(shown(&author, &id).await["grading"], "X4");
}

#[tokio::test]
async fn only_its_source_lowers_a_marking() {
    let region = Region::shared();
    let (author, member, moderator) =
        (region.person("member.ro").await, region.person("member.gr").await, region.person("moderator.region").await);
    let room = region.room("closed", &[&author, &member]).await;
    let id = said(&author, &room, json!({"marking": "amber"})).await;
    let path = format!("/api/messages/{id}/marking");
    let to = |marking: &str| json!({"marking": marking});
    member.put_json(&path, to("red")).await.refused(403, "forbidden");
    moderator.put_json(&path, to("green")).await.refused(403, "marking_lowered_by_source");
    moderator.put_json(&path, to("amber+strict")).await.is(204);
    assert_eq!(shown(&member, &id).await["marking"], "amber+strict");
    author.put_json(&path, to("clear")).await.refused(409, "marking_below_floor");
    author.put_json(&path, to("pink")).await.refused(422, "marking_unknown");
    author.put_json(&path, to("green")).await.is(204);
    assert_eq!(shown(&member, &id).await["marking"], "green");
    // What quotes something stricter stays as strict.
    let strict = said(&author, &room, json!({"marking": "amber"})).await;
    let quoting = said(&author, &room, json!({"quote": strict})).await;
    author.put_json(&format!("/api/messages/{quoting}/marking"), to("green")).await.refused(409, "marking_below_floor");
    // And becomes as strict as what it quotes.
    author.put_json(&format!("/api/messages/{strict}/marking"), to("amber+strict")).await.is(204);
    assert_eq!(shown(&member, &quoting).await["marking"], "amber+strict");
}

#[tokio::test]
async fn others_propose_and_the_source_decides() {
    let region = Region::shared();
    let (author, member, other) =
        (region.person("member.ro").await, region.person("member.gr").await, region.person("academia").await);
    let room = region.room("closed", &[&author, &member, &other]).await;
    let id = said(&author, &room, json!({"marking": "amber"})).await;
    let path = format!("/api/messages/{id}/marking-proposals");
    let mut listener = author.live().await;
    let first = member.post(&path, json!({"marking": "green"})).await.is(201)["id"].clone();
    let told = listener.next_of("notice").await.expect("told");
    assert_eq!((&told["code"], &told["message"]), (&json!("marking_proposed"), &json!(id)));
    let again = member.post(&path, json!({"marking": "red"})).await.is(201)["id"].clone();
    assert_eq!(first, again, "the later one takes the place of the earlier");
    other.post(&path, json!({"marking": "amber+strict"})).await.is(201);
    author.post(&path, json!({"marking": "red"})).await.refused(409, "marking_is_yours");
    member.post(&path, json!({"marking": "pink"})).await.refused(422, "marking_unknown");
    let listed = author.get(&path).await.is(200);
    assert_eq!(items(&listed).len(), 2);
    assert_eq!(items(&member.get(&path).await.is(200)).len(), 1, "others see their own");
    let theirs = text(&items(&other.get(&path).await.is(200))[0]["id"]);
    let one = format!("{path}/{theirs}");
    member.put(&format!("{one}/acceptance")).await.refused(404, "not_found");
    other.put(&format!("{one}/acceptance")).await.refused(403, "forbidden");
    author.put(&format!("{one}/acceptance")).await.is(204);
    assert_eq!(shown(&member, &id).await["marking"], "amber+strict");
    author.put(&format!("{one}/acceptance")).await.refused(404, "not_found");
    author.delete(&format!("{path}/{}", text(&first))).await.is(204);
    assert!(items(&author.get(&path).await.is(200)).is_empty());
    assert_eq!(shown(&member, &id).await["marking"], "amber+strict");
    let record = region.person("auditor.region").await.get(&format!("/api/record?target=message:{id}")).await.is(200);
    let acts: Vec<_> = items(&record).iter().map(|row| text(&row["act"])).filter(|act| act.starts_with("message.")).collect();
    assert_eq!(
        acts,
        ["message.decline", "message.accept", "message.mark", "message.propose", "message.propose", "message.propose"]
    );
}

#[tokio::test]
async fn a_topic_moves_where_all_of_it_may_go() {
    let region = Region::shared();
    let (author, moderator) = (region.person("member.ro").await, region.person("moderator.region").await);
    let from = region.room("closed", &[&author]).await;
    let low = region.room_of("moderator.region", &json!({"kind": "open", "ceiling": "green"}), &[&author]).await;
    let to = region.room("closed", &[&author]).await;
    let begin = async |title: &str| author.begin(&from, title, "harmless").await.0;
    let add = async |topic: &str, fields: Value| {
        let mut wish = with("said", &fields);
        wish["topic"] = topic.into();
        text(&author.post(&format!("/api/channels/{from}/messages"), wish).await.is(201)["id"])
    };
    let moved = async |topic: &str, to: &str| moderator.patch(&format!("/api/topics/{topic}"), json!({"channel": to})).await;
    let (amber, red, held) = (begin("Amber").await, begin("Red").await, begin("Held").await);
    add(&amber, json!({"marking": "amber"})).await;
    add(&red, json!({"marking": "red"})).await;
    let h2 = add(&held, json!({"handling": ["h2"]})).await;
    moved(&amber, &low).await.refused(409, "marking_above_ceiling");
    moved(&red, &to).await.refused(409, "marking_forbids_move");
    let refused = moved(&held, &to).await.refused(409, "marking_forbids_move");
    assert_eq!(refused["message"], h2.as_str());
    for topic in [&amber, &red, &held] {
        assert_eq!(author.get(&format!("/api/topics/{topic}")).await.is(200)["channel"], from.as_str(), "nothing has moved");
    }
    assert!(items(&author.get(&format!("/api/channels/{low}/messages")).await.is(200)).is_empty());
    moved(&amber, &to).await.is(200);
    let release = format!("/api/messages/{h2}/releases/{to}");
    moderator.put(&release).await.refused(403, "forbidden");
    author.put(&release).await.is(204);
    author.delete(&release).await.is(204);
    moved(&held, &to).await.refused(409, "marking_forbids_move");
    author.put(&release).await.is(204);
    moved(&held, &low).await.refused(409, "marking_forbids_move");
    moved(&held, &to).await.is(200);
}

#[tokio::test]
async fn what_was_said_under_a_stricter_channel_stays_strict_elsewhere() {
    let region = Region::shared();
    let (author, moderator) = (region.person("member.ro").await, region.person("moderator.region").await);
    let (from, to) = (region.room("closed", &[&author]).await, region.room("open", &[&author]).await);
    let (topic, message) = author.begin(&from, "Raised", "before it was raised").await;
    moderator.patch(&format!("/api/channels/{from}"), json!({"marking": "amber"})).await.is(200);
    moderator.patch(&format!("/api/topics/{topic}"), json!({"channel": to})).await.is(200);
    assert_eq!(shown(&author, &message).await["marking"], "amber");
}

#[tokio::test]
async fn a_label_keeps_a_quote_in_its_channel() {
    let region = Region::shared();
    let (author, outsider) = (region.person("member.ro").await, region.person("member.gr").await);
    let (from, to) = (region.room("closed", &[&author]).await, region.room("open", &[&author, &outsider]).await);
    let quoting = |id: &str| with("as was said", &json!({"quote": id}));
    let posts = format!("/api/channels/{to}/messages");
    for fields in [json!({"marking": "red"}), json!({"marking": "amber"}), json!({"handling": ["h2"]})] {
        let id = said(&author, &from, fields.clone()).await;
        author.post(&posts, quoting(&id)).await.refused(409, "marking_forbids_quote");
        // Who can't read it learns nothing.
        outsider.post(&posts, quoting(&id)).await.refused(422, "quote_not_found");
        said(&author, &from, json!({"quote": id})).await;
    }
    let plain = said(&author, &from, json!({})).await;
    author.post(&posts, quoting(&plain)).await.refused(422, "quote_not_found");
}
