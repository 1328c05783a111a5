//! The list of practices, narrowed down by choices and words.

use std::collections::HashMap;

use axum::extract::State as Given;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::super::finder::{self, Choice, Entry, Place, Sort, View, Wish, bit};
use super::super::store;
use super::super::views::Item;
use super::Desk;
use crate::access::RegionAction;
use crate::base::db::{self, On};
use crate::base::http::{Cursor, Json, Params, Problem};
use crate::context::Ctx;
use crate::directory::{self, Person};
use crate::findable::Kind;
use crate::identity::Caller;

/// What is sought. Of a choice several codes may stand, with commas between them: one of them must fit.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Question {
    /// Words as in the search: found in all their forms, in either alphabet, and in other languages by the glossary.
    #[param(required = false)]
    pub(super) q: Option<String>,
    /// `library` (when not named), `mine`, `to_review` or `to_tend`.
    #[param(required = false)]
    view: Option<String>,
    /// `newest` first (when not named), by `level`, or the `best` by the words (when there are any).
    #[param(required = false)]
    sort: Option<String>,
    /// Codes of countries.
    #[param(required = false)]
    country: Option<String>,
    /// Slugs of themes.
    #[param(required = false)]
    theme: Option<String>,
    /// Stages of prevention, protection or prosecution.
    #[param(required = false)]
    stage: Option<String>,
    /// Pillars of a national referral mechanism.
    #[param(required = false)]
    pillar: Option<String>,
    /// Age bands.
    #[param(required = false)]
    age: Option<String>,
    /// Settings.
    #[param(required = false)]
    setting: Option<String>,
    /// Languages it is written in.
    #[param(required = false)]
    language: Option<String>,
    /// Levels of evidence, 0 to 5.
    #[param(required = false)]
    level: Option<String>,
    /// `published`, `review_due`, `archived` or `withdrawn`; the first two when not named.
    #[param(required = false)]
    state: Option<String>,
    /// The `next` of the page before.
    #[param(required = false)]
    cursor: Option<String>,
    /// Rows at most (1 to 100; 50 when not named).
    #[param(required = false)]
    limit: Option<i64>,
}

impl Question {
    fn of(&self, choice: Choice) -> Option<&str> {
        let named = match choice {
            Choice::Country => &self.country,
            Choice::Theme => &self.theme,
            Choice::Stage => &self.stage,
            Choice::Pillar => &self.pillar,
            Choice::Age => &self.age,
            Choice::Setting => &self.setting,
            Choice::Language => &self.language,
            Choice::Level => &self.level,
            Choice::State => &self.state,
        };
        named.as_deref().filter(|codes| !codes.is_empty())
    }

    /// What is wanted, with what the words have found.
    pub(super) async fn wish(&self, desk: &Desk, caller: &Caller) -> Result<Wish, Problem> {
        let unknown = || Problem::unprocessable("tag_unknown", "There is no such choice");
        let mut chosen = [0; 9];
        for (choice, bits) in Choice::ALL.into_iter().zip(&mut chosen) {
            for code in self.of(choice).into_iter().flat_map(|codes| codes.split(',')) {
                *bits |= bit(choice, code).ok_or_else(unknown)?;
            }
        }
        let words = self.q.as_deref().map(str::trim).filter(|words| !words.is_empty());
        let found = match words {
            Some(words) => Some(desk.finder.find(&desk.ctx, caller.account(), Kind::Practice, words).await?),
            None => None,
        };
        let view = match self.view.as_deref() {
            None | Some("" | "library") => View::Library,
            Some("mine") => View::Mine,
            Some("to_review") => View::ToReview,
            Some("to_tend") => View::ToTend,
            Some(_) => return Err(Problem::bad_request("view is library, mine, to_review or to_tend")),
        };
        let sort = match self.sort.as_deref() {
            None | Some("") if found.is_some() => Sort::Best,
            None | Some("" | "newest") => Sort::Newest,
            Some("level") => Sort::Level,
            Some("best") => Sort::Best,
            Some(_) => return Err(Problem::bad_request("sort is newest, level or best")),
        };
        Ok(Wish { view, sort, chosen, found })
    }
}

/// How many fit with another choice.
#[derive(Serialize, ToSchema)]
#[schema(as = PracticeCount)]
pub(super) struct Count {
    /// The choice, by its code.
    value: &'static str,
    count: usize,
}

/// How many would be found, for every other code of one choice while the others stay as they are.
#[derive(Serialize, ToSchema)]
#[schema(as = PracticeFacets)]
pub(super) struct Facets {
    country: Vec<Count>,
    theme: Vec<Count>,
    stage: Vec<Count>,
    pillar: Vec<Count>,
    age: Vec<Count>,
    setting: Vec<Count>,
    language: Vec<Count>,
    level: Vec<Count>,
    state: Vec<Count>,
}

/// A page of practices.
#[derive(Serialize, ToSchema)]
pub(super) struct Practices {
    items: Vec<Item>,
    next: Option<String>,
    total: usize,
    facets: Facets,
}

/// The practices that fit, as far as the reader may know of them.
#[utoipa::path(get, path = "/api/practices", tag = "library", params(Question),
    responses((status = 200, body = Practices), (status = 400), (status = 401), (status = 403), (status = 422)))]
pub(super) async fn list(
    Given(desk): Given<Desk>,
    caller: Caller,
    Params(question): Params<Question>,
) -> Result<Json<Practices>, Problem> {
    caller.allow(RegionAction::UseDirectory)?;
    let cursor = Cursor { cursor: question.cursor.clone(), limit: question.limit };
    let (limit, after) = (cursor.limit()?, position(cursor.cursor.as_deref())?);
    let wish = question.wish(&desk, &caller).await?;
    let (entries, now) = (desk.shelf.entries(&desk.ctx).await?, desk.ctx.now());
    let found = finder::find(entries.values().map(AsRef::as_ref), &caller.actor, &wish, now);
    let count = usize::try_from(limit).unwrap_or(0);
    let mut page: Vec<(Place, &Entry)> = found.first(after, count + 1);
    let more = page.len() > count;
    page.truncate(count);
    let next = page.last().filter(|_| more).map(|((first, at, id), _)| format!("{first}_{at}_{id}"));
    let shown: Vec<&Entry> = page.iter().map(|(_, entry)| *entry).collect();
    let items = items(&mut desk.ctx.db.read().await?, &desk.ctx, &shown).await?;
    let of = |choice| found.counts(choice).map(|(value, count)| Count { value, count }).collect();
    let facets = Facets {
        country: of(Choice::Country),
        theme: of(Choice::Theme),
        stage: of(Choice::Stage),
        pillar: of(Choice::Pillar),
        age: of(Choice::Age),
        setting: of(Choice::Setting),
        language: of(Choice::Language),
        level: of(Choice::Level),
        state: of(Choice::State),
    };
    Ok(Json(Practices { items, next, total: found.total(), facets }))
}

fn position(cursor: Option<&str>) -> Result<Option<Place>, Problem> {
    let Some(cursor) = cursor else { return Ok(None) };
    let mut parts = cursor.splitn(3, '_');
    let mut part = || parts.next();
    let parsed = (|| Some((part()?.parse().ok()?, part()?.parse().ok()?, part()?.parse::<Uuid>().ok()?)))();
    parsed.map(Some).ok_or_else(|| Problem::bad_request("cursor is not one of ours"))
}

/// These practices as lists show them, in this order, as they are stored now.
pub(in crate::library) async fn items(conn: &mut impl On, ctx: &Ctx, entries: &[&Entry]) -> db::Result<Vec<Item>> {
    let ids: Vec<Uuid> = entries.iter().map(|entry| entry.id).collect();
    let mut authors: Vec<Uuid> = entries.iter().map(|entry| entry.author).collect();
    authors.sort_unstable();
    authors.dedup();
    let mut rows: HashMap<Uuid, _> = store::listed(conn, &ids).await?.into_iter().map(|row| (row.id, row)).collect();
    let people: HashMap<Uuid, Person> =
        directory::people_by_id(conn, ctx, &authors).await?.into_iter().map(|person| (person.id, person)).collect();
    let item = |entry: &&Entry| Some(Item::new(rows.remove(&entry.id)?, entry, people.get(&entry.author).cloned(), ctx.now()));
    Ok(entries.iter().filter_map(item).collect())
}
