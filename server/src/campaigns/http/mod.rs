//! Routes of campaigns.

mod lists;
mod materials;
mod one;
mod plan;
mod steps;
mod times;

use axum::extract::FromRef;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::model::{LINES_MAX, PARTNERS_MAX, TEXT_MAX, TITLE_MAX};
use crate::access::Actor;
use crate::audit::Act;
use crate::base::guard;
use crate::base::http::Problem;
use crate::context::Ctx;
use crate::library::Shelf;
use crate::search::Finder;

/// What the handlers share.
#[derive(Clone)]
struct Desk {
    ctx: Ctx,
    finder: Finder,
    practices: Shelf,
}

impl FromRef<Desk> for Ctx {
    fn from_ref(desk: &Desk) -> Self {
        desk.ctx.clone()
    }
}

impl FromRef<Desk> for Finder {
    fn from_ref(desk: &Desk) -> Self {
        desk.finder.clone()
    }
}

impl FromRef<Desk> for Shelf {
    fn from_ref(desk: &Desk) -> Self {
        desk.practices.clone()
    }
}

/// The routes of this slice.
pub fn router(ctx: Ctx, finder: Finder, practices: Shelf) -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(lists::list, plan::create))
        .routes(routes!(lists::board))
        .routes(routes!(lists::map))
        .routes(routes!(times::timeline))
        .routes(routes!(times::clashes))
        .routes(routes!(one::show, plan::change))
        .routes(routes!(steps::set_state))
        .routes(routes!(steps::ask, steps::withdraw))
        .routes(routes!(steps::decide))
        .routes(routes!(steps::pretest))
        .routes(routes!(steps::answer, steps::cannot_answer))
        .routes(routes!(steps::indicators))
        .routes(routes!(steps::results))
        .routes(routes!(materials::add))
        .routes(routes!(materials::remove))
        .routes(routes!(materials::approve))
        .routes(routes!(plan::open_channel))
        .with_state(Desk { ctx, finder, practices })
}

/// What is wrong with what somebody wishes, by its code.
fn faulty(code: &'static str) -> Problem {
    let title = match code {
        "title_invalid" => "This title can't be used",
        "tag_unknown" => "There is no such code",
        "campaign_weeks_invalid" => "A campaign begins before it ends, and lasts two years at most",
        "campaign_figure_invalid" => "These figures can't be right",
        "campaign_pretest_invalid" => "A pre-test has people, and how many of a hundred understood",
        "text_missing" => "Something must be said here",
        "too_many" => "There are too many",
        _ => "This can't be said here",
    };
    let problem = Problem::unprocessable(code, title);
    match code {
        "title_invalid" => problem.with("limit", TITLE_MAX),
        "text_invalid" => problem.with("limit", TEXT_MAX),
        "too_many" => problem.with("limit", LINES_MAX),
        "too_many_partners" => problem.with("limit", PARTNERS_MAX),
        _ => problem,
    }
}

/// Refuses texts that may tell who somebody is.
fn guarded<'a>(ctx: &Ctx, texts: impl IntoIterator<Item = &'a str>) -> Result<(), Problem> {
    texts.into_iter().try_for_each(|text| guard::refuse(text, ctx.now()))
}

/// Somebody was faster.
fn overtaken() -> Problem {
    Problem::conflict("conflict", "This has changed meanwhile")
}

/// It has come too far for this, or not far enough.
fn not_now() -> Problem {
    Problem::conflict("campaign_not_now", "In its state this can't be done")
}

fn act<'a>(ctx: &Ctx, by: &Actor, what: &'a str, id: Uuid, detail: String) -> Act<'a> {
    Act { at: ctx.now(), actor: Some(by.account), what, target: format!("campaign:{id}"), detail }
}
