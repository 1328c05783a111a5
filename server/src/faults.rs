//! Ways to be broken on purpose, so that the fault checker can be seen to fail, and a clock that can be moved, so that
//! expiry can be seen. Only the tests' own binary uses them; nothing that `egida` reads can.

use std::sync::atomic::{AtomicI64, AtomicU8, Ordering};

/// A promise to break.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Fault {
    /// Posts are answered before they are durable.
    AckBeforeCommit = 1,
    /// The same reference is stored again.
    IgnoreRef = 2,
}

static INJECTED: AtomicU8 = AtomicU8::new(0);
/// How far the clock has been moved (seconds).
static CLOCK_AHEAD: AtomicI64 = AtomicI64::new(0);

/// Breaks a promise, for the rest of the process.
pub fn inject(fault: Fault) {
    INJECTED.store(fault as u8, Ordering::Relaxed);
}

/// Whether this promise is broken.
pub(crate) fn injected(fault: Fault) -> bool {
    INJECTED.load(Ordering::Relaxed) == fault as u8
}

/// Moves the machine's clock, as this process sees it, so many seconds ahead of the true time.
pub fn move_clock(seconds: i64) {
    CLOCK_AHEAD.store(seconds, Ordering::Relaxed);
}

/// How far the clock has been moved (seconds).
pub(crate) fn clock_ahead() -> i64 {
    CLOCK_AHEAD.load(Ordering::Relaxed)
}
