//! What a good practice says: the template (FAO 2015, EUCPN), its closed lists and limits. Pure.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::base::text;
use crate::vocabulary::{is_country, is_theme};

/// Where in prevention, protection or prosecution it belongs.
pub(super) const STAGES: [&str; 7] =
    ["primary", "secondary", "tertiary", "identification", "protection", "prosecution", "partnership"];
/// Pillars of a national referral mechanism (ODIHR 2022).
pub(super) const PILLARS: [&str; 4] = ["identification", "support", "inclusion", "justice"];
/// Whom it is for, by age.
pub(super) const AGES: [&str; 6] = ["0-5", "6-9", "10-13", "14-15", "16-17", "adults"];
/// Where they are met.
pub(super) const SETTINGS: [&str; 10] =
    ["school", "street", "family", "institution", "reception", "online", "border", "community", "workplace", "professionals"];
/// Languages that practices are written in.
pub(super) const LANGUAGES: [&str; 12] = ["en", "fr", "sq", "bs", "hr", "cnr", "sr-Latn", "sr-Cyrl", "bg", "mk", "ro", "el"];
/// What it costs a year: below 5,000 EUR, below 50,000, more.
const COSTS: [&str; 3] = ["low", "medium", "high"];
const VERDICTS: [&str; 3] = ["yes", "partly", "no"];
const LICENCES: [&str; 5] = ["cc-by", "cc-by-sa", "cc-by-nc", "own", "ask"];

/// Characters of a title at most.
pub(super) const TITLE_MAX: usize = 120;
/// Characters of the summary at most.
pub(super) const SUMMARY_MAX: usize = 300;
/// Characters of a long field at most.
pub(super) const TEXT_MAX: usize = 4_000;
/// Characters of a step, a source or a note at most.
pub(super) const LINE_MAX: usize = 600;
/// Entries of a list at most.
pub(super) const LIST_MAX: usize = 16;
/// Signs from which on a field says enough to be a description.
const ENOUGH: usize = 80;
/// Steps from which on it can be repeated.
const STEPS_ENOUGH: usize = 3;

/// A test of the FAO's template.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
#[schema(as = PracticeTest)]
pub(super) struct Test {
    /// `yes`, `partly`, `no`, or empty while nobody has said.
    pub(super) verdict: String,
    /// Why.
    pub(super) note: String,
}

/// The six tests of the FAO's template.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
#[schema(as = PracticeTests)]
pub(super) struct Tests {
    pub(super) effective: Test,
    pub(super) sustainable: Test,
    pub(super) gender_sensitive: Test,
    pub(super) feasible: Test,
    pub(super) participatory: Test,
    pub(super) replicable: Test,
}

impl Tests {
    fn each(&mut self) -> [&mut Test; 6] {
        [
            &mut self.effective,
            &mut self.sustainable,
            &mut self.gender_sensitive,
            &mut self.feasible,
            &mut self.participatory,
            &mut self.replicable,
        ]
    }
}

/// Something to work with: a leaflet, a manual, a film.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
#[schema(as = PracticeMaterial)]
pub(super) struct Material {
    pub(super) title: String,
    /// `cc-by`, `cc-by-sa`, `cc-by-nc`, `own` or `ask`.
    pub(super) licence: String,
    pub(super) languages: Vec<String>,
    pub(super) note: String,
    /// The file, where there is one.
    pub(super) file: Option<Uuid>,
}

/// What became of the practice that this one adapts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
#[schema(as = PracticeAdaptation)]
pub(super) struct Adaptation {
    pub(super) kept: String,
    pub(super) changed: String,
    pub(super) dropped: String,
    pub(super) why: String,
    pub(super) result: String,
}

/// The template, filled in. What is not said is empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
#[schema(as = PracticeContent)]
pub(super) struct Content {
    /// A line of at most 120 characters.
    pub(super) title: String,
    /// One sentence of at most 300.
    pub(super) summary: String,
    /// The language it is written in: `en`, `fr`, `sq`, `bs`, `hr`, `cnr`, `sr-Latn`, `sr-Cyrl`, `bg`, `mk`, `ro` or `el`.
    pub(super) language: String,
    /// Codes of the countries it was done in.
    pub(super) countries: Vec<String>,
    pub(super) places: Vec<String>,
    /// Slugs of the vocabulary.
    pub(super) themes: Vec<String>,
    /// `primary`, `secondary`, `tertiary`, `identification`, `protection`, `prosecution` or `partnership`.
    pub(super) stage: String,
    /// `identification`, `support`, `inclusion` or `justice`.
    pub(super) pillar: String,
    /// `0-5`, `6-9`, `10-13`, `14-15`, `16-17`, `adults`.
    pub(super) ages: Vec<String>,
    /// `school`, `street`, `family`, `institution`, `reception`, `online`, `border`, `community`, `workplace`, `professionals`.
    pub(super) settings: Vec<String>,
    /// The month it began, as in `2021-09`.
    pub(super) from: String,
    /// The month it ended; empty: it goes on.
    pub(super) to: String,
    /// Organisations that take part beside its own.
    pub(super) partners: Vec<Uuid>,
    /// The organisation to ask; its own when not named.
    pub(super) contact: Option<Uuid>,
    pub(super) problem: String,
    /// Why it should work.
    pub(super) theory: String,
    pub(super) steps: Vec<String>,
    pub(super) staff: String,
    /// `low`, `medium` or `high`: below 5,000 EUR a year, below 50,000, more.
    pub(super) cost: String,
    pub(super) equipment: String,
    /// How children take part.
    pub(super) participation: String,
    /// Rights and safeguarding.
    pub(super) safeguarding: String,
    /// Gender, minorities, disability.
    pub(super) inclusion: String,
    pub(super) monitoring: String,
    pub(super) results: String,
    /// Its limits, and what went wrong.
    pub(super) limits: String,
    pub(super) side_effects: String,
    /// What must be there to adapt it.
    pub(super) conditions: String,
    pub(super) sources: Vec<String>,
    pub(super) tests: Tests,
    pub(super) materials: Vec<Material>,
    /// For one that adapts another.
    pub(super) adaptation: Option<Adaptation>,
}

/// A field that can't stand as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Fault {
    /// Its name on the wire.
    pub(super) field: &'static str,
    /// Characters or entries at most, where that is why.
    pub(super) limit: Option<usize>,
}

impl Fault {
    fn of(field: &'static str) -> Self {
        Self { field, limit: None }
    }
}

impl Content {
    /// As it is stored: trimmed, its codes known, its lists without repetition.
    ///
    /// # Errors
    /// The first field that can't stand.
    pub(super) fn checked(mut self) -> Result<Self, Fault> {
        self.title = text::line(&self.title, TITLE_MAX).ok_or(Fault { field: "title", limit: Some(TITLE_MAX) })?;
        self.summary = several(&self.summary, "summary", SUMMARY_MAX)?;
        for (field, what) in self.long() {
            *what = several(what, field, TEXT_MAX)?;
        }
        for (field, list) in [("places", &mut self.places), ("steps", &mut self.steps), ("sources", &mut self.sources)] {
            *list = lines(list, field)?;
        }
        for test in self.tests.each() {
            test.note = several(&test.note, "tests", LINE_MAX)?;
            among("tests", &test.verdict, &VERDICTS)?;
        }
        self.materials = std::mem::take(&mut self.materials).into_iter().map(Material::checked).collect::<Result<_, _>>()?;
        if self.materials.len() > LIST_MAX {
            return Err(Fault { field: "materials", limit: Some(LIST_MAX) });
        }
        self.adaptation = self.adaptation.take().map(Adaptation::checked).transpose()?;
        self.known()?;
        Ok(self)
    }

    /// Looks at the codes.
    fn known(&mut self) -> Result<(), Fault> {
        if !LANGUAGES.contains(&self.language.as_str()) {
            return Err(Fault::of("language"));
        }
        among("stage", &self.stage, &STAGES)?;
        among("pillar", &self.pillar, &PILLARS)?;
        among("cost", &self.cost, &COSTS)?;
        every("countries", &mut self.countries, is_country)?;
        every("themes", &mut self.themes, is_theme)?;
        every("ages", &mut self.ages, |code| AGES.contains(&code))?;
        every("settings", &mut self.settings, |code| SETTINGS.contains(&code))?;
        self.partners.sort_unstable();
        self.partners.dedup();
        if self.partners.len() > LIST_MAX {
            return Err(Fault { field: "partners", limit: Some(LIST_MAX) });
        }
        if [&self.from, &self.to].into_iter().any(|month| !month.is_empty() && !is_month(month)) {
            return Err(Fault::of("from"));
        }
        if !self.to.is_empty() && self.to < self.from { Err(Fault::of("to")) } else { Ok(()) }
    }

    /// The long fields, by their names.
    fn long(&mut self) -> [(&'static str, &mut String); 13] {
        [
            ("problem", &mut self.problem),
            ("theory", &mut self.theory),
            ("staff", &mut self.staff),
            ("equipment", &mut self.equipment),
            ("participation", &mut self.participation),
            ("safeguarding", &mut self.safeguarding),
            ("inclusion", &mut self.inclusion),
            ("monitoring", &mut self.monitoring),
            ("results", &mut self.results),
            ("limits", &mut self.limits),
            ("side_effects", &mut self.side_effects),
            ("conditions", &mut self.conditions),
            ("title", &mut self.title),
        ]
    }

    /// Every text in it that a person has written, with the name of its field.
    pub(super) fn texts(&self) -> Vec<(&'static str, &str)> {
        let mut texts = vec![
            ("title", self.title.as_str()),
            ("summary", &self.summary),
            ("problem", &self.problem),
            ("theory", &self.theory),
            ("staff", &self.staff),
            ("equipment", &self.equipment),
            ("participation", &self.participation),
            ("safeguarding", &self.safeguarding),
            ("inclusion", &self.inclusion),
            ("monitoring", &self.monitoring),
            ("results", &self.results),
            ("limits", &self.limits),
            ("side_effects", &self.side_effects),
            ("conditions", &self.conditions),
        ];
        let lists = [("places", &self.places), ("steps", &self.steps), ("sources", &self.sources)];
        texts.extend(lists.into_iter().flat_map(|(field, list)| list.iter().map(move |each| (field, each.as_str()))));
        let asked = &self.tests;
        let answers = [
            &asked.effective,
            &asked.sustainable,
            &asked.gender_sensitive,
            &asked.feasible,
            &asked.participatory,
            &asked.replicable,
        ];
        texts.extend(answers.into_iter().map(|answer| ("tests", answer.note.as_str())));
        texts.extend(self.materials.iter().flat_map(|each| [("materials", each.title.as_str()), ("materials", &each.note)]));
        if let Some(adaptation) = &self.adaptation {
            texts.extend(adaptation.texts().into_iter().map(|text| ("adaptation", text)));
        }
        texts.retain(|(_, text)| !text.is_empty());
        texts
    }

    /// The files of its materials.
    pub(super) fn files(&self) -> Vec<Uuid> {
        self.materials.iter().filter_map(|material| material.file).collect()
    }

    /// What must be said before it can be handed in: the first field that is missing.
    pub(super) fn missing(&self) -> Option<&'static str> {
        [
            ("summary", self.summary.is_empty()),
            ("problem", self.problem.is_empty()),
            ("countries", self.countries.is_empty()),
            ("themes", self.themes.is_empty()),
            ("stage", self.stage.is_empty()),
            ("safeguarding", self.safeguarding.is_empty()),
            ("limits", self.limits.is_empty()),
        ]
        .into_iter()
        .find_map(|(field, is_missing)| is_missing.then_some(field))
    }

    /// What of EUCPN's minimum it meets.
    pub(super) fn minimum(&self) -> Minimum {
        let said = |text: &str| text.chars().count() >= ENOUGH;
        let evaluated = said(&self.results) && matches!(self.tests.effective.verdict.as_str(), "yes" | "partly");
        Minimum {
            problem: said(&self.problem),
            mechanism: said(&self.theory),
            outcome: evaluated || said(&self.theory) && said(&self.monitoring),
            repeatable: self.steps.len() >= STEPS_ENOUGH && !self.staff.is_empty() && !self.cost.is_empty(),
        }
    }

    /// What it is found by, such as `country:AL stage:primary`.
    pub(super) fn tags(&self) -> String {
        let many = [("country", &self.countries), ("theme", &self.themes), ("age", &self.ages), ("setting", &self.settings)];
        let one = [("stage", &self.stage), ("pillar", &self.pillar), ("language", &self.language)];
        let many = many.into_iter().flat_map(|(kind, codes)| codes.iter().map(move |code| format!("{kind}:{code}")));
        let one = one.into_iter().filter(|(_, code)| !code.is_empty()).map(|(kind, code)| format!("{kind}:{code}"));
        many.chain(one).collect::<Vec<_>>().join(" ")
    }
}

impl Material {
    fn checked(mut self) -> Result<Self, Fault> {
        self.title = text::line(&self.title, TITLE_MAX).ok_or(Fault { field: "materials", limit: Some(TITLE_MAX) })?;
        self.note = several(&self.note, "materials", LINE_MAX)?;
        among("materials", &self.licence, &LICENCES)?;
        every("materials", &mut self.languages, |code| LANGUAGES.contains(&code))?;
        Ok(self)
    }
}

impl Adaptation {
    fn checked(mut self) -> Result<Self, Fault> {
        for what in [&mut self.kept, &mut self.changed, &mut self.dropped, &mut self.why, &mut self.result] {
            *what = several(what, "adaptation", TEXT_MAX)?;
        }
        Ok(self)
    }

    fn texts(&self) -> [&str; 5] {
        [&self.kept, &self.changed, &self.dropped, &self.why, &self.result]
    }
}

/// What EUCPN asks of every practice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = PracticeMinimum)]
#[expect(clippy::struct_excessive_bools, reason = "a list to tick off")]
pub(super) struct Minimum {
    /// The problem is clear.
    pub(super) problem: bool,
    /// So is why it should work.
    pub(super) mechanism: bool,
    /// Its outcome was evaluated, or is plausible and watched.
    pub(super) outcome: bool,
    /// It says enough to be repeated.
    pub(super) repeatable: bool,
}

/// The fields that are translated.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
#[schema(as = PracticeTranslationContent)]
pub(super) struct Translated {
    pub(super) title: String,
    pub(super) summary: String,
    pub(super) problem: String,
    pub(super) theory: String,
    pub(super) results: String,
    pub(super) limits: String,
    pub(super) conditions: String,
}

impl Translated {
    /// As it is stored.
    ///
    /// # Errors
    /// The first field that can't stand.
    pub(super) fn checked(mut self) -> Result<Self, Fault> {
        self.title = text::line(&self.title, TITLE_MAX).ok_or(Fault { field: "title", limit: Some(TITLE_MAX) })?;
        self.summary = several(&self.summary, "summary", SUMMARY_MAX)?;
        if self.summary.is_empty() {
            return Err(Fault::of("summary"));
        }
        for (field, what) in [
            ("problem", &mut self.problem),
            ("theory", &mut self.theory),
            ("results", &mut self.results),
            ("limits", &mut self.limits),
            ("conditions", &mut self.conditions),
        ] {
            *what = several(what, field, TEXT_MAX)?;
        }
        Ok(self)
    }

    /// Its texts, with the names of their fields.
    pub(super) fn texts(&self) -> [(&'static str, &str); 7] {
        [
            ("title", &self.title),
            ("summary", &self.summary),
            ("problem", &self.problem),
            ("theory", &self.theory),
            ("results", &self.results),
            ("limits", &self.limits),
            ("conditions", &self.conditions),
        ]
    }
}

/// Several lines of at most `max` characters.
pub(super) fn several(text: &str, field: &'static str, max: usize) -> Result<String, Fault> {
    let text = text::unified(text).trim().to_owned();
    if text::has_controls(&text) {
        return Err(Fault::of(field));
    }
    if text.chars().count() > max { Err(Fault { field, limit: Some(max) }) } else { Ok(text) }
}

fn lines(list: &[String], field: &'static str) -> Result<Vec<String>, Fault> {
    let list: Vec<String> = list.iter().map(|each| several(each, field, LINE_MAX)).collect::<Result<_, _>>()?;
    let list: Vec<String> = list.into_iter().filter(|each| !each.is_empty()).collect();
    if list.len() > LIST_MAX { Err(Fault { field, limit: Some(LIST_MAX) }) } else { Ok(list) }
}

/// One of a closed list, or nothing yet.
fn among(field: &'static str, code: &str, known: &[&str]) -> Result<(), Fault> {
    if code.is_empty() || known.contains(&code) { Ok(()) } else { Err(Fault::of(field)) }
}

fn every(field: &'static str, codes: &mut Vec<String>, known: impl Fn(&str) -> bool) -> Result<(), Fault> {
    codes.sort_unstable();
    codes.dedup();
    if codes.iter().all(|code| known(code)) { Ok(()) } else { Err(Fault::of(field)) }
}

/// `2021-09`.
fn is_month(text: &str) -> bool {
    let parts = text.split_once('-').filter(|(year, month)| year.len() == 4 && month.len() == 2);
    let number = |part: &str| part.bytes().all(|digit| digit.is_ascii_digit()).then(|| part.parse::<u16>().ok()).flatten();
    parts.is_some_and(|(year, month)| number(year).is_some() && number(month).is_some_and(|month| (1..=12).contains(&month)))
}

#[cfg(test)]
mod tests;
