//! Knows no feature: storage, the HTTP frame, clock, ids, secrets, limits, attempts, text.

pub mod attempts;
pub mod clock;
#[macro_use]
pub mod db;
pub mod http;
pub mod ids;
pub mod limits;
pub mod seal;
pub mod secret;
pub mod text;
