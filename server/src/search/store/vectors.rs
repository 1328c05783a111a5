//! What messages mean, as vectors.

use sqlx::AssertSqlSafe;

use super::Passing;
use super::hits::Within;
use crate::access::handling::{Labels, may_be_handed_over, strictest};
use crate::base::db::{Direct, On, Result, Tx, set_setting, setting};

/// The setting that says of which model the vectors are.
const MODEL: &str = "search.meaning";
const CLEAR: &str = "DELETE FROM message_vector";
/// Only where vectors are kept at all.
const DUE: &str = "INSERT INTO message_vector (n) SELECT n FROM message
    WHERE n = $1 AND deleted_at IS NULL AND EXISTS (SELECT 1 FROM setting WHERE key = $2 AND value <> '')
    ON CONFLICT (n) DO UPDATE SET vector = NULL";
const FORGET: &str = "DELETE FROM message_vector WHERE n = $1";
/// Everything but the newest so many.
const TRIM: &str = "DELETE FROM message_vector WHERE n < (SELECT n FROM message_vector ORDER BY n DESC LIMIT 1 OFFSET $1)";
/// Not where the message has changed since it was read.
const KEEP: &str = "INSERT INTO message_vector (n, vector) SELECT m.n, $4 FROM message m JOIN channel c ON c.id = m.channel
    WHERE m.n = $1 AND m.deleted_at IS NULL AND c.number = $2 AND m.changed_seq = $3
    ON CONFLICT (n) DO UPDATE SET vector = excluded.vector";
const LOAD: &str = "SELECT f.n, f.place, f.language, v.vector FROM message_vector v CROSS JOIN message_fact f ON f.n = v.n
    WHERE v.n < $1 AND length(v.vector) > 0 ORDER BY v.n DESC LIMIT $2";
const KEPT: &str = "SELECT coalesce(json_group_array(n), '[]') FROM message_vector WHERE n >= $1";
const LOWEST: &str = "SELECT coalesce(min(n), 0) FROM (SELECT n FROM message_vector ORDER BY n DESC LIMIT $1)";
const STANDING: &str =
    "SELECT m.n, m.changed_seq, c.number, c.kind, c.marking AS channel_marking, m.marking, m.labels, q.marking AS quote_marking,
        q.labels AS quote_labels, f.place, f.language, CASE WHEN v.vector IS NULL THEN m.body END AS body, v.n IS NOT NULL AS kept
    FROM message m CROSS JOIN message_fact f ON f.n = m.n CROSS JOIN channel c ON c.id = m.channel
        LEFT JOIN message_vector v ON v.n = m.n LEFT JOIN message q ON q.id = m.quote";
const BETWEEN: &str = "WHERE m.n > $1 AND m.n <= $2 AND m.deleted_at IS NULL ORDER BY m.n DESC";
const TO_BE_MADE: &str = "WHERE m.n IN (SELECT n FROM message_vector WHERE vector IS NULL LIMIT $1) AND m.deleted_at IS NULL";
/// Of these messages, those in the places one may look into; what is asked of the index is put behind it.
const AMONG: &str = "SELECT f.n, f.place, f.language
    FROM json_each($1) w CROSS JOIN message_vector v ON v.n = w.value CROSS JOIN message_fact f ON f.n = v.n
    WHERE length(v.vector) > 0 AND f.n < $2 AND f.n >= $3 AND f.place IN (SELECT value FROM json_each($4))
        AND ($5 IS NULL OR f.language IN (SELECT value FROM json_each($5)))";
const SURPLUS: &str = "SELECT v.n FROM message_vector v
    WHERE NOT EXISTS (SELECT 1 FROM message m WHERE m.n = v.n AND m.deleted_at IS NULL) ORDER BY v.n LIMIT 20";
const COUNT: &str = "SELECT count(*) FROM message_vector WHERE vector IS NOT NULL";
const COULD: &str = "SELECT count(*) FROM (SELECT 1 FROM message m JOIN channel c ON c.id = m.channel
    WHERE m.deleted_at IS NULL AND c.kind <> 'direct' AND m.marking IN (SELECT value FROM json_each($1))
        AND c.marking IN (SELECT value FROM json_each($1))
        AND (m.labels IS NULL OR EXISTS (SELECT 1 FROM message_vector v WHERE v.n = m.n)) LIMIT $2)";

/// A message as it stands, and how it is to be handled.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(in crate::search) struct Standing {
    pub(in crate::search) n: i64,
    changed_seq: i64,
    /// Of its channel.
    number: i64,
    kind: String,
    channel_marking: String,
    marking: String,
    labels: Option<String>,
    quote_marking: Option<String>,
    quote_labels: Option<String>,
    pub(in crate::search) place: i64,
    pub(in crate::search) language: i64,
    /// Where its vector is to be made.
    pub(in crate::search) body: Option<String>,
    /// Whether there is something of it, if only that it is to be made anew.
    pub(in crate::search) kept: bool,
}

impl Standing {
    /// Whether its words may be handed to a machine where no more than `allowance` is: with the labels of what it quotes, and
    /// never what a few people say to each other.
    pub(in crate::search) fn may_leave(&self, allowance: &str) -> bool {
        let marking = strictest(&self.marking, &self.channel_marking);
        let marking = self.quote_marking.as_deref().map_or(marking, |quote| strictest(marking, quote));
        let labels = Labels::of(self.labels.as_deref()).bound_by(&Labels::of(self.quote_labels.as_deref()));
        self.kind != "direct" && may_be_handed_over(marking, allowance, &labels)
    }
}

/// The model that the vectors are of.
pub(in crate::search) async fn model(conn: &mut impl On) -> Result<Option<String>> {
    setting(conn, MODEL).await
}

/// Takes all vectors away; those to come are of this model.
pub(in crate::search) async fn begin_anew(tx: &mut Tx, model: &str) -> Result<()> {
    on!(tx, c => sqlx::query(CLEAR).execute(c))?;
    set_setting(tx, MODEL, model).await
}

/// The message is another one, or handled otherwise, than when its vector was made, or wasn't.
pub(in crate::search) async fn make_due(tx: &mut Tx, n: i64) -> Result<()> {
    on!(tx, c => sqlx::query(DUE).bind(n).bind(MODEL).execute(c))?;
    Ok(())
}

pub(in crate::search) async fn forget(tx: &mut Tx, n: i64) -> Result<()> {
    on!(tx, c => sqlx::query(FORGET).bind(n).execute(c))?;
    Ok(())
}

pub(in crate::search) async fn trim(tx: &mut Tx, newest: i64) -> Result<()> {
    on!(tx, c => sqlx::query(TRIM).bind(newest - 1).execute(c))?;
    Ok(())
}

/// Keeps the vector of a message as it was read; false if it has changed since.
pub(in crate::search) fn keep(direct: &mut Direct<'_>, of: &Standing, vector: &[u8]) -> Result<bool> {
    Ok(direct.execute(KEEP, &[&of.n, &of.number, &of.changed_seq, &vector])? > 0)
}

/// The vector of a message is to be made of what it is now.
pub(in crate::search) fn keep_due(direct: &mut Direct<'_>, of: &Standing) -> Result<()> {
    direct.execute(DUE, &[&of.n, &MODEL])?;
    Ok(())
}

/// A vector and where its message stands.
pub(in crate::search) type Loaded = (i64, i64, i64, Vec<u8>);

/// The vectors of messages below a number, newest first.
pub(in crate::search) async fn load(conn: &mut impl On, below: i64, limit: i64) -> Result<Vec<Loaded>> {
    Ok(on!(conn, c => sqlx::query_as(LOAD).bind(below).bind(limit).fetch_all(c))?)
}

/// The numbers of messages from one on of which there is something.
pub(in crate::search) async fn kept(conn: &mut impl On, from: i64) -> Result<Vec<i64>> {
    let list: String = on!(conn, c => sqlx::query_scalar(KEPT).bind(from).fetch_one(c))?;
    Ok(serde_json::from_str(&list).unwrap_or_default())
}

/// The lowest number among the newest so many.
pub(in crate::search) async fn lowest(conn: &mut impl On, newest: i64) -> Result<i64> {
    Ok(on!(conn, c => sqlx::query_scalar(LOWEST).bind(newest).fetch_one(c))?)
}

/// The messages above a number and up to another one that the index holds, newest first.
pub(in crate::search) async fn between(conn: &mut impl On, above: i64, upto: i64) -> Result<Vec<Standing>> {
    standing(conn, BETWEEN, (above, upto)).await
}

/// Messages whose vectors are to be made anew.
pub(in crate::search) async fn due(conn: &mut impl On, limit: i64) -> Result<Vec<Standing>> {
    standing(conn, TO_BE_MADE, (limit, 0)).await
}

async fn standing(conn: &mut impl On, which: &str, values: (i64, i64)) -> Result<Vec<Standing>> {
    let sql = format!("{STANDING} {which}");
    Ok(on!(conn, c => {
        let statement = sqlx::query_as(AssertSqlSafe(sql.clone())).bind(values.0);
        if which == BETWEEN { statement.bind(values.1) } else { statement }.fetch_all(c)
    })?)
}

/// Which of these messages are where one may look, and have what is required of the index and nothing that is unwanted.
pub(in crate::search) async fn among(
    conn: &mut impl On,
    ns: &[i64],
    within: &Within,
    (required, unwanted): (Option<&str>, Option<&str>),
) -> Result<Vec<Passing>> {
    let mut sql = String::from(AMONG);
    if required.is_some() {
        sql.push_str(" AND f.n IN (SELECT rowid FROM message_index WHERE message_index MATCH $6)");
    }
    if unwanted.is_some() {
        sql.push_str(" AND f.n NOT IN (SELECT rowid FROM message_index WHERE message_index MATCH $7)");
    }
    let ns = serde_json::to_string(ns).unwrap_or_default();
    Ok(on!(conn, c => sqlx::query_as(AssertSqlSafe(sql.clone())).bind(&ns).bind(within.below).bind(within.from)
        .bind(&within.places).bind(within.languages.as_deref()).bind(required).bind(unwanted).fetch_all(c))?)
}

/// How many messages have a vector, and how many might have one at most: so many, up to one of these markings.
pub(in crate::search) async fn counts(conn: &mut impl On, markings: &[&str], most: i64) -> Result<(i64, i64)> {
    let markings = serde_json::to_string(markings).unwrap_or_default();
    let kept: i64 = on!(conn, c => sqlx::query_scalar(COUNT).fetch_one(c))?;
    let could: i64 = on!(conn, c => sqlx::query_scalar(COULD).bind(&markings).bind(most).fetch_one(c))?;
    Ok((kept, could.max(kept)))
}

/// Numbers of vectors that no message has, or a deleted one (twenty at most).
pub(in crate::search) async fn surplus(conn: &mut impl On) -> Result<Vec<i64>> {
    Ok(on!(conn, c => sqlx::query_scalar(SURPLUS).fetch_all(c))?)
}
