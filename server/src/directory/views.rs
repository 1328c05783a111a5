//! Rows put together as readers see them.

use std::collections::HashMap;

use uuid::Uuid;

use super::Person;
use super::model::{FocalFor, FocalPoint, Organisation, Profile};
use super::store::{self, FocalRow, OrganisationRow, PersonRow};
use crate::base::db::{On, Result};
use crate::context::Ctx;

/// People as profiles, by id. Those who are suspended are not among them.
pub(super) async fn profiles(conn: &mut impl On, ctx: &Ctx, rows: Vec<PersonRow>) -> Result<HashMap<Uuid, Profile>> {
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let mut entries: HashMap<_, _> = store::entries(conn, &ids).await?.into_iter().collect();
    let mut focal_for: HashMap<Uuid, Vec<FocalFor>> = HashMap::new();
    for FocalRow { organisation, account, theme, name, .. } in store::focal_of_accounts(conn, &ids).await? {
        focal_for.entry(account).or_default().push(FocalFor { organisation, name, theme });
    }
    let profiles = rows.into_iter().map(|row| {
        let (entry, focal_for) = (entries.remove(&row.id), focal_for.remove(&row.id).unwrap_or_default());
        (row.id, Profile::new(row, entry, focal_for, ctx))
    });
    Ok(profiles.collect())
}

/// Organisations with those who answer for them, in the order of the rows.
pub(super) async fn organisations(conn: &mut impl On, ctx: &Ctx, rows: Vec<OrganisationRow>) -> Result<Vec<Organisation>> {
    let now = ctx.now();
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let mut namings = store::focal_of_organisations(conn, &ids).await?;
    namings.retain(|naming| naming.until > now);
    let mut accounts: Vec<Uuid> = namings.iter().map(|naming| naming.account).collect();
    accounts.sort_unstable();
    accounts.dedup();
    let people: HashMap<Uuid, Person> =
        store::people_by_id(conn, &accounts).await?.into_iter().map(|row| (row.id, Person::new(row, ctx))).collect();
    let mut focal_points: HashMap<Uuid, Vec<FocalPoint>> = HashMap::new();
    for FocalRow { organisation, account, theme, .. } in namings {
        let Some(person) = people.get(&account).cloned() else { continue };
        focal_points.entry(organisation).or_default().push(FocalPoint { person, theme });
    }
    let dressed = rows.into_iter().map(|row| {
        let focal_points = focal_points.remove(&row.id).unwrap_or_default();
        Organisation::new(row, focal_points, now)
    });
    Ok(dressed.collect())
}
