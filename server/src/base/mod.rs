//! Knows no feature: storage, the HTTP frame, clock, ids, secrets, key files, limits, attempts, budgets,
//! seals, encrypted files, tables, text, the guard that reads it, mail, print, and threads that compute behind all others.

pub mod attempts;
pub mod behind;
pub mod budget;
pub mod clock;
pub mod csv;
#[macro_use]
pub mod db;
pub mod guard;
pub mod http;
pub mod ids;
pub mod keyfile;
pub mod limits;
pub mod mail;
pub mod nesting;
pub mod print;
pub mod seal;
pub mod secret;
pub mod text;
pub mod vault;
