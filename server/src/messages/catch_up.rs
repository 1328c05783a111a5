//! What changed in a channel after a cursor, for a socket that comes back.

use std::sync::Arc;

use serde_json::json;
use uuid::Uuid;

use super::model::Message;
use super::post::message_change;
use super::store;
use crate::base::db;
use crate::channels::{self, topics};
use crate::context::Ctx;
use crate::realtime::{Caught, Change, Socket, frame};

/// Changes that are replayed at most; who missed more fetches by HTTP.
const REPLAY_MAX: i64 = 500;

/// Sends what the socket missed in a channel and subscribes it, without a gap between the two.
pub(super) async fn catch_up(ctx: &Ctx, socket: &Arc<Socket>, channel: Uuid, cursor: i64) -> db::Result<()> {
    let (mut cursor, mut head) = (cursor.max(0), 0);
    while ctx.hub.join(socket, channel, Some(cursor), head) == Caught::Behind {
        let age = ctx.hub.age(channel);
        let mut conn = ctx.db.read().await?;
        head = channels::head(&mut conn, channel).await?;
        // A number that was never given, as after the return to a backup, says nothing of what its bearer has seen.
        if cursor > head || head - cursor > REPLAY_MAX {
            drop(conn);
            ctx.hub.remember(channel, age, head, head, &[]);
            socket.outbox.push(frame::resync(Some(channel)));
            cursor = head;
            continue;
        }
        let changes = changes(&mut conn, channel, cursor, head).await?;
        drop(conn);
        ctx.hub.remember(channel, age, cursor, head, &changes);
        // Memory may hold only the younger part of what storage gave: send that part here, then join after it.
        if ctx.hub.join(socket, channel, Some(cursor), head) == Caught::Up {
            return Ok(());
        }
        for change in changes {
            socket.outbox.push(change.text().clone());
        }
        cursor = head;
    }
    Ok(())
}

/// A range of changes, in their order.
async fn changes(conn: &mut db::Conn, channel: Uuid, after: i64, upto: i64) -> db::Result<Vec<Change>> {
    let mut changes: Vec<_> =
        topics::changed(conn, channel, after, upto).await?.into_iter().map(|row| topic_change(row.changed_seq, row)).collect();
    for (topic, seq) in topics::departures(conn, channel, after, upto).await? {
        changes.push(topic_gone(channel, topic, seq));
    }
    for row in store::changed(conn, channel, after, upto).await? {
        changes.push(message_change(&Message::from(row)));
    }
    // Stable: a topic comes before the message that began it, which has the same number.
    changes.sort_by_key(Change::seq);
    Ok(changes)
}

/// A topic as it now stands.
pub(crate) fn topic_change(seq: i64, row: topics::TopicRow) -> Change {
    let topic = row.id;
    Change::new(seq, topic, frame::text(&json!({"type": "topic", "topic": topics::Topic::for_all(row), "seq": seq})))
}

/// A topic that left its channel. It isn't said where to, and nothing of what was said in it is told here again.
pub(crate) fn topic_gone(channel: Uuid, topic: Uuid, seq: i64) -> Change {
    let gone = json!({"id": topic, "channel": channel, "changed_seq": seq, "gone": true});
    Change::new(seq, topic, frame::text(&json!({"type": "topic", "topic": gone, "seq": seq}))).clearing()
}
