//! Topics: what is talked about in a channel. Their rows and their wire form; `crate::topics` has the routes.

mod store;

pub use store::{
    Filter, MissedAt, by_title, changed, departures, doubled, erase_title, first_unread, for_reader, insert, missed, move_marks,
    of_channel, place, posted, posted_directly, relocate, rename, resolve, tag, tagged, topic,
};

use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::changes::{Digest, Nonce, Whose, digest_at, topic_digest};
use super::model::NewChannel;
use crate::base::clock::rfc3339;
use crate::base::db::{Result, Tx};
use crate::base::{secret, text};

/// Characters of a title at most.
pub const TITLE_MAX: usize = 120;

/// A topic to be created.
#[derive(Clone, Debug)]
pub struct NewTopic {
    /// Its id.
    pub id: Uuid,
    /// Its channel.
    pub channel: Uuid,
    /// Checked by [`title`].
    pub title: String,
    /// Whether it is the one that is always there.
    pub general: bool,
    /// The change that created it.
    pub changed_seq: i64,
    /// Microseconds.
    pub created_at: i64,
    /// Who began it.
    pub created_by: Option<Uuid>,
    /// Random bytes inside its digest.
    pub nonce: Nonce,
}

impl NewTopic {
    /// What stands for it in the change that creates it.
    pub fn digest(&self) -> Digest {
        topic_digest(self.id, &self.title, &self.nonce)
    }

    pub(super) fn general(channel: &NewChannel) -> Self {
        Self {
            id: channel.general,
            channel: channel.id,
            title: "General".into(),
            general: true,
            changed_seq: 0,
            created_at: channel.created_at,
            created_by: None,
            nonce: secret::random(),
        }
    }
}

/// What stands for a topic in its next change: under another title a new digest, else what stood for it in its last one.
/// (Made anew from what is stored, it would make good what somebody has changed behind our back.)
pub async fn digest(tx: &mut Tx, topic: &TopicRow, title: Option<&str>) -> Result<Vec<u8>> {
    let kept = match title {
        Some(_) => None,
        None => digest_at(tx, topic.channel, topic.changed_seq, Whose::Topic).await?,
    };
    if let Some(digest) = kept {
        return Ok(digest);
    }
    let nonce = secret::random();
    store::set_nonce(tx, topic.id, &nonce).await?;
    Ok(topic_digest(topic.id, title.unwrap_or(&topic.title), &nonce).to_vec())
}

/// A title that can be used; `None` if it is blank, too long or holds control characters.
pub fn title(text: &str) -> Option<String> {
    text::line(text, TITLE_MAX)
}

/// A topic's row.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct TopicRow {
    /// Its id.
    pub id: Uuid,
    /// Its channel.
    pub channel: Uuid,
    /// Its title; empty if that was erased.
    pub title: String,
    /// Whether it is the one that is always there.
    pub general: bool,
    /// Messages posted, tombstones included.
    pub messages: i64,
    /// `seq` of the last message.
    pub last_seq: i64,
    /// When that was (microseconds).
    pub last_at: i64,
    /// The last change of the topic itself.
    pub changed_seq: i64,
    /// Microseconds.
    pub created_at: i64,
    /// Who began it.
    pub created_by: Option<Uuid>,
    /// Microseconds, if it is resolved.
    pub resolved_at: Option<i64>,
    /// `country:RO theme:forced-begging`, separated by blanks.
    pub tags: Option<String>,
    /// For one reader; 0 where nobody asks.
    pub unread: i64,
    /// For one reader.
    pub mentions: i64,
}

/// A topic as it goes over the wire.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Topic {
    /// Its id.
    pub id: Uuid,
    /// Its channel.
    pub channel: Uuid,
    /// Its title; empty if that was erased with the message that began it, or with all that was said under it.
    pub title: String,
    /// Whether it is the one that is always there (the screen translates its title).
    pub general: bool,
    /// Settled; new messages are still possible.
    pub resolved: bool,
    /// Country tags, sorted.
    pub countries: Vec<String>,
    /// Theme tags, sorted.
    pub themes: Vec<String>,
    /// Messages posted, tombstones included.
    pub messages: i64,
    /// `seq` of the last message.
    pub last_seq: i64,
    /// RFC 3339.
    pub last_at: String,
    /// The last change of the topic itself.
    pub changed_seq: i64,
    /// For the reader who asks; absent in frames, which are the same for everybody.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unread: Option<i64>,
    /// For the reader who asks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mentions: Option<i64>,
    /// RFC 3339.
    pub created_at: String,
    /// Who began it.
    pub created_by: Option<Uuid>,
}

impl Topic {
    /// For the reader the row was read for.
    pub fn for_reader(row: TopicRow) -> Self {
        let (unread, mentions) = (row.unread, row.mentions);
        Self { unread: Some(unread), mentions: Some(mentions), ..Self::for_all(row) }
    }

    /// For everybody in the channel.
    pub fn for_all(row: TopicRow) -> Self {
        let tags = row.tags.unwrap_or_default();
        let of = |kind: &str| {
            let mut values: Vec<String> = tags.split(' ').filter_map(|tag| tag.strip_prefix(kind)).map(Into::into).collect();
            values.sort_unstable();
            values
        };
        Self {
            id: row.id,
            channel: row.channel,
            countries: of("country:"),
            themes: of("theme:"),
            title: row.title,
            general: row.general,
            resolved: row.resolved_at.is_some(),
            messages: row.messages,
            last_seq: row.last_seq,
            last_at: rfc3339(row.last_at),
            changed_seq: row.changed_seq,
            unread: None,
            mentions: None,
            created_at: rfc3339(row.created_at),
            created_by: row.created_by,
        }
    }
}
