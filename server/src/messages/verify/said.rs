//! Whether the messages say what the chains of their channels say of them.

use uuid::Uuid;

use super::super::store::{self, Whole};
use crate::base::db::{On, Result};
use crate::channels::changes::{self, Head};

/// Messages read at a time.
const PAGE: i64 = 1_000;

/// What is wrong with the messages of all channels, a sentence each.
pub async fn verify(conn: &mut impl On) -> Result<Vec<String>> {
    let mut findings = Vec::new();
    for head in changes::heads(conn).await? {
        of_channel(conn, &head, &mut findings).await?;
    }
    Ok(findings)
}

async fn of_channel(conn: &mut impl On, head: &Head, findings: &mut Vec<String>) -> Result<()> {
    let channel = head.id;
    let mut said = changes::said(conn, channel).await?;
    let mut after = -1;
    loop {
        let rows = store::said(conn, channel, after, PAGE).await?;
        let Some(last) = rows.last().map(|row| row.seq) else { break };
        for row in &rows {
            let changed = said.remove(&row.id);
            if let Some(fault) = fault(row, changed.as_ref(), head.chained_from) {
                findings.push(format!("channel {channel}: message {} (place {}) {fault}", row.id, row.seq));
            }
        }
        after = last;
    }
    // What is left over has gone elsewhere with its topic, or was taken out behind our back.
    let mut left: Vec<(Uuid, i64)> = said.into_iter().map(|(id, (seq, _))| (id, seq)).collect();
    left.sort_by_key(|(_, seq)| *seq);
    for (id, seq) in left {
        if !store::exists(conn, id).await? {
            findings.push(format!("channel {channel}: message {id} of change {seq} is gone"));
        }
    }
    Ok(())
}

/// What is wrong with a message, given its last change and what stood for it then.
fn fault(row: &Whole, changed: Option<&(i64, Vec<u8>)>, chained_from: i64) -> Option<&'static str> {
    let Some((seq, digest)) = changed else {
        return (row.changed_seq > chained_from).then_some("was put in: no change stands for it");
    };
    if *seq != row.changed_seq {
        return Some("isn't the one of its last change");
    }
    if row.deleted_at.is_some() {
        let bare =
            digest.is_empty() && row.body.is_empty() && row.html.is_empty() && row.attachments.is_none() && row.nonce.is_none();
        return (!bare).then_some("was deleted, but isn't empty");
    }
    let text = row.covered();
    let holds = text.nonce.is_some_and(|nonce| text.said.digest(nonce)[..] == digest[..]);
    (!holds).then_some("doesn't say what was written")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row() -> Whole {
        Whole {
            n: 1,
            id: Uuid::from_u128(1),
            channel: Uuid::from_u128(6),
            topic: Uuid::from_u128(2),
            author: Uuid::from_u128(3),
            posted_at: 4,
            marking: "green".into(),
            labels: None,
            quote: None,
            body: "text".into(),
            html: "<p>text</p>".into(),
            attachments: None,
            seq: 5,
            changed_seq: 7,
            nonce: Some(vec![9; 16]),
            deleted_at: None,
            expires_at: None,
        }
    }

    fn change(row: &Whole) -> (i64, Vec<u8>) {
        let text = row.covered();
        (row.changed_seq, text.said.digest(text.nonce.unwrap_or_default()).to_vec())
    }

    #[test]
    fn a_message_that_says_what_was_written_is_sound() {
        assert_eq!(fault(&row(), Some(&change(&row())), 0), None);
        // From before there was a chain.
        assert_eq!(fault(&Whole { nonce: None, ..row() }, None, 7), None);
    }

    #[test]
    fn whatever_was_changed_is_seen() {
        let noted = change(&row());
        for changed in [
            Whole { body: "tekst".into(), ..row() },
            Whole { html: "<p>tekst</p>".into(), ..row() },
            Whole { author: Uuid::from_u128(8), ..row() },
            Whole { topic: Uuid::from_u128(8), ..row() },
            Whole { posted_at: 5, ..row() },
            Whole { marking: "clear".into(), ..row() },
            Whole { labels: Some("{}".into()), ..row() },
            Whole { quote: Some(Uuid::from_u128(8)), ..row() },
            Whole { attachments: Some("[]".into()), ..row() },
            Whole { nonce: None, ..row() },
        ] {
            assert_eq!(fault(&changed, Some(&noted), 0), Some("doesn't say what was written"), "{changed:?}");
        }
        assert_eq!(fault(&Whole { changed_seq: 6, ..row() }, Some(&noted), 0), Some("isn't the one of its last change"));
        assert_eq!(fault(&row(), None, 6), Some("was put in: no change stands for it"));
    }

    #[test]
    fn a_tombstone_holds_nothing() {
        let empty = Whole { body: String::new(), html: String::new(), nonce: None, deleted_at: Some(8), ..row() };
        assert_eq!(fault(&empty, Some(&(7, Vec::new())), 0), None);
        let kept = Whole { deleted_at: Some(8), ..row() };
        assert_eq!(fault(&kept, Some(&(7, Vec::new())), 0), Some("was deleted, but isn't empty"));
    }
}
