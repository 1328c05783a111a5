//! What a person must know of requests this week: how many wait, and nothing of what they say.

use serde::Serialize;
use utoipa::ToSchema;

use super::store::{self, Which};
use super::views;
use crate::access::Actor;
use crate::base::http::Problem;
use crate::context::Ctx;

/// Requests that are looked at, at most.
const OPEN_MAX: i64 = 300;

/// Requests that wait for somebody.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub struct RequestsAtHome {
    /// How many wait for a step of theirs.
    waiting: usize,
    /// How many of these are late.
    late: usize,
}

/// How many requests wait for this person.
pub async fn for_home(ctx: &Ctx, actor: &Actor) -> Result<RequestsAtHome, Problem> {
    let mut conn = ctx.db.read().await?;
    let rows = store::listed(&mut conn, actor.account, Which::Open, OPEN_MAX).await?;
    let mut cards = views::cards(ctx, &mut conn, actor, rows).await?;
    cards.retain(views::Card::waits);
    Ok(RequestsAtHome { waiting: cards.len(), late: cards.iter().filter(|card| card.is_late()).count() })
}
