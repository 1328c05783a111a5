//! The rows of `channel_change`. There is an insert and there are selects, and nothing else.

use uuid::Uuid;

use super::{Change, Digest, Whose, link, part};
use crate::base::db::{Direct, On, Result, Tx};

const NEXT: &str = "UPDATE channel SET seq = seq + 1 WHERE id = $1
    RETURNING seq, (SELECT hash FROM channel_change x WHERE x.channel = $1 AND x.seq = channel.seq - 1)";
const INSERT: &str = "INSERT INTO channel_change (channel, seq, kind, id, digest, hash) VALUES ($1, $2, $3, $4, $5, $6)";
const DIGEST_AT: &str = "SELECT digest FROM channel_change WHERE channel = $1 AND seq = $2";
const HASH_AT: &str = "SELECT hash FROM channel_change WHERE channel = $1 AND seq = $2";
const HEADS: &str = "SELECT c.id, c.seq, c.chained_from, x.hash FROM channel c
    LEFT JOIN channel_change x ON x.channel = c.id AND x.seq = c.seq ORDER BY c.id";
const ROWS: &str = "SELECT seq, kind, id, digest, hash FROM channel_change WHERE channel = $1 AND seq > $2 ORDER BY seq LIMIT $3";
const STRAY: &str = "SELECT DISTINCT x.channel FROM channel_change x LEFT JOIN channel c ON c.id = x.channel WHERE c.id IS NULL";
const OF_MESSAGES: &str = "SELECT id, seq, digest FROM channel_change
    WHERE channel = $1 AND kind NOT IN ('topic', 'depart') ORDER BY seq";
const TOPICS: &str = "SELECT id, title, changed_seq, nonce FROM topic WHERE channel = $1";

/// A change as it is stored.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct Row {
    pub(super) seq: i64,
    pub(super) kind: String,
    pub(super) id: Uuid,
    pub(super) digest: Vec<u8>,
    pub(super) hash: Vec<u8>,
}

/// A topic as its digest covers it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct TopicRow {
    pub(super) id: Uuid,
    pub(super) title: String,
    pub(super) changed_seq: i64,
    pub(super) nonce: Option<Vec<u8>>,
}

/// Takes the next number; with it the hash of the change before.
pub(super) async fn next(tx: &mut Tx, channel: Uuid) -> Result<(i64, Option<Vec<u8>>)> {
    Ok(on!(tx, c => sqlx::query_as(NEXT).bind(channel).fetch_one(c))?)
}

pub(super) async fn insert(tx: &mut Tx, channel: Uuid, seq: i64, change: &Change<'_>, hash: &Digest) -> Result<()> {
    on!(tx, c => sqlx::query(INSERT)
        .bind(channel).bind(seq).bind(change.kind.as_str()).bind(change.id).bind(change.digest).bind(hash.as_slice())
        .execute(c))?;
    Ok(())
}

/// [`super::note_at`] without awaiting.
pub fn note_directly(direct: &mut Direct<'_>, channel: Uuid, seq: i64, before: Option<&[u8]>, change: &Change<'_>) -> Result<()> {
    let hash = link(before.unwrap_or(channel.as_bytes()), seq, change.kind.as_str(), change.id, change.digest);
    direct.execute(INSERT, &[&channel, &seq, &change.kind.as_str(), &change.id, &change.digest, &hash]).map(drop)
}

/// What stood for a message or topic in a change; `None` for one from before there was a chain.
pub async fn digest_at(conn: &mut impl On, channel: Uuid, seq: i64, whose: Whose) -> Result<Option<Vec<u8>>> {
    let digest: Option<Vec<u8>> = on!(conn, c => sqlx::query_scalar(DIGEST_AT).bind(channel).bind(seq).fetch_optional(c))?;
    Ok(digest.map(|digest| part(&digest, whose).to_vec()))
}

/// The hash of a change.
pub async fn hash_at(conn: &mut impl On, channel: Uuid, seq: i64) -> Result<Option<Vec<u8>>> {
    Ok(on!(conn, c => sqlx::query_scalar(HASH_AT).bind(channel).bind(seq).fetch_optional(c))?)
}

/// How far every channel has come, by id: number and hash of the last change, and where its chain begins.
pub async fn heads(conn: &mut impl On) -> Result<Vec<super::Head>> {
    Ok(on!(conn, c => sqlx::query_as(HEADS).fetch_all(c))?)
}

pub(super) async fn rows(conn: &mut impl On, channel: Uuid, after: i64, limit: i64) -> Result<Vec<Row>> {
    Ok(on!(conn, c => sqlx::query_as(ROWS).bind(channel).bind(after).bind(limit).fetch_all(c))?)
}

/// Channels that have changes and are no more.
pub(super) async fn stray(conn: &mut impl On) -> Result<Vec<Uuid>> {
    Ok(on!(conn, c => sqlx::query_scalar(STRAY).fetch_all(c))?)
}

/// Message, number and digest of every change of a message, ascending.
pub(super) async fn of_messages(conn: &mut impl On, channel: Uuid) -> Result<Vec<(Uuid, i64, Vec<u8>)>> {
    Ok(on!(conn, c => sqlx::query_as(OF_MESSAGES).bind(channel).fetch_all(c))?)
}

pub(super) async fn topics(conn: &mut impl On, channel: Uuid) -> Result<Vec<TopicRow>> {
    Ok(on!(conn, c => sqlx::query_as(TOPICS).bind(channel).fetch_all(c))?)
}
