//! Reading the glossary, proposing corrections, deciding about them.

use std::collections::BTreeMap;

use axum::extract::{FromRef, State as Given};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::model::{Checked, OPEN_MAX, REASON_MAX, State, TERM_MAX, Wish, reason};
use super::store::{self, Asked, New, Proposal, Verdict};
use super::terms::{Change, Concept, Glossary};
use super::{notice, script};
use crate::access::{Decision, RegionAction, may_in_region};
use crate::audit::{self, Act};
use crate::base::clock::rfc3339;
use crate::base::http::{Cursor, Json, Page, Params, Path, Problem};
use crate::base::{db, guard};
use crate::context::Ctx;
use crate::identity::Caller;
use crate::vocabulary::Words;

/// The routes of this slice.
pub fn router(ctx: Ctx, glossary: Glossary) -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(read))
        .routes(routes!(propose))
        .routes(routes!(history))
        .routes(routes!(list))
        .routes(routes!(accept))
        .routes(routes!(refuse))
        .with_state(Desk { ctx, glossary })
}

/// What the handlers share.
#[derive(Clone)]
struct Desk {
    ctx: Ctx,
    glossary: Glossary,
}

impl FromRef<Desk> for Ctx {
    fn from_ref(desk: &Desk) -> Self {
        desk.ctx.clone()
    }
}

/// Something the field works with, and the terms for it.
#[derive(Serialize, ToSchema)]
#[schema(as = GlossaryConcept)]
struct Shown {
    /// Its stable name.
    id: &'static str,
    /// By language: `en`, `fr`, `sq`, `bs`, `hr`, `sr-Latn`, `sr-Cyrl`, `bg`, `mk`, `ro`, `el`.
    terms: BTreeMap<&'static str, String>,
    /// `high` or `medium`: how sure the terms are that ship. `medium` is not yet checked by a native speaker of the field.
    confidence: &'static str,
    /// What one should know of it.
    note: Option<Words>,
    /// The languages whose term was corrected by members and editors.
    changed: Vec<&'static str>,
    /// When that was done last (RFC 3339).
    changed_at: Option<String>,
}

impl Shown {
    fn new(concept: &Concept) -> Self {
        Self {
            id: concept.id,
            terms: concept.terms().map(|(language, term)| (language, term.to_owned())).collect(),
            confidence: concept.confidence,
            note: concept.note.cloned(),
            changed: concept.changed().collect(),
            changed_at: concept.changed_at().map(rfc3339),
        }
    }
}

/// Somebody by name.
#[derive(Serialize, ToSchema)]
#[schema(as = GlossaryPerson)]
struct Named {
    id: Uuid,
    name: String,
}

/// A proposal, and what became of it.
#[derive(Serialize, ToSchema)]
#[schema(as = GlossaryProposal)]
struct Item {
    id: Uuid,
    concept: String,
    language: String,
    /// The term that stood when it was proposed.
    before: String,
    /// The term that should stand.
    term: String,
    /// What follows from it in Serbian's other script.
    cyrillic: Option<String>,
    reason: String,
    proposed_by: Named,
    /// RFC 3339.
    proposed_at: String,
    state: State,
    decided_by: Option<Named>,
    /// RFC 3339.
    decided_at: Option<String>,
    /// Why it was refused.
    note: Option<String>,
    /// Whether it was refused because another proposal for the same term was accepted.
    overtaken: bool,
    /// Whether it waits and the caller may decide about it: never who has proposed it.
    may_decide: bool,
}

impl Item {
    fn new(row: Proposal, caller: &Caller) -> Self {
        let decision = may_in_region(&caller.actor, RegionAction::EditGlossary { proposed_by: Some(row.proposed_by) });
        let state = State::of(&row.state);
        Self {
            id: row.id,
            cyrillic: (row.language == script::LATIN).then(|| script::cyrillic(&row.term)).flatten(),
            concept: row.concept,
            language: row.language,
            before: row.before,
            term: row.term,
            reason: row.reason,
            proposed_by: Named { id: row.proposed_by, name: row.proposed_name },
            proposed_at: rfc3339(row.proposed_at),
            state,
            decided_by: row.decided_by.map(|id| Named { id, name: row.decided_name.unwrap_or_default() }),
            decided_at: row.decided_at.map(rfc3339),
            note: row.note,
            overtaken: row.overtaken_by.is_some(),
            may_decide: state == State::Open && decision == Decision::Allow,
        }
    }
}

/// What is wrong with what somebody proposes, by its code.
fn faulty(code: &'static str) -> Problem {
    let title = match code {
        "glossary_language_unknown" => "The glossary has no such language",
        "glossary_follows_latin" => "Serbian in Cyrillic letters is made from the Latin ones: propose for sr-Latn",
        "glossary_term_invalid" => "A term is one line",
        "glossary_script_wrong" => "This language is written in other letters",
        "glossary_term_stands" => "This term stands already",
        "reason_missing" => "The other one must know why",
        _ => "This can't be said here",
    };
    let problem = Problem::unprocessable(code, title);
    match code {
        "glossary_term_invalid" => problem.with("limit", TERM_MAX),
        "note_invalid" => problem.with("limit", REASON_MAX),
        _ => problem,
    }
}

fn decided() -> Problem {
    Problem::conflict("already_decided", "This was decided before")
}

fn act(ctx: &Ctx, by: Uuid, what: &'static str, proposal: &Proposal) -> Act<'static> {
    let (target, detail) = (format!("concept:{}", proposal.concept), format!("language={}", proposal.language));
    Act { at: ctx.now(), actor: Some(by), what, target, detail }
}

/// The glossary: the terms of the field in the languages of the region, as they stand.
#[utoipa::path(get, path = "/api/glossary", tag = "glossary",
    responses((status = 200, body = Page<Shown>), (status = 401), (status = 403)))]
async fn read(Given(desk): Given<Desk>, caller: Caller) -> Result<Json<Page<Shown>>, Problem> {
    caller.allow(RegionAction::UseGlossary)?;
    let terms = desk.glossary.terms();
    Ok(Json(Page::whole(terms.concepts.iter().map(|concept| Shown::new(concept)).collect())))
}

/// What was proposed.
#[derive(Serialize, ToSchema)]
#[schema(as = NewGlossaryProposalMade)]
struct Made {
    id: Uuid,
}

/// Proposes another term in a language. It stands once an editor has accepted it. A term for `sr-Latn` is one for
/// `sr-Cyrl`, too.
#[utoipa::path(post, path = "/api/glossary/{id}/proposals", tag = "glossary", params(("id" = String, Path)),
    request_body = Wish,
    responses((status = 201, body = Made), (status = 401), (status = 403), (status = 404), (status = 409), (status = 422)))]
async fn propose(
    Given(Desk { ctx, glossary }): Given<Desk>,
    caller: Caller,
    Path(concept): Path<String>,
    Json(wish): Json<Wish>,
) -> Result<(StatusCode, Json<Made>), Problem> {
    caller.allow(RegionAction::UseGlossary)?;
    let terms = glossary.terms();
    let concept = terms.find(&concept).ok_or_else(Problem::not_found)?;
    let checked = wish.checked(concept).map_err(faulty)?;
    guard::refuse(&checked.term, ctx.now())?;
    guard::refuse(&checked.reason, ctx.now())?;
    let (concept, by, at, id) = (concept.id, caller.account(), ctx.now(), ctx.id());
    let db = ctx.db.clone();
    let refused: db::Result<Option<Problem>> =
        db.write(async move |tx| store_proposal(tx, &ctx, &New { id, concept, checked: &checked, by, at }).await).await;
    match refused? {
        None => Ok((StatusCode::CREATED, Json(Made { id }))),
        Some(problem) => Err(problem),
    }
}

/// Stores a proposal, or says why not.
async fn store_proposal(tx: &mut db::Tx, ctx: &Ctx, new: &New<'_>) -> db::Result<Option<Problem>> {
    if store::open(tx, Some(new.by)).await? >= OPEN_MAX {
        let many = Problem::conflict("glossary_proposals_many", "Too much of yours waits for a decision");
        return Ok(Some(many.with("limit", OPEN_MAX)));
    }
    let Checked { language, before, .. } = new.checked;
    // What was accepted a moment ago may not be in memory yet.
    if store::stands(tx, new.concept, language).await?.is_some_and(|stands| stands != *before) {
        return Ok(Some(Problem::conflict("conflict", "Another term stands meanwhile")));
    }
    store::insert(tx, new).await?;
    notice::proposed(tx, ctx);
    Ok(None)
}

/// What was accepted for a concept, the latest first: who proposed it, why, and which term stood before.
#[utoipa::path(get, path = "/api/glossary/{id}/history", tag = "glossary", params(("id" = String, Path)),
    responses((status = 200, body = Page<Item>), (status = 401), (status = 403), (status = 404)))]
async fn history(
    Given(Desk { ctx, glossary }): Given<Desk>,
    caller: Caller,
    Path(concept): Path<String>,
) -> Result<Json<Page<Item>>, Problem> {
    caller.allow(RegionAction::UseGlossary)?;
    glossary.terms().find(&concept).ok_or_else(Problem::not_found)?;
    let rows = store::history(&mut ctx.db.read().await?, &concept).await?;
    Ok(Json(Page::whole(rows.into_iter().map(|row| Item::new(row, &caller)).collect())))
}

/// Which proposals.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Question {
    /// `open`, `accepted` or `refused`; all when not named.
    #[param(required = false)]
    state: Option<State>,
    /// The caller's own alone. Others' are for editors in any case.
    #[param(required = false)]
    mine: Option<bool>,
    /// The `next` of the page before.
    #[param(required = false)]
    cursor: Option<String>,
    /// Rows at most (1 to 100; 50 when not named).
    #[param(required = false)]
    limit: Option<i64>,
}

/// What was proposed, the latest first: everything for editors, one's own for everybody else.
#[utoipa::path(get, path = "/api/glossary/proposals", tag = "glossary", params(Question),
    responses((status = 200, body = Page<Item>), (status = 400), (status = 401), (status = 403)))]
async fn list(
    Given(ctx): Given<Ctx>,
    caller: Caller,
    Params(Question { state, mine, cursor, limit }): Params<Question>,
) -> Result<Json<Page<Item>>, Problem> {
    caller.allow(RegionAction::UseGlossary)?;
    let edits = may_in_region(&caller.actor, RegionAction::EditGlossary { proposed_by: None }) == Decision::Allow;
    let by = (!edits || mine == Some(true)).then(|| caller.account());
    let cursor = Cursor { cursor, limit };
    let limit = cursor.limit()?;
    let asked = Asked { state, by, after: cursor.position()?, limit: limit + 1 };
    let rows = store::listed(&mut ctx.db.read().await?, asked).await?;
    let items = rows.into_iter().map(|row| Item::new(row, &caller)).collect();
    Ok(Json(Page::cut(items, limit, |item: &Item| item.id.to_string())))
}

/// A proposal that the caller may decide about. Who is no editor isn't told whether there is one.
async fn to_decide(ctx: &Ctx, caller: &Caller, id: Uuid) -> Result<Proposal, Problem> {
    caller.allow(RegionAction::EditGlossary { proposed_by: None })?;
    let row = store::one(&mut ctx.db.read().await?, id).await?.ok_or_else(Problem::not_found)?;
    caller.allow(RegionAction::EditGlossary { proposed_by: Some(row.proposed_by) })?;
    Ok(row)
}

/// Accepts a proposal: its term stands for everybody from now on, and what else was proposed for it is refused as
/// overtaken.
#[utoipa::path(post, path = "/api/glossary/proposals/{id}/acceptance", tag = "glossary", params(("id" = Uuid, Path)),
    responses((status = 204), (status = 401), (status = 403), (status = 404), (status = 409)))]
async fn accept(Given(Desk { ctx, glossary }): Given<Desk>, caller: Caller, Path(id): Path<Uuid>) -> Result<StatusCode, Problem> {
    let row = to_decide(&ctx, &caller, id).await?;
    glossary.terms().find(&row.concept).ok_or_else(Problem::not_found)?;
    let (by, at, db) = (caller.account(), ctx.now(), ctx.db.clone());
    let done: db::Result<bool> = db
        .write(async move |tx| {
            if !store::decide(tx, id, &Verdict { state: State::Accepted, by, at, note: None }).await? {
                return Ok(false);
            }
            let overtaken = store::overtake(tx, &row, by, at).await?;
            let change = Change { concept: row.concept.clone(), language: row.language.clone(), term: row.term.clone(), at };
            glossary.changes(tx, change);
            notice::accepted(tx, &ctx);
            for owner in overtaken.into_iter().chain([row.proposed_by]) {
                notice::decided(tx, &ctx, owner);
            }
            audit::record(tx, act(&ctx, by, "glossary.accept", &row)).await?;
            Ok(true)
        })
        .await;
    if done? { Ok(StatusCode::NO_CONTENT) } else { Err(decided()) }
}

/// Why a proposal is refused.
#[derive(Deserialize, ToSchema)]
#[schema(as = GlossaryRefusal)]
struct Refusal {
    /// Who proposed it reads it: a line of at most 500 characters.
    note: String,
}

/// Refuses a proposal, and says why.
#[utoipa::path(post, path = "/api/glossary/proposals/{id}/refusal", tag = "glossary", params(("id" = Uuid, Path)),
    request_body = Refusal,
    responses((status = 204), (status = 401), (status = 403), (status = 404), (status = 409), (status = 422)))]
async fn refuse(
    Given(ctx): Given<Ctx>,
    caller: Caller,
    Path(id): Path<Uuid>,
    Json(Refusal { note }): Json<Refusal>,
) -> Result<StatusCode, Problem> {
    let row = to_decide(&ctx, &caller, id).await?;
    let note = reason(&note).map_err(faulty)?;
    guard::refuse(&note, ctx.now())?;
    let (by, at, db) = (caller.account(), ctx.now(), ctx.db.clone());
    let done: db::Result<bool> = db
        .write(async move |tx| {
            if !store::decide(tx, id, &Verdict { state: State::Refused, by, at, note: Some(&note) }).await? {
                return Ok(false);
            }
            notice::proposed(tx, &ctx);
            notice::decided(tx, &ctx, row.proposed_by);
            audit::record(tx, act(&ctx, by, "glossary.refuse", &row)).await?;
            Ok(true)
        })
        .await;
    if done? { Ok(StatusCode::NO_CONTENT) } else { Err(decided()) }
}
