//! Posting: checked and rendered outside the writer, stored and numbered inside, told after the commit.

use uuid::Uuid;

use super::catch_up::topic_change;
use super::model::{self, Draft, Message, Posted, Quote, Reaction};
use super::render::{self, Names};
use super::store::{self, NewRow};
use crate::access::{Action, Actor, Channel};
use crate::base::clock::rfc3339;
use crate::base::db::{self, AfterCommit, Direct, Tx};
use crate::base::http::Problem;
use crate::channels::{self, topics};
use crate::context::Ctx;
use crate::faults::{Fault, injected};
use crate::realtime::{Change, frame};
use crate::search;

/// A draft that may be stored.
struct Ready {
    id: Uuid,
    channel: Uuid,
    author: Uuid,
    author_name: String,
    author_country: Option<String>,
    reference: Option<Uuid>,
    topic: Option<Uuid>,
    new_topic: Option<String>,
    body: String,
    html: String,
    index: search::Entry,
    marking: String,
    quote: Option<Quote>,
    called: Vec<Uuid>,
    posted_at: i64,
}

/// How storing went.
enum Stored {
    Now(Posted),
    NotAdmitted,
}

/// Posts a draft for somebody; true if it was stored now, false if its reference had been stored before.
pub(super) async fn post(ctx: &Ctx, actor: &Actor, channel: Uuid, draft: Draft) -> Result<(bool, Posted), Problem> {
    let channel = channels::authorise(ctx, actor, Action::Post, channel).await?;
    let ready = prepare(ctx, actor, &channel, draft).await?;
    let (author, reference, quote) = (actor.account, ready.reference, ready.quote.as_ref().map(|quote| quote.id));
    let stored: db::Result<Stored> = match ready.topic {
        Some(topic) if ready.called.is_empty() => {
            let inner = ctx.clone();
            ctx.db.write_direct(move |direct| keep_directly(direct, &inner, &ready, topic)).await
        }
        _ => {
            let (inner, channel) = (ctx.clone(), channel.clone());
            ctx.db.write(async move |tx| keep(tx, &inner, &channel, &ready).await).await
        }
    };
    match stored? {
        Stored::Now(posted) => Ok((true, posted)),
        Stored::NotAdmitted => Ok((false, repeated(ctx, &channel, author, reference, quote).await?)),
    }
}

/// Why a post was not admitted: it had been before, or something has changed since it was checked.
async fn repeated(
    ctx: &Ctx,
    channel: &Channel,
    author: Uuid,
    reference: Option<Uuid>,
    quote: Option<Uuid>,
) -> Result<Posted, Problem> {
    let before = match reference {
        Some(reference) => store::by_ref(&mut ctx.db.read().await?, author, reference).await?,
        None => None,
    };
    if let Some((id, channel, seq)) = before {
        return Ok(Posted { kind: "posted", reference, channel, id, seq });
    }
    if let Some(quote) = quote {
        quoted(ctx, channel, quote).await?;
    }
    Err(Problem::unprocessable("topic_not_found", "This topic isn't in this channel"))
}

async fn prepare(ctx: &Ctx, actor: &Actor, channel: &Channel, draft: Draft) -> Result<Ready, Problem> {
    if !draft.attachments.is_empty() {
        return Err(Problem::unprocessable("attachments_unsupported", "Files can't be attached yet"));
    }
    let body = model::body(&draft.body)?;
    let marking = model::marking(draft.marking.as_deref(), &channel.marking)?;
    let new_topic = draft.new_topic.as_deref().map(|title| topics::title(title).ok_or_else(title_invalid)).transpose()?;
    let topic = match (&new_topic, draft.topic) {
        (Some(_), Some(_)) => return Err(Problem::bad_request("name topic or new_topic, not both")),
        (Some(_), None) => None,
        (None, topic) => Some(topic.unwrap_or(channel.general)),
    };
    let quote = match draft.quote {
        None => None,
        Some(id) => Some(quoted(ctx, channel, id).await?),
    };
    let called = render::mentioned(&body);
    let html = render::render(&body, &names(ctx, &called).await?);
    Ok(Ready {
        id: ctx.id(),
        channel: channel.id,
        author: actor.account,
        author_name: actor.name.clone(),
        author_country: actor.country.clone(),
        reference: draft.reference.filter(|_| !injected(Fault::IgnoreRef)),
        topic,
        new_topic,
        index: search::Entry::new(channel.number, actor.account, &body),
        body,
        html,
        marking,
        quote,
        called,
        posted_at: ctx.now(),
    })
}

pub(super) fn title_invalid() -> Problem {
    Problem::unprocessable("title_invalid", "This title can't be used").with("limit", topics::TITLE_MAX)
}

/// The names of those who may be called.
pub(super) async fn names(ctx: &Ctx, called: &[Uuid]) -> db::Result<Names> {
    let mut names = Names::new();
    for account in called {
        if let Some(actor) = ctx.standing.actor(*account).await? {
            names.insert(*account, actor.name.clone());
        }
    }
    Ok(names)
}

/// A quote stays in its channel: elsewhere it would tell what its readers may not know.
async fn quoted(ctx: &Ctx, channel: &Channel, id: Uuid) -> Result<Quote, Problem> {
    let found = store::message(&mut ctx.db.read().await?, id).await?;
    let row = found.filter(|row| row.channel == channel.id && row.deleted_at.is_none());
    let row = row.ok_or_else(|| Problem::unprocessable("quote_not_found", "The quoted message isn't in this channel"))?;
    Ok(Quote { id, author: row.author, author_name: row.author_name, excerpt: model::excerpt(&row.body) })
}

impl Ready {
    fn row<'a>(&'a self, topic: Uuid, mentions: Option<&'a str>) -> NewRow<'a> {
        NewRow {
            id: self.id,
            channel: self.channel,
            seq: 0,
            topic,
            author: self.author,
            reference: self.reference,
            body: &self.body,
            html: &self.html,
            marking: &self.marking,
            quote: self.quote.as_ref().map(|quote| quote.id),
            mentions,
            posted_at: self.posted_at,
        }
    }

    /// Tells the message to its channel, once it is durable, and makes the answer.
    fn stored(&self, tx: &mut impl AfterCommit, ctx: &Ctx, topic: Uuid, seq: i64, called: Vec<Uuid>) -> Stored {
        let message = Message {
            id: self.id,
            channel: self.channel,
            seq,
            changed_seq: seq,
            topic,
            author: self.author,
            author_name: self.author_name.clone(),
            author_country: self.author_country.clone(),
            body: self.body.clone(),
            html: self.html.clone(),
            marking: self.marking.clone(),
            posted_at: rfc3339(self.posted_at),
            edited_at: None,
            deleted: false,
            quote: self.quote.clone(),
            reactions: Vec::new(),
            mentions: called,
            pinned: false,
            reference: self.reference,
        };
        publish(tx, ctx, &message);
        Stored::Now(Posted { kind: "posted", reference: self.reference, channel: self.channel, id: self.id, seq })
    }
}

/// Stores what calls nobody, in a topic that exists: nearly every post.
fn keep_directly(direct: &mut Direct<'_>, ctx: &Ctx, ready: &Ready, topic: Uuid) -> db::Result<Stored> {
    let placed = store::post(direct, &ready.row(topic, None), &ready.index)?;
    Ok(placed.map_or(Stored::NotAdmitted, |(_, seq)| ready.stored(direct, ctx, topic, seq, Vec::new())))
}

async fn keep(tx: &mut Tx, ctx: &Ctx, channel: &Channel, ready: &Ready) -> db::Result<Stored> {
    let known = match &ready.new_topic {
        Some(title) => topics::by_title(tx, channel.id, title).await?,
        None => ready.topic,
    };
    let called = channels::members_among(tx, channel.id, &ready.called).await?;
    let mentions = if called.is_empty() { None } else { serde_json::to_string(&called).ok() };
    let mut row = ready.row(known.unwrap_or(channel.general), mentions.as_deref());
    let placed = match (known, &ready.new_topic) {
        (None, Some(title)) => begin(tx, ctx, &mut row, title, &ready.index).await?,
        _ => tx.direct(|direct| store::post(direct, &row, &ready.index)).await?,
    };
    let Some((n, seq)) = placed else { return Ok(Stored::NotAdmitted) };
    let topic = row.topic;
    if !called.is_empty() {
        store::set_mentions(tx, n, &called).await?;
    }
    Ok(ready.stored(tx, ctx, topic, seq, called))
}

/// Posts the message that begins a topic: its number and place, or `None` if it was not admitted.
async fn begin(
    tx: &mut Tx,
    ctx: &Ctx,
    row: &mut NewRow<'_>,
    title: &str,
    index: &search::Entry,
) -> db::Result<Option<(i64, i64)>> {
    let Some(seq) = store::admit(tx, row).await? else { return Ok(None) };
    row.seq = seq;
    row.topic = begin_topic(tx, ctx, row.channel, title, row.author, seq, row.posted_at).await?;
    let n = store::insert(tx, row).await?;
    topics::posted(tx, row.topic, seq, row.posted_at).await?;
    search::index(tx, n, index).await?;
    Ok(Some((n, seq)))
}

async fn begin_topic(tx: &mut Tx, ctx: &Ctx, channel: Uuid, title: &str, author: Uuid, seq: i64, at: i64) -> db::Result<Uuid> {
    let topic = topics::NewTopic {
        id: ctx.id(),
        channel,
        title: title.to_owned(),
        general: false,
        changed_seq: seq,
        created_at: at,
        created_by: Some(author),
    };
    topics::insert(tx, &topic).await?;
    // The topic and the message that begins it are one change: both carry the same number.
    if let Some(row) = topics::topic(tx, topic.id).await? {
        let (hub, change) = (ctx.hub.clone(), topic_change(seq, row));
        tx.after_commit(move || hub.publish(channel, change));
    }
    Ok(topic.id)
}

/// Tells a change of a message to its channel, once it is durable.
pub(super) fn publish(tx: &mut impl AfterCommit, ctx: &Ctx, message: &Message) {
    let (hub, channel, change) = (ctx.hub.clone(), message.channel, message_change(message));
    tx.after_commit(move || hub.publish(channel, change));
}

/// A message as it now stands. It shows a part of what it quotes.
pub(super) fn message_change(message: &Message) -> Change {
    #[derive(serde::Serialize)]
    struct Frame<'a> {
        #[serde(rename = "type")]
        kind: &'static str,
        message: &'a Message,
    }
    let text = frame::text(&Frame { kind: "message", message });
    Change::new(message.changed_seq, message.id, text).showing(message.quote.as_ref().map(|quote| quote.id))
}

/// A message of a bulk load: the demo region, a benchmark, later an import.
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
        store::edit(tx, n, &message.body, &html, mentions.as_deref(), at + 4 * crate::base::clock::MINUTE, changed).await?;
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
