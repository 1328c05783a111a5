//! From a proof to a session: the second half of signing in, and proving oneself again in the middle of a session.

mod http;

pub(super) use http::{enter, router, second};

use uuid::Uuid;

use super::factors::Proof;
use super::notices::{self, Kind};
use crate::audit::{self, Act};
use crate::base::db::{Result, Tx};
use crate::context::Ctx;

/// Writes a sign-in down: in the record, and for its person if the browser is a new one.
async fn note(tx: &mut Tx, ctx: &Ctx, account: Uuid, proof: Proof, label: &str) -> Result<()> {
    if !notices::knows_browser(tx, account, label, ctx.now()).await? {
        notices::tell(tx, ctx, account, Kind::NewBrowser, label, None).await?;
    }
    audit::record(tx, act(ctx, account, "session.begin", proof)).await
}

fn act<'a>(ctx: &Ctx, account: Uuid, what: &'a str, proof: Proof) -> Act<'a> {
    let (target, detail) = (format!("account:{account}"), proof.as_str().into());
    Act { at: ctx.now(), actor: Some(account), what, target, detail }
}
