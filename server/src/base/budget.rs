//! So much in a while for each of many: people, addresses.

use std::hash::Hash;
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU32, Ordering};

use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

/// Looks after which those who have all of their budget again are forgotten: what is remembered stays in proportion to
/// those who have lately used some, however many have ever come by.
const FORGET_EVERY: u32 = 1024;

/// So many a second, lasting, and so many at once before that counts. Zero is taken for one.
pub fn per_second(rate: u32, burst: u32) -> Quota {
    let rate = NonZeroU32::new(rate).unwrap_or(NonZeroU32::MIN);
    Quota::per_second(rate).allow_burst(NonZeroU32::new(burst).unwrap_or(NonZeroU32::MIN).max(rate))
}

/// The budget is used up for now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spent;

/// The budgets of all who come by, each with its key.
pub struct Budgets<K: Hash + Eq + Clone> {
    limiter: DefaultKeyedRateLimiter<K>,
    looks: AtomicU32,
}

impl<K: Hash + Eq + Clone> Budgets<K> {
    /// The same budget for each.
    pub fn new(quota: Quota) -> Self {
        Self { limiter: RateLimiter::keyed(quota), looks: AtomicU32::new(0) }
    }

    /// Takes one from somebody's budget.
    ///
    /// # Errors
    /// [`Spent`] when nothing is left of it.
    pub fn take(&self, key: &K) -> Result<(), Spent> {
        if self.looks.fetch_add(1, Ordering::Relaxed) % FORGET_EVERY == FORGET_EVERY - 1 {
            self.limiter.retain_recent();
            self.limiter.shrink_to_fit();
        }
        self.limiter.check_key(key).map_err(|_| Spent)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_has_its_own_budget() {
        let budgets = Budgets::new(per_second(1, 3));
        for _ in 0..3 {
            assert_eq!(budgets.take(&"a"), Ok(()));
        }
        assert_eq!(budgets.take(&"a"), Err(Spent));
        assert_eq!(budgets.take(&"b"), Ok(()));
    }

    #[test]
    fn a_burst_is_never_below_the_rate() {
        assert_eq!(per_second(100, 60).burst_size().get(), 100);
        assert_eq!(per_second(0, 0).burst_size().get(), 1);
    }

    #[test]
    fn who_has_all_of_it_again_is_forgotten() {
        // A thousandth of a microsecond, and it is whole again.
        let budgets = Budgets::new(per_second(1_000_000_000, 1_000_000_000));
        for key in 0..20 * FORGET_EVERY {
            assert_eq!(budgets.take(&key), Ok(()));
        }
        assert!(budgets.limiter.len() <= 2 * FORGET_EVERY as usize, "{} are remembered", budgets.limiter.len());
    }
}
