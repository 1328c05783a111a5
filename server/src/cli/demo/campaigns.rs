//! The demo's campaigns, around the day on which it is made.

use std::collections::HashMap;

use serde::Deserialize;
use uuid::Uuid;

use super::{Failure, People, Person, read};
use crate::base::clock::{DAY, HOUR};
use crate::base::db;
use crate::campaigns::{self, ImportedCampaign, ImportedTies};
use crate::context::Ctx;
use crate::directory;

/// Days of a week; 1970-01-01 was the fourth of one.
const WEEK: i64 = 7;
const TO_MONDAY: i64 = 3;
/// Days that people think about a campaign before it begins.
const THOUGHT: i64 = 45;

#[derive(Deserialize)]
struct Campaign {
    key: String,
    by: String,
    lead: String,
    partners: Vec<String>,
    people: Vec<String>,
    capacity_confirmed_by: Option<String>,
    start_week: i64,
    weeks: i64,
    adapts_practice: Option<String>,
    #[serde(flatten)]
    said: ImportedCampaign,
}

#[derive(Deserialize)]
struct Listed {
    organisations: Vec<Organisation>,
}

#[derive(Deserialize)]
struct Organisation {
    name: String,
    country: Option<String>,
}

/// Plans what people plan together.
pub(super) async fn fill(
    ctx: &Ctx,
    persons: &[Person],
    people: &People,
    practices: &HashMap<String, Uuid>,
) -> Result<(), Failure> {
    let campaigns: Vec<Campaign> = read("campaigns.json")?;
    let organisations = organisations(ctx).await?;
    for campaign in campaigns {
        let key = campaign.key.clone();
        let wrong = |what: &str| Failure::new(format!("the demo's campaign {key}: {what}"));
        let mut ties =
            ties(ctx.now(), persons, people, &organisations, &campaign).ok_or_else(|| wrong("somebody isn't there"))?;
        ties.practice = campaign.adapts_practice.as_ref().and_then(|key| practices.get(key)).copied();
        let (said, inner) = (campaign.said, ctx.clone());
        let stored: db::Result<Result<Uuid, &'static str>> =
            ctx.db.write(async move |tx| campaigns::import_campaign(tx, &inner, said.clone(), ties.clone()).await).await;
        stored?.map_err(wrong)?;
    }
    Ok(())
}

/// The organisations of the demo's directory by name.
async fn organisations(ctx: &Ctx) -> Result<HashMap<String, Uuid>, Failure> {
    let listed: Listed = read("directory.json")?;
    let mut found = HashMap::new();
    let mut conn = ctx.db.read().await?;
    for Organisation { name, country } in listed.organisations {
        if let Some(id) = directory::organisation_by_name(&mut conn, &name, country.as_deref()).await? {
            found.insert(name, id);
        }
    }
    Ok(found)
}

/// Who and when; `None` if somebody isn't there.
fn ties(
    now: i64,
    persons: &[Person],
    people: &People,
    organisations: &HashMap<String, Uuid>,
    campaign: &Campaign,
) -> Option<ImportedTies> {
    let account = |handle: &str| people.get(handle).map(|(id, _)| *id);
    let by = account(&campaign.by)?;
    let helpline = |handle: &String| {
        let home = persons.iter().find(|person| person.handle == *handle)?.organisation.as_str();
        Some((account(handle)?, *organisations.get(home)?))
    };
    let capacity = match &campaign.capacity_confirmed_by {
        Some(handle) => Some(helpline(handle)?),
        None => None,
    };
    let country = campaign.said.countries.first().map(|code| code.to_lowercase()).unwrap_or_default();
    let tenders = [format!("moderator.{country}"), "moderator.region".to_owned()];
    let first = (now.div_euclid(DAY) + TO_MONDAY).div_euclid(WEEK) * WEEK - TO_MONDAY + campaign.start_week * WEEK;
    let began = now.min(first * DAY) - THOUGHT * DAY;
    Some(ImportedTies {
        by,
        organisation: Some(*organisations.get(&campaign.lead)?),
        partners: campaign.partners.iter().map(|name| organisations.get(name).copied()).collect::<Option<_>>()?,
        people: campaign.people.iter().map(|handle| account(handle)).collect::<Option<_>>()?,
        approver: tenders
            .iter()
            .filter(|handle| **handle != campaign.by && !campaign.people.contains(handle))
            .find_map(|handle| account(handle))?,
        capacity,
        practice: None,
        days: Some((first, first + campaign.weeks * WEEK - 1)),
        at: (began, (now - HOUR).min((first + 2) * DAY).max(began + DAY)),
    })
}
