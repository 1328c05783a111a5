//! Exercises: rooms with fictitious files to train in, wiped at the end, and a page that remains.
//!
//! Others call: [`router`] to serve, [`end_and_wipe`] beside it, for a bulk load [`begin`]; and for fictitious things of their own
//! [`takes_part`], [`people`] and [`over`].

mod http;
mod model;
mod run;
mod store;
mod template;
mod wipe;

use uuid::Uuid;

use crate::base::db::{On, Result};

pub use http::router;
pub use run::{NewExercise, begin};
pub use wipe::end_and_wipe;

/// Whether this exercise runs and this person takes part in it: then fictitious things may be made for it.
pub async fn takes_part(conn: &mut impl On, exercise: Uuid, account: Uuid) -> Result<bool> {
    store::takes_part(conn, exercise, account).await
}

/// Who takes part in an exercise, or took part in one that is over.
pub async fn people(conn: &mut impl On, exercise: Uuid) -> Result<Vec<Uuid>> {
    store::people(conn, exercise).await
}

/// The exercises that are over: what was made for them goes.
pub async fn over(conn: &mut impl On) -> Result<Vec<Uuid>> {
    store::over(conn).await
}
