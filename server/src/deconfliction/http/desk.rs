//! What somebody can do here, and the lists that cards are written with.

use axum::extract::State as Given;
use serde::Serialize;
use utoipa::ToSchema;

use super::super::comparing::BASES;
use super::super::facets::{
    AGES, ANSWERS, CONTROL, COOPERATION, CORRIDORS, EXPLOITATION, RECRUITMENT, ROUTE, STAGES, Shares, VICTIMS,
};
use super::super::model::CARDS_A_DAY;
use super::super::store;
use super::{Organisation, Table, houses_of};
use crate::access::RegionAction;
use crate::access::cards::{can_match, makes_cards, matches_values};
use crate::base::clock::DAY;
use crate::base::http::{Json, Problem};
use crate::identity::Caller;

/// An organisation that cards can be made for.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CardHolder)]
struct Holder {
    #[serde(flatten)]
    organisation: Organisation,
    /// How many more cards may be made or changed today.
    left_today: i64,
}

/// The lists of codes.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CardCodes)]
struct Codes {
    stage: Vec<&'static str>,
    exploitation: Vec<&'static str>,
    recruitment: Vec<&'static str>,
    control: Vec<&'static str>,
    /// Countries that a route leads from, through or to.
    route: Vec<&'static str>,
    corridor: Vec<&'static str>,
    victims: Vec<&'static str>,
    /// For children, money and online.
    answers: Vec<&'static str>,
    ages: Vec<&'static str>,
    cooperation: Vec<&'static str>,
    /// What a comparison can rest on.
    basis: Vec<&'static str>,
}

/// What somebody can do here.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CardDesk)]
pub(super) struct Desk {
    /// Organisations that they may make cards for.
    holders: Vec<Holder>,
    /// Organisations that they may compare values for.
    comparing: Vec<Organisation>,
    /// Those that can be asked to compare; none for who may not.
    partners: Vec<Organisation>,
    codes: Codes,
}

fn of(shares: Shares) -> Vec<&'static str> {
    shares.iter().map(|(code, _)| *code).collect()
}

/// What the reader can do with cards and comparisons, and the lists of codes.
#[utoipa::path(get, path = "/api/card-desk", tag = "deconfliction", responses((status = 200, body = Desk), (status = 401), (status = 403)))]
pub(super) async fn show(Given(Table { ctx, .. }): Given<Table>, caller: Caller) -> Result<Json<Desk>, Problem> {
    caller.allow(RegionAction::UseDirectory)?;
    let mut conn = ctx.db.read().await?;
    let houses = houses_of(&mut conn, &caller).await?;
    let (mut holders, mut comparing) = (Vec::new(), Vec::new());
    for house in houses {
        let rules = house.as_house();
        if makes_cards(&caller.actor, &rules) {
            let taken = store::taken(&mut conn, house.id, ctx.now() / DAY).await?;
            holders.push(Holder { organisation: house.clone().into(), left_today: (CARDS_A_DAY - taken).max(0) });
        }
        if matches_values(&caller.actor, &rules) {
            comparing.push(Organisation::from(house));
        }
    }
    let partners = if comparing.is_empty() { Vec::new() } else { store::matching_houses(&mut conn).await? };
    let is_other = |id| comparing.iter().all(|own| own.id != id);
    let partners =
        partners.into_iter().filter(|house| can_match(&house.as_house()) && is_other(house.id)).map(Into::into).collect();
    let codes = Codes {
        stage: STAGES.to_vec(),
        exploitation: of(EXPLOITATION),
        recruitment: of(RECRUITMENT),
        control: of(CONTROL),
        route: of(ROUTE),
        corridor: of(CORRIDORS),
        victims: of(VICTIMS),
        answers: ANSWERS.to_vec(),
        ages: of(AGES),
        cooperation: COOPERATION.to_vec(),
        basis: BASES.to_vec(),
    };
    Ok(Json(Desk { holders, comparing, partners, codes }))
}
