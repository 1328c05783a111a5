//! What of a channel's messages may leave the platform, in an export or in print.

use uuid::Uuid;

use super::model::{Message, MessageRow};
use super::store;
use crate::access::handling::{Labels, may_leave};
use crate::base::db::{On, Result};

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
    let labels = Labels::of(row.labels.as_deref()).bound_by(&Labels::of(row.quote_labels.as_deref()));
    may_leave(row.marking(), &labels)
}
