//! Routes of moderation.

mod breaches;
mod own;
mod people;
mod policy;
mod queue;
mod reports;
mod suspensions;

use axum::extract::{FromRef, State};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::model::shown;
use super::{Publish, store};
use crate::access::RegionAction;
use crate::base::http::{Json, Problem};
use crate::context::Ctx;
use crate::identity::Caller;

/// What deciding needs beside the context.
#[derive(Clone)]
struct Desk {
    ctx: Ctx,
    publish: Publish,
}

impl FromRef<Desk> for Ctx {
    fn from_ref(desk: &Desk) -> Self {
        desk.ctx.clone()
    }
}

/// The routes of this slice. `publish` makes a released post a message.
pub fn router(ctx: Ctx, publish: Publish) -> OpenApiRouter {
    let statistics = OpenApiRouter::new().routes(routes!(statistics)).with_state(ctx.clone());
    statistics
        .merge(breaches::router(ctx.clone()))
        .merge(own::router(ctx.clone()))
        .merge(policy::router(ctx.clone()))
        .merge(people::router(ctx.clone()))
        .merge(reports::router(ctx.clone()))
        .merge(suspensions::router(ctx.clone()))
        .merge(queue::router(Desk { ctx, publish }))
}

/// Somebody by id and name.
#[derive(Clone, Serialize, ToSchema)]
struct Named {
    id: Uuid,
    name: String,
}

/// What was made.
#[derive(Serialize, ToSchema)]
#[schema(as = ModerationMade)]
struct Made {
    id: Uuid,
}

/// How often something happened in a month.
#[derive(Serialize, ToSchema)]
#[schema(as = ModerationCount)]
struct Tally {
    /// `2026-11`.
    month: String,
    /// `held`, `released`, `released_masked`, `moved`, `returned`, `refused`, `withdrawn`, `expired`, `escalated`, `appealed`,
    /// `reported`, `report_upheld`, `report_dismissed`, `muted`, `warned`, `suspended`, `retracted`.
    kind: String,
    /// Null where it is below five: too few to hide anybody among them.
    count: Option<i64>,
}

/// Moderation in figures, the latest month first. Where nothing happened there is no row.
#[derive(Serialize, ToSchema)]
#[schema(as = ModerationStatistics)]
struct Statistics {
    items: Vec<Tally>,
}

/// How often moderators did what, for everybody to see.
#[utoipa::path(get, path = "/api/moderation/statistics", tag = "moderation",
    responses((status = 200, body = Statistics), (status = 401), (status = 403)))]
async fn statistics(State(ctx): State<Ctx>, caller: Caller) -> Result<Json<Statistics>, Problem> {
    caller.allow(RegionAction::UseDirectory)?;
    let rows = store::counts(&mut ctx.db.read().await?).await?;
    let items = rows.into_iter().map(|(month, kind, count)| Tally { month, kind, count: shown(count) });
    Ok(Json(Statistics { items: items.collect() }))
}
