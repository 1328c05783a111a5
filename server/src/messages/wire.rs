//! The frames `resume` and `post`.

use std::collections::BTreeMap;
use std::sync::Arc;

use futures_util::future::BoxFuture;
use serde::Deserialize;
use uuid::Uuid;

use super::catch_up::catch_up;
use super::model::Draft;
use super::post::post;
use crate::access::{Action, Decision, may};
use crate::base::db;
use crate::base::http::Problem;
use crate::context::Ctx;
use crate::identity;
use crate::realtime::socket::BadFrame;
use crate::realtime::{Handler, Socket, frame};

/// The frames of this slice.
pub fn frames() -> [(&'static str, Handler<Ctx>); 2] {
    [("resume", on_resume), ("post", on_post)]
}

#[derive(Deserialize)]
struct Resume {
    cursors: BTreeMap<Uuid, i64>,
}

fn on_resume<'a>(ctx: &'a Ctx, socket: &'a Arc<Socket>, text: &'a str) -> BoxFuture<'a, Result<(), BadFrame>> {
    Box::pin(async move {
        let resume: Resume = serde_json::from_str(text)?;
        match resume_all(ctx, socket, &resume.cursors).await {
            Ok(()) => socket.outbox.push(frame::live()),
            Err(error) => {
                let problem = Problem::from(error);
                socket.outbox.push(frame::refused(None, problem.code(), problem.extra()));
            }
        }
        Ok(())
    })
}

/// Joins every channel the person belongs to. Cursors of channels that this person may read, but no longer belongs to,
/// are of no use any more; those of others are treated as if the channel didn't exist.
async fn resume_all(ctx: &Ctx, socket: &Arc<Socket>, cursors: &BTreeMap<Uuid, i64>) -> db::Result<()> {
    let Some(actor) = ctx.standing.actor(socket.account).await? else { return Ok(()) };
    for channel in &actor.channels {
        let Some(facts) = ctx.standing.channel(*channel).await? else { continue };
        if may(&actor, Action::Read, &facts) != Decision::Allow {
            continue;
        }
        match cursors.get(channel) {
            Some(cursor) => catch_up(ctx, socket, *channel, *cursor).await?,
            None => {
                ctx.hub.join(socket, *channel, None, 0);
            }
        }
    }
    // Between reading the standing and joining, a membership may have ended.
    let now = ctx.standing.actor(socket.account).await?;
    for channel in &actor.channels {
        if now.as_ref().is_none_or(|now| !now.channels.contains(channel)) {
            ctx.hub.expel(socket.account, *channel);
        }
    }
    Ok(())
}

#[derive(Deserialize)]
struct Post {
    channel: Uuid,
    #[serde(flatten)]
    draft: Draft,
}

fn on_post<'a>(ctx: &'a Ctx, socket: &'a Arc<Socket>, text: &'a str) -> BoxFuture<'a, Result<(), BadFrame>> {
    Box::pin(async move {
        let Post { channel, draft } = serde_json::from_str(text)?;
        let reference = draft.reference.ok_or(BadFrame)?;
        identity::note_activity(ctx, socket);
        let answered = async {
            let actor = ctx.standing.actor(socket.account).await?.ok_or_else(Problem::not_signed_in)?;
            post(ctx, &actor, channel, draft, None).await
        };
        match answered.await {
            Ok((_, answer)) => socket.outbox.push(frame::text(&answer)),
            Err(problem) => socket.outbox.push(frame::refused(Some(reference), problem.code(), problem.extra())),
        }
        Ok(())
    })
}
