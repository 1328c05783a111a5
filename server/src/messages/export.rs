//! What of a channel's messages may leave the platform: in an export, in print, or one for a machine of somebody else's.

use uuid::Uuid;

use super::change::locate;
use super::model::{Message, MessageRow};
use super::store::{self, Wording};
use crate::access::handling::{Labels, may_be_handed_over, may_leave};
use crate::access::{Action, Actor};
use crate::base::db::{On, Result};
use crate::base::http::Problem;
use crate::context::Ctx;

/// A message of a channel, as far as it may leave.
pub struct Leaving {
    /// Its place.
    pub seq: i64,
    /// Its topic.
    pub topic: Uuid,
    /// The message with its words; `None` if it was deleted or has to stay.
    pub message: Option<Message>,
    /// Whether it was deleted.
    pub deleted: bool,
}

/// The messages after a place of a channel, in their order and at most so many.
pub async fn leaving(conn: &mut impl On, channel: Uuid, after: i64, limit: i64) -> Result<Vec<Leaving>> {
    let rows = store::after(conn, channel, None, after, limit).await?;
    let leaving = rows.into_iter().map(|row| {
        let (seq, topic, deleted) = (row.seq, row.topic, row.deleted_at.is_some());
        let message = (!deleted && leaves(&row)).then(|| Message::from(row));
        Leaving { seq, topic, message, deleted }
    });
    Ok(leaving.collect())
}

/// Whether it may leave by its own labels, its channel's marking and the labels that what it quotes has now.
fn leaves(row: &MessageRow) -> bool {
    may_leave(row.marking(), &labels(row))
}

/// Its own labels with those that what it quotes has now.
fn labels(row: &MessageRow) -> Labels {
    Labels::of(row.labels.as_deref()).bound_by(&Labels::of(row.quote_labels.as_deref()))
}

/// A message that may be handed to a machine of somebody else's.
pub struct Abroad {
    /// The message.
    pub message: Uuid,
    /// Its channel.
    pub channel: Uuid,
    /// What it says; nothing of what it quotes.
    pub body: String,
    /// Which wording that is.
    pub wording: Wording,
}

/// A message for somebody who may read it, if no more than `allowance` is handed over and it is no more than that.
///
/// # Errors
/// Those of asking for it; `marking_forbids_translation`.
pub async fn abroad(ctx: &Ctx, actor: &Actor, id: Uuid, allowance: &str) -> std::result::Result<Abroad, Problem> {
    let (_, channel) = locate(ctx, actor, Action::Read, id).await?;
    let mut conn = ctx.db.read().await?;
    let row = store::message(&mut conn, id).await?;
    let row = row.filter(|row| row.channel == channel.id && row.deleted_at.is_none()).ok_or_else(Problem::not_found)?;
    if !may_be_handed_over(row.marking(), allowance, &labels(&row)) {
        let stays = Problem::conflict("marking_forbids_translation", "How this message is labelled keeps it on the platform");
        return Err(stays.with("marking", row.marking()).with("allowance", allowance));
    }
    let wording = Wording { at: row.edited_at.unwrap_or(row.posted_at), marking: row.marking, labels: row.labels };
    Ok(Abroad { message: id, channel: channel.id, body: row.body, wording })
}

/// The wording of a message that is there.
pub async fn wording(conn: &mut impl On, id: Uuid) -> Result<Option<Wording>> {
    store::wording(conn, id).await
}
