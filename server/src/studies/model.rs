//! What a study and a recommendation are: pure rules.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::access::ITEM_CEILING;
use crate::access::handling::{is_carried, strictness};
use crate::base::text;
use crate::vocabulary::codes::{TEXT_LANGUAGES, known};

/// Characters of a title at most.
pub(super) const TITLE_MAX: usize = 160;
/// Characters of a summary at most.
pub(super) const SUMMARY_MAX: usize = 2_000;
/// Characters of a publisher's name at most.
pub(super) const PUBLISHER_MAX: usize = 160;
/// Characters of a recommendation at most.
pub(super) const TEXT_MAX: usize = 600;
/// Characters of a note or a reason at most.
pub(super) const NOTE_MAX: usize = 500;
/// Characters of a link at most.
const LINK_MAX: usize = 500;
/// Recommendations of a study at most.
pub(super) const RECOMMENDATIONS_MAX: i64 = 100;
/// Years in which a study can have come out.
const YEARS: std::ops::RangeInclusive<i64> = 1990..=2100;
/// What a study is marked as that says nothing else.
const MARKING: &str = "green";

/// How far a recommendation has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = RecommendationState)]
pub(super) enum State {
    /// Nobody works on it yet.
    Open,
    /// Somebody does.
    InProgress,
    /// It is carried out.
    Done,
    /// It won't be, with a reason.
    Rejected,
}

impl State {
    /// All of them.
    const ALL: [Self; 4] = [Self::Open, Self::InProgress, Self::Done, Self::Rejected];

    /// The word in storage.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::InProgress => "in_progress",
            Self::Done => "done",
            Self::Rejected => "rejected",
        }
    }

    /// Of a stored word.
    pub(super) fn of(stored: &str) -> Self {
        Self::ALL.into_iter().find(|state| state.as_str() == stored).unwrap_or(Self::Open)
    }

    /// Whether something is still to be done.
    pub(super) fn waits(self) -> bool {
        matches!(self, Self::Open | Self::InProgress)
    }
}

/// A study as somebody enters it.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[schema(as = NewStudy)]
pub(super) struct Wish {
    /// A line of at most 160 characters.
    pub(super) title: String,
    /// At most 2000 characters.
    #[serde(default)]
    pub(super) summary: String,
    /// The language of the study.
    pub(super) language: String,
    /// Codes of the vocabulary; none: the whole region.
    #[serde(default)]
    pub(super) countries: Vec<String>,
    #[serde(default)]
    pub(super) themes: Vec<String>,
    /// When it came out.
    pub(super) year: i64,
    /// Who has brought it out: a line of at most 160 characters.
    pub(super) publisher: String,
    /// Where it can be read: an address that begins with `https://`.
    #[serde(default)]
    pub(super) link: Option<String>,
    /// The document: a file that its uploader hasn't attached to anything, or the one that the study has.
    #[serde(default)]
    pub(super) file: Option<Uuid>,
    /// `clear`, `green`, `amber` or `amber+strict`; `green` when not named.
    #[serde(default)]
    pub(super) marking: Option<String>,
}

/// A study that can be kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Checked {
    pub(super) title: String,
    pub(super) summary: String,
    pub(super) language: String,
    pub(super) countries: Vec<String>,
    pub(super) themes: Vec<String>,
    pub(super) year: i64,
    pub(super) publisher: String,
    pub(super) link: Option<String>,
    pub(super) file: Option<Uuid>,
    pub(super) marking: String,
}

impl Wish {
    /// Looks at it.
    ///
    /// # Errors
    /// A problem's code.
    pub(super) fn checked(self) -> Result<Checked, &'static str> {
        let title = text::line(&self.title, TITLE_MAX).ok_or("title_invalid")?;
        let summary = text::paragraphs(&self.summary, SUMMARY_MAX).ok_or("text_invalid")?;
        if !TEXT_LANGUAGES.contains(&self.language.as_str()) {
            return Err("language_unknown");
        }
        let (countries, themes) = known(self.countries, self.themes).ok_or("tag_unknown")?;
        if !YEARS.contains(&self.year) {
            return Err("year_invalid");
        }
        let publisher = text::line(&self.publisher, PUBLISHER_MAX).ok_or("text_invalid")?;
        let link = self.link.filter(|link| !link.trim().is_empty());
        let link = link.map(|link| text::address(&link, LINK_MAX).ok_or("link_invalid")).transpose()?;
        let marking = self.marking.unwrap_or_else(|| MARKING.into());
        if strictness(&marking).is_none() || !is_carried(&marking, ITEM_CEILING) {
            return Err("marking_unknown");
        }
        let (language, year, file) = (self.language, self.year, self.file);
        Ok(Checked { title, summary, language, countries, themes, year, publisher, link, file, marking })
    }
}

impl Checked {
    /// Every text of it that a person has written.
    pub(super) fn texts(&self) -> impl Iterator<Item = &str> {
        [self.title.as_str(), &self.summary, &self.publisher].into_iter().chain(self.link.as_deref())
    }
}

/// A recommendation as somebody enters it.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[schema(as = NewRecommendation)]
pub(super) struct Advice {
    /// At most 600 characters.
    pub(super) text: String,
    /// The organisation that it is for.
    #[serde(default)]
    pub(super) owner: Option<Uuid>,
    /// By when: `2026-12-31`.
    #[serde(default)]
    pub(super) due: Option<String>,
    /// At most 500 characters.
    #[serde(default)]
    pub(super) note: String,
}

impl Advice {
    /// Looks at it.
    ///
    /// # Errors
    /// A problem's code.
    pub(super) fn checked(self) -> Result<Self, &'static str> {
        let text = text::paragraphs(&self.text, TEXT_MAX).filter(|text| !text.is_empty()).ok_or("text_invalid")?;
        let note = text::paragraphs(&self.note, NOTE_MAX).ok_or("text_invalid")?;
        let due = self.due.map(|due| day(&due).ok_or("day_invalid")).transpose()?;
        Ok(Self { text, owner: self.owner, due, note })
    }
}

/// A day as it is stored, `2026-12-31`; `None` if it is none.
pub(super) fn day(text: &str) -> Option<String> {
    let day: Date = text.parse().ok()?;
    (text.len() == 10 && (1990..2200).contains(&day.year())).then(|| day.to_string())
}

/// The day of a moment (microseconds), UTC.
pub(super) fn today(now: i64) -> String {
    jiff::Timestamp::from_microsecond(now).map_or_else(|_| String::new(), |now| now.strftime("%F").to_string())
}

/// Whether a recommendation waits for longer than it should. Days compare as their texts do.
pub(super) fn is_overdue(state: State, due: Option<&str>, today: &str) -> bool {
    state.waits() && due.is_some_and(|due| due < today)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wish() -> Wish {
        Wish {
            title: " A  study ".into(),
            summary: "What was found".into(),
            language: "ro".into(),
            countries: vec!["RO".into()],
            themes: vec!["forced-begging".into()],
            year: 2026,
            publisher: "An institute".into(),
            link: Some("https://study.example/a.pdf".into()),
            file: None,
            marking: None,
        }
    }

    #[test]
    fn a_study_is_checked() {
        type Spoil = fn(&mut Wish);
        let checked = wish().checked().expect("a study");
        assert_eq!((checked.title.as_str(), checked.marking.as_str()), ("A study", "green"));
        let cases: [(Spoil, &str); 8] = [
            (|w| w.title = " ".into(), "title_invalid"),
            (|w| w.summary = "a".repeat(SUMMARY_MAX + 1), "text_invalid"),
            (|w| w.language = "de".into(), "language_unknown"),
            (|w| w.themes.push("weather".into()), "tag_unknown"),
            (|w| w.year = 1066, "year_invalid"),
            (|w| w.publisher = String::new(), "text_invalid"),
            (|w| w.link = Some("http://study.example".into()), "link_invalid"),
            (|w| w.marking = Some("red".into()), "marking_unknown"),
        ];
        for (change, code) in cases {
            let mut wish = wish();
            change(&mut wish);
            assert_eq!(wish.checked(), Err(code));
        }
    }

    #[test]
    fn a_recommendation_has_words_and_a_day_or_none() {
        let advice = |text: &str, due: Option<&str>| {
            Advice { text: text.into(), owner: None, due: due.map(Into::into), note: String::new() }
                .checked()
                .map(|advice| advice.due)
        };
        assert_eq!(advice("Do it", Some("2026-12-31")), Ok(Some("2026-12-31".into())));
        assert_eq!(advice("Do it", None), Ok(None));
        for due in ["2026-02-30", "soon", "20261231", "2026-12-31T10:00", "0001-01-01"] {
            assert_eq!(advice("Do it", Some(due)), Err("day_invalid"), "{due}");
        }
        assert_eq!(advice(" ", None), Err("text_invalid"));
    }

    #[test]
    fn what_waits_for_longer_than_it_should_is_overdue() {
        assert!(is_overdue(State::Open, Some("2026-11-28"), "2026-11-29"));
        assert!(is_overdue(State::InProgress, Some("2025-12-31"), "2026-11-29"));
        assert!(!is_overdue(State::Open, Some("2026-11-29"), "2026-11-29"), "its day isn't over");
        assert!(!is_overdue(State::Done, Some("2026-11-28"), "2026-11-29"));
        assert!(!is_overdue(State::Rejected, Some("2026-11-28"), "2026-11-29"));
        assert!(!is_overdue(State::Open, None, "2026-11-29"));
        assert_eq!(today(1_795_931_004_000_000), "2026-11-29");
    }

    #[test]
    fn the_words_of_storage_read_back() {
        for state in State::ALL {
            assert_eq!(State::of(state.as_str()), state);
        }
    }
}
