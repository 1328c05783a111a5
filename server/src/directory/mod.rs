//! Who is here: people as others see them. No private address is ever shown.
//!
//! Others call: [`Person`], [`people_by_id`].

mod http;
mod store;

pub use http::router;

use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::base::db::{On, Result};
use crate::context::Ctx;

/// Somebody as others see them.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Person {
    /// The account.
    pub id: Uuid,
    /// The name.
    pub name: String,
    /// Country of work.
    pub country: Option<String>,
    /// Code of the vocabulary.
    pub function: Option<String>,
    /// Where this person works.
    pub organisation: Option<String>,
    /// `here` with a window open, else `away`: coarse on purpose.
    pub presence: &'static str,
}

impl Person {
    fn new(row: store::PersonRow, ctx: &Ctx) -> Self {
        Self {
            presence: if ctx.hub.is_here(row.id) { "here" } else { "away" },
            id: row.id,
            name: row.name,
            country: row.country,
            function: row.function,
            organisation: row.organisation,
        }
    }
}

/// These people, in this order, without those who are suspended.
pub async fn people_by_id(conn: &mut impl On, ctx: &Ctx, ids: &[Uuid]) -> Result<Vec<Person>> {
    let mut people = Vec::with_capacity(ids.len());
    for id in ids {
        people.extend(store::person(conn, *id).await?.map(|row| Person::new(row, ctx)));
    }
    Ok(people)
}
