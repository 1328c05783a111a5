//! File cards: making, reading, changing and withdrawing them.

use axum::extract::State as Given;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::super::deck::Entry;
use super::super::facets::{EXPLOITATION, ROUTE, bit};
use super::super::model::{self, CARDS_A_DAY, Checked, Visibility, Wish};
use super::super::narrow::{Facet, too_narrow};
use super::super::store::{self, CardRow, HouseRow, NewCard};
use super::super::{LED, finding, locked};
use super::{Made, Organisation, Refused, Table, as_houses, conflict, houses_of};
use crate::access::cards::{CardAction, FileCard, House, makes_cards, may_with_card};
use crate::access::{Decision, RegionAction, organisations_of};
use crate::base::clock::{DAY, SECOND, rfc3339};
use crate::base::db::{Conn, Tx};
use crate::base::http::{Cursor, Json, Page, Params, Path, Place, Problem};
use crate::context::Ctx;
use crate::directory::{self, Person};
use crate::exercises;
use crate::identity::Caller;

/// A file card as its reader may see it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Card)]
pub(super) struct Shown {
    id: Uuid,
    organisation: Organisation,
    /// All of it for who keeps it; for others what is shown.
    facts: Checked,
    /// Whether the reader keeps it: reads all of it, changes it, withdraws it.
    keeps: bool,
    /// Who has made it; for who keeps it.
    author: Option<Person>,
    exercise: Option<Uuid>,
    made_at: String,
    changed_at: String,
    /// When it is to be looked at again; for who keeps it.
    review_due: Option<String>,
    /// Whether that is past: a month later it goes.
    overdue: bool,
    revision: i64,
}

/// Which cards.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Question {
    /// Those that others show instead of one's own.
    #[param(required = false)]
    others: Option<bool>,
    /// A country of the route.
    #[param(required = false)]
    country: Option<String>,
    /// A form of exploitation.
    #[param(required = false)]
    exploitation: Option<String>,
    /// The `next` of the page before.
    #[param(required = false)]
    cursor: Option<String>,
    /// Rows at most (1 to 100; 50 when not named).
    #[param(required = false)]
    limit: Option<i64>,
}

impl Question {
    /// Whether a card is among those that are asked for, by what its reader sees of it.
    fn fits(&self, seen: &Checked) -> bool {
        let facets = seen.facets();
        let named =
            |list, code: Option<&String>, bits: u32| code.is_none_or(|code| bit(list, code).is_some_and(|bit| bits & bit != 0));
        let route = facets.origin | facets.transit | facets.destination;
        named(ROUTE, self.country.as_ref(), route) && named(EXPLOITATION, self.exploitation.as_ref(), facets.exploitation)
    }
}

/// The reader's own cards, or those that others show, the latest first.
#[utoipa::path(get, path = "/api/cards", tag = "deconfliction", params(Question),
    responses((status = 200, body = Page<Shown>), (status = 400), (status = 401), (status = 403)))]
pub(super) async fn list(
    Given(Table { ctx, deck }): Given<Table>,
    caller: Caller,
    Params(question): Params<Question>,
) -> Result<Json<Page<Shown>>, Problem> {
    caller.allow(RegionAction::UseDirectory)?;
    let cursor = Cursor { cursor: question.cursor.clone(), limit: question.limit };
    let (limit, after) = (cursor.limit()?, cursor.position::<Place<i64>>()?.map(|Place(at, id)| (at, id)));
    let entries = deck.entries(&ctx).await?;
    let mut conn = ctx.db.read().await?;
    let houses = as_houses(&houses_of(&mut conn, &caller).await?);
    let (own, others) = (organisations_of(&caller.actor), question.others == Some(true));
    let reads = |entry: &Entry| may_with_card(&caller.actor, CardAction::Read, &entry.as_card(), &houses) == Decision::Allow;
    let mut found: Vec<(i64, Uuid)> = entries
        .iter()
        .filter(|(_, entry)| own.contains(&entry.organisation) != others && reads(entry))
        .map(|(id, entry)| (entry.changed_at, *id))
        .filter(|place| after.is_none_or(|after| *place < after))
        .collect();
    found.sort_unstable_by(|one, other| other.cmp(one));
    let mut items = Vec::new();
    let wanted = usize::try_from(limit + 1).unwrap_or(0);
    for (_, id) in found {
        if items.len() == wanted {
            break;
        }
        let Some(row) = store::card(&mut conn, id).await? else { continue };
        let (Some(entry), Some(shown)) = (entries.get(&id), dressed(&ctx, &mut conn, &caller, &houses, row).await?) else {
            continue;
        };
        if question.fits(&shown.facts) && plays(&mut conn, shown.exercise, &caller).await? {
            items.push((entry.changed_at, shown));
        }
    }
    let page = Page::cut(items, limit, |(at, shown)| Place(*at, shown.id).to_string());
    Ok(Json(Page { items: page.items.into_iter().map(|(_, shown)| shown).collect(), next: page.next }))
}

/// Whether somebody may know of what belongs to this exercise, or to none.
pub(super) async fn plays(conn: &mut Conn, exercise: Option<Uuid>, caller: &Caller) -> Result<bool, Problem> {
    match exercise {
        Some(id) => Ok(exercises::takes_part(conn, id, caller.account()).await?),
        None => Ok(true),
    }
}

fn as_card<'a>(row: &CardRow, card: &'a Checked) -> FileCard<'a> {
    FileCard {
        organisation: row.organisation,
        author: row.made_by,
        sealed: card.visibility == Visibility::Sealed,
        marking: &card.marking,
        led: row.regime == LED,
    }
}

/// A card as this reader may see it; `None` if they may not know of it.
async fn dressed(ctx: &Ctx, conn: &mut Conn, caller: &Caller, houses: &[House], row: CardRow) -> Result<Option<Shown>, Problem> {
    let Some(card) = locked::open::<Checked>(ctx, row.id, &row.body) else { return Ok(None) };
    let may = |action| may_with_card(&caller.actor, action, &as_card(&row, &card), houses) == Decision::Allow;
    if !may(CardAction::Read) {
        return Ok(None);
    }
    let keeps = may(CardAction::Keep);
    let author = if keeps { directory::people_by_id(conn, ctx, &[row.made_by]).await?.pop() } else { None };
    Ok(Some(Shown {
        id: row.id,
        organisation: Organisation { id: row.organisation, name: row.organisation_name, country: row.country },
        facts: if keeps { card } else { card.seen() },
        keeps,
        author,
        exercise: row.exercise,
        made_at: rfc3339(row.made_at),
        changed_at: rfc3339(row.changed_at),
        review_due: keeps.then(|| rfc3339(row.review_due)),
        overdue: keeps && row.review_due < ctx.now(),
        revision: row.revision,
    }))
}

/// A card, for whoever may know of it.
async fn found(Table { ctx, deck }: &Table, caller: &Caller, id: Uuid) -> Result<Shown, Problem> {
    let entries = deck.entries(ctx).await?;
    let mut conn = ctx.db.read().await?;
    let houses = as_houses(&houses_of(&mut conn, caller).await?);
    // What is in memory says no: an answer takes as long where there is a card as where there is none.
    let reads = |entry: &Entry| may_with_card(&caller.actor, CardAction::Read, &entry.as_card(), &houses) == Decision::Allow;
    if !entries.get(&id).is_some_and(reads) {
        return Err(Problem::not_found());
    }
    let row = store::card(&mut conn, id).await?.ok_or_else(Problem::not_found)?;
    let shown = dressed(ctx, &mut conn, caller, &houses, row).await?.ok_or_else(Problem::not_found)?;
    if plays(&mut conn, shown.exercise, caller).await? { Ok(shown) } else { Err(Problem::not_found()) }
}

/// A card that this person keeps.
async fn kept(table: &Table, caller: &Caller, id: Uuid) -> Result<Shown, Problem> {
    let shown = found(table, caller, id).await?;
    if shown.keeps { Ok(shown) } else { Err(Problem::forbidden()) }
}

/// What is wrong with a card, by its code.
fn faulty(code: &'static str) -> Problem {
    let title = match code {
        "card_code_unknown" => "There is no such code for this facet",
        "card_form_missing" => "A card names a form of exploitation",
        "card_period_invalid" => "A period is of quarters, three years at most, and has begun",
        "card_origin_of_one" => "Of one victim the card can't say where they come from",
        "card_ages_of_whom" => "Ages are said where there are children",
        "card_words_none" => "H3 has words, and a card has none",
        "card_grading_missing" => "A card says how sure its source and its information are",
        "card_review_invalid" => "A card is looked at again within a year",
        _ => "There is no such marking for this",
    };
    Problem::unprocessable(code, title)
}

/// Refuses a card that would single out one case, with what is to be made wider or kept back.
fn refuse_narrow(card: &Checked) -> Result<(), Problem> {
    let words = |facets: &[Facet]| facets.iter().map(|facet| facet.as_str()).collect::<Vec<_>>();
    match too_narrow(&card.facets(), card.visibility == Visibility::Sealed, &card.kept_back) {
        None => Ok(()),
        Some(narrow) => Err(Problem::unprocessable("card_narrow", "This card would single out one case")
            .with("widen", words(&narrow.widen))
            .with("keep_back", words(&narrow.keep_back))),
    }
}

/// The organisation that a card is to be made for.
async fn holder(conn: &mut Conn, caller: &Caller, named: Option<Uuid>) -> Result<HouseRow, Problem> {
    let id = named.or(caller.actor.organisation).ok_or_else(|| Problem::forbidden_for("card_organisation"))?;
    let house = store::houses(conn, &[id]).await?.pop().filter(|house| makes_cards(&caller.actor, &house.as_house()));
    house.ok_or_else(|| Problem::forbidden_for("card_organisation"))
}

/// Counts one card more of an organisation's day, as long as there may be one.
async fn take(tx: &mut Tx, organisation: Uuid, now: i64) -> Result<(), Refused> {
    if store::take(tx, organisation, now / DAY).await? <= CARDS_A_DAY {
        return Ok(());
    }
    Err(Problem::too_many(u64::try_from((DAY - now % DAY) / SECOND).unwrap_or(0)).into())
}

/// Compares a card; where that fails it is done a little later.
async fn compare(table: &Table, id: Uuid) {
    if let Err(error) = finding::compare(&table.ctx, &table.deck, id).await {
        tracing::warn!(%error, "a file card could not be compared yet");
    }
}

/// Makes a card. It is compared with those of other organisations at once; what is found is told to those who answer for them.
#[utoipa::path(post, path = "/api/cards", tag = "deconfliction", request_body = Wish,
    responses((status = 201, body = Made), (status = 401), (status = 403), (status = 404), (status = 422), (status = 429)))]
pub(super) async fn make(
    Given(table): Given<Table>,
    caller: Caller,
    Json(wish): Json<Wish>,
) -> Result<(StatusCode, Json<Made>), Problem> {
    caller.allow(RegionAction::UseDirectory)?;
    let ctx = &table.ctx;
    let (id, by, at, exercise) = (ctx.id(), caller.account(), ctx.now(), wish.exercise);
    let mut conn = ctx.db.read().await?;
    let organisation = holder(&mut conn, &caller, wish.organisation).await?.id;
    if !plays(&mut conn, exercise, &caller).await? {
        return Err(Problem::not_found());
    }
    drop(conn);
    let review_due = model::review(wish.review_due.as_deref(), at).map_err(faulty)?;
    let card = wish.checked(at).map_err(faulty)?;
    refuse_narrow(&card)?;
    let body = locked::lock(ctx, id, &card)?;
    let stored: Result<(), Refused> = ctx
        .db
        .write(async move |tx| {
            take(tx, organisation, at).await?;
            Ok(store::insert(tx, &NewCard { id, organisation, by, exercise, body: &body, at, review_due }).await?)
        })
        .await;
    stored?;
    compare(&table, id).await;
    Ok((StatusCode::CREATED, Json(Made { id })))
}

/// One card.
#[utoipa::path(get, path = "/api/cards/{id}", tag = "deconfliction", params(("id" = Uuid, Path)),
    responses((status = 200, body = Shown), (status = 401), (status = 404)))]
pub(super) async fn show(Given(table): Given<Table>, caller: Caller, Path(id): Path<Uuid>) -> Result<Json<Shown>, Problem> {
    found(&table, &caller, id).await.map(Json)
}

/// A card as it should be. It stays with its organisation and its exercise.
#[derive(Deserialize, ToSchema)]
#[schema(as = CardChange)]
pub(super) struct Change {
    card: Wish,
    /// The one that was read.
    revision: i64,
}

/// Changes a card. One that says something else than before is compared again.
#[utoipa::path(put, path = "/api/cards/{id}", tag = "deconfliction", params(("id" = Uuid, Path)), request_body = Change,
    responses((status = 200, body = Shown), (status = 401), (status = 403), (status = 404), (status = 409), (status = 422),
        (status = 429)))]
pub(super) async fn change(
    Given(table): Given<Table>,
    caller: Caller,
    Path(id): Path<Uuid>,
    Json(Change { card: wish, revision }): Json<Change>,
) -> Result<Json<Shown>, Problem> {
    let ctx = &table.ctx;
    let before = kept(&table, &caller, id).await?;
    let at = ctx.now();
    let review_due = model::review(wish.review_due.as_deref(), at).map_err(faulty)?;
    let card = wish.checked(at).map_err(faulty)?;
    let other = card != before.facts;
    if other {
        refuse_narrow(&card)?;
    }
    let (body, organisation) = (locked::lock(ctx, id, &card)?, before.organisation.id);
    let done: Result<(), Refused> = ctx
        .db
        .write(async move |tx| {
            if other {
                take(tx, organisation, at).await?;
            }
            // What isn't changed isn't counted.
            let changed = store::change(tx, id, &body, (revision, other), (at, review_due)).await?;
            if changed { Ok(()) } else { Err(conflict().into()) }
        })
        .await;
    done?;
    compare(&table, id).await;
    found(&table, &caller, id).await.map(Json)
}

/// Withdraws a card: it is erased with its overlaps.
#[utoipa::path(delete, path = "/api/cards/{id}", tag = "deconfliction", params(("id" = Uuid, Path)),
    responses((status = 204), (status = 401), (status = 403), (status = 404)))]
pub(super) async fn withdraw(Given(table): Given<Table>, caller: Caller, Path(id): Path<Uuid>) -> Result<StatusCode, Problem> {
    kept(&table, &caller, id).await?;
    let inner = table.ctx.clone();
    let erased = table.ctx.db.write(async move |tx| store::erase(tx, id, inner.now()).await).await?;
    if erased { Ok(StatusCode::NO_CONTENT) } else { Err(Problem::not_found()) }
}
