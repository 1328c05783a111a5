//! Channels, who belongs to them, and the topics they hold.
//!
//! Others call: [`authorise`] before anything in a channel, [`place`] before anything about what lies in one, [`changes::note`] for a durable change, [`welcome`] for a new
//! account, [`topics`] for what is talked about, [`retention`] and [`set_retention`] for how long that is kept, [`found_region`] to begin.

pub mod changes;
mod found;
mod http;
mod model;
mod region;
mod store;
pub mod topics;
mod wire;

use std::collections::HashSet;
use std::sync::Arc;

use serde_json::json;
use uuid::Uuid;

pub use found::source;
pub use http::router;
pub use model::{NewChannel, RETENTION_MAX, above_ceiling, direct_key, retention};
pub use region::found_region;
pub use wire::frames;

use crate::access::{Action, Actor, Channel, ChannelKind, Decision, may};
use crate::audit::{self, Act};
use crate::base::clock::rfc3339;
use crate::base::db::{AfterCommit, On, Result, Tx};
use crate::base::http::Problem;
use crate::base::text;
use crate::context::Ctx;
use crate::realtime::frame;
use crate::vocabulary::Words;

/// The channel, if this person may do that there.
///
/// Who asks for a channel that is hidden from them, and who asks for one that isn't there, get the same answer after the
/// same question to storage: neither the answer nor its time tells which it was.
pub async fn authorise(ctx: &Ctx, actor: &Actor, action: Action, channel: Uuid) -> std::result::Result<Arc<Channel>, Problem> {
    let (found, asked) = ctx.standing.look_up(channel).await?;
    let decision = found.as_deref().map_or(Decision::Hide, |found| may(actor, action, found));
    match (decision, found) {
        (Decision::Allow, Some(found)) => {
            if action == Action::Read {
                looked(ctx, actor, "channel.read", [&*found]);
            }
            Ok(found)
        }
        (Decision::Forbid(code), found) => {
            let until = found.and_then(|found| actor.muted_in(&found)).filter(|_| code == "muted");
            let problem = Problem::forbidden_for(code);
            Err(match until {
                Some(until) => problem.with("until", rfc3339(until)),
                None => problem,
            })
        }
        (_, found) => {
            if found.is_some() {
                if !asked {
                    ctx.standing.miss(ctx.id()).await?;
                }
                ctx.recorder.refused(actor.account, true, format!("channel:{channel}"));
            }
            Err(Problem::not_found())
        }
    }
}

/// The channel of a message or a topic, for somebody who may read there. `place` is where it lies, if it is anywhere: what is
/// hidden and what isn't there are answered alike, after as many questions to storage.
pub async fn place(ctx: &Ctx, actor: &Actor, place: Option<Uuid>) -> std::result::Result<Arc<Channel>, Problem> {
    authorise(ctx, actor, Action::Read, place.unwrap_or_else(|| ctx.id())).await
}

/// Notes for the record that somebody has read or searched these channels: of those that are closed to them as anybody but
/// a moderator.
pub fn looked<'a>(ctx: &Ctx, actor: &Actor, what: &'static str, channels: impl IntoIterator<Item = &'a Channel>) {
    let closed = channels.into_iter().filter(|channel| channel.kind == ChannelKind::Closed && !actor.belongs_to(channel));
    ctx.recorder.looked(actor.account, what, closed.map(|channel| format!("channel:{}", channel.id)));
}

/// The number of a channel's last durable change.
pub async fn head(conn: &mut impl On, channel: Uuid) -> Result<i64> {
    store::head(conn, channel).await
}

/// Whether a channel is archived, as stored.
pub async fn is_archived(conn: &mut impl On, channel: Uuid) -> Result<bool> {
    store::is_archived(conn, channel).await
}

/// How many days a channel keeps what is said in it, as stored; `None`: until somebody deletes it.
pub async fn retention_of(conn: &mut impl On, channel: Uuid) -> Result<Option<i64>> {
    store::retention(conn, channel).await
}

/// The channels that keep what is said for some days only, archived ones too, and for how many.
pub async fn keeping(conn: &mut impl On) -> Result<Vec<(Uuid, i64)>> {
    store::keeping(conn).await
}

/// Lets a channel keep what is said for so many days, or until somebody deletes it: `days` as [`retention`] lets them through.
/// What is past them is erased by the next daily run. It takes two people, who are not known here: `by` is the one of them for
/// whom it is done.
pub async fn set_retention(tx: &mut Tx, ctx: &Ctx, channel: Uuid, days: Option<i64>, by: Uuid) -> Result<()> {
    let before = store::retention(tx, channel).await?;
    store::set_retention(tx, channel, days).await?;
    // What is kept for those who return still shows the ends of before.
    let hub = ctx.hub.clone();
    tx.after_commit(move || hub.forget(channel));
    changed(tx, ctx, channel, None);
    let word = |days: Option<i64>| days.map_or_else(|| "none".to_owned(), |days| days.to_string());
    let detail = format!("from={} to={}", word(before), word(days));
    let target = format!("channel:{channel}");
    audit::record(tx, Act { at: ctx.now(), actor: Some(by), what: "channel.retention", target, detail }).await
}

/// Creates a channel with its topic `General`, and its first members.
pub async fn create(tx: &mut Tx, ctx: &Ctx, channel: &NewChannel, members: &[Uuid]) -> Result<bool> {
    if !store::insert(tx, channel).await? {
        return Ok(false);
    }
    topics::insert(tx, &topics::NewTopic::general(channel)).await?;
    for member in members {
        join(tx, ctx, channel.id, *member).await?;
    }
    Ok(true)
}

/// Shuts a channel: nothing is said in it any more.
pub async fn shut(tx: &mut Tx, ctx: &Ctx, channel: Uuid) -> Result<()> {
    let before = ctx.standing.channel(channel).await?;
    store::set_archived(tx, channel, Some(ctx.now())).await?;
    changed(tx, ctx, channel, before);
    Ok(())
}

/// Takes a channel away in which nothing stands any more: nobody belongs to it, nobody knows of it, and it has no name. Only the
/// chain of its changes stays, by which is shown that nothing was taken out of the middle of it.
pub async fn remove(tx: &mut Tx, ctx: &Ctx, channel: Uuid) -> Result<()> {
    let before = ctx.standing.channel(channel).await?;
    for (account, _) in store::everybody(tx, channel).await? {
        leave(tx, ctx, channel, account).await?;
    }
    store::remove(tx, channel, ctx.now()).await?;
    let hub = ctx.hub.clone();
    tx.after_commit(move || hub.forget(channel));
    changed(tx, ctx, channel, before);
    Ok(())
}

/// Makes somebody a member, with everything said so far counting as read. `false` if they were one already.
pub async fn join(tx: &mut Tx, ctx: &Ctx, channel: Uuid, account: Uuid) -> Result<bool> {
    let joined = store::insert_member(tx, channel, account, ctx.now()).await?;
    store::delete_request(tx, channel, account).await?;
    if joined {
        ctx.standing.actor_changes(tx, account);
        let hub = ctx.hub.clone();
        tx.after_commit(move || {
            hub.admit(account, channel);
            hub.tell(account, &frame::text(&json!({"type": "membership", "channel": channel, "member": true})), None);
        });
    }
    Ok(joined)
}

/// Ends somebody's membership: their windows hear nothing committed after this.
pub async fn leave(tx: &mut Tx, ctx: &Ctx, channel: Uuid, account: Uuid) -> Result<bool> {
    let left = store::delete_member(tx, channel, account).await?;
    if left {
        ctx.standing.actor_changes(tx, account);
        let hub = ctx.hub.clone();
        tx.after_commit(move || {
            hub.expel(account, channel);
            hub.tell(account, &frame::text(&json!({"type": "membership", "channel": channel, "member": false})), None);
        });
    }
    Ok(left)
}

/// What somebody belongs to who isn't confirmed yet: the newcomers' room.
pub async fn welcome_newcomer(tx: &mut Tx, ctx: &Ctx, account: Uuid) -> Result<()> {
    for channel in store::newcomers(tx).await? {
        join(tx, ctx, channel, account).await?;
    }
    Ok(())
}

/// Tells somebody's windows that their standing has changed: what they may know of is to be fetched again.
pub fn tell_standing(tx: &mut Tx, ctx: &Ctx, account: Uuid) {
    let hub = ctx.hub.clone();
    tx.after_commit(move || hub.tell(account, &frame::text(&json!({"type": "notice", "code": "standing_changed"})), None));
}

/// What a confirmed account belongs to from the start: the lobby, the newcomers' room and the channel of its country.
pub async fn welcome(tx: &mut Tx, ctx: &Ctx, account: Uuid, country: Option<&str>) -> Result<()> {
    for channel in store::first_channels(tx, country).await? {
        join(tx, ctx, channel, account).await?;
    }
    Ok(())
}

/// The channel of a slug (`ro`, `forced-begging`, `lobby`) or id.
pub async fn by_slug(conn: &mut impl On, slug: &str) -> Result<Option<Uuid>> {
    store::by_slug(conn, slug).await
}

/// The channels of this slug or name, in whichever language, case and script: names are not unique. The caller filters by
/// permission. Direct channels have neither.
pub async fn called(conn: &mut impl On, name: &str) -> Result<Vec<Uuid>> {
    let words = |name: &str| text::words(&text::fold(name)).map(ToOwned::to_owned).collect::<Vec<_>>();
    let wanted = words(name);
    let is_it = |known: &Option<String>| known.as_ref().is_some_and(|known| words(known) == wanted);
    let named = store::names(conn).await?;
    Ok(named.into_iter().filter(|(_, slug, en, fr)| is_it(slug) || is_it(en) || is_it(fr)).map(|(id, ..)| id).collect())
}

/// The channels whose content this person may read.
pub async fn readable(ctx: &Ctx, actor: &Actor) -> Result<Vec<Arc<Channel>>> {
    let ids = store::visible_ids(&mut ctx.db.read().await?, actor.account).await?;
    let mut channels = Vec::with_capacity(ids.len());
    for id in ids {
        let Some(channel) = ctx.standing.channel(id).await? else { continue };
        if may(actor, Action::Read, &channel) == Decision::Allow {
            channels.push(channel);
        }
    }
    Ok(channels)
}

/// The same, as far as a search looks: what is said in an exercise is found by those who take part in it alone, whoever looks
/// after it.
pub async fn searchable(ctx: &Ctx, actor: &Actor) -> Result<Vec<Arc<Channel>>> {
    let mut channels = readable(ctx, actor).await?;
    channels.retain(|channel| channel.exercise.is_none() || actor.belongs_to(channel));
    Ok(channels)
}

/// The same, without exercises: what counts as work.
pub async fn readable_work(ctx: &Ctx, actor: &Actor) -> Result<Vec<Arc<Channel>>> {
    let mut channels = readable(ctx, actor).await?;
    channels.retain(|channel| channel.exercise.is_none());
    Ok(channels)
}

/// A channel's name; a direct channel has none.
pub async fn name(conn: &mut impl On, channel: Uuid) -> Result<Option<Words>> {
    let (en, fr) = store::name(conn, channel).await?.unwrap_or_default();
    Ok(en.map(|en| Words { fr: fr.unwrap_or_else(|| en.clone()), en }))
}

/// The channels an account belongs to, and since when (microseconds).
pub async fn memberships(conn: &mut impl On, account: Uuid) -> Result<Vec<(Uuid, i64)>> {
    store::memberships(conn, account).await
}

/// Tells those who may know of a channel that it is to be fetched again. `before` is the channel as it was, if it was: who
/// might know of it then is told, too.
pub fn changed(tx: &mut Tx, ctx: &Ctx, channel: Uuid, before: Option<Arc<Channel>>) {
    ctx.standing.channel_changes(tx, channel);
    let ctx = ctx.clone();
    tx.after_commit(move || {
        tokio::spawn(async move {
            if let Err(error) = tell_changed(&ctx, channel, before.as_deref()).await {
                tracing::warn!(%error, "a changed channel was not told");
            }
        });
    });
}

/// Others would learn from it that there is such a channel; and asking for it they would stand in the record for it.
async fn tell_changed(ctx: &Ctx, channel: Uuid, before: Option<&Channel>) -> Result<()> {
    let now = ctx.standing.channel(channel).await?;
    let text = frame::text(&json!({"type": "channel", "channel": channel}));
    let connected: HashSet<Uuid> = ctx.hub.entrants().into_iter().map(|(account, _)| account).collect();
    for account in connected {
        let Some(actor) = ctx.standing.actor(account).await? else { continue };
        if [before, now.as_deref()].into_iter().flatten().any(|channel| may(&actor, Action::Know, channel) == Decision::Allow) {
            ctx.hub.tell(account, &text, None);
        }
    }
    Ok(())
}

/// Marks a channel, or one topic of it, as read up to `seq` (lower: as unread from there). A topic's own mark stands in
/// place of the channel's until the whole channel is marked again.
pub async fn mark_read(tx: &mut Tx, account: Uuid, channel: Uuid, topic: Option<Uuid>, seq: i64) -> Result<()> {
    match topic {
        None => store::set_read(tx, account, channel, seq).await,
        Some(topic) => store::set_topic_mark(tx, account, channel, topic, seq).await,
    }
}

/// Those of these accounts who belong to a channel, as stored.
pub async fn members_among(conn: &mut impl On, channel: Uuid, accounts: &[Uuid]) -> Result<Vec<Uuid>> {
    let mut members = Vec::with_capacity(accounts.len());
    for account in accounts {
        if store::is_member(conn, channel, *account).await? {
            members.push(*account);
        }
    }
    Ok(members)
}

/// Who belongs to a channel, and since when (microseconds), after that account.
pub async fn members(conn: &mut impl On, channel: Uuid, after: Option<Uuid>, limit: i64) -> Result<Vec<(Uuid, i64)>> {
    store::members(conn, channel, after, limit).await
}

/// Marks what was posted before a time as read, for everybody: for a bulk load.
pub async fn read_until(tx: &mut Tx, at: i64) -> Result<()> {
    store::read_until(tx, at).await
}

/// The channels of the vocabulary.
pub async fn region_ids(conn: &mut impl On) -> Result<Vec<Uuid>> {
    store::region_ids(conn).await
}

/// What is stored of channels and doesn't agree with itself, each finding in words.
pub async fn verify(conn: &mut impl On) -> Result<Vec<String>> {
    let mut findings = Vec::new();
    let mut say = |what: &str, ids: Vec<Uuid>, why: &str| {
        findings.extend(ids.into_iter().map(|id| format!("{what} {id}: {why}")));
    };
    say("channel", store::holes(conn).await?, "its last number is not the number of its last change");
    say("channel", store::without_general(conn).await?, "its General topic is not there");
    say("topic", topics::doubled(conn).await?, "another topic's change has the same number");
    findings.extend(changes::verify(conn).await?);
    Ok(findings)
}
