//! Who belongs to a room.

use uuid::Uuid;

use crate::access::{CaseRoom, Part};
use crate::base::db::{On, Result, Tx};
use crate::cases::words::{Standing, Word};

const MEMBERS: &str =
    "SELECT account, organisation, mandate, ground, state, invited_by, invited_at, confirmed_by, accepted_at, expires_at, ended_at
    FROM case_member WHERE room = $1 ORDER BY invited_at, account";
const PART: &str = "SELECT r.lead, r.closed_at IS NOT NULL, m.state, m.organisation
    FROM case_room r JOIN case_member m ON m.room = r.id WHERE r.id = $1 AND m.account = $2";
const EXISTS: &str = "SELECT count(*) FROM case_room WHERE id = $1";
const PUT: &str =
    "INSERT INTO case_member (room, account, organisation, mandate, ground, state, invited_by, invited_at, expires_at,
        accepted_at, terms)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
    ON CONFLICT (room, account) DO UPDATE SET organisation = excluded.organisation, mandate = excluded.mandate,
        ground = excluded.ground, state = excluded.state, invited_by = excluded.invited_by, invited_at = excluded.invited_at,
        expires_at = excluded.expires_at, accepted_at = excluded.accepted_at, terms = excluded.terms, confirmed_by = NULL,
        ended_at = NULL";
const CONFIRM: &str =
    "UPDATE case_member SET state = 'invited', confirmed_by = $3 WHERE room = $1 AND account = $2 AND state = 'proposed'";
const ACCEPT: &str = "UPDATE case_member SET state = 'active', accepted_at = $3, terms = $4
    WHERE room = $1 AND account = $2 AND state = 'invited'";
const EXTEND: &str = "UPDATE case_member SET expires_at = $3 WHERE room = $1 AND account = $2 AND ended_at IS NULL";
const END: &str = "UPDATE case_member SET state = $3, ended_at = $4 WHERE room = $1 AND account = $2 AND ended_at IS NULL";
const RUN_OUT: &str =
    "SELECT room, account FROM case_member WHERE expires_at <= $1 AND ended_at IS NULL ORDER BY expires_at LIMIT 100";
const INVITED: &str =
    "SELECT r.id AS room, r.reference, r.exercise, m.organisation, m.invited_by, m.mandate, m.ground, m.expires_at
    FROM case_member m JOIN case_room r ON r.id = m.room WHERE m.account = $1 AND m.state = 'invited' AND r.closed_at IS NULL
    ORDER BY m.invited_at DESC";

/// Somebody's place in a room.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(crate) struct Member {
    pub(crate) account: Uuid,
    pub(crate) organisation: Uuid,
    pub(crate) mandate: String,
    pub(crate) ground: String,
    state: String,
    pub(crate) invited_by: Uuid,
    pub(crate) invited_at: i64,
    pub(crate) confirmed_by: Option<Uuid>,
    pub(crate) accepted_at: Option<i64>,
    pub(crate) expires_at: Option<i64>,
    pub(crate) ended_at: Option<i64>,
}

impl Member {
    /// How it stands.
    pub(in crate::cases) fn state(&self) -> Standing {
        Standing::of(&self.state).unwrap_or(Standing::Expired)
    }

    /// Whether they belong to it now.
    pub(in crate::cases) fn is_active(&self) -> bool {
        self.state() == Standing::Active
    }

    /// Whether the room's key is sealed to them: members, and who was invited and may become one.
    pub(in crate::cases) fn holds_key(&self) -> bool {
        matches!(self.state(), Standing::Active | Standing::Invited)
    }
}

/// Everybody who belongs to a room, was asked to, or did.
pub(in crate::cases) async fn of(conn: &mut impl On, room: Uuid) -> Result<Vec<Member>> {
    Ok(on!(conn, c => sqlx::query_as(MEMBERS).bind(room).fetch_all(c))?)
}

/// What the rules must know of a room for somebody; `None` if they have nothing to do with it, or there is none.
pub(in crate::cases) async fn part(conn: &mut impl On, room: Uuid, account: Uuid) -> Result<Option<CaseRoom>> {
    let row: Option<(Uuid, bool, String, Uuid)> =
        on!(conn, c => sqlx::query_as(PART).bind(room).bind(account).fetch_optional(c))?;
    Ok(row.map(|(lead, closed, state, house)| {
        let part = match Standing::of(&state) {
            Some(Standing::Active) => Some(Part::Active),
            Some(Standing::Invited) => Some(Part::Invited),
            _ => None,
        };
        CaseRoom { lead, closed, part: part.map(|part| (part, house)) }
    }))
}

/// Whether there is such a room.
pub(in crate::cases) async fn exists(conn: &mut impl On, room: Uuid) -> Result<bool> {
    let found: i64 = on!(conn, c => sqlx::query_scalar(EXISTS).bind(room).fetch_one(c))?;
    Ok(found > 0)
}

/// Somebody who comes, or is to.
pub(in crate::cases) struct NewMember<'a> {
    pub(in crate::cases) room: Uuid,
    pub(in crate::cases) account: Uuid,
    pub(in crate::cases) organisation: Uuid,
    pub(in crate::cases) mandate: &'a str,
    pub(in crate::cases) ground: &'a str,
    pub(in crate::cases) state: Standing,
    pub(in crate::cases) invited_by: Uuid,
    pub(in crate::cases) at: i64,
    pub(in crate::cases) expires_at: Option<i64>,
    /// The terms that were accepted, for who is a member at once.
    pub(in crate::cases) terms: Option<&'a str>,
}

pub(in crate::cases) async fn put(tx: &mut Tx, new: &NewMember<'_>) -> Result<()> {
    on!(tx, c => sqlx::query(PUT)
        .bind(new.room).bind(new.account).bind(new.organisation).bind(new.mandate).bind(new.ground).bind(new.state.as_str())
        .bind(new.invited_by).bind(new.at).bind(new.expires_at).bind(new.terms.map(|_| new.at)).bind(new.terms).execute(c))?;
    Ok(())
}

/// Confirms who was proposed; `false` if nobody is.
pub(in crate::cases) async fn confirm(tx: &mut Tx, room: Uuid, account: Uuid, by: Uuid) -> Result<bool> {
    let done = on!(tx, c => sqlx::query(CONFIRM).bind(room).bind(account).bind(by).execute(c))?;
    Ok(done.rows_affected() == 1)
}

/// Makes somebody who was invited a member; `false` if they aren't.
pub(in crate::cases) async fn accept(tx: &mut Tx, room: Uuid, account: Uuid, at: i64, terms: &str) -> Result<bool> {
    let done = on!(tx, c => sqlx::query(ACCEPT).bind(room).bind(account).bind(at).bind(terms).execute(c))?;
    Ok(done.rows_affected() == 1)
}

pub(in crate::cases) async fn extend(tx: &mut Tx, room: Uuid, account: Uuid, until: i64) -> Result<bool> {
    let done = on!(tx, c => sqlx::query(EXTEND).bind(room).bind(account).bind(until).execute(c))?;
    Ok(done.rows_affected() == 1)
}

/// Ends somebody's part in a room; `false` if it has ended.
pub(in crate::cases) async fn end(tx: &mut Tx, room: Uuid, account: Uuid, state: Standing, at: i64) -> Result<bool> {
    let done = on!(tx, c => sqlx::query(END).bind(room).bind(account).bind(state.as_str()).bind(at).execute(c))?;
    Ok(done.rows_affected() == 1)
}

/// Whose mandate has run out, and where.
pub(in crate::cases) async fn run_out(conn: &mut impl On, now: i64) -> Result<Vec<(Uuid, Uuid)>> {
    Ok(on!(conn, c => sqlx::query_as(RUN_OUT).bind(now).fetch_all(c))?)
}

/// All that somebody who is invited knows.
#[derive(Clone, Debug, sqlx::FromRow)]
#[expect(clippy::struct_field_names, reason = "named as in storage")]
pub(in crate::cases) struct Invited {
    pub(in crate::cases) room: Uuid,
    pub(in crate::cases) reference: String,
    pub(in crate::cases) exercise: Option<Uuid>,
    pub(in crate::cases) organisation: Uuid,
    pub(in crate::cases) invited_by: Uuid,
    pub(in crate::cases) mandate: String,
    pub(in crate::cases) ground: String,
    pub(in crate::cases) expires_at: Option<i64>,
}

/// The invitations that wait for somebody's answer.
pub(in crate::cases) async fn invited(conn: &mut impl On, account: Uuid) -> Result<Vec<Invited>> {
    Ok(on!(conn, c => sqlx::query_as(INVITED).bind(account).fetch_all(c))?)
}
