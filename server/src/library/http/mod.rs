//! Routes of the library.

mod after;
mod around;
mod export;
mod find;
mod forms;
mod reviewing;
mod show;
mod translations;

use std::sync::Arc;

use axum::extract::FromRef;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

pub(super) use find::items;

use super::finder::Entry;
use super::model::{Content, Fault};
use super::shelf::Shelf;
use super::store::{self, PracticeRow};
use crate::access::{Decision, ItemAction};
use crate::audit::Act;
use crate::base::guard;
use crate::base::http::Problem;
use crate::context::Ctx;
use crate::glossary::Glossary;
use crate::identity::Caller;
use crate::search::Finder;

/// What these routes share.
#[derive(Clone)]
struct Desk {
    ctx: Ctx,
    shelf: Shelf,
    finder: Finder,
}

impl FromRef<Desk> for Ctx {
    fn from_ref(desk: &Desk) -> Self {
        desk.ctx.clone()
    }
}

/// The routes of this slice, over what it keeps in memory.
pub fn router(ctx: Ctx, glossary: &Glossary, shelf: Shelf) -> OpenApiRouter {
    let finder = Finder::new(glossary);
    OpenApiRouter::new()
        .routes(routes!(find::list, forms::create))
        .routes(routes!(export::export))
        .routes(routes!(show::show, forms::put, forms::delete))
        .routes(routes!(export::print))
        .routes(routes!(around::around))
        .routes(routes!(around::versions))
        .routes(routes!(around::version))
        .routes(routes!(reviewing::put_state))
        .routes(routes!(reviewing::put_reviewers))
        .routes(routes!(reviewing::put_review))
        .routes(routes!(reviewing::put_level))
        .routes(routes!(reviewing::report_harm))
        .routes(routes!(reviewing::answer_harm))
        .routes(routes!(translations::show, translations::put, translations::delete))
        .routes(routes!(translations::check))
        .routes(routes!(after::endorse, after::unendorse))
        .routes(routes!(after::put_use, after::take_use))
        .routes(routes!(after::discuss))
        .with_state(Desk { ctx, shelf, finder })
}

/// A practice that the caller may do something with.
struct Located {
    entry: Arc<Entry>,
    row: PracticeRow,
    content: Content,
}

impl Desk {
    /// The practice, if the caller may do that with it. Who asks for one that is hidden from them and who asks for one that
    /// isn't there get the same answer.
    async fn locate(&self, caller: &Caller, action: ItemAction, id: Uuid) -> Result<Located, Problem> {
        let entry = self.shelf.entry(&self.ctx, id).await?;
        let decision = entry.as_ref().map_or(Decision::Hide, |entry| entry.decide(&caller.actor, action));
        let entry = match (decision, entry) {
            (Decision::Allow, Some(entry)) => entry,
            (Decision::Forbid(code), _) => return Err(Problem::forbidden_for(code)),
            (_, found) => {
                if found.is_some() {
                    self.ctx.recorder.refused(caller.account(), true, target(id));
                }
                return Err(Problem::not_found());
            }
        };
        let row = store::one(&mut self.ctx.db.read().await?, id).await?.ok_or_else(Problem::not_found)?;
        let content = content_of(&row.content)?;
        Ok(Located { entry, row, content })
    }
}

fn content_of(stored: &str) -> Result<Content, Problem> {
    serde_json::from_str(stored).map_err(|error| Problem::internal(&error))
}

fn json(what: &impl serde::Serialize) -> Result<String, Problem> {
    serde_json::to_string(what).map_err(|error| Problem::internal(&error))
}

/// A field that can't stand.
fn faulty(fault: Fault) -> Problem {
    let problem = Problem::unprocessable("practice_field_invalid", "A field can't stand as it is").with("field", fault.field);
    match fault.limit {
        Some(limit) => problem.with("limit", limit),
        None => problem,
    }
}

/// Asks the guard about every text; the problem names the field.
fn refuse<'a>(texts: impl IntoIterator<Item = (&'static str, &'a str)>, now: i64) -> Result<(), Problem> {
    for (field, text) in texts {
        guard::refuse(text, now).map_err(|problem| problem.with("field", field))?;
    }
    Ok(())
}

/// What somebody says about it, in at least a word.
fn said(text: &str, field: &'static str, max: usize, now: i64) -> Result<String, Problem> {
    let text = super::model::several(text, field, max).map_err(faulty)?;
    if text.is_empty() {
        return Err(Problem::unprocessable("reason_missing", "The others must know why").with("field", field));
    }
    refuse([(field, text.as_str())], now)?;
    Ok(text)
}

/// Somebody was faster.
fn overtaken() -> Problem {
    Problem::conflict("conflict", "It was changed meanwhile")
}

fn target(id: Uuid) -> String {
    format!("practice:{id}")
}

fn act(ctx: &Ctx, by: Uuid, what: &'static str, id: Uuid, detail: String) -> Act<'static> {
    Act { at: ctx.now(), actor: Some(by), what, target: target(id), detail }
}
