//! What somebody must know of the newsletter this week.

use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::store;
use crate::access::{Actor, Decision, RegionAction, may_in_region};
use crate::base::db::Result;
use crate::context::Ctx;

/// Issues that are looked at: one is composed in a quarter.
const ISSUES: i64 = 8;

/// See the module.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = NewsletterForHome)]
pub struct ForHome {
    /// Sources' answers that the caller owes.
    pub requests: i64,
    /// Issues that wait for a second person who could be the caller: id and number.
    pub releases: Vec<Waiting>,
}

/// An issue that waits.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = NewsletterWaiting)]
pub struct Waiting {
    /// The issue.
    pub id: Uuid,
    /// Its number.
    pub number: i64,
}

/// See the module.
///
/// # Errors
/// When storage fails.
pub async fn for_home(ctx: &Ctx, actor: &Actor) -> Result<ForHome> {
    let mut conn = ctx.db.read().await?;
    let requests = store::open_requests(&mut conn, actor.account).await?;
    let mut releases = Vec::new();
    for issue in store::issues(&mut conn, true, None, ISSUES).await? {
        let worked_on = store::composers(&mut conn, issue.id).await?;
        let may = may_in_region(actor, RegionAction::ReleaseNewsletter { worked_on: &worked_on }) == Decision::Allow;
        if issue.state == "asked" && may {
            releases.push(Waiting { id: issue.id, number: issue.number });
        }
    }
    Ok(ForHome { requests, releases })
}
