//! Organisations: their list, one of them, changing and confirming it.

use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::super::model::{Facts, Organisation, Wish};
use super::super::{Person, store, views};
use super::people::{Place, sought};
use super::{Desk, act, faulty, may, organisation};
use crate::access::RegionAction;
use crate::audit;
use crate::base::db;
use crate::base::http::{Cursor, Json, Page, Params, Path, Problem};
use crate::context::Ctx;
use crate::identity::Caller;
use crate::vocabulary::{is_country, kind};

/// People of an organisation shown with it at most.
const STAFF_MAX: i64 = 100;
/// Organisations confirmed at once at most.
const CONFIRMED_AT_ONCE: usize = 100;

/// Which organisations.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Which {
    /// Of this country.
    #[param(required = false)]
    country: Option<String>,
    /// Of this kind.
    #[param(required = false)]
    kind: Option<String>,
    /// The beginning of a word of the name.
    #[param(required = false)]
    q: Option<String>,
    /// The `next` of the page before.
    #[param(required = false)]
    cursor: Option<String>,
    /// Rows at most (1 to 100; 50 when not named).
    #[param(required = false)]
    limit: Option<i64>,
}

/// Organisations by name.
#[utoipa::path(get, path = "/api/organisations", tag = "directory", params(Which),
    responses((status = 200, body = Page<Organisation>), (status = 400), (status = 401), (status = 403), (status = 422)))]
pub(super) async fn list(
    State(ctx): State<Ctx>,
    caller: Caller,
    Params(which): Params<Which>,
) -> Result<Json<Page<Organisation>>, Problem> {
    caller.allow(RegionAction::UseDirectory)?;
    let cursor = Cursor { cursor: which.cursor, limit: which.limit };
    let (limit, after) = (cursor.limit()?, cursor.position::<Place>()?.map(|place| (place.name_key, place.id)));
    let (country, code) = (which.country.filter(|code| !code.is_empty()), which.kind.filter(|code| !code.is_empty()));
    if country.as_deref().is_some_and(|code| !is_country(code)) || code.as_deref().is_some_and(|code| kind(code).is_none()) {
        return Err(faulty("tag_unknown"));
    }
    let Some(part) = sought(which.q.as_deref().unwrap_or_default()) else { return Ok(Json(Page::whole(Vec::new()))) };
    let mut conn = ctx.db.read().await?;
    let rows = store::page(&mut conn, &store::Narrowing { country, kind: code, part }, after, limit + 1).await?;
    let Page { items, next } = Page::cut(rows, limit, |row| Place { name_key: row.name_key.clone(), id: row.id }.to_string());
    Ok(Json(Page { items: views::organisations(&mut conn, &ctx, items).await?, next }))
}

/// What the reader may do with an organisation.
#[derive(Serialize, ToSchema)]
#[schema(as = OrganisationCan)]
pub(super) struct Can {
    /// Change what it can help with, its languages, website and description; confirm the entry.
    keep: bool,
    /// Change its name, kind, country and legal regime; name focal points; put people into it.
    govern: bool,
    /// Invite colleagues into it.
    invite: bool,
}

/// An organisation with its people.
#[derive(Serialize, ToSchema)]
pub(super) struct OrganisationPage {
    #[serde(flatten)]
    organisation: Organisation,
    /// Who works there, by name; the first hundred.
    people: Vec<Person>,
    can: Can,
}

/// One organisation.
#[utoipa::path(get, path = "/api/organisations/{id}", tag = "directory", params(("id" = Uuid, Path)),
    responses((status = 200, body = OrganisationPage), (status = 401), (status = 403), (status = 404)))]
pub(super) async fn show(
    State(ctx): State<Ctx>,
    caller: Caller,
    Path(id): Path<Uuid>,
) -> Result<Json<OrganisationPage>, Problem> {
    view(&ctx, &caller, id).await.map(Json)
}

pub(super) async fn view(ctx: &Ctx, caller: &Caller, id: Uuid) -> Result<OrganisationPage, Problem> {
    let row = organisation(ctx, caller, id).await?;
    let can = Can {
        keep: may(caller, RegionAction::KeepOrganisation(id, row.country.as_deref())),
        govern: may(caller, RegionAction::KeepDirectory(row.country.as_deref())),
        invite: [row.country.as_deref(), caller.actor.country.as_deref()]
            .into_iter()
            .any(|country| may(caller, RegionAction::Invite { country, organisation: Some(id) })),
    };
    let mut conn = ctx.db.read().await?;
    let people = store::staff(&mut conn, id, STAFF_MAX).await?;
    let organisation = views::organisations(&mut conn, ctx, vec![row]).await?.pop().ok_or_else(Problem::not_found)?;
    Ok(OrganisationPage { organisation, people: people.into_iter().map(|row| Person::new(row, ctx)).collect(), can })
}

fn exists() -> Problem {
    Problem::conflict("organisation_exists", "There is an organisation of this name in this country")
}

/// Enters an organisation.
#[utoipa::path(post, path = "/api/organisations", tag = "directory", request_body = Wish,
    responses((status = 201, body = OrganisationPage), (status = 401), (status = 403), (status = 409), (status = 422)))]
pub(super) async fn create(
    State(desk): State<Desk>,
    caller: Caller,
    Json(wish): Json<Wish>,
) -> Result<(StatusCode, Json<OrganisationPage>), Problem> {
    caller.allow(RegionAction::KeepDirectory(wish.country.as_deref().filter(|code| !code.is_empty())))?;
    let facts = Facts::fresh(wish).map_err(faulty)?;
    let (id, by) = (desk.ctx.id(), caller.clone());
    let Desk { ctx, shelf } = desk.clone();
    let made: Result<(), Problem> = desk
        .ctx
        .db
        .write(async move |tx| {
            if store::by_key(tx, &facts.key(), facts.country.as_deref()).await?.is_some() {
                return Err(exists());
            }
            store::insert(tx, id, &facts, ctx.now(), Some(by.account())).await?;
            store::confirm(tx, id, ctx.now(), Some(by.account())).await?;
            shelf.changes(tx);
            audit::record(tx, act(&ctx, &by, "organisation.create", format!("organisation:{id}"), facts.kind.clone())).await?;
            Ok(())
        })
        .await;
    made?;
    Ok((StatusCode::CREATED, Json(view(&desk.ctx, &caller, id).await?)))
}

/// Changes an organisation. Its focal points change what it offers; who it is, those who keep its country's directory.
#[utoipa::path(patch, path = "/api/organisations/{id}", tag = "directory", params(("id" = Uuid, Path)), request_body = Wish,
    responses((status = 200, body = OrganisationPage), (status = 401), (status = 403), (status = 404), (status = 409), (status = 422)))]
pub(super) async fn change(
    State(desk): State<Desk>,
    caller: Caller,
    Path(id): Path<Uuid>,
    Json(wish): Json<Wish>,
) -> Result<Json<OrganisationPage>, Problem> {
    let row = organisation(&desk.ctx, &caller, id).await?;
    caller.allow(RegionAction::KeepOrganisation(id, row.country.as_deref()))?;
    let governs = wish.governs();
    let facts = Facts::from(row.clone()).with(wish).map_err(faulty)?;
    if governs {
        // Nobody hands an organisation to a country, or takes it from one, that they don't look after.
        for country in [&row.country, &facts.country] {
            caller.allow(RegionAction::KeepDirectory(country.as_deref()))?;
        }
    }
    let (by, was) = (caller.clone(), row.name);
    let Desk { ctx, shelf } = desk.clone();
    let changed: Result<(), Problem> = desk
        .ctx
        .db
        .write(async move |tx| {
            if store::by_key(tx, &facts.key(), facts.country.as_deref()).await?.is_some_and(|other| other != id) {
                return Err(exists());
            }
            store::change(tx, id, &facts).await?;
            if facts.name != was {
                store::rename_staff(tx, id, &facts.name).await?;
            }
            shelf.changes(tx);
            let detail = if governs { "identity" } else { "offer" };
            audit::record(tx, act(&ctx, &by, "organisation.change", format!("organisation:{id}"), detail.into())).await?;
            Ok(())
        })
        .await;
    changed?;
    Ok(Json(view(&desk.ctx, &caller, id).await?))
}

/// Says that an organisation's entry is true.
#[utoipa::path(put, path = "/api/organisations/{id}/confirmation", tag = "directory", params(("id" = Uuid, Path)),
    responses((status = 204), (status = 401), (status = 403), (status = 404)))]
pub(super) async fn confirm(State(desk): State<Desk>, caller: Caller, Path(id): Path<Uuid>) -> Result<StatusCode, Problem> {
    confirm_all(desk, caller, vec![id]).await
}

/// Organisations by id.
#[derive(Deserialize, ToSchema)]
#[schema(as = OrganisationConfirmations)]
pub(super) struct Confirmed {
    organisations: Vec<Uuid>,
}

/// Says of several organisations that their entries are true: of all of them, or of none.
#[utoipa::path(post, path = "/api/organisation-confirmations", tag = "directory", request_body = Confirmed,
    responses((status = 204), (status = 401), (status = 403), (status = 404), (status = 422)))]
pub(super) async fn confirm_many(
    State(desk): State<Desk>,
    caller: Caller,
    Json(confirmed): Json<Confirmed>,
) -> Result<StatusCode, Problem> {
    if confirmed.organisations.len() > CONFIRMED_AT_ONCE {
        return Err(Problem::unprocessable("too_many", "These are too many at once").with("limit", CONFIRMED_AT_ONCE));
    }
    confirm_all(desk, caller, confirmed.organisations).await
}

async fn confirm_all(desk: Desk, caller: Caller, ids: Vec<Uuid>) -> Result<StatusCode, Problem> {
    caller.allow(RegionAction::UseDirectory)?;
    for id in &ids {
        let row = organisation(&desk.ctx, &caller, *id).await?;
        caller.allow(RegionAction::KeepOrganisation(*id, row.country.as_deref()))?;
    }
    let Desk { ctx, shelf } = desk;
    let db = ctx.db.clone();
    let done: db::Result<()> = db
        .write(async move |tx| {
            for id in &ids {
                store::confirm(tx, *id, ctx.now(), Some(caller.account())).await?;
                let target = format!("organisation:{id}");
                audit::record(tx, act(&ctx, &caller, "organisation.confirm", target, String::new())).await?;
            }
            shelf.changes(tx);
            Ok(())
        })
        .await;
    done?;
    Ok(StatusCode::NO_CONTENT)
}
