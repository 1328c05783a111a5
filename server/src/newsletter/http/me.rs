//! One's own part: getting the newsletter by e-mail, and being named in it.

use axum::extract::State as Given;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::access::RegionAction;
use crate::base::clock::rfc3339;
use crate::base::db;
use crate::base::http::{Json, Problem};
use crate::identity::Caller;
use crate::newsletter::desk::Desk;
use crate::newsletter::store;
use crate::vocabulary::GLOSSARY_LANGUAGES;

pub(super) fn router() -> OpenApiRouter<Desk> {
    OpenApiRouter::new().routes(routes!(read)).routes(routes!(subscribe, unsubscribe)).routes(routes!(consent, take_consent_back))
}

/// One's own part in the newsletter.
#[derive(Serialize, ToSchema)]
#[schema(as = MyNewsletter)]
struct Mine {
    /// Whether this server sends it at all.
    sent: bool,
    /// The language one gets it in, where an issue has it; null: one doesn't.
    language: Option<String>,
    /// Since when (RFC 3339).
    since: Option<String>,
    /// When the mail server refused one's address for good (RFC 3339): subscribe again to try it again.
    refused_at: Option<String>,
    /// When one agreed to be named among those who are new (RFC 3339); null: one is not named.
    consented_at: Option<String>,
    /// Requests to lower something of one's own that wait for an answer.
    requests: i64,
}

/// One's own part in the newsletter.
#[utoipa::path(get, path = "/api/me/newsletter", tag = "newsletter",
    responses((status = 200, body = Mine), (status = 401), (status = 403)))]
async fn read(Given(desk): Given<Desk>, caller: Caller) -> Result<Json<Mine>, Problem> {
    caller.allow(RegionAction::UseNewsletter)?;
    let mut conn = desk.ctx.db.read().await?;
    let subscription = store::subscription(&mut conn, caller.account()).await?;
    let consented = store::consented(&mut conn, caller.account()).await?;
    Ok(Json(Mine {
        sent: desk.post.mailer.is_some(),
        since: subscription.as_ref().map(|own| rfc3339(own.at)),
        refused_at: subscription.as_ref().and_then(|own| own.refused_at).map(rfc3339),
        language: subscription.map(|own| own.language),
        consented_at: consented.map(rfc3339),
        requests: store::open_requests(&mut conn, caller.account()).await?,
    }))
}

/// How one wants it.
#[derive(Deserialize, ToSchema)]
#[schema(as = NewsletterSubscription)]
struct Wish {
    /// One of the glossary's languages.
    language: String,
}

/// Subscribes to the newsletter by e-mail, or changes the language one gets it in.
#[utoipa::path(put, path = "/api/me/newsletter/subscription", tag = "newsletter", request_body = Wish,
    responses((status = 204), (status = 401), (status = 403), (status = 422)))]
async fn subscribe(Given(desk): Given<Desk>, caller: Caller, Json(Wish { language }): Json<Wish>) -> Result<StatusCode, Problem> {
    caller.allow(RegionAction::UseNewsletter)?;
    if !GLOSSARY_LANGUAGES.contains(&language.as_str()) {
        return Err(Problem::unprocessable("newsletter_language_unknown", "These are not languages of the glossary"));
    }
    let (account, at) = (caller.account(), desk.ctx.now());
    let done: db::Result<()> = desk.ctx.db.write(async move |tx| store::subscribe(tx, account, &language, at).await).await;
    done?;
    Ok(StatusCode::NO_CONTENT)
}

/// Ends one's subscription; what waits to be sent is not.
#[utoipa::path(delete, path = "/api/me/newsletter/subscription", tag = "newsletter",
    responses((status = 204), (status = 401), (status = 403)))]
async fn unsubscribe(Given(desk): Given<Desk>, caller: Caller) -> Result<StatusCode, Problem> {
    caller.allow(RegionAction::UseNewsletter)?;
    let (account, at) = (caller.account(), desk.ctx.now());
    let done: db::Result<()> = desk.ctx.db.write(async move |tx| store::unsubscribe(tx, account, at).await).await;
    done?;
    Ok(StatusCode::NO_CONTENT)
}

/// Agrees to be named among the new members, with one's organisation and country. The day is kept.
#[utoipa::path(put, path = "/api/me/newsletter/consent", tag = "newsletter",
    responses((status = 204), (status = 401), (status = 403)))]
async fn consent(Given(desk): Given<Desk>, caller: Caller) -> Result<StatusCode, Problem> {
    caller.allow(RegionAction::UseNewsletter)?;
    let (account, at) = (caller.account(), desk.ctx.now());
    let done: db::Result<()> = desk.ctx.db.write(async move |tx| store::consent(tx, account, at).await).await;
    done?;
    Ok(StatusCode::NO_CONTENT)
}

/// Takes that back: one is named in no page and no print any more, also of issues that are released. Mails that were sent stay where
/// they are.
#[utoipa::path(delete, path = "/api/me/newsletter/consent", tag = "newsletter",
    responses((status = 204), (status = 401), (status = 403)))]
async fn take_consent_back(Given(desk): Given<Desk>, caller: Caller) -> Result<StatusCode, Problem> {
    caller.allow(RegionAction::UseNewsletter)?;
    let account = caller.account();
    let done: db::Result<()> = desk
        .ctx
        .db
        .write(async move |tx| {
            store::take_consent_back(tx, account).await?;
            store::forget_prints(tx).await
        })
        .await;
    done?;
    Ok(StatusCode::NO_CONTENT)
}
