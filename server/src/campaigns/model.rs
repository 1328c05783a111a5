//! What a campaign says of itself, and what of it can be said: pure.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::codes::{AGES, AIMS, BUDGETS, CHANNELS, COUNTRIES, HELPLINES, LANGUAGES, SETTINGS, bits};
use super::dates::{DAYS_MAX, day};
use crate::base::text;
use crate::vocabulary::{ALL_LANGUAGES, is_theme};

/// Characters of a title at most.
pub(super) const TITLE_MAX: usize = 120;
/// Characters of a long text at most.
pub(super) const TEXT_MAX: usize = 4_000;
/// Characters of a line at most.
pub(super) const LINE_MAX: usize = 300;
/// Lines of a list (messages, places) at most.
pub(super) const LINES_MAX: usize = 12;
/// Partners, and people, at most.
pub(super) const PARTNERS_MAX: usize = 40;
/// People of a pre-test at most.
const PEOPLE_MAX: i64 = 100_000;

/// How far a campaign has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = CampaignState)]
pub(super) enum State {
    /// Somebody thinks of it.
    Idea,
    /// It has a place, an audience and weeks.
    Planned,
    /// Somebody who has no part in it has looked at it.
    Approved,
    /// Its messages were tried out with people of its audience.
    Pretested,
    /// Its audience meets it.
    Running,
    /// Stopped for now.
    Paused,
    /// Over.
    Ended,
    /// What came of it is known.
    Evaluated,
    /// Put away.
    Archived,
}

impl State {
    /// All of them, as they follow each other.
    pub(super) const ALL: [Self; 9] = [
        Self::Idea,
        Self::Planned,
        Self::Approved,
        Self::Pretested,
        Self::Running,
        Self::Paused,
        Self::Ended,
        Self::Evaluated,
        Self::Archived,
    ];

    /// The word in storage and on the wire.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Idea => "idea",
            Self::Planned => "planned",
            Self::Approved => "approved",
            Self::Pretested => "pretested",
            Self::Running => "running",
            Self::Paused => "paused",
            Self::Ended => "ended",
            Self::Evaluated => "evaluated",
            Self::Archived => "archived",
        }
    }

    /// The state of this name.
    pub(super) fn of(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == name)
    }

    /// Whether it takes up its audience's attention in its weeks, or is meant to: others clash with it.
    pub(super) fn is_under_way(self) -> bool {
        matches!(self, Self::Planned | Self::Approved | Self::Pretested | Self::Running | Self::Paused)
    }

    /// Whether it still says what it was planned to say: later that doesn't change any more.
    pub(super) fn is_open(self) -> bool {
        matches!(self, Self::Idea | Self::Planned)
    }
}

/// The long part of a plan, as it is stored and shown.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = CampaignPlan)]
#[serde(default)]
pub(super) struct Plan {
    /// Why it is needed: what is known of the problem, and from where.
    pub(super) evidence: String,
    /// The languages of its audience.
    pub(super) languages: Vec<String>,
    /// What it says.
    pub(super) messages: Vec<String>,
    /// What its audience is to do.
    pub(super) call_to_action: String,
    /// The line that the call to action names: `116111`, `116000`, or none.
    pub(super) helpline: Option<String>,
    /// Towns and districts.
    pub(super) places: Vec<String>,
    /// By what it reaches its audience.
    pub(super) channels: Vec<String>,
    /// Whom its audience believes.
    pub(super) messengers: String,
    /// `low`, `medium` or `high`.
    pub(super) budget: Option<String>,
    /// How those whom it shows are protected.
    pub(super) safeguarding: String,
}

/// What became of trying it out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = CampaignPretest)]
pub(super) struct Pretest {
    /// People of the audience who were asked.
    pub(super) people: i64,
    /// How many of a hundred understood it as it was meant.
    pub(super) understood: i64,
    /// What was changed after it.
    pub(super) changed: String,
}

impl Pretest {
    /// The same, checked.
    ///
    /// # Errors
    /// The code of what is wrong with it.
    pub(super) fn checked(self) -> Result<Self, &'static str> {
        if !(1..=PEOPLE_MAX).contains(&self.people) || !(0..=100).contains(&self.understood) {
            return Err("campaign_pretest_invalid");
        }
        Ok(Self { changed: required(&self.changed)?, ..self })
    }
}

/// A campaign as its people write it, checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Facts {
    pub(super) title: String,
    pub(super) language: String,
    pub(super) theme: String,
    pub(super) aim: String,
    pub(super) countries: i64,
    pub(super) ages: i64,
    pub(super) settings: i64,
    /// The first day and the last.
    pub(super) days: Option<(i64, i64)>,
    pub(super) practice: Option<Uuid>,
    pub(super) plan: Plan,
}

/// A campaign as it is to be, or what is to change of it. An empty text takes away what is there.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[schema(as = CampaignWish)]
#[serde(default)]
pub(super) struct Wish {
    /// One line.
    pub(super) title: Option<String>,
    /// The language it is planned in.
    pub(super) language: Option<String>,
    /// Slug of a theme.
    pub(super) theme: Option<String>,
    /// `inform`, `change_behaviour`, `report`, `reduce_demand` or `shift_norms`.
    pub(super) aim: Option<String>,
    /// Country codes.
    pub(super) countries: Option<Vec<String>>,
    /// Age bands: `0-5`, `6-9`, `10-13`, `14-15`, `16-17`, `adults`.
    pub(super) ages: Option<Vec<String>>,
    /// Where the audience is met.
    pub(super) settings: Option<Vec<String>>,
    /// The first day, `YYYY-MM-DD`; with `end`.
    pub(super) start: Option<String>,
    /// The last day, `YYYY-MM-DD`; with `start`.
    pub(super) end: Option<String>,
    /// The practice it adapts; an empty text for none.
    pub(super) practice: Option<String>,
    /// Why it is needed.
    pub(super) evidence: Option<String>,
    /// The languages of its audience.
    pub(super) languages: Option<Vec<String>>,
    /// What it says.
    pub(super) messages: Option<Vec<String>>,
    /// What its audience is to do.
    pub(super) call_to_action: Option<String>,
    /// `116111`, `116000`, or an empty text.
    pub(super) helpline: Option<String>,
    /// Towns and districts.
    pub(super) places: Option<Vec<String>>,
    /// By what it reaches its audience.
    pub(super) channels: Option<Vec<String>>,
    /// Whom its audience believes.
    pub(super) messengers: Option<String>,
    /// `low`, `medium`, `high`, or an empty text.
    pub(super) budget: Option<String>,
    /// How those whom it shows are protected.
    pub(super) safeguarding: Option<String>,
    /// The organisations that take part, all of them: ids.
    pub(super) partners: Option<Vec<Uuid>>,
    /// Those who work on it beside its author, all of them: accounts.
    pub(super) people: Option<Vec<Uuid>>,
    /// Handling marking; for a new campaign, `green` when not named.
    pub(super) marking: Option<String>,
}

impl Wish {
    /// Whether it changes what the campaign says, and not only who works on it.
    pub(super) fn replans(&self) -> bool {
        let who = Self { partners: None, people: None, ..self.clone() };
        let said = [
            who.title.is_some(),
            who.language.is_some(),
            who.theme.is_some(),
            who.aim.is_some(),
            who.countries.is_some(),
            who.ages.is_some(),
            who.settings.is_some(),
            who.start.is_some() || who.end.is_some(),
            who.practice.is_some(),
            who.evidence.is_some(),
            who.languages.is_some(),
            who.messages.is_some(),
            who.call_to_action.is_some(),
            who.helpline.is_some(),
            who.places.is_some(),
            who.channels.is_some(),
            who.messengers.is_some(),
            who.budget.is_some(),
            who.safeguarding.is_some(),
        ];
        said.contains(&true)
    }
}

impl Facts {
    /// A new campaign.
    ///
    /// # Errors
    /// The code of what is wrong with the wish.
    pub(super) fn fresh(wish: Wish) -> Result<Self, &'static str> {
        let blank = Self {
            title: String::new(),
            language: String::new(),
            theme: String::new(),
            aim: String::new(),
            countries: 0,
            ages: 0,
            settings: 0,
            days: None,
            practice: None,
            plan: Plan::default(),
        };
        let made = blank.with(wish)?;
        match () {
            () if made.title.is_empty() => Err("title_invalid"),
            () if made.language.is_empty() || made.theme.is_empty() || made.aim.is_empty() => Err("tag_unknown"),
            () => Ok(made),
        }
    }

    /// The same with what the wish changes.
    ///
    /// # Errors
    /// The code of what is wrong with the wish.
    pub(super) fn with(mut self, wish: Wish) -> Result<Self, &'static str> {
        if let Some(title) = wish.title {
            self.title = text::line(&title, TITLE_MAX).ok_or("title_invalid")?;
        }
        if let Some(language) = wish.language {
            self.language = one_of(language, &LANGUAGES)?;
        }
        if let Some(theme) = wish.theme {
            self.theme = Some(theme).filter(|slug| is_theme(slug)).ok_or("tag_unknown")?;
        }
        if let Some(aim) = wish.aim {
            self.aim = one_of(aim, &AIMS)?;
        }
        if let Some(countries) = wish.countries {
            self.countries = bits(&countries, &COUNTRIES)?;
        }
        if let Some(ages) = wish.ages {
            self.ages = bits(&ages, &AGES)?;
        }
        if let Some(settings) = wish.settings {
            self.settings = bits(&settings, &SETTINGS)?;
        }
        if wish.start.is_some() || wish.end.is_some() {
            self.days = days(wish.start.as_deref().unwrap_or_default(), wish.end.as_deref().unwrap_or_default())?;
        }
        if let Some(practice) = wish.practice {
            self.practice = if practice.is_empty() { None } else { Some(practice.parse().map_err(|_| "tag_unknown")?) };
        }
        let plan = &mut self.plan;
        for (wished, kept) in [
            (wish.evidence, &mut plan.evidence),
            (wish.call_to_action, &mut plan.call_to_action),
            (wish.messengers, &mut plan.messengers),
            (wish.safeguarding, &mut plan.safeguarding),
        ] {
            if let Some(text) = wished {
                *kept = words(&text)?;
            }
        }
        for (wished, kept) in [(wish.messages, &mut plan.messages), (wish.places, &mut plan.places)] {
            if let Some(texts) = wished {
                *kept = lines(&texts)?;
            }
        }
        for (wished, kept, known) in
            [(wish.helpline, &mut plan.helpline, &HELPLINES[..]), (wish.budget, &mut plan.budget, &BUDGETS[..])]
        {
            if let Some(code) = wished {
                *kept = if code.is_empty() { None } else { Some(one_of(code, known)?) };
            }
        }
        if let Some(channels) = wish.channels {
            plan.channels = some_of(&channels, &CHANNELS)?;
        }
        if let Some(languages) = wish.languages {
            plan.languages = audience_languages(languages)?;
        }
        Ok(self)
    }

    /// Every text of it that somebody wrote.
    pub(super) fn texts(&self) -> impl Iterator<Item = &str> {
        let plan = &self.plan;
        let long = [&self.title, &plan.evidence, &plan.call_to_action, &plan.messengers, &plan.safeguarding];
        long.into_iter().chain(&plan.messages).chain(&plan.places).map(String::as_str).filter(|text| !text.is_empty())
    }
}

/// The days of a campaign; two empty texts are none.
///
/// # Errors
/// `campaign_weeks_invalid` for what are no two days in their order, and for more than two years.
pub(super) fn days(start: &str, end: &str) -> Result<Option<(i64, i64)>, &'static str> {
    if start.is_empty() && end.is_empty() {
        return Ok(None);
    }
    let found = day(start).zip(day(end)).filter(|(first, last)| (*first..*first + DAYS_MAX).contains(last));
    found.map(Some).ok_or("campaign_weeks_invalid")
}

/// A text of several lines, trimmed.
///
/// # Errors
/// `text_invalid` when it is too long or holds control characters.
pub(super) fn words(wished: &str) -> Result<String, &'static str> {
    let text = text::unified(wished).trim().to_owned();
    if text.chars().count() > TEXT_MAX || text::has_controls(&text) { Err("text_invalid") } else { Ok(text) }
}

/// The same, and something in it.
///
/// # Errors
/// `text_missing` when there is nothing.
pub(super) fn required(wished: &str) -> Result<String, &'static str> {
    let text = words(wished)?;
    if text.chars().any(text::is_visible) { Ok(text) } else { Err("text_missing") }
}

/// A line, or nothing.
///
/// # Errors
/// `text_invalid` when it is too long or holds control characters.
pub(super) fn line(wished: &str) -> Result<String, &'static str> {
    if wished.trim().is_empty() { Ok(String::new()) } else { text::line(wished, LINE_MAX).ok_or("text_invalid") }
}

fn lines(wished: &[String]) -> Result<Vec<String>, &'static str> {
    let kept = wished.iter().filter(|text| !text.trim().is_empty()).map(|text| line(text)).collect::<Result<Vec<_>, _>>()?;
    if kept.len() > LINES_MAX { Err("too_many") } else { Ok(kept) }
}

fn one_of(code: String, known: &[&str]) -> Result<String, &'static str> {
    if known.contains(&code.as_str()) { Ok(code) } else { Err("tag_unknown") }
}

/// Codes in the order of their list, each once.
///
/// # Errors
/// `tag_unknown` for what isn't in it.
pub(super) fn some_of(codes: &[String], known: &[&str]) -> Result<Vec<String>, &'static str> {
    if codes.iter().any(|code| !known.contains(&code.as_str())) {
        return Err("tag_unknown");
    }
    Ok(known.iter().filter(|known| codes.iter().any(|code| code == **known)).map(ToString::to_string).collect())
}

/// Languages of an audience: those of the region, and those that meet it on the way.
///
/// # Errors
/// `tag_unknown` for what is none.
pub(super) fn audience_languages(mut codes: Vec<String>) -> Result<Vec<String>, &'static str> {
    let known = |code: &String| LANGUAGES.contains(&code.as_str()) || ALL_LANGUAGES.iter().any(|known| known.code == *code);
    codes.dedup();
    if codes.len() > LANGUAGES.len() || !codes.iter().all(known) { Err("tag_unknown") } else { Ok(codes) }
}

#[cfg(test)]
mod tests;
