//! Cards that may be about the same, told to those who answer for the two organisations: whom to ask, and nothing of what the other card
//! says.

use axum::extract::State as Given;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::super::locked;
use super::super::model::Checked;
use super::super::notice;
use super::super::store::{self, OverlapRow};
use super::Organisation;
use super::cards::plays;
use crate::access::cards::hears_of_overlaps;
use crate::access::{RegionAction, organisations_of};
use crate::base::clock::rfc3339;
use crate::base::db::Conn;
use crate::base::http::{Json, Page, Path, Problem};
use crate::context::Ctx;
use crate::directory::{self, Person};
use crate::identity::Caller;

/// Overlaps of an organisation that are looked through.
const LISTED: i64 = 200;

/// What one side makes of an overlap. The other doesn't learn it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = OverlapState)]
enum State {
    /// Nothing yet.
    New,
    /// They were asked.
    Asked,
    /// It is nothing, or nothing to be followed: it isn't told again.
    Dismissed,
}

impl State {
    fn as_str(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Asked => "asked",
            Self::Dismissed => "dismissed",
        }
    }

    fn of(stored: &str) -> Self {
        [Self::Asked, Self::Dismissed].into_iter().find(|state| state.as_str() == stored).unwrap_or(Self::New)
    }
}

/// The reader's side of an overlap.
#[derive(Clone, Copy)]
struct Side {
    of_one: bool,
}

impl Side {
    /// Card, organisation and maker of it.
    fn own(self, row: &OverlapRow) -> (Uuid, Uuid, Uuid) {
        if self.of_one {
            (row.one, row.one_organisation, row.one_author)
        } else {
            (row.other, row.other_organisation, row.other_author)
        }
    }

    fn turned(self) -> Self {
        Self { of_one: !self.of_one }
    }

    fn state(self, row: &OverlapRow) -> State {
        State::of(if self.of_one { &row.one_state } else { &row.other_state })
    }
}

/// Two cards that may be about the same, as one side sees it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Overlap)]
pub(super) struct Shown {
    id: Uuid,
    found_at: String,
    state: State,
    /// The reader's own card, and what it says.
    card: Uuid,
    facts: Checked,
    /// Whose the other card is: all that is said of it.
    organisation: Organisation,
    /// Who answers for them there.
    people: Vec<Person>,
    exercise: Option<Uuid>,
}

/// The side on which this person hears of an overlap, if any.
async fn side(conn: &mut Conn, caller: &Caller, row: &OverlapRow) -> Result<Option<Side>, Problem> {
    if !plays(conn, row.exercise, caller).await? {
        return Ok(None);
    }
    for side in [Side { of_one: true }, Side { of_one: false }] {
        let (_, organisation, author) = side.own(row);
        if !organisations_of(&caller.actor).contains(&organisation) {
            continue;
        }
        let answered = !notice::focal_points(conn, organisation, row.exercise).await?.is_empty();
        if hears_of_overlaps(&caller.actor, organisation, author, answered) {
            return Ok(Some(side));
        }
    }
    Ok(None)
}

/// The overlaps that this person hears of, each with their side of it.
async fn heard(conn: &mut Conn, caller: &Caller) -> Result<Vec<(OverlapRow, Side)>, Problem> {
    let (mut found, actor): (Vec<(OverlapRow, Side)>, _) = (Vec::new(), &caller.actor);
    for organisation in organisations_of(actor) {
        // What is real is read for who hears of it: an answer takes as long where there is some as where there is none. Of an exercise
        // others hear, too, where no focal point takes part.
        let answered = !directory::focal_points_of(conn, &[organisation]).await?.is_empty();
        let invented = !hears_of_overlaps(actor, organisation, actor.account, answered);
        for row in store::overlaps(conn, organisation, invented, LISTED).await? {
            let Some(side) = side(conn, caller, &row).await? else { continue };
            if found.iter().all(|(known, _)| known.id != row.id) {
                found.push((row, side));
            }
        }
    }
    Ok(found)
}

/// Whether this person hears of an overlap of which their side has made nothing yet. What the other side makes of it changes nothing:
/// it isn't told.
pub(super) async fn waits(conn: &mut Conn, caller: &Caller) -> Result<bool, Problem> {
    Ok(heard(conn, caller).await?.iter().any(|(row, side)| side.state(row) == State::New))
}

async fn dressed(ctx: &Ctx, conn: &mut Conn, row: &OverlapRow, side: Side) -> Result<Option<Shown>, Problem> {
    let (card, ..) = side.own(row);
    let (_, theirs, their_author) = side.turned().own(row);
    let (Some(own), Some(house)) = (store::card(conn, card).await?, store::houses(conn, &[theirs]).await?.pop()) else {
        return Ok(None);
    };
    let Some(facts) = locked::open(ctx, card, &own.body) else { return Ok(None) };
    let people = notice::people(conn, theirs, their_author, row.exercise).await?;
    Ok(Some(Shown {
        id: row.id,
        found_at: rfc3339(row.found_at),
        state: side.state(row),
        card,
        facts,
        organisation: house.into(),
        people: directory::people_by_id(conn, ctx, &people).await?,
        exercise: row.exercise,
    }))
}

/// The overlaps that the reader hears of, the latest first.
#[utoipa::path(get, path = "/api/overlaps", tag = "deconfliction",
    responses((status = 200, body = Page<Shown>), (status = 401), (status = 403)))]
pub(super) async fn list(Given(ctx): Given<Ctx>, caller: Caller) -> Result<Json<Page<Shown>>, Problem> {
    caller.allow(RegionAction::UseDirectory)?;
    let mut conn = ctx.db.read().await?;
    let mut items: Vec<Shown> = Vec::new();
    for (row, side) in heard(&mut conn, &caller).await? {
        items.extend(dressed(&ctx, &mut conn, &row, side).await?);
    }
    items.sort_by(|one, other| other.found_at.cmp(&one.found_at).then(other.id.cmp(&one.id)));
    Ok(Json(Page::whole(items)))
}

/// What one side makes of an overlap.
#[derive(Deserialize, ToSchema)]
#[schema(as = OverlapChange)]
pub(super) struct Change {
    state: State,
}

/// Says what the reader's side makes of an overlap. One that is dismissed isn't told again.
#[utoipa::path(put, path = "/api/overlaps/{id}", tag = "deconfliction", params(("id" = Uuid, Path)), request_body = Change,
    responses((status = 204), (status = 401), (status = 404)))]
pub(super) async fn settle(
    Given(ctx): Given<Ctx>,
    caller: Caller,
    Path(id): Path<Uuid>,
    Json(Change { state }): Json<Change>,
) -> Result<StatusCode, Problem> {
    let mut conn = ctx.db.read().await?;
    let row = store::overlap(&mut conn, id).await?.ok_or_else(Problem::not_found)?;
    let side = side(&mut conn, &caller, &row).await?.ok_or_else(Problem::not_found)?;
    drop(conn);
    ctx.db.write(async move |tx| store::set_state(tx, id, side.of_one, state.as_str()).await).await?;
    Ok(StatusCode::NO_CONTENT)
}
