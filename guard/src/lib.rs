//! The personal-data guard: recognises in a text what has no place in a channel, whatever script or disguise it comes in.
//!
//! It runs twice. The browser warns while somebody types (its twin, `web/src/base/guard`, in TypeScript), the server
//! decides. Both read the tables in `data/`; docs/decisions/0019 says why there are two and what holds them together.
//! There is no I/O here, no clock and no randomness: the day is part of the [`Setting`].
//!
//! ```
//! use egida_guard::{Day, Kind, Setting, Severity, mask, scan};
//!
//! let setting = Setting::new(Day { year: 2026, month: 11, day: 28 });
//! let text = "JMBG 0101901-710008, please call";
//! let findings = scan(text, &setting);
//! assert_eq!((findings[0].kind, findings[0].severity), (Kind::Jmbg, Severity::Block));
//! assert_eq!(mask(text, &findings), "JMBG •••••••••, please call");
//! assert!(scan("Law 88/2005, 2011/36/EU, call 116 111", &setting).is_empty());
//! ```
//!
//! How a text is read: `signs` takes every sign to what it looks like and forgets what can't be seen; `words` finds the
//! words that announce something; `numbers`, `codes`, `contacts` and `maps` find values, `people` and `marks` what
//! stands around them; `scan` keeps the finding that weighs most where several overlap.

mod checks;
mod codes;
mod contacts;
mod days;
mod finding;
mod maps;
mod marks;
mod mask;
mod numbers;
mod people;
mod phones;
mod quiet;
mod scan;
mod setting;
mod signs;
mod spans;
mod table;
mod words;

use std::ops::Range;

pub use finding::{Countries, Finding, Kind, Severity, Spread};
pub use mask::mask;
pub use setting::{Day, Room, Setting};
pub use table::NATIONAL_IDS;

use signs::{Class, Sign};

/// What is found in a text, in its order. Two findings never overlap if one of them is a value.
pub fn scan(text: &str, setting: &Setting) -> Vec<Finding> {
    let signs = signs::signs(text);
    scan::read(&signs, setting).into_iter().map(|found| found.placed(&signs)).collect()
}

/// What is found in messages read as one, oldest first: somebody may split a number over two. Only what lies in the
/// last one or reaches over a border counts; the others were read when they came.
pub fn joined(messages: &[&str], setting: &Setting) -> Vec<Spread> {
    let mut signs: Vec<Sign> = Vec::new();
    let mut bounds: Vec<Range<usize>> = Vec::new();
    for message in messages {
        let base = bounds.last().map_or(0, |bounds| bounds.end);
        if !bounds.is_empty() {
            signs.push(Sign { code: '\n', class: Class::Border, upper: false, start: base, end: base });
        }
        signs::read(message, base, &mut signs);
        bounds.push(base..base + message.len());
    }
    let placed = scan::read(&signs, setting).into_iter().map(|found| found.placed(&signs));
    placed.filter_map(|finding| spread(finding, &bounds)).collect()
}

fn spread(finding: Finding, bounds: &[Range<usize>]) -> Option<Spread> {
    let Finding { kind, countries, severity, span, offer } = finding;
    let parts: Vec<_> = bounds
        .iter()
        .enumerate()
        .map(|(at, bounds)| (at, span.start.max(bounds.start)..span.end.min(bounds.end), bounds.start))
        .filter(|(_, part, _)| !part.is_empty())
        .map(|(at, part, base)| (at, part.start - base..part.end - base))
        .collect();
    let counts = parts.len() > 1 || parts.last().is_some_and(|(at, _)| at + 1 == bounds.len());
    counts.then_some(Spread { kind, countries, severity, parts, offer })
}

/// A text as the guard reads it.
#[derive(Clone)]
pub struct Normalised {
    /// Digits in ASCII, letters small and Latin where they look like it, nothing that can't be seen.
    pub text: String,
    /// Where in the original, in bytes, each character of `text` stands.
    pub places: Vec<Range<usize>>,
}

/// Shows a text as the guard reads it: every script's digits as digits, look-alike letters as one.
pub fn normalise(text: &str) -> Normalised {
    let signs = signs::signs(text);
    Normalised {
        text: signs.iter().map(|sign| sign.code).collect(),
        places: signs.iter().map(|sign| sign.start..sign.end).collect(),
    }
}

/// A text up to so many signs that can be seen.
pub fn head(text: &str, most: usize) -> &str {
    let next = text.char_indices().filter(|(_, sign)| signs::is_seen(*sign)).nth(most);
    next.map_or(text, |(at, _)| &text[..at])
}

/// The last signs of a text that can be seen, at most so many, without those that can't.
pub fn tail(text: &str, most: usize) -> String {
    let last: Vec<char> = text.chars().rev().filter(|sign| signs::is_seen(*sign)).take(most).collect();
    last.into_iter().rev().collect()
}

/// Whether a whole text fulfils the rule of a row of `national-ids.tsv`, named by its id; `None` if there is no such row.
/// This is the bare rule: neither context nor policy are asked.
pub fn passes(id: &str, text: &str, today: Day) -> Option<bool> {
    let kind = Kind::named(id)?;
    let signs = signs::signs(text);
    let digits: Vec<u8> =
        signs.iter().filter_map(|sign| sign.code.to_digit(10)).filter_map(|digit| u8::try_from(digit).ok()).collect();
    let separated = signs.iter().all(|sign| matches!(sign.class, Class::Digit | Class::Space | Class::Dash | Class::Dot));
    checks::holds(kind, &digits, today)
        .map(|holds| holds && separated)
        .or_else(|| codes::holds(kind, &signs))
        .or_else(|| contacts::holds(kind, &signs))
        .or_else(|| maps::holds(id, &signs))
}
