//! The route of search by meaning: what there is of it.

use axum::extract::{FromRef, State};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{KEPT_MAX, Meaning};
use crate::access::RegionAction;
use crate::base::http::{Json, Problem};
use crate::context::Ctx;
use crate::identity::Caller;
use crate::search::store::vectors;

#[derive(Clone)]
struct Desk {
    ctx: Ctx,
    meaning: Option<Meaning>,
}

impl FromRef<Desk> for Ctx {
    fn from_ref(desk: &Desk) -> Self {
        desk.ctx.clone()
    }
}

pub(in crate::search) fn router(ctx: Ctx, meaning: Option<Meaning>) -> OpenApiRouter {
    OpenApiRouter::new().routes(routes!(state)).with_state(Desk { ctx, meaning })
}

/// Whether messages are also found by what they mean, and how far that has come.
#[derive(Serialize, ToSchema)]
#[schema(as = SearchByMeaning)]
struct Offer {
    on: bool,
    /// Null if it is off, as are host and marking.
    model: Option<String>,
    /// The host that messages and queries are handed to.
    provider: Option<String>,
    /// The strictest marking of what is handed over, lower case.
    marking: Option<&'static str>,
    /// Messages that can be found so.
    messages: i64,
    /// The same once it has come to the end.
    of: i64,
}

/// Whether messages are also found by what they mean. For administrators.
#[utoipa::path(get, path = "/api/search/meaning", tag = "search",
    responses((status = 200, body = Offer), (status = 401), (status = 403)))]
async fn state(State(desk): State<Desk>, caller: Caller) -> Result<Json<Offer>, Problem> {
    caller.allow(RegionAction::Administer)?;
    let Some(meaning) = desk.meaning else {
        return Ok(Json(Offer { on: false, model: None, provider: None, marking: None, messages: 0, of: 0 }));
    };
    let (messages, of) = vectors::counts(&mut desk.ctx.db.read().await?, &meaning.markings(), KEPT_MAX).await?;
    Ok(Json(Offer {
        on: true,
        model: Some(meaning.model.clone()),
        provider: Some(meaning.service.host.clone()),
        marking: Some(meaning.marking),
        messages,
        of,
    }))
}
