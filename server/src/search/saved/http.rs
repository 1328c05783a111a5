//! Routes of one's own saved searches.

use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::super::http::bad_query;
use super::super::query::Query;
use super::super::store as index;
use super::store::{self, Change, Row};
use super::{NAME_MAX, SAVED_MAX};
use crate::base::clock::rfc3339;
use crate::base::db;
use crate::base::guard;
use crate::base::http::{Json, Page, Path, Problem};
use crate::base::text;
use crate::context::Ctx;
use crate::identity::Caller;

/// The routes of this part.
pub fn router(ctx: Ctx) -> OpenApiRouter {
    OpenApiRouter::new().routes(routes!(list, save)).routes(routes!(change, delete)).with_state(ctx)
}

/// A search that somebody keeps.
#[derive(Serialize, ToSchema)]
struct SavedSearch {
    id: Uuid,
    name: String,
    /// As it was typed.
    query: String,
    /// Whether its person is told of what is new.
    alert: bool,
    created_at: String,
    /// Since when there is something new that wasn't looked at; null without an alert that has found something.
    found_at: Option<String>,
}

impl From<Row> for SavedSearch {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            name: row.name,
            query: row.query,
            alert: row.alert,
            created_at: rfc3339(row.created_at),
            found_at: row.found_at.map(rfc3339),
        }
    }
}

/// A search to be kept.
#[derive(Deserialize, ToSchema)]
struct NewSavedSearch {
    /// A line of 80 characters at most.
    name: String,
    /// As it is typed into the search.
    query: String,
    /// Whether to be told of what is new.
    #[serde(default)]
    alert: bool,
}

/// What is to be changed; what isn't named stays.
#[derive(Deserialize, ToSchema)]
struct SavedSearchChange {
    /// A line of 80 characters at most.
    name: Option<String>,
    /// Whether to be told of what is new, from now on.
    alert: Option<bool>,
    /// `true`: what was found was looked at.
    #[serde(default)]
    seen: bool,
}

/// One's own saved searches, the latest first.
#[utoipa::path(get, path = "/api/search/saved", tag = "search",
    responses((status = 200, body = Page<SavedSearch>), (status = 401)))]
async fn list(State(ctx): State<Ctx>, caller: Caller) -> Result<Json<Page<SavedSearch>>, Problem> {
    let rows = store::own(&mut ctx.db.read().await?, caller.account()).await?;
    Ok(Json(Page::whole(rows.into_iter().map(SavedSearch::from).collect())))
}

/// Keeps a search, fifty at most.
#[utoipa::path(post, path = "/api/search/saved", tag = "search", request_body = NewSavedSearch,
    responses((status = 201, body = SavedSearch), (status = 400), (status = 401), (status = 422)))]
async fn save(
    State(ctx): State<Ctx>,
    caller: Caller,
    Json(wish): Json<NewSavedSearch>,
) -> Result<(StatusCode, Json<SavedSearch>), Problem> {
    let name = named(&wish.name, ctx.now())?;
    guard::refuse(&wish.query, ctx.now())?;
    Query::parse(&wish.query).map_err(bad_query)?;
    let row = Row {
        id: ctx.id(),
        account: caller.account(),
        name,
        query: wish.query.trim().to_owned(),
        alert: wish.alert,
        seen: 0,
        found_at: None,
        created_at: ctx.now(),
    };
    let kept: db::Result<Option<Row>> = ctx
        .db
        .write(async move |tx| {
            if store::count(tx, row.account).await? >= SAVED_MAX {
                return Ok(None);
            }
            let row = Row { seen: index::span(tx).await?.newest, ..row.clone() };
            store::insert(tx, &row).await?;
            Ok(Some(row))
        })
        .await;
    let too_many = || Problem::unprocessable("too_many", "There are too many saved searches").with("limit", SAVED_MAX);
    Ok((StatusCode::CREATED, Json(kept?.ok_or_else(too_many)?.into())))
}

/// Gives one's own search another name, turns its alert on or off, or says that what it found was looked at.
#[utoipa::path(patch, path = "/api/search/saved/{id}", tag = "search", params(("id" = Uuid, Path)),
    request_body = SavedSearchChange,
    responses((status = 204), (status = 401), (status = 404), (status = 422)))]
async fn change(
    State(ctx): State<Ctx>,
    caller: Caller,
    Path(id): Path<Uuid>,
    Json(wish): Json<SavedSearchChange>,
) -> Result<StatusCode, Problem> {
    let name = wish.name.map(|name| named(&name, ctx.now())).transpose()?;
    let (wish, account) = (Change { name, alert: wish.alert, seen: wish.seen }, caller.account());
    let changed: db::Result<bool> = ctx
        .db
        .write(async move |tx| {
            let newest = index::span(tx).await?.newest;
            store::change(tx, id, account, &wish, newest).await
        })
        .await;
    if changed? { Ok(StatusCode::NO_CONTENT) } else { Err(Problem::not_found()) }
}

/// Keeps one's own search no longer.
#[utoipa::path(delete, path = "/api/search/saved/{id}", tag = "search", params(("id" = Uuid, Path)),
    responses((status = 204), (status = 401), (status = 404)))]
async fn delete(State(ctx): State<Ctx>, caller: Caller, Path(id): Path<Uuid>) -> Result<StatusCode, Problem> {
    let account = caller.account();
    let deleted: db::Result<bool> = ctx.db.write(async move |tx| store::delete(tx, id, account).await).await;
    if deleted? { Ok(StatusCode::NO_CONTENT) } else { Err(Problem::not_found()) }
}

/// The name of a search.
fn named(name: &str, now: i64) -> Result<String, Problem> {
    guard::refuse(name, now)?;
    let invalid = || Problem::unprocessable("name_invalid", "This name can't be used").with("limit", NAME_MAX);
    text::line(name, NAME_MAX).ok_or_else(invalid)
}
