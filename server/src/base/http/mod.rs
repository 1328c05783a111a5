//! The frame around every answer: problems, JSON in, paging, headers; and asking other servers.

mod body;
mod elsewhere;
mod headers;
mod json;
mod outgoing;
mod paging;
mod problem;
mod server;
mod tls;

pub use elsewhere::Elsewhere;
pub use headers::{Allowance, Hsts, guard_requests, harden, refuse_large};
pub use json::{Json, Params, Path, broken_off};
pub use outgoing::{NoAnswer, Outgoing};
pub use paging::{Cursor, Page, Place};
pub use problem::{Problem, from_panic};
pub use server::{Peer, serve};
pub use tls::Tls;
