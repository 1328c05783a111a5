//! What people type, hold and look for comes into no log, whatever the operator has it say (control 17 of the threat
//! model).

use std::collections::HashSet;
use std::sync::Mutex;

use reqwest::Method;
use serde_json::json;
use support::authenticator::Authenticator;
use support::region::{Client, Region, draft, items, text};
use support::server_process::run;
use support::ws_client::{Socket, post_frame};
use uuid::Uuid;

/// Fewer than this many different secrets, and the test has lost some of them.
const SECRETS: usize = 45;
const EVERY_ROUTE: &str = include_str!("../contract/routes.txt");

/// Words that exist nowhere else, each with what it stands for.
#[derive(Default)]
struct Marks(Mutex<Vec<(String, String)>>);

impl Marks {
    /// A fresh word for this, of letters alone: many digits would be taken for a telephone number.
    fn word(&self, what: &str) -> String {
        let id = Uuid::now_v7().simple().to_string();
        let letters = id.bytes().map(|c| char::from(if c.is_ascii_digit() { c - b'0' + b'g' } else { c }));
        self.known(what, format!("canary{}", letters.collect::<String>()))
    }

    /// Something that the server made.
    fn known(&self, what: &str, secret: String) -> String {
        self.0.lock().expect("marks").push((what.to_owned(), secret.clone()));
        secret
    }

    fn all(&self) -> Vec<(String, String)> {
        self.0.lock().expect("marks").clone()
    }
}

/// Somebody whose every request carries secrets in its headers.
fn marked(client: &Client, marks: &Marks) -> Client {
    let digits = Uuid::now_v7().simple().to_string();
    // Groups that begin with a digit other than zero, so that there is one way of writing the address.
    let address = format!(
        "2001:db8:1{}:1{}:1{}:1{}:1{}:1{}",
        &digits[8..11],
        &digits[13..16],
        &digits[17..20],
        &digits[20..23],
        &digits[23..26],
        &digits[26..29]
    );
    client
        .with("x-forwarded-for", &marks.known("X-Forwarded-For", address))
        .with("user-agent", &format!("Mozilla/5.0 {}", marks.word("user agent")))
        .with("referer", &format!("http://{}.example/", marks.word("referer")))
        .with("accept-language", &marks.word("language"))
}

fn cookie_value(client: &Client) -> String {
    client.cookie.as_deref().and_then(|cookie| cookie.split_once('=')).expect("a cookie").1.to_owned()
}

/// Comes in by an invitation and sets up factors; the client and a channel's worth of secrets.
async fn come_in(region: &Region, marks: &Marks) -> (Client, String, String) {
    let (sponsor, second) = (region.person("moderator.ro").await, region.person("moderator.region").await);
    let email = format!("{}@new.egida.example", marks.word("e-mail"));
    let (name, password) = (format!("Neva {}", marks.word("name")), marks.word("password"));
    let wish = json!({"email": email, "name": name, "country": "RO", "function": "SOCIAL-WORKER", "organisation": marks.word("organisation")});
    let invited = marked(&sponsor, marks).post("/api/invitations", wish).await.is(201);
    let token = marks.known("invitation link", text(&invited["token"]));
    let mut me = marked(&region.anonymous(), marks);
    me.post("/api/invitation-previews", json!({"token": token})).await.is(200);
    let wish = json!({"token": token, "email": email, "name": name, "password": password});
    let entered = me.post("/api/invitation-acceptances", wish).await;
    me.keep_cookie(&entered);
    entered.is(201);
    marks.known("session cookie", cookie_value(&me));
    let how = json!({"how": "vouched", "note": marks.word("note of a confirmation")});
    second.put_json(&format!("/api/people/{}/confirmation", me.id), how).await.is(204);
    (me, email, password)
}

async fn prove(region: &Region, marks: &Marks, me: &mut Client, email: &str, password: &str) {
    let begun = me.post("/api/me/authenticator", json!({})).await.is(201);
    let secret = marks.known("secret of an app", text(&begun["secret"]));
    marks.known("secret of an app, in one piece", secret.replace(' ', ""));
    let wish = json!({"id": begun["id"], "code": marks.word("wrong code of an app")});
    me.put_json("/api/me/authenticator", wish).await.refused(422, "code_wrong");
    let answer = me.put_json("/api/me/authenticator", json!({"id": begun["id"], "code": region.code(&secret)})).await;
    me.keep_cookie(&answer);
    let codes = answer.is(200)["recovery_codes"].clone();
    let codes: Vec<_> = codes.as_array().expect("codes").iter().map(|code| marks.known("recovery code", text(code))).collect();
    let mut elsewhere = marked(&region.anonymous(), marks);
    elsewhere.sign_in(email, &marks.word("wrong password")).await.refused(401, "sign_in_failed");
    elsewhere.sign_in(&format!("{}@x.example", marks.word("unknown e-mail")), password).await.refused(401, "sign_in_failed");
    elsewhere.sign_in_with(email, password, &marks.word("wrong code")).await.refused(401, "code_wrong");
    elsewhere.sign_in_with(email, password, &codes[0]).await.is(200);
    marks.known("another session cookie", cookie_value(&elsewhere));
    elsewhere.step_up(json!({"code": codes[1]})).await.is(200);
    marks.known("cookie after proving", cookie_value(&elsewhere));
    elsewhere.step_up(json!({"password": marks.word("password to prove by")})).await.refused(422, "code_required");
    let page = region.origin().replace("127.0.0.1", "localhost");
    let mut authenticator = Authenticator::new(&page);
    let begun = elsewhere.post("/api/me/passkey-registrations", json!({})).await.is(201);
    marks.known("challenge", text(&begun["options"]["publicKey"]["challenge"]));
    let credential = authenticator.register(&begun["options"]);
    marks.known("passkey", text(&credential["id"]));
    let wish = json!({"ceremony": begun["id"], "name": marks.word("name of a passkey"), "credential": credential});
    elsewhere.post("/api/me/passkeys", wish).await.is(201);
    let challenge = elsewhere.post("/api/passkey-challenges", json!({})).await.is(201);
    let credential = authenticator.assert(&challenge["options"]);
    marks.known("signature", text(&credential["response"]["signature"]));
    let wish = json!({"ceremony": challenge["id"], "credential": credential});
    region.anonymous().post("/api/session/passkey", wish).await.is(200);
}

async fn speak(region: &Region, marks: &Marks, me: &Client) {
    let moderator = marked(&region.person("moderator.region").await, marks);
    let room = region.room("closed", &[me]).await;
    let path = format!("/api/channels/{room}");
    let change = json!({"name": {"en": marks.word("name of a channel")}, "description": {"en": marks.word("description")}});
    moderator.patch(&path, change).await.is(200);
    let mut wish = draft(&marks.word("message"));
    wish["new_topic"] = marks.word("topic").into();
    let keyed = me.with("idempotency-key", &marks.word("idempotency key"));
    let id = text(&keyed.post(&format!("{path}/messages"), wish).await.is(201)["id"]);
    me.patch(&format!("/api/messages/{id}"), json!({"body": marks.word("edited message")})).await.is(200);
    let message = me.get(&format!("/api/messages/{id}")).await.is(200);
    let topic = format!("/api/topics/{}", text(&message["topic"]));
    moderator.patch(&topic, json!({"title": marks.word("renamed topic")})).await.is(200);
    for (path, what) in [("search", "search"), ("people", "search for people"), ("directory", "search in the directory")] {
        me.get(&format!("/api/{path}?q={}", marks.word(what))).await.is(200);
    }
    for (path, what) in [("topics", "search for topics"), ("organisations", "search for organisations")] {
        me.get(&format!("/api/{path}?q={}", marks.word(what))).await.is(200);
    }
    me.delete(&format!("/api/messages/{id}")).await.is(204);
    let mut socket = me.live().await;
    let said = post_frame(Uuid::now_v7(), &room, &marks.word("message by socket"));
    socket.send(&said).await.expect("sent");
    let frames = [
        json!({"type": marks.word("unknown frame")}),
        json!({"type": "post", "body": marks.word("frame of the wrong shape")}),
        json!([marks.word("no frame")]),
    ];
    for frame in frames {
        socket.send(&frame).await.expect("sent");
        socket.next_of("refused").await.expect("refused");
    }
    socket.close().await.expect("closed");
}

async fn change_oneself(region: &Region, marks: &Marks, me: &mut Client, password: &str) {
    me.patch("/api/me", json!({"name": format!("Neva {}", marks.word("another name"))})).await.is(200);
    let offer = json!({"topics": [], "languages": [], "offer": marks.word("line about oneself")});
    me.put_json("/api/me/directory-entry", offer).await.is(200);
    let organisation = json!({"name": marks.word("name of an organisation"), "kind": "NGO-SERVICE", "country": "RO",
        "website": format!("https://{}.example", marks.word("website"))});
    region.person("moderator.ro").await.post("/api/organisations", organisation).await.is(201);
    let wish = json!({"current": marks.word("wrong present password"), "new": marks.word("new password")});
    me.put_json("/api/me/password", wish).await.refused(401, "sign_in_failed");
    let fresh = marks.word("changed password");
    let answer = me.put_json("/api/me/password", json!({"current": password, "new": fresh})).await;
    me.keep_cookie(&answer);
    answer.is(204);
    let made = region.person("moderator.ro").await.post(&format!("/api/people/{}/password-reset", me.id), json!({})).await;
    let token = marks.known("reset link", text(&made.is(201)["token"]));
    let wish = json!({"token": token, "password": marks.word("password by a link")});
    region.anonymous().post("/api/password-resets", wish).await.is(204);
}

/// Every route there is, asked with secrets where nobody expects them: in the path, the query, the body and the headers.
async fn ask_everything(region: &Region, marks: &Marks) {
    let known = [region.person("member.ro").await, region.person("admin").await, region.anonymous()];
    for (n, line) in EVERY_ROUTE.lines().filter(|line| !line.starts_with("FRAME ")).enumerate() {
        let (method, route) = line.split_once(' ').expect("a method and a path");
        let mut path = String::new();
        for part in route.split('/').skip(1) {
            let part = if part.starts_with('{') { marks.word("part of a path") } else { part.to_owned() };
            path = format!("{path}/{part}");
        }
        let path = format!("{path}?q={}&cursor={}", marks.word("query"), marks.word("cursor"));
        let body = json!({"unknown": marks.word("unknown field"), "email": marks.word("no e-mail"), "ref": marks.word("no ref")});
        let method = Method::from_bytes(method.as_bytes()).expect("a method");
        let client = marked(&known[n % known.len()], marks);
        // Ending one's own sessions is harmless by a token.
        client.send(method, &path, Some(body)).await;
    }
    let visitor = marked(&region.anonymous(), marks);
    visitor.get(&format!("/{}", marks.word("page"))).await;
    visitor.get(&format!("/api/{}", marks.word("no route"))).await;
    visitor.with("cookie", &format!("egida_session={}", marks.word("invented cookie"))).get("/api/session").await;
    visitor.with("authorization", &format!("Bearer {}", marks.word("invented token"))).get("/api/session").await;
    visitor.with("origin", &format!("http://{}.example", marks.word("origin"))).post("/api/session", json!({})).await;
    let broken = format!("{{\"{}", marks.word("broken JSON")).into_bytes();
    known[0].send_raw(Method::POST, "/api/session", "application/json", broken).await;
    known[0].send_raw(Method::POST, "/api/session", &format!("text/{}", marks.word("type")), Vec::new()).await;
    let protocol = marks.word("protocol");
    let offered = [("authorization", format!("Bearer {}", known[0].token())), ("x-note", protocol)];
    let offered: Vec<_> = offered.iter().map(|(name, value)| (*name, value.as_str())).collect();
    drop(Socket::connect_with(region.address(), &offered).await);
}

#[tokio::test]
async fn nothing_that_people_type_hold_or_look_for_is_logged() {
    let region = Region::start_listened_to(&[("EGIDA_LOG", "trace")]).expect("a region");
    let marks = Marks::default();
    marks.known("token of an integration", region.person("admin").await.token().to_owned());
    let (mut me, email, password) = come_in(&region, &marks).await;
    prove(&region, &marks, &mut me, &email, &password).await;
    speak(&region, &marks, &me).await;
    change_oneself(&region, &marks, &mut me, &password).await;
    let token = run(region.folder(), &["token", "create", "--account", &email, "--label", &marks.word("label")], None);
    marks.known("token by the command", token.expect("made").trim().to_owned());
    ask_everything(&region, &marks).await;
    // What fails is logged, and must not say with what it failed.
    let database = rusqlite::Connection::open(region.folder().join("egida.db")).expect("opened");
    let member = region.person("member.ro").await;
    let lobby = text(&items(&member.get("/api/channels").await.is(200))[0]["id"]);
    database.execute_batch("ALTER TABLE mention RENAME TO gone; ALTER TABLE topic RENAME TO gone_too").expect("renamed");
    let failing = draft(&marks.word("message that fails"));
    member.post(&format!("/api/channels/{lobby}/messages"), failing).await.refused(500, "internal");
    member.get(&format!("/api/topics?q={}", marks.word("search that fails"))).await.refused(500, "internal");
    region.stop().expect("stopped");
    let said = region.said();
    assert!(said.contains(" ERROR ") && said.contains("internal error"), "a failure is logged: {said}");
    let all = marks.all();
    let kinds: HashSet<_> = all.iter().map(|(what, _)| what.as_str()).collect();
    assert!(kinds.len() >= SECRETS, "{} kinds of secrets only", kinds.len());
    let mut found: Vec<_> = all
        .iter()
        .filter_map(|(what, secret)| Some(format!("{what}: {}", said.lines().find(|line| line.contains(secret.as_str()))?)))
        .collect();
    found.sort();
    found.dedup();
    assert!(found.is_empty(), "{} secrets are in the log:\n{}", found.len(), found.join("\n"));
    // There is no other log: beside the database, its keys and its lock nothing is written.
    let files = walkdir::WalkDir::new(region.home()).into_iter().filter_map(Result::ok).filter(|entry| entry.path().is_file());
    let files: Vec<_> = files.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    let known = |name: &String| name.starts_with("egida.db") || name.starts_with("data.");
    assert!(files.iter().all(known), "{files:?}");
}
