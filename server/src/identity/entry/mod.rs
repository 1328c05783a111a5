//! From a proof to a session: the second half of signing in, and proving oneself again in the middle of a session.

mod http;

pub(super) use http::{enter, router, second};

use uuid::Uuid;

use super::factors::Proof;
use super::notices::{self, Kind};
use crate::audit::Act;
use crate::base::db::{Result, Tx};
use crate::context::Ctx;

/// Tells somebody that they have signed in, if the browser is a new one. (The record has it with the session.)
async fn note(tx: &mut Tx, ctx: &Ctx, account: Uuid, label: &str) -> Result<()> {
    if !notices::knows_browser(tx, account, label, ctx.now()).await? {
        notices::tell(tx, ctx, account, Kind::NewBrowser, label, None).await?;
    }
    Ok(())
}

fn act<'a>(ctx: &Ctx, account: Uuid, what: &'a str, proof: Proof) -> Act<'a> {
    let (target, detail) = (format!("account:{account}"), proof.as_str().into());
    Act { at: ctx.now(), actor: Some(account), what, target, detail }
}
