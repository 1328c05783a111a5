//! Numbers that are no identifiers, whatever their digits: dates, names of versions, books, places in addresses of pages.

use crate::days::Date;
use crate::numbers::Group;
use crate::signs::{Class, Sign};
use crate::spans::Spans;
use crate::words::{Hit, Word};

/// Lengths of the parts of a UUID (RFC 9562).
const UUID: [usize; 5] = [8, 4, 4, 4, 12];
/// How far a word like ISBN reaches, in signs.
const BOOK: usize = 24;

/// Where no identifier is looked for unless a word announces it.
pub(crate) fn quiet(signs: &[Sign], groups: &[Group], dates: &[Date], hits: &[Hit]) -> Spans {
    let mut quiet: Vec<(usize, usize)> = dates.iter().map(|date| (date.start, date.end)).collect();
    quiet.extend(hits.iter().filter(|hit| hit.word == Word::Book).map(|hit| (hit.start, hit.end + BOOK)));
    for (at, group) in groups.iter().enumerate() {
        // `#1234567890`: a ticket.
        if group.start.checked_sub(1).is_some_and(|before| signs[before].code == '#') {
            quiet.push((group.start, group.end));
        }
        quiet.extend(isbn(signs, &groups[at..]));
    }
    quiet.extend((0..signs.len()).filter_map(|at| uuid(signs, at)));
    quiet.into_iter().collect()
}

/// ISBN-13 with its check digit (ISO 2108).
fn isbn(signs: &[Sign], groups: &[Group]) -> Option<(usize, usize)> {
    let first = &signs[groups[0].start..groups[0].end];
    if !matches!(first, [a, b, c, ..] if (a.code, b.code) == ('9', '7') && matches!(c.code, '8' | '9')) {
        return None;
    }
    let mut digits: Vec<u32> = Vec::new();
    for (at, group) in groups.iter().enumerate() {
        if at > 0 {
            let gap = &signs[groups[at - 1].end..group.start];
            if gap.len() != 1 || !matches!(gap[0].class, Class::Dash | Class::Space) {
                return None;
            }
        }
        digits.extend(signs[group.start..group.end].iter().filter_map(|sign| sign.code.to_digit(10)));
        if digits.len() > 13 {
            return None;
        }
        if digits.len() == 13 {
            let sum: u32 = digits.iter().enumerate().map(|(at, digit)| digit * if at % 2 == 0 { 1 } else { 3 }).sum();
            return sum.is_multiple_of(10).then_some((groups[0].start, group.end));
        }
    }
    None
}

fn is_hexadecimal(sign: &Sign) -> bool {
    sign.code.is_ascii_digit() || ('a'..='f').contains(&sign.code)
}

fn uuid(signs: &[Sign], at: usize) -> Option<(usize, usize)> {
    if signs.get(at + UUID[0])?.class != Class::Dash || at.checked_sub(1).is_some_and(|before| is_hexadecimal(&signs[before])) {
        return None;
    }
    let mut end = at;
    for (part, len) in UUID.iter().enumerate() {
        if part > 0 {
            if signs.get(end)?.class != Class::Dash {
                return None;
            }
            end += 1;
        }
        if !signs.get(end..end + len)?.iter().all(is_hexadecimal) {
            return None;
        }
        end += len;
    }
    Some((at, end))
}

/// The paths and fragments of addresses of pages; what is asked of a page, after `?`, is a text like any other.
pub(crate) fn paths(signs: &[Sign]) -> Spans {
    let mut found = Vec::new();
    let mut at = 0;
    while at + 3 <= signs.len() {
        if signs[at].code != ':' || signs[at + 1].class != Class::Slash || signs[at + 2].class != Class::Slash {
            at += 1;
            continue;
        }
        let stops = |sign: &&Sign| {
            !matches!(sign.class, Class::Space | Class::Line | Class::Border) && !matches!(sign.code, '<' | '>' | '"' | ')' | ']')
        };
        let end = at + 3 + signs[at + 3..].iter().take_while(stops).count();
        let mut path = true;
        let mut start = at;
        for (place, sign) in signs.iter().enumerate().take(end).skip(at + 3) {
            match sign.code {
                '?' if path => {
                    found.push((start, place));
                    path = false;
                }
                '#' if !path => (path, start) = (true, place),
                _ => {}
            }
        }
        if path {
            found.push((start, end));
        }
        at = end;
    }
    found.into_iter().collect()
}
