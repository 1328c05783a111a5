//! The bare-bones fan-out that `cargo xtask bench` compares Egida with.
//!
//! The same front end (hyper's `http1`, axum's WebSocket with a small read buffer), one bounded queue a socket,
//! drained with `recv_many` and flushed once, and frames of the same length, built once and shared. Nothing else: no
//! store, no accounts, no permissions, no parsing beyond finding a post's `ref` and `body`. So it shows what sending
//! that many frames costs at the very least.
//!
//! `egida-echo [--listen 127.0.0.1:0] [--frame-bytes N]`: N is the length of a `message` frame, filled up with a pad.

#![expect(clippy::print_stdout, reason = "it says where it listens, as the server does")]

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use anyhow::{Context, Result, bail};
use axum::Router;
use axum::extract::State;
use axum::extract::ws::{Message, Utf8Bytes, WebSocket, WebSocketUpgrade};
use axum::response::Response;
use axum::routing::get;
use futures_util::SinkExt;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use uuid::Uuid;

/// Bytes of a socket's read buffer, as in the server.
const READ_BUFFER: usize = 4096;
/// Frames waiting for one socket at most, as in the server; what does not fit is dropped.
const QUEUE: usize = 1024;

#[derive(Default)]
struct Listeners {
    queues: HashMap<u64, mpsc::Sender<Utf8Bytes>>,
    last_seq: u64,
}

struct Echo {
    listeners: Mutex<Listeners>,
    next_id: AtomicU64,
    frame_bytes: usize,
}

impl Echo {
    fn lock(&self) -> MutexGuard<'_, Listeners> {
        self.listeners.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Builds the `message` frame once, gives it to everybody, and returns the answer to the poster.
    fn fan_out(&self, post: &str) -> Option<Utf8Bytes> {
        let reference = field(post, "ref")?;
        let body = field(post, "body")?;
        let id = Uuid::now_v7();
        let mut listeners = self.lock();
        listeners.last_seq += 1;
        let seq = listeners.last_seq;
        let mut frame = format!(r#"{{"type":"message","message":{{"id":"{id}","seq":{seq},"body":"{body}","pad":""#);
        let tail = r#""}}"#;
        frame.extend(std::iter::repeat_n('.', self.frame_bytes.saturating_sub(frame.len() + tail.len())));
        frame.push_str(tail);
        let frame = Utf8Bytes::from(frame);
        for queue in listeners.queues.values() {
            // A full queue drops the frame: the bench counts, and says so.
            let _ = queue.try_send(frame.clone());
        }
        drop(listeners);
        Some(format!(r#"{{"type":"posted","ref":"{reference}","id":"{id}","seq":{seq}}}"#).into())
    }
}

/// The value of a string field that holds no escapes.
fn field<'a>(json: &'a str, name: &str) -> Option<&'a str> {
    let start = json.find(&format!(r#""{name}":""#))? + name.len() + 4;
    let length = json[start..].find('"')?;
    Some(&json[start..start + length])
}

async fn upgrade(State(echo): State<Arc<Echo>>, upgrade: WebSocketUpgrade) -> Response {
    upgrade.protocols(["egida.v1"]).read_buffer_size(READ_BUFFER).on_upgrade(move |socket| serve(socket, echo))
}

async fn serve(mut socket: WebSocket, echo: Arc<Echo>) {
    let id = echo.next_id.fetch_add(1, Ordering::Relaxed);
    let (queue, mut waiting) = mpsc::channel(QUEUE);
    let mut batch = Vec::new();
    if socket.send(Message::text(r#"{"type":"hello","protocol":1}"#)).await.is_err() {
        return;
    }
    loop {
        tokio::select! {
            _ = waiting.recv_many(&mut batch, QUEUE) => {
                for text in batch.drain(..) {
                    if socket.feed(Message::Text(text)).await.is_err() {
                        break;
                    }
                }
                if socket.flush().await.is_err() {
                    break;
                }
            }
            message = socket.recv() => match message {
                Some(Ok(Message::Text(text))) if text.starts_with(r#"{"type":"resume""#) => {
                    let _ = queue.try_send(Utf8Bytes::from_static(r#"{"type":"live"}"#));
                    echo.lock().queues.insert(id, queue.clone());
                }
                Some(Ok(Message::Text(text))) => if let Some(answer) = echo.fan_out(&text) {
                    let _ = queue.try_send(answer);
                },
                Some(Ok(Message::Binary(_) | Message::Ping(_) | Message::Pong(_))) => {}
                Some(Ok(Message::Close(_)) | Err(_)) | None => break,
            }
        }
    }
    echo.lock().queues.remove(&id);
}

fn arguments() -> Result<(SocketAddr, usize)> {
    let mut listen = SocketAddr::from(([127, 0, 0, 1], 0));
    let mut frame_bytes = 0;
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        let value = arguments.next().with_context(|| format!("{argument} needs a value"))?;
        match argument.as_str() {
            "--listen" => listen = value.parse()?,
            "--frame-bytes" => frame_bytes = value.parse()?,
            other => bail!("unknown argument {other}"),
        }
    }
    Ok((listen, frame_bytes))
}

#[tokio::main]
async fn main() -> Result<()> {
    let (listen, frame_bytes) = arguments()?;
    let echo = Arc::new(Echo { listeners: Mutex::default(), next_id: AtomicU64::new(0), frame_bytes });
    let app = Router::new().route("/api/socket", get(upgrade)).with_state(echo);
    let listener = TcpListener::bind(listen).await?;
    println!("listening on http://{}", listener.local_addr()?);
    loop {
        let (stream, _) = listener.accept().await?;
        let app = app.clone();
        tokio::spawn(async move {
            let _ = stream.set_nodelay(true);
            let serving = http1::Builder::new()
                .timer(TokioTimer::new())
                .serve_connection(TokioIo::new(stream), TowerToHyperService::new(app))
                .with_upgrades();
            let _ = serving.await;
        });
    }
}
