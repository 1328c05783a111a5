//! The record of acts, for auditors: who did what to whom, never what was said.

use std::collections::HashMap;

use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use crate::access::RegionAction;
use crate::audit::{self, Entry};
use crate::base::clock::rfc3339;
use crate::base::http::{Cursor, Json, Page, Params, Problem};
use crate::context::Ctx;
use crate::identity::{self, Caller};

/// The routes of this file.
pub(super) fn router(ctx: Ctx) -> OpenApiRouter {
    OpenApiRouter::new().routes(routes!(record)).with_state(ctx)
}

/// Somebody by id and name.
#[derive(Clone, Serialize, ToSchema)]
struct Doer {
    id: Uuid,
    name: String,
}

/// An act that was recorded.
#[derive(Serialize, ToSchema)]
struct RecordedAct {
    /// Its number: there is no gap.
    n: i64,
    at: String,
    /// None: the operator, on the machine itself.
    actor: Option<Doer>,
    /// `area.verb`, such as `account.suspend`.
    act: String,
    /// `kind:id`.
    target: String,
    /// Who the target is, if it is a person.
    person: Option<Doer>,
    detail: String,
}

/// The record, the latest act first.
#[utoipa::path(get, path = "/api/record", tag = "admin", params(Cursor),
    responses((status = 200, body = Page<RecordedAct>), (status = 400), (status = 401), (status = 403)))]
async fn record(
    State(ctx): State<Ctx>,
    caller: Caller,
    Params(cursor): Params<Cursor>,
) -> Result<Json<Page<RecordedAct>>, Problem> {
    caller.allow(RegionAction::ReadRecord)?;
    let limit = cursor.limit()?;
    let before = cursor.position()?.unwrap_or(i64::MAX);
    let entries = audit::page(&mut ctx.db.read().await?, before, limit + 1).await?;
    let page = Page::cut(entries, limit, |entry| entry.n.to_string());
    let people = people(&ctx, &page.items).await?;
    let items = page.items.into_iter().map(|entry| RecordedAct {
        n: entry.n,
        at: rfc3339(entry.at),
        actor: entry.actor.and_then(|id| people.get(&id).cloned()),
        act: entry.act,
        person: account_in(&entry.target).and_then(|id| people.get(&id).cloned()),
        target: entry.target,
        detail: entry.detail,
    });
    Ok(Json(Page { items: items.collect(), next: page.next }))
}

/// The account that a target names.
fn account_in(target: &str) -> Option<Uuid> {
    target.strip_prefix("account:")?.parse().ok()
}

/// The names of all who act or are acted upon.
async fn people(ctx: &Ctx, entries: &[Entry]) -> Result<HashMap<Uuid, Doer>, Problem> {
    let mut conn = ctx.db.read().await?;
    let mut people = HashMap::new();
    for id in entries.iter().flat_map(|entry| entry.actor.into_iter().chain(account_in(&entry.target))) {
        if !people.contains_key(&id)
            && let Some(account) = identity::account(&mut conn, id).await?
        {
            people.insert(id, Doer { id, name: account.name });
        }
    }
    Ok(people)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_accounts_are_people() {
        let id = Uuid::from_u128(7);
        assert_eq!(account_in(&format!("account:{id}")), Some(id));
        for other in [format!("channel:{id}"), "account:".into(), "account:7x".into()] {
            assert_eq!(account_in(&other), None, "{other}");
        }
    }
}
