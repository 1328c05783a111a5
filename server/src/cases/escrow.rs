//! The escrow of rooms, where an operator has turned it on: its beginning and end stand in each room's timeline, and a member who
//! has lost their keys gets back in when two of its holders agree, each of them with their own keys open.

use std::sync::Arc;

use uuid::Uuid;

use super::acts::act;
use super::inside::{self, Refused};
use super::notice;
use super::sealing::{self, Event};
use super::store::{self, Room, members};
use crate::access::{Actor, CaseAction, Decision, holds_escrow, may_agree};
use crate::audit;
use crate::base::db::{Error, On, Result, Tx};
use crate::base::http::Problem;
use crate::context::Ctx;
use crate::keys::escrow::{self, Agreed, Ended, Request};
use crate::keys::{self, Ring, Unlocked};

/// What a holder's agreement has come to, or why nothing comes of it although that it ended is to be kept.
pub(super) type Settled = std::result::Result<bool, Problem>;

/// Lets the escrow hold what it misses of a room's key, and says so in the room when it begins to: that line's number.
pub(super) async fn cover(tx: &mut Tx, ctx: &Ctx, room: &Room, ring: &Ring) -> Result<Option<i64>> {
    if !escrow::cover(tx, ring, room.id).await? {
        return Ok(None);
    }
    note(tx, ctx, room, None, &Event::new("escrow_begun")).await.map(Some)
}

/// Says in these rooms that no escrow holds their keys any more.
pub async fn ended(tx: &mut Tx, ctx: &Ctx, rooms: &[Uuid]) -> Result<()> {
    for id in rooms {
        if let Some(room) = store::room(tx, *id).await? {
            note(tx, ctx, &room, None, &Event::new("escrow_ended")).await?;
        }
    }
    Ok(())
}

async fn note(tx: &mut Tx, ctx: &Ctx, room: &Room, by: Option<Uuid>, event: &Event) -> Result<i64> {
    let seq = sealing::note(tx, room, ctx.id(), by, ctx.now(), event).await?;
    let members = members::of(tx, room.id).await?;
    notice::changed(tx, ctx, room.id, seq, &members);
    Ok(seq)
}

fn over() -> Problem {
    Problem::conflict("escrow_over", "Nothing comes of this any more")
}

/// A member asks for a room's key, for the keys that they have now.
pub(super) async fn ask(tx: &mut Tx, ctx: &Ctx, actor: &Actor, case: Uuid) -> std::result::Result<Request, Refused> {
    inside::allow(tx, actor, CaseAction::Read, case).await?;
    let (me, now) = (actor.account, ctx.now());
    if keys::holds(tx, case, me).await? {
        return Err(Problem::conflict("escrow_not_needed", "Your keys open this room").into());
    }
    if !escrow::covers(tx, case).await? {
        return Err(Problem::conflict("escrow_off", "No escrow holds the key of this room").into());
    }
    if escrow::request_of(tx, case, me).await?.is_some_and(|request| request.waits(now)) {
        return Err(Problem::conflict("escrow_asked", "You have asked already").into());
    }
    let asked = escrow::ask(tx, ctx.id(), case, me, now).await?.ok_or_else(inside::no_key)?;
    let room = store::room(tx, case).await?.ok_or(Error::Malformed("case room"))?;
    note(tx, ctx, &room, Some(me), &Event::with("escrow_asked", me)).await?;
    notice::holders(tx, ctx).await?;
    audit::record(tx, act(now, Some(me), "escrow.ask", case, String::new())).await?;
    Ok(asked)
}

/// What a holder may decide about, with its room; who holds nothing, and what isn't there, costs as much as nothing.
async fn waiting(tx: &mut Tx, ctx: &Ctx, actor: &Actor, id: Uuid) -> std::result::Result<(Request, Room), Refused> {
    let holders = escrow::holders(tx).await?;
    if !holds_escrow(actor, &escrow::named(&holders)) {
        return Err(Problem::not_found().into());
    }
    let request = escrow::request(tx, id).await?.ok_or_else(Problem::not_found)?;
    if !request.waits(ctx.now()) {
        return Err(over().into());
    }
    let room = store::room(tx, request.space).await?.ok_or_else(Problem::not_found)?;
    Ok((request, room))
}

/// Whether all still is as it was when it was asked for: who asks is a member with the same keys, and who has agreed holds it.
pub(super) async fn stands(tx: &mut impl On, ctx: &Ctx, request: &Request) -> Result<bool> {
    let holders = escrow::named(&escrow::holders(tx).await?);
    let actor = |account: Uuid| async move { ctx.standing.actor(account).await };
    let Some(asker) = actor(request.account).await? else { return Ok(false) };
    let member = match inside::allow(tx, &asker, CaseAction::Read, request.space).await {
        Ok(()) => true,
        Err(Refused::By(_)) => false,
        Err(Refused::Storage(error)) => return Err(error),
    };
    let first = match request.first_by {
        Some(first) => actor(first).await?.is_some_and(|first: Arc<Actor>| holds_escrow(&first, &holders)),
        None => true,
    };
    Ok(member && first && escrow::stands(tx, request).await?)
}

/// A holder agrees. Told: whether who has asked holds the key again.
pub(super) async fn agree(
    tx: &mut Tx,
    ctx: &Ctx,
    actor: &Actor,
    unlocked: &Unlocked,
    id: Uuid,
) -> std::result::Result<Settled, Refused> {
    let (request, room) = waiting(tx, ctx, actor, id).await?;
    let holders = escrow::holders(tx).await?;
    if let Decision::Forbid(code) = may_agree(actor, &escrow::named(&holders), request.account, request.first_by) {
        return Err(Problem::forbidden_for(code).into());
    }
    if !stands(tx, ctx, &request).await? {
        end(tx, ctx, &request, Ended::Over, None).await?;
        return Ok(Err(over()));
    }
    let (me, now) = (actor.account, ctx.now());
    let (code, what, detail, opened) = match escrow::agree(tx, unlocked, &request).await? {
        Agreed::Unable => {
            return Err(Problem::conflict("escrow_unable", "The keys that you have now don't open what you hold").into());
        }
        Agreed::First => ("escrow_agreed", "escrow.agree", format!("account:{}", request.account), false),
        Agreed::Opened(first) => ("escrow_opened", "escrow.open", format!("account:{} first={first}", request.account), true),
    };
    let event = Event { organisation: actor.organisation, ..Event::with(code, request.account) };
    note(tx, ctx, &room, Some(me), &event).await?;
    notice::holders(tx, ctx).await?;
    audit::record(tx, act(now, Some(me), what, room.id, detail)).await?;
    Ok(Ok(opened))
}

/// A holder refuses: that ends it.
pub(super) async fn refuse(tx: &mut Tx, ctx: &Ctx, actor: &Actor, id: Uuid) -> std::result::Result<(), Refused> {
    let (request, _) = waiting(tx, ctx, actor, id).await?;
    end(tx, ctx, &request, Ended::Refused, Some(actor)).await?;
    Ok(())
}

/// Ends what nobody has decided about in time.
pub(super) async fn lapse(tx: &mut Tx, ctx: &Ctx, id: Uuid) -> Result<()> {
    match escrow::request(tx, id).await? {
        Some(request) if request.has_lapsed(ctx.now()) => end(tx, ctx, &request, Ended::Lapsed, None).await,
        _ => Ok(()),
    }
}

async fn end(tx: &mut Tx, ctx: &Ctx, request: &Request, how: Ended, by: Option<&Actor>) -> Result<()> {
    let (now, account) = (ctx.now(), by.map(|by| by.account));
    escrow::finish(tx, request.id, how, account).await?;
    let Some(room) = store::room(tx, request.space).await? else { return Ok(()) };
    let (code, what) = match how {
        Ended::Refused => ("escrow_refused", "escrow.refuse"),
        Ended::Lapsed => ("escrow_lapsed", "escrow.lapse"),
        _ => ("escrow_over", "escrow.over"),
    };
    let event = Event { organisation: by.and_then(|by| by.organisation), ..Event::with(code, request.account) };
    note(tx, ctx, &room, account, &event).await?;
    notice::holders(tx, ctx).await?;
    audit::record(tx, act(now, account, what, room.id, format!("account:{}", request.account))).await
}
