//! Ids: UUIDv7, so that they sort by the time they were made. The time is a parameter.

use uuid::Uuid;

use super::clock::Clock;
use super::secret;

/// A fresh id for something made when `clock` says.
pub fn make(clock: Clock) -> Uuid {
    let millis = u64::try_from(clock.now() / 1000).unwrap_or(0);
    uuid::Builder::from_unix_timestamp_millis(millis, &secret::random()).into_uuid()
}

/// The id that belongs to a caller's idempotency key: the same key makes the same thing, once.
pub fn of_key(account: Uuid, key: &str) -> Uuid {
    Uuid::new_v5(&account, key.as_bytes())
}
