//! What waits for somebody, and whether they may decide about it.

use std::sync::Arc;

use futures_util::future::BoxFuture;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::hold::{Sealed, words};
use super::model::{CLAIM_FOR, Draft, State};
use super::store::{self, Held, Proposal, Report};
use crate::access::handling::RED;
use crate::access::{Action, Actor, Channel, Decision, RegionAction, may, may_in_region};
use crate::attachable::{self, Holder, Reader};
use crate::base::db;
use crate::base::http::Problem;
use crate::context::Ctx;
use crate::files;
use crate::identity::Caller;

/// How much waits for somebody.
#[derive(Clone, Copy, Debug, Default, Serialize, ToSchema)]
#[schema(as = ModerationSummary)]
pub(super) struct Summary {
    /// Posts that they may decide about.
    pub(super) held: usize,
    /// Reports that they may close.
    pub(super) reports: usize,
    /// Proposals to suspend somebody that they may confirm.
    pub(super) suspensions: usize,
    /// Breaches whose clock runs, for data-protection officers.
    pub(super) breaches: usize,
}

/// How much waits for this person.
pub(super) async fn summary(ctx: &Ctx, actor: &Actor) -> db::Result<Summary> {
    let keeps_breaches = may_in_region(actor, RegionAction::KeepBreaches) == Decision::Allow;
    let breaches = if keeps_breaches { store::open_breaches(&mut ctx.db.read().await?).await? } else { 0 };
    let breaches = usize::try_from(breaches).unwrap_or_default();
    if !actor.holds_powers() {
        return Ok(Summary { breaches, ..Summary::default() });
    }
    let allowed = |decision: &Decision| *decision == Decision::Allow;
    Ok(Summary {
        held: held(ctx, actor).await?.iter().filter(|(_, decision)| allowed(decision)).count(),
        reports: reports(ctx, actor).await?.iter().filter(|(_, decision)| allowed(decision)).count(),
        suspensions: proposals(ctx, actor).await?.iter().filter(|(_, decision)| allowed(decision)).count(),
        breaches,
    })
}

/// What may be decided about a row, and the channel it is in.
async fn decision(
    ctx: &Ctx,
    actor: &Actor,
    channel: Uuid,
    author: Uuid,
    before: Option<Uuid>,
) -> db::Result<(Decision, Option<Arc<Channel>>)> {
    let channel = ctx.standing.channel(channel).await?;
    let decision = channel.as_deref().map_or(Decision::Hide, |channel| may(actor, Action::Review { author, before }, channel));
    Ok((decision, channel))
}

/// The posts that wait where this person moderates, each with whether they may decide about it.
pub(super) async fn held(ctx: &Ctx, actor: &Actor) -> db::Result<Vec<(Held, Decision)>> {
    let rows = store::waiting(&mut ctx.db.read().await?).await?;
    let mut seen = Vec::new();
    for row in rows {
        let (decision, _) = decision(ctx, actor, row.channel, row.author, row.appealed_from).await?;
        if decision != Decision::Hide {
            seen.push((row, decision));
        }
    }
    Ok(seen)
}

/// The open reports where this person moderates, each with whether they may close it. Who wrote the message or has reported
/// it is not the one.
pub(super) async fn reports(ctx: &Ctx, actor: &Actor) -> db::Result<Vec<(Report, Decision)>> {
    let rows = store::open_reports(&mut ctx.db.read().await?).await?;
    let mut seen = Vec::new();
    for row in rows {
        let (decision, _) = decision(ctx, actor, row.channel, row.author, Some(row.reporter)).await?;
        // Whom a report is about isn't told of it.
        if decision != Decision::Hide && row.author != actor.account {
            seen.push((row, decision));
        }
    }
    Ok(seen)
}

/// The open proposals to suspend somebody whom this person could have proposed, each with whether they may confirm it.
pub(super) async fn proposals(ctx: &Ctx, actor: &Actor) -> db::Result<Vec<(Proposal, Decision)>> {
    let rows = store::proposals(&mut ctx.db.read().await?, ctx.now()).await?;
    let mut seen = Vec::new();
    for row in rows {
        let Some(target) = ctx.standing.actor(row.account).await? else { continue };
        let holds_powers = target.holds_powers();
        let asked = |proposed_by| {
            let country = row.country.as_deref();
            may_in_region(actor, RegionAction::Suspend { country, account: row.account, holds_powers, proposed_by })
        };
        if asked(None) == Decision::Allow {
            let decision = asked(Some(row.proposed_by));
            seen.push((row, decision));
        }
    }
    Ok(seen)
}

/// A post that waits and that this person may decide about.
///
/// # Errors
/// `not_found` for who doesn't moderate there; `own_message`, `other_moderator_needed`; `already_decided`.
pub(super) async fn to_decide(ctx: &Ctx, actor: &Actor, id: Uuid) -> Result<Held, Problem> {
    let row = store::held(&mut ctx.db.read().await?, id).await?.ok_or_else(Problem::not_found)?;
    match decision(ctx, actor, row.channel, row.author, row.appealed_from).await?.0 {
        Decision::Hide => Err(Problem::not_found()),
        Decision::Forbid(code) => Err(Problem::forbidden_for(code)),
        Decision::Allow if State::of(&row.state) != State::Waiting => Err(already()),
        Decision::Allow => Ok(row),
    }
}

/// Whether this person may see the words of a post that waits: of what is RED only the people of its room do, in person.
pub(super) async fn sees(ctx: &Ctx, caller: &Caller, channel: Uuid, marking: &str) -> db::Result<bool> {
    sees_in_person(ctx, &caller.actor, caller.by_token, channel, marking).await
}

async fn sees_in_person(ctx: &Ctx, actor: &Actor, by_token: bool, channel: Uuid, marking: &str) -> db::Result<bool> {
    if marking != RED {
        return Ok(true);
    }
    let channel = ctx.standing.channel(channel).await?;
    Ok(!by_token && channel.is_some_and(|channel| may(actor, Action::Unseal, &channel) == Decision::Allow))
}

/// What files hang on while a post waits: they are its author's, and those who may decide about it see them.
struct Waiting;

/// The posts that wait, as what files hang on.
pub fn holder() -> Arc<dyn Holder> {
    Arc::new(Waiting)
}

impl Holder for Waiting {
    fn kind(&self) -> &'static str {
        files::HELD
    }

    fn held<'a>(&'a self, ctx: &'a Ctx, actor: &'a Actor, id: Uuid) -> BoxFuture<'a, db::Result<Option<attachable::Held>>> {
        Box::pin(async move {
            let Some(row) = store::held(&mut ctx.db.read().await?, id).await? else { return Ok(None) };
            let decided = decision(ctx, actor, row.channel, row.author, row.appealed_from).await?.0;
            let Some(sealed) = words(ctx, &row).filter(|_| row.author == actor.account || decided != Decision::Hide) else {
                return Ok(None);
            };
            Ok(Some(attachable::Held { marking: sealed.marking, may_leave: false, place: "/moderation".into() }))
        })
    }

    fn opens<'a>(&'a self, ctx: &'a Ctx, reader: Reader<'a>, id: Uuid) -> BoxFuture<'a, db::Result<bool>> {
        Box::pin(async move {
            let Some(row) = store::held(&mut ctx.db.read().await?, id).await? else { return Ok(false) };
            let Some(sealed) = words(ctx, &row) else { return Ok(false) };
            let own = row.author == reader.actor.account && !reader.by_token;
            Ok(own || sees_in_person(ctx, reader.actor, reader.by_token, row.channel, &sealed.marking).await?)
        })
    }
}

/// Posts that files hang on and whose words are gone: so are the files.
pub(super) async fn bereft(ctx: &Ctx) -> db::Result<Vec<Uuid>> {
    let mut conn = ctx.db.read().await?;
    let mut bereft = Vec::new();
    for id in files::holders(&mut conn, files::HELD).await? {
        if store::held(&mut conn, id).await?.is_none_or(|row| row.sealed.is_none()) {
            bereft.push(id);
        }
    }
    Ok(bereft)
}

/// Whether this person may have these posts shown as they were written, all at once; with `asked_by`: may approve that. What was
/// decided about meanwhile is nobody's to see and in nobody's way.
pub(crate) async fn may_unmask(ctx: &Ctx, actor: &Actor, posts: &[Uuid], asked_by: Option<Uuid>) -> db::Result<Decision> {
    let mut waits = false;
    for id in posts {
        let row = store::held(&mut ctx.db.read().await?, *id).await?;
        let Some(row) = row.filter(|row| State::of(&row.state) == State::Waiting) else { continue };
        match decision(ctx, actor, row.channel, row.author, row.appealed_from).await?.0 {
            Decision::Allow => waits = true,
            refused => return Ok(refused),
        }
    }
    Ok(match waits {
        false => Decision::Hide,
        true if asked_by == Some(actor.account) => Decision::Forbid("other_person_needed"),
        true => Decision::Allow,
    })
}

/// Those of these posts that still wait, as they were written, each with its channel. What is RED is left out for who doesn't
/// belong to its room.
pub(crate) async fn as_written(ctx: &Ctx, caller: &Caller, posts: &[Uuid]) -> db::Result<Vec<(Uuid, Uuid, Draft)>> {
    let mut all = Vec::with_capacity(posts.len());
    for id in posts {
        let row = store::held(&mut ctx.db.read().await?, *id).await?;
        let Some(row) = row.filter(|row| State::of(&row.state) == State::Waiting) else { continue };
        let Some(Sealed { draft, marking, .. }) = words(ctx, &row) else { continue };
        if sees(ctx, caller, row.channel, &marking).await? {
            all.push((*id, row.channel, draft));
        }
    }
    Ok(all)
}

/// Somebody was faster, or its author has taken it back.
pub(super) fn already() -> Problem {
    Problem::conflict("already_decided", "This was decided or taken back before")
}

/// Who has taken a post on and still has it to themselves.
pub(super) fn claimant(row: &Held, now: i64) -> Option<Uuid> {
    row.claimed_by.filter(|_| row.claimed_at.is_some_and(|at| at > now - CLAIM_FOR))
}
