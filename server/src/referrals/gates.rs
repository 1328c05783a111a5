//! Why a referral that says everything may still not leave: pure.

use uuid::Uuid;

use super::content::{Basis, Consent, Sealed};
use super::model::APPROVAL_HOLDS;

/// The service that nobody is referred for before a best interests determination (domain notes, 3d).
const RETURN: &str = "return-reunification";

/// What the gates look at.
#[derive(Clone, Copy, Debug)]
pub(super) struct Gate<'a> {
    pub(super) sealed: &'a Sealed,
    pub(super) to: Option<Uuid>,
    /// The receiver stands behind the wall.
    pub(super) walled: bool,
    pub(super) cross_border: bool,
    pub(super) bia_done: bool,
    pub(super) bid: &'a str,
    pub(super) now: i64,
}

/// Why a complete referral doesn't leave, as a problem's code.
pub(super) fn held_back(gate: &Gate<'_>) -> Option<&'static str> {
    let Sealed { content, overriding, .. } = gate.sealed;
    if content.legal_basis == Some(Basis::Consent) && !matches!(content.consent, Some(Consent::Given | Consent::ByGuardian)) {
        return Some("basis_without_consent");
    }
    if !content.is_agreed() {
        let Some(overriding) = overriding else { return Some("consent_missing") };
        let Some((_, at)) = overriding.approved else { return Some("override_unapproved") };
        if gate.now - at >= APPROVAL_HOLDS {
            return Some("override_stale");
        }
    }
    if gate.walled && !gate.to.is_some_and(|to| content.told_to.contains(&to)) {
        return Some("wall_consent_missing");
    }
    if gate.cross_border && !gate.bia_done {
        return Some("bia_missing");
    }
    let returns = content.services.iter().any(|service| service == RETURN);
    (returns && gate.bid != "done").then_some("bid_missing")
}

#[cfg(test)]
mod tests {
    use super::super::content::tests::whole;
    use super::super::content::{Agreed, Assent, Content, Overriding};
    use super::*;

    const THERE: Uuid = Uuid::from_u128(4);

    fn sealed(content: Content) -> Sealed {
        Sealed { content, overriding: None, child: None }
    }

    fn gate(sealed: &Sealed) -> Gate<'_> {
        let (walled, cross_border, bia_done, bid, now) = (false, false, false, "not_needed", 0);
        Gate { sealed, to: Some(THERE), walled, cross_border, bia_done, bid, now }
    }

    #[test]
    fn without_consent_and_assent_a_second_person_has_approved_lately() {
        assert_eq!(held_back(&gate(&sealed(whole()))), None);
        for (consent, assent) in
            [(Consent::Refused, Assent::Given), (Consent::NotAsked, Assent::Given), (Consent::Given, Assent::Refused)]
        {
            let content = Content { consent: Some(consent), assent: Some(assent), ..whole() };
            let mut all = sealed(content);
            assert_eq!(held_back(&gate(&all)), Some("consent_missing"));
            all.overriding = Some(Overriding { by: THERE, approved: None });
            assert_eq!(held_back(&gate(&all)), Some("override_unapproved"));
            all.overriding = Some(Overriding { by: THERE, approved: Some((THERE, 0)) });
            assert_eq!(held_back(&gate(&all)), None);
            assert_eq!(held_back(&Gate { now: APPROVAL_HOLDS, ..gate(&all) }), Some("override_stale"));
        }
        let content = Content { legal_basis: Some(Basis::Consent), consent: Some(Consent::Refused), ..whole() };
        assert_eq!(held_back(&gate(&sealed(content))), Some("basis_without_consent"));
    }

    #[test]
    fn across_a_border_the_best_interests_were_assessed_and_before_a_return_determined() {
        let all = sealed(whole());
        assert_eq!(held_back(&Gate { cross_border: true, ..gate(&all) }), Some("bia_missing"));
        assert_eq!(held_back(&Gate { cross_border: true, bia_done: true, ..gate(&all) }), None);
        let back = sealed(Content { services: vec![RETURN.into()], ..whole() });
        for bid in ["not_needed", "pending"] {
            assert_eq!(held_back(&Gate { bid, ..gate(&back) }), Some("bid_missing"));
        }
        assert_eq!(held_back(&Gate { bid: "done", ..gate(&back) }), None);
    }

    #[test]
    fn behind_the_wall_is_told_only_who_the_child_side_has_agreed_to() {
        let all = sealed(whole());
        assert_eq!(held_back(&Gate { walled: true, ..gate(&all) }), Some("wall_consent_missing"));
        let other = sealed(Content { told_to: vec![Uuid::from_u128(9)], told_by: Some(Agreed::Child), ..whole() });
        assert_eq!(held_back(&Gate { walled: true, ..gate(&other) }), Some("wall_consent_missing"));
        let agreed = sealed(Content { told_to: vec![THERE], told_by: Some(Agreed::Both), ..whole() });
        assert_eq!(held_back(&Gate { walled: true, ..gate(&agreed) }), None);
    }
}
