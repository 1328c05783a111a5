//! A small region to break: a few people, and two channels that all of them are in.

use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use reqwest::{Client, Method};
use serde_json::Value;
use support::server_process::{Launch, ServerProcess, run};
use tempfile::TempDir;

use crate::check::{Place, Stored};

/// Channels that are written to.
const CHANNELS: usize = 2;

/// A channel as it was before the run.
#[derive(Clone, Debug)]
pub(crate) struct Channel {
    /// Its id.
    pub(crate) id: String,
    /// Its head before anything was posted.
    pub(crate) from: i64,
}

/// A data folder, its people and its channels.
#[derive(Debug)]
pub(crate) struct Region {
    folder: TempDir,
    program: Option<(PathBuf, &'static str)>,
    /// A bearer token a person.
    pub(crate) tokens: Vec<String>,
    /// The channels.
    pub(crate) channels: Vec<Channel>,
}

impl Region {
    /// Makes a region with so many people. With a program, that one serves it instead, broken the way `fault` says.
    pub(crate) async fn new(people: usize, program: Option<(PathBuf, &'static str)>) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        run(folder.path(), &["init"], None)?;
        let mut tokens = Vec::with_capacity(people);
        for number in 0..people {
            let (email, name) = (format!("person{number}@faults.egida.example"), format!("Person {number}"));
            run(folder.path(), &["account", "create", "--email", &email, "--name", &name, "--country", "RO"], None)?;
            tokens.push(run(folder.path(), &["token", "create", "--account", &email], None)?.trim().to_owned());
        }
        let mut region = Self { folder, program, tokens, channels: Vec::new() };
        let mut server = region.start()?;
        region.channels = region.join(&server).await?;
        ensure!(server.stop()?.success(), "the server ended with an error");
        Ok(region)
    }

    /// Starts a server on the folder, on a port of its own.
    pub(crate) fn start(&self) -> Result<ServerProcess> {
        // The load is to be heavy, and the limits are not what is tested here.
        let mut launch = Launch::egida(self.folder.path())?
            .environment("EGIDA_LIMITS_FRAMES_PER_SECOND", "10000")
            .environment("EGIDA_LIMITS_POSTS_PER_SECOND", "10000");
        if let Some((program, fault)) = &self.program {
            launch = launch.with_program(program.clone()).environment("EGIDA_FAULT", fault);
        }
        launch.start()
    }

    /// `egida verify`, while no server runs.
    pub(crate) fn verify(&self) -> Result<()> {
        run(self.folder.path(), &["verify"], None).map(drop)
    }

    /// The folder.
    pub(crate) fn folder(&self) -> &std::path::Path {
        self.folder.path()
    }

    async fn join(&self, server: &ServerProcess) -> Result<Vec<Channel>> {
        let http = Http::new()?;
        let listed = http.ask(server, Method::GET, "/api/channels", &self.tokens[0]).await?;
        let listed = listed["items"].as_array().context("no list of channels")?;
        let mut channels = Vec::new();
        for channel in listed.iter().filter(|channel| channel["kind"] == "open").take(CHANNELS) {
            let id = channel["id"].as_str().context("a channel without an id")?.to_owned();
            for token in &self.tokens {
                http.ask(server, Method::PUT, &format!("/api/channels/{id}/members/me"), token).await?;
            }
            let channel = http.ask(server, Method::GET, &format!("/api/channels/{id}"), &self.tokens[0]).await?;
            ensure!(channel["member"] == true && channel["can"]["post"] == true, "joining didn't help: {channel}");
            channels.push(Channel { id, from: channel["head_seq"].as_i64().context("a channel without a head")? });
        }
        ensure!(channels.len() == CHANNELS, "a new region has fewer than {CHANNELS} open channels");
        Ok(channels)
    }
}

/// Plain HTTP with a bearer token.
#[derive(Clone, Debug)]
pub(crate) struct Http(Client);

impl Http {
    /// A client whose requests end, one way or another.
    pub(crate) fn new() -> Result<Self> {
        Ok(Self(Client::builder().timeout(Duration::from_secs(5)).build()?))
    }

    /// Asks, and gives back the body of a good answer (null if it has none).
    pub(crate) async fn ask(&self, server: &ServerProcess, method: Method, path: &str, token: &str) -> Result<Value> {
        self.ask_at(&server.url(path), method, token).await
    }

    async fn ask_at(&self, url: &str, method: Method, token: &str) -> Result<Value> {
        let answer = self.0.request(method, url).bearer_auth(token).send().await?;
        let (status, body) = (answer.status(), answer.text().await?);
        ensure!(status.is_success(), "{url}: {status} {body}");
        if body.is_empty() { Ok(Value::Null) } else { Ok(serde_json::from_str(&body)?) }
    }

    /// Posts, and gives back the status and the body.
    pub(crate) async fn post(&self, url: &str, token: &str, body: &Value) -> Result<(u16, Value)> {
        let answer = self.0.post(url).bearer_auth(token).json(body).send().await?;
        Ok((answer.status().as_u16(), answer.json().await?))
    }

    /// A channel's history after a `seq`, to its end.
    pub(crate) async fn history(&self, origin: &str, channel: &str, mut after: i64, token: &str) -> Result<Vec<Stored>> {
        let mut stored = Vec::new();
        loop {
            let url = format!("{origin}/api/channels/{channel}/messages?after={after}&limit=100");
            let page = self.ask_at(&url, Method::GET, token).await?;
            let items = page["items"].as_array().context("a page without items")?;
            for message in items {
                let place = place(message).with_context(|| format!("a message without a place: {message}"))?;
                after = after.max(place.seq);
                stored.push(Stored { place, body: message["body"].as_str().unwrap_or_default().to_owned() });
            }
            if page["has_after"] != true || items.is_empty() {
                return Ok(stored);
            }
        }
    }
}

/// The id and `seq` of a message or of an answer.
pub(crate) fn place(value: &Value) -> Option<Place> {
    Some(Place { id: value["id"].as_str()?.to_owned(), seq: value["seq"].as_i64()? })
}
