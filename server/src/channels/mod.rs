//! Channels, who belongs to them, and the topics they hold.
//!
//! Others call: [`authorise`] before anything in a channel, [`next_seq`] for a durable change, [`welcome`] for a new
//! account, [`topics`] for what is talked about, [`found_region`] to begin.

mod http;
mod model;
mod region;
mod store;
pub mod topics;
mod wire;

use std::sync::Arc;

use serde_json::json;
use uuid::Uuid;

pub use http::router;
pub use model::{NewChannel, direct_key};
pub use region::found_region;
pub use wire::frames;

use crate::access::{Action, Actor, Channel, Decision, may};
use crate::base::db::{AfterCommit, On, Result, Tx};
use crate::base::http::Problem;
use crate::base::text;
use crate::context::Ctx;
use crate::realtime::frame;

/// The channel, if this person may do that there. What must not be known is answered like what isn't there.
pub async fn authorise(ctx: &Ctx, actor: &Actor, action: Action, channel: Uuid) -> std::result::Result<Arc<Channel>, Problem> {
    let found = ctx.standing.channel(channel).await?.ok_or_else(Problem::not_found)?;
    match may(actor, action, &found) {
        Decision::Allow => Ok(found),
        Decision::Hide => Err(Problem::not_found()),
        Decision::Forbid(code) => Err(Problem::forbidden_for(code)),
    }
}

/// Takes the next number for a durable change of a channel.
pub async fn next_seq(tx: &mut Tx, channel: Uuid) -> Result<i64> {
    store::next_seq(tx, channel, 1).await
}

/// Takes `count` numbers at once; the first of them.
pub async fn next_seqs(tx: &mut Tx, channel: Uuid, count: i64) -> Result<i64> {
    Ok(store::next_seq(tx, channel, count).await? - count + 1)
}

/// The number of a channel's last durable change.
pub async fn head(conn: &mut impl On, channel: Uuid) -> Result<i64> {
    store::head(conn, channel).await
}

/// Whether a channel is archived, as stored.
pub async fn is_archived(conn: &mut impl On, channel: Uuid) -> Result<bool> {
    store::is_archived(conn, channel).await
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

/// Tells everybody that a channel is to be fetched again.
pub fn changed(tx: &mut Tx, ctx: &Ctx, channel: Uuid) {
    ctx.standing.channel_changes(tx, channel);
    let hub = ctx.hub.clone();
    tx.after_commit(move || hub.tell_all(&frame::text(&json!({"type": "channel", "channel": channel}))));
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
    Ok(findings)
}
