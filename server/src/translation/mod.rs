//! Machine translation of one message by a service of the operator's choice. Off unless one is set: words leave for it.
//!
//! ```text
//! message ── may it leave? ──▶ masks: terms, names, links, personal data ──▶ service ──▶ masks off ──▶ its reader
//! ```
//!
//! What must not be translated (names, links, code), what must not leave (what the guard blocks) and what is to be translated
//! as the glossary has it go as placeholders ([`masks`]). Nothing of it is stored: the last results are in memory for an hour,
//! and until their message changes ([`kept`]).
//!
//! Others call: [`router`] to serve, [`sweep`] beside it, [`Service`] for the settings.

mod http;
mod kept;
mod masks;
mod model;
mod service;
mod settings;
mod terms;
mod words;

pub use http::router;
pub use kept::sweep;
pub use settings::Service;
