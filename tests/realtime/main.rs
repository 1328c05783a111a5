//! The socket contract, held against a real server.

mod delivery;
mod ending;
mod expiry;
mod frames;
mod limits;
mod moderation;
mod returning;
mod revoking;

use std::time::Duration;

use serde_json::Value;
use support::ws_client::{Incoming, PATIENCE, Socket};

/// All frames until there is silence for a moment.
async fn drain(socket: &mut Socket) -> Vec<Value> {
    let mut frames = Vec::new();
    while let Some(Incoming::Frame(frame)) = socket.next_within(Duration::from_millis(300)).await {
        frames.push(frame);
    }
    frames
}

/// The code the socket is closed with, and the frames before it.
async fn closed(socket: &mut Socket) -> (u16, Vec<Value>) {
    let mut frames = Vec::new();
    loop {
        match socket.next_within(PATIENCE).await {
            Some(Incoming::Frame(frame)) => frames.push(frame),
            Some(Incoming::Closed { code, .. }) => return (code, frames),
            None => panic!("not closed; it said {frames:?}"),
        }
    }
}

/// The frames of a channel among others: messages and topics, as (type, seq).
fn changes(frames: &[Value], channel: &str) -> Vec<(String, i64)> {
    let of = |frame: &Value| match frame["type"].as_str() {
        Some("message") if frame["message"]["channel"] == channel => {
            Some(("message".to_owned(), frame["message"]["changed_seq"].as_i64()?))
        }
        Some("topic") if frame["topic"]["channel"] == channel => Some(("topic".to_owned(), frame["seq"].as_i64()?)),
        _ => None,
    };
    frames.iter().filter_map(of).collect()
}
