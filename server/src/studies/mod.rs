//! Studies, and what becomes of each of their recommendations.
//!
//! Others call: [`router`] to serve, [`for_home`] for the page of the week, [`feed`] for the newsletter, [`stock`] for the search, [`holder`]
//! for who may open their documents, and for a bulk load [`import_study`].

mod entry;
mod http;
mod import;
mod model;
mod outlook;
mod store;

pub use http::router;
pub use import::{ImportedStudy, import_study};
pub use outlook::{DueRecommendation, feed, for_home, holder, stock};
