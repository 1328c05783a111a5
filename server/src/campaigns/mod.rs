//! Campaigns: what organisations plan together for an audience, have approved by others, try out, run and learn from.
//!
//! Others call: [`router`] to serve.

mod codes;
mod dates;
mod http;
mod indicators;
mod model;
mod notice;
mod parent;
mod steps;
mod store;
mod views;
mod whole;

pub use http::router;
