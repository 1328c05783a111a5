//! What lies around a practice: where it came from and where it travelled, what is like it, its versions.

use std::collections::HashMap;

use axum::extract::State as Given;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::super::finder::{self, Entry};
use super::super::model::Content;
use super::super::store;
use super::super::views::Item;
use super::{Desk, content_of, find};
use crate::access::ItemAction;
use crate::base::clock::rfc3339;
use crate::base::http::{Json, Page, Path, Problem};
use crate::directory::{self, Person};
use crate::identity::Caller;

/// Practices named beside another one at most.
const RELATED: usize = 5;
/// Practices of a family at most.
const FAMILY: usize = 60;

/// A practice that is like another one, and in what.
#[derive(Serialize, ToSchema)]
#[schema(as = RelatedPractice)]
pub(super) struct Related {
    practice: Item,
    /// Shared themes.
    themes: Vec<&'static str>,
    /// Shared countries.
    countries: Vec<&'static str>,
    /// Whether both belong to the same stage.
    stage: bool,
}

/// One of those that go back to the same practice.
#[derive(Serialize, ToSchema)]
#[schema(as = PracticeRelative)]
pub(super) struct Relative {
    practice: Item,
    /// What it adapts, among these.
    parent: Option<Uuid>,
}

/// What lies around a practice.
#[derive(Serialize, ToSchema)]
#[schema(as = PracticeSurroundings)]
pub(super) struct Surroundings {
    /// Where it came from and where it travelled, itself among them, the first first: what the reader may see of it.
    family: Vec<Relative>,
    /// The countries that it has come to, by these and by those who have used them.
    countries: Vec<String>,
    related: Vec<Related>,
}

/// What lies around a practice, as far as the reader may know of it.
#[utoipa::path(get, path = "/api/practices/{id}/surroundings", tag = "library", params(("id" = Uuid, Path)),
    responses((status = 200, body = Surroundings), (status = 401), (status = 404)))]
pub(super) async fn around(
    Given(desk): Given<Desk>,
    caller: Caller,
    Path(id): Path<Uuid>,
) -> Result<Json<Surroundings>, Problem> {
    let located = desk.locate(&caller, ItemAction::Read, id).await?;
    let (entries, now) = (desk.shelf.entries(&desk.ctx).await?, desk.ctx.now());
    let all: Vec<&Entry> = entries.values().map(AsRef::as_ref).collect();
    let shown = |entry: &&Entry| entry.may(&caller.actor, ItemAction::Read) && (entry.state_at(now).stands() || entry.id == id);
    let family: Vec<&Entry> = finder::family(&located.entry, &all).into_iter().filter(shown).take(FAMILY).collect();
    let related = finder::related(&located.entry, all.iter().copied(), &caller.actor, now, RELATED);
    let mut conn = desk.ctx.db.read().await?;
    let wanted: Vec<&Entry> = family.iter().copied().chain(related.iter().map(|(entry, _)| *entry)).collect();
    let mut items: HashMap<Uuid, Item> =
        find::items(&mut conn, &desk.ctx, &wanted).await?.into_iter().map(|item| (item.id, item)).collect();
    let mut countries: Vec<String> = family.iter().flat_map(|entry| entry.countries.iter().map(ToString::to_string)).collect();
    for entry in &family {
        if entry.used > 0 {
            countries.extend(store::uses(&mut conn, entry.id).await?.into_iter().map(|used| used.country));
        }
    }
    countries.sort_unstable();
    countries.dedup();
    let known: Vec<Uuid> = family.iter().map(|entry| entry.id).collect();
    let relative = |entry: &&Entry| {
        Some(Relative { practice: items.get(&entry.id)?.clone(), parent: entry.parent.filter(|parent| known.contains(parent)) })
    };
    let family = family.iter().filter_map(relative).collect();
    let related = related.into_iter().filter_map(|(entry, likeness)| {
        Some(Related {
            practice: items.remove(&entry.id)?,
            themes: likeness.themes,
            countries: likeness.countries,
            stage: likeness.stage,
        })
    });
    Ok(Json(Surroundings { family, countries, related: related.collect() }))
}

/// A version without what it says.
#[derive(Serialize, ToSchema)]
#[schema(as = PracticeVersionEntry)]
pub(super) struct Entered {
    n: i64,
    person: Option<Person>,
    /// RFC 3339.
    at: String,
    /// What was changed, and why.
    note: Option<String>,
}

/// The versions of a practice, the latest first.
#[utoipa::path(get, path = "/api/practices/{id}/versions", tag = "library", params(("id" = Uuid, Path)),
    responses((status = 200, body = Page<Entered>), (status = 401), (status = 404)))]
pub(super) async fn versions(
    Given(desk): Given<Desk>,
    caller: Caller,
    Path(id): Path<Uuid>,
) -> Result<Json<Page<Entered>>, Problem> {
    desk.locate(&caller, ItemAction::Read, id).await?;
    let mut conn = desk.ctx.db.read().await?;
    let rows = store::versions(&mut conn, id).await?;
    let mut people: Vec<Uuid> = rows.iter().map(|row| row.by_account).collect();
    people.sort_unstable();
    people.dedup();
    let people = directory::people_by_id(&mut conn, &desk.ctx, &people).await?;
    let entered = |row: store::VersionRow| Entered {
        n: row.n,
        person: people.iter().find(|person| person.id == row.by_account).cloned(),
        at: rfc3339(row.at),
        note: row.note,
    };
    Ok(Json(Page::whole(rows.into_iter().map(entered).collect())))
}

/// A version, as it was read.
#[derive(Serialize, ToSchema)]
#[schema(as = PracticeVersion)]
pub(super) struct Version {
    n: i64,
    /// RFC 3339.
    at: String,
    note: Option<String>,
    content: Content,
}

/// A version of a practice.
#[utoipa::path(get, path = "/api/practices/{id}/versions/{n}", tag = "library",
    params(("id" = Uuid, Path), ("n" = i64, Path)),
    responses((status = 200, body = Version), (status = 401), (status = 404)))]
pub(super) async fn version(
    Given(desk): Given<Desk>,
    caller: Caller,
    Path((id, n)): Path<(Uuid, i64)>,
) -> Result<Json<Version>, Problem> {
    desk.locate(&caller, ItemAction::Read, id).await?;
    let row = store::version(&mut desk.ctx.db.read().await?, id, n).await?.ok_or_else(Problem::not_found)?;
    Ok(Json(Version { n: row.n, at: rfc3339(row.at), note: row.note, content: content_of(&row.content)? }))
}
