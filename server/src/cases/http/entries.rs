//! What people write in a room: messages, topics, tasks, meetings, decisions, notes.

use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::super::inside::{Inside, Refused, Said, enter, no_key};
use super::super::model::{Content, ITEMS_MAX};
use super::super::notice;
use super::super::sealing::{self, Stored, Write};
use super::super::steps::needs_determination;
use super::super::store::entries::{self, Asked, Entry};
use super::super::words::{Bid, Kind, Word};
use super::shown::{self, EntryShown};
use super::{Codes, Written, act, faulty, marking, vetted};
use crate::access::CaseAction;
use crate::access::handling::{Labels, Withheld, strictest};
use crate::audit;
use crate::base::db::{self, Tx};
use crate::base::http::{Cursor, Json, Page, Params, Path, Problem};
use crate::context::Ctx;
use crate::files;
use crate::identity::Caller;
use crate::keys::Unlock;

/// Which items.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Question {
    /// Kinds, with commas between them; all when not named: the timeline.
    #[param(required = false)]
    kind: Option<String>,
    /// A topic's item, or `none`.
    #[param(required = false)]
    topic: Option<String>,
    /// The `next` of the page before.
    #[param(required = false)]
    cursor: Option<String>,
    /// Rows at most (1 to 100; 50 when not named).
    #[param(required = false)]
    limit: Option<i64>,
}

/// Kinds by their words.
pub(super) fn kinds<'a>(words: impl IntoIterator<Item = &'a str>) -> Result<Vec<Kind>, Problem> {
    let kind = |word: &str| Kind::of(word).ok_or_else(|| Problem::bad_request("kind must name kinds of entries"));
    words.into_iter().map(kind).collect()
}

/// What stands in a room, the latest first.
#[utoipa::path(get, path = "/api/cases/{id}/entries", tag = "cases", params(("id" = Uuid, Path), Question),
    responses((status = 200, body = Page<EntryShown>), (status = 400), (status = 401), (status = 404), (status = 423)))]
pub(super) async fn list(
    State(ctx): State<Ctx>,
    caller: Caller,
    unlock: Unlock,
    Path(id): Path<Uuid>,
    Params(question): Params<Question>,
) -> Result<Json<Page<EntryShown>>, Problem> {
    let inside = Inside::read(&ctx, &caller, &unlock, id).await?;
    let cursor = Cursor { cursor: question.cursor, limit: question.limit };
    let limit = cursor.limit()?;
    let topic = match question.topic.as_deref() {
        None => None,
        Some("none") => Some(None),
        Some(item) => Some(Some(item.parse().map_err(|_| Problem::bad_request("topic must be an item or none"))?)),
    };
    let kinds = kinds(question.kind.as_deref().into_iter().flat_map(|kinds| kinds.split(',')))?;
    let asked = Asked { kinds, topic, before: cursor.position()?, span: None, limit: limit + 1 };
    let mut conn = ctx.db.read().await?;
    let page = Page::cut(entries::page(&mut conn, id, &asked).await?, limit, |entry| entry.place.to_string());
    let items = shown::entries(&ctx, &mut conn, &inside, page.items).await?;
    Ok(Json(Page { items, next: page.next }))
}

/// Something to be written.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[schema(as = NewCaseEntry)]
pub(super) struct Wish {
    /// A message, a topic, a task, a meeting, a decision or a note.
    content: Content,
    /// The room's when not named, or laxer than that.
    #[serde(default)]
    marking: Option<String>,
    #[serde(flatten)]
    codes: Codes,
    /// The id that it is to have: written again with the same one, it is written once.
    #[serde(default)]
    item: Option<Uuid>,
    /// Whether a long text isn't the child's file.
    #[serde(default)]
    confirmed: bool,
}

/// Writes something into a room.
#[utoipa::path(post, path = "/api/cases/{id}/entries", tag = "cases", params(("id" = Uuid, Path)), request_body = Wish,
    responses((status = 201, body = Written), (status = 401), (status = 404), (status = 409), (status = 422), (status = 423)))]
pub(super) async fn add(
    State(ctx): State<Ctx>,
    caller: Caller,
    unlock: Unlock,
    Path(id): Path<Uuid>,
    Json(wish): Json<Wish>,
) -> Result<(StatusCode, Json<Written>), Problem> {
    let unlocked = enter(&ctx, &caller, &unlock, CaseAction::Write, id).await?;
    let content = wish.content.entered().map_err(faulty)?;
    vetted(&ctx, &content, wish.confirmed)?;
    said_together(&ctx, caller.account(), &content)?;
    let marking = marking(wish.marking)?;
    let labels = coded(&ctx, &content, wish.codes, Labels::default())?;
    let (inner, actor, item) = (ctx.clone(), caller.actor.clone(), wish.item.unwrap_or_else(|| ctx.id()));
    let done: Result<Written, Refused> = ctx
        .db
        .write(async move |tx| {
            let inside = Inside::write(tx, &inner, &actor, &unlocked, CaseAction::Write, id).await?;
            if let Some(there) = entries::item(tx, id, item).await? {
                let same = there.begun_by == Some(actor.account) && there.kind() == content.kind();
                let taken = || Problem::conflict("conflict", "There is something else under this id");
                return Ok(same.then_some(Written { item, seq: there.seq }).ok_or_else(taken)?);
            }
            fits(tx, &inside, &content).await?;
            let write = Write {
                room: &inside.room,
                item,
                before: None,
                author: actor.account,
                at: inner.now(),
                marking: marking.as_deref(),
            };
            let stored = Stored { labels: labels.clone(), ..content.clone().into() };
            let seq = sealing::write(tx, &inside.ring, &write, &stored).await?;
            notice::changed(tx, &inner, id, seq, &inside.members);
            Ok(Written { item, seq })
        })
        .await;
    Ok((StatusCode::CREATED, Json(done?)))
}

/// The labels of an item with the codes that are wished for it.
fn coded(ctx: &Ctx, content: &Content, codes: Codes, labels: Labels) -> Result<Labels, Problem> {
    let labels = codes.vetted(ctx)?.over(labels)?;
    if labels.handling.is_empty() || content.can_be_coded() {
        Ok(labels)
    } else {
        Err(faulty(("case_field_unknown", "handling")))
    }
}

/// Reads a message together with what its author has said just before: a number in two halves is one.
fn said_together(ctx: &Ctx, author: Uuid, content: &Content) -> Result<(), Problem> {
    let Content::Message { body, .. } = content else { return Ok(()) };
    if ctx.last_said.blocked(author, body, ctx.now()).is_empty() {
        return Ok(());
    }
    let kinds: Vec<&str> = Vec::new();
    Err(Problem::unprocessable("personal_data", "This may tell who somebody is").with("kinds", kinds))
}

/// Whether something fits into its room: its topic, its people, its gate.
pub(super) async fn fits(tx: &mut Tx, inside: &Inside, content: &Content) -> Result<(), Refused> {
    if entries::count(tx, inside.room.id).await? >= ITEMS_MAX {
        return Err(Problem::unprocessable("case_too_many", "This room is full").with("limit", ITEMS_MAX).into());
    }
    if let Some(topic) = content.topic() {
        let found = entries::item(tx, inside.room.id, topic).await?;
        found
            .filter(|entry| entry.kind() == Kind::Topic && !entry.gone)
            .ok_or_else(|| faulty(("case_field_unknown", "topic")))?;
    }
    let is_member = |account: &Uuid| inside.members.iter().any(|member| member.account == *account);
    match content {
        Content::Task { owner: Some(owner), .. } if !is_member(owner) => {
            return Err(faulty(("case_field_unknown", "owner")).into());
        }
        Content::Meeting { who, .. } if !who.iter().all(is_member) => return Err(faulty(("case_field_unknown", "who")).into()),
        Content::Decision { about, .. } if needs_determination(*about) && inside.sheet(tx).await?.0.bid != Bid::Done => {
            let title = "The best interests must be formally determined before this";
            return Err(Problem::conflict("case_bid_missing", title).into());
        }
        _ => {}
    }
    Ok(())
}

/// Something to be reworded.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[schema(as = CaseEntryChange)]
pub(super) struct Change {
    /// Of the same kind.
    content: Content,
    /// What it has when not named. Only its author may make it laxer, and never laxer than the room.
    #[serde(default)]
    marking: Option<String>,
    #[serde(flatten)]
    codes: Codes,
    /// The wording that was read.
    seq: i64,
    #[serde(default)]
    confirmed: bool,
}

/// Rewords something: messages, decisions and notes their author, topics, tasks and meetings every member.
#[utoipa::path(put, path = "/api/cases/{id}/entries/{item}", tag = "cases",
    params(("id" = Uuid, Path), ("item" = Uuid, Path)), request_body = Change,
    responses((status = 200, body = Written), (status = 401), (status = 403), (status = 404), (status = 409), (status = 422), (status = 423)))]
pub(super) async fn change(
    State(ctx): State<Ctx>,
    caller: Caller,
    unlock: Unlock,
    Path((id, item)): Path<(Uuid, Uuid)>,
    Json(change): Json<Change>,
) -> Result<Json<Written>, Problem> {
    let unlocked = enter(&ctx, &caller, &unlock, CaseAction::Write, id).await?;
    let content = change.content.entered().map_err(faulty)?;
    vetted(&ctx, &content, change.confirmed)?;
    let marking = marking(change.marking)?;
    let (inner, actor, read, codes) = (ctx.clone(), caller.actor.clone(), change.seq, change.codes);
    let done: Result<Written, Refused> = ctx
        .db
        .write(async move |tx| {
            let inside = Inside::write(tx, &inner, &actor, &unlocked, CaseAction::Write, id).await?;
            let before = there(tx, id, item).await?;
            if before.kind() != content.kind() {
                return Err(faulty(("case_field_unknown", "kind")).into());
            }
            if !shown::may_change(&inside, &before, before.kind()) {
                return Err(Problem::forbidden().into());
            }
            if before.seq != read {
                return Err(Problem::conflict("conflict", "It was changed meanwhile").into());
            }
            fits(tx, &inside, &content).await?;
            let mine = before.begun_by == Some(actor.account);
            let marking = remarked(&before.marking, marking.as_deref(), mine);
            let write = Write {
                room: &inside.room,
                item,
                before: Some(&before),
                author: actor.account,
                at: inner.now(),
                marking: Some(marking),
            };
            let stood = sealing::open(&inside.ring, id, &before).ok_or_else(no_key)?.labels;
            let labels = coded(&inner, &content, codes.clone(), stood)?;
            let stored = Stored { labels, ..content.clone().into() };
            let seq = sealing::write(tx, &inside.ring, &write, &stored).await?;
            notice::changed(tx, &inner, id, seq, &inside.members);
            Ok(Written { item, seq })
        })
        .await;
    Ok(Json(done?))
}

/// How a reworded item is marked: only its source lowers a marking (TLP 2.0).
fn remarked<'a>(before: &'a str, wish: Option<&'a str>, mine: bool) -> &'a str {
    match wish {
        Some(wish) if mine => wish,
        Some(wish) => strictest(before, wish),
        None => before,
    }
}

/// An item that stands.
pub(super) async fn there(tx: &mut Tx, room: Uuid, item: Uuid) -> Result<Entry, Refused> {
    let found = entries::item(tx, room, item).await?.filter(|entry| !entry.gone);
    Ok(found.ok_or_else(Problem::not_found)?)
}

/// Deletes something that one has written. Its words are gone, in every wording; that there was something stays.
#[utoipa::path(delete, path = "/api/cases/{id}/entries/{item}", tag = "cases",
    params(("id" = Uuid, Path), ("item" = Uuid, Path)),
    responses((status = 204), (status = 401), (status = 403), (status = 404), (status = 409), (status = 423)))]
pub(super) async fn delete(
    State(ctx): State<Ctx>,
    caller: Caller,
    unlock: Unlock,
    Path((id, item)): Path<(Uuid, Uuid)>,
) -> Result<StatusCode, Problem> {
    let unlocked = enter(&ctx, &caller, &unlock, CaseAction::Write, id).await?;
    let (inner, actor) = (ctx.clone(), caller.actor.clone());
    let done: Result<(), Refused> = ctx
        .db
        .write(async move |tx| {
            let inside = Inside::write(tx, &inner, &actor, &unlocked, CaseAction::Write, id).await?;
            let entry = there(tx, id, item).await?;
            let fixed = matches!(entry.kind(), Kind::Event | Kind::Sheet | Kind::Closing | Kind::Decision);
            if fixed || entry.begun_by != Some(actor.account) {
                return Err(Problem::forbidden().into());
            }
            let content = sealing::open(&inside.ring, id, &entry).map(|stored| stored.content);
            if let Some(Content::File { file, .. }) = content {
                files::erase_again(tx, file, inner.now()).await?;
            }
            let seq = sealing::delete(tx, id, &entry, actor.account, inner.now()).await?;
            notice::changed(tx, &inner, id, seq, &inside.members);
            Ok(())
        })
        .await;
    done?;
    Ok(StatusCode::NO_CONTENT)
}

/// Which wording is acknowledged.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = CaseAcknowledgement)]
pub(super) struct Acknowledgement {
    /// Its number.
    seq: i64,
}

/// Acknowledges the restriction of an H3, in person: from then on this wording is shown to whoever has. Noted for the record.
#[utoipa::path(post, path = "/api/cases/{id}/entries/{item}/acknowledgement", tag = "cases",
    params(("id" = Uuid, Path), ("item" = Uuid, Path)), request_body = Acknowledgement,
    responses((status = 204), (status = 401), (status = 403), (status = 404), (status = 409), (status = 423)))]
pub(super) async fn acknowledge(
    State(ctx): State<Ctx>,
    caller: Caller,
    unlock: Unlock,
    Path((id, item)): Path<(Uuid, Uuid)>,
    Json(given): Json<Acknowledgement>,
) -> Result<StatusCode, Problem> {
    let inside = Inside::read(&ctx, &caller, &unlock, id).await?;
    let entry = entries::item(&mut ctx.db.read().await?, id, item).await?.filter(|entry| !entry.gone);
    let entry = entry.ok_or_else(Problem::not_found)?;
    let Said::Held(Withheld::H3, _) = inside.said(&entry) else {
        return Err(Problem::conflict("nothing_to_acknowledge", "There is no restriction to be acknowledged"));
    };
    // Nobody has read it whose program says so.
    if caller.by_token {
        return Err(Problem::forbidden_for("withheld"));
    }
    if entry.seq != given.seq {
        return Err(Problem::conflict("conflict", "It was changed meanwhile"));
    }
    let (inner, account, seq) = (ctx.clone(), caller.account(), entry.seq);
    let done: db::Result<()> = ctx
        .db
        .write(async move |tx| {
            entries::acknowledge(tx, (id, item, seq), account, inner.now()).await?;
            audit::record(tx, act(&inner, account, "case.acknowledge", id, format!("item:{item}"))).await
        })
        .await;
    done?;
    Ok(StatusCode::NO_CONTENT)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_its_source_lowers_a_marking() {
        assert_eq!(remarked("red", Some("amber"), true), "amber");
        assert_eq!(remarked("red", Some("amber"), false), "red");
        assert_eq!(remarked("amber", Some("red"), false), "red");
        assert_eq!(remarked("amber", None, true), "amber");
    }
}
