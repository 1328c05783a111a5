//! Days of the calendar, and the dates that stand in a text.

use crate::numbers::Group;
use crate::setting::Day;
use crate::signs::{Class, Sign};
use crate::words::{Hit, Word};

/// A date in a text, in signs.
#[derive(Clone, Copy)]
pub(crate) struct Date {
    pub start: usize,
    pub end: usize,
    pub day: Day,
    /// Whether a word beside it makes it a birth.
    pub birth: bool,
}

/// Whether there is such a day.
pub(crate) fn exists(year: u16, month: u8, day: u8) -> bool {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let length = match month {
        2 => 28 + u8::from(leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return false,
    };
    (1..=length).contains(&day)
}

/// `Q1 2009`: the quarter that a day lies in.
pub(crate) fn quarter(day: Day) -> String {
    format!("Q{} {}", day.month.div_ceil(3), day.year)
}

/// The dates of a text: `14.03.2009`, `14. 3. 2009`, `14/3/2009`, `2009-03-14`, `14 March 2009`, `March 14, 2009`.
pub(crate) fn dates(signs: &[Sign], groups: &[Group], hits: &[Hit]) -> Vec<Date> {
    let mut found: Vec<Date> = groups.windows(3).filter_map(|three| numeric(signs, three)).collect();
    found.extend(worded(signs, groups, hits));
    found.sort_by_key(|date| (date.start, date.end));
    found
}

/// Three numbers between which the same sign stands; a blank may follow a dot.
fn numeric(signs: &[Sign], three: &[Group]) -> Option<Date> {
    let &[a, b, c] = three else { return None };
    let between = |from: usize, to: usize| match signs[from..to] {
        [one] if matches!(one.class, Class::Dash | Class::Dot | Class::Slash) => Some(one.class),
        [one, two] if one.class == Class::Dot && two.class == Class::Space => Some(Class::Dot),
        _ => None,
    };
    let sign = between(a.end, b.start)?;
    if between(b.end, c.start)? != sign {
        return None;
    }
    let (first, month, last) = (a.value(signs)?, u8::try_from(b.value(signs)?).ok()?, c.value(signs)?);
    let (year, day) = match (a.len(), b.len(), c.len()) {
        (4, 1..=2, 1..=2) => (first, last),
        (1..=2, 1..=2, 4) => (last, first),
        _ => return None,
    };
    date(a.start, c.end, year, month, day)
}

/// Two numbers, the second a year, and a month's name before, between or after the first: of several the first that fits.
fn worded(signs: &[Sign], groups: &[Group], hits: &[Hit]) -> Vec<Date> {
    let mut found: Vec<(usize, Date)> = Vec::new();
    for hit in hits {
        let Word::Month(month) = hit.word else { continue };
        let first = groups.partition_point(|group| group.end + 3 < hit.start);
        let close = groups[first..].windows(2).take_while(|two| two[0].start <= hit.end + 2);
        found.extend(close.enumerate().filter_map(|(at, two)| Some((first + at, beside(signs, two, hit, month)?))));
    }
    found.sort_by_key(|(at, _)| *at);
    found.dedup_by_key(|(at, _)| *at);
    found.into_iter().map(|(_, date)| date).collect()
}

/// The date that a month's name makes of two numbers beside it.
fn beside(signs: &[Sign], two: &[Group], hit: &Hit, month: u8) -> Option<Date> {
    let &[a, b] = two else { return None };
    if a.len() > 2 || b.len() != 4 || b.start - a.end > 24 {
        return None;
    }
    let between = hit.start >= a.end && hit.start - a.end <= 3 && hit.end <= b.start && b.start - hit.end <= 3;
    let before = hit.end <= a.start && a.start - hit.end <= 2 && b.start - a.end <= 3;
    if between || before { date(a.start.min(hit.start), b.end, b.value(signs)?, month, a.value(signs)?) } else { None }
}

fn date(start: usize, end: usize, year: u16, month: u8, day: u16) -> Option<Date> {
    let day = u8::try_from(day).ok()?;
    let known = (1800..=2100).contains(&year) && exists(year, month, day);
    known.then_some(Date { start, end, day: Day { year, month, day }, birth: false })
}
