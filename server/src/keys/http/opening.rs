//! Opening one's keys for a tab, and locking them again.

use axum::extract::State;
use axum::http::StatusCode;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Desk, missing, wrong};
use crate::base::http::{Json, Problem};
use crate::base::{db, secret};
use crate::identity::Caller;
use crate::keys::unlock::{self, Opener};
use crate::keys::{recovery, store};

/// Bytes of what a passkey answers (`WebAuthn` Level 3, 10.1.4: the PRF extension).
const PRF_BYTES: usize = 32;
/// Bytes of a passkey's name, its credential id, at most (`WebAuthn`, 4).
const CREDENTIAL_MAX: usize = 1023;

/// What opens one's keys: one of the three.
#[derive(Deserialize, ToSchema)]
#[schema(as = KeysOpening)]
pub(super) struct Opening {
    /// The password at the time the keys were last locked with it.
    password: Option<String>,
    /// The printed recovery key.
    recovery_key: Option<String>,
    passkey: Option<PasskeySecret>,
}

/// What a passkey answers to the platform's question.
#[derive(Deserialize, ToSchema)]
pub(super) struct PasskeySecret {
    /// Its id (base64url).
    credential: String,
    /// 32 bytes (base64url).
    secret: String,
}

impl PasskeySecret {
    pub(super) fn opener(&self) -> Result<Opener, Problem> {
        let bytes = |text: &str| URL_SAFE_NO_PAD.decode(text).ok();
        let secret = bytes(&self.secret).filter(|secret| secret.len() == PRF_BYTES);
        let credential = bytes(&self.credential).filter(|id| !id.is_empty() && id.len() <= CREDENTIAL_MAX);
        match secret.zip(credential) {
            Some((secret, credential)) => Ok(Opener::Passkey { secret, credential }),
            None => Err(Problem::unprocessable("keys_invalid", "This is no answer of a passkey")),
        }
    }
}

/// Keys that are open in a tab.
#[derive(Serialize, ToSchema)]
#[schema(as = OpenedKeys)]
pub(super) struct Opened {
    /// For the header `x-egida-unlock` of this tab. It is good in this session, for twelve hours.
    secret: String,
    /// Whether the password that one signs in with doesn't open the keys: it has changed since.
    password_outdated: bool,
}

/// Opens one's keys for a tab.
#[utoipa::path(post, path = "/api/keys/opening", tag = "keys", request_body = Opening,
    responses((status = 201, body = Opened), (status = 401), (status = 403), (status = 409), (status = 422), (status = 429), (status = 503)))]
pub(super) async fn open(
    State(desk): State<Desk>,
    caller: Caller,
    Json(wish): Json<Opening>,
) -> Result<(StatusCode, Json<Opened>), Problem> {
    let (ctx, account, session) = (desk.ctx.clone(), caller.account(), caller.credential);
    if store::public(&mut ctx.db.read().await?, account).await?.is_none() {
        return Err(missing());
    }
    desk.attempt(account)?;
    let password = wish.password.clone();
    let opener = match wish {
        Opening { password: Some(password), .. } => {
            let wraps = store::wraps(&mut ctx.db.read().await?, account, "password").await?;
            let salt = wraps.first().and_then(|wrap| wrap.salt.as_deref()?.try_into().ok()).ok_or_else(wrong)?;
            desk.derived(password, salt).await?
        }
        Opening { recovery_key: Some(typed), .. } => Opener::Recovery(recovery::read(&typed).ok_or_else(wrong)?),
        Opening { passkey: Some(passkey), .. } => passkey.opener()?,
        _ => return Err(Problem::unprocessable("keys_invalid", "Say what opens your keys")),
    };
    let found = unlock::open(&mut ctx.db.read().await?, ctx.now(), account, &opener).await?;
    let Some(unlocked) = found else {
        ctx.recorder.failed_sign_in(Some(account), None);
        return Err(wrong());
    };
    desk.tries.give_back(&account, ctx.now());
    let password_outdated = match password {
        Some(password) => desk.is_own(account, password).await? == Some(false),
        None => false,
    };
    let secret = secret::token();
    let tab = secret.clone();
    let done: db::Result<()> = desk
        .ctx
        .db
        .write(async move |tx| {
            store::delete_old(tx, ctx.now()).await?;
            unlock::wrap(tx, &ctx, &unlocked, &Opener::Tab { secret: tab.clone(), session }).await
        })
        .await;
    done?;
    Ok((StatusCode::CREATED, Json(Opened { secret, password_outdated })))
}

/// Locks one's keys again in all tabs of this session.
#[utoipa::path(delete, path = "/api/keys/opening", tag = "keys", responses((status = 204), (status = 401)))]
pub(super) async fn lock(State(desk): State<Desk>, caller: Caller) -> Result<StatusCode, Problem> {
    let (account, session) = (caller.account(), caller.credential);
    let done: db::Result<()> = desk.ctx.db.write(async move |tx| store::delete_tabs(tx, account, session).await).await;
    done?;
    Ok(StatusCode::NO_CONTENT)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keys::crypto;

    #[test]
    fn what_a_passkey_answers_is_32_bytes() {
        let of = |secret: &[u8], credential: &[u8]| {
            let (secret, credential) = (URL_SAFE_NO_PAD.encode(secret), URL_SAFE_NO_PAD.encode(credential));
            PasskeySecret { credential, secret }.opener().is_ok()
        };
        assert!(of(&[1; PRF_BYTES], b"id"));
        assert!(!of(&[1; 16], b"id") && !of(&[1; PRF_BYTES], b"") && !of(&[1; PRF_BYTES], &[1; CREDENTIAL_MAX + 1]));
        assert!(PasskeySecret { credential: "%".into(), secret: "%".into() }.opener().is_err());
        assert_ne!(*crypto::key_of("passkey", &[1; PRF_BYTES]), [1; 32]);
    }
}
