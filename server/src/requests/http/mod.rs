//! Routes of coordination requests.

mod drafts;
mod lists;
mod screening;
mod steps;

use axum::extract::FromRef;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::model::{NOTE_MAX, REFERENCE_MAX, TEXT_MAX, TITLE_MAX};
use super::store::{self, FormalReference, Row, Step};
use super::{notice, views};
use crate::access::handling::RESTRICTION_MAX;
use crate::access::{Decision, RequestAction, may_with_request};
use crate::base::db::{self, Tx};
use crate::base::http::Problem;
use crate::context::Ctx;
use crate::identity::Caller;

/// The routes of this slice.
pub fn router(ctx: Ctx) -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(lists::list, drafts::create))
        .routes(routes!(lists::desk))
        .routes(routes!(lists::statistics))
        .routes(routes!(lists::show, drafts::change, drafts::discard))
        .routes(routes!(screening::name))
        .routes(routes!(screening::screen))
        .routes(routes!(screening::send))
        .routes(routes!(steps::acknowledge))
        .routes(routes!(steps::hand_over))
        .routes(routes!(steps::ask))
        .routes(routes!(steps::explain))
        .routes(routes!(steps::answer))
        .routes(routes!(steps::note))
        .routes(routes!(drafts::forward))
        .routes(routes!(steps::close))
        .with_state(Desk { ctx })
}

/// What the handlers share.
#[derive(Clone)]
struct Desk {
    ctx: Ctx,
}

impl FromRef<Desk> for Ctx {
    fn from_ref(desk: &Desk) -> Self {
        desk.ctx.clone()
    }
}

/// What is wrong with what somebody says, by its code.
fn faulty(code: &'static str) -> Problem {
    let (title, limit) = match code {
        "title_invalid" => ("A title is one line", Some(TITLE_MAX)),
        "note_invalid" => ("This note can't be kept", Some(NOTE_MAX)),
        "reference_invalid" => ("A reference is one short line", Some(REFERENCE_MAX)),
        "restriction_missing" => ("H3 needs words for what is restricted", Some(RESTRICTION_MAX)),
        "marking_unknown" => ("There is no such marking", None),
        "same_organisation" => ("Nobody asks their own organisation", None),
        "organisation_unknown" => ("There is no such organisation", None),
        "organisation_takes_none" => ("Organisations of this kind take no requests", None),
        "no_focal_point" => ("Nobody answers for this organisation here", None),
        "exercise_elsewhere" => ("Nobody of this organisation takes part in the exercise", None),
        "not_a_colleague" => ("This person doesn't work there", None),
        "reason_missing" => ("The author must know why", Some(NOTE_MAX)),
        "outcome_unfit" => ("This is no answer to such a request", None),
        "ground_missing" => ("A refusal needs its ground", None),
        "competent_missing" => ("Somebody must be named who is competent", None),
        _ => ("This text can't be kept", Some(TEXT_MAX)),
    };
    let problem = Problem::unprocessable(code, title);
    limit.map_or(problem.clone(), |limit| problem.with("limit", limit))
}

fn overtaken() -> Problem {
    Problem::conflict("conflict", "It was changed meanwhile")
}

/// A request that the caller may do this with now. Who may not know of it gets the answer for none.
async fn allowed(ctx: &Ctx, caller: &Caller, action: RequestAction, id: Uuid) -> Result<Row, Problem> {
    let mut conn = ctx.db.read().await?;
    let known = store::known(&mut conn, id).await?.ok_or_else(Problem::not_found)?;
    match may_with_request(&caller.actor, action, &known.facts()) {
        Decision::Hide => return Err(Problem::not_found()),
        Decision::Forbid(code) => return Err(Problem::forbidden_for(code)),
        Decision::Allow => {}
    }
    let row = store::one(&mut conn, id).await?.ok_or_else(Problem::not_found)?;
    if !row.state().takes(action) || !views::fits(action, &row) {
        return Err(Problem::conflict("not_now", "It has come too far for this, or not far enough"));
    }
    Ok(row)
}

/// What has become of a request, to be stored as one.
struct Done {
    row: Row,
    what: &'static str,
    /// What was said with it, sealed.
    words: Option<Vec<u8>>,
    reference: Option<FormalReference>,
    by: Uuid,
}

impl Done {
    fn new(row: Row, what: &'static str, by: Uuid) -> Self {
        Self { row, what, words: None, reference: None, by }
    }

    /// `false` if somebody was faster.
    async fn store(&self, tx: &mut Tx, ctx: &Ctx) -> db::Result<bool> {
        let at = ctx.now();
        let row = Row { changed_at: at, ..self.row.clone() };
        if !store::save(tx, &row).await? {
            return Ok(false);
        }
        let step = Step { at, by: Some(self.by), what: self.what.into(), words: self.words.clone() };
        store::add_step(tx, row.id, &step).await?;
        if let Some(reference) = &self.reference {
            store::note_channel(tx, row.id, reference).await?;
        }
        notice::changed(tx, ctx, &row, self.what, Some(self.by));
        Ok(true)
    }

    async fn commit(self, ctx: &Ctx) -> Result<(), Problem> {
        let inner = ctx.clone();
        let done: db::Result<bool> = ctx.db.write(async move |tx| self.store(tx, &inner).await).await;
        if done? { Ok(()) } else { Err(overtaken()) }
    }
}
