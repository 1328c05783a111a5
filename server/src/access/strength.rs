//! Whether powers are awake. Whoever holds a power must hold a second factor too: in a session that was begun without one
//! the powers sleep, and its person acts as any other member. The power of a focal point asks for none and never sleeps.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use super::Actor;

/// How strictly a region asks for the second factor of those who hold powers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SecondFactor {
    /// Without it powers sleep.
    Required,
    /// Asked for, and required from then on (microseconds). For a region that is being tried out.
    Grace(i64),
}

impl SecondFactor {
    /// Whether powers sleep without it at this time (microseconds).
    pub fn is_required(self, now: i64) -> bool {
        match self {
            Self::Required => true,
            Self::Grace(until) => until <= now,
        }
    }
}

impl fmt::Display for SecondFactor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Required => f.write_str("required"),
            Self::Grace(until) => write!(f, "grace:{until}"),
        }
    }
}

impl FromStr for SecondFactor {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        match text.split_once(':') {
            None if text == "required" => Ok(Self::Required),
            Some(("grace", until)) => until.parse().map(Self::Grace).map_err(|_| ()),
            _ => Err(()),
        }
    }
}

/// Whether powers that ask for a second factor, if there are any (`ask`), sleep in a session; `strong`: it was begun or
/// confirmed with one.
pub fn asleep(ask: bool, strong: bool, rule: SecondFactor, now: i64) -> bool {
    ask && !strong && rule.is_required(now)
}

/// Somebody as they may act in a session.
pub fn awake_in(actor: Arc<Actor>, strong: bool, rule: SecondFactor, now: i64) -> Arc<Actor> {
    if !asleep(actor.must_hold_second_factor(), strong, rule, now) {
        return actor;
    }
    let mut left = without_powers(&actor);
    left.grants = actor.grants.iter().filter(|(role, _)| !role.asks_for_second_factor()).cloned().collect();
    Arc::new(left)
}

/// The same person without any power.
pub fn without_powers(actor: &Actor) -> Actor {
    Actor {
        account: actor.account,
        name: actor.name.clone(),
        country: actor.country.clone(),
        organisation: actor.organisation,
        vetting: actor.vetting,
        grants: Vec::new(),
        channels: actor.channels.clone(),
        mutes: actor.mutes.clone(),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use uuid::Uuid;

    use super::super::{Mute, Role, Scope, Vetting};
    use super::*;

    fn moderator() -> Arc<Actor> {
        Arc::new(Actor {
            account: Uuid::from_u128(1),
            name: "Ana".into(),
            country: None,
            organisation: None,
            vetting: Vetting::Accredited(1),
            grants: vec![(Role::Moderator, Scope::Region)],
            channels: HashSet::from([Uuid::from_u128(7)]),
            mutes: vec![Mute { scope: Scope::Region, until: 9 }],
        })
    }

    #[test]
    fn powers_sleep_without_a_second_factor_and_memberships_stay() {
        let sleeping = awake_in(moderator(), false, SecondFactor::Required, 5);
        assert!(sleeping.grants.is_empty());
        assert_eq!((sleeping.account, &sleeping.channels), (moderator().account, &moderator().channels));
        assert_eq!(sleeping.mutes, moderator().mutes);
        assert!(sleeping.is_confirmed());
        assert!(awake_in(moderator(), true, SecondFactor::Required, 5).is_moderator());
    }

    #[test]
    fn who_answers_for_an_organisation_does_so_without_one() {
        let answers = (Role::FocalPoint, Scope::Organisation(Uuid::from_u128(5)));
        let holder = |grants: &[(Role, Scope)]| {
            let mut actor = Actor::clone(&moderator());
            actor.grants = grants.to_vec();
            Arc::new(actor)
        };
        let left = |grants: &[(Role, Scope)]| awake_in(holder(grants), false, SecondFactor::Required, 5).grants.clone();
        assert_eq!(left(std::slice::from_ref(&answers)), std::slice::from_ref(&answers));
        for role in [Role::Administrator, Role::Moderator, Role::Auditor, Role::DataProtection, Role::Editor] {
            let both = [(role, Scope::Region), answers.clone()];
            assert_eq!(left(&both), std::slice::from_ref(&answers), "{role:?}");
            assert!(holder(&both).must_hold_second_factor(), "{role:?}");
        }
        assert!(!holder(std::slice::from_ref(&answers)).must_hold_second_factor());
        assert!(!holder(&[]).must_hold_second_factor());
    }

    #[test]
    fn a_grace_ends_to_the_moment() {
        let rule = SecondFactor::Grace(10);
        assert!(awake_in(moderator(), false, rule, 9).is_moderator());
        assert!(!awake_in(moderator(), false, rule, 10).is_moderator());
        assert!(!asleep(false, false, rule, 10), "who has no powers has none to sleep");
    }

    #[test]
    fn the_rule_is_kept_as_a_word() {
        for rule in [SecondFactor::Required, SecondFactor::Grace(77)] {
            assert_eq!(rule.to_string().parse(), Ok(rule));
        }
        for word in ["", "grace", "grace:", "grace:soon", "off"] {
            assert_eq!(word.parse::<SecondFactor>(), Err(()), "{word}");
        }
    }
}
