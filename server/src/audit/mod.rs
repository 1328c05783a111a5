//! The record of acts: append-only, chained, written in the transaction of the act itself.
//!
//! `hash = SHA-256(previous hash || canonical row)`; changing, removing or reordering a row breaks the chain at that
//! row, and [`verify`] names it. Content and e-mail addresses never come in here: ids and words of the vocabulary only.
//! What happens without a transaction (reading, a refusal, a failed sign-in) goes through the [`Recorder`].

mod recorder;
mod store;

use sha2::{Digest, Sha256};
use uuid::Uuid;

pub use recorder::Recorder;
pub use store::{Filter, Row, head, page, row};

use crate::base::db::{On, Result, Tx};

/// Rows read at a time while the chain is walked.
const PAGE: i64 = 1_000;

/// An act to be recorded.
#[derive(Clone, Debug)]
pub struct Act<'a> {
    /// When (microseconds).
    pub at: i64,
    /// Who, if it was a person.
    pub actor: Option<Uuid>,
    /// What: `area.verb`, e.g. `account.suspend`.
    pub what: &'a str,
    /// To what: `kind:id`.
    pub target: String,
    /// Details without content, e.g. a scope.
    pub detail: String,
}

/// Writes an act into the record.
pub async fn record(tx: &mut Tx, act: Act<'_>) -> Result<()> {
    let previous = store::head(tx).await?.map(|(_, hash)| hash).unwrap_or_default();
    let hash = chain(&previous, act.at, act.actor, act.what, &act.target, &act.detail);
    store::append(tx, &act, &hash).await
}

/// Walks the whole chain; what is wrong with the first row that doesn't fit, if any.
pub async fn verify(conn: &mut impl On) -> Result<Option<String>> {
    let (mut previous, mut last) = (Vec::new(), 0);
    loop {
        let rows = store::ascending(conn, last, PAGE).await?;
        if rows.is_empty() {
            return Ok(None);
        }
        for row in rows {
            if row.n != last + 1 {
                return Ok(Some(format!("audit: row {} is missing", last + 1)));
            }
            if row.hash != chain(&previous, row.at, row.actor, &row.act, &row.target, &row.detail) {
                return Ok(Some(format!(
                    "audit: row {} doesn't fit the one before it: it was edited, inserted or put into another place",
                    row.n
                )));
            }
            (previous, last) = (row.hash, row.n);
        }
    }
}

/// The hash of a row: every part with its length before it, so that no two rows read the same.
fn chain(previous: &[u8], at: i64, actor: Option<Uuid>, act: &str, target: &str, detail: &str) -> Vec<u8> {
    let mut hasher = Sha256::new();
    hasher.update(previous);
    hasher.update(at.to_be_bytes());
    hasher.update(actor.unwrap_or_default().as_bytes());
    for part in [act, target, detail] {
        hasher.update((part.len() as u64).to_be_bytes());
        hasher.update(part.as_bytes());
    }
    hasher.finalize().to_vec()
}
