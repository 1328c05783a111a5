//! What is begun in one request and finished in the next: kept for some minutes, and given out once.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use uuid::Uuid;

use crate::base::clock::MINUTE;
use crate::base::secret;

/// How long something begun can be finished: `WebAuthn` Level 3 recommends 5 to 10 minutes for a ceremony (15.1).
const GOOD_FOR: i64 = 5 * MINUTE;
/// Things under way at most; further ones are told to come back. A few hundred bytes each.
const MAX_KEPT: usize = 10_000;

/// Values under way, by a random name.
pub(in crate::identity) struct Once<T> {
    kept: Mutex<HashMap<Uuid, (T, i64)>>,
    good_for: i64,
}

impl<T> Default for Once<T> {
    fn default() -> Self {
        Self::good_for(GOOD_FOR)
    }
}

impl<T> Once<T> {
    /// Keeps each for so long (microseconds).
    pub(in crate::identity) fn good_for(good_for: i64) -> Self {
        Self { kept: Mutex::default(), good_for }
    }

    /// Keeps a value; the name to ask for it, or `None` if too many are kept.
    pub(in crate::identity) fn keep(&self, value: T, now: i64) -> Option<Uuid> {
        let name = Uuid::from_bytes(secret::random());
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= MAX_KEPT {
            kept.retain(|_, (_, until)| *until > now);
        }
        if kept.len() >= MAX_KEPT {
            return None;
        }
        kept.insert(name, (value, now + self.good_for));
        Some(name)
    }

    /// Gives a value out, for good; `None` if there is none, or it is too old.
    pub(in crate::identity) fn take(&self, name: Uuid, now: i64) -> Option<T> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.remove(&name).filter(|(_, until)| *until > now).map(|(value, _)| value)
    }

    /// Looks at a value that stays.
    pub(in crate::identity) fn peek(&self, name: Uuid, now: i64) -> Option<T>
    where
        T: Clone,
    {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.get(&name).filter(|(_, until)| *until > now).map(|(value, _)| value.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_is_given_out_once_and_in_time() {
        let once = Once::default();
        let name = once.keep("value", 0).expect("room");
        assert_eq!(once.peek(name, 1), Some("value"));
        assert_eq!(once.take(name, GOOD_FOR - 1), Some("value"));
        assert_eq!(once.take(name, 1), None);
        let late = once.keep("value", 0).expect("room");
        assert_eq!((once.peek(late, GOOD_FOR), once.take(late, GOOD_FOR)), (None, None));
    }

    #[test]
    fn a_flood_is_turned_away_until_what_it_began_is_too_old() {
        let once = Once::default();
        for _ in 0..MAX_KEPT {
            assert!(once.keep((), 0).is_some());
        }
        assert!(once.keep((), GOOD_FOR - 1).is_none());
        assert!(once.keep((), GOOD_FOR).is_some());
    }
}
