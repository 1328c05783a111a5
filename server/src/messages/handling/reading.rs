//! The one way to the words of what is RED or has an H3.

use crate::access::handling::{Code, Labels, RED};
use crate::access::{Action, Channel, Decision, may};
use crate::attachable::Reader;
use crate::audit::{self, Act};
use crate::base::db;
use crate::base::http::Problem;
use crate::context::Ctx;
use crate::identity::Caller;

use super::super::store::Facts;
use super::store;

/// Whether this reader gets the words of a message that they may know of: an H3 once they have acknowledged it, what is RED
/// as somebody whom its room names. A program gets neither: nobody could say who has read them. That what is RED was
/// handed out is noted before it is.
pub(in super::super) async fn open(ctx: &Ctx, reader: Reader<'_>, facts: &Facts, channel: &Channel) -> db::Result<bool> {
    let labels = Labels::of(facts.labels.as_deref());
    let (red, h3) = (facts.handling() == RED, labels.has(Code::H3));
    if !red && !h3 || facts.deleted_at.is_some() {
        return Ok(true);
    }
    let account = reader.actor.account;
    let own = facts.author == account;
    if reader.by_token || red && may(reader.actor, Action::Unseal, channel) != Decision::Allow {
        return Ok(false);
    }
    if h3 && !own {
        let words = labels.restriction.unwrap_or_default();
        if !store::has_acknowledged(&mut ctx.db.read().await?, facts.n, account, &words).await? {
            return Ok(false);
        }
    }
    if red && !own && reader.noting {
        let (n, at) = (facts.n, ctx.now());
        let noted: db::Result<()> = ctx.db.write(async move |tx| store::read(tx, n, account, at).await).await;
        noted?;
    }
    Ok(true)
}

/// Notes that somebody has acknowledged the restriction of an H3.
pub(super) async fn acknowledge(ctx: &Ctx, caller: &Caller, facts: &Facts) -> Result<(), Problem> {
    let labels = Labels::of(facts.labels.as_deref());
    if !labels.has(Code::H3) {
        return Err(Problem::conflict("nothing_to_acknowledge", "This message has no restriction"));
    }
    // Nobody has read it whose program says so.
    if caller.by_token {
        return Err(Problem::forbidden_for("withheld"));
    }
    let (n, id, channel, account, at) = (facts.n, facts.id, facts.channel, caller.account(), ctx.now());
    let words = labels.restriction.unwrap_or_default();
    let done: db::Result<()> = ctx
        .db
        .write(async move |tx| {
            store::acknowledge(tx, n, account, &words, at).await?;
            let (target, detail) = (format!("message:{id}"), format!("channel:{channel}"));
            audit::record(tx, Act { at, actor: Some(account), what: "message.acknowledge", target, detail }).await
        })
        .await;
    Ok(done?)
}
