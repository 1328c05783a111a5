//! Who may know of a file card, who hears that two of them meet, and who may compare values without showing them. Pure.
//!
//! A sealed card is known to those who keep it and to nobody else: not to who runs the platform or looks after a country of it.
//! No role but that of a focal point is read here.

use uuid::Uuid;

use super::handling::{LEAVING, is_carried};
use super::items::organisations_of;
use super::{Actor, Decision, Role, Scope};

/// Stricter than this and a card that is shown is for its own organisation alone (TLP 2.0: AMBER+STRICT).
const BEYOND_ONES_OWN: &str = "amber";

/// What the rules must know of an organisation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct House {
    /// The organisation.
    pub id: Uuid,
    /// Whether its kind sends coordination requests (vocabulary).
    pub sends_requests: bool,
    /// Whether its kind may compare values without showing them (vocabulary).
    pub matches: bool,
    /// Whether it works under the law-enforcement regime: Directive (EU) 2016/680 or its equal.
    pub led: bool,
}

/// What the rules must know of a file card.
#[derive(Clone, Copy, Debug)]
pub struct FileCard<'a> {
    /// Whose it is.
    pub organisation: Uuid,
    /// Who has made it.
    pub author: Uuid,
    /// Whether nobody but its holder may know of it.
    pub sealed: bool,
    /// Its marking.
    pub marking: &'a str,
    /// Whether its organisation works under the law-enforcement regime.
    pub led: bool,
}

/// What somebody wants to do with a card.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CardAction {
    /// Know that there is one, and read of it what is shown.
    Read,
    /// Read all of it, change it, withdraw it.
    Keep,
}

/// Decides about an act with a card. `houses` are those that this person speaks for.
pub fn may_with_card(actor: &Actor, action: CardAction, card: &FileCard<'_>, houses: &[House]) -> Decision {
    if !actor.is_confirmed() {
        return Decision::Hide;
    }
    let speaks = organisations_of(actor).contains(&card.organisation);
    let keeps = speaks && (card.author == actor.account || answers_for(actor, card.organisation));
    let reads = keeps || !card.sealed && (speaks || reaches(card, houses));
    match action {
        _ if !reads => Decision::Hide,
        CardAction::Read => Decision::Allow,
        CardAction::Keep if keeps => Decision::Allow,
        CardAction::Keep => Decision::Forbid("forbidden"),
    }
}

/// Whether what is shown of a card reaches one of these organisations: such as send requests, and for AMBER of its own regime.
fn reaches(card: &FileCard<'_>, houses: &[House]) -> bool {
    let community = is_carried(card.marking, LEAVING);
    is_carried(card.marking, BEYOND_ONES_OWN)
        && houses.iter().any(|house| house.sends_requests && (community || house.led == card.led))
}

/// Whether this person may make cards for an organisation: as one who speaks for it, where it sends requests.
pub fn makes_cards(actor: &Actor, house: &House) -> bool {
    actor.is_confirmed() && house.sends_requests && organisations_of(actor).contains(&house.id)
}

/// Whether this person hears that a card of this organisation may be about the same as another: its focal points, and where it
/// has none, who has made the card.
pub fn hears_of_overlaps(actor: &Actor, organisation: Uuid, author: Uuid, has_focal_points: bool) -> bool {
    let made = !has_focal_points && author == actor.account && organisations_of(actor).contains(&organisation);
    actor.is_confirmed() && (answers_for(actor, organisation) || made)
}

/// Whether this person may compare values for an organisation: its focal point, where its kind may and the law-enforcement
/// regime binds it.
pub fn matches_values(actor: &Actor, house: &House) -> bool {
    actor.is_confirmed() && can_match(house) && answers_for(actor, house.id)
}

/// Whether an organisation's focal points may compare values.
pub fn can_match(house: &House) -> bool {
    house.matches && house.led
}

fn answers_for(actor: &Actor, organisation: Uuid) -> bool {
    actor.grants.contains(&(Role::FocalPoint, Scope::Organisation(organisation)))
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::super::Vetting;
    use super::*;

    const ME: Uuid = Uuid::from_u128(1);
    const OTHER: Uuid = Uuid::from_u128(2);
    const OURS: Uuid = Uuid::from_u128(3);
    const THEIRS: Uuid = Uuid::from_u128(4);
    const NOT_MINE: Decision = Decision::Forbid("forbidden");

    fn person(organisation: Option<Uuid>, grants: &[(Role, Scope)]) -> Actor {
        Actor {
            account: ME,
            name: "Ana".into(),
            country: Some("RO".into()),
            organisation,
            vetting: Vetting::Accredited(1),
            grants: grants.to_vec(),
            channels: HashSet::new(),
            mutes: Vec::new(),
        }
    }

    fn focal(id: Uuid) -> (Role, Scope) {
        (Role::FocalPoint, Scope::Organisation(id))
    }

    fn house(id: Uuid, led: bool) -> House {
        House { id, sends_requests: true, matches: true, led }
    }

    fn card(author: Uuid, sealed: bool, marking: &'static str) -> FileCard<'static> {
        FileCard { organisation: OURS, author, sealed, marking, led: true }
    }

    #[test]
    fn a_sealed_card_is_known_to_who_keeps_it_and_to_nobody_else() {
        let every_power = [
            (Role::Administrator, Scope::Region),
            (Role::Moderator, Scope::Region),
            (Role::Moderator, Scope::Country("RO".into())),
            (Role::Moderator, Scope::Organisation(OURS)),
            (Role::Auditor, Scope::Region),
            (Role::DataProtection, Scope::Region),
            (Role::Editor, Scope::Region),
            focal(THEIRS),
        ];
        let houses = [house(OURS, true), house(THEIRS, true)];
        for marking in ["clear", "green", "amber", "amber+strict"] {
            let (mine, others) = (card(ME, true, marking), card(OTHER, true, marking));
            for action in [CardAction::Read, CardAction::Keep] {
                let may = |actor: &Actor, card: &FileCard<'_>| may_with_card(actor, action, card, &houses);
                assert_eq!(may(&person(Some(THEIRS), &every_power), &others), Decision::Hide);
                assert_eq!(may(&person(Some(OURS), &every_power), &others), Decision::Hide, "a colleague who doesn't keep it");
                assert_eq!(may(&person(Some(OURS), &[focal(OURS)]), &others), Decision::Allow);
                assert_eq!(may(&person(Some(THEIRS), &[focal(OURS)]), &others), Decision::Allow, "answers for it from elsewhere");
                assert_eq!(may(&person(Some(OURS), &[]), &mine), Decision::Allow);
                assert_eq!(may(&person(Some(THEIRS), &[]), &mine), Decision::Hide, "who made it and works elsewhere now");
                let expired = Actor { vetting: Vetting::Expired, ..person(Some(OURS), &[focal(OURS)]) };
                assert_eq!(may(&expired, &mine), Decision::Hide);
            }
        }
    }

    #[test]
    fn a_card_that_is_shown_reaches_as_far_as_its_marking() {
        let reads = |marking, house: House| {
            may_with_card(&person(Some(THEIRS), &[]), CardAction::Read, &card(OTHER, false, marking), &[house]) == Decision::Allow
        };
        let silent = House { sends_requests: false, ..house(THEIRS, true) };
        for (marking, led, gdpr) in [
            ("clear", true, true),
            ("green", true, true),
            ("amber", true, false),
            ("amber+strict", false, false),
            ("red", false, false),
        ] {
            assert_eq!((reads(marking, house(THEIRS, true)), reads(marking, house(THEIRS, false))), (led, gdpr), "{marking}");
            assert!(!reads(marking, silent), "{marking}");
        }
        let colleague = person(Some(OURS), &[]);
        let strict = card(OTHER, false, "amber+strict");
        assert_eq!(may_with_card(&colleague, CardAction::Read, &strict, &[]), Decision::Allow);
        assert_eq!(may_with_card(&colleague, CardAction::Keep, &strict, &[]), NOT_MINE);
        let shown = card(OTHER, false, "green");
        assert_eq!(may_with_card(&person(Some(THEIRS), &[]), CardAction::Keep, &shown, &[house(THEIRS, true)]), NOT_MINE);
    }

    #[test]
    fn cards_are_made_by_who_speaks_for_an_organisation_that_sends_requests() {
        assert!(makes_cards(&person(Some(OURS), &[]), &house(OURS, true)));
        assert!(makes_cards(&person(None, &[focal(OURS)]), &house(OURS, false)));
        assert!(!makes_cards(&person(Some(THEIRS), &[(Role::Administrator, Scope::Region)]), &house(OURS, true)));
        assert!(!makes_cards(&person(Some(OURS), &[]), &House { sends_requests: false, ..house(OURS, true) }));
        let pending = Actor { vetting: Vetting::Pending, ..person(Some(OURS), &[]) };
        assert!(!makes_cards(&pending, &house(OURS, true)));
    }

    #[test]
    fn only_focal_points_hear_of_overlaps_and_without_any_who_made_the_card() {
        let hears = |actor: &Actor, author, has| hears_of_overlaps(actor, OURS, author, has);
        let powers = [(Role::Administrator, Scope::Region), (Role::Moderator, Scope::Region), focal(THEIRS)];
        assert!(hears(&person(Some(OURS), &[focal(OURS)]), OTHER, true));
        assert!(!hears(&person(Some(OURS), &[]), ME, true), "they have somebody who answers");
        assert!(hears(&person(Some(OURS), &[]), ME, false));
        assert!(!hears(&person(Some(OURS), &[]), OTHER, false), "a colleague");
        assert!(!hears(&person(Some(THEIRS), &[]), ME, false), "works elsewhere now");
        assert!(!hears(&person(Some(THEIRS), &powers), OTHER, false));
        let expired = Actor { vetting: Vetting::Expired, ..person(Some(OURS), &[focal(OURS)]) };
        assert!(!hears(&expired, ME, true));
    }

    #[test]
    fn values_are_compared_by_focal_points_of_law_enforcement_alone() {
        let me = person(Some(OURS), &[focal(OURS)]);
        assert!(matches_values(&me, &house(OURS, true)));
        assert!(!matches_values(&me, &house(OURS, false)), "another regime");
        assert!(!matches_values(&me, &House { matches: false, ..house(OURS, true) }), "another kind");
        assert!(!matches_values(&me, &house(THEIRS, true)), "of another organisation");
        assert!(!matches_values(&person(Some(OURS), &[(Role::Administrator, Scope::Region)]), &house(OURS, true)));
        assert!(!matches_values(&Actor { vetting: Vetting::Expired, ..me }, &house(OURS, true)));
    }
}
