//! Somebody's key pair: made once, opened by what only they have, and open while one of their requests runs.

use std::sync::Arc;

use uuid::Uuid;
use zeroize::Zeroizing;

use super::crypto::{self, Key};
use super::store::{self, Wrap};
use super::{TAB_FOR, recovery};
use crate::base::db::{self, On, Result, Tx};
use crate::base::secret;
use crate::context::Ctx;

/// Somebody whose private key is open, for as long as this value lives.
#[derive(Clone)]
pub struct Unlocked {
    account: Uuid,
    private: Arc<Key>,
}

impl Unlocked {
    /// Whose key it is.
    pub fn account(&self) -> Uuid {
        self.account
    }

    #[cfg(test)]
    pub(super) fn with(account: Uuid, private: Key) -> Self {
        Self { account, private: Arc::new(private) }
    }

    pub(super) fn private(&self) -> &Key {
        &self.private
    }
}

/// What somebody opens their private half with.
pub(super) enum Opener {
    /// The key derived from a password or a passphrase, with its salt.
    Password(Key, [u8; 16]),
    /// The recovery key, as [`recovery::read`] reads it.
    Recovery(Zeroizing<String>),
    /// What a passkey answers (`WebAuthn`'s PRF extension: 32 bytes), and its credential.
    Passkey { secret: Vec<u8>, credential: Vec<u8> },
    /// The secret of a tab, and the session it is good in.
    Tab { secret: String, session: Uuid },
}

impl Opener {
    fn kind(&self) -> &'static str {
        match self {
            Self::Password(..) => "password",
            Self::Recovery(_) => "recovery",
            Self::Passkey { .. } => "passkey",
            Self::Tab { .. } => "tab",
        }
    }

    fn key(&self) -> Key {
        match self {
            Self::Password(key, _) => key.clone(),
            Self::Recovery(typed) => crypto::key_of("recovery", typed.as_bytes()),
            Self::Passkey { secret, .. } => crypto::key_of("passkey", secret),
            Self::Tab { secret, .. } => crypto::key_of("tab", secret.as_bytes()),
        }
    }
}

/// What a private half is sealed for: this person and this way in.
fn bound(account: Uuid, kind: &str) -> Vec<u8> {
    [b"egida private ", &account.as_bytes()[..], kind.as_bytes()].concat()
}

/// Makes somebody's pair. `None` if they have one.
pub(super) async fn make(tx: &mut Tx, ctx: &Ctx, account: Uuid) -> Result<Option<Unlocked>> {
    let (private, public) = crypto::pair();
    let made = store::insert_pair(tx, account, &public, ctx.now()).await?;
    Ok(made.then(|| Unlocked { account, private: Arc::new(private) }))
}

/// Adds a way in.
pub(super) async fn wrap(tx: &mut Tx, ctx: &Ctx, unlocked: &Unlocked, opener: &Opener) -> Result<()> {
    let (kind, now) = (opener.kind(), ctx.now());
    let sealed = crypto::seal(&opener.key(), &bound(unlocked.account, kind), &unlocked.private[..]);
    let (mut salt, mut lookup, mut session, mut expires_at) = (None, None, None, None);
    match opener {
        Opener::Password(_, of) => salt = Some(of.to_vec()),
        Opener::Recovery(_) => {}
        Opener::Passkey { credential, .. } => lookup = Some(credential.clone()),
        Opener::Tab { secret, session: of } => {
            (lookup, session, expires_at) = (Some(secret::hash(secret).to_vec()), Some(*of), Some(now + TAB_FOR));
        }
    }
    let kind = kind.to_owned();
    let row = Wrap { id: ctx.id(), account: unlocked.account, kind, salt, lookup, session, sealed, created_at: now, expires_at };
    store::insert_wrap(tx, &row).await
}

/// Takes all ways of a kind away, and adds this one: a password or a recovery key takes the place of the one before.
pub(super) async fn replace(tx: &mut Tx, ctx: &Ctx, unlocked: &Unlocked, opener: &Opener) -> Result<()> {
    store::delete_kind(tx, unlocked.account, opener.kind()).await?;
    tx.erases();
    wrap(tx, ctx, unlocked, opener).await
}

/// Opens somebody's private half; `None` if this opens none.
pub(super) async fn open(conn: &mut impl On, now: i64, account: Uuid, opener: &Opener) -> Result<Option<Unlocked>> {
    let wraps = match opener {
        Opener::Tab { secret, session } => {
            store::tab(conn, &secret::hash(secret), account, *session, now).await?.into_iter().collect()
        }
        _ => store::wraps(conn, account, opener.kind()).await?,
    };
    let (key, bound) = (opener.key(), bound(account, opener.kind()));
    let private = wraps.iter().find_map(|wrap| crypto::open(&key, &bound, &wrap.sealed));
    let private = private.map(Zeroizing::new).and_then(|bytes| Some(Key::new(bytes[..].try_into().ok()?)));
    Ok(private.map(|private| Unlocked { account, private: Arc::new(private) }))
}

/// A new recovery key for this person, in place of the one before. Shown once.
pub(super) async fn new_recovery(tx: &mut Tx, ctx: &Ctx, unlocked: &Unlocked, key: &str) -> Result<()> {
    let read = recovery::read(key).ok_or(db::Error::Malformed("recovery key"))?;
    replace(tx, ctx, unlocked, &Opener::Recovery(read)).await
}
