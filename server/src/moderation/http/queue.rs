//! The shared queue of those who moderate.

use axum::extract::State as Given;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::{Desk, Named};
use crate::access::Decision;
use crate::audit::{self, Act, Filter};
use crate::base::clock::{HOUR, rfc3339};
use crate::base::db::{self, Tx};
use crate::base::http::{Json, Page, Path, Problem};
use crate::context::Ctx;
use crate::identity::{self, Caller};
use crate::moderation::decide::{self, Wish, free};
use crate::moderation::hold::{Sealed, covered, open, words};
use crate::moderation::model::{CLAIM_FOR, Draft, Reason, UNMASKED_MAX};
use crate::moderation::review::{self, Summary, already, claimant, to_decide};
use crate::moderation::{notice, store};

/// The act of showing a post as it was written.
const UNMASK: &str = "held.unmask";

pub(super) fn router(desk: Desk) -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(summary))
        .routes(routes!(list))
        .routes(routes!(claim, unclaim))
        .routes(routes!(decide))
        .routes(routes!(unmask))
        .with_state(desk)
}

/// A post that waits, as moderators see it: covered where it may tell who somebody is.
#[derive(Serialize, ToSchema)]
#[schema(as = QueueItem)]
#[expect(clippy::struct_excessive_bools, reason = "facts that have nothing to do with each other")]
struct Item {
    id: Uuid,
    channel: Uuid,
    author: Named,
    author_country: Option<String>,
    /// The title of the topic it begins.
    new_topic: Option<String>,
    body: String,
    /// Whether parts are covered.
    masked: bool,
    /// Whether it is for the people of its room alone, to whom the caller doesn't belong: nothing of it is shown.
    withheld: bool,
    reasons: Vec<Reason>,
    created_at: String,
    deadline: String,
    erase_at: String,
    /// Its deadline has passed: moderators of the whole region are asked to look.
    escalated: bool,
    /// Somebody else has decided before, and its author asks again.
    appealed: bool,
    /// Why its author asks again.
    appeal: Option<String>,
    /// Who has taken it on.
    claimed_by: Option<Named>,
    /// Why the caller can't decide: `own_message` or `other_moderator_needed`.
    obstacle: Option<String>,
}

impl Item {
    /// `draft`: what of it the caller may see, if covered.
    fn new(ctx: &Ctx, row: store::Held, decision: Decision, draft: Option<Draft>) -> Self {
        let withheld = draft.is_none();
        let draft = draft.unwrap_or_else(|| Draft { title: None, body: String::new() });
        let shown = draft.masked(&covered(&row, &draft));
        let claimed = claimant(&row, ctx.now());
        Self {
            masked: shown != draft,
            withheld,
            new_topic: shown.title,
            body: shown.body,
            reasons: Reason::of(&row.reasons),
            created_at: rfc3339(row.created_at),
            deadline: rfc3339(row.deadline),
            erase_at: rfc3339(row.erase_at),
            escalated: row.escalated_at.is_some(),
            appealed: row.appealed_at.is_some(),
            appeal: row.appeal.as_deref().and_then(|note| open(ctx, row.id, note)).filter(|note| !note.is_empty()),
            claimed_by: claimed.map(|id| Named { id, name: row.claimed_name.unwrap_or_default() }),
            obstacle: match decision {
                Decision::Forbid(code) => Some(code.into()),
                _ => None,
            },
            id: row.id,
            channel: row.channel,
            author: Named { id: row.author, name: row.author_name },
            author_country: row.author_country,
        }
    }
}

/// How much waits for the caller; nothing for who doesn't moderate.
#[utoipa::path(get, path = "/api/moderation/summary", tag = "moderation", responses((status = 200, body = Summary), (status = 401)))]
async fn summary(Given(ctx): Given<Ctx>, caller: Caller) -> Result<Json<Summary>, Problem> {
    Ok(Json(review::summary(&ctx, &caller.actor).await?))
}

/// The posts that wait in the channels one moderates, the most urgent first.
#[utoipa::path(get, path = "/api/moderation/queue", tag = "moderation",
    responses((status = 200, body = Page<Item>), (status = 401), (status = 403)))]
async fn list(Given(ctx): Given<Ctx>, caller: Caller) -> Result<Json<Page<Item>>, Problem> {
    if !caller.actor.is_moderator() {
        return Err(Problem::forbidden());
    }
    let mut items = Vec::new();
    for (row, decision) in review::held(&ctx, &caller.actor).await? {
        // What can't be opened, after a restore without the key, is left out.
        let Some(Sealed { draft, marking, .. }) = words(&ctx, &row) else { continue };
        let draft = review::sees(&ctx, &caller, row.channel, &marking).await?.then_some(draft);
        items.push(Item::new(&ctx, row, decision, draft));
    }
    Ok(Json(Page::whole(items)))
}

/// Takes a post on: for half an hour nobody else decides about it.
#[utoipa::path(put, path = "/api/moderation/queue/{id}/claim", tag = "moderation", params(("id" = Uuid, Path)),
    responses((status = 204), (status = 401), (status = 403), (status = 404), (status = 409)))]
async fn claim(Given(ctx): Given<Ctx>, caller: Caller, Path(id): Path<Uuid>) -> Result<StatusCode, Problem> {
    let row = to_decide(&ctx, &caller.actor, id).await?;
    free(&ctx, &caller, &row)?;
    let (me, now, inner) = (caller.account(), ctx.now(), ctx.clone());
    let done: db::Result<bool> = ctx
        .db
        .write(async move |tx| {
            let claimed = store::claim(tx, id, me, now, now - CLAIM_FOR).await?;
            if claimed {
                notice::queue_changed(tx, &inner, row.channel);
            }
            Ok(claimed)
        })
        .await;
    if done? { Ok(StatusCode::NO_CONTENT) } else { Err(already()) }
}

/// Leaves a post to others again.
#[utoipa::path(delete, path = "/api/moderation/queue/{id}/claim", tag = "moderation", params(("id" = Uuid, Path)),
    responses((status = 204), (status = 401), (status = 403), (status = 404), (status = 409)))]
async fn unclaim(Given(ctx): Given<Ctx>, caller: Caller, Path(id): Path<Uuid>) -> Result<StatusCode, Problem> {
    let row = to_decide(&ctx, &caller.actor, id).await?;
    let (me, inner) = (caller.account(), ctx.clone());
    let done: db::Result<()> = ctx
        .db
        .write(async move |tx| {
            if store::unclaim(tx, id, me).await? {
                notice::queue_changed(tx, &inner, row.channel);
            }
            Ok(())
        })
        .await;
    done?;
    Ok(StatusCode::NO_CONTENT)
}

/// Decides about a post: it becomes its author's message, as it is or covered, or goes back with another wording or a reason.
#[utoipa::path(put, path = "/api/moderation/queue/{id}/decision", tag = "moderation", params(("id" = Uuid, Path)), request_body = Wish,
    responses((status = 204), (status = 401), (status = 403), (status = 404), (status = 409), (status = 422)))]
async fn decide(
    Given(Desk { ctx, publish }): Given<Desk>,
    caller: Caller,
    Path(id): Path<Uuid>,
    Json(wish): Json<Wish>,
) -> Result<StatusCode, Problem> {
    decide::decide(&ctx, &caller, publish, id, &wish).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Why somebody has to see what is covered.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = UnmaskNeed)]
enum Need {
    /// Without it nobody can tell whether it may stand.
    CannotJudge,
    /// A child may be in danger now.
    ChildAtRisk,
    /// Its author has asked for help with it.
    AuthorAsked,
}

impl Need {
    fn as_str(self) -> &'static str {
        match self {
            Self::CannotJudge => "cannot_judge",
            Self::ChildAtRisk => "child_at_risk",
            Self::AuthorAsked => "author_asked",
        }
    }
}

/// A wish to see what is covered.
#[derive(Deserialize, ToSchema)]
struct Unmasking {
    need: Need,
}

/// A post as it was written.
#[derive(Serialize, ToSchema)]
struct Unmasked {
    new_topic: Option<String>,
    body: String,
}

/// Whether somebody has had so many posts shown within an hour that more of them take two people.
async fn in_bulk(tx: &mut Tx, account: Uuid, now: i64) -> db::Result<bool> {
    let filter = Filter { act: UNMASK.into(), actor: Some(account), from: Some(now - HOUR), ..Filter::default() };
    let shown = audit::page(tx, &filter, UNMASKED_MAX).await?;
    Ok(i64::try_from(shown.len()).unwrap_or(UNMASKED_MAX) >= UNMASKED_MAX)
}

/// Shows a post as it was written, to who has taken it on and has proven who they are. It is recorded.
#[utoipa::path(post, path = "/api/moderation/queue/{id}/unmasking", tag = "moderation", params(("id" = Uuid, Path)),
    request_body = Unmasking,
    responses((status = 200, body = Unmasked), (status = 401), (status = 403), (status = 404), (status = 409)))]
async fn unmask(
    Given(ctx): Given<Ctx>,
    caller: Caller,
    Path(id): Path<Uuid>,
    Json(wish): Json<Unmasking>,
) -> Result<Json<Unmasked>, Problem> {
    let row = to_decide(&ctx, &caller.actor, id).await?;
    free(&ctx, &caller, &row)?;
    if claimant(&row, ctx.now()) != Some(caller.account()) {
        return Err(Problem::conflict("claim_first", "Take it on first"));
    }
    identity::stepped_up(&caller)?;
    let Sealed { draft: Draft { title, body }, marking, .. } = words(&ctx, &row).ok_or_else(already)?;
    if !review::sees(&ctx, &caller, row.channel, &marking).await? {
        return Err(Problem::forbidden_for("red_for_members"));
    }
    let (at, by, detail) = (ctx.now(), caller.account(), format!("channel:{} need={}", row.channel, wish.need.as_str()));
    let recorded: db::Result<bool> = ctx
        .db
        .write(async move |tx| {
            if in_bulk(tx, by, at).await? {
                return Ok(false);
            }
            let (target, detail) = (format!("held:{id}"), detail.clone());
            audit::record(tx, Act { at, actor: Some(by), what: UNMASK, target, detail }).await?;
            Ok(true)
        })
        .await;
    // What could not be recorded is not shown.
    if !recorded? {
        let many = Problem::conflict("unmask_in_bulk", "So many at once take a second person");
        return Err(many.with("limit", UNMASKED_MAX));
    }
    Ok(Json(Unmasked { new_topic: title, body }))
}
