//! Issues: the list, beginning one, one as its composers see it.

use axum::extract::State as Given;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::{Locked, Named, by, change, compose, find, find_open, gathered, locked, see_drafts};
use crate::access::{Decision, RegionAction, may_in_region};
use crate::audit;
use crate::base::clock::rfc3339;
use crate::base::db;
use crate::base::http::{Cursor, Json, Page, Params, Path, Problem};
use crate::base::secret;
use crate::identity::Caller;
use crate::newsletter::desk::Desk;
use crate::newsletter::edition::{self, Edition};
use crate::newsletter::model::{self, LANGUAGES, LEAST_COUNT, Quarter};
use crate::newsletter::{notice, store};

pub(super) fn router() -> OpenApiRouter<Desk> {
    OpenApiRouter::new().routes(routes!(list, begin)).routes(routes!(read, alter))
}

/// An issue in a list.
#[derive(Serialize, ToSchema)]
#[schema(as = NewsletterIssueRow)]
struct Row {
    id: Uuid,
    number: i64,
    quarter: Quarter,
    /// Codes of the glossary's languages, the first the one it is written in.
    languages: Vec<String>,
    /// Its title in the first of its languages that has one.
    title: Option<String>,
    /// `draft`, `asked` (handed in for release) or `released`.
    state: String,
    /// RFC 3339.
    changed_at: String,
    /// RFC 3339.
    released_at: Option<String>,
}

/// Issues, the latest first: those that are released for everybody who is confirmed, drafts for who composes or releases.
#[utoipa::path(get, path = "/api/newsletter/issues", tag = "newsletter", params(Cursor),
    responses((status = 200, body = Page<Row>), (status = 400), (status = 401), (status = 403)))]
async fn list(Given(desk): Given<Desk>, caller: Caller, Params(cursor): Params<Cursor>) -> Result<Json<Page<Row>>, Problem> {
    caller.allow(RegionAction::UseNewsletter)?;
    let limit = cursor.limit()?;
    let mut conn = desk.ctx.db.read().await?;
    let drafts = notice::sees_drafts(&caller.actor);
    let mut rows = Vec::new();
    for issue in store::issues(&mut conn, drafts, cursor.position()?, limit + 1).await? {
        let texts = store::texts(&mut conn, issue.id).await?;
        let titled = |language: &str| {
            let found = texts.iter().find(|text| text.section == model::TITLE && text.language == language);
            found.map(|text| text.body.clone()).filter(|title| !title.is_empty())
        };
        let title = issue.languages().find_map(titled);
        rows.push(Row {
            title,
            languages: issue.languages().map(ToOwned::to_owned).collect(),
            id: issue.id,
            number: issue.number,
            quarter: Quarter { year: issue.year, quarter: issue.quarter },
            changed_at: rfc3339(issue.changed_at),
            released_at: issue.released_at.map(rfc3339),
            state: issue.state,
        });
    }
    Ok(Json(Page::cut(rows, limit, |row: &Row| row.number.to_string())))
}

/// What is to be begun.
#[derive(Deserialize, ToSchema)]
#[schema(as = NewNewsletterIssue)]
struct Wish {
    year: i64,
    /// 1 to 4.
    quarter: i64,
    /// Codes of the glossary's languages; English and French when none are named.
    #[serde(default)]
    languages: Vec<String>,
}

/// What was begun.
#[derive(Serialize, ToSchema)]
#[schema(as = NewNewsletterIssueMade)]
struct Made {
    id: Uuid,
}

/// Begins the issue of a quarter.
#[utoipa::path(post, path = "/api/newsletter/issues", tag = "newsletter", request_body = Wish,
    responses((status = 201, body = Made), (status = 401), (status = 403), (status = 409), (status = 422)))]
async fn begin(
    Given(desk): Given<Desk>,
    caller: Caller,
    Json(Wish { year, quarter, languages }): Json<Wish>,
) -> Result<(StatusCode, Json<Made>), Problem> {
    compose(&caller)?;
    if !(Quarter { year, quarter }).is_sound() {
        return Err(Problem::unprocessable("newsletter_quarter_invalid", "There is no such quarter"));
    }
    let languages = spoken(&languages)?;
    let (id, by, ctx) = (desk.ctx.id(), by(&desk, &caller), desk.ctx.clone());
    let begun: db::Result<bool> = desk
        .ctx
        .db
        .write(async move |tx| {
            if !store::begin(tx, id, (year, quarter), &languages, by).await? {
                return Ok(false);
            }
            store::changes(tx, id, by).await?;
            notice::changed(tx, &ctx);
            audit::record(tx, super::act(by, "newsletter.begin", id, format!("quarter={year}-{quarter}"))).await?;
            Ok(true)
        })
        .await;
    if begun? {
        Ok((StatusCode::CREATED, Json(Made { id })))
    } else {
        Err(Problem::conflict("newsletter_quarter_taken", "This quarter has an issue"))
    }
}

fn spoken(wish: &[String]) -> Result<String, Problem> {
    let usual = LANGUAGES.map(ToOwned::to_owned);
    let languages = model::languages(if wish.is_empty() { &usual } else { wish });
    languages.ok_or_else(|| Problem::unprocessable("newsletter_language_unknown", "These are not languages of the glossary"))
}

/// The text of a section in a language.
#[derive(Serialize, ToSchema)]
#[schema(as = NewsletterText)]
struct Text {
    section: String,
    language: String,
    /// Markdown.
    body: String,
    /// To be sent along with a change.
    revision: i64,
}

/// Something that was taken.
#[derive(Serialize, ToSchema)]
#[schema(as = NewsletterItem)]
struct Item {
    id: Uuid,
    section: String,
    /// `practice`, `campaign`, `study` or `event`.
    kind: String,
    /// Its own id.
    thing: Uuid,
    title: String,
    summary: String,
    language: String,
    /// When it was shared, or takes place (RFC 3339).
    at: String,
    /// Where it is: a path of the page.
    place: String,
}

/// A count of the platform's own.
#[derive(Serialize, ToSchema)]
#[schema(as = NewsletterFigure)]
struct Figure {
    name: String,
    /// Null: fewer than five, which is shown to nobody.
    count: Option<i64>,
}

/// Who has joined in the quarter: an organisation, or a person who agreed to be named.
#[derive(Serialize, ToSchema)]
#[schema(as = NewsletterJoined)]
struct Joined {
    id: Uuid,
    name: String,
    organisation: Option<String>,
    country: Option<String>,
}

/// An abbreviation that stands in the texts.
#[derive(Serialize, ToSchema)]
#[schema(as = NewsletterAbbreviation)]
struct Short {
    form: String,
    en: String,
    fr: String,
}

/// A text that is missing in one language and there in another.
#[derive(Serialize, ToSchema)]
#[schema(as = NewsletterGap)]
struct Gap {
    section: String,
    language: String,
}

/// An issue as its composers see it.
#[derive(Serialize, ToSchema)]
#[schema(as = NewsletterIssue)]
struct Whole {
    id: Uuid,
    number: i64,
    quarter: Quarter,
    languages: Vec<String>,
    /// `draft`, `asked` (handed in for release) or `released`.
    state: String,
    /// RFC 3339.
    created_at: String,
    /// RFC 3339.
    changed_at: String,
    texts: Vec<Text>,
    items: Vec<Item>,
    locks: Vec<Locked>,
    gaps: Vec<Gap>,
    figures: Vec<Figure>,
    organisations: Vec<Joined>,
    people: Vec<Joined>,
    abbreviations: Vec<Short>,
    asked_by: Option<Named>,
    /// RFC 3339.
    asked_at: Option<String>,
    /// What exactly is handed in, or released: to be sent along with the decision.
    digest: Option<String>,
    released_by: Option<Named>,
    /// RFC 3339.
    released_at: Option<String>,
    /// Why it was sent back.
    note: Option<String>,
    /// Whether the caller may compose it.
    may_compose: bool,
    /// Whether the caller could release it: never who has worked on it.
    may_release: bool,
    /// How many mails have come to which end, from five on; null: none were to be sent yet.
    mails: Option<Vec<Figure>>,
}

fn joined(one: edition::Joined) -> Joined {
    Joined { id: one.id, name: one.name, organisation: one.organisation, country: one.country }
}

fn shown(name: String, count: i64) -> Figure {
    Figure { name, count: (count >= LEAST_COUNT).then_some(count) }
}

/// An issue as its composers see it: its texts and items, what the platform adds, the terms that are locked.
#[utoipa::path(get, path = "/api/newsletter/issues/{id}", tag = "newsletter", params(("id" = Uuid, Path)),
    responses((status = 200, body = Whole), (status = 401), (status = 403), (status = 404)))]
async fn read(Given(desk): Given<Desk>, caller: Caller, Path(id): Path<Uuid>) -> Result<Json<Whole>, Problem> {
    see_drafts(&caller)?;
    let issue = find(&desk, id).await?;
    let mut conn = desk.ctx.db.read().await?;
    let worked_on = store::composers(&mut conn, id).await?;
    let texts = store::texts(&mut conn, id).await?;
    let taken = store::items(&mut conn, id).await?;
    let content = store::content(&mut conn, id).await?;
    let tally = store::tally(&mut conn, id).await?;
    drop(conn);
    let quarter = Quarter { year: issue.year, quarter: issue.quarter };
    // What is handed in stands as it was then.
    let edition = match content.as_deref().and_then(Edition::of) {
        Some(edition) => edition,
        None => gathered(&desk, &caller, &issue).await?,
    };
    let figures = edition::figures(&desk, &caller.actor, quarter).await?;
    let may = |action| may_in_region(&caller.actor, action) == Decision::Allow;
    Ok(Json(Whole {
        locks: locked(&desk, &issue).await?,
        gaps: edition.gaps().into_iter().map(|(section, language)| Gap { section, language }).collect(),
        languages: issue.languages().map(ToOwned::to_owned).collect(),
        texts: texts
            .into_iter()
            .map(|text| Text { section: text.section, language: text.language, body: text.body, revision: text.revision })
            .collect(),
        items: taken.into_iter().map(item).collect(),
        figures: figures.into_iter().map(|figure| shown(figure.name, figure.count)).collect(),
        organisations: edition.organisations.into_iter().map(joined).collect(),
        people: edition.people.into_iter().map(joined).collect(),
        abbreviations: edition
            .abbreviations
            .into_iter()
            .map(|short| Short { form: short.form, en: short.en, fr: short.fr })
            .collect(),
        asked_by: Named::of(issue.asked_by, issue.asked_name),
        asked_at: issue.asked_at.map(rfc3339),
        digest: issue.digest.as_deref().map(secret::hex),
        released_by: Named::of(issue.released_by, issue.released_name),
        released_at: issue.released_at.map(rfc3339),
        note: issue.note,
        may_compose: may(RegionAction::ComposeNewsletter) && issue.state != "released",
        may_release: may(RegionAction::ReleaseNewsletter { worked_on: &worked_on }) && issue.state != "released",
        mails: (!tally.is_empty()).then(|| tally.into_iter().map(|(state, count)| shown(state, count)).collect()),
        id,
        number: issue.number,
        quarter,
        state: issue.state,
        created_at: rfc3339(issue.created_at),
        changed_at: rfc3339(issue.changed_at),
    }))
}

fn item(row: store::Taken) -> Item {
    Item {
        place: model::place(&row.kind, row.thing),
        id: row.id,
        section: row.section,
        kind: row.kind,
        thing: row.thing,
        title: row.title,
        summary: row.summary,
        language: row.language,
        at: rfc3339(row.at),
    }
}

/// What is to be changed of an issue.
#[derive(Deserialize, ToSchema)]
#[schema(as = NewsletterIssueChange)]
struct Change {
    /// Codes of the glossary's languages, the first the one it is written in. Texts of a language that is left out are kept.
    languages: Vec<String>,
}

/// Changes the languages of an issue.
#[utoipa::path(patch, path = "/api/newsletter/issues/{id}", tag = "newsletter", params(("id" = Uuid, Path)),
    request_body = Change,
    responses((status = 204), (status = 401), (status = 403), (status = 404), (status = 409), (status = 422)))]
async fn alter(
    Given(desk): Given<Desk>,
    caller: Caller,
    Path(id): Path<Uuid>,
    Json(Change { languages }): Json<Change>,
) -> Result<StatusCode, Problem> {
    compose(&caller)?;
    find_open(&desk, id).await?;
    let languages = spoken(&languages)?;
    change(&desk, &caller, id, async move |tx, _| {
        store::set_languages(tx, id, &languages).await?;
        Ok(Ok(()))
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}
