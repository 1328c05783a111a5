//! What people prove themselves with beside a password: an authenticator app, passkeys, recovery codes.
//!
//! The rest of the slice calls: [`Factors`] for what is kept in memory between two requests, [`held`] to know what an
//! account has, [`code`] to check what somebody typed.

mod code;
mod guesses;
mod http;
mod once;
mod passkeys;
mod recovery;
mod store;
mod totp;

pub(super) use code::{Checked, Proof, check};
pub(super) use http::{Ceremony, router, unavailable};
pub(super) use once::Once;
pub(super) use passkeys::{Asserted, assertion};
pub(super) use store::{Held, held, use_passkey};

use uuid::Uuid;

use crate::base::{db, secret};
use crate::context::Ctx;
use guesses::Guesses;
use passkeys::Passkeys;

/// What is kept in memory between two requests.
pub(super) struct Factors {
    /// Passkeys, and their ceremonies under way.
    passkeys: Passkeys,
    /// Secrets of authenticator apps that nobody has confirmed yet, by account.
    enrolments: Once<(Uuid, Vec<u8>)>,
    /// Wrong codes, by account.
    guesses: Guesses,
}

impl Factors {
    /// For a server that people reach at this origin.
    pub(super) fn new(origin: Option<&str>) -> Self {
        Self { passkeys: Passkeys::new(origin), enrolments: Once::default(), guesses: Guesses::default() }
    }

    /// Whether there can be passkeys at the address of this server.
    pub(super) fn has_passkeys(&self) -> bool {
        self.passkeys.party().is_some()
    }

    /// Begins to prove by a passkey who somebody is; `None` where there are no passkeys, or too much is under way.
    pub(super) fn challenge(&self, now: i64) -> Option<(Uuid, serde_json::Value)> {
        self.passkeys.begin_assertion(now)
    }
}

/// Gives an account an authenticator app: its secret, spelled for the app.
pub(super) async fn give_app(ctx: &Ctx, account: Uuid) -> Result<String, String> {
    let (secret, now) = (secret::random::<{ totp::SECRET_BYTES }>(), ctx.now());
    let sealed = ctx.seal.seal(&secret, account.as_bytes()).map_err(|error| error.to_string())?;
    let kept: db::Result<()> = ctx.db.write(async move |tx| store::set_totp(tx, account, &sealed, 0, now).await).await;
    kept.map_err(|error| error.to_string())?;
    Ok(totp::spelled(&secret))
}

/// How many authenticator apps can't be read with the key there is, and how many there are.
pub(super) async fn unreadable_apps(ctx: &Ctx) -> db::Result<(usize, usize)> {
    let apps = store::all_totp(&mut ctx.db.read().await?).await?;
    let lost = apps.iter().filter(|(account, secret)| ctx.seal.open(secret, account.as_bytes()).is_err()).count();
    Ok((lost, apps.len()))
}

/// Takes every factor from an account.
pub(super) async fn take_all(tx: &mut db::Tx, account: Uuid) -> db::Result<()> {
    store::delete_totp(tx, account).await?;
    store::delete_passkeys(tx, account).await?;
    store::delete_codes(tx, account).await
}
