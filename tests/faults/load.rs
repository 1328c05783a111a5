//! The load: people who post over sockets and HTTP and insist, and people who read and come back.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::time::Duration;

use anyhow::{Result, bail};
use serde_json::{Value, json};
use support::ws_client::{Incoming, PATIENCE, Socket, post_frame};
use tokio::sync::watch;
use tokio::time::{Instant, sleep};
use uuid::Uuid;

use crate::check::{Place, Seen, Sent};
use crate::dice::Dice;
use crate::region::{Channel, Http, place};

/// Posts that were answered and may be sent again later, to be answered the same.
const REMEMBERED: usize = 50;
/// Readers who have not seen everything by then never will.
const DRAIN: Duration = Duration::from_secs(15);

/// What the load is told while it runs.
#[derive(Clone, Debug)]
pub(crate) struct Signals {
    /// Where the server is; `None` while it is down.
    pub(crate) server: watch::Receiver<Option<SocketAddr>>,
    /// True once no new post is to be made.
    pub(crate) enough: watch::Receiver<bool>,
    /// Where each channel ended, once that is certain.
    pub(crate) heads: watch::Receiver<Option<BTreeMap<String, i64>>>,
}

impl Signals {
    async fn server(&mut self) -> Result<SocketAddr> {
        let up = self.server.wait_for(Option::is_some).await?;
        up.ok_or_else(|| anyhow::anyhow!("up, but nowhere"))
    }
}

/// How a poster reaches the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum By {
    /// One socket, kept open.
    Socket,
    /// A request a post.
    Http,
}

/// Somebody who posts.
#[derive(Debug)]
pub(crate) struct Poster {
    /// Distinguishes the bodies.
    pub(crate) name: String,
    /// The way.
    pub(crate) by: By,
    /// The bearer token.
    pub(crate) token: String,
    /// The channels.
    pub(crate) channels: Vec<Channel>,
    /// Its chance.
    pub(crate) dice: Dice,
    /// Its signals.
    pub(crate) signals: Signals,
}

/// One post, over all attempts at it.
struct Attempted {
    reference: Uuid,
    sent: Sent,
}

impl Poster {
    /// Posts until it is enough, and gives back what was sent and answered.
    ///
    /// A post that gets no answer is sent again with the same `ref`, except that one in four of those is given up:
    /// whether it was stored is then open. An answered post is now and then sent again too.
    pub(crate) async fn run(mut self) -> Result<Vec<Sent>> {
        let http = Http::new()?;
        let mut socket = None;
        let mut posts: Vec<Attempted> = Vec::new();
        while !*self.signals.enough.borrow() {
            let again = !posts.is_empty() && self.dice.one_in(8);
            let index = if again {
                let recent = posts.len().min(REMEMBERED);
                posts.len() - 1 - self.dice.below(recent)
            } else {
                let channel = &self.channels[self.dice.below(self.channels.len())];
                let body = format!("{} {} believes that nothing is lost", self.name, posts.len());
                let sent = Sent { channel: channel.id.clone(), body, answers: Vec::new() };
                posts.push(Attempted { reference: Uuid::now_v7(), sent });
                posts.len() - 1
            };
            // Whoever was given up stays so: an answer to a later attempt would be no less binding, but fewer
            // posts would be left of which nobody knows.
            if again && posts[index].sent.answers.is_empty() {
                continue;
            }
            self.insist(&mut posts[index], &http, &mut socket).await?;
            sleep(self.dice.between(0, 4)).await;
        }
        Ok(posts.into_iter().map(|post| post.sent).collect())
    }

    /// Sends a post until it is answered or given up.
    async fn insist(&mut self, post: &mut Attempted, http: &Http, socket: &mut Option<Socket>) -> Result<()> {
        loop {
            let server = self.signals.server().await?;
            let answers = match self.by {
                By::Http => self.ask(post, http, server).await?,
                By::Socket => self.send(post, socket, server).await?,
            };
            let answered = !answers.is_empty();
            post.sent.answers.extend(answers);
            if answered || self.dice.one_in(4) {
                return Ok(());
            }
            sleep(self.dice.between(1, 20)).await;
        }
    }

    /// One attempt over HTTP. Empty when the connection broke.
    async fn ask(&self, post: &Attempted, http: &Http, server: SocketAddr) -> Result<Vec<Place>> {
        let url = format!("http://{server}/api/channels/{}/messages", post.sent.channel);
        let body = json!({"ref": post.reference, "topic": null, "new_topic": null, "body": post.sent.body, "marking": null, "attachments": []});
        match http.post(&url, &self.token, &body).await {
            Ok((200 | 201, answer)) => Ok(answer_place(&answer).into_iter().collect()),
            // Too busy, or on its way down: an answer that promises nothing.
            Ok((503, _)) | Err(_) => Ok(Vec::new()),
            Ok((status, answer)) => bail!("{}: a post was answered with {status}: {answer}", self.name),
        }
    }

    /// One attempt over the socket, one in eight of them sent twice at once. Empty when the connection broke.
    async fn send(&mut self, post: &Attempted, socket: &mut Option<Socket>, server: SocketAddr) -> Result<Vec<Place>> {
        let copies = if self.dice.one_in(8) { 2 } else { 1 };
        let mut answers = Vec::new();
        let connection = match socket {
            Some(connection) => connection,
            None => match Socket::connect(server, &self.token).await {
                Ok(connection) => socket.insert(connection),
                Err(_) => return Ok(answers),
            },
        };
        let frame = post_frame(post.reference, &post.sent.channel, &post.sent.body);
        for _ in 0..copies {
            if connection.send(&frame).await.is_err() {
                *socket = None;
                return Ok(answers);
            }
        }
        let patience = Instant::now() + PATIENCE;
        while answers.len() < copies {
            match connection.next_within(patience.saturating_duration_since(Instant::now())).await {
                Some(Incoming::Frame(frame)) if !is_answer(&frame) => {}
                // One post is under way at a time. A server that ignores references names none.
                Some(Incoming::Frame(frame)) => match answer_place(&frame) {
                    Some(place) if frame["ref"].is_null() || frame["ref"] == post.reference.to_string() => answers.push(place),
                    _ => bail!("{}: the post {} was answered with {frame}", self.name, post.reference),
                },
                Some(Incoming::Closed { .. }) => {
                    *socket = None;
                    break;
                }
                None => bail!("{}: no answer and no end within {PATIENCE:?}", self.name),
            }
        }
        Ok(answers)
    }
}

fn is_answer(frame: &Value) -> bool {
    matches!(frame["type"].as_str(), Some("posted" | "held" | "refused"))
}

fn answer_place(answer: &Value) -> Option<Place> {
    if answer["type"] == "posted" { place(answer) } else { None }
}

/// Somebody who reads.
#[derive(Debug)]
pub(crate) struct Reader {
    /// For messages.
    pub(crate) name: String,
    /// The bearer token.
    pub(crate) token: String,
    /// The channels.
    pub(crate) channels: Vec<Channel>,
    /// Its chance.
    pub(crate) dice: Dice,
    /// Its signals.
    pub(crate) signals: Signals,
}

impl Reader {
    /// Reads until every channel's head has been seen, and gives back what came. Breaks its connection now and then
    /// and resumes from its cursors, as it does after each kill.
    pub(crate) async fn run(mut self) -> Result<Vec<Seen>> {
        let new = |channel: &Channel| Seen {
            reader: self.name.clone(),
            channel: channel.id.clone(),
            from: channel.from,
            messages: Vec::new(),
        };
        let mut seen: Vec<Seen> = self.channels.iter().map(new).collect();
        let mut draining = None;
        while !self.is_through(&seen, &mut draining) {
            let Ok(server) = tokio::time::timeout(Duration::from_millis(200), self.signals.server()).await else { continue };
            let server = server?;
            if let Ok(socket) = Socket::connect(server, &self.token).await {
                self.follow(socket, server, &mut seen, &mut draining).await?;
            }
            sleep(self.dice.between(1, 20)).await;
        }
        Ok(seen)
    }

    /// Reads one connection to its end.
    async fn follow(
        &mut self,
        mut socket: Socket,
        server: SocketAddr,
        seen: &mut [Seen],
        draining: &mut Option<Instant>,
    ) -> Result<()> {
        let cursors: BTreeMap<&str, i64> = seen.iter().map(|seen| (seen.channel.as_str(), cursor(seen))).collect();
        if socket.send(&json!({"type": "resume", "cursors": cursors})).await.is_err() {
            return Ok(());
        }
        while !self.is_through(seen, draining) {
            match socket.next_within(Duration::from_millis(200)).await {
                Some(Incoming::Frame(frame)) if frame["type"] == "message" => {
                    let message = &frame["message"];
                    let known = seen.iter_mut().find(|seen| message["channel"] == seen.channel.as_str());
                    if let (Some(seen), Some(place)) = (known, place(message)) {
                        seen.messages.push(place);
                    }
                }
                Some(Incoming::Frame(frame)) if frame["type"] == "resync" => return self.fetch(server, seen).await,
                Some(Incoming::Frame(_)) | None => {}
                Some(Incoming::Closed { .. }) => return Ok(()),
            }
            if self.dice.one_in(400) {
                return Ok(());
            }
            if self.dice.one_in(200) {
                sleep(self.dice.between(10, 200)).await;
            }
        }
        Ok(())
    }

    /// Too far behind: the rest comes over HTTP.
    async fn fetch(&self, server: SocketAddr, seen: &mut [Seen]) -> Result<()> {
        let http = Http::new()?;
        for seen in seen {
            // Fails when the server is killed meanwhile: the next connection begins where this one ended.
            if let Ok(missed) = http.history(&format!("http://{server}"), &seen.channel, cursor(seen), &self.token).await {
                seen.messages.extend(missed.into_iter().map(|message| message.place));
            }
        }
        Ok(())
    }

    /// Whether all has been seen, or nothing more is to be hoped for.
    fn is_through(&self, seen: &[Seen], draining: &mut Option<Instant>) -> bool {
        let heads = self.signals.heads.borrow();
        let Some(heads) = heads.as_ref() else { return false };
        let since = *draining.get_or_insert_with(Instant::now);
        since.elapsed() > DRAIN || seen.iter().all(|seen| heads.get(&seen.channel).is_some_and(|head| cursor(seen) >= *head))
    }
}

/// The highest `seq` of a channel that was seen.
fn cursor(seen: &Seen) -> i64 {
    seen.messages.iter().map(|place| place.seq).max().unwrap_or_default().max(seen.from)
}
