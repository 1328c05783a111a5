//! A bulk load: the demo region, a benchmark, later what comes from another platform.

use uuid::Uuid;

use super::model::Reaction;
use super::post::{begin_topic, names};
use super::render::{self, Names};
use super::store::{self, NewRow};
use crate::access::Channel;
use crate::base::clock::MINUTE;
use crate::base::db::{self, Tx};
use crate::channels::{self, topics};
use crate::context::Ctx;
use crate::search;

/// A message of a bulk load.
#[derive(Clone, Debug)]
pub struct Imported {
    /// Its id, made from its time.
    pub id: Uuid,
    /// Its author.
    pub author: Uuid,
    /// Its topic's title; `None` for `General`.
    pub topic: Option<String>,
    /// Markdown.
    pub body: String,
    /// An earlier wording.
    pub edited_from: Option<String>,
    /// A message loaded before it.
    pub quote: Option<Uuid>,
    /// Reactions.
    pub reactions: Vec<Reaction>,
    /// Whether it is pinned.
    pub pinned: bool,
    /// Whether only the tombstone is left.
    pub deleted: bool,
    /// Microseconds.
    pub posted_at: i64,
}

/// Stores a message as if it had been posted when it says; nobody is told. Its topic and place.
pub async fn import(tx: &mut Tx, ctx: &Ctx, channel: &Channel, message: &Imported) -> db::Result<(Uuid, i64)> {
    let seq = channels::next_seq(tx, channel.id).await?;
    let at = message.posted_at;
    let topic = match &message.topic {
        None => channel.general,
        Some(title) => match topics::by_title(tx, channel.id, title).await? {
            Some(topic) => topic,
            None => begin_topic(tx, ctx, channel.id, title, message.author, seq, at).await?,
        },
    };
    let called = channels::members_among(tx, channel.id, &render::mentioned(&message.body)).await?;
    let mentions = if called.is_empty() { None } else { serde_json::to_string(&called).ok() };
    let html = render::render(&message.body, &names(ctx, &called).await?);
    let row = NewRow {
        id: message.id,
        channel: channel.id,
        seq,
        topic,
        author: message.author,
        reference: None,
        body: &message.body,
        html: &html,
        marking: &channel.marking,
        quote: message.quote,
        mentions: mentions.as_deref(),
        posted_at: at,
        request: None,
    };
    let n = store::insert(tx, &row).await?;
    topics::posted(tx, topic, seq, at).await?;
    search::index(tx, n, &search::Entry::new(channel.number, message.author, &message.body)).await?;
    if !called.is_empty() {
        store::set_mentions(tx, n, &called).await?;
    }
    let mut changed = seq;
    if let Some(earlier) = &message.edited_from {
        changed = channels::next_seq(tx, channel.id).await?;
        store::revise(tx, n, at, earlier, &render::render(earlier, &Names::new())).await?;
        store::edit(tx, n, &message.body, &html, mentions.as_deref(), at + 4 * MINUTE, changed).await?;
    }
    if !message.reactions.is_empty() {
        changed = channels::next_seq(tx, channel.id).await?;
        store::react(tx, n, serde_json::to_string(&message.reactions).ok().as_deref(), changed).await?;
    }
    if message.pinned {
        changed = channels::next_seq(tx, channel.id).await?;
        store::pin(tx, n, Some(at), message.author, changed).await?;
    }
    if message.deleted {
        changed = channels::next_seq(tx, channel.id).await?;
        search::unindex(tx, n, &search::Entry::new(channel.number, message.author, &message.body)).await?;
        store::delete(tx, n, at, message.author, changed).await?;
    }
    Ok((topic, changed))
}
