//! The routes of topics: reading their list, renaming, moving, resolving and tagging them.

mod http;

pub use http::router;
