//! The personal-data guard as the server asks it: what is blocked, in one text or in the last few of one author.

use std::collections::{HashMap, VecDeque};
use std::ops::Range;
use std::sync::{Mutex, PoisonError};

use egida_guard::{Day, Setting, Severity, joined, scan};
use jiff::Timestamp;
use jiff::tz::Offset;
use uuid::Uuid;

use super::clock::SECOND;
use super::http::Problem;

/// Texts of one author that come within this time are read as one, too (microseconds; threat model, 3h).
const TOGETHER: i64 = 120 * SECOND;
/// Earlier texts that are read with the newest (threat model, 3h: the last three).
const EARLIER: usize = 2;
/// Bytes on each side of where two texts meet. The longest number, a machine-readable zone, has 60 signs; the rest is for
/// what is put between them.
const AROUND: usize = 240;
/// Authors whose last texts are kept at most; whoever was silent for long is forgotten first.
const AUTHORS: usize = 4096;

/// What is blocked in a text, in bytes of it, at a time (microseconds).
pub fn blocked(text: &str, now: i64) -> Vec<Range<usize>> {
    scan(text, &setting(now)).into_iter().filter(|found| found.severity == Severity::Block).map(|found| found.span).collect()
}

/// Refuses a text that nobody looks at before others see it: a title, a name, a question to the index.
///
/// # Errors
/// `personal_data`, with the `kinds` of what was found and never the value.
pub fn refuse(text: &str, now: i64) -> Result<(), Problem> {
    let found = scan(text, &setting(now)).into_iter().filter(|found| found.severity == Severity::Block);
    let mut kinds: Vec<_> = found.map(|found| found.kind.name()).collect();
    kinds.dedup();
    if kinds.is_empty() {
        return Ok(());
    }
    Err(Problem::unprocessable("personal_data", "This may tell who somebody is").with("kinds", kinds))
}

fn setting(now: i64) -> Setting {
    let date = Offset::UTC.to_datetime(Timestamp::from_microsecond(now).unwrap_or_default()).date();
    let part = |part: i8| u8::try_from(part).unwrap_or(1);
    Setting::new(Day { year: u16::try_from(date.year()).unwrap_or_default(), month: part(date.month()), day: part(date.day()) })
}

/// The last texts of each author, for as long as they may belong together. In memory alone.
#[derive(Default)]
pub struct LastSaid(Mutex<HashMap<Uuid, VecDeque<(i64, String)>>>);

impl LastSaid {
    /// What is blocked in a text, read with what its author has said just before (bytes of `text`). It is remembered.
    pub fn blocked(&self, author: Uuid, text: &str, now: i64) -> Vec<Range<usize>> {
        let mut earlier = self.earlier(author, text, now);
        if earlier.is_empty() {
            return Vec::new();
        }
        let last = earlier.len();
        earlier.push(head(text).to_owned());
        let texts: Vec<_> = earlier.iter().map(String::as_str).collect();
        let found = joined(&texts, &setting(now)).into_iter().filter(|found| found.severity == Severity::Block);
        found.flat_map(|found| found.parts).filter(|(at, _)| *at == last).map(|(_, span)| span).collect()
    }

    /// What the author said in the last two minutes, oldest first; and keeps this.
    fn earlier(&self, author: Uuid, text: &str, now: i64) -> Vec<String> {
        let mut authors = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if authors.len() >= AUTHORS && !authors.contains_key(&author) {
            authors.retain(|_, said| said.back().is_some_and(|(at, _)| now - at < TOGETHER));
            if authors.len() >= AUTHORS {
                return Vec::new();
            }
        }
        let said = authors.entry(author).or_default();
        said.retain(|(at, _)| now - at < TOGETHER);
        let earlier = said.iter().map(|(_, text)| text.clone()).collect();
        if said.len() == EARLIER {
            said.pop_front();
        }
        said.push_back((now, tail(text).to_owned()));
        earlier
    }
}

fn head(text: &str) -> &str {
    &text[..text.floor_char_boundary(AROUND)]
}

fn tail(text: &str) -> &str {
    &text[text.ceil_char_boundary(text.len().saturating_sub(AROUND))..]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 28 November 2026.
    const NOW: i64 = 1_795_824_000 * SECOND;

    #[test]
    fn a_number_is_found_and_its_kind_is_told_without_it() {
        assert_eq!(blocked("JMBG 0101901710008", NOW), vec![5..18]);
        assert!(blocked("call 116 111 before 2026-11-28", NOW).is_empty());
        let refused = refuse("JMBG 0101901710008", NOW).expect_err("refused");
        assert_eq!(refused.code(), "personal_data");
        assert!(refused.document().to_string().contains(r#""kinds":["jmbg"]"#), "{}", refused.document());
        assert!(!refused.document().to_string().contains("0101901710008"));
    }

    #[test]
    fn a_number_in_two_or_three_pieces_is_found_in_its_last() {
        let (said, author) = (LastSaid::default(), Uuid::from_u128(1));
        assert!(said.blocked(author, "his number begins with 010190", NOW).is_empty());
        assert_eq!(said.blocked(author, "1710008 and that is all", NOW + 60 * SECOND), vec![0..7]);
        let other = Uuid::from_u128(2);
        assert!(said.blocked(other, "010190", NOW).is_empty());
        assert!(said.blocked(other, "1710", NOW + SECOND).is_empty());
        assert_eq!(said.blocked(other, "008", NOW + 2 * SECOND), vec![0..3]);
    }

    #[test]
    fn what_was_said_long_ago_or_by_somebody_else_is_no_part_of_it() {
        let (said, author) = (LastSaid::default(), Uuid::from_u128(1));
        said.blocked(author, "010190", NOW);
        assert!(said.blocked(Uuid::from_u128(2), "1710008", NOW).is_empty());
        assert!(said.blocked(author, "1710008", NOW + TOGETHER).is_empty());
    }

    #[test]
    fn so_many_authors_are_kept_and_no_more() {
        let said = LastSaid::default();
        (0..4106).for_each(|author| drop(said.blocked(Uuid::from_u128(author), "a", NOW)));
        assert_eq!(said.0.lock().expect("lock").len(), AUTHORS);
        said.blocked(Uuid::from_u128(9_999), "a", NOW + TOGETHER);
        assert_eq!(said.0.lock().expect("lock").len(), 1);
    }
}
