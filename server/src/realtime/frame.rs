//! Frames that belong to the connection itself, and the shape every frame shares.

use serde::Serialize;
use serde_json::json;
use uuid::Uuid;

/// A frame, serialised once and shared by all who get it.
pub type Text = tokio_tungstenite::tungstenite::Utf8Bytes;

/// Serialises a frame.
pub fn text(frame: &impl Serialize) -> Text {
    serde_json::to_string(frame)
        .unwrap_or_else(|error| {
            tracing::error!(%error, "a frame could not be serialised");
            String::from(r#"{"type":"notice","code":"internal"}"#)
        })
        .into()
}

/// Too far behind: fetch by HTTP. Without a channel: everything.
pub fn resync(room: Option<Uuid>) -> Text {
    text(&json!({"type": "resync", "channel": room}))
}

/// All that was missed has been sent.
pub fn live() -> Text {
    Text::from_static(r#"{"type":"live"}"#)
}

/// Nothing happened, but the line is alive: a page doesn't hear of a WebSocket ping.
pub fn alive() -> Text {
    Text::from_static(r#"{"type":"notice","code":"alive"}"#)
}

/// The connection ends, and why.
pub fn bye(code: &str) -> Text {
    text(&json!({"type": "bye", "code": code}))
}

/// Who came and who went, among those who share a room.
pub fn presence(room: Uuid, here: &[Uuid], gone: &[Uuid]) -> Text {
    text(&json!({"type": "presence", "channel": room, "here": here, "gone": gone}))
}

/// A refusal of what a client sent: its code, whatever belongs to it, and the `ref` if it had one.
pub fn refused(reference: Option<Uuid>, code: &str, extra: &serde_json::Map<String, serde_json::Value>) -> Text {
    let mut frame = extra.clone();
    frame.insert("type".into(), "refused".into());
    frame.insert("code".into(), code.into());
    if let Some(reference) = reference {
        frame.insert("ref".into(), reference.to_string().into());
    }
    text(&frame)
}
