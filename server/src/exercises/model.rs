//! What an exercise is: pure rules.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::base::clock::{DAY, HOUR};
use crate::base::text;
use crate::vocabulary::{is_country, is_theme};

/// Characters of a title at most.
pub(super) const TITLE_MAX: usize = 80;
/// Characters of a scenario at most.
pub(super) const SCENARIO_MAX: usize = 2_000;
/// Characters of a decision or a lesson at most.
pub(super) const LESSON_MAX: usize = 1_000;
/// People who can take part.
pub(super) const PEOPLE_MAX: usize = 60;
/// Decisions and lessons of an exercise at most.
pub(super) const LESSONS_MAX: i64 = 200;
/// How long an exercise lasts (microseconds).
const LASTS: std::ops::RangeInclusive<i64> = HOUR..=(31 * DAY);

/// Where an exercise stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ExerciseState)]
pub(super) enum State {
    /// Its people train.
    Running,
    /// It is over, and what was said is being erased.
    Ending,
    /// Everything is erased.
    Ended,
}

impl State {
    /// Of a stored word.
    pub(super) fn of(stored: &str) -> Self {
        match stored {
            "running" => Self::Running,
            "ending" => Self::Ending,
            _ => Self::Ended,
        }
    }
}

/// What is written on the page that remains.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ExerciseLessonKind)]
pub(super) enum Kind {
    /// What was decided.
    Decision,
    /// What was learned.
    Lesson,
}

impl Kind {
    /// The word in storage.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Decision => "decision",
            Self::Lesson => "lesson",
        }
    }

    /// Of a stored word.
    pub(super) fn of(stored: &str) -> Self {
        if stored == "decision" { Self::Decision } else { Self::Lesson }
    }
}

/// An exercise as somebody starts it.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[schema(as = NewExercise)]
pub(super) struct Wish {
    /// A line of at most 80 characters.
    pub(super) title: String,
    /// What it begins with: at most 2000 characters.
    pub(super) scenario: String,
    /// `en` or `fr`: what its rooms are furnished in.
    pub(super) language: String,
    /// The country whose moderators look after it.
    #[serde(default)]
    pub(super) country: Option<String>,
    /// The theme whose moderators look after it.
    #[serde(default)]
    pub(super) theme: Option<String>,
    /// Who takes part beside the one who starts it.
    #[serde(default)]
    pub(super) people: Vec<Uuid>,
    /// When it ends by itself (RFC 3339): in an hour to 31 days.
    pub(super) ends_at: String,
}

/// An exercise that can be started.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Checked {
    pub(super) title: String,
    pub(super) scenario: String,
    pub(super) language: String,
    pub(super) country: Option<String>,
    pub(super) theme: Option<String>,
    /// With the one who starts it.
    pub(super) people: Vec<Uuid>,
    pub(super) ends_at: i64,
}

impl Wish {
    /// Looks at it, as this leader starts it now.
    ///
    /// # Errors
    /// A problem's code.
    pub(super) fn checked(self, leader: Uuid, now: i64) -> Result<Checked, &'static str> {
        let title = text::line(&self.title, TITLE_MAX).ok_or("title_invalid")?;
        let scenario = text::paragraphs(&self.scenario, SCENARIO_MAX).filter(|text| !text.is_empty()).ok_or("text_invalid")?;
        if !matches!(self.language.as_str(), "en" | "fr") {
            return Err("language_unknown");
        }
        if self.country.as_deref().is_some_and(|code| !is_country(code))
            || self.theme.as_deref().is_some_and(|slug| !is_theme(slug))
        {
            return Err("tag_unknown");
        }
        let mut people = self.people;
        people.push(leader);
        people.sort_unstable();
        people.dedup();
        if people.len() > PEOPLE_MAX {
            return Err("people_many");
        }
        let ends_at = self.ends_at.parse().map(jiff::Timestamp::as_microsecond).map_err(|_| "time_invalid")?;
        if !LASTS.contains(&(ends_at - now)) {
            return Err("exercise_length");
        }
        let (language, country, theme) = (self.language, self.country, self.theme);
        Ok(Checked { title, scenario, language, country, theme, people, ends_at })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_795_931_004_000_000;

    fn wish(ends_at: i64) -> Wish {
        Wish {
            title: " Market  day ".into(),
            scenario: "Two children on a bus".into(),
            language: "en".into(),
            country: Some("RO".into()),
            theme: None,
            people: vec![Uuid::from_u128(2), Uuid::from_u128(2)],
            ends_at: crate::base::clock::rfc3339(ends_at),
        }
    }

    fn refused(change: impl Fn(&mut Wish)) -> Option<&'static str> {
        let mut wish = wish(NOW + DAY);
        change(&mut wish);
        wish.checked(Uuid::from_u128(1), NOW).err()
    }

    #[test]
    fn who_starts_it_takes_part() {
        let checked = wish(NOW + DAY).checked(Uuid::from_u128(1), NOW).expect("an exercise");
        assert_eq!(checked.people, [Uuid::from_u128(1), Uuid::from_u128(2)]);
        assert_eq!((checked.title.as_str(), checked.ends_at), ("Market day", NOW + DAY));
    }

    #[test]
    fn what_can_not_be_started_says_why() {
        assert_eq!(refused(|_| ()), None);
        assert_eq!(refused(|w| w.title.clear()), Some("title_invalid"));
        assert_eq!(refused(|w| w.scenario = " ".into()), Some("text_invalid"));
        assert_eq!(refused(|w| w.language = "ro".into()), Some("language_unknown"));
        assert_eq!(refused(|w| w.theme = Some("weather".into())), Some("tag_unknown"));
        assert_eq!(refused(|w| w.ends_at = "soon".into()), Some("time_invalid"));
        assert_eq!(refused(|w| w.people = (10..80).map(Uuid::from_u128).collect()), Some("people_many"));
        for (length, code) in
            [(HOUR - 1, Some("exercise_length")), (HOUR, None), (31 * DAY, None), (32 * DAY, Some("exercise_length"))]
        {
            assert_eq!(wish(NOW + length).checked(Uuid::from_u128(1), NOW).err(), code, "{length}");
        }
    }
}
