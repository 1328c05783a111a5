//! Coordination requests between organisations: what one asks another before, or instead of, a formal letter. With clocks of eight
//! hours, three days and seven days, receipts, and an end in the channel made for it.
//!
//! Only the people of the two organisations who answer for them, and those who are named on a request, know that there is one
//! ([`crate::access::side_of`]). What it says is sealed in storage and in no index. Its steps are kept with it, for those two, and
//! are not in the record of the region, where others would learn of it.
//!
//! Others call: [`router`] to serve, [`sweep`] for as long as the server runs, [`for_home`] for the page of the week, and for a bulk load [`import_request`].

mod acts;
mod clock;
mod figures;
mod home;
mod http;
mod import;
mod model;
mod next;
mod notice;
mod people;
mod sealed;
mod store;
mod sweep;
mod views;

pub use home::{RequestsAtHome, for_home};
pub use http::router;
pub use import::{ImportedRequest, import_request};
pub use sweep::sweep;
