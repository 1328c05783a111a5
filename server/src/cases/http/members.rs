//! Letting people in, for how long, and putting them out.

use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::super::inside::{Inside, Refused, enter};
use super::super::model::MEMBERS_MAX;
use super::super::sealing::Event;
use super::super::store::members::{self, Member, NewMember};
use super::super::store::proposals::{self, NewProposal};
use super::super::words::{Ground, Mandate, Proposed, Standing, Word};
use super::super::{acts, days, escrow, notice};
use super::{Written, act, board};
use crate::access::{Actor, CaseAction, Invitation, Way, way_in};
use crate::audit;
use crate::base::db::Tx;
use crate::base::http::{Json, Path, Problem};
use crate::context::Ctx;
use crate::directory;
use crate::identity::Caller;
use crate::keys::{self, NoKeys, Unlock};

/// Somebody to be let in.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[schema(as = NewCaseMember)]
pub(super) struct Wish {
    account: Uuid,
    mandate: Mandate,
    ground: Ground,
    /// The last day: within a year, 180 days when not named.
    #[serde(default)]
    expires_at: Option<String>,
}

/// How far somebody is in.
#[derive(Serialize, ToSchema)]
#[schema(as = CaseInvited)]
pub(super) struct Invited {
    /// `invited`, or `proposed` where another member must confirm.
    state: Standing,
}

/// Invites somebody. An administrator, somebody of an organisation that has no member in the room, and whomever a member of
/// another organisation than the lead's names is proposed, and invited once another member has confirmed.
#[utoipa::path(post, path = "/api/cases/{id}/members", tag = "cases", params(("id" = Uuid, Path)), request_body = Wish,
    responses((status = 201, body = Invited), (status = 401), (status = 404), (status = 409), (status = 422), (status = 423)))]
pub(super) async fn invite(
    State(ctx): State<Ctx>,
    caller: Caller,
    unlock: Unlock,
    Path(id): Path<Uuid>,
    Json(wish): Json<Wish>,
) -> Result<(StatusCode, Json<Invited>), Problem> {
    let unlocked = enter(&ctx, &caller, &unlock, CaseAction::Write, id).await?;
    let until = until(&ctx, wish.expires_at.as_deref())?;
    let invited = ctx.standing.actor(wish.account).await?.ok_or_else(unknown)?;
    let (inner, actor) = (ctx.clone(), caller.actor.clone());
    let done: Result<Standing, Refused> = ctx
        .db
        .write(async move |tx| {
            let inside = Inside::write(tx, &inner, &actor, &unlocked, CaseAction::Write, id).await?;
            let (way, house) = way(tx, &inside, &invited).await?;
            let state = if way == Way::ByOne { Standing::Invited } else { Standing::Proposed };
            let member = NewMember {
                room: id,
                account: wish.account,
                organisation: house,
                mandate: wish.mandate.as_str(),
                ground: wish.ground.as_str(),
                state,
                invited_by: actor.account,
                at: inner.now(),
                expires_at: Some(until),
                terms: None,
            };
            members::put(tx, &member).await?;
            match way {
                Way::ByOne => welcome(tx, &inner, &inside, actor.account, wish.account).await?,
                Way::ByTwo => propose(tx, &inner, &inside, wish.account).await?,
            }
            Ok(state)
        })
        .await;
    Ok((StatusCode::CREATED, Json(Invited { state: done? })))
}

fn unknown() -> Problem {
    Problem::unprocessable("case_member_unknown", "This person can't be a member")
}

fn until(ctx: &Ctx, wish: Option<&str>) -> Result<i64, Problem> {
    let until = days::mandate_until(wish, &days::day_of(ctx.now()));
    let bad = || Problem::unprocessable("case_expiry_invalid", "No mandate ends then").with("limit", days::MANDATE_DAYS_MAX);
    until.ok_or_else(bad)
}

/// How somebody may come in, and for which organisation.
async fn way(tx: &mut Tx, inside: &Inside, invited: &Actor) -> Result<(Way, Uuid), Refused> {
    let there = |member: &&Member| member.account == invited.account && member.ended_at.is_none();
    if inside.members.iter().any(|member| there(&member)) {
        return Err(Problem::conflict("case_member_already", "This person is a member, or invited").into());
    }
    if inside.members.iter().filter(|member| member.ended_at.is_none()).count() >= MEMBERS_MAX {
        let many = Problem::unprocessable("case_too_many_members", "There are too many members");
        return Err(many.with("limit", MEMBERS_MAX).into());
    }
    let house = invited.organisation.ok_or_else(unknown)?;
    let kind = directory::organisations_named(tx, &[house]).await?.pop().map(|house| house.kind).unwrap_or_default();
    let (sheet, _) = inside.sheet(tx).await?;
    let asked = Invitation {
        by_lead: inside.leads(),
        alone: inside.holders().len() < 2,
        house,
        kind: &kind,
        lead: inside.room.lead,
        houses: &inside.houses(),
        authorities_agreed: sheet.authorities && sheet.agreed(),
    };
    let way = way_in(invited, &asked).map_err(|code| match code {
        "case_consent_missing" => Problem::conflict(code, "The child's side hasn't agreed to this"),
        _ => unknown(),
    })?;
    if let Some(exercise) = inside.room.exercise {
        board::takes_part(tx, exercise, invited.account).await?;
    }
    if keys::holders(tx, &[invited.account]).await?.is_empty() {
        return Err(acts::no_keys().into());
    }
    Ok((way, house))
}

/// Seals the room's key to somebody who is invited now, and tells them; what it opens they are shown once they have accepted.
pub(super) async fn welcome(tx: &mut Tx, ctx: &Ctx, inside: &Inside, by: Uuid, account: Uuid) -> Result<(), Refused> {
    let id = inside.room.id;
    keys::admit(tx, &inside.ring, id, account).await?.map_err(|NoKeys(_)| acts::no_keys())?;
    let seq = acts::noted(tx, ctx, inside, by, &Event::with("invited", account)).await?;
    notice::tell(tx, ctx, id, seq, "invited", [account]);
    audit::record(tx, act(ctx, by, "case.invite", id, format!("account:{account}"))).await?;
    Ok(())
}

async fn propose(tx: &mut Tx, ctx: &Ctx, inside: &Inside, account: Uuid) -> Result<(), Refused> {
    let (id, by) = (inside.room.id, inside.me.account);
    let (kind, subject) = (Proposed::Admission, Some(account));
    proposals::add(tx, &NewProposal { id: ctx.id(), room: id, kind, by, at: ctx.now(), subject, sealed: None }).await?;
    acts::noted(tx, ctx, inside, by, &Event::with("proposed", account)).await?;
    audit::record(tx, act(ctx, by, "case.propose", id, format!("admission account:{account}"))).await?;
    Ok(())
}

/// Until when somebody stays.
#[derive(Deserialize, ToSchema)]
#[schema(as = CaseMemberChange)]
pub(super) struct Extension {
    /// The last day: within a year.
    expires_at: String,
}

/// Lets somebody stay for longer, or less long.
#[utoipa::path(patch, path = "/api/cases/{id}/members/{account}", tag = "cases",
    params(("id" = Uuid, Path), ("account" = Uuid, Path)), request_body = Extension,
    responses((status = 200, body = Written), (status = 401), (status = 403), (status = 404), (status = 409), (status = 422), (status = 423)))]
pub(super) async fn extend(
    State(ctx): State<Ctx>,
    caller: Caller,
    unlock: Unlock,
    Path((id, account)): Path<(Uuid, Uuid)>,
    Json(wish): Json<Extension>,
) -> Result<Json<Written>, Problem> {
    let unlocked = enter(&ctx, &caller, &unlock, CaseAction::Lead, id).await?;
    let until = until(&ctx, Some(&wish.expires_at))?;
    let (inner, actor) = (ctx.clone(), caller.actor.clone());
    let done: Result<Written, Refused> = ctx
        .db
        .write(async move |tx| {
            let inside = Inside::write(tx, &inner, &actor, &unlocked, CaseAction::Lead, id).await?;
            if !members::extend(tx, id, account, until).await? {
                return Err(Problem::not_found().into());
            }
            let event = Event { to: days::last_day(until), ..Event::with("extended", account) };
            let seq = acts::noted(tx, &inner, &inside, actor.account, &event).await?;
            audit::record(tx, act(&inner, actor.account, "case.extend", id, format!("account:{account}"))).await?;
            Ok(Written { item: account, seq })
        })
        .await;
    Ok(Json(done?))
}

/// Leaves a room, or puts somebody out who is a member or invited: for the lead. What is written from then on they never held a
/// key of.
#[utoipa::path(delete, path = "/api/cases/{id}/members/{account}", tag = "cases",
    params(("id" = Uuid, Path), ("account" = Uuid, Path)),
    responses((status = 204), (status = 401), (status = 403), (status = 404), (status = 409), (status = 423)))]
pub(super) async fn remove(
    State(ctx): State<Ctx>,
    caller: Caller,
    unlock: Unlock,
    Path((id, account)): Path<(Uuid, Uuid)>,
) -> Result<StatusCode, Problem> {
    let action = if account == caller.account() { CaseAction::Read } else { CaseAction::Lead };
    let unlocked = enter(&ctx, &caller, &unlock, action, id).await?;
    let (inner, actor) = (ctx.clone(), caller.actor.clone());
    let done: Result<(), Refused> = ctx
        .db
        .write(async move |tx| {
            let inside = Inside::write(tx, &inner, &actor, &unlocked, action, id).await?;
            let member = inside.members.iter().find(|member| member.account == account && member.ended_at.is_none());
            let member = member.ok_or_else(Problem::not_found)?.clone();
            stays_led(&inside, &member)?;
            let own = account == actor.account;
            let (state, code, what) =
                if own { (Standing::Left, "left", "case.leave") } else { (Standing::Removed, "removed", "case.remove") };
            members::end(tx, id, account, state, inner.now()).await?;
            drop_admission(tx, &inside, account, actor.account, inner.now()).await?;
            let seq = acts::noted(tx, &inner, &inside, actor.account, &Event::with(code, account)).await?;
            notice::tell(tx, &inner, id, seq, "gone", [account]);
            audit::record(tx, act(&inner, actor.account, what, id, format!("account:{account}"))).await?;
            let remaining: Vec<Uuid> = inside.holders().into_iter().filter(|holder| *holder != account).collect();
            // Who leaves doesn't begin the version that they are never to hold: the next one who writes does.
            if own {
                keys::expire(tx, id, account).await?;
            } else {
                let ring = keys::dismiss(tx, inside.ring, id, account, &remaining).await?;
                escrow::cover(tx, &inner, &inside.room, &ring).await?;
            }
            Ok(())
        })
        .await;
    done?;
    Ok(StatusCode::NO_CONTENT)
}

/// Nobody leaves a room to nobody, nor without its lead.
fn stays_led(inside: &Inside, member: &Member) -> Result<(), Problem> {
    if !member.is_active() {
        return Ok(());
    }
    let mut others = inside.active().filter(|other| other.account != member.account).peekable();
    if others.peek().is_none() {
        return Err(Problem::conflict("case_last_member", "Nobody would be left: let it be erased, or let somebody in first"));
    }
    let leads = member.organisation == inside.room.lead && inside.room.closed_at.is_none();
    if leads && !others.any(|other| other.organisation == inside.room.lead) {
        return Err(Problem::conflict("case_last_of_lead", "Nobody of the lead organisation would be left: hand it over first"));
    }
    Ok(())
}

/// Whoever is put out isn't waited for any more.
async fn drop_admission(tx: &mut Tx, inside: &Inside, account: Uuid, by: Uuid, at: i64) -> Result<(), Refused> {
    for proposal in proposals::open(tx, inside.room.id).await? {
        if proposal.kind() == Proposed::Admission && proposal.subject == Some(account) {
            proposals::end(tx, proposal.id, false, by, at).await?;
        }
    }
    Ok(())
}
