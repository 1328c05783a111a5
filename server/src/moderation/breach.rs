//! What is taken back because it should never have been seen, and the clock of the data-protection officer that begins with
//! it: within 72 hours the supervisory authority is told, unless there is no risk to anybody (GDPR art. 33).

use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::hold::seal;
use super::model::Concern;
use super::store::{self, NewBreach};
use super::{count, decide, notice};
use crate::audit::{self, Act};
use crate::base::clock::HOUR;
use crate::base::db::{self, Tx};
use crate::base::http::Problem;
use crate::base::ids;
use crate::context::Ctx;

/// Within this long after it became known (GDPR art. 33, 1).
const DUE_IN: i64 = 72 * HOUR;

/// Why a message is taken back.
#[derive(Deserialize, ToSchema)]
#[schema(as = Retraction)]
pub struct Retraction {
    reason: Concern,
    /// A line for the data-protection officer; nothing that tells who somebody is.
    note: Option<String>,
}

/// A message that is taken back.
#[derive(Clone, Copy, Debug)]
pub struct Taken {
    /// The message.
    pub message: Uuid,
    /// Where it stood.
    pub channel: Uuid,
    /// Who wrote it.
    pub author: Uuid,
    /// When it was posted (microseconds).
    pub posted_at: i64,
}

/// What is to be noted beside a retraction, sealed.
pub struct Noted {
    id: Uuid,
    reason: &'static str,
    note: Option<Vec<u8>>,
}

/// What will be noted of why.
///
/// # Errors
/// `note_invalid`.
pub fn noted(ctx: &Ctx, why: &Retraction) -> Result<Noted, Problem> {
    let id = ctx.id();
    let note = decide::note(why.note.as_deref())?.map(|note| seal(ctx, id, &note)).transpose()?;
    Ok(Noted { id, reason: why.reason.as_str(), note })
}

/// Begins the clock in the transaction that erases the message, or after that was done, records who took it back, and tells the
/// officers that are connected. `false` if it has begun before.
pub async fn begin(tx: &mut Tx, ctx: &Ctx, taken: &Taken, noted: &Noted, at: i64, by: Uuid) -> db::Result<bool> {
    let Taken { message, channel, author, posted_at } = *taken;
    let Noted { id, reason, ref note } = *noted;
    let (channel, author, note, by) = (Some(channel), Some(author), note.as_deref(), Some(by));
    let new = NewBreach { id, message, channel, author, reason, note, posted_at, at, by };
    run(tx, ctx, &new, at, "message.retract").await
}

/// Begins a clock again that a restored backup has lost: from when the message was taken back (microseconds), for whatever
/// reason was noted then, by whom isn't known any more. Of a message that is younger than the backup neither place nor author
/// are. `false` if it hasn't lost the clock.
pub async fn begin_again(
    tx: &mut Tx,
    ctx: &Ctx,
    message: Uuid,
    taken: Option<&Taken>,
    reason: &str,
    at: i64,
) -> db::Result<bool> {
    let (id, reason) = (ctx.id(), Concern::of(reason).as_str());
    let (channel, author) = (taken.map(|taken| taken.channel), taken.map(|taken| taken.author));
    let posted_at = taken.map_or_else(|| ids::made_at(message), |taken| taken.posted_at);
    let new = NewBreach { id, message, channel, author, reason, note: None, posted_at, at, by: None };
    run(tx, ctx, &new, ctx.now(), "breach.begin_again").await
}

/// Stores a clock, if there is none of its message, and records `act`.
async fn run(tx: &mut Tx, ctx: &Ctx, new: &NewBreach<'_>, now: i64, act: &str) -> db::Result<bool> {
    if !store::begin_breach(tx, new, new.at + DUE_IN).await? {
        return Ok(false);
    }
    count(tx, new.at, "retracted").await?;
    notice::breaches_changed(tx, ctx);
    let place = new.channel.map(|channel| format!("channel:{channel} ")).unwrap_or_default();
    let (target, detail) = (format!("message:{}", new.message), format!("{place}reason={}", new.reason));
    audit::record(tx, Act { at: now, actor: new.by, what: act, target, detail }).await?;
    Ok(true)
}
