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

/// A time in UTC to the second, in 19 characters that people read, too: `2026-11-29 05:43:24`.
pub fn to_the_second(micros: i64) -> String {
    jiff::Timestamp::from_microsecond(micros).map_or_else(|_| String::new(), |t| t.strftime("%F %T").to_string())
}

/// The time that [`to_the_second`] has written (microseconds).
pub fn of_the_second(text: &str) -> Option<i64> {
    format!("{text}Z").parse().ok().map(jiff::Timestamp::as_microsecond)
}

/// RFC 3339 in UTC, as the outer contract writes times.
pub fn rfc3339(micros: i64) -> String {
    jiff::Timestamp::from_microsecond(micros).map_or_else(|_| String::new(), |t| t.to_string())
}
