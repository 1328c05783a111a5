//! The card of a country: numbers to call, who is there, whom to ask.

use axum::extract::State;
use axum::http::StatusCode;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::super::model::{Named, Organisation, is_due};
use super::super::{Person, people_by_id, store, views};
use super::{act, may};
use crate::access::{Action, Decision, RegionAction};
use crate::audit;
use crate::base::clock::rfc3339;
use crate::base::db;
use crate::base::http::{Json, Path, Problem};
use crate::context::Ctx;
use crate::identity::Caller;
use crate::vocabulary::{ALL_COUNTRIES, ALL_KINDS, CountryFacts, Words, country_facts};

/// Organisations on a card at most: more than a country has today, few enough to be read.
const ORGANISATIONS_MAX: i64 = 200;

/// What the reader may do with a card.
#[derive(Serialize, ToSchema)]
#[schema(as = CountryCan)]
pub(super) struct Can {
    /// Say that its numbers are right.
    confirm: bool,
    /// Enter organisations of the country.
    govern: bool,
}

/// A country's card.
#[derive(Serialize, ToSchema)]
pub(super) struct CountryCard {
    /// ISO 3166-1 alpha-2; XK is user-assigned.
    code: String,
    /// English and French. Kosovo carries the asterisk of its footnote.
    name: Words,
    /// In the country's own languages.
    native: String,
    /// As an emoji.
    flag: String,
    /// The neutral footnote, where there is one.
    footnote: Option<Words>,
    #[serde(flatten)]
    facts: CountryFacts,
    /// When somebody of the country last said that the numbers are right, and who.
    confirmed_at: Option<String>,
    confirmed_by: Option<Named>,
    /// Whether that is six months ago, or never was.
    due: bool,
    /// By kind, in the order of the vocabulary, then by name.
    organisations: Vec<Organisation>,
    /// Who looks after the country; those of the whole region where nobody does.
    moderators: Vec<Person>,
    /// The country's channel, for those who may know of it.
    channel: Option<Uuid>,
    can: Can,
}

/// A country's card.
#[utoipa::path(get, path = "/api/countries/{code}", tag = "directory", params(("code" = String, Path)),
    responses((status = 200, body = CountryCard), (status = 401), (status = 403), (status = 404)))]
pub(super) async fn show(State(ctx): State<Ctx>, caller: Caller, Path(code): Path<String>) -> Result<Json<CountryCard>, Problem> {
    caller.allow(RegionAction::UseDirectory)?;
    let country = ALL_COUNTRIES.iter().find(|country| country.code == code).ok_or_else(Problem::not_found)?;
    let facts = country_facts(&code).ok_or_else(Problem::not_found)?;
    let channel = channel(&ctx, &caller, &code).await?;
    let mut conn = ctx.db.read().await?;
    let confirmation = store::country_confirmation(&mut conn, &code).await?;
    let rows = store::of_country(&mut conn, &code, ORGANISATIONS_MAX).await?;
    let mut organisations = views::organisations(&mut conn, &ctx, rows).await?;
    organisations.sort_by_key(|each| ALL_KINDS.iter().position(|kind| kind.code == each.kind));
    let mut moderators = store::moderators(&mut conn, &format!("country:{code}")).await?;
    if moderators.is_empty() {
        moderators = store::moderators(&mut conn, "region").await?;
    }
    Ok(Json(CountryCard {
        code: country.code.clone(),
        name: country.name.clone(),
        native: country.native.clone(),
        flag: country.flag.clone(),
        footnote: country.footnote.clone(),
        facts: facts.clone(),
        due: is_due(confirmation.as_ref().map(|(at, ..)| *at), ctx.now()),
        confirmed_at: confirmation.as_ref().map(|(at, ..)| rfc3339(*at)),
        confirmed_by: confirmation.map(|(_, id, name)| Named { id, name }),
        organisations,
        moderators: people_by_id(&mut conn, &ctx, &moderators).await?,
        channel,
        can: Can {
            confirm: may(&caller, RegionAction::ConfirmNumbers(&code)),
            govern: may(&caller, RegionAction::KeepDirectory(Some(&code))),
        },
    }))
}

async fn channel(ctx: &Ctx, caller: &Caller, country: &str) -> Result<Option<Uuid>, Problem> {
    let Some(id) = store::channel(&mut ctx.db.read().await?, country).await? else { return Ok(None) };
    let channel = ctx.standing.channel(id).await?;
    let known = |channel: &_| crate::access::may(&caller.actor, Action::Know, channel) == Decision::Allow;
    Ok(channel.filter(|channel| known(channel)).map(|channel| channel.id))
}

/// Says that a country's numbers are right.
#[utoipa::path(put, path = "/api/countries/{code}/confirmation", tag = "directory", params(("code" = String, Path)),
    responses((status = 204), (status = 401), (status = 403), (status = 404)))]
pub(super) async fn confirm(State(ctx): State<Ctx>, caller: Caller, Path(code): Path<String>) -> Result<StatusCode, Problem> {
    caller.allow(RegionAction::UseDirectory)?;
    country_facts(&code).ok_or_else(Problem::not_found)?;
    caller.allow(RegionAction::ConfirmNumbers(&code))?;
    let db = ctx.db.clone();
    let done: db::Result<()> = db
        .write(async move |tx| {
            store::confirm_country(tx, &code, ctx.now(), caller.account()).await?;
            audit::record(tx, act(&ctx, &caller, "country.confirm", format!("country:{code}"), String::new())).await
        })
        .await;
    done?;
    Ok(StatusCode::NO_CONTENT)
}
