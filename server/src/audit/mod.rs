//! The record of acts: append-only, chained, written in the transaction of the act itself.
//!
//! `hash = SHA-256(previous hash || canonical row)`; changing, removing or reordering a row breaks the chain at that
//! row, and [`verify`] names it. The number and hash of the last row are kept apart from the record, so that rows missing
//! at its end are noticed, too. Content and e-mail addresses never come in here: ids and words of the vocabulary only.

mod store;

use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::base::db::{self, On, Result, Tx};
use crate::base::secret;

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

/// An act as it stands in the record.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Its number: no gap, one order.
    pub n: i64,
    /// When (microseconds).
    pub at: i64,
    /// Who, if it was a person.
    pub actor: Option<Uuid>,
    /// What: `area.verb`.
    pub act: String,
    /// To what: `kind:id`.
    pub target: String,
    /// Details without content.
    pub detail: String,
}

/// The acts before a number, the latest first.
pub async fn page(conn: &mut impl On, before: i64, limit: i64) -> Result<Vec<Entry>> {
    let rows = store::page(conn, before, limit).await?;
    let entry =
        |row: store::Row| Entry { n: row.n, at: row.at, actor: row.actor, act: row.act, target: row.target, detail: row.detail };
    Ok(rows.into_iter().map(entry).collect())
}

/// Where the last row's number and hash are kept: `17 5f0a…`, or the number alone until the next act.
const HEAD: &str = "audit.head";

/// Writes an act into the record.
pub async fn record(tx: &mut Tx, act: Act<'_>) -> Result<()> {
    let (n, previous) = store::head(tx).await?.unwrap_or_default();
    let hash = chain(&previous, act.at, act.actor, act.what, &act.target, &act.detail);
    store::append(tx, &act, &hash).await?;
    db::set_setting(tx, HEAD, &format!("{} {}", n + 1, secret::hex(&hash))).await
}

/// Walks the whole chain: what doesn't fit, each finding in words.
pub async fn verify(conn: &mut impl On) -> Result<Vec<String>> {
    let (mut last, mut previous) = (0, Vec::new());
    for row in store::all(conn).await? {
        let hash = chain(&previous, row.at, row.actor, &row.act, &row.target, &row.detail);
        if row.n != last + 1 || hash != row.hash {
            return Ok(vec![format!("audit: row {} doesn't fit the one before it", row.n)]);
        }
        (last, previous) = (row.n, row.hash);
    }
    Ok(misfit(db::setting(conn, HEAD).await?.as_deref(), last, &secret::hex(&previous)).into_iter().collect())
}

/// What is wrong with the end of the record, given what is kept of it.
fn misfit(kept: Option<&str>, last: i64, hash: &str) -> Option<String> {
    let Some(kept) = kept else { return Some("audit: how many rows were written is not kept any more".into()) };
    let (rows, kept_hash) = kept.split_once(' ').map_or((kept, None), |(rows, hash)| (rows, Some(hash)));
    if rows != last.to_string() {
        return Some(format!("audit: {rows} rows were written, and the last one there is row {last}"));
    }
    kept_hash.is_some_and(|kept| kept != hash).then(|| format!("audit: row {last} is not the one that was written last"))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_the_record_is_known() {
        assert_eq!(misfit(Some("2 aa"), 2, "aa"), None);
        assert_eq!(misfit(Some("2"), 2, "aa"), None);
        for (kept, last, hash) in [(Some("2 aa"), 0, ""), (Some("2 aa"), 1, "bb"), (Some("2"), 3, "aa"), (None, 2, "aa")] {
            assert!(misfit(kept, last, hash).is_some(), "{kept:?} {last}");
        }
        assert!(misfit(Some("2 aa"), 2, "bb").is_some_and(|found| found.contains("row 2")));
    }
}
