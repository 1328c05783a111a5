//! The way of a campaign from an idea to what was learnt from it.

use axum::extract::State as Given;
use axum::http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::super::indicators::{self, INDICATORS_MAX, Indicator};
use super::super::model::{Pretest, State, required, words};
use super::super::steps::{Who, missing, step};
use super::super::views::CampaignView;
use super::super::whole::{Whole, authorise};
use super::super::{found, notice, parent, store};
use super::{Desk, act, faulty, guarded, not_now, one, overtaken};
use crate::access::{Decision, ItemAction};
use crate::audit;
use crate::base::http::{Json, Path, Problem};
use crate::context::Ctx;
use crate::identity::Caller;

fn not_ready(missing: Vec<&'static str>) -> Problem {
    Problem::conflict("campaign_not_ready", "Something is missing for this").with("missing", missing)
}

/// Where a campaign is to come.
#[derive(Deserialize, ToSchema)]
#[schema(as = CampaignStateWish)]
pub(super) struct StateWish {
    state: State,
}

/// Brings a campaign into another state. Whoever looks after its countries or its theme may stop it for a while; everything
/// else is for those who work on it. Being approved is asked for: see `approval-request`.
#[utoipa::path(put, path = "/api/campaigns/{id}/state", tag = "campaigns", params(("id" = Uuid, Path)), request_body = StateWish,
    responses((status = 200, body = CampaignView), (status = 401), (status = 403), (status = 404), (status = 409)))]
pub(super) async fn set_state(
    Given(desk): Given<Desk>,
    caller: Caller,
    Path(id): Path<Uuid>,
    Json(StateWish { state: to }): Json<StateWish>,
) -> Result<Json<CampaignView>, Problem> {
    let ctx = desk.ctx.clone();
    let whole = authorise(&ctx, &caller.actor, ItemAction::Read, id).await?;
    let works = whole.may(&caller.actor, ItemAction::Change) == Decision::Allow;
    let tends = whole.may(&caller.actor, ItemAction::Tend) == Decision::Allow;
    let who = step(whole.state, to);
    if !(works || tends && who == Some(Who::Either)) {
        return Err(Problem::forbidden());
    }
    if who.is_none() {
        return Err(not_now());
    }
    let lacking = missing(&whole.checks(), to);
    if !lacking.is_empty() {
        return Err(not_ready(lacking));
    }
    let (at, inner, actor, practices) = (ctx.now(), ctx.clone(), caller.actor.clone(), desk.practices.clone());
    let done: Result<(), Problem> = ctx
        .db
        .write(async move |tx| {
            let back = to.is_open();
            let stage = if back { 0 } else { whole.head.stage };
            if !store::set_state(tx, id, (whole.state, to), stage, at).await? {
                return Err(overtaken());
            }
            if back {
                store::replan(tx, id).await?;
            }
            store::note_step(tx, id, actor.account, to, at).await?;
            if !works {
                audit::record(tx, act(&inner, &actor, "campaign.pause", id, String::new())).await?;
                notice::tell(tx, &inner, id, "paused", whole.team());
            }
            if to == State::Evaluated {
                parent::learns(tx, &inner, &practices, &whole, actor.account).await?;
            }
            Ok(())
        })
        .await;
    done?;
    one::again(&desk, &caller, id).await
}

/// Asks for approval by somebody who looks after its countries or its theme and has no part in it.
#[utoipa::path(put, path = "/api/campaigns/{id}/approval-request", tag = "campaigns", params(("id" = Uuid, Path)),
    responses((status = 200, body = CampaignView), (status = 401), (status = 403), (status = 404), (status = 409)))]
pub(super) async fn ask(Given(desk): Given<Desk>, caller: Caller, Path(id): Path<Uuid>) -> Result<Json<CampaignView>, Problem> {
    let ctx = desk.ctx.clone();
    let whole = authorise(&ctx, &caller.actor, ItemAction::Change, id).await?;
    if whole.state != State::Planned || whole.detail.asked_at.is_some() {
        return Err(not_now());
    }
    let lacking: Vec<_> = missing(&whole.checks(), State::Approved).into_iter().filter(|code| *code != "approval").collect();
    if !lacking.is_empty() {
        return Err(not_ready(lacking));
    }
    set_asked(&desk, &caller, whole, true).await
}

/// Takes that back.
#[utoipa::path(delete, path = "/api/campaigns/{id}/approval-request", tag = "campaigns", params(("id" = Uuid, Path)),
    responses((status = 200, body = CampaignView), (status = 401), (status = 403), (status = 404), (status = 409)))]
pub(super) async fn withdraw(
    Given(desk): Given<Desk>,
    caller: Caller,
    Path(id): Path<Uuid>,
) -> Result<Json<CampaignView>, Problem> {
    let ctx = desk.ctx.clone();
    let whole = authorise(&ctx, &caller.actor, ItemAction::Change, id).await?;
    if whole.detail.asked_at.is_none() {
        return Err(not_now());
    }
    set_asked(&desk, &caller, whole, false).await
}

async fn set_asked(desk: &Desk, caller: &Caller, whole: Whole, asked: bool) -> Result<Json<CampaignView>, Problem> {
    let ctx = &desk.ctx;
    let (id, at, by, inner) = (whole.head.id, ctx.now(), caller.account(), ctx.clone());
    let done: Result<(), Problem> = ctx
        .db
        .write(async move |tx| {
            if !store::set_state(tx, id, (State::Planned, State::Planned), i64::from(asked), at).await? {
                return Err(overtaken());
            }
            store::asks(tx, id, asked.then_some((by, at))).await?;
            if asked && let Some(whole) = Whole::load(tx, id).await? {
                notice::asked(tx, &inner, &whole);
            }
            Ok(())
        })
        .await;
    done?;
    one::again(desk, caller, id).await
}

/// What somebody says who was asked for approval.
#[derive(Deserialize, ToSchema)]
#[schema(as = CampaignApproval)]
pub(super) struct Approval {
    approved: bool,
    /// Why it is given back to be planned on.
    #[serde(default)]
    note: String,
}

/// Approves a campaign, or gives it back with a note.
#[utoipa::path(put, path = "/api/campaigns/{id}/approval", tag = "campaigns", params(("id" = Uuid, Path)), request_body = Approval,
    responses((status = 204), (status = 401), (status = 403), (status = 404), (status = 409), (status = 422)))]
pub(super) async fn decide(
    Given(ctx): Given<Ctx>,
    caller: Caller,
    Path(id): Path<Uuid>,
    Json(Approval { approved, note }): Json<Approval>,
) -> Result<StatusCode, Problem> {
    let whole = authorise(&ctx, &caller.actor, ItemAction::Tend, id).await?;
    if whole.is_own(&caller.actor) {
        return Err(Problem::forbidden_for("own_item"));
    }
    if whole.state != State::Planned || whole.detail.asked_at.is_none() {
        return Err(Problem::conflict("already_decided", "This was decided before"));
    }
    let returned = if approved { None } else { Some(required(&note).map_err(faulty)?) };
    guarded(&ctx, returned.as_deref())?;
    let (at, inner, actor) = (ctx.now(), ctx.clone(), caller.actor.clone());
    let done: Result<(), Problem> = ctx
        .db
        .write(async move |tx| {
            let (to, stage) = if approved { (State::Approved, 2) } else { (State::Planned, 0) };
            if !store::set_state(tx, id, (State::Planned, to), stage, at).await? {
                return Err(overtaken());
            }
            store::settle(tx, id, actor.account, at, returned.as_deref()).await?;
            if approved {
                store::note_step(tx, id, actor.account, to, at).await?;
            }
            let what = if approved { "campaign.approve" } else { "campaign.return" };
            audit::record(tx, act(&inner, &actor, what, id, String::new())).await?;
            notice::tell(tx, &inner, id, if approved { "approved" } else { "returned" }, whole.team());
            Ok(())
        })
        .await;
    done?;
    Ok(StatusCode::NO_CONTENT)
}

/// Says what became of trying it out.
#[utoipa::path(put, path = "/api/campaigns/{id}/pretest", tag = "campaigns", params(("id" = Uuid, Path)), request_body = Pretest,
    responses((status = 200, body = CampaignView), (status = 401), (status = 403), (status = 404), (status = 409), (status = 422)))]
pub(super) async fn pretest(
    Given(desk): Given<Desk>,
    caller: Caller,
    Path(id): Path<Uuid>,
    Json(pretest): Json<Pretest>,
) -> Result<Json<CampaignView>, Problem> {
    let ctx = desk.ctx.clone();
    let whole = authorise(&ctx, &caller.actor, ItemAction::Change, id).await?;
    if !matches!(whole.state, State::Approved | State::Pretested) {
        return Err(not_now());
    }
    let pretest = pretest.checked().map_err(faulty)?;
    guarded(&ctx, [pretest.changed.as_str()])?;
    let done: Result<(), Problem> = ctx
        .db
        .write(async move |tx| {
            store::set_pretest(tx, id, &pretest).await?;
            Ok(found::keep(tx, id).await?)
        })
        .await;
    done?;
    one::again(&desk, &caller, id).await
}

/// What a helpline says.
#[derive(Deserialize, ToSchema)]
#[schema(as = CampaignCapacity)]
pub(super) struct Capacity {
    /// For how many calls, and until when.
    #[serde(default)]
    note: String,
}

/// The campaign, and the helpline that this person speaks for.
async fn helpline(ctx: &Ctx, caller: &Caller, id: Uuid) -> Result<(Whole, Uuid), Problem> {
    let whole = authorise(ctx, &caller.actor, ItemAction::Read, id).await?;
    let organisation = whole.helpline_of(&mut ctx.db.read().await?, &caller.actor).await?;
    match whole.may(&caller.actor, ItemAction::Answer { helpline: organisation.is_some() }) {
        Decision::Forbid("forbidden") => return Err(Problem::forbidden_for("helpline_only")),
        Decision::Forbid(code) => return Err(Problem::forbidden_for(code)),
        Decision::Hide => return Err(Problem::not_found()),
        Decision::Allow => {}
    }
    if whole.facts.plan.helpline.is_none() || whole.state.is_open() {
        return Err(not_now());
    }
    Ok((whole, organisation.ok_or_else(Problem::forbidden)?))
}

/// Says, for the helpline that the call to action names, that somebody will answer.
#[utoipa::path(put, path = "/api/campaigns/{id}/capacity", tag = "campaigns", params(("id" = Uuid, Path)), request_body = Capacity,
    responses((status = 200, body = CampaignView), (status = 401), (status = 403), (status = 404), (status = 409), (status = 422)))]
pub(super) async fn answer(
    Given(desk): Given<Desk>,
    caller: Caller,
    Path(id): Path<Uuid>,
    Json(Capacity { note }): Json<Capacity>,
) -> Result<Json<CampaignView>, Problem> {
    let ctx = desk.ctx.clone();
    let (whole, organisation) = helpline(&ctx, &caller, id).await?;
    let note = words(&note).map_err(faulty)?;
    guarded(&ctx, [note.as_str()])?;
    let (at, inner, actor) = (ctx.now(), ctx.clone(), caller.actor.clone());
    let done: Result<(), Problem> = ctx
        .db
        .write(async move |tx| {
            store::confirm_capacity(tx, id, (actor.account, organisation), at, &note).await?;
            audit::record(tx, act(&inner, &actor, "campaign.capacity", id, format!("organisation:{organisation}"))).await?;
            notice::tell(tx, &inner, id, "capacity", whole.team());
            Ok(())
        })
        .await;
    done?;
    one::again(&desk, &caller, id).await
}

/// Takes that back. A campaign that runs is stopped: nobody is to call a number that isn't answered.
#[utoipa::path(delete, path = "/api/campaigns/{id}/capacity", tag = "campaigns", params(("id" = Uuid, Path)),
    responses((status = 200, body = CampaignView), (status = 401), (status = 403), (status = 404), (status = 409)))]
pub(super) async fn cannot_answer(
    Given(desk): Given<Desk>,
    caller: Caller,
    Path(id): Path<Uuid>,
) -> Result<Json<CampaignView>, Problem> {
    let ctx = desk.ctx.clone();
    let (whole, organisation) = helpline(&ctx, &caller, id).await?;
    if whole.detail.capacity_at.is_none() {
        return Err(not_now());
    }
    let (at, inner, actor) = (ctx.now(), ctx.clone(), caller.actor.clone());
    let done: Result<(), Problem> = ctx
        .db
        .write(async move |tx| {
            store::unconfirm_capacity(tx, id).await?;
            if whole.state == State::Running
                && store::set_state(tx, id, (State::Running, State::Paused), whole.head.stage, at).await?
            {
                store::note_step(tx, id, actor.account, State::Paused, at).await?;
            }
            let detail = format!("organisation:{organisation}");
            audit::record(tx, act(&inner, &actor, "campaign.no_capacity", id, detail)).await?;
            notice::tell(tx, &inner, id, "no_capacity", whole.team());
            Ok(())
        })
        .await;
    done?;
    one::again(&desk, &caller, id).await
}

/// What a campaign is measured by.
#[derive(Deserialize, ToSchema)]
#[schema(as = CampaignIndicators)]
pub(super) struct Indicators {
    items: Vec<Indicator>,
}

/// Says what it is measured by, all of it, and what came of it so far. Once it runs, harm is looked for to the end.
#[utoipa::path(put, path = "/api/campaigns/{id}/indicators", tag = "campaigns", params(("id" = Uuid, Path)),
    request_body = Indicators,
    responses((status = 200, body = CampaignView), (status = 401), (status = 403), (status = 404), (status = 409), (status = 422)))]
pub(super) async fn indicators(
    Given(desk): Given<Desk>,
    caller: Caller,
    Path(id): Path<Uuid>,
    Json(Indicators { items }): Json<Indicators>,
) -> Result<Json<CampaignView>, Problem> {
    let ctx = desk.ctx.clone();
    let whole = authorise(&ctx, &caller.actor, ItemAction::Change, id).await?;
    if whole.state == State::Archived {
        return Err(not_now());
    }
    let items = indicators::checked(items).map_err(|code| match code {
        "too_many" => faulty(code).with("limit", INDICATORS_MAX),
        code => faulty(code),
    })?;
    guarded(&ctx, indicators::texts(&items))?;
    if whole.state >= State::Running && !items.iter().any(Indicator::is_of_harm) {
        return Err(not_ready(vec!["harm_indicator"]));
    }
    let done: Result<(), Problem> = ctx.db.write(async move |tx| Ok(store::set_indicators(tx, id, &items).await?)).await;
    done?;
    one::again(&desk, &caller, id).await
}

/// What came of a campaign.
#[derive(Deserialize, ToSchema)]
#[schema(as = CampaignResults)]
pub(super) struct Results {
    /// In words.
    results: String,
}

/// Says what came of it, in words.
#[utoipa::path(put, path = "/api/campaigns/{id}/results", tag = "campaigns", params(("id" = Uuid, Path)), request_body = Results,
    responses((status = 200, body = CampaignView), (status = 401), (status = 403), (status = 404), (status = 409), (status = 422)))]
pub(super) async fn results(
    Given(desk): Given<Desk>,
    caller: Caller,
    Path(id): Path<Uuid>,
    Json(Results { results }): Json<Results>,
) -> Result<Json<CampaignView>, Problem> {
    let ctx = desk.ctx.clone();
    let whole = authorise(&ctx, &caller.actor, ItemAction::Change, id).await?;
    if !matches!(whole.state, State::Ended | State::Evaluated) {
        return Err(not_now());
    }
    let results = required(&results).map_err(faulty)?;
    guarded(&ctx, [results.as_str()])?;
    let (inner, by, practices) = (ctx.clone(), caller.account(), desk.practices.clone());
    let done: Result<(), Problem> = ctx
        .db
        .write(async move |tx| {
            store::set_results(tx, id, &results).await?;
            found::keep(tx, id).await?;
            if whole.state == State::Evaluated
                && let Some(whole) = Whole::load(tx, id).await?
            {
                parent::learns(tx, &inner, &practices, &whole, by).await?;
            }
            Ok(())
        })
        .await;
    done?;
    one::again(&desk, &caller, id).await
}
