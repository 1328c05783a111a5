//! Wrong codes. Whoever gets to type one knows the password already, so nobody else can lock a person out by this.
//!
//! Kept in memory: a restart forgives, and a restart is not something that a guesser can have.

use std::collections::HashMap;
use std::hash::Hash;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

use uuid::Uuid;

use crate::base::clock::{DAY, MINUTE, SECOND};

/// Wrong codes for one account from one address before that address has to wait.
const FROM_ONE_ADDRESS: u32 = 10;
/// How long it has to.
const LOCKED_FOR: i64 = 15 * MINUTE;
/// Wrong codes for one account from everywhere before it is slowed down for all. At one code a minute a guesser needs
/// about a year for an even chance against the one or two codes in a million that count.
const FROM_EVERYWHERE: u32 = 30;
/// How far apart codes for one account then are.
const SLOWED_TO: i64 = MINUTE;
/// Wrong codes are remembered this long.
const REMEMBERED_FOR: i64 = DAY;

#[derive(Clone, Copy, Default)]
struct Wrong {
    count: u32,
    last_at: i64,
}

#[derive(Default)]
struct Kept {
    here: HashMap<(Uuid, IpAddr), Wrong>,
    everywhere: HashMap<Uuid, Wrong>,
}

/// The wrong codes of the last day.
#[derive(Default)]
pub(super) struct Guesses(Mutex<Kept>);

impl Guesses {
    /// Takes note of a try before it is made; the seconds to wait if it may not be made. One that turns out right is
    /// forgiven: counted before, a thousand tries at once are no way around the count.
    pub(super) fn begin(&self, account: Uuid, address: IpAddr, now: i64) -> Result<(), u64> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let fresh = |wrong: &Wrong| now - wrong.last_at < REMEMBERED_FOR;
        kept.here.retain(|_, wrong| fresh(wrong));
        kept.everywhere.retain(|_, wrong| fresh(wrong));
        let here = kept.here.get(&(account, address)).copied().unwrap_or_default();
        let everywhere = kept.everywhere.get(&account).copied().unwrap_or_default();
        let locked = wait(here, FROM_ONE_ADDRESS, LOCKED_FOR, now).max(wait(everywhere, FROM_EVERYWHERE, SLOWED_TO, now));
        if locked > 0 {
            return Err(u64::try_from(locked / SECOND).unwrap_or_default() + 1);
        }
        // Whoever has waited begins anew.
        let count = if here.count >= FROM_ONE_ADDRESS { 1 } else { here.count + 1 };
        kept.here.insert((account, address), Wrong { count, last_at: now });
        add(&mut kept.everywhere, account, now);
        Ok(())
    }

    /// The code was right: what came before it was its owner's.
    pub(super) fn forgive(&self, account: Uuid, address: IpAddr) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let here = kept.here.remove(&(account, address)).unwrap_or_default();
        if let Some(everywhere) = kept.everywhere.get_mut(&account) {
            everywhere.count = everywhere.count.saturating_sub(here.count);
        }
    }

    /// Whether the last wrong code was one too many: then the person ought to know that somebody has the password.
    pub(super) fn just_locked(&self, account: Uuid, address: IpAddr) -> bool {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.here.get(&(account, address)).is_some_and(|wrong| wrong.count == FROM_ONE_ADDRESS)
    }
}

fn wait(wrong: Wrong, allowed: u32, wait: i64, now: i64) -> i64 {
    if wrong.count < allowed { 0 } else { (wrong.last_at + wait - now).max(0) }
}

fn add<K: Eq + Hash>(map: &mut HashMap<K, Wrong>, key: K, now: i64) {
    let wrong = map.entry(key).or_default();
    wrong.count = wrong.count.saturating_add(1);
    wrong.last_at = now;
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANA: Uuid = Uuid::from_u128(1);

    fn address(n: u8) -> IpAddr {
        IpAddr::from([192, 0, 2, n])
    }

    #[test]
    fn the_eleventh_code_from_an_address_waits_a_quarter_of_an_hour() {
        let guesses = Guesses::default();
        for _ in 0..FROM_ONE_ADDRESS {
            assert!(!guesses.just_locked(ANA, address(1)));
            assert_eq!(guesses.begin(ANA, address(1), 0), Ok(()));
        }
        assert!(guesses.just_locked(ANA, address(1)));
        assert_eq!(guesses.begin(ANA, address(1), 0), Err(15 * 60 + 1));
        assert_eq!(guesses.begin(ANA, address(2), 0), Ok(()), "another address has its own count");
        assert_eq!(guesses.begin(Uuid::from_u128(2), address(1), 0), Ok(()), "and another account");
        assert_eq!(guesses.begin(ANA, address(1), LOCKED_FOR), Ok(()));
        assert_eq!(guesses.begin(ANA, address(1), LOCKED_FOR), Ok(()), "whoever has waited has ten again");
    }

    #[test]
    fn many_addresses_are_slowed_down_together() {
        let guesses = Guesses::default();
        for n in 0..30 {
            assert_eq!(guesses.begin(ANA, address(n), 0), Ok(()));
        }
        assert_eq!(guesses.begin(ANA, address(99), 0), Err(61));
        assert_eq!(guesses.begin(ANA, address(99), SLOWED_TO), Ok(()));
        assert_eq!(guesses.begin(ANA, address(98), SLOWED_TO), Err(61));
        assert_eq!(guesses.begin(ANA, address(98), SLOWED_TO + DAY), Ok(()), "a day later it is forgotten");
    }

    #[test]
    fn a_right_code_forgives_the_wrong_ones_before_it() {
        let guesses = Guesses::default();
        for _ in 0..100 {
            for _ in 0..5 {
                assert_eq!(guesses.begin(ANA, address(1), 0), Ok(()));
            }
            guesses.forgive(ANA, address(1));
        }
    }
}
