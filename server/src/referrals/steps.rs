//! The steps of a referral: each is one transaction, or none of it has happened.

use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::content::{Child, Said, Sealed, TEXT_MAX};
use super::drafts::act as act_of;
use super::gates::{Gate, held_back};
use super::model::{Act, Decline, State, arrival_due, step};
use super::opened::{self, Opened, bound, bound_step, seal};
use super::refused::{Refused, faulty, held};
use super::store;
use super::{notice, people};
use crate::access::{Actor, ReferralAction, ReferralSide, is_walled_off};
use crate::audit;
use crate::base::db::Tx;
use crate::base::http::Problem;
use crate::base::text;
use crate::cases::{self, Ground};
use crate::context::Ctx;
use crate::directory;
use crate::keys::Unlocked;

/// A step as somebody takes it.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[schema(as = ReferralStep)]
pub(super) struct Step {
    pub(super) act: Act,
    /// The referral as it was read.
    pub(super) revision: i64,
    /// At most 1200 characters. A question and an answer have words, and so has taking back.
    #[serde(default)]
    pub(super) text: String,
    /// Why it is declined.
    #[serde(default)]
    pub(super) reason: Option<Decline>,
    /// The organisation that is competent, where this one isn't.
    #[serde(default)]
    pub(super) next: Option<Uuid>,
    /// Where a referral is taken back after the hand-over: the child is known to be safe.
    #[serde(default)]
    pub(super) child_is_safe: bool,
}

impl Step {
    /// Looks at it.
    ///
    /// # Errors
    /// A problem's code.
    pub(super) fn checked(mut self) -> Result<Self, &'static str> {
        self.text = text::paragraphs(&self.text, TEXT_MAX).ok_or("text_invalid")?;
        if self.act.asks_for_words() && self.text.is_empty() {
            return Err("reason_missing");
        }
        if self.act != Act::Decline {
            (self.reason, self.next) = (None, None);
            return Ok(self);
        }
        match self.reason {
            None => Err("reason_missing"),
            Some(Decline::NotCompetent) if self.next.is_none() => Err("reason_missing"),
            Some(Decline::NotCompetent) => Ok(self),
            Some(_) => Ok(Self { next: None, ..self }),
        }
    }

    fn said(&self) -> Said {
        Said { text: self.text.clone(), reason: self.reason, next: self.next }
    }
}

/// Takes a step. What is stored, sealed, recorded and told is one transaction.
pub(super) async fn take(
    tx: &mut Tx,
    ctx: &Ctx,
    actor: &Actor,
    unlocked: &Unlocked,
    id: Uuid,
    wish: &Step,
) -> Result<(), Refused> {
    let mut opened = opened::open(tx, actor, unlocked, id).await?.ok_or_else(Problem::not_found)?;
    opened.allow(actor, ReferralAction::Step(wish.act.side()))?;
    let from = opened.row.state();
    let to = step(from, wish.act).ok_or_else(|| held("referral_step"))?;
    if opened.row.revision != wish.revision {
        return Err(Problem::conflict("conflict", "It was changed meanwhile").into());
    }
    if from == State::HandedOver && wish.act == Act::Revoke && !wish.child_is_safe {
        return Err(held("child_not_accounted_for").into());
    }
    if let Some(next) = wish.next
        && (opened.row.to_org == Some(next) || !directory::organisation_exists(tx, next).await?)
    {
        return Err(faulty("organisation_unknown").into());
    }
    if wish.act == Act::Send {
        opened.sealed.child = Some(may_leave(tx, ctx, &opened).await?);
    }
    let before: Vec<Uuid> = store::people(tx, id).await?.into_iter().map(|(account, _)| account).collect();
    opened = settle(tx, ctx, opened, to).await?;
    if wish.act == Act::Send {
        store::reseal(tx, id, &seal(&opened.ring, &bound(id), &opened.sealed)?).await?;
    }
    let (by, at) = (actor.account, ctx.now());
    let n = store::next_step(tx, id).await?;
    let words = seal(&opened.ring, &bound_step(id, n, by), &wish.said())?;
    store::say(tx, id, wish.act.as_str(), Some(by), at, Some(&words)).await?;
    let due = (to == State::HandedOver).then(|| arrival_due(at, opened.row.arrival_hours));
    if !store::set_state(tx, id, (from, to), at, due).await? {
        return Err(Problem::conflict("conflict", "It was changed meanwhile").into());
    }
    note_in_room(tx, ctx, &opened, by, wish.act).await?;
    let detail = format!("from={} to={}", from.as_str(), to.as_str());
    audit::record(tx, act_of(ctx, Some(by), wish.act.in_record(), id, detail)).await?;
    // Who was put out just now learns that their list is another one, too.
    notice::tell_these(tx, ctx, id, "changed", before);
    notice::tell(tx, ctx, id, "changed").await?;
    Ok(())
}

/// Lets in and puts out whom the step makes belong and no longer belong.
async fn settle(tx: &mut Tx, ctx: &Ctx, mut opened: Opened, to: State) -> Result<Opened, Refused> {
    if let Some(ground) = &opened.ground {
        let wanted = people::of_sender(tx, ctx, ground, opened.row.from_org).await?;
        opened.ring = people::settle(tx, opened.ring, &opened.row, ReferralSide::Sender, &wanted).await?;
    }
    let wanted = match opened.row.to_org {
        Some(org) if to.reaches() => people::of_receiver(tx, ctx.now(), org, opened.row.exercise).await?,
        _ => Vec::new(),
    };
    opened.ring = people::settle(tx, opened.ring, &opened.row, ReferralSide::Receiver, &wanted).await?;
    Ok(opened)
}

/// Whether a draft may leave; what is told of the child if so.
async fn may_leave(tx: &mut Tx, ctx: &Ctx, opened: &Opened) -> Result<Child, Refused> {
    let Opened { row, sealed, ground: Some(ground), .. } = opened else { return Err(Problem::not_found().into()) };
    let missing = sealed.content.missing(row.to_org, row.to_country.as_deref());
    if !missing.is_empty() {
        return Err(Problem::conflict("referral_incomplete", "Something must be said first").with("missing", missing).into());
    }
    let walled = reachable(tx, ctx, row, sealed, ground).await?;
    let gate = Gate {
        sealed,
        to: row.to_org,
        walled,
        cross_border: row.is_across_a_border(),
        bia_done: ground.bia_done,
        bid: &ground.bid,
        now: ctx.now(),
    };
    if let Some(code) = held_back(&gate) {
        return Err(held(code).into());
    }
    let Ground { age_band, guardian, bia_done, bid, .. } = ground.clone();
    Ok(Child { age_band, guardian, bia_done, bid })
}

/// Whether the people named at both ends can be reached here, and whether the receiver stands behind the wall.
async fn reachable(tx: &mut Tx, ctx: &Ctx, row: &store::Row, sealed: &Sealed, ground: &Ground) -> Result<bool, Refused> {
    let to = row.to_org.ok_or_else(Problem::not_found)?;
    let partner = directory::helper(tx, to).await?.ok_or_else(|| faulty("organisation_unknown"))?;
    let there = partner.country.is_none() || partner.country == row.to_country;
    if to == row.from_org || !there {
        return Err(held("partner_elsewhere").into());
    }
    let receivers = people::of_receiver(tx, ctx.now(), to, row.exercise).await?;
    if !sealed.content.contact_to.is_some_and(|contact| receivers.contains(&contact)) {
        return Err(held("partner_unreachable").into());
    }
    let senders = people::of_sender(tx, ctx, ground, row.from_org).await?;
    if !sealed.content.contact_from.is_some_and(|contact| senders.contains(&contact)) {
        return Err(held("contact_unreachable").into());
    }
    Ok(is_walled_off(&partner.kind, &partner.regime))
}

/// A line in the room's timeline, where its people see how the child's referral goes on.
async fn note_in_room(tx: &mut Tx, ctx: &Ctx, opened: &Opened, by: Uuid, act: Act) -> Result<(), Refused> {
    let by = (opened.side == ReferralSide::Sender).then_some(by);
    Ok(cases::note_referral(tx, ctx, opened.row.case_id, by, act.as_str(), &opened.row.reference).await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wish(act: Act) -> Step {
        Step { act, revision: 0, text: String::new(), reason: None, next: None, child_is_safe: false }
    }

    #[test]
    fn a_no_has_a_reason_and_names_who_is_competent() {
        let no = |reason, next| Step { reason, next, ..wish(Act::Decline) }.checked().map(|step| (step.reason, step.next));
        let other = Some(Uuid::from_u128(1));
        assert_eq!(no(None, None), Err("reason_missing"));
        assert_eq!(no(Some(Decline::NotCompetent), None), Err("reason_missing"));
        assert_eq!(no(Some(Decline::NotCompetent), other), Ok((Some(Decline::NotCompetent), other)));
        assert_eq!(no(Some(Decline::NoCapacity), other), Ok((Some(Decline::NoCapacity), None)), "only there is somebody named");
    }

    #[test]
    fn questions_answers_and_taking_back_have_words() {
        for act in Act::ALL {
            let silent = wish(act).checked().err();
            let asks = matches!(act, Act::Ask | Act::Answer | Act::Revoke | Act::Decline);
            assert_eq!(silent, asks.then_some("reason_missing"), "{act:?}");
        }
        let spoken = Step { text: "Which language?".into(), ..wish(Act::Ask) };
        assert!(spoken.checked().is_ok());
        assert_eq!(Step { text: "a".repeat(TEXT_MAX + 1), ..wish(Act::Ask) }.checked().err(), Some("text_invalid"));
    }
}
