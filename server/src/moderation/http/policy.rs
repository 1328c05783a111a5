//! What a channel asks of posts before everybody sees them.

use axum::extract::State;
use axum::http::StatusCode;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use crate::access::{Action, ChannelKind};
use crate::audit::{self, Act};
use crate::base::db;
use crate::base::http::{Json, Path, Problem};
use crate::channels;
use crate::context::Ctx;
use crate::identity::Caller;
use crate::moderation::model::Policy;
use crate::moderation::store;

pub(super) fn router(ctx: Ctx) -> OpenApiRouter {
    OpenApiRouter::new().routes(routes!(show, change)).with_state(ctx)
}

/// What a channel asks of posts, for those who look after it.
#[utoipa::path(get, path = "/api/channels/{id}/moderation", tag = "moderation", params(("id" = Uuid, Path)),
    responses((status = 200, body = Policy), (status = 401), (status = 403), (status = 404)))]
async fn show(State(ctx): State<Ctx>, caller: Caller, Path(id): Path<Uuid>) -> Result<Json<Policy>, Problem> {
    channels::authorise(&ctx, &caller.actor, Action::Moderate, id).await?;
    Ok(Json(store::policy(&mut ctx.db.read().await?, id).await?.unwrap_or_default()))
}

/// Sets what a channel asks of posts. One that asks nothing takes it away.
#[utoipa::path(put, path = "/api/channels/{id}/moderation", tag = "moderation", params(("id" = Uuid, Path)), request_body = Policy,
    responses((status = 204), (status = 401), (status = 403), (status = 404), (status = 422)))]
async fn change(
    State(ctx): State<Ctx>,
    caller: Caller,
    Path(id): Path<Uuid>,
    Json(wish): Json<Policy>,
) -> Result<StatusCode, Problem> {
    let channel = channels::authorise(&ctx, &caller.actor, Action::Moderate, id).await?;
    debug_assert_ne!(channel.kind, ChannelKind::Direct, "nobody moderates those");
    let policy = wish.checked().ok_or_else(|| Problem::unprocessable("policy_invalid", "This can't be asked of posts"))?;
    let (by, now, inner) = (caller.account(), ctx.now(), ctx.clone());
    let done: db::Result<()> = ctx
        .db
        .write(async move |tx| {
            store::set_policy(tx, id, &policy, now, by).await?;
            channels::changed(tx, &inner, id, None);
            // How many words, not which: they may be telling.
            let Policy { hold_all, newcomer_posts, slow_seconds, trigger_words } = &policy;
            let detail = format!(
                "hold_all={hold_all} newcomer_posts={newcomer_posts} slow_seconds={slow_seconds} words={}",
                trigger_words.len()
            );
            audit::record(tx, Act { at: now, actor: Some(by), what: "channel.policy", target: format!("channel:{id}"), detail })
                .await
        })
        .await;
    done?;
    Ok(StatusCode::NO_CONTENT)
}
