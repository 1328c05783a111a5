//! The chain of a channel's durable changes: each one bound to the one before it by SHA-256, in its own transaction.
//!
//! `hash = SHA-256(hash before || seq || kind || id || digest)`; before the first stands the channel's own id. A changed,
//! removed or reordered row breaks the chain there. What a message or a topic says is in it only as a digest with random
//! bytes inside, which are erased with the text.

mod store;
mod verify;

use sha2::{Digest as _, Sha256};
use uuid::Uuid;

pub use store::{digest_at, hash_at, heads, note_directly};
pub use verify::{Head, said, verify};

use crate::base::db::{Result, Tx};
use crate::base::secret;

/// What stands for a text: `secret::digest_of` its parts.
pub type Digest = [u8; 32];
/// Random bytes inside a digest.
pub type Nonce = [u8; 16];

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A message was posted.
    Post,
    /// A message was posted that begins a topic.
    Begin,
    /// A message has another wording.
    Edit,
    /// A message was deleted.
    Delete,
    /// Somebody reacted to a message, or took it back.
    React,
    /// A message was pinned, or the pin taken off.
    Pin,
    /// A message has another marking.
    Mark,
    /// A message came with its topic from another channel.
    Move,
    /// A topic was renamed, tagged, resolved, opened again, came from another channel, or has lost its title.
    Topic,
    /// A topic left for another channel.
    Depart,
}

impl Kind {
    /// The word in storage.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Post => "post",
            Self::Begin => "begin",
            Self::Edit => "edit",
            Self::Delete => "delete",
            Self::React => "react",
            Self::Pin => "pin",
            Self::Mark => "mark",
            Self::Move => "move",
            Self::Topic => "topic",
            Self::Depart => "depart",
        }
    }
}

/// A durable change of a channel.
#[derive(Clone, Copy, Debug)]
pub struct Change<'a> {
    /// What happened.
    pub kind: Kind,
    /// To which message or topic.
    pub id: Uuid,
    /// What it says now: empty if it says nothing any more; for [`Kind::Begin`] the topic's digest follows the message's.
    pub digest: &'a [u8],
}

/// Whose digest is looked for in a change: that of [`Kind::Begin`] holds two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whose {
    /// A message's.
    Message,
    /// A topic's.
    Topic,
}

/// The digest of a message or topic within a change's.
pub fn part(digest: &[u8], whose: Whose) -> &[u8] {
    let one = size_of::<Digest>();
    match whose {
        Whose::Topic if digest.len() > one => &digest[one..],
        _ => &digest[..digest.len().min(one)],
    }
}

/// What stands for a topic's title.
pub fn topic_digest(id: Uuid, title: &str, nonce: &[u8]) -> Digest {
    secret::digest_of(&[id.as_bytes(), title.as_bytes(), nonce])
}

/// The hash of a change after the hash before it; the channel's id stands before the first.
fn link(before: &[u8], seq: i64, kind: &str, id: Uuid, digest: &[u8]) -> Digest {
    let mut hasher = Sha256::new();
    hasher.update(before);
    hasher.update(seq.to_be_bytes());
    // Lengths first, so that no two changes read the same.
    for part in [kind.as_bytes(), id.as_bytes(), digest] {
        hasher.update([u8::try_from(part.len()).unwrap_or(u8::MAX)]);
        hasher.update(part);
    }
    hasher.finalize().into()
}

/// Takes the channel's next number; with it the hash of the change before. [`note_at`] has to follow.
pub async fn next(tx: &mut Tx, channel: Uuid) -> Result<(i64, Option<Vec<u8>>)> {
    store::next(tx, channel).await
}

/// Takes the channel's next number for a change and binds it to the chain.
pub async fn note(tx: &mut Tx, channel: Uuid, change: &Change<'_>) -> Result<i64> {
    let (seq, before) = next(tx, channel).await?;
    note_at(tx, channel, seq, before.as_deref(), change).await?;
    Ok(seq)
}

/// Binds a change to the chain whose number has been taken; `before` is the hash of the change before it.
pub async fn note_at(tx: &mut Tx, channel: Uuid, seq: i64, before: Option<&[u8]>, change: &Change<'_>) -> Result<()> {
    let hash = link(before.unwrap_or(channel.as_bytes()), seq, change.kind.as_str(), change.id, change.digest);
    store::insert(tx, channel, seq, change, &hash).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_of_a_change_is_in_its_hash() {
        let (id, other) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let all = [
            link(&[0; 32], 1, "post", id, &[1; 32]),
            link(&[1; 32], 1, "post", id, &[1; 32]),
            link(&[0; 32], 2, "post", id, &[1; 32]),
            link(&[0; 32], 1, "edit", id, &[1; 32]),
            link(&[0; 32], 1, "post", other, &[1; 32]),
            link(&[0; 32], 1, "post", id, &[2; 32]),
            link(&[0; 32], 1, "post", id, &[]),
        ];
        let different: std::collections::HashSet<_> = all.iter().collect();
        assert_eq!(different.len(), all.len());
    }

    #[test]
    fn a_digest_of_two_is_taken_apart() {
        let both = [[1; 32], [2; 32]].concat();
        assert_eq!(part(&both, Whose::Message), [1; 32]);
        assert_eq!(part(&both, Whose::Topic), [2; 32]);
        assert_eq!(part(&[3; 32], Whose::Topic), [3; 32]);
        assert_eq!(part(&[], Whose::Message), [0; 0]);
    }
}
