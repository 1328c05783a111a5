//! Sessions as rows: only a hash of the cookie at rest, 30 minutes idle (15 for who holds a power), 12 hours absolute, each
//! with a name under which its owner can end it.

use async_trait::async_trait;
use sha2::{Digest, Sha256};
use time::OffsetDateTime;
use tower_sessions::session::{Id, Record};
use tower_sessions::{Session, SessionStore, session_store};
use uuid::Uuid;

use super::factors::Proof;
use super::store::{self, Kept, SessionRow};
use crate::audit::{self, Act};
use crate::base::clock::{HOUR, MINUTE};
use crate::base::db::{self, AfterCommit};
use crate::base::http::Problem;
use crate::context::Ctx;
use crate::realtime::{Socket, Whose};

/// A session without a request for this long has ended (OWASP ASVS 7.3.1; the figure).
pub(super) const IDLE: i64 = 30 * MINUTE;
/// The same for the session of somebody who holds a power.
pub(super) const IDLE_WITH_POWERS: i64 = 15 * MINUTE;
/// How long a proof of who one is lasts for sensitive acts (the figure).
const STEP_UP: i64 = 10 * MINUTE;
/// A session ends this long after it began, whatever happens.
const ABSOLUTE: i64 = 12 * HOUR;
/// A request counts as activity, but is written down this often at most.
const TOUCH_EVERY: i64 = MINUTE;

const ACCOUNT: &str = "account";
const NAME: &str = "id";
const LABEL: &str = "label";
const PROOF: &str = "proof";
const STRONG: &str = "strong";
const STEPPED_UP_AT: &str = "stepped_up_at";

tokio::task_local! {
    /// Set while a session gets another cookie: what the session layer then calls a deletion is none.
    static CYCLING: ();
}

/// Whose session a request came in by.
pub(super) struct Holder {
    pub(super) account: Uuid,
    pub(super) session: Uuid,
    /// Begun or confirmed with a second factor.
    pub(super) strong: bool,
    stepped_up_at: i64,
}

impl Holder {
    /// Whether its person has proven who they are lately enough for a sensitive act.
    pub(super) fn stepped_up(&self, now: i64) -> bool {
        self.stepped_up_at + STEP_UP > now
    }
}

/// From when on sessions must have been active to be good at this time (microseconds).
pub(super) struct StillGood {
    pub(super) now: i64,
    pub(super) seen_after: i64,
    pub(super) seen_after_with_powers: i64,
}

/// What a session must satisfy at this time (microseconds).
pub(super) fn still_good(now: i64) -> StillGood {
    StillGood { now, seen_after: now - IDLE, seen_after_with_powers: now - IDLE_WITH_POWERS }
}

/// Begins a session for an account whose password was just chosen, in place of whatever the browser held before.
pub async fn sign_in(session: &Session, ctx: &Ctx, account: Uuid, label: &str) -> Result<(), Problem> {
    begin(session, ctx, account, label, Proof::Password).await
}

/// Begins a session for an account that was just made for whom an institution has named, with a second factor shown there
/// that counts or without. It is stepped up: before this nobody had the account, and whoever is there has shown the
/// invitation's secret, too. So they can choose a password, or add a passkey.
pub async fn sign_in_invited(session: &Session, ctx: &Ctx, account: Uuid, label: &str, strong: bool) -> Result<(), Problem> {
    let proof = if strong { Proof::ProviderStrong } else { Proof::Provider };
    begin_proven(session, ctx, account, label, proof, ctx.now()).await
}

/// Begins a session for an account whose holder has proven who they are.
pub(super) async fn begin(session: &Session, ctx: &Ctx, account: Uuid, label: &str, proof: Proof) -> Result<(), Problem> {
    begin_proven(session, ctx, account, label, proof, if proof.is_fresh() { ctx.now() } else { 0 }).await
}

async fn begin_proven(
    session: &Session,
    ctx: &Ctx,
    account: Uuid,
    label: &str,
    proof: Proof,
    stepped_up_at: i64,
) -> Result<(), Problem> {
    let failed = |error: tower_sessions::session::Error| Problem::internal(&error);
    // A new id, also where the old one was never stored: whoever planted it holds nothing.
    session.cycle_id().await.map_err(failed)?;
    session.clear().await;
    session.insert(ACCOUNT, account).await.map_err(failed)?;
    session.insert(NAME, ctx.id()).await.map_err(failed)?;
    session.insert(LABEL, label).await.map_err(failed)?;
    session.insert(PROOF, proof.as_str()).await.map_err(failed)?;
    session.insert(STRONG, proof.is_strong()).await.map_err(failed)?;
    session.insert(STEPPED_UP_AT, stepped_up_at).await.map_err(failed)?;
    session.save().await.map_err(failed)
}

/// Gives a session another cookie. It stays the same session, and its sockets stay open; the old cookie is worth nothing.
pub(super) async fn cycle(session: &Session, ctx: &Ctx) -> Result<(), Problem> {
    // Who came in by a token has no cookie to change.
    let Some(holder) = holder(session).await? else { return Ok(()) };
    let strong = holder.strong && store::is_strong(&mut ctx.db.read().await?, holder.session).await?;
    change(session, strong, holder.stepped_up_at).await
}

/// Notes that somebody has proven who they are, and gives the session another cookie.
pub(super) async fn prove(session: &Session, ctx: &Ctx, strong: bool) -> Result<(), Problem> {
    change(session, strong, ctx.now()).await
}

async fn change(session: &Session, strong: bool, stepped_up_at: i64) -> Result<(), Problem> {
    let failed = |error: tower_sessions::session::Error| Problem::internal(&error);
    session.insert(STRONG, strong).await.map_err(failed)?;
    session.insert(STEPPED_UP_AT, stepped_up_at).await.map_err(failed)?;
    let cycled = async {
        session.cycle_id().await?;
        session.save().await
    };
    CYCLING.scope((), cycled).await.map_err(failed)
}

/// Lets no session of an account count as strong any more.
pub(super) async fn weaken(tx: &mut db::Tx, account: Uuid) -> db::Result<()> {
    store::weaken_sessions(tx, account).await
}

pub(super) async fn holder(session: &Session) -> Result<Option<Holder>, Problem> {
    let failed = |error: tower_sessions::session::Error| Problem::internal(&error);
    let account = session.get::<Uuid>(ACCOUNT).await.map_err(failed)?;
    let id = session.get::<Uuid>(NAME).await.map_err(failed)?;
    let strong = session.get::<bool>(STRONG).await.map_err(failed)?.unwrap_or_default();
    let stepped_up_at = session.get::<i64>(STEPPED_UP_AT).await.map_err(failed)?.unwrap_or_default();
    Ok(account.zip(id).map(|(account, session)| Holder { account, session, strong, stepped_up_at }))
}

/// Ends all sessions of an account but one, and the sockets that came in by them.
pub(super) async fn end_sessions(tx: &mut db::Tx, ctx: &Ctx, account: Uuid, but: Option<Uuid>) -> db::Result<()> {
    let ended = store::delete_sessions_of(tx, account, but).await?;
    end_sockets(tx, ctx, ended);
    Ok(())
}

pub(super) fn end_sockets(tx: &mut db::Tx, ctx: &Ctx, sessions: Vec<Uuid>) {
    let hub = ctx.hub.clone();
    tx.after_commit(move || {
        for session in sessions {
            hub.end(Whose::Credential(session), 4401, "signed_out");
        }
    });
}

/// Something that somebody did to their own account, for the record.
pub(super) fn act<'a>(ctx: &Ctx, account: Uuid, what: &'a str) -> Act<'a> {
    Act { at: ctx.now(), actor: Some(account), what, target: format!("account:{account}"), detail: String::new() }
}

/// Counts what was done on a socket as activity of the session it came in by: written down once a minute at most, and on
/// the writer's own thread, because it is asked with every post.
pub fn note_activity(ctx: &Ctx, socket: &Socket) {
    let now = ctx.now();
    if !socket.is_to_be_noted(now, TOUCH_EVERY) {
        return;
    }
    let (db, session, account) = (ctx.db.clone(), socket.credential, socket.account);
    tokio::spawn(async move {
        let written: db::Result<()> = db
            .write_direct(move |direct| store::touch_directly(direct, session, account, &still_good(now), now - TOUCH_EVERY))
            .await;
        if let Err(error) = written {
            tracing::warn!(%error, "activity could not be written down");
        }
    });
}

/// Our store behind `tower-sessions`.
#[derive(Clone)]
pub struct Sessions(Ctx);

impl Sessions {
    /// Keeps sessions in the region's database.
    pub fn new(ctx: Ctx) -> Self {
        Self(ctx)
    }

    fn note_activity(&self, hash: [u8; 32], account: Uuid, now: i64) {
        let db = self.0.db.clone();
        tokio::spawn(async move {
            let written: db::Result<()> = db.write(async move |tx| store::touch(tx, &hash, account, now).await).await;
            if let Err(error) = written {
                tracing::warn!(%error, "activity could not be written down");
            }
        });
    }
}

impl std::fmt::Debug for Sessions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Sessions")
    }
}

fn hash(id: &Id) -> [u8; 32] {
    Sha256::digest(id.0.to_le_bytes()).into()
}

fn backend(error: impl std::fmt::Display) -> session_store::Error {
    session_store::Error::Backend(error.to_string())
}

fn word<T: serde::de::DeserializeOwned>(record: &Record, key: &str) -> session_store::Result<T> {
    let value = record.data.get(key).cloned().ok_or_else(|| backend(format!("a session without {key}")))?;
    serde_json::from_value(value).map_err(backend)
}

#[async_trait]
impl SessionStore for Sessions {
    async fn create(&self, record: &mut Record) -> session_store::Result<()> {
        let now = self.0.now();
        let account: Uuid = word(record, ACCOUNT)?;
        let row = SessionRow {
            id: word(record, NAME)?,
            label: word(record, LABEL)?,
            created_at: now,
            last_seen_at: now,
            expires_at: now + ABSOLUTE,
            strong: word(record, STRONG)?,
            stepped_up_at: word(record, STEPPED_UP_AT)?,
        };
        let hash = hash(&record.id);
        let data = serde_json::to_string(&record.data).map_err(backend)?;
        let proof: String = word(record, PROOF)?;
        let cycling = CYCLING.try_with(|()| ()).is_ok();
        let ctx = self.0.clone();
        let stored: db::Result<()> = self
            .0
            .db
            .write(async move |tx| {
                if cycling {
                    return store::cycle_session(tx, &hash, &data, &row).await;
                }
                store::insert_session(tx, &hash, account, &data, &row).await?;
                audit::record(tx, Act { detail: proof.clone(), ..act(&ctx, account, "session.begin") }).await
            })
            .await;
        stored.map_err(backend)
    }

    async fn save(&self, record: &Record) -> session_store::Result<()> {
        let hash = hash(&record.id);
        let data = serde_json::to_string(&record.data).map_err(backend)?;
        let stored: db::Result<()> = self.0.db.write(async move |tx| store::update_session(tx, &hash, &data).await).await;
        stored.map_err(backend)
    }

    async fn load(&self, id: &Id) -> session_store::Result<Option<Record>> {
        let hash = hash(id);
        let mut conn = self.0.db.read().await.map_err(backend)?;
        let found = store::session(&mut conn, &hash).await.map_err(backend)?;
        let now = self.0.now();
        let good = still_good(now);
        let active = |row: &Kept| row.last_seen_at > if row.has_powers { good.seen_after_with_powers } else { good.seen_after };
        let Some(row) = found.filter(|row| row.expires_at > now && active(row)) else { return Ok(None) };
        let expiry_date = OffsetDateTime::from_unix_timestamp_nanos(i128::from(row.expires_at) * 1000).map_err(backend)?;
        let mut record = Record { id: *id, data: serde_json::from_str(&row.data).map_err(backend)?, expiry_date };
        // A factor that was removed has weakened the row, not what the session layer wrote into it.
        record.data.insert(STRONG.into(), row.strong.into());
        record.data.insert(STEPPED_UP_AT.into(), row.stepped_up_at.into());
        let seen = row.last_seen_at;
        if now - seen > TOUCH_EVERY {
            self.note_activity(hash, word(&record, ACCOUNT)?, now);
        }
        Ok(Some(record))
    }

    async fn delete(&self, id: &Id) -> session_store::Result<()> {
        if CYCLING.try_with(|()| ()).is_ok() {
            return Ok(());
        }
        let hash = hash(id);
        let ctx = self.0.clone();
        let deleted: db::Result<()> = self
            .0
            .db
            .write(async move |tx| {
                if let Some((session, account)) = store::delete_session(tx, &hash).await? {
                    end_sockets(tx, &ctx, vec![session]);
                    audit::record(tx, act(&ctx, account, "session.end")).await?;
                }
                Ok(())
            })
            .await;
        deleted.map_err(backend)
    }
}
