//! How much is said about what.

use sqlx::FromRow;

use crate::base::db::{On, Result, Tx, set_setting, setting};

/// The number of the last message that was counted.
const REACH: &str = "home.reach";
const NEWEST: &str = "SELECT coalesce(max(n), 0) FROM message";
/// 86,400,000,000 microseconds are a day; see `model::week`.
const COUNT: &str = "INSERT INTO topic_week (week, topic, messages)
    SELECT (posted_at / 86400000000 + 3) / 7 AS week, topic, count(*) FROM message WHERE n > $1 AND n <= $2 GROUP BY week, topic
    ON CONFLICT (week, topic) DO UPDATE SET messages = messages + excluded.messages";
/// A topic counts for the theme of its channel and for those it is tagged with, for each once.
const THEMES: &str = "SELECT week, theme, CAST(sum(messages) AS BIGINT) AS messages FROM (
        SELECT w.week, c.theme, w.messages
        FROM topic_week w CROSS JOIN topic t ON t.id = w.topic CROSS JOIN channel c ON c.id = t.channel
        WHERE w.week > $1 AND c.theme IS NOT NULL AND c.number IN (SELECT value FROM json_each($2))
        UNION ALL
        SELECT w.week, g.value, w.messages
        FROM topic_week w CROSS JOIN topic t ON t.id = w.topic CROSS JOIN channel c ON c.id = t.channel
            CROSS JOIN topic_tag g ON g.topic = w.topic AND g.kind = 'theme'
        WHERE w.week > $1 AND (c.theme IS NULL OR c.theme <> g.value) AND c.number IN (SELECT value FROM json_each($2))
    ) GROUP BY week, theme";

/// What was said about a theme in a week.
#[derive(Clone, Debug, FromRow)]
pub(super) struct Said {
    pub(super) week: i64,
    pub(super) theme: String,
    pub(super) messages: i64,
}

async fn reach(conn: &mut impl On) -> Result<i64> {
    Ok(setting(conn, REACH).await?.and_then(|number| number.parse().ok()).unwrap_or(0))
}

async fn newest(conn: &mut impl On) -> Result<i64> {
    Ok(on!(conn, c => sqlx::query_scalar(NEWEST).fetch_one(c))?)
}

/// Whether something was said that isn't counted yet.
pub(super) async fn is_behind(conn: &mut impl On) -> Result<bool> {
    Ok(reach(conn).await? < newest(conn).await?)
}

/// Counts the next messages.
pub(super) async fn count_next(tx: &mut Tx, at_once: i64) -> Result<()> {
    let from = reach(tx).await?;
    let to = newest(tx).await?.min(from + at_once);
    on!(tx, c => sqlx::query(COUNT).bind(from).bind(to).execute(c))?;
    set_setting(tx, REACH, &to.to_string()).await
}

/// What was said about each theme in the weeks after this one, in these channels (a list of their numbers in JSON).
pub(super) async fn themes(conn: &mut impl On, after: i64, channels: &str) -> Result<Vec<Said>> {
    Ok(on!(conn, c => sqlx::query_as(THEMES).bind(after).bind(channels).fetch_all(c))?)
}
