//! The rules of access and what they stand on, and no more.
#![allow(dead_code, unused, reason = "what else calls them isn't here")]

#[macro_use]
pub mod base {
    pub mod clock;
    #[macro_use]
    pub mod db;
    pub mod secret;
}
pub mod access;
pub mod faults;
