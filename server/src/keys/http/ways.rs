//! What opens one's keys: the password of today, a recovery key, passkeys.

use axum::extract::State;
use axum::http::StatusCode;
use serde::Serialize;
use utoipa::ToSchema;

use super::opening::PasskeySecret;
use super::{Desk, Password, Unlock, act};
use crate::audit;
use crate::base::http::{Json, Problem};
use crate::base::{db, secret};
use crate::identity::{Caller, stepped_up};
use crate::keys::unlock::{self, Opener};
use crate::keys::{recovery, store};

/// Locks one's open keys with the password that one signs in with now, in place of an earlier one.
#[utoipa::path(put, path = "/api/keys/password", tag = "keys", request_body = Password,
    responses((status = 204), (status = 401), (status = 403), (status = 409), (status = 422), (status = 423), (status = 429), (status = 503)))]
pub(super) async fn renew_password(
    State(desk): State<Desk>,
    caller: Caller,
    unlock: Unlock,
    Json(wish): Json<Password>,
) -> Result<StatusCode, Problem> {
    let unlocked = unlock.of(&desk.ctx, &caller).await?;
    desk.check(&caller, &wish.password).await?;
    let opener = desk.derived(wish.password, secret::random()).await?;
    let ctx = desk.ctx.clone();
    let done: db::Result<()> = desk
        .ctx
        .db
        .write(async move |tx| {
            unlock::replace(tx, &ctx, &unlocked, &opener).await?;
            audit::record(tx, act(&ctx, unlocked.account(), "keys.password")).await
        })
        .await;
    done?;
    Ok(StatusCode::NO_CONTENT)
}

/// A recovery key, shown this once.
#[derive(Serialize, ToSchema)]
pub(super) struct RecoveryKey {
    recovery_key: String,
}

/// Makes a new recovery key; the one before opens nothing any more.
#[utoipa::path(post, path = "/api/keys/recovery", tag = "keys",
    responses((status = 201, body = RecoveryKey), (status = 401), (status = 403), (status = 409), (status = 423)))]
pub(super) async fn renew_recovery(
    State(desk): State<Desk>,
    caller: Caller,
    unlock: Unlock,
) -> Result<(StatusCode, Json<RecoveryKey>), Problem> {
    let unlocked = unlock.of(&desk.ctx, &caller).await?;
    stepped_up(&caller)?;
    let (ctx, key) = (desk.ctx.clone(), recovery::make());
    let recovery_key = key.to_string();
    let done: db::Result<()> = desk
        .ctx
        .db
        .write(async move |tx| {
            unlock::new_recovery(tx, &ctx, &unlocked, &key).await?;
            audit::record(tx, act(&ctx, unlocked.account(), "keys.recovery")).await
        })
        .await;
    done?;
    Ok((StatusCode::CREATED, Json(RecoveryKey { recovery_key })))
}

/// Lets a passkey open one's keys, too.
#[utoipa::path(put, path = "/api/keys/passkey", tag = "keys", request_body = PasskeySecret,
    responses((status = 204), (status = 401), (status = 403), (status = 409), (status = 422), (status = 423)))]
pub(super) async fn add_passkey(
    State(desk): State<Desk>,
    caller: Caller,
    unlock: Unlock,
    Json(wish): Json<PasskeySecret>,
) -> Result<StatusCode, Problem> {
    let unlocked = unlock.of(&desk.ctx, &caller).await?;
    stepped_up(&caller)?;
    let (ctx, opener) = (desk.ctx.clone(), wish.opener()?);
    let done: db::Result<()> = desk
        .ctx
        .db
        .write(async move |tx| {
            if let Opener::Passkey { credential, .. } = &opener {
                store::delete_passkey(tx, unlocked.account(), credential).await?;
            }
            unlock::wrap(tx, &ctx, &unlocked, &opener).await?;
            audit::record(tx, act(&ctx, unlocked.account(), "keys.passkey")).await
        })
        .await;
    done?;
    Ok(StatusCode::NO_CONTENT)
}

/// Takes the passkeys' ways in away: of one that is lost, nobody knows which it was.
#[utoipa::path(delete, path = "/api/keys/passkey", tag = "keys", responses((status = 204), (status = 401)))]
pub(super) async fn remove_passkeys(State(desk): State<Desk>, caller: Caller) -> Result<StatusCode, Problem> {
    let (ctx, account) = (desk.ctx.clone(), caller.account());
    let gone: db::Result<()> = desk
        .ctx
        .db
        .write(async move |tx| {
            store::delete_kind(tx, account, "passkey").await?;
            tx.erases();
            audit::record(tx, act(&ctx, account, "keys.passkey_gone")).await
        })
        .await;
    gone?;
    Ok(StatusCode::NO_CONTENT)
}
