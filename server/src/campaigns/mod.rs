//! Campaigns: what organisations plan together for an audience, have approved by others, try out, run and learn from.
//!
//! Others call: [`router`] to serve, [`stock`] for the search, [`feed`] for the newsletter, [`holder`] for files, [`for_home`] for what somebody must
//! know this week; and for a bulk load [`import_campaign`].

mod codes;
mod dates;
mod feed;
mod found;
mod held;
mod home;
mod http;
mod import;
mod indicators;
mod model;
mod notice;
mod parent;
mod steps;
mod store;
mod views;
mod whole;

pub use feed::feed;
pub use found::stock;
pub use held::holder;
pub use home::{Home, for_home};
pub use http::router;
pub use import::{ImportedCampaign, ImportedIndicator, ImportedMaterial, ImportedPretest, ImportedTies, import_campaign};
