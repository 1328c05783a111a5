//! Adding, naming and removing passkeys.

use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tower_sessions::Session;
use utoipa::ToSchema;
use uuid::Uuid;
use webauthn_rs::prelude::CredentialID;

use super::{act, after_removal, first_codes, is_needed, keep_codes, last_factor, may_change};
use crate::audit;
use crate::base::clock::rfc3339;
use crate::base::http::{Json, Path, Problem};
use crate::base::{db, text};
use crate::identity::factors::passkeys::Refused;
use crate::identity::factors::store::{self, PasskeyRow};
use crate::identity::http::Door;
use crate::identity::notices::{self, Kind};
use crate::identity::{Caller, sessions};

/// Passkeys of an account at most.
const PASSKEYS_MAX: usize = 20;
/// Characters of a passkey's name at most.
const KEY_NAME_MAX: usize = 60;

/// One's own passkey.
#[derive(Serialize, ToSchema)]
pub(super) struct Passkey {
    id: Uuid,
    name: String,
    created_at: String,
    last_used_at: Option<String>,
}

impl From<PasskeyRow> for Passkey {
    fn from(row: PasskeyRow) -> Self {
        Self { id: row.id, name: row.name, created_at: rfc3339(row.created_at), last_used_at: row.last_used_at.map(rfc3339) }
    }
}

/// What the browser is to be asked, and under which name to answer.
#[derive(Serialize, ToSchema)]
pub(in crate::identity) struct Ceremony {
    pub(in crate::identity) id: Uuid,
    /// For `navigator.credentials`: bytes are base64url without padding.
    #[schema(value_type = Object)]
    pub(in crate::identity) options: Value,
}

/// Begins to add a passkey.
#[utoipa::path(post, path = "/api/me/passkey-registrations", tag = "identity",
    responses((status = 201, body = Ceremony), (status = 401), (status = 403), (status = 409), (status = 503)))]
pub(super) async fn begin(State(door): State<Door>, caller: Caller) -> Result<(StatusCode, Json<Ceremony>), Problem> {
    may_change(&caller)?;
    if door.factors.passkeys.party().is_none() {
        return Err(unavailable());
    }
    let account = caller.account();
    let mut conn = door.ctx.db.read().await?;
    let me = crate::identity::account(&mut conn, account).await?.ok_or_else(Problem::not_signed_in)?;
    let rows = store::passkeys(&mut conn, account).await?;
    if rows.len() >= PASSKEYS_MAX {
        return Err(Problem::conflict("too_many_passkeys", "There are as many passkeys as there may be"));
    }
    let held = rows.iter().filter_map(|row| credential(&row.data)).collect();
    let begun = door.factors.passkeys.begin_registration(account, (&me.email, &me.name), held, door.ctx.now());
    let (id, options) = begun.ok_or_else(|| Problem::busy(60))?;
    Ok((StatusCode::CREATED, Json(Ceremony { id, options })))
}

fn credential(data: &str) -> Option<CredentialID> {
    Some(serde_json::from_str::<webauthn_rs::prelude::Passkey>(data).ok()?.cred_id().clone())
}

/// There can be no passkeys at the address of this server.
pub(in crate::identity) fn unavailable() -> Problem {
    Problem::conflict("passkeys_unavailable", "There are no passkeys at this address")
}

/// The passkey that the browser has made.
#[derive(Deserialize, ToSchema)]
pub(super) struct NewPasskey {
    ceremony: Uuid,
    name: String,
    #[schema(value_type = Object)]
    credential: Value,
}

/// A passkey was added. With a first factor come recovery codes, shown this once.
#[derive(Serialize, ToSchema)]
pub(super) struct AddedPasskey {
    passkey: Passkey,
    recovery_codes: Option<Vec<String>>,
}

/// Adds a passkey. This session counts as strong from now on.
#[utoipa::path(post, path = "/api/me/passkeys", tag = "identity", request_body = NewPasskey,
    responses((status = 201, body = AddedPasskey), (status = 401), (status = 403), (status = 409), (status = 422)))]
pub(super) async fn add(
    State(door): State<Door>,
    caller: Caller,
    session: Session,
    Json(wish): Json<NewPasskey>,
) -> Result<(StatusCode, Json<AddedPasskey>), Problem> {
    may_change(&caller)?;
    let name = checked_name(&wish.name)?;
    let (ctx, account, now) = (door.ctx.clone(), caller.account(), door.ctx.now());
    let made = door
        .factors
        .passkeys
        .finish_registration(account, wish.ceremony, wish.credential, now)
        .map_err(|Refused| Problem::unprocessable("passkey_refused", "This passkey proves nothing"))?;
    let data = serde_json::to_string(&made).map_err(|error| Problem::internal(&error))?;
    let row = PasskeyRow { id: ctx.id(), account, data, name, created_at: now, last_used_at: None };
    let codes = first_codes(&ctx, account).await?;
    let (kept, passkey, by) = (codes.clone(), Passkey::from(row.clone()), caller.credential);
    let done: db::Result<bool> = door
        .ctx
        .db
        .write(async move |tx| {
            if !store::insert_passkey(tx, &row, made.cred_id()).await? {
                return Ok(false);
            }
            if let Some(codes) = &kept {
                keep_codes(tx, &ctx, account, codes).await?;
            }
            notices::tell(tx, &ctx, account, Kind::PasskeyAdded, &row.name, Some(by)).await?;
            audit::record(tx, act(&ctx, account, "factor.add")).await?;
            Ok(true)
        })
        .await;
    if !done? {
        return Err(Problem::conflict("conflict", "There is such a passkey already"));
    }
    sessions::prove(&session, &door.ctx, true).await?;
    Ok((StatusCode::CREATED, Json(AddedPasskey { passkey, recovery_codes: codes })))
}

fn checked_name(name: &str) -> Result<String, Problem> {
    text::line(name, KEY_NAME_MAX).ok_or_else(|| Problem::unprocessable("name_invalid", "This name can't be used"))
}

/// A passkey's name.
#[derive(Deserialize, ToSchema)]
pub(super) struct PasskeyName {
    name: String,
}

/// Gives a passkey another name.
#[utoipa::path(patch, path = "/api/me/passkeys/{id}", tag = "identity", params(("id" = Uuid, Path)), request_body = PasskeyName,
    responses((status = 204), (status = 401), (status = 403), (status = 404), (status = 422)))]
pub(super) async fn rename(
    State(door): State<Door>,
    caller: Caller,
    Path(id): Path<Uuid>,
    Json(wish): Json<PasskeyName>,
) -> Result<StatusCode, Problem> {
    if caller.by_token {
        return Err(Problem::forbidden_for("session_needed"));
    }
    let (name, account) = (checked_name(&wish.name)?, caller.account());
    let done: db::Result<bool> = door.ctx.db.write(async move |tx| store::rename_passkey(tx, account, id, &name).await).await;
    if done? { Ok(StatusCode::NO_CONTENT) } else { Err(Problem::not_found()) }
}

/// Removes a passkey. All other sessions end.
#[utoipa::path(delete, path = "/api/me/passkeys/{id}", tag = "identity", params(("id" = Uuid, Path)),
    responses((status = 204), (status = 401), (status = 403), (status = 404), (status = 409)))]
pub(super) async fn remove(
    State(door): State<Door>,
    caller: Caller,
    session: Session,
    Path(id): Path<Uuid>,
) -> Result<StatusCode, Problem> {
    may_change(&caller)?;
    let (ctx, account) = (door.ctx.clone(), caller.account());
    let needed = is_needed(&ctx, &caller).await?;
    let done: db::Result<Result<(), Problem>> = door
        .ctx
        .db
        .write(async move |tx| {
            let rows = store::passkeys(tx, account).await?;
            let Some(row) = rows.iter().find(|row| row.id == id) else { return Ok(Err(Problem::not_found())) };
            if needed && rows.len() == 1 && store::totp(tx, account).await?.is_none() {
                return Ok(Err(last_factor()));
            }
            store::delete_passkey(tx, account, id).await?;
            notices::tell(tx, &ctx, account, Kind::PasskeyRemoved, &row.name, Some(caller.credential)).await?;
            after_removal(tx, &ctx, &caller).await?;
            Ok(Ok(()))
        })
        .await;
    done??;
    sessions::cycle(&session, &door.ctx).await?;
    Ok(StatusCode::NO_CONTENT)
}
