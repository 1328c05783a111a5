//! The words of the index and how many messages have each.

use std::collections::HashMap;

use crate::base::db::{Direct, On, Result};

/// The words with each beginning, the most frequent of them. What follows a beginning is a letter or a digit, all of which
/// sort before the last character there is.
const BEGUN: &str = "SELECT k, term FROM (
        SELECT w.key AS k, t.term, row_number() OVER (PARTITION BY w.key ORDER BY t.messages DESC, t.term) AS place
        FROM json_each($1) w CROSS JOIN message_term t ON t.term >= w.value AND t.term < w.value || char(1114111)
    ) WHERE place <= $2";
const COUNT: &str = "INSERT INTO message_term (term, messages) VALUES ($1, $2)
    ON CONFLICT (term) DO UPDATE SET messages = messages + excluded.messages";
const UNCOUNT: &str = "UPDATE message_term SET messages = messages - 1 WHERE term = $1";
const FORGET: &str = "DELETE FROM message_term WHERE term = $1 AND messages <= 0";
const COUNTS: &str = "SELECT t.term, t.messages FROM json_each($1) w CROSS JOIN message_term t ON t.term = w.value";

/// For each beginning the words of the index that begin so, `limit` of the most frequent.
pub(in crate::search) async fn begun(conn: &mut impl On, beginnings: &[&str], limit: i64) -> Result<Vec<Vec<String>>> {
    let mut begun = vec![Vec::new(); beginnings.len()];
    if beginnings.is_empty() {
        return Ok(begun);
    }
    let list = serde_json::to_string(beginnings).unwrap_or_default();
    let rows: Vec<(i64, String)> = on!(conn, c => sqlx::query_as(BEGUN).bind(&list).bind(limit).fetch_all(c))?;
    for (at, term) in rows {
        if let Some(words) = usize::try_from(at).ok().and_then(|at| begun.get_mut(at)) {
            words.push(term);
        }
    }
    Ok(begun)
}

/// How many messages have each of these words; a word that none has is left out.
pub(in crate::search) async fn counts(conn: &mut impl On, words: &[&str]) -> Result<HashMap<String, i64>> {
    let words = serde_json::to_string(words).unwrap_or_default();
    let rows: Vec<(String, i64)> = on!(conn, c => sqlx::query_as(COUNTS).bind(&words).fetch_all(c))?;
    Ok(rows.into_iter().collect())
}

/// Notes that so many more have a word.
pub(in crate::search) fn count(direct: &mut Direct<'_>, word: &str, more: i64) -> Result<()> {
    direct.execute(COUNT, &[&word, &more]).map(drop)
}

/// Notes that one less has each of these words.
pub(in crate::search) fn uncount(direct: &mut Direct<'_>, words: &[String]) -> Result<()> {
    for word in words {
        direct.execute(UNCOUNT, &[word])?;
        direct.execute(FORGET, &[word])?;
    }
    Ok(())
}
