//! The board of one's own rooms, and opening a further one.

use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::super::acts::{self, Opening};
use super::super::inside::Refused;
use super::super::model::{Content, Sheet, TERMS};
use super::super::store::{self, Who, members, proposals};
use super::super::words::{Kind, Risk};
use super::super::{days, model, sealing};
use super::shown::{Brief, Card};
use super::{faulty, marking, vetted};
use crate::access::{Decision, may_open_case};
use crate::base::db::{Conn, On};
use crate::base::http::{Json, Problem};
use crate::base::{db, secret};
use crate::context::Ctx;
use crate::directory;
use crate::exercises;
use crate::identity::Caller;
use crate::keys::{self, Unlock, Unlocked};
use crate::vocabulary;

/// How strictly a room is marked when nothing is said: for the organisations of its members, need to know (TLP 2.0).
const MARKING: &str = "amber+strict";
/// The least strict marking that a room can have.
const LEAST: &str = "amber";
/// References that are drawn for a new room at once: one of them is free.
const DRAWN: usize = 8;

/// All that somebody who is invited knows of a room.
#[derive(Serialize, ToSchema)]
#[schema(as = CaseInvitation)]
struct Invitation {
    case: Uuid,
    reference: String,
    invited_by: Who,
    mandate: String,
    ground: String,
    /// The last day of the mandate.
    expires_at: Option<String>,
    /// Whether it is fictitious.
    exercise: bool,
}

/// One's own rooms.
#[derive(Serialize, ToSchema)]
#[schema(as = CaseBoard)]
pub(super) struct Board {
    /// What is to be reviewed first comes first, what is closed last.
    items: Vec<Card>,
    invitations: Vec<Invitation>,
    /// The terms that a member accepts.
    terms: &'static str,
    /// Whether the reader may open a room.
    may_open: bool,
    /// Whether the reader's keys are open, so that cards show what sheets say.
    unlocked: bool,
}

/// The rooms that one belongs to, and the invitations that wait. Nobody sees another one here.
#[utoipa::path(get, path = "/api/cases", tag = "cases", responses((status = 200, body = Board), (status = 401)))]
pub(super) async fn list(State(ctx): State<Ctx>, caller: Caller, unlock: Unlock) -> Result<Json<Board>, Problem> {
    let unlocked = unlock.of(&ctx, &caller).await.ok();
    let mut conn = ctx.db.read().await?;
    let confirmed = caller.actor.is_confirmed();
    let house = caller.actor.organisation;
    let mut items = Vec::new();
    for room in store::rooms_of(&mut conn, caller.account()).await? {
        let part = members::part(&mut conn, room.id, caller.account()).await?;
        let mine = part.and_then(|part| part.part).is_some_and(|(_, of)| Some(of) == house);
        if !confirmed || !mine {
            continue;
        }
        let brief = brief(&mut conn, unlocked.as_ref(), room.id).await?;
        let waiting = proposals::count(&mut conn, room.id).await?;
        items.push(Card::new(&ctx, &room, house, waiting, brief));
    }
    let invitations = if confirmed { invitations(&mut conn, &caller).await? } else { Vec::new() };
    let may_open = may_open_case(&caller.actor, opens_rooms(&mut conn, house).await?) == Decision::Allow;
    Ok(Json(Board { items, invitations, terms: TERMS, may_open, unlocked: unlocked.is_some() }))
}

/// What a room's sheet says, for who holds its key and has it open.
async fn brief(conn: &mut Conn, unlocked: Option<&Unlocked>, room: Uuid) -> db::Result<Option<Brief>> {
    let Some(unlocked) = unlocked else { return Ok(None) };
    let Some(ring) = keys::open(conn, unlocked, room).await? else { return Ok(None) };
    let asked = store::entries::Asked { kinds: vec![Kind::Sheet], limit: 1, ..store::entries::Asked::default() };
    let entry = store::entries::page(conn, room, &asked).await?.pop();
    let content = entry.and_then(|entry| sealing::open(&ring, room, &entry)).map(|stored| stored.content);
    Ok(match content {
        Some(Content::Sheet { sheet }) => Some(Brief::from(*sheet)),
        _ => None,
    })
}

async fn invitations(conn: &mut Conn, caller: &Caller) -> db::Result<Vec<Invitation>> {
    let mut rows = members::invited(conn, caller.account()).await?;
    rows.retain(|row| Some(row.organisation) == caller.actor.organisation);
    let people = store::people(conn, rows.iter().map(|row| row.invited_by)).await?;
    let show = |row: members::Invited| Invitation {
        case: row.room,
        reference: row.reference,
        invited_by: people.who(row.invited_by),
        mandate: row.mandate,
        ground: row.ground,
        expires_at: row.expires_at.map(days::last_day),
        exercise: row.exercise.is_some(),
    };
    Ok(rows.into_iter().map(show).collect())
}

/// Whether an organisation is of a kind that opens rooms.
async fn opens_rooms(conn: &mut impl On, house: Option<Uuid>) -> db::Result<bool> {
    let houses = directory::organisations_named(conn, house.as_slice()).await?;
    Ok(houses.iter().any(|house| vocabulary::kind(&house.kind).is_some_and(|kind| kind.opens_rooms)))
}

/// A room to be opened.
#[derive(Deserialize, ToSchema)]
#[schema(as = NewCase)]
pub(super) struct Wish {
    sheet: Sheet,
    risk: Risk,
    /// A day within 90 days, within 14 where the risk is high.
    next_review: String,
    /// `amber`, `amber+strict` or `red`; `amber+strict` when not named.
    #[serde(default)]
    marking: Option<String>,
    /// The exercise that it is made up for.
    #[serde(default)]
    exercise: Option<Uuid>,
    /// Whether a long text isn't the child's file.
    #[serde(default)]
    confirmed: bool,
}

/// What was opened.
#[derive(Serialize, ToSchema)]
#[schema(as = CaseOpened)]
pub(super) struct Opened {
    id: Uuid,
    reference: String,
}

/// Opens a room for where one works, with oneself as its first member.
#[utoipa::path(post, path = "/api/cases", tag = "cases", request_body = Wish,
    responses((status = 201, body = Opened), (status = 401), (status = 403), (status = 409), (status = 422), (status = 423)))]
pub(super) async fn open(
    State(ctx): State<Ctx>,
    caller: Caller,
    unlock: Unlock,
    Json(wish): Json<Wish>,
) -> Result<(StatusCode, Json<Opened>), Problem> {
    let house = caller.actor.organisation;
    let opens = opens_rooms(&mut ctx.db.read().await?, house).await?;
    let lead = match (may_open_case(&caller.actor, opens), house) {
        (Decision::Allow, Some(house)) => house,
        (Decision::Forbid(code), _) => return Err(Problem::forbidden_for(code)),
        _ => return Err(Problem::forbidden()),
    };
    unlock.of(&ctx, &caller).await?;
    let marking = marking(wish.marking)?.unwrap_or_else(|| MARKING.into());
    if crate::access::handling::strictness(&marking) < crate::access::handling::strictness(LEAST) {
        return Err(Problem::unprocessable("marking_unknown", "There is no such marking for this"));
    }
    let sheet = wish.sheet.checked().map_err(faulty)?;
    let content = Content::Sheet { sheet: Box::new(sheet.clone()) };
    vetted(&ctx, &content, wish.confirmed)?;
    let next_review = super::room::review(&ctx, &wish.next_review, None, wish.risk)?;
    if let Some(exercise) = wish.exercise {
        takes_part(&mut ctx.db.read().await?, exercise, caller.account()).await?;
    }
    let references: Vec<String> = (0..DRAWN).map(|_| model::reference(secret::random())).collect();
    let opening = Opening {
        id: ctx.id(),
        lead,
        by: caller.account(),
        at: ctx.now(),
        sheet,
        risk: wish.risk,
        next_review,
        marking,
        exercise: wish.exercise,
    };
    let (inner, id) = (ctx.clone(), opening.id);
    let opened: Result<String, Refused> =
        ctx.db.write(async move |tx| Ok(acts::open(tx, &inner, &opening, &references, &[]).await?.0)).await;
    Ok((StatusCode::CREATED, Json(Opened { id, reference: opened? })))
}

/// Whether somebody takes part in a running exercise: nobody else comes into what is made up for it.
pub(super) async fn takes_part(conn: &mut impl On, exercise: Uuid, account: Uuid) -> Result<(), Problem> {
    let part = exercises::takes_part(conn, exercise, account).await?;
    part.then_some(()).ok_or_else(|| Problem::conflict("case_not_in_exercise", "This is for the people of its exercise"))
}
