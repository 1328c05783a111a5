//! What was erased, by its ids: the journal of erasures carries them out of the folder.

use uuid::Uuid;

use crate::base::db::{On, Result, Tx};

const NOTE: &str = "INSERT INTO card_gone (id, at) VALUES ($1, $2) ON CONFLICT DO NOTHING";
const CARDS: &str = "SELECT c.id FROM card_gone g JOIN file_card c ON c.id = g.id LIMIT 100";
const SESSIONS: &str =
    "SELECT m.id, m.asked_at FROM card_gone g JOIN matching m ON m.id = g.id WHERE m.state IN ('asked', 'answered') LIMIT 100";

/// Notes that a card was erased, or all points of a comparison.
pub(super) async fn note_gone(tx: &mut Tx, id: Uuid, at: i64) -> Result<()> {
    on!(tx, c => sqlx::query(NOTE).bind(id).bind(at).execute(c))?;
    Ok(())
}

/// Cards that were erased and that a restored backup has brought back.
pub(in super::super) async fn cards_back(conn: &mut impl On) -> Result<Vec<Uuid>> {
    Ok(on!(conn, c => sqlx::query_scalar(CARDS).fetch_all(c))?)
}

/// Comparisons that were over and that a restored backup has brought back as if they weren't, with when they were asked for.
pub(in super::super) async fn sessions_back(conn: &mut impl On) -> Result<Vec<(Uuid, i64)>> {
    Ok(on!(conn, c => sqlx::query_as(SESSIONS).fetch_all(c))?)
}
