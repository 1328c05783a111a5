//! Comparing values that nobody shows: asking, answering, opening. The server relays blinded points.

use axum::extract::State as Given;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::super::comparing::{A_MONTH, ASKED, Grounds, MONTH, OWN, State, WAITS_FOR};
use super::super::notice::{self, About};
use super::super::store::{self, NewSession, SessionRow};
use super::super::{locked, points};
use super::{Made, Organisation, Refused, conflict, houses_of};
use crate::access::RegionAction;
use crate::access::cards::{can_match, matches_values};
use crate::audit::{self, Act};
use crate::base::clock::{SECOND, rfc3339};
use crate::base::db::{Conn, Tx};
use crate::base::guard;
use crate::base::http::{Json, Page, Path, Problem};
use crate::context::Ctx;
use crate::directory::{self, Person};
use crate::identity::Caller;

/// The points that are for the reader: what is to be blinded again, or to be opened.
#[derive(Debug, Default, Serialize, ToSchema)]
#[schema(as = MatchingPoints)]
struct Points {
    /// For who answers: those of who asks, blinded once.
    asked: Option<String>,
    /// For who asked: the same, blinded by the other side as well, in another order.
    doubled: Option<String>,
    /// For who asked: those of the other side, blinded once.
    own: Option<String>,
}

/// A comparison, as one of its two sides sees it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Matching)]
pub(super) struct Shown {
    id: Uuid,
    state: State,
    /// Whether the reader's organisation asked; else it is asked.
    asks: bool,
    /// Whether the reader asked: it can only be opened in the tab in which they did.
    mine: bool,
    asking: Organisation,
    answering: Organisation,
    asker: Option<Person>,
    answerer: Option<Person>,
    grounds: Grounds,
    /// How many values who asks compares.
    count: i64,
    /// How many are in both: 0, 1, or 2 for two and more.
    band: Option<i64>,
    asked_at: String,
    answered_at: Option<String>,
    ended_at: Option<String>,
    /// When it ends by itself.
    waits_until: String,
    points: Points,
}

/// The organisations that this person may compare values for.
async fn comparing(conn: &mut Conn, caller: &Caller) -> Result<Vec<Uuid>, Problem> {
    let houses = houses_of(conn, caller).await?;
    Ok(houses.iter().filter(|house| matches_values(&caller.actor, &house.as_house())).map(|house| house.id).collect())
}

/// As which side somebody takes part who may compare values for these: `true` for the one that asks.
fn side(own: &[Uuid], row: &SessionRow) -> Option<bool> {
    [(row.asking, true), (row.answering, false)].into_iter().find(|(house, _)| own.contains(house)).map(|(_, asks)| asks)
}

/// The comparisons that this person takes part in, each with whether their side asks.
async fn taking_part(conn: &mut Conn, caller: &Caller) -> Result<Vec<(SessionRow, bool)>, Problem> {
    let (own, mut found): (_, Vec<(SessionRow, bool)>) = (comparing(conn, caller).await?, Vec::new());
    for organisation in &own {
        for row in store::sessions(conn, *organisation).await? {
            let Some(asks) = side(&own, &row) else { continue };
            if found.iter().all(|(known, _)| known.id != row.id) {
                found.push((row, asks));
            }
        }
    }
    Ok(found)
}

/// Whether a comparison waits for this person to approve it.
pub(super) async fn waits(conn: &mut Conn, caller: &Caller) -> Result<bool, Problem> {
    Ok(taking_part(conn, caller).await?.iter().any(|(row, asks)| !asks && row.state == State::Asked.as_str()))
}

async fn dressed(ctx: &Ctx, conn: &mut Conn, caller: &Caller, row: SessionRow, asks: bool) -> Result<Shown, Problem> {
    let houses = store::houses(conn, &[row.asking, row.answering]).await?;
    let named = |id| houses.iter().find(|house| house.id == id).cloned().map(Organisation::from).ok_or_else(Problem::not_found);
    let ids: Vec<Uuid> = std::iter::once(row.asker).chain(row.answerer).collect();
    let people = directory::people_by_id(conn, ctx, &ids).await?;
    let person = |id| people.iter().find(|person| person.id == id).cloned();
    Ok(Shown {
        id: row.id,
        state: State::of(&row.state),
        asks,
        mine: row.asker == caller.account(),
        asking: named(row.asking)?,
        answering: named(row.answering)?,
        asker: person(row.asker),
        answerer: row.answerer.and_then(person),
        grounds: locked::open(ctx, row.id, &row.grounds).ok_or_else(Problem::not_found)?,
        count: row.count_asked,
        band: row.band,
        asked_at: rfc3339(row.asked_at),
        answered_at: row.answered_at.map(rfc3339),
        ended_at: row.ended_at.map(rfc3339),
        waits_until: rfc3339(row.asked_at + WAITS_FOR),
        points: Points::default(),
    })
}

/// A comparison that this person takes part in, and on which side.
async fn taken_part(conn: &mut Conn, caller: &Caller, id: Uuid) -> Result<(SessionRow, bool), Problem> {
    // Before the row: an answer takes as long where there is one as where there is none.
    let own = comparing(conn, caller).await?;
    let row = store::session(conn, id).await?.ok_or_else(Problem::not_found)?;
    let asks = side(&own, &row).ok_or_else(Problem::not_found)?;
    Ok((row, asks))
}

/// The comparisons of the reader's organisations, the latest first.
#[utoipa::path(get, path = "/api/matching", tag = "deconfliction",
    responses((status = 200, body = Page<Shown>), (status = 401), (status = 403)))]
pub(super) async fn list(Given(ctx): Given<Ctx>, caller: Caller) -> Result<Json<Page<Shown>>, Problem> {
    caller.allow(RegionAction::UseDirectory)?;
    let mut conn = ctx.db.read().await?;
    let mut items: Vec<Shown> = Vec::new();
    for (row, asks) in taking_part(&mut conn, &caller).await? {
        items.push(dressed(&ctx, &mut conn, &caller, row, asks).await?);
    }
    items.sort_by(|one, other| other.asked_at.cmp(&one.asked_at).then(other.id.cmp(&one.id)));
    Ok(Json(Page::whole(items)))
}

/// What is wrong with a comparison, by its code.
fn faulty(code: &'static str) -> Problem {
    let title = match code {
        "matching_file_number" => "A comparison names the number of a file",
        "matching_basis" => "A comparison names its legal basis",
        "matching_points_count" => "Too few or too many values",
        "matching_points_twice" => "A value is there twice",
        "matching_points_bare" => "A value was handed in as it came",
        _ => "These are no points of the group",
    };
    Problem::unprocessable(code, title)
}

/// Asks another organisation to compare values.
#[derive(Deserialize, ToSchema)]
#[schema(as = NewMatching)]
pub(super) struct Wish {
    /// The organisation that asks: one that the asker answers for.
    asking: Uuid,
    answering: Uuid,
    #[serde(flatten)]
    grounds: Grounds,
    /// Five to twenty points of ristretto255, blinded, 32 bytes each, one after the other, in base64url without padding.
    points: String,
}

/// Asks another organisation to compare values without either showing them. Five times a month for two organisations.
#[utoipa::path(post, path = "/api/matching", tag = "deconfliction", request_body = Wish,
    responses((status = 201, body = Made), (status = 401), (status = 403), (status = 404), (status = 422), (status = 429)))]
pub(super) async fn ask(
    Given(ctx): Given<Ctx>,
    caller: Caller,
    Json(wish): Json<Wish>,
) -> Result<(StatusCode, Json<Made>), Problem> {
    caller.allow(RegionAction::UseDirectory)?;
    let mut conn = ctx.db.read().await?;
    let house = store::houses(&mut conn, &[wish.asking]).await?.pop();
    let own = house.filter(|house| matches_values(&caller.actor, &house.as_house())).ok_or_else(Problem::not_found)?;
    let partners = store::matching_houses(&mut conn).await?;
    drop(conn);
    let other =
        partners.into_iter().find(|house| house.id == wish.answering && house.id != own.id && can_match(&house.as_house()));
    let unable = || Problem::unprocessable("matching_partner", "This organisation can't be asked to compare values");
    let (asking, answering) = (own.id, other.ok_or_else(unable)?.id);
    let grounds = wish.grounds.checked().map_err(faulty)?;
    guard::refuse(&grounds.file_number, ctx.now())?;
    let blinded = points::read(&wish.points, &ASKED).map_err(faulty)?;
    let count = i64::try_from(blinded.len() / 32).unwrap_or(0);
    let (id, by, at, inner) = (ctx.id(), caller.account(), ctx.now(), ctx.clone());
    let locked = locked::lock(&ctx, id, &grounds)?;
    let stored: Result<(), Refused> = ctx
        .db
        .write(async move |tx| {
            if store::recent(tx, asking, answering, at - MONTH).await? >= A_MONTH {
                return Err(Problem::too_many(u64::try_from(MONTH / SECOND).unwrap_or(0)).into());
            }
            let new = NewSession { id, asker: by, asking, answering, grounds: &locked, count, points: &blinded, at };
            store::begin(tx, &new).await?;
            let detail = format!("asking={asking} answering={answering} basis={} values={count}", grounds.basis);
            audit::record(tx, act(id, by, "matching.ask", at, detail)).await?;
            tell(tx, &inner, About::Asked, (id, by), answering).await?;
            Ok(())
        })
        .await;
    stored?;
    Ok((StatusCode::CREATED, Json(Made { id })))
}

fn act(id: Uuid, by: Uuid, what: &'static str, at: i64, detail: String) -> Act<'static> {
    Act { at, actor: Some(by), what, target: format!("matching:{id}"), detail }
}

/// Tells the people of one side, but not who has done it.
async fn tell(
    tx: &mut Tx,
    ctx: &Ctx,
    about: About,
    (id, but): (Uuid, Uuid),
    organisation: Uuid,
) -> Result<(), crate::base::db::Error> {
    let people = directory::focal_points_of(tx, &[organisation]).await?;
    notice::tell(tx, ctx, about, id, people.into_iter().filter(|person| *person != but));
    Ok(())
}

/// One comparison, with the points that are for the reader.
#[utoipa::path(get, path = "/api/matching/{id}", tag = "deconfliction", params(("id" = Uuid, Path)),
    responses((status = 200, body = Shown), (status = 401), (status = 404)))]
pub(super) async fn show(Given(ctx): Given<Ctx>, caller: Caller, Path(id): Path<Uuid>) -> Result<Json<Shown>, Problem> {
    let mut conn = ctx.db.read().await?;
    let (row, asks) = taken_part(&mut conn, &caller, id).await?;
    let (asked, doubled, own) = store::points(&mut conn, id).await?.unwrap_or_default();
    let mut shown = dressed(&ctx, &mut conn, &caller, row, asks).await?;
    let write = |points: Option<Vec<u8>>| points.map(|points| points::write(&points));
    shown.points = match (shown.state, asks) {
        (State::Asked, false) => Points { asked: write(asked), ..Points::default() },
        (State::Answered, true) if shown.mine => Points { asked: None, doubled: write(doubled), own: write(own) },
        _ => Points::default(),
    };
    Ok(Json(shown))
}

/// What the other side sends back.
#[derive(Deserialize, ToSchema)]
#[schema(as = MatchingAnswer)]
pub(super) struct Answer {
    /// As many points as were asked, each blinded again, in another order.
    doubled: String,
    /// One to 5,000 points of the answerer's own values, blinded.
    own: String,
}

/// Answers a comparison, after somebody has approved it.
#[utoipa::path(put, path = "/api/matching/{id}/answer", tag = "deconfliction", params(("id" = Uuid, Path)), request_body = Answer,
    responses((status = 204), (status = 401), (status = 403), (status = 404), (status = 409), (status = 422)))]
pub(super) async fn answer(
    Given(ctx): Given<Ctx>,
    caller: Caller,
    Path(id): Path<Uuid>,
    Json(answer): Json<Answer>,
) -> Result<StatusCode, Problem> {
    let mut conn = ctx.db.read().await?;
    let (row, asks) = taken_part(&mut conn, &caller, id).await?;
    let stored = store::points(&mut conn, id).await?.unwrap_or_default();
    drop(conn);
    if asks {
        return Err(Problem::forbidden());
    }
    let asked = stored.0.filter(|_| row.state == State::Asked.as_str()).ok_or_else(conflict)?;
    let as_many = asked.len() / 32..=asked.len() / 32;
    let (doubled, own) =
        (points::read(&answer.doubled, &as_many).map_err(faulty)?, points::read(&answer.own, &OWN).map_err(faulty)?);
    if !points::are_apart(&[&asked, &doubled]) || !points::are_apart(&[&asked, &own]) {
        return Err(faulty("matching_points_bare"));
    }
    let (by, at, inner, asking) = (caller.account(), ctx.now(), ctx.clone(), row.asking);
    let done = ctx
        .db
        .write(async move |tx| {
            if !store::answer(tx, id, by, (&doubled, &own), at).await? {
                return Ok(false);
            }
            audit::record(tx, act(id, by, "matching.answer", at, format!("values={}", own.len() / 32))).await?;
            tell(tx, &inner, About::Matching, (id, by), asking).await?;
            Ok::<_, crate::base::db::Error>(true)
        })
        .await?;
    if done { Ok(StatusCode::NO_CONTENT) } else { Err(conflict()) }
}

/// What the browser of who asked has found.
#[derive(Deserialize, ToSchema)]
#[schema(as = MatchingResult)]
pub(super) struct Found {
    /// How many values are in both: 0, 1, or 2 for two and more.
    #[schema(minimum = 0, maximum = 2)]
    band: i64,
}

/// Ends a comparison with what was found. All points of it are erased.
#[utoipa::path(put, path = "/api/matching/{id}/result", tag = "deconfliction", params(("id" = Uuid, Path)), request_body = Found,
    responses((status = 204), (status = 401), (status = 403), (status = 404), (status = 409), (status = 422)))]
pub(super) async fn finish(
    Given(ctx): Given<Ctx>,
    caller: Caller,
    Path(id): Path<Uuid>,
    Json(Found { band }): Json<Found>,
) -> Result<StatusCode, Problem> {
    let (row, asks) = taken_part(&mut ctx.db.read().await?, &caller, id).await?;
    if !asks || row.asker != caller.account() {
        return Err(Problem::forbidden());
    }
    if !(0..=2).contains(&band) {
        return Err(Problem::unprocessable("matching_band", "A result is 0, 1 or 2"));
    }
    if row.state != State::Answered.as_str() {
        return Err(conflict());
    }
    end(&ctx, &caller, row, State::Done, Some(band)).await
}

/// Stops a comparison. All points of it are erased.
#[utoipa::path(delete, path = "/api/matching/{id}", tag = "deconfliction", params(("id" = Uuid, Path)),
    responses((status = 204), (status = 401), (status = 404), (status = 409)))]
pub(super) async fn stop(Given(ctx): Given<Ctx>, caller: Caller, Path(id): Path<Uuid>) -> Result<StatusCode, Problem> {
    let (row, _) = taken_part(&mut ctx.db.read().await?, &caller, id).await?;
    end(&ctx, &caller, row, State::Stopped, None).await
}

async fn end(ctx: &Ctx, caller: &Caller, row: SessionRow, state: State, band: Option<i64>) -> Result<StatusCode, Problem> {
    let (by, inner, id) = (caller.account(), ctx.clone(), row.id);
    let what = if state == State::Done { "matching.end" } else { "matching.stop" };
    let done = ctx
        .db
        .write(async move |tx| {
            let at = inner.now();
            if !store::end(tx, id, state.as_str(), band, at).await? {
                return Ok(false);
            }
            audit::record(tx, act(id, by, what, at, String::new())).await?;
            for organisation in [row.asking, row.answering] {
                tell(tx, &inner, About::Matching, (id, by), organisation).await?;
            }
            Ok::<_, crate::base::db::Error>(true)
        })
        .await?;
    if done { Ok(StatusCode::NO_CONTENT) } else { Err(conflict()) }
}
