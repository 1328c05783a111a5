//! A WebSocket connection: limits, close codes, liveness, and handing frames to the slices.

use std::collections::HashMap;
use std::future::poll_fn;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use axum::body::Body;
use axum::extract::ws::WebSocketUpgrade;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;
use futures_util::future::BoxFuture;
use futures_util::{SinkExt, StreamExt};
use governor::{DefaultDirectRateLimiter, RateLimiter};
use hyper::upgrade::{OnUpgrade, Upgraded};
use hyper_util::rt::TokioIo;
use serde::Deserialize;
use tokio::time::{Instant, timeout};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use tokio_tungstenite::tungstenite::protocol::{CloseFrame, Role, WebSocketConfig};
use tokio_tungstenite::tungstenite::{Error, Message};

use super::ear::Ear;
use super::frame::{self, Text};
use super::hub::{Hub, PRESENCE_EVERY, Socket};
use super::outbox::Next;
use super::pieces::{Pieces, TooManyPieces};
use crate::base::budget;
use crate::base::limits::{Limits, SOCKET_FRAME};
use crate::base::nesting;

/// The subprotocol both sides must name.
pub const PROTOCOL: &str = "egida.v1";
/// Bytes of a socket's read buffer. The library's default of 128 KiB costs 15 times the memory of a connection.
const READ_BUFFER: usize = 4096;
/// Bytes gathered before a write: several small frames share a system call, and a quiet socket holds little.
const WRITE_BUFFER: usize = 4096;
/// Bytes of a frame of ours at most, the write buffer included; a larger one would end the connection of everybody who
/// is to get it. A message of 16 KiB makes one of 200 KiB, if all of it is links.
const OUTGOING: usize = 1024 * 1024;
/// A batch is flushed in pieces of this size.
const FLUSH_AT: usize = 64 * 1024;
/// A reader that takes nothing for this long is let go; it comes back and resumes. (The threat model's figure.)
///
/// What is waited for is never a whole piece: the library hands over what it has gathered as soon as that is more than
/// [`WRITE_BUFFER`], and takes no further frame until that is gone. So at most one frame and 4 KiB leave within the
/// deadline: the slowest line that does is one of 8 kbit/s for what is mostly said, of 59 kbit/s for a frame just below
/// twice [`TAKEN_AT_ONCE`]. Larger ones get more time, below.
const SEND_DEADLINE: Duration = Duration::from_secs(5);
/// Bytes of a frame for each of which, whole, a reader gets one [`SEND_DEADLINE`]. A message of 16 KiB can make a frame
/// of 100 KiB, which takes 13 seconds on a line of 64 kbit/s: let go after 5 it would be sent the same again for ever.
const TAKEN_AT_ONCE: usize = 16 * 1024;
/// The other side has this long to be told, or to answer, that the connection closes.
const GOODBYE: Duration = Duration::from_secs(1);
/// A ping asks whether somebody is still there every so many turns of [`announce`]: every 25 seconds. A notice goes with it,
/// so that the other side, too, learns from silence that the line is dead.
const PING_EVERY: u64 = 5;
/// Silence for this long means that nobody is.
const DEAD_AFTER: Duration = Duration::from_mins(1);
/// Turns of sending after which something is read first.
const SENT_IN_A_ROW: u32 = 8;
/// Frames that can't be read before the connection is closed.
const BAD_FRAMES: u32 = 20;

/// What a slice does with a frame of its type. The error says that the frame has the wrong shape.
pub type Handler<S> = for<'a> fn(&'a S, &'a Arc<Socket>, &'a str) -> BoxFuture<'a, Result<(), BadFrame>>;

/// The frame doesn't have the shape its type asks for.
#[derive(Clone, Copy, Debug)]
pub struct BadFrame;

impl From<serde_json::Error> for BadFrame {
    fn from(_: serde_json::Error) -> Self {
        Self
    }
}

/// Which slice handles which type of frame.
pub struct Frames<S>(HashMap<&'static str, Handler<S>>);

impl<S> Frames<S> {
    /// The handlers of all slices together.
    pub fn new(handlers: impl IntoIterator<Item = (&'static str, Handler<S>)>) -> Self {
        Self(handlers.into_iter().collect())
    }

    /// The types that are understood.
    pub fn types(&self) -> Vec<&'static str> {
        let mut types: Vec<_> = self.0.keys().copied().collect();
        types.sort_unstable();
        types
    }
}

#[derive(Deserialize)]
struct Tagged<'a> {
    #[serde(rename = "type", borrow)]
    tag: std::borrow::Cow<'a, str>,
    #[serde(rename = "ref")]
    reference: Option<uuid::Uuid>,
}

/// The limits of a connection, as the library names them.
fn limits() -> WebSocketConfig {
    WebSocketConfig::default()
        .read_buffer_size(READ_BUFFER)
        .write_buffer_size(WRITE_BUFFER)
        .max_write_buffer_size(OUTGOING)
        .max_message_size(Some(SOCKET_FRAME))
        .max_frame_size(Some(SOCKET_FRAME))
}

/// A WebSocket connection.
pub type Line = WebSocketStream<Pieces<TokioIo<Upgraded>>>;

/// Answers an upgrade that the extractor has found in order, and serves the connection once it is one.
///
/// Done here and not by the extractor, because that gives no hold on the bytes: see [`Pieces`].
pub fn open<Serving>(
    upgrade: &WebSocketUpgrade,
    headers: &HeaderMap,
    on: OnUpgrade,
    serve: impl FnOnce(Line) -> Serving + Send + 'static,
) -> Response
where
    Serving: Future<Output = ()> + Send,
{
    tokio::spawn(async move {
        // Whoever has gone meanwhile is served no more.
        let Ok(upgraded) = on.await else { return };
        let bytes = Pieces::of(TokioIo::new(upgraded));
        serve(WebSocketStream::from_raw_socket(bytes, Role::Server, Some(limits())).await).await;
    });
    let key = headers.get(header::SEC_WEBSOCKET_KEY).map_or(&b""[..], HeaderValue::as_bytes);
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
    let out = response.headers_mut();
    out.insert(header::CONNECTION, HeaderValue::from_static("upgrade"));
    out.insert(header::UPGRADE, HeaderValue::from_static("websocket"));
    if let Ok(accept) = HeaderValue::from_str(&derive_accept_key(key)) {
        out.insert(header::SEC_WEBSOCKET_ACCEPT, accept);
    }
    if upgrade.requested_protocols().any(|asked| asked == PROTOCOL) {
        out.insert(header::SEC_WEBSOCKET_PROTOCOL, HeaderValue::from_static(PROTOCOL));
    }
    response
}

/// Announces who came and went and asks who is still there, for as long as the server runs.
pub async fn announce(hub: Arc<Hub>) {
    for turn in 0.. {
        tokio::time::sleep(PRESENCE_EVERY).await;
        hub.announce_presence();
        hub.ping(turn % PING_EVERY, PING_EVERY);
    }
}

/// How a connection came to its end.
enum End {
    /// Close with this code and reason.
    Close(u16, &'static str),
    /// The same where the library can read no further.
    Broken(u16, &'static str),
    /// The other side has closed and is owed an answer.
    Closed,
    /// The other side is gone.
    Gone,
}

/// Whose turn it is.
enum Turn {
    Out(Next),
    In(Option<Result<Message, Error>>),
}

/// Serves a connection to its end.
pub async fn serve<S: Send + Sync>(mut ws: Line, socket: Arc<Socket>, state: S, frames: Arc<Frames<S>>, limits: Limits) {
    let quota = budget::per_second(limits.frames_per_second, limits.frames_burst);
    let mut inbound = Inbound { limiter: RateLimiter::direct(quota), bad: 0 };
    let ear = poll_fn(|context| Poll::Ready(Ear::of(context.waker()))).await;
    let mut batch = Vec::new();
    let mut heard = Instant::now();
    let mut sent = 0;
    let end = loop {
        // What waits goes out before anything is read, so that one wake-up costs one look at each; now and then it is the
        // other way round, so that a flood doesn't deafen us.
        let turn = poll_fn(|context| {
            if sent >= SENT_IN_A_ROW
                && let Poll::Ready(message) = ear.hear(&mut ws)
            {
                return Poll::Ready(Turn::In(message));
            }
            match socket.outbox.poll_take(context, &mut batch) {
                Poll::Ready(next) => Poll::Ready(Turn::Out(next)),
                Poll::Pending => ear.hear(&mut ws).map(Turn::In),
            }
        })
        .await;
        let done = match turn {
            Turn::Out(next) => {
                sent = if sent < SENT_IN_A_ROW { sent + 1 } else { 0 };
                obey(next, &mut ws, &mut batch, heard).await
            }
            Turn::In(message) => {
                sent = 0;
                heard = Instant::now();
                inbound.receive(message, &socket, &state, &frames).await
            }
        };
        if let Err(end) = done {
            break end;
        }
    };
    part(&mut ws, end).await;
}

/// Says goodbye in the way that the end asks for.
async fn part(ws: &mut Line, end: End) {
    match end {
        End::Close(code, reason) => {
            if say_goodbye(ws, code, reason).await {
                // Give the other side a moment to answer the close, so that it reads our code and not a reset.
                let _ = timeout(GOODBYE, async { while let Some(Ok(_)) = ws.next().await {} }).await;
            }
        }
        End::Broken(code, reason) => {
            if say_goodbye(ws, code, reason).await {
                let _ = timeout(GOODBYE, ws.get_mut().drain()).await;
            }
        }
        // The library has the answer ready, and sends it when it is asked to.
        End::Closed => drop(timeout(GOODBYE, ws.flush()).await),
        End::Gone => {}
    }
}

/// Whether the close was taken.
async fn say_goodbye(ws: &mut Line, code: u16, reason: &'static str) -> bool {
    let frame = Message::Close(Some(CloseFrame { code: code.into(), reason: reason.into() }));
    matches!(timeout(SEND_DEADLINE, ws.send(frame)).await, Ok(Ok(())))
}

async fn obey(next: Next, ws: &mut Line, batch: &mut Vec<Text>, heard: Instant) -> Result<(), End> {
    match next {
        Next::Send => send(ws, batch).await,
        Next::Ping if heard.elapsed() > DEAD_AFTER => Err(End::Gone),
        Next::Ping => {
            in_time(ws.feed(Message::Text(frame::alive())), 0).await?;
            in_time(ws.send(Message::Ping(bytes::Bytes::new())), 0).await
        }
        Next::End(close) => {
            let _ = in_time(ws.feed(Message::Text(frame::bye(close.reason))), 0).await;
            Err(End::Close(close.code, close.reason))
        }
    }
}

/// Writes what waits, flushing once per piece.
async fn send(ws: &mut Line, batch: &mut Vec<Text>) -> Result<(), End> {
    let (mut pending, mut last) = (0, 0);
    for text in batch.drain(..) {
        let length = text.len();
        in_time(ws.feed(Message::Text(text)), last).await?;
        last = length;
        pending += length;
        if pending >= FLUSH_AT {
            in_time(ws.flush(), last).await?;
            pending = 0;
        }
    }
    in_time(ws.flush(), last).await?;
    // A burst must not hold on to its memory for the rest of an idle day.
    if batch.capacity() > 64 {
        *batch = Vec::new();
    }
    Ok(())
}

/// Waits for a write for as long as a reader may take for the last frame before it, of this many bytes. A timer is set
/// only if there is anything to wait for.
async fn in_time(write: impl Future<Output = Result<(), Error>>, last: usize) -> Result<(), End> {
    let mut write = std::pin::pin!(write);
    let written = match poll_fn(|context| Poll::Ready(write.as_mut().poll(context))).await {
        Poll::Ready(written) => written,
        Poll::Pending => timeout(patience(last), write).await.map_err(|_| End::Close(4408, "too_slow"))?,
    };
    written.map_err(|_| End::Gone)
}

/// How long a reader may take for a frame of so many bytes.
fn patience(bytes: usize) -> Duration {
    SEND_DEADLINE * u32::try_from(bytes / TAKEN_AT_ONCE).unwrap_or(u32::MAX).max(1)
}

struct Inbound {
    limiter: DefaultDirectRateLimiter,
    bad: u32,
}

impl Inbound {
    async fn receive<S: Send + Sync>(
        &mut self,
        message: Option<Result<Message, Error>>,
        socket: &Arc<Socket>,
        state: &S,
        frames: &Frames<S>,
    ) -> Result<(), End> {
        let message = match message {
            None => return Err(End::Gone),
            Some(Ok(Message::Close(_))) => return Err(End::Closed),
            Some(Err(error)) => return Err(fault(&error)),
            Some(Ok(message)) => message,
        };
        if self.limiter.check().is_err() {
            return Err(End::Close(1008, "too_many_frames"));
        }
        match message {
            Message::Text(text) => self.dispatch(&text, socket, state, frames).await,
            Message::Binary(_) => Err(End::Close(1003, "text_only")),
            Message::Ping(_) | Message::Pong(_) | Message::Close(_) | Message::Frame(_) => Ok(()),
        }
    }

    async fn dispatch<S: Send + Sync>(
        &mut self,
        text: &str,
        socket: &Arc<Socket>,
        state: &S,
        frames: &Frames<S>,
    ) -> Result<(), End> {
        let refuse = |reference, code| socket.outbox.push(frame::refused(reference, code, &serde_json::Map::new()));
        // Whoever has been put out is heard no more, though a frame of theirs was there before they were told.
        if socket.outbox.is_closed() {
            return Ok(());
        }
        let too_deep = nesting::too_deep(text.as_bytes());
        let tagged = if too_deep { None } else { serde_json::from_str::<Tagged<'_>>(text).ok() };
        let reference = match tagged {
            Some(tagged) => {
                let Some(handler) = frames.0.get(tagged.tag.as_ref()) else {
                    refuse(tagged.reference, "unknown_type");
                    return Ok(());
                };
                match handler(state, socket, text).await {
                    Ok(()) => return Ok(()),
                    Err(BadFrame) => tagged.reference,
                }
            }
            None => None,
        };
        refuse(reference, "bad_frame");
        self.bad += 1;
        if self.bad >= BAD_FRAMES { Err(End::Close(1008, "too_many_bad_frames")) } else { Ok(()) }
    }
}

/// The close code for what the other side did wrong; the library itself would only drop the connection.
fn fault(error: &Error) -> End {
    match error {
        Error::Utf8(_) => End::Broken(1007, "not_utf8"),
        Error::Capacity(_) => End::Broken(1009, "too_large"),
        Error::Protocol(_) => End::Broken(1002, "protocol"),
        Error::Io(error) if error.get_ref().is_some_and(<dyn std::error::Error + Send + Sync>::is::<TooManyPieces>) => {
            End::Broken(1008, "too_many_pieces")
        }
        _ => End::Gone,
    }
}
