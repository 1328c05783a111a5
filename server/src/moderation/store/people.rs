//! Mutes, warnings, proposals to suspend somebody, and who can help.

use uuid::Uuid;

use crate::base::db::{On, Result, Tx};

const INSERT_MUTE: &str =
    "INSERT INTO mute (id, account, scope, until, reason, created_at, created_by) VALUES ($1, $2, $3, $4, $5, $6, $7)";
const END_MUTES: &str = "UPDATE mute SET ended_at = $3 WHERE account = $1 AND scope = $2 AND until > $3 AND ended_at IS NULL";
const END_MUTE: &str = "UPDATE mute SET ended_at = $2 WHERE id = $1 AND until > $2 AND ended_at IS NULL";
const MUTES: &str = "SELECT m.id, m.account, a.name, m.scope, m.until, m.reason, m.created_at
    FROM mute m JOIN account a ON a.id = m.account WHERE m.until > $2 AND m.ended_at IS NULL AND ($1 IS NULL OR m.account = $1)
    ORDER BY m.until LIMIT 500";
const INSERT_WARNING: &str =
    "INSERT INTO warning (id, account, channel, note, created_at, created_by) VALUES ($1, $2, $3, $4, $5, $6)";
const WARNINGS: &str =
    "SELECT id, channel, note, created_at FROM warning WHERE account = $1 AND seen_at IS NULL ORDER BY created_at LIMIT 50";
const SEE_WARNING: &str = "UPDATE warning SET seen_at = $3 WHERE id = $1 AND account = $2 AND seen_at IS NULL";
const PROPOSE: &str = "INSERT INTO suspension_proposal (id, account, reason, proposed_by, proposed_at, expires_at)
    SELECT $1, $2, $3, $4, $5, $6
    WHERE NOT EXISTS (SELECT 1 FROM suspension_proposal WHERE account = $2 AND ended_at IS NULL AND expires_at > $5)";
const PROPOSALS: &str = "SELECT p.id, p.account, a.name, a.country, p.reason, p.proposed_by, b.name AS proposer, p.expires_at
    FROM suspension_proposal p JOIN account a ON a.id = p.account JOIN account b ON b.id = p.proposed_by
    WHERE p.ended_at IS NULL AND p.expires_at > $1 AND a.status = 'active' ORDER BY p.expires_at LIMIT 200";
const CONFIRM: &str = "UPDATE suspension_proposal SET confirmed_by = $2, ended_at = $3
    WHERE id = $1 AND ended_at IS NULL AND expires_at > $3 AND proposed_by <> $2";
const TAKE_BACK: &str = "UPDATE suspension_proposal SET ended_at = $2 WHERE id = $1 AND ended_at IS NULL";
const HELPERS: &str = "SELECT DISTINCT a.id, a.name FROM account a JOIN role_grant g ON g.account = a.id
    WHERE g.role = 'moderator' AND g.scope IN ('region', $1, $2, $3) AND a.status = 'active' AND a.accredited_until > $4
    ORDER BY g.scope = 'region', a.name_key LIMIT 12";

/// A mute that holds.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(in crate::moderation) struct Mute {
    pub(in crate::moderation) id: Uuid,
    pub(in crate::moderation) account: Uuid,
    pub(in crate::moderation) name: String,
    pub(in crate::moderation) scope: String,
    pub(in crate::moderation) until: i64,
    pub(in crate::moderation) reason: Vec<u8>,
    pub(in crate::moderation) created_at: i64,
}

/// A warning its person has not put away.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(in crate::moderation) struct Warning {
    pub(in crate::moderation) id: Uuid,
    pub(in crate::moderation) channel: Uuid,
    pub(in crate::moderation) note: Vec<u8>,
    pub(in crate::moderation) created_at: i64,
}

/// A proposal to suspend somebody that is open.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(in crate::moderation) struct Proposal {
    pub(in crate::moderation) id: Uuid,
    pub(in crate::moderation) account: Uuid,
    pub(in crate::moderation) name: String,
    pub(in crate::moderation) country: Option<String>,
    pub(in crate::moderation) reason: Vec<u8>,
    pub(in crate::moderation) proposed_by: Uuid,
    pub(in crate::moderation) proposer: String,
    pub(in crate::moderation) expires_at: i64,
}

/// A sealed word about somebody, from somebody.
pub(in crate::moderation) struct Note<'a> {
    pub(in crate::moderation) id: Uuid,
    pub(in crate::moderation) account: Uuid,
    pub(in crate::moderation) sealed: &'a [u8],
    pub(in crate::moderation) at: i64,
    pub(in crate::moderation) by: Uuid,
}

/// Mutes somebody within a scope; an earlier mute there ends.
pub(in crate::moderation) async fn mute(tx: &mut Tx, note: &Note<'_>, scope: &str, until: i64) -> Result<()> {
    on!(tx, c => sqlx::query(END_MUTES).bind(note.account).bind(scope).bind(note.at).execute(c))?;
    on!(tx, c => sqlx::query(INSERT_MUTE)
        .bind(note.id).bind(note.account).bind(scope).bind(until).bind(note.sealed).bind(note.at).bind(note.by).execute(c))?;
    Ok(())
}

pub(in crate::moderation) async fn end_mute(tx: &mut Tx, id: Uuid, at: i64) -> Result<bool> {
    Ok(on!(tx, c => sqlx::query(END_MUTE).bind(id).bind(at).execute(c))?.rows_affected() == 1)
}

/// Mutes that hold: somebody's, or all.
pub(in crate::moderation) async fn mutes(conn: &mut impl On, account: Option<Uuid>, now: i64) -> Result<Vec<Mute>> {
    Ok(on!(conn, c => sqlx::query_as(MUTES).bind(account).bind(now).fetch_all(c))?)
}

pub(in crate::moderation) async fn warn(tx: &mut Tx, note: &Note<'_>, channel: Uuid) -> Result<()> {
    on!(tx, c => sqlx::query(INSERT_WARNING)
        .bind(note.id).bind(note.account).bind(channel).bind(note.sealed).bind(note.at).bind(note.by).execute(c))?;
    Ok(())
}

pub(in crate::moderation) async fn warnings(conn: &mut impl On, account: Uuid) -> Result<Vec<Warning>> {
    Ok(on!(conn, c => sqlx::query_as(WARNINGS).bind(account).fetch_all(c))?)
}

pub(in crate::moderation) async fn see_warning(tx: &mut Tx, id: Uuid, account: Uuid, at: i64) -> Result<bool> {
    Ok(on!(tx, c => sqlx::query(SEE_WARNING).bind(id).bind(account).bind(at).execute(c))?.rows_affected() == 1)
}

/// Proposes to suspend somebody. `false` if that is proposed already.
pub(in crate::moderation) async fn propose(tx: &mut Tx, note: &Note<'_>, expires_at: i64) -> Result<bool> {
    let done = on!(tx, c => sqlx::query(PROPOSE)
        .bind(note.id).bind(note.account).bind(note.sealed).bind(note.by).bind(note.at).bind(expires_at).execute(c))?;
    Ok(done.rows_affected() == 1)
}

pub(in crate::moderation) async fn proposals(conn: &mut impl On, now: i64) -> Result<Vec<Proposal>> {
    Ok(on!(conn, c => sqlx::query_as(PROPOSALS).bind(now).fetch_all(c))?)
}

pub(in crate::moderation) async fn confirm(tx: &mut Tx, id: Uuid, by: Uuid, at: i64) -> Result<bool> {
    Ok(on!(tx, c => sqlx::query(CONFIRM).bind(id).bind(by).bind(at).execute(c))?.rows_affected() == 1)
}

pub(in crate::moderation) async fn take_back(tx: &mut Tx, id: Uuid, at: i64) -> Result<bool> {
    Ok(on!(tx, c => sqlx::query(TAKE_BACK).bind(id).bind(at).execute(c))?.rows_affected() == 1)
}

/// Who moderates within one of these scopes or the whole region: those of the place first.
pub(in crate::moderation) async fn helpers(
    conn: &mut impl On,
    scopes: [Option<String>; 3],
    now: i64,
) -> Result<Vec<(Uuid, String)>> {
    let [one, two, three] = scopes;
    Ok(on!(conn, c => sqlx::query_as(HELPERS).bind(one).bind(two).bind(three).bind(now).fetch_all(c))?)
}
