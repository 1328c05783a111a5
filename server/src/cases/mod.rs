//! Case rooms: one child or situation each, pseudonymous, sealed at rest; phases, gates, clocks ([decision
//! 30](../../../docs/decisions/0030-case-rooms.md)).
//!
//! A room is no channel: nothing that reads channels, messages or the index finds anything of it. Others call: [`router`] to serve,
//! [`sweep`] beside it; [`ground`], [`ring`] and [`note`] for what comes out of a room; [`erase_again`] after a restore;
//! [`import_case`] for a bulk load.

mod acts;
mod days;
mod ground;
mod http;
mod inside;
mod model;
mod notice;
mod sealing;
mod steps;
mod store;
mod sweep;
mod words;

pub use ground::{Ground, ground, note, ring};
pub use http::router;
pub use sweep::{erase_again, sweep};
