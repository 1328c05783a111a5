//! Where somebody is or drives: coordinates and plates.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::LazyLock;

use regex::Regex;

use crate::finding::{Countries, Kind, Severity};
use crate::numbers::Group;
use crate::scan::{Found, Scan};
use crate::signs::{Class, Sign};
use crate::spans::lie_in;
use crate::table::ROWS;
use crate::words::Word;

/// Decimal places from which on a coordinate tells a house from its neighbours (about 100 m), and those of a precise one.
const TELLING: usize = 3;
const PRECISE: usize = 4;
/// How far apart a latitude and a longitude in minutes may stand, in signs.
const PAIRED: usize = 6;
/// The region, in whole degrees: pairs of decimals in it are coordinates even without a degree sign.
const LATITUDES: std::ops::RangeInclusive<u16> = 34..=48;
const LONGITUDES: std::ops::RangeInclusive<u16> = 13..=30;

/// A decimal number, in signs.
#[derive(Clone, Copy)]
struct Decimal {
    start: usize,
    end: usize,
    whole: u16,
    places: usize,
    /// With a degree sign or a letter of the compass.
    marked: bool,
}

/// Finds coordinates: `44.8125, 20.4612`, `44°48'45"N 20°27'40"E`.
pub(crate) fn coordinates(scan: &mut Scan<'_>) {
    let signs = scan.signs;
    let parts: Vec<_> = (0..scan.groups.len()).filter_map(|at| sexagesimal(signs, &scan.groups, at)).collect();
    let starts: Vec<_> = parts.iter().map(|part| part.start).collect();
    let mut ends: Vec<_> = parts.iter().map(|part| part.end).collect();
    ends.sort_unstable();
    for part in &parts {
        let before = part.start.saturating_sub(PAIRED)..=part.start;
        let pair = lie_in(&starts, &(part.end..=part.end + PAIRED)) || lie_in(&ends, &before);
        if part.marked || pair {
            scan.found.push(Found::new(Kind::Coordinates, Severity::Warn, part.start, part.end));
        }
    }
    let decimals: Vec<_> = scan.groups.windows(2).filter_map(|two| decimal(signs, two)).collect();
    for two in decimals.windows(2) {
        let &[a, b] = two else { continue };
        let between = signs.get(a.end..b.start).unwrap_or_default();
        let joined = (1..=4).contains(&between.len())
            && between
                .iter()
                .all(|sign| matches!(sign.class, Class::Space | Class::Slash | Class::Dash) || matches!(sign.code, ',' | ';'));
        let region = LATITUDES.contains(&a.whole) && LONGITUDES.contains(&b.whole) && a.places.min(b.places) >= PRECISE;
        let world = a.whole <= 90 && b.whole <= 180 && (a.marked || b.marked);
        if joined && (region || world) {
            scan.found.push(Found::new(Kind::Coordinates, Severity::Warn, a.start, b.end));
        }
    }
}

fn is_compass(sign: &Sign) -> bool {
    sign.class == Class::Letter && sign.upper && matches!(sign.code, 'n' | 's' | 'e' | 'w')
}

/// The end of a degree sign and a letter of the compass after `at`, and whether there is one.
fn marked(signs: &[Sign], at: usize) -> (usize, bool) {
    let mut end = at;
    if signs.get(end).is_some_and(|sign| sign.code == '°') {
        end += 1;
    }
    let blank = usize::from(signs.get(end).is_some_and(|sign| sign.class == Class::Space));
    let letter = signs.get(end + blank).is_some_and(is_compass)
        && !signs.get(end + blank + 1).is_some_and(|sign| matches!(sign.class, Class::Letter | Class::Digit));
    if letter {
        end += blank + 1;
    }
    (end, end > at)
}

fn decimal(signs: &[Sign], two: &[Group]) -> Option<Decimal> {
    let &[a, b] = two else { return None };
    let point = b.start == a.end + 1 && (signs[a.end].class == Class::Dot || signs[a.end].code == ',');
    if !point || a.len() > 3 || b.len() < TELLING {
        return None;
    }
    let minus = usize::from(a.start > 0 && signs[a.start - 1].class == Class::Dash);
    let (end, marked) = marked(signs, b.end);
    Some(Decimal { start: a.start - minus, end, whole: a.value(signs)?, places: b.len(), marked })
}

/// Degrees and minutes, with or without seconds.
fn sexagesimal(signs: &[Sign], groups: &[Group], at: usize) -> Option<Decimal> {
    let (a, b) = (groups.get(at)?, groups.get(at + 1)?);
    if signs.get(a.end)?.code != '°' || b.start > a.end + 2 || b.len() > 2 || a.len() > 3 || b.value(signs)? > 59 {
        return None;
    }
    let minute = |at: usize| signs.get(at).is_some_and(|sign| matches!(sign.code, '\'' | '’' | '′' | '´' | '`' | '‘'));
    if !minute(b.end) {
        return None;
    }
    let mut end = b.end + 1;
    for part in groups.iter().skip(at + 2).take(2) {
        if part.start > end + 1 || part.len() > 4 {
            break;
        }
        end = part.end;
    }
    while signs.get(end).is_some_and(|sign| matches!(sign.code, '"' | '”' | '″' | '\'' | '’' | '′')) {
        end += 1;
    }
    let (end, marked) = marked(signs, end);
    Some(Decimal { start: a.start, end, whole: a.value(signs)?, places: 0, marked })
}

/// The series of each country, with what must not stand around a plate.
static SERIES: LazyLock<Vec<(Countries, Regex)>> = LazyLock::new(|| {
    let rows = ROWS.iter().filter(|row| row.kind == Kind::Plate);
    rows.filter_map(|row| Some((row.countries, Regex::new(&series(row.shape)).ok()?))).collect()
});

fn series(shape: &str) -> String {
    format!("(?:^|[^0-9A-Z])(?:{})(?:$|[^0-9A-Z])", shape.replace(r"\d", "[0-9]"))
}

/// The first plate of a series from a sign on, without what stands around it.
fn plate(series: &Regex, view: &str, from: usize) -> Option<(usize, usize)> {
    let found = series.find_at(view, from)?;
    let around = |sign: Option<char>| usize::from(sign.is_some_and(|sign| !sign.is_ascii_alphanumeric()));
    let (first, last) = (found.as_str().chars().next(), found.as_str().chars().next_back());
    Some((found.start() + around(first), found.end() - around(last)))
}

/// Signs as the series are written: one ASCII character for each.
fn view(signs: &[Sign]) -> String {
    let written = |sign: &Sign| match sign.class {
        Class::Letter | Class::Digit | Class::Space | Class::Dash if sign.code.is_ascii() => sign.code.to_ascii_uppercase(),
        _ => '.',
    };
    signs.iter().map(written).collect()
}

/// Finds plates near a word that announces them.
pub(crate) fn plates(scan: &mut Scan<'_>) {
    if !scan.hits.iter().any(|hit| hit.word == Word::Context(Kind::Plate)) {
        return;
    }
    let view = view(scan.signs);
    let mut known: HashMap<(usize, usize), usize> = HashMap::new();
    for (countries, series) in SERIES.iter() {
        let mut from = 0;
        while let Some((start, end)) = plate(series, &view, from) {
            from = end;
            let letters = || scan.signs[start..end].iter().filter(|sign| sign.class == Class::Letter);
            let spaced = scan.signs[start..end].iter().any(|sign| sign.class == Class::Space);
            let written = letters().all(|sign| sign.upper) || (!spaced && letters().all(|sign| !sign.upper));
            let context = scan.announced(Kind::Plate, start, end);
            let Some(severity) = scan.policy(Kind::Plate).severity(context) else { continue };
            if !written || scan.quiet.meet(start, end) {
                continue;
            }
            match known.entry((start, end)) {
                Entry::Occupied(same) => {
                    let other = &mut scan.found[*same.get()];
                    other.countries = other.countries.with(*countries);
                }
                Entry::Vacant(new) => {
                    new.insert(scan.found.len());
                    let found = Found::new(Kind::Plate, severity, start, end);
                    scan.found.push(Found { countries: *countries, context, ..found });
                }
            }
        }
    }
}

/// Whether the whole text has the shape of a plate of this row of the table (`plate_al`, …); `None` for other rows.
pub(crate) fn holds(id: &str, signs: &[Sign]) -> Option<bool> {
    let code = id.strip_prefix("plate_")?.to_uppercase();
    let (_, series) = SERIES.iter().find(|(country, _)| *country == Countries::of(&code))?;
    let view = view(signs);
    Some(plate(series, &view, 0) == Some((0, view.len())))
}
