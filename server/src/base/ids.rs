//! Ids: UUIDv7, so that they sort by the time they were made. The time is a parameter.

use uuid::Uuid;

use super::clock::{Clock, SECOND};
use super::secret;

/// A fresh id for something made when `clock` says.
pub fn make(clock: Clock) -> Uuid {
    let millis = u64::try_from(clock.now() / 1000).unwrap_or(0);
    uuid::Builder::from_unix_timestamp_millis(millis, &secret::random()).into_uuid()
}

/// When something was made, by its id (microseconds); 0 for an id that doesn't say.
pub fn made_at(id: Uuid) -> i64 {
    let made = id.get_timestamp().map(|time| time.to_unix());
    made.and_then(|(seconds, nanos)| i64::try_from(seconds).ok()?.checked_mul(SECOND)?.checked_add(i64::from(nanos / 1000)))
        .unwrap_or(0)
}

/// The id that belongs to a caller's idempotency key: the same key makes the same thing, once.
pub fn of_key(account: Uuid, key: &str) -> Uuid {
    Uuid::new_v5(&account, key.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_says_when_it_was_made() {
        assert_eq!(made_at(make(Clock::Fixed(1_795_931_004_250_999))), 1_795_931_004_250_000, "to the millisecond");
        assert_eq!(made_at(of_key(Uuid::nil(), "key")), 0);
    }
}
