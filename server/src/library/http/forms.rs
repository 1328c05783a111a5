//! Beginning a practice, from nothing, from a topic or from another practice; changing what it says; taking a draft away.

use axum::extract::State as Given;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::super::acts;
use super::super::beside::HELD;
use super::super::model::{Adaptation, Content, Fault, LINE_MAX, several};
use super::super::store::{self, NewPractice};
use super::super::views::Practice;
use super::{Desk, Located, act, faulty, json, overtaken, refuse};
use crate::access::handling::{is_carried, strictest};
use crate::access::{ITEM_CEILING, ItemAction, RegionAction};
use crate::audit;
use crate::base::clock::rfc3339;
use crate::base::db::Tx;
use crate::base::http::{Json, Path, Problem};
use crate::channels;
use crate::channels::topics::{self, Topic};
use crate::files;
use crate::findable::Kind;
use crate::identity::Caller;
use crate::search;
use crate::vocabulary::strictness;

/// What a practice is marked where nobody says.
const MARKING: &str = "green";

/// A practice that begins.
#[derive(Clone, Deserialize, ToSchema)]
#[schema(as = NewPractice)]
pub(super) struct Begun {
    /// The template, as far as it is filled in. A title and a language are needed, the title not where a topic has one.
    content: Content,
    /// `green` when not named. No laxer than the topic's channel and the practice that it adapts.
    marking: Option<String>,
    /// The practice that it adapts.
    parent: Option<Uuid>,
    /// The topic that it came out of: title, countries and themes are taken over from it, nothing of what was said in it.
    topic: Option<Uuid>,
}

/// What has begun.
#[derive(Serialize, ToSchema)]
#[schema(as = NewPracticeMade)]
pub(super) struct Made {
    id: Uuid,
}

/// A marking that an item can carry.
fn marked(marking: Option<&str>) -> Result<String, Problem> {
    let marking = marking.unwrap_or(MARKING);
    if strictness(marking).is_none() || !is_carried(marking, ITEM_CEILING) {
        return Err(Problem::unprocessable("marking_unknown", "There is no such marking for a practice"));
    }
    Ok(marking.to_owned())
}

impl Desk {
    /// Takes over from a topic what the form asks for anyway, and its channel's marking.
    async fn take_over(&self, caller: &Caller, topic: Uuid, content: &mut Content, marking: &mut String) -> Result<(), Problem> {
        let place = topics::place(&mut self.ctx.db.read().await?, topic).await?;
        let channel = channels::place(&self.ctx, &caller.actor, place).await?;
        if !is_carried(&channel.marking, ITEM_CEILING) {
            return Err(
                Problem::conflict("marking_stays", "What is said there stays there").with("marking", channel.marking.clone())
            );
        }
        let mut conn = self.ctx.db.read().await?;
        let row = topics::topic(&mut conn, topic).await?.filter(|row| row.channel == channel.id);
        let topic = Topic::for_all(row.ok_or_else(Problem::not_found)?);
        if content.title.trim().is_empty() {
            let name = channels::name(&mut conn, channel.id).await?.map(|name| name.en);
            content.title = if topic.general { name.unwrap_or_default() } else { topic.title };
        }
        content.countries.extend(topic.countries.into_iter().chain(channel.country.clone()));
        content.themes.extend(topic.themes.into_iter().chain(channel.theme.clone()));
        let strictest = strictest(marking, &channel.marking).to_owned();
        *marking = strictest;
        Ok(())
    }
}

/// Begins a practice: a draft for its own people.
#[utoipa::path(post, path = "/api/practices", tag = "library", request_body = Begun,
    responses((status = 201, body = Made), (status = 401), (status = 403), (status = 404), (status = 409), (status = 422)))]
pub(super) async fn create(
    Given(desk): Given<Desk>,
    caller: Caller,
    Json(begun): Json<Begun>,
) -> Result<(StatusCode, Json<Made>), Problem> {
    caller.allow(RegionAction::UseDirectory)?;
    let Begun { mut content, marking, parent, topic } = begun;
    let mut marking = marked(marking.as_deref())?;
    if let Some(parent) = parent {
        let parent = desk.locate(&caller, ItemAction::Read, parent).await?;
        if !parent.entry.state_at(desk.ctx.now()).stands() {
            return Err(Problem::conflict("practice_not_published", "Only what is in the library is adapted"));
        }
        marking = strictest(&marking, &parent.row.marking).to_owned();
        content.adaptation.get_or_insert_default();
    } else {
        content.adaptation = None;
    }
    if let Some(topic) = topic {
        desk.take_over(&caller, topic, &mut content, &mut marking).await?;
    }
    let content = checked(content, caller.actor.organisation, desk.ctx.now())?;
    let (id, at, author) = (desk.ctx.id(), desk.ctx.now(), caller.account());
    let (organisation, body, tags) = (caller.actor.organisation, json(&content)?, content.tags());
    let done: Result<(), Problem> = desk
        .ctx
        .db
        .clone()
        .write(async move |tx| {
            let new = written(id, author, &marking, &content, &tags, &body, at);
            store::insert(tx, &NewPractice { organisation, parent, topic, ..new }).await?;
            hang(tx, id, &[], &content.files(), author, at).await?;
            keep(tx, &desk, id, &content, at).await
        })
        .await;
    done.map(|()| (StatusCode::CREATED, Json(Made { id })))
}

/// Looks at what somebody has written.
fn checked(content: Content, own: Option<Uuid>, now: i64) -> Result<Content, Problem> {
    let mut content = content.checked().map_err(faulty)?;
    content.partners.retain(|partner| Some(*partner) != own);
    if content.contact.is_some_and(|contact| Some(contact) != own && !content.partners.contains(&contact)) {
        return Err(faulty(Fault { field: "contact", limit: None }));
    }
    refuse(content.texts(), now)?;
    Ok(content)
}

fn written<'a>(
    id: Uuid,
    author: Uuid,
    marking: &'a str,
    content: &'a Content,
    tags: &'a str,
    body: &'a str,
    at: i64,
) -> NewPractice<'a> {
    NewPractice {
        id,
        author,
        organisation: None,
        marking,
        language: &content.language,
        title: &content.title,
        summary: &content.summary,
        tags,
        content: body,
        parent: None,
        topic: None,
        at,
    }
}

/// What goes along with the row of a practice.
async fn keep(tx: &mut Tx, desk: &Desk, id: Uuid, content: &Content, at: i64) -> Result<(), Problem> {
    if !store::put_partners(tx, id, &content.partners).await? {
        return Err(faulty(Fault { field: "partners", limit: None }));
    }
    acts::changed(tx, &desk.shelf, id, content, at).await?;
    Ok(())
}

/// Hangs the files on it that are new in its materials, and takes those off that are there no more.
async fn hang(tx: &mut Tx, id: Uuid, before: &[Uuid], now: &[Uuid], by: Uuid, at: i64) -> Result<(), Problem> {
    for file in before.iter().filter(|file| !now.contains(file)) {
        files::detach(tx, *file, at).await?;
    }
    let new: Vec<Uuid> = now.iter().copied().filter(|file| !before.contains(file)).collect();
    files::attach(tx, &new, HELD, id, by).await?.map(drop)
}

/// What a practice is to say.
#[derive(Clone, Deserialize, ToSchema)]
#[schema(as = PracticeChange)]
pub(super) struct Change {
    content: Content,
    /// As it is when not named. Lowering is for who answers for it.
    marking: Option<String>,
    /// The `changed_at` of what was changed: if it is another one meanwhile, nothing is stored.
    seen: Option<String>,
    /// For a version of what is published: what was changed, and why.
    note: Option<String>,
}

/// Changes what a practice says. While it is written nothing else happens; of what is published it makes a new version.
#[utoipa::path(put, path = "/api/practices/{id}", tag = "library", params(("id" = Uuid, Path)), request_body = Change,
    responses((status = 200, body = Practice), (status = 401), (status = 403), (status = 404), (status = 409), (status = 422)))]
pub(super) async fn put(
    Given(desk): Given<Desk>,
    caller: Caller,
    Path(id): Path<Uuid>,
    Json(change): Json<Change>,
) -> Result<Json<Practice>, Problem> {
    let located = desk.locate(&caller, ItemAction::Change, id).await?;
    let state = located.entry.state_at(desk.ctx.now());
    if !state.is_written() && !state.stands() {
        return Err(Problem::conflict("practice_state", "It can't be changed as it stands").with("state", state.as_str()));
    }
    let marking = desk.may_be_marked(&caller, &located, change.marking.as_deref()).await?;
    let note = change.note.as_deref().map(|note| several(note, "note", LINE_MAX).map_err(faulty)).transpose()?;
    refuse(note.as_deref().map(|note| ("note", note)), desk.ctx.now())?;
    if change.seen.is_some_and(|seen| seen != rfc3339(located.row.changed_at)) {
        return Err(overtaken());
    }
    let mut content = change.content;
    content.adaptation = match located.row.parent {
        Some(_) => Some(content.adaptation.take().unwrap_or_else(Adaptation::default)),
        None => None,
    };
    let content = checked(content, located.row.organisation, desk.ctx.now())?;
    let inner = desk.clone();
    let by = caller.account();
    let done: Result<(), Problem> = desk
        .ctx
        .db
        .write(async move |tx| store_change(tx, &inner, &located, &content, &marking, note.as_deref(), by).await)
        .await;
    done?;
    let located = desk.locate(&caller, ItemAction::Read, id).await?;
    Ok(Json(desk.page(&caller, located).await?))
}

impl Desk {
    /// The marking that it is to carry, if the caller may give it.
    async fn may_be_marked(&self, caller: &Caller, located: &Located, wish: Option<&str>) -> Result<String, Problem> {
        let marking = marked(Some(wish.unwrap_or(&located.row.marking)))?;
        if strictness(&marking) < strictness(&located.row.marking) {
            self.locate(caller, ItemAction::Lower, located.row.id).await?;
            let parent = match located.row.parent {
                Some(parent) => self.shelf.entry(&self.ctx, parent).await?,
                None => None,
            };
            // What it repeats of its parent is bound by that.
            if let Some(parent) = parent.filter(|parent| strictness(&marking) < strictness(parent.marking)) {
                return Err(Problem::conflict("marking_stays", "What it adapts is stricter").with("marking", parent.marking));
            }
        }
        Ok(marking)
    }
}

async fn store_change(
    tx: &mut Tx,
    desk: &Desk,
    located: &Located,
    content: &Content,
    marking: &str,
    note: Option<&str>,
    by: Uuid,
) -> Result<(), Problem> {
    let (row, at) = (&located.row, desk.ctx.now());
    let stands = located.entry.state_at(at).stands();
    let (body, tags) = (json(content)?, content.tags());
    let says_something_else = *content != located.content;
    let version = row.version + i64::from(stands && says_something_else);
    if !store::put_content(tx, &written(row.id, row.author, marking, content, &tags, &body, at), version, row.changed_at).await? {
        return Err(overtaken());
    }
    if version > row.version {
        acts::keep_version(tx, row, version, &body, by, at, note).await?;
    }
    if strictness(marking) < strictness(&row.marking) {
        let detail = format!("from={} to={marking}", row.marking);
        audit::record(tx, act(&desk.ctx, by, "practice.lower", row.id, detail)).await?;
    }
    hang(tx, row.id, &located.content.files(), &content.files(), by, at).await?;
    keep(tx, desk, row.id, content, at).await
}

/// Takes a draft away that was never handed in.
#[utoipa::path(delete, path = "/api/practices/{id}", tag = "library", params(("id" = Uuid, Path)),
    responses((status = 204), (status = 401), (status = 403), (status = 404), (status = 409)))]
pub(super) async fn delete(Given(desk): Given<Desk>, caller: Caller, Path(id): Path<Uuid>) -> Result<StatusCode, Problem> {
    desk.locate(&caller, ItemAction::Change, id).await?;
    let done: Result<bool, Problem> = desk
        .ctx
        .db
        .clone()
        .write(async move |tx| {
            let gone = store::delete(tx, id).await?;
            if gone {
                search::forget_item(tx, Kind::Practice, id).await?;
                files::erase_of(tx, HELD, id, desk.ctx.now()).await?;
                desk.shelf.changes(tx, id);
            }
            Ok(gone)
        })
        .await;
    if done? { Ok(StatusCode::NO_CONTENT) } else { Err(Problem::conflict("practice_handed_in", "It was handed in before")) }
}
