//! Cues of a person: no detector of names is reliable in ten languages, but what stands beside a name often is.

use crate::days::{self, Date};
use crate::finding::{Kind, Severity};
use crate::numbers::Group;
use crate::scan::{Found, Scan};
use crate::signs::{Class, Sign};
use crate::words::{Hit, NEAR, Word, word_end};

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

fn born<'a>(scan: &'a Scan<'_>) -> impl Iterator<Item = &'a Hit> {
    scan.hits.iter().filter(|hit| hit.word == Word::Born)
}

fn is_birth(scan: &Scan<'_>, date: &Date) -> bool {
    born(scan).any(|hit| {
        let after = hit.end <= date.start && date.start - hit.end <= NEAR;
        let before = hit.start >= date.end && hit.start - date.end <= BEFORE;
        after || before
    })
}

fn births(scan: &mut Scan<'_>) {
    for date in scan.dates.clone() {
        if is_birth(scan, &date) {
            let offer = Some(days::quarter(date.day));
            scan.found.push(Found { offer, ..warn(Kind::Birth, date.start, date.end) });
        }
    }
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
    let mut words = Vec::new();
    let mut at = 0;
    while at < signs.len() {
        let end = word_end(signs, at);
        let taken = || {
            let other = |word| matches!(word, Word::Office | Word::Month(_) | Word::Place(..) | Word::Nation | Word::Born);
            scan.hits.iter().any(|hit| hit.start <= at && at < hit.end && other(hit.word))
        };
        if is_capitalised(&signs[at..end]) && !taken() {
            words.push(Group { start: at, end });
        }
        at = end.max(at + 1);
    }
    words
}

fn names(scan: &mut Scan<'_>) {
    let asks = scan.hits.iter().any(|hit| matches!(hit.word, Word::Kin | Word::Born)) || !scan.dates.is_empty();
    if !asks {
        return;
    }
    let words = capitalised(scan);
    let joined = |a: &Group, b: &Group| b.start == a.end + 1 && matches!(scan.signs[a.end].class, Class::Space | Class::Dash);
    let pairs: Vec<Group> = words
        .windows(2)
        .filter(|two| joined(&two[0], &two[1]))
        .map(|two| Group { start: two[0].start, end: two[1].end })
        .collect();
    let mut found = Vec::new();
    for date in scan.dates.iter().filter(|date| lived(scan, date)) {
        for pair in &pairs {
            let before = beside(scan.signs, pair.end, date.start);
            if before || beside(scan.signs, date.end, pair.start) {
                let offer = Some(days::quarter(date.day));
                found.push(warn(Kind::Name, pair.start, pair.end));
                if !is_birth(scan, date) {
                    found.push(Found { offer, ..warn(Kind::Birth, date.start, date.end) });
                }
            }
        }
    }
    for hit in born(scan) {
        let named = pairs.iter().filter(|pair| beside(scan.signs, pair.end, hit.start));
        found.extend(named.map(|pair| warn(Kind::Name, pair.start, pair.end)));
    }
    for hit in scan.hits.iter().filter(|hit| hit.word == Word::Kin) {
        let Some(first) = words.iter().find(|word| beside(scan.signs, hit.end, word.start)) else { continue };
        let second = words.iter().find(|word| joined(first, word));
        found.push(warn(Kind::Name, first.start, second.unwrap_or(first).end));
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
    for one in found {
        if !scan.found.iter().any(|other| (other.kind, other.start, other.end) == (one.kind, one.start, one.end)) {
            scan.found.push(one);
        }
    }
}

/// Age, town and origin together: in a small place that is a person.
fn profiles(scan: &mut Scan<'_>) {
    let mut found = Vec::new();
    for (age, years) in ages(scan) {
        let close = |hit: &&Hit| {
            let apart = if hit.start >= age.end { hit.start - age.end } else { age.start.saturating_sub(hit.end) };
            apart <= TOGETHER
        };
        let origin = scan.hits.iter().filter(close).any(|hit| hit.word == Word::Nation);
        let towns: Vec<&Hit> = scan.hits.iter().filter(close).filter(|hit| is_town(scan, hit)).collect();
        if !origin || towns.is_empty() {
            continue;
        }
        let band = BANDS.iter().find(|(last, _)| years <= *last).map_or("18+", |(_, band)| *band);
        found.push(Found { offer: Some(band.into()), ..warn(Kind::Age, age.start, age.end) });
        for town in towns {
            let Word::Place(countries, part) = town.word else { continue };
            let offer = countries.codes().next().map(|code| format!("{code} {part}"));
            found.push(Found { countries, offer, ..warn(Kind::Place, town.start, town.end) });
        }
    }
    keep(scan, found);
}

fn is_town(scan: &Scan<'_>, hit: &Hit) -> bool {
    matches!(hit.word, Word::Place(..)) && scan.signs[hit.start].upper
}

/// Numbers below a hundred beside a word of age.
fn ages(scan: &Scan<'_>) -> Vec<(Group, u16)> {
    let is_age = |group: &Group| {
        scan.hits.iter().filter(|hit| hit.word == Word::Age).any(|hit| {
            beside(scan.signs, group.end, hit.start) || (hit.end < group.start && beside(scan.signs, hit.end, group.start))
        })
    };
    let numbers = scan.groups.iter().filter(|group| group.len() <= 2 && is_age(group));
    numbers.filter_map(|group| Some((*group, group.value(scan.signs)?))).collect()
}
