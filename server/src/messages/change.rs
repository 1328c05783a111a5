//! What happens to a message after it was posted: edited, deleted, reacted to, pinned, moved with its topic.

use std::sync::Arc;

use uuid::Uuid;

use super::attached::KIND as ATTACHED;
use super::ends::{RED_DAYS, end_when_marked};
use super::handling;
use super::model::{Handling, Message, PINS_MAX, Reaction, Said, attached, is_emoji, react};
use super::post::{Wording, no_pictures, publish};
use super::store::{self, Covered, Facts, Whole};
use super::titles;
use crate::access::handling::{Code, Labels, RED, is_carried};
use crate::access::{Action, Actor, Channel, ChannelKind};
use crate::audit::{self, Act};
use crate::base::clock::DAY;
use crate::base::db::{self, Tx};
use crate::base::guard;
use crate::base::http::Problem;
use crate::base::secret;
use crate::channels::changes::{self, Change, Kind, Whose};
use crate::channels::{self, topics};
use crate::context::Ctx;
use crate::files;
use crate::idempotency;
use crate::moderation::{self, Retraction};
use crate::search;
use crate::vocabulary::strictest;

/// Messages of a topic that can move at once.
const MOVE_MAX: i64 = 5_000;

/// How a change went.
pub(super) type Changed = db::Result<Result<Option<Message>, Problem>>;

/// The message as it stands, if it may be changed by those who read its channel.
async fn standing(tx: &mut Tx, id: Uuid, channel: Uuid) -> db::Result<Option<Facts>> {
    Ok(store::facts(tx, id).await?.filter(|facts| facts.deleted_at.is_none() && facts.channel == channel))
}

/// The same, unless its channel was archived since that was asked: there nothing changes any more but what must go.
pub(super) async fn writable(tx: &mut Tx, id: Uuid, channel: Uuid) -> db::Result<Result<Facts, Problem>> {
    Ok(match standing(tx, id, channel).await? {
        None => Err(Problem::not_found()),
        Some(facts) if facts.archived_at.is_some() => Err(Problem::forbidden_for("archived")),
        Some(facts) => Ok(facts),
    })
}

/// The channel of a message, for somebody who may read there.
pub(super) async fn place(ctx: &Ctx, actor: &Actor, id: Uuid) -> Result<Arc<Channel>, Problem> {
    let place = store::place(&mut ctx.db.read().await?, id).await?;
    channels::place(ctx, actor, place).await
}

/// The message and its channel, for somebody who may do `action` there.
pub(super) async fn locate(ctx: &Ctx, actor: &Actor, action: Action, id: Uuid) -> Result<(Facts, Arc<Channel>), Problem> {
    let channel = place(ctx, actor, id).await?;
    let channel = channels::authorise(ctx, actor, action, channel.id).await?;
    let facts = store::facts(&mut ctx.db.read().await?, id).await?;
    // It may have moved since it was asked where it is.
    let facts = facts.filter(|facts| facts.channel == channel.id).ok_or_else(Problem::not_found)?;
    Ok((facts, channel))
}

/// What stands for a message in its next change, from which on it is handled as `marking` and `labels` say. Otherwise its
/// words stay, so what stood for it stays: made anew from what is stored, it would make good what somebody has changed
/// behind our back.
pub(super) async fn digest(tx: &mut Tx, of: &Covered<'_>, marking: &str, labels: Option<&str>) -> db::Result<Vec<u8>> {
    if of.deleted {
        return Ok(Vec::new());
    }
    let now = Said { marking, labels, ..of.said };
    let as_before = (marking, labels) == (of.said.marking, of.said.labels);
    match (changes::digest_at(tx, of.channel, of.changed_seq, Whose::Message).await?, of.nonce) {
        (Some(kept), Some(nonce)) if !as_before && of.said.digest(nonce)[..] == kept[..] => Ok(now.digest(nonce).to_vec()),
        (Some(kept), _) => Ok(kept),
        // From before there was a chain: it is covered from now on.
        (None, _) => {
            let nonce = secret::random();
            store::set_nonce(tx, of.n, &nonce).await?;
            Ok(now.digest(&nonce).to_vec())
        }
    }
}

/// Takes the next number of a message's channel for a change that leaves its words alone.
pub(super) async fn note(tx: &mut Tx, facts: &Facts, kind: Kind) -> db::Result<i64> {
    let digest = digest(tx, &facts.covered(), &facts.marking, facts.labels.as_deref()).await?;
    changes::note(tx, facts.channel, &Change { kind, id: facts.id, digest: &digest }).await
}

/// Reads the message back and tells its channel.
pub(super) async fn tell(tx: &mut Tx, ctx: &Ctx, id: Uuid) -> Changed {
    let Some(row) = store::message(tx, id).await? else { return Ok(Err(Problem::not_found())) };
    let message = Message::from(row);
    publish(tx, ctx, &message);
    Ok(Ok(Some(message)))
}

/// Gives a message another wording, other labels, or both; the earlier wording is kept. Only its author may: the source
/// says how it is to be handled.
pub(super) async fn edit(
    ctx: &Ctx,
    actor: &Actor,
    id: Uuid,
    text: Option<&str>,
    wish: Handling,
) -> Result<Option<Message>, Problem> {
    let (facts, channel) = locate(ctx, actor, Action::Post, id).await?;
    if facts.author != actor.account {
        return Err(Problem::forbidden());
    }
    let wording = match text {
        Some(text) => {
            let wording = Wording::of(ctx, text).await?;
            let around = store::around(&mut ctx.db.read().await?, facts.n, guard::TOGETHER).await?;
            moderation::refuse_edit(ctx, actor, &channel, &wording.body, &around).await?;
            Some(wording)
        }
        None => None,
    };
    let mut labels = wish.vetted(Labels::of(facts.labels.as_deref()), ctx.now())?;
    if let Some(quote) = facts.quote {
        let quoted = store::facts(&mut ctx.db.read().await?, quote).await?;
        labels = labels.bound_by(&Labels::of(quoted.as_ref().and_then(|quoted| quoted.labels.as_deref())));
    }
    let labels = labels.stored();
    let (ctx, db, by) = (ctx.clone(), ctx.db.clone(), actor.account);
    let changed: Changed = db
        .write(async move |tx| {
            let facts = match writable(tx, id, channel.id).await? {
                Ok(facts) => facts,
                Err(problem) => return Ok(Err(problem)),
            };
            let (labels, relabelled) = (labels.as_deref(), facts.labels != labels);
            if relabelled {
                let (target, detail) = (format!("message:{id}"), format!("channel:{}", channel.id));
                audit::record(tx, Act { at: ctx.now(), actor: Some(by), what: "message.label", target, detail }).await?;
            }
            let Some(Wording { body, html, called }) = wording.as_ref().filter(|wording| wording.body != facts.body) else {
                if relabelled {
                    label(tx, &facts, labels).await?;
                    return tell(tx, &ctx, id).await;
                }
                return Ok(Ok(store::message(tx, id).await?.map(Message::from)));
            };
            let nonce = secret::random();
            let digest = Said { labels, body, html, ..facts.covered().said }.digest(&nonce);
            let seq = changes::note(tx, channel.id, &Change { kind: Kind::Edit, id, digest: &digest }).await?;
            let called = channels::members_among(tx, channel.id, called).await?;
            let mentions = if called.is_empty() { None } else { serde_json::to_string(&called).ok() };
            store::revise(tx, facts.n, facts.edited_at.unwrap_or(facts.posted_at), &facts.body, &facts.html).await?;
            let edited = store::Edited { body, html, mentions: mentions.as_deref(), at: Some(ctx.now()), nonce, labels };
            store::edit(tx, facts.n, &edited, seq).await?;
            store::set_mentions(tx, facts.n, &called).await?;
            search::reindex(tx, facts.n, &entry(&channel, &facts, &facts.body), &entry(&channel, &facts, body)).await?;
            tell(tx, &ctx, id).await
        })
        .await;
    changed?
}

/// What the index holds of a message.
pub(super) fn entry(channel: &Channel, facts: &Facts, body: &str) -> search::Entry {
    search::Entry::new(channel.number, &facts.marking, facts.author, body)
}

/// Gives a message other labels beside its marking.
async fn label(tx: &mut Tx, facts: &Facts, labels: Option<&str>) -> db::Result<()> {
    let digest = digest(tx, &facts.covered(), &facts.marking, labels).await?;
    let seq = changes::note(tx, facts.channel, &Change { kind: Kind::Mark, id: facts.id, digest: &digest }).await?;
    store::label(tx, facts.n, labels, seq).await?;
    search::relabelled(tx, facts.n).await
}

/// The message and its channel, for somebody who may take it away: its author, and a moderator of the channel.
async fn removable(ctx: &Ctx, actor: &Actor, id: Uuid) -> Result<(Facts, Arc<Channel>), Problem> {
    let (facts, channel) = locate(ctx, actor, Action::Read, id).await?;
    if facts.author != actor.account {
        channels::authorise(ctx, actor, Action::Moderate, channel.id).await?;
    }
    Ok((facts, channel))
}

/// Deletes a message, leaving a tombstone. Its author may, and a moderator of the channel, which is recorded. Also in an
/// archived channel, the one change that is made there: what should never have been written must be able to go.
pub(super) async fn delete(ctx: &Ctx, actor: &Actor, id: Uuid) -> Result<Option<Message>, Problem> {
    let (facts, channel) = removable(ctx, actor, id).await?;
    let own = facts.author == actor.account;
    let (ctx, db, by) = (ctx.clone(), ctx.db.clone(), actor.account);
    let changed: Changed = db
        .write(async move |tx| {
            let Some(facts) = standing(tx, id, channel.id).await? else { return Ok(Err(Problem::not_found())) };
            let now = ctx.now();
            erase(tx, &channel, &facts, now, Some(by)).await?;
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

/// Takes a message back that should never have been seen: what [`delete`] does, unless that was done before, the title of the
/// topic that it began goes with it, and the clock of the data-protection officer begins. Its author may, and a moderator of the
/// channel; both are recorded.
pub(super) async fn retract(ctx: &Ctx, actor: &Actor, id: Uuid, why: &Retraction) -> Result<Option<Message>, Problem> {
    let (_, channel) = removable(ctx, actor, id).await?;
    let noted = moderation::noted(ctx, why)?;
    let (ctx, db, by) = (ctx.clone(), ctx.db.clone(), actor.account);
    let changed: Changed = db
        .write(async move |tx| {
            let facts = store::facts(tx, id).await?.filter(|facts| facts.channel == channel.id);
            let Some(facts) = facts else { return Ok(Err(Problem::not_found())) };
            let now = ctx.now();
            if !moderation::begin_breach(tx, &ctx, &facts.taken(), &noted, now, by).await? {
                return Ok(Err(Problem::conflict("already_retracted", "This message was taken back before, and its clock runs")));
            }
            titles::erase_begun(tx, &ctx, &facts).await?;
            if facts.deleted_at.is_some() {
                return Ok(Ok(None));
            }
            erase(tx, &channel, &facts, now, Some(by)).await?;
            tell(tx, &ctx, id).await
        })
        .await;
    changed?
}

/// Erases a message, leaving its tombstone: its words, what the index and kept answers hold of them, and within a minute
/// the log (safety controls, 19). `by` nobody when its time has come. `at` is read in the transaction, so that what is erased later
/// has a later time: the journal of erasures goes by it.
pub(super) async fn erase(tx: &mut Tx, channel: &Channel, facts: &Facts, at: i64, by: Option<Uuid>) -> db::Result<()> {
    if facts.attachments.is_some() {
        files::erase_of(tx, ATTACHED, facts.id, at).await?;
    }
    let seq = changes::note(tx, channel.id, &Change { kind: Kind::Delete, id: facts.id, digest: &[] }).await?;
    search::unindex(tx, facts.n, &entry(channel, facts, &facts.body)).await?;
    store::delete(tx, facts.n, at, by, seq).await?;
    idempotency::forget(tx, facts.id).await?;
    tx.erases();
    Ok(())
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
    // One that was taken by an earlier rule can still be taken back.
    if on && !is_emoji(&emoji) {
        return Err(Problem::unprocessable("emoji_invalid", "This is not an emoji"));
    }
    let (ctx, db, account) = (ctx.clone(), ctx.db.clone(), actor.account);
    let changed: Changed = db
        .write(async move |tx| {
            let facts = match writable(tx, id, channel.id).await? {
                Ok(facts) => facts,
                Err(problem) => return Ok(Err(problem)),
            };
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

/// Pins a message or takes the pin off: a moderator, a member or not, or anybody in a direct channel.
pub(super) async fn set_pin(ctx: &Ctx, actor: &Actor, id: Uuid, on: bool) -> Result<Option<Message>, Problem> {
    let (_, channel) = locate(ctx, actor, Action::Read, id).await?;
    let action = if channel.kind == ChannelKind::Direct { Action::Post } else { Action::Arrange };
    channels::authorise(ctx, actor, action, channel.id).await?;
    let (ctx, db, now, by) = (ctx.clone(), ctx.db.clone(), ctx.now(), actor.account);
    let changed: Changed = db
        .write(async move |tx| {
            let facts = match writable(tx, id, channel.id).await? {
                Ok(facts) => facts,
                Err(problem) => return Ok(Err(problem)),
            };
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
/// Permalinks name messages and not places, so they hold. What people have read of them they have read there, too.
pub async fn relocate(tx: &mut Tx, ctx: &Ctx, topic: Uuid, from: &Channel, to: &Channel) -> db::Result<Result<i64, Problem>> {
    let rows = store::of_topic(tx, topic, MOVE_MAX + 1).await?;
    let count = i64::try_from(rows.len()).unwrap_or(i64::MAX);
    if count > MOVE_MAX {
        return Ok(Err(Problem::unprocessable("too_many", "The topic is too large to be moved").with("limit", MOVE_MAX)));
    }
    for row in rows.iter().filter(|row| row.deleted_at.is_none()) {
        if let Err(problem) = movable(tx, row, from, to).await? {
            return Ok(Err(problem));
        }
    }
    // The places are one after the other: nobody else writes meanwhile.
    let first = channels::head(tx, to.id).await? + 1;
    for row in &rows {
        // What comes from a stricter channel, or into one, is handled as strictly from now on, wherever it goes next.
        let marking = strictest(strictest(&row.marking, &from.marking), &to.marking);
        let red = (marking == RED && row.deleted_at.is_none()).then(|| ctx.now() + RED_DAYS * DAY);
        let ends = end_when_marked((&row.marking, row.expires_at), marking, false, red);
        let digest = digest(tx, &row.covered(), marking, row.labels.as_deref()).await?;
        let place = changes::note(tx, to.id, &Change { kind: Kind::Move, id: row.id, digest: &digest }).await?;
        store::relocate(tx, row.n, to.id, place, marking, ends).await?;
        if !row.body.is_empty() {
            let was = search::Entry::new(from.number, &row.marking, row.author, &row.body);
            search::reindex(tx, row.n, &was, &search::Entry::new(to.number, marking, row.author, &row.body)).await?;
        }
    }
    let places: Vec<i64> = rows.iter().map(|row| row.seq).collect();
    topics::move_marks(tx, topic, from.id, to.id, |mark| carried(&places, first, mark)).await?;
    for row in store::changed(tx, to.id, first - 1, first + count - 1).await? {
        publish(tx, ctx, &Message::from(row));
    }
    Ok(Ok(first + count - 1))
}

/// Whether a message may go along to another channel. What is RED stays in its room, an H2 until its source has released it
/// to the channel, and what is too strict for the channel stays out of it.
async fn movable(tx: &mut Tx, row: &Whole, from: &Channel, to: &Channel) -> db::Result<Result<(), Problem>> {
    let marking = strictest(&row.marking, &from.marking);
    let held = Labels::of(row.labels.as_deref()).has(Code::H2) && !handling::is_released(tx, row.n, to.id).await?;
    if marking == RED || held {
        let problem = Problem::conflict("marking_forbids_move", "The label of a message in it keeps this topic in its channel");
        return Ok(Err(problem.with("marking", marking).with("message", row.id.to_string())));
    }
    if !is_carried(marking, &to.ceiling) {
        return Ok(Err(channels::above_ceiling(marking, &to.ceiling).with("message", row.id.to_string())));
    }
    if !to.takes_pictures() && attached(row.attachments.as_deref()).iter().any(|file| file.kind == files::Kind::Image) {
        return Ok(Err(no_pictures().with("message", row.id.to_string())));
    }
    Ok(Ok(()))
}

/// The place up to which a topic is read after it has moved, where it was read up to `mark` before: the same messages.
/// `places` are their old places, ascending, `first` is the new place of the first. `None` if nothing was read.
fn carried(places: &[i64], first: i64, mark: i64) -> Option<i64> {
    let read = places.partition_point(|place| *place <= mark);
    read.checked_sub(1).and_then(|last| Some(first + i64::try_from(last).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_read_before_a_move_is_read_after_it() {
        for (mark, carried_to) in [(0, None), (2, None), (3, Some(100)), (6, Some(100)), (7, Some(101)), (900, Some(102))] {
            assert_eq!(carried(&[3, 7, 9], 100, mark), carried_to, "{mark}");
        }
        assert_eq!(carried(&[], 100, 5), None);
    }
}
