//! Posting: checked and rendered outside the writer, stored and numbered inside, told after the commit.

use uuid::Uuid;

use super::attached::KIND as ATTACHED;
use super::catch_up::topic_change;
use super::change;
use super::ends;
use super::model::{self, ATTACHMENTS_MAX, Answer, Draft, Fingerprint, Message, MessageRow, Posted, Quote};
use super::render::{self, Names};
use super::store::{self, NewRow, Placed};
use crate::access::handling::{Code, Labels, Withheld, is_carried, strictness};
use crate::access::{Action, Actor, Channel, ChannelKind, Decision, may};
use crate::base::clock::rfc3339;
use crate::base::db::{self, AfterCommit, Direct, Tx};
use crate::base::http::Problem;
use crate::base::secret;
use crate::channels;
use crate::channels::changes::{self, Digest, Kind, Nonce};
use crate::channels::topics::{self, NewTopic};
use crate::context::Ctx;
use crate::faults::{Fault, injected};
use crate::files::{self, FileView};
use crate::moderation;
use crate::realtime::{Change, frame};
use crate::vocabulary::strictest;

/// Rooms that are named to an author whose own is too open.
const ROOMS_MAX: usize = 5;

/// A draft that may be stored.
pub(super) struct Ready {
    pub(super) id: Uuid,
    channel: Uuid,
    author: Uuid,
    author_name: String,
    author_country: Option<String>,
    reference: Option<Uuid>,
    topic: Option<Uuid>,
    new_topic: Option<String>,
    wording: Wording,
    pub(super) marking: String,
    pub(super) labels: Labels,
    /// The same as they are stored.
    kept_labels: Option<String>,
    expires_at: Option<i64>,
    quote: Option<Quote>,
    attachments: Vec<FileView>,
    /// The same as they are stored.
    kept_attachments: Option<String>,
    posted_at: i64,
    request: Option<Fingerprint>,
    nonce: Nonce,
}

/// A body that may be stored, rendered, and whom it calls.
pub(super) struct Wording {
    pub(super) body: String,
    pub(super) html: String,
    pub(super) called: Vec<Uuid>,
}

impl Wording {
    /// Checks and renders what somebody typed.
    ///
    /// # Errors
    /// As [`model::body`]; and `body_empty` for what renders to nothing, such as the definition of a link.
    pub(super) async fn of(ctx: &Ctx, text: &str) -> Result<Self, Problem> {
        let body = model::body(text)?;
        let called = render::mentioned(&body);
        let html = render::render(&body, &names(ctx, &called).await?);
        if !render::shows_something(&html) {
            return Err(model::body_empty());
        }
        Ok(Self { body, html, called })
    }
}

/// Posts a draft for somebody, or lets it wait for a moderator; true if that was done now, false if its reference had come
/// before. `request` tells one request from another where the reference was made from an idempotency key.
pub(super) async fn post(
    ctx: &Ctx,
    actor: &Actor,
    channel: Uuid,
    draft: Draft,
    request: Option<Fingerprint>,
) -> Result<(bool, Answer), Problem> {
    let (author, reference, quote, files) = (actor.account, draft.reference, draft.quote, draft.attachments.clone());
    let outcome = attempt(ctx, actor, channel, draft, request).await;
    if let Ok(Some(answer)) = outcome {
        return Ok((true, answer));
    }
    // Whatever stands in the way now: what had been stored before is answered as it was then.
    if let Some(answer) = earlier(ctx, author, reference, request).await? {
        return Ok((false, answer));
    }
    Err(match outcome {
        Err(refused) => refused,
        Ok(_) => overtaken(ctx, author, channel, quote, &files).await,
    })
}

/// Stores the draft, or lets it wait; `None` if it was not admitted.
async fn attempt(
    ctx: &Ctx,
    actor: &Actor,
    channel: Uuid,
    draft: Draft,
    request: Option<Fingerprint>,
) -> Result<Option<Answer>, Problem> {
    let channel = channels::authorise(ctx, actor, Action::Post, channel).await?;
    let said = moderation::Draft { title: draft.new_topic.clone(), body: draft.body.clone() };
    let kept = draft.clone();
    let ready = prepare(ctx, actor, &channel, draft, request).await?;
    if let Some(hold) = moderation::weigh(ctx, actor, &channel, &said).await? {
        // What came before is looked for first: a channel may have begun to hold posts since.
        if earlier(ctx, actor.account, ready.reference, None).await?.is_some() {
            return Ok(None);
        }
        let post = moderation::Post {
            id: ready.id,
            channel: channel.id,
            author: actor.account,
            reference: ready.reference,
            request: request.map(|request| request.to_vec()),
            topic: kept.topic,
            draft: said,
            marking: ready.marking,
            attachments: kept.attachments.clone(),
            rest: serde_json::to_string(&kept).map_err(|error| Problem::internal(&error))?,
        };
        return Ok(moderation::hold(ctx, post, hold).await?.map(Answer::Held));
    }
    let stored: db::Result<Option<Posted>> = match ready.topic {
        Some(topic) if ready.wording.called.is_empty() && ready.attachments.is_empty() => {
            let inner = ctx.clone();
            ctx.db.write_direct(move |direct| keep_directly(direct, &inner, &ready, topic)).await
        }
        _ => {
            let (inner, channel) = (ctx.clone(), channel.clone());
            ctx.db.write(async move |tx| keep(tx, &inner, &channel, &ready).await).await
        }
    };
    Ok(stored?.map(Answer::Posted))
}

/// What the author has posted by this reference before: a message, or what waits or waited.
///
/// # Errors
/// `idempotency_mismatch` if its key came with something else then.
async fn earlier(
    ctx: &Ctx,
    author: Uuid,
    reference: Option<Uuid>,
    request: Option<Fingerprint>,
) -> Result<Option<Answer>, Problem> {
    let Some(reference) = reference else { return Ok(None) };
    let Some(found) = store::by_ref(&mut ctx.db.read().await?, author, reference).await? else {
        let held = moderation::earlier(ctx, author, reference, request.as_ref().map(|request| &request[..])).await?;
        return Ok(held.map(Answer::Held));
    };
    if let (Some(now), Some(then)) = (request, found.request)
        && now[..] != then[..]
    {
        return Err(Problem::unprocessable("idempotency_mismatch", "This idempotency key was used for something else"));
    }
    let posted = Posted { kind: "posted", reference: Some(reference), channel: found.channel, id: found.id, seq: found.seq };
    Ok(Some(Answer::Posted(posted)))
}

/// Why a post was not admitted: something has changed since it was checked.
async fn overtaken(ctx: &Ctx, author: Uuid, channel: Uuid, quote: Option<Uuid>, files: &[Uuid]) -> Problem {
    let now = async {
        let actor = ctx.standing.actor(author).await?.ok_or_else(Problem::not_signed_in)?;
        let channel = channels::authorise(ctx, &actor, Action::Post, channel).await?;
        if let Some(quote) = quote {
            quoted(ctx, &actor, &channel, quote).await?;
        }
        carried(ctx, &actor, &channel, files).await.map(drop)
    };
    let still = now.await;
    still.err().unwrap_or_else(|| Problem::unprocessable("topic_not_found", "This topic isn't in this channel"))
}

pub(super) async fn prepare(
    ctx: &Ctx,
    actor: &Actor,
    channel: &Channel,
    draft: Draft,
    request: Option<Fingerprint>,
) -> Result<Ready, Problem> {
    let attachments = carried(ctx, actor, channel, &draft.attachments).await?;
    let wording = Wording::of(ctx, &draft.body).await?;
    let marking = model::marking(draft.marking.as_deref(), &channel.marking)?;
    let new_topic = draft.new_topic.as_deref().map(|title| topics::title(title).ok_or_else(title_invalid)).transpose()?;
    let topic = match (&new_topic, draft.topic) {
        (Some(_), Some(_)) => return Err(Problem::bad_request("name topic or new_topic, not both")),
        (Some(_), None) => None,
        (None, topic) => Some(topic.unwrap_or(channel.general)),
    };
    let labels = draft.handling.vetted(Labels::default(), ctx.now())?;
    if channel.grading && labels.grading.is_none() {
        return Err(Problem::unprocessable("grading_missing", "Source and information are graded in this channel"));
    }
    let (quote, marking, labels) = match draft.quote {
        None => (None, marking, labels),
        Some(id) => {
            let row = quoted(ctx, actor, channel, id).await?;
            // Who repeats something is bound by how it is to be handled.
            let marking = strictest(&marking, row.marking()).to_owned();
            let bound = Labels::of(row.labels.as_deref());
            let shown = Withheld::by(row.marking(), &bound).is_none();
            let excerpt = if shown { model::excerpt(&row.body) } else { String::new() };
            let warning = bound.warning.clone().filter(|_| shown);
            let quote = Quote { id, author: row.author, author_name: row.author_name, excerpt, warning };
            (Some(quote), marking, labels.bound_by(&bound))
        }
    };
    if !is_carried(&marking, &channel.ceiling) {
        return Err(too_strict(ctx, actor, &marking, &channel.ceiling).await?);
    }
    let posted_at = ctx.now();
    Ok(Ready {
        id: ctx.id(),
        channel: channel.id,
        author: actor.account,
        author_name: actor.name.clone(),
        author_country: actor.country.clone(),
        reference: draft.reference.filter(|_| !injected(Fault::IgnoreRef)),
        topic,
        new_topic,
        wording,
        expires_at: ends::expiry(&marking, posted_at, draft.expires_in_days, channel.retention_days)?,
        marking,
        kept_labels: labels.stored(),
        labels,
        quote,
        kept_attachments: if attachments.is_empty() { None } else { serde_json::to_string(&attachments).ok() },
        attachments,
        posted_at,
        request,
        nonce: secret::random(),
    })
}

/// What a post is to carry, if it may.
async fn carried(ctx: &Ctx, actor: &Actor, channel: &Channel, files: &[Uuid]) -> Result<Vec<FileView>, Problem> {
    if files.is_empty() {
        return Ok(Vec::new());
    }
    if files.len() > ATTACHMENTS_MAX {
        return Err(Problem::unprocessable("too_many", "Too many files are attached").with("limit", ATTACHMENTS_MAX));
    }
    let views = files::attachable(&mut ctx.db.read().await?, files, actor.account).await??;
    if !channel.takes_pictures() && views.iter().any(|view| view.kind == files::Kind::Image) {
        return Err(no_pictures());
    }
    Ok(views)
}

/// What a picture shows of somebody, everybody could see.
pub(super) fn no_pictures() -> Problem {
    Problem::unprocessable("pictures_not_here", "Pictures can't be attached in this channel, which everybody may read")
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

/// A quote stays in its channel: elsewhere it would tell what its readers may not know. Who may read what they quote from
/// elsewhere is told when it is its label that forbids it; for anybody else it isn't there.
async fn quoted(ctx: &Ctx, actor: &Actor, channel: &Channel, id: Uuid) -> Result<MessageRow, Problem> {
    let absent = || Problem::unprocessable("quote_not_found", "The quoted message isn't in this channel");
    if let Some(found) = store::quotable(&mut ctx.db.read().await?, channel.id, id).await? {
        return Ok(found);
    }
    // Of another channel's message nothing is read before its reader is known to be one: how long that takes would tell of it.
    let elsewhere =
        change::place(ctx, actor, id).await.map_err(|problem| if problem.is_not_found() { absent() } else { problem })?;
    let row = store::message(&mut ctx.db.read().await?, id).await?;
    let row = row.filter(|row| row.deleted_at.is_none() && row.channel == elsewhere.id).ok_or_else(absent)?;
    let held = Labels::of(row.labels.as_deref()).has(Code::H2);
    Err(if held || strictness(row.marking()) >= strictness("amber") {
        Problem::conflict("marking_forbids_quote", "Its label keeps this message in its channel").with("marking", row.marking())
    } else {
        absent()
    })
}

/// What is marked so can't be said in a channel with this ceiling; the author's own rooms that can hold it are named.
async fn too_strict(ctx: &Ctx, actor: &Actor, marking: &str, ceiling: &str) -> db::Result<Problem> {
    let mut rooms = Vec::new();
    for id in &actor.channels {
        let Some(room) = ctx.standing.channel(*id).await? else { continue };
        if room.kind != ChannelKind::Direct
            && is_carried(marking, &room.ceiling)
            && may(actor, Action::Post, &room) == Decision::Allow
        {
            rooms.push(id.to_string());
        }
    }
    rooms.sort_unstable();
    rooms.truncate(ROOMS_MAX);
    Ok(channels::above_ceiling(marking, ceiling).with("rooms", rooms))
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
            body: &self.wording.body,
            html: &self.wording.html,
            marking: &self.marking,
            labels: self.kept_labels.as_deref(),
            expires_at: self.expires_at,
            quote: self.quote.as_ref().map(|quote| quote.id),
            mentions,
            attachments: self.kept_attachments.as_deref(),
            posted_at: self.posted_at,
            request: self.request.as_ref().map(|request| &request[..]),
            nonce: self.nonce,
        }
    }

    /// Tells the message to its channel, once it is durable, and makes the answer.
    fn stored(&self, tx: &mut impl AfterCommit, ctx: &Ctx, topic: Uuid, placed: Placed, called: Vec<Uuid>) -> Posted {
        let Placed { seq, marking, expires_at, .. } = placed;
        let message = Message {
            id: self.id,
            channel: self.channel,
            seq,
            changed_seq: seq,
            topic,
            author: self.author,
            author_name: self.author_name.clone(),
            author_country: self.author_country.clone(),
            body: self.wording.body.clone(),
            html: self.wording.html.clone(),
            marking,
            handling: self.labels.handling.clone(),
            restriction: self.labels.restriction.clone(),
            act: self.labels.act,
            grading: self.labels.grading.clone(),
            warning: self.labels.warning.clone(),
            withheld: None,
            expires_at: expires_at.map(rfc3339),
            posted_at: rfc3339(self.posted_at),
            edited_at: None,
            deleted: false,
            quote: self.quote.clone(),
            attachments: self.attachments.clone(),
            reactions: Vec::new(),
            mentions: called,
            pinned: false,
            reference: self.reference,
        }
        .sealed(&self.labels);
        publish(tx, ctx, &message);
        Posted { kind: "posted", reference: self.reference, channel: self.channel, id: self.id, seq }
    }
}

/// Stores what calls nobody and carries nothing, in a topic that exists: nearly every post. `None` if it was not admitted.
fn keep_directly(direct: &mut Direct<'_>, ctx: &Ctx, ready: &Ready, topic: Uuid) -> db::Result<Option<Posted>> {
    let placed = store::post(direct, &ready.row(topic, None))?;
    Ok(placed.map(|placed| ready.stored(direct, ctx, topic, placed, Vec::new())))
}

/// Stores any post. `None` if it was not admitted.
pub(super) async fn keep(tx: &mut Tx, ctx: &Ctx, channel: &Channel, ready: &Ready) -> db::Result<Option<Posted>> {
    let files: Vec<Uuid> = ready.attachments.iter().map(|file| file.id).collect();
    // Nothing is changed before it is known that all of it can be.
    if !files.is_empty() && files::attachable(tx, &files, ready.author).await?.is_err() {
        return Ok(None);
    }
    let known = match &ready.new_topic {
        Some(title) => topics::by_title(tx, channel.id, title).await?,
        None => ready.topic,
    };
    let called = channels::members_among(tx, channel.id, &ready.wording.called).await?;
    let mentions = if called.is_empty() { None } else { serde_json::to_string(&called).ok() };
    let mut row = ready.row(known.unwrap_or(channel.general), mentions.as_deref());
    let placed = match (known, &ready.new_topic) {
        (None, Some(title)) => {
            let begun = begin(tx, ctx, &row, title).await?;
            begun.map(|(topic, placed)| {
                row.topic = topic;
                placed
            })
        }
        _ => tx.direct(|direct| store::post(direct, &row)).await?,
    };
    let Some(placed) = placed else { return Ok(None) };
    let topic = row.topic;
    if files::attach(tx, &files, ATTACHED, ready.id, ready.author).await?.is_err() {
        return Err(db::Error::Malformed("attachment"));
    }
    if !called.is_empty() {
        store::set_mentions(tx, placed.n, &called).await?;
    }
    Ok(Some(ready.stored(tx, ctx, topic, placed, called)))
}

/// Posts the message that begins a topic: the topic and its place, or `None` if it was not admitted.
async fn begin(tx: &mut Tx, ctx: &Ctx, row: &NewRow<'_>, title: &str) -> db::Result<Option<(Uuid, Placed)>> {
    let Some(admitted) = store::admit(tx, row).await? else { return Ok(None) };
    let (seq, row) = (admitted.seq, row.within(&admitted.marking));
    let topic = new_topic(ctx, row.channel, title, row.author, seq, row.posted_at);
    let row = NewRow { seq, topic: topic.id, ..row };
    let digest = [row.digest(), topic.digest()].concat();
    let change = changes::Change { kind: Kind::Begin, id: row.id, digest: &digest };
    changes::note_at(tx, row.channel, seq, admitted.before.as_ref().map(Digest::as_slice), &change).await?;
    begin_topic(tx, ctx, &topic).await?;
    let n = store::insert(tx, &row).await?;
    topics::posted(tx, topic.id, seq, row.posted_at).await?;
    Ok(Some((topic.id, Placed { n, seq, marking: row.marking.to_owned(), expires_at: row.expires_at })))
}

/// A topic that a message begins which has the place `seq`.
pub(super) fn new_topic(ctx: &Ctx, channel: Uuid, title: &str, author: Uuid, seq: i64, at: i64) -> NewTopic {
    NewTopic {
        id: ctx.id(),
        channel,
        title: title.to_owned(),
        general: false,
        changed_seq: seq,
        created_at: at,
        created_by: Some(author),
        nonce: secret::random(),
    }
}

/// Begins a topic.
pub(super) async fn begin_topic(tx: &mut Tx, ctx: &Ctx, topic: &NewTopic) -> db::Result<()> {
    topics::insert(tx, topic).await?;
    // The topic and the message that begins it are one change: both carry the same number.
    let (channel, seq) = (topic.channel, topic.changed_seq);
    if let Some(row) = topics::topic(tx, topic.id).await? {
        let (hub, change) = (ctx.hub.clone(), topic_change(seq, row));
        tx.after_commit(move || hub.publish(channel, change));
    }
    Ok(())
}

/// Tells a change of a message to its channel, once it is durable.
pub(super) fn publish(tx: &mut impl AfterCommit, ctx: &Ctx, message: &Message) {
    let (ctx, channel, change) = (ctx.clone(), message.channel, message_change(message));
    tx.after_commit(move || {
        ctx.hub.publish(channel, change);
        ctx.said.notify_one();
    });
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
