//! Weighing a post, and keeping it sealed while it waits.

use std::ops::Range;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::model::{self, DECIDE_WITHIN, Draft, Hold, KEPT_FOR, Policy, Reason, State, WAITING_MAX, judge};
use super::store::{self, NewHeld};
use super::{count, notice};
use crate::access::{Action, Actor, Channel, ChannelKind, Decision, may};
use crate::base::clock::{SECOND, rfc3339};
use crate::base::db;
use crate::base::guard;
use crate::base::http::Problem;
use crate::context::Ctx;
use crate::files;

/// The answer to a post that waits for a moderator, once it is kept.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Held)]
pub(crate) struct Held {
    /// `held`.
    #[serde(rename = "type")]
    kind: &'static str,
    /// The reference it was posted with.
    #[serde(rename = "ref")]
    reference: Option<Uuid>,
    /// Its channel.
    channel: Uuid,
    /// Its id; released, the message has it.
    id: Uuid,
    /// Where it stands.
    state: State,
    /// The first of the reasons.
    reason: &'static str,
    /// Why it waits.
    reasons: Vec<Reason>,
    /// It is erased by then, decided or not (RFC 3339).
    erase_at: String,
}

impl Held {
    fn new(id: Uuid, reference: Option<Uuid>, channel: Uuid, state: State, reasons: Vec<Reason>, erase_at: i64) -> Self {
        let reason = reasons.first().map_or("", |reason| reason.as_str());
        Self { kind: "held", reference, channel, id, state, reason, reasons, erase_at: rfc3339(erase_at) }
    }
}

/// A post as `messages` gives it.
pub(crate) struct Post {
    pub(crate) id: Uuid,
    pub(crate) channel: Uuid,
    pub(crate) author: Uuid,
    pub(crate) reference: Option<Uuid>,
    /// Tells one request from another where the reference was made from a key.
    pub(crate) request: Option<Vec<u8>>,
    pub(crate) topic: Option<Uuid>,
    pub(crate) draft: Draft,
    /// How strictly it would be marked.
    pub(crate) marking: String,
    /// What it carries.
    pub(crate) attachments: Vec<Uuid>,
    /// The whole draft in words of `messages`, which alone reads it.
    pub(crate) rest: String,
}

/// What is sealed of a post that waits.
#[derive(Serialize, Deserialize)]
pub(super) struct Sealed {
    pub(super) draft: Draft,
    pub(super) marking: String,
    pub(super) rest: String,
}

/// Seals something under an id; it opens for the same id alone.
pub(crate) fn seal(ctx: &Ctx, id: Uuid, text: &str) -> Result<Vec<u8>, Problem> {
    ctx.seal.seal(text.as_bytes(), id.as_bytes()).map_err(|error| Problem::internal(&error))
}

/// Opens what [`seal`] sealed. `None` where the key is another one, after a restore without it: what can't be read must not
/// keep the rest of a list from being shown.
pub(crate) fn open(ctx: &Ctx, id: Uuid, sealed: &[u8]) -> Option<String> {
    match ctx.seal.open(sealed, id.as_bytes()) {
        Ok(bytes) => String::from_utf8(bytes).ok(),
        Err(error) => {
            tracing::warn!(%error, %id, "what was sealed for moderators can't be read");
            None
        }
    }
}

/// The words of a post that waits; `None` once they are erased.
pub(super) fn words(ctx: &Ctx, held: &store::Held) -> Option<Sealed> {
    let opened = open(ctx, held.id, held.sealed.as_deref()?)?;
    serde_json::from_str(&opened).ok()
}

/// What of a post is covered until somebody has looked: what was found, and what is covered in any case.
pub(super) fn covered(held: &store::Held, draft: &Draft) -> Vec<Range<usize>> {
    let mut spans: Vec<Range<usize>> = serde_json::from_str(&held.spans).unwrap_or_default();
    spans.extend(super::words::careful(&draft.text()));
    spans
}

/// Why this post is to wait; `None` if everybody may see it at once. A channel that asks nothing costs no question to
/// storage. Who looks after the channel is bound by what the guard finds alone.
///
/// # Errors
/// `guard_blocked` in a direct channel, which nobody moderates.
pub(crate) async fn weigh(ctx: &Ctx, actor: &Actor, channel: &Channel, draft: &Draft) -> Result<Option<Hold>, Problem> {
    // A number may come in pieces.
    let (now, before) = (ctx.now(), draft.before_body());
    let mut found = guard::blocked(&draft.text(), now);
    found.extend(
        ctx.last_said.blocked(actor.account, &draft.body, now).into_iter().map(|span| span.start + before..span.end + before),
    );
    let hold = judged(ctx, actor, channel, draft, found).await?;
    if hold.is_some() && channel.kind == ChannelKind::Direct {
        return Err(Problem::unprocessable("guard_blocked", "This holds what should not be sent here"));
    }
    Ok(hold)
}

/// Refuses another wording of a message that would have waited for a moderator, had it been posted so, or had what stands
/// around it.
///
/// # Errors
/// `edit_needs_review`.
pub(crate) async fn refuse_edit(
    ctx: &Ctx,
    actor: &Actor,
    channel: &Channel,
    body: &str,
    around: &guard::Around,
) -> Result<(), Problem> {
    let (now, draft) = (ctx.now(), Draft { title: None, body: body.to_owned() });
    let mut found = guard::blocked(body, now);
    found.extend(around.blocked(body, now));
    // What is said next is read with it.
    found.extend(ctx.last_said.blocked(actor.account, body, now));
    let hold = judged(ctx, actor, channel, &draft, found).await?;
    // Editing is not posting: slow mode doesn't slow it.
    if hold.is_some_and(|hold| hold.reasons != [Reason::SlowMode]) {
        return Err(Problem::unprocessable("edit_needs_review", "This wording must be looked at first"));
    }
    Ok(())
}

async fn judged(
    ctx: &Ctx,
    actor: &Actor,
    channel: &Channel,
    draft: &Draft,
    found: Vec<Range<usize>>,
) -> Result<Option<Hold>, Problem> {
    let now = ctx.now();
    let exempt = !channel.has_policy || may(actor, Action::Moderate, channel) == Decision::Allow;
    if exempt {
        let stranger = model::Author { posts: 0, last_at: None };
        return Ok(judge(&Policy::default(), draft, stranger, found, now));
    }
    let mut conn = ctx.db.read().await?;
    let policy = store::policy(&mut conn, channel.id).await?.unwrap_or_default();
    let since = now - policy.slow_seconds * SECOND;
    let author = store::author(&mut conn, channel.id, actor.account, &policy, since).await?;
    Ok(judge(&policy, draft, author, found, now))
}

/// Keeps a post that is to wait, sealed. `None` if its reference is taken, or its author has left the channel.
///
/// # Errors
/// `held_many` where too much of its author's waits already.
pub(crate) async fn hold(ctx: &Ctx, post: Post, hold: Hold) -> Result<Option<Held>, Problem> {
    let Post { id, channel, author, reference, request, topic, draft, marking, attachments, rest } = post;
    let json = serde_json::to_string(&Sealed { draft, marking, rest }).map_err(|error| Problem::internal(&error))?;
    let now = ctx.now();
    let row = NewHeld {
        id,
        channel,
        author,
        reference,
        request,
        topic,
        sealed: seal(ctx, id, &json)?,
        reasons: Reason::stored(&hold.reasons),
        spans: serde_json::to_string(&hold.spans).map_err(|error| Problem::internal(&error))?,
        created_at: now,
        deadline: now + DECIDE_WITHIN,
        erase_at: now + KEPT_FOR,
    };
    let inner = ctx.clone();
    let kept: db::Result<Result<bool, Problem>> = ctx
        .db
        .write(async move |tx| {
            if store::waiting_of(tx, row.author).await? >= WAITING_MAX {
                return Ok(Err(Problem::conflict("held_many", "Too much waits for a moderator").with("limit", WAITING_MAX)));
            }
            if let Err(problem) = files::attachable(tx, &attachments, row.author).await? {
                return Ok(Err(problem));
            }
            if !store::insert(tx, &row).await? {
                return Ok(Ok(false));
            }
            if files::attach(tx, &attachments, files::HELD, row.id, row.author).await?.is_err() {
                return Err(db::Error::Malformed("attachment"));
            }
            count(tx, now, "held").await?;
            notice::queue_changed(tx, &inner, row.channel);
            notice::held_changed(tx, &inner, row.author, row.id, row.channel, State::Waiting);
            Ok(Ok(true))
        })
        .await;
    Ok(kept??.then(|| Held::new(id, reference, channel, State::Waiting, hold.reasons, now + KEPT_FOR)))
}

/// What an author has sent by this reference before and what waits, or waited: answered the same, with where it stands now.
///
/// # Errors
/// `idempotency_mismatch` if its key came with something else then.
pub(crate) async fn earlier(ctx: &Ctx, author: Uuid, reference: Uuid, request: Option<&[u8]>) -> Result<Option<Held>, Problem> {
    let Some(found) = store::by_ref(&mut ctx.db.read().await?, author, reference).await? else { return Ok(None) };
    if let (Some(now), Some(then)) = (request, found.request.as_deref())
        && now != then
    {
        return Err(Problem::unprocessable("idempotency_mismatch", "This idempotency key was used for something else"));
    }
    let (state, reasons) = (State::of(&found.state), Reason::of(&found.reasons));
    Ok(Some(Held::new(found.id, found.reference, found.channel, state, reasons, found.erase_at)))
}
