//! Numbers as people write them: in groups, with whatever stands between.

use crate::checks::{self, Fits};
use crate::finding::{Kind, Severity};
use crate::scan::{Found, Scan};
use crate::signs::{Class, Sign};
use crate::words::{word_end, word_start};

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

    /// Whether nothing goes on here.
    fn is_alone(self) -> bool {
        !self.joins || self.is_odd()
    }

    /// Whether something else stands here than between groups that are all parted by the same.
    fn is_other(self, alike: Option<(Class, usize)>) -> bool {
        alike.is_some() && self.alike != alike
    }

    /// Whether groups that belong together by themselves can begin between this and the next gap.
    fn may_begin(self, next: Self) -> bool {
        self.is_alone() || self.is_other(next.alike)
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
    if !scan.contexts.is_empty() {
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
    let signs = scan.signs;
    let gaps: Vec<Gap> = groups.windows(2).map(|two| Gap::read(&signs[two[0].end..two[1].start])).collect();
    let gap = |at: Option<usize>| at.and_then(|at| gaps.get(at)).copied().unwrap_or_default();
    let lettered = |group: &Group| signs[group.start..group.end].iter().any(|sign| sign.class == Class::Letter);
    let lettered: Vec<bool> = if loose { groups.iter().map(lettered).collect() } else { vec![false; groups.len()] };
    let mut digits: Vec<u8> = Vec::with_capacity(groups.iter().map(|group| group.len()).sum());
    for group in groups {
        digits.extend(signs[group.start..group.end].iter().filter_map(|sign| digit(sign, loose)));
    }
    let mut from = 0;
    for first in 0..groups.len() {
        let (mut len, mut letters) = (0, false);
        let (start, before) = (groups[first].start, gap(first.checked_sub(1)));
        let until = (first + LONGEST).min(groups.len());
        // Most groups that can be read as one have nothing that says so.
        let announced =
            (start > 0 && signs[start - 1].class == Class::Letter) || scan.contexts.announce_any(start, groups[until - 1].end);
        let until = if announced || before.may_begin(gap(Some(first))) { until } else { first + 1 };
        for last in first..until {
            if last > first && !gaps[last - 1].joins {
                break;
            }
            len += groups[last].len();
            if len > LONGEST {
                break;
            }
            letters |= lettered[last];
            if !checks::is_length(len) || (loose && !letters) {
                continue;
            }
            let around = (before, gap(Some(last)));
            Window { groups: &groups[first..=last], gaps: &gaps[first..last], around, loose }
                .look(scan, &digits[from..from + len]);
        }
        from += groups[first].len();
    }
}

/// Groups that can be one number.
struct Window<'a> {
    groups: &'a [Group],
    /// What stands between them, before and after them.
    gaps: &'a [Gap],
    around: (Gap, Gap),
    loose: bool,
}

impl Window<'_> {
    fn start(&self) -> usize {
        self.groups[0].start
    }

    fn end(&self) -> usize {
        self.groups[self.groups.len() - 1].end
    }

    fn look(&self, scan: &mut Scan<'_>, digits: &[u8]) {
        checks::fitting(digits, scan.setting.today, |fits| {
            if let Some(found) = self.judge(scan, digits, fits) {
                scan.found.push(found);
            }
        });
    }

    fn judge(&self, scan: &Scan<'_>, digits: &[u8], fits: Fits) -> Option<Found> {
        if fits.kind == Kind::Pan && !checks::is_card_network(digits) {
            return None;
        }
        let (start, end) = (self.start(), self.end());
        let context = scan.announced(fits.kind, start, end) || self.has_prefix(scan.signs, fits.kind);
        let mut severity = scan.policy(fits.kind).severity(context)?;
        if !context {
            if self.loose || !self.is_whole() || !self.stands_apart(scan.signs) || scan.quiet.meet(start, end) {
                return None;
            }
            // Numbers of ten and eleven digits are common in addresses of pages and after the point of a decimal.
            let common = self.is_fraction() || scan.paths.meet(start, start + 1);
            if common && severity == Severity::Warn {
                return None;
            }
            let telling = matches!(fits.kind, Kind::Jmbg | Kind::Cnp);
            if fits.unlikely || (common && !telling) {
                severity = Severity::Warn;
            }
        }
        Some(Found { countries: fits.countries, context, ..Found::new(fits.kind, severity, start, end) })
    }

    /// Whether it is what follows the point of a decimal, or all of one.
    fn is_fraction(&self) -> bool {
        let point = Some((Class::Dot, 1));
        match self.groups {
            [_] => self.around.0.alike == point,
            [whole, places] => self.gaps[0].alike == point && whole.len() <= 3 && places.len() > 6,
            _ => false,
        }
    }

    /// Whether the groups belong together by themselves: the same stands between all of them and no more of it around, or
    /// they are all that stands there. Rows of decimals don't.
    fn is_whole(&self) -> bool {
        let Some(first) = self.gaps.first() else { return true };
        let (alike, (before, after)) = (first.alike, self.around);
        if before.is_other(alike) && after.is_other(alike) && self.gaps.iter().all(|gap| gap.alike == alike) {
            return true;
        }
        let has = || self.gaps.iter().fold(0, |all, gap| all | gap.has);
        let mixed = |has: u8| has & ODD != 0 || has & (DOT | SPACE) == DOT | SPACE;
        before.is_alone() && after.is_alone() && !mixed(has())
    }

    /// `HR12345678903`, `EL123456783`.
    fn has_prefix(&self, signs: &[Sign], kind: Kind) -> bool {
        let prefix = match kind {
            Kind::Oib => ['h', 'r'],
            Kind::Afm => ['e', 'l'],
            _ => return false,
        };
        let start = self.start();
        start >= 2 && word_start(signs, start) == start - 2 && (0..2).all(|at| signs[start - 2 + at].code == prefix[at])
    }

    /// Whether the number isn't a piece of something longer, such as a hash. A word of at least three letters may stand
    /// on one side, as in the name of a file.
    fn stands_apart(&self, signs: &[Sign]) -> bool {
        let (start, end) = (self.start(), self.end());
        let before = &signs[word_start(signs, start)..start];
        let after = &signs[end..word_end(signs, end)];
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
