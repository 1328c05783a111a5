//! What one says of oneself, and the words to say it with.

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

use super::super::model::{EntryWish, Profile};
use super::super::{store, views};
use super::faulty;
use crate::access::RegionAction;
use crate::base::db;
use crate::base::http::{Json, Problem};
use crate::context::Ctx;
use crate::identity::Caller;
use crate::vocabulary::{
    ALL_ABBREVIATIONS, ALL_KINDS, ALL_LANGUAGES, ALL_SERVICES, Abbreviation, Language, OrganisationKind, Service,
};

/// One's own entry, as others see it.
#[utoipa::path(get, path = "/api/me/directory-entry", tag = "directory", responses((status = 200, body = Profile), (status = 401)))]
pub(super) async fn own(State(ctx): State<Ctx>, caller: Caller) -> Result<Json<Profile>, Problem> {
    let mut conn = ctx.db.read().await?;
    let row = store::person(&mut conn, caller.account()).await?.ok_or_else(Problem::not_signed_in)?;
    let profile = views::profiles(&mut conn, &ctx, vec![row]).await?.remove(&caller.account());
    profile.map(Json).ok_or_else(Problem::not_signed_in)
}

/// Says what one can help with, in which languages, and when: it counts as confirmed from now on.
#[utoipa::path(put, path = "/api/me/directory-entry", tag = "directory", request_body = EntryWish,
    responses((status = 200, body = Profile), (status = 401), (status = 403), (status = 422)))]
pub(super) async fn put(State(ctx): State<Ctx>, caller: Caller, Json(wish): Json<EntryWish>) -> Result<Json<Profile>, Problem> {
    caller.allow(RegionAction::UseDirectory)?;
    let entry = wish.checked(ctx.now()).map_err(faulty)?;
    let (account, inner) = (caller.account(), ctx.clone());
    let stored: db::Result<()> = ctx
        .db
        .write(async move |tx| {
            inner.standing.actor_changes(tx, account);
            store::put_entry(tx, account, &entry).await
        })
        .await;
    stored?;
    own(State(ctx), caller).await
}

/// The words of the directory.
#[derive(Serialize, ToSchema)]
pub(super) struct Vocabulary {
    services: Vec<Service>,
    languages: Vec<Language>,
    kinds: Vec<OrganisationKind>,
    abbreviations: Vec<Abbreviation>,
}

/// The words of the directory: services, languages, kinds of organisations, and abbreviations spelled out. They change with
/// the program only, so a browser keeps them for an hour.
#[utoipa::path(get, path = "/api/vocabulary", tag = "directory", responses((status = 200, body = Vocabulary), (status = 401)))]
pub(super) async fn vocabulary(_caller: Caller) -> Response {
    let words = Vocabulary {
        services: ALL_SERVICES.clone(),
        languages: ALL_LANGUAGES.clone(),
        kinds: ALL_KINDS.clone(),
        abbreviations: ALL_ABBREVIATIONS.clone(),
    };
    ([(header::CACHE_CONTROL, "private, max-age=3600")], Json(words)).into_response()
}
