//! What is written into a room: numbered, bound to its place, sealed, stored; and opened again.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::model::Content;
use super::store::entries::{self, Entry, NewEntry};
use super::store::{self, Room};
use super::words::{Kind, Word};
use crate::access::handling::{Labels, strictest};
use crate::base::db::{Error, Result, Tx};
use crate::base::secret;
use crate::keys::Ring;

/// What is sealed of an entry.
#[derive(Serialize, Deserialize)]
pub(super) struct Stored {
    pub(super) content: Content,
    /// Of a file: its key, in hexadecimal digits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) key: Option<String>,
    /// Its handling codes, with the words of an H3.
    #[serde(default)]
    pub(super) labels: Labels,
}

impl From<Content> for Stored {
    fn from(content: Content) -> Self {
        Self { content, key: None, labels: Labels::default() }
    }
}

/// What the server notes by itself: in words and ids, no text of anybody.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = CaseEventNoted)]
pub(super) struct Event {
    pub(super) code: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) subject: Option<Uuid>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) organisation: Option<Uuid>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(super) from: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(super) to: String,
}

impl Event {
    /// Something that happened.
    pub(super) fn new(code: &str) -> Self {
        Self { code: code.into(), ..Self::default() }
    }

    /// To somebody.
    pub(super) fn with(code: &str, subject: Uuid) -> Self {
        Self { subject: Some(subject), ..Self::new(code) }
    }

    /// From one word to another.
    pub(super) fn turn(code: &str, from: &str, to: &str) -> Self {
        Self { from: from.into(), to: to.into(), ..Self::new(code) }
    }
}

/// What an entry is bound to: moved to another room, place, author or marking it doesn't open.
fn bound(room: Uuid, seq: i64, kind: Kind, author: Option<Uuid>, marking: &str) -> [u8; 32] {
    secret::digest_of(&[
        b"case entry",
        room.as_bytes(),
        &seq.to_be_bytes(),
        kind.as_str().as_bytes(),
        author.unwrap_or_default().as_bytes(),
        marking.as_bytes(),
    ])
}

/// What the words of a proposal are bound to.
pub(super) fn bound_proposal(room: Uuid, id: Uuid, by: Uuid) -> [u8; 32] {
    secret::digest_of(&[b"case proposal", room.as_bytes(), id.as_bytes(), by.as_bytes()])
}

/// Who writes what at which moment (microseconds).
pub(super) struct Write<'a> {
    pub(super) room: &'a Room,
    pub(super) item: Uuid,
    /// The wording that it takes the place of.
    pub(super) before: Option<&'a Entry>,
    pub(super) author: Uuid,
    pub(super) at: i64,
    pub(super) marking: Option<&'a str>,
}

/// Seals a wording and stores it: its number. It is marked at least as strictly as its room.
pub(super) async fn write(tx: &mut Tx, ring: &Ring, write: &Write<'_>, stored: &Stored) -> Result<i64> {
    let room = write.room.id;
    let kind = stored.content.kind();
    let marking = strictest(&write.room.marking, write.marking.unwrap_or_default());
    let seq = store::next(tx, room, write.at).await?;
    let text = serde_json::to_vec(stored).map_err(|_| Error::Malformed("case entry"))?;
    let sealed = ring.seal(&bound(room, seq, kind, Some(write.author), marking), &text);
    let new = NewEntry {
        room,
        seq,
        item: write.item,
        kind,
        author: Some(write.author),
        at: write.at,
        begun: write.before.map(Entry::begun),
        marking,
        topic: stored.content.topic(),
        gone: false,
        sealed: Some(sealed),
        plain: None,
    };
    entries::add(tx, new).await?;
    Ok(seq)
}

/// Takes an item's words out for good; its place stays.
pub(super) async fn delete(tx: &mut Tx, room: Uuid, entry: &Entry, by: Uuid, at: i64) -> Result<i64> {
    let seq = store::next(tx, room, at).await?;
    let new = NewEntry {
        room,
        seq,
        item: entry.item,
        kind: entry.kind(),
        author: Some(by),
        at,
        begun: Some(entry.begun()),
        marking: &entry.marking,
        topic: entry.topic,
        gone: true,
        sealed: None,
        plain: None,
    };
    entries::add(tx, new).await?;
    tx.erases();
    Ok(seq)
}

/// Notes an event; `by` is nobody where a clock did it.
pub(super) async fn note(tx: &mut Tx, room: &Room, item: Uuid, by: Option<Uuid>, at: i64, event: &Event) -> Result<i64> {
    let seq = store::next(tx, room.id, at).await?;
    let new = NewEntry {
        room: room.id,
        seq,
        item,
        kind: Kind::Event,
        author: by,
        at,
        begun: None,
        marking: &room.marking,
        topic: None,
        gone: false,
        sealed: None,
        plain: serde_json::to_string(event).ok(),
    };
    entries::add(tx, new).await?;
    Ok(seq)
}

/// What an entry says; `None` for an event, for what was deleted, and for what the ring doesn't open.
pub(super) fn open(ring: &Ring, room: Uuid, entry: &Entry) -> Option<Stored> {
    let bound = bound(room, entry.seq, entry.kind(), entry.author, &entry.marking);
    let text = ring.open(&bound, entry.sealed.as_deref()?)?;
    serde_json::from_slice(&text).ok()
}

/// What the server has noted.
pub(super) fn event(entry: &Entry) -> Option<Event> {
    serde_json::from_str(entry.plain.as_deref()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_is_bound_to_its_place() {
        let [room, other, author] = [1, 2, 3].map(Uuid::from_u128);
        let here = bound(room, 1, Kind::Message, Some(author), "amber");
        for elsewhere in [
            bound(other, 1, Kind::Message, Some(author), "amber"),
            bound(room, 2, Kind::Message, Some(author), "amber"),
            bound(room, 1, Kind::Note, Some(author), "amber"),
            bound(room, 1, Kind::Message, Some(other), "amber"),
            bound(room, 1, Kind::Message, Some(author), "red"),
        ] {
            assert_ne!(here, elsewhere);
        }
    }

    #[test]
    fn events_hold_words_and_ids() {
        let event = Event::turn("phase", "assessment", "planning");
        let text = serde_json::to_string(&event).expect("JSON");
        assert_eq!(text, r#"{"code":"phase","from":"assessment","to":"planning"}"#);
        assert_eq!(serde_json::from_str::<Event>(&text).expect("an event"), event);
    }
}
