//! What follows from how a message is marked: who gets its words and who has had them, who changes the marking and who
//! proposes to, whom an H2 may be passed on to, and the end that a message has of its own.

mod expiry;
mod http;
mod marking;
mod reading;
mod store;

pub use expiry::expire;
pub(super) use http::router;
pub(super) use reading::open;
pub(super) use store::is_released;
