//! The tables of `0012_directory.sql`, and accounts as others see them.

/// Rows of a statement that ends in `IN `, for these ids: `$1, $2, …`, each bound. Nothing is asked for an empty list. The
/// statement is kept for one id only: there is one for every number of ids, and they would push out the busy ones.
macro_rules! among {
    ($conn:expr, $begin:expr, $ids:expr, $end:expr) => {{
        let ids: &[uuid::Uuid] = $ids;
        if ids.is_empty() {
            Vec::new()
        } else {
            let marks: Vec<String> = (1..=ids.len()).map(|n| format!("${n}")).collect();
            let sql = format!("{} ({}) {}", $begin, marks.join(", "), $end);
            on!($conn, c => {
                let mut query = sqlx::query_as(sqlx::AssertSqlSafe(sql)).persistent(ids.len() == 1);
                for id in ids {
                    query = query.bind(*id);
                }
                query.fetch_all(c)
            })?
        }
    }};
}

mod countries;
mod finding;
mod organisations;
mod people;

pub(super) use countries::{channel, confirm as confirm_country, confirmation as country_confirmation, moderators};
pub(super) use finding::{
    FinderOrganisation, FinderPerson, Naming, focal_points, focal_points_among, organisations as all_organisations,
    people as all_people, people_among,
};
pub(super) use organisations::{
    FocalRow, Narrowing, OrganisationRow, Unsettled, by_key, change, confirm, delete_focal_point, descriptions,
    focal_of_accounts, focal_of_organisations, insert, insert_focal_point, of_country, organisation, organisations_by_id, page,
    place, rename_staff, serving, unsettled,
};
pub(super) use people::{EntryRow, PersonRow, entries, people, people_by_id, person, put_entry, staff};
