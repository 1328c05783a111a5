//! Four eyes: what takes much out of the platform at once, or changes what it keeps, is asked for by one person, approved by
//! another one, and done once, within a day, as it was asked for.
//!
//! Others call: [`router`] to serve, [`sweep`] for as long as the server runs.

mod http;
mod model;
mod notice;
mod rules;
mod store;
mod sweep;

pub use http::router;
pub use sweep::sweep;
