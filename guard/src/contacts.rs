//! E-mail addresses and telephone numbers.

use std::collections::HashSet;
use std::sync::LazyLock;

use crate::finding::{Countries, Kind};
use crate::numbers::Group;
use crate::phones;
use crate::scan::{Found, Scan};
use crate::signs::{Class, Sign, plain};
use crate::words::{CUES, lines};

/// The longest local part and the longest last label of an address (RFC 5321, and what is delegated).
const LOCAL: usize = 64;
const LAST_LABEL: std::ops::RangeInclusive<usize> = 2..=24;
/// Digits after the code of a country of the region (ITU-T E.164).
const SUBSCRIBER: std::ops::RangeInclusive<usize> = 7..=10;
/// Digits of any international number with its code.
const INTERNATIONAL: std::ops::RangeInclusive<usize> = 9..=15;

/// Local parts of mailboxes that belong to an office and to nobody in person.
static ROLES: LazyLock<HashSet<String>> = LazyLock::new(|| {
    let rows = lines(CUES).filter(|cells| cells.first() == Some(&"role"));
    rows.filter_map(|cells| cells.get(2).copied()).flat_map(|roles| roles.split(',').map(|role| plain(role.trim()))).collect()
});

fn is_word(sign: &Sign) -> bool {
    matches!(sign.class, Class::Letter | Class::Digit)
}

/// Whether somebody wrote `(at)`.
pub(crate) fn has_spelled_at(signs: &[Sign]) -> bool {
    signs.windows(4).any(is_spelled_at)
}

fn is_spelled_at(four: &[Sign]) -> bool {
    matches!(four[0].code, '(' | '[' | '{')
        && four[1].code == 'a'
        && four[2].code == 't'
        && matches!(four[3].code, ')' | ']' | '}')
}

/// Finds e-mail addresses, but those of the directory and of offices.
pub(crate) fn emails(scan: &mut Scan<'_>) {
    let signs = scan.signs;
    for at in 0..signs.len() {
        let (mut local_end, mut domain) = (at, at + 1);
        if signs[at].code != '@' {
            if !signs[at..].get(..4).is_some_and(is_spelled_at) {
                continue;
            }
            domain = at + 4;
            if at > 0 && signs[at - 1].class == Class::Space {
                local_end -= 1;
            }
            if signs.get(domain).is_some_and(|sign| sign.class == Class::Space) {
                domain += 1;
            }
        }
        let Some((start, end)) = email(signs, local_end, domain) else { continue };
        let local: String = signs[start..local_end].iter().map(|sign| sign.code).collect();
        let host: String = signs[domain..end].iter().map(|sign| sign.code).collect();
        if ROLES.contains(&local) || scan.setting.allows_email(&format!("{local}@{host}")) {
            continue;
        }
        if let Some(severity) = scan.policy(Kind::Email).severity(false) {
            scan.found.push(Found::new(Kind::Email, severity, start, end));
        }
    }
}

/// Where an address begins and ends whose local part ends before `local_end` and whose domain begins at `domain`.
fn email(signs: &[Sign], local_end: usize, domain: usize) -> Option<(usize, usize)> {
    let part = |sign: &&Sign| is_word(sign) || matches!(sign.class, Class::Dot | Class::Dash) || matches!(sign.code, '%' | '+');
    let mut start = local_end - signs[..local_end].iter().rev().take(LOCAL).take_while(part).count();
    while start < local_end && !is_word(&signs[start]) {
        start += 1;
    }
    if start == local_end {
        return None;
    }
    let mut end = None;
    let mut label = domain;
    let mut labels = 0;
    loop {
        let len = signs[label.min(signs.len())..].iter().take_while(|sign| is_word(sign) || sign.class == Class::Dash).count();
        let stop = label + len;
        if len == 0 {
            break;
        }
        labels += 1;
        if labels > 1 && LAST_LABEL.contains(&len) && signs[label..stop].iter().all(|sign| sign.class == Class::Letter) {
            end = Some(stop);
        }
        if !signs.get(stop).is_some_and(|sign| sign.class == Class::Dot) {
            break;
        }
        label = stop + 1;
    }
    end.map(|end| (start, end))
}

/// A written number: its digits, and the sign after its last.
struct Written {
    digits: String,
    end: usize,
}

/// Finds telephone numbers, but hotlines and those of the directory.
pub(crate) fn phones(scan: &mut Scan<'_>) {
    let mut past = 0;
    let mut written_out = Vec::new();
    for first in 0..scan.groups.len() {
        let group = scan.groups[first];
        if group.start < past {
            continue;
        }
        let abroad = international(scan.signs, &scan.groups, first);
        let known = abroad.or_else(|| national(scan, first));
        let Some((start, written, countries)) = known else { continue };
        past = written.end;
        written_out.push((start, written.end));
        let number = phones::significant(&written.digits);
        if phones::is_free(&format!("0{number}")) || phones::is_free(&number) || scan.setting.allows_phone(&number) {
            continue;
        }
        let context = scan.announced(Kind::Phone, start, written.end);
        if let Some(severity) = scan.policy(Kind::Phone).severity(context) {
            scan.found.push(Found { countries, context, ..Found::new(Kind::Phone, severity, start, written.end) });
        }
    }
    scan.quiet.extend(written_out);
}

/// `+40 …`, `0040 …`: begins with this group.
fn international(signs: &[Sign], groups: &[Group], first: usize) -> Option<(usize, Written, Countries)> {
    let group = groups[first];
    let plus = (1..=2).find(|back| {
        let at = group.start.checked_sub(*back);
        at.is_some_and(|at| signs[at].code == '+')
            && signs[group.start + 1 - back..group.start].iter().all(|sign| sign.class == Class::Space)
    });
    let zeros = group.len() >= 2 && (0..2).all(|at| signs[group.start + at].code == '0');
    if plus.is_none() && (!zeros || group.start.checked_sub(1).is_some_and(|at| is_word(&signs[at]))) {
        return None;
    }
    let skipped = if plus.is_some() { "" } else { "00" };
    let written = longest(signs, groups, first, |digits| {
        let digits = digits.strip_prefix(skipped).filter(|digits| digits.len() >= *INTERNATIONAL.start());
        let Some(digits) = digits else { return false };
        match phones::plan_of(digits) {
            Some(plan) => {
                let rest = &digits[plan.code.len()..];
                SUBSCRIBER.contains(&rest.len()) && !rest.starts_with('0')
            }
            None => plus.is_some() && digits.len() <= *INTERNATIONAL.end() && !digits.starts_with('0'),
        }
    })?;
    let start = group.start - plus.unwrap_or_default();
    let bare = written.digits.strip_prefix(skipped).unwrap_or_default();
    let countries = phones::plan_of(bare).map(|plan| plan.country).unwrap_or_default();
    let digits = format!("+{bare}");
    Some((start, Written { digits, ..written }, countries))
}

/// As it is dialled in its country; only where a word announces it.
fn national(scan: &Scan<'_>, first: usize) -> Option<(usize, Written, Countries)> {
    let group = scan.groups[first];
    let before = group.start.checked_sub(1).map(|at| scan.signs[at].class);
    if before == Some(Class::Letter) || !scan.announced(Kind::Phone, group.start, group.end) {
        return None;
    }
    let written = longest(scan.signs, &scan.groups, first, |digits| !phones::national(digits).is_empty())?;
    if scan.quiet.meet(group.start, written.end) {
        return None;
    }
    let countries = phones::national(&written.digits);
    Some((group.start, written, countries))
}

/// The longest number from this group on that fits.
fn longest(signs: &[Sign], groups: &[Group], first: usize, fits: impl Fn(&str) -> bool) -> Option<Written> {
    let mut digits = String::new();
    let mut found = None;
    for (at, group) in groups.iter().enumerate().skip(first) {
        let gap = if at > first { &signs[groups[at - 1].end..group.start] } else { &[] };
        if digits.len() + group.len() > *INTERNATIONAL.end() + 2 || gap.len() > 3 || !gap.iter().all(is_between) {
            break;
        }
        // `+381 (0)11 …`: the zero isn't dialled from abroad.
        let bracketed = group.len() == 1 && gap.last().is_some_and(|sign| sign.code == '(') && !digits.is_empty();
        if !bracketed {
            digits.extend(signs[group.start..group.end].iter().map(|sign| sign.code));
        }
        if fits(&digits) {
            found = Some(Written { digits: digits.clone(), end: group.end });
        }
    }
    found
}

fn is_between(sign: &Sign) -> bool {
    matches!(sign.class, Class::Space | Class::Dash | Class::Dot | Class::Slash | Class::Border) || matches!(sign.code, '(' | ')')
}

/// Whether the whole text is an address or a number with the code of one of the eleven countries; `None` for other kinds.
pub(crate) fn holds(kind: Kind, signs: &[Sign]) -> Option<bool> {
    match kind {
        Kind::Email => {
            let at = signs.iter().position(|sign| sign.code == '@');
            Some(at.and_then(|at| email(signs, at, at + 1)) == Some((0, signs.len())))
        }
        Kind::Phone => {
            let groups = crate::numbers::groups(signs);
            let found = if groups.is_empty() { None } else { international(signs, &groups, 0) };
            Some(
                found
                    .is_some_and(|(start, written, countries)| start == 0 && written.end == signs.len() && !countries.is_empty()),
            )
        }
        _ => None,
    }
}
