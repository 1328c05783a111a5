//! Referrals between organisations and across borders, until somebody has arrived safely.
//!
//! A referral is sealed in a space of its own, to the people of both sides: the receiving side opens it and never the room that it
//! comes from. Others call: [`router`] to serve, [`sweep`] beside it, and for a bulk load
//! [`import_referral`].

mod checklist;
mod content;
mod drafts;
mod gates;
mod http;
mod import;
mod model;
mod notice;
mod opened;
mod partners;
mod people;
mod refused;
mod steps;
mod store;
mod sweep;

pub use http::router;
pub use import::{ImportedReferral, ImportedStep, import_referral};
pub use sweep::sweep;
