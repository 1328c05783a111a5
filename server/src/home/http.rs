//! The route of the first page of a week.

use std::collections::BTreeMap;

use axum::extract::{FromRef, State};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::model::{WEEKS, begins, is_quiet, week};
use super::{follow, store};
use crate::access::RegionAction;
use crate::access::handling::RED;
use crate::agenda::{self, ComingEvent};
use crate::base::http::{Json, Problem};
use crate::campaigns;
use crate::channels;
use crate::context::Ctx;
use crate::deconfliction::{self, CardsAtHome};
use crate::identity::Caller;
use crate::keys;
use crate::library::{self, LibraryHome, Shelf};
use crate::newsletter;
use crate::requests::{self, RequestsAtHome};
use crate::studies::{self, DueRecommendation};
use crate::vocabulary::ALL_THEMES;

#[derive(Clone)]
struct Desk {
    ctx: Ctx,
    practices: Shelf,
}

impl FromRef<Desk> for Ctx {
    fn from_ref(desk: &Desk) -> Self {
        desk.ctx.clone()
    }
}

/// The routes of this slice.
pub fn router(ctx: Ctx, practices: Shelf) -> OpenApiRouter {
    OpenApiRouter::new().routes(routes!(home)).with_state(Desk { ctx, practices })
}

/// This week in the region, as the reader may see it.
#[derive(Serialize, ToSchema)]
struct Home {
    library: LibraryHome,
    campaigns: campaigns::Home,
    /// The events of the coming fourteen days.
    events: Vec<ComingEvent>,
    /// What the reader's organisation is to carry out.
    recommendations: Vec<DueRecommendation>,
    newsletter: newsletter::ForHome,
    /// Coordination requests that wait for the reader.
    requests: RequestsAtHome,
    /// Overlaps and comparisons that wait for the reader, for who hears of them.
    cards: CardsAtHome,
    /// For a holder of the escrow of case rooms, how many members wait for their agreement.
    escrow: usize,
    /// The Mondays of the weeks that are counted, oldest first; the last week isn't over.
    weeks: Vec<String>,
    /// How much is said about each theme where the reader may read.
    themes: Vec<ThemeActivity>,
}

/// How much is said about a theme.
#[derive(Serialize, ToSchema)]
struct ThemeActivity {
    theme: String,
    /// Messages in each of the weeks. Not statistics: they say how much people talk, not what happens.
    messages: Vec<i64>,
    /// It had much, and has had little for three weeks.
    quiet: bool,
}

/// What waits for the reader, what runs, what comes, and what people talk about.
#[utoipa::path(get, path = "/api/home", tag = "home", responses((status = 200, body = Home), (status = 401), (status = 403)))]
async fn home(State(desk): State<Desk>, caller: Caller) -> Result<Json<Home>, Problem> {
    caller.allow(RegionAction::UseDirectory)?;
    let (ctx, actor) = (&desk.ctx, &caller.actor);
    let (weeks, themes) = activity(ctx, &caller).await?;
    Ok(Json(Home {
        library: library::for_home(ctx, &desk.practices, &caller).await?,
        campaigns: campaigns::for_home(ctx, actor).await?,
        events: agenda::for_home(ctx, actor).await?,
        recommendations: studies::for_home(ctx, actor).await?,
        newsletter: newsletter::for_home(ctx, actor).await?,
        requests: requests::for_home(ctx, actor).await?,
        cards: deconfliction::for_home(ctx, &caller).await?,
        escrow: keys::escrow::waits_for(&mut ctx.db.read().await?, actor, ctx.now()).await?.unwrap_or_default(),
        weeks,
        themes,
    }))
}

async fn activity(ctx: &Ctx, caller: &Caller) -> Result<(Vec<String>, Vec<ThemeActivity>), Problem> {
    follow(&ctx.db).await?;
    let readable = channels::readable_work(ctx, &caller.actor).await?;
    let numbers: Vec<i64> = readable.iter().filter(|channel| channel.marking != RED).map(|channel| channel.number).collect();
    let count = i64::try_from(WEEKS).unwrap_or(0);
    let before = week(ctx.now()) - count;
    let channels = serde_json::to_string(&numbers).unwrap_or_default();
    let said = store::themes(&mut ctx.db.read().await?, before, &channels).await?;
    let mut of: BTreeMap<&str, Vec<i64>> = ALL_THEMES.iter().map(|theme| (theme.slug.as_str(), vec![0; WEEKS])).collect();
    for said in &said {
        let place = usize::try_from(said.week - before - 1).ok();
        if let Some(messages) = of.get_mut(said.theme.as_str()).zip(place).and_then(|(counts, at)| counts.get_mut(at)) {
            *messages = said.messages;
        }
    }
    let themes = ALL_THEMES.iter().filter_map(|theme| of.remove_entry(theme.slug.as_str()));
    let themes = themes.map(|(theme, messages)| ThemeActivity { theme: theme.into(), quiet: is_quiet(&messages), messages });
    let mondays = (before + 1..=before + count).filter_map(|week| jiff::Timestamp::from_microsecond(begins(week)).ok());
    Ok((mondays.map(|monday| monday.strftime("%F").to_string()).collect(), themes.collect()))
}
