//! Routes of studies and their recommendations.

mod recommendations;
mod studies;

use axum::extract::FromRef;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::model::{NOTE_MAX, SUMMARY_MAX, TITLE_MAX};
use crate::access::{Decision, Item, ItemAction, may_with_item};
use crate::audit::Act;
use crate::base::http::Problem;
use crate::context::Ctx;
use crate::identity::Caller;
use crate::search::Finder;

/// The routes of this slice.
pub fn router(ctx: Ctx, finder: Finder) -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(studies::list, studies::create))
        .routes(routes!(studies::show, studies::change))
        .routes(routes!(recommendations::add))
        .routes(routes!(recommendations::list))
        .routes(routes!(recommendations::change))
        .routes(routes!(recommendations::settle))
        .routes(routes!(recommendations::history))
        .with_state(Desk { ctx, finder })
}

/// What the handlers share.
#[derive(Clone)]
struct Desk {
    ctx: Ctx,
    finder: Finder,
}

impl FromRef<Desk> for Ctx {
    fn from_ref(desk: &Desk) -> Self {
        desk.ctx.clone()
    }
}

/// An organisation by name.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = StudyOrganisation)]
struct Organisation {
    id: Uuid,
    name: String,
}

impl Organisation {
    fn of(id: Option<Uuid>, name: Option<String>) -> Option<Self> {
        id.zip(name).map(|(id, name)| Self { id, name })
    }
}

/// What is wrong with what somebody enters, by its code.
fn faulty(code: &'static str) -> Problem {
    let title = match code {
        "title_invalid" => "A title is one line",
        "language_unknown" => "There is no such language here",
        "tag_unknown" => "There is no such country or theme",
        "year_invalid" => "No study came out in such a year",
        "day_invalid" => "This is no day",
        "link_invalid" => "A link begins with https://",
        "marking_unknown" => "There is no such marking for this",
        _ => "This text can't be kept",
    };
    let problem = Problem::unprocessable(code, title);
    match code {
        "title_invalid" => problem.with("limit", TITLE_MAX),
        "text_invalid" => problem.with("limit", SUMMARY_MAX),
        "note_invalid" => problem.with("limit", NOTE_MAX),
        _ => problem,
    }
}

/// Whether this person may do this with a study. Who may not read it gets the answer for none.
fn allow(caller: &Caller, action: ItemAction, item: &Item<'_>) -> Result<(), Problem> {
    match may_with_item(&caller.actor, action, item) {
        Decision::Allow => Ok(()),
        Decision::Forbid(code) => Err(Problem::forbidden_for(code)),
        Decision::Hide => Err(Problem::not_found()),
    }
}

fn act(ctx: &Ctx, by: Uuid, what: &'static str, target: String, detail: String) -> Act<'static> {
    Act { at: ctx.now(), actor: Some(by), what, target, detail }
}
