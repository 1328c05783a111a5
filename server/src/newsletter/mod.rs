//! The quarterly newsletter: composed by editors of nothing but what is CLEAR, released by somebody who had no part in it, then
//! public on the web, in print and by e-mail (decision 0027).
//!
//! ```text
//! feeds ── proposals ──▶ draft ── guards, locks ──▶ asked (content and digest fixed) ── second person ──▶ released ─▶ /news, PDF
//!   ▲                      │ any change                  │                                                        └─▶ queue ─▶ mail
//!   └─ source lowers ◀─────┘◀────────────────────────────┘
//! ```
//!
//! It knows neither practices nor campaigns: what can be taken comes from the feeds of `publishable`. [`withheld`] is the paste
//! guard, [`locks`] holds the glossary's terms in every language, [`edition`] is what is handed in and read, [`page`] shows it.
//!
//! Others call: [`router`] and [`pages`] to serve, [`send`] beside them, [`Post`] for the settings of both, [`for_home`] for what
//! somebody must know.

mod desk;
mod edition;
mod home;
mod http;
mod locks;
mod mailing;
mod markdown;
mod model;
mod notice;
mod page;
mod paste;
mod store;
mod withheld;
mod words;

pub use desk::Post;
pub use home::{ForHome, for_home};
pub use http::{pages, router};
pub use mailing::send;
