//! Time as a parameter. Microseconds since the Unix epoch, UTC, everywhere.

use crate::faults;

/// Microseconds in a second.
pub const SECOND: i64 = 1_000_000;
/// Microseconds in a minute.
pub const MINUTE: i64 = 60 * SECOND;
/// Microseconds in an hour.
pub const HOUR: i64 = 60 * MINUTE;
/// Microseconds in a day.
pub const DAY: i64 = 24 * HOUR;

/// Where the time comes from: the system, or a moment that is given.
#[derive(Clone, Copy, Debug)]
pub enum Clock {
    /// The machine's clock.
    System,
    /// A clock that stands still (microseconds).
    Fixed(i64),
}

impl Clock {
    /// Microseconds since the epoch.
    pub fn now(self) -> i64 {
        match self {
            Self::System => system_now(),
            Self::Fixed(at) => at,
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "the one place that reads the machine's clock")]
fn system_now() -> i64 {
    jiff::Timestamp::now().as_microsecond() + faults::clock_ahead() * SECOND
}

/// RFC 3339 in UTC, as the outer contract writes times.
pub fn rfc3339(micros: i64) -> String {
    jiff::Timestamp::from_microsecond(micros).map_or_else(|_| String::new(), |t| t.to_string())
}
