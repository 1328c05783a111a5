//! Marks of classified information, and words that the field advises against.

use std::cell::LazyCell;

use crate::finding::{Countries, Kind, Severity};
use crate::scan::{Found, Scan};
use crate::signs::{Class, Sign};
use crate::words::{Hit, Word, spans};

/// Finds marks and words.
pub(crate) fn find(scan: &mut Scan<'_>) {
    let is_mark = |word| matches!(word, Word::Mark(..));
    let (marks, terms) = (spans(&scan.hits, is_mark), spans(&scan.hits, |word| matches!(word, Word::Term(_))));
    let signs = scan.signs;
    let lines = LazyCell::new(|| Lines::of(signs));
    let mut found: Vec<Found> = Vec::new();
    for hit in &scan.hits {
        let alike = match hit.word {
            Word::Mark(..) => &marks,
            Word::Term(_) => &terms,
            _ => continue,
        };
        // Within a longer one of its kind.
        if alike.reach(hit.start) >= hit.end || alike.reach(hit.start + 1) > hit.end {
            continue;
        }
        let one = match hit.word {
            Word::Mark(_, alone) => mark(signs, hit, alone, &lines).map(|severity| {
                let found = Found::new(Kind::Classified, severity, hit.start, hit.end);
                Found { countries: whose(scan, hit), ..found }
            }),
            Word::Term(key) => {
                let found = Found::new(Kind::Term, Severity::Suggest, hit.start, hit.end);
                Some(Found { offer: Some(key.into()), ..found })
            }
            _ => None,
        };
        let Some(one) = one else { continue };
        let mut beside = found.iter().rev().take_while(|other| other.start == one.start);
        if !beside.any(|other| (other.kind, other.end) == (one.kind, one.end)) {
            found.push(one);
        }
    }
    scan.found.extend(found);
}

/// Every country that marks so.
fn whose(scan: &Scan<'_>, hit: &Hit) -> Countries {
    let from = scan.hits.partition_point(|other| other.start < hit.start);
    let same = scan.hits[from..].iter().take_while(|other| other.start == hit.start).filter(|other| other.end == hit.end);
    same.fold(Countries::default(), |all, other| if let Word::Mark(whose, _) = other.word { all.with(whose) } else { all })
}

/// Where lines end, and how many signs of a kind stand before each sign.
struct Lines {
    breaks: Vec<usize>,
    /// Letters and digits.
    words: Vec<usize>,
    /// The same and `=`.
    said: Vec<usize>,
    small: Vec<usize>,
}

impl Lines {
    fn of(signs: &[Sign]) -> Self {
        let breaks = |at: &usize| matches!(signs[*at].class, Class::Line | Class::Border);
        Self {
            breaks: (0..signs.len()).filter(breaks).collect(),
            words: counts(signs, is_word),
            said: counts(signs, |sign| is_word(sign) || sign.code == '='),
            small: counts(signs, |sign| is_letter(sign) && !sign.upper),
        }
    }

    /// Where the line begins in which something starts, and where the one ends in which it does.
    fn around(&self, start: usize, end: usize) -> (usize, usize) {
        let before = self.breaks.partition_point(|at| *at < start);
        let after = self.breaks.partition_point(|at| *at < end);
        let end_of_text = self.words.len() - 1;
        (before.checked_sub(1).map_or(0, |at| self.breaks[at] + 1), self.breaks.get(after).copied().unwrap_or(end_of_text))
    }
}

/// For each sign and the end how many such stand before it.
fn counts(signs: &[Sign], is: impl Fn(&Sign) -> bool) -> Vec<usize> {
    let mut all = vec![0];
    all.extend(signs.iter().scan(0, |count, sign| {
        *count += usize::from(is(sign));
        Some(*count)
    }));
    all
}

fn is_word(sign: &Sign) -> bool {
    matches!(sign.class, Class::Letter | Class::Digit)
}

fn is_letter(sign: &Sign) -> bool {
    sign.class == Class::Letter
}

/// What a mark weighs: it blocks where it heads a line or stands in a line of capitals, as on a document. Within a
/// sentence it warns; in small letters it is a word like others.
fn mark(signs: &[Sign], hit: &Hit, alone: bool, lines: &Lines) -> Option<Severity> {
    if signs[hit.start..hit.end].iter().any(|sign| is_letter(sign) && !sign.upper) {
        return None;
    }
    let (start, end) = lines.around(hit.start, hit.end);
    let none = |counts: &[usize], from: usize, to: usize| counts[from] == counts[to];
    let outside = |counts: &[usize]| none(counts, start, hit.start) && none(counts, hit.end, end);
    if outside(&lines.said) {
        return Some(Severity::Block);
    }
    // Only beside its own language's words is a mark that is also a common word one.
    if alone {
        return None;
    }
    let capitals = outside(&lines.small);
    let words = signs[hit.start..hit.end].iter().any(|sign| !is_letter(sign));
    let heads = none(&lines.words, start, hit.start);
    let parted = signs.get(hit.end).is_some_and(|sign| sign.class == Class::Odd)
        || (signs.get(hit.end).is_some_and(|sign| sign.class == Class::Space)
            && signs.get(hit.end + 1).is_some_and(|sign| !is_word(sign)));
    Some(if (capitals && words) || (heads && parted) { Severity::Block } else { Severity::Warn })
}
