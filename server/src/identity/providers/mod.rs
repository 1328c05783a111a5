//! Signing in through an institution's own identity provider (OpenID Connect): what it says of somebody opens an account
//! that is there already, or lets somebody in who holds an invitation for that address. It never makes one by itself.
//!
//! ```text
//! page ── POST …/entries ──▶ a flight is kept, a cookie set ──▶ the page goes to the provider
//! provider ── GET …/return ──▶ flight, code and ID token are checked ──▶ an arrival is kept ──▶ /sign-in?entry=…
//! page ── POST /api/session/provider ──▶ second factor, binding, session
//!
//! with an invitation ── /join?entry=… ── POST /api/invitation-acceptances/provider (in `admin`) ──▶ account, binding, session
//! ```
//!
//! The session begins in a request of our own page: the return comes from another site, to which the session's cookie,
//! `SameSite=Strict`, says nothing, and it can't ask for a code.

mod claims;
mod desk;
mod http;
mod settings;
mod store;
mod talk;

pub use desk::{Desk, Provider, bind_newcomer, names_somebody};
pub use http::expired;
pub(super) use http::router;
pub use settings::{PROVIDER_KEYS, Providers};
