//! A bulk load: the demo region, a benchmark, later what comes from another platform.

use uuid::Uuid;

use super::model::Reaction;
use super::post::{begin_topic, names, new_topic};
use super::render::{self, Names};
use super::store::{self, NewRow};
use crate::access::Channel;
use crate::access::handling::Labels;
use crate::base::clock::MINUTE;
use crate::base::db::{self, Tx};
use crate::base::secret;
use crate::channels::changes::{self, Change, Kind};
use crate::channels::{self, topics};
use crate::context::Ctx;

/// An imported message with an earlier wording was edited so long after it was posted (microseconds).
const EDITED_AFTER: i64 = 4 * MINUTE;

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
    /// Its own marking; the channel's if it has none.
    pub marking: Option<String>,
    /// The other labels.
    pub labels: Labels,
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
    let (seq, before) = changes::next(tx, channel.id).await?;
    let at = message.posted_at;
    let known = match &message.topic {
        None => Some(channel.general),
        Some(title) => topics::by_title(tx, channel.id, title).await?,
    };
    let begun = match (known, &message.topic) {
        (None, Some(title)) => Some(new_topic(ctx, channel.id, title, message.author, seq, at)),
        _ => None,
    };
    let topic = begun.as_ref().map_or(known.unwrap_or(channel.general), |topic| topic.id);
    let called = channels::members_among(tx, channel.id, &render::mentioned(&message.body)).await?;
    let mentions = if called.is_empty() { None } else { serde_json::to_string(&called).ok() };
    let html = render::render(&message.body, &names(ctx, &called).await?);
    let labels = message.labels.stored();
    let row = NewRow {
        id: message.id,
        channel: channel.id,
        seq,
        topic,
        author: message.author,
        reference: None,
        body: &message.body,
        html: &html,
        marking: message.marking.as_deref().unwrap_or(&channel.marking),
        labels: labels.as_deref(),
        expires_at: None,
        quote: message.quote,
        mentions: mentions.as_deref(),
        attachments: None,
        posted_at: at,
        request: None,
        nonce: secret::random(),
    }
    .within(&channel.marking);
    let mut digest = row.digest().to_vec();
    if let Some(topic) = &begun {
        digest.extend(topic.digest());
        begin_topic(tx, ctx, topic).await?;
    }
    let kind = if begun.is_some() { Kind::Begin } else { Kind::Post };
    changes::note_at(tx, channel.id, seq, before.as_deref(), &Change { kind, id: row.id, digest: &digest }).await?;
    let n = store::insert(tx, &row).await?;
    topics::posted(tx, topic, seq, at).await?;
    if !called.is_empty() {
        store::set_mentions(tx, n, &called).await?;
    }
    let changed = live_on(tx, channel, message, &row, n).await?;
    Ok((topic, changed.unwrap_or(seq)))
}

/// What has happened to an imported message since it was posted; the number of the last of these changes, if any.
async fn live_on(tx: &mut Tx, channel: &Channel, message: &Imported, row: &NewRow<'_>, n: i64) -> db::Result<Option<i64>> {
    let (id, at, digest) = (row.id, row.posted_at, row.digest());
    let change = |kind| Change { kind, id, digest: &digest };
    let mut changed = None;
    if let Some(earlier) = &message.edited_from {
        // The same words as were digested when it was posted: an import brings the last wording only.
        let seq = *changed.insert(changes::note(tx, channel.id, &change(Kind::Edit)).await?);
        store::revise(tx, n, at, earlier, &render::render(earlier, &Names::new())).await?;
        let (body, html, mentions, nonce) = (row.body, row.html, row.mentions, row.nonce);
        store::edit(tx, n, &store::Edited { body, html, mentions, at: Some(at + EDITED_AFTER), nonce, labels: row.labels }, seq)
            .await?;
    }
    if !message.reactions.is_empty() {
        let seq = *changed.insert(changes::note(tx, channel.id, &change(Kind::React)).await?);
        store::react(tx, n, serde_json::to_string(&message.reactions).ok().as_deref(), seq).await?;
    }
    if message.pinned {
        let seq = *changed.insert(changes::note(tx, channel.id, &change(Kind::Pin)).await?);
        store::pin(tx, n, Some(at), message.author, seq).await?;
    }
    if message.deleted {
        let gone = Change { kind: Kind::Delete, id, digest: &[] };
        let seq = *changed.insert(changes::note(tx, channel.id, &gone).await?);
        store::delete(tx, n, at, Some(message.author), seq).await?;
    }
    Ok(changed)
}
