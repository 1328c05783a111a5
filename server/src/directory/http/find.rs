//! Who can help with this, there: people, organisations and focal points together.

use std::collections::HashMap;
use std::sync::Arc;

use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::super::finder::{self, Class, Counts, Entry, Found, Mark, Place};
use super::super::model::{Addresses, Organisation, Profile};
use super::super::{meaning, shelf, store, views};
use super::people::sought;
use super::{Desk, faulty};
use crate::access::RegionAction;
use crate::base::db;
use crate::base::http::{Cursor, Json, Params, Problem};
use crate::context::Ctx;
use crate::identity::{self, Caller};
use crate::vocabulary::{ALL_LANGUAGES, ALL_THEMES, ALL_TOPICS};

/// In the place of a country: who serves the whole region.
const REGION: &str = "region";

/// What is sought. Everything named must fit; empty is not named.
#[derive(Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Question {
    /// A country's code: those of the country, then those who serve the whole region. `region`: those alone.
    #[param(required = false)]
    country: Option<String>,
    /// A service's code or a theme's slug.
    #[param(required = false)]
    topic: Option<String>,
    /// A theme's slug, beside a topic.
    #[param(required = false)]
    theme: Option<String>,
    /// Code of the vocabulary: a person's function, an organisation's kind.
    #[param(required = false)]
    function: Option<String>,
    /// A language's code.
    #[param(required = false)]
    language: Option<String>,
    /// Beginnings of words: of the name or the organisation's, or of the name of a service, theme, function, country or
    /// language, in English, French or the country's own. All must fit; names come first.
    #[param(required = false)]
    q: Option<String>,
    /// The `next` of the page before.
    #[param(required = false)]
    cursor: Option<String>,
    /// Rows at most (1 to 100; 50 when not named).
    #[param(required = false)]
    limit: Option<i64>,
}

impl Question {
    /// The wish behind it; `None` if it asks for a word that is in no name.
    fn wish(&self, reader: &str) -> Result<Option<finder::Wish>, Problem> {
        let named = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
        let known = |code: Option<String>, place: fn(&str) -> Option<usize>| {
            code.map(|code| place(&code).ok_or_else(|| faulty("tag_unknown"))).transpose()
        };
        let place = match named(&self.country).as_deref() {
            None => None,
            Some(REGION) => Some(Place::Region),
            Some(code) => Some(Place::Country(shelf::country(code).ok_or_else(|| faulty("tag_unknown"))?)),
        };
        let function =
            named(&self.function).map(|code| shelf::function(&code).ok_or_else(|| faulty("tag_unknown"))).transpose()?;
        let theme = |slug: &str| shelf::topic(slug).filter(|at| *at < ALL_THEMES.len());
        let Some(part) = sought(self.q.as_deref().unwrap_or_default()) else { return Ok(None) };
        Ok(Some(finder::Wish {
            place,
            function,
            topic: known(named(&self.topic), shelf::topic)?,
            theme: known(named(&self.theme), theme)?,
            language: known(named(&self.language), shelf::language)?,
            words: meaning::meant(&part),
            reader: shelf::language(reader),
        }))
    }
}

/// Somebody or an organisation that fits.
#[derive(Serialize, ToSchema)]
#[schema(as = DirectoryItem)]
pub(super) struct Item {
    /// `focal_point`, `organisation` or `person`.
    kind: &'static str,
    /// For a focal point and a person.
    person: Option<Profile>,
    /// For an organisation.
    organisation: Option<Organisation>,
}

/// How many fit with another choice.
#[derive(Serialize, ToSchema)]
#[schema(as = DirectoryCount)]
pub(super) struct Count {
    /// The choice, by its code. Those who serve the whole region are `region`.
    value: String,
    count: usize,
}

/// How many would be found, for every other choice of one filter while the others stay as they are.
#[derive(Serialize, ToSchema)]
#[schema(as = DirectoryFacets)]
pub(super) struct Facets {
    countries: Vec<Count>,
    functions: Vec<Count>,
    topics: Vec<Count>,
    themes: Vec<Count>,
    languages: Vec<Count>,
}

/// A page of those who fit, best first.
#[derive(Serialize, ToSchema)]
pub(super) struct Directory {
    items: Vec<Item>,
    /// Where the next page starts; null at the end.
    next: Option<String>,
    /// How many fit in all.
    total: usize,
    /// With the first page only.
    facets: Option<Facets>,
}

/// Who can help with something somewhere. Focal points come first, then organisations, then people; within these, those of
/// the country, those whose entry was confirmed lately, those who work in the reader's language.
#[utoipa::path(get, path = "/api/directory", tag = "directory", params(Question),
    responses((status = 200, body = Directory), (status = 400), (status = 401), (status = 403), (status = 422)))]
pub(super) async fn find(
    State(desk): State<Desk>,
    caller: Caller,
    Params(question): Params<Question>,
) -> Result<Json<Directory>, Problem> {
    caller.allow(RegionAction::UseDirectory)?;
    let cursor = Cursor { cursor: question.cursor.clone(), limit: question.limit };
    let (limit, mark) = (cursor.limit()?, cursor.position::<Mark>()?);
    let ctx = &desk.ctx;
    let reader = identity::account(&mut ctx.db.read().await?, caller.account()).await?.ok_or_else(Problem::not_signed_in)?;
    let Some(wish) = question.wish(&reader.language)? else {
        return Ok(Json(Directory { items: Vec::new(), next: None, total: 0, facets: None }));
    };
    let entries = desk.shelf.entries(ctx).await?;
    let limit = usize::try_from(limit).unwrap_or_default();
    let Found { hits, next, total, counts } = finder::find(&entries, &wish, ctx.now(), mark.as_ref(), limit);
    let facets = mark.is_none().then(|| facets(&counts));
    let items = dress(ctx, hits.iter().map(AsRef::as_ref)).await?;
    Ok(Json(Directory { items, next: next.map(|mark| mark.to_string()), total, facets }))
}

/// The addresses that organisations have published. Asked for once by a page that is about to warn of one: what somebody
/// writes isn't sent for it.
#[utoipa::path(get, path = "/api/directory/addresses", tag = "directory",
    responses((status = 200, body = Addresses), (status = 401), (status = 403)))]
pub(super) async fn addresses(State(desk): State<Desk>, caller: Caller) -> Result<Json<Arc<Addresses>>, Problem> {
    caller.allow(RegionAction::UseDirectory)?;
    Ok(Json(desk.shelf.addresses(&desk.ctx).await?))
}

/// The entries as they are stored now, in the same order.
async fn dress<'a>(ctx: &Ctx, hits: impl Iterator<Item = &'a Entry> + Clone) -> db::Result<Vec<Item>> {
    let ids = |organisations: bool| -> Vec<Uuid> {
        hits.clone().filter(|entry| (entry.class == Class::Organisation) == organisations).map(|entry| entry.id).collect()
    };
    let mut conn = ctx.db.read().await?;
    let people = store::people_by_id(&mut conn, &ids(false)).await?;
    let mut people = views::profiles(&mut conn, ctx, people).await?;
    let organisations = store::organisations_by_id(&mut conn, &ids(true)).await?;
    let organisations = views::organisations(&mut conn, ctx, organisations).await?;
    let mut organisations: HashMap<Uuid, Organisation> = organisations.into_iter().map(|each| (each.id, each)).collect();
    let items = hits.filter_map(|entry| {
        let (person, organisation) = (people.remove(&entry.id), organisations.remove(&entry.id));
        let kind = match entry.class {
            Class::FocalPoint => "focal_point",
            Class::Organisation => "organisation",
            Class::Person => "person",
        };
        (person.is_some() || organisation.is_some()).then_some(Item { kind, person, organisation })
    });
    Ok(items.collect())
}

fn facets(counts: &Counts) -> Facets {
    let listed = |codes: &mut dyn Iterator<Item = &'static str>, counts: &[usize]| {
        let counted = codes.zip(counts).filter(|(_, count)| **count > 0);
        counted.map(|(code, count)| Count { value: code.into(), count: *count }).collect()
    };
    let region = counts.countries.get(&None).copied().unwrap_or_default();
    let countries = counts.countries.iter().map(|(country, count)| match country {
        None => Count { value: REGION.into(), count: region },
        Some(code) => Count { value: (*code).into(), count: count + region },
    });
    Facets {
        countries: countries.collect(),
        functions: counts.functions.iter().map(|(code, count)| Count { value: (*code).into(), count: *count }).collect(),
        topics: listed(&mut ALL_TOPICS.iter().copied(), &counts.topics),
        themes: listed(&mut ALL_THEMES.iter().map(|theme| theme.slug.as_str()), &counts.themes),
        languages: listed(&mut ALL_LANGUAGES.iter().map(|language| language.code.as_str()), &counts.languages),
    }
}
