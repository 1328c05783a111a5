//! What is RED leaves by no route: every way out that there is, for every marking, asked by everybody.
//!
//! The ways out are read from the contract: a route whose answer can hold what somebody has written, and that has no row
//! here, fails the test. Beside those every other GET is asked as well, and must not show it either.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use support::region::{Client, Region, draft, text};
use support::translator::Translator;
use support::ws_client::Socket;

const MARKINGS: [&str; 5] = ["clear", "green", "amber", "amber+strict", "red"];

/// Who asks about a closed room of Romania.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Who {
    Author,
    Member,
    MembersProgram,
    MemberElsewhere,
    ModeratorOfScope,
    ModeratorElsewhere,
    Auditor,
    Administrator,
    Pending,
}

impl Who {
    /// Whether the room names this person, a program or not.
    fn belongs(self) -> bool {
        matches!(self, Self::Author | Self::Member | Self::MembersProgram)
    }

    /// Whether this person reads the room.
    fn reads(self) -> bool {
        self.belongs() || self == Self::ModeratorOfScope
    }

    /// Whether this is somebody of the room in person.
    fn in_person(self) -> bool {
        matches!(self, Self::Author | Self::Member)
    }
}

/// Ways out, and whether `who` gets the words by them of what is marked so.
type Expected = fn(Who, &str) -> bool;
const EXITS: [(&str, &str, Expected); 31] = [
    ("get", "/api/messages/{id}", |who, marking| if marking == "red" { who.in_person() } else { who.reads() }),
    ("get", "/api/messages/{id}/history", |who, marking| if marking == "red" { who.in_person() } else { who.reads() }),
    // What a message carries goes where its words go.
    ("get", "/api/files/{id}/content", |who, marking| if marking == "red" { who.in_person() } else { who.reads() }),
    ("patch", "/api/messages/{id}", |who, marking| marking != "red" && who == Who::Author),
    ("get", "/api/channels/{id}/messages", |who, marking| marking != "red" && who.reads()),
    ("get", "/api/channels/{id}/pins", |who, marking| marking != "red" && who.reads()),
    ("get", "/api/missed", |who, marking| marking != "red" && who.belongs()),
    ("get", "/api/search", |who, marking| marking != "red" && who.reads()),
    // What waits for a moderator is no message yet; of what is RED see `moderation`.
    ("get", "/api/me/moderation", |_, _| false),
    ("get", "/api/moderation/queue", |_, _| false),
    ("post", "/api/moderation/queue/{id}/unmasking", |_, _| false),
    // What one asks for, another approves, and it is done; see `approvals`.
    ("post", "/api/approvals/{id}/export", |who, marking| matches!(marking, "clear" | "green") && who == Who::ModeratorOfScope),
    ("post", "/api/approvals/{id}/unmasking", |_, _| false),
    // What editors write, and nothing that stands in a message; see `newsletter`.
    ("get", "/api/newsletter/issues/{id}", |_, _| false),
    // To a machine of somebody else's, up to GREEN here; see `translating`.
    ("post", "/api/messages/{id}/translation", |who, marking| matches!(marking, "clear" | "green") && who.reads()),
    // What people write of studies and exercises; no message comes there.
    ("get", "/api/studies/{id}", |_, _| false),
    ("put", "/api/studies/{id}", |_, _| false),
    ("get", "/api/recommendations", |_, _| false),
    ("put", "/api/recommendations/{id}", |_, _| false),
    ("put", "/api/recommendations/{id}/state", |_, _| false),
    ("get", "/api/exercises/{id}", |_, _| false),
    // What is said in case rooms, which are no channels; see `cases`.
    ("get", "/api/cases/{id}", |_, _| false),
    ("get", "/api/cases/{id}/entries", |_, _| false),
    ("post", "/api/cases/{id}/search", |_, _| false),
    ("get", "/api/cases/{id}/minutes", |_, _| false),
    // What two organisations ask each other; no message comes there. See `requests`.
    ("get", "/api/requests", |_, _| false),
    ("get", "/api/requests/{id}", |_, _| false),
    // What is said in referrals, to the people of their two sides; see `referrals`.
    ("get", "/api/referrals/{id}", |_, _| false),
    // What recommendations say.
    ("get", "/api/home", |_, _| false),
    ("frame", "resume", |who, marking| marking != "red" && who.belongs()),
    ("frame", "message", |who, marking| marking != "red" && who.belongs()),
];
/// Names of fields that hold what somebody has written in a message.
const WORDS: [&str; 5] = ["body", "html", "excerpt", "warning", "text"];

/// A room with a message that was edited, pinned, quoted and reacted to, and carries a file.
struct Place {
    marking: &'static str,
    room: String,
    topic: String,
    message: String,
    file: String,
    word: String,
}

async fn place(region: &Region, marking: &'static str, author: &Client, member: &Client) -> Place {
    let room = region
        .room_of("moderator.region", &json!({"kind": "closed", "country": "RO", "marking": "clear"}), &[author, member])
        .await;
    region.person("moderator.region").await.delete(&format!("/api/channels/{room}/members/me")).await.is(204);
    let word = format!("canary{}", marking.replace('+', "and"));
    let posts = format!("/api/channels/{room}/messages");
    let mut wish = draft(&format!("{word} as first said"));
    (wish["marking"], wish["new_topic"]) = (marking.into(), format!("About {marking}").into());
    wish["warning"] = format!("{word} warned of").into();
    let file = author.file("a.txt", format!("{word} in a file").as_bytes()).await;
    wish["attachments"] = json!([file]);
    let message = text(&author.post(&posts, wish).await.is(201)["id"]);
    let path = format!("/api/messages/{message}");
    let topic = text(&author.patch(&path, json!({"body": format!("{word} as said now")})).await.is(200)["topic"]);
    let mut quoting = draft("as was said");
    (quoting["quote"], quoting["topic"]) = (message.clone().into(), topic.clone().into());
    member.post(&posts, quoting).await.is(201);
    region.person("moderator.ro").await.put(&format!("{path}/pin")).await.is(204);
    Place { marking, room, topic, message, file, word }
}

/// A path of the contract for this place.
fn filled(route: &str, place: &Place) -> String {
    let id = match route.split('/').nth(2) {
        Some("messages") => &place.message,
        Some("topics") => &place.topic,
        Some("files") => &place.file,
        _ => &place.room,
    };
    let route = route.replace("{id}", id).replace("{code}", "RO");
    match route.as_str() {
        "/api/search" => format!("{route}?q={}%20in:{}", place.word, place.room),
        "/api/missed" => format!("{route}?limit=100"),
        _ => route,
    }
}

/// Whether the words come out by asking for it with somebody who approves whatever they may.
async fn comes_out_by_two(client: &Client, approver: &Client, place: &Place) -> bool {
    let mut out = String::new();
    for format in ["csv", "json", "print"] {
        let what = json!({"kind": "channel_export", "channel": place.room, "format": format});
        let asked = client.post("/api/approvals", json!({"what": what, "reason": "r"})).await;
        let asked = serde_json::from_str(&asked.text).unwrap_or(Value::Null);
        let path = format!("/api/approvals/{}", asked["id"].as_str().unwrap_or_default());
        approver.put_json(&format!("{path}/decision"), json!({"approved": true})).await;
        for way in ["export", "unmasking"] {
            out += &client.post(&format!("{path}/{way}"), json!({})).await.text;
        }
    }
    out.contains(&place.word)
}

/// Whether the words come out by this way.
async fn comes_out(client: &Client, socket: &mut Socket, others: [&Client; 2], exit: (&str, &str), place: &Place) -> bool {
    let [author, approver] = others;
    match exit {
        ("post", "/api/messages/{id}/translation") => {
            // What is warned of never leaves: for a moment nothing is.
            let path = format!("/api/messages/{}", place.message);
            author.patch(&path, json!({"warning": ""})).await.is(200);
            let made = client.post(&format!("{path}/translation"), json!({"to": "fr"})).await.text;
            author.patch(&path, json!({"warning": format!("{} warned of", place.word)})).await.is(200);
            made.contains(&place.word)
        }
        ("post", "/api/approvals/{id}/export") => comes_out_by_two(client, approver, place).await,
        ("frame", "resume") => {
            let mut socket = client.socket().await;
            let frames = socket.resume(&json!({place.room.as_str(): 0})).await.expect("live");
            frames.iter().any(|frame| frame.to_string().contains(&place.word))
        }
        ("frame", _) => {
            // The author touches it, and everybody of the room is told.
            let path = format!("/api/messages/{}/reactions/%F0%9F%91%8D", place.message);
            author.put(&path).await.is(204);
            author.delete(&path).await.is(204);
            socket.send(&json!({"type": "the end"})).await.expect("sent");
            let mut told = false;
            loop {
                let frame = socket.next().await.expect("a frame");
                if frame["type"] == "refused" {
                    break told;
                }
                told |= frame.to_string().contains(&place.word);
            }
        }
        ("patch", route) => client.patch(&filled(route, place), json!({"act": "ask"})).await.text.contains(&place.word),
        ("post", route) => client.post(&filled(route, place), json!({"need": "cannot_judge"})).await.text.contains(&place.word),
        (_, route) => client.get(&filled(route, place)).await.text.contains(&place.word),
    }
}

/// Whether a schema of the contract can hold what somebody has written.
fn holds_words(document: &Value, schema: &Value, seen: &mut BTreeSet<String>) -> bool {
    if let Some(name) = schema["$ref"].as_str().and_then(|path| path.rsplit('/').next()) {
        return seen.insert(name.to_owned()) && holds_words(document, &document["components"]["schemas"][name], seen);
    }
    match schema {
        Value::Object(fields) => {
            fields
                .get("properties")
                .and_then(Value::as_object)
                .is_some_and(|named| WORDS.iter().any(|word| named.contains_key(*word)))
                || fields.values().any(|inner| holds_words(document, inner, seen))
        }
        Value::Array(parts) => parts.iter().any(|inner| holds_words(document, inner, seen)),
        _ => false,
    }
}

#[tokio::test]
async fn what_is_red_leaves_by_no_route() {
    let service = Translator::start().await;
    let region = Region::start(&service.settings("GREEN")).expect("a region");
    let (author, member) = (region.signed_in("member.ro").await, region.signed_in("member.gr").await);
    let approver = region.signed_in("moderator.region").await;
    let people = [
        (Who::Author, author.clone()),
        (Who::Member, member.clone()),
        (Who::MembersProgram, region.person("member.gr").await),
        (Who::MemberElsewhere, region.signed_in("member.rs").await),
        (Who::ModeratorOfScope, region.signed_in("moderator.ro").await),
        (Who::ModeratorElsewhere, region.signed_in("moderator.rs").await),
        (Who::Auditor, region.signed_in("auditor.region").await),
        (Who::Administrator, region.signed_in("admin").await),
        (Who::Pending, region.signed_in("pending.ro").await),
    ];
    let document = std::thread::spawn(egida::openapi_json).join().expect("the contract");
    let document: Value = serde_json::from_str(&document).expect("JSON");
    let (mut without_row, mut others) = (Vec::new(), Vec::new());
    for (route, operations) in document["paths"].as_object().expect("paths") {
        for (method, operation) in operations.as_object().expect("operations") {
            let has_row = EXITS.iter().any(|(m, r, _)| (*m, *r) == (method.as_str(), route.as_str()));
            if !has_row && holds_words(&document, &operation["responses"], &mut BTreeSet::new()) {
                without_row.push(format!("{method} {route}"));
            }
            if method == "get" && !has_row {
                others.push(route.clone());
            }
        }
    }
    assert!(without_row.is_empty(), "ways out without a row: {without_row:?}");
    let mut wrong = Vec::new();
    for marking in MARKINGS {
        let place = place(&region, marking, &author, &member).await;
        let elsewhere = region.room("closed", &[&author]).await;
        for (who, client) in &people {
            let mut socket = client.live().await;
            for (method, route, expected) in EXITS {
                let allowed = expected(*who, marking);
                if comes_out(client, &mut socket, [&author, &approver], (method, route), &place).await != allowed {
                    wrong.push(format!("{method} {route}, {marking}, {who:?}: {}", if allowed { "withheld" } else { "shown" }));
                }
            }
            for route in &others {
                if client.get(&filled(route, &place)).await.text.contains(&place.word) {
                    wrong.push(format!("get {route}, {marking}, {who:?}: shown"));
                }
            }
            let general = client.get(&format!("/api/search?q={}", place.word)).await.text.contains(&place.word);
            if general != (who.reads() && marking != "red") {
                wrong.push(format!("search everywhere, {marking}, {who:?}: {general}"));
            }
        }
        // Copying it elsewhere: quoted, or moved along with its topic.
        let mut quoting = draft("as was said elsewhere");
        quoting["quote"] = place.message.clone().into();
        let quoted = author.post(&format!("/api/channels/{elsewhere}/messages"), quoting).await;
        assert!(quoted.status == if marking.starts_with("amber") || marking == "red" { 409 } else { 422 }, "{}", quoted.text);
        if place.marking == "red" {
            let moderator = region.person("moderator.region").await;
            let moved = moderator.patch(&format!("/api/topics/{}", place.topic), json!({"channel": elsewhere})).await;
            moved.refused(409, "marking_forbids_move");
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    let left = service.asked().iter().map(ToString::to_string).collect::<String>();
    assert!(left.contains("canarygreen") && !left.contains("canaryamber") && !left.contains("canaryred"), "{left}");
}
