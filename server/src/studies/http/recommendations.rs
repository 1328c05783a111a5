//! Recommendations: each with an owner, a day and a state that changes.

use axum::extract::State as Given;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::super::entry;
use super::super::model::{Advice, NOTE_MAX, RECOMMENDATIONS_MAX, State, is_overdue, today};
use super::super::store::{self, Filter, NewAdvice, Recommendation};
use super::studies::{self, Made};
use super::{Organisation, act, allow, faulty};
use crate::access::{Decision, ItemAction, RegionAction, may_with_item};
use crate::audit;
use crate::base::clock::rfc3339;
use crate::base::http::{Cursor, Json, Page, Params, Path, Place, Problem};
use crate::base::{db, guard, text};
use crate::context::Ctx;
use crate::directory;
use crate::identity::Caller;

/// What the reader may do with a recommendation.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[schema(as = RecommendationCan)]
struct Can {
    /// Change what it says, for whom it is and by when.
    change: bool,
    /// Say how far it has come.
    settle: bool,
}

/// Something that a study recommends.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Recommendation)]
pub(super) struct Advised {
    id: Uuid,
    study: Uuid,
    study_title: String,
    /// The language of its study.
    language: String,
    /// That of its study.
    marking: String,
    text: String,
    /// The organisation that it is for.
    owner: Option<Organisation>,
    state: State,
    /// By when: `2026-12-31`.
    due: Option<String>,
    /// Whether it waits for longer than it should.
    overdue: bool,
    note: String,
    /// What was said with its state: why it was rejected.
    said: String,
    changed_at: String,
    can: Can,
}

impl Advised {
    pub(super) fn new(ctx: &Ctx, caller: &Caller, row: Recommendation) -> Self {
        let state = State::of(&row.state);
        let change = row.as_item(|item| may_with_item(&caller.actor, ItemAction::Change, item)) == Decision::Allow;
        Self {
            can: Can { change, settle: settles(caller, &row).is_some() },
            id: row.id,
            study: row.study,
            study_title: row.study_title,
            language: row.language,
            marking: row.marking,
            text: row.text,
            owner: Organisation::of(row.owner, row.owner_name),
            state,
            overdue: is_overdue(state, row.due.as_deref(), &today(ctx.now())),
            due: row.due,
            note: row.note,
            said: row.said.unwrap_or_default(),
            changed_at: rfc3339(row.changed_at),
        }
    }
}

/// As what somebody who reads a recommendation may say how far it has come: as one of those it is for (`false`), or by a power
/// over the study's country or theme, which is recorded (`true`); `None`: not at all.
fn settles(caller: &Caller, row: &Recommendation) -> Option<bool> {
    let may = |action| row.as_item(|item| may_with_item(&caller.actor, action, item)) == Decision::Allow;
    let owns = row.owner.is_some() && row.owner == caller.actor.organisation && may(ItemAction::Read);
    if owns { Some(false) } else { may(ItemAction::Tend).then_some(true) }
}

/// Which recommendations.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Question {
    /// An organisation.
    #[param(required = false)]
    owner: Option<Uuid>,
    /// Only those for the organisation that the reader works for.
    #[param(required = false)]
    mine: Option<bool>,
    #[param(required = false, inline)]
    state: Option<State>,
    /// Only those that wait for longer than they should.
    #[param(required = false)]
    overdue: Option<bool>,
    /// A country's code; what is of the whole region is of each.
    #[param(required = false)]
    country: Option<String>,
    /// A theme's slug.
    #[param(required = false)]
    theme: Option<String>,
    /// The `next` of the page before.
    #[param(required = false)]
    cursor: Option<String>,
    /// Rows at most (1 to 100; 50 when not named).
    #[param(required = false)]
    limit: Option<i64>,
}

/// The day of what has none: it comes last.
const NEVER: &str = "9999-12-31";

/// The recommendations of all studies that the reader may know of. What is due first comes first.
#[utoipa::path(get, path = "/api/recommendations", tag = "studies", params(Question),
    responses((status = 200, body = Page<Advised>), (status = 400), (status = 401), (status = 403)))]
pub(super) async fn list(
    Given(ctx): Given<Ctx>,
    caller: Caller,
    Params(question): Params<Question>,
) -> Result<Json<Page<Advised>>, Problem> {
    caller.allow(RegionAction::UseDirectory)?;
    let cursor = Cursor { cursor: question.cursor, limit: question.limit };
    let limit = cursor.limit()?;
    let owner = if question.mine == Some(true) { Some(caller.actor.organisation.unwrap_or_default()) } else { question.owner };
    let filter = Filter {
        owner,
        state: question.state,
        due_before: (question.overdue == Some(true)).then(|| today(ctx.now())),
        country: question.country,
        theme: question.theme,
        study: None,
        after: cursor.position::<Place<String>>()?.map(Into::into),
        limit: limit + 1,
    };
    let rows = store::recommendations(&mut ctx.db.read().await?, &caller.actor, &filter).await?;
    let place = |row: &Recommendation| Place(row.due.clone().unwrap_or_else(|| NEVER.into()), row.id).to_string();
    let page = Page::cut(rows, limit, place);
    Ok(Json(Page { items: page.items.into_iter().map(|row| Advised::new(&ctx, &caller, row)).collect(), next: page.next }))
}

/// What somebody enters, if its texts and its owner can be kept.
async fn checked(ctx: &Ctx, advice: Advice) -> Result<Advice, Problem> {
    let advice = advice.checked().map_err(faulty)?;
    guard::refuse(&advice.text, ctx.now())?;
    guard::refuse(&advice.note, ctx.now())?;
    if let Some(owner) = advice.owner {
        let known = directory::organisation_exists(&mut ctx.db.read().await?, owner).await?;
        known.then_some(()).ok_or_else(|| Problem::unprocessable("organisation_unknown", "There is no such organisation"))?;
    }
    Ok(advice)
}

/// Adds a recommendation to a study.
#[utoipa::path(post, path = "/api/studies/{id}/recommendations", tag = "studies", params(("id" = Uuid, Path)),
    request_body = Advice,
    responses((status = 201, body = Made), (status = 401), (status = 403), (status = 404), (status = 422)))]
pub(super) async fn add(
    Given(ctx): Given<Ctx>,
    caller: Caller,
    Path(study): Path<Uuid>,
    Json(advice): Json<Advice>,
) -> Result<(StatusCode, Json<Made>), Problem> {
    studies::allowed(&ctx, &caller, ItemAction::Change, study).await?;
    let advice = checked(&ctx, advice).await?;
    let (id, by, at) = (ctx.id(), caller.account(), ctx.now());
    let added: db::Result<bool> = ctx
        .db
        .write(async move |tx| {
            if store::count(tx, study).await? >= RECOMMENDATIONS_MAX {
                return Ok(false);
            }
            entry::add(tx, &NewAdvice { id, study, advice: &advice, state: State::Open, by, at }).await?;
            Ok(true)
        })
        .await;
    let many = || Problem::unprocessable("too_many", "This study recommends too much").with("limit", RECOMMENDATIONS_MAX);
    if added? { Ok((StatusCode::CREATED, Json(Made { id }))) } else { Err(many()) }
}

/// A recommendation of a study that this person may read.
async fn readable(ctx: &Ctx, caller: &Caller, id: Uuid) -> Result<Recommendation, Problem> {
    let row = store::recommendation(&mut ctx.db.read().await?, id).await?.ok_or_else(Problem::not_found)?;
    row.as_item(|item| allow(caller, ItemAction::Read, item))?;
    Ok(row)
}

/// Gives a recommendation other words, another owner or another day. Its state stays.
#[utoipa::path(put, path = "/api/recommendations/{id}", tag = "studies", params(("id" = Uuid, Path)), request_body = Advice,
    responses((status = 200, body = Advised), (status = 401), (status = 403), (status = 404), (status = 422)))]
pub(super) async fn change(
    Given(ctx): Given<Ctx>,
    caller: Caller,
    Path(id): Path<Uuid>,
    Json(advice): Json<Advice>,
) -> Result<Json<Advised>, Problem> {
    let row = readable(&ctx, &caller, id).await?;
    row.as_item(|item| allow(&caller, ItemAction::Change, item))?;
    let advice = checked(&ctx, advice).await?;
    let (at, study) = (ctx.now(), row.study);
    let done: db::Result<()> = ctx.db.write(async move |tx| entry::change_advice(tx, study, id, &advice, at).await).await;
    done?;
    Ok(Json(Advised::new(&ctx, &caller, readable(&ctx, &caller, id).await?)))
}

/// How far a recommendation has come.
#[derive(Deserialize, ToSchema)]
#[schema(as = RecommendationStep)]
pub(super) struct Step {
    state: State,
    /// At most 500 characters; why, where it is rejected. Everybody who sees the recommendation reads it.
    #[serde(default)]
    note: String,
}

/// Says how far a recommendation has come: for the people of the organisation that it is for, and for those who look after its
/// countries or themes. All its states are kept.
#[utoipa::path(put, path = "/api/recommendations/{id}/state", tag = "studies", params(("id" = Uuid, Path)), request_body = Step,
    responses((status = 200, body = Advised), (status = 401), (status = 403), (status = 404), (status = 409), (status = 422)))]
pub(super) async fn settle(
    Given(ctx): Given<Ctx>,
    caller: Caller,
    Path(id): Path<Uuid>,
    Json(Step { state, note }): Json<Step>,
) -> Result<Json<Advised>, Problem> {
    let row = readable(&ctx, &caller, id).await?;
    let by_power = settles(&caller, &row).ok_or_else(Problem::forbidden)?;
    let note = text::paragraphs(&note, NOTE_MAX).ok_or_else(|| faulty("note_invalid"))?;
    if state == State::Rejected && note.is_empty() {
        return Err(Problem::unprocessable("reason_missing", "The others must know why"));
    }
    guard::refuse(&note, ctx.now())?;
    let from = State::of(&row.state);
    let (inner, db, by) = (ctx.clone(), ctx.db.clone(), caller.account());
    let done: db::Result<bool> = db
        .write(async move |tx| {
            let at = inner.now();
            if !store::set_state(tx, id, (from, state), at).await? {
                return Ok(false);
            }
            store::note_state(tx, id, by, state, &note, at).await?;
            if by_power {
                let detail = format!("from={} to={}", from.as_str(), state.as_str());
                audit::record(tx, act(&inner, by, "recommendation.settle", format!("recommendation:{id}"), detail)).await?;
            }
            Ok(true)
        })
        .await;
    if !done? {
        return Err(Problem::conflict("conflict", "It was changed meanwhile"));
    }
    Ok(Json(Advised::new(&ctx, &caller, readable(&ctx, &caller, id).await?)))
}

/// A state that a recommendation had, or has.
#[derive(Serialize, ToSchema)]
#[schema(as = RecommendationPast)]
pub(super) struct Past {
    at: String,
    by: Uuid,
    by_name: String,
    state: State,
    note: String,
}

/// The states of a recommendation, the latest first.
#[utoipa::path(get, path = "/api/recommendations/{id}/history", tag = "studies", params(("id" = Uuid, Path)),
    responses((status = 200, body = Page<Past>), (status = 401), (status = 404)))]
pub(super) async fn history(Given(ctx): Given<Ctx>, caller: Caller, Path(id): Path<Uuid>) -> Result<Json<Page<Past>>, Problem> {
    readable(&ctx, &caller, id).await?;
    let states = store::states(&mut ctx.db.read().await?, id).await?;
    let past = states.into_iter().map(|past| Past {
        at: rfc3339(past.at),
        by: past.by,
        by_name: past.name,
        state: State::of(&past.state),
        note: past.note,
    });
    Ok(Json(Page::whole(past.collect())))
}
