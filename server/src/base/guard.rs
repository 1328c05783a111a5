//! The personal-data guard as the server asks it: what is blocked, in one text or in the last few of one author.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::ops::Range;
use std::sync::{Mutex, PoisonError};

use egida_guard::{Day, Kind, Setting, Severity, head, joined, scan, tail};
use jiff::Timestamp;
use jiff::tz::Offset;
use uuid::Uuid;

use super::clock::SECOND;
use super::http::Problem;

/// Texts of one author that come within this time are read as one, too (microseconds; threat model, 3h).
pub const TOGETHER: i64 = 120 * SECOND;
/// Earlier texts that are read with the newest (threat model, 3h: the last three).
const EARLIER: usize = 2;
/// Signs on each side of where two texts meet. The longest number, a machine-readable zone, has 60; the rest is for what is
/// put between them. What can't be seen isn't counted: nobody moves a number out of reach with it.
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

/// The e-mail addresses (`true`) and telephone numbers in a text, at a time (microseconds).
pub fn addresses(text: &str, now: i64) -> impl Iterator<Item = (&str, bool)> {
    let found = scan(text, &setting(now)).into_iter().filter(|found| matches!(found.kind, Kind::Email | Kind::Phone));
    found.map(|found| (&text[found.span], found.kind == Kind::Email))
}

fn setting(now: i64) -> Setting {
    let date = Offset::UTC.to_datetime(Timestamp::from_microsecond(now).unwrap_or_default()).date();
    let part = |part: i8| u8::try_from(part).unwrap_or(1);
    Setting::new(Day { year: u16::try_from(date.year()).unwrap_or_default(), month: part(date.month()), day: part(date.day()) })
}

/// The last texts of each author, for as long as they may belong together. In memory alone.
#[derive(Default)]
pub struct LastSaid(Mutex<Authors>);

#[derive(Default)]
struct Authors {
    said: HashMap<Uuid, Said>,
    /// Who said something last at which turn: whoever was silent for longest comes first.
    silent: BTreeMap<u64, Uuid>,
    turn: u64,
}

/// What one author said, oldest first, and at which turn last.
#[derive(Default)]
struct Said {
    texts: VecDeque<(i64, String)>,
    turn: u64,
}

impl Authors {
    /// What an author said before, whose turn it is now.
    fn said(&mut self, author: Uuid) -> &mut Said {
        self.turn += 1;
        let said = self.said.entry(author).or_default();
        self.silent.remove(&said.turn);
        self.silent.insert(self.turn, author);
        said.turn = self.turn;
        said
    }

    /// Forgets who was silent for so long that nothing can belong to it any more, and whoever are too many.
    fn forget(&mut self, now: i64) {
        while let Some(first) = self.silent.first_entry() {
            let old = self.said.get(first.get()).and_then(|said| said.texts.back()).is_none_or(|(at, _)| now - at >= TOGETHER);
            if !old && self.said.len() <= AUTHORS {
                break;
            }
            self.said.remove(&first.remove());
        }
    }
}

impl LastSaid {
    /// What is blocked in a text, read with what its author has said just before (bytes of `text`). It is remembered.
    pub fn blocked(&self, author: Uuid, text: &str, now: i64) -> Vec<Range<usize>> {
        let earlier = self.earlier(author, text, now);
        if earlier.is_empty() {
            return Vec::new();
        }
        let mut texts: Vec<_> = earlier.iter().map(String::as_str).collect();
        texts.push(head(text, AROUND));
        parts(&texts, earlier.len(), now)
    }

    /// What the author said in the last two minutes, oldest first; and keeps this.
    fn earlier(&self, author: Uuid, text: &str, now: i64) -> Vec<String> {
        let mut authors = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let texts = &mut authors.said(author).texts;
        texts.retain(|(at, _)| now - at < TOGETHER);
        let earlier = texts.iter().map(|(_, text)| text.clone()).collect();
        if texts.len() == EARLIER {
            texts.pop_front();
        }
        texts.push_back((now, tail(text, AROUND)));
        authors.forget(now);
        earlier
    }
}

/// What an author has said around a message of theirs, oldest first.
#[derive(Default)]
pub struct Around {
    /// Before it.
    pub before: Vec<String>,
    /// After it.
    pub after: Vec<String>,
}

impl Around {
    /// What is blocked in another wording of the message, read with what stands around it (bytes of `text`).
    pub fn blocked(&self, text: &str, now: i64) -> Vec<Range<usize>> {
        let before = self.before.iter().skip(self.before.len().saturating_sub(EARLIER)).map(|said| tail(said, AROUND));
        let before: Vec<String> = before.collect();
        let mut texts: Vec<&str> = before.iter().map(String::as_str).collect();
        texts.push(text);
        texts.extend(self.after.iter().take(EARLIER).map(|said| head(said, AROUND)));
        parts(&texts, before.len(), now)
    }
}

/// What is blocked in one of several texts read as one.
fn parts(texts: &[&str], which: usize, now: i64) -> Vec<Range<usize>> {
    let found = joined(texts, &setting(now)).into_iter().filter(|found| found.severity == Severity::Block);
    found.flat_map(|found| found.parts).filter(|(at, _)| *at == which).map(|(_, span)| span).collect()
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
    fn nothing_that_cannot_be_seen_moves_a_piece_out_of_reach() {
        let (said, author) = (LastSaid::default(), Uuid::from_u128(1));
        let unseen = "\u{200b}".repeat(2_000);
        assert!(said.blocked(author, &format!("010190{unseen}"), NOW).is_empty());
        let next = format!("{unseen}17{unseen}10{unseen}");
        assert!(said.blocked(author, &next, NOW).is_empty());
        assert_eq!(said.blocked(author, &format!("{unseen}008"), NOW), vec![0..unseen.len() + 3]);
        // A long text between two pieces parts them.
        let other = Uuid::from_u128(2);
        assert!(said.blocked(other, "010190", NOW).is_empty());
        assert!(said.blocked(other, &"a long story ".repeat(40), NOW).is_empty());
        assert!(said.blocked(other, "1710008", NOW).is_empty());
    }

    #[test]
    fn another_wording_is_read_with_what_stands_around_it() {
        let around = |before: &[&str], after: &[&str]| Around {
            before: before.iter().map(|said| (*said).to_owned()).collect(),
            after: after.iter().map(|said| (*said).to_owned()).collect(),
        };
        assert_eq!(around(&["said long before", "it is 010190"], &[]).blocked("1710008", NOW), vec![0..7]);
        assert_eq!(around(&[], &["1710008", "and so on"]).blocked("number 010190", NOW), vec![7..13]);
        assert_eq!(around(&["010190"], &["008"]).blocked("1710", NOW), vec![0..4]);
        assert!(around(&["010190"], &["008"]).blocked("a word", NOW).is_empty());
        // What others have found already isn't told again.
        assert!(around(&[], &["0101901710008"]).blocked("a word", NOW).is_empty());
    }

    #[test]
    fn so_many_authors_are_kept_and_no_more() {
        let said = LastSaid::default();
        (0..4106).for_each(|author| drop(said.blocked(Uuid::from_u128(author), "a", NOW)));
        assert_eq!(said.0.lock().expect("lock").said.len(), AUTHORS);
        said.blocked(Uuid::from_u128(9_999), "a", NOW + TOGETHER);
        let authors = said.0.lock().expect("lock");
        assert_eq!((authors.said.len(), authors.silent.len()), (1, 1));
    }

    #[test]
    fn whoever_was_silent_for_longest_is_forgotten_and_nobody_who_is_new() {
        let said = LastSaid::default();
        let author = |n: usize| Uuid::from_u128(u128::try_from(n).expect("an author"));
        (0..AUTHORS).for_each(|n| drop(said.blocked(author(n), "010190", NOW)));
        said.blocked(author(0), "still here: 010190", NOW + SECOND);
        assert!(said.blocked(author(AUTHORS), "010190", NOW + SECOND).is_empty());
        assert_eq!(said.blocked(author(AUTHORS), "1710008", NOW + SECOND), vec![0..7]);
        assert_eq!(said.blocked(author(0), "1710008", NOW + SECOND), vec![0..7]);
        assert!(said.blocked(author(1), "1710008", NOW + SECOND).is_empty(), "silent for longest");
        assert_eq!(said.blocked(author(9), "1710008", NOW + SECOND), vec![0..7]);
    }
}
