//! A lean client of the socket contract (`GET /api/socket`, subprotocol `egida.v1`).
//!
//! It answers pings by itself, hands every frame over as it came, and never waits longer than [`PATIENCE`].

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::{HeaderName, HeaderValue};
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{WebSocketStream, client_async};
use uuid::Uuid;

/// How long a frame that must come is waited for.
pub const PATIENCE: Duration = Duration::from_secs(10);

/// What came from the server.
#[derive(Clone, Debug, PartialEq)]
pub enum Incoming {
    /// A text frame, parsed.
    Frame(Value),
    /// The server closed with this code and reason. 1006, as the standard has it: without a close frame.
    Closed {
        /// The close code.
        code: u16,
        /// The reason in words.
        reason: String,
    },
}

/// Why no connection came about.
#[derive(Debug)]
pub enum NotConnected {
    /// Answered with another status than 101.
    Refused {
        /// The HTTP status.
        status: u16,
        /// The body of the answer.
        body: String,
    },
    /// Not reached at all, or broken on the way.
    Unreachable(String),
}

impl std::fmt::Display for NotConnected {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Refused { status, body } => write!(f, "the socket was refused with {status}: {body}"),
            Self::Unreachable(reason) => write!(f, "the socket is out of reach: {reason}"),
        }
    }
}

impl std::error::Error for NotConnected {}

/// A connection.
#[derive(Debug)]
pub struct Socket {
    stream: WebSocketStream<TcpStream>,
}

impl Socket {
    /// Connects with a bearer token.
    ///
    /// # Errors
    /// [`NotConnected`].
    pub async fn connect(address: SocketAddr, token: &str) -> Result<Self, NotConnected> {
        Self::connect_with(address, &[("authorization", &format!("Bearer {token}"))]).await
    }

    /// Connects as a browser does: with the session's cookie (`name=value`) and the page's origin.
    ///
    /// # Errors
    /// [`NotConnected`].
    pub async fn connect_as_browser(address: SocketAddr, cookie: &str) -> Result<Self, NotConnected> {
        Self::connect_with(address, &[("cookie", cookie), ("origin", &format!("http://{address}"))]).await
    }

    /// Connects with the given headers and the subprotocol.
    ///
    /// # Errors
    /// [`NotConnected`].
    pub async fn connect_with(address: SocketAddr, headers: &[(&str, &str)]) -> Result<Self, NotConnected> {
        let connecting = async {
            let stream = TcpStream::connect(address).await.map_err(|error| NotConnected::Unreachable(error.to_string()))?;
            stream.set_nodelay(true).map_err(|error| NotConnected::Unreachable(error.to_string()))?;
            Self::over(stream, address, headers).await
        };
        match timeout(PATIENCE, connecting).await {
            Ok(outcome) => outcome,
            Err(_) => Err(NotConnected::Unreachable(format!("no answer within {PATIENCE:?}"))),
        }
    }

    /// Connects over a stream that is there, such as one with small buffers.
    ///
    /// # Errors
    /// [`NotConnected`].
    pub async fn over(stream: TcpStream, address: SocketAddr, headers: &[(&str, &str)]) -> Result<Self, NotConnected> {
        let unreachable = |error: &dyn std::fmt::Display| NotConnected::Unreachable(error.to_string());
        let mut request = format!("ws://{address}/api/socket").into_client_request().map_err(|error| unreachable(&error))?;
        request.headers_mut().insert("sec-websocket-protocol", HeaderValue::from_static("egida.v1"));
        for (name, value) in headers {
            let name: HeaderName = name.parse().map_err(|error| unreachable(&error))?;
            let value: HeaderValue = value.parse().map_err(|error| unreachable(&error))?;
            request.headers_mut().insert(name, value);
        }
        match client_async(request, stream).await {
            Ok((stream, _)) => Ok(Self { stream }),
            Err(Error::Http(answer)) => Err(NotConnected::Refused {
                status: answer.status().as_u16(),
                body: String::from_utf8_lossy(answer.body().as_deref().unwrap_or_default()).into_owned(),
            }),
            Err(error) => Err(unreachable(&error)),
        }
    }

    /// Sends a frame.
    ///
    /// # Errors
    /// When the connection is gone.
    pub async fn send(&mut self, frame: &Value) -> Result<()> {
        self.send_message(Message::text(frame.to_string())).await
    }

    /// Sends whatever a test wants to send: text that isn't JSON, binary, a ping.
    ///
    /// # Errors
    /// When the connection is gone.
    pub async fn send_message(&mut self, message: Message) -> Result<()> {
        timeout(PATIENCE, self.stream.send(message)).await.context("the server takes no more")??;
        Ok(())
    }

    /// The next frame or the end; `None` when neither comes within `patience`.
    pub async fn next_within(&mut self, patience: Duration) -> Option<Incoming> {
        let lost = |reason: String| Incoming::Closed { code: 1006, reason };
        let reading = async {
            loop {
                match self.stream.next().await {
                    Some(Ok(Message::Text(text))) => match serde_json::from_str(&text) {
                        Ok(frame) => return Incoming::Frame(frame),
                        Err(error) => return lost(format!("not JSON ({error}): {text}")),
                    },
                    Some(Ok(Message::Close(Some(frame)))) => {
                        return Incoming::Closed { code: frame.code.into(), reason: frame.reason.to_string() };
                    }
                    Some(Ok(Message::Close(None))) => return Incoming::Closed { code: 1005, reason: String::new() },
                    Some(Ok(_)) => {}
                    Some(Err(error)) => return lost(error.to_string()),
                    None => return lost("the end".into()),
                }
            }
        };
        timeout(patience, reading).await.ok()
    }

    /// The next frame.
    ///
    /// # Errors
    /// When the connection ends or [`PATIENCE`] runs out first.
    pub async fn next(&mut self) -> Result<Value> {
        match self.next_within(PATIENCE).await {
            Some(Incoming::Frame(frame)) => Ok(frame),
            Some(Incoming::Closed { code, reason }) => bail!("closed with {code}: {reason}"),
            None => bail!("no frame within {PATIENCE:?}"),
        }
    }

    /// The next frame of a type, passing over all others.
    ///
    /// # Errors
    /// As [`Socket::next`].
    pub async fn next_of(&mut self, kind: &str) -> Result<Value> {
        let waiting = async {
            loop {
                let frame = self.next().await?;
                if frame["type"] == kind {
                    return Ok(frame);
                }
            }
        };
        timeout(PATIENCE, waiting).await.with_context(|| format!("no {kind} within {PATIENCE:?}"))?
    }

    /// Sends `resume` and gives back every frame up to and without `live`, the greeting first.
    ///
    /// # Errors
    /// As [`Socket::next`].
    pub async fn resume(&mut self, cursors: &Value) -> Result<Vec<Value>> {
        self.send(&json!({"type": "resume", "cursors": cursors})).await?;
        let mut frames = Vec::new();
        loop {
            let frame = self.next().await?;
            if frame["type"] == "live" {
                return Ok(frames);
            }
            frames.push(frame);
        }
    }

    /// Posts into a channel's General topic and waits for the answer to this very post, passing over other frames.
    ///
    /// # Errors
    /// As [`Socket::next`].
    pub async fn post(&mut self, channel: &str, body: &str) -> Result<Value> {
        let reference = Uuid::now_v7();
        self.send(&post_frame(reference, channel, body)).await?;
        self.answer_to(reference).await
    }

    /// Waits for the answer to a post: `posted`, `held` or `refused`.
    ///
    /// # Errors
    /// As [`Socket::next`].
    pub async fn answer_to(&mut self, reference: Uuid) -> Result<Value> {
        let reference = reference.to_string();
        let waiting = async {
            loop {
                let frame = self.next().await?;
                if frame["ref"] == reference.as_str() && matches!(frame["type"].as_str(), Some("posted" | "held" | "refused")) {
                    return Ok(frame);
                }
            }
        };
        timeout(PATIENCE, waiting).await.with_context(|| format!("no answer within {PATIENCE:?}"))?
    }

    /// Closes politely and waits until the server has answered.
    ///
    /// # Errors
    /// When the connection is gone already.
    pub async fn close(mut self) -> Result<()> {
        self.stream.close(None).await?;
        while self.next_within(PATIENCE).await.is_some_and(|incoming| matches!(incoming, Incoming::Frame(_))) {}
        Ok(())
    }
}

/// A `post` into a channel's General topic.
pub fn post_frame(reference: Uuid, channel: &str, body: &str) -> Value {
    json!({"type": "post", "ref": reference, "channel": channel, "topic": null, "new_topic": null, "body": body, "marking": null, "attachments": []})
}
