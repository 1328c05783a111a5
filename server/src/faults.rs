//! Ways to be broken on purpose, so that the fault checker can be seen to fail. Only the tests' own binary injects one;
//! nothing that `egida` reads can.

use std::sync::atomic::{AtomicU8, Ordering};

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

/// Breaks a promise, for the rest of the process.
pub fn inject(fault: Fault) {
    INJECTED.store(fault as u8, Ordering::Relaxed);
}

/// Whether this promise is broken.
pub(crate) fn injected(fault: Fault) -> bool {
    INJECTED.load(Ordering::Relaxed) == fault as u8
}
