//! Who may do what in a case room. Nobody has a power over one: administrators, moderators and auditors are here whoever they
//! are in the room, which is mostly nobody. Pure.

use uuid::Uuid;

use super::{Actor, Decision, Role};

/// Kinds of organisations that work under another aim than a child's protection: they come into a protection room with the
/// consent of the child's side only (domain, 6: no immigration enforcement by the back door).
const AUTHORITIES: [&str; 2] = ["ASYLUM", "POLICE"];

/// What somebody is in a room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Asked to come, and hasn't accepted the terms.
    Invited,
    /// A member.
    Active,
}

/// What the rules must know of a room, and of somebody in it.
#[derive(Clone, Copy, Debug)]
pub struct CaseRoom {
    /// The organisation that leads it.
    pub lead: Uuid,
    /// Whether it is closed.
    pub closed: bool,
    /// What this person is in it, and for which organisation; `None`: nothing.
    pub part: Option<(Part, Uuid)>,
}

/// What somebody wants to do in a room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CaseAction {
    /// Accept the terms, or decline.
    Answer,
    /// Read it.
    Read,
    /// Write in it, propose and confirm.
    Write,
    /// What its lead organisation does: the sheet, the phase, putting somebody out.
    Lead,
}

/// Decides about an act in a room. Whoever was invited for an organisation and works elsewhere now has no part in it: the mandate
/// was that organisation's.
pub fn may_in_case(actor: &Actor, action: CaseAction, room: &CaseRoom) -> Decision {
    let part = room.part.filter(|(_, house)| actor.organisation == Some(*house));
    let Some((part, house)) = part.filter(|_| actor.is_confirmed()) else { return Decision::Hide };
    match (action, part) {
        (CaseAction::Answer, Part::Invited) | (CaseAction::Read, Part::Active) => Decision::Allow,
        (CaseAction::Answer, Part::Active) => Decision::Forbid("forbidden"),
        (_, Part::Invited) => Decision::Hide,
        (CaseAction::Write | CaseAction::Lead, Part::Active) if room.closed => Decision::Forbid("case_closed"),
        (CaseAction::Lead, Part::Active) if house != room.lead => Decision::Forbid("case_not_lead"),
        (CaseAction::Write | CaseAction::Lead, Part::Active) => Decision::Allow,
    }
}

/// Whether this person may open a room for where they work, an organisation of such a kind.
pub fn may_open_case(actor: &Actor, opens_rooms: bool) -> Decision {
    match (actor.is_confirmed(), actor.organisation.is_some() && opens_rooms) {
        (false, _) => Decision::Forbid("not_confirmed"),
        (true, false) => Decision::Forbid("case_not_opened_by"),
        (true, true) => Decision::Allow,
    }
}

/// How somebody comes into a room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// A member of the lead organisation invites them.
    ByOne,
    /// One member proposes, another one confirms.
    ByTwo,
}

/// What the rules must know of an invitation.
#[derive(Clone, Copy, Debug)]
pub struct Invitation<'a> {
    /// Whether the inviter speaks for the lead organisation.
    pub by_lead: bool,
    /// Whether nobody but the inviter is in the room, or invited: there is no second person to ask yet.
    pub alone: bool,
    /// Where the invited person works.
    pub house: Uuid,
    /// Its kind.
    pub kind: &'a str,
    /// The organisation that leads the room.
    pub lead: Uuid,
    /// The organisations that have a member in it.
    pub houses: &'a [Uuid],
    /// Whether the child's side agrees that authorities come in.
    pub authorities_agreed: bool,
}

/// How this person may be let in: an administrator, somebody of an organisation that isn't in the room, and anybody whom a member
/// of another organisation than the lead's proposes, by two. Whoever has opened a room names the first other member alone, as they
/// have chosen to open it; never an administrator.
///
/// # Errors
/// `case_member_unknown` for who can't be a member at all, `case_consent_missing` for an authority without consent.
pub fn way_in(invited: &Actor, invitation: &Invitation<'_>) -> Result<Way, &'static str> {
    if !invited.is_confirmed() || invited.organisation != Some(invitation.house) {
        return Err("case_member_unknown");
    }
    let colleague = invitation.house == invitation.lead;
    if AUTHORITIES.contains(&invitation.kind) && !colleague && !invitation.authorities_agreed {
        return Err("case_consent_missing");
    }
    let administers = invited.grants.iter().any(|(role, _)| *role == Role::Administrator);
    let outsider = !invitation.houses.contains(&invitation.house);
    let strange = outsider && !invitation.alone;
    Ok(if administers || strange || !invitation.by_lead { Way::ByTwo } else { Way::ByOne })
}

/// Whether this person may do what somebody has proposed: somebody else, always; a hand-over somebody of the organisation that is
/// to lead.
pub fn may_confirm(account: Uuid, house: Uuid, by: Uuid, new_lead: Option<Uuid>) -> Decision {
    if account == by {
        return Decision::Forbid("case_own_proposal");
    }
    if new_lead.is_some_and(|lead| lead != house) { Decision::Forbid("forbidden") } else { Decision::Allow }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::super::{Scope, Vetting};
    use super::*;

    const LEAD: Uuid = Uuid::from_u128(1);
    const PARTNER: Uuid = Uuid::from_u128(2);
    const ME: Uuid = Uuid::from_u128(3);
    const OTHER: Uuid = Uuid::from_u128(4);

    fn person(organisation: Option<Uuid>, grants: &[(Role, Scope)]) -> Actor {
        Actor {
            account: ME,
            name: "Ana".into(),
            country: None,
            organisation,
            vetting: Vetting::Accredited(1),
            grants: grants.to_vec(),
            channels: HashSet::new(),
            mutes: Vec::new(),
        }
    }

    fn all(actor: &Actor, room: &CaseRoom) -> [Decision; 4] {
        [CaseAction::Answer, CaseAction::Read, CaseAction::Write, CaseAction::Lead].map(|action| may_in_case(actor, action, room))
    }

    #[test]
    fn no_power_opens_a_room() {
        let room = CaseRoom { lead: LEAD, closed: false, part: None };
        for role in [Role::Administrator, Role::Moderator, Role::Auditor, Role::DataProtection, Role::Editor] {
            assert_eq!(all(&person(Some(LEAD), &[(role, Scope::Region)]), &room), [Decision::Hide; 4], "{role:?}");
        }
        assert_eq!(all(&person(Some(LEAD), &[(Role::FocalPoint, Scope::Organisation(LEAD))]), &room), [Decision::Hide; 4]);
    }

    #[test]
    fn who_is_invited_answers_and_knows_no_more() {
        let room = CaseRoom { lead: LEAD, closed: false, part: Some((Part::Invited, PARTNER)) };
        let answers = [Decision::Allow, Decision::Hide, Decision::Hide, Decision::Hide];
        assert_eq!(all(&person(Some(PARTNER), &[]), &room), answers);
    }

    #[test]
    fn members_write_and_the_lead_leads_until_it_is_closed() {
        let room = CaseRoom { lead: LEAD, closed: false, part: Some((Part::Active, LEAD)) };
        let out = Decision::Forbid("forbidden");
        assert_eq!(all(&person(Some(LEAD), &[]), &room), [out, Decision::Allow, Decision::Allow, Decision::Allow]);
        let partner = CaseRoom { part: Some((Part::Active, PARTNER)), ..room };
        let not_lead = Decision::Forbid("case_not_lead");
        assert_eq!(all(&person(Some(PARTNER), &[]), &partner), [out, Decision::Allow, Decision::Allow, not_lead]);
        let closed = Decision::Forbid("case_closed");
        assert_eq!(all(&person(Some(LEAD), &[]), &CaseRoom { closed: true, ..room }), [out, Decision::Allow, closed, closed]);
    }

    #[test]
    fn a_mandate_ends_with_the_job_and_with_accreditation() {
        let room = CaseRoom { lead: LEAD, closed: false, part: Some((Part::Active, LEAD)) };
        assert_eq!(all(&person(Some(PARTNER), &[]), &room), [Decision::Hide; 4]);
        assert_eq!(all(&person(None, &[]), &room), [Decision::Hide; 4]);
        for vetting in [Vetting::Pending, Vetting::Expired] {
            assert_eq!(all(&Actor { vetting, ..person(Some(LEAD), &[]) }, &room), [Decision::Hide; 4]);
        }
    }

    #[test]
    fn outsiders_and_administrators_take_two() {
        let invitation = Invitation {
            by_lead: true,
            alone: false,
            house: LEAD,
            kind: "NGO-SERVICE",
            lead: LEAD,
            houses: &[LEAD],
            authorities_agreed: false,
        };
        let administrator = [(Role::Administrator, Scope::Region)];
        assert_eq!(way_in(&person(Some(LEAD), &[]), &invitation), Ok(Way::ByOne));
        assert_eq!(way_in(&person(Some(LEAD), &administrator), &invitation), Ok(Way::ByTwo));
        let outside = Invitation { house: PARTNER, ..invitation };
        assert_eq!(way_in(&person(Some(PARTNER), &[]), &outside), Ok(Way::ByTwo));
        let first = Invitation { alone: true, ..outside };
        assert_eq!(way_in(&person(Some(PARTNER), &[]), &first), Ok(Way::ByOne), "the second of a room that one has opened");
        assert_eq!(way_in(&person(Some(PARTNER), &administrator), &first), Ok(Way::ByTwo));
        let inside = Invitation { houses: &[LEAD, PARTNER], ..outside };
        assert_eq!(way_in(&person(Some(PARTNER), &[]), &inside), Ok(Way::ByOne));
        assert_eq!(way_in(&person(Some(PARTNER), &[]), &Invitation { by_lead: false, ..inside }), Ok(Way::ByTwo));
        assert_eq!(way_in(&person(Some(LEAD), &[]), &outside), Err("case_member_unknown"));
        let pending = Actor { vetting: Vetting::Pending, ..person(Some(LEAD), &[]) };
        assert_eq!(way_in(&pending, &invitation), Err("case_member_unknown"));
    }

    #[test]
    fn authorities_come_in_with_the_consent_of_the_childs_side() {
        for kind in ["ASYLUM", "POLICE"] {
            let invitation = Invitation {
                by_lead: true,
                alone: false,
                house: PARTNER,
                kind,
                lead: LEAD,
                houses: &[LEAD, PARTNER],
                authorities_agreed: false,
            };
            assert_eq!(way_in(&person(Some(PARTNER), &[]), &invitation), Err("case_consent_missing"));
            let agreed = Invitation { authorities_agreed: true, ..invitation };
            assert_eq!(way_in(&person(Some(PARTNER), &[]), &agreed), Ok(Way::ByOne));
            let own = Invitation { house: LEAD, ..invitation };
            assert_eq!(way_in(&person(Some(LEAD), &[]), &own), Ok(Way::ByOne), "a room of their own");
        }
    }

    #[test]
    fn nobody_confirms_their_own_and_the_new_lead_takes_over_itself() {
        assert_eq!(may_confirm(ME, LEAD, ME, None), Decision::Forbid("case_own_proposal"));
        assert_eq!(may_confirm(ME, LEAD, OTHER, None), Decision::Allow);
        assert_eq!(may_confirm(ME, LEAD, OTHER, Some(PARTNER)), Decision::Forbid("forbidden"));
        assert_eq!(may_confirm(ME, PARTNER, OTHER, Some(PARTNER)), Decision::Allow);
    }

    #[test]
    fn rooms_are_opened_by_those_whose_organisations_do() {
        assert_eq!(may_open_case(&person(Some(LEAD), &[]), true), Decision::Allow);
        assert_eq!(may_open_case(&person(Some(LEAD), &[]), false), Decision::Forbid("case_not_opened_by"));
        assert_eq!(may_open_case(&person(None, &[]), true), Decision::Forbid("case_not_opened_by"));
        let pending = Actor { vetting: Vetting::Pending, ..person(Some(LEAD), &[]) };
        assert_eq!(may_open_case(&pending, true), Decision::Forbid("not_confirmed"));
    }
}
