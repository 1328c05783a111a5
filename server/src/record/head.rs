//! A signed head: how long the record was at a moment, and how far the channels had come.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::key::{Key, Public};
use crate::base::secret;

/// How far the channels had come, as one digest over all of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Channels {
    /// How many there were.
    pub(super) count: usize,
    /// [`digest`] over their marks.
    pub(super) digest: String,
}

/// One line in the place on the other machine.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(clippy::struct_field_names, reason = "so the number is called in the line that is signed and kept elsewhere")]
pub(super) struct Head {
    /// Its number: 1, 2, 3, …
    pub(super) head: i64,
    /// RFC 3339.
    pub(super) at: String,
    /// The number of the record's last row; 0 while it is empty.
    pub(super) n: i64,
    /// The hash of that row.
    pub(super) hash: String,
    pub(super) channels: Channels,
    /// Which key has signed.
    pub(super) key: String,
    /// Ed25519 over [`Head::signed_text`].
    #[serde(default)]
    pub(super) signature: String,
}

/// How far a channel had come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Mark {
    pub(super) channel: Uuid,
    pub(super) seq: i64,
    /// The hash of that change; empty while the channel's chain hasn't begun.
    pub(super) hash: Vec<u8>,
}

/// One digest over the marks of all channels, which come by their ids.
pub(super) fn digest(marks: &[Mark]) -> String {
    let seqs: Vec<_> = marks.iter().map(|mark| mark.seq.to_be_bytes()).collect();
    let parts: Vec<&[u8]> = marks
        .iter()
        .zip(&seqs)
        .flat_map(|(mark, seq)| [mark.channel.as_bytes().as_slice(), seq.as_slice(), mark.hash.as_slice()])
        .collect();
    secret::hex(&secret::digest_of(&parts))
}

impl Head {
    /// What is signed: every field in a line of its own. (JSON may be written in many ways, this only in one.)
    fn signed_text(&self) -> String {
        let Self { head, at, n, hash, channels: Channels { count, digest }, key, .. } = self;
        format!("egida record head\n{head}\n{at}\n{n}\n{hash}\n{count}\n{digest}\n{key}\n")
    }

    /// Signs it.
    pub(super) fn sign(mut self, with: &Key) -> Self {
        self.key = with.public().id();
        self.signature = with.sign(&self.signed_text());
        self
    }

    /// Whether this key has signed it as it stands.
    pub(super) fn is_signed_by(&self, key: &Public) -> bool {
        self.key == key.id() && key.signed(&self.signed_text(), &self.signature)
    }
}

#[cfg(test)]
pub(super) fn example(head: i64, n: i64) -> Head {
    Head {
        head,
        at: "2026-11-24T10:00:00Z".into(),
        n,
        hash: secret::hex(&[u8::try_from(n).unwrap_or(0); 32]),
        channels: Channels { count: 2, digest: "00".into() },
        key: String::new(),
        signature: String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_field_can_be_changed_after_signing() {
        let folder = std::env::temp_dir().join(format!("egida-head-{}", secret::token()));
        let key = Key::load_or_make(&folder).expect("a key");
        std::fs::remove_file(&folder).expect("removed");
        let signed = example(1, 2).sign(&key);
        assert!(signed.is_signed_by(&key.public()));
        let line = serde_json::to_string(&signed).expect("a line");
        assert_eq!(serde_json::from_str::<Head>(&line).expect("a head"), signed);
        for changed in [
            Head { head: 2, ..signed.clone() },
            Head { at: "2026-11-24T11:00:00Z".into(), ..signed.clone() },
            Head { n: 3, ..signed.clone() },
            Head { hash: String::new(), ..signed.clone() },
            Head { channels: Channels { count: 3, digest: "00".into() }, ..signed.clone() },
            Head { channels: Channels { count: 2, digest: "01".into() }, ..signed.clone() },
            Head { key: "00".into(), ..signed.clone() },
            Head { signature: signed.signature.replace('0', "1"), ..signed.clone() },
        ] {
            assert!(!changed.is_signed_by(&key.public()), "{changed:?}");
        }
    }

    #[test]
    fn every_mark_is_in_the_digest() {
        let mark = |seq, byte| Mark { channel: Uuid::from_u128(1), seq, hash: vec![byte; 32] };
        let one = digest(&[mark(1, 1)]);
        for other in [vec![], vec![mark(2, 1)], vec![mark(1, 2)], vec![mark(1, 1), mark(1, 1)]] {
            assert_ne!(digest(&other), one);
        }
    }
}
