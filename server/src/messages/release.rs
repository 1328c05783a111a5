//! A post that has waited becomes its author's message.

use futures_util::future::BoxFuture;

use super::model::Draft;
use super::post::{Ready, keep, prepare};
use crate::access::handling::{Code, Labels, RED};
use crate::access::{Actor, Channel};
use crate::base::db;
use crate::base::http::Problem;
use crate::channels::topics;
use crate::context::Ctx;
use crate::moderation::{Release, Settle};
use crate::vocabulary::strictest;

/// Why a released post didn't become a message.
enum Unfit {
    Storage(db::Error),
    /// Somebody has decided before.
    Decided,
    /// Its author has left the channel, or that is archived.
    NotAdmitted,
}

impl From<db::Error> for Unfit {
    fn from(error: db::Error) -> Self {
        Self::Storage(error)
    }
}

/// Makes a released post a message, in the order of the writer: with its author and its `ref`, said now. `settle` notes the
/// decision in the same transaction; `false` if that was decided before.
///
/// A topic that has gone elsewhere meanwhile is `General`; a quote that is gone is left out.
///
/// # Errors
/// `author_left` when the author can't say it there any more; what is wrong with the draft otherwise.
pub fn release(ctx: Ctx, release: Release, settle: Settle) -> BoxFuture<'static, Result<bool, Problem>> {
    Box::pin(async move {
        let channel = ctx.standing.channel(release.channel).await?.ok_or_else(author_left)?;
        let ready = ready(&ctx, &channel, release).await?;
        let (inner, mut settle) = (ctx.clone(), settle);
        let stored = ctx
            .db
            .write(async move |tx| {
                if !settle(tx).await? {
                    return Err(Unfit::Decided);
                }
                keep(tx, &inner, &channel, &ready).await?.ok_or(Unfit::NotAdmitted)
            })
            .await;
        match stored {
            Ok(_) => Ok(true),
            Err(Unfit::Decided) => Ok(false),
            Err(Unfit::NotAdmitted) => Err(author_left()),
            Err(Unfit::Storage(error)) => Err(error.into()),
        }
    })
}

fn author_left() -> Problem {
    Problem::conflict("author_left", "Its author can't say anything in this channel any more")
}

async fn ready(ctx: &Ctx, channel: &Channel, release: Release) -> Result<Ready, Problem> {
    let actor = ctx.standing.actor(release.author).await?.ok_or_else(author_left)?;
    let draft: Draft = serde_json::from_str(&release.draft).map_err(|error| Problem::internal(&error))?;
    let mut draft = Draft { body: release.body, new_topic: release.title, ..draft };
    // Its channel may keep what is said for fewer days than when it was written.
    draft.expires_in_days = draft.expires_in_days.map(|days| days.min(channel.retention_days.unwrap_or(days)));
    if let Some(topic) = draft.topic {
        let found = topics::topic(&mut ctx.db.read().await?, topic).await?;
        draft.topic = found.filter(|found| found.channel == release.from).map(|found| found.id);
    }
    let mut ready = if release.from == channel.id {
        written(ctx, &actor, channel, draft).await?
    } else {
        let from = ctx.standing.channel(release.from).await?.ok_or_else(author_left)?;
        let there = written(ctx, &actor, &from, draft.clone()).await?;
        let marking = strictest(&there.marking, &release.marking).to_owned();
        written(ctx, &actor, channel, moved(draft, marking, there.labels)?).await?
    };
    ready.id = release.id;
    Ok(ready)
}

/// A draft made ready for its channel. A quote that is gone is left out.
async fn written(ctx: &Ctx, actor: &Actor, channel: &Channel, draft: Draft) -> Result<Ready, Problem> {
    match prepare(ctx, actor, channel, draft.clone(), None).await {
        Err(problem) if problem.code() == "quote_not_found" => {
            prepare(ctx, actor, channel, Draft { quote: None, ..draft }, None).await
        }
        other => other,
    }
}

/// A draft as it goes into another room: with the labels that it had where it was written, and without what it answers. As with
/// a topic that moves, what is RED stays in its room, and an H2 until its source has released it.
fn moved(draft: Draft, marking: String, labels: Labels) -> Result<Draft, Problem> {
    if marking == RED || labels.has(Code::H2) {
        let problem = Problem::conflict("marking_forbids_move", "Its label keeps it in its channel");
        return Err(problem.with("marking", marking));
    }
    Ok(Draft { topic: None, quote: None, marking: Some(marking), handling: labels.into(), ..draft })
}
