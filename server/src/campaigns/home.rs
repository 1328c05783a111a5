//! What a person must know of campaigns this week.

use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::codes::{COUNTRIES, bits};
use super::dates::day_of;
use super::model::State;
use super::store::{self, Card, Filter, Reader};
use super::views::{CardView, cards};
use super::whole::helplines;
use crate::access::Actor;
use crate::base::db::Result;
use crate::context::Ctx;

/// Campaigns told of each kind.
const TOLD: i64 = 10;
/// Days before the first one on which it is time to begin.
const SOON: i64 = 14;

/// A campaign that waits for this person.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = CampaignWaiting)]
pub struct Waiting {
    campaign: CardView,
    /// For what: `approve`, `answer` (for a helpline), `plan`, `pretest`, `start`, `resume`, `end` or `evaluate`.
    what: &'static str,
}

/// Campaigns of this week.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = CampaignsAtHome)]
pub struct Home {
    /// Running in this person's country.
    running: Vec<CardView>,
    /// Those that wait for a step of this person's.
    waiting: Vec<Waiting>,
}

/// What this person must know of campaigns this week.
pub async fn for_home(ctx: &Ctx, actor: &Actor) -> Result<Home> {
    if !actor.is_confirmed() {
        return Ok(Home { running: Vec::new(), waiting: Vec::new() });
    }
    let (reader, today) = (Reader::of(actor), day_of(ctx.now()));
    let mut conn = ctx.db.read().await?;
    let countries = bits(actor.country.as_slice(), &COUNTRIES).unwrap_or_default();
    let filter = Filter { countries, ..Filter::default() };
    let running = store::column(&mut conn, &reader, &filter, State::Running.as_str(), None, TOLD).await?;
    let mut waiting: Vec<(Card, &'static str)> = Vec::new();
    for card in store::waiting(&mut conn, &reader, TOLD).await? {
        waiting.extend(step(&card, actor.account, today).map(|what| (card, what)));
    }
    let spoken_for = helplines(&mut conn, actor).await?;
    let answered = spoken_for.iter().fold(0, |all, (_, country)| all | bits(country.as_slice(), &COUNTRIES).unwrap_or_default());
    for card in store::unanswered(&mut conn, &reader, answered, TOLD).await? {
        if !waiting.iter().any(|(known, _)| known.id == card.id) {
            waiting.push((card, "answer"));
        }
    }
    let (rows, whats): (Vec<Card>, Vec<&'static str>) = waiting.into_iter().unzip();
    let rows = cards(&mut conn, ctx, &reader, rows).await?;
    let waiting = rows.into_iter().zip(whats).map(|(campaign, what)| Waiting { campaign, what }).collect();
    Ok(Home { running: cards(&mut conn, ctx, &reader, running).await?, waiting })
}

/// What a campaign waits for from this person, today.
fn step(card: &Card, reader: Uuid, today: i64) -> Option<&'static str> {
    let (begins, ends) = (card.first_day.unwrap_or(i64::MAX), card.last_day.unwrap_or(i64::MAX));
    let soon = begins <= today + SOON;
    match State::of(&card.state)? {
        State::Planned if card.stage == 1 => (card.author != reader).then_some("approve"),
        State::Planned if soon => Some("plan"),
        State::Approved => Some("pretest"),
        State::Pretested if soon => Some("start"),
        State::Paused => Some("resume"),
        State::Running if ends < today => Some("end"),
        State::Ended => Some("evaluate"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ME: Uuid = Uuid::from_u128(1);

    fn card(state: State, reach: i64, first_day: i64, last_day: i64) -> Card {
        Card {
            id: Uuid::from_u128(2),
            title: "t".into(),
            language: "en".into(),
            state: state.as_str().into(),
            stage: reach,
            marking: "green".into(),
            theme: "forced-begging".into(),
            aim: "inform".into(),
            countries: 1,
            ages: 1,
            settings: 0,
            first_day: Some(first_day),
            last_day: Some(last_day),
            author: ME,
            organisation: None,
            organisation_name: None,
            created_at: 0,
            changed_at: 0,
        }
    }

    #[test]
    fn what_waits_is_named_in_time_and_to_the_right_person() {
        let told = |state, reach, first, last, reader| step(&card(state, reach, first, last), reader, 100);
        assert_eq!(told(State::Planned, 0, 115, 130, ME), None);
        assert_eq!(told(State::Planned, 0, 114, 130, ME), Some("plan"));
        assert_eq!(told(State::Planned, 1, 200, 230, ME), None);
        assert_eq!(told(State::Planned, 1, 200, 230, Uuid::nil()), Some("approve"));
        assert_eq!(told(State::Approved, 2, 200, 230, ME), Some("pretest"));
        assert_eq!(told(State::Pretested, 2, 100, 130, ME), Some("start"));
        assert_eq!(told(State::Running, 2, 10, 100, ME), None);
        assert_eq!(told(State::Running, 2, 10, 99, ME), Some("end"));
        assert_eq!(told(State::Ended, 2, 10, 20, ME), Some("evaluate"));
        assert_eq!(told(State::Archived, 2, 10, 20, ME), None);
    }
}
