//! What takes two: one proposes, another one does it.

use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::super::acts::{self, Closure};
use super::super::inside::{Inside, Refused, enter};
use super::super::model::BODY_MAX;
use super::super::sealing::{self, Event};
use super::super::store::members;
use super::super::store::proposals::{self, NewProposal, Proposal};
use super::super::words::{Proposed, Reason, Standing, Word};
use super::super::{days, steps};
use super::steps::{gate, gates};
use super::{act, faulty, room};
use crate::access::{CaseAction, Decision, may_confirm, way_in};
use crate::audit;
use crate::base::db::{Error, Tx};
use crate::base::http::{Json, Path, Problem};
use crate::base::{guard, text};
use crate::context::Ctx;
use crate::directory;
use crate::identity::Caller;
use crate::keys::Unlock;
use crate::vocabulary;

/// What somebody proposes.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[schema(as = NewCaseProposal)]
pub(super) enum Wish {
    /// That the room is closed.
    Closure {
        reason: Reason,
        /// The closing report: at most 8000 characters.
        report: String,
        /// For how many days it is kept then: 30 to 1826, 365 when not named.
        #[serde(default)]
        retention_days: Option<i64>,
    },
    /// That another organisation leads it.
    Handover { organisation: Uuid },
    /// That it is erased.
    Erasure {},
}

impl Wish {
    fn kind(&self) -> Proposed {
        match self {
            Self::Closure { .. } => Proposed::Closure,
            Self::Handover { .. } => Proposed::Handover,
            Self::Erasure {} => Proposed::Erasure,
        }
    }

    /// Who may propose it. What is closed can still be erased.
    fn action(&self) -> CaseAction {
        if matches!(self, Self::Erasure {}) { CaseAction::Read } else { CaseAction::Lead }
    }
}

/// What was proposed.
#[derive(Serialize, ToSchema)]
#[schema(as = CaseProposed)]
pub(super) struct Made {
    id: Uuid,
}

/// Proposes that a room is closed, handed over or erased: for the lead. Another person does it.
#[utoipa::path(post, path = "/api/cases/{id}/proposals", tag = "cases", params(("id" = Uuid, Path)), request_body = Wish,
    responses((status = 201, body = Made), (status = 401), (status = 403), (status = 404), (status = 409), (status = 422), (status = 423)))]
pub(super) async fn propose(
    State(ctx): State<Ctx>,
    caller: Caller,
    unlock: Unlock,
    Path(id): Path<Uuid>,
    Json(wish): Json<Wish>,
) -> Result<(StatusCode, Json<Made>), Problem> {
    let (kind, action) = (wish.kind(), wish.action());
    let unlocked = enter(&ctx, &caller, &unlock, action, id).await?;
    let closure = closure(&ctx, &wish)?;
    let (inner, actor, proposal) = (ctx.clone(), caller.actor.clone(), ctx.id());
    let done: Result<(), Refused> = ctx
        .db
        .write(async move |tx| {
            let inside = Inside::write(tx, &inner, &actor, &unlocked, action, id).await?;
            if !inside.leads() {
                return Err(Problem::forbidden_for("case_not_lead").into());
            }
            if proposals::open(tx, id).await?.iter().any(|open| open.kind() == kind) {
                return Err(Problem::conflict("case_proposed", "This is proposed already").into());
            }
            let subject = match &wish {
                Wish::Handover { organisation } => Some(may_take_over(tx, &inside, *organisation).await?),
                _ => None,
            };
            if closure.as_ref().is_some_and(|(closure, _)| closure.reason == Reason::ContactLost) {
                acts::open_checklist(tx, &inner, &inside, actor.account).await?;
            }
            let bound = sealing::bound_proposal(id, proposal, actor.account);
            let sealed = closure.as_ref().map(|(_, text)| inside.ring.seal(&bound, text));
            let (by, at) = (actor.account, inner.now());
            proposals::add(tx, &NewProposal { id: proposal, room: id, kind, by, at, subject, sealed }).await?;
            let event = Event { organisation: subject, ..Event::new(&format!("proposal_{}", kind.as_str())) };
            acts::noted(tx, &inner, &inside, by, &event).await?;
            audit::record(tx, act(&inner, by, "case.propose", id, kind.as_str().into())).await?;
            Ok(())
        })
        .await;
    done?;
    Ok((StatusCode::CREATED, Json(Made { id: proposal })))
}

/// The words of a proposal to close, as they are and as they are sealed.
fn closure(ctx: &Ctx, wish: &Wish) -> Result<Option<(Closure, Vec<u8>)>, Problem> {
    let Wish::Closure { reason, report, retention_days } = wish else { return Ok(None) };
    let report = text::paragraphs(report, BODY_MAX).filter(|report| !report.is_empty());
    let report = report.ok_or_else(|| faulty(("text_invalid", "report")))?;
    guard::refuse(&report, ctx.now())?;
    let retention_days = retention_days.unwrap_or(days::KEPT_DAYS);
    if !(days::KEPT_DAYS_MIN..=days::KEPT_DAYS_MAX).contains(&retention_days) {
        return Err(faulty(("case_field_unknown", "retention_days")).with("limit", days::KEPT_DAYS_MAX));
    }
    let closure = Closure { reason: *reason, report, retention_days };
    let text = serde_json::to_vec(&closure).map_err(|error| Problem::internal(&error))?;
    Ok(Some((closure, text)))
}

/// An organisation that can lead the room: of a kind that opens rooms, with a member in it.
async fn may_take_over(tx: &mut Tx, inside: &Inside, house: Uuid) -> Result<Uuid, Refused> {
    let nobody = || Problem::conflict("case_handover_nobody", "Nobody of this organisation could take it over");
    if house == inside.room.lead || !inside.houses().contains(&house) {
        return Err(nobody().into());
    }
    let kind = directory::organisations_named(tx, &[house]).await?.pop().map(|house| house.kind).unwrap_or_default();
    if !vocabulary::kind(&kind).is_some_and(|kind| kind.opens_rooms) {
        return Err(nobody().into());
    }
    Ok(house)
}

/// A proposal that waits in a room.
async fn waiting(tx: &mut Tx, room: Uuid, id: Uuid) -> Result<Proposal, Refused> {
    let open = proposals::open(tx, room).await?;
    Ok(open.into_iter().find(|proposal| proposal.id == id).ok_or_else(Problem::not_found)?)
}

fn may(inside: &Inside, proposal: &Proposal) -> Decision {
    let new_lead = proposal.subject.filter(|_| proposal.kind() == Proposed::Handover);
    may_confirm(inside.me.account, inside.me.organisation, proposal.by, new_lead)
}

/// Does what another member has proposed.
#[utoipa::path(post, path = "/api/cases/{id}/proposals/{proposal}/confirmation", tag = "cases",
    params(("id" = Uuid, Path), ("proposal" = Uuid, Path)),
    responses((status = 204), (status = 401), (status = 403), (status = 404), (status = 409), (status = 423)))]
pub(super) async fn confirm(
    State(ctx): State<Ctx>,
    caller: Caller,
    unlock: Unlock,
    Path((id, proposal)): Path<(Uuid, Uuid)>,
) -> Result<StatusCode, Problem> {
    let unlocked = enter(&ctx, &caller, &unlock, CaseAction::Read, id).await?;
    let (inner, actor) = (ctx.clone(), caller.actor.clone());
    let done: Result<(), Refused> = ctx
        .db
        .write(async move |tx| {
            let inside = Inside::write(tx, &inner, &actor, &unlocked, CaseAction::Read, id).await?;
            let waits = waiting(tx, id, proposal).await?;
            if let Decision::Forbid(code) = may(&inside, &waits) {
                return Err(Problem::forbidden_for(code).into());
            }
            if inside.room.closed_at.is_some() && waits.kind() != Proposed::Erasure {
                return Err(Problem::conflict("case_closed", "This room is closed").into());
            }
            carry_out(tx, &inner, &inside, &waits).await?;
            Ok(())
        })
        .await;
    done?;
    Ok(StatusCode::NO_CONTENT)
}

async fn carry_out(tx: &mut Tx, ctx: &Ctx, inside: &Inside, waits: &Proposal) -> Result<(), Refused> {
    let me = inside.me.account;
    let closure = room::opened(inside, waits);
    proposals::end(tx, waits.id, true, me, ctx.now()).await?;
    match waits.kind() {
        Proposed::Erasure => acts::erase(tx, ctx, &inside.room, Some(me), "by_two").await?,
        Proposed::Closure => {
            let missing = steps::unfinished(gates(tx, inside).await?);
            if !missing.is_empty() {
                return Err(gate(missing).into());
            }
            acts::close(tx, ctx, inside, (waits.by, me), closure.ok_or(Error::Malformed("case closure"))?).await?;
        }
        Proposed::Handover => {
            let lead = may_take_over(tx, inside, waits.subject.unwrap_or_default()).await?;
            acts::hand_over(tx, ctx, inside, (waits.by, me), lead).await?;
        }
        Proposed::Admission => admit(tx, ctx, inside, waits.subject.unwrap_or_default()).await?,
    }
    Ok(())
}

/// Lets somebody in who was proposed, if they may still come.
async fn admit(tx: &mut Tx, ctx: &Ctx, inside: &Inside, account: Uuid) -> Result<(), Refused> {
    let me = inside.me.account;
    let invited = ctx.standing.actor(account).await?;
    let member = inside.members.iter().find(|member| member.account == account);
    let (Some(invited), Some(member)) = (invited, member) else { return Err(Problem::not_found().into()) };
    let kind =
        directory::organisations_named(tx, &[member.organisation]).await?.pop().map(|house| house.kind).unwrap_or_default();
    let (sheet, _) = inside.sheet(tx).await?;
    let asked = crate::access::Invitation {
        by_lead: false,
        alone: false,
        house: member.organisation,
        kind: &kind,
        lead: inside.room.lead,
        houses: &inside.houses(),
        authorities_agreed: sheet.authorities && sheet.agreed(),
    };
    way_in(&invited, &asked).map_err(|code| Problem::conflict(code, "This person can't come in now"))?;
    if !members::confirm(tx, inside.room.id, account, me).await? {
        return Err(Problem::not_found().into());
    }
    acts::noted(tx, ctx, inside, me, &Event::with("confirmed", account)).await?;
    audit::record(tx, act(ctx, me, "case.admit", inside.room.id, format!("account:{account}"))).await?;
    super::members::welcome(tx, ctx, inside, me, account).await
}

/// Takes a proposal back, or refuses it: for whoever has made it and whoever may confirm it.
#[utoipa::path(delete, path = "/api/cases/{id}/proposals/{proposal}", tag = "cases",
    params(("id" = Uuid, Path), ("proposal" = Uuid, Path)),
    responses((status = 204), (status = 401), (status = 403), (status = 404), (status = 409), (status = 423)))]
pub(super) async fn withdraw(
    State(ctx): State<Ctx>,
    caller: Caller,
    unlock: Unlock,
    Path((id, proposal)): Path<(Uuid, Uuid)>,
) -> Result<StatusCode, Problem> {
    let unlocked = enter(&ctx, &caller, &unlock, CaseAction::Read, id).await?;
    let (inner, actor) = (ctx.clone(), caller.actor.clone());
    let done: Result<(), Refused> = ctx
        .db
        .write(async move |tx| {
            let inside = Inside::write(tx, &inner, &actor, &unlocked, CaseAction::Read, id).await?;
            let waits = waiting(tx, id, proposal).await?;
            let me = actor.account;
            if waits.by != me && may(&inside, &waits) != Decision::Allow {
                return Err(Problem::forbidden().into());
            }
            proposals::end(tx, proposal, false, me, inner.now()).await?;
            if let Some(account) = waits.subject.filter(|_| waits.kind() == Proposed::Admission) {
                members::end(tx, id, account, Standing::Declined, inner.now()).await?;
            }
            let event = Event { subject: Some(waits.by), to: waits.kind().as_str().into(), ..Event::new("dropped") };
            acts::noted(tx, &inner, &inside, me, &event).await?;
            audit::record(tx, act(&inner, me, "case.drop", id, waits.kind().as_str().into())).await?;
            Ok(())
        })
        .await;
    done?;
    Ok(StatusCode::NO_CONTENT)
}
