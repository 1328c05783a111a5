//! Letting people in and running the platform: invitations, accounts, roles.
//!
//! Others call: [`invite`] for the first administrator.

mod http;
mod store;

pub use http::router;

use uuid::Uuid;

use crate::access::{Role, Scope};
use crate::audit::{self, Act};
use crate::base::clock::HOUR;
use crate::base::db::{Result, Tx};
use crate::base::secret;
use crate::context::Ctx;

/// An invitation is good for this long.
const GOOD_FOR: i64 = 72 * HOUR;

/// An invitation to be made.
#[derive(Clone, Debug)]
pub struct NewInvitation {
    /// Lower case; nobody with another address can use it.
    pub email: String,
    /// The name it proposes.
    pub name: String,
    /// Country of work.
    pub country: Option<String>,
    /// Code of the vocabulary.
    pub function: Option<String>,
    /// Where this person works.
    pub organisation: Option<String>,
    /// A power that comes with it: for the first administrator alone.
    pub grant: Option<(Role, Scope)>,
}

/// Makes an invitation: its id and its secret, of which only a hash is kept.
pub async fn invite(tx: &mut Tx, ctx: &Ctx, invitation: &NewInvitation, by: Option<Uuid>) -> Result<(Uuid, String)> {
    let (id, token, now) = (ctx.id(), secret::token(), ctx.now());
    store::insert(tx, id, &secret::hash(&token), invitation, by, now, now + GOOD_FOR).await?;
    let target = format!("invitation:{id}");
    audit::record(tx, Act { at: now, actor: by, what: "invitation.create", target, detail: String::new() }).await?;
    Ok((id, token))
}
