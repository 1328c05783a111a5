//! A referral as somebody opens it: its row, their side, its key.

use uuid::Uuid;

use super::content::{Said, Sealed};
use super::refused::granted;
use super::store::{self, Row};
use crate::access::{Actor, ReferralAction, ReferralFacts, ReferralSide, may_with_referral, organisations_of, referral_side};
use crate::base::db::{Error, On, Result};
use crate::base::http::Problem;
use crate::cases::{self, Ground};
use crate::keys::{self, Ring, Unlocked};

/// What a referral's own texts are sealed for.
pub(super) fn bound(id: Uuid) -> Vec<u8> {
    [b"egida referral ", &id.as_bytes()[..]].concat()
}

/// What the words of a step are sealed for: the referral, the step's place, its author.
pub(super) fn bound_step(id: Uuid, n: i64, by: Uuid) -> Vec<u8> {
    [b"egida referral step ", &id.as_bytes()[..], &n.to_be_bytes(), by.as_bytes()].concat()
}

/// Seals something.
pub(super) fn seal(ring: &Ring, bound: &[u8], what: &impl serde::Serialize) -> Result<Vec<u8>> {
    let plain = serde_json::to_vec(what).map_err(|_| Error::Malformed("referral"))?;
    Ok(ring.seal(bound, &plain))
}

/// An open referral.
pub(super) struct Opened {
    pub(super) row: Row,
    pub(super) side: ReferralSide,
    pub(super) ring: Ring,
    /// The case it comes from, for the sender's side.
    pub(super) ground: Option<Ground>,
    pub(super) sealed: Sealed,
    pub(super) facts: ReferralFacts,
}

impl Opened {
    /// Refuses what this person may not do with it.
    pub(super) fn allow(&self, actor: &Actor, action: ReferralAction) -> std::result::Result<(), Problem> {
        granted(may_with_referral(actor, action, &self.facts))
    }

    /// Opens the words of a step. A step without words, or of the clock, has none.
    pub(super) fn said(&self, step: &store::Step) -> Result<Said> {
        let (Some(sealed), Some(author)) = (&step.sealed, step.author) else { return Ok(Said::default()) };
        let plain = self.ring.open(&bound_step(self.row.id, step.n, author), sealed);
        let plain = plain.ok_or(Error::Malformed("words of a referral"))?;
        serde_json::from_slice(&plain).map_err(|_| Error::Malformed("words of a referral"))
    }
}

/// Opens a referral for somebody; `None`: for them there is none.
pub(super) async fn open(conn: &mut impl On, actor: &Actor, unlocked: &Unlocked, id: Uuid) -> Result<Option<Opened>> {
    let Some(row) = store::one(conn, id).await? else { return Ok(None) };
    open_row(conn, actor, unlocked, row).await
}

/// The same for a row that is at hand.
pub(super) async fn open_row(conn: &mut impl On, actor: &Actor, unlocked: &Unlocked, row: Row) -> Result<Option<Opened>> {
    let Some(ring) = keys::open(conn, unlocked, row.id).await? else { return Ok(None) };
    let ground = if organisations_of(actor).contains(&row.from_org) {
        cases::ground(conn, actor, unlocked, row.case_id).await?
    } else {
        None
    };
    let plain = ring.open(&bound(row.id), &row.sealed).ok_or(Error::Malformed("referral"))?;
    let sealed: Sealed = serde_json::from_slice(&plain).map_err(|_| Error::Malformed("referral"))?;
    let facts = ReferralFacts {
        from: row.from_org,
        to: row.to_org,
        reached: row.state().reaches(),
        refers: ground.is_some(),
        holds_key: true,
        override_by: sealed.overriding.as_ref().map(|overriding| overriding.by),
    };
    let side = referral_side(actor, &facts);
    Ok(side.map(|side| Opened { row, side, ring, ground, sealed, facts }))
}
