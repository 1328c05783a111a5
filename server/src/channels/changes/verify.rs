//! Whether a channel's chain holds, and whether its topics say what it says of them.

use std::collections::HashMap;

use uuid::Uuid;

use super::{Whose, link, part, store, topic_digest};
use crate::base::db::{On, Result};

/// Rows read at a time.
const PAGE: i64 = 1_000;

/// How far a channel has come.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Head {
    /// The channel.
    pub id: Uuid,
    /// The number of its last change.
    pub seq: i64,
    /// The change after which its chain begins.
    pub chained_from: i64,
    /// The hash of its last change; `None` if its chain hasn't begun.
    pub hash: Option<Vec<u8>>,
}

/// What is wrong with the chains of all channels, a sentence each.
pub async fn verify(conn: &mut impl On) -> Result<Vec<String>> {
    let mut findings = Vec::new();
    for head in store::heads(conn).await? {
        findings.extend(chain(conn, &head).await?);
        findings.extend(topics(conn, &head).await?);
    }
    for channel in store::stray(conn).await? {
        findings.push(format!("channel {channel}: it has changes, but is gone"));
    }
    Ok(findings)
}

/// The first change of a channel that doesn't fit, if any: what follows it can't be judged.
async fn chain(conn: &mut impl On, head: &Head) -> Result<Option<String>> {
    let channel = head.id;
    let (mut before, mut seq) = (channel.as_bytes().to_vec(), head.chained_from);
    loop {
        let rows = store::rows(conn, channel, seq, PAGE).await?;
        let full = i64::try_from(rows.len()).unwrap_or(PAGE) == PAGE;
        for row in rows {
            let expected = seq + 1;
            if row.seq != expected {
                return Ok(Some(format!("channel {channel}: change {expected} is missing")));
            }
            if row.hash != link(&before, row.seq, &row.kind, row.id, &row.digest) {
                return Ok(Some(format!(
                    "channel {channel}: change {} doesn't fit the one before it: it was edited, inserted or put into another place",
                    row.seq
                )));
            }
            (before, seq) = (row.hash, row.seq);
        }
        if !full {
            break;
        }
    }
    Ok(match seq.cmp(&head.seq) {
        std::cmp::Ordering::Equal => None,
        std::cmp::Ordering::Less => Some(format!("channel {channel}: change {} is missing: its end was cut off", seq + 1)),
        std::cmp::Ordering::Greater => {
            Some(format!("channel {channel}: change {} comes after its last number, {}", head.seq + 1, head.seq))
        }
    })
}

/// Topics whose title isn't the one that their last change stands for.
async fn topics(conn: &mut impl On, head: &Head) -> Result<Vec<String>> {
    let rows = store::topics(conn, head.id).await?;
    let mut findings = Vec::new();
    for topic in rows.into_iter().filter(|topic| topic.changed_seq > head.chained_from) {
        let digest = store::digest_at(conn, head.id, topic.changed_seq, Whose::Topic).await?.unwrap_or_default();
        let holds = match topic.nonce {
            Some(nonce) => topic_digest(topic.id, &topic.title, &nonce)[..] == digest[..],
            // Erased: nothing stands for it.
            None => topic.title.is_empty() && digest.is_empty(),
        };
        if !holds {
            findings.push(format!("channel {}: the title of topic {} isn't the one it was given", head.id, topic.id));
        }
    }
    Ok(findings)
}

/// What a channel's changes say of each message: its last change, and what then stood for it.
pub async fn said(conn: &mut impl On, channel: Uuid) -> Result<HashMap<Uuid, (i64, Vec<u8>)>> {
    let rows = store::of_messages(conn, channel).await?;
    // In their order: a later change takes the place of an earlier one.
    Ok(rows.into_iter().map(|(id, seq, digest)| (id, (seq, part(&digest, Whose::Message).to_vec()))).collect())
}
