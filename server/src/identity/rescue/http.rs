//! Routes of password links and of taking a lost factor away.

use axum::Extension;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::{HOLD, RESET_GOOD_FOR, remove_if_due, store};
use crate::access::{Actor, Decision, RegionAction, may_in_region};
use crate::audit::{self, Act};
use crate::base::clock::rfc3339;
use crate::base::http::{Json, Page, Path, Peer, Problem};
use crate::base::{db, secret};
use crate::context::Ctx;
use crate::identity::http::{Door, peer_address};
use crate::identity::notices::{self, Kind};
use crate::identity::{Caller, account, grants, sessions, stepped_up};

/// The routes of this part.
pub(in crate::identity) fn router(door: Door) -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(make_reset))
        .routes(routes!(reset))
        .routes(routes!(ask))
        .routes(routes!(removals))
        .routes(routes!(agree))
        .routes(routes!(call_off))
        .routes(routes!(call_off_own))
        .with_state(door)
}

/// Whether the caller may help this person back in. Who isn't confirmed knows nobody; only who may help is told that an
/// account has ended, by the answer for none.
async fn may_rescue(ctx: &Ctx, caller: &Caller, id: Uuid) -> Result<(), Problem> {
    let mut conn = ctx.db.read().await?;
    let found = account(&mut conn, id).await?.filter(|_| caller.actor.is_confirmed()).ok_or_else(Problem::not_found)?;
    let holds_powers = !grants(&mut conn, id).await?.is_empty();
    caller.allow(RegionAction::Rescue { country: found.country.as_deref(), account: id, holds_powers })?;
    if found.status == "active" { Ok(()) } else { Err(Problem::not_found()) }
}

fn act<'a>(ctx: &Ctx, by: Uuid, what: &'a str, account: Uuid) -> Act<'a> {
    Act { at: ctx.now(), actor: Some(by), what, target: format!("account:{account}"), detail: String::new() }
}

/// A link to a new password, shown this once.
#[derive(Serialize, ToSchema)]
struct ResetLink {
    /// The link is the server's address and `/reset#` and this.
    token: String,
    expires_at: String,
}

/// Makes a link with which somebody sets a new password, to be handed to them by whoever has spoken to them. It is good
/// once and for a day. Their second factor stays as it is.
#[utoipa::path(post, path = "/api/people/{id}/password-reset", tag = "identity", params(("id" = Uuid, Path)),
    responses((status = 201, body = ResetLink), (status = 401), (status = 403), (status = 404)))]
async fn make_reset(
    State(door): State<Door>,
    caller: Caller,
    Path(id): Path<Uuid>,
) -> Result<(StatusCode, Json<ResetLink>), Problem> {
    may_rescue(&door.ctx, &caller, id).await?;
    stepped_up(&caller)?;
    let (ctx, by, token) = (door.ctx.clone(), caller.account(), secret::token());
    let (hash, expires_at) = (secret::hash(&token), ctx.now() + RESET_GOOD_FOR);
    let made: db::Result<()> = door
        .ctx
        .db
        .write(async move |tx| {
            store::insert_reset(tx, ctx.id(), &hash, id, by, ctx.now(), expires_at).await?;
            notices::tell(tx, &ctx, id, Kind::ResetMade, "", None).await?;
            audit::record(tx, act(&ctx, by, "account.reset", id)).await
        })
        .await;
    made?;
    Ok((StatusCode::CREATED, Json(ResetLink { token, expires_at: rfc3339(expires_at) })))
}

/// The secret of a link, and the new password.
#[derive(Deserialize, ToSchema)]
struct Reset {
    token: String,
    password: String,
}

/// Sets a new password by a link. All sessions end; signing in asks for the second factor as before.
#[utoipa::path(post, path = "/api/password-resets", tag = "identity", request_body = Reset,
    responses((status = 204), (status = 404), (status = 422), (status = 429), (status = 503)))]
async fn reset(State(door): State<Door>, peer: Option<Extension<Peer>>, Json(wish): Json<Reset>) -> Result<StatusCode, Problem> {
    door.limit_address(peer_address(peer))?;
    let found = store::reset(&mut door.ctx.db.read().await?, &secret::hash(&wish.token), door.ctx.now()).await?;
    let (id, account, email) = found.ok_or_else(invalid)?;
    let actor = door.ctx.standing.actor(account).await?.ok_or_else(invalid)?;
    let hash = door.chosen(wish.password, &email, &actor.name).await?;
    let ctx = door.ctx.clone();
    let done: db::Result<bool> = door
        .ctx
        .db
        .write(async move |tx| {
            if !store::take_reset(tx, id, ctx.now()).await? {
                return Ok(false);
            }
            crate::identity::store::set_password(tx, account, &hash).await?;
            sessions::end_sessions(tx, &ctx, account, None).await?;
            notices::tell(tx, &ctx, account, Kind::PasswordReset, "", None).await?;
            audit::record(tx, act(&ctx, account, "account.password", account)).await?;
            Ok(true)
        })
        .await;
    if done? { Ok(StatusCode::NO_CONTENT) } else { Err(invalid()) }
}

fn invalid() -> Problem {
    Problem::new(StatusCode::NOT_FOUND, "reset_invalid", "This link isn't good, or no longer")
}

/// Asks to take somebody's second factor away, because they have lost it. A second person must agree, and one of the two
/// be an administrator.
#[utoipa::path(post, path = "/api/people/{id}/factor-removal", tag = "identity", params(("id" = Uuid, Path)),
    responses((status = 204), (status = 401), (status = 403), (status = 404), (status = 409)))]
async fn ask(State(door): State<Door>, caller: Caller, Path(id): Path<Uuid>) -> Result<StatusCode, Problem> {
    may_rescue(&door.ctx, &caller, id).await?;
    stepped_up(&caller)?;
    let (ctx, by) = (door.ctx.clone(), caller.account());
    let asked: db::Result<bool> = door
        .ctx
        .db
        .write(async move |tx| {
            if !store::insert(tx, ctx.id(), id, by, ctx.now()).await? {
                return Ok(false);
            }
            notices::tell(tx, &ctx, id, Kind::RemovalAsked, "", None).await?;
            audit::record(tx, act(&ctx, by, "factor.ask_away", id)).await?;
            Ok(true)
        })
        .await;
    if asked? { Ok(StatusCode::NO_CONTENT) } else { Err(Problem::conflict("conflict", "Somebody has asked for this already")) }
}

/// A request to take a second factor away, as those see it who may decide.
#[derive(Serialize, ToSchema)]
struct FactorRemoval {
    id: Uuid,
    account: Uuid,
    name: String,
    country: Option<String>,
    asked_by: String,
    asked_at: String,
    /// When it holds, once a second person has agreed.
    due_at: Option<String>,
    /// Whether the caller may agree.
    may_agree: bool,
}

/// The open requests that one may decide about.
#[utoipa::path(get, path = "/api/factor-removals", tag = "identity",
    responses((status = 200, body = Page<FactorRemoval>), (status = 401), (status = 403)))]
async fn removals(State(door): State<Door>, caller: Caller) -> Result<Json<Page<FactorRemoval>>, Problem> {
    if !caller.actor.administers() && !caller.actor.is_moderator() {
        return Err(Problem::forbidden());
    }
    let rows = store::all_open(&mut door.ctx.db.read().await?).await?;
    let mut items = Vec::new();
    for row in rows {
        if may_rescue(&door.ctx, &caller, row.account).await.is_err() {
            continue;
        }
        items.push(FactorRemoval {
            may_agree: row.agreed_by.is_none() && may_agree(&door.ctx, &caller, &row).await?,
            id: row.id,
            account: row.account,
            name: row.name,
            country: row.country,
            asked_by: row.asker,
            asked_at: rfc3339(row.asked_at),
            due_at: row.due_at.map(rfc3339),
        });
    }
    Ok(Json(Page::whole(items)))
}

/// Whether somebody makes a good second person: another one, and an administrator if the first is none.
async fn may_agree(ctx: &Ctx, caller: &Caller, row: &store::Row) -> db::Result<bool> {
    let first = ctx.standing.actor(row.asked_by).await?;
    let administers = |actor: &Actor| may_in_region(actor, RegionAction::Administer) == Decision::Allow;
    let administered = first.is_some_and(|first| administers(&first)) || administers(&caller.actor);
    Ok(row.asked_by != caller.account() && administered)
}

async fn removal(ctx: &Ctx, caller: &Caller, id: Uuid) -> Result<store::Row, Problem> {
    let rows = store::all_open(&mut ctx.db.read().await?).await?;
    let row = rows.into_iter().find(|row| row.id == id).ok_or_else(Problem::not_found)?;
    // Who may not help this person doesn't learn that somebody does.
    may_rescue(ctx, caller, row.account).await.map_err(|_| Problem::not_found())?;
    Ok(row)
}

/// Agrees that somebody's second factor is taken away: at once, or a day later if they hold powers.
#[utoipa::path(put, path = "/api/factor-removals/{id}/agreement", tag = "identity", params(("id" = Uuid, Path)),
    responses((status = 204), (status = 401), (status = 403), (status = 404), (status = 409)))]
async fn agree(State(door): State<Door>, caller: Caller, Path(id): Path<Uuid>) -> Result<StatusCode, Problem> {
    let row = removal(&door.ctx, &caller, id).await?;
    if !may_agree(&door.ctx, &caller, &row).await? {
        return Err(Problem::forbidden_for("other_person_needed"));
    }
    stepped_up(&caller)?;
    let (ctx, by, account) = (door.ctx.clone(), caller.account(), row.account);
    let holds_powers = !grants(&mut ctx.db.read().await?, account).await?.is_empty();
    let due_at = ctx.now() + if holds_powers { HOLD } else { 0 };
    let agreed: db::Result<bool> = door
        .ctx
        .db
        .write(async move |tx| {
            if !store::agree(tx, id, by, due_at).await? {
                return Ok(false);
            }
            notices::tell(tx, &ctx, account, Kind::RemovalAgreed, &rfc3339(due_at), None).await?;
            audit::record(tx, act(&ctx, by, "factor.agree_away", account)).await?;
            Ok(true)
        })
        .await;
    if !agreed? {
        return Err(Problem::conflict("conflict", "This was agreed to or called off before"));
    }
    remove_if_due(&door.ctx, account).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Calls off that somebody's second factor is taken away.
#[utoipa::path(delete, path = "/api/factor-removals/{id}", tag = "identity", params(("id" = Uuid, Path)),
    responses((status = 204), (status = 401), (status = 404)))]
async fn call_off(State(door): State<Door>, caller: Caller, Path(id): Path<Uuid>) -> Result<StatusCode, Problem> {
    let row = removal(&door.ctx, &caller, id).await?;
    end(&door.ctx, &caller, &row).await
}

/// Calls off that one's own second factor is taken away.
#[utoipa::path(delete, path = "/api/me/factor-removal", tag = "identity",
    responses((status = 204), (status = 401), (status = 404)))]
async fn call_off_own(State(door): State<Door>, caller: Caller) -> Result<StatusCode, Problem> {
    let row = store::open(&mut door.ctx.db.read().await?, caller.account()).await?.ok_or_else(Problem::not_found)?;
    end(&door.ctx, &caller, &row).await
}

async fn end(ctx: &Ctx, caller: &Caller, row: &store::Row) -> Result<StatusCode, Problem> {
    let (inner, by, id, account) = (ctx.clone(), caller.account(), row.id, row.account);
    let ended: db::Result<bool> = ctx
        .db
        .write(async move |tx| {
            let ended = store::end(tx, id, inner.now()).await?;
            if ended {
                audit::record(tx, act(&inner, by, "factor.call_off", account)).await?;
            }
            Ok(ended)
        })
        .await;
    if ended? { Ok(StatusCode::NO_CONTENT) } else { Err(Problem::not_found()) }
}
