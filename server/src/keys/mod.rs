//! Key pairs of people, wrapped by what only they have, and the keys of what is sealed to them (decision 26).
//!
//! The server opens nothing by itself: a private key is open while a request runs that brings the secret of its tab along, and in
//! no file. Others call: [`Unlock`] as an argument of a handler; [`create`], [`open`], [`for_writing`], [`admit`], [`dismiss`],
//! [`expire`], [`destroy`] for a space of theirs, [`holders`] before they name somebody, [`holds`] of who is to hold one already;
//! [`escrow`] where somebody is to get back into a space; [`import`] in a bulk load.

mod crypto;
pub mod escrow;
mod halves;
mod http;
mod recovery;
mod space;
mod store;
mod unlock;

use uuid::Uuid;

use crate::base::clock::HOUR;
use crate::base::db::{Error, Result, Tx};
use crate::context::Ctx;

pub use http::{Unlock, router};
pub use space::{NoKeys, Ring, admit, create, destroy, dismiss, expire, for_writing, holders, holds, open};
pub use unlock::Unlocked;

/// What a tab sends the secret in that opens its person's key.
pub const UNLOCK_HEADER: &str = "x-egida-unlock";
/// How long a tab's secret is good (microseconds): as long as a session at most.
const TAB_FOR: i64 = 12 * HOUR;

/// A key derived from a password, and its salt: for many accounts of a bulk load that share one.
#[derive(Clone)]
pub struct Derived {
    /// The key.
    pub key: [u8; 32],
    /// Its salt.
    pub salt: [u8; 16],
}

/// Makes a pair in a bulk load that opens with this password, and opens it.
///
/// # Errors
/// When the account has a pair.
pub async fn import(tx: &mut Tx, ctx: &Ctx, account: Uuid, password: &Derived) -> Result<Unlocked> {
    let unlocked = unlock::make(tx, ctx, account).await?.ok_or(Error::Malformed("second key pair"))?;
    let opener = unlock::Opener::Password(password.key.into(), password.salt);
    unlock::wrap(tx, ctx, &unlocked, &opener).await?;
    Ok(unlocked)
}
