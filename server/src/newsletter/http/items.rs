//! What the feeds propose for an issue, and what is taken of it.

use std::collections::HashMap;

use axum::extract::State as Given;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::{Named, change, compose, find, find_open};
use crate::access::handling::{LEAVING, MARKINGS};
use crate::base::clock::rfc3339;
use crate::base::http::{Json, Page, Path, Problem};
use crate::directory;
use crate::findable::Kind;
use crate::identity::Caller;
use crate::newsletter::desk::Desk;
use crate::newsletter::model::{self, ITEMS_MAX, KINDS, Quarter, TAKING, section_of};
use crate::newsletter::store::{self, Taken};
use crate::publishable::Publishable;

pub(super) fn router() -> OpenApiRouter<Desk> {
    OpenApiRouter::new().routes(routes!(propose)).routes(routes!(take)).routes(routes!(rearrange, leave_out))
}

/// Something of the quarter that may be taken, or whose source may be asked to lower it.
#[derive(Serialize, ToSchema)]
#[schema(as = NewsletterProposal)]
pub(super) struct Proposal {
    /// `practice`, `campaign`, `study` or `event`.
    kind: String,
    id: Uuid,
    title: String,
    summary: String,
    language: String,
    /// `clear` may be taken, `green` only once its source has lowered it.
    marking: String,
    countries: Vec<String>,
    themes: Vec<String>,
    /// When it was shared, or takes place (RFC 3339).
    at: String,
    /// The section that it is proposed for.
    section: &'static str,
    source: Named,
    /// Where it is: a path of the page.
    place: String,
    /// Whether it is taken already.
    taken: bool,
    /// Whether its source was asked: `open`, `yes` or `no`.
    request: Option<String>,
    /// Why the source said no.
    reason: Option<String>,
}

/// What was shared, or takes place, in the quarter (events in the next one, too): CLEAR and GREEN alone.
#[utoipa::path(get, path = "/api/newsletter/issues/{id}/proposals", tag = "newsletter", params(("id" = Uuid, Path)),
    responses((status = 200, body = Page<Proposal>), (status = 401), (status = 403), (status = 404)))]
pub(super) async fn propose(
    Given(desk): Given<Desk>,
    caller: Caller,
    Path(id): Path<Uuid>,
) -> Result<Json<Page<Proposal>>, Problem> {
    compose(&caller)?;
    let issue = find(&desk, id).await?;
    let quarter = Quarter { year: issue.year, quarter: issue.quarter };
    let mut found = Vec::new();
    for feed in desk.feeds.iter() {
        let (from, to) = quarter.span();
        let to = if feed.kind() == Kind::Event { quarter.next().span().1 } else { to };
        found.extend(feed.within(&desk.ctx, &caller.actor, (from, to)).await?);
    }
    // A feed gives no more than this; it isn't left to it alone.
    found.retain(|each| each.marking == MARKINGS[0] || each.marking == LEAVING);
    found.sort_by_key(|each| (each.at, each.id));
    let mut conn = desk.ctx.db.read().await?;
    let sources: Vec<Uuid> = found.iter().map(|each| each.source).collect();
    let people = directory::people_by_id(&mut conn, &desk.ctx, &sources).await?;
    let names: HashMap<Uuid, String> = people.into_iter().map(|person| (person.id, person.name)).collect();
    let taken = store::items(&mut conn, id).await?;
    let mut proposals = Vec::with_capacity(found.len());
    for each in found {
        let request = store::request_about(&mut conn, each.kind.as_str(), each.id).await?;
        let source = Named { id: each.source, name: names.get(&each.source).cloned().unwrap_or_default() };
        let is_taken = taken.iter().any(|item| item.thing == each.id && item.kind == each.kind.as_str());
        proposals.push(proposal(each, quarter, source, is_taken, request));
    }
    Ok(Json(Page::whole(proposals)))
}

fn proposal(each: Publishable, quarter: Quarter, source: Named, taken: bool, request: Option<store::Request>) -> Proposal {
    Proposal {
        section: section_of(each.kind, each.at, quarter),
        place: model::place(each.kind.as_str(), each.id),
        kind: each.kind.as_str().to_owned(),
        id: each.id,
        title: each.title,
        summary: each.summary,
        language: each.language,
        marking: each.marking,
        countries: each.countries,
        themes: each.themes,
        at: rfc3339(each.at),
        source,
        taken,
        reason: request.as_ref().and_then(|request| request.reason.clone()),
        request: request.map(|request| request.state),
    }
}

/// One thing of the feeds as it stands now, for this caller.
pub(super) async fn one(desk: &Desk, caller: &Caller, kind: &str, id: Uuid) -> Result<Publishable, Problem> {
    let kind = Kind::of(kind).filter(|kind| KINDS.contains(kind)).ok_or_else(Problem::not_found)?;
    for feed in desk.feeds.iter().filter(|feed| feed.kind() == kind) {
        if let Some(found) = feed.one(&desk.ctx, &caller.actor, id).await? {
            return Ok(found);
        }
    }
    Err(Problem::not_found())
}

/// What is to be taken, and into which section.
#[derive(Deserialize, ToSchema)]
#[schema(as = NewNewsletterItem)]
pub(super) struct Wish {
    /// `practice`, `campaign`, `study` or `event`.
    kind: String,
    /// Its id.
    id: Uuid,
    /// `focus`, `understand`, `prevent`, `protect`, `agenda_past` or `agenda_next`.
    section: String,
}

/// What was taken.
#[derive(Serialize, ToSchema)]
#[schema(as = NewNewsletterItemTaken)]
pub(super) struct Made {
    id: Uuid,
}

fn section(name: &str) -> Result<String, Problem> {
    let known = TAKING.contains(&name).then(|| name.to_owned());
    known.ok_or_else(|| Problem::unprocessable("newsletter_section_unknown", "Nothing is taken into such a section"))
}

/// Takes something that is CLEAR into an issue: its title and summary as they are now.
#[utoipa::path(post, path = "/api/newsletter/issues/{id}/items", tag = "newsletter", params(("id" = Uuid, Path)),
    request_body = Wish,
    responses((status = 201, body = Made), (status = 401), (status = 403), (status = 404), (status = 409), (status = 422)))]
pub(super) async fn take(
    Given(desk): Given<Desk>,
    caller: Caller,
    Path(id): Path<Uuid>,
    Json(wish): Json<Wish>,
) -> Result<(StatusCode, Json<Made>), Problem> {
    compose(&caller)?;
    find_open(&desk, id).await?;
    let section = section(&wish.section)?;
    let found = one(&desk, &caller, &wish.kind, wish.id).await?;
    if found.marking != MARKINGS[0] {
        return Err(Problem::conflict("newsletter_not_clear", "Only what is CLEAR is taken: ask its source to lower it"));
    }
    let item = Taken {
        id: desk.ctx.id(),
        section,
        kind: wish.kind,
        thing: wish.id,
        title: found.title,
        summary: found.summary,
        language: found.language,
        at: found.at,
    };
    let made = item.id;
    change(&desk, &caller, id, async move |tx, by| {
        if store::items(tx, id).await?.len() >= ITEMS_MAX {
            let many = Problem::conflict("newsletter_items_many", "There is no room for more");
            return Ok(Err(many.with("limit", ITEMS_MAX)));
        }
        let taken = store::take(tx, id, &item, by).await?;
        Ok(if taken { Ok(()) } else { Err(Problem::conflict("newsletter_taken", "This was taken before")) })
    })
    .await?;
    Ok((StatusCode::CREATED, Json(Made { id: made })))
}

/// Where something is to stand.
#[derive(Deserialize, ToSchema)]
#[schema(as = NewsletterItemChange)]
struct Place {
    /// As when it was taken.
    section: String,
}

/// Puts something that was taken into another section.
#[utoipa::path(patch, path = "/api/newsletter/issues/{id}/items/{item}", tag = "newsletter",
    params(("id" = Uuid, Path), ("item" = Uuid, Path)), request_body = Place,
    responses((status = 204), (status = 401), (status = 403), (status = 404), (status = 409), (status = 422)))]
async fn rearrange(
    Given(desk): Given<Desk>,
    caller: Caller,
    Path((id, item)): Path<(Uuid, Uuid)>,
    Json(place): Json<Place>,
) -> Result<StatusCode, Problem> {
    compose(&caller)?;
    find_open(&desk, id).await?;
    let section = section(&place.section)?;
    change(&desk, &caller, id, async move |tx, _| {
        Ok(if store::move_item(tx, id, item, &section).await? { Ok(()) } else { Err(Problem::not_found()) })
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Leaves something out that was taken.
#[utoipa::path(delete, path = "/api/newsletter/issues/{id}/items/{item}", tag = "newsletter",
    params(("id" = Uuid, Path), ("item" = Uuid, Path)),
    responses((status = 204), (status = 401), (status = 403), (status = 404), (status = 409)))]
async fn leave_out(
    Given(desk): Given<Desk>,
    caller: Caller,
    Path((id, item)): Path<(Uuid, Uuid)>,
) -> Result<StatusCode, Problem> {
    compose(&caller)?;
    find_open(&desk, id).await?;
    change(&desk, &caller, id, async move |tx, _| {
        Ok(if store::drop_item(tx, id, item).await? { Ok(()) } else { Err(Problem::not_found()) })
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}
