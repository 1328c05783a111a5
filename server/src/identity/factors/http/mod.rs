//! Routes of one's own factors. All of them want the session of a person: an integration's token must not make itself a
//! way in that outlives it.

mod app;
mod keys;

pub(in crate::identity) use keys::{Ceremony, unavailable};

use axum::extract::State;
use serde::Serialize;
use tower_sessions::Session;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::{held, recovery, store};
use crate::audit::{self, Act};
use crate::base::clock::rfc3339;
use crate::base::db::{self, Tx};
use crate::base::http::{Json, Problem};
use crate::context::Ctx;
use crate::identity::http::Door;
use crate::identity::notices::{self, Kind};
use crate::identity::{Caller, rescue, sessions, stepped_up};

/// The routes of this part.
pub(in crate::identity) fn router(door: Door) -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(factors))
        .routes(routes!(app::begin, app::confirm, app::remove))
        .routes(routes!(renew))
        .routes(routes!(keys::begin))
        .routes(routes!(keys::add))
        .routes(routes!(keys::rename, keys::remove))
        .with_state(door)
}

/// What one proves oneself with.
#[derive(Serialize, ToSchema)]
struct Factors {
    /// When the authenticator app was set up.
    app_since: Option<String>,
    passkeys: Vec<keys::Passkey>,
    /// Recovery codes that are left.
    recovery_codes: i64,
    /// The host name that passkeys are for; without one there can be none on this server.
    passkeys_for: Option<String>,
    /// Somebody has asked to take all of this away.
    removal: Option<Removal>,
}

/// A request to take somebody's second factor away, because they have lost it.
#[derive(Serialize, ToSchema)]
struct Removal {
    asked_at: String,
    /// When it holds, once a second person has agreed.
    due_at: Option<String>,
}

/// One's own factors.
#[utoipa::path(get, path = "/api/me/factors", tag = "identity", responses((status = 200, body = Factors), (status = 401)))]
async fn factors(State(door): State<Door>, caller: Caller) -> Result<Json<Factors>, Problem> {
    let account = caller.account();
    rescue::remove_if_due(&door.ctx, account).await?;
    let mut conn = door.ctx.db.read().await?;
    let removal = rescue::open_removal(&mut conn, account).await?;
    let app = store::totp(&mut conn, account).await?;
    let passkeys = store::passkeys(&mut conn, account).await?;
    Ok(Json(Factors {
        app_since: app.map(|app| rfc3339(app.created_at)),
        passkeys: passkeys.into_iter().map(keys::Passkey::from).collect(),
        recovery_codes: held(&mut conn, account).await?.codes,
        passkeys_for: door.factors.passkeys.party().map(Into::into),
        removal: removal.map(|(asked_at, due_at)| Removal { asked_at: rfc3339(asked_at), due_at: due_at.map(rfc3339) }),
    }))
}

/// Recovery codes, shown this once.
#[derive(Serialize, ToSchema)]
struct RecoveryCodes {
    codes: Vec<String>,
}

/// Makes new recovery codes; the old ones are worth nothing any more.
#[utoipa::path(post, path = "/api/me/recovery-codes", tag = "identity",
    responses((status = 201, body = RecoveryCodes), (status = 401), (status = 403), (status = 409)))]
async fn renew(
    State(door): State<Door>,
    caller: Caller,
    session: Session,
) -> Result<(axum::http::StatusCode, Json<RecoveryCodes>), Problem> {
    may_change(&caller)?;
    let account = caller.account();
    if !held(&mut door.ctx.db.read().await?, account).await?.factor() {
        return Err(Problem::conflict("no_factor", "Recovery codes stand in for a second factor, and there is none"));
    }
    let (codes, ctx) = (recovery::make(), door.ctx.clone());
    let (kept, by) = (codes.clone(), caller.credential);
    let done: db::Result<()> = door
        .ctx
        .db
        .write(async move |tx| {
            keep_codes(tx, &ctx, account, &kept).await?;
            notices::tell(tx, &ctx, account, Kind::RecoveryRenewed, "", Some(by)).await?;
            audit::record(tx, act(&ctx, account, "factor.codes")).await
        })
        .await;
    done?;
    sessions::cycle(&session, &door.ctx).await?;
    Ok((axum::http::StatusCode::CREATED, Json(RecoveryCodes { codes })))
}

/// A factor was added. With the first one come recovery codes, shown this once.
#[derive(Serialize, ToSchema)]
struct Added {
    recovery_codes: Option<Vec<String>>,
}

/// Whether somebody may change how they prove themselves: in a session, and having proven it lately.
fn may_change(caller: &Caller) -> Result<(), Problem> {
    if caller.by_token {
        return Err(Problem::forbidden_for("session_needed"));
    }
    stepped_up(caller)
}

/// Recovery codes for somebody who gets a first factor; `None` for who has one already.
async fn first_codes(ctx: &Ctx, account: Uuid) -> db::Result<Option<Vec<String>>> {
    let held = held(&mut ctx.db.read().await?, account).await?;
    Ok((!held.factor()).then(recovery::make))
}

async fn keep_codes(tx: &mut Tx, ctx: &Ctx, account: Uuid, codes: &[String]) -> db::Result<()> {
    let hashes: Vec<[u8; 32]> = codes.iter().filter_map(|code| recovery::hash(code)).collect();
    store::set_codes(tx, account, &hashes, ctx.now()).await
}

/// What follows when a factor has gone: all other sessions end, and without any factor left nothing is strong any more.
async fn after_removal(tx: &mut Tx, ctx: &Ctx, caller: &Caller) -> db::Result<()> {
    let account = caller.account();
    if !held(tx, account).await?.factor() {
        store::delete_codes(tx, account).await?;
        sessions::weaken(tx, account).await?;
    }
    sessions::end_sessions(tx, ctx, account, Some(caller.credential)).await?;
    audit::record(tx, act(ctx, account, "factor.remove")).await
}

/// Whether somebody would be left without a factor who must have one: then their powers would fall asleep for good.
async fn is_needed(ctx: &Ctx, caller: &Caller) -> db::Result<bool> {
    Ok(caller.actor.must_hold_second_factor() && ctx.standing.second_factor().await?.is_required(ctx.now()))
}

fn last_factor() -> Problem {
    Problem::conflict("last_factor", "Whoever holds a power keeps a second factor")
}

fn act<'a>(ctx: &Ctx, account: Uuid, what: &'a str) -> Act<'a> {
    Act { at: ctx.now(), actor: Some(account), what, target: format!("account:{account}"), detail: String::new() }
}
