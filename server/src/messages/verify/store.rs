//! What messages, their topics and the index must agree on. Run over a whole region: each statement is one pass.

use uuid::Uuid;

use crate::base::db::{On, Result};

/// Rows named of a kind at most: one says that something is wrong, twenty say what.
const NAMED: i64 = 20;

const STRAYS: &str =
    "SELECT m.id FROM message m JOIN topic t ON t.id = m.topic WHERE t.channel <> m.channel ORDER BY m.n LIMIT $1";
const AHEAD: &str = "SELECT m.id FROM message m WHERE m.seq > m.changed_seq OR m.seq < 1 ORDER BY m.n LIMIT $1";
/// The place of the last message is told of topics that have one: an empty one may have been moved.
const MISCOUNTED: &str = "SELECT t.id FROM topic t
        LEFT JOIN (SELECT topic, count(*) AS messages, max(seq) AS last_seq FROM message GROUP BY topic) g ON g.topic = t.id
    WHERE t.messages <> coalesce(g.messages, 0) OR (g.messages > 0 AND t.last_seq <> g.last_seq) ORDER BY t.id LIMIT $1";
/// A topic and the message that begins it are one change; any other two have numbers of their own.
const SHARED: &str = "SELECT m.id FROM topic t JOIN message m ON m.channel = t.channel AND m.changed_seq = t.changed_seq
    WHERE m.topic <> t.id ORDER BY m.n LIMIT $1";
const MENTIONING: &str = "SELECT n, id, mentions FROM message WHERE mentions IS NOT NULL ORDER BY n";
const MENTIONED: &str = "SELECT n.message, m.id, n.account FROM mention n JOIN message m ON m.n = n.message ORDER BY n.message";

/// Messages in another channel than their topic.
pub(super) async fn strays(conn: &mut impl On) -> Result<Vec<Uuid>> {
    Ok(on!(conn, c => sqlx::query_scalar(STRAYS).bind(NAMED).fetch_all(c))?)
}

/// Messages whose place comes after their last change.
pub(super) async fn ahead(conn: &mut impl On) -> Result<Vec<Uuid>> {
    Ok(on!(conn, c => sqlx::query_scalar(AHEAD).bind(NAMED).fetch_all(c))?)
}

/// Topics that count other messages than there are.
pub(super) async fn miscounted(conn: &mut impl On) -> Result<Vec<Uuid>> {
    Ok(on!(conn, c => sqlx::query_scalar(MISCOUNTED).bind(NAMED).fetch_all(c))?)
}

/// Messages with the number of another topic's change.
pub(super) async fn shared(conn: &mut impl On) -> Result<Vec<Uuid>> {
    Ok(on!(conn, c => sqlx::query_scalar(SHARED).bind(NAMED).fetch_all(c))?)
}

/// Number, id and mentions, as readers get them, of messages that call somebody.
pub(super) async fn mentioning(conn: &mut impl On) -> Result<Vec<(i64, Uuid, String)>> {
    Ok(on!(conn, c => sqlx::query_as(MENTIONING).fetch_all(c))?)
}

/// Number and id of a message and whom it calls, as counted.
pub(super) async fn mentioned(conn: &mut impl On) -> Result<Vec<(i64, Uuid, Uuid)>> {
    Ok(on!(conn, c => sqlx::query_as(MENTIONED).fetch_all(c))?)
}
