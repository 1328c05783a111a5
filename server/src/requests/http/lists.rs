//! What waits, what was asked, what is over; one request; and figures.

use std::collections::BTreeMap;

use axum::extract::State as Given;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::super::figures::{self, Counted, Table};
use super::super::store::{self, Which};
use super::super::views::{self, Card, Details};
use super::allowed;
use super::drafts::sends;
use crate::access::{RegionAction, RequestAction, counts_for, organisations_of};
use crate::base::clock::{SECOND, rfc3339};
use crate::base::db;
use crate::base::http::{Cursor, Json, Page, Params, Path, Place, Problem};
use crate::context::Ctx;
use crate::directory::{self, NamedOrganisation, Person};
use crate::identity::Caller;

/// Requests that aren't over and are looked at, at most: who has more has another problem.
const OPEN_MAX: i64 = 300;

/// Which list.
#[derive(Clone, Copy, Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = CoordinationBox)]
enum Drawer {
    /// What waits for the reader, and what the reader's organisation is to answer: what is due first comes first.
    #[default]
    Inbox,
    /// What the reader's organisation has asked, or is about to.
    Sent,
    /// What is over, the latest first.
    Closed,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Question {
    /// `inbox` when not named, `sent` or `closed`.
    #[param(required = false, inline)]
    #[serde(default, rename = "box")]
    drawer: Drawer,
    /// The `next` of the page before; only what is closed has pages.
    #[param(required = false)]
    cursor: Option<String>,
    /// Rows at most (1 to 100; 50 when not named).
    #[param(required = false)]
    limit: Option<i64>,
}

/// The requests that concern the reader.
#[utoipa::path(get, path = "/api/requests", tag = "requests", params(Question),
    responses((status = 200, body = Page<Card>), (status = 400), (status = 401), (status = 403)))]
pub(super) async fn list(
    Given(ctx): Given<Ctx>,
    caller: Caller,
    Params(question): Params<Question>,
) -> Result<Json<Page<Card>>, Problem> {
    caller.allow(RegionAction::UseDirectory)?;
    let cursor = Cursor { cursor: question.cursor, limit: question.limit };
    let limit = cursor.limit()?;
    let after = cursor.position::<Place<i64>>()?.map(Into::into);
    let (actor, mut conn) = (&caller.actor, ctx.db.read().await?);
    if let Drawer::Closed = question.drawer {
        let rows = store::listed(&mut conn, actor.account, Which::Closed(after), limit + 1).await?;
        let page = Page::cut(rows, limit, |row| Place(row.closed_at.unwrap_or_default(), row.id).to_string());
        let items = views::cards(&ctx, &mut conn, actor, page.items).await?;
        return Ok(Json(Page { items, next: page.next }));
    }
    let rows = store::listed(&mut conn, actor.account, Which::Open, OPEN_MAX).await?;
    let cards = views::cards(&ctx, &mut conn, actor, rows).await?.into_iter();
    let items = match question.drawer {
        Drawer::Sent => cards.filter(Card::goes_out).collect(),
        _ => cards.filter(Card::comes_in).collect(),
    };
    Ok(Json(Page::whole(items)))
}

/// An organisation of the reader's at which something waits for too long.
#[derive(Serialize, ToSchema)]
#[schema(as = CoordinationOverdue)]
struct Overdue {
    organisation: NamedOrganisation,
    /// Who answers for it: they know what it is.
    focal_points: Vec<Person>,
}

/// What the reader can begin here, and what they should know of.
#[derive(Serialize, ToSchema)]
#[schema(as = CoordinationDesk)]
pub(super) struct DeskView {
    /// The organisations for which the reader can ask.
    organisations: Vec<NamedOrganisation>,
    /// Those whose requests the reader doesn't see, and where one has waited for too long.
    overdue: Vec<Overdue>,
    /// How many requests wait for the reader.
    waiting: usize,
}

/// What the reader can begin here, and whether something waits.
#[utoipa::path(get, path = "/api/requests/desk", tag = "requests", responses((status = 200, body = DeskView), (status = 401), (status = 403)))]
pub(super) async fn desk(Given(ctx): Given<Ctx>, caller: Caller) -> Result<Json<DeskView>, Problem> {
    caller.allow(RegionAction::UseDirectory)?;
    let (actor, mut conn) = (&caller.actor, ctx.db.read().await?);
    let houses = directory::organisations_named(&mut conn, &organisations_of(actor)).await?;
    let mut overdue = Vec::new();
    for organisation in &houses {
        let focal = store::focal_points(&mut conn, organisation.id).await?;
        if focal.contains(&actor.account) || store::overdue_at(&mut conn, organisation.id).await? == 0 {
            continue;
        }
        let focal_points = directory::people_by_id(&mut conn, &ctx, &focal).await?;
        overdue.push(Overdue { organisation: organisation.clone(), focal_points });
    }
    let rows = store::listed(&mut conn, actor.account, Which::Open, OPEN_MAX).await?;
    let waiting = views::cards(&ctx, &mut conn, actor, rows).await?.iter().filter(|card| card.waits()).count();
    Ok(Json(DeskView { organisations: houses.into_iter().filter(sends).collect(), overdue, waiting }))
}

/// One request. That it was read, and by whom, is kept for both sides once it was sent.
#[utoipa::path(get, path = "/api/requests/{id}", tag = "requests", params(("id" = Uuid, Path)),
    responses((status = 200, body = Details), (status = 401), (status = 404)))]
pub(super) async fn show(Given(ctx): Given<Ctx>, caller: Caller, Path(id): Path<Uuid>) -> Result<Json<Details>, Problem> {
    let row = allowed(&ctx, &caller, RequestAction::Read, id).await?;
    let reader = caller.account();
    let known = store::readers(&mut ctx.db.read().await?, id).await?;
    if row.state().is_sent() && row.author != reader && known.iter().all(|known| known.account != reader) {
        let at = ctx.now();
        let noted: db::Result<()> = ctx.db.write(async move |tx| store::note_reader(tx, id, reader, at).await).await;
        noted?;
    }
    Ok(Json(views::details(&ctx, &mut ctx.db.read().await?, &caller.actor, row).await?))
}

/// How often something came.
#[derive(Serialize, ToSchema)]
#[schema(as = CoordinationCount)]
struct Count {
    /// A word of the slice.
    word: String,
    /// Null: fewer than five, or hidden so that others can't be worked out.
    count: Option<usize>,
}

/// How often one country has asked another one.
#[derive(Serialize, ToSchema)]
#[schema(as = CoordinationPair)]
struct Pair {
    /// Null: an organisation of the whole region.
    from: Option<String>,
    to: Option<String>,
    count: Option<usize>,
}

/// How long answers took.
#[derive(Serialize, ToSchema)]
#[schema(as = CoordinationMedian)]
struct Median {
    kind: String,
    /// In the middle, without the time for which the clock stood still (seconds); of at least five answers.
    seconds: i64,
}

/// Figures of the finished months of a year.
#[derive(Serialize, ToSchema)]
#[schema(as = CoordinationFigures)]
pub(super) struct Figures {
    /// The first of the months, and the one that isn't counted any more.
    from: String,
    until: String,
    /// Null: fewer than five.
    total: Option<usize>,
    kinds: Vec<Count>,
    outcomes: Vec<Count>,
    pairs: Vec<Pair>,
    medians: Vec<Median>,
    /// Of all answers.
    median: Option<i64>,
}

/// How many requests there were, and how fast they were answered. Not statistics of crime; never of exercises; no cell below five;
/// who isn't law enforcement sees nothing of what passes between law enforcement.
#[utoipa::path(get, path = "/api/requests/statistics", tag = "requests",
    responses((status = 200, body = Figures), (status = 401), (status = 403)))]
pub(super) async fn statistics(Given(ctx): Given<Ctx>, caller: Caller) -> Result<Json<Figures>, Problem> {
    caller.allow(RegionAction::UseDirectory)?;
    let mut conn = ctx.db.read().await?;
    let led = match caller.actor.organisation {
        Some(organisation) => store::is_led(&mut conn, organisation).await?,
        None => false,
    };
    let span = figures::months(ctx.now());
    let mut counted = store::figures(&mut conn, span).await?;
    counted.retain(|one| counts_for(led, one.asker_regime == "led", one.asked_regime == "led"));
    Ok(Json(tables(span, &counted)))
}

fn tables(span: (i64, i64), counted: &[Counted]) -> Figures {
    let day = |at| rfc3339(at).chars().take(10).collect::<String>();
    let kinds = figures::table(counted.iter().map(|one| one.kind.clone()));
    let outcomes = figures::table(counted.iter().map(|one| one.outcome.clone().unwrap_or_else(|| "open".into())));
    let code = |code: &Option<String>| code.clone().unwrap_or_default();
    let pairs = figures::table(counted.iter().map(|one| format!("{} {}", code(&one.asking), code(&one.asked))));
    let mut times: BTreeMap<&str, Vec<i64>> = BTreeMap::new();
    for one in counted {
        if let Some(at) = one.answered_at {
            times.entry(&one.kind).or_default().push((at - one.sent_at - one.stood) / SECOND);
        }
    }
    let all = times.values().flatten().copied().collect();
    let medians =
        times.into_iter().filter_map(|(kind, times)| Some(Median { kind: kind.into(), seconds: figures::median(times)? }));
    Figures {
        from: day(span.0),
        until: day(span.1),
        total: figures::total(counted.len()),
        kinds: counts(kinds),
        outcomes: counts(outcomes),
        pairs: pairs.into_iter().map(pair).collect(),
        medians: medians.collect(),
        median: figures::median(all),
    }
}

fn counts(table: Table) -> Vec<Count> {
    table.into_iter().map(|(word, count)| Count { word, count }).collect()
}

fn pair((word, count): (String, Option<usize>)) -> Pair {
    let (from, to) = word.split_once(' ').unwrap_or_default();
    let named = |code: &str| Some(code.to_owned()).filter(|code| !code.is_empty());
    Pair { from: named(from), to: named(to), count }
}
