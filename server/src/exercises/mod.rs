//! Exercises: rooms with fictitious files to train in, wiped at the end, and a page that remains.
//!
//! Others call: [`router`] to serve, [`end_and_wipe`] beside it, and for a bulk load [`begin`].

mod http;
mod model;
mod run;
mod store;
mod template;
mod wipe;

pub use http::router;
pub use run::{NewExercise, begin};
pub use wipe::end_and_wipe;
