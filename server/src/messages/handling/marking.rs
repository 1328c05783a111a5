//! Another marking for a message: its source gives it any that its place can carry, who looks after the channel a stricter
//! one; anybody else proposes, and the source decides.

use std::sync::Arc;

use serde_json::json;
use uuid::Uuid;

use super::super::change::{Changed, digest, entry, locate, tell, writable};
use super::super::ends;
use super::super::store::{self as messages, Facts};
use super::store;
use crate::access::handling::{Code, Labels, is_carried, strictest, strictness};
use crate::access::{Action, Actor, Channel};
use crate::audit::{self, Act};
use crate::base::db::{self, AfterCommit, Tx};
use crate::base::http::Problem;
use crate::channels;
use crate::channels::changes::{self, Change, Kind};
use crate::context::Ctx;
use crate::realtime::frame;
use crate::search;

/// A marking to be given, and the days until the message is erased if it is to have an end of its own.
#[derive(Clone, Debug)]
pub(super) struct Wish {
    pub(super) marking: String,
    pub(super) days: Option<i64>,
}

/// Gives a message another marking.
pub(super) async fn set(ctx: &Ctx, actor: &Actor, id: Uuid, wish: Wish) -> Result<(), Problem> {
    let (facts, channel) = locate(ctx, actor, Action::Read, id).await?;
    let own = facts.author == actor.account;
    channels::authorise(ctx, actor, if own { Action::Post } else { Action::Arrange }, channel.id).await?;
    let wanted = strictness(&wish.marking).ok_or_else(unknown)?;
    if !own && Some(wanted) < strictness(facts.handling()) {
        return Err(Problem::forbidden_for("marking_lowered_by_source"));
    }
    // A moderator doesn't give it another end along with it.
    let wish = if own { wish } else { Wish { days: None, ..wish } };
    let (ctx, db, by) = (ctx.clone(), ctx.db.clone(), actor.account);
    let done: db::Result<Result<(), Problem>> = db
        .write(async move |tx| {
            let facts = match writable(tx, id, channel.id).await? {
                Ok(facts) => facts,
                Err(problem) => return Ok(Err(problem)),
            };
            if !own && Some(wanted) < strictness(facts.handling()) {
                return Ok(Err(Problem::forbidden_for("marking_lowered_by_source")));
            }
            Ok(give(tx, &ctx, &channel, &facts, &wish, by).await?.map(drop))
        })
        .await;
    done?
}

/// The marking that a message can't go below: its channel's, and that of what it quotes.
async fn floor(tx: &mut Tx, channel: &Channel, facts: &Facts) -> db::Result<String> {
    let quoted = match facts.quote {
        None => None,
        Some(quote) => messages::facts(tx, quote).await?,
    };
    let quoted = quoted.as_ref().map_or(channel.marking.as_str(), Facts::handling);
    Ok(strictest(&channel.marking, quoted).to_owned())
}

/// Gives a message a marking that its place can carry, and notes it.
async fn give(tx: &mut Tx, ctx: &Ctx, channel: &Channel, facts: &Facts, wish: &Wish, by: Uuid) -> Changed {
    let marking = wish.marking.as_str();
    let floor = floor(tx, channel, facts).await?;
    if strictness(marking) < strictness(&floor) {
        let below = Problem::conflict("marking_below_floor", "What it stands in or quotes is marked more strictly");
        return Ok(Err(below.with("marking", marking).with("floor", floor)));
    }
    if !is_carried(marking, &channel.ceiling) {
        return Ok(Err(channels::above_ceiling(marking, &channel.ceiling)));
    }
    let now = ctx.now();
    let ends = match ends::expiry(marking, now, wish.days, ends::kept(facts.posted_at, facts.channel_retention, now)) {
        Ok(ends) => ends,
        Err(problem) => return Ok(Err(problem)),
    };
    if marking == facts.marking && wish.days.is_none() {
        return Ok(Ok(None));
    }
    let ends = ends::end_when_marked((&facts.marking, facts.expires_at), marking, wish.days.is_some(), ends);
    let digest = digest(tx, &facts.covered(), marking, facts.labels.as_deref()).await?;
    let seq = changes::note(tx, channel.id, &Change { kind: Kind::Mark, id: facts.id, digest: &digest }).await?;
    messages::mark(tx, facts.n, marking, ends, seq).await?;
    let marked = search::Entry::new(channel.number, marking, facts.author, &facts.body);
    search::reindex(tx, facts.n, &entry(channel, facts, &facts.body), &marked).await?;
    note(tx, ctx, facts, "message.mark", Some(by)).await?;
    tell(tx, ctx, facts.id).await
}

pub(super) async fn note(tx: &mut Tx, ctx: &Ctx, facts: &Facts, what: &str, by: Option<Uuid>) -> db::Result<()> {
    let (target, detail) = (format!("message:{}", facts.id), format!("channel:{}", facts.channel));
    audit::record(tx, Act { at: ctx.now(), actor: by, what, target, detail }).await
}

fn unknown() -> Problem {
    Problem::unprocessable("marking_unknown", "There is no such handling marking")
}

/// Proposes another marking to the source: its id. A person's later proposal takes the place of an earlier one.
pub(super) async fn propose(ctx: &Ctx, actor: &Actor, id: Uuid, marking: String) -> Result<Uuid, Problem> {
    let (facts, channel) = locate(ctx, actor, Action::Read, id).await?;
    let action = if actor.moderates(&channel) { Action::Arrange } else { Action::Post };
    channels::authorise(ctx, actor, action, channel.id).await?;
    if strictness(&marking).is_none() {
        return Err(unknown());
    }
    if facts.author == actor.account {
        return Err(Problem::conflict("marking_is_yours", "It is yours: change its marking"));
    }
    let (ctx, db, by) = (ctx.clone(), ctx.db.clone(), actor.account);
    let done: db::Result<Result<Uuid, Problem>> = db
        .write(async move |tx| {
            let facts = match writable(tx, id, channel.id).await? {
                Ok(facts) => facts,
                Err(problem) => return Ok(Err(problem)),
            };
            let proposal = store::propose(tx, ctx.id(), facts.n, by, &marking, ctx.now()).await?;
            note(tx, &ctx, &facts, "message.propose", Some(by)).await?;
            let (hub, author) = (ctx.hub.clone(), facts.author);
            let text = frame::text(&json!({"type": "notice", "code": "marking_proposed", "message": id, "channel": channel.id}));
            tx.after_commit(move || hub.tell(author, &text, None));
            Ok(Ok(proposal))
        })
        .await;
    done?
}

/// What is proposed for a message, as its source or who looks after the channel sees it; others see their own.
pub(super) async fn proposals(ctx: &Ctx, actor: &Actor, id: Uuid) -> Result<Vec<(Uuid, Uuid, String, i64)>, Problem> {
    let (facts, channel) = locate(ctx, actor, Action::Read, id).await?;
    let all = facts.author == actor.account || actor.moderates(&channel);
    let mut rows = store::proposals(&mut ctx.db.read().await?, facts.n).await?;
    rows.retain(|(_, account, ..)| all || *account == actor.account);
    Ok(rows)
}

/// Decides about a proposal: its source accepts or declines, who made it withdraws.
pub(super) async fn decide(ctx: &Ctx, actor: &Actor, id: Uuid, proposal: Uuid, accepted: bool) -> Result<(), Problem> {
    let (facts, channel) = locate(ctx, actor, Action::Post, id).await?;
    let own = facts.author == actor.account;
    let (ctx, db, by) = (ctx.clone(), ctx.db.clone(), actor.account);
    let done: db::Result<Result<(), Problem>> = db
        .write(async move |tx| {
            let facts = match writable(tx, id, channel.id).await? {
                Ok(facts) => facts,
                Err(problem) => return Ok(Err(problem)),
            };
            let found = store::proposals(tx, facts.n).await?.into_iter().find(|(known, ..)| *known == proposal);
            // Whose it isn't doesn't learn of it.
            let Some((_, _, marking, _)) = found.filter(|(_, from, ..)| own || *from == by) else {
                return Ok(Err(Problem::not_found()));
            };
            if accepted && !own {
                return Ok(Err(Problem::forbidden()));
            }
            // What can't be carried out stays on the table.
            if accepted && let Err(problem) = give(tx, &ctx, &channel, &facts, &Wish { marking, days: None }, by).await? {
                return Ok(Err(problem));
            }
            store::forget(tx, proposal).await?;
            let what = match (accepted, own) {
                (true, _) => "message.accept",
                (false, true) => "message.decline",
                (false, false) => "message.withdraw",
            };
            note(tx, &ctx, &facts, what, Some(by)).await?;
            Ok(Ok(()))
        })
        .await;
    done?
}

/// Lets an H2 go along into a channel, or no longer: its source alone, and into what it may know of.
pub(super) async fn release(ctx: &Ctx, actor: &Actor, id: Uuid, to: Uuid, on: bool) -> Result<(), Problem> {
    let (facts, _) = locate(ctx, actor, Action::Post, id).await?;
    if facts.author != actor.account {
        return Err(Problem::forbidden());
    }
    let to: Arc<Channel> = channels::authorise(ctx, actor, Action::Know, to).await?;
    if !Labels::of(facts.labels.as_deref()).has(Code::H2) {
        return Err(Problem::conflict("nothing_to_release", "This message has no H2"));
    }
    let (inner, by) = (ctx.clone(), actor.account);
    let done: db::Result<()> = ctx
        .db
        .write(async move |tx| {
            store::release(tx, facts.n, to.id, on.then(|| inner.now())).await?;
            let what = if on { "message.release" } else { "message.retain" };
            let (target, detail) = (format!("message:{id}"), format!("channel:{}", to.id));
            audit::record(tx, Act { at: inner.now(), actor: Some(by), what, target, detail }).await
        })
        .await;
    Ok(done?)
}
