//! Numbers as people write them: in groups, with whatever stands between.

use crate::checks::{self, Fits};
use crate::finding::{Kind, Severity};
use crate::scan::{Found, Scan};
use crate::signs::{Class, Sign};
use crate::words::{announced, word_end, word_start};

/// The longest identifier of digits, in digits.
const LONGEST: usize = 19;
/// What may stand between two groups of one number, in signs.
const GAP: usize = 3;

/// A run of digits, in signs.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Group {
    pub start: usize,
    pub end: usize,
}

impl Group {
    pub(crate) fn len(self) -> usize {
        self.end - self.start
    }

    /// Its value, if it has up to four digits.
    pub(crate) fn value(self, signs: &[Sign]) -> Option<u16> {
        let digit = |sign: &Sign| sign.code.to_digit(10).and_then(|digit| u16::try_from(digit).ok());
        (self.len() <= 4).then(|| signs[self.start..self.end].iter().filter_map(digit).fold(0, |all, digit| all * 10 + digit))
    }
}

/// What stands between two groups.
#[derive(Clone, Copy, Default)]
struct Gap {
    /// One number can go on here.
    joins: bool,
    /// Of nothing but this, so many times.
    alike: Option<(Class, usize)>,
    /// Which of [`DOT`], [`SPACE`] and [`ODD`] are in it.
    has: u8,
}

const DOT: u8 = 1;
const SPACE: u8 = 2;
const ODD: u8 = 4;

impl Gap {
    fn read(signs: &[Sign]) -> Self {
        let seen = signs.iter().filter(|sign| sign.class != Class::Border).count();
        let mut gap = Self { joins: !signs.is_empty() && seen <= GAP, ..Self::default() };
        if !gap.joins {
            return gap;
        }
        for sign in signs {
            match sign.class {
                Class::Dot => gap.has |= DOT,
                Class::Space => gap.has |= SPACE,
                Class::Odd => gap.has |= ODD,
                Class::Line | Class::Dash | Class::Slash | Class::Border => {}
                _ => gap.joins = false,
            }
        }
        let first = signs[0].class;
        if gap.joins && !gap.is_odd() && signs.iter().all(|sign| sign.class == first) {
            gap.alike = Some((first, signs.len()));
        }
        gap
    }

    fn is_odd(self) -> bool {
        self.has & ODD != 0
    }
}

/// The runs of digits of a text.
pub(crate) fn groups(signs: &[Sign]) -> Vec<Group> {
    runs(signs.len(), |at| signs[at].class == Class::Digit)
}

fn runs(len: usize, is_part: impl Fn(usize) -> bool) -> Vec<Group> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < len {
        let start = at;
        while at < len && is_part(at) {
            at += 1;
        }
        if at > start {
            found.push(Group { start, end: at });
        }
        at += 1;
    }
    found
}

/// The digit that a sign is or, when digits are typed as letters, looks like.
fn digit(sign: &Sign, loose: bool) -> Option<u8> {
    match sign.code {
        code @ '0'..='9' => u8::try_from(u32::from(code) - u32::from('0')).ok(),
        'o' if loose => Some(0),
        'l' | 'i' if loose => Some(1),
        _ => None,
    }
}

/// Finds identifiers made of digits.
pub(crate) fn find(scan: &mut Scan<'_>) {
    let groups = scan.groups.clone();
    windows(scan, &groups, false);
    if scan.has_context {
        let signs = scan.signs;
        // Runs in which letters stand among digits: `O1O19O17l0008`.
        let mut loose = runs(signs.len(), |at| digit(&signs[at], true).is_some());
        loose.retain(|run| signs[run.start..run.end].iter().any(|sign| sign.class == Class::Digit));
        if loose != groups {
            windows(scan, &loose, true);
        }
    }
}

fn windows(scan: &mut Scan<'_>, groups: &[Group], loose: bool) {
    let gaps: Vec<Gap> = groups.windows(2).map(|two| Gap::read(&scan.signs[two[0].end..two[1].start])).collect();
    let gap = |at: Option<usize>| at.and_then(|at| gaps.get(at)).copied().unwrap_or_default();
    for first in 0..groups.len() {
        let mut digits = 0;
        for last in first..groups.len() {
            if last > first && !gaps[last - 1].joins {
                break;
            }
            digits += groups[last].len();
            if digits > LONGEST {
                break;
            }
            if !checks::is_length(digits) {
                continue;
            }
            let inside = &gaps[first..last];
            let (before, after) = (gap(first.checked_sub(1)), gap(Some(last)));
            let window = Window {
                start: groups[first].start,
                end: groups[last].end,
                whole: inside.is_empty() || is_whole(inside, before, after),
                loose,
                fraction: is_fraction(&groups[first..=last], inside, before),
            };
            window.look(scan);
        }
    }
}

/// What follows the point of a decimal, or all of one.
fn is_fraction(groups: &[Group], inside: &[Gap], before: Gap) -> bool {
    let point = Some((Class::Dot, 1));
    match groups {
        [_] => before.alike == point,
        [whole, places] => inside[0].alike == point && whole.len() <= 3 && places.len() > 6,
        _ => false,
    }
}

/// Whether groups belong together by themselves: the same stands between all of them and no more of it around, or they
/// are all that stands there. Rows of decimals don't.
fn is_whole(inside: &[Gap], before: Gap, after: Gap) -> bool {
    let alike = inside[0].alike;
    let even = alike.is_some() && inside.iter().all(|gap| gap.alike == alike) && before.alike != alike && after.alike != alike;
    let alone = |gap: Gap| !gap.joins || gap.is_odd();
    let has = inside.iter().fold(0, |all, gap| all | gap.has);
    let mixed = has & ODD != 0 || has & (DOT | SPACE) == DOT | SPACE;
    even || (alone(before) && alone(after) && !mixed)
}

/// Groups that can be one number.
struct Window {
    start: usize,
    end: usize,
    whole: bool,
    loose: bool,
    /// What follows the point of a decimal.
    fraction: bool,
}

impl Window {
    fn look(&self, scan: &mut Scan<'_>) {
        let digits: Vec<u8> = scan.signs[self.start..self.end].iter().filter_map(|sign| digit(sign, self.loose)).collect();
        let strict = scan.signs[self.start..self.end].iter().all(|sign| sign.class != Class::Letter);
        if self.loose && strict {
            return;
        }
        for fits in checks::fitting(&digits, scan.setting.today) {
            if let Some(found) = self.judge(scan, &digits, fits) {
                scan.found.push(found);
            }
        }
    }

    fn judge(&self, scan: &Scan<'_>, digits: &[u8], fits: Fits) -> Option<Found> {
        let context = announced(&scan.hits, fits.kind, self.start, self.end) || self.has_prefix(scan.signs, fits.kind);
        if fits.kind == Kind::Pan && !checks::is_card_network(digits) {
            return None;
        }
        let mut severity = scan.policy(fits.kind).severity(context)?;
        if !context {
            if self.loose || !self.whole || !self.stands_apart(scan.signs) || scan.is_quiet(self.start, self.end) {
                return None;
            }
            // Numbers of ten and eleven digits are common in addresses of pages and after the point of a decimal.
            let common = self.fraction || scan.is_path(self.start);
            if common && severity == Severity::Warn {
                return None;
            }
            let telling = matches!(fits.kind, Kind::Jmbg | Kind::Cnp);
            if fits.unlikely || (common && !telling) {
                severity = Severity::Warn;
            }
        }
        Some(Found { countries: fits.countries, context, ..Found::new(fits.kind, severity, self.start, self.end) })
    }

    /// `HR12345678903`, `EL123456783`.
    fn has_prefix(&self, signs: &[Sign], kind: Kind) -> bool {
        let prefix = match kind {
            Kind::Oib => ['h', 'r'],
            Kind::Afm => ['e', 'l'],
            _ => return false,
        };
        self.start >= 2
            && word_start(signs, self.start) == self.start - 2
            && (0..2).all(|at| signs[self.start - 2 + at].code == prefix[at])
    }

    /// Whether the number isn't a piece of something longer, such as a hash. A word of at least three letters may stand
    /// on one side, as in the name of a file.
    fn stands_apart(&self, signs: &[Sign]) -> bool {
        let before = &signs[word_start(signs, self.start)..self.start];
        let after = &signs[self.end..word_end(signs, self.end)];
        let hexadecimal = |letters: &[Sign]| letters.iter().all(|sign| ('a'..='f').contains(&sign.code));
        let word = |letters: &[Sign]| letters.len() >= 3 && !hexadecimal(letters);
        match (before.is_empty(), after.is_empty()) {
            (true, true) => true,
            (false, true) => word(before),
            (true, false) => word(after),
            (false, false) => false,
        }
    }
}
