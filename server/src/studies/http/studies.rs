//! Studies: looking for them, entering and changing them.

use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::super::entry;
use super::super::model::{Checked, Wish};
use super::super::store::{self, Asked, Filter, Study};
use super::recommendations::Advised;
use super::{Desk, Organisation, act, allow, faulty};
use crate::access::handling::strictness;
use crate::access::{Decision, ItemAction, RegionAction, may_with_item};
use crate::audit;
use crate::base::clock::rfc3339;
use crate::base::db::Conn;
use crate::base::http::{Cursor, Json, Page, Params, Path, Place, Problem};
use crate::base::{db, guard};
use crate::context::Ctx;
use crate::directory::{self, Person};
use crate::files::{self, FileView};
use crate::findable::Kind;
use crate::identity::Caller;

/// Which studies.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Question {
    /// Words, as in the search.
    #[param(required = false)]
    q: Option<String>,
    /// A country's code; what is of the whole region is of each.
    #[param(required = false)]
    country: Option<String>,
    /// A theme's slug.
    #[param(required = false)]
    theme: Option<String>,
    #[param(required = false)]
    year: Option<i64>,
    /// The language of the study.
    #[param(required = false)]
    language: Option<String>,
    /// The `next` of the page before.
    #[param(required = false)]
    cursor: Option<String>,
    /// Rows at most (1 to 100; 50 when not named).
    #[param(required = false)]
    limit: Option<i64>,
}

/// What the reader may do with a study.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[schema(as = StudyCan)]
struct Can {
    /// Change what it says, and what it recommends.
    change: bool,
    /// Give it a laxer marking.
    lower: bool,
}

/// A study.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Study)]
pub(super) struct Shown {
    id: Uuid,
    title: String,
    summary: String,
    language: String,
    marking: String,
    /// None: the whole region.
    countries: Vec<String>,
    themes: Vec<String>,
    /// Who has entered it; null for somebody who is no longer here.
    author: Option<Person>,
    organisation: Option<Organisation>,
    created_at: String,
    changed_at: String,
    year: i64,
    publisher: String,
    link: Option<String>,
    /// The document.
    file: Option<Uuid>,
    /// How many recommendations it has.
    recommendations: i64,
    /// How many of them are neither done nor rejected.
    waiting: i64,
    /// To be sent back with a change.
    revision: i64,
    can: Can,
}

impl Shown {
    fn new(study: Study, caller: &Caller, author: Option<Person>) -> Self {
        let may = |action| study.as_item(|item| may_with_item(&caller.actor, action, item)) == Decision::Allow;
        Self {
            can: Can { change: may(ItemAction::Change), lower: may(ItemAction::Lower) },
            id: study.id,
            countries: study.countries(),
            themes: study.themes(),
            title: study.title,
            summary: study.summary,
            language: study.language,
            marking: study.marking,
            author,
            organisation: Organisation::of(study.organisation, study.organisation_name),
            created_at: rfc3339(study.created_at),
            changed_at: rfc3339(study.changed_at),
            year: study.year,
            publisher: study.publisher,
            link: study.link,
            file: study.file,
            recommendations: study.recommendations,
            waiting: study.waiting,
            revision: study.revision,
        }
    }
}

async fn dressed(ctx: &Ctx, conn: &mut Conn, caller: &Caller, studies: Vec<Study>) -> Result<Vec<Shown>, Problem> {
    let mut ids: Vec<Uuid> = studies.iter().map(|study| study.author).collect();
    ids.sort_unstable();
    ids.dedup();
    let people = directory::people_by_id(conn, ctx, &ids).await?;
    let author = |id| people.iter().find(|person| person.id == id).cloned();
    Ok(studies.into_iter().map(|study| (author(study.author), study)).map(|(by, study)| Shown::new(study, caller, by)).collect())
}

/// The studies that the reader may know of, the latest first.
#[utoipa::path(get, path = "/api/studies", tag = "studies", params(Question),
    responses((status = 200, body = Page<Shown>), (status = 400), (status = 401), (status = 403), (status = 422)))]
pub(super) async fn list(
    State(Desk { ctx, finder }): State<Desk>,
    caller: Caller,
    Params(question): Params<Question>,
) -> Result<Json<Page<Shown>>, Problem> {
    caller.allow(RegionAction::UseDirectory)?;
    let cursor = Cursor { cursor: question.cursor, limit: question.limit };
    let limit = cursor.limit()?;
    let words = question.q.as_deref().map(str::trim).filter(|words| !words.is_empty());
    let among = match words {
        Some(words) => Some(finder.find(&ctx, caller.account(), Kind::Study, words).await?),
        None => None,
    };
    let asked = Asked {
        country: question.country,
        theme: question.theme,
        year: question.year,
        language: question.language,
        among,
        after: cursor.position::<Place<i64>>()?.map(Into::into),
        limit: limit + 1,
    };
    let mut conn = ctx.db.read().await?;
    let rows = store::listed(&mut conn, &caller.actor, &asked).await?;
    let page = Page::cut(rows, limit, |study| Place(study.year, study.id).to_string());
    Ok(Json(Page { items: dressed(&ctx, &mut conn, &caller, page.items).await?, next: page.next }))
}

fn checked(ctx: &Ctx, wish: Wish) -> Result<Checked, Problem> {
    let checked = wish.checked().map_err(faulty)?;
    for text in checked.texts() {
        guard::refuse(text, ctx.now())?;
    }
    Ok(checked)
}

/// Why nothing of a transaction is stored.
enum Refused {
    Storage(db::Error),
    By(Problem),
}

impl From<db::Error> for Refused {
    fn from(error: db::Error) -> Self {
        Self::Storage(error)
    }
}

impl From<Problem> for Refused {
    fn from(problem: Problem) -> Self {
        Self::By(problem)
    }
}

impl From<Refused> for Problem {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::Storage(error) => error.into(),
            Refused::By(problem) => problem,
        }
    }
}

/// What was made.
#[derive(Serialize, ToSchema)]
#[schema(as = NewStudyMade)]
pub(super) struct Made {
    pub(super) id: Uuid,
}

/// Enters a study. Whoever its marking leaves sees it at once.
#[utoipa::path(post, path = "/api/studies", tag = "studies", request_body = Wish,
    responses((status = 201, body = Made), (status = 401), (status = 403), (status = 422)))]
pub(super) async fn create(
    State(ctx): State<Ctx>,
    caller: Caller,
    Json(wish): Json<Wish>,
) -> Result<(StatusCode, Json<Made>), Problem> {
    caller.allow(RegionAction::UseDirectory)?;
    let study = checked(&ctx, wish)?;
    let (id, by, at) = (ctx.id(), caller.account(), ctx.now());
    let stored: Result<(), Refused> = ctx.db.write(async move |tx| Ok(entry::create(tx, id, &study, by, at).await??)).await;
    stored?;
    Ok((StatusCode::CREATED, Json(Made { id })))
}

/// A study, and what it recommends.
#[derive(Serialize, ToSchema)]
#[schema(as = StudyDetails)]
pub(super) struct Details {
    #[serde(flatten)]
    study: Shown,
    /// The document as it can be shown.
    document: Option<FileView>,
    /// What is due first comes first.
    advice: Vec<Advised>,
}

/// One study, with its recommendations.
#[utoipa::path(get, path = "/api/studies/{id}", tag = "studies", params(("id" = Uuid, Path)),
    responses((status = 200, body = Details), (status = 401), (status = 404)))]
pub(super) async fn show(State(ctx): State<Ctx>, caller: Caller, Path(id): Path<Uuid>) -> Result<Json<Details>, Problem> {
    details(&ctx, &caller, id).await.map(Json)
}

/// A study that this person may do this with.
pub(super) async fn allowed(ctx: &Ctx, caller: &Caller, action: ItemAction, id: Uuid) -> Result<Study, Problem> {
    let study = store::one(&mut ctx.db.read().await?, id).await?.ok_or_else(Problem::not_found)?;
    study.as_item(|item| allow(caller, action, item))?;
    Ok(study)
}

async fn details(ctx: &Ctx, caller: &Caller, id: Uuid) -> Result<Details, Problem> {
    let study = allowed(ctx, caller, ItemAction::Read, id).await?;
    let mut conn = ctx.db.read().await?;
    let filter = Filter { study: Some(id), limit: super::super::model::RECOMMENDATIONS_MAX, ..Filter::default() };
    let rows = store::recommendations(&mut conn, &caller.actor, &filter).await?;
    let study = dressed(ctx, &mut conn, caller, vec![study]).await?.pop().ok_or_else(Problem::not_found)?;
    let document = files::of(&mut conn, entry::KIND, &[id]).await?.remove(&id).and_then(|mut files| files.pop());
    Ok(Details { study, document, advice: rows.into_iter().map(|row| Advised::new(ctx, caller, row)).collect() })
}

/// A study as it should be.
#[derive(Deserialize, ToSchema)]
#[schema(as = StudyChange)]
pub(super) struct Change {
    #[serde(flatten)]
    wish: Wish,
    /// The one that was read.
    revision: i64,
}

/// Changes a study.
#[utoipa::path(put, path = "/api/studies/{id}", tag = "studies", params(("id" = Uuid, Path)), request_body = Change,
    responses((status = 200, body = Details), (status = 401), (status = 403), (status = 404), (status = 409), (status = 422)))]
pub(super) async fn change(
    State(ctx): State<Ctx>,
    caller: Caller,
    Path(id): Path<Uuid>,
    Json(Change { wish, revision }): Json<Change>,
) -> Result<Json<Details>, Problem> {
    let before = allowed(&ctx, &caller, ItemAction::Change, id).await?;
    let study = checked(&ctx, wish)?;
    let lowered = strictness(&study.marking) < strictness(&before.marking);
    if lowered {
        allowed(&ctx, &caller, ItemAction::Lower, id).await?;
    }
    let (inner, db, by) = (ctx.clone(), ctx.db.clone(), caller.account());
    let done: Result<bool, Refused> = db
        .write(async move |tx| {
            if !entry::change(tx, &before, &study, revision, by, inner.now()).await?? {
                return Ok(false);
            }
            if lowered {
                let detail = format!("from={} to={}", before.marking, study.marking);
                audit::record(tx, act(&inner, by, "study.lower", format!("study:{id}"), detail)).await?;
            }
            Ok(true)
        })
        .await;
    if !done? {
        return Err(Problem::conflict("conflict", "It was changed meanwhile"));
    }
    details(&ctx, &caller, id).await.map(Json)
}
