//! Composing, asking, releasing, subscribing; and the pages that everybody reads.

mod issues;
mod items;
mod me;
mod public;
mod release;
mod requests;
#[cfg(test)]
mod tests;
mod texts;

pub use public::pages;

use std::collections::BTreeMap;

use axum::extract::FromRef;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use uuid::Uuid;

use super::desk::{Desk, Post};
use super::locks::locks;
use super::store::{self, By, Issue};
use super::withheld::{Found, Looked, Withheld, look};
use super::{edition, notice};
use crate::access::RegionAction;
use crate::audit::Act;
use crate::base::http::Problem;
use crate::base::{db, guard};
use crate::context::Ctx;
use crate::glossary::Glossary;
use crate::identity::Caller;
use crate::publishable::Feeds;

/// Seconds until the search index may be whole again.
const INDEX_AGAIN: u64 = 30;

/// The routes of this slice.
pub fn router(ctx: Ctx, glossary: Glossary, feeds: Feeds, post: Post) -> OpenApiRouter {
    OpenApiRouter::new()
        .merge(issues::router())
        .merge(texts::router())
        .merge(items::router())
        .merge(requests::router())
        .merge(release::router())
        .merge(me::router())
        .with_state(Desk { ctx, glossary, feeds, post })
}

impl FromRef<Desk> for Ctx {
    fn from_ref(desk: &Desk) -> Self {
        desk.ctx.clone()
    }
}

/// Somebody by name.
#[derive(Serialize, ToSchema)]
#[schema(as = NewsletterPerson)]
struct Named {
    id: Uuid,
    name: String,
}

impl Named {
    fn of(id: Option<Uuid>, name: Option<String>) -> Option<Self> {
        Some(Self { id: id?, name: name.unwrap_or_default() })
    }
}

/// A term of the glossary that one language names and another has to, too.
#[derive(Serialize, ToSchema)]
#[schema(as = NewsletterLock)]
struct Locked {
    section: String,
    /// The concept's stable name.
    concept: &'static str,
    /// The language that names it, and by which term.
    from: String,
    term: String,
    /// The language that has to, and by which term.
    to: String,
    expected: String,
    found: bool,
    /// Why it may be missing, in an editor's words.
    excuse: Option<String>,
}

/// Refuses who doesn't compose the newsletter.
fn compose(caller: &Caller) -> Result<(), Problem> {
    caller.allow(RegionAction::ComposeNewsletter)
}

/// Refuses who sees no drafts.
fn see_drafts(caller: &Caller) -> Result<(), Problem> {
    if notice::sees_drafts(&caller.actor) { Ok(()) } else { caller.allow(RegionAction::ComposeNewsletter) }
}

async fn find(desk: &Desk, id: Uuid) -> Result<Issue, Problem> {
    store::issue(&mut desk.ctx.db.read().await?, id).await?.ok_or_else(Problem::not_found)
}

/// An issue that can still be changed.
async fn find_open(desk: &Desk, id: Uuid) -> Result<Issue, Problem> {
    let issue = find(desk, id).await?;
    if issue.state == "released" { Err(released()) } else { Ok(issue) }
}

fn released() -> Problem {
    Problem::conflict("newsletter_released", "What is released is not changed any more")
}

fn conflict() -> Problem {
    Problem::conflict("conflict", "Somebody else has changed it meanwhile")
}

/// What is wrong with what somebody wrote, by its code.
fn faulty(code: &'static str) -> Problem {
    let (title, limit) = match code {
        "newsletter_title_invalid" => ("A title is one line", Some(super::model::TITLE_MAX)),
        "newsletter_text_invalid" => ("This can't be a text", Some(super::model::TEXT_MAX)),
        "note_invalid" => ("This can't be said here", Some(super::model::REASON_MAX)),
        _ => ("The other one must know why", None),
    };
    let problem = Problem::unprocessable(code, title);
    if let Some(limit) = limit { problem.with("limit", limit) } else { problem }
}

/// By the caller, now.
fn by(desk: &Desk, caller: &Caller) -> By {
    By { account: caller.account(), at: desk.ctx.now() }
}

fn act(by: By, what: &'static str, issue: Uuid, detail: String) -> Act<'static> {
    Act { at: by.at, actor: Some(by.account), what, target: format!("newsletter:{issue}"), detail }
}

/// Changes an issue: within the transaction, after what was handed in was voided. `Err` of the inner: why not.
async fn change<T: Send + 'static>(
    desk: &Desk,
    caller: &Caller,
    id: Uuid,
    mut what: impl AsyncFnMut(&mut db::Tx, By) -> db::Result<Result<T, Problem>> + Send + 'static,
) -> Result<T, Problem>
where
    Problem: From<db::Error>,
{
    let (ctx, by) = (desk.ctx.clone(), by(desk, caller));
    let done: Result<T, Undone> = desk
        .ctx
        .db
        .write(async move |tx| {
            if !store::changes(tx, id, by).await? {
                return Err(Undone::Refused(Box::new(released())));
            }
            let done = what(tx, by).await?.map_err(|problem| Undone::Refused(Box::new(problem)))?;
            notice::changed(tx, &ctx);
            Ok(done)
        })
        .await;
    done.map_err(Undone::problem)
}

/// Why nothing of a change is stored.
enum Undone {
    Storage(db::Error),
    Refused(Box<Problem>),
}

impl Undone {
    fn problem(self) -> Problem {
        match self {
            Self::Storage(error) => error.into(),
            Self::Refused(problem) => *problem,
        }
    }
}

impl From<db::Error> for Undone {
    fn from(error: db::Error) -> Self {
        Self::Storage(error)
    }
}

/// Refuses texts in which something stands that isn't CLEAR, or that may tell who somebody is.
async fn guarded(desk: &Desk, caller: &Caller, issue: Uuid, texts: &[Looked<'_>]) -> Result<(), Problem> {
    for text in texts {
        guard::refuse(text.body, desk.ctx.now())?;
    }
    match look(desk, &caller.actor, issue, texts).await? {
        Found::Places(places) if places.is_empty() => Ok(()),
        Found::Places(places) => Err(withheld(desk, caller, issue, &places).await?),
        Found::Unknown => Err(Problem::busy(INDEX_AGAIN)),
    }
}

/// The refusal of the paste guard. It is in the record, so that nobody finds out by trying what stands elsewhere.
async fn withheld(desk: &Desk, caller: &Caller, issue: Uuid, places: &[Withheld]) -> db::Result<Problem> {
    let act = act(by(desk, caller), "newsletter.withheld", issue, format!("places={}", places.len()));
    desk.ctx.db.write(async move |tx| crate::audit::record(tx, act.clone()).await).await?;
    let places = serde_json::to_value(places).unwrap_or_default();
    Ok(Problem::conflict("newsletter_withheld", "Some of it stands in something that is not for everybody")
        .with("places", places))
}

/// What is locked in the texts of an issue.
async fn locked(desk: &Desk, issue: &Issue) -> db::Result<Vec<Locked>> {
    let mut conn = desk.ctx.db.read().await?;
    let (texts, excuses) = (store::texts(&mut conn, issue.id).await?, store::excuses(&mut conn, issue.id).await?);
    drop(conn);
    let languages: Vec<&str> = issue.languages().collect();
    let mut sections: BTreeMap<&str, BTreeMap<&str, &str>> = BTreeMap::new();
    for text in texts.iter().filter(|text| !text.body.is_empty() && languages.contains(&text.language.as_str())) {
        sections.entry(&text.section).or_default().insert(&text.language, &text.body);
    }
    let (terms, mut all) = (desk.glossary.terms(), Vec::new());
    for (section, texts) in sections {
        all.extend(locks(&terms, &texts).into_iter().map(|lock| {
            Locked {
                section: section.to_owned(),
                excuse: excuses
                    .iter()
                    .find(|excuse| excuse.concept == lock.concept && excuse.language == lock.to)
                    .map(|excuse| excuse.reason.clone()),
                concept: lock.concept,
                from: lock.from,
                term: lock.term,
                to: lock.to,
                expected: lock.expected,
                found: lock.found,
            }
        }));
    }
    Ok(all)
}

/// The issue as it would be handed in.
async fn gathered(desk: &Desk, caller: &Caller, issue: &Issue) -> db::Result<edition::Edition> {
    edition::gather(desk, &caller.actor, issue).await
}
