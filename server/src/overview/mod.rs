//! The map of the house and what somebody missed: views over the channels that a reader may read.

mod http;

pub use http::router;
