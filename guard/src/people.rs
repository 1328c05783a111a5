//! Cues of a person: no detector of names is reliable in ten languages, but what stands beside a name often is.

use std::collections::HashSet;

use crate::days::{self, Date};
use crate::finding::{Kind, Severity};
use crate::numbers::Group;
use crate::scan::{Found, Scan};
use crate::signs::{Class, Sign};
use crate::spans::{Spans, lie_in};
use crate::words::{Hit, NEAR, Word, spans, word_end};

/// How far a date may stand before the word that makes it a birth, in signs.
const BEFORE: usize = 12;
/// How far from an age a town and an origin may stand, in signs.
const TOGETHER: usize = 60;
/// What may stand between a name and what is beside it, in signs.
const BESIDE: usize = 3;
/// Bands in which ages are said, as on file cards.
const BANDS: [(u16, &str); 5] = [(5, "0-5"), (9, "6-9"), (13, "10-13"), (15, "14-15"), (17, "16-17")];

/// Finds cues of births, names and profiles.
pub(crate) fn find(scan: &mut Scan<'_>) {
    births(scan);
    names(scan);
    profiles(scan);
}

fn warn(kind: Kind, start: usize, end: usize) -> Found {
    Found::new(kind, Severity::Warn, start, end)
}

/// The words of a group, and where they end, in order.
fn such(scan: &Scan<'_>, word: Word) -> (Vec<Hit>, Vec<usize>) {
    let hits: Vec<Hit> = scan.hits.iter().filter(|hit| hit.word == word).copied().collect();
    let mut ends: Vec<usize> = hits.iter().map(|hit| hit.end).collect();
    ends.sort_unstable();
    (hits, ends)
}

/// Dates that a word makes births.
fn births(scan: &mut Scan<'_>) {
    if scan.dates.is_empty() {
        return;
    }
    let (born, ends) = such(scan, Word::Born);
    let starts: Vec<usize> = born.iter().map(|hit| hit.start).collect();
    for date in &mut scan.dates {
        let before = date.start.saturating_sub(NEAR)..=date.start;
        date.birth = lie_in(&ends, &before) || lie_in(&starts, &(date.end..=date.end + BEFORE));
        if date.birth {
            scan.found.push(birth(date));
        }
    }
}

fn birth(date: &Date) -> Found {
    Found { offer: Some(days::quarter(date.day)), ..warn(Kind::Birth, date.start, date.end) }
}

/// Whether only what is neither letter nor digit stands from `start` to `end`, and little of it.
fn beside(signs: &[Sign], start: usize, end: usize) -> bool {
    start <= end
        && end - start <= BESIDE
        && signs[start..end].iter().all(|sign| !matches!(sign.class, Class::Letter | Class::Digit | Class::Border))
}

/// A word of at least two letters of which the first alone is a capital.
fn is_capitalised(word: &[Sign]) -> bool {
    word.len() >= 2 && word[0].upper && word[1..].iter().all(|sign| !sign.upper)
}

/// Capitalised words, in signs, but for those that name an office, a month or a place.
fn capitalised(scan: &Scan<'_>) -> Vec<Group> {
    let signs = scan.signs;
    let other = |word| matches!(word, Word::Office | Word::Month(_) | Word::Place(..) | Word::Nation | Word::Born);
    let taken = spans(&scan.hits, other);
    let mut words = Vec::new();
    let mut at = 0;
    while at < signs.len() {
        let end = word_end(signs, at);
        if is_capitalised(&signs[at..end]) && !taken.meet(at, at + 1) {
            words.push(Group { start: at, end });
        }
        at = end.max(at + 1);
    }
    words
}

/// Of stretches in order those whose place lies at most [`BESIDE`] signs after `from`.
fn after(all: &[Group], from: usize, place: fn(&Group) -> usize) -> impl Iterator<Item = &Group> {
    let first = all.partition_point(|one| place(one) < from);
    all[first..].iter().take_while(move |one| place(one) <= from + BESIDE)
}

fn names(scan: &mut Scan<'_>) {
    let asks = scan.hits.iter().any(|hit| matches!(hit.word, Word::Kin | Word::Born)) || !scan.dates.is_empty();
    if !asks {
        return;
    }
    let (signs, words) = (scan.signs, capitalised(scan));
    let joined = |a: &Group, b: &Group| b.start == a.end + 1 && matches!(signs[a.end].class, Class::Space | Class::Dash);
    let pairs: Vec<Group> = words
        .windows(2)
        .filter(|two| joined(&two[0], &two[1]))
        .map(|two| Group { start: two[0].start, end: two[1].end })
        .collect();
    let before = |at: usize| {
        let close = after(&pairs, at.saturating_sub(BESIDE), |pair| pair.end);
        close.filter(move |pair| beside(signs, pair.end, at))
    };
    let behind = |words, at: usize| after(words, at, |word| word.start).filter(move |word| beside(signs, at, word.start));
    let name = |one: &Group| warn(Kind::Name, one.start, one.end);
    let mut found = Vec::new();
    for date in scan.dates.iter().filter(|date| lived(scan, date)) {
        for pair in before(date.start).chain(behind(&pairs, date.end)) {
            found.push(name(pair));
            if !date.birth {
                found.push(birth(date));
            }
        }
    }
    for hit in scan.hits.iter().filter(|hit| hit.word == Word::Born) {
        found.extend(before(hit.start).map(name));
    }
    for hit in scan.hits.iter().filter(|hit| hit.word == Word::Kin) {
        let Some(first) = behind(&words, hit.end).next() else { continue };
        let second = after(&words, first.end, |word| word.start).find(|word| joined(first, word));
        found.push(name(&Group { start: first.start, end: second.unwrap_or(first).end }));
    }
    keep(scan, found);
}

/// Whether somebody born on that day may live, and the day isn't one on which something is to happen or just has.
fn lived(scan: &Scan<'_>, date: &Date) -> bool {
    let today = scan.setting.today;
    (1900..today.year).contains(&date.day.year)
        && (date.day.year + 1, date.day.month, date.day.day) < (today.year, today.month, today.day)
}

fn keep(scan: &mut Scan<'_>, found: Vec<Found>) {
    if found.is_empty() {
        return;
    }
    let place = |one: &Found| (one.kind, one.start, one.end);
    let mut known: HashSet<_> = scan.found.iter().map(place).collect();
    scan.found.extend(found.into_iter().filter(|one| known.insert(place(one))));
}

/// Age, town and origin together: in a small place that is a person.
fn profiles(scan: &mut Scan<'_>) {
    let ages = ages(scan);
    if ages.is_empty() {
        return;
    }
    let origins = spans(&scan.hits, |word| word == Word::Nation);
    let towns: Vec<&Hit> = scan.hits.iter().filter(|hit| is_town(scan, hit)).collect();
    let places: Spans = towns.iter().map(|town| (town.start, town.end)).collect();
    let mut found = Vec::new();
    let mut told = 0;
    for (age, years) in ages {
        if !origins.near(age.start, age.end, TOGETHER) || !places.near(age.start, age.end, TOGETHER) {
            continue;
        }
        let band = BANDS.iter().find(|(last, _)| years <= *last).map_or("18+", |(_, band)| *band);
        found.push(Found { offer: Some(band.into()), ..warn(Kind::Age, age.start, age.end) });
        // Those before were told of beside an age before, or end too far from this one.
        let close = towns.partition_point(|town| town.start <= age.end + TOGETHER);
        for town in towns[told..close].iter().filter(|town| town.end + TOGETHER >= age.start) {
            let Word::Place(countries, part) = town.word else { continue };
            let offer = countries.codes().next().map(|code| format!("{code} {part}"));
            found.push(Found { countries, offer, ..warn(Kind::Place, town.start, town.end) });
        }
        told = close;
    }
    keep(scan, found);
}

fn is_town(scan: &Scan<'_>, hit: &Hit) -> bool {
    matches!(hit.word, Word::Place(..)) && scan.signs[hit.start].upper
}

/// Numbers below a hundred beside a word of age.
fn ages(scan: &Scan<'_>) -> Vec<(Group, u16)> {
    let (words, ends) = such(scan, Word::Age);
    let starts: Vec<usize> = words.iter().map(|hit| hit.start).collect();
    let near = |places: &[usize], from: usize, is: &dyn Fn(usize) -> bool| {
        let first = places.partition_point(|place| *place < from);
        places[first..].iter().take_while(|place| **place <= from + BESIDE).any(|place| is(*place))
    };
    let is_age = |group: &Group| {
        near(&starts, group.end, &|start| beside(scan.signs, group.end, start))
            || near(&ends, group.start.saturating_sub(BESIDE), &|end| end < group.start && beside(scan.signs, end, group.start))
    };
    let numbers = scan.groups.iter().filter(|group| group.len() <= 2 && is_age(group));
    numbers.filter_map(|group| Some((*group, group.value(scan.signs)?))).collect()
}
