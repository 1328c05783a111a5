//! What changes a room as a whole, each in one transaction: opening, handing over, closing, erasing.

use uuid::Uuid;

use super::escrow;
use super::inside::{Inside, Refused};
use super::model::{CHECKLIST, Content, Sheet, TERMS};
use super::notice;
use super::sealing::{self, Event, Write};
use super::store::members::{self, NewMember};
use super::store::{self, NewRoom, Room, proposals};
use super::words::{Ground, Kind, Mandate, Phase, Reason, Risk, Standing, Word};
use crate::audit::{self, Act};
use crate::base::clock::DAY;
use crate::base::db::{Error, Result, Tx};
use crate::base::http::Problem;
use crate::context::Ctx;
use crate::files;
use crate::keys::{self, NoKeys, Ring};

/// What files of rooms hang on.
pub(super) const HOLDER: &str = "case";

/// An act with a room, for the record: no content ever.
pub(super) fn act(at: i64, by: Option<Uuid>, what: &'static str, case: Uuid, detail: String) -> Act<'static> {
    Act { at, actor: by, what, target: format!("case:{case}"), detail }
}

/// A room to be opened.
pub(super) struct Opening {
    pub(super) id: Uuid,
    pub(super) lead: Uuid,
    pub(super) by: Uuid,
    pub(super) at: i64,
    pub(super) sheet: Sheet,
    pub(super) risk: Risk,
    pub(super) next_review: String,
    pub(super) marking: String,
    pub(super) exercise: Option<Uuid>,
}

/// Opens a room with its first member, under one of these references: which, and its key, sealed to `others` as well.
pub(super) async fn open(
    tx: &mut Tx,
    ctx: &Ctx,
    new: &Opening,
    references: &[String],
    others: &[Uuid],
) -> std::result::Result<(String, Ring), Refused> {
    let founder = new.by;
    let mut free = None;
    for reference in references {
        if !store::is_taken(tx, reference).await? {
            free = Some(reference);
            break;
        }
    }
    let reference = free.ok_or(Error::Malformed("case reference"))?;
    let row = NewRoom {
        id: new.id,
        reference,
        lead: new.lead,
        phase: Phase::Identification,
        risk: new.risk,
        marking: &new.marking,
        next_review: &new.next_review,
        by: new.by,
        at: new.at,
        exercise: new.exercise,
    };
    store::insert(tx, &row).await?;
    let member = NewMember {
        room: new.id,
        account: founder,
        organisation: new.lead,
        mandate: Mandate::CaseManager.as_str(),
        ground: Ground::Lead.as_str(),
        state: Standing::Active,
        invited_by: founder,
        at: new.at,
        expires_at: None,
        terms: Some(TERMS),
    };
    members::put(tx, &member).await?;
    let holders: Vec<Uuid> = others.iter().copied().chain([founder]).collect();
    let ring = keys::create(tx, new.id, &holders).await?.map_err(|NoKeys(_)| no_keys())?;
    let room = store::room(tx, new.id).await?.ok_or(Error::Malformed("case room"))?;
    sealing::note(tx, &room, ctx.id(), Some(founder), new.at, &Event::new("opened")).await?;
    let sheet = Content::Sheet { sheet: Box::new(new.sheet.clone()) };
    let write = Write { room: &room, item: ctx.id(), before: None, author: founder, at: new.at, marking: None };
    sealing::write(tx, &ring, &write, &sheet.into()).await?;
    escrow::cover(tx, ctx, &room, &ring).await?;
    let exercise = if new.exercise.is_some() { "exercise" } else { "" };
    audit::record(tx, act(new.at, Some(founder), "case.open", new.id, exercise.into())).await?;
    Ok((reference.clone(), ring))
}

/// Somebody has no keys: nothing can be sealed to them.
pub(super) fn no_keys() -> Problem {
    Problem::conflict("case_no_keys", "This person has no keys yet")
}

/// Notes an event, and tells the members that something has changed.
pub(super) async fn noted(tx: &mut Tx, ctx: &Ctx, inside: &Inside, by: Uuid, event: &Event) -> Result<i64> {
    let seq = sealing::note(tx, &inside.room, ctx.id(), Some(by), ctx.now(), event).await?;
    notice::changed(tx, ctx, inside.room.id, seq, &inside.members);
    Ok(seq)
}

/// Puts the lines of the missing-child checklist among the tasks, those that aren't there; what is written is their code, for the
/// catalogues have the words.
pub(super) async fn open_checklist(tx: &mut Tx, ctx: &Ctx, inside: &Inside, by: Uuid) -> Result<i64> {
    let there = inside.all(tx, &[Kind::Task], super::model::ITEMS_MAX).await?;
    let is_there =
        |line: &str| there.iter().any(|(_, task)| matches!(task, Content::Task { code: Some(code), .. } if code == line));
    let mut seq = inside.room.seq;
    for line in CHECKLIST.iter().filter(|line| !is_there(line)) {
        let task = Content::Task {
            title: line.replace('_', " "),
            owner: None,
            due: Some(super::days::day_of(ctx.now())),
            done: false,
            code: Some((*line).to_owned()),
        };
        let write = Write { room: &inside.room, item: ctx.id(), before: None, author: by, at: ctx.now(), marking: None };
        seq = sealing::write(tx, &inside.ring, &write, &task.into()).await?;
    }
    Ok(seq)
}

/// What is said when a room is closed. Sealed into the proposal until a second person closes it.
#[derive(serde::Serialize, serde::Deserialize)]
pub(super) struct Closure {
    pub(super) reason: Reason,
    pub(super) report: String,
    pub(super) retention_days: i64,
}

/// Closes a room as one has proposed and another one does: the report stands in it, the clock of its erasure begins.
pub(super) async fn close(tx: &mut Tx, ctx: &Ctx, inside: &Inside, by: (Uuid, Uuid), closure: Closure) -> Result<()> {
    let (at, room) = (ctx.now(), &inside.room);
    let (proposer, closer) = by;
    let Closure { reason, report, retention_days } = closure;
    let content = Content::Closing { reason, report, by: proposer, confirmed_by: closer };
    let write = Write { room, item: ctx.id(), before: None, author: closer, at, marking: None };
    sealing::write(tx, &inside.ring, &write, &content.into()).await?;
    let turn = Event::turn("closed", room.phase().as_str(), Phase::Closed.as_str());
    noted(tx, ctx, inside, closer, &turn).await?;
    store::close(tx, room.id, at, at + retention_days * DAY).await?;
    proposals::end_all(tx, room.id, at).await?;
    let detail = format!("proposed_by={proposer} kept_days={retention_days}");
    audit::record(tx, act(at, Some(closer), "case.close", room.id, detail)).await
}

/// Gives a room to the organisation that takes it over.
pub(super) async fn hand_over(tx: &mut Tx, ctx: &Ctx, inside: &Inside, by: (Uuid, Uuid), lead: Uuid) -> Result<()> {
    let (at, room) = (ctx.now(), &inside.room);
    let (proposer, taker) = by;
    store::set_lead(tx, room.id, lead).await?;
    let event = Event { organisation: Some(lead), subject: Some(proposer), ..Event::new("handed_over") };
    noted(tx, ctx, inside, taker, &event).await?;
    let detail = format!("from=organisation:{} to=organisation:{lead} offered_by={proposer}", room.lead);
    audit::record(tx, act(at, Some(taker), "case.hand_over", room.id, detail)).await
}

/// Erases a room: its keys at once, so that nothing of it is ever opened again, then what was sealed, and its files. Only its id
/// stays, so that no backup brings it back.
pub(super) async fn erase(tx: &mut Tx, ctx: &Ctx, room: &Room, by: Option<Uuid>, why: &'static str) -> Result<()> {
    let at = ctx.now();
    let members = members::of(tx, room.id).await?;
    keys::destroy(tx, room.id).await?;
    files::erase_of(tx, HOLDER, room.id, at).await?;
    store::forget(tx, room.id).await?;
    store::gone(tx, room.id, at).await?;
    tx.erases();
    let told: Vec<Uuid> = members.iter().filter(|member| member.holds_key()).map(|member| member.account).collect();
    notice::tell(tx, ctx, room.id, room.seq, "gone", told);
    audit::record(tx, act(at, by, "case.erase", room.id, why.into())).await
}
