//! Time as a parameter. Microseconds since the Unix epoch, UTC, everywhere.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

/// Microseconds in a second.
pub const SECOND: i64 = 1_000_000;
/// Microseconds in a minute.
pub const MINUTE: i64 = 60 * SECOND;
/// Microseconds in an hour.
pub const HOUR: i64 = 60 * MINUTE;
/// Microseconds in a day.
pub const DAY: i64 = 24 * HOUR;

/// Where the time comes from: the system, or a hand that a test moves.
#[derive(Clone, Debug)]
pub enum Clock {
    /// The machine's clock.
    System,
    /// A clock that stands still until it is moved (microseconds).
    Fixed(Arc<AtomicI64>),
}

impl Clock {
    /// A clock standing at `micros`.
    pub fn fixed(micros: i64) -> Self {
        Self::Fixed(Arc::new(AtomicI64::new(micros)))
    }

    /// Microseconds since the epoch.
    pub fn now(&self) -> i64 {
        match self {
            Self::System => system_now(),
            Self::Fixed(at) => at.load(Ordering::SeqCst),
        }
    }

    /// Moves a fixed clock on by `micros`; the system's clock can't be moved.
    pub fn advance(&self, micros: i64) {
        if let Self::Fixed(at) = self {
            at.fetch_add(micros, Ordering::SeqCst);
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "the one place that reads the machine's clock")]
fn system_now() -> i64 {
    jiff::Timestamp::now().as_microsecond()
}

/// RFC 3339 in UTC, as the outer contract writes times.
pub fn rfc3339(micros: i64) -> String {
    jiff::Timestamp::from_microsecond(micros).map_or_else(|_| String::new(), |t| t.to_string())
}
