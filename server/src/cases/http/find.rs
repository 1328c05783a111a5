//! Finding in a room, its minutes, and who has looked.

use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::super::days;
use super::super::inside::{self, Inside, Said};
use super::super::model::{Content, ITEMS_MAX};
use super::super::store::entries::{self, Asked, Entry};
use super::super::store::{self, Who};
use super::super::words::{Kind, Phase};
use super::entries::kinds;
use super::shown::{self, EntryShown, House};
use crate::access::CaseAction;
use crate::access::handling::{Code, RED, strictest};
use crate::audit;
use crate::base::clock::rfc3339;
use crate::base::http::{Cursor, Json, Page, Params, Path, Problem};
use crate::base::text;
use crate::context::Ctx;
use crate::identity::Caller;
use crate::keys::Unlock;

/// Characters of a question at most.
const QUESTION_MAX: usize = 200;
/// Items found at most.
const FOUND_MAX: usize = 50;
/// Entries of minutes at most.
const MINUTES_MAX: i64 = 1_000;
/// Rows of the record on a page.
const ROWS: i64 = 50;

/// What somebody looks for. In a body: words of a room stand in no address.
#[derive(Deserialize, ToSchema)]
#[schema(as = CaseSearch)]
pub(super) struct Question {
    /// Words that all stand in what is found, or how they begin.
    q: String,
    /// Kinds of entries; all when not named.
    #[serde(default)]
    kind: Vec<String>,
}

/// What was found.
#[derive(Serialize, ToSchema)]
#[schema(as = CaseFound)]
pub(super) struct Found {
    /// The latest first.
    items: Vec<EntryShown>,
    /// How many items were looked at.
    looked_at: usize,
    /// Whether there is more.
    more: bool,
}

/// Looks for words in a room: everything is opened and looked through in memory, for there is no index of it.
#[utoipa::path(post, path = "/api/cases/{id}/search", tag = "cases", params(("id" = Uuid, Path)), request_body = Question,
    responses((status = 200, body = Found), (status = 400), (status = 401), (status = 404), (status = 422), (status = 423)))]
pub(super) async fn search(
    State(ctx): State<Ctx>,
    caller: Caller,
    unlock: Unlock,
    Path(id): Path<Uuid>,
    Json(question): Json<Question>,
) -> Result<Json<Found>, Problem> {
    let inside = Inside::read(&ctx, &caller, &unlock, id).await?;
    let line = text::line(&question.q, QUESTION_MAX);
    let line = line.ok_or_else(|| Problem::unprocessable("text_invalid", "This is no question").with("limit", QUESTION_MAX))?;
    let sought: Vec<String> = text::fold(&line).split_whitespace().map(ToOwned::to_owned).collect();
    let asked = Asked { kinds: kinds(question.kind.iter().map(String::as_str))?, limit: ITEMS_MAX, ..Asked::default() };
    let rows = entries::page(&mut ctx.db.read().await?, id, &asked).await?;
    let looked_at = rows.len();
    // Thousands of items take a while: beside the threads that serve.
    let scanned = tokio::task::spawn_blocking(move || {
        let found: Vec<Entry> = rows.into_iter().filter(|row| holds(&inside, row, &sought)).take(FOUND_MAX + 1).collect();
        (inside, found)
    });
    let (inside, mut found) = scanned.await.map_err(|error| Problem::internal(&error))?;
    let more = found.len() > FOUND_MAX;
    found.truncate(FOUND_MAX);
    let mut conn = ctx.db.read().await?;
    let items = shown::entries(&ctx, &mut conn, &inside, found).await?;
    Ok(Json(Found { items, looked_at, more }))
}

/// Whether an item has each of these folded words, or one that begins so.
fn holds(inside: &Inside, row: &Entry, sought: &[String]) -> bool {
    let Said::Open(stored) = inside.said(row) else { return false };
    says(&stored.content, sought)
}

fn says(content: &Content, sought: &[String]) -> bool {
    let folded = text::fold(&content.texts().join("\n"));
    let begins = |word: &String| folded.split(|c: char| !c.is_alphanumeric()).any(|said| said.starts_with(word.as_str()));
    !sought.is_empty() && sought.iter().all(|word| begins(word) || folded.contains(word.as_str()))
}

/// What minutes are of: a meeting, or days.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Span {
    /// A meeting's item.
    #[param(required = false)]
    meeting: Option<Uuid>,
    /// The first day.
    #[param(required = false)]
    from: Option<String>,
    /// The last day.
    #[param(required = false)]
    to: Option<String>,
}

/// Minutes to be printed.
#[derive(Serialize, ToSchema)]
#[schema(as = CaseMinutes)]
pub(super) struct Minutes {
    reference: String,
    phase: Phase,
    lead: House,
    from: Option<String>,
    to: Option<String>,
    made_at: String,
    /// Whose copy it is.
    reader: Who,
    /// The strictest of all that stands in them.
    marking: String,
    exercise: bool,
    /// The oldest first.
    items: Vec<EntryShown>,
    /// How many items stay in the room: RED, not to be passed on (H2), or to be acknowledged by each reader (H3).
    withheld: usize,
}

/// The minutes of a meeting, or of some days: meetings, decisions, tasks, notes and steps. What is RED isn't printed (TLP 2.0), nor
/// what has an H2 or an H3.
#[utoipa::path(get, path = "/api/cases/{id}/minutes", tag = "cases", params(("id" = Uuid, Path), Span),
    responses((status = 200, body = Minutes), (status = 400), (status = 401), (status = 404), (status = 423)))]
pub(super) async fn minutes(
    State(ctx): State<Ctx>,
    caller: Caller,
    unlock: Unlock,
    Path(id): Path<Uuid>,
    Params(span): Params<Span>,
) -> Result<Json<Minutes>, Problem> {
    let inside = Inside::read(&ctx, &caller, &unlock, id).await?;
    let mut conn = ctx.db.read().await?;
    let day = |day: &Option<String>| match day.as_deref() {
        None => Ok(None),
        Some(given) => days::day(given).map(Some).ok_or_else(|| Problem::bad_request("from and to must be days")),
    };
    let (from, to) = (day(&span.from)?, day(&span.to)?);
    let mut rows = if let Some(meeting) = span.meeting {
        entries::item(&mut conn, id, meeting).await?.filter(|entry| entry.kind() == Kind::Meeting).into_iter().collect()
    } else {
        let begin = from.as_deref().and_then(|day| days::later(day, -1)).and_then(|day| days::end_of(&day));
        let end = to.as_deref().and_then(days::end_of);
        let kinds = vec![Kind::Meeting, Kind::Decision, Kind::Task, Kind::Note, Kind::Event, Kind::Closing];
        let asked =
            Asked { kinds, span: Some((begin.unwrap_or(0), end.unwrap_or(i64::MAX))), limit: MINUTES_MAX, ..Asked::default() };
        entries::page(&mut conn, id, &asked).await?
    };
    if span.meeting.is_some() && rows.is_empty() {
        return Err(Problem::not_found());
    }
    rows.retain(|row| !row.gone);
    let all = rows.len();
    rows.retain(|row| !stays(&inside, row));
    rows.reverse();
    let withheld = all - rows.len();
    let marking = rows.iter().fold(inside.room.marking.clone(), |marking, row| strictest(&marking, &row.marking).to_owned());
    let reader = store::people(&mut conn, [caller.account()]).await?.who(caller.account());
    let items = shown::entries(&ctx, &mut conn, &inside, rows).await?;
    let room = &inside.room;
    let lead = House { id: room.lead, name: room.lead_name.clone() };
    Ok(Json(Minutes {
        reference: room.reference.clone(),
        phase: room.phase(),
        lead,
        from,
        to,
        made_at: rfc3339(ctx.now()),
        reader,
        marking,
        exercise: room.exercise.is_some(),
        items,
        withheld,
    }))
}

/// Whether an item is printed nowhere.
fn stays(inside: &Inside, row: &Entry) -> bool {
    row.kind() != Kind::Event
        && match inside.said(row) {
            Said::Open(stored) => row.marking == RED || stored.labels.has(Code::H2) || stored.labels.has(Code::H3),
            Said::Held(..) => true,
            Said::Nothing => row.marking == RED,
        }
}

/// A row of the record about a room.
#[derive(Serialize, ToSchema)]
#[schema(as = CaseRecordRow)]
pub(super) struct Row {
    at: String,
    by: Option<Who>,
    /// `case.read`, `case.phase`, …
    act: String,
}

/// Who has opened a room, was refused it, and has changed it, the latest first: for its members.
#[utoipa::path(get, path = "/api/cases/{id}/record", tag = "cases", params(("id" = Uuid, Path), Cursor),
    responses((status = 200, body = Page<Row>), (status = 400), (status = 401), (status = 404)))]
pub(super) async fn record(
    State(ctx): State<Ctx>,
    caller: Caller,
    Path(id): Path<Uuid>,
    Params(cursor): Params<Cursor>,
) -> Result<Json<Page<Row>>, Problem> {
    inside::allowed(&ctx, &caller, CaseAction::Read, id).await?;
    ctx.recorder.settle().await?;
    let limit = cursor.limit()?.min(ROWS);
    let filter = audit::Filter { targets: vec![format!("case:{id}")], below: cursor.position()?, ..audit::Filter::default() };
    let mut conn = ctx.db.read().await?;
    let page = Page::cut(audit::page(&mut conn, &filter, limit + 1).await?, limit, |row| row.n.to_string());
    let people = store::people(&mut conn, page.items.iter().filter_map(|row| row.actor)).await?;
    let show = |row: audit::Row| Row { at: rfc3339(row.at), by: row.actor.map(|id| people.who(id)), act: row.act };
    Ok(Json(Page { items: page.items.into_iter().map(show).collect(), next: page.next }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_by_their_beginning_and_in_either_script() {
        let note = |text: &str| Content::Note { text: text.into() };
        let finds = |text: &str, q: &str| {
            let sought: Vec<String> = text::fold(q).split_whitespace().map(ToOwned::to_owned).collect();
            says(&note(text), &sought)
        };
        assert!(finds("A place in the shelter is free", "shelt free"));
        assert!(!finds("A place in the shelter is free", "shelter full"));
        assert!(finds("Смештај је слободан", "smestaj"), "folded");
        assert!(!finds("anything", " "));
    }
}
