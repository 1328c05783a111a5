//! Topics, their tags and their departures.

use sqlx::AssertSqlSafe;
use uuid::Uuid;

use super::super::changes::Nonce;
use super::{NewTopic, TopicRow};
use crate::base::db::{Direct, On, Result, Tx};
use crate::base::text;

const INSERT: &str = "INSERT INTO topic (id, channel, title, title_key, general, last_at, changed_seq, created_at, created_by,
        nonce)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $6, $8, $9)";
const SET_NONCE: &str = "UPDATE topic SET nonce = $2 WHERE id = $1";
const PLACE: &str = "SELECT channel FROM topic WHERE id = $1";
const BY_TITLE: &str = "SELECT id FROM topic WHERE channel = $1 AND title_key = $2";
const POSTED: &str = "UPDATE topic SET messages = messages + 1, last_seq = $2, last_at = $3 WHERE id = $1";
const RENAME: &str = "UPDATE topic SET title = $2, title_key = $3, changed_seq = $4 WHERE id = $1";
/// The place of the folded title is taken by what no title can be.
const ERASE_TITLE: &str = "UPDATE topic SET title = '', title_key = $2, nonce = NULL, title_erased_at = $3, changed_seq = $4
    WHERE id = $1";
const RESOLVE: &str = "UPDATE topic SET resolved_at = $2, resolved_by = $3, changed_seq = $4 WHERE id = $1";
const TOUCH: &str = "UPDATE topic SET changed_seq = $2 WHERE id = $1";
const MOVE: &str = "UPDATE topic SET channel = $2, changed_seq = $3, last_seq = $4 WHERE id = $1";
const DEPART: &str = "INSERT INTO topic_departure (channel, topic, changed_seq) VALUES ($1, $2, $3)";
const DEPARTURES: &str =
    "SELECT topic, changed_seq FROM topic_departure WHERE channel = $1 AND changed_seq > $2 AND changed_seq <= $3
    ORDER BY changed_seq";
const FIRST_UNREAD: &str = "SELECT (SELECT g.seq FROM message g WHERE g.topic = t.id AND g.seq > coalesce(r.seq, me.read_seq)
        AND g.author <> $1 AND g.deleted_at IS NULL ORDER BY g.seq LIMIT 1)
    FROM topic t JOIN membership me ON me.channel = t.channel AND me.account = $1
        LEFT JOIN topic_mark r ON r.account = $1 AND r.channel = t.channel AND r.topic = t.id
    WHERE t.id = $2";
/// Up to where each member of `$2` has read the topic, if they belong to `$3` as well.
const MARKS: &str = "SELECT f.account, coalesce(r.seq, f.read_seq) FROM membership f
        JOIN membership o ON o.channel = $3 AND o.account = f.account
        LEFT JOIN topic_mark r ON r.account = f.account AND r.channel = f.channel AND r.topic = $1
    WHERE f.channel = $2";
const DROP_MARKS: &str = "DELETE FROM topic_mark WHERE channel = $2 AND topic = $1
    AND account IN (SELECT account FROM membership WHERE channel = $2)";
const MARK: &str = "INSERT INTO topic_mark (account, channel, topic, seq) VALUES ($1, $2, $3, $4)";
const UNTAG: &str = "DELETE FROM topic_tag WHERE topic = $1 AND kind = $2";
const TAG: &str = "INSERT INTO topic_tag (topic, kind, value) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
const DOUBLED: &str = "SELECT DISTINCT t.id FROM topic t
    WHERE EXISTS (SELECT 1 FROM topic o WHERE o.channel = t.channel AND o.changed_seq = t.changed_seq AND o.id < t.id)";

/// A topic `t` for reader `$1`: counts as in `channels/store.rs`, capped at 100.
const READER: &str =
    "SELECT t.id, t.channel, t.title, t.general, t.messages, t.last_seq, t.last_at, t.changed_seq, t.created_at, t.created_by,
        t.resolved_at, (SELECT string_agg(g.kind || ':' || g.value, ' ') FROM topic_tag g WHERE g.topic = t.id) AS tags,
        (SELECT count(*) FROM (SELECT 1 FROM message g WHERE g.topic = t.id AND g.seq > coalesce(r.seq, me.read_seq)
            AND g.author <> $1 AND g.deleted_at IS NULL LIMIT 100) AS some) AS unread,
        (SELECT count(*) FROM (SELECT 1 FROM mention n WHERE n.account = $1 AND n.channel = t.channel AND n.topic = t.id
            AND n.seq > coalesce(r.seq, me.read_seq) LIMIT 100) AS some) AS mentions
    FROM topic t LEFT JOIN membership me ON me.channel = t.channel AND me.account = $1
        LEFT JOIN topic_mark r ON r.account = me.account AND r.channel = t.channel AND r.topic = t.id";
/// Topics with something that reader `$1` hasn't read, in all own channels: those first in which the reader was called,
/// then by their latest activity. `$2` to `$4` are the place after which to go on.
const MISSED: &str = "SELECT m.called, m.last_at, m.id FROM (
        SELECT t.id, t.last_at, CASE WHEN EXISTS (SELECT 1 FROM mention n WHERE n.account = $1 AND n.channel = t.channel
                AND n.topic = t.id AND n.seq > coalesce(r.seq, me.read_seq)) THEN 1 ELSE 0 END AS called
        FROM membership me JOIN topic t ON t.channel = me.channel
            LEFT JOIN topic_mark r ON r.account = me.account AND r.channel = t.channel AND r.topic = t.id
        WHERE me.account = $1 AND t.last_seq > coalesce(r.seq, me.read_seq)
            AND EXISTS (SELECT 1 FROM message g WHERE g.topic = t.id AND g.seq > coalesce(r.seq, me.read_seq)
                AND g.author <> $1 AND g.deleted_at IS NULL)) m
    WHERE $2 IS NULL OR m.called < $2 OR (m.called = $2 AND (m.last_at < $3 OR (m.last_at = $3 AND m.id < $4)))
    ORDER BY m.called DESC, m.last_at DESC, m.id DESC LIMIT $5";
/// The same for nobody in particular.
const PLAIN: &str =
    "SELECT t.id, t.channel, t.title, t.general, t.messages, t.last_seq, t.last_at, t.changed_seq, t.created_at, t.created_by,
        t.resolved_at, (SELECT string_agg(g.kind || ':' || g.value, ' ') FROM topic_tag g WHERE g.topic = t.id) AS tags,
        0 AS unread, 0 AS mentions FROM topic t";

/// What a list of topics is narrowed to.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Part of the folded title.
    pub title: Option<String>,
    /// Only settled ones, or only open ones.
    pub resolved: Option<bool>,
    /// The position after which to go on: `last_at` and id of the last topic seen.
    pub after: Option<(i64, Uuid)>,
}

/// Creates a topic.
pub async fn insert(tx: &mut Tx, t: &NewTopic) -> Result<()> {
    on!(tx, c => sqlx::query(INSERT)
        .bind(t.id).bind(t.channel).bind(&t.title).bind(text::fold(&t.title)).bind(t.general).bind(t.created_at).bind(t.changed_seq)
        .bind(t.created_by).bind(t.nonce.as_slice())
        .execute(c))?;
    Ok(())
}

pub(super) async fn set_nonce(tx: &mut Tx, topic: Uuid, nonce: &Nonce) -> Result<()> {
    on!(tx, c => sqlx::query(SET_NONCE).bind(topic).bind(nonce.as_slice()).execute(c))?;
    Ok(())
}

/// The topic of this title, whatever its case and accents.
pub async fn by_title(conn: &mut impl On, channel: Uuid, title: &str) -> Result<Option<Uuid>> {
    Ok(on!(conn, c => sqlx::query_scalar(BY_TITLE).bind(channel).bind(text::fold(title)).fetch_optional(c))?)
}

/// Notes a message.
pub async fn posted(tx: &mut Tx, topic: Uuid, seq: i64, at: i64) -> Result<()> {
    on!(tx, c => sqlx::query(POSTED).bind(topic).bind(seq).bind(at).execute(c))?;
    Ok(())
}

/// The same without awaiting.
pub fn posted_directly(direct: &mut Direct<'_>, topic: Uuid, seq: i64, at: i64) -> Result<()> {
    direct.execute(POSTED, &[&topic, &seq, &at]).map(drop)
}

/// The channel that a topic is in.
pub async fn place(conn: &mut impl On, id: Uuid) -> Result<Option<Uuid>> {
    Ok(on!(conn, c => sqlx::query_scalar(PLACE).bind(id).fetch_optional(c))?)
}

/// The topic, for everybody.
pub async fn topic(conn: &mut impl On, id: Uuid) -> Result<Option<TopicRow>> {
    let sql = format!("{PLAIN} WHERE t.id = $1");
    Ok(on!(conn, c => sqlx::query_as(AssertSqlSafe(sql)).bind(id).fetch_optional(c))?)
}

/// The topic, for a reader.
pub async fn for_reader(conn: &mut impl On, account: Uuid, id: Uuid) -> Result<Option<TopicRow>> {
    let sql = format!("{READER} WHERE t.id = $2");
    Ok(on!(conn, c => sqlx::query_as(AssertSqlSafe(sql)).bind(account).bind(id).fetch_optional(c))?)
}

/// A channel's topics, latest activity first.
pub async fn of_channel(conn: &mut impl On, account: Uuid, channel: Uuid, filter: &Filter, limit: i64) -> Result<Vec<TopicRow>> {
    let sql = format!(
        "{READER} WHERE t.channel = $2 AND ($3 IS NULL OR (t.title <> '' AND t.title_key LIKE $3)) AND ($4 IS NULL OR (t.resolved_at IS NOT NULL) = $4)
        AND ($5 IS NULL OR t.last_at < $5 OR (t.last_at = $5 AND t.id < $6)) ORDER BY t.last_at DESC, t.id DESC LIMIT $7"
    );
    let like = filter.title.as_ref().map(|title| format!("%{}%", title.replace(['%', '_'], "")));
    let (at, id) = filter.after.unzip();
    Ok(on!(conn, c => sqlx::query_as(AssertSqlSafe(sql))
        .bind(account).bind(channel).bind(like).bind(filter.resolved).bind(at).bind(id).bind(limit)
        .fetch_all(c))?)
}

/// Topics with both tags (or one of them), over all channels, latest activity first. The caller filters by permission.
pub async fn tagged(conn: &mut impl On, account: Uuid, country: Option<&str>, theme: Option<&str>) -> Result<Vec<TopicRow>> {
    let sql = format!(
        "{READER} WHERE ($2 IS NULL OR EXISTS (SELECT 1 FROM topic_tag a WHERE a.topic = t.id AND a.kind = 'country' AND a.value = $2))
        AND ($3 IS NULL OR EXISTS (SELECT 1 FROM topic_tag b WHERE b.topic = t.id AND b.kind = 'theme' AND b.value = $3))
        AND EXISTS (SELECT 1 FROM topic_tag d WHERE d.topic = t.id) ORDER BY t.last_at DESC, t.id DESC LIMIT 500"
    );
    Ok(on!(conn, c => sqlx::query_as(AssertSqlSafe(sql)).bind(account).bind(country).bind(theme).fetch_all(c))?)
}

/// A place in the list of what was missed: whether the reader is called there, its latest activity, the topic.
pub type MissedAt = (i64, i64, Uuid);

/// The places of topics with something unread for this reader, in all own channels: where one is called by name first,
/// then the latest.
pub async fn missed(conn: &mut impl On, account: Uuid, after: Option<MissedAt>, limit: i64) -> Result<Vec<MissedAt>> {
    let (called, at, id) = after.map_or((None, None, None), |(called, at, id)| (Some(called), Some(at), Some(id)));
    Ok(on!(conn, c => sqlx::query_as(MISSED).bind(account).bind(called).bind(at).bind(id).bind(limit).fetch_all(c))?)
}

/// The place of the first message of a topic that this reader hasn't read.
pub async fn first_unread(conn: &mut impl On, account: Uuid, topic: Uuid) -> Result<Option<i64>> {
    let found: Option<Option<i64>> =
        on!(conn, c => sqlx::query_scalar(FIRST_UNREAD).bind(account).bind(topic).fetch_optional(c))?;
    Ok(found.flatten())
}

/// Topics that themselves changed in a range of a channel's changes, ascending.
pub async fn changed(conn: &mut impl On, channel: Uuid, after: i64, upto: i64) -> Result<Vec<TopicRow>> {
    let sql = format!("{PLAIN} WHERE t.channel = $1 AND t.changed_seq > $2 AND t.changed_seq <= $3 ORDER BY t.changed_seq");
    Ok(on!(conn, c => sqlx::query_as(AssertSqlSafe(sql)).bind(channel).bind(after).bind(upto).fetch_all(c))?)
}

/// Topics that left a channel in a range of its changes: topic and change, ascending.
pub async fn departures(conn: &mut impl On, channel: Uuid, after: i64, upto: i64) -> Result<Vec<(Uuid, i64)>> {
    Ok(on!(conn, c => sqlx::query_as(DEPARTURES).bind(channel).bind(after).bind(upto).fetch_all(c))?)
}

/// Gives a topic another title.
pub async fn rename(tx: &mut Tx, topic: Uuid, title: &str, seq: i64) -> Result<()> {
    on!(tx, c => sqlx::query(RENAME).bind(topic).bind(title).bind(text::fold(title)).bind(seq).execute(c))?;
    Ok(())
}

/// Takes a topic's title away; the topic has none until somebody gives it another one.
pub async fn erase_title(tx: &mut Tx, topic: Uuid, at: i64, seq: i64) -> Result<()> {
    on!(tx, c => sqlx::query(ERASE_TITLE).bind(topic).bind(format!("\n{topic}")).bind(at).bind(seq).execute(c))?;
    Ok(())
}

/// Settles a topic, or opens it again.
pub async fn resolve(tx: &mut Tx, topic: Uuid, at: Option<i64>, by: Uuid, seq: i64) -> Result<()> {
    on!(tx, c => sqlx::query(RESOLVE).bind(topic).bind(at).bind(at.map(|_| by)).bind(seq).execute(c))?;
    Ok(())
}

/// Replaces the tags of a kind.
pub async fn tag(tx: &mut Tx, topic: Uuid, kind: &str, values: &[String], seq: i64) -> Result<()> {
    on!(tx, c => sqlx::query(UNTAG).bind(topic).bind(kind).execute(c))?;
    for value in values {
        on!(tx, c => sqlx::query(TAG).bind(topic).bind(kind).bind(value).execute(c))?;
    }
    on!(tx, c => sqlx::query(TOUCH).bind(topic).bind(seq).execute(c))?;
    Ok(())
}

/// Puts a topic into another channel and notes in the old one that it is gone.
pub async fn relocate(tx: &mut Tx, topic: Uuid, from: (Uuid, i64), to: (Uuid, i64), last_seq: i64) -> Result<()> {
    on!(tx, c => sqlx::query(DEPART).bind(from.0).bind(topic).bind(from.1).execute(c))?;
    on!(tx, c => sqlx::query(MOVE).bind(topic).bind(to.0).bind(to.1).bind(last_seq).execute(c))?;
    Ok(())
}

/// Topics whose last change has the number of another topic's.
pub async fn doubled(conn: &mut impl On) -> Result<Vec<Uuid>> {
    Ok(on!(conn, c => sqlx::query_scalar(DOUBLED).fetch_all(c))?)
}

/// Takes read marks along with a topic that moves: `carried` says to which place a mark goes, `None` for none. What
/// somebody hasn't read stays unread for them, and only those who belong to both channels have read anything of it.
pub async fn move_marks(tx: &mut Tx, topic: Uuid, from: Uuid, to: Uuid, carried: impl Fn(i64) -> Option<i64>) -> Result<()> {
    let marks: Vec<(Uuid, i64)> = on!(tx, c => sqlx::query_as(MARKS).bind(topic).bind(from).bind(to).fetch_all(c))?;
    on!(tx, c => sqlx::query(DROP_MARKS).bind(topic).bind(from).execute(c))?;
    for (account, mark) in marks {
        if let Some(seq) = carried(mark) {
            on!(tx, c => sqlx::query(MARK).bind(account).bind(to).bind(topic).bind(seq).execute(c))?;
        }
    }
    Ok(())
}
