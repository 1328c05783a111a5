//! Who is at the other end: accounts, passwords, second factors, institutions' identity providers, sessions, tokens.
//!
//! Others call: [`Caller`] as an argument of a handler, [`stepped_up`] before a sensitive act, [`create_account`],
//! [`sign_in`], [`Desk`] for those whom an institution sends, [`note_activity`], [`Hasher`], and the rules for e-mail addresses, names and passwords.

mod choice;
mod entry;
mod factors;
mod http;
mod model;
mod notices;
mod password;
mod providers;
mod rescue;
mod sessions;
mod store;
mod sweep;
mod tries;

pub use choice::{PASSWORD_MAX, PASSWORD_MIN, password_problem};
pub use http::{Asker, Caller, label, router};
pub use model::{Account, FactorState, LANGUAGES, Me, NAME_MAX, NewAccount, RoleGrant, email};
pub use password::{Busy, Hasher, NO_PASSWORD};
pub use providers::{Desk, PROVIDER_KEYS, Provider, Providers, bind_newcomer, expired, names_somebody};
pub use sessions::{Sessions, note_activity, sign_in, sign_in_invited};
pub use sweep::{FOLLOWED_WITHIN, sweep};

use uuid::Uuid;

use crate::access::{Role, Scope, SecondFactor, asleep};
use crate::base::clock::rfc3339;
use crate::base::db::{AfterCommit, On, Result, Tx};
use crate::base::http::Problem;
use crate::base::{secret, text};
use crate::context::Ctx;

/// Accounts read at once while those are sought that hold some text: what storage calls lower case is ASCII only.
const BATCH: i64 = 500;

/// Creates an account. `false` if its e-mail address is taken; then nothing is stored.
pub async fn create_account(tx: &mut Tx, account: &NewAccount) -> Result<bool> {
    store::insert_account(tx, account).await
}

/// Whether this is the password that an account signs in with, after the work of a hash in any case; `None` if it has none.
pub async fn knows_password(
    ctx: &Ctx,
    hasher: &Hasher,
    account: Uuid,
    password: String,
) -> Result<std::result::Result<Option<bool>, Busy>> {
    let stored = store::password(&mut ctx.db.read().await?, account).await?;
    let hash = stored.map(|(_, hash)| hash).filter(|hash| hash != NO_PASSWORD);
    let has_one = hash.is_some();
    let Ok(turn) = hasher.turn() else { return Ok(Err(Busy)) };
    Ok(hasher.verify(turn, password, hash).await.map(|right| has_one.then_some(right)))
}

/// Whether an account signs in with a password.
pub async fn has_password(conn: &mut impl On, account: Uuid) -> Result<bool> {
    Ok(store::password(conn, account).await?.is_some_and(|(_, hash)| hash != NO_PASSWORD))
}

/// Whether an account is active and the session or token it came in by still holds.
pub async fn stands(ctx: &Ctx, account: Uuid, credential: Uuid) -> Result<bool> {
    if ctx.standing.actor(account).await?.is_none() {
        return Ok(false);
    }
    store::is_credential(&mut ctx.db.read().await?, credential).await
}

/// Gives an account a role within a scope.
pub async fn grant(tx: &mut Tx, ctx: &Ctx, account: Uuid, role: Role, scope: &Scope, by: Option<Uuid>) -> Result<Uuid> {
    let id = ctx.id();
    ctx.standing.actor_changes(tx, account);
    store::insert_grant(tx, id, account, role.as_str(), &scope.to_string(), ctx.now(), by).await
}

/// Takes a grant back. `false` if the account has no such grant.
pub async fn revoke_grant(tx: &mut Tx, ctx: &Ctx, account: Uuid, grant: Uuid) -> Result<bool> {
    ctx.standing.actor_changes(tx, account);
    store::delete_grant(tx, account, grant).await
}

/// Administrators beside this account who can act now: the platform is never left without one.
pub async fn other_administrators(tx: &mut Tx, ctx: &Ctx, account: Uuid) -> Result<i64> {
    store::other_administrators(tx, account, ctx.now()).await
}

/// Suspends an account or lifts its suspension. Its sessions end with it.
pub async fn set_suspended(tx: &mut Tx, ctx: &Ctx, account: Uuid, suspended: bool) -> Result<bool> {
    let found = store::set_status(tx, account, if suspended { "suspended" } else { "active" }).await?;
    ctx.standing.actor_changes(tx, account);
    if suspended {
        store::delete_sessions_of(tx, account, None).await?;
        let hub = ctx.hub.clone();
        tx.after_commit(move || hub.end(crate::realtime::Whose::Account(account), 4403, "suspended"));
    }
    Ok(found)
}

/// Marks when an account was last seen, for a bulk load.
pub async fn mark_seen(tx: &mut Tx, account: Uuid, at: i64) -> Result<()> {
    store::touch_account(tx, account, at).await
}

/// Makes a bearer token for an integration. Only its hash is kept.
pub async fn create_token(tx: &mut Tx, ctx: &Ctx, account: Uuid, label: &str) -> Result<String> {
    let token = secret::token();
    store::insert_token(tx, ctx.id(), account, &secret::hash(&token), label, ctx.now()).await?;
    Ok(token)
}

/// What an account's tokens that hold are for, and when they were made (microseconds), oldest first.
pub async fn tokens(conn: &mut impl On, account: Uuid) -> Result<Vec<(String, i64)>> {
    store::tokens(conn, account).await
}

/// Takes back an account's tokens, those with a label or all; how many they were.
pub async fn revoke_tokens(tx: &mut Tx, ctx: &Ctx, account: Uuid, label: Option<&str>) -> Result<u64> {
    store::revoke_tokens(tx, account, label, ctx.now()).await
}

/// The account with this e-mail address (lower case).
pub async fn account_by_email(conn: &mut impl On, email: &str) -> Result<Option<Account>> {
    Ok(store::account_by_email(conn, email).await?.map(|(account, _)| account))
}

/// The account.
pub async fn account(conn: &mut impl On, id: Uuid) -> Result<Option<Account>> {
    store::account(conn, id).await
}

/// Accounts by e-mail address, after `after`, whose name, e-mail or organisation holds `sought`, whatever its case, marks
/// and script.
pub async fn accounts(conn: &mut impl On, sought: &str, after: &str, limit: i64) -> Result<Vec<Account>> {
    let sought = text::fold(sought.trim());
    if sought.is_empty() {
        return store::accounts(conn, after, limit).await;
    }
    let enough = usize::try_from(limit).unwrap_or(usize::MAX);
    let (mut found, mut after) = (Vec::new(), after.to_owned());
    while found.len() < enough {
        let rows = store::accounts(conn, &after, BATCH).await?;
        let Some(last) = rows.last() else { break };
        after.clone_from(&last.email);
        found.extend(rows.into_iter().filter(|account| account.holds(&sought)));
    }
    found.truncate(enough);
    Ok(found)
}

/// The grants of an account.
pub async fn grants(conn: &mut impl On, account: Uuid) -> Result<Vec<RoleGrant>> {
    store::grants(conn, account).await
}

/// What a person is told about their own account, in a session that is `strong` or not.
pub async fn me(ctx: &Ctx, account: Uuid, strong: bool) -> Result<Option<Me>> {
    let mut conn = ctx.db.read().await?;
    let Some(found) = store::account(&mut conn, account).await? else { return Ok(None) };
    let roles = store::grants(&mut conn, account).await?;
    let held = factors::held(&mut conn, account).await?;
    let password = store::password(&mut conn, account).await?.is_some_and(|(_, hash)| hash != NO_PASSWORD);
    drop(conn);
    let rule = ctx.standing.second_factor().await?;
    let required = roles.iter().filter_map(|grant| grant.role.parse().ok()).any(Role::asks_for_second_factor);
    let factor = FactorState {
        held: held.factor(),
        password,
        strong,
        required,
        asleep: asleep(required, strong, rule, ctx.now()),
        grace_until: match rule {
            SecondFactor::Grace(until) if !rule.is_required(ctx.now()) => Some(rfc3339(until)),
            _ => None,
        },
    };
    Ok(Some(Me::new(found, roles, factor)))
}

/// Gives an account an authenticator app, from the command line: its secret, to be typed into the app. The error says in a
/// sentence why it couldn't be kept.
pub async fn give_app(ctx: &Ctx, account: Uuid) -> std::result::Result<String, String> {
    factors::give_app(ctx, account).await
}

/// How many authenticator apps can't be read with the key there is, and how many there are.
pub async fn unreadable_apps(ctx: &Ctx) -> Result<(usize, usize)> {
    factors::unreadable_apps(ctx).await
}

/// Takes every factor from an account, as the operator's word; its sessions end. `false` if it has none.
pub async fn remove_factors(tx: &mut Tx, ctx: &Ctx, account: Uuid) -> Result<bool> {
    if !factors::held(tx, account).await?.factor() {
        return Ok(false);
    }
    rescue::take_factors(tx, ctx, account).await?;
    Ok(true)
}

/// Whether somebody has proven who they are within the last ten minutes: to be asked before a sensitive act. An
/// integration's token has nobody behind it who could; the operator answers for it.
pub fn stepped_up(caller: &Caller) -> std::result::Result<(), Problem> {
    if caller.stepped_up { Ok(()) } else { Err(Problem::forbidden_for("step_up_required")) }
}
