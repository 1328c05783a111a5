//! What happens to a message after it was posted: edited, deleted, reacted to, pinned, moved with its topic.

use uuid::Uuid;

use super::model::{self, Message, PINS_MAX, Reaction, Said, is_emoji, react};
use super::post::{names, publish};
use super::render;
use super::store::{self, Facts};
use crate::access::{Action, Actor, Channel, ChannelKind};
use crate::audit::{self, Act};
use crate::base::db::{self, Tx};
use crate::base::http::Problem;
use crate::base::secret;
use crate::channels;
use crate::channels::changes::{self, Change, Kind, Whose};
use crate::context::Ctx;
use crate::search;

/// Messages of a topic that can move at once.
const MOVE_MAX: i64 = 5_000;

/// How a change went.
type Changed = db::Result<Result<Option<Message>, Problem>>;

/// The message as it stands, if it may be changed by those who read its channel.
async fn standing(tx: &mut Tx, id: Uuid, channel: Uuid) -> db::Result<Option<Facts>> {
    Ok(store::facts(tx, id).await?.filter(|facts| facts.deleted_at.is_none() && facts.channel == channel))
}

/// The message and its channel, for somebody who may do `action` there.
pub(super) async fn locate(
    ctx: &Ctx,
    actor: &Actor,
    action: Action,
    id: Uuid,
) -> Result<(Facts, std::sync::Arc<Channel>), Problem> {
    let facts = store::facts(&mut ctx.db.read().await?, id).await?.ok_or_else(Problem::not_found)?;
    // Whoever may not read here gets the same answer as for a message that doesn't exist.
    channels::authorise(ctx, actor, Action::Read, facts.channel).await.map_err(|_| Problem::not_found())?;
    let channel = channels::authorise(ctx, actor, action, facts.channel).await?;
    Ok((facts, channel))
}

/// What stands for a message in a change that leaves its words alone: what stood for it in its last one. (Made anew from
/// what is stored, it would make good what somebody has changed behind our back.)
async fn digest(tx: &mut Tx, facts: &Facts) -> db::Result<Vec<u8>> {
    match changes::digest_at(tx, facts.channel, facts.changed_seq, Whose::Message).await? {
        Some(digest) => Ok(digest),
        None if facts.deleted_at.is_some() => Ok(Vec::new()),
        // From before there was a chain: it is covered from now on.
        None => {
            let nonce = secret::random();
            store::set_nonce(tx, facts.n, &nonce).await?;
            Ok(facts.said().digest(&nonce).to_vec())
        }
    }
}

/// Takes the next number of a message's channel for a change that leaves its words alone.
async fn note(tx: &mut Tx, facts: &Facts, kind: Kind) -> db::Result<i64> {
    let digest = digest(tx, facts).await?;
    changes::note(tx, facts.channel, &Change { kind, id: facts.id, digest: &digest }).await
}

/// Reads the message back and tells its channel.
async fn tell(tx: &mut Tx, ctx: &Ctx, id: Uuid) -> Changed {
    let Some(row) = store::message(tx, id).await? else { return Ok(Err(Problem::not_found())) };
    let message = Message::from(row);
    publish(tx, ctx, &message);
    Ok(Ok(Some(message)))
}

/// Gives a message another wording; the earlier one is kept. Only its author may.
pub(super) async fn edit(ctx: &Ctx, actor: &Actor, id: Uuid, text: &str) -> Result<Option<Message>, Problem> {
    let (facts, channel) = locate(ctx, actor, Action::Post, id).await?;
    if facts.author != actor.account {
        return Err(Problem::forbidden());
    }
    let body = model::body(text)?;
    let called = render::mentioned(&body);
    let html = render::render(&body, &names(ctx, &called).await?);
    let (ctx, db, now) = (ctx.clone(), ctx.db.clone(), ctx.now());
    let changed: Changed = db
        .write(async move |tx| {
            let Some(facts) = standing(tx, id, channel.id).await? else { return Ok(Err(Problem::not_found())) };
            if facts.body == body {
                return Ok(Ok(store::message(tx, id).await?.map(Message::from)));
            }
            let nonce = secret::random();
            let digest = Said { body: &body, html: &html, ..facts.said() }.digest(&nonce);
            let seq = changes::note(tx, channel.id, &Change { kind: Kind::Edit, id, digest: &digest }).await?;
            let called = channels::members_among(tx, channel.id, &called).await?;
            let mentions = if called.is_empty() { None } else { serde_json::to_string(&called).ok() };
            store::revise(tx, facts.n, facts.edited_at.unwrap_or(facts.posted_at), &facts.body, &facts.html).await?;
            let wording = store::Wording { body: &body, html: &html, mentions: mentions.as_deref(), at: now, nonce };
            store::edit(tx, facts.n, &wording, seq).await?;
            store::set_mentions(tx, facts.n, &called).await?;
            search::unindex(tx, facts.n, &search::Entry::new(channel.number, facts.author, &facts.body)).await?;
            search::index(tx, facts.n, &search::Entry::new(channel.number, facts.author, &body)).await?;
            tell(tx, &ctx, id).await
        })
        .await;
    changed?
}

/// Deletes a message, leaving a tombstone. Its author may, and a moderator of the channel, which is recorded.
pub(super) async fn delete(ctx: &Ctx, actor: &Actor, id: Uuid) -> Result<Option<Message>, Problem> {
    let (facts, channel) = locate(ctx, actor, Action::Read, id).await?;
    let own = facts.author == actor.account;
    if !own {
        channels::authorise(ctx, actor, Action::Moderate, channel.id).await?;
    }
    let (ctx, db, now, by) = (ctx.clone(), ctx.db.clone(), ctx.now(), actor.account);
    let changed: Changed = db
        .write(async move |tx| {
            let Some(facts) = standing(tx, id, channel.id).await? else { return Ok(Err(Problem::not_found())) };
            let seq = changes::note(tx, channel.id, &Change { kind: Kind::Delete, id, digest: &[] }).await?;
            search::unindex(tx, facts.n, &search::Entry::new(channel.number, facts.author, &facts.body)).await?;
            store::delete(tx, facts.n, now, by, seq).await?;
            if !own {
                let detail = format!("channel:{}", channel.id);
                audit::record(
                    tx,
                    Act { at: now, actor: Some(by), what: "message.remove", target: format!("message:{id}"), detail },
                )
                .await?;
            }
            tell(tx, &ctx, id).await
        })
        .await;
    changed?
}

/// Adds or takes back a reaction.
pub(super) async fn set_reaction(
    ctx: &Ctx,
    actor: &Actor,
    id: Uuid,
    emoji: String,
    on: bool,
) -> Result<Option<Message>, Problem> {
    let (_, channel) = locate(ctx, actor, Action::Post, id).await?;
    if !is_emoji(&emoji) {
        return Err(Problem::unprocessable("emoji_invalid", "This is not an emoji"));
    }
    let (ctx, db, account) = (ctx.clone(), ctx.db.clone(), actor.account);
    let changed: Changed = db
        .write(async move |tx| {
            let Some(facts) = standing(tx, id, channel.id).await? else { return Ok(Err(Problem::not_found())) };
            let reactions: Vec<Reaction> =
                facts.reactions.as_deref().and_then(|json| serde_json::from_str(json).ok()).unwrap_or_default();
            let reactions = match react(reactions, &emoji, account, on) {
                Err(problem) => return Ok(Err(problem)),
                Ok(None) => return Ok(Ok(None)),
                Ok(Some(reactions)) => reactions,
            };
            let json = if reactions.is_empty() { None } else { serde_json::to_string(&reactions).ok() };
            let seq = note(tx, &facts, Kind::React).await?;
            store::react(tx, facts.n, json.as_deref(), seq).await?;
            tell(tx, &ctx, id).await
        })
        .await;
    changed?
}

/// Pins a message or takes the pin off: a moderator, or anybody in a direct channel.
pub(super) async fn set_pin(ctx: &Ctx, actor: &Actor, id: Uuid, on: bool) -> Result<Option<Message>, Problem> {
    let (_, channel) = locate(ctx, actor, Action::Post, id).await?;
    if channel.kind != ChannelKind::Direct {
        channels::authorise(ctx, actor, Action::Moderate, channel.id).await?;
    }
    let (ctx, db, now, by) = (ctx.clone(), ctx.db.clone(), ctx.now(), actor.account);
    let changed: Changed = db
        .write(async move |tx| {
            let Some(facts) = standing(tx, id, channel.id).await? else { return Ok(Err(Problem::not_found())) };
            if facts.pinned_at.is_some() == on {
                return Ok(Ok(None));
            }
            if on && store::pins(tx, channel.id).await? >= PINS_MAX {
                return Ok(Err(Problem::unprocessable("too_many", "Too many messages are pinned").with("limit", PINS_MAX)));
            }
            let seq = note(tx, &facts, Kind::Pin).await?;
            store::pin(tx, facts.n, on.then_some(now), by, seq).await?;
            if channel.kind != ChannelKind::Direct {
                let (what, detail) = (if on { "message.pin" } else { "message.unpin" }, format!("channel:{}", channel.id));
                audit::record(tx, Act { at: now, actor: Some(by), what, target: format!("message:{id}"), detail }).await?;
            }
            tell(tx, &ctx, id).await
        })
        .await;
    changed?
}

/// Gives the messages of a topic their places in another channel, in the order they had; the last of these places.
/// Permalinks name messages and not places, so they hold.
pub async fn relocate(tx: &mut Tx, ctx: &Ctx, topic: Uuid, from: &Channel, to: &Channel) -> db::Result<Result<i64, Problem>> {
    let rows = store::of_topic(tx, topic, MOVE_MAX + 1).await?;
    let count = i64::try_from(rows.len()).unwrap_or(i64::MAX);
    if count > MOVE_MAX {
        return Ok(Err(Problem::unprocessable("too_many", "The topic is too large to be moved").with("limit", MOVE_MAX)));
    }
    let (mut first, mut last) = (None, 0);
    for facts in &rows {
        let digest = digest(tx, facts).await?;
        last = changes::note(tx, to.id, &Change { kind: Kind::Move, id: facts.id, digest: &digest }).await?;
        first.get_or_insert(last);
        store::relocate(tx, facts.n, to.id, last).await?;
        if facts.deleted_at.is_none() {
            search::unindex(tx, facts.n, &search::Entry::new(from.number, facts.author, &facts.body)).await?;
            search::index(tx, facts.n, &search::Entry::new(to.number, facts.author, &facts.body)).await?;
        }
    }
    // A topic without a message of its own has its place at the channel's end.
    let Some(first) = first else { return Ok(Ok(channels::head(tx, to.id).await?)) };
    for row in store::changed(tx, to.id, first - 1, last).await? {
        publish(tx, ctx, &Message::from(row));
    }
    Ok(Ok(last))
}
