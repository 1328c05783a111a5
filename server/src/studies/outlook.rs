//! What others are told of studies: the page of the week, the search, the newsletter.

use std::sync::Arc;

use futures_util::future::BoxFuture;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::entry;
use super::model::{State, is_overdue, today};
use super::store::{self, Asked, Filter, Study};
use crate::access::{Actor, Decision, ItemAction, may_with_item};
use crate::attachable::{Held, Holder};
use crate::base::clock::DAY;
use crate::base::db::Result;
use crate::context::Ctx;
use crate::findable::{Kind, Stock, Thing};
use crate::publishable::{self, Publishable};

/// How far the page of the week looks ahead (microseconds).
const AHEAD: i64 = 30 * DAY;
/// Recommendations on it at most.
const SHOWN: i64 = 20;
/// Studies of a quarter that the newsletter chooses from at most, and that the search shows.
const OFFERED: i64 = 500;
/// Characters of a summary at most.
const SUMMARY_MAX: usize = 300;

/// A recommendation that one's organisation is to carry out, and that is due.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct DueRecommendation {
    id: Uuid,
    study: Uuid,
    study_title: String,
    text: String,
    language: String,
    /// `open` or `in_progress`.
    state: &'static str,
    /// `2026-12-31`.
    due: String,
    overdue: bool,
}

/// What this person's organisation is to carry out within thirty days, or should have.
pub async fn for_home(ctx: &Ctx, actor: &Actor) -> Result<Vec<DueRecommendation>> {
    let Some(owner) = actor.organisation else { return Ok(Vec::new()) };
    let filter = Filter { owner: Some(owner), due_before: Some(today(ctx.now() + AHEAD)), limit: SHOWN, ..Filter::default() };
    let rows = store::recommendations(&mut ctx.db.read().await?, actor, &filter).await?;
    let now = today(ctx.now());
    let due = rows.into_iter().filter_map(|row| {
        let (state, due) = (State::of(&row.state), row.due?);
        Some(DueRecommendation {
            id: row.id,
            study: row.study,
            study_title: row.study_title,
            text: row.text,
            language: row.language,
            state: state.as_str(),
            overdue: is_overdue(state, Some(&due), &now),
            due,
        })
    });
    Ok(due.collect())
}

/// What the search finds of studies.
pub fn stock() -> Arc<dyn Stock> {
    Arc::new(Studies)
}

/// What the newsletter can take from studies.
pub fn feed() -> Arc<dyn publishable::Feed> {
    Arc::new(Studies)
}

struct Studies;

impl Stock for Studies {
    fn shown<'a>(&'a self, ctx: &'a Ctx, actor: &'a Actor, ids: &'a [Uuid]) -> BoxFuture<'a, Result<Vec<Thing>>> {
        Box::pin(async move {
            let asked = Asked { among: Some(ids.to_vec()), limit: OFFERED, ..Asked::default() };
            let studies = store::listed(&mut ctx.db.read().await?, actor, &asked).await?;
            Ok(studies.into_iter().map(found).collect())
        })
    }

    fn kind(&self) -> Kind {
        Kind::Study
    }
}

/// Studies as what files hang on.
pub fn holder() -> Arc<dyn Holder> {
    Arc::new(Studies)
}

impl Holder for Studies {
    fn kind(&self) -> &'static str {
        entry::KIND
    }

    fn held<'a>(&'a self, ctx: &'a Ctx, actor: &'a Actor, id: Uuid) -> BoxFuture<'a, Result<Option<Held>>> {
        Box::pin(async move {
            let study = store::one(&mut ctx.db.read().await?, id).await?;
            let readable = |study: &Study| study.as_item(|item| may_with_item(actor, ItemAction::Read, item)) == Decision::Allow;
            let held = study.filter(readable).map(|study| Held {
                may_leave: leaves(actor, &study),
                marking: study.marking,
                place: format!("/studies/{id}"),
            });
            Ok(held)
        })
    }
}

fn found(study: Study) -> Thing {
    let about = Some(format!("{}, {}", study.publisher, study.year));
    Thing { kind: Kind::Study, id: study.id.to_string(), title: study.title, about, channel: None }
}

impl publishable::Feed for Studies {
    fn within<'a>(&'a self, ctx: &'a Ctx, actor: &'a Actor, span: (i64, i64)) -> BoxFuture<'a, Result<Vec<Publishable>>> {
        Box::pin(async move {
            let studies = store::shared(&mut ctx.db.read().await?, actor, span, OFFERED).await?;
            Ok(studies.into_iter().filter(|study| leaves(actor, study)).map(offered).collect())
        })
    }

    fn one<'a>(&'a self, ctx: &'a Ctx, actor: &'a Actor, id: Uuid) -> BoxFuture<'a, Result<Option<Publishable>>> {
        Box::pin(async move {
            let study = store::one(&mut ctx.db.read().await?, id).await?;
            Ok(study.filter(|study| leaves(actor, study)).map(offered))
        })
    }

    fn kind(&self) -> Kind {
        Kind::Study
    }

    fn withheld<'a>(&'a self, ctx: &'a Ctx) -> BoxFuture<'a, Result<Vec<String>>> {
        Box::pin(async move { store::withheld(&mut ctx.db.read().await?).await })
    }
}

fn leaves(actor: &Actor, study: &Study) -> bool {
    study.as_item(|item| may_with_item(actor, ItemAction::TakeOut, item)) == Decision::Allow
}

fn offered(study: Study) -> Publishable {
    Publishable {
        kind: Kind::Study,
        id: study.id,
        countries: study.countries(),
        themes: study.themes(),
        summary: study.summary.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(SUMMARY_MAX).collect(),
        title: study.title,
        language: study.language,
        marking: study.marking,
        source: study.author,
        at: study.created_at,
    }
}
