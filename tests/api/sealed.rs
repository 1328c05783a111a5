//! What is RED or has an H3: who gets its words, who has had them, and when they are gone.

use serde_json::json;
use support::region::{Client, Region, draft, items, text};

async fn said(client: &Client, room: &str, body: &str, fields: serde_json::Value) -> String {
    let mut wish = draft(body);
    for (name, value) in fields.as_object().expect("fields") {
        wish[name] = value.clone();
    }
    text(&client.post(&format!("/api/channels/{room}/messages"), wish).await.is(201)["id"])
}

#[tokio::test]
async fn who_reads_what_is_red_is_known_to_its_author() {
    let region = Region::shared();
    let (author, reader) = (region.signed_in("member.ro").await, region.signed_in("member.gr").await);
    let moderator = region.signed_in("moderator.region").await;
    let room = region.room("closed", &[&author, &reader]).await;
    moderator.delete(&format!("/api/channels/{room}/members/me")).await.is(204);
    let id = said(&author, &room, "for those here alone", json!({"marking": "red"})).await;
    let (path, log) = (format!("/api/messages/{id}"), format!("/api/messages/{id}/readers"));
    // Looking after the room is not being named in it.
    let looked_after = moderator.get(&path).await.is(200);
    assert_eq!((&looked_after["withheld"], &looked_after["body"]), (&json!("red"), &json!("")));
    moderator.get(&format!("{path}/history")).await.refused(403, "withheld");
    // A program never gets it, whoever's it is.
    assert_eq!(region.person("member.gr").await.get(&path).await.is(200)["withheld"], "red");
    assert!(items(&author.get(&log).await.is(200)).is_empty());
    let own = author.get(&path).await.is(200);
    assert_eq!((&own["body"], &own["withheld"]), (&json!("for those here alone"), &json!(null)));
    assert!(items(&author.get(&log).await.is(200)).is_empty(), "the author is no reader");
    assert_eq!(reader.get(&path).await.is(200)["body"], "for those here alone");
    assert!(reader.get(&path).await.is(200)["html"].as_str().is_some_and(|html| html.contains("alone")));
    let readers = author.get(&log).await.is(200);
    assert_eq!((items(&readers).len(), &items(&readers)[0]["times"]), (1, &json!(2)));
    assert_eq!(items(&readers)[0]["person"]["id"], reader.id.as_str());
    reader.get(&log).await.refused(403, "forbidden");
    // Who leaves the room has lost it.
    reader.delete(&format!("/api/channels/{room}/members/me")).await.is(204);
    reader.get(&path).await.refused(404, "not_found");
    author.delete(&path).await.is(204);
    assert_eq!(items(&author.get(&log).await.is(200)).len(), 1, "who has seen it stays known");
}

#[tokio::test]
async fn what_quotes_something_that_becomes_red_is_red() {
    let region = Region::shared();
    let (author, reader) = (region.signed_in("member.ro").await, region.signed_in("member.gr").await);
    let room = region.room("closed", &[&author, &reader]).await;
    let id = said(&author, &room, "said openly", json!({})).await;
    let quoting = format!("/api/messages/{}", said(&author, &room, "as was said", json!({"quote": id})).await);
    assert_eq!(reader.get(&quoting).await.is(200)["quote"]["excerpt"], "said openly");
    author.put_json(&format!("/api/messages/{id}/marking"), json!({"marking": "red"})).await.is(204);
    let now = reader.get(&quoting).await.is(200);
    assert_eq!((&now["marking"], &now["quote"]["excerpt"], &now["body"]), (&json!("red"), &json!(""), &json!("as was said")));
    assert_eq!(region.person("member.gr").await.get(&quoting).await.is(200)["withheld"], "red");
    assert_eq!(items(&author.get(&format!("{quoting}/readers")).await.is(200)).len(), 1);
}

#[tokio::test]
async fn an_h3_is_acknowledged_before_it_is_read() {
    let region = Region::shared();
    let (author, reader) = (region.signed_in("member.ro").await, region.signed_in("member.gr").await);
    let room = region.room("open", &[&author, &reader]).await;
    let h3 = json!({"handling": ["h3"], "restriction": "Not by telephone"});
    let id = said(&author, &room, "restricted words", h3).await;
    let (path, acknowledgement) = (format!("/api/messages/{id}"), format!("/api/messages/{id}/acknowledgement"));
    let sealed = reader.get(&path).await.is(200);
    assert_eq!(
        (&sealed["withheld"], &sealed["body"], &sealed["restriction"]),
        (&json!("h3"), &json!(""), &json!("Not by telephone"))
    );
    assert_eq!(author.get(&path).await.is(200)["body"], "restricted words");
    // Nobody has read what a program acknowledges.
    let program = region.person("member.gr").await;
    program.post(&acknowledgement, json!({})).await.refused(403, "withheld");
    reader.post(&acknowledgement, json!({})).await.is(204);
    assert_eq!(reader.get(&path).await.is(200)["body"], "restricted words");
    assert_eq!(program.get(&path).await.is(200)["withheld"], "h3");
    // Other words are another restriction.
    author.patch(&path, json!({"restriction": "Not in writing either"})).await.is(200);
    assert_eq!(reader.get(&path).await.is(200)["withheld"], "h3");
    let plain = said(&author, &room, "plain", json!({})).await;
    reader.post(&format!("/api/messages/{plain}/acknowledgement"), json!({})).await.refused(409, "nothing_to_acknowledge");
}

#[tokio::test]
async fn what_is_red_is_found_in_its_own_channel_only() {
    let region = Region::shared();
    let (author, reader) = (region.signed_in("member.ro").await, region.signed_in("member.gr").await);
    let room = region.room("closed", &[&author, &reader]).await;
    let id = said(&author, &room, "sandpipercanary", json!({"marking": "red"})).await;
    let found = async |client: &Client, query: &str| {
        items(&client.get(&format!("/api/search?q={query}")).await.is(200))
            .iter()
            .map(|hit| text(&hit["message"]["id"]))
            .collect::<Vec<_>>()
    };
    assert!(found(&reader, "sandpipercanary").await.is_empty());
    let inside = format!("sandpipercanary%20in:{room}");
    assert_eq!(found(&reader, &inside).await, [id.as_str()]);
    assert!(found(&region.person("member.gr").await, &inside).await.is_empty(), "never by a program");
    let hits = reader.get(&format!("/api/search?q={inside}")).await.is(200);
    assert_eq!((&items(&hits)[0]["excerpt"], &items(&hits)[0]["message"]["withheld"]), (&json!([]), &json!(true)));
    // As it becomes less strict it is found as anything else, and as it becomes RED again no more.
    let marking = format!("/api/messages/{id}/marking");
    author.put_json(&marking, json!({"marking": "green"})).await.is(204);
    assert_eq!(found(&reader, "sandpipercanary").await, [id.as_str()]);
    author.put_json(&marking, json!({"marking": "red"})).await.is(204);
    assert!(found(&reader, "sandpipercanary").await.is_empty());
}

#[tokio::test]
async fn what_is_red_is_erased_in_its_time() {
    let region = Region::start_with_clock().expect("a region");
    let author = region.person("member.ro").await;
    let room = region.room("closed", &[&author]).await;
    let posts = format!("/api/channels/{room}/messages");
    for days in [0, 91] {
        let mut wish = draft("no end");
        (wish["marking"], wish["expires_in_days"]) = ("red".into(), days.into());
        author.post(&posts, wish).await.refused(422, "expiry_invalid");
    }
    let short = said(&author, &room, "gone tomorrow", json!({"marking": "red", "expires_in_days": 1})).await;
    let long = said(&author, &room, "gone in a month", json!({"marking": "red"})).await;
    let stays = said(&author, &room, "stays", json!({"marking": "amber"})).await;
    let deleted = async |id: &str| author.get(&format!("/api/messages/{id}")).await.is(200)["deleted"] == true;
    let until_deleted = async |id: &str| {
        for _ in 0..300 {
            if deleted(id).await {
                return;
            }
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        }
        panic!("it was not erased");
    };
    region.advance(25 * 3600).await;
    until_deleted(&short).await;
    assert!(!deleted(&long).await && !deleted(&stays).await);
    region.advance(29 * 24 * 3600).await;
    until_deleted(&long).await;
    assert!(!deleted(&stays).await);
    region.stop().expect("stopped");
}
