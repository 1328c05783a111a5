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

/// Begins the clock in the transaction that erases the message, records who took it back, and tells the officers that are
/// connected.
pub async fn begin(tx: &mut Tx, ctx: &Ctx, taken: &Taken, noted: &Noted, at: i64, by: Uuid) -> db::Result<()> {
    let Taken { message, channel, author, posted_at } = *taken;
    let Noted { id, reason, ref note } = *noted;
    let readers = store::readers(tx, message).await?;
    let note = note.as_deref();
    let due_at = at + DUE_IN;
    store::begin_breach(tx, &NewBreach { id, message, channel, author, reason, note, readers, posted_at, at, by, due_at })
        .await?;
    count(tx, at, "retracted").await?;
    notice::breaches_changed(tx, ctx);
    let (target, detail) = (format!("message:{message}"), format!("channel:{channel} reason={reason}"));
    audit::record(tx, Act { at, actor: Some(by), what: "message.retract", target, detail }).await
}
