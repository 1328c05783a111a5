//! Routes of key pairs: making one, opening it for a tab, and its ways in.

mod opening;
mod own;
mod ways;

use std::convert::Infallible;
use std::sync::Arc;

use axum::extract::{FromRef, FromRequestParts};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;
use zeroize::Zeroizing;

use super::unlock::{self, Opener, Unlocked};
use super::{UNLOCK_HEADER, store};
use crate::audit::Act;
use crate::base::attempts::Attempts;
use crate::base::http::Problem;
use crate::context::Ctx;
use crate::identity::{Busy, Caller, Hasher, knows_password, password_problem};

/// Seconds after which somebody may come back when too much hashing is asked for.
const BUSY_FOR: u64 = 2;
/// Seconds after which somebody may try again who has tried too often.
const ATTEMPTS_FOR: u64 = 60;
/// The routes of this slice.
pub fn router(ctx: Ctx, hasher: Hasher) -> OpenApiRouter {
    let tries = Arc::new(Attempts::a_minute(ctx.limits.sign_ins_per_minute));
    OpenApiRouter::new()
        .routes(routes!(own::show, own::make, own::give_up))
        .routes(routes!(opening::open, opening::lock))
        .routes(routes!(ways::renew_password))
        .routes(routes!(ways::renew_recovery))
        .routes(routes!(ways::add_passkey, ways::remove_passkeys))
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

/// A password: the one that this person signs in with.
#[derive(Deserialize, ToSchema)]
#[schema(as = KeysPassword)]
struct Password {
    password: String,
}
