//! Case rooms: one child or situation each, pseudonymous, sealed at rest; phases, gates, clocks ([decision
//! 30](../../../docs/decisions/0030-case-rooms.md)).
//!
//! A room is no channel: nothing that reads channels, messages or the index finds anything of it. Others call: [`router`] to serve,
//! [`sweep`] beside it, [`settle`] before anybody is let in; [`ground`] and [`note_referral`] for what comes out of a room;
//! [`escrow_ended`] when the escrow is turned off; [`import_case`] for a bulk load.

mod acts;
mod days;
mod escrow;
mod ground;
mod http;
mod import;
mod inside;
mod model;
mod notice;
mod sealing;
mod steps;
mod store;
mod sweep;
mod words;

pub use escrow::ended as escrow_ended;
pub use ground::{Ground, ground, note_referral};
pub use http::router;
pub use import::{ImportedCase, ImportedEntry, ImportedMember, import_case};
pub use sweep::{settle, sweep};
