//! Routes of powers: who holds which, where.

use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::super::power;
use crate::access::{RegionAction, Role, Scope};
use crate::audit::{self, Act};
use crate::base::db::{self, Tx};
use crate::base::http::{Json, Path, Problem};
use crate::channels;
use crate::context::Ctx;
use crate::identity::{self, Caller, RoleGrant};

/// Grants of one request at most.
const TOGETHER: usize = 50;

/// The routes of this file.
pub(super) fn router(ctx: Ctx) -> OpenApiRouter {
    OpenApiRouter::new().routes(routes!(grant)).routes(routes!(grant_many)).routes(routes!(ungrant)).with_state(ctx)
}

/// A power to be given.
#[derive(Deserialize, ToSchema)]
struct GrantWish {
    /// `administrator`, `moderator`, `auditor`, `data_protection` or `editor`.
    role: String,
    /// `region`, `country:RO`, `theme:forced-begging` or `channel:<id>`.
    scope: String,
}

/// A power to be given to somebody.
#[derive(Deserialize, ToSchema)]
struct GrantTo {
    account: Uuid,
    #[serde(flatten)]
    grant: GrantWish,
}

/// Powers to be given together, or none of them.
#[derive(Deserialize, ToSchema)]
struct GrantsWish {
    /// 1 to 50.
    grants: Vec<GrantTo>,
}

/// Powers that were given, in the order asked for.
#[derive(Serialize, ToSchema)]
struct Given {
    grants: Vec<RoleGrant>,
}

/// A power that may be given.
struct Checked {
    account: Uuid,
    role: Role,
    scope: Scope,
}

/// Whether the caller may give or take this power: never their own, never beyond what they hold.
async fn checked(ctx: &Ctx, caller: &Caller, account: Uuid, role: &str, scope: &str) -> Result<Checked, Problem> {
    if !caller.actor.administers() && !caller.actor.is_moderator() {
        caller.allow(RegionAction::Administer)?;
    }
    identity::account(&mut ctx.db.read().await?, account).await?.ok_or_else(Problem::not_found)?;
    let (role, scope) = power(role, scope).ok_or_else(scope_invalid)?;
    let country = match &scope {
        Scope::Channel(id) => ctx.standing.channel(*id).await?.ok_or_else(scope_invalid)?.country.clone(),
        _ => None,
    };
    caller.allow(RegionAction::Grant { role, scope: &scope, country: country.as_deref(), account })?;
    identity::stepped_up(caller)?;
    Ok(Checked { account, role, scope })
}

fn scope_invalid() -> Problem {
    Problem::unprocessable("scope_invalid", "There is no such role or scope")
}

async fn give(tx: &mut Tx, ctx: &Ctx, by: Uuid, to: &Checked) -> db::Result<RoleGrant> {
    let id = identity::grant(tx, ctx, to.account, to.role, &to.scope, Some(by)).await?;
    let (target, detail) = (format!("account:{}", to.account), format!("{} {}", to.role.as_str(), to.scope));
    audit::record(tx, Act { at: ctx.now(), actor: Some(by), what: "role.grant", target, detail }).await?;
    channels::tell_standing(tx, ctx, to.account);
    Ok(RoleGrant { id, role: to.role.as_str().into(), scope: to.scope.to_string() })
}

/// Gives an account a power within a scope.
#[utoipa::path(post, path = "/api/accounts/{id}/roles", tag = "admin", params(("id" = Uuid, Path)), request_body = GrantWish,
    responses((status = 201, body = RoleGrant), (status = 401), (status = 403), (status = 404), (status = 422)))]
async fn grant(
    State(ctx): State<Ctx>,
    caller: Caller,
    Path(id): Path<Uuid>,
    Json(wish): Json<GrantWish>,
) -> Result<(StatusCode, Json<RoleGrant>), Problem> {
    let to = checked(&ctx, &caller, id, &wish.role, &wish.scope).await?;
    let (by, db) = (caller.account(), ctx.db.clone());
    let given: db::Result<RoleGrant> = db.write(async move |tx| give(tx, &ctx, by, &to).await).await;
    Ok((StatusCode::CREATED, Json(given?)))
}

/// Gives several people powers at once. One that may not be given, and nothing is.
#[utoipa::path(post, path = "/api/grants", tag = "admin", request_body = GrantsWish,
    responses((status = 201, body = Given), (status = 401), (status = 403), (status = 404), (status = 422)))]
async fn grant_many(
    State(ctx): State<Ctx>,
    caller: Caller,
    Json(wish): Json<GrantsWish>,
) -> Result<(StatusCode, Json<Given>), Problem> {
    if !(1..=TOGETHER).contains(&wish.grants.len()) {
        return Err(Problem::unprocessable("too_many_together", "One to fifty at once").with("limit", TOGETHER));
    }
    let mut all = Vec::with_capacity(wish.grants.len());
    for wish in &wish.grants {
        all.push(checked(&ctx, &caller, wish.account, &wish.grant.role, &wish.grant.scope).await?);
    }
    let (by, db) = (caller.account(), ctx.db.clone());
    let given: db::Result<Vec<RoleGrant>> = db
        .write(async move |tx| {
            let mut given = Vec::with_capacity(all.len());
            for to in &all {
                given.push(give(tx, &ctx, by, to).await?);
            }
            Ok(given)
        })
        .await;
    Ok((StatusCode::CREATED, Json(Given { grants: given? })))
}

/// Takes a power back.
#[utoipa::path(delete, path = "/api/accounts/{id}/roles/{role}", tag = "admin", params(("id" = Uuid, Path), ("role" = Uuid, Path)),
    responses((status = 204), (status = 401), (status = 403), (status = 404), (status = 409)))]
async fn ungrant(State(ctx): State<Ctx>, caller: Caller, Path((id, role)): Path<(Uuid, Uuid)>) -> Result<StatusCode, Problem> {
    if !caller.actor.administers() && !caller.actor.is_moderator() {
        caller.allow(RegionAction::Administer)?;
    }
    let grants = identity::grants(&mut ctx.db.read().await?, id).await?;
    let held = grants.into_iter().find(|grant| grant.id == role).ok_or_else(Problem::not_found)?;
    checked(&ctx, &caller, id, &held.role, &held.scope).await?;
    let (by, db) = (caller.account(), ctx.db.clone());
    let done: db::Result<Result<(), Problem>> = db
        .write(async move |tx| {
            // Two administrators may take each other's power at the same moment.
            if held.role == Role::Administrator.as_str() && identity::other_administrators(tx, &ctx, id).await? == 0 {
                return Ok(Err(super::last_administrator()));
            }
            if identity::revoke_grant(tx, &ctx, id, role).await? {
                let (target, detail) = (format!("account:{id}"), format!("{} {}", held.role, held.scope));
                audit::record(tx, Act { at: ctx.now(), actor: Some(by), what: "role.revoke", target, detail }).await?;
                // What the power alone let them see leaves their windows at once, and not with the next loading.
                channels::tell_standing(tx, &ctx, id);
            }
            Ok(Ok(()))
        })
        .await;
    done??;
    Ok(StatusCode::NO_CONTENT)
}
