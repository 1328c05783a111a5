//! Searches that somebody keeps under a name, and is told of when there is something new to be found.

mod alert;
mod http;
mod look;
mod store;

pub use alert::alert;
pub use http::router;

/// Searches that a person keeps at most.
const SAVED_MAX: i64 = 50;
/// Characters of a name at most.
const NAME_MAX: usize = 80;
