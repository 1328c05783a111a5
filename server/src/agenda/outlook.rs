//! What others are told of the agenda: the page of the week, and the newsletter.

use std::sync::Arc;

use futures_util::future::BoxFuture;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::model::{Answer, by_its_clocks};
use super::store::{self, Asked, Event};
use crate::access::{Actor, Decision, ItemAction, may_with_item};
use crate::base::clock::{DAY, rfc3339};
use crate::base::db::Result;
use crate::context::Ctx;
use crate::findable::{Kind, Stock, Thing};
use crate::publishable::{self, Publishable};

/// How far the page of the week looks ahead (microseconds).
const AHEAD: i64 = 14 * DAY;
/// Events on it at most.
const SHOWN: i64 = 20;
/// Events of a quarter that the newsletter chooses from at most.
const OFFERED: i64 = 500;
/// Events that the search shows at most.
const FOUND: i64 = 1_000;
/// Characters of a summary at most.
const SUMMARY_MAX: usize = 300;

/// An event of the coming days.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ComingEvent {
    id: Uuid,
    title: String,
    language: String,
    marking: String,
    /// `event`, `training`, `meeting`, `exercise` or `deadline`.
    kind: String,
    starts_at: String,
    zone: String,
    /// When it begins by the clocks there.
    start: String,
    place: String,
    /// `coming`, `maybe`, `no`; null without an answer.
    my_answer: Option<&'static str>,
}

/// The events of the coming fourteen days that this person may read, with their answer.
pub async fn for_home(ctx: &Ctx, actor: &Actor) -> Result<Vec<ComingEvent>> {
    let now = ctx.now();
    let asked = Asked { from: Some(now), to: Some(now + AHEAD), limit: SHOWN, ..Asked::default() };
    let events = store::listed(&mut ctx.db.read().await?, actor, &asked).await?;
    let stands = events.into_iter().filter(|event| event.cancelled_at.is_none());
    let coming = stands.map(|event| ComingEvent {
        id: event.id,
        title: event.title,
        language: event.language,
        marking: event.marking,
        kind: event.kind,
        starts_at: rfc3339(event.starts_at),
        start: by_its_clocks(event.starts_at, &event.zone),
        zone: event.zone,
        place: event.place,
        my_answer: event.answer.as_deref().map(|answer| Answer::of(answer).as_str()),
    });
    Ok(coming.collect())
}

/// What the search finds of the agenda.
pub fn stock() -> Arc<dyn Stock> {
    Arc::new(Agenda)
}

impl Stock for Agenda {
    fn shown<'a>(&'a self, ctx: &'a Ctx, actor: &'a Actor, ids: &'a [Uuid]) -> BoxFuture<'a, Result<Vec<Thing>>> {
        Box::pin(async move {
            let asked = Asked { among: Some(ids.to_vec()), limit: FOUND, ..Asked::default() };
            let events = store::listed(&mut ctx.db.read().await?, actor, &asked).await?;
            Ok(events.into_iter().map(found).collect())
        })
    }

    fn kind(&self) -> Kind {
        Kind::Event
    }
}

fn found(event: Event) -> Thing {
    let day = by_its_clocks(event.starts_at, &event.zone).chars().take_while(|sign| *sign != 'T').collect();
    let about = [day, event.place].into_iter().filter(|part: &String| !part.is_empty()).collect::<Vec<_>>().join(" · ");
    Thing { kind: Kind::Event, id: event.id.to_string(), title: event.title, about: Some(about), channel: None }
}

/// What the newsletter can take from the agenda.
pub fn feed() -> Arc<dyn publishable::Feed> {
    Arc::new(Agenda)
}

struct Agenda;

impl publishable::Feed for Agenda {
    fn within<'a>(&'a self, ctx: &'a Ctx, actor: &'a Actor, span: (i64, i64)) -> BoxFuture<'a, Result<Vec<Publishable>>> {
        Box::pin(async move {
            let asked = Asked { from: Some(span.0), to: Some(span.1), limit: OFFERED, ..Asked::default() };
            let events = store::listed(&mut ctx.db.read().await?, actor, &asked).await?;
            let begun = events.into_iter().filter(|event| event.starts_at >= span.0 && event.cancelled_at.is_none());
            Ok(begun.filter(|event| leaves(actor, event)).map(offered).collect())
        })
    }

    fn one<'a>(&'a self, ctx: &'a Ctx, actor: &'a Actor, id: Uuid) -> BoxFuture<'a, Result<Option<Publishable>>> {
        Box::pin(async move {
            let event = store::one(&mut ctx.db.read().await?, actor.account, id).await?;
            Ok(event.filter(|event| leaves(actor, event)).map(offered))
        })
    }

    fn kind(&self) -> Kind {
        Kind::Event
    }

    fn withheld<'a>(&'a self, ctx: &'a Ctx) -> BoxFuture<'a, Result<Vec<String>>> {
        Box::pin(async move { store::withheld(&mut ctx.db.read().await?).await })
    }
}

fn leaves(actor: &Actor, event: &Event) -> bool {
    event.as_item(|item| may_with_item(actor, ItemAction::TakeOut, item)) == Decision::Allow
}

fn offered(event: Event) -> Publishable {
    Publishable {
        kind: Kind::Event,
        id: event.id,
        countries: event.countries(),
        themes: event.themes(),
        summary: event.about.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(SUMMARY_MAX).collect(),
        title: event.title,
        language: event.language,
        marking: event.marking,
        source: event.author,
        at: event.starts_at,
    }
}
