//! Who is here and who can help: people as others see them, organisations, focal points, the cards of countries. No private
//! address is ever shown.
//!
//! Others call: [`Person`], [`people_by_id`], [`organisations_named`], [`organisation_exists`], [`focal_points_of`]; [`works_in`],
//! [`organisation_by_name`] and [`regime_of_new`] for an invitation,
//! [`join`] or [`settle`] once an account exists, [`settle_all`] before serving; and for a bulk
//! load [`import_organisation`], [`import_entry`], [`import_country`], [`name_focal_point`].

mod acts;
mod finder;
mod found;
mod http;
mod import;
mod meaning;
mod model;
mod shelf;
mod store;
mod views;

pub use acts::{join, name_focal_point, organisation_by_name, organisation_exists, regime_of_new, settle, settle_all, works_in};
pub use found::source;
pub use http::router;
pub use import::{ImportedEntry, ImportedOrganisation, import_country, import_entry, import_organisation};
pub use shelf::Shelf;

use std::collections::HashMap;

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
    /// The same as a row of the directory.
    pub organisation_id: Option<Uuid>,
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
            organisation_id: row.organisation_id,
        }
    }
}

/// An organisation by name.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = NamedOrganisation)]
pub struct NamedOrganisation {
    /// Its row of the directory.
    pub id: Uuid,
    /// As people write it.
    pub name: String,
    /// Code of the vocabulary.
    pub kind: String,
    /// `None`: the whole region.
    pub country: Option<String>,
}

/// These organisations, in this order.
pub async fn organisations_named(conn: &mut impl On, ids: &[Uuid]) -> Result<Vec<NamedOrganisation>> {
    let rows = store::organisations_by_id(conn, ids).await?;
    let mut found: HashMap<Uuid, NamedOrganisation> = rows
        .into_iter()
        .map(|row| (row.id, NamedOrganisation { id: row.id, name: row.name, kind: row.kind, country: row.country }))
        .collect();
    Ok(ids.iter().filter_map(|id| found.remove(id)).collect())
}

/// Those who answer for these organisations, each once.
pub async fn focal_points_of(conn: &mut impl On, organisations: &[Uuid]) -> Result<Vec<Uuid>> {
    let mut accounts: Vec<Uuid> =
        store::focal_of_organisations(conn, organisations).await?.into_iter().map(|row| row.account).collect();
    accounts.sort_unstable();
    accounts.dedup();
    Ok(accounts)
}

/// These people, in this order, without those who are suspended.
pub async fn people_by_id(conn: &mut impl On, ctx: &Ctx, ids: &[Uuid]) -> Result<Vec<Person>> {
    let mut found: HashMap<Uuid, store::PersonRow> =
        store::people_by_id(conn, ids).await?.into_iter().map(|row| (row.id, row)).collect();
    Ok(ids.iter().filter_map(|id| found.remove(id)).map(|row| Person::new(row, ctx)).collect())
}
