//! Setting up and removing the authenticator app.

use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use tower_sessions::Session;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{Added, act, after_removal, first_codes, is_needed, keep_codes, last_factor, may_change};
use crate::audit;
use crate::base::http::{Json, Problem};
use crate::base::{db, secret};
use crate::identity::factors::totp::{self, SECRET_BYTES};
use crate::identity::factors::{held, store};
use crate::identity::http::Door;
use crate::identity::notices::{self, Kind};
use crate::identity::{Caller, sessions};

/// A secret for an authenticator app, shown this once. It counts when a code has confirmed that the app has it.
#[derive(Serialize, ToSchema)]
pub(super) struct Enrolment {
    id: Uuid,
    /// To be typed where no camera is at hand.
    secret: String,
    /// To be shown as a QR code.
    uri: String,
}

/// Begins to set up an authenticator app. The one in use stays until the new one is confirmed.
#[utoipa::path(post, path = "/api/me/authenticator", tag = "identity",
    responses((status = 201, body = Enrolment), (status = 401), (status = 403), (status = 503)))]
pub(super) async fn begin(State(door): State<Door>, caller: Caller) -> Result<(StatusCode, Json<Enrolment>), Problem> {
    may_change(&caller)?;
    let account = caller.account();
    let me = crate::identity::account(&mut door.ctx.db.read().await?, account).await?.ok_or_else(Problem::not_signed_in)?;
    let secret = secret::random::<SECRET_BYTES>();
    let id = door.factors.enrolments.keep((account, secret.to_vec()), door.ctx.now()).ok_or_else(|| Problem::busy(60))?;
    let enrolment = Enrolment { id, secret: totp::spelled(&secret), uri: totp::uri(&secret, &me.email) };
    Ok((StatusCode::CREATED, Json(enrolment)))
}

/// A code of the app that is being set up.
#[derive(Deserialize, ToSchema)]
pub(super) struct Confirmation {
    id: Uuid,
    code: String,
}

/// Confirms that an app has the secret. From now on signing in asks for its codes, and this session counts as strong.
///
/// Where it takes the place of another app, all other sessions end.
#[utoipa::path(put, path = "/api/me/authenticator", tag = "identity", request_body = Confirmation,
    responses((status = 200, body = Added), (status = 401), (status = 403), (status = 404), (status = 422)))]
pub(super) async fn confirm(
    State(door): State<Door>,
    caller: Caller,
    session: Session,
    Json(wish): Json<Confirmation>,
) -> Result<Json<Added>, Problem> {
    may_change(&caller)?;
    let (ctx, account, now) = (door.ctx.clone(), caller.account(), door.ctx.now());
    let begun = door.factors.enrolments.peek(wish.id, now).filter(|(begun_by, _)| *begun_by == account);
    let (_, secret) = begun.ok_or_else(Problem::not_found)?;
    let step = totp::matching(&secret, &wish.code, now)
        .ok_or_else(|| Problem::unprocessable("code_wrong", "This is not the code of now"))?;
    let sealed = ctx.seal.seal(&secret, account.as_bytes()).map_err(|error| Problem::internal(&error))?;
    let codes = first_codes(&ctx, account).await?;
    let (kept, by) = (codes.clone(), caller.credential);
    let done: db::Result<()> = door
        .ctx
        .db
        .write(async move |tx| {
            let replaces = held(tx, account).await?.totp;
            // The confirming code is used up like any other.
            store::set_totp(tx, account, &sealed, step, now).await?;
            if let Some(codes) = &kept {
                keep_codes(tx, &ctx, account, codes).await?;
            }
            if replaces {
                sessions::end_sessions(tx, &ctx, account, Some(by)).await?;
            }
            notices::tell(tx, &ctx, account, Kind::TotpAdded, "", Some(by)).await?;
            audit::record(tx, act(&ctx, account, "factor.add")).await
        })
        .await;
    done?;
    door.factors.enrolments.take(wish.id, now);
    sessions::prove(&session, &door.ctx, true).await?;
    Ok(Json(Added { recovery_codes: codes }))
}

/// Removes the authenticator app. All other sessions end.
#[utoipa::path(delete, path = "/api/me/authenticator", tag = "identity",
    responses((status = 204), (status = 401), (status = 403), (status = 404), (status = 409)))]
pub(super) async fn remove(State(door): State<Door>, caller: Caller, session: Session) -> Result<StatusCode, Problem> {
    may_change(&caller)?;
    let (ctx, account) = (door.ctx.clone(), caller.account());
    let needed = is_needed(&ctx, &caller).await?;
    let done: db::Result<Result<(), Problem>> = door
        .ctx
        .db
        .write(async move |tx| {
            if !held(tx, account).await?.totp {
                return Ok(Err(Problem::not_found()));
            }
            if needed && !held(tx, account).await?.passkeys {
                return Ok(Err(last_factor()));
            }
            store::delete_totp(tx, account).await?;
            notices::tell(tx, &ctx, account, Kind::TotpRemoved, "", Some(caller.credential)).await?;
            after_removal(tx, &ctx, &caller).await?;
            Ok(Ok(()))
        })
        .await;
    done??;
    sessions::cycle(&session, &door.ctx).await?;
    Ok(StatusCode::NO_CONTENT)
}
