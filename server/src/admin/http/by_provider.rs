//! Coming in by an invitation and through one's institution, without a password.

use axum::extract::{Extension, State};
use axum::http::{HeaderMap, StatusCode};
use serde::Deserialize;
use tower_sessions::Session;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::super::store;
use super::{Office, enter, invalid, limit, newcomer};
use crate::base::db;
use crate::base::http::{Json, Peer, Problem};
use crate::identity::{self, Me, NO_PASSWORD};

/// The routes of this file.
pub(super) fn router(office: Office) -> OpenApiRouter {
    OpenApiRouter::new().routes(routes!(accept)).with_state(office)
}

/// The name under which one came back from one's institution.
#[derive(Deserialize, ToSchema)]
struct ProviderAcceptance {
    entry: Uuid,
    /// Language of the screen.
    language: Option<String>,
}

/// Uses an invitation for whom an identity provider has named: creates the account, without a password, bound to what the
/// provider calls this person, and signs in. An invitation that was made for another address is answered as one that there
/// isn't.
#[utoipa::path(post, path = "/api/invitation-acceptances/provider", tag = "admin", request_body = ProviderAcceptance,
    responses((status = 201, body = Me), (status = 401), (status = 404), (status = 429)))]
async fn accept(
    State(office): State<Office>,
    session: Session,
    peer: Option<Extension<Peer>>,
    headers: HeaderMap,
    Json(wish): Json<ProviderAcceptance>,
) -> Result<(StatusCode, Json<Me>), Problem> {
    limit(&office, peer)?;
    let ctx = office.ctx.clone();
    let invited = office.desk.takes_in(wish.entry, &headers, ctx.now()).ok_or_else(identity::expired)?;
    let found = store::by_hash(&mut ctx.db.read().await?, &invited.invitation).await?;
    let row = found.filter(|row| row.is_good(ctx.now()) && row.email == invited.email).ok_or_else(invalid)?;
    let name = if invited.name.is_empty() { row.name.clone() } else { invited.name.clone() };
    let account = newcomer(&ctx, &row, name, wish.language, NO_PASSWORD.into());
    let (id, strong, inner, desk) = (account.id, invited.strong, ctx.clone(), office.desk.clone());
    let made: db::Result<bool> = ctx
        .db
        .write(async move |tx| {
            if identity::names_somebody(tx, &desk, &invited).await? || !enter(tx, &inner, &row, &account).await? {
                return Ok(false);
            }
            identity::bind_newcomer(tx, &inner, &desk, account.id, &invited).await?;
            Ok(true)
        })
        .await;
    if !made? {
        return Err(invalid());
    }
    identity::sign_in_invited(&session, &ctx, id, &identity::label(&headers), strong).await?;
    let me = identity::me(&ctx, id, strong).await?.ok_or_else(Problem::not_signed_in)?;
    Ok((StatusCode::CREATED, Json(me)))
}
