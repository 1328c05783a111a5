//! Routes of translation.

use std::sync::Arc;

use axum::extract::{FromRef, State};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::masks::Masked;
use super::model::Translation;
use super::service::{self, Failed};
use super::settings::Service;
use super::terms;
use super::words::plain;
use crate::access::handling::MARKINGS;
use crate::audit::{self, Act};
use crate::base::budget::{self, Budgets, Spent};
use crate::base::http::{Json, Path, Problem};
use crate::base::{db, guard};
use crate::context::Ctx;
use crate::glossary::Glossary;
use crate::identity::Caller;
use crate::messages::{self, Abroad};

/// Translations a person may ask for each second, and at once.
const PER_SECOND: u32 = 1;
const BURST: u32 = 5;
/// Seconds until it is worth asking again when the service has enough to do.
const BUSY_FOR: u64 = 5;

#[derive(Clone)]
struct Desk {
    ctx: Ctx,
    glossary: Glossary,
    service: Option<Service>,
    by_person: Arc<Budgets<Uuid>>,
}

impl FromRef<Desk> for Ctx {
    fn from_ref(desk: &Desk) -> Self {
        desk.ctx.clone()
    }
}

/// The routes of this slice; off without a service.
pub fn router(ctx: Ctx, glossary: &Glossary, service: Option<&Service>) -> OpenApiRouter {
    let by_person = Arc::new(Budgets::new(budget::per_second(PER_SECOND, BURST)));
    let desk = Desk { ctx, glossary: glossary.clone(), service: service.cloned(), by_person };
    OpenApiRouter::new().routes(routes!(state)).routes(routes!(translate)).with_state(desk)
}

/// Whether messages can be translated, into what, and by whom.
#[derive(Serialize, ToSchema)]
#[schema(as = TranslationState)]
struct Offer {
    on: bool,
    /// Codes of the languages that can be asked for.
    languages: Vec<String>,
    /// The host that messages are handed to; null if it is off.
    provider: Option<String>,
    /// The strictest marking of what is handed over, lower case; null if it is off.
    marking: Option<&'static str>,
}

/// Whether messages can be translated.
#[utoipa::path(get, path = "/api/translation", tag = "translation", responses((status = 200, body = Offer), (status = 401)))]
async fn state(State(desk): State<Desk>, _caller: Caller) -> Json<Offer> {
    let service = desk.service.as_ref();
    Json(Offer {
        on: service.is_some(),
        languages: service.map(|service| service.languages.clone()).unwrap_or_default(),
        provider: service.map(|service| service.host.clone()),
        marking: service.map(|service| service.marking),
    })
}

/// Into which language.
#[derive(Deserialize, ToSchema)]
#[schema(as = TranslationWish)]
struct Wish {
    /// One of those of `GET /api/translation`.
    to: String,
}

/// Has a message translated by a machine of somebody else's. What may leave for it is decided by the strictest of the markings
/// of the message, its channel and what it quotes; nothing leaves that has a handling code or a content warning. Each handing
/// over is recorded.
#[utoipa::path(post, path = "/api/messages/{id}/translation", tag = "translation", params(("id" = Uuid, Path)),
    request_body = Wish,
    responses((status = 200, body = Translation), (status = 401), (status = 404), (status = 409), (status = 422), (status = 429),
        (status = 502, description = "The service has failed"), (status = 503)))]
async fn translate(
    State(desk): State<Desk>,
    caller: Caller,
    Path(id): Path<Uuid>,
    Json(Wish { to }): Json<Wish>,
) -> Result<Json<Translation>, Problem> {
    let marking = desk.service.as_ref().map_or(MARKINGS[0], |service| service.marking);
    let abroad = messages::abroad(&desk.ctx, &caller.actor, id, marking).await;
    let Some(service) = &desk.service else {
        // Whoever may not know of the message hears nothing else either.
        return Err(abroad.err().filter(Problem::is_not_found).unwrap_or_else(off));
    };
    let abroad = abroad?;
    if !service.languages.contains(&to) {
        return Err(Problem::unprocessable("translation_language", "This language is not offered").with("language", to));
    }
    desk.by_person.take(&caller.account()).map_err(|Spent| Problem::too_many(1))?;
    if let Some(made) = service.kept.find(id, &abroad.wording, &to) {
        return Ok(Json(Translation::clone(&made)));
    }
    let made = Arc::new(hand_over(&desk, service, &caller, &abroad, to).await?);
    service.kept.keep(id, abroad.wording, desk.ctx.now(), made.clone());
    Ok(Json(Translation::clone(&made)))
}

fn off() -> Problem {
    Problem::conflict("translation_off", "Nothing is translated here")
}

/// Notes that words leave, and lets them.
async fn hand_over(desk: &Desk, service: &Service, caller: &Caller, abroad: &Abroad, to: String) -> Result<Translation, Problem> {
    let ctx = &desk.ctx;
    let _place = service.free.try_acquire().map_err(|_| Problem::busy(BUSY_FOR))?;
    let (at, by, target) = (ctx.now(), caller.account(), format!("message:{}", abroad.message));
    let detail = format!("channel:{} to={to} host={}", abroad.channel, service.host);
    let noted: db::Result<()> = ctx
        .db
        .write(async move |tx| {
            let act = Act { at, actor: Some(by), what: "message.translate", target: target.clone(), detail: detail.clone() };
            audit::record(tx, act).await
        })
        .await;
    noted?;
    // As one letter what is one, for the terms to be found.
    let body: String = abroad.body.nfc().collect();
    let (plain, concepts) = (plain(&body), terms::of(&desk.glossary.terms()));
    let addresses = guard::addresses(&plain.text, at).flat_map(|(found, _)| plain.text.match_indices(found));
    let mut secret: Vec<_> = addresses.map(|(start, found)| start..start + found.len()).collect();
    secret.extend(guard::blocked(&plain.text, at));
    let masked = Masked::new(&plain, secret, &concepts);
    let answered = service::ask(service, &masked.text, &to).await.map_err(|Failed| failed())?;
    let back = masked.unmask(&answered.text, &to, &concepts);
    Ok(Translation {
        text: back.text,
        from: answered.from,
        to,
        provider: service.host.clone(),
        terms: back.terms,
        lost: back.lost,
    })
}

fn failed() -> Problem {
    Problem::new(StatusCode::BAD_GATEWAY, "translation_failed", "The translation service has failed")
}
