//! Messages as what files hang on: who may open the message may open its files.

use std::sync::Arc;

use futures_util::future::BoxFuture;
use uuid::Uuid;

use super::handling;
use super::store::{self, Facts};
use crate::access::handling::{Labels, may_leave};
use crate::access::{Actor, Channel};
use crate::attachable::{Held, Holder, Reader};
use crate::base::db::{Error, Result};
use crate::channels;
use crate::context::Ctx;

/// The word for messages in storage.
pub(super) const KIND: &str = "message";

struct Messages;

/// The messages, as what files hang on.
pub fn holder() -> Arc<dyn Holder> {
    Arc::new(Messages)
}

/// A message that stands and its channel, for somebody who may read there.
async fn found(ctx: &Ctx, actor: &Actor, id: Uuid) -> Result<Option<(Facts, Arc<Channel>)>> {
    let place = store::place(&mut ctx.db.read().await?, id).await?;
    let channel = match channels::place(ctx, actor, place).await {
        Ok(channel) => channel,
        Err(problem) if problem.is_not_found() => return Ok(None),
        // It has been told to the log.
        Err(_) => return Err(Error::Stopped),
    };
    let facts = store::facts(&mut ctx.db.read().await?, id).await?;
    Ok(facts.filter(|facts| facts.channel == channel.id && facts.deleted_at.is_none()).map(|facts| (facts, channel)))
}

impl Holder for Messages {
    fn kind(&self) -> &'static str {
        KIND
    }

    fn held<'a>(&'a self, ctx: &'a Ctx, actor: &'a Actor, id: Uuid) -> BoxFuture<'a, Result<Option<Held>>> {
        Box::pin(async move {
            let Some((facts, _)) = found(ctx, actor, id).await? else { return Ok(None) };
            let may_leave = may_leave(facts.handling(), &Labels::of(facts.labels.as_deref()));
            Ok(Some(Held { marking: facts.handling().to_owned(), may_leave, place: format!("/m/{id}") }))
        })
    }

    fn opens<'a>(&'a self, ctx: &'a Ctx, reader: Reader<'a>, id: Uuid) -> BoxFuture<'a, Result<bool>> {
        Box::pin(async move {
            let Some((facts, channel)) = found(ctx, reader.actor, id).await? else { return Ok(false) };
            handling::open(ctx, reader, &facts, &channel).await
        })
    }
}
