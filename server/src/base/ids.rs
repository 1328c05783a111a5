//! Ids as a parameter: UUIDv7, so that they sort by the time they were made.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use uuid::Uuid;

use super::clock::Clock;
use super::secret;

/// Makes ids: from the clock and the system's randomness, or countable ones for tests.
#[derive(Clone, Debug)]
pub enum Ids {
    /// Time and randomness.
    Random,
    /// Time and a counter, so that a test sees the same ids in every run.
    Counting(Arc<AtomicU64>),
}

impl Ids {
    /// A fresh id for something made now.
    pub fn make(&self, clock: &Clock) -> Uuid {
        let tail = match self {
            Self::Random => secret::random(),
            Self::Counting(n) => {
                let mut tail = [0; 10];
                tail[2..].copy_from_slice(&n.fetch_add(1, Ordering::SeqCst).to_be_bytes());
                tail
            }
        };
        let millis = u64::try_from(clock.now() / 1000).unwrap_or(0);
        uuid::Builder::from_unix_timestamp_millis(millis, &tail).into_uuid()
    }

    /// The id that belongs to a caller's idempotency key: the same key makes the same thing, once.
    pub fn of_key(account: Uuid, key: &str) -> Uuid {
        Uuid::new_v5(&account, key.as_bytes())
    }
}
