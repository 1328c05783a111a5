//! Practices of a bulk load: the demo's and the benchmark's. They come with all that has become of them, and nobody is told.

use serde::Deserialize;
use uuid::Uuid;

use super::acts;
use super::model::{Adaptation, Content, Material, Test, Tests, Translated};
use super::shelf::Shelf;
use super::states::{REVIEW_AFTER, State};
use super::store::{self, NewHarm, NewPractice, NewReview, NewTranslation, Step, StepRow, UseRow, VersionRow};
use crate::base::clock::DAY;
use crate::base::db::{Result, Tx};
use crate::context::Ctx;

/// What a practice of a bulk load says, as a text writer delivers it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Texts {
    language: String,
    countries: Vec<String>,
    places: Vec<String>,
    title: String,
    summary: String,
    problem: String,
    theory: String,
    ages: Vec<String>,
    settings: Vec<String>,
    stage: String,
    pillar: String,
    themes: Vec<String>,
    from: String,
    to: Option<String>,
    steps: Vec<String>,
    staff: String,
    cost: String,
    equipment: String,
    participation: String,
    safeguarding: String,
    inclusion: String,
    monitoring: String,
    results: String,
    limits: String,
    side_effects: String,
    conditions: String,
    sources: Vec<String>,
    tests: std::collections::HashMap<String, (String, String)>,
    materials: Vec<Written>,
    adaptation: Option<Adapted>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
struct Written {
    title: String,
    licence: String,
    languages: Vec<String>,
    note: String,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
struct Adapted {
    kept: String,
    changed: String,
    dropped: String,
    why: String,
    result: String,
}

impl Texts {
    fn content(self, partners: &[Uuid]) -> Content {
        let test = |name: &str| {
            let (verdict, note) = self.tests.get(name).cloned().unwrap_or_default();
            Test { verdict, note }
        };
        let tests = Tests {
            effective: test("effective"),
            sustainable: test("sustainable"),
            gender_sensitive: test("gender_sensitive"),
            feasible: test("feasible"),
            participatory: test("participatory"),
            replicable: test("replicable"),
        };
        let material = |Written { title, licence, languages, note }| Material { title, licence, languages, note, file: None };
        let adapted = |Adapted { kept, changed, dropped, why, result }| Adaptation { kept, changed, dropped, why, result };
        Content {
            title: self.title,
            summary: self.summary,
            language: self.language,
            countries: self.countries,
            places: self.places,
            themes: self.themes,
            stage: self.stage,
            pillar: self.pillar,
            ages: self.ages,
            settings: self.settings,
            from: self.from,
            to: self.to.unwrap_or_default(),
            partners: partners.to_vec(),
            contact: None,
            problem: self.problem,
            theory: self.theory,
            steps: self.steps,
            staff: self.staff,
            cost: self.cost,
            equipment: self.equipment,
            participation: self.participation,
            safeguarding: self.safeguarding,
            inclusion: self.inclusion,
            monitoring: self.monitoring,
            results: self.results,
            limits: self.limits,
            side_effects: self.side_effects,
            conditions: self.conditions,
            sources: self.sources,
            tests,
            materials: self.materials.into_iter().map(material).collect(),
            adaptation: self.adaptation.map(adapted),
        }
    }
}

/// A review of a bulk load.
#[derive(Clone, Debug)]
pub struct ImportedReview {
    /// Whose.
    pub by: Uuid,
    /// The level proposed.
    pub level: u8,
    /// Why.
    pub note: String,
}

/// A translation of a bulk load.
#[derive(Clone, Debug)]
pub struct ImportedTranslation {
    /// Into which language.
    pub language: String,
    /// What it says, as the fields of a practice are called.
    pub fields: serde_json::Value,
    /// Whether the original has gone on since.
    pub behind: bool,
    /// Who translated it.
    pub translator: Uuid,
    /// Who has read it beside the original.
    pub checked_by: Option<Uuid>,
}

/// Somebody has used it.
#[derive(Clone, Debug)]
pub struct ImportedUse {
    /// Who.
    pub by: Uuid,
    /// Where.
    pub country: String,
    /// How it went.
    pub note: String,
}

/// A practice of a bulk load.
#[derive(Clone, Debug)]
pub struct ImportedPractice {
    /// Its id; of its parent, if any, an older one.
    pub id: Uuid,
    /// What it says.
    pub texts: Texts,
    /// Its author.
    pub by: Uuid,
    /// Its organisation.
    pub organisation: Option<Uuid>,
    /// Organisations that take part.
    pub partners: Vec<Uuid>,
    /// Its marking.
    pub marking: String,
    /// `draft` to `withdrawn`.
    pub state: String,
    /// Why it was sent back or withdrawn.
    pub reason: Option<String>,
    /// Its level.
    pub level: u8,
    /// A report of harm, and who has reported it.
    pub harm: Option<(Uuid, String)>,
    /// Its reviewers' words.
    pub reviews: Vec<ImportedReview>,
    /// Who else was named to review it.
    pub reviewers: Vec<Uuid>,
    /// What it adapts.
    pub parent: Option<Uuid>,
    /// Its translations.
    pub translations: Vec<ImportedTranslation>,
    /// Who endorses it.
    pub endorsements: Vec<Uuid>,
    /// Who has used it.
    pub uses: Vec<ImportedUse>,
    /// When it was published or last changed (microseconds).
    pub at: i64,
}

/// Stores a practice of a bulk load. The error says what of it can't stand.
pub async fn import(
    tx: &mut Tx,
    ctx: &Ctx,
    shelf: &Shelf,
    practice: &ImportedPractice,
) -> Result<std::result::Result<(), String>> {
    let content = practice.texts.clone().content(&practice.partners).checked();
    let content = match content {
        Ok(content) => content,
        Err(fault) => return Ok(Err(format!("its field {} can't stand", fault.field))),
    };
    let state = State::of(&practice.state, None, 0);
    if state.as_str() != practice.state || state == State::ReviewDue {
        return Ok(Err(format!("there is no state {}", practice.state)));
    }
    let (body, tags) = (serde_json::to_string(&content).unwrap_or_default(), content.tags());
    let begun = NewPractice {
        id: practice.id,
        author: practice.by,
        organisation: practice.organisation,
        marking: &practice.marking,
        language: &content.language,
        title: &content.title,
        summary: &content.summary,
        tags: &tags,
        content: &body,
        parent: practice.parent,
        topic: None,
        at: practice.at,
    };
    store::insert(tx, &begun).await?;
    if !store::put_partners(tx, practice.id, &content.partners).await? {
        return Ok(Err("an organisation that takes part isn't there".into()));
    }
    review(tx, ctx, practice).await?;
    advance(tx, ctx, practice, state, &body).await?;
    follow(tx, practice, state).await?;
    acts::changed(tx, shelf, practice.id, &content, practice.at).await?;
    Ok(Ok(()))
}

/// What its reviewers have said.
async fn review(tx: &mut Tx, ctx: &Ctx, practice: &ImportedPractice) -> Result<()> {
    let (id, at) = (practice.id, practice.at);
    let mut named: Vec<Uuid> =
        practice.reviews.iter().map(|review| review.by).chain(practice.reviewers.iter().copied()).collect();
    named.sort_unstable();
    named.dedup();
    store::name_reviewers(tx, id, &named, None, at - 20 * DAY).await?;
    for review in &practice.reviews {
        let verdict = if practice.state == "revision" { "revise" } else { "publish" };
        let new = NewReview {
            practice: id,
            account: review.by,
            round: 1,
            level: review.level,
            verdict,
            note: &review.note,
            at: at - 2 * DAY,
        };
        store::put_review(tx, &new).await?;
    }
    if let Some((by, what)) = &practice.harm {
        store::insert_harm(tx, &NewHarm { id: ctx.id(), practice: id, by: *by, at, what }).await?;
    }
    Ok(())
}

/// How far it has come.
async fn advance(tx: &mut Tx, ctx: &Ctx, practice: &ImportedPractice, state: State, body: &str) -> Result<()> {
    let (id, at) = (practice.id, practice.at);
    let shared = state.stage() == crate::access::Stage::Shared;
    let behind = i64::from(practice.translations.iter().any(|translation| translation.behind));
    let version = if shared { 1 + behind } else { 0 };
    let step = Step {
        state: state.as_str(),
        reason: practice.reason.as_deref(),
        round: i64::from(state != State::Draft),
        version,
        reviewed_version: i64::from(shared),
        screened_by: None,
        published_at: shared.then_some(at),
        review_due_at: shared.then_some(at + REVIEW_AFTER),
        at,
    };
    store::set_state(tx, id, &step, at).await?;
    let taken = StepRow { at, by_account: practice.by, state: state.as_str().to_owned(), note: practice.reason.clone() };
    store::note_step(tx, ctx.id(), id, &taken).await?;
    for n in 1..=version {
        let version = VersionRow { n, content: body.to_owned(), by_account: practice.by, at: at + (n - 1) * DAY, note: None };
        store::insert_version(tx, id, &version).await?;
    }
    if practice.level > 0 {
        let by = practice.reviews.first().map(|review| review.by);
        store::set_level(tx, id, 0, practice.level, by, at, "").await?;
    }
    Ok(())
}

/// What has become of it.
async fn follow(tx: &mut Tx, practice: &ImportedPractice, state: State) -> Result<()> {
    let (id, at) = (practice.id, practice.at);
    if state.stage() != crate::access::Stage::Shared {
        return Ok(());
    }
    let ahead = practice.translations.iter().any(|translation| translation.behind);
    for translation in &practice.translations {
        let fields: Translated = serde_json::from_value(translation.fields.clone()).unwrap_or_default();
        let new = NewTranslation {
            practice: id,
            language: &translation.language,
            content: &serde_json::to_string(&fields).unwrap_or_default(),
            of_version: if ahead && !translation.behind { 2 } else { 1 },
            translator: translation.translator,
            machine: false,
            checked_by: translation.checked_by,
            at: at + DAY,
        };
        store::put_translation(tx, &new).await?;
    }
    for account in &practice.endorsements {
        store::endorse(tx, id, *account, at + DAY).await?;
    }
    for used in &practice.uses {
        let row = UseRow { account: used.by, country: used.country.clone(), note: used.note.clone(), at: at + DAY };
        store::put_use(tx, id, &row).await?;
    }
    Ok(())
}
