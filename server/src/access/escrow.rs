//! Who may hold the escrow of case rooms, and agree that somebody gets back into one. Pure.

use uuid::Uuid;

use super::{Actor, Decision};

/// Why somebody can't hold the escrow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unfit {
    /// Nobody has confirmed who they are, or that has run out.
    NotConfirmed,
    /// They work for no organisation of the directory.
    NoOrganisation,
    /// They run the platform: who has the disks must not have the keys.
    Administers,
}

/// The organisation for which somebody can hold the escrow.
///
/// # Errors
/// Why they can't.
pub fn escrow_house(actor: &Actor) -> Result<Uuid, Unfit> {
    if !actor.is_confirmed() {
        return Err(Unfit::NotConfirmed);
    }
    if actor.administers() {
        return Err(Unfit::Administers);
    }
    actor.organisation.ok_or(Unfit::NoOrganisation)
}

/// Whether somebody holds the escrow now: named for where they work, and still fit for it.
pub fn holds_escrow(actor: &Actor, holders: &[(Uuid, Uuid)]) -> bool {
    escrow_house(actor).is_ok_and(|house| holders.contains(&(actor.account, house)))
}

/// Whether somebody may agree to what was asked for by `by`, to which `first` has agreed already.
pub fn may_agree(actor: &Actor, holders: &[(Uuid, Uuid)], by: Uuid, first: Option<Uuid>) -> Decision {
    if !holds_escrow(actor, holders) {
        return Decision::Hide;
    }
    match actor.account {
        me if me == by => Decision::Forbid("escrow_own"),
        me if first == Some(me) => Decision::Forbid("escrow_agreed"),
        _ => Decision::Allow,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::super::{Role, Scope, Vetting};
    use super::*;

    const ME: Uuid = Uuid::from_u128(1);
    const OTHER: Uuid = Uuid::from_u128(2);
    const HOUSE: Uuid = Uuid::from_u128(3);
    const ELSEWHERE: Uuid = Uuid::from_u128(4);
    const HELD: [(Uuid, Uuid); 2] = [(ME, HOUSE), (OTHER, ELSEWHERE)];

    fn person() -> Actor {
        Actor {
            account: ME,
            name: "Ana".into(),
            country: None,
            organisation: Some(HOUSE),
            vetting: Vetting::Accredited(1),
            grants: Vec::new(),
            channels: HashSet::new(),
            mutes: Vec::new(),
        }
    }

    #[test]
    fn it_is_held_by_confirmed_people_of_an_organisation_who_run_nothing() {
        assert_eq!(escrow_house(&person()), Ok(HOUSE));
        for vetting in [Vetting::Pending, Vetting::Expired] {
            assert_eq!(escrow_house(&Actor { vetting, ..person() }), Err(Unfit::NotConfirmed));
        }
        assert_eq!(escrow_house(&Actor { organisation: None, ..person() }), Err(Unfit::NoOrganisation));
        let administrator = Actor { grants: vec![(Role::Administrator, Scope::Region)], ..person() };
        assert_eq!(escrow_house(&administrator), Err(Unfit::Administers));
        let moderator = Actor { grants: vec![(Role::Moderator, Scope::Region)], ..person() };
        assert_eq!(escrow_house(&moderator), Ok(HOUSE));
    }

    #[test]
    fn nobody_but_a_holder_learns_that_something_was_asked_for() {
        assert_eq!(may_agree(&person(), &HELD, Uuid::nil(), None), Decision::Allow);
        assert_eq!(may_agree(&person(), &[], Uuid::nil(), None), Decision::Hide, "it is off");
        for other in [
            Actor { account: Uuid::from_u128(9), ..person() },
            Actor { organisation: Some(ELSEWHERE), ..person() },
            Actor { organisation: None, ..person() },
            Actor { vetting: Vetting::Expired, ..person() },
            Actor { grants: vec![(Role::Administrator, Scope::Region)], ..person() },
        ] {
            assert_eq!(may_agree(&other, &HELD, Uuid::nil(), None), Decision::Hide);
            assert!(!holds_escrow(&other, &HELD));
        }
    }

    #[test]
    fn two_different_holders_agree_and_neither_for_themselves() {
        assert_eq!(may_agree(&person(), &HELD, ME, None), Decision::Forbid("escrow_own"));
        assert_eq!(may_agree(&person(), &HELD, ME, Some(OTHER)), Decision::Forbid("escrow_own"));
        assert_eq!(may_agree(&person(), &HELD, Uuid::nil(), Some(ME)), Decision::Forbid("escrow_agreed"));
        assert_eq!(may_agree(&person(), &HELD, Uuid::nil(), Some(OTHER)), Decision::Allow);
    }
}
