//! Read marks.

use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::super::store;
use crate::access::Action;
use crate::base::db::{self, AfterCommit};
use crate::base::http::{Json, Path, Problem};
use crate::channels;
use crate::context::Ctx;
use crate::identity::Caller;
use crate::realtime::frame;

/// A read mark: up to which change, of the channel or of one topic.
#[derive(Deserialize, ToSchema)]
pub(in crate::channels) struct Mark {
    pub(in crate::channels) seq: i64,
    pub(in crate::channels) topic: Option<Uuid>,
    /// A lower number makes unread again from there. Without this it does nothing: what is only looked at again stays read.
    #[serde(default)]
    pub(in crate::channels) unread: bool,
}

/// A read mark as it now stands.
#[derive(Serialize, ToSchema)]
pub(super) struct Marked {
    channel: Uuid,
    topic: Option<Uuid>,
    seq: i64,
    unread: i64,
    mentions: i64,
}

/// Marks as read up to a message; a lower number with `unread` marks as unread from there.
#[utoipa::path(put, path = "/api/channels/{id}/read", tag = "channels", params(("id" = Uuid, Path)), request_body = Mark,
    responses((status = 200, body = Marked), (status = 401), (status = 403), (status = 404)))]
pub(super) async fn mark_read(
    State(ctx): State<Ctx>,
    caller: Caller,
    Path(id): Path<Uuid>,
    Json(mark): Json<Mark>,
) -> Result<Json<Marked>, Problem> {
    let account = caller.account();
    let topic = mark.topic;
    let seq = read_up_to(&ctx, &caller, id, mark, None).await?;
    let unread = store::unread(&mut ctx.db.read().await?, account, id).await?;
    Ok(Json(Marked { channel: id, topic, seq, unread: unread.unread, mentions: unread.mentions }))
}

/// Sets a mark and tells the person's other windows; where it now stands.
pub(in crate::channels) async fn read_up_to(
    ctx: &Ctx,
    caller: &Caller,
    channel: Uuid,
    mark: Mark,
    window: Option<u64>,
) -> Result<i64, Problem> {
    let Mark { seq, topic, unread } = mark;
    let known = channels::authorise(ctx, &caller.actor, Action::Read, channel).await?;
    let account = caller.account();
    if !caller.actor.belongs_to(&known) {
        return Err(Problem::forbidden_for("not_a_member"));
    }
    if let Some(topic) = topic {
        let place = channels::topics::place(&mut ctx.db.read().await?, topic).await?;
        place.filter(|place| *place == channel).ok_or_else(Problem::not_found)?;
    }
    let ctx = ctx.clone();
    let db = ctx.db.clone();
    let done: db::Result<i64> = db
        .write(async move |tx| {
            // Nobody has read what isn't written yet.
            let seq = seq.clamp(0, store::head(tx, channel).await?);
            if let Some(before) = store::mark(tx, account, channel, topic).await?.filter(|before| seq < *before && !unread) {
                return Ok(before);
            }
            channels::mark_read(tx, account, channel, topic, seq).await?;
            let hub = ctx.hub.clone();
            let text = frame::text(&serde_json::json!({"type": "read", "channel": channel, "topic": topic, "seq": seq}));
            tx.after_commit(move || hub.tell(account, &text, window));
            Ok(seq)
        })
        .await;
    Ok(done?)
}
