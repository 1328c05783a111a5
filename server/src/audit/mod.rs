//! The record of acts: append-only, chained, written in the transaction of the act itself.
//!
//! `hash = SHA-256(previous hash || canonical row)`; changing, removing or reordering a row breaks the chain at that
//! row, and [`verify`] names it. Content and e-mail addresses never come in here: ids and words of the vocabulary only.

mod store;

use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::base::db::{On, Result, Tx};

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
    let previous = store::head(tx).await?.unwrap_or_default();
    let hash = chain(&previous, act.at, act.actor, act.what, &act.target, &act.detail);
    store::append(tx, &act, &hash).await
}

/// Walks the whole chain; the number of the first row that doesn't fit, if any.
pub async fn verify(conn: &mut impl On) -> Result<Option<i64>> {
    let mut previous = Vec::new();
    for (expected, row) in (1..).zip(store::all(conn).await?) {
        let hash = chain(&previous, row.at, row.actor, &row.act, &row.target, &row.detail);
        if row.n != expected || hash != row.hash {
            return Ok(Some(row.n));
        }
        previous = row.hash;
    }
    Ok(None)
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
