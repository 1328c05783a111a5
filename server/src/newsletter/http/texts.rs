//! The texts of an issue, and why a locked term isn't in one.

use axum::extract::State as Given;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::{change, compose, conflict, faulty, find_open, guarded};
use crate::audit;
use crate::base::guard;
use crate::base::http::{Json, Path, Problem};
use crate::identity::Caller;
use crate::newsletter::desk::Desk;
use crate::newsletter::model::{self, SECTIONS, TITLE};
use crate::newsletter::store::{self, Excuse};
use crate::newsletter::withheld::Looked;

pub(super) fn router() -> OpenApiRouter<Desk> {
    OpenApiRouter::new().routes(routes!(write)).routes(routes!(excuse, take_excuse_back))
}

/// The text of a section in a language.
#[derive(Deserialize, ToSchema)]
#[schema(as = NewNewsletterText)]
pub(super) struct Wish {
    /// Markdown of at most 20,000 characters; a line of 120 for the section `title`. Empty: there is none.
    body: String,
    /// The revision that it was written upon; 0 for the first.
    revision: i64,
}

/// The revision that the next change is written upon.
#[derive(Serialize, ToSchema)]
#[schema(as = NewsletterTextWritten)]
pub(super) struct Written {
    revision: i64,
}

/// Writes a section in a language. What stands in something that isn't CLEAR is refused (`newsletter_withheld`, with the `places` in this
/// text), and so is what may tell who somebody is. What was handed in for release is void.
#[utoipa::path(put, path = "/api/newsletter/issues/{id}/texts/{section}/{language}", tag = "newsletter",
    params(("id" = Uuid, Path), ("section" = String, Path), ("language" = String, Path)), request_body = Wish,
    responses((status = 200, body = Written), (status = 401), (status = 403), (status = 404), (status = 409), (status = 422),
        (status = 503)))]
pub(super) async fn write(
    Given(desk): Given<Desk>,
    caller: Caller,
    Path((id, section, language)): Path<(Uuid, String, String)>,
    Json(Wish { body, revision }): Json<Wish>,
) -> Result<Json<Written>, Problem> {
    compose(&caller)?;
    let issue = find_open(&desk, id).await?;
    let known = section == TITLE || SECTIONS.contains(&section.as_str());
    if !known || !issue.languages().any(|known| known == language) {
        return Err(Problem::not_found());
    }
    let body = model::body(&section, &body).map_err(faulty)?;
    guarded(&desk, &caller, id, &[Looked { section: &section, language: &language, body: &body }]).await?;
    change(&desk, &caller, id, async move |tx, by| {
        let texts = store::texts(tx, id).await?;
        let stands = texts.iter().find(|text| text.section == section && text.language == language);
        if stands.map_or(0, |text| text.revision) != revision {
            return Ok(Err(conflict()));
        }
        store::put_text(tx, id, (&section, &language), &body, by).await?;
        Ok(Ok(()))
    })
    .await?;
    Ok(Json(Written { revision: revision + 1 }))
}

/// Why a term may be missing.
#[derive(Deserialize, ToSchema)]
#[schema(as = NewNewsletterExcuse)]
struct Why {
    /// A line of at most 500 characters, for who releases.
    reason: String,
}

/// Says why a locked term isn't in the text of a language, so that the issue can be released without it.
#[utoipa::path(put, path = "/api/newsletter/issues/{id}/excuses/{concept}/{language}", tag = "newsletter",
    params(("id" = Uuid, Path), ("concept" = String, Path), ("language" = String, Path)), request_body = Why,
    responses((status = 204), (status = 401), (status = 403), (status = 404), (status = 409), (status = 422)))]
async fn excuse(
    Given(desk): Given<Desk>,
    caller: Caller,
    Path((id, concept, language)): Path<(Uuid, String, String)>,
    Json(Why { reason }): Json<Why>,
) -> Result<StatusCode, Problem> {
    compose(&caller)?;
    let issue = find_open(&desk, id).await?;
    let known = desk.glossary.terms().find(&concept).is_some() && issue.languages().any(|known| known == language);
    if !known {
        return Err(Problem::not_found());
    }
    let reason = model::reason(&reason).map_err(faulty)?;
    guard::refuse(&reason, desk.ctx.now())?;
    change(&desk, &caller, id, async move |tx, by| {
        let excuse = Excuse { concept: concept.clone(), language: language.clone(), reason: reason.clone() };
        store::excuse(tx, id, &excuse, by).await?;
        audit::record(tx, super::act(by, "newsletter.excuse", id, format!("concept={concept} language={language}"))).await?;
        Ok(Ok(()))
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Takes back why a term may be missing.
#[utoipa::path(delete, path = "/api/newsletter/issues/{id}/excuses/{concept}/{language}", tag = "newsletter",
    params(("id" = Uuid, Path), ("concept" = String, Path), ("language" = String, Path)),
    responses((status = 204), (status = 401), (status = 403), (status = 404), (status = 409)))]
async fn take_excuse_back(
    Given(desk): Given<Desk>,
    caller: Caller,
    Path((id, concept, language)): Path<(Uuid, String, String)>,
) -> Result<StatusCode, Problem> {
    compose(&caller)?;
    find_open(&desk, id).await?;
    change(&desk, &caller, id, async move |tx, _| {
        store::take_excuse_back(tx, id, &concept, &language).await?;
        Ok(Ok(()))
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}
