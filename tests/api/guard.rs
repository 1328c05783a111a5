//! Numbers of people, accounts and documents: they reach nobody, by whatever way they are sent in.

use serde_json::json;
use support::region::{Region, draft, items, text};

/// A citizen number by its check digit, and nobody's: the vocabulary's own example.
const NUMBER: &str = "0101901710008";

#[tokio::test]
async fn a_number_waits_wherever_it_is_said_and_reaches_nobody() {
    let region = Region::shared();
    let (author, reader) = (region.person("member.ro").await, region.person("academia").await);
    let room = region.room("open", &[&author, &reader]).await;
    let posts = format!("/api/channels/{room}/messages");
    let disguised = ["0101901710008", "010190 1710008", "0101-9017-10008", "\u{ff10}101901710008", "01\u{200b}01901710008"];
    for body in disguised {
        let answer = author.post(&posts, draft(&format!("The JMBG is {body}, can you check?"))).await.is(202);
        assert_eq!(answer["reasons"], json!(["guard"]), "{body:?}: {answer}");
    }
    let mut titled = draft("as agreed");
    titled["topic"] = json!(null);
    titled["new_topic"] = format!("About {NUMBER}").into();
    assert_eq!(author.post(&posts, titled).await.is(202)["reasons"], json!(["guard"]));
    let history = reader.get(&posts).await.is(200);
    assert!(items(&history).is_empty(), "{history}");
}

#[tokio::test]
async fn a_number_in_pieces_waits_with_its_last_piece() {
    let region = Region::shared();
    let (author, reader) = (region.person("member.rs").await, region.person("academia").await);
    let room = region.room("open", &[&author, &reader]).await;
    let posts = format!("/api/channels/{room}/messages");
    author.post(&posts, draft("the first half is 010190")).await.is(201);
    assert_eq!(author.post(&posts, draft("1710008 is the rest")).await.is(202)["reasons"], json!(["guard"]));
    let history = reader.get(&posts).await.is(200);
    assert_eq!(items(&history).len(), 1, "{history}");
}

#[tokio::test]
async fn another_wording_completes_no_number_that_stands_beside_it() {
    let region = Region::shared();
    let (author, reader) = (region.person("interpreter.ro").await, region.person("academia").await);
    let room = region.room("open", &[&author, &reader]).await;
    let posts = format!("/api/channels/{room}/messages");
    let rewrite =
        async |message: &str, body: &str| author.patch(&format!("/api/messages/{message}"), json!({"body": body})).await;
    author.post(&posts, draft("the first half is 010190")).await.is(201);
    let second = text(&author.post(&posts, draft("wait a moment")).await.is(201)["id"]);
    let third = text(&author.post(&posts, draft("so it is")).await.is(201)["id"]);
    rewrite(&second, "1710008 is the rest").await.refused(422, "edit_needs_review");
    rewrite(&second, "170 people came").await.is(200);
    // What was written anew is what the next one is read with.
    rewrite(&third, "010190").await.is(200);
    assert_eq!(author.post(&posts, draft("1710008")).await.is(202)["reasons"], json!(["guard"]));
}

#[tokio::test]
async fn where_nobody_looks_first_a_number_is_refused_and_not_repeated() {
    let region = Region::shared();
    let author = region.person("moderator.region").await;
    let room = region.room("open", &[&author]).await;
    let (topic, message) = author.begin(&room, "A title", "nothing in it").await;
    let named = format!("Call {NUMBER}");
    let refusals = [
        author.patch("/api/me", json!({"name": named})).await,
        author.patch(&format!("/api/topics/{topic}"), json!({"title": named})).await,
        author.get(&format!("/api/search?q={NUMBER}")).await,
    ];
    for answer in refusals {
        assert!(!answer.text.contains(NUMBER), "{}", answer.text);
        assert_eq!(answer.refused(422, "personal_data")["kinds"], json!(["jmbg"]));
    }
    author.patch(&format!("/api/messages/{message}"), json!({"body": named})).await.refused(422, "edit_needs_review");
}
