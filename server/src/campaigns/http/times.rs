//! The timeline of the region, and who else speaks to the same people.

use axum::extract::State as Given;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::super::codes::{AGES, COUNTRIES, SETTINGS, bits, of_bits};
use super::super::dates::{self, day, day_of, fixed_days, monday, written};
use super::super::model::days;
use super::super::store::{self, Bar, Filter, Reader};
use super::super::views::{CardView, cards};
use super::faulty;
use super::lists::Narrowing;
use crate::access::RegionAction;
use crate::base::http::{Json, Page, Params, Problem};
use crate::context::Ctx;
use crate::identity::Caller;

/// Weeks shown when none are named, and before this one.
const WEEKS: i64 = 26;
const BEFORE: i64 = 4;
/// Weeks at most.
const WEEKS_SHOWN_MAX: i64 = 53;
/// Lines of a country at most: what has no place on one of them is counted.
const LINES: usize = 4;
/// Clashes told at once.
const CLASHES: i64 = 10;

/// Which weeks.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Span {
    /// A day of the first week, `YYYY-MM-DD`; four weeks ago when not named.
    #[param(required = false)]
    from: Option<String>,
    /// How many weeks (1 to 53; 26 when not named).
    #[param(required = false)]
    weeks: Option<i64>,
    /// Of this country.
    #[param(required = false)]
    country: Option<String>,
    /// Of this theme.
    #[param(required = false)]
    theme: Option<String>,
    /// The reader's own and their organisation's alone.
    #[param(required = false)]
    mine: Option<bool>,
}

/// A day that campaigns of the field are made for.
#[derive(Serialize, ToSchema)]
#[schema(as = CampaignDay)]
pub(super) struct FixedDay {
    /// `YYYY-MM-DD`.
    date: String,
    /// `missing_children`, `trafficking`, `eu_trafficking` or `child_rights`.
    name: &'static str,
    /// Its place among the weeks, from 0.
    week: i64,
}

/// A campaign on the line of a country.
#[derive(Serialize, ToSchema)]
#[schema(as = CampaignBar)]
pub(super) struct BarView {
    campaign: Uuid,
    /// The first of the weeks shown that it is in, from 0, and the last.
    first: i64,
    last: i64,
    /// On which line, from 0.
    line: usize,
}

/// A country on the timeline.
#[derive(Serialize, ToSchema)]
#[schema(as = CampaignLane)]
pub(super) struct Lane {
    country: &'static str,
    /// How many campaigns there are in each week.
    loads: Vec<i64>,
    bars: Vec<BarView>,
    /// How many have no place on its lines.
    more: i64,
}

/// Weeks and countries.
#[derive(Serialize, ToSchema)]
#[schema(as = CampaignTimeline)]
pub(super) struct Timeline {
    /// The Monday of the first week.
    from: String,
    weeks: i64,
    /// The place of this week, when it is among them.
    this_week: Option<i64>,
    days: Vec<FixedDay>,
    countries: Vec<Lane>,
    /// Those that have a bar.
    campaigns: Vec<CardView>,
}

/// The timeline of the region: which campaigns meet their audience when and where, as far as the reader may know of them.
#[utoipa::path(get, path = "/api/campaigns/timeline", tag = "campaigns", params(Span),
    responses((status = 200, body = Timeline), (status = 400), (status = 401), (status = 403), (status = 422)))]
pub(super) async fn timeline(
    Given(ctx): Given<Ctx>,
    caller: Caller,
    Params(span): Params<Span>,
) -> Result<Json<Timeline>, Problem> {
    caller.allow(RegionAction::UseDirectory)?;
    let Span { from, weeks, country, theme, mine } = span;
    let weeks = weeks.unwrap_or(WEEKS);
    if !(1..=WEEKS_SHOWN_MAX).contains(&weeks) {
        return Err(Problem::bad_request(format!("weeks must be between 1 and {WEEKS_SHOWN_MAX}")));
    }
    let today = dates::week(day_of(ctx.now()));
    let first = match from {
        None => today - BEFORE,
        Some(from) => dates::week(day(&from).ok_or_else(|| Problem::bad_request("from is a day as YYYY-MM-DD"))?),
    };
    let filter = Narrowing { country, theme, mine, practice: None }.filter()?;
    let (reader, mut conn) = (Reader::of(&caller.actor), ctx.db.read().await?);
    let bars = store::bars(&mut conn, &reader, &filter, (first, first + weeks - 1)).await?;
    let shown = |code: &&'static str| filter.countries == 0 || of_bits(filter.countries, &COUNTRIES).contains(code);
    let countries: Vec<Lane> = COUNTRIES.into_iter().filter(shown).map(|code| lane(code, &bars, first, weeks)).collect();
    let mut ids: Vec<Uuid> = countries.iter().flat_map(|lane| &lane.bars).map(|bar| bar.campaign).collect();
    ids.sort_unstable();
    ids.dedup();
    let rows = store::among(&mut conn, &reader, &Filter::default(), None, &ids).await?;
    let days = fixed_days(monday(first), monday(first + weeks) - 1).into_iter().map(|(day, name)| FixedDay {
        date: written(day),
        name,
        week: dates::week(day) - first,
    });
    Ok(Json(Timeline {
        from: written(monday(first)),
        weeks,
        this_week: Some(today - first).filter(|week| (0..weeks).contains(week)),
        days: days.collect(),
        countries,
        campaigns: cards(&mut conn, &ctx, &reader, rows).await?,
    }))
}

/// The lines of a country: each campaign takes the first one that is free in its weeks.
fn lane(country: &'static str, all: &[Bar], first: i64, weeks: i64) -> Lane {
    let bit = bits(&[country], &COUNTRIES).unwrap_or_default();
    let mut loads = vec![0; usize::try_from(weeks).unwrap_or_default()];
    let mut taken: Vec<i64> = Vec::new();
    let (mut bars, mut more) = (Vec::new(), 0);
    for bar in all.iter().filter(|bar| bar.countries & bit != 0) {
        let (start, end) = ((bar.first_week - first).max(0), (bar.last_week - first).min(weeks - 1));
        for load in
            loads.iter_mut().take(usize::try_from(end + 1).unwrap_or_default()).skip(usize::try_from(start).unwrap_or_default())
        {
            *load += 1;
        }
        let free = taken.iter().position(|until| *until < start);
        let line = free.or_else(|| (taken.len() < LINES).then_some(taken.len()));
        match line {
            Some(line) => {
                if line == taken.len() {
                    taken.push(end);
                } else {
                    taken[line] = end;
                }
                bars.push(BarView { campaign: bar.id, first: start, last: end, line });
            }
            None => more += 1,
        }
    }
    Lane { country, loads, bars, more }
}

/// A plan that isn't made yet.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Planned {
    /// Country codes between commas.
    countries: String,
    /// Age bands between commas.
    ages: String,
    /// Where the audience is met, between commas.
    #[param(required = false)]
    settings: Option<String>,
    /// The first day, `YYYY-MM-DD`.
    start: String,
    /// The last day, `YYYY-MM-DD`.
    end: String,
    /// The campaign that is planned, if it is one already.
    #[param(required = false)]
    campaign: Option<Uuid>,
}

/// Which campaigns that the reader may know of speak to the same people in the same weeks: the first ten.
#[utoipa::path(get, path = "/api/campaigns/clashes", tag = "campaigns", params(Planned),
    responses((status = 200, body = Page<CardView>), (status = 400), (status = 401), (status = 403), (status = 422)))]
pub(super) async fn clashes(
    Given(ctx): Given<Ctx>,
    caller: Caller,
    Params(planned): Params<Planned>,
) -> Result<Json<Page<CardView>>, Problem> {
    caller.allow(RegionAction::UseDirectory)?;
    let codes = |text: &str, list: &[&str]| {
        let named: Vec<&str> = text.split(',').map(str::trim).filter(|code| !code.is_empty()).collect();
        bits(&named, list).map_err(faulty)
    };
    let Some((first, last)) = days(&planned.start, &planned.end).map_err(faulty)? else {
        return Err(faulty("campaign_weeks_invalid"));
    };
    let bar = Bar {
        id: planned.campaign.unwrap_or_default(),
        first_week: dates::week(first),
        last_week: dates::week(last),
        countries: codes(&planned.countries, &COUNTRIES)?,
        ages: codes(&planned.ages, &AGES)?,
        settings: codes(planned.settings.as_deref().unwrap_or_default(), &SETTINGS)?,
    };
    let (reader, mut conn) = (Reader::of(&caller.actor), ctx.db.read().await?);
    let rows = store::clashing_with(&mut conn, &reader, bar, CLASHES).await?;
    Ok(Json(Page::whole(cards(&mut conn, &ctx, &reader, rows).await?)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bar(id: u128, countries: i64, first_week: i64, last_week: i64) -> Bar {
        Bar { id: Uuid::from_u128(id), first_week, last_week, countries, ages: 1, settings: 0 }
    }

    #[test]
    fn a_campaign_takes_the_first_line_that_is_free_in_its_weeks() {
        let all = [bar(1, 1, 8, 11), bar(2, 3, 10, 12), bar(3, 2, 10, 10), bar(4, 1, 12, 40)];
        let albania = lane("AL", &all, 10, 6);
        assert_eq!(albania.loads, [2, 2, 2, 1, 1, 1]);
        let places: Vec<_> = albania.bars.iter().map(|bar| (bar.first, bar.last, bar.line)).collect();
        assert_eq!(places, [(0, 1, 0), (0, 2, 1), (2, 5, 0)]);
        assert_eq!(albania.more, 0);
    }

    #[test]
    fn what_has_no_place_is_counted() {
        let all: Vec<Bar> = (0..7).map(|n| bar(n, 1, 10, 12)).collect();
        let albania = lane("AL", &all, 10, 4);
        assert_eq!((albania.bars.len(), albania.more), (LINES, 3));
        assert_eq!(albania.loads, [7, 7, 7, 0]);
        assert!(lane("GR", &all, 10, 4).bars.is_empty());
    }
}
