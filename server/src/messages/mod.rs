//! What is said: posting, changing, reading, catching up.
//!
//! Others call: [`router`] and [`frames`] to serve, [`relocate`] when a topic changes its channel, [`release`] when a
//! moderator lets a post through, [`import`] for a bulk load, [`expire`] and [`keep_retention`] to erase what has come to its
//! end, [`Erasures`] to erase again what a restore brings back, [`leaving`] and [`abroad`] for what may leave the platform, [`wording`]
//! for whoever keeps something of it, [`holder`] for who may open what messages carry, [`verify`] to check what is stored.

mod attached;
mod catch_up;
mod change;
mod ends;
mod erasures;
mod export;
mod handling;
mod http;
mod import;
mod model;
mod post;
mod release;
mod render;
mod retention;
mod store;
mod titles;
mod verify;
mod wire;

pub use attached::holder;
pub(crate) use catch_up::{topic_change, topic_gone};
pub use change::relocate;
pub use erasures::Erasures;
pub use export::{Abroad, Leaving, abroad, leaving, wording};
pub use handling::expire;
pub use http::latest;
pub use http::router;
pub use import::{Imported, import};
pub use model::{Message, Reaction};
pub use release::release;
pub use retention::keep_retention;
pub use store::Wording;
pub use verify::verify;
pub use wire::frames;
