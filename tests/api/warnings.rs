//! What is hard to read says so first: a warning goes wherever the message goes, and a search shows it instead.

use serde_json::{Value, json};
use support::region::{Client, Region, draft, items, text};
use support::server_process::run;

/// Nobody's citizen number: the vocabulary's own example.
const NUMBER: &str = "0101901710008";

/// A post with these fields.
fn with(body: &str, fields: &Value) -> Value {
    let mut wish = draft(body);
    for (name, value) in fields.as_object().expect("fields") {
        wish[name] = value.clone();
    }
    wish
}

async fn shown(client: &Client, message: &str) -> Value {
    client.get(&format!("/api/messages/{message}")).await.is(200)
}

#[tokio::test]
async fn a_warning_comes_by_socket_and_by_http_and_stays_until_it_is_taken_away() {
    let region = Region::start(&[]).expect("a region");
    let (author, reader) = (region.person("member.ro").await, region.person("academia").await);
    let room = region.room("open", &[&author, &reader]).await;
    let (mut speaker, mut listener) = (author.live().await, reader.live().await);
    let mut frame = with("by socket", &json!({"warning": " violence  against a child "}));
    (frame["type"], frame["channel"]) = ("post".into(), room.clone().into());
    speaker.send(&frame).await.expect("sent");
    let told = listener.next_of("message").await.expect("told")["message"].clone();
    assert_eq!((&told["warning"], &told["body"]), (&json!("violence against a child"), &json!("by socket")));
    let id = text(&told["id"]);
    assert_eq!(shown(&reader, &id).await["warning"], told["warning"]);
    let listed = reader.get(&format!("/api/channels/{room}/messages")).await.is(200);
    assert_eq!(items(&listed)[0]["warning"], told["warning"]);

    let path = format!("/api/messages/{id}");
    // What isn't named stays, and the earlier wording is as hard to read.
    let edited = author.patch(&path, json!({"body": "said otherwise"})).await.is(200);
    assert_eq!(edited["warning"], told["warning"]);
    let history = reader.get(&format!("{path}/history")).await.is(200);
    assert_eq!((&items(&history)[0]["body"], &items(&history)[0]["warning"]), (&json!("by socket"), &told["warning"]));
    assert_eq!(author.patch(&path, json!({"warning": "death"})).await.is(200)["warning"], "death");
    reader.patch(&path, json!({"warning": ""})).await.refused(403, "forbidden");
    assert_eq!(author.patch(&path, json!({"warning": " "})).await.is(200)["warning"], Value::Null);
    for wish in [json!({"warning": "ж".repeat(81)}), json!({"warning": "a\u{202e}b"})] {
        author.patch(&path, wish.clone()).await.refused(422, "warning_invalid");
        author.post(&format!("/api/channels/{room}/messages"), with("x", &wish)).await.refused(422, "warning_invalid");
    }
    assert!(run(region.folder(), &["verify"], None).is_ok(), "the chain covers warnings");
}

#[tokio::test]
async fn who_repeats_it_warns_of_it_and_a_search_shows_the_warning_alone() {
    let region = Region::shared();
    let (author, reader) = (region.person("member.ro").await, region.person("academia").await);
    let room = region.room("open", &[&author, &reader]).await;
    let posts = format!("/api/channels/{room}/messages");
    let first = with("the quokka was hurt", &json!({"warning": "violence"}));
    let id = text(&author.post(&posts, first).await.is(201)["id"]);
    let quoting = with("so did another", &json!({"quote": id, "warning": "self-harm"}));
    let quoting = shown(&reader, &text(&reader.post(&posts, quoting).await.is(201)["id"])).await;
    assert_eq!(quoting["warning"], "self-harm · violence");
    assert_eq!((&quoting["quote"]["warning"], &quoting["quote"]["excerpt"]), (&json!("violence"), &json!("the quokka was hurt")));

    let found = reader.get(&format!("/api/search?q=quokka%20in:{room}")).await.is(200);
    let hit = &items(&found)[0];
    assert_eq!((&hit["message"]["warning"], &hit["excerpt"]), (&json!("violence"), &json!([{"text": "violence", "hit": false}])));
    assert!(!found.to_string().contains("hurt"), "{found}");
    // Given later it reaches what quotes the message, and what was found is covered.
    let plain = text(&author.post(&posts, draft("the numbat was hurt")).await.is(201)["id"]);
    let answer = text(&reader.post(&posts, with("I saw it", &json!({"quote": plain}))).await.is(201)["id"]);
    assert_eq!(shown(&reader, &answer).await["quote"]["warning"], Value::Null);
    author.patch(&format!("/api/messages/{plain}"), json!({"warning": "death"})).await.is(200);
    assert_eq!(shown(&reader, &answer).await["quote"]["warning"], "death");
    let found = reader.get(&format!("/api/search?q=numbat%20in:{room}")).await.is(200);
    assert_eq!(items(&found)[0]["excerpt"], json!([{"text": "death", "hit": false}]));
}

#[tokio::test]
async fn a_label_tells_of_nobody() {
    let region = Region::shared();
    let author = region.person("member.ro").await;
    let room = region.room("open", &[&author]).await;
    let posts = format!("/api/channels/{room}/messages");
    let message = text(&author.post(&posts, draft("nothing in it")).await.is(201)["id"]);
    let named = format!("about {NUMBER}");
    for wish in [json!({"warning": named}), json!({"handling": ["h3"], "restriction": named})] {
        let refusals =
            [author.post(&posts, with("x", &wish)).await, author.patch(&format!("/api/messages/{message}"), wish).await];
        for answer in refusals {
            assert!(!answer.text.contains(NUMBER), "{}", answer.text);
            assert_eq!(answer.refused(422, "personal_data")["kinds"], json!(["jmbg"]));
        }
    }
}

#[tokio::test]
async fn what_is_held_back_holds_its_warning_back() {
    let region = Region::start(&[]).expect("a region");
    let (author, member) = (region.signed_in("member.ro").await, region.signed_in("member.gr").await);
    let room = region.room("closed", &[&author, &member]).await;
    let posts = format!("/api/channels/{room}/messages");
    let red = with("hard words", &json!({"marking": "red", "warning": "of a child"}));
    let id = text(&author.post(&posts, red).await.is(201)["id"]);
    let listed = member.get(&posts).await.is(200);
    assert_eq!((&items(&listed)[0]["withheld"], &items(&listed)[0]["warning"]), (&json!("red"), &Value::Null));
    let opened = shown(&member, &id).await;
    assert_eq!((&opened["body"], &opened["warning"]), (&json!("hard words"), &json!("of a child")));
}
