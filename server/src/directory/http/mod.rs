//! Routes of the directory.

mod countries;
mod entry;
mod find;
mod focal_points;
mod organisations;
mod people;

use std::sync::Arc;

use axum::extract::FromRef;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::model::{LANGUAGES_MAX, TOPICS_MAX};
use super::shelf::Shelf;
use super::store::{self, OrganisationRow};
use crate::access::{Decision, RegionAction, may_in_region};
use crate::audit::Act;
use crate::base::http::Problem;
use crate::context::Ctx;
use crate::identity::Caller;

/// What these routes share beside the context.
#[derive(Clone)]
struct Desk {
    ctx: Ctx,
    shelf: Arc<Shelf>,
}

impl FromRef<Desk> for Ctx {
    fn from_ref(desk: &Desk) -> Self {
        desk.ctx.clone()
    }
}

/// The routes of this slice, over what it keeps in memory.
pub fn router(ctx: Ctx, shelf: Arc<Shelf>) -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(people::list))
        .routes(routes!(people::show))
        .routes(routes!(find::find))
        .routes(routes!(find::addresses))
        .routes(routes!(organisations::list, organisations::create))
        .routes(routes!(organisations::show, organisations::change))
        .routes(routes!(organisations::confirm))
        .routes(routes!(organisations::confirm_many))
        .routes(routes!(focal_points::name, focal_points::unname))
        .routes(routes!(focal_points::place))
        .routes(routes!(countries::show))
        .routes(routes!(countries::confirm))
        .routes(routes!(entry::own, entry::put))
        .routes(routes!(entry::vocabulary))
        .with_state(Desk { ctx, shelf })
}

fn may(caller: &Caller, action: RegionAction<'_>) -> bool {
    may_in_region(&caller.actor, action) == Decision::Allow
}

/// The organisation, for somebody who may use the directory: whoever may not isn't told whether there is one.
async fn organisation(ctx: &Ctx, caller: &Caller, id: Uuid) -> Result<OrganisationRow, Problem> {
    caller.allow(RegionAction::UseDirectory)?;
    store::organisation(&mut ctx.db.read().await?, id).await?.ok_or_else(Problem::not_found)
}

/// What is wrong with what somebody wrote, by its code.
fn faulty(code: &'static str) -> Problem {
    let title = match code {
        "name_invalid" => "This name can't be used",
        "host_invalid" => "This is no website's host name",
        "text_invalid" => "This text is too long or holds signs that can't be shown",
        "address_in_text" => "No e-mail address and no telephone number may stand here",
        "too_many_topics" => "These are too many topics",
        "too_many_languages" => "These are too many languages",
        _ => "There is no such country, theme, service, language, kind or regime",
    };
    let problem = Problem::unprocessable(code, title);
    match code {
        "too_many_topics" => problem.with("limit", TOPICS_MAX),
        "too_many_languages" => problem.with("limit", LANGUAGES_MAX),
        _ => problem,
    }
}

fn act<'a>(ctx: &Ctx, caller: &Caller, what: &'a str, target: String, detail: String) -> Act<'a> {
    Act { at: ctx.now(), actor: Some(caller.account()), what, target, detail }
}
