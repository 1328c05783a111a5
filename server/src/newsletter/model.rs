//! Sections, quarters and limits of the newsletter: pure.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::base::clock::{of_the_second, rfc3339};
use crate::base::text;
use crate::findable::Kind;
use crate::vocabulary::GLOSSARY_LANGUAGES;

/// The section that the title stands under.
pub(super) const TITLE: &str = "title";
/// The sections in their order.
pub(super) const SECTIONS: [&str; 10] = [
    "editorial",
    "focus",
    "understand",
    "prevent",
    "protect",
    "agenda_past",
    "agenda_next",
    "figures",
    "members",
    "abbreviations",
];
/// The sections that things are taken into.
pub(super) const TAKING: [&str; 6] = ["focus", "understand", "prevent", "protect", "agenda_past", "agenda_next"];
/// What can be taken.
pub(super) const KINDS: [Kind; 4] = [Kind::Practice, Kind::Campaign, Kind::Study, Kind::Event];
/// The languages of an issue when none are named, the first the one it is written in.
pub(super) const LANGUAGES: [&str; 2] = ["en", "fr"];
/// Characters of an issue's title at most.
pub(super) const TITLE_MAX: usize = 120;
/// Characters of a section's text at most.
pub(super) const TEXT_MAX: usize = 20_000;
/// Characters of a reason at most.
pub(super) const REASON_MAX: usize = 500;
/// Things of an issue at most.
pub(super) const ITEMS_MAX: usize = 100;
/// Counts below this are not shown: a handful of people is somebody (domain 5.5).
pub(super) const LEAST_COUNT: i64 = 5;
/// The first and the last year that an issue can be of.
const YEARS: std::ops::RangeInclusive<i64> = 2000..=2100;

/// A quarter of a year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = NewsletterQuarter)]
pub(super) struct Quarter {
    pub(super) year: i64,
    /// 1 to 4.
    pub(super) quarter: i64,
}

impl Quarter {
    /// Whether it can be somebody's.
    pub(super) fn is_sound(self) -> bool {
        YEARS.contains(&self.year) && (1..=4).contains(&self.quarter)
    }

    /// The one after it.
    pub(super) fn next(self) -> Self {
        match self.quarter {
            4.. => Self { year: self.year + 1, quarter: 1 },
            quarter => Self { year: self.year, quarter: quarter + 1 },
        }
    }

    /// From when to when (microseconds, UTC), the end not with it.
    pub(super) fn span(self) -> (i64, i64) {
        (self.begins(), self.next().begins())
    }

    fn begins(self) -> i64 {
        of_the_second(&format!("{:04}-{:02}-01 00:00:00", self.year, self.quarter * 3 - 2)).unwrap_or_default()
    }
}

/// The languages of an issue, as they are stored; `None` if one of them is unknown, named twice, or there is none.
pub(super) fn languages(wish: &[String]) -> Option<String> {
    let known = wish.iter().all(|language| GLOSSARY_LANGUAGES.contains(&language.as_str()));
    let once = wish.iter().enumerate().all(|(at, language)| !wish[..at].contains(language));
    (!wish.is_empty() && known && once).then(|| wish.join(" "))
}

/// A text as it is stored: a title is a line, the others have several. Empty: there is none.
///
/// # Errors
/// A problem's code.
pub(super) fn body(section: &str, wish: &str) -> Result<String, &'static str> {
    if wish.trim().is_empty() {
        return Ok(String::new());
    }
    if section == TITLE {
        return text::line(wish, TITLE_MAX).ok_or("newsletter_title_invalid");
    }
    let unified = text::unified(wish);
    let fits = !text::has_controls(&unified) && unified.chars().count() <= TEXT_MAX;
    if fits { Ok(unified.trim_end().to_owned()) } else { Err("newsletter_text_invalid") }
}

/// Why somebody says no, or leaves a term out.
///
/// # Errors
/// A problem's code.
pub(super) fn reason(wish: &str) -> Result<String, &'static str> {
    if wish.trim().is_empty() {
        return Err("reason_missing");
    }
    text::line(wish, REASON_MAX).ok_or("note_invalid")
}

/// The section that a thing is proposed for.
pub(super) fn section_of(kind: Kind, at: i64, quarter: Quarter) -> &'static str {
    match kind {
        Kind::Study => "understand",
        Kind::Campaign => "prevent",
        Kind::Event if at >= quarter.next().begins() => "agenda_next",
        Kind::Event => "agenda_past",
        _ => "protect",
    }
}

/// The path of the page where a thing is.
pub(super) fn place(kind: &str, id: uuid::Uuid) -> String {
    let pages = match kind {
        "practice" => "library",
        "campaign" => "campaigns",
        "study" => "studies",
        "event" => "agenda",
        _ => "search",
    };
    format!("/{pages}/{id}")
}

/// The day of a moment, as `2026-11-29`.
pub(super) fn day(micros: i64) -> String {
    rfc3339(micros).chars().take(10).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quarters_follow_each_other_without_a_gap() {
        let mut quarter = Quarter { year: 2026, quarter: 1 };
        for (begins, ends) in [("2026-01-01", "2026-04-01"), ("2026-04-01", "2026-07-01"), ("2026-07-01", "2026-10-01")] {
            let (from, to) = quarter.span();
            assert_eq!((day(from).as_str(), day(to).as_str()), (begins, ends));
            quarter = quarter.next();
        }
        assert_eq!(quarter.next(), Quarter { year: 2027, quarter: 1 });
        assert!(quarter.is_sound());
        for (year, quarter) in [(1999, 1), (2026, 0), (2026, 5), (2101, 1)] {
            assert!(!Quarter { year, quarter }.is_sound());
        }
    }

    #[test]
    fn languages_are_those_of_the_glossary_each_once() {
        let of = |wish: &[&str]| languages(&wish.iter().map(|code| (*code).to_owned()).collect::<Vec<_>>());
        assert_eq!(of(&["en", "sr-Cyrl"]).as_deref(), Some("en sr-Cyrl"));
        assert_eq!((of(&[]), of(&["de"]), of(&["en", "en"])), (None, None, None));
    }

    #[test]
    fn what_takes_place_later_is_the_agenda_to_come() {
        let quarter = Quarter { year: 2026, quarter: 4 };
        let (from, to) = quarter.span();
        assert_eq!(section_of(Kind::Event, from, quarter), "agenda_past");
        assert_eq!(section_of(Kind::Event, to, quarter), "agenda_next");
        assert_eq!((section_of(Kind::Study, to, quarter), section_of(Kind::Practice, to, quarter)), ("understand", "protect"));
        assert!(TAKING.iter().all(|section| SECTIONS.contains(section)));
    }

    #[test]
    fn a_title_is_a_line_and_a_text_has_an_end() {
        assert_eq!(body(TITLE, " A \n title "), Ok("A title".into()));
        assert_eq!(body(TITLE, &"t".repeat(TITLE_MAX + 1)), Err("newsletter_title_invalid"));
        assert_eq!(body("focus", "One\r\n\r\ntwo \n"), Ok("One\n\ntwo".into()));
        assert_eq!((body("focus", " \n"), body("focus", "a\u{202E}b")), (Ok(String::new()), Err("newsletter_text_invalid")));
        assert_eq!(body("focus", &"t".repeat(TEXT_MAX + 1)), Err("newsletter_text_invalid"));
        assert!(body("focus", &"д".repeat(TEXT_MAX)).is_ok());
        assert_eq!(
            (reason(" "), reason("\u{7}"), reason(" it is ours ")),
            (Err("reason_missing"), Err("note_invalid"), Ok("it is ours".into()))
        );
    }
}
