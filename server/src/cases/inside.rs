//! Coming into a room: who asks is looked at first, and who has no part in it gets the answer for none before anything is said
//! about keys. Writers are looked at again inside their transaction.

use std::collections::HashSet;

use uuid::Uuid;

use super::escrow;
use super::model::Content;
use super::sealing::{self, Stored};
use super::store::entries::{self, Entry};
use super::store::members::{self, Member};
use super::store::{self, Room};
use super::words::Kind;
use crate::access::handling::{Labels, Withheld};
use crate::access::{Actor, CaseAction, Decision, may_in_case};
use crate::base::db::{self, On, Tx};
use crate::base::http::Problem;
use crate::context::Ctx;
use crate::identity::Caller;
use crate::keys::{self, Ring, Unlock, Unlocked};

/// Why nothing of a transaction is stored.
pub(super) enum Refused {
    Storage(db::Error),
    By(Problem),
}

impl From<db::Error> for Refused {
    fn from(error: db::Error) -> Self {
        Self::Storage(error)
    }
}

impl From<Problem> for Refused {
    fn from(problem: Problem) -> Self {
        Self::By(problem)
    }
}

impl From<Refused> for Problem {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::Storage(error) => error.into(),
            Refused::By(problem) => problem,
        }
    }
}

/// Whether somebody may do this in a room; who has nothing to do with it costs as much as no room.
pub(super) async fn allow(conn: &mut impl On, actor: &Actor, action: CaseAction, room: Uuid) -> Result<(), Refused> {
    let part = members::part(conn, room, actor.account).await?;
    match part.map_or(Decision::Hide, |part| may_in_case(actor, action, &part)) {
        Decision::Allow => Ok(()),
        Decision::Forbid("case_closed") => Err(Problem::conflict("case_closed", "This room is closed").into()),
        Decision::Forbid(code) => Err(Problem::forbidden_for(code).into()),
        Decision::Hide => Err(Problem::not_found().into()),
    }
}

/// The same outside a transaction: what is hidden is noted for the record.
pub(super) async fn allowed(ctx: &Ctx, caller: &Caller, action: CaseAction, room: Uuid) -> Result<(), Problem> {
    let mut conn = ctx.db.read().await?;
    let answer = allow(&mut conn, &caller.actor, action, room).await.map_err(Problem::from);
    let hidden = answer.as_ref().is_err_and(Problem::is_not_found);
    if hidden && members::exists(&mut conn, room).await? {
        ctx.recorder.refused(caller.account(), true, format!("case:{room}"));
    }
    answer
}

/// The key of somebody who may do this in a room, to be taken along into a transaction.
pub(super) async fn enter(
    ctx: &Ctx,
    caller: &Caller,
    unlock: &Unlock,
    action: CaseAction,
    room: Uuid,
) -> Result<Unlocked, Problem> {
    allowed(ctx, caller, action, room).await?;
    unlock.of(ctx, caller).await
}

/// A member has made new keys: the room's isn't sealed to them.
pub(super) fn no_key() -> Problem {
    Problem::conflict("case_key_lost", "The keys that you have now don't open this room")
}

/// A room as somebody who is in it has it before them, with its key.
pub(super) struct Inside {
    pub(super) room: Room,
    pub(super) members: Vec<Member>,
    pub(super) me: Member,
    pub(super) ring: Ring,
    /// Whether a program asks: it gets nothing that is RED or has an H3, for nobody could say who has read it.
    pub(super) by_token: bool,
    /// Wordings of an H3 that this reader has acknowledged, by item and number.
    pub(super) acknowledged: HashSet<(Uuid, i64)>,
}

/// What an item says to a reader.
pub(super) enum Said {
    Open(Stored),
    /// Held back, with its codes.
    Held(Withheld, Labels),
    /// An event, deleted, or of a key that the reader doesn't have.
    Nothing,
}

impl Inside {
    /// A room to be read.
    pub(super) async fn read(ctx: &Ctx, caller: &Caller, unlock: &Unlock, room: Uuid) -> Result<Self, Problem> {
        let unlocked = enter(ctx, caller, unlock, CaseAction::Read, room).await?;
        let mut conn = ctx.db.read().await?;
        let mut inside = Self::load(&mut conn, caller.account(), &unlocked, room).await?;
        inside.by_token = caller.by_token;
        inside.acknowledged = entries::acknowledged(&mut conn, room, caller.account()).await?;
        ctx.recorder.looked(caller.account(), "case.read", [format!("case:{room}")]);
        Ok(inside)
    }

    /// A room to be written in, in the transaction that does: its key is the newest one, begun now if that is due, and the escrow
    /// holds it where there is one.
    pub(super) async fn write(
        tx: &mut Tx,
        ctx: &Ctx,
        actor: &Actor,
        unlocked: &Unlocked,
        action: CaseAction,
        room: Uuid,
    ) -> Result<Self, Refused> {
        allow(tx, actor, action, room).await?;
        let mut inside = Self::load(tx, actor.account, unlocked, room).await?;
        let holders = inside.holders();
        inside.ring = keys::for_writing(tx, inside.ring, room, &holders).await?;
        if let Some(seq) = escrow::cover(tx, ctx, &inside.room, &inside.ring).await? {
            inside.room.seq = seq;
        }
        Ok(inside)
    }

    async fn load(conn: &mut impl On, account: Uuid, unlocked: &Unlocked, room: Uuid) -> Result<Self, Refused> {
        let ring = keys::open(conn, unlocked, room).await?.ok_or_else(no_key)?;
        let room = store::room(conn, room).await?.ok_or_else(Problem::not_found)?;
        let members = members::of(conn, room.id).await?;
        let me = members.iter().find(|member| member.account == account).cloned().ok_or_else(Problem::not_found)?;
        Ok(Self { room, members, me, ring, by_token: false, acknowledged: HashSet::new() })
    }

    /// What an item says to this reader: an H3 of somebody else once they have acknowledged this wording of it.
    pub(super) fn said(&self, entry: &Entry) -> Said {
        let Some(stored) = sealing::open(&self.ring, self.room.id, entry) else { return Said::Nothing };
        let known = || entry.begun_by == Some(self.me.account) || self.acknowledged.contains(&(entry.item, entry.seq));
        match Withheld::by(&entry.marking, &stored.labels) {
            Some(withheld) if self.by_token => Said::Held(withheld, stored.labels),
            Some(Withheld::H3) if !known() => Said::Held(Withheld::H3, stored.labels),
            _ => Said::Open(stored),
        }
    }

    /// Those whom the room's key is sealed to.
    pub(super) fn holders(&self) -> Vec<Uuid> {
        self.members.iter().filter(|member| member.holds_key()).map(|member| member.account).collect()
    }

    /// Its members now.
    pub(super) fn active(&self) -> impl Iterator<Item = &Member> {
        self.members.iter().filter(|member| member.is_active())
    }

    /// The organisations that have a member in it.
    pub(super) fn houses(&self) -> Vec<Uuid> {
        let mut houses: Vec<Uuid> = self.active().map(|member| member.organisation).collect();
        houses.sort_unstable();
        houses.dedup();
        houses
    }

    /// Whether this reader speaks for the lead organisation.
    pub(super) fn leads(&self) -> bool {
        self.me.organisation == self.room.lead
    }

    /// The sheet as it stands, and its number.
    pub(super) async fn sheet(&self, conn: &mut impl On) -> db::Result<(super::model::Sheet, i64)> {
        let asked = entries::Asked { kinds: vec![Kind::Sheet], limit: 1, ..entries::Asked::default() };
        let entry = entries::page(conn, self.room.id, &asked).await?.pop().ok_or(db::Error::Malformed("case sheet"))?;
        match sealing::open(&self.ring, self.room.id, &entry).map(|stored| stored.content) {
            Some(Content::Sheet { sheet }) => Ok((*sheet, entry.seq)),
            _ => Err(db::Error::Malformed("case sheet")),
        }
    }

    /// Everything of some kinds that stands and opens, the latest first.
    pub(super) async fn all(&self, conn: &mut impl On, kinds: &[Kind], limit: i64) -> db::Result<Vec<(entries::Entry, Content)>> {
        let asked = entries::Asked { kinds: kinds.to_vec(), limit, ..entries::Asked::default() };
        let entries = entries::page(conn, self.room.id, &asked).await?;
        let open = |entry: entries::Entry| {
            let content = sealing::open(&self.ring, self.room.id, &entry)?.content;
            Some((entry, content))
        };
        Ok(entries.into_iter().filter_map(open).collect())
    }
}
