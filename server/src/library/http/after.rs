//! What others say of a practice that is in the library: endorsing it, having used it, talking about it.

use axum::extract::State as Given;
use axum::http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::super::model::LINE_MAX;
use super::super::store::{self, UseRow};
use super::{Desk, Located, said};
use crate::access::ItemAction;
use crate::base::http::{Json, Path, Problem};
use crate::channels;
use crate::channels::topics;
use crate::identity::Caller;

impl Desk {
    /// A practice in the library that is not the caller's own.
    async fn others(&self, caller: &Caller, id: Uuid) -> Result<Located, Problem> {
        let located = self.locate(caller, ItemAction::Judge, id).await?;
        if located.entry.is_own(caller.account(), caller.actor.organisation) {
            return Err(Problem::forbidden_for("own_item"));
        }
        if !located.entry.state_at(self.ctx.now()).stands() {
            return Err(Problem::conflict("practice_not_published", "It isn't in the library"));
        }
        Ok(located)
    }
}

/// Stands by a practice, as somebody of another organisation.
#[utoipa::path(put, path = "/api/practices/{id}/endorsement", tag = "library", params(("id" = Uuid, Path)),
    responses((status = 204), (status = 401), (status = 403), (status = 404), (status = 409)))]
pub(super) async fn endorse(Given(desk): Given<Desk>, caller: Caller, Path(id): Path<Uuid>) -> Result<StatusCode, Problem> {
    let located = desk.others(&caller, id).await?;
    if caller.actor.organisation.is_none() {
        return Err(Problem::forbidden_for("organisation_needed"));
    }
    if located.entry.harm {
        return Err(Problem::conflict("practice_harm_open", "A report of harm waits for its answer"));
    }
    let (inner, me, now) = (desk.clone(), caller.account(), desk.ctx.now());
    let done: Result<(), Problem> = desk
        .ctx
        .db
        .write(async move |tx| {
            store::endorse(tx, id, me, now).await?;
            inner.shelf.changes(tx, id);
            Ok(())
        })
        .await;
    done.map(|()| StatusCode::NO_CONTENT)
}

/// Doesn't stand by it any more.
#[utoipa::path(delete, path = "/api/practices/{id}/endorsement", tag = "library", params(("id" = Uuid, Path)),
    responses((status = 204), (status = 401), (status = 403), (status = 404)))]
pub(super) async fn unendorse(Given(desk): Given<Desk>, caller: Caller, Path(id): Path<Uuid>) -> Result<StatusCode, Problem> {
    desk.locate(&caller, ItemAction::Read, id).await?;
    let (inner, me) = (desk.clone(), caller.account());
    let done: Result<(), Problem> = desk
        .ctx
        .db
        .write(async move |tx| {
            store::unendorse(tx, id, me).await?;
            inner.shelf.changes(tx, id);
            Ok(())
        })
        .await;
    done.map(|()| StatusCode::NO_CONTENT)
}

/// How it went.
#[derive(Clone, Deserialize, ToSchema)]
#[schema(as = PracticeUseWish)]
pub(super) struct Use {
    /// What was done with it, and how it went.
    note: String,
}

/// Says that one has used a practice in one's country, or says it otherwise.
#[utoipa::path(put, path = "/api/practices/{id}/use", tag = "library", params(("id" = Uuid, Path)), request_body = Use,
    responses((status = 204), (status = 401), (status = 403), (status = 404), (status = 409), (status = 422)))]
pub(super) async fn put_use(
    Given(desk): Given<Desk>,
    caller: Caller,
    Path(id): Path<Uuid>,
    Json(Use { note }): Json<Use>,
) -> Result<StatusCode, Problem> {
    desk.others(&caller, id).await?;
    let now = desk.ctx.now();
    let country = caller.actor.country.clone();
    let country = country.ok_or_else(|| Problem::unprocessable("country_missing", "Nobody knows in which country you work"))?;
    let used = UseRow { account: caller.account(), country, note: said(&note, "note", LINE_MAX, now)?, at: now };
    let inner = desk.clone();
    let done: Result<(), Problem> = desk
        .ctx
        .db
        .write(async move |tx| {
            store::put_use(tx, id, &used).await?;
            inner.shelf.changes(tx, id);
            Ok(())
        })
        .await;
    done.map(|()| StatusCode::NO_CONTENT)
}

/// Takes back that one has used it.
#[utoipa::path(delete, path = "/api/practices/{id}/use", tag = "library", params(("id" = Uuid, Path)),
    responses((status = 204), (status = 401), (status = 403), (status = 404)))]
pub(super) async fn take_use(Given(desk): Given<Desk>, caller: Caller, Path(id): Path<Uuid>) -> Result<StatusCode, Problem> {
    desk.locate(&caller, ItemAction::Read, id).await?;
    let (inner, me) = (desk.clone(), caller.account());
    let done: Result<(), Problem> = desk
        .ctx
        .db
        .write(async move |tx| {
            store::take_use(tx, id, me).await?;
            inner.shelf.changes(tx, id);
            Ok(())
        })
        .await;
    done.map(|()| StatusCode::NO_CONTENT)
}

/// Where it is talked about.
#[derive(Clone, Deserialize, ToSchema)]
#[schema(as = PracticeDiscussionWish)]
pub(super) struct Talk {
    /// A topic that the caller may read.
    topic: Uuid,
}

/// Binds a practice to the topic where it is talked about, once: who answers for it, or looks after it.
#[utoipa::path(put, path = "/api/practices/{id}/discussion", tag = "library", params(("id" = Uuid, Path)), request_body = Talk,
    responses((status = 204), (status = 401), (status = 403), (status = 404), (status = 409)))]
pub(super) async fn discuss(
    Given(desk): Given<Desk>,
    caller: Caller,
    Path(id): Path<Uuid>,
    Json(Talk { topic }): Json<Talk>,
) -> Result<StatusCode, Problem> {
    let located = match desk.locate(&caller, ItemAction::Change, id).await {
        Ok(located) => located,
        Err(_) => desk.locate(&caller, ItemAction::Tend, id).await?,
    };
    let place = topics::place(&mut desk.ctx.db.read().await?, topic).await?;
    channels::place(&desk.ctx, &caller.actor, place).await?;
    if located.row.topic.is_some() {
        return Err(Problem::conflict("practice_discussed", "It is talked about already"));
    }
    let done: Result<(), Problem> = desk
        .ctx
        .db
        .write(async move |tx| {
            store::set_topic(tx, id, topic).await?;
            Ok(())
        })
        .await;
    done.map(|()| StatusCode::NO_CONTENT)
}
