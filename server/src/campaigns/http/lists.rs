//! The list, the board and the map.

use std::collections::HashMap;

use axum::extract::State as Given;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::super::codes::{COUNTRIES, bits, of_bits};
use super::super::model::State;
use super::super::store::{self, Filter, Reader};
use super::super::views::{CardView, cards};
use super::faulty;
use crate::access::RegionAction;
use crate::base::http::{Cursor, Json, Page, Params, Place, Problem};
use crate::context::Ctx;
use crate::findable::Kind;
use crate::identity::Caller;
use crate::search::Finder;
use crate::vocabulary::is_theme;

/// Campaigns of a column of the board at first.
const COLUMN: i64 = 12;

/// What lists, board, map and timeline are narrowed to.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Narrowing {
    /// Of this country.
    #[param(required = false)]
    pub(super) country: Option<String>,
    /// Of this theme.
    #[param(required = false)]
    pub(super) theme: Option<String>,
    /// The reader's own and their organisation's alone.
    #[param(required = false)]
    pub(super) mine: Option<bool>,
    /// Those that adapt this practice.
    #[param(required = false)]
    pub(super) practice: Option<Uuid>,
}

impl Narrowing {
    /// The same for storage.
    ///
    /// # Errors
    /// `tag_unknown` for a country or theme that there isn't.
    pub(super) fn filter(self) -> Result<Filter, Problem> {
        let country = self.country.filter(|code| !code.is_empty());
        let theme = self.theme.filter(|slug| !slug.is_empty());
        if theme.as_deref().is_some_and(|slug| !is_theme(slug)) {
            return Err(faulty("tag_unknown"));
        }
        let countries = bits(country.as_slice(), &COUNTRIES).map_err(faulty)?;
        Ok(Filter { countries, theme, mine: self.mine.unwrap_or_default(), practice: self.practice })
    }
}

/// Which campaigns of a list.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Which {
    /// Words: the best come first, up to `limit` of them.
    #[param(required = false)]
    q: Option<String>,
    /// Only in this state.
    #[param(required = false)]
    state: Option<State>,
    /// Of this country.
    #[param(required = false)]
    country: Option<String>,
    /// Of this theme.
    #[param(required = false)]
    theme: Option<String>,
    /// The reader's own and their organisation's alone.
    #[param(required = false)]
    mine: Option<bool>,
    /// Those that adapt this practice.
    #[param(required = false)]
    practice: Option<Uuid>,
    /// The `next` of the page before.
    #[param(required = false)]
    cursor: Option<String>,
    /// Rows at most (1 to 100; 50 when not named).
    #[param(required = false)]
    limit: Option<i64>,
}

/// Campaigns, lately changed first: those that the reader may know of.
#[utoipa::path(get, path = "/api/campaigns", tag = "campaigns", params(Which),
    responses((status = 200, body = Page<CardView>), (status = 400), (status = 401), (status = 403), (status = 422)))]
pub(super) async fn list(
    Given(ctx): Given<Ctx>,
    Given(finder): Given<Finder>,
    caller: Caller,
    Params(which): Params<Which>,
) -> Result<Json<Page<CardView>>, Problem> {
    caller.allow(RegionAction::UseDirectory)?;
    let Which { q, state, country, theme, mine, practice, cursor, limit } = which;
    let filter = Narrowing { country, theme, mine, practice }.filter()?;
    let cursor = Cursor { cursor, limit };
    let (limit, after) = (cursor.limit()?, cursor.position::<Place<i64>>()?.map(Into::into));
    let reader = Reader::of(&caller.actor);
    if let Some(words) = q.filter(|words| !words.trim().is_empty()) {
        let ids = finder.find(&ctx, caller.account(), Kind::Campaign, &words).await?;
        let mut conn = ctx.db.read().await?;
        let mut rows = store::among(&mut conn, &reader, &filter, state.map(State::as_str), &ids).await?;
        let places: HashMap<Uuid, usize> = ids.into_iter().enumerate().map(|(place, id)| (id, place)).collect();
        rows.sort_by_key(|row| places.get(&row.id).copied());
        rows.truncate(usize::try_from(limit).unwrap_or_default());
        return Ok(Json(Page::whole(cards(&mut conn, &ctx, &reader, rows).await?)));
    }
    let mut conn = ctx.db.read().await?;
    let rows = match state {
        Some(state) => store::column(&mut conn, &reader, &filter, state.as_str(), after, limit + 1).await?,
        None => store::page(&mut conn, &reader, &filter, after, limit + 1).await?,
    };
    let Page { items, next } = Page::cut(rows, limit, |row| Place(row.changed_at, row.id).to_string());
    Ok(Json(Page { items: cards(&mut conn, &ctx, &reader, items).await?, next }))
}

/// A column of the board.
#[derive(Serialize, ToSchema)]
#[schema(as = CampaignColumn)]
pub(super) struct Column {
    state: State,
    /// How many there are in this state.
    count: i64,
    /// The first of them, lately changed first.
    items: Vec<CardView>,
    /// Where the list of this state goes on.
    next: Option<String>,
}

/// The board.
#[derive(Serialize, ToSchema)]
#[schema(as = CampaignBoard)]
pub(super) struct Board {
    columns: Vec<Column>,
}

/// The board: in each state how many there are, and the first of them. All of it as the reader may know it.
#[utoipa::path(get, path = "/api/campaigns/board", tag = "campaigns", params(Narrowing),
    responses((status = 200, body = Board), (status = 401), (status = 403), (status = 422)))]
pub(super) async fn board(
    Given(ctx): Given<Ctx>,
    caller: Caller,
    Params(narrowing): Params<Narrowing>,
) -> Result<Json<Board>, Problem> {
    caller.allow(RegionAction::UseDirectory)?;
    let filter = narrowing.filter()?;
    let (reader, mut conn) = (Reader::of(&caller.actor), ctx.db.read().await?);
    let counts = store::counts(&mut conn, &reader, &filter).await?;
    let (mut firsts, mut rows) = (Vec::new(), Vec::new());
    for state in State::ALL {
        let count = counts.iter().find(|(name, _)| name == state.as_str()).map_or(0, |(_, count)| *count);
        if count == 0 {
            firsts.push((state, count, 0, None));
            continue;
        }
        let found = store::column(&mut conn, &reader, &filter, state.as_str(), None, COLUMN + 1).await?;
        let Page { items, next } = Page::cut(found, COLUMN, |row| Place(row.changed_at, row.id).to_string());
        firsts.push((state, count, items.len(), next));
        rows.extend(items);
    }
    let mut cards = cards(&mut conn, &ctx, &reader, rows).await?.into_iter();
    let columns = firsts
        .into_iter()
        .map(|(state, count, shown, next)| Column { state, count, items: cards.by_ref().take(shown).collect(), next })
        .collect();
    Ok(Json(Board { columns }))
}

/// What there is in a country.
#[derive(Serialize, ToSchema)]
#[schema(as = CampaignCountry)]
pub(super) struct InCountry {
    country: &'static str,
    /// Ideas.
    ideas: i64,
    /// Planned, approved, tried out, or stopped for a while.
    coming: i64,
    running: i64,
    /// Over, whether evaluated and put away or not.
    past: i64,
}

/// The map: how many of the campaigns that the reader may know of there are in each country.
#[derive(Serialize, ToSchema)]
#[schema(as = CampaignMap)]
pub(super) struct Map {
    countries: Vec<InCountry>,
}

/// How many campaigns there are in each country.
#[utoipa::path(get, path = "/api/campaigns/map", tag = "campaigns", params(Narrowing),
    responses((status = 200, body = Map), (status = 401), (status = 403), (status = 422)))]
pub(super) async fn map(
    Given(ctx): Given<Ctx>,
    caller: Caller,
    Params(narrowing): Params<Narrowing>,
) -> Result<Json<Map>, Problem> {
    caller.allow(RegionAction::UseDirectory)?;
    let filter = narrowing.filter()?;
    let found = store::places(&mut ctx.db.read().await?, &Reader::of(&caller.actor), &filter).await?;
    let blank = |country| InCountry { country, ideas: 0, coming: 0, running: 0, past: 0 };
    let mut countries: Vec<InCountry> = COUNTRIES.into_iter().map(blank).collect();
    for (places, state, count) in found {
        for code in of_bits(places, &COUNTRIES) {
            let Some(it) = countries.iter_mut().find(|it| it.country == code) else { continue };
            *match State::of(&state) {
                Some(State::Idea) => &mut it.ideas,
                Some(State::Running) => &mut it.running,
                Some(state) if state.is_under_way() => &mut it.coming,
                _ => &mut it.past,
            } += count;
        }
    }
    Ok(Json(Map { countries }))
}
