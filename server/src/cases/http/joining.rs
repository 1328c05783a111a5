//! Accepting an invitation with the terms of a room, or declining it.

use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::super::inside::{self, Refused};
use super::super::model::TERMS;
use super::super::notice;
use super::super::sealing::{self, Event};
use super::super::store::{self, members};
use super::super::words::Standing;
use super::act;
use crate::access::CaseAction;
use crate::audit;
use crate::base::db::{Error, Tx};
use crate::base::http::{Json, Path, Problem};
use crate::context::Ctx;
use crate::identity::Caller;
use crate::keys;

/// The terms that somebody has read.
#[derive(Deserialize, ToSchema)]
#[schema(as = CaseAcceptance)]
pub(super) struct Acceptance {
    /// Those that the board names.
    terms: String,
}

/// Accepts an invitation with the terms: from now on one is a member.
#[utoipa::path(post, path = "/api/cases/{id}/acceptance", tag = "cases", params(("id" = Uuid, Path)), request_body = Acceptance,
    responses((status = 204), (status = 401), (status = 403), (status = 404), (status = 409)))]
pub(super) async fn accept(
    State(ctx): State<Ctx>,
    caller: Caller,
    Path(id): Path<Uuid>,
    Json(Acceptance { terms }): Json<Acceptance>,
) -> Result<StatusCode, Problem> {
    inside::allowed(&ctx, &caller, CaseAction::Answer, id).await?;
    if terms != TERMS {
        return Err(Problem::conflict("case_terms_changed", "The terms are others now: read them again").with("terms", TERMS));
    }
    answer(&ctx, caller, id, true).await
}

/// Declines an invitation. The room is not to be found any more.
#[utoipa::path(delete, path = "/api/cases/{id}/acceptance", tag = "cases", params(("id" = Uuid, Path)),
    responses((status = 204), (status = 401), (status = 403), (status = 404)))]
pub(super) async fn decline(State(ctx): State<Ctx>, caller: Caller, Path(id): Path<Uuid>) -> Result<StatusCode, Problem> {
    inside::allowed(&ctx, &caller, CaseAction::Answer, id).await?;
    answer(&ctx, caller, id, false).await
}

async fn answer(ctx: &Ctx, caller: Caller, id: Uuid, accepts: bool) -> Result<StatusCode, Problem> {
    let inner = ctx.clone();
    let done: Result<(), Refused> = ctx.db.write(async move |tx| settle(tx, &inner, &caller, id, accepts).await).await;
    done?;
    Ok(StatusCode::NO_CONTENT)
}

async fn settle(tx: &mut Tx, ctx: &Ctx, caller: &Caller, id: Uuid, accepts: bool) -> Result<(), Refused> {
    inside::allow(tx, &caller.actor, CaseAction::Answer, id).await?;
    let (account, at) = (caller.account(), ctx.now());
    let (code, what) = if accepts { ("accepted", "case.accept") } else { ("declined", "case.decline") };
    if accepts {
        members::accept(tx, id, account, at, TERMS).await?;
    } else {
        members::end(tx, id, account, Standing::Declined, at).await?;
        keys::expire(tx, id, account).await?;
    }
    let room = store::room(tx, id).await?.ok_or(Error::Malformed("case room"))?;
    let seq = sealing::note(tx, &room, ctx.id(), Some(account), at, &Event::with(code, account)).await?;
    let members = members::of(tx, id).await?;
    notice::changed(tx, ctx, id, seq, &members);
    audit::record(tx, act(ctx, account, what, id, String::new())).await?;
    Ok(())
}
