//! What an event is: pure rules.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::{AmbiguousOffset, TimeZone};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::access::ITEM_CEILING;
use crate::access::handling::{is_carried, strictness};
use crate::base::clock::DAY;
use crate::base::text;
use crate::vocabulary::codes::{TEXT_LANGUAGES, known};

/// Characters of a title at most.
pub(super) const TITLE_MAX: usize = 120;
/// Characters of what an event is about at most.
pub(super) const ABOUT_MAX: usize = 4_000;
/// Characters of a place at most.
pub(super) const PLACE_MAX: usize = 200;
/// Characters of a link at most.
pub(super) const LINK_MAX: usize = 500;
/// Characters of why an event is cancelled at most.
pub(super) const BECAUSE_MAX: usize = 500;
/// The longest an event lasts (microseconds): a course of some weeks.
const LASTS_MAX: i64 = 62 * DAY;
/// What an item is marked as that says nothing else.
pub(super) const MARKING: &str = "green";

/// What kind of event it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = EventKind)]
pub(super) enum Kind {
    /// Something that takes place.
    Event,
    /// A training.
    Training,
    /// A meeting.
    Meeting,
    /// A simulation.
    Exercise,
    /// Something is due.
    Deadline,
}

impl Kind {
    /// All of them.
    const ALL: [Self; 5] = [Self::Event, Self::Training, Self::Meeting, Self::Exercise, Self::Deadline];

    /// The word in storage.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Event => "event",
            Self::Training => "training",
            Self::Meeting => "meeting",
            Self::Exercise => "exercise",
            Self::Deadline => "deadline",
        }
    }

    /// Of a stored word.
    pub(super) fn of(stored: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == stored)
    }
}

/// Whether somebody comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = EventAnswerKind)]
pub(super) enum Answer {
    /// Yes.
    Coming,
    /// It isn't known yet.
    Maybe,
    /// No.
    No,
}

impl Answer {
    /// The word in storage.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Coming => "coming",
            Self::Maybe => "maybe",
            Self::No => "no",
        }
    }

    /// Of a stored word.
    pub(super) fn of(stored: &str) -> Self {
        match stored {
            "coming" => Self::Coming,
            "maybe" => Self::Maybe,
            _ => Self::No,
        }
    }
}

/// An event as somebody writes it down.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[schema(as = NewEvent)]
pub(super) struct Wish {
    /// A line of at most 120 characters.
    pub(super) title: String,
    /// At most 4000 characters.
    #[serde(default)]
    pub(super) about: String,
    /// The language of both.
    pub(super) language: String,
    pub(super) kind: Kind,
    /// Codes of the vocabulary; none: the whole region.
    #[serde(default)]
    pub(super) countries: Vec<String>,
    #[serde(default)]
    pub(super) themes: Vec<String>,
    /// When it begins by the clocks of its zone: `2026-12-01T09:30`.
    pub(super) start: String,
    /// When it ends by the clocks of its zone. Only a deadline can end when it begins.
    pub(super) end: String,
    /// The IANA time zone of the place: `Europe/Bucharest`.
    pub(super) zone: String,
    /// A line of at most 200 characters; empty for what is online alone.
    #[serde(default)]
    pub(super) place: String,
    /// Where one joins or reads more: an address that begins with `https://`.
    #[serde(default)]
    pub(super) link: Option<String>,
    /// `clear`, `green`, `amber` or `amber+strict`; `green` when not named.
    #[serde(default)]
    pub(super) marking: Option<String>,
}

/// An event that can be kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Checked {
    pub(super) title: String,
    pub(super) about: String,
    pub(super) language: String,
    pub(super) kind: Kind,
    pub(super) countries: Vec<String>,
    pub(super) themes: Vec<String>,
    /// Microseconds.
    pub(super) starts_at: i64,
    pub(super) ends_at: i64,
    pub(super) zone: String,
    pub(super) place: String,
    pub(super) link: Option<String>,
    pub(super) marking: String,
}

impl Wish {
    /// Looks at it.
    ///
    /// # Errors
    /// A problem's code.
    pub(super) fn checked(self) -> Result<Checked, &'static str> {
        let title = text::line(&self.title, TITLE_MAX).ok_or("title_invalid")?;
        let about = text::paragraphs(&self.about, ABOUT_MAX).ok_or("text_invalid")?;
        if !TEXT_LANGUAGES.contains(&self.language.as_str()) {
            return Err("language_unknown");
        }
        let (countries, themes) = known(self.countries, self.themes).ok_or("tag_unknown")?;
        let zone = TimeZone::get(&self.zone).map_err(|_| "zone_unknown")?;
        let (starts_at, ends_at) = (moment(&self.start, &zone)?, moment(&self.end, &zone)?);
        let short = ends_at < starts_at || ends_at == starts_at && self.kind != Kind::Deadline;
        if short || ends_at - starts_at > LASTS_MAX {
            return Err("event_ends_wrongly");
        }
        let place = if self.place.trim().is_empty() {
            String::new()
        } else {
            text::line(&self.place, PLACE_MAX).ok_or("text_invalid")?
        };
        let link = self
            .link
            .filter(|link| !link.trim().is_empty())
            .map(|link| text::address(&link, LINK_MAX).ok_or("link_invalid"))
            .transpose()?;
        let marking = self.marking.unwrap_or_else(|| MARKING.into());
        if strictness(&marking).is_none() || !is_carried(&marking, ITEM_CEILING) {
            return Err("marking_unknown");
        }
        let zone = zone.iana_name().unwrap_or(&self.zone).to_owned();
        let (language, kind) = (self.language, self.kind);
        Ok(Checked { title, about, language, kind, countries, themes, starts_at, ends_at, zone, place, link, marking })
    }
}

impl Checked {
    /// Every text of it that a person has written.
    pub(super) fn texts(&self) -> impl Iterator<Item = &str> {
        [self.title.as_str(), &self.about, &self.place].into_iter().chain(self.link.as_deref())
    }
}

/// The moment (microseconds) at which the clocks of a zone show this. In the hour that comes twice it is the first time.
///
/// # Errors
/// `time_invalid`, or `time_missing` for an hour that the clocks leave out.
pub(super) fn moment(local: &str, zone: &TimeZone) -> Result<i64, &'static str> {
    let local: DateTime = local.parse().map_err(|_| "time_invalid")?;
    if !(2000..2200).contains(&local.year()) {
        return Err("time_invalid");
    }
    let found = zone.to_ambiguous_timestamp(local);
    if matches!(found.offset(), AmbiguousOffset::Gap { .. }) {
        return Err("time_missing");
    }
    found.compatible().map(Timestamp::as_microsecond).map_err(|_| "time_invalid")
}

/// What the clocks of a zone show at a moment (microseconds): `2026-12-01T09:30`. Empty for a zone that isn't known any more.
pub(super) fn by_its_clocks(at: i64, zone: &str) -> String {
    let (Ok(zone), Ok(at)) = (TimeZone::get(zone), Timestamp::from_microsecond(at)) else { return String::new() };
    zone.to_datetime(at).strftime("%Y-%m-%dT%H:%M").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wish() -> Wish {
        Wish {
            title: " Regional  meeting ".into(),
            about: "What to bring".into(),
            language: "en".into(),
            kind: Kind::Meeting,
            countries: vec!["RO".into(), "BG".into(), "RO".into()],
            themes: vec!["forced-begging".into()],
            start: "2026-12-01T09:30".into(),
            end: "2026-12-01T12:00".into(),
            zone: "europe/bucharest".into(),
            place: "Iași".into(),
            link: Some("https://meet.example/room".into()),
            marking: None,
        }
    }

    #[test]
    fn an_event_is_kept_as_a_moment_and_a_zone() {
        let checked = wish().checked().expect("an event");
        assert_eq!((checked.title.as_str(), checked.zone.as_str()), ("Regional meeting", "Europe/Bucharest"));
        assert_eq!(checked.countries, ["BG", "RO"]);
        assert_eq!(crate::base::clock::rfc3339(checked.starts_at), "2026-12-01T07:30:00Z");
        assert_eq!(by_its_clocks(checked.starts_at, &checked.zone), "2026-12-01T09:30");
        assert_eq!(checked.marking, "green");
    }

    #[test]
    fn what_can_not_be_kept_says_why() {
        type Spoil = fn(&mut Wish);
        let cases: [(Spoil, &str); 12] = [
            (|w| w.title = " ".into(), "title_invalid"),
            (|w| w.about = "a".repeat(ABOUT_MAX + 1), "text_invalid"),
            (|w| w.language = "de".into(), "language_unknown"),
            (|w| w.countries.push("FR".into()), "tag_unknown"),
            (|w| w.themes.push("weather".into()), "tag_unknown"),
            (|w| w.zone = "Europe/Atlantis".into(), "zone_unknown"),
            (|w| w.start = "tomorrow".into(), "time_invalid"),
            (|w| w.end = "2026-12-01T09:30".into(), "event_ends_wrongly"),
            (|w| w.end = "2027-12-01T09:30".into(), "event_ends_wrongly"),
            (|w| w.link = Some("javascript:alert(1)".into()), "link_invalid"),
            (|w| w.link = Some("https://bank.example@evil.example/".into()), "link_invalid"),
            (|w| w.marking = Some("red".into()), "marking_unknown"),
        ];
        for (change, code) in cases {
            let mut wish = wish();
            change(&mut wish);
            assert_eq!(wish.checked().map(|_| ()), Err(code));
        }
        let due = Wish { kind: Kind::Deadline, end: "2026-12-01T09:30".into(), ..wish() };
        assert!(due.checked().is_ok(), "a deadline has no length");
    }

    /// Clocks in the region go forward on the last Sunday of March and back on that of October, at one o'clock UTC.
    #[test]
    fn an_event_stays_at_its_hour_when_the_clocks_change() {
        let zone = TimeZone::get("Europe/Bucharest").expect("a zone");
        for (local, utc) in [
            ("2027-03-27T10:00", "2027-03-27T08:00:00Z"),
            ("2027-03-28T10:00", "2027-03-28T07:00:00Z"),
            ("2027-10-30T10:00", "2027-10-30T07:00:00Z"),
            ("2027-10-31T10:00", "2027-10-31T08:00:00Z"),
            // It comes twice: the first time.
            ("2027-10-31T03:30", "2027-10-31T00:30:00Z"),
        ] {
            let at = moment(local, &zone).expect("a moment");
            assert_eq!(crate::base::clock::rfc3339(at), utc, "{local}");
            assert_eq!(by_its_clocks(at, "Europe/Bucharest"), local);
        }
        assert_eq!(moment("2027-03-28T03:30", &zone), Err("time_missing"));
        let belgrade = TimeZone::get("Europe/Belgrade").expect("a zone");
        assert_eq!(moment("2027-03-28T02:30", &belgrade), Err("time_missing"), "an hour earlier by the clocks there");
        assert!(moment("2027-03-28T03:30", &belgrade).is_ok());
    }

    #[test]
    fn the_words_of_storage_read_back() {
        for kind in Kind::ALL {
            assert_eq!(Kind::of(kind.as_str()), Some(kind));
        }
        for answer in [Answer::Coming, Answer::Maybe, Answer::No] {
            assert_eq!(Answer::of(answer.as_str()), answer);
        }
    }
}
