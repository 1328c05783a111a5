//! The frames `read` and `typing`.

use std::sync::Arc;

use futures_util::future::BoxFuture;
use serde::Deserialize;
use serde_json::json;
use uuid::Uuid;

use super::http::Mark;
use crate::access::Action;
use crate::base::http::Problem;
use crate::context::Ctx;
use crate::identity::{self, Caller};
use crate::realtime::socket::BadFrame;
use crate::realtime::{Handler, Socket, frame};

/// The frames of this slice.
pub fn frames() -> [(&'static str, Handler<Ctx>); 2] {
    [("read", on_read), ("typing", on_typing)]
}

async fn caller(ctx: &Ctx, socket: &Socket) -> Result<Caller, Problem> {
    let actor = ctx.standing.actor(socket.account).await?.ok_or_else(Problem::not_signed_in)?;
    Ok(Caller { actor, credential: socket.credential })
}

fn refuse(socket: &Socket, problem: &Problem) {
    socket.outbox.push(frame::refused(None, problem.code(), problem.extra()));
}

#[derive(Deserialize)]
struct Read {
    channel: Uuid,
    #[serde(flatten)]
    mark: Mark,
}

fn on_read<'a>(ctx: &'a Ctx, socket: &'a Arc<Socket>, text: &'a str) -> BoxFuture<'a, Result<(), BadFrame>> {
    Box::pin(async move {
        let Read { channel, mark } = serde_json::from_str(text)?;
        identity::note_activity(ctx, socket);
        let marked = async {
            let caller = caller(ctx, socket).await?;
            super::http::read_up_to(ctx, &caller, channel, mark, Some(socket.id)).await.map(|_| ())
        };
        if let Err(problem) = marked.await {
            refuse(socket, &problem);
        }
        Ok(())
    })
}

#[derive(Deserialize)]
struct Typing {
    channel: Uuid,
    topic: Option<Uuid>,
}

fn on_typing<'a>(ctx: &'a Ctx, socket: &'a Arc<Socket>, text: &'a str) -> BoxFuture<'a, Result<(), BadFrame>> {
    Box::pin(async move {
        let Typing { channel, topic } = serde_json::from_str(text)?;
        let allowed = async {
            let caller = caller(ctx, socket).await?;
            super::authorise(ctx, &caller.actor, Action::Post, channel).await?;
            Ok::<_, Problem>(caller)
        };
        match allowed.await {
            Ok(caller) => {
                let actor = &caller.actor;
                let typing =
                    json!({"type": "typing", "channel": channel, "topic": topic, "account": actor.account, "name": actor.name});
                ctx.hub.whisper(channel, &frame::text(&typing), actor.account);
            }
            Err(problem) => refuse(socket, &problem),
        }
        Ok(())
    })
}
