//! Posts that wait for a moderator, and what moderators and readers do about what was said.

use std::path::Path;
use std::time::Instant;

use serde_json::{Value, json};
use support::region::{Client, Region, draft, items, text};
use support::server_process::run;
use support::ws_client::PATIENCE;
use uuid::Uuid;

const HOUR: i64 = 3_600;

/// A channel of Romania that asks this of posts, and its member and moderator.
async fn place(region: &Region, policy: Value) -> (String, Client, Client) {
    let (member, moderator) = (region.person("member.ro").await, region.person("moderator.ro").await);
    let other = region.person("interpreter.ro").await;
    let room = region.room_of("moderator.ro", &json!({"kind": "open", "country": "RO"}), &[&member, &other]).await;
    ask(&moderator, &room, policy).await;
    (room, member, moderator)
}

async fn ask(moderator: &Client, room: &str, wish: Value) {
    let mut policy = json!({"hold_all": false, "newcomer_posts": 0, "slow_seconds": 0, "trigger_words": []});
    policy.as_object_mut().expect("a policy").extend(wish.as_object().expect("a wish").clone());
    moderator.put_json(&format!("/api/channels/{room}/moderation"), policy).await.is(204);
}

fn all() -> Value {
    json!({"hold_all": true})
}

/// Posts what waits: the answer.
async fn held(author: &Client, room: &str, body: &str) -> Value {
    let answer = author.post(&format!("/api/channels/{room}/messages"), draft(body)).await.is(202);
    assert_eq!((answer["type"].as_str(), answer["state"].as_str()), (Some("held"), Some("waiting")), "{answer}");
    answer
}

async fn queued(moderator: &Client, id: &Value) -> Option<Value> {
    let queue = moderator.get("/api/moderation/queue").await.is(200);
    items(&queue).iter().find(|item| item["id"] == *id).cloned()
}

fn decision(id: &Value) -> String {
    format!("/api/moderation/queue/{}/decision", text(id))
}

async fn own(author: &Client, id: &Value) -> Option<Value> {
    let own = author.get("/api/me/moderation").await.is(200);
    own["held"].as_array().expect("a list").iter().find(|item| item["id"] == *id).cloned()
}

async fn said(reader: &Client, room: &str) -> Vec<String> {
    let history = reader.get(&format!("/api/channels/{room}/messages")).await.is(200);
    items(&history).iter().map(|message| text(&message["body"])).collect()
}

/// Somebody new of a country, confirmed by the operator.
async fn newcomer(region: &Region, country: &str) -> Client {
    let email = format!("{}@new.egida.example", Uuid::now_v7());
    run(region.folder(), &["account", "create", "--email", &email, "--name", "Nina", "--country", country], None)
        .expect("an account");
    let token = run(region.folder(), &["token", "create", "--account", &email], None).expect("a token");
    let mut client = Client::with_token(region.origin(), token.trim());
    client.id = text(&client.get("/api/session").await.is(200)["id"]);
    client
}

#[tokio::test]
async fn what_waits_is_seen_by_its_author_and_the_moderators_of_the_place_alone() {
    let region = Region::shared();
    let (room, member, moderator) = place(&region, all()).await;
    let reader = region.person("interpreter.ro").await;
    let before = reader.get(&format!("/api/channels/{room}")).await.is(200);
    // A word of letters alone: many digits would be covered.
    let letters = Uuid::now_v7().simple().to_string().replace(|c: char| c.is_ascii_digit(), "q");
    let body = format!("waiting{letters}");
    let post = draft(&body);
    let path = format!("/api/channels/{room}/messages");
    let answer = member.post(&path, post.clone()).await.is(202);
    assert_eq!((&answer["reason"], &answer["ref"]), (&json!("channel_holds"), &post["ref"]));
    assert_eq!(member.post(&path, post).await.is(202), answer, "the same reference is answered the same");
    let found = moderator.get(&format!("/api/search?q={body}")).await.is(200);
    assert_eq!((said(&reader, &room).await.len(), items(&found).len()), (0, 0));
    let after = reader.get(&format!("/api/channels/{room}")).await.is(200);
    assert_eq!((&after["unread"], &after["head_seq"]), (&before["unread"], &before["head_seq"]));
    member.get(&format!("/api/messages/{}", text(&answer["id"]))).await.refused(404, "not_found");
    assert_eq!(own(&member, &answer["id"]).await.expect("its author sees it")["body"], body);
    assert!(own(&reader, &answer["id"]).await.is_none());
    assert_eq!(queued(&moderator, &answer["id"]).await.expect("the moderator sees it")["body"], body);
    assert!(queued(&region.person("moderator.region").await, &answer["id"]).await.is_some());
    assert!(queued(&region.person("moderator.rs").await, &answer["id"]).await.is_none());
    member.get("/api/moderation/queue").await.refused(403, "forbidden");
    for other in ["moderator.rs", "member.ro", "admin"] {
        let other = region.person(other).await;
        other.put_json(&decision(&answer["id"]), json!({"outcome": "release"})).await.refused(404, "not_found");
    }
    member.delete(&format!("/api/me/held/{}", text(&answer["id"]))).await.is(204);
    assert!(own(&member, &answer["id"]).await.is_none() && queued(&moderator, &answer["id"]).await.is_none());
    moderator.put_json(&decision(&answer["id"]), json!({"outcome": "release"})).await.refused(409, "already_decided");
}

#[tokio::test]
async fn a_released_post_is_its_authors_message() {
    let region = Region::shared();
    let (room, member, moderator) = place(&region, all()).await;
    let post = draft("Who speaks Albanian?");
    let path = format!("/api/channels/{room}/messages");
    let answer = member.post(&path, post.clone()).await.is(202);
    moderator.say(&room, "Those who look after a channel don't wait").await;
    moderator.put_json(&decision(&answer["id"]), json!({"outcome": "release"})).await.is(204);
    let message = member.get(&format!("/api/messages/{}", text(&answer["id"]))).await.is(200);
    assert_eq!((message["author"].as_str(), &message["ref"], &message["seq"]), (Some(&*member.id), &post["ref"], &json!(2)));
    let again = member.post(&path, post).await.is(200);
    assert_eq!((&again["type"], &again["id"]), (&json!("posted"), &answer["id"]));
    assert!(own(&member, &answer["id"]).await.is_none());
    let mut begun = draft("text");
    begun["new_topic"] = "A new topic".into();
    let answer = member.post(&path, begun).await.is(202);
    moderator.put_json(&decision(&answer["id"]), json!({"outcome": "release"})).await.is(204);
    let message = member.get(&format!("/api/messages/{}", text(&answer["id"]))).await.is(200);
    assert_eq!(member.get(&format!("/api/topics/{}", text(&message["topic"]))).await.is(200)["title"], "A new topic");
    // Who has left says nothing more there.
    let left = held(&member, &room, "one last thing").await;
    member.delete(&format!("/api/channels/{room}/members/me")).await.is(204);
    moderator.put_json(&decision(&left["id"]), json!({"outcome": "release"})).await.refused(409, "author_left");
    assert!(queued(&moderator, &left["id"]).await.is_some(), "nothing was decided");
}

#[tokio::test]
async fn what_may_tell_who_somebody_is_is_covered_until_it_is_needed() {
    let region = Region::start_listened_to(&[]).expect("a region");
    let (room, member, moderator) = place(&region, json!({"trigger_words": ["паcош*", "pasoš*"]})).await;
    let canary = format!("heron{}", Uuid::now_v7().simple());
    let body = format!("Broj pasoša 0101990710008, {canary}@x.example");
    let answer = held(&member, &room, &body).await;
    assert_eq!(answer["reasons"], json!(["guard", "trigger_word"]));
    let item = queued(&moderator, &answer["id"]).await.expect("queued");
    assert_eq!((&item["body"], &item["masked"]), (&json!("Broj ▒▒▒▒ ▒▒▒▒, ▒▒▒▒"), &json!(true)));
    let (queue, need) = (format!("/api/moderation/queue/{}", text(&answer["id"])), json!({"need": "cannot_judge"}));
    moderator.post(&format!("{queue}/unmasking"), need.clone()).await.refused(409, "claim_first");
    moderator.put(&format!("{queue}/claim")).await.is(204);
    let regional = region.person("moderator.region").await;
    let taken = regional.put(&format!("{queue}/claim")).await.refused(409, "claimed");
    assert!(taken["name"].as_str().is_some_and(|name| !name.is_empty()), "{taken}");
    regional.put_json(&format!("{queue}/decision"), json!({"outcome": "release"})).await.refused(409, "claimed");
    let page = region.signed_in("moderator.ro").await;
    assert_eq!(page.post(&format!("{queue}/unmasking"), need.clone()).await.is(200)["body"], body, "just signed in");
    let key = format!("{canary}-key");
    moderator.with("idempotency-key", &key).post(&format!("{queue}/unmasking"), need).await.is(200);
    let record = region.person("auditor.region").await.get("/api/record?act=held.unmask").await.is(200);
    let row = record.to_string();
    assert!(row.contains("held.unmask") && row.contains("cannot_judge") && !row.contains(&canary), "{row}");
    moderator
        .put_json(
            &format!("{queue}/decision"),
            json!({"outcome": "return", "note": canary, "suggestion": format!("About {canary}")}),
        )
        .await
        .is(204);
    let back = own(&member, &answer["id"]).await.expect("back with its author");
    assert_eq!((&back["state"], &back["suggestion"]), (&json!("returned"), &json!(format!("About {canary}"))));
    // Not in the database, its log, nor beside them; not in what the server says.
    region.stop().expect("stopped");
    assert!(holding(region.home(), canary.as_bytes()).is_empty(), "{:?}", holding(region.home(), canary.as_bytes()));
    assert!(!holding(region.home(), room_name().as_bytes()).is_empty(), "what is said in clear would be found");
    assert!(!region.said().contains(&canary));
}

/// How every room of these tests begins its name: it is stored in clear.
fn room_name() -> &'static str {
    "Room 0"
}

/// The files below a folder that hold these bytes.
fn holding(folder: &Path, bytes: &[u8]) -> Vec<String> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(holding(&path, bytes));
        } else if memchr::memmem::find(&std::fs::read(&path).unwrap_or_default(), bytes).is_some() {
            found.push(path.display().to_string());
        }
    }
    found
}

#[tokio::test]
async fn what_is_red_waits_for_moderators_of_its_room() {
    let region = Region::shared();
    let (member, regional) = (region.signed_in("member.ro").await, region.signed_in("moderator.region").await);
    let wish = json!({"kind": "closed", "country": "RO", "marking": "red"});
    let room = region.room_of("moderator.region", &wish, &[&member]).await;
    ask(&region.person("moderator.region").await, &room, all()).await;
    let answer = held(&member, &room, "for the people of this room").await;
    let of_scope = region.signed_in("moderator.ro").await;
    for (moderator, shown) in
        [(&of_scope, ""), (&region.person("moderator.region").await, ""), (&regional, "for the people of this room")]
    {
        let item = queued(moderator, &answer["id"]).await.expect("queued");
        assert_eq!((&item["body"], &item["withheld"]), (&json!(shown), &json!(shown.is_empty())));
    }
    let queue = format!("/api/moderation/queue/{}", text(&answer["id"]));
    of_scope.put(&format!("{queue}/claim")).await.is(204);
    of_scope.post(&format!("{queue}/unmasking"), json!({"need": "cannot_judge"})).await.refused(403, "red_for_members");
}

#[tokio::test]
async fn a_masked_release_leaves_out_what_is_covered() {
    let region = Region::shared();
    let (room, member, moderator) = place(&region, all()).await;
    let answer = held(&member, &room, "Call +381 64 555 01 23 about the training").await;
    moderator.put_json(&decision(&answer["id"]), json!({"outcome": "release_masked"})).await.is(204);
    assert_eq!(said(&member, &room).await, ["Call +▒▒▒▒ about the training"]);
}

#[tokio::test]
async fn the_need_is_moved_into_a_closed_room_and_the_rest_is_erased() {
    let region = Region::start_listened_to(&[]).expect("a region");
    let (room, member, moderator) = place(&region, json!({"trigger_words": ["heron*"]})).await;
    let canary = format!("heron{}", Uuid::now_v7().simple().to_string().replace(|c: char| c.is_ascii_digit(), "q"));
    let mut wish = draft(&format!("Who can house {canary} tonight?"));
    wish["new_topic"] = "A bed tonight".into();
    let answer = member.post(&format!("/api/channels/{room}/messages"), wish).await.is(202);
    let path = decision(&answer["id"]);
    let closed = |people: &[&Client]| {
        let people: Vec<_> = people.iter().map(|one| (*one).clone()).collect();
        let region = &region;
        async move {
            let people: Vec<_> = people.iter().collect();
            region.room_of("moderator.ro", &json!({"kind": "closed", "country": "RO"}), &people).await
        }
    };
    let (shared, without_author) = (closed(&[&member]).await, closed(&[]).await);
    let foreign = region.room_of("moderator.rs", &json!({"kind": "closed", "country": "RS", "listed": false}), &[&member]).await;
    let into = |room: &str| json!({"outcome": "move", "room": room});
    moderator.put_json(&path, json!({"outcome": "move"})).await.refused(422, "decision_incomplete");
    moderator.put_json(&path, into(&room)).await.refused(409, "room_open");
    moderator.put_json(&path, into(&without_author)).await.refused(409, "author_not_in_room");
    let refused = moderator.put_json(&path, into(&foreign)).await;
    assert!([403, 404].contains(&refused.status), "one can't say it where one doesn't belong: {}", refused.text);
    assert!(queued(&moderator, &answer["id"]).await.is_some(), "nothing was decided");
    moderator.put_json(&path, into(&shared)).await.is(204);
    let message = member.get(&format!("/api/messages/{}", text(&answer["id"]))).await.is(200);
    let body = text(&message["body"]);
    assert_eq!((&message["channel"], &message["author"]), (&json!(shared), &json!(member.id)));
    assert!(body.starts_with("Who can house ") && !body.contains("heron"), "{body}");
    assert_eq!(member.get(&format!("/api/topics/{}", text(&message["topic"]))).await.is(200)["title"], "A bed tonight");
    assert!(said(&member, &room).await.is_empty() && queued(&moderator, &answer["id"]).await.is_none());
    let told = own(&member, &answer["id"]).await.expect("its author is told");
    assert_eq!((&told["state"], &told["moved_to"], &told["body"]), (&json!("moved"), &json!(shared), &json!("")));
    assert_eq!(told["may_appeal"], false);
    member.delete(&format!("/api/me/held/{}", text(&answer["id"]))).await.is(204);
    assert!(own(&member, &answer["id"]).await.is_none());
    moderator.put_json(&path, into(&shared)).await.refused(409, "already_decided");
    assert_eq!(holding(region.folder(), canary.as_bytes()), [""; 0], "the rest is erased");
}

#[tokio::test]
async fn a_label_goes_along_into_another_room_or_keeps_a_post_in_its_own() {
    let region = Region::shared();
    let (member, moderator) = (region.person("member.ro").await, region.person("moderator.ro").await);
    let closed = |marking: &str| json!({"kind": "closed", "country": "RO", "marking": marking});
    let from = region.room_of("moderator.ro", &closed("amber"), &[&member]).await;
    let to = region.room_of("moderator.ro", &closed("clear"), &[&member]).await;
    ask(&moderator, &from, all()).await;
    let held = async |extra: Value| {
        let mut wish = draft("Who can house a family tonight?");
        wish.as_object_mut().expect("a draft").extend(extra.as_object().expect("labels").clone());
        member.post(&format!("/api/channels/{from}/messages"), wish).await.is(202)["id"].clone()
    };
    let into = json!({"outcome": "move", "room": to});
    for labels in [json!({"marking": "red"}), json!({"handling": ["h2"]})] {
        let id = held(labels).await;
        moderator.put_json(&decision(&id), into.clone()).await.refused(409, "marking_forbids_move");
        assert!(queued(&moderator, &id).await.is_some(), "nothing was decided");
    }
    let id = held(json!({"handling": ["h1", "h3"], "restriction": "Not for the press", "act": "none"})).await;
    moderator.put_json(&decision(&id), into).await.is(204);
    let moved = member.get(&format!("/api/messages/{}", text(&id))).await.is(200);
    assert_eq!(
        [&moved["channel"], &moved["marking"], &moved["handling"], &moved["restriction"], &moved["act"]],
        [&json!(to), &json!("amber"), &json!(["h1", "h3"]), &json!("Not for the press"), &json!("none")]
    );
}

#[tokio::test]
async fn so_much_of_one_person_waits_and_no_more() {
    let region = Region::start(&[]).expect("a region");
    let (room, member, _) = place(&region, all()).await;
    for n in 0..50 {
        held(&member, &room, &format!("text {n}")).await;
    }
    let answer = member.post(&format!("/api/channels/{room}/messages"), draft("one more")).await;
    assert_eq!(answer.refused(409, "held_many")["limit"], 50);
}

#[tokio::test]
async fn an_appeal_goes_to_another_moderator_once() {
    let region = Region::shared();
    let (room, member, moderator) = place(&region, all()).await;
    let regional = region.person("moderator.region").await;
    let answer = held(&member, &room, "Is this the right place?").await;
    let (path, appeal) = (decision(&answer["id"]), format!("/api/me/held/{}/appeal", text(&answer["id"])));
    member.put_json(&appeal, json!({})).await.refused(409, "appeal_not_possible");
    moderator.put_json(&path, json!({"outcome": "refuse"})).await.refused(422, "decision_incomplete");
    moderator.put_json(&path, json!({"outcome": "refuse", "reason": "other"})).await.refused(422, "decision_incomplete");
    moderator.put_json(&path, json!({"outcome": "return", "note": "Please reword"})).await.refused(422, "decision_incomplete");
    moderator.put_json(&path, json!({"outcome": "refuse", "reason": "other_channel", "note": "Try the lobby"})).await.is(204);
    let back = own(&member, &answer["id"]).await.expect("back with its author");
    assert_eq!(
        (&back["state"], &back["concern"], &back["note"], &back["may_appeal"]),
        (&json!("refused"), &json!("other_channel"), &json!("Try the lobby"), &json!(true))
    );
    region.person("interpreter.ro").await.put_json(&appeal, json!({})).await.refused(404, "not_found");
    member.put_json(&appeal, json!({"note": "The lobby is for greetings"})).await.is(204);
    let seen = queued(&moderator, &answer["id"]).await.expect("queued again");
    assert_eq!((&seen["obstacle"], &seen["appeal"]), (&json!("other_moderator_needed"), &json!("The lobby is for greetings")));
    moderator.put_json(&path, json!({"outcome": "release"})).await.refused(403, "other_moderator_needed");
    regional.put_json(&path, json!({"outcome": "refuse", "reason": "other_channel"})).await.is(204);
    member.put_json(&appeal, json!({})).await.refused(409, "appeal_not_possible");
    assert_eq!(own(&member, &answer["id"]).await.expect("back again")["may_appeal"], false);
}

#[tokio::test]
async fn nobody_decides_about_their_own() {
    let region = Region::shared();
    let (room, _, moderator) = place(&region, json!({})).await;
    let other = region.person("moderator.rs").await;
    other.put(&format!("/api/channels/{room}/members/me")).await.is(204);
    ask(&moderator, &room, all()).await;
    let answer = held(&other, &room, "from the neighbours").await;
    let grants = json!({"role": "moderator", "scope": format!("channel:{room}")});
    let grant = region.person("moderator.region").await.post(&format!("/api/accounts/{}/roles", other.id), grants).await.is(201);
    assert_eq!(queued(&other, &answer["id"]).await.expect("queued")["obstacle"], "own_message");
    other.put_json(&decision(&answer["id"]), json!({"outcome": "release"})).await.refused(403, "own_message");
    let role = format!("/api/accounts/{}/roles/{}", other.id, text(&grant["id"]));
    region.person("moderator.region").await.delete(&role).await.is(204);
}

#[tokio::test]
async fn newcomers_wait_until_some_of_their_posts_stood() {
    let region = Region::shared();
    let (room, member, moderator) = place(&region, json!({"newcomer_posts": 2})).await;
    let new = newcomer(&region, "RO").await;
    new.put(&format!("/api/channels/{room}/members/me")).await.is(204);
    member.say(&room, "I have been here for long").await;
    for body in ["one", "two"] {
        let answer = held(&new, &room, body).await;
        assert_eq!(answer["reasons"], json!(["newcomer"]));
        moderator.put_json(&decision(&answer["id"]), json!({"outcome": "release"})).await.is(204);
    }
    new.say(&room, "three").await;
}

#[tokio::test]
async fn an_edit_is_no_way_around() {
    let region = Region::shared();
    let (room, member, moderator) = place(&region, json!({"trigger_words": ["passport"]})).await;
    let message = format!("/api/messages/{}", text(&member.say(&room, "about papers").await["id"]));
    member.patch(&message, json!({"body": "about a Passport"})).await.refused(422, "edit_needs_review");
    member.patch(&message, json!({"body": "about documents"})).await.is(200);
    ask(&moderator, &room, all()).await;
    member.patch(&message, json!({"body": "about nothing"})).await.refused(422, "edit_needs_review");
}

#[tokio::test]
async fn what_comes_too_soon_in_slow_mode_waits() {
    let region = Region::shared();
    let (room, member, moderator) = place(&region, json!({"slow_seconds": 60})).await;
    member.say(&room, "one").await;
    let answer = held(&member, &room, "two").await;
    assert_eq!((&answer["reasons"], said(&moderator, &room).await.len()), (&json!(["slow_mode"]), 1));
    moderator.say(&room, "moderators are not slowed").await;
    moderator.say(&room, "so they can help").await;
    moderator.put_json(&decision(&answer["id"]), json!({"outcome": "release"})).await.is(204);
    assert_eq!(said(&member, &room).await.len(), 4);
    // Editing is not posting.
    let first = member.get(&format!("/api/channels/{room}/messages")).await.is(200)["items"][0]["id"].clone();
    member.patch(&format!("/api/messages/{}", text(&first)), json!({"body": "one, in better words"})).await.is(200);
    for bad in [json!({"slow_seconds": 3_601}), json!({"newcomer_posts": 21}), json!({"trigger_words": ["*"]})] {
        let mut policy = json!({"hold_all": false, "newcomer_posts": 0, "slow_seconds": 0, "trigger_words": []});
        policy.as_object_mut().expect("a policy").extend(bad.as_object().expect("a wish").clone());
        moderator.put_json(&format!("/api/channels/{room}/moderation"), policy).await.refused(422, "policy_invalid");
    }
    member.get(&format!("/api/channels/{room}/moderation")).await.refused(403, "forbidden");
}

#[tokio::test]
async fn who_is_muted_is_told_until_when_and_reads_on() {
    let region = Region::shared();
    let (room, _, moderator) = place(&region, json!({})).await;
    let new = newcomer(&region, "RO").await;
    new.put(&format!("/api/channels/{room}/members/me")).await.is(204);
    let mutes = format!("/api/people/{}/mutes", new.id);
    let wish = |scope: &str| json!({"scope": scope, "hours": 2, "reason": "Let us all calm down"});
    let here = format!("channel:{room}");
    region.person("member.ro").await.post(&mutes, wish(&here)).await.refused(403, "forbidden");
    region.person("moderator.rs").await.post(&mutes, wish(&here)).await.refused(403, "forbidden");
    moderator.post(&mutes, wish("region")).await.refused(403, "forbidden");
    moderator.post(&mutes, wish("country:XX")).await.refused(422, "scope_unknown");
    moderator.post(&mutes, json!({"scope": here, "hours": 0, "reason": "r"})).await.refused(422, "hours_invalid");
    moderator.post(&mutes, json!({"scope": here, "hours": 1, "reason": " "})).await.refused(422, "reason_missing");
    let colleague = format!("/api/people/{}/mutes", region.person("moderator.region").await.id);
    moderator.post(&colleague, wish(&here)).await.refused(403, "forbidden");
    let mute = moderator.post(&mutes, wish("country:RO")).await.is(201);
    let refused = new.post(&format!("/api/channels/{room}/messages"), draft("but")).await.refused(403, "muted");
    let view = new.get(&format!("/api/channels/{room}")).await.is(200);
    assert_eq!(
        (&refused["until"], &view["can"]["post"], &view["can"]["read"]),
        (&view["muted_until"], &json!(false), &json!(true))
    );
    let own = new.get("/api/me/moderation").await.is(200);
    assert_eq!(
        (&own["mutes"][0]["reason"], own["helpers"].as_array().map(Vec::is_empty)),
        (&json!("Let us all calm down"), Some(false))
    );
    let listed = moderator.get("/api/moderation/mutes").await.is(200);
    assert!(items(&listed).iter().any(|item| item["id"] == mute["id"]), "{listed}");
    let end = format!("/api/moderation/mutes/{}", text(&mute["id"]));
    region.person("moderator.rs").await.delete(&end).await.refused(404, "not_found");
    moderator.delete(&end).await.is(204);
    new.say(&room, "thank you").await;
}

#[tokio::test]
async fn a_warning_is_seen_until_it_is_put_away() {
    let region = Region::shared();
    let (room, _, moderator) = place(&region, json!({})).await;
    let new = newcomer(&region, "RO").await;
    let path = format!("/api/people/{}/warnings", new.id);
    moderator.post(&path, json!({"channel": room, "note": "Please no names"})).await.is(201);
    region.person("member.ro").await.post(&path, json!({"channel": room, "note": "n"})).await.refused(403, "forbidden");
    let own = new.get("/api/me/moderation").await.is(200);
    assert_eq!(own["warnings"][0]["note"], "Please no names");
    new.delete(&format!("/api/me/warnings/{}", text(&own["warnings"][0]["id"]))).await.is(204);
    assert_eq!(new.get("/api/me/moderation").await.is(200)["warnings"], json!([]));
}

#[tokio::test]
async fn a_report_reaches_the_moderators_and_not_whom_it_is_about() {
    let region = Region::shared();
    let (room, member, moderator) = place(&region, json!({})).await;
    let reader = region.person("interpreter.ro").await;
    let message = text(&member.say(&room, "a careless word").await["id"]);
    let path = format!("/api/messages/{message}/reports");
    let wish = json!({"reason": "personal_data", "note": "It names somebody"});
    member.post(&path, wish.clone()).await.refused(403, "own_message");
    reader.post(&path, wish.clone()).await.is(201);
    reader.post(&path, wish.clone()).await.refused(409, "already_reported");
    reader.post(&format!("/api/messages/{}/reports", Uuid::now_v7()), wish).await.refused(404, "not_found");
    let list = moderator.get("/api/moderation/reports").await.is(200);
    let report = items(&list).iter().find(|item| item["message"] == message).expect("the report").clone();
    assert_eq!((&report["reporter"]["id"], &report["note"]), (&json!(reader.id), &json!("It names somebody")));
    let close = format!("/api/moderation/reports/{}/outcome", text(&report["id"]));
    region.person("moderator.rs").await.put_json(&close, json!({"outcome": "dismissed"})).await.refused(404, "not_found");
    moderator.put_json(&close, json!({"outcome": "upheld"})).await.is(204);
    moderator.put_json(&close, json!({"outcome": "upheld"})).await.refused(404, "not_found");
}

#[tokio::test]
async fn what_is_taken_back_is_gone_and_its_clock_runs() {
    let region = Region::shared();
    let (room, author, moderator) = place(&region, json!({})).await;
    let (reader, officer) = (region.person("interpreter.ro").await, region.person("dpo.region").await);
    let said_there = author.say(&room, "should never have been seen").await;
    let (message, seq) = (text(&said_there["id"]), said_there["seq"].clone());
    reader.put_json(&format!("/api/channels/{room}/read"), json!({"seq": seq})).await.is(200);
    let mut desk = officer.live().await;
    let mut screen = reader.live().await;

    let path = format!("/api/messages/{message}/retraction");
    let why = json!({"reason": "personal_data", "note": "It names a child"});
    reader.post(&path, why.clone()).await.refused(403, "forbidden");
    region.person("moderator.rs").await.post(&path, why.clone()).await.refused(403, "forbidden");
    moderator.post(&path, json!({"reason": "personal_data", "note": "n".repeat(5_000)})).await.refused(422, "note_invalid");
    moderator.post(&format!("/api/messages/{}/retraction", Uuid::now_v7()), why.clone()).await.refused(404, "not_found");
    moderator.post(&path, why.clone()).await.is(204);
    moderator.post(&path, why).await.refused(409, "already_retracted");
    let tombstone = screen.next_of("message").await.expect("the tombstone");
    assert_eq!((&tombstone["message"]["deleted"], &tombstone["message"]["body"]), (&json!(true), &json!("")));
    assert!(!said(&reader, &room).await.concat().contains("never have been"));

    let notice = desk.next_of("notice").await.expect("a notice");
    assert_eq!(notice["code"], "breaches");
    let list = officer.get("/api/moderation/breaches").await.is(200);
    let breach = items(&list).iter().find(|item| item["author"]["id"] == json!(author.id)).expect("the breach").clone();
    assert_eq!((&breach["reason"], &breach["note"]), (&json!("personal_data"), &json!("It names a child")));
    assert_eq!((&breach["channel"], &breach["country"], &breach["readers"]), (&json!(room), &json!("RO"), &json!(1)));
    assert_eq!((&breach["retracted_by"]["id"], &breach["outcome"]), (&json!(moderator.id), &Value::Null));
    // Three days later to the second: the same time of another day.
    let (retracted, due) = (text(&breach["retracted_at"]), text(&breach["due_at"]));
    assert!(due > retracted && due[10..] == retracted[10..], "{retracted} {due}");
    assert!(!list.to_string().contains("never have been"));

    let close = format!("/api/moderation/breaches/{}/outcome", text(&breach["id"]));
    let finding = json!({"outcome": "not_needed", "finding": "One colleague had read it"});
    for other in ["moderator.region", "admin", "auditor.region", "member.ro"] {
        let other = region.person(other).await;
        other.get("/api/moderation/breaches").await.refused(403, "forbidden");
        other.put_json(&close, finding.clone()).await.refused(403, "forbidden");
    }
    officer.get(&format!("/api/messages/{message}/history")).await.is(200);
    officer.put_json(&close, json!({"outcome": "notified", "finding": " "})).await.refused(422, "finding_missing");
    officer.put_json(&close, finding.clone()).await.is(204);
    officer.put_json(&close, finding).await.refused(409, "already_decided");
    let record = region.person("auditor.region").await.get("/api/record?act=message.retract").await.is(200).to_string();
    assert!(record.contains(&message) && !record.contains("It names a child"), "{record}");
}

#[tokio::test]
async fn what_was_deleted_before_can_still_be_taken_back() {
    let region = Region::shared();
    let (room, author, moderator) = place(&region, json!({})).await;
    let officer = region.person("dpo.region").await;
    let said_there = author.say(&room, "deleted in a hurry").await;
    let message = text(&said_there["id"]);
    let path = format!("/api/messages/{message}/retraction");
    author.delete(&format!("/api/messages/{message}")).await.is(204);
    let why = json!({"reason": "disrespect"});
    region.person("moderator.rs").await.post(&path, why.clone()).await.refused(403, "forbidden");
    moderator.post(&path, why.clone()).await.is(204);
    for again in [&moderator, &author] {
        again.post(&path, why.clone()).await.refused(409, "already_retracted");
    }
    let list = officer.get("/api/moderation/breaches").await.is(200);
    let clocks: Vec<_> = items(&list).iter().filter(|item| item["channel"] == json!(room)).collect();
    assert_eq!(clocks.len(), 1, "{list}");
    assert_eq!((&clocks[0]["reason"], &clocks[0]["retracted_by"]["id"]), (&json!("disrespect"), &json!(moderator.id)));
    let record = region.person("auditor.region").await.get("/api/record?act=message.retract").await.is(200);
    let times = items(&record).iter().filter(|row| row["target"]["id"] == json!(message)).count();
    assert_eq!(times, 1, "{record}");
}

#[tokio::test]
async fn nobody_reads_a_closed_room_by_keeping_its_clocks() {
    let region = Region::shared();
    let (author, member, officer) =
        (region.person("member.ro").await, region.person("member.gr").await, region.person("dpo.region").await);
    let room = region.room("closed", &[&author, &member]).await;
    let message = text(&author.say(&room, "said among members").await["id"]);
    officer.post(&format!("/api/messages/{message}/retraction"), json!({"reason": "unsafe"})).await.refused(404, "not_found");
    author.post(&format!("/api/messages/{message}/retraction"), json!({"reason": "unsafe"})).await.is(204);
    let list = officer.get("/api/moderation/breaches").await.is(200);
    assert!(items(&list).iter().any(|item| item["reason"] == "unsafe" && item["channel"].is_null()), "{list}");
    assert!(!list.to_string().contains(&room));
}

#[tokio::test]
async fn suspending_takes_two() {
    let region = Region::shared();
    let (moderator, regional) = (region.person("moderator.ro").await, region.person("moderator.region").await);
    let new = newcomer(&region, "RO").await;
    let path = format!("/api/people/{}/suspension-proposal", new.id);
    region.person("moderator.rs").await.post(&path, json!({"reason": "r"})).await.refused(403, "forbidden");
    let made = moderator.post(&path, json!({"reason": "It is not who we invited"})).await.is(201);
    moderator.post(&path, json!({"reason": "once more"})).await.refused(409, "already_proposed");
    let confirm = format!("/api/moderation/suspensions/{}/confirmation", text(&made["id"]));
    moderator.put(&confirm).await.refused(403, "other_person_needed");
    region.person("moderator.rs").await.put(&confirm).await.refused(404, "not_found");
    new.get("/api/session").await.is(200);
    regional.put(&confirm).await.is(204);
    new.get("/api/session").await.refused(401, "not_signed_in");
    regional.put(&confirm).await.refused(404, "not_found");
}

#[tokio::test]
async fn everybody_sees_how_often_and_nobody_sees_who() {
    let region = Region::start(&[]).expect("a region");
    let (room, member, _) = place(&region, all()).await;
    let count = |list: &Value| {
        let items = list["items"].as_array().expect("items");
        items.iter().find(|item| item["kind"] == "held").map(|item| item["count"].clone())
    };
    assert_eq!(count(&member.get("/api/moderation/statistics").await.is(200)), None);
    for n in 0..5 {
        held(&member, &room, "text").await;
        let shown = count(&member.get("/api/moderation/statistics").await.is(200)).expect("a row");
        assert_eq!(shown, if n < 4 { Value::Null } else { json!(5) }, "after {n}");
    }
    region.person("pending.ro").await.get("/api/moderation/statistics").await.refused(403, "not_confirmed");
}

/// Waits for something that the server does by itself.
async fn soon(what: &str, is_so: impl AsyncFn() -> bool) {
    let asked = Instant::now();
    while !is_so().await {
        assert!(asked.elapsed() < PATIENCE * 2, "{what}");
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
}

#[tokio::test]
async fn what_nobody_decides_is_escalated_and_then_erased() {
    let region = Region::start_with_clock().expect("a region");
    let (room, member, moderator) = place(&region, all()).await;
    let answer = held(&member, &room, "is anybody there?").await;
    let queue = format!("/api/moderation/queue/{}/claim", text(&answer["id"]));
    moderator.put(&queue).await.is(204);
    region.advance(8 * HOUR - 60).await;
    assert_eq!(queued(&moderator, &answer["id"]).await.expect("queued")["escalated"], false);
    region.advance(120).await;
    soon("it is escalated", async || queued(&moderator, &answer["id"]).await.is_some_and(|item| item["escalated"] == true)).await;
    region.advance(64 * HOUR).await;
    soon("it is erased", async || queued(&moderator, &answer["id"]).await.is_none()).await;
    let gone = own(&member, &answer["id"]).await.expect("its author is told");
    assert_eq!((&gone["state"], &gone["body"]), (&json!("expired"), &json!("")));
    member.delete(&format!("/api/me/held/{}", text(&answer["id"]))).await.is(204);
    assert!(own(&member, &answer["id"]).await.is_none());
}
