//! Signing in by passkey, and stepping up.

use std::net::IpAddr;

use axum::Extension;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use serde::Deserialize;
use serde_json::{Value, json};
use tower_sessions::Session;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::{act, note};
use crate::audit;
use crate::base::db;
use crate::base::http::{Json, Peer, Problem};
use crate::identity::factors::{Asserted, Ceremony, Checked, Held, Proof, assertion, check, held, unavailable, use_passkey};
use crate::identity::http::{Door, label, peer_address};
use crate::identity::{Caller, Me, me, rescue, sessions};

/// The routes of this part.
pub(in crate::identity) fn router(door: Door) -> OpenApiRouter {
    OpenApiRouter::new().routes(routes!(challenge)).routes(routes!(sign_in_by_passkey)).routes(routes!(step_up)).with_state(door)
}

/// Begins a session for somebody who has proven who they are.
pub(in crate::identity) async fn enter(
    door: &Door,
    session: &Session,
    headers: &HeaderMap,
    account: Uuid,
    proof: Proof,
) -> Result<Json<Me>, Problem> {
    let label = label(headers);
    sessions::begin(session, &door.ctx, account, &label, proof).await?;
    let ctx = door.ctx.clone();
    let noted: db::Result<()> = door.ctx.db.write(async move |tx| note(tx, &ctx, account, &label).await).await;
    noted?;
    me(&door.ctx, account, proof.is_strong()).await?.map(Json).ok_or_else(Problem::not_signed_in)
}

/// What the account asks for after the first proof, such as the right password.
pub(in crate::identity) async fn second(
    door: &Door,
    account: Uuid,
    first: Proof,
    address: IpAddr,
    code: Option<&str>,
) -> Result<Proof, Problem> {
    rescue::remove_if_due(&door.ctx, account).await?;
    let held = held(&mut door.ctx.db.read().await?, account).await?;
    if !held.factor() {
        return Ok(first);
    }
    let Some(code) = code.filter(|code| !code.trim().is_empty()) else {
        return Err(code_required(StatusCode::UNAUTHORIZED, held));
    };
    by_code(door, account, address, code).await
}

fn code_required(status: StatusCode, held: Held) -> Problem {
    let ways: Vec<&str> = [(held.totp, "app"), (held.passkeys, "passkey"), (held.codes > 0, "recovery")]
        .into_iter()
        .filter_map(|(there, way)| there.then_some(way))
        .collect();
    Problem::new(status, "code_required", "A second factor is needed").with("ways", json!(ways))
}

async fn by_code(door: &Door, account: Uuid, address: IpAddr, code: &str) -> Result<Proof, Problem> {
    match check(&door.ctx, &door.factors, account, address, code).await? {
        Checked::Right(proof) => Ok(proof),
        Checked::Wrong => {
            door.ctx.recorder.failed_sign_in(Some(account), Some(address));
            Err(Problem::new(StatusCode::UNAUTHORIZED, "code_wrong", "This code is wrong, or was used before"))
        }
        Checked::Locked(seconds) => Err(Problem::too_many(seconds)),
    }
}

/// Begins to prove by a passkey who one is; nobody has to be signed in.
#[utoipa::path(post, path = "/api/passkey-challenges", tag = "identity",
    responses((status = 201, body = Ceremony), (status = 409), (status = 429), (status = 503)))]
async fn challenge(State(door): State<Door>, peer: Option<Extension<Peer>>) -> Result<(StatusCode, Json<Ceremony>), Problem> {
    door.limit_address(peer_address(peer))?;
    if !door.factors.has_passkeys() {
        return Err(unavailable());
    }
    let (id, options) = door.factors.challenge(door.ctx.now()).ok_or_else(|| Problem::busy(60))?;
    Ok((StatusCode::CREATED, Json(Ceremony { id, options })))
}

/// What the browser answered to a challenge.
#[derive(Deserialize, ToSchema)]
struct Assertion {
    ceremony: Uuid,
    #[schema(value_type = Object)]
    credential: Value,
}

/// Signs in by a passkey alone: it is something one has, opened by something one knows or is.
#[utoipa::path(post, path = "/api/session/passkey", tag = "identity", request_body = Assertion,
    responses((status = 200, body = Me), (status = 401), (status = 429)))]
async fn sign_in_by_passkey(
    State(door): State<Door>,
    session: Session,
    peer: Option<Extension<Peer>>,
    headers: HeaderMap,
    Json(wish): Json<Assertion>,
) -> Result<Json<Me>, Problem> {
    let address = peer_address(peer);
    door.limit_address(address)?;
    let failed = |account| {
        door.ctx.recorder.failed_sign_in(account, Some(address));
        passkey_failed()
    };
    let asserted = assertion(&door.ctx, &door.factors, wish.ceremony, wish.credential).await?;
    let asserted = asserted.ok_or_else(|| failed(None))?;
    if door.ctx.standing.actor(asserted.account).await?.is_none() {
        return Err(failed(Some(asserted.account)));
    }
    let account = asserted.account;
    note_use(&door, asserted).await?;
    enter(&door, &session, &headers, account, Proof::Passkey).await
}

fn passkey_failed() -> Problem {
    Problem::new(StatusCode::UNAUTHORIZED, "passkey_failed", "This passkey proves nothing here")
}

async fn note_use(door: &Door, asserted: Asserted) -> db::Result<()> {
    let now = door.ctx.now();
    let noted: db::Result<bool> =
        door.ctx.db.write(async move |tx| use_passkey(tx, asserted.passkey, now, asserted.data.as_deref()).await).await;
    noted.map(|_| ())
}

/// One proof: the password, where the account has no second factor; a code; or the answer to a passkey challenge.
#[derive(Deserialize, ToSchema)]
struct Again {
    password: Option<String>,
    code: Option<String>,
    ceremony: Option<Uuid>,
    #[schema(value_type = Option<Object>)]
    credential: Option<Value>,
}

/// Proves once more who one is, for the sensitive acts of the next ten minutes. The session gets a new cookie.
#[utoipa::path(post, path = "/api/session/step-up", tag = "identity", request_body = Again,
    responses((status = 200, body = Me), (status = 400), (status = 401), (status = 403), (status = 422), (status = 429),
        (status = 503)))]
async fn step_up(
    State(door): State<Door>,
    caller: Caller,
    session: Session,
    peer: Option<Extension<Peer>>,
    Json(wish): Json<Again>,
) -> Result<Json<Me>, Problem> {
    if caller.by_token {
        return Err(Problem::forbidden_for("session_needed"));
    }
    let proof = prove(&door, &caller, peer_address(peer), wish).await?;
    let strong = caller.strong || proof.is_strong();
    sessions::prove(&session, &door.ctx, strong).await?;
    let (ctx, account) = (door.ctx.clone(), caller.account());
    let noted: db::Result<()> =
        door.ctx.db.write(async move |tx| audit::record(tx, act(&ctx, account, "session.step_up", proof)).await).await;
    noted?;
    me(&door.ctx, account, strong).await?.map(Json).ok_or_else(Problem::not_signed_in)
}

async fn prove(door: &Door, caller: &Caller, address: IpAddr, wish: Again) -> Result<Proof, Problem> {
    let account = caller.account();
    // What is wrong here is told by 422: the session itself is good, and 401 would say it isn't.
    let wrong = |code| Problem::unprocessable(code, "This proves nothing");
    let failed = |code| {
        door.ctx.recorder.failed_sign_in(Some(account), Some(address));
        wrong(code)
    };
    match wish {
        Again { ceremony: Some(ceremony), credential: Some(credential), .. } => {
            let asserted = assertion(&door.ctx, &door.factors, ceremony, credential).await?;
            let asserted = asserted.filter(|asserted| asserted.account == account).ok_or_else(|| failed("passkey_failed"))?;
            note_use(door, asserted).await?;
            Ok(Proof::Passkey)
        }
        Again { code: Some(code), .. } => match check(&door.ctx, &door.factors, account, address, &code).await? {
            Checked::Right(proof) => Ok(proof),
            Checked::Wrong => Err(failed("code_wrong")),
            Checked::Locked(seconds) => Err(Problem::too_many(seconds)),
        },
        Again { password: Some(password), .. } => {
            let held = held(&mut door.ctx.db.read().await?, account).await?;
            if held.factor() {
                return Err(code_required(StatusCode::UNPROCESSABLE_ENTITY, held));
            }
            if door.own_password(account, password).await? { Ok(Proof::Password) } else { Err(wrong("password_wrong")) }
        }
        Again { .. } => Err(Problem::bad_request("name password, code, or ceremony and credential")),
    }
}
