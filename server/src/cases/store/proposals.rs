//! What takes two.

use sqlx::AssertSqlSafe;
use uuid::Uuid;

use crate::base::db::{On, Result, Tx};
use crate::cases::words::{Proposed, Word};

const COLUMNS: &str = "SELECT id, room, kind, by, at, subject, sealed FROM case_proposal WHERE state = 'open'";
const INSERT: &str = "INSERT INTO case_proposal (id, room, kind, by, at, subject, sealed, state)
    VALUES ($1, $2, $3, $4, $5, $6, $7, 'open')";
/// The words go with it: what was done stands among the entries, what was dropped is nobody's any more.
const END: &str =
    "UPDATE case_proposal SET state = $2, ended_by = $3, ended_at = $4, sealed = NULL WHERE id = $1 AND state = 'open'";
const END_ALL: &str =
    "UPDATE case_proposal SET state = 'dropped', ended_at = $2, sealed = NULL WHERE room = $1 AND state = 'open'";
const COUNT: &str = "SELECT count(*) FROM case_proposal WHERE room = $1 AND state = 'open'";

/// A proposal that waits.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(in crate::cases) struct Proposal {
    pub(in crate::cases) id: Uuid,
    pub(in crate::cases) room: Uuid,
    kind: String,
    pub(in crate::cases) by: Uuid,
    pub(in crate::cases) at: i64,
    pub(in crate::cases) subject: Option<Uuid>,
    pub(in crate::cases) sealed: Option<Vec<u8>>,
}

impl Proposal {
    /// What is proposed.
    pub(in crate::cases) fn kind(&self) -> Proposed {
        Proposed::of(&self.kind).unwrap_or(Proposed::Admission)
    }
}

/// A proposal to be made.
pub(in crate::cases) struct NewProposal {
    pub(in crate::cases) id: Uuid,
    pub(in crate::cases) room: Uuid,
    pub(in crate::cases) kind: Proposed,
    pub(in crate::cases) by: Uuid,
    pub(in crate::cases) at: i64,
    pub(in crate::cases) subject: Option<Uuid>,
    pub(in crate::cases) sealed: Option<Vec<u8>>,
}

pub(in crate::cases) async fn add(tx: &mut Tx, new: &NewProposal) -> Result<()> {
    on!(tx, c => sqlx::query(INSERT)
        .bind(new.id).bind(new.room).bind(new.kind.as_str()).bind(new.by).bind(new.at).bind(new.subject).bind(&new.sealed)
        .execute(c))?;
    Ok(())
}

/// What waits in a room, oldest first.
pub(in crate::cases) async fn open(conn: &mut impl On, room: Uuid) -> Result<Vec<Proposal>> {
    let sql = format!("{COLUMNS} AND room = $1 ORDER BY at, id");
    Ok(on!(conn, c => sqlx::query_as(AssertSqlSafe(sql)).bind(room).fetch_all(c))?)
}

/// How much waits in a room.
pub(in crate::cases) async fn count(conn: &mut impl On, room: Uuid) -> Result<i64> {
    Ok(on!(conn, c => sqlx::query_scalar(COUNT).bind(room).fetch_one(c))?)
}

/// Ends a proposal, done or dropped; `false` if it has ended.
pub(in crate::cases) async fn end(tx: &mut Tx, id: Uuid, done: bool, by: Uuid, at: i64) -> Result<bool> {
    let state = if done { "done" } else { "dropped" };
    let ended = on!(tx, c => sqlx::query(END).bind(id).bind(state).bind(by).bind(at).execute(c))?;
    Ok(ended.rows_affected() == 1)
}

/// Ends whatever waits in a room that is closed.
pub(in crate::cases) async fn end_all(tx: &mut Tx, room: Uuid, at: i64) -> Result<()> {
    on!(tx, c => sqlx::query(END_ALL).bind(room).bind(at).execute(c))?;
    Ok(())
}
