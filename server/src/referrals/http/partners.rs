//! Who could help: organisations by service, capacity and language, and why somebody can't be chosen.

use std::collections::HashMap;

use axum::extract::State as Given;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::super::partners::{Candidate, Capacity, Judged, Sought, WhyNot, find as sought_among};
use super::super::refused::faulty;
use super::super::store;
use super::Shared;
use super::lists::Organisation;
use crate::access::{RegionAction, Role, Scope, organisations_of};
use crate::audit::{self, Act};
use crate::base::clock::rfc3339;
use crate::base::db::{self, Conn};
use crate::base::http::{Json, Page, Params, Problem};
use crate::context::Ctx;
use crate::identity::Caller;
use crate::vocabulary::is_country;
use crate::{directory, exercises, keys};

/// What a child needs, and where.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Question {
    /// The country that helps.
    country: String,
    /// Codes of services, with commas between them.
    #[param(required = false)]
    services: Option<String>,
    /// The language that the child is helped in.
    #[param(required = false)]
    language: Option<String>,
    /// The exercise that the case is part of.
    #[param(required = false)]
    exercise: Option<Uuid>,
}

/// An organisation that could help.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = ReferralPartner)]
pub(super) struct Partner {
    organisation: Organisation,
    /// The services sought that it has, and those that it hasn't.
    offers: Vec<String>,
    lacks: Vec<String>,
    languages: Vec<String>,
    /// Whether the language sought is among them.
    speaks_it: bool,
    /// What it said of its places in the last two weeks.
    capacity: Option<Capacity>,
    capacity_said_at: Option<String>,
    /// Asylum, police, or whoever enforces the law: only with the child's side's consent by name.
    walled: bool,
    /// Null: it can be chosen.
    why_not: Option<WhyNot>,
}

impl From<Judged> for Partner {
    fn from(judged: Judged) -> Self {
        let Candidate { id, name, kind, country, speaks, capacity, .. } = judged.candidate;
        Self {
            organisation: Organisation { id, name, kind, country },
            offers: judged.offers,
            lacks: judged.lacks,
            languages: speaks,
            speaks_it: judged.speaks_it,
            capacity_said_at: judged.capacity.and(capacity).map(|(_, at)| rfc3339(at)),
            capacity: judged.capacity,
            walled: judged.walled,
            why_not: judged.why_not,
        }
    }
}

/// Organisations that have something of what is needed in a country: who can be chosen first. What is known of them stands in the
/// directory; nothing is told of a case by asking.
#[utoipa::path(get, path = "/api/referrals/partners", tag = "referrals", params(Question),
    responses((status = 200, body = Page<Partner>), (status = 400), (status = 401), (status = 403), (status = 422)))]
pub(super) async fn find(
    Given(ctx): Shared,
    caller: Caller,
    Params(question): Params<Question>,
) -> Result<Json<Page<Partner>>, Problem> {
    caller.allow(RegionAction::UseDirectory)?;
    if !is_country(&question.country) {
        return Err(faulty("tag_unknown"));
    }
    let list = |codes: Option<String>| -> Vec<String> {
        codes.unwrap_or_default().split(',').filter(|code| !code.is_empty()).map(ToOwned::to_owned).collect()
    };
    let sought = Sought {
        from: caller.actor.organisation.unwrap_or_default(),
        services: list(question.services),
        language: question.language.filter(|language| !language.is_empty()),
        now: ctx.now(),
    };
    let mut conn = ctx.db.read().await?;
    let candidates = candidates(&ctx, &mut conn, &question.country, &sought.services, question.exercise).await?;
    Ok(Json(Page::whole(sought_among(candidates, &sought).into_iter().map(Partner::from).collect())))
}

async fn candidates(
    ctx: &Ctx,
    conn: &mut Conn,
    country: &str,
    services: &[String],
    exercise: Option<Uuid>,
) -> db::Result<Vec<Candidate>> {
    let mut helpers = directory::helpers_in(conn, country).await?;
    helpers.retain(|helper| services.is_empty() || services.iter().any(|service| helper.helps.contains(service)));
    let ids: Vec<Uuid> = helpers.iter().map(|helper| helper.id).collect();
    let namings = directory::focal_points_by(conn, &ids, ctx.now()).await?;
    let accounts: Vec<Uuid> = namings.iter().map(|(_, account)| *account).collect();
    let holders = keys::holders(conn, &accounts).await?;
    let mut taking_part = HashMap::new();
    if let Some(exercise) = exercise {
        for account in &holders {
            taking_part.insert(*account, exercises::takes_part(conn, exercise, *account).await?);
        }
    }
    let said = store::capacities(conn).await?;
    let candidate = |helper: directory::Helper| {
        let people: Vec<Uuid> = namings.iter().filter(|(of, _)| *of == helper.id).map(|(_, account)| *account).collect();
        let able: Vec<Uuid> = people.iter().copied().filter(|account| holders.contains(account)).collect();
        let training = able.iter().filter(|account| taking_part.get(account) == Some(&true)).count();
        Candidate {
            focal_points: people.len(),
            with_keys: able.len(),
            taking_part: exercise.map(|_| training),
            capacity: said.iter().find(|(of, _, _)| *of == helper.id).map(|(_, capacity, at)| (*capacity, *at)),
            id: helper.id,
            name: helper.name,
            kind: helper.kind,
            regime: helper.regime,
            country: helper.country,
            helps: helper.helps,
            speaks: helper.speaks,
        }
    };
    Ok(helpers.into_iter().map(candidate).collect())
}

/// What an organisation says of its places.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = ReferralCapacitySaid)]
pub(super) struct CapacitySaid {
    organisation: Organisation,
    /// Null: nothing yet.
    capacity: Option<Capacity>,
    at: Option<String>,
}

fn answers_for(caller: &Caller) -> Vec<Uuid> {
    let focal = |id: &Uuid| caller.actor.grants.contains(&(Role::FocalPoint, Scope::Organisation(*id)));
    organisations_of(&caller.actor).into_iter().filter(focal).collect()
}

/// What the organisations that the reader answers for have said of their places.
#[utoipa::path(get, path = "/api/referrals/capacities", tag = "referrals",
    responses((status = 200, body = Page<CapacitySaid>), (status = 401), (status = 403)))]
pub(super) async fn capacities(Given(ctx): Shared, caller: Caller) -> Result<Json<Page<CapacitySaid>>, Problem> {
    caller.allow(RegionAction::UseDirectory)?;
    let mut conn = ctx.db.read().await?;
    let said = store::capacities(&mut conn).await?;
    let own = directory::organisations_named(&mut conn, &answers_for(&caller)).await?;
    let said_by = |id: Uuid| said.iter().find(|(of, _, _)| *of == id);
    let items = own.into_iter().map(|organisation| CapacitySaid {
        capacity: said_by(organisation.id).map(|(_, capacity, _)| *capacity),
        at: said_by(organisation.id).map(|(_, _, at)| rfc3339(*at)),
        organisation: organisation.into(),
    });
    Ok(Json(Page::whole(items.collect())))
}

/// How many children an organisation can take on.
#[derive(Deserialize, ToSchema)]
#[schema(as = ReferralCapacityWish)]
pub(super) struct Said {
    organisation: Uuid,
    capacity: Capacity,
}

/// Says how many children an organisation can take on: for who answers for it. It is taken for true for two weeks.
#[utoipa::path(put, path = "/api/referrals/capacities", tag = "referrals", request_body = Said,
    responses((status = 204), (status = 401), (status = 403), (status = 422)))]
pub(super) async fn say_capacity(
    Given(ctx): Shared,
    caller: Caller,
    Json(Said { organisation, capacity }): Json<Said>,
) -> Result<StatusCode, Problem> {
    caller.allow(RegionAction::UseDirectory)?;
    if !answers_for(&caller).contains(&organisation) {
        return Err(Problem::forbidden());
    }
    let (by, at, db) = (caller.account(), ctx.now(), ctx.db.clone());
    let done: db::Result<()> = db
        .write(async move |tx| {
            store::say_capacity(tx, organisation, capacity, by, at).await?;
            let (target, detail) = (format!("organisation:{organisation}"), format!("capacity={}", capacity.as_str()));
            audit::record(tx, Act { at, actor: Some(by), what: "referral.capacity", target, detail }).await
        })
        .await;
    done?;
    Ok(StatusCode::NO_CONTENT)
}
