//! Who may know of a referral, and who takes which step with it. A referral is for two sides and for nobody else: the people of
//! the sending organisation who belong to the case's room and may refer, and those who answer for the receiving organisation
//! and were let in. No power opens it: an administrator is told that there is none, as everybody else is.

use uuid::Uuid;

use super::items::organisations_of;
use super::{Actor, Decision, Role, Scope};

/// What the rules must know of a referral.
#[derive(Clone, Copy, Debug)]
pub struct ReferralFacts {
    /// The organisation that refers.
    pub from: Uuid,
    /// The organisation that is asked; none while nobody was chosen.
    pub to: Option<Uuid>,
    /// It has reached the receiving organisation and was not taken back.
    pub reached: bool,
    /// This person belongs to the case's room, now.
    pub refers: bool,
    /// This person holds the key of its texts.
    pub holds_key: bool,
    /// The consent is to be overridden: who has asked for that.
    pub override_by: Option<Uuid>,
}

/// On which side of a referral somebody stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReferralSide {
    /// The organisation that refers.
    Sender,
    /// The organisation that is asked.
    Receiver,
}

/// What somebody wants to do with a referral.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReferralAction {
    /// Read it, and know that there is one; tick steps when a child has not arrived.
    Read,
    /// Take a step of this side.
    Step(ReferralSide),
    /// Say that it goes on although consent or assent is missing: never upon one's own asking.
    Override,
}

/// The side that somebody stands on; `None`: for this person there is no such referral. Who stands on both is its sender.
pub fn referral_side(actor: &Actor, facts: &ReferralFacts) -> Option<ReferralSide> {
    if !actor.is_confirmed() || !facts.holds_key {
        return None;
    }
    if facts.refers && organisations_of(actor).contains(&facts.from) {
        return Some(ReferralSide::Sender);
    }
    let answers = |id| actor.grants.contains(&(Role::FocalPoint, Scope::Organisation(id)));
    (facts.reached && facts.to.is_some_and(answers)).then_some(ReferralSide::Receiver)
}

/// Decides about an act with a referral.
pub fn may_with_referral(actor: &Actor, action: ReferralAction, facts: &ReferralFacts) -> Decision {
    let Some(side) = referral_side(actor, facts) else { return Decision::Hide };
    let allowed = match action {
        ReferralAction::Read => true,
        ReferralAction::Step(of) => of == side,
        ReferralAction::Override if side == ReferralSide::Sender && facts.override_by == Some(actor.account) => {
            return Decision::Forbid("own_request");
        }
        ReferralAction::Override => side == ReferralSide::Sender,
    };
    if allowed { Decision::Allow } else { Decision::Forbid("forbidden") }
}

/// Whether a body stands behind a wall: what was said to protect a child reaches it only where the child's side has agreed to
/// that by name. Asylum and reception authorities, police and border police, and whoever else works under the Law Enforcement
/// Directive (domain notes, 6: no immigration enforcement by the back door).
pub fn is_walled_off(kind: &str, regime: &str) -> bool {
    matches!(kind, "ASYLUM" | "POLICE") || regime == "led"
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::super::Vetting;
    use super::*;

    const ME: Uuid = Uuid::from_u128(1);
    const OTHER: Uuid = Uuid::from_u128(2);
    const HERE: Uuid = Uuid::from_u128(3);
    const THERE: Uuid = Uuid::from_u128(4);

    fn person(organisation: Uuid, grants: &[(Role, Scope)]) -> Actor {
        Actor {
            account: ME,
            name: "Ana".into(),
            country: None,
            organisation: Some(organisation),
            vetting: Vetting::Accredited(1),
            grants: grants.to_vec(),
            channels: HashSet::new(),
            mutes: Vec::new(),
        }
    }

    fn facts() -> ReferralFacts {
        ReferralFacts { from: HERE, to: Some(THERE), reached: true, refers: false, holds_key: true, override_by: None }
    }

    fn answers_for(organisation: Uuid) -> Actor {
        person(organisation, &[(Role::FocalPoint, Scope::Organisation(organisation))])
    }

    #[test]
    fn those_who_refer_from_the_room_and_those_who_answer_there_read_it() {
        let refers = ReferralFacts { refers: true, ..facts() };
        assert_eq!(referral_side(&person(HERE, &[]), &refers), Some(ReferralSide::Sender));
        assert_eq!(referral_side(&answers_for(THERE), &facts()), Some(ReferralSide::Receiver));
        assert_eq!(referral_side(&answers_for(HERE), &facts()), None, "whoever isn't in the room");
        assert_eq!(referral_side(&person(THERE, &[]), &facts()), None, "colleagues of who answers there");
    }

    #[test]
    fn nobody_else_knows_of_it_whatever_they_may_elsewhere() {
        let everything = [
            (Role::Administrator, Scope::Region),
            (Role::Moderator, Scope::Region),
            (Role::Auditor, Scope::Region),
            (Role::DataProtection, Scope::Region),
            (Role::Editor, Scope::Region),
            (Role::FocalPoint, Scope::Organisation(OTHER)),
        ];
        let powerful = person(OTHER, &everything);
        for refers in [false, true] {
            for action in [
                ReferralAction::Read,
                ReferralAction::Step(ReferralSide::Sender),
                ReferralAction::Step(ReferralSide::Receiver),
                ReferralAction::Override,
            ] {
                assert_eq!(may_with_referral(&powerful, action, &ReferralFacts { refers, ..facts() }), Decision::Hide);
            }
        }
    }

    #[test]
    fn what_was_not_sent_or_was_taken_back_is_not_there_for_the_receiver() {
        assert_eq!(referral_side(&answers_for(THERE), &ReferralFacts { reached: false, ..facts() }), None);
        assert_eq!(referral_side(&answers_for(THERE), &ReferralFacts { to: None, ..facts() }), None);
    }

    #[test]
    fn without_its_key_or_a_confirmation_there_is_none() {
        let refers = ReferralFacts { refers: true, ..facts() };
        assert_eq!(referral_side(&person(HERE, &[]), &ReferralFacts { holds_key: false, ..refers }), None);
        assert_eq!(referral_side(&answers_for(THERE), &ReferralFacts { holds_key: false, ..facts() }), None);
        for vetting in [Vetting::Pending, Vetting::Expired] {
            assert_eq!(referral_side(&Actor { vetting, ..person(HERE, &[]) }, &refers), None);
        }
    }

    #[test]
    fn each_side_takes_its_own_steps() {
        let refers = ReferralFacts { refers: true, ..facts() };
        let may = |actor: &Actor, action, facts: &ReferralFacts| may_with_referral(actor, action, facts);
        let (sender, receiver) = (person(HERE, &[]), answers_for(THERE));
        assert_eq!(may(&sender, ReferralAction::Step(ReferralSide::Sender), &refers), Decision::Allow);
        assert_eq!(may(&sender, ReferralAction::Step(ReferralSide::Receiver), &refers), Decision::Forbid("forbidden"));
        assert_eq!(may(&receiver, ReferralAction::Step(ReferralSide::Receiver), &facts()), Decision::Allow);
        assert_eq!(may(&receiver, ReferralAction::Step(ReferralSide::Sender), &facts()), Decision::Forbid("forbidden"));
    }

    #[test]
    fn consent_is_overridden_by_a_second_person_of_the_sender_alone() {
        let asked = |by| ReferralFacts { refers: true, override_by: Some(by), ..facts() };
        let sender = person(HERE, &[]);
        assert_eq!(may_with_referral(&sender, ReferralAction::Override, &asked(OTHER)), Decision::Allow);
        assert_eq!(may_with_referral(&sender, ReferralAction::Override, &asked(ME)), Decision::Forbid("own_request"));
        let there = ReferralFacts { override_by: Some(OTHER), ..facts() };
        assert_eq!(may_with_referral(&answers_for(THERE), ReferralAction::Override, &there), Decision::Forbid("forbidden"));
    }

    #[test]
    fn asylum_police_and_whoever_enforces_the_law_stand_behind_a_wall() {
        for (kind, regime) in [("ASYLUM", "gdpr"), ("POLICE", "led"), ("POLICE", "gdpr"), ("PROSECUTION", "led"), ("FIU", "led")]
        {
            assert!(is_walled_off(kind, regime), "{kind}");
        }
        for (kind, regime) in [("CPA", "gdpr"), ("NGO-SERVICE", "gdpr"), ("IGO", "io"), ("VICTIM-CENTRE", "gdpr")] {
            assert!(!is_walled_off(kind, regime), "{kind}");
        }
    }
}
