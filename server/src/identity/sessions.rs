//! Sessions as rows: only a hash of the cookie at rest, 30 minutes idle, 12 hours absolute, each with a name under which
//! its owner can end it.

use async_trait::async_trait;
use sha2::{Digest, Sha256};
use time::OffsetDateTime;
use tower_sessions::session::{Id, Record};
use tower_sessions::{Session, SessionStore, session_store};
use uuid::Uuid;

use super::store::{self, SessionRow};
use crate::base::clock::{HOUR, MINUTE};
use crate::base::db::{self, AfterCommit};
use crate::base::http::Problem;
use crate::context::Ctx;
use crate::realtime::{Socket, Whose};

/// A session without a request for this long has ended (OWASP ASVS 7.3.1; the figure).
pub(super) const IDLE: i64 = 30 * MINUTE;
/// A session ends this long after it began, whatever happens.
const ABSOLUTE: i64 = 12 * HOUR;
/// A request counts as activity, but is written down this often at most.
const TOUCH_EVERY: i64 = MINUTE;

const ACCOUNT: &str = "account";
const NAME: &str = "id";
const LABEL: &str = "label";

/// Whose session a request came in by.
pub(super) struct Holder {
    pub(super) account: Uuid,
    pub(super) session: Uuid,
}

/// Begins a session for an account, in place of whatever the browser held before.
pub async fn sign_in(session: &Session, ctx: &Ctx, account: Uuid, label: &str) -> Result<(), Problem> {
    let failed = |error: tower_sessions::session::Error| Problem::internal(&error);
    // A new id, also where the old one was never stored: whoever planted it holds nothing.
    session.cycle_id().await.map_err(failed)?;
    session.clear().await;
    session.insert(ACCOUNT, account).await.map_err(failed)?;
    session.insert(NAME, ctx.id()).await.map_err(failed)?;
    session.insert(LABEL, label).await.map_err(failed)?;
    session.save().await.map_err(failed)
}

pub(super) async fn holder(session: &Session) -> Result<Option<Holder>, Problem> {
    let failed = |error: tower_sessions::session::Error| Problem::internal(&error);
    let account = session.get::<Uuid>(ACCOUNT).await.map_err(failed)?;
    let id = session.get::<Uuid>(NAME).await.map_err(failed)?;
    Ok(account.zip(id).map(|(account, session)| Holder { account, session }))
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

/// Counts what was done on a socket as activity of the session it came in by: written down once a minute at most, and on
/// the writer's own thread, because it is asked with every post.
pub fn note_activity(ctx: &Ctx, socket: &Socket) {
    let now = ctx.now();
    if !socket.is_to_be_noted(now, TOUCH_EVERY) {
        return;
    }
    let (db, session, account) = (ctx.db.clone(), socket.credential, socket.account);
    tokio::spawn(async move {
        let written: db::Result<()> =
            db.write_direct(move |direct| store::touch_directly(direct, session, account, now, TOUCH_EVERY, IDLE)).await;
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
        };
        let hash = hash(&record.id);
        let data = serde_json::to_string(&record.data).map_err(backend)?;
        let stored: db::Result<()> =
            self.0.db.write(async move |tx| store::insert_session(tx, &hash, account, &data, &row).await).await;
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
        let Some((data, seen, expires)) = found.filter(|(_, seen, expires)| *expires > now && seen + IDLE > now) else {
            return Ok(None);
        };
        let expiry_date = OffsetDateTime::from_unix_timestamp_nanos(i128::from(expires) * 1000).map_err(backend)?;
        let record = Record { id: *id, data: serde_json::from_str(&data).map_err(backend)?, expiry_date };
        if now - seen > TOUCH_EVERY {
            self.note_activity(hash, word(&record, ACCOUNT)?, now);
        }
        Ok(Some(record))
    }

    async fn delete(&self, id: &Id) -> session_store::Result<()> {
        let hash = hash(id);
        let ctx = self.0.clone();
        let deleted: db::Result<()> = self
            .0
            .db
            .write(async move |tx| {
                let ended = store::delete_session(tx, &hash).await?;
                end_sockets(tx, &ctx, ended.into_iter().collect());
                Ok(())
            })
            .await;
        deleted.map_err(backend)
    }
}
