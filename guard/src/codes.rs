//! Identifiers with letters in them: account numbers, machine-readable zones, Albanian and Greek numbers.

use std::sync::LazyLock;

use crate::checks;
use crate::days::exists;
use crate::finding::{Countries, Kind};
use crate::scan::{Found, Scan};
use crate::signs::{Class, Sign};
use crate::words::lines;

const IBANS: &str = include_str!("../data/ibans.tsv");
/// What may stand between two signs of one code, and of a zone, in signs.
const GAP: usize = 3;
const ZONE_GAP: usize = 7;
/// Digits below which an account number is rather words.
const LEAST_DIGITS: usize = 8;

/// A sign that codes are made of.
struct Part {
    at: usize,
    code: char,
    /// How much may have to stand between two signs of one code for this one to go on after the one before.
    gap: usize,
}

/// The signs of a code.
#[derive(Clone, Copy)]
struct Code<'a>(&'a [Part]);

impl<'a> Code<'a> {
    fn start(self) -> usize {
        self.0[0].at
    }

    fn end(self) -> usize {
        self.0[self.0.len() - 1].at + 1
    }

    fn is_compact(self) -> bool {
        self.end() - self.start() == self.0.len()
    }

    fn text(self) -> impl DoubleEndedIterator<Item = char> + 'a {
        self.0.iter().map(|part| part.code)
    }

    fn digits(self, from: usize, to: usize) -> Vec<u8> {
        let digits = self.0[from..to].iter().filter_map(|part| part.code.to_digit(10));
        digits.filter_map(|digit| u8::try_from(digit).ok()).collect()
    }

    fn letters_are_capitals(self, signs: &[Sign]) -> bool {
        self.0.iter().map(|part| &signs[part.at]).all(|sign| sign.class == Class::Digit || sign.upper)
    }
}

fn is_part(sign: &Sign) -> bool {
    matches!(sign.class, Class::Letter | Class::Digit) || sign.code == '<'
}

fn is_small(sign: &Sign) -> bool {
    sign.class == Class::Letter && !sign.upper
}

/// The signs of a text that codes are made of.
fn parts(signs: &[Sign]) -> Vec<Part> {
    let mut found = Vec::with_capacity(signs.len());
    let (mut gap, mut seen) = (0, 0);
    for (at, sign) in signs.iter().enumerate() {
        if is_part(sign) {
            found.push(Part { at, code: sign.code, gap });
            (gap, seen) = (0, 0);
        } else if matches!(sign.class, Class::Odd | Class::Other) {
            gap = usize::MAX;
        } else {
            gap = gap.max(seen + 1);
            seen += usize::from(sign.class != Class::Border);
        }
    }
    found
}

/// The code of `len` signs, at most so far apart, that begins with the first part and ends where no other sign of one
/// follows, if each fits its place.
fn gather(parts: &[Part], (len, most): (usize, usize), fits: impl Fn(usize, char) -> bool) -> Option<Code<'_>> {
    let code = parts.get(..len)?;
    let goes_on = |(place, part): (usize, &Part)| fits(place, part.code) && (place == 0 || part.gap <= most);
    let ends = parts.get(len).is_none_or(|next| next.gap > 0);
    (ends && code.iter().enumerate().all(goes_on)).then_some(Code(code))
}

/// Finds what begins at the beginning of a word or number.
pub(crate) fn find(scan: &mut Scan<'_>) {
    let signs = scan.signs;
    let all = parts(signs);
    for (first, part) in all.iter().enumerate() {
        let (at, parts) = (part.at, &all[first..]);
        // `nalazRS35…`, the name of a file: a capital after a small letter begins something, too.
        let begins = at == 0 || !is_part(&signs[at - 1]) || (signs[at].upper && is_small(&signs[at - 1]));
        if (begins || follows_iban(signs, at))
            && let Some(code) = iban(parts)
        {
            account(scan, code);
        }
        if begins {
            for (kind, code) in [(Kind::MrzTd3, mrz_td3(parts)), (Kind::MrzTd1, mrz_td1(parts))] {
                if let (Some(code), Some(severity)) = (code, scan.policy(kind).severity(false)) {
                    scan.found.push(Found::new(kind, severity, code.start(), code.end()));
                }
            }
            albanian(scan, parts);
            greek(scan, parts);
        }
    }
}

/// `IBANRO35…`.
fn follows_iban(signs: &[Sign], at: usize) -> bool {
    at >= 4 && (0..4).all(|step| signs[at - 4 + step].code == ['i', 'b', 'a', 'n'][step])
}

/// How long the account numbers of a country are.
fn iban_length(country: [char; 2]) -> Option<usize> {
    static LENGTHS: LazyLock<Vec<([char; 2], usize)>> = LazyLock::new(|| {
        let rows = lines(IBANS).filter_map(|cells| Some((cells.first()?.parse().ok()?, *cells.get(1)?)));
        let mut all: Vec<_> = rows.flat_map(|(len, codes)| codes.split(' ').map(move |code| (letters(code), len))).collect();
        all.sort_unstable();
        all
    });
    LENGTHS.binary_search_by_key(&country, |(code, _)| *code).ok().map(|at| LENGTHS[at].1)
}

fn letters(code: &str) -> [char; 2] {
    let mut letters = code.chars().map(|letter| letter.to_ascii_lowercase());
    [letters.next().unwrap_or_default(), letters.next().unwrap_or_default()]
}

/// What has the shape of an account number: a country, then as many signs as its numbers have.
fn iban(parts: &[Part]) -> Option<Code<'_>> {
    let [first, next, ..] = parts else { return None };
    let len = iban_length([first.code, next.code]).filter(|_| next.at - first.at <= GAP + 1)?;
    let code = gather(parts, (len, GAP), |place, sign| place < 2 || as_digit(sign) || (place > 3 && sign.is_ascii_lowercase()))?;
    (code.text().filter(char::is_ascii_digit).count() >= LEAST_DIGITS).then_some(code)
}

/// A digit, or a letter that is typed for one.
fn as_digit(sign: char) -> bool {
    sign.is_ascii_digit() || matches!(sign, 'o' | 'l' | 'i')
}

/// ISO 7064, mod 97,10, over the code with its first four signs at the end.
fn mod_97(code: Code<'_>, loose: bool) -> bool {
    let value = |sign: char| match sign {
        'o' if loose => Some(0),
        'l' | 'i' if loose => Some(1),
        sign => sign.to_digit(36),
    };
    // The country's own letters are letters in any case.
    let signs = code.text().skip(4).map(value).chain(code.text().take(2).map(|sign| sign.to_digit(36)));
    let signs = signs.chain(code.text().skip(2).take(2).map(value));
    let rest = signs.map(Option::unwrap_or_default).fold(0, |all, value| (all * if value > 9 { 100 } else { 10 } + value) % 97);
    rest == 1
}

fn account(scan: &mut Scan<'_>, code: Code<'_>) {
    let context = scan.announced(Kind::Iban, code.start(), code.end());
    let holds = code.text().skip(2).take(2).all(|sign| sign.is_ascii_digit()) && mod_97(code, false);
    if holds || (context && mod_97(code, true)) {
        let country: String = code.text().take(2).map(|sign| sign.to_ascii_uppercase()).collect();
        if let Some(severity) = scan.policy(Kind::Iban).severity(context) {
            let found = Found::new(Kind::Iban, severity, code.start(), code.end());
            scan.found.push(Found { countries: Countries::of(&country), context, ..found });
        }
    }
}

fn is_letter(sign: char) -> bool {
    sign.is_ascii_lowercase() || sign == '<'
}

fn is_zone(sign: char) -> bool {
    is_letter(sign) || sign.is_ascii_digit()
}

/// The check digit of a field (ICAO 9303-3, 4.9).
fn zone_check(fields: &[&[char]]) -> Option<char> {
    let value = |sign: char| if sign == '<' { 0 } else { sign.to_digit(36).unwrap_or_default() };
    let signs = fields.iter().flat_map(|field| field.iter());
    char::from_digit(signs.enumerate().map(|(at, sign)| value(*sign) * [7, 3, 1][at % 3]).sum::<u32>() % 10, 10)
}

fn mrz_td3(parts: &[Part]) -> Option<Code<'_>> {
    let code = gather(parts, (44, ZONE_GAP), |place, sign| match place {
        9 | 13..=19 | 21..=27 | 43 => sign.is_ascii_digit(),
        10..=12 => is_letter(sign),
        20 => matches!(sign, 'm' | 'f' | 'x' | '<'),
        42 => sign.is_ascii_digit() || sign == '<',
        _ => is_zone(sign),
    })?;
    let s: Vec<char> = code.text().collect();
    let holds = zone_check(&[&s[..9]]) == Some(s[9])
        && zone_check(&[&s[13..19]]) == Some(s[19])
        && zone_check(&[&s[21..27]]) == Some(s[27])
        && zone_check(&[&s[..10], &s[13..20], &s[21..43]]) == Some(s[43]);
    holds.then_some(code)
}

fn mrz_td1(parts: &[Part]) -> Option<Code<'_>> {
    let code = gather(parts, (60, ZONE_GAP), |place, sign| match place {
        0 => matches!(sign, 'a' | 'c' | 'i'),
        1..=4 | 45..=47 => is_letter(sign),
        14 => sign.is_ascii_digit() || sign == '<',
        30..=36 | 38..=44 | 59 => sign.is_ascii_digit(),
        37 => matches!(sign, 'm' | 'f' | 'x' | '<'),
        _ => is_zone(sign),
    })?;
    let text: Vec<char> = code.text().collect();
    let (a, b) = text.split_at(30);
    let holds = zone_check(&[&a[5..14]]) == Some(a[14])
        && zone_check(&[&b[..6]]) == Some(b[6])
        && zone_check(&[&b[8..14]]) == Some(b[14])
        && zone_check(&[&a[5..30], &b[..7], &b[8..15], &b[18..29]]) == Some(b[29]);
    holds.then_some(code)
}

/// Decade, year, month, day, serial, check letter; the month also says sex and origin.
fn al_nid(parts: &[Part]) -> Option<Code<'_>> {
    let code = gather(parts, (10, GAP), |place, sign| match place {
        0 => sign.is_ascii_digit() || ('a'..='t').contains(&sign),
        9 => ('a'..='w').contains(&sign),
        _ => sign.is_ascii_digit(),
    })?;
    let digits = code.digits(1, 9);
    let (month, day) = (digits[1] * 10 + digits[2], digits[3] * 10 + digits[4]);
    let known = |offset: u8| month > offset && month - offset <= 12;
    ([0, 30, 50, 80].into_iter().any(known) && (1..=31).contains(&day)).then_some(code)
}

/// Whether date and check letter of an Albanian number hold. Many that were issued don't.
fn al_nid_holds(code: Code<'_>) -> bool {
    let digits = code.digits(1, 9);
    let decade = u16::try_from(code.0[0].code.to_digit(36).unwrap_or_default()).unwrap_or_default();
    let (month, day) = (digits[1] * 10 + digits[2], digits[3] * 10 + digits[4]);
    let month = [0, 30, 50, 80].into_iter().find_map(|offset| (month > offset && month - offset <= 12).then(|| month - offset));
    let value = |sign: char| sign.to_digit(10).unwrap_or_else(|| letter_value(sign));
    let sum: u32 = code.text().take(9).zip([1, 1, 2, 3, 4, 5, 6, 7, 8]).map(|(sign, weight)| value(sign) * weight).sum();
    month.is_some_and(|month| exists(1800 + 10 * decade + u16::from(digits[0]), month, day))
        && sum % 23 == letter_value(code.0[9].code)
}

/// W is 0, A is 1, V is 22.
fn letter_value(letter: char) -> u32 {
    (u32::from(letter) - u32::from('a') + 1) % 23
}

fn albanian(scan: &mut Scan<'_>, parts: &[Part]) {
    let signs = scan.signs;
    let Some(code) = al_nid(parts) else { return };
    let (start, end) = (code.start(), code.end());
    let context = scan.announced(Kind::AlNid, start, end);
    let spaced = |one: usize| signs[code.0[one].at + 1..code.0[one + 1].at].iter().any(|sign| sign.class == Class::Space);
    let alone = !scan.quiet.meet(start, end) && code.letters_are_capitals(signs);
    // Without a word that announces it, a single letter beside a number of years isn't enough.
    let stands = context || (alone && (code.is_compact() || (al_nid_holds(code) && !spaced(0) && !spaced(8))));
    if stands && let Some(severity) = scan.policy(Kind::AlNid).severity(context) {
        scan.found.push(Found { countries: Countries::of("AL"), context, ..Found::new(Kind::AlNid, severity, start, end) });
    }
}

fn gr_pa(parts: &[Part]) -> Option<Code<'_>> {
    let fits = |place: usize, sign: char| sign.is_ascii_digit() || (place < 3 && sign.is_ascii_lowercase());
    gather(parts, (12, GAP), fits).filter(|code| checks::afm(&code.digits(3, 12)))
}

/// The letters that Greek and Latin share stand on Greek cards.
fn gr_adt(signs: &[Sign], at: usize) -> Option<(usize, usize)> {
    let letters = signs[at..].iter().take(3).take_while(|sign| "abezhikmnoptyx".contains(sign.code)).count();
    let gap = signs.get(at + letters).is_some_and(|sign| matches!(sign.class, Class::Space | Class::Dash));
    let first = at + letters + usize::from(gap);
    let digits = signs[first.min(signs.len())..].iter().take(7).take_while(|sign| sign.class == Class::Digit).count();
    let end = first + digits;
    let apart = !signs.get(end).is_some_and(is_part);
    ((1..=2).contains(&letters) && digits == 6 && apart).then_some((at, end))
}

fn greek(scan: &mut Scan<'_>, parts: &[Part]) {
    let signs = scan.signs;
    if let Some(code) = gr_pa(parts) {
        let (start, end) = (code.start(), code.end());
        let context = scan.announced(Kind::GrPa, start, end);
        let lettered = code.text().take(3).any(|sign| !sign.is_ascii_digit());
        let alone = code.is_compact() && lettered && code.letters_are_capitals(signs) && !scan.quiet.meet(start, end);
        if (context || alone)
            && let Some(severity) = scan.policy(Kind::GrPa).severity(context)
        {
            scan.found.push(Found { countries: Countries::of("GR"), context, ..Found::new(Kind::GrPa, severity, start, end) });
        }
    }
    if let Some((start, end)) = gr_adt(signs, parts[0].at) {
        let context = scan.announced(Kind::GrAdt, start, end);
        let alone = signs[start].upper && !scan.quiet.meet(start, end);
        if (context || alone)
            && let Some(severity) = scan.policy(Kind::GrAdt).severity(context)
        {
            scan.found.push(Found { countries: Countries::of("GR"), context, ..Found::new(Kind::GrAdt, severity, start, end) });
        }
    }
}

/// Whether the whole text is a code of this kind that fulfils its rule; `None` for kinds that aren't read here.
pub(crate) fn holds(kind: Kind, signs: &[Sign]) -> Option<bool> {
    if signs.is_empty() {
        return Some(false);
    }
    let parts = parts(signs);
    let whole = |code: Option<Code<'_>>| code.as_ref().is_some_and(|code| (code.start(), code.end()) == (0, signs.len()));
    Some(match kind {
        Kind::Iban => whole(iban(&parts).filter(|code| mod_97(*code, false))),
        Kind::MrzTd3 => whole(mrz_td3(&parts)),
        Kind::MrzTd1 => whole(mrz_td1(&parts)),
        Kind::AlNid => whole(al_nid(&parts).filter(|code| al_nid_holds(*code))),
        Kind::GrPa => whole(gr_pa(&parts)),
        Kind::GrAdt => gr_adt(signs, 0).is_some_and(|(_, end)| end == signs.len()),
        _ => return None,
    })
}
