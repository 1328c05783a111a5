//! Who is here and who can help: people as others see them, organisations, focal points, the cards of countries. No private
//! address is ever shown.
//!
//! Others call: [`Person`], [`people_by_id`], [`organisations_named`], [`organisation_exists`], [`focal_points_of`]; [`helpers_in`],
//! [`helper`] and [`focal_points_by`] for whoever looks for help; [`works_in`],
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
use crate::vocabulary::codes::codes;

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

/// An organisation as somebody looks at it who seeks help for a child.
#[derive(Clone, Debug)]
pub struct Helper {
    /// Its row of the directory.
    pub id: Uuid,
    /// As people write it.
    pub name: String,
    /// Code of the vocabulary.
    pub kind: String,
    /// The law it keeps personal data under: `gdpr`, `led` or `io`.
    pub regime: String,
    /// `None`: the whole region.
    pub country: Option<String>,
    /// What it can help with: slugs of themes and codes of services.
    pub helps: Vec<String>,
    /// Codes of languages.
    pub speaks: Vec<String>,
}

impl From<store::OrganisationRow> for Helper {
    fn from(row: store::OrganisationRow) -> Self {
        let (helps, speaks) = (codes(&row.helps), codes(&row.speaks));
        Self { id: row.id, name: row.name, kind: row.kind, regime: row.regime, country: row.country, helps, speaks }
    }
}

/// The organisations that help in a country, those of the whole region among them, by name.
pub async fn helpers_in(conn: &mut impl On, country: &str) -> Result<Vec<Helper>> {
    Ok(store::serving(conn, country).await?.into_iter().map(Helper::from).collect())
}

/// This organisation in the same way.
pub async fn helper(conn: &mut impl On, id: Uuid) -> Result<Option<Helper>> {
    Ok(store::organisation(conn, id).await?.map(Helper::from))
}

/// Who answers for which of these organisations and is confirmed at this time (microseconds): organisation and account.
pub async fn focal_points_by(conn: &mut impl On, organisations: &[Uuid], now: i64) -> Result<Vec<(Uuid, Uuid)>> {
    let rows = store::focal_of_organisations(conn, organisations).await?;
    Ok(rows.into_iter().filter(|row| row.until > now).map(|row| (row.organisation, row.account)).collect())
}

/// These people, in this order, without those who are suspended.
pub async fn people_by_id(conn: &mut impl On, ctx: &Ctx, ids: &[Uuid]) -> Result<Vec<Person>> {
    let mut found: HashMap<Uuid, store::PersonRow> =
        store::people_by_id(conn, ids).await?.into_iter().map(|row| (row.id, row)).collect();
    Ok(ids.iter().filter_map(|id| found.remove(id)).map(|row| Person::new(row, ctx)).collect())
}
