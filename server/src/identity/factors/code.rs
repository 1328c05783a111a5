//! What somebody typed as their second factor: a code of their app, or a recovery code.

use std::net::IpAddr;

use uuid::Uuid;

use super::{Factors, recovery, store, totp};
use crate::base::db;
use crate::context::Ctx;
use crate::identity::notices::{self, Kind};

/// How somebody proved to be there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::identity) enum Proof {
    /// Their password, where there is no second factor.
    Password,
    /// A code of their authenticator app.
    Totp,
    /// A recovery code, used up by this.
    Recovery,
    /// A passkey.
    Passkey,
    /// The word of their institution's identity provider.
    Provider,
    /// The same, with a second factor shown there that the operator lets count.
    ProviderStrong,
}

impl Proof {
    /// The word in the record.
    pub(in crate::identity) fn as_str(self) -> &'static str {
        match self {
            Self::Password => "password",
            Self::Totp => "totp",
            Self::Recovery => "recovery",
            Self::Passkey => "passkey",
            Self::Provider => "provider",
            Self::ProviderStrong => "provider_strong",
        }
    }

    /// Whether that was a second factor, or two in one.
    pub(in crate::identity) fn is_strong(self) -> bool {
        !matches!(self, Self::Password | Self::Provider)
    }

    /// Whether the person has proven something to us just now. A provider may let somebody through whom it has seen hours
    /// ago: that doesn't make them stepped up.
    pub(in crate::identity) fn is_fresh(self) -> bool {
        !matches!(self, Self::Provider | Self::ProviderStrong)
    }
}

/// What a typed code was worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::identity) enum Checked {
    /// It was right, and is used up.
    Right(Proof),
    /// It was wrong, too old, or used before.
    Wrong,
    /// Not looked at: too many were wrong. Seconds to wait.
    Locked(u64),
}

/// Checks what somebody typed, and uses it up if it was right: of two requests with the same code one at most gets
/// [`Checked::Right`].
pub(in crate::identity) async fn check(
    ctx: &Ctx,
    factors: &Factors,
    account: Uuid,
    address: IpAddr,
    typed: &str,
) -> db::Result<Checked> {
    let now = ctx.now();
    if let Err(seconds) = factors.guesses.begin(account, address, now) {
        return Ok(Checked::Locked(seconds));
    }
    let proof = match step(ctx, account, typed, now).await? {
        Some(step) => take(ctx, account, Proof::Totp, async move |tx| store::take_step(tx, account, step).await).await?,
        None => match recovery::hash(typed) {
            Some(hash) => {
                take(ctx, account, Proof::Recovery, async move |tx| store::take_code(tx, account, &hash, now).await).await?
            }
            None => None,
        },
    };
    if let Some(proof) = proof {
        factors.guesses.forgive(account, address);
        return Ok(Checked::Right(proof));
    }
    if factors.guesses.just_locked(account, address) {
        let inner = ctx.clone();
        let told: db::Result<()> =
            ctx.db.write(async move |tx| notices::tell(tx, &inner, account, Kind::CodesGuessed, "", None).await).await;
        told?;
    }
    Ok(Checked::Wrong)
}

/// The step of the app's code, if this is one that counts now and hasn't been used.
async fn step(ctx: &Ctx, account: Uuid, typed: &str, now: i64) -> db::Result<Option<i64>> {
    let Some(row) = store::totp(&mut ctx.db.read().await?, account).await? else { return Ok(None) };
    match ctx.seal.open(&row.secret, account.as_bytes()) {
        Ok(secret) => Ok(totp::matching(&secret, typed, now).filter(|step| *step > row.last_step)),
        Err(error) => {
            // The key's file is gone or another one: recovery codes and passkeys still let people in.
            tracing::error!(%error, "the secret of an authenticator app can't be read");
            Ok(None)
        }
    }
}

/// Uses something up and tells the account what it should know of that.
async fn take(
    ctx: &Ctx,
    account: Uuid,
    proof: Proof,
    mut use_up: impl AsyncFnMut(&mut db::Tx) -> db::Result<bool> + Send + 'static,
) -> db::Result<Option<Proof>> {
    let inner = ctx.clone();
    let taken: db::Result<bool> = ctx
        .db
        .write(async move |tx| {
            let taken = use_up(tx).await?;
            if taken && proof == Proof::Recovery {
                let left = store::held(tx, account).await?.codes;
                notices::tell(tx, &inner, account, Kind::RecoveryUsed, &left.to_string(), None).await?;
            }
            Ok(taken)
        })
        .await;
    Ok(taken?.then_some(proof))
}
