//! Whom a request concerns.

use uuid::Uuid;

use super::store::{self, Row};
use crate::access::{RequestSide, side_of};
use crate::base::db::{On, Result};
use crate::context::Ctx;
use crate::exercises;

/// People of an organisation that are looked at.
const STAFF_MAX: i64 = 100;

/// The people of an organisation who were let in, without this one.
pub(super) async fn colleagues(conn: &mut impl On, ctx: &Ctx, organisation: Uuid, without: Uuid) -> Result<Vec<Uuid>> {
    let mut found = Vec::new();
    for account in store::staff(conn, organisation, STAFF_MAX).await? {
        if account != without && ctx.standing.actor(account).await?.is_some_and(|actor| actor.is_confirmed()) {
            found.push(account);
        }
    }
    Ok(found)
}

/// Those who may read a request, each with the side they stand on. Of an exercise, those who take part in it, or took part: they
/// are told that it goes, too.
pub(super) async fn readers(conn: &mut impl On, ctx: &Ctx, row: &Row) -> Result<Vec<(Uuid, RequestSide)>> {
    let mut people = vec![row.author];
    people.extend(row.screener);
    people.extend(row.handler);
    people.extend(store::focal_points(conn, row.asker).await?);
    people.extend(store::focal_points(conn, row.asked).await?);
    people.sort_unstable();
    people.dedup();
    let train = match row.exercise {
        Some(exercise) => Some(exercises::people(conn, exercise).await?),
        None => None,
    };
    let mut found = Vec::new();
    for account in people {
        let Some(actor) = ctx.standing.actor(account).await? else { continue };
        let Some(side) = side_of(&actor, &row.facts()) else { continue };
        if train.as_ref().is_none_or(|train| train.contains(&account)) {
            found.push((account, side));
        }
    }
    Ok(found)
}

/// Whether somebody answers for an organisation to whom a request can be sent: of an exercise, somebody who takes part in it.
pub(super) async fn is_reachable(conn: &mut impl On, organisation: Uuid, exercise: Option<Uuid>) -> Result<bool> {
    let focal = store::focal_points(conn, organisation).await?;
    let Some(exercise) = exercise else { return Ok(!focal.is_empty()) };
    for account in focal {
        if exercises::takes_part(conn, exercise, account).await? {
            return Ok(true);
        }
    }
    Ok(false)
}
