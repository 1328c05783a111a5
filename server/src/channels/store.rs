//! Channels, memberships, requests and read marks.

use std::fmt::Write;

use sqlx::AssertSqlSafe;
use uuid::Uuid;

use super::model::{ChannelRow, NewChannel, Unread, highest};
use crate::base::db::{On, Result, Tx};

#[cfg(test)]
mod tests;

const INSERT: &str = "INSERT INTO channel (id, number, kind, purpose, slug, name_en, name_fr, description_en, description_fr, country, theme,
        marking, listed, general, direct_key, created_at, created_by, ceiling, grading, retention_days)
    SELECT $1, coalesce(max(number), 0) + 1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19 FROM channel WHERE true
    ON CONFLICT DO NOTHING";
const HEAD: &str = "SELECT seq FROM channel WHERE id = $1";
const IS_ARCHIVED: &str = "SELECT archived_at IS NOT NULL FROM channel WHERE id = $1";
const NAMES: &str = "SELECT id, slug, name_en, name_fr FROM channel WHERE kind <> 'direct'";
const BY_SLUG: &str = "SELECT id FROM channel WHERE slug = $1";
const BY_DIRECT_KEY: &str = "SELECT id FROM channel WHERE direct_key = $1";
const NEWCOMERS: &str = "SELECT id FROM channel WHERE purpose = 'newcomers' AND archived_at IS NULL";
const FIRST_CHANNELS: &str =
    "SELECT id FROM channel WHERE purpose IN ('lobby', 'newcomers') OR (purpose = 'country' AND country = $1)";
const VISIBLE_IDS: &str = "SELECT id FROM channel WHERE kind <> 'direct'
    UNION ALL SELECT m.channel FROM membership m JOIN channel c ON c.id = m.channel WHERE m.account = $1 AND c.kind = 'direct'";
const RENAME: &str = "UPDATE channel SET name_en = $2, name_fr = $3 WHERE id = $1";
const DESCRIBE: &str = "UPDATE channel SET description_en = $2, description_fr = $3 WHERE id = $1";
const SET_KIND: &str = "UPDATE channel SET kind = $2 WHERE id = $1";
const SET_HANDLING: &str = "UPDATE channel SET marking = $2, ceiling = $3, grading = $4 WHERE id = $1";
const SET_PICTURES: &str = "UPDATE channel SET pictures = $2 WHERE id = $1";
const RETENTION: &str = "SELECT retention_days FROM channel WHERE id = $1";
const SET_RETENTION: &str = "UPDATE channel SET retention_days = $2 WHERE id = $1";
const KEEPING: &str = "SELECT id, retention_days FROM channel WHERE retention_days IS NOT NULL ORDER BY number";
const HOLDS_RED: &str = "SELECT 1 FROM message WHERE channel = $1 AND marking = 'red' AND deleted_at IS NULL LIMIT 1";
const SET_ARCHIVED: &str = "UPDATE channel SET archived_at = $2 WHERE id = $1";
const INSERT_MEMBER: &str = "INSERT INTO membership (channel, account, since, read_seq)
    SELECT id, $2, $3, seq FROM channel WHERE id = $1 ON CONFLICT DO NOTHING";
const DELETE_MEMBER: &str = "DELETE FROM membership WHERE channel = $1 AND account = $2";
const IS_MEMBER: &str = "SELECT 1 FROM membership WHERE channel = $1 AND account = $2";
const MEMBERS: &str = "SELECT m.account, m.since FROM membership m JOIN account a ON a.id = m.account
    WHERE m.channel = $1 AND a.status = 'active' AND ($2 IS NULL OR m.account > $2) ORDER BY m.account LIMIT $3";
const INSERT_REQUEST: &str = "INSERT INTO join_request (channel, account, created_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
const DELETE_REQUEST: &str = "DELETE FROM join_request WHERE channel = $1 AND account = $2";
const REQUESTS: &str = "SELECT account, created_at FROM join_request WHERE channel = $1 ORDER BY created_at LIMIT 200";
const SET_READ: &str = "UPDATE membership SET read_seq = $3 WHERE channel = $1 AND account = $2";
/// A mark on the whole channel settles the marks on its topics, forwards and back.
const DROP_TOPIC_MARKS: &str = "DELETE FROM topic_mark WHERE account = $2 AND channel = $1";
/// Only for a member, and while the topic is in that channel.
const SET_TOPIC_MARK: &str = "INSERT INTO topic_mark (account, channel, topic, seq)
    SELECT m.account, m.channel, t.id, $4 FROM topic t JOIN membership m ON m.channel = t.channel AND m.account = $1
    WHERE t.id = $3 AND t.channel = $2
    ON CONFLICT (account, channel, topic) DO UPDATE SET seq = excluded.seq";
const CHANNEL_MARK: &str = "SELECT read_seq FROM membership WHERE channel = $1 AND account = $2";
/// A topic without a mark of its own is read as far as its channel is.
const TOPIC_MARK: &str = "SELECT coalesce((SELECT seq FROM topic_mark WHERE account = $2 AND channel = $1 AND topic = $3),
    (SELECT read_seq FROM membership WHERE channel = $1 AND account = $2))";
const READ_UNTIL: &str = "UPDATE membership SET read_seq = coalesce((SELECT max(m.seq) FROM message m
    WHERE m.channel = membership.channel AND m.posted_at < $1), 0)";
const REGION_IDS: &str = "SELECT id FROM channel WHERE purpose IN ('country', 'theme') ORDER BY number";
const NAME: &str = "SELECT name_en, name_fr FROM channel WHERE id = $1";
const MEMBERSHIPS: &str = "SELECT channel, since FROM membership WHERE account = $1";
const HOLES: &str = "SELECT c.id FROM channel c WHERE c.seq <> max(
        coalesce((SELECT max(m.changed_seq) FROM message m WHERE m.channel = c.id), 0),
        coalesce((SELECT max(t.changed_seq) FROM topic t WHERE t.channel = c.id), 0),
        coalesce((SELECT max(d.changed_seq) FROM topic_departure d WHERE d.channel = c.id), 0))";
const WITHOUT_GENERAL: &str = "SELECT c.id FROM channel c
    WHERE NOT EXISTS (SELECT 1 FROM topic t WHERE t.id = c.general AND t.channel = c.id AND t.general)";

/// What concerns one reader `$1` in a channel `c`: counts stop at 100, so that they cost the same in a channel of millions.
/// A topic's own mark stands in place of the channel's. What lies after the channel's mark is one range, less what its
/// topics' marks have read; what lies before it is unread in the topics alone whose mark was set back.
const READER: &str = "SELECT c.id, c.purpose, c.slug, c.name_en, c.name_fr, c.description_en, c.description_fr, c.seq, me.read_seq,
        (SELECT count(*) FROM membership m WHERE m.channel = c.id) AS members,
        (SELECT max(t.last_at) FROM topic t WHERE t.channel = c.id AND t.messages > 0) AS last_at,
        EXISTS (SELECT 1 FROM join_request r WHERE r.channel = c.id AND r.account = $1) AS requested,
        (SELECT count(*) FROM (
            SELECT 1 FROM message g LEFT JOIN topic_mark t ON t.account = $1 AND t.channel = c.id AND t.topic = g.topic
            WHERE g.channel = c.id AND g.seq > me.read_seq AND g.seq > coalesce(t.seq, 0) AND g.author <> $1 AND g.deleted_at IS NULL
            UNION ALL
            SELECT 1 FROM topic_mark t JOIN message g ON g.topic = t.topic AND g.seq > t.seq AND g.seq <= me.read_seq
            WHERE t.account = $1 AND t.channel = c.id AND t.seq < me.read_seq AND g.author <> $1 AND g.deleted_at IS NULL
            LIMIT 100) AS some) AS unread,
        (SELECT count(*) FROM (SELECT 1 FROM mention n
            LEFT JOIN topic_mark t ON t.account = $1 AND t.channel = c.id AND t.topic = n.topic
            WHERE n.account = $1 AND n.channel = c.id AND n.seq > coalesce(t.seq, me.read_seq) LIMIT 100) AS some) AS mentions
    FROM channel c LEFT JOIN membership me ON me.channel = c.id AND me.account = $1";

/// Creates the channel; `false` if its slug or its set of people is taken.
pub(super) async fn insert(tx: &mut Tx, n: &NewChannel) -> Result<bool> {
    let (name, description) = (n.name.as_ref(), n.description.as_ref());
    let done = on!(tx, c => sqlx::query(INSERT)
        .bind(n.id).bind(n.kind.as_str()).bind(n.purpose).bind(&n.slug)
        .bind(name.map(|w| &w.en)).bind(name.map(|w| &w.fr)).bind(description.map(|w| &w.en)).bind(description.map(|w| &w.fr))
        .bind(&n.country).bind(&n.theme).bind(&n.marking).bind(n.listed).bind(n.general).bind(&n.direct_key)
        .bind(n.created_at).bind(n.created_by)
        .bind(n.ceiling.as_deref().unwrap_or_else(|| highest(n.kind))).bind(n.grading)
        .bind(n.retention_days)
        .execute(c))?;
    Ok(done.rows_affected() == 1)
}

pub(super) async fn head(conn: &mut impl On, channel: Uuid) -> Result<i64> {
    Ok(on!(conn, c => sqlx::query_scalar(HEAD).bind(channel).fetch_optional(c))?.unwrap_or(0))
}

pub(super) async fn is_archived(conn: &mut impl On, channel: Uuid) -> Result<bool> {
    Ok(on!(conn, c => sqlx::query_scalar(IS_ARCHIVED).bind(channel).fetch_optional(c))?.unwrap_or(false))
}

pub(super) async fn by_slug(conn: &mut impl On, slug: &str) -> Result<Option<Uuid>> {
    Ok(on!(conn, c => sqlx::query_scalar(BY_SLUG).bind(slug).fetch_optional(c))?)
}

/// A channel with its slug and its names in English and French.
pub(super) type Named = (Uuid, Option<String>, Option<String>, Option<String>);

/// All channels that have a name.
pub(super) async fn names(conn: &mut impl On) -> Result<Vec<Named>> {
    Ok(on!(conn, c => sqlx::query_as(NAMES).fetch_all(c))?)
}

pub(super) async fn by_direct_key(conn: &mut impl On, key: &[u8]) -> Result<Option<Uuid>> {
    Ok(on!(conn, c => sqlx::query_scalar(BY_DIRECT_KEY).bind(key).fetch_optional(c))?)
}

pub(super) async fn first_channels(conn: &mut impl On, country: Option<&str>) -> Result<Vec<Uuid>> {
    Ok(on!(conn, c => sqlx::query_scalar(FIRST_CHANNELS).bind(country).fetch_all(c))?)
}

/// The newcomers' room.
pub(super) async fn newcomers(conn: &mut impl On) -> Result<Vec<Uuid>> {
    Ok(on!(conn, c => sqlx::query_scalar(NEWCOMERS).fetch_all(c))?)
}

/// Every channel but other people's direct ones: what [`crate::access::may`] then decides about.
pub(super) async fn visible_ids(conn: &mut impl On, account: Uuid) -> Result<Vec<Uuid>> {
    Ok(on!(conn, c => sqlx::query_scalar(VISIBLE_IDS).bind(account).fetch_all(c))?)
}

/// All channels that [`visible_ids`] names, with what concerns the reader.
pub(super) async fn for_reader(conn: &mut impl On, account: Uuid) -> Result<Vec<ChannelRow>> {
    let sql = format!("{READER} WHERE c.kind <> 'direct' OR me.account IS NOT NULL ORDER BY c.number");
    Ok(on!(conn, c => sqlx::query_as(AssertSqlSafe(sql)).bind(account).fetch_all(c))?)
}

pub(super) async fn one_for_reader(conn: &mut impl On, account: Uuid, channel: Uuid) -> Result<Option<ChannelRow>> {
    let sql = format!("{READER} WHERE c.id = $2");
    Ok(on!(conn, c => sqlx::query_as(AssertSqlSafe(sql)).bind(account).bind(channel).fetch_optional(c))?)
}

pub(super) async fn unread(conn: &mut impl On, account: Uuid, channel: Uuid) -> Result<Unread> {
    let row = one_for_reader(conn, account, channel).await?;
    Ok(row.map_or_else(Unread::default, |row| Unread { unread: row.unread, mentions: row.mentions }))
}

pub(super) async fn rename(tx: &mut Tx, channel: Uuid, en: &str, fr: &str) -> Result<()> {
    on!(tx, c => sqlx::query(RENAME).bind(channel).bind(en).bind(fr).execute(c))?;
    Ok(())
}

pub(super) async fn describe(tx: &mut Tx, channel: Uuid, en: &str, fr: &str) -> Result<()> {
    on!(tx, c => sqlx::query(DESCRIBE).bind(channel).bind(en).bind(fr).execute(c))?;
    Ok(())
}

pub(super) async fn set_kind(tx: &mut Tx, channel: Uuid, kind: &str) -> Result<()> {
    on!(tx, c => sqlx::query(SET_KIND).bind(channel).bind(kind).execute(c))?;
    Ok(())
}

/// Lets pictures be attached in a channel that everybody may read, or no longer.
pub(super) async fn set_pictures(tx: &mut Tx, channel: Uuid, on: bool) -> Result<()> {
    on!(tx, c => sqlx::query(SET_PICTURES).bind(channel).bind(on).execute(c))?;
    Ok(())
}

pub(super) async fn set_handling(tx: &mut Tx, channel: Uuid, marking: &str, ceiling: &str, grading: bool) -> Result<()> {
    on!(tx, c => sqlx::query(SET_HANDLING).bind(channel).bind(marking).bind(ceiling).bind(grading).execute(c))?;
    Ok(())
}

/// How many days a channel keeps what is said; `None` also for one that isn't there.
pub(super) async fn retention(conn: &mut impl On, channel: Uuid) -> Result<Option<i64>> {
    let days: Option<Option<i64>> = on!(conn, c => sqlx::query_scalar(RETENTION).bind(channel).fetch_optional(c))?;
    Ok(days.flatten())
}

pub(super) async fn set_retention(tx: &mut Tx, channel: Uuid, days: Option<i64>) -> Result<()> {
    on!(tx, c => sqlx::query(SET_RETENTION).bind(channel).bind(days).execute(c))?;
    Ok(())
}

/// The channels that keep what is said for some days only, and for how many.
pub(super) async fn keeping(conn: &mut impl On) -> Result<Vec<(Uuid, i64)>> {
    Ok(on!(conn, c => sqlx::query_as(KEEPING).fetch_all(c))?)
}

/// Whether something that is RED is said in a channel.
pub(super) async fn holds_red(conn: &mut impl On, channel: Uuid) -> Result<bool> {
    let found: Option<i64> = on!(conn, c => sqlx::query_scalar(HOLDS_RED).bind(channel).fetch_optional(c))?;
    Ok(found.is_some())
}

pub(super) async fn set_archived(tx: &mut Tx, channel: Uuid, at: Option<i64>) -> Result<()> {
    on!(tx, c => sqlx::query(SET_ARCHIVED).bind(channel).bind(at).execute(c))?;
    Ok(())
}

pub(super) async fn insert_member(tx: &mut Tx, channel: Uuid, account: Uuid, at: i64) -> Result<bool> {
    Ok(on!(tx, c => sqlx::query(INSERT_MEMBER).bind(channel).bind(account).bind(at).execute(c))?.rows_affected() == 1)
}

/// Ends a membership, and with it what was read there: whoever comes back begins anew.
pub(super) async fn delete_member(tx: &mut Tx, channel: Uuid, account: Uuid) -> Result<bool> {
    on!(tx, c => sqlx::query(DROP_TOPIC_MARKS).bind(channel).bind(account).execute(c))?;
    Ok(on!(tx, c => sqlx::query(DELETE_MEMBER).bind(channel).bind(account).execute(c))?.rows_affected() == 1)
}

pub(super) async fn is_member(conn: &mut impl On, channel: Uuid, account: Uuid) -> Result<bool> {
    let found: Option<i64> = on!(conn, c => sqlx::query_scalar(IS_MEMBER).bind(channel).bind(account).fetch_optional(c))?;
    Ok(found.is_some())
}

/// Account and date of joining, by account.
pub(super) async fn members(conn: &mut impl On, channel: Uuid, after: Option<Uuid>, limit: i64) -> Result<Vec<(Uuid, i64)>> {
    Ok(on!(conn, c => sqlx::query_as(MEMBERS).bind(channel).bind(after).bind(limit).fetch_all(c))?)
}

/// False if there was one already.
pub(super) async fn insert_request(tx: &mut Tx, channel: Uuid, account: Uuid, at: i64) -> Result<bool> {
    Ok(on!(tx, c => sqlx::query(INSERT_REQUEST).bind(channel).bind(account).bind(at).execute(c))?.rows_affected() == 1)
}

pub(super) async fn delete_request(tx: &mut Tx, channel: Uuid, account: Uuid) -> Result<bool> {
    Ok(on!(tx, c => sqlx::query(DELETE_REQUEST).bind(channel).bind(account).execute(c))?.rows_affected() == 1)
}

pub(super) async fn requests(conn: &mut impl On, channel: Uuid) -> Result<Vec<(Uuid, i64)>> {
    Ok(on!(conn, c => sqlx::query_as(REQUESTS).bind(channel).fetch_all(c))?)
}

pub(super) async fn set_read(tx: &mut Tx, account: Uuid, channel: Uuid, seq: i64) -> Result<()> {
    on!(tx, c => sqlx::query(SET_READ).bind(channel).bind(account).bind(seq).execute(c))?;
    on!(tx, c => sqlx::query(DROP_TOPIC_MARKS).bind(channel).bind(account).execute(c))?;
    Ok(())
}

pub(super) async fn set_topic_mark(tx: &mut Tx, account: Uuid, channel: Uuid, topic: Uuid, seq: i64) -> Result<()> {
    on!(tx, c => sqlx::query(SET_TOPIC_MARK).bind(account).bind(channel).bind(topic).bind(seq).execute(c))?;
    Ok(())
}

/// Where the mark of a channel, or of one topic of it, stands.
pub(super) async fn mark(conn: &mut impl On, account: Uuid, channel: Uuid, topic: Option<Uuid>) -> Result<Option<i64>> {
    match topic {
        None => Ok(on!(conn, c => sqlx::query_scalar(CHANNEL_MARK).bind(channel).bind(account).fetch_optional(c))?),
        Some(topic) => Ok(on!(conn, c => sqlx::query_scalar(TOPIC_MARK).bind(channel).bind(account).bind(topic).fetch_one(c))?),
    }
}

pub(super) async fn read_until(tx: &mut Tx, at: i64) -> Result<()> {
    on!(tx, c => sqlx::query(READ_UNTIL).bind(at).execute(c))?;
    Ok(())
}

pub(super) async fn region_ids(conn: &mut impl On) -> Result<Vec<Uuid>> {
    Ok(on!(conn, c => sqlx::query_scalar(REGION_IDS).fetch_all(c))?)
}

/// English and French.
pub(super) async fn name(conn: &mut impl On, channel: Uuid) -> Result<Option<(Option<String>, Option<String>)>> {
    Ok(on!(conn, c => sqlx::query_as(NAME).bind(channel).fetch_optional(c))?)
}

/// An account's channels, and since when.
pub(super) async fn memberships(conn: &mut impl On, account: Uuid) -> Result<Vec<(Uuid, i64)>> {
    Ok(on!(conn, c => sqlx::query_as(MEMBERSHIPS).bind(account).fetch_all(c))?)
}

pub(super) async fn holes(conn: &mut impl On) -> Result<Vec<Uuid>> {
    Ok(on!(conn, c => sqlx::query_scalar(HOLES).fetch_all(c))?)
}

/// Channels without the topic that every channel has.
pub(super) async fn without_general(conn: &mut impl On) -> Result<Vec<Uuid>> {
    Ok(on!(conn, c => sqlx::query_scalar(WITHOUT_GENERAL).fetch_all(c))?)
}

/// How many topics of a channel are looked through for words of their titles, those first in which something was said last.
const TITLES: i64 = 5_000;

/// Topics of the channels of these numbers whose titles have words that begin so: id, channel, title; those first in which something was
/// said last.
pub(super) async fn titled(
    conn: &mut impl On,
    channels: &[i64],
    beginnings: &[String],
    limit: usize,
) -> Result<Vec<(Uuid, Uuid, String)>> {
    let mut sql = String::from(
        "SELECT id, channel, title FROM (
            SELECT t.id, t.channel, t.title, t.title_key, t.last_at FROM topic t
            WHERE NOT t.general AND t.title <> '' 
                AND t.channel IN (SELECT c.id FROM channel c WHERE c.number IN (SELECT value FROM json_each($1)))
            ORDER BY t.last_at DESC LIMIT $2
        ) WHERE TRUE",
    );
    for at in 0..beginnings.len() {
        let _ = write!(sql, " AND ' ' || title_key LIKE ${}", at + 4);
    }
    sql += " ORDER BY last_at DESC LIMIT $3";
    let channels = serde_json::to_string(&channels).unwrap_or_default();
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    on!(conn, c => {
        let mut statement = sqlx::query_as(AssertSqlSafe(sql.clone())).bind(&channels).bind(TITLES).bind(limit);
        for beginning in beginnings {
            statement = statement.bind(format!("% {beginning}%"));
        }
        statement.fetch_all(c)
    })
    .map_err(Into::into)
}
