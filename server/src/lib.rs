//! Egida: one binary with the region's database and the browser's UI inside.
//!
//! Imports run one way, and a contract test holds them to it:
//!
//! ```text
//! main -> cli, app -> routes -> slices -> findable -> context, vocabulary -> access, audit, realtime -> base
//! ```
//!
//! - `base` knows no feature: storage with group commit, the HTTP frame, clock, ids, secrets, limits, text.
//! - `realtime` carries opaque frames to sockets. `audit` is the chained record of acts.
//! - `access` holds `may(actor, action, target)`, the one place where roles are read.
//! - `findable` is how slices hand things to the search without knowing it.
//! - A slice is a noun of the users' world: `mod.rs` says what it is for and what others may call, `model.rs` holds pure
//!   types and rules, `store.rs` the SQL, `http.rs` the routes, `wire.rs` the socket's frames.
//! - `routes` puts the slices together, `app` runs them, `cli` is what an operator types.

#[macro_use]
mod base;
mod access;
mod admin;
mod agenda;
mod app;
mod approvals;
mod attachable;
mod audit;
mod campaigns;
mod cases;
mod channels;
pub mod cli;
mod config;
mod context;
mod deconfliction;
mod directory;
mod exercises;
#[doc(hidden)]
pub mod faults;
mod files;
mod findable;
mod glossary;
mod home;
mod idempotency;
mod identity;
mod keys;
mod library;
mod messages;
mod moderation;
mod newsletter;
mod overview;
mod publishable;
mod realtime;
mod record;
mod referrals;
#[expect(clippy::similar_names, reason = "who asks and who is asked are called so")]
mod requests;
mod routes;
mod search;
mod studies;
mod topics;
mod translation;
mod ui;
mod vetting;
mod vocabulary;

/// The OpenAPI document of the HTTP contract, as `egida openapi` prints it.
pub fn openapi_json() -> String {
    app::openapi_json()
}

/// The types of frames that the socket understands, sorted.
pub fn frame_types() -> Vec<&'static str> {
    routes::frames().types()
}
