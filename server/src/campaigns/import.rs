//! A bulk load of campaigns: what the demo and the benchmark are made of.

use serde::Deserialize;
use uuid::Uuid;

use super::codes::LICENCES;
use super::indicators::{self, Indicator};
use super::model::{Facts, Pretest, State, Wish, audience_languages, some_of, words};
use super::store::{self, NewMaterial};
use super::whole::Whole;
use super::{found, parent};
use crate::access::ITEM_CEILING;
use crate::access::handling::is_carried;
use crate::base::clock::{Clock, MINUTE};
use crate::base::db::{Result, Tx};
use crate::base::ids;
use crate::context::Ctx;
use crate::library::Shelf;

/// What a campaign of a bulk load says.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct ImportedCampaign {
    /// The language it is planned in.
    pub language: String,
    /// What it is called.
    pub title: String,
    /// Slug.
    pub theme: String,
    /// What it is to bring about.
    pub aim: String,
    /// Why it is needed.
    pub evidence: String,
    /// Age bands.
    pub ages: Vec<String>,
    /// Where its audience is met.
    pub settings: Vec<String>,
    /// Of its audience.
    pub languages: Vec<String>,
    /// What it says.
    pub messages: Vec<String>,
    /// What its audience is to do.
    pub call_to_action: String,
    /// The line that it names.
    pub helpline: Option<String>,
    /// Codes.
    pub countries: Vec<String>,
    /// Towns and districts.
    pub places: Vec<String>,
    /// By what it reaches its audience.
    pub channels: Vec<String>,
    /// Whom its audience believes.
    pub messengers: String,
    /// Cost band.
    pub budget: Option<String>,
    /// How those whom it shows are protected.
    pub safeguarding: String,
    /// People, understood, changed.
    pub pretest: Option<ImportedPretest>,
    /// What it shows and hands out.
    pub materials: Vec<ImportedMaterial>,
    /// What it is measured by.
    pub indicators: Vec<ImportedIndicator>,
    /// How far it has come.
    pub state: String,
    /// What came of it.
    pub results: Option<String>,
    /// How it is to be handled.
    pub marking: String,
    /// Whether a planned one asks for approval.
    pub asked: bool,
}

/// What became of trying it out.
#[derive(Clone, Debug, Deserialize)]
pub struct ImportedPretest {
    /// People who were asked.
    pub people: i64,
    /// How many of a hundred understood.
    pub understood: i64,
    /// What was changed.
    pub changed: String,
}

/// A material.
#[derive(Clone, Debug, Deserialize)]
pub struct ImportedMaterial {
    /// What it is.
    pub title: String,
    /// Of its text.
    pub languages: Vec<String>,
    /// Under which it may be copied.
    pub licence: String,
    /// Whether somebody has approved it.
    pub approved: bool,
}

/// An indicator.
#[derive(Clone, Debug, Deserialize)]
pub struct ImportedIndicator {
    /// What.
    pub kind: String,
    /// Of what.
    pub unit: String,
    /// Before.
    pub baseline: Option<f64>,
    /// Hoped for.
    pub target: Option<f64>,
    /// What came of it.
    pub actual: Option<f64>,
    /// Week and value.
    pub series: Option<Vec<(i64, f64)>>,
}

/// Who and when, by their ids.
#[derive(Clone, Debug)]
pub struct ImportedTies {
    /// Who plans it.
    pub by: Uuid,
    /// For which organisation.
    pub organisation: Option<Uuid>,
    /// Who takes part.
    pub partners: Vec<Uuid>,
    /// Who works on it.
    pub people: Vec<Uuid>,
    /// Who has approved it and its materials.
    pub approver: Uuid,
    /// Who has said for which helpline that it can answer.
    pub capacity: Option<(Uuid, Uuid)>,
    /// The practice it adapts.
    pub practice: Option<Uuid>,
    /// The first day and the last, as days from 1970-01-01.
    pub days: Option<(i64, i64)>,
    /// When it was thought of, and when it changed last (microseconds).
    pub at: (i64, i64),
}

/// Stores a campaign of a bulk load; its id, or the code of what is wrong with it.
pub async fn import_campaign(
    tx: &mut Tx,
    ctx: &Ctx,
    campaign: ImportedCampaign,
    ties: ImportedTies,
) -> Result<std::result::Result<Uuid, &'static str>> {
    match checked(campaign, &ties) {
        Ok(checked) => store_it(tx, ctx, checked, &ties).await.map(Ok),
        Err(code) => Ok(Err(code)),
    }
}

struct Checked {
    facts: Facts,
    marking: String,
    state: State,
    asked: bool,
    pretest: Option<Pretest>,
    indicators: Vec<Indicator>,
    materials: Vec<(NewMaterial, bool)>,
    results: Option<String>,
}

fn checked(it: ImportedCampaign, ties: &ImportedTies) -> std::result::Result<Checked, &'static str> {
    let mut facts = Facts::fresh(Wish {
        title: Some(it.title),
        language: Some(it.language),
        theme: Some(it.theme),
        aim: Some(it.aim),
        countries: Some(it.countries),
        ages: Some(it.ages),
        settings: Some(it.settings),
        evidence: Some(it.evidence),
        languages: Some(it.languages),
        messages: Some(it.messages),
        call_to_action: Some(it.call_to_action),
        helpline: it.helpline,
        places: Some(it.places),
        channels: Some(it.channels),
        messengers: Some(it.messengers),
        budget: it.budget,
        safeguarding: Some(it.safeguarding),
        ..Wish::default()
    })?;
    (facts.days, facts.practice) = (ties.days, ties.practice);
    let indicator = |it: ImportedIndicator| {
        let ImportedIndicator { kind, unit, baseline, target, actual, series } = it;
        Indicator { kind, unit, baseline, target, actual, series: series.unwrap_or_default(), below_five: false }
    };
    let pretest = |it: ImportedPretest| Pretest { people: it.people, understood: it.understood, changed: it.changed }.checked();
    let material = |it: ImportedMaterial| {
        let new = NewMaterial {
            id: ids::make(Clock::Fixed(ties.at.0)),
            title: it.title,
            languages: audience_languages(it.languages)?.join(" "),
            licence: some_of(&[it.licence], &LICENCES)?.concat(),
            permission: String::new(),
            file: None,
            by: ties.by,
            at: ties.at.0,
        };
        Ok((new, it.approved))
    };
    Ok(Checked {
        facts,
        marking: Some(it.marking).filter(|marking| is_carried(marking, ITEM_CEILING)).ok_or("marking_unknown")?,
        state: State::of(&it.state).ok_or("tag_unknown")?,
        asked: it.asked,
        pretest: it.pretest.map(pretest).transpose()?,
        indicators: indicators::checked(it.indicators.into_iter().map(indicator).collect())?,
        materials: it.materials.into_iter().map(material).collect::<std::result::Result<_, &'static str>>()?,
        results: it.results.as_deref().map(words).transpose()?,
    })
}

async fn store_it(tx: &mut Tx, ctx: &Ctx, it: Checked, ties: &ImportedTies) -> Result<Uuid> {
    let (began, changed) = ties.at;
    let id = ids::make(Clock::Fixed(began));
    store::insert(tx, id, &it.facts, &it.marking, (ties.by, ties.organisation), began).await?;
    store::set_partners(tx, id, &ties.partners).await?;
    store::set_people(tx, id, &ties.people).await?;
    store::set_indicators(tx, id, &it.indicators).await?;
    for (material, approved) in &it.materials {
        store::insert_material(tx, id, material).await?;
        if *approved {
            store::approve_material(tx, material.id, ties.approver, changed).await?;
        }
    }
    if let Some(pretest) = &it.pretest {
        store::set_pretest(tx, id, pretest).await?;
    }
    if let Some((by, organisation)) = ties.capacity {
        store::confirm_capacity(tx, id, (by, organisation), changed, "").await?;
    }
    if let Some(results) = &it.results {
        store::set_results(tx, id, results).await?;
    }
    let shared = !it.state.is_open();
    if shared {
        store::settle(tx, id, ties.approver, changed, None).await?;
    } else if it.asked {
        store::asks(tx, id, Some((ties.by, changed))).await?;
    }
    let stage = if shared { 2 } else { i64::from(it.asked) };
    store::set_state(tx, id, (State::Idea, it.state), stage, changed).await?;
    // How it came there, in as many steps as there are between the two times.
    let way: Vec<State> = State::ALL.into_iter().filter(|state| *state <= it.state && *state != State::Paused).collect();
    for (n, state) in (0_i64..).zip(way) {
        let by = if state == State::Approved { ties.approver } else { ties.by };
        let at = (began + (changed - began) * n / 9).max(began + n * MINUTE);
        store::note_step(tx, id, by, state, at).await?;
    }
    found::keep(tx, id).await?;
    if let Some(whole) = Whole::load(tx, id).await?.filter(|whole| whole.state >= State::Evaluated) {
        parent::learns(tx, ctx, &Shelf::default(), &whole, ties.by).await?;
    }
    Ok(id)
}
