//! A running demo region to test against, and its people as clients.
//!
//! The tests of a binary share one region, and each makes its own rooms in it; what ends or changes an account uses an
//! account that no other test uses.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use reqwest::Method;
use reqwest::header::HeaderMap;
use serde_json::{Value, json};
use tempfile::TempDir;
use uuid::Uuid;

use crate::authenticator::{code_at, seconds_now};
use crate::server_process::{Launch, ServerProcess, program};
use crate::template::{self, DATA, Told};
use crate::ws_client::{PATIENCE, Socket};

/// Where the people of the demo region live.
const DOMAIN: &str = "demo.egida.example";
/// A connection that has waited for longer isn't used again: the server may be closing it just now.
const IDLE: Duration = Duration::from_secs(2);
/// Bytes of a file that are sent at once.
const PIECE: usize = 1024 * 1024;
/// The file that says how far the server's clock is ahead (seconds).
const CLOCK: &str = "clock";
/// The region of this binary, for as long as a test uses it.
static SHARED: Mutex<Weak<Region>> = Mutex::new(Weak::new());

/// A data folder with the demo region, and a server on it.
#[derive(Debug)]
pub struct Region {
    // Before the folder: the server ends first.
    server: Mutex<ServerProcess>,
    home: TempDir,
    folder: PathBuf,
    launch: Launch,
    origin: String,
    password: String,
    tokens: HashMap<String, String>,
    /// Secrets of authenticator apps, where people have some from the start.
    secrets: HashMap<String, String>,
    /// Where the server's clock is told how far to be ahead, if it can be.
    clock: Option<TempDir>,
}

impl Region {
    /// The region that the tests of this binary share.
    ///
    /// # Panics
    /// When it can't be started.
    pub fn shared() -> Arc<Self> {
        let mut shared = SHARED.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(region) = shared.upgrade() {
            return region;
        }
        let region = Arc::new(Self::start(&[]).expect("a demo region"));
        *shared = Arc::downgrade(&region);
        region
    }

    /// A region of one's own, to stop it or to set its environment.
    ///
    /// # Errors
    /// When it can't be made or served.
    pub fn start(environment: &[(&str, &str)]) -> Result<Self> {
        Self::serve(environment, None, &[])
    }

    /// A region of one's own of which all is kept that its server says: see [`Region::said`].
    ///
    /// # Errors
    /// When it can't be made or served.
    pub fn start_listened_to(environment: &[(&str, &str)]) -> Result<Self> {
        let region = Self::serve(environment, None, &[])?;
        region.stop()?;
        let launch = region.launch.clone().keeping_all();
        Self { launch, ..region }.started_again()
    }

    /// A region of one's own whose powers sleep without a second factor. Those who hold one have an authenticator app.
    ///
    /// # Errors
    /// When it can't be made or served.
    pub fn start_strict() -> Result<Self> {
        Self::serve(&[], Some(tempfile::tempdir()?), &["--strict"])
    }

    /// The same with these variables set.
    ///
    /// # Errors
    /// When it can't be made or served.
    pub fn start_strict_with(environment: &[(&str, &str)]) -> Result<Self> {
        Self::serve(environment, Some(tempfile::tempdir()?), &["--strict"])
    }

    /// A region of one's own whose clock can be moved: see [`Region::advance`]. `egida-faulty` serves it.
    ///
    /// # Errors
    /// When it can't be made or served.
    pub fn start_with_clock() -> Result<Self> {
        Self::start_with_clock_and(&[])
    }

    /// The same with these variables set.
    ///
    /// # Errors
    /// When it can't be made or served.
    pub fn start_with_clock_and(environment: &[(&str, &str)]) -> Result<Self> {
        Self::serve(environment, Some(tempfile::tempdir()?), &[])
    }

    fn serve(environment: &[(&str, &str)], clock: Option<TempDir>, demo: &[&str]) -> Result<Self> {
        let home = tempfile::tempdir()?;
        // In a folder of its own: the keys lie beside it.
        let folder = home.path().join(DATA);
        let Told { password, tokens, secrets, .. } = template::copy(home.path(), demo)?;
        let mut launch = Launch::egida(&folder)?
            .environment("EGIDA_LIMITS_SIGN_INS_PER_MINUTE", "1000")
            .environment("EGIDA_LIMITS_SEARCHES_PER_SECOND", "1000")
            .environment("EGIDA_LIMITS_SOCKETS_PER_ADDRESS", "1000")
            .environment("EGIDA_LIMITS_POSTS_PER_SECOND", "10000")
            // So that a test can come from an address of its own.
            .environment("EGIDA_TRUSTED_PROXIES", "127.0.0.1");
        for (name, value) in environment {
            launch = launch.environment(name, value);
        }
        if let Some(clock) = &clock {
            let file = clock.path().join(CLOCK);
            let file = file.to_str().context("a path that is no text")?;
            launch = launch.with_program(program("egida-faulty")?).environment("EGIDA_TEST_CLOCK", file);
        }
        let server = launch.start()?;
        let origin = format!("http://{}", server.address());
        Ok(Self { server: Mutex::new(server), home, folder, launch, origin, password, tokens, secrets, clock })
    }

    /// The same region served again, after it was stopped.
    ///
    /// # Errors
    /// When it can't be served.
    pub fn started_again(self) -> Result<Self> {
        let server = self.launch.start()?;
        let origin = format!("http://{}", server.address());
        Ok(Self { server: Mutex::new(server), origin, ..self })
    }

    /// Where the server is: its address as an origin.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// The server's address.
    ///
    /// # Panics
    /// Never: the origin was made from one.
    pub fn address(&self) -> std::net::SocketAddr {
        self.origin.trim_start_matches("http://").parse().expect("an address")
    }

    /// The data folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Bytes of memory that its server holds.
    ///
    /// # Errors
    /// When it doesn't run.
    pub fn resident(&self) -> Result<u64> {
        self.server.lock().unwrap_or_else(PoisonError::into_inner).resident()
    }

    /// What its server has said lately, on both streams.
    pub fn said(&self) -> String {
        self.server.lock().unwrap_or_else(PoisonError::into_inner).said()
    }

    /// The folder that the data folder lies in, gone with the region.
    pub fn home(&self) -> &Path {
        self.home.path()
    }

    /// The password of everybody.
    pub fn password(&self) -> &str {
        &self.password
    }

    /// The secret of somebody's authenticator app, in a strict region.
    ///
    /// # Panics
    /// When they have none.
    pub fn secret(&self, handle: &str) -> &str {
        self.secrets.get(handle).unwrap_or_else(|| panic!("{handle} has no authenticator app"))
    }

    /// The code that an authenticator app shows for this secret, by the server's clock.
    pub fn code(&self, secret: &str) -> String {
        let ahead = self.clock.as_ref().and_then(|clock| std::fs::read_to_string(clock.path().join(CLOCK)).ok());
        let ahead = ahead.and_then(|text| text.parse::<u64>().ok()).unwrap_or_default();
        code_at(secret, seconds_now() + ahead)
    }

    /// Moves the server's clock so many seconds on, and returns when it has moved.
    ///
    /// # Panics
    /// When the region was not made by [`Region::start_with_clock`], or its server takes no notice.
    pub async fn advance(&self, seconds: i64) {
        let clock = self.clock.as_ref().expect("a region with a clock of its own").path();
        let (file, seen) = (clock.join(CLOCK), clock.join(CLOCK).with_extension("seen"));
        let ahead = std::fs::read_to_string(&file).map_or(0, |text| text.parse().expect("seconds")) + seconds;
        let fresh = clock.join("fresh");
        std::fs::write(&fresh, ahead.to_string()).expect("written");
        std::fs::rename(&fresh, &file).expect("renamed");
        let asked = Instant::now();
        while std::fs::read_to_string(&seen).ok().as_deref() != Some(&ahead.to_string()) {
            assert!(asked.elapsed() < PATIENCE, "the server's clock stands still");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    /// Asks the server to stop, and waits until it has.
    ///
    /// # Errors
    /// When it doesn't.
    pub fn stop(&self) -> Result<()> {
        self.server.lock().unwrap_or_else(PoisonError::into_inner).stop().map(drop)
    }

    /// Ends the server as a power cut would.
    ///
    /// # Errors
    /// When it doesn't end.
    pub fn kill(&self) -> Result<()> {
        self.server.lock().unwrap_or_else(PoisonError::into_inner).kill()
    }

    /// Nobody.
    pub fn anonymous(&self) -> Client {
        Client::new(&self.origin)
    }

    /// One of the demo people, by an integration's token.
    ///
    /// # Panics
    /// When there is no such person.
    pub async fn person(&self, handle: &str) -> Client {
        let token = self.tokens.get(handle).unwrap_or_else(|| panic!("the demo has no {handle}"));
        let mut client = Client::new(&self.origin);
        client.token = Some(token.clone());
        let me = client.get("/api/session").await.is(200);
        client.id = text(&me["id"]);
        client
    }

    /// One of the demo people, signed in as by a browser.
    ///
    /// # Panics
    /// When signing in fails.
    pub async fn signed_in(&self, handle: &str) -> Client {
        let mut client = Client::new(&self.origin);
        client.sign_in(&address(handle), &self.password).await.is(200);
        client
    }

    /// The same person with their keys open: made now if they have none yet.
    ///
    /// # Panics
    /// When the keys can't be opened.
    pub async fn unlocked(&self, client: &Client) -> Client {
        let wish = json!({"password": self.password});
        let mut answer = client.post("/api/keys", wish.clone()).await;
        if answer.status == 409 {
            answer = client.post("/api/keys/opening", wish).await;
        }
        client.with("x-egida-unlock", &text(&answer.is(201)["secret"]))
    }

    /// A fresh channel of the region's moderator with these members. `kind` is `open` or `closed`.
    ///
    /// # Panics
    /// When it can't be made.
    pub async fn room(&self, kind: &str, members: &[&Client]) -> String {
        self.room_of("moderator.region", &json!({"kind": kind}), members).await
    }

    /// A fresh channel as `wish` describes it, opened by a moderator, with these members.
    ///
    /// # Panics
    /// When it can't be made.
    pub async fn room_of(&self, moderator: &str, wish: &Value, members: &[&Client]) -> String {
        let moderator = self.person(moderator).await;
        let mut wish = wish.clone();
        wish["name"] = json!({"en": format!("Room {}", Uuid::now_v7())});
        let id = text(&moderator.post("/api/channels", wish).await.is(201)["id"]);
        for member in members.iter().filter(|member| member.id != moderator.id) {
            moderator.put(&format!("/api/channels/{id}/members/{}", member.id)).await.is(204);
        }
        id
    }
}

/// The sign-in address of a demo person.
pub fn address(handle: &str) -> String {
    format!("{handle}@{DOMAIN}")
}

/// A JSON string as text.
///
/// # Panics
/// When it is none.
pub fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("{value} is no text")).to_owned()
}

/// The items of a list.
///
/// # Panics
/// When it is none.
pub fn items(list: &Value) -> &Vec<Value> {
    list["items"].as_array().unwrap_or_else(|| panic!("{list} is no list"))
}

/// A post into a channel's General topic.
pub fn draft(body: &str) -> Value {
    json!({"ref": Uuid::now_v7(), "topic": null, "new_topic": null, "body": body, "marking": null, "attachments": []})
}

/// Somebody who asks the server.
#[derive(Clone, Debug)]
pub struct Client {
    http: reqwest::Client,
    origin: String,
    token: Option<String>,
    /// `name=value`, as it came from the server.
    pub cookie: Option<String>,
    /// Headers sent with every request.
    pub headers: Vec<(String, String)>,
    /// The account; empty while nobody is signed in.
    pub id: String,
}

impl Client {
    fn new(origin: &str) -> Self {
        // What the server answers is what is looked at, also where a browser would go on from there.
        let quiet = reqwest::redirect::Policy::none();
        let http = reqwest::Client::builder().timeout(Duration::from_secs(20)).pool_idle_timeout(IDLE).redirect(quiet).build();
        let http = http.expect("a client");
        Self { http, origin: origin.to_owned(), token: None, cookie: None, headers: Vec::new(), id: String::new() }
    }

    /// Somebody of a server elsewhere, by a token.
    pub fn with_token(origin: &str, token: &str) -> Self {
        Self { token: Some(token.to_owned()), ..Self::new(origin) }
    }

    /// The same with one more header.
    #[must_use]
    pub fn with(&self, name: &str, value: &str) -> Self {
        let mut client = self.clone();
        client.headers.push((name.to_owned(), value.to_owned()));
        client
    }

    /// The same at another server on the same data.
    #[must_use]
    pub fn at(&self, origin: &str) -> Self {
        Self { origin: origin.to_owned(), ..self.clone() }
    }

    /// The bearer token.
    ///
    /// # Panics
    /// When this is not a client with one.
    pub fn token(&self) -> &str {
        self.token.as_deref().expect("a token")
    }

    /// Signs in and keeps the cookie.
    pub async fn sign_in(&mut self, email: &str, password: &str) -> Answer {
        let answer = self.post("/api/session", json!({"email": email, "password": password})).await;
        self.keep_cookie(&answer);
        answer
    }

    /// Signs in with a second factor and keeps the cookie.
    pub async fn sign_in_with(&mut self, email: &str, password: &str, code: &str) -> Answer {
        let answer = self.post("/api/session", json!({"email": email, "password": password, "code": code})).await;
        self.keep_cookie(&answer);
        answer
    }

    /// Proves again who one is, and keeps the new cookie.
    pub async fn step_up(&mut self, proof: Value) -> Answer {
        let answer = self.post("/api/session/step-up", proof).await;
        self.keep_cookie(&answer);
        answer
    }

    /// Keeps the session that an answer began.
    pub fn keep_cookie(&mut self, answer: &Answer) {
        if let Some(cookie) = answer.header("set-cookie") {
            self.cookie = cookie.split(';').next().map(ToOwned::to_owned);
        }
        if let Some(id) = answer.json["id"].as_str() {
            id.clone_into(&mut self.id);
        }
    }

    /// Opens a socket, by the token or as a browser.
    ///
    /// # Panics
    /// When it is refused.
    pub async fn socket(&self) -> Socket {
        let address = self.origin.trim_start_matches("http://").parse().expect("an address");
        let socket = match (&self.token, &self.cookie) {
            (Some(token), _) => Socket::connect(address, token).await,
            (None, cookie) => Socket::connect_as_browser(address, cookie.as_deref().unwrap_or_default()).await,
        };
        socket.unwrap_or_else(|error| panic!("{error}"))
    }

    /// A socket that is live from now on.
    ///
    /// # Panics
    /// When it doesn't come to life.
    pub async fn live(&self) -> Socket {
        let mut socket = self.socket().await;
        socket.resume(&json!({})).await.expect("live");
        socket
    }

    /// Posts into a channel's General topic: the `posted` answer.
    ///
    /// # Panics
    /// When it is not stored.
    pub async fn say(&self, channel: &str, body: &str) -> Value {
        self.post(&format!("/api/channels/{channel}/messages"), draft(body)).await.is(201)
    }

    /// Posts into a new topic: the topic's id and the message's.
    ///
    /// # Panics
    /// When it is not stored.
    pub async fn begin(&self, channel: &str, title: &str, body: &str) -> (String, String) {
        let mut draft = draft(body);
        draft["new_topic"] = title.into();
        let posted = self.post(&format!("/api/channels/{channel}/messages"), draft).await.is(201);
        let id = text(&posted["id"]);
        let message = self.get(&format!("/api/messages/{id}")).await.is(200);
        (text(&message["topic"]), id)
    }

    /// GET.
    pub async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, None).await
    }

    /// POST with a JSON body.
    pub async fn post(&self, path: &str, body: Value) -> Answer {
        self.send(Method::POST, path, Some(body)).await
    }

    /// PUT without a body.
    pub async fn put(&self, path: &str) -> Answer {
        self.send(Method::PUT, path, None).await
    }

    /// PUT with a JSON body.
    pub async fn put_json(&self, path: &str, body: Value) -> Answer {
        self.send(Method::PUT, path, Some(body)).await
    }

    /// PATCH with a JSON body.
    pub async fn patch(&self, path: &str, body: Value) -> Answer {
        self.send(Method::PATCH, path, Some(body)).await
    }

    /// DELETE.
    pub async fn delete(&self, path: &str) -> Answer {
        self.send(Method::DELETE, path, None).await
    }

    /// Any request.
    ///
    /// # Panics
    /// When there is no answer.
    pub async fn send(&self, method: Method, path: &str, body: Option<Value>) -> Answer {
        let mut request = self.request(method.clone(), path);
        if let Some(body) = body {
            request = request.json(&body);
        }
        Answer::of(format!("{method} {path}"), request).await
    }

    /// A request with a body of any kind.
    ///
    /// # Panics
    /// When there is no answer.
    pub async fn send_raw(&self, method: Method, path: &str, kind: &str, body: Vec<u8>) -> Answer {
        let request = self.request(method.clone(), path).header("content-type", kind).body(body);
        Answer::of(format!("{method} {path}"), request).await
    }

    /// Sends a file in pieces: the answer to the one that completes it.
    ///
    /// # Panics
    /// When it can't be announced.
    pub async fn send_file(&self, name: &str, bytes: &[u8]) -> Answer {
        let begun = self.post("/api/files", json!({"name": name, "size": bytes.len()})).await.is(201);
        let path = format!("/api/files/{}", text(&begun["id"]));
        let mut from = 0;
        loop {
            let piece = bytes[from..bytes.len().min(from + PIECE)].to_vec();
            let sending = self.with("upload-offset", &from.to_string());
            let answer = sending.send_raw(Method::PATCH, &path, "application/octet-stream", piece).await;
            match answer.json["offset"].as_u64().and_then(|offset| usize::try_from(offset).ok()) {
                Some(offset) if answer.status == 200 && offset < bytes.len() => from = offset,
                _ => return answer,
            }
        }
    }

    /// Sends a file that is taken: its id.
    ///
    /// # Panics
    /// When it isn't.
    pub async fn file(&self, name: &str, bytes: &[u8]) -> String {
        let sent = self.send_file(name, bytes).await.is(200);
        assert_eq!(sent["state"], "ready", "{sent}");
        text(&sent["id"])
    }

    /// Posts into a channel with files: the message's id.
    ///
    /// # Panics
    /// When it is not stored.
    pub async fn say_with(&self, channel: &str, body: &str, files: &[&str]) -> String {
        let mut draft = draft(body);
        draft["attachments"] = json!(files);
        text(&self.post(&format!("/api/channels/{channel}/messages"), draft).await.is(201)["id"])
    }

    /// GET of bytes: the status, the headers and what came.
    ///
    /// # Panics
    /// When there is no answer.
    pub async fn bytes(&self, path: &str) -> (u16, HeaderMap, Vec<u8>) {
        let answer = self.request(Method::GET, path).send().await.unwrap_or_else(|error| panic!("{path}: {error:?}"));
        let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
        let bytes = answer.bytes().await.unwrap_or_else(|error| panic!("{path}: {error:?}"));
        (status, headers, bytes.to_vec())
    }

    /// A request of this person, to be sent and read as one likes.
    pub fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        let mut request = self.http.request(method, format!("{}{path}", self.origin));
        if let Some(token) = &self.token {
            request = request.bearer_auth(token);
        }
        if let Some(cookie) = &self.cookie {
            request = request.header("cookie", cookie);
        }
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        request
    }
}

/// What the server answered.
#[derive(Clone, Debug)]
pub struct Answer {
    asked: String,
    /// The status.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The body as it came.
    pub text: String,
    /// The body as JSON; null if it is none.
    pub json: Value,
}

impl Answer {
    async fn of(asked: String, request: reqwest::RequestBuilder) -> Self {
        let answer = request.send().await.unwrap_or_else(|error| panic!("{asked}: {error:?}"));
        let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
        let text = answer.text().await.unwrap_or_else(|error| panic!("{asked}: {error:?}"));
        let json = serde_json::from_str(&text).unwrap_or_default();
        Self { asked, status, headers, text, json }
    }

    /// The JSON of an answer of this status.
    ///
    /// # Panics
    /// When it has another.
    #[track_caller]
    pub fn is(self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}: {}", self.asked, self.text);
        self.json
    }

    /// Checks that this is a problem of this status and code.
    ///
    /// # Panics
    /// When it is not.
    #[track_caller]
    pub fn refused(self, status: u16, code: &str) -> Value {
        let asked = self.asked.clone();
        assert_eq!(self.header("content-type"), Some("application/problem+json"), "{asked}: {} {}", self.status, self.text);
        let json = self.is(status);
        assert_eq!(json["code"], code, "{asked}: {json}");
        assert_eq!(json["type"], format!("urn:egida:problem:{code}"), "{asked}: {json}");
        json
    }

    /// A header.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }
}
