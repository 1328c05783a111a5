//! Whether one has keys, making them, and giving them up.

use axum::extract::State;
use axum::http::StatusCode;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;
use utoipa::ToSchema;

use super::{Desk, Password, Unlock, act, missing};
use crate::audit;
use crate::base::http::{Json, Problem};
use crate::base::{db, secret};
use crate::identity::{Caller, stepped_up};
use crate::keys::unlock::{self, Opener};
use crate::keys::{escrow, recovery, store};

/// One's own keys.
#[derive(Serialize, ToSchema)]
#[schema(as = OwnKeys)]
pub(super) struct Keys {
    /// Whether there are any.
    made: bool,
    /// Whether what this tab sent opens them.
    open: bool,
    /// Whether this person signs in with a password; who doesn't chooses a passphrase for the keys.
    by_password: bool,
    /// The credentials of the passkeys that open them (base64url).
    passkeys: Vec<String>,
    /// For a holder of the escrow, how much waits for them; nothing for anybody else.
    escrow: Option<usize>,
}

/// Whether one has keys, and what opens them.
#[utoipa::path(get, path = "/api/keys", tag = "keys", responses((status = 200, body = Keys), (status = 401)))]
pub(super) async fn show(State(desk): State<Desk>, caller: Caller, unlock: Unlock) -> Result<Json<Keys>, Problem> {
    let open = unlock.of(&desk.ctx, &caller).await.is_ok();
    let mut conn = desk.ctx.db.read().await?;
    let made = store::public(&mut conn, caller.account()).await?.is_some();
    let passkeys = store::wraps(&mut conn, caller.account(), "passkey").await?;
    let passkeys = passkeys.iter().filter_map(|wrap| wrap.lookup.as_ref()).map(|id| URL_SAFE_NO_PAD.encode(id)).collect();
    let by_password = crate::identity::has_password(&mut conn, caller.account()).await?;
    let escrow = escrow::waits_for(&mut conn, &caller.actor, desk.ctx.now()).await?;
    Ok(Json(Keys { made, open, by_password, passkeys, escrow }))
}

/// Gives one's keys up in person, because nothing opens them any more: new ones can be made then. What was sealed to the old ones stays
/// closed until a member lets one in anew.
#[utoipa::path(delete, path = "/api/keys", tag = "keys", responses((status = 204), (status = 401), (status = 403), (status = 409)))]
pub(super) async fn give_up(State(desk): State<Desk>, caller: Caller) -> Result<StatusCode, Problem> {
    if caller.by_token {
        return Err(Problem::forbidden_for("session_needed"));
    }
    stepped_up(&caller)?;
    let (ctx, account) = (desk.ctx.clone(), caller.account());
    let gone: db::Result<bool> = desk
        .ctx
        .db
        .write(async move |tx| {
            if !store::delete_pair(tx, account).await? {
                return Ok(false);
            }
            tx.erases();
            audit::record(tx, act(&ctx, account, "keys.give_up")).await?;
            Ok(true)
        })
        .await;
    if gone? { Ok(StatusCode::NO_CONTENT) } else { Err(missing()) }
}

/// New keys.
#[derive(Serialize, ToSchema)]
#[schema(as = NewKeys)]
pub(super) struct Made {
    /// To be printed and put away: it opens the keys when nothing else does. Shown this once.
    recovery_key: String,
    /// For the header `x-egida-unlock` of this tab.
    secret: String,
}

/// Makes one's keys, and opens them for this tab.
#[utoipa::path(post, path = "/api/keys", tag = "keys", request_body = Password,
    responses((status = 201, body = Made), (status = 401), (status = 403), (status = 409), (status = 422), (status = 429), (status = 503)))]
pub(super) async fn make(
    State(desk): State<Desk>,
    caller: Caller,
    Json(wish): Json<Password>,
) -> Result<(StatusCode, Json<Made>), Problem> {
    if !caller.actor.is_confirmed() {
        return Err(Problem::forbidden());
    }
    desk.check(&caller, &wish.password).await?;
    let by_password = desk.derived(wish.password, secret::random()).await?;
    let (ctx, account, session) = (desk.ctx.clone(), caller.account(), caller.credential);
    let (recovery_key, tab) = (recovery::make(), secret::token());
    let made: db::Result<Option<Made>> = desk
        .ctx
        .db
        .write(async move |tx| {
            let Some(unlocked) = unlock::make(tx, &ctx, account).await? else { return Ok(None) };
            unlock::wrap(tx, &ctx, &unlocked, &by_password).await?;
            unlock::new_recovery(tx, &ctx, &unlocked, &recovery_key).await?;
            unlock::wrap(tx, &ctx, &unlocked, &Opener::Tab { secret: tab.clone(), session }).await?;
            audit::record(tx, act(&ctx, account, "keys.make")).await?;
            Ok(Some(Made { recovery_key: recovery_key.to_string(), secret: tab.clone() }))
        })
        .await;
    let made = made?.ok_or_else(|| Problem::conflict("keys_made", "You have keys already"))?;
    Ok((StatusCode::CREATED, Json(made)))
}
