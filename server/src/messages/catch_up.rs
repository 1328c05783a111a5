//! What changed in a channel after a cursor, for a socket that comes back.

use std::sync::Arc;

use serde_json::json;
use uuid::Uuid;

use super::model::Message;
use super::post::message_frame;
use super::store;
use crate::base::db;
use crate::channels::{self, topics};
use crate::context::Ctx;
use crate::realtime::{Caught, Socket, Text, frame};

/// Changes that are replayed at most; who missed more fetches by HTTP.
const REPLAY_MAX: i64 = 500;

/// Sends what the socket missed in a channel and subscribes it, without a gap between the two.
pub(super) async fn catch_up(ctx: &Ctx, socket: &Arc<Socket>, channel: Uuid, cursor: i64) -> db::Result<()> {
    let mut cursor = cursor.max(0);
    while ctx.hub.join(socket, channel, Some(cursor)) == Caught::Behind {
        let age = ctx.hub.age(channel);
        let mut conn = ctx.db.read().await?;
        let head = channels::head(&mut conn, channel).await?;
        if head - cursor > REPLAY_MAX {
            drop(conn);
            ctx.hub.remember(channel, age, head, head, &[]);
            socket.outbox.push(frame::resync(Some(channel)));
            cursor = head;
            continue;
        }
        let changes = changes(&mut conn, channel, cursor, head).await?;
        drop(conn);
        ctx.hub.remember(channel, age, cursor.min(head), head, &changes);
        // Memory may hold only the younger part of what storage gave: send that part here, then join after it.
        if ctx.hub.join(socket, channel, Some(cursor)) == Caught::Up {
            return Ok(());
        }
        for (_, text) in changes {
            socket.outbox.push(text);
        }
        cursor = head.max(cursor);
    }
    Ok(())
}

/// The frames for a range of changes, in their order.
async fn changes(conn: &mut db::Conn, channel: Uuid, after: i64, upto: i64) -> db::Result<Vec<(i64, Text)>> {
    let mut frames = Vec::new();
    for row in topics::changed(conn, channel, after, upto).await? {
        let seq = row.changed_seq;
        frames.push((seq, 0, frame::text(&json!({"type": "topic", "topic": topics::Topic::for_all(row), "seq": seq}))));
    }
    for (topic, seq) in topics::departures(conn, channel, after, upto).await? {
        frames.push((seq, 0, topic_gone(channel, topic, seq)));
    }
    for row in store::changed(conn, channel, after, upto).await? {
        frames.push((row.changed_seq, 1, message_frame(&Message::from(row))));
    }
    // A topic comes before the message that began it.
    frames.sort_by_key(|(seq, kind, _)| (*seq, *kind));
    Ok(frames.into_iter().map(|(seq, _, text)| (seq, text)).collect())
}

/// The frame for a topic that left its channel. It doesn't say where to.
pub(crate) fn topic_gone(channel: Uuid, topic: Uuid, seq: i64) -> Text {
    frame::text(
        &json!({"type": "topic", "topic": {"id": topic, "channel": channel, "changed_seq": seq, "gone": true}, "seq": seq}),
    )
}
