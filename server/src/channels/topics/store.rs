//! Topics, their tags and their departures.

use sqlx::AssertSqlSafe;
use uuid::Uuid;

use super::{NewTopic, TopicRow};
use crate::base::db::{Direct, On, Result, Tx};
use crate::base::text;

const INSERT: &str = "INSERT INTO topic (id, channel, title, title_key, general, last_at, changed_seq, created_at, created_by)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $6, $8)";
const BY_TITLE: &str = "SELECT id FROM topic WHERE channel = $1 AND title_key = $2";
const POSTED: &str = "UPDATE topic SET messages = messages + 1, last_seq = $2, last_at = $3 WHERE id = $1";
const RENAME: &str = "UPDATE topic SET title = $2, title_key = $3, changed_seq = $4 WHERE id = $1";
const RESOLVE: &str = "UPDATE topic SET resolved_at = $2, resolved_by = $3, changed_seq = $4 WHERE id = $1";
const TOUCH: &str = "UPDATE topic SET changed_seq = $2 WHERE id = $1";
const MOVE: &str = "UPDATE topic SET channel = $2, changed_seq = $3, last_seq = $4 WHERE id = $1";
const DEPART: &str = "INSERT INTO topic_departure (channel, topic, changed_seq) VALUES ($1, $2, $3)";
const DEPARTURES: &str =
    "SELECT topic, changed_seq FROM topic_departure WHERE channel = $1 AND changed_seq > $2 AND changed_seq <= $3
    ORDER BY changed_seq";
const FIRST_UNREAD: &str = "SELECT min(g.seq) FROM message g JOIN membership me ON me.channel = g.channel AND me.account = $1
        LEFT JOIN topic_read r ON r.account = $1 AND r.topic = g.topic
    WHERE g.topic = $2 AND g.seq > me.read_seq AND g.seq > coalesce(r.seq, 0) AND g.author <> $1 AND g.deleted_at IS NULL";
const UNTAG: &str = "DELETE FROM topic_tag WHERE topic = $1 AND kind = $2";
const TAG: &str = "INSERT INTO topic_tag (topic, kind, value) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
const DOUBLED: &str = "SELECT DISTINCT t.id FROM topic t
    WHERE EXISTS (SELECT 1 FROM topic o WHERE o.channel = t.channel AND o.changed_seq = t.changed_seq AND o.id < t.id)";

/// A topic `t` for reader `$1`: counts as in `channels/store.rs`, capped at 100.
const READER: &str =
    "SELECT t.id, t.channel, t.title, t.general, t.messages, t.last_seq, t.last_at, t.changed_seq, t.created_at, t.created_by,
        t.resolved_at, (SELECT string_agg(g.kind || ':' || g.value, ' ') FROM topic_tag g WHERE g.topic = t.id) AS tags,
        (SELECT count(*) FROM (SELECT 1 FROM message g WHERE g.topic = t.id AND g.seq > me.read_seq AND g.seq > coalesce(r.seq, 0)
            AND g.author <> $1 AND g.deleted_at IS NULL LIMIT 100) AS some) AS unread,
        (SELECT count(*) FROM (SELECT 1 FROM mention n JOIN message g ON g.n = n.message WHERE n.account = $1 AND g.topic = t.id
            AND g.seq > me.read_seq AND g.seq > coalesce(r.seq, 0) AND g.deleted_at IS NULL LIMIT 100) AS some) AS mentions
    FROM topic t LEFT JOIN membership me ON me.channel = t.channel AND me.account = $1
        LEFT JOIN topic_read r ON r.account = $1 AND r.topic = t.id";
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
        .bind(t.created_by)
        .execute(c))?;
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
        "{READER} WHERE t.channel = $2 AND ($3 IS NULL OR t.title_key LIKE $3) AND ($4 IS NULL OR (t.resolved_at IS NOT NULL) = $4)
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

/// Topics of a channel with something unread for this reader, latest activity first; and whether the limit left some out.
pub async fn missed(conn: &mut impl On, account: Uuid, channel: Uuid, limit: usize) -> Result<(Vec<TopicRow>, bool)> {
    let sql = format!(
        "{READER} WHERE t.channel = $2 AND t.last_seq > me.read_seq AND t.last_seq > coalesce(r.seq, 0) ORDER BY t.last_at DESC LIMIT $3"
    );
    let one_more = i64::try_from(limit).unwrap_or(i64::MAX).saturating_add(1);
    let mut rows: Vec<TopicRow> =
        on!(conn, c => sqlx::query_as(AssertSqlSafe(sql)).bind(account).bind(channel).bind(one_more).fetch_all(c))?;
    let more = rows.len() > limit;
    rows.truncate(limit);
    rows.retain(|row| row.unread > 0);
    Ok((rows, more))
}

/// The place of the first message of a topic that this reader hasn't read.
pub async fn first_unread(conn: &mut impl On, account: Uuid, topic: Uuid) -> Result<Option<i64>> {
    Ok(on!(conn, c => sqlx::query_scalar(FIRST_UNREAD).bind(account).bind(topic).fetch_one(c))?)
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
