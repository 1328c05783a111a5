//! The agenda: what takes place in the region, when by the clocks there, and who comes.
//!
//! Others call: [`router`] to serve, [`remind`] beside it, [`for_home`] for the page of the week, [`feed`] for the newsletter,
//! [`stock`] for the search, and for a bulk load [`import_event`].

mod entry;
mod http;
mod ical;
mod import;
mod model;
mod notice;
mod outlook;
mod remind;
mod store;

pub use http::router;
pub use import::{ImportedEvent, import_event};
pub use outlook::{ComingEvent, feed, for_home, stock};
pub use remind::remind;
