//! Routes of referrals. No answer to a change holds what a referral says: answers are kept for a while, to be given again.

mod drafts;
mod lists;
mod partners;
mod show;
mod steps;

use axum::extract::State as Given;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::store;
use crate::base::http::Problem;
use crate::context::Ctx;
use crate::identity::Caller;
use crate::keys::{Unlock, Unlocked};

/// The routes of this slice.
pub fn router(ctx: Ctx) -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(lists::list, drafts::create))
        .routes(routes!(partners::find))
        .routes(routes!(partners::capacities, partners::say_capacity))
        .routes(routes!(show::show, drafts::change))
        .routes(routes!(drafts::approve))
        .routes(routes!(steps::take))
        .routes(routes!(steps::tick, steps::untick))
        .with_state(ctx)
}

/// Opens somebody's keys for a referral that they were let into. Who wasn't gets the answer for none, with keys or without.
async fn unlocked_for(ctx: &Ctx, caller: &Caller, unlock: &Unlock, id: Uuid) -> Result<Unlocked, Problem> {
    let people = store::people(&mut ctx.db.read().await?, id).await?;
    let inside = caller.actor.is_confirmed() && people.iter().any(|(account, _)| *account == caller.account());
    if !inside {
        return Err(Problem::not_found());
    }
    unlock.of(ctx, caller).await
}

type Shared = Given<Ctx>;
