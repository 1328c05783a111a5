//! What hangs on requests: steps, readers, references; and whom they concern.

use uuid::Uuid;

use crate::base::db::{On, Result, Tx};
use crate::requests::figures::Counted;

const ADD_STEP: &str = "INSERT INTO coordination_step (request, n, at, by, what, words)
    SELECT $1, coalesce(max(n), 0) + 1, $2, $3, $4, $5 FROM coordination_step WHERE request = $1";
const STEPS: &str = "SELECT at, by, what, words FROM coordination_step WHERE request = $1 ORDER BY n";
const NOTE_READER: &str = "INSERT INTO coordination_reader (request, account, at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
const READERS: &str = "SELECT account, at FROM coordination_reader WHERE request = $1 ORDER BY at, account";
const NOTE_CHANNEL: &str =
    "INSERT INTO coordination_channel (request, side, kind, reference, at, by) VALUES ($1, $2, $3, $4, $5, $6)
    ON CONFLICT (request, side) DO UPDATE SET kind = $3, reference = $4, at = $5, by = $6";
const CHANNELS: &str = "SELECT side, kind, reference, at, by FROM coordination_channel WHERE request = $1 ORDER BY at, side";
const SENT_SINCE: &str = "SELECT count(*) FROM coordination_request
    WHERE asker = $1 AND sent_at > $2 AND (exercise IS NULL) = $3";
/// Who works for an organisation or answers for it, and was let in.
const STAFF: &str = "SELECT a.id FROM account a
    WHERE a.status = 'active' AND a.left_at IS NULL AND a.accredited_until IS NOT NULL AND (a.organisation_id = $1
        OR EXISTS (SELECT 1 FROM focal_point f WHERE f.organisation = $1 AND f.account = a.id))
    ORDER BY a.name_key, a.id LIMIT $2";
const FOCAL: &str = "SELECT a.id FROM account a JOIN focal_point f ON f.account = a.id
    WHERE f.organisation = $1 AND a.status = 'active' AND a.left_at IS NULL AND a.accredited_until IS NOT NULL
    ORDER BY a.name_key, a.id LIMIT 50";
/// Those of which everybody of the asked organisation has been told, and that nobody has answered.
const OVERDUE_AT: &str = "SELECT count(*) FROM coordination_request
    WHERE asked = $1 AND escalation >= 2 AND state IN ('sent', 'acknowledged') AND exercise IS NULL";
const FIGURES: &str = "SELECT i.kind, i.outcome, a.country AS asking, b.country AS asked, a.regime AS asker_regime,
        b.regime AS asked_regime, i.sent_at, i.answered_at, i.stood
    FROM coordination_request i JOIN organisation a ON a.id = i.asker JOIN organisation b ON b.id = i.asked
    WHERE i.sent_at >= $1 AND i.sent_at < $2 AND i.exercise IS NULL";

const REGIME: &str = "SELECT regime FROM organisation WHERE id = $1";

/// Something that has become of a request.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(in crate::requests) struct Step {
    pub(in crate::requests) at: i64,
    pub(in crate::requests) by: Option<Uuid>,
    pub(in crate::requests) what: String,
    /// Sealed.
    pub(in crate::requests) words: Option<Vec<u8>>,
}

/// Adds a step, once for all.
pub(in crate::requests) async fn add_step(tx: &mut Tx, request: Uuid, step: &Step) -> Result<()> {
    on!(tx, c => sqlx::query(ADD_STEP)
        .bind(request).bind(step.at).bind(step.by).bind(&step.what).bind(&step.words).execute(c))?;
    Ok(())
}

/// The steps of a request, in their order.
pub(in crate::requests) async fn steps(conn: &mut impl On, request: Uuid) -> Result<Vec<Step>> {
    Ok(on!(conn, c => sqlx::query_as(STEPS).bind(request).fetch_all(c))?)
}

/// Who has read it, and when first.
#[derive(Clone, Copy, Debug, sqlx::FromRow)]
pub(in crate::requests) struct Reader {
    pub(in crate::requests) account: Uuid,
    pub(in crate::requests) at: i64,
}

pub(in crate::requests) async fn note_reader(tx: &mut Tx, request: Uuid, account: Uuid, at: i64) -> Result<()> {
    on!(tx, c => sqlx::query(NOTE_READER).bind(request).bind(account).bind(at).execute(c))?;
    Ok(())
}

pub(in crate::requests) async fn readers(conn: &mut impl On, request: Uuid) -> Result<Vec<Reader>> {
    Ok(on!(conn, c => sqlx::query_as(READERS).bind(request).fetch_all(c))?)
}

/// Where a request goes on, as one side has noted it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(in crate::requests) struct FormalReference {
    pub(in crate::requests) side: String,
    pub(in crate::requests) kind: String,
    /// Sealed.
    pub(in crate::requests) reference: Vec<u8>,
    pub(in crate::requests) at: i64,
    pub(in crate::requests) by: Uuid,
}

pub(in crate::requests) async fn note_channel(tx: &mut Tx, request: Uuid, noted: &FormalReference) -> Result<()> {
    let FormalReference { side, kind, reference, at, by } = noted;
    on!(tx, c => sqlx::query(NOTE_CHANNEL).bind(request).bind(side).bind(kind).bind(reference).bind(at).bind(by).execute(c))?;
    Ok(())
}

pub(in crate::requests) async fn channels(conn: &mut impl On, request: Uuid) -> Result<Vec<FormalReference>> {
    Ok(on!(conn, c => sqlx::query_as(CHANNELS).bind(request).fetch_all(c))?)
}

/// How many requests an organisation has sent since a time; in earnest, or in exercises.
pub(in crate::requests) async fn sent_since(conn: &mut impl On, organisation: Uuid, since: i64, earnest: bool) -> Result<i64> {
    Ok(on!(conn, c => sqlx::query_scalar(SENT_SINCE).bind(organisation).bind(since).bind(earnest).fetch_one(c))?)
}

/// The people of an organisation.
pub(in crate::requests) async fn staff(conn: &mut impl On, organisation: Uuid, limit: i64) -> Result<Vec<Uuid>> {
    Ok(on!(conn, c => sqlx::query_scalar(STAFF).bind(organisation).bind(limit).fetch_all(c))?)
}

/// Those who answer for an organisation.
pub(in crate::requests) async fn focal_points(conn: &mut impl On, organisation: Uuid) -> Result<Vec<Uuid>> {
    Ok(on!(conn, c => sqlx::query_scalar(FOCAL).bind(organisation).fetch_all(c))?)
}

/// How many requests to an organisation have waited for so long that everybody there was told.
pub(in crate::requests) async fn overdue_at(conn: &mut impl On, organisation: Uuid) -> Result<i64> {
    Ok(on!(conn, c => sqlx::query_scalar(OVERDUE_AT).bind(organisation).fetch_one(c))?)
}

/// What is counted of the requests that were sent in a span (microseconds, the end not with it). Never of exercises.
pub(in crate::requests) async fn figures(conn: &mut impl On, span: (i64, i64)) -> Result<Vec<Counted>> {
    Ok(on!(conn, c => sqlx::query_as(FIGURES).bind(span.0).bind(span.1).fetch_all(c))?)
}

/// Whether an organisation works under Directive (EU) 2016/680.
pub(in crate::requests) async fn is_led(conn: &mut impl On, organisation: Uuid) -> Result<bool> {
    let regime: Option<String> = on!(conn, c => sqlx::query_scalar(REGIME).bind(organisation).fetch_optional(c))?;
    Ok(regime.as_deref() == Some("led"))
}
