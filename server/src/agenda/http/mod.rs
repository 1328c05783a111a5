//! Routes of the agenda: events, answers, what one is told, calendars elsewhere.

mod answers;
mod events;
mod feeds;

use std::sync::Arc;

use axum::extract::FromRef;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::model::{Answer, Kind, by_its_clocks};
use super::store::{self, Event};
use crate::access::{Decision, ItemAction, may_with_item};
use crate::base::clock::rfc3339;
use crate::base::db::Conn;
use crate::base::http::Problem;
use crate::context::Ctx;
use crate::directory::{self, Person};
use crate::identity::Caller;
use crate::search::Finder;

/// The routes of this slice, for a server that people reach at this origin.
pub fn router(ctx: Ctx, finder: Finder, origin: Option<&str>) -> OpenApiRouter {
    let desk = Desk { ctx, finder, origin: origin.map(Into::into), counted: Arc::default() };
    OpenApiRouter::new()
        .routes(routes!(events::list, events::create))
        .routes(routes!(events::show, events::change))
        .routes(routes!(events::cancel))
        .routes(routes!(answers::answer, answers::take_back))
        .routes(routes!(answers::notices, answers::seen))
        .routes(routes!(feeds::one_event))
        .routes(routes!(feeds::own, feeds::make, feeds::narrow, feeds::revoke))
        .routes(routes!(feeds::fetch))
        .with_state(desk)
}

/// What the handlers share.
#[derive(Clone)]
struct Desk {
    ctx: Ctx,
    finder: Finder,
    origin: Option<Arc<str>>,
    counted: Arc<feeds::Counted>,
}

impl FromRef<Desk> for Ctx {
    fn from_ref(desk: &Desk) -> Self {
        desk.ctx.clone()
    }
}

/// An organisation by name.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = EventOrganisation)]
struct Organisation {
    id: Uuid,
    name: String,
}

/// How many have answered what.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[schema(as = EventAnswers)]
struct Answers {
    coming: i64,
    maybe: i64,
    no: i64,
}

/// Why an event doesn't take place.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = EventCancelled)]
struct Cancelled {
    at: String,
    because: String,
}

/// What the reader may do with an event.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[schema(as = EventCan)]
#[expect(clippy::struct_excessive_bools, reason = "acts that have nothing to do with each other")]
struct Can {
    change: bool,
    /// Give it a laxer marking.
    lower: bool,
    cancel: bool,
    /// Take it into a calendar elsewhere.
    take_out: bool,
}

/// An event of the agenda.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Event)]
struct Shown {
    id: Uuid,
    title: String,
    about: String,
    /// The language of both.
    language: String,
    marking: String,
    /// None: the whole region.
    countries: Vec<String>,
    themes: Vec<String>,
    /// Null for somebody who is no longer here.
    author: Option<Person>,
    organisation: Option<Organisation>,
    created_at: String,
    changed_at: String,
    kind: Kind,
    /// RFC 3339 in UTC.
    starts_at: String,
    ends_at: String,
    /// The IANA time zone of the place.
    zone: String,
    /// The same times by the clocks there: `2026-12-01T09:30`.
    start: String,
    end: String,
    place: String,
    link: Option<String>,
    cancelled: Option<Cancelled>,
    answers: Answers,
    /// The reader's own.
    my_answer: Option<Answer>,
    /// To be sent back with a change.
    revision: i64,
    can: Can,
}

impl Shown {
    fn new(event: Event, caller: &Caller, author: Option<Person>) -> Self {
        let may = |action| event.as_item(|item| may_with_item(&caller.actor, action, item)) == Decision::Allow;
        let open = event.cancelled_at.is_none();
        let (change, tend) = (may(ItemAction::Change), may(ItemAction::Tend));
        Self {
            can: Can {
                change: open && change,
                lower: open && may(ItemAction::Lower),
                cancel: open && (change || tend),
                take_out: may(ItemAction::TakeOut),
            },
            id: event.id,
            countries: event.countries(),
            themes: event.themes(),
            start: by_its_clocks(event.starts_at, &event.zone),
            end: by_its_clocks(event.ends_at, &event.zone),
            title: event.title,
            about: event.about,
            language: event.language,
            marking: event.marking,
            author,
            organisation: event.organisation.zip(event.organisation_name).map(|(id, name)| Organisation { id, name }),
            created_at: rfc3339(event.created_at),
            changed_at: rfc3339(event.changed_at),
            kind: Kind::of(&event.kind).unwrap_or(Kind::Event),
            starts_at: rfc3339(event.starts_at),
            ends_at: rfc3339(event.ends_at),
            zone: event.zone,
            place: event.place,
            link: event.link,
            cancelled: event
                .cancelled_at
                .zip(event.cancelled_because)
                .map(|(at, because)| Cancelled { at: rfc3339(at), because }),
            answers: Answers { coming: event.coming, maybe: event.maybe, no: event.declined },
            my_answer: event.answer.as_deref().map(Answer::of),
            revision: event.revision,
        }
    }
}

/// Events as this reader sees them, with those who have written them down.
async fn dressed(ctx: &Ctx, conn: &mut Conn, caller: &Caller, events: Vec<Event>) -> Result<Vec<Shown>, Problem> {
    let mut ids: Vec<Uuid> = events.iter().map(|event| event.author).collect();
    ids.sort_unstable();
    ids.dedup();
    let people = directory::people_by_id(conn, ctx, &ids).await?;
    let author = |id| people.iter().find(|person| person.id == id).cloned();
    Ok(events.into_iter().map(|event| (author(event.author), event)).map(|(by, event)| Shown::new(event, caller, by)).collect())
}

/// An event that this person may do this with. Who may not read it gets the answer for none.
async fn allowed(ctx: &Ctx, caller: &Caller, action: ItemAction, id: Uuid) -> Result<Event, Problem> {
    let event = store::one(&mut ctx.db.read().await?, caller.account(), id).await?.ok_or_else(Problem::not_found)?;
    match event.as_item(|item| may_with_item(&caller.actor, action, item)) {
        Decision::Allow => Ok(event),
        Decision::Forbid(code) => Err(Problem::forbidden_for(code)),
        Decision::Hide => Err(Problem::not_found()),
    }
}
