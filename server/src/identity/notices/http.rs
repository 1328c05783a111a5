//! Routes of one's own notices.

use axum::extract::State;
use axum::http::StatusCode;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::store;
use crate::base::clock::rfc3339;
use crate::base::db;
use crate::base::http::{Json, Page, Problem};
use crate::base::limits::PAGE;
use crate::context::Ctx;
use crate::identity::Caller;

/// The routes of this part.
pub(in crate::identity) fn router(ctx: Ctx) -> OpenApiRouter {
    OpenApiRouter::new().routes(routes!(list, mark_seen)).with_state(ctx)
}

/// Something that happened to one's own account.
#[derive(Serialize, ToSchema)]
#[schema(as = SecurityNotice)]
struct Notice {
    id: Uuid,
    /// What: `totp_added`, `totp_removed`, `passkey_added`, `passkey_removed`, `recovery_renewed`, `recovery_used`,
    /// `password_changed`, `reset_made`, `password_reset`, `new_browser`, `codes_guessed`, `removal_asked`,
    /// `removal_agreed`, `factors_removed`.
    kind: String,
    /// The name of the passkey or browser, the number of codes left, or a time.
    detail: String,
    created_at: String,
    /// Whether it was looked at.
    seen: bool,
    /// Whether the session that asks did it itself.
    own: bool,
}

/// The latest of one's own security notices, newest first.
#[utoipa::path(get, path = "/api/me/notices", tag = "identity",
    responses((status = 200, body = Page<Notice>), (status = 401)))]
async fn list(State(ctx): State<Ctx>, caller: Caller) -> Result<Json<Page<Notice>>, Problem> {
    let rows = store::latest(&mut ctx.db.read().await?, caller.account(), PAGE).await?;
    let items = rows.into_iter().map(|row| Notice {
        id: row.id,
        own: row.session == Some(caller.credential),
        kind: row.kind,
        detail: row.detail,
        created_at: rfc3339(row.created_at),
        seen: row.seen_at.is_some(),
    });
    Ok(Json(Page::whole(items.collect())))
}

/// Marks all of one's own security notices as looked at.
#[utoipa::path(put, path = "/api/me/notices", tag = "identity", responses((status = 204), (status = 401)))]
async fn mark_seen(State(ctx): State<Ctx>, caller: Caller) -> Result<StatusCode, Problem> {
    let (account, now) = (caller.account(), ctx.now());
    let marked: db::Result<()> = ctx.db.write(async move |tx| store::mark_seen(tx, account, now).await).await;
    marked?;
    Ok(StatusCode::NO_CONTENT)
}
