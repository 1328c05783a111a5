//! Routes of key pairs: making one, opening it for a tab, and its ways in.

use std::convert::Infallible;
use std::sync::Arc;

use axum::extract::{FromRef, FromRequestParts, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;
use zeroize::Zeroizing;

use super::unlock::{self, Opener, Unlocked};
use super::{UNLOCK_HEADER, recovery, store};
use crate::audit::{self, Act};
use crate::base::attempts::Attempts;
use crate::base::http::{Json, Problem};
use crate::base::{db, secret};
use crate::context::Ctx;
use crate::identity::{Busy, Caller, Hasher, knows_password, password_problem, stepped_up};

/// Seconds after which somebody may come back when too much hashing is asked for.
const BUSY_FOR: u64 = 2;
/// Seconds after which somebody may try again who has tried too often.
const ATTEMPTS_FOR: u64 = 60;
/// Bytes of what a passkey answers (`WebAuthn` Level 3, 10.1.4: the PRF extension).
const PRF_BYTES: usize = 32;
/// Bytes of a passkey's name, its credential id, at most (`WebAuthn`, 4).
const CREDENTIAL_MAX: usize = 1023;

/// The routes of this slice.
pub fn router(ctx: Ctx, hasher: Hasher) -> OpenApiRouter {
    let tries = Arc::new(Attempts::a_minute(ctx.limits.sign_ins_per_minute));
    OpenApiRouter::new()
        .routes(routes!(show, make))
        .routes(routes!(open, lock))
        .routes(routes!(renew_password))
        .routes(routes!(renew_recovery))
        .routes(routes!(add_passkey, remove_passkeys))
        .with_state(Desk { ctx, hasher, tries })
}

/// What the handlers share.
#[derive(Clone)]
struct Desk {
    ctx: Ctx,
    hasher: Hasher,
    tries: Arc<Attempts<Uuid>>,
}

impl FromRef<Desk> for Ctx {
    fn from_ref(desk: &Desk) -> Self {
        desk.ctx.clone()
    }
}

impl Desk {
    /// The key of a password, with this salt.
    async fn derived(&self, password: String, salt: [u8; 16]) -> Result<Opener, Problem> {
        let key = self.hasher.derive(password, salt).await.map_err(|Busy| Problem::busy(BUSY_FOR))?;
        Ok(Opener::Password(Zeroizing::new(key), salt))
    }

    /// Whether this is the password that an account signs in with; `None` if it has none.
    async fn is_own(&self, account: Uuid, password: String) -> Result<Option<bool>, Problem> {
        knows_password(&self.ctx, &self.hasher, account, password).await?.map_err(|Busy| Problem::busy(BUSY_FOR))
    }

    /// Counts an attempt of somebody to open something.
    fn attempt(&self, account: Uuid) -> Result<(), Problem> {
        if self.tries.take(account, self.ctx.now()) { Ok(()) } else { Err(Problem::too_many(ATTEMPTS_FOR)) }
    }

    /// Refuses a password that isn't the account's, or, where it has none, a passphrase that is no good.
    async fn check(&self, caller: &Caller, password: &str) -> Result<(), Problem> {
        self.attempt(caller.account())?;
        match self.is_own(caller.account(), password.to_owned()).await? {
            Some(true) => {}
            Some(false) => return Err(wrong()),
            None => {
                if let Some(code) = password_problem(password, "", &caller.actor.name) {
                    return Err(Problem::unprocessable(code, "This passphrase can't be used"));
                }
            }
        }
        self.tries.give_back(&caller.account(), self.ctx.now());
        Ok(())
    }
}

fn wrong() -> Problem {
    Problem::forbidden_for("keys_wrong")
}

fn locked() -> Problem {
    Problem::new(StatusCode::LOCKED, "keys_locked", "Open your keys first")
}

fn missing() -> Problem {
    Problem::conflict("keys_missing", "You have no keys yet")
}

fn act(ctx: &Ctx, account: Uuid, what: &'static str) -> Act<'static> {
    Act { at: ctx.now(), actor: Some(account), what, target: format!("account:{account}"), detail: String::new() }
}

/// What a tab sent to open its person's key with. A handler asks first whether they may know of the thing at all: who may not
/// gets the answer for none, with keys or without.
pub struct Unlock(Option<String>);

impl Unlock {
    fn among(headers: &HeaderMap) -> Self {
        Self(headers.get(UNLOCK_HEADER).and_then(|value| value.to_str().ok()).map(ToOwned::to_owned))
    }

    /// Opens the key for this request.
    ///
    /// # Errors
    /// `keys_missing` for somebody who has none, `keys_locked` when this opens none.
    pub async fn of(&self, ctx: &Ctx, caller: &Caller) -> Result<Unlocked, Problem> {
        let mut conn = ctx.db.read().await?;
        if let Some(secret) = &self.0 {
            let opener = Opener::Tab { secret: secret.clone(), session: caller.credential };
            if let Some(unlocked) = unlock::open(&mut conn, ctx.now(), caller.account(), &opener).await? {
                return Ok(unlocked);
            }
        }
        let has_pair = store::public(&mut conn, caller.account()).await?.is_some();
        Err(if has_pair { locked() } else { missing() })
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Unlock {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self::among(&parts.headers))
    }
}

/// One's own keys.
#[derive(Serialize, ToSchema)]
#[schema(as = OwnKeys)]
struct Keys {
    /// Whether there are any.
    made: bool,
    /// Whether what this tab sent opens them.
    open: bool,
    /// Whether this person signs in with a password; who doesn't chooses a passphrase for the keys.
    by_password: bool,
    /// The credentials of the passkeys that open them (base64url).
    passkeys: Vec<String>,
}

/// Whether one has keys, and what opens them.
#[utoipa::path(get, path = "/api/keys", tag = "keys", responses((status = 200, body = Keys), (status = 401)))]
async fn show(State(desk): State<Desk>, caller: Caller, unlock: Unlock) -> Result<Json<Keys>, Problem> {
    let open = unlock.of(&desk.ctx, &caller).await.is_ok();
    let mut conn = desk.ctx.db.read().await?;
    let made = store::public(&mut conn, caller.account()).await?.is_some();
    let passkeys = store::wraps(&mut conn, caller.account(), "passkey").await?;
    let passkeys = passkeys.iter().filter_map(|wrap| wrap.lookup.as_ref()).map(|id| URL_SAFE_NO_PAD.encode(id)).collect();
    let by_password = crate::identity::has_password(&mut conn, caller.account()).await?;
    Ok(Json(Keys { made, open, by_password, passkeys }))
}

/// A password: the one that this person signs in with.
#[derive(Deserialize, ToSchema)]
#[schema(as = KeysPassword)]
struct Password {
    password: String,
}

/// New keys.
#[derive(Serialize, ToSchema)]
#[schema(as = NewKeys)]
struct Made {
    /// To be printed and put away: it opens the keys when nothing else does. Shown this once.
    recovery_key: String,
    /// For the header `x-egida-unlock` of this tab.
    secret: String,
}

/// Makes one's keys, and opens them for this tab.
#[utoipa::path(post, path = "/api/keys", tag = "keys", request_body = Password,
    responses((status = 201, body = Made), (status = 401), (status = 403), (status = 409), (status = 422), (status = 429), (status = 503)))]
async fn make(State(desk): State<Desk>, caller: Caller, Json(wish): Json<Password>) -> Result<(StatusCode, Json<Made>), Problem> {
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

/// What opens one's keys: one of the three.
#[derive(Deserialize, ToSchema)]
#[schema(as = KeysOpening)]
struct Opening {
    /// The password at the time the keys were last locked with it.
    password: Option<String>,
    /// The printed recovery key.
    recovery_key: Option<String>,
    passkey: Option<PasskeySecret>,
}

/// What a passkey answers to the platform's question.
#[derive(Deserialize, ToSchema)]
struct PasskeySecret {
    /// Its id (base64url).
    credential: String,
    /// 32 bytes (base64url).
    secret: String,
}

impl PasskeySecret {
    fn opener(&self) -> Result<Opener, Problem> {
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
struct Opened {
    /// For the header `x-egida-unlock` of this tab. It is good in this session, for twelve hours.
    secret: String,
    /// Whether the password that one signs in with doesn't open the keys: it has changed since.
    password_outdated: bool,
}

/// Opens one's keys for a tab.
#[utoipa::path(post, path = "/api/keys/opening", tag = "keys", request_body = Opening,
    responses((status = 201, body = Opened), (status = 401), (status = 403), (status = 409), (status = 422), (status = 429), (status = 503)))]
async fn open(
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
async fn lock(State(desk): State<Desk>, caller: Caller) -> Result<StatusCode, Problem> {
    let (account, session) = (caller.account(), caller.credential);
    let done: db::Result<()> = desk.ctx.db.write(async move |tx| store::delete_tabs(tx, account, session).await).await;
    done?;
    Ok(StatusCode::NO_CONTENT)
}

/// Locks one's open keys with the password that one signs in with now, in place of an earlier one.
#[utoipa::path(put, path = "/api/keys/password", tag = "keys", request_body = Password,
    responses((status = 204), (status = 401), (status = 403), (status = 409), (status = 422), (status = 423), (status = 429), (status = 503)))]
async fn renew_password(
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
struct RecoveryKey {
    recovery_key: String,
}

/// Makes a new recovery key; the one before opens nothing any more.
#[utoipa::path(post, path = "/api/keys/recovery", tag = "keys",
    responses((status = 201, body = RecoveryKey), (status = 401), (status = 403), (status = 409), (status = 423)))]
async fn renew_recovery(
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
async fn add_passkey(
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
async fn remove_passkeys(State(desk): State<Desk>, caller: Caller) -> Result<StatusCode, Problem> {
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
