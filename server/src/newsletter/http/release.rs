//! Handing an issue in, looking at it as it will be read, and the decision of a second person.

use std::collections::HashSet;

use axum::extract::State as Given;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::{by, compose, conflict, faulty, find, find_open, gathered, guarded, locked, see_drafts};
use crate::access::RegionAction;
use crate::access::handling::MARKINGS;
use crate::audit;
use crate::base::db::{self, AfterCommit};
use crate::base::http::{Json, Path, Problem};
use crate::base::{guard, secret};
use crate::findable::Kind;
use crate::identity::{self, Caller};
use crate::newsletter::desk::Desk;
use crate::newsletter::edition::{Edition, digest};
use crate::newsletter::page::{Medium, Shown};
use crate::newsletter::store::{self, Issue};
use crate::newsletter::withheld::Looked;
use crate::newsletter::{model, notice};

pub(super) fn router() -> OpenApiRouter<Desk> {
    OpenApiRouter::new().routes(routes!(hand_in, take_back)).routes(routes!(preview)).routes(routes!(decide))
}

/// Hands an issue in for release, as it is: nobody changes that, any change of the issue voids it. Refused while a language lacks a
/// text (`newsletter_gaps`), a locked term is missing that nobody has explained (`newsletter_locks`), or something was taken that is
/// no longer CLEAR (`newsletter_fell_out`: it is out then).
#[utoipa::path(put, path = "/api/newsletter/issues/{id}/submission", tag = "newsletter", params(("id" = Uuid, Path)),
    responses((status = 204), (status = 401), (status = 403), (status = 404), (status = 409), (status = 422), (status = 503)))]
pub(super) async fn hand_in(Given(desk): Given<Desk>, caller: Caller, Path(id): Path<Uuid>) -> Result<StatusCode, Problem> {
    compose(&caller)?;
    let issue = find_open(&desk, id).await?;
    let edition = gathered(&desk, &caller, &issue).await?;
    is_complete(&desk, &issue, &edition).await?;
    is_clear(&desk, &caller, id, &edition).await?;
    let (content, by, ctx) = (edition.stored(), by(&desk, &caller), desk.ctx.clone());
    let done: db::Result<bool> = desk
        .ctx
        .db
        .write(async move |tx| {
            // Only what is there now is handed in: somebody may have changed it while it was looked at.
            let stands = store::issue(tx, id).await?.is_some_and(|now| now.changed_at == issue.changed_at);
            if !stands || !store::hand_in(tx, id, &content, &digest(&content), by).await? {
                return Ok(false);
            }
            notice::changed(tx, &ctx);
            audit::record(tx, super::act(by, "newsletter.submit", id, format!("number={}", issue.number))).await?;
            Ok(true)
        })
        .await;
    if done? { Ok(StatusCode::NO_CONTENT) } else { Err(conflict()) }
}

/// Makes an issue that was handed in a draft again.
#[utoipa::path(delete, path = "/api/newsletter/issues/{id}/submission", tag = "newsletter", params(("id" = Uuid, Path)),
    responses((status = 204), (status = 401), (status = 403), (status = 404), (status = 409)))]
async fn take_back(Given(desk): Given<Desk>, caller: Caller, Path(id): Path<Uuid>) -> Result<StatusCode, Problem> {
    compose(&caller)?;
    find_open(&desk, id).await?;
    let ctx = desk.ctx.clone();
    let done: db::Result<bool> = desk
        .ctx
        .db
        .write(async move |tx| {
            notice::changed(tx, &ctx);
            store::send_back(tx, id, None).await
        })
        .await;
    if done? { Ok(StatusCode::NO_CONTENT) } else { Err(conflict()) }
}

/// Whether every language has what one of them has, and calls the field's things by the glossary's terms.
async fn is_complete(desk: &Desk, issue: &Issue, edition: &Edition) -> Result<(), Problem> {
    if edition.sections.iter().all(|section| section.texts.is_empty() && section.items.is_empty()) {
        return Err(Problem::conflict("newsletter_empty", "Nothing stands in it yet"));
    }
    let gaps = edition.gaps();
    if !gaps.is_empty() {
        let gaps: Vec<_> = gaps.into_iter().map(|(section, language)| format!("{section}/{language}")).collect();
        return Err(Problem::conflict("newsletter_gaps", "A language lacks a text that another one has").with("gaps", gaps));
    }
    let missing = locked(desk, issue).await?.into_iter().filter(|lock| !lock.found && lock.excuse.is_none());
    let missing: Vec<_> = missing.map(|lock| format!("{}: {}", lock.to, lock.expected)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    Err(Problem::conflict("newsletter_locks", "A term of the glossary is called otherwise").with("terms", missing))
}

/// Whether all of it may be read by everybody: what was taken is CLEAR still, and nothing was copied from elsewhere. What isn't
/// CLEAR any more is out then.
async fn is_clear(desk: &Desk, caller: &Caller, id: Uuid, edition: &Edition) -> Result<(), Problem> {
    let mut fallen = Vec::new();
    for item in edition.items() {
        let mut clear = false;
        for feed in desk.feeds.iter().filter(|feed| Kind::of(&item.kind) == Some(feed.kind())) {
            let now = feed.one(&desk.ctx, &caller.actor, item.thing).await?;
            clear |= now.is_some_and(|now| now.marking == MARKINGS[0]);
        }
        if !clear {
            fallen.push(item);
        }
    }
    if !fallen.is_empty() {
        let titles: Vec<_> = fallen.iter().map(|item| item.title.clone()).collect();
        let (items, ctx): (Vec<Uuid>, _) = (fallen.iter().map(|item| item.id).collect(), desk.ctx.clone());
        let out: db::Result<()> = desk
            .ctx
            .db
            .write(async move |tx| {
                notice::changed(tx, &ctx);
                store::fall_out(tx, id, &items).await
            })
            .await;
        out?;
        let told = titles.join(" · ");
        return Err(Problem::conflict("newsletter_fell_out", "Something is no longer CLEAR, and is out").with("titles", told));
    }
    let texts: Vec<_> = edition.texts().map(|(section, language, body)| Looked { section, language, body }).collect();
    guarded(desk, caller, id, &texts).await
}

/// An issue as it will be read in a language: what was handed in, else what stands there now.
#[utoipa::path(get, path = "/api/newsletter/issues/{id}/preview/{language}", tag = "newsletter",
    params(("id" = Uuid, Path), ("language" = String, Path)),
    responses((status = 200, body = String, content_type = "text/html"), (status = 401), (status = 403), (status = 404)))]
async fn preview(
    Given(desk): Given<Desk>,
    caller: Caller,
    Path((id, language)): Path<(Uuid, String)>,
) -> Result<Response, Problem> {
    see_drafts(&caller)?;
    let issue = find(&desk, id).await?;
    if !issue.languages().any(|known| known == language) {
        return Err(Problem::not_found());
    }
    let mut conn = desk.ctx.db.read().await?;
    let content = store::content(&mut conn, id).await?;
    let consenting: HashSet<Uuid> = store::who_consent(&mut conn).await?.into_iter().collect();
    drop(conn);
    let edition = match content.as_deref().and_then(Edition::of) {
        Some(edition) => edition,
        None => gathered(&desk, &caller, &issue).await?,
    };
    let shown = Shown { edition: &edition, language: &language, released_at: issue.released_at, consenting: &consenting };
    let page = shown.page(&Medium::Preview { path: format!("/api/newsletter/issues/{id}/preview") })?;
    Ok(Html(page).into_response())
}

/// A decision about what was handed in.
#[derive(Deserialize, ToSchema)]
#[schema(as = NewsletterDecision)]
pub(super) struct Verdict {
    /// The `digest` of what the caller has seen: nothing else is released.
    digest: String,
    approved: bool,
    /// Why it is sent back: a line of at most 500 characters, needed then.
    #[serde(default)]
    note: Option<String>,
}

/// Releases what was handed in, or sends it back: by another editor or a moderator of the region who has not worked on it, in person.
/// What is released is public at once, and on its way to those who have subscribed.
#[utoipa::path(put, path = "/api/newsletter/issues/{id}/decision", tag = "newsletter", params(("id" = Uuid, Path)),
    request_body = Verdict,
    responses((status = 204), (status = 401), (status = 403), (status = 404), (status = 409), (status = 422), (status = 503)))]
pub(super) async fn decide(
    Given(desk): Given<Desk>,
    caller: Caller,
    Path(id): Path<Uuid>,
    Json(verdict): Json<Verdict>,
) -> Result<StatusCode, Problem> {
    see_drafts(&caller)?;
    let issue = find_open(&desk, id).await?;
    let worked_on = store::composers(&mut desk.ctx.db.read().await?, id).await?;
    caller.allow(RegionAction::ReleaseNewsletter { worked_on: &worked_on })?;
    if caller.by_token {
        return Err(Problem::forbidden_for("session_needed"));
    }
    identity::stepped_up(&caller)?;
    let wanted = secret::from_hex(&verdict.digest).unwrap_or_default();
    let content = store::content(&mut desk.ctx.db.read().await?, id).await?;
    let content = content.filter(|content| issue.state == "asked" && digest(content).as_slice() == wanted.as_slice());
    let content = content.ok_or_else(conflict)?;
    if !verdict.approved {
        let note = model::reason(verdict.note.as_deref().unwrap_or_default()).map_err(faulty)?;
        guard::refuse(&note, desk.ctx.now())?;
        return send_back(&desk, &caller, id, note).await;
    }
    let edition = Edition::of(&content).ok_or(db::Error::Malformed("issue"))?;
    is_clear(&desk, &caller, id, &edition).await?;
    release(&desk, &caller, id, wanted).await
}

async fn send_back(desk: &Desk, caller: &Caller, id: Uuid, note: String) -> Result<StatusCode, Problem> {
    let (by, ctx) = (by(desk, caller), desk.ctx.clone());
    let done: db::Result<bool> = desk
        .ctx
        .db
        .write(async move |tx| {
            if !store::send_back(tx, id, Some(&note)).await? {
                return Ok(false);
            }
            notice::changed(tx, &ctx);
            audit::record(tx, super::act(by, "newsletter.refuse", id, String::new())).await?;
            Ok(true)
        })
        .await;
    if done? { Ok(StatusCode::NO_CONTENT) } else { Err(conflict()) }
}

async fn release(desk: &Desk, caller: &Caller, id: Uuid, digest: Vec<u8>) -> Result<StatusCode, Problem> {
    let (by, ctx, wake) = (by(desk, caller), desk.ctx.clone(), desk.post.wake.clone());
    let sends = desk.post.mailer.is_some();
    let done: db::Result<bool> = desk
        .ctx
        .db
        .write(async move |tx| {
            // Nobody who has worked on it meanwhile, and nothing that has changed meanwhile.
            if store::composers(tx, id).await?.contains(&by.account) || !store::release(tx, id, &digest, by).await? {
                return Ok(false);
            }
            for (account, language) in if sends { store::subscribers(tx, by.at).await? } else { Vec::new() } {
                store::queue(tx, id, (account, &language), ctx.id(), by.at).await?;
            }
            notice::changed(tx, &ctx);
            let wake = wake.clone();
            tx.after_commit(move || wake.notify_one());
            let detail = format!("digest={}", secret::hex(&digest));
            audit::record(tx, super::act(by, "newsletter.release", id, detail)).await?;
            Ok(true)
        })
        .await;
    if done? { Ok(StatusCode::NO_CONTENT) } else { Err(conflict()) }
}
