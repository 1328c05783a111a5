//! From phase to phase, aside, and what is done when contact is lost.

use axum::extract::State;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::super::acts;
use super::super::inside::{Inside, Refused, enter};
use super::super::model::ITEMS_MAX;
use super::super::sealing::Event;
use super::super::steps::{self, Gates};
use super::super::store;
use super::super::words::{Kind, Phase, Side, Word};
use super::{Written, act};
use crate::access::CaseAction;
use crate::audit;
use crate::base::db;
use crate::base::http::{Json, Path, Problem};
use crate::context::Ctx;
use crate::identity::Caller;
use crate::keys::Unlock;

/// What the gates say of a room now.
pub(super) async fn gates(conn: &mut impl db::On, inside: &Inside) -> db::Result<Gates> {
    let (sheet, _) = inside.sheet(conn).await?;
    let tasks = inside.all(conn, &[Kind::Task], ITEMS_MAX).await?;
    Ok(Gates::of(&sheet, tasks.iter().map(|(_, task)| task)))
}

/// What is missing, by its codes.
pub(super) fn gate(missing: Vec<&'static str>) -> Problem {
    Problem::conflict("case_gate", "Something is missing before this").with("missing", missing)
}

/// The phase that comes now.
#[derive(Deserialize, ToSchema)]
#[schema(as = CaseTurn)]
pub(super) struct Turn {
    to: Phase,
}

/// Turns a room to another phase. Closing it takes two: it is proposed.
#[utoipa::path(put, path = "/api/cases/{id}/phase", tag = "cases", params(("id" = Uuid, Path)), request_body = Turn,
    responses((status = 200, body = Written), (status = 401), (status = 403), (status = 404), (status = 409), (status = 423)))]
pub(super) async fn turn(
    State(ctx): State<Ctx>,
    caller: Caller,
    unlock: Unlock,
    Path(id): Path<Uuid>,
    Json(Turn { to }): Json<Turn>,
) -> Result<Json<Written>, Problem> {
    let unlocked = enter(&ctx, &caller, &unlock, CaseAction::Lead, id).await?;
    let (inner, actor) = (ctx.clone(), caller.actor.clone());
    let done: Result<Written, Refused> = ctx
        .db
        .write(async move |tx| {
            let inside = Inside::write(tx, &inner, &actor, &unlocked, CaseAction::Lead, id).await?;
            let (from, side) = (inside.room.phase(), inside.room.side());
            let gates = gates(tx, &inside).await?;
            steps::step(from, to, side, gates).map_err(|missing| match missing {
                Some(missing) => gate(missing),
                None => Problem::conflict("case_step", "This phase doesn't follow").with("from", from.as_str()),
            })?;
            store::set_phase(tx, id, to).await?;
            let seq = acts::noted(tx, &inner, &inside, actor.account, &Event::turn("phase", from.as_str(), to.as_str())).await?;
            let detail = format!("from={} to={}", from.as_str(), to.as_str());
            audit::record(tx, act(&inner, actor.account, "case.phase", id, detail)).await?;
            Ok(Written { item: id, seq })
        })
        .await;
    Ok(Json(done?))
}

/// What keeps a room from going on, or nothing.
#[derive(Deserialize, ToSchema)]
#[schema(as = CaseAside)]
pub(super) struct Aside {
    side: Option<Side>,
}

/// Sets a room aside: transferred, suspended, a duplicate; or takes it up again.
#[utoipa::path(put, path = "/api/cases/{id}/side", tag = "cases", params(("id" = Uuid, Path)), request_body = Aside,
    responses((status = 200, body = Written), (status = 401), (status = 403), (status = 404), (status = 409), (status = 423)))]
pub(super) async fn set_aside(
    State(ctx): State<Ctx>,
    caller: Caller,
    unlock: Unlock,
    Path(id): Path<Uuid>,
    Json(Aside { side }): Json<Aside>,
) -> Result<Json<Written>, Problem> {
    let unlocked = enter(&ctx, &caller, &unlock, CaseAction::Lead, id).await?;
    let (inner, actor) = (ctx.clone(), caller.actor.clone());
    let word = |side: Option<Side>| side.map_or("", Side::as_str);
    let done: Result<Written, Refused> = ctx
        .db
        .write(async move |tx| {
            let inside = Inside::write(tx, &inner, &actor, &unlocked, CaseAction::Lead, id).await?;
            store::set_side(tx, id, side).await?;
            let (from, to) = (word(inside.room.side()), word(side));
            let seq = acts::noted(tx, &inner, &inside, actor.account, &Event::turn("side", from, to)).await?;
            audit::record(tx, act(&inner, actor.account, "case.side", id, format!("to={to}"))).await?;
            Ok(Written { item: id, seq })
        })
        .await;
    Ok(Json(done?))
}

/// Contact is lost: opens the missing-child checklist among the tasks, once.
#[utoipa::path(post, path = "/api/cases/{id}/missing", tag = "cases", params(("id" = Uuid, Path)),
    responses((status = 200, body = Written), (status = 401), (status = 403), (status = 404), (status = 409), (status = 423)))]
pub(super) async fn missing(
    State(ctx): State<Ctx>,
    caller: Caller,
    unlock: Unlock,
    Path(id): Path<Uuid>,
) -> Result<Json<Written>, Problem> {
    let unlocked = enter(&ctx, &caller, &unlock, CaseAction::Write, id).await?;
    let (inner, actor) = (ctx.clone(), caller.actor.clone());
    let done: Result<Written, Refused> = ctx
        .db
        .write(async move |tx| {
            let inside = Inside::write(tx, &inner, &actor, &unlocked, CaseAction::Write, id).await?;
            acts::open_checklist(tx, &inner, &inside, actor.account).await?;
            let seq = acts::noted(tx, &inner, &inside, actor.account, &Event::new("missing")).await?;
            audit::record(tx, act(&inner, actor.account, "case.missing", id, String::new())).await?;
            Ok(Written { item: id, seq })
        })
        .await;
    Ok(Json(done?))
}
