//! The rules of the identifiers that are made of digits only (`national-ids.tsv` says where each comes from).

use crate::days::exists;
use crate::finding::{Countries, Kind};
use crate::setting::Day;
use crate::table;

/// The weighted sum of the first digits.
fn sum(digits: &[u8], weights: &[u32]) -> u32 {
    digits.iter().zip(weights).map(|(digit, weight)| u32::from(*digit) * weight).sum()
}

fn number(digits: &[u8]) -> u16 {
    digits.iter().fold(0, |all, digit| all * 10 + u16::from(*digit))
}

fn two(digits: &[u8]) -> u8 {
    digits[0] * 10 + digits[1]
}

/// Check digits by Luhn (ISO/IEC 7812).
fn luhn(digits: &[u8]) -> bool {
    let doubled = |digit: u8| if digit > 4 { digit * 2 - 9 } else { digit * 2 };
    let each = digits.iter().rev().enumerate().map(|(at, digit)| if at % 2 == 1 { doubled(*digit) } else { *digit });
    each.map(u32::from).sum::<u32>() % 10 == 0
}

fn jmbg(digits: &[u8], today: Day) -> bool {
    let year = number(&digits[4..7]);
    let born = Day { year: if year >= 800 { 1000 + year } else { 2000 + year }, month: two(&digits[2..]), day: two(digits) };
    let check = 11 - sum(digits, &[7, 6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11;
    born <= today && exists(born.year, born.month, born.day) && u32::from(digits[12]) == if check > 9 { 0 } else { check }
}

/// Where a unique master citizen number was given; every country that uses it where the number doesn't say.
fn registered(digits: &[u8]) -> Countries {
    match two(&digits[7..]) {
        10..=19 => Countries::of("BA"),
        20..=29 => Countries::of("ME"),
        30..=39 => Countries::of("HR"),
        40..=49 => Countries::of("MK"),
        70..=89 => Countries::of("RS"),
        90..=99 => Countries::of("XK"),
        _ => table::countries(Kind::Jmbg),
    }
}

/// ISO 7064, mod 11,10.
fn oib(digits: &[u8]) -> bool {
    let product = digits[..10].iter().fold(10, |product, digit| {
        let rest = (product + u32::from(*digit)) % 10;
        (if rest == 0 { 10 } else { rest }) * 2 % 11
    });
    (product + u32::from(digits[10])) % 10 == 1
}

fn cnp(digits: &[u8]) -> bool {
    let centuries: &[u16] = match digits[0] {
        1 | 2 => &[1900],
        3 | 4 => &[1800],
        5 | 6 => &[2000],
        7..=9 => &[1900, 2000],
        _ => return false,
    };
    let year = u16::from(two(&digits[1..]));
    let county = two(&digits[7..]);
    let check = sum(digits, &[2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9]) % 11;
    centuries.iter().any(|century| exists(century + year, two(&digits[3..]), two(&digits[5..])))
        && matches!(county, 1..=48 | 51 | 52 | 70 | 80..=83)
        && digits[9..12] != [0, 0, 0]
        && u32::from(digits[12]) == if check == 10 { 1 } else { check }
}

/// The year of birth in a uniform civil number that holds.
fn egn(digits: &[u8], today: Day) -> Option<u16> {
    let (century, month) = match two(&digits[2..]) {
        month @ 0..=20 => (1900, month),
        month @ 21..=40 => (1800, month - 20),
        month => (2000, month - 40),
    };
    let born = Day { year: century + u16::from(two(digits)), month, day: two(&digits[4..]) };
    let check = sum(digits, &[2, 4, 8, 5, 10, 9, 7, 3, 6]) % 11 % 10;
    let holds = born <= today && exists(born.year, born.month, born.day) && u32::from(digits[9]) == check;
    holds.then_some(born.year)
}

fn lnch(digits: &[u8]) -> bool {
    sum(digits, &[21, 19, 17, 13, 11, 9, 7, 3, 1]) % 10 == u32::from(digits[9])
}

fn idnp(digits: &[u8]) -> bool {
    matches!(digits[0], 0 | 2) && sum(digits, &[7, 3, 1, 7, 3, 1, 7, 3, 1, 7, 3, 1]) % 10 == u32::from(digits[12])
}

fn amka(digits: &[u8]) -> bool {
    let (day, month, year) = (two(digits), two(&digits[2..]), u16::from(two(&digits[4..])));
    (exists(1900 + year, month, day) || exists(2000 + year, month, day)) && luhn(digits)
}

/// Greek tax number: nine digits.
pub(crate) fn afm(digits: &[u8]) -> bool {
    let check = sum(digits, &[256, 128, 64, 32, 16, 8, 4, 2]) % 11 % 10;
    digits.iter().any(|digit| *digit != 0) && check == u32::from(digits[8])
}

fn xk_pn(digits: &[u8]) -> bool {
    let check = 11 - sum(digits, &[4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11;
    digits[0] == 9 || (digits.iter().any(|digit| *digit != 0) && u32::from(digits[9]) == if check > 9 { 0 } else { check })
}

/// Whether the number begins as a known network's cards do, and is as long (ISO/IEC 7812; the networks' own pages).
pub(crate) fn is_card_network(digits: &[u8]) -> bool {
    let (two, four, len) = (number(&digits[..2]), number(&digits[..4]), digits.len());
    match two {
        34 | 37 => len == 15,
        36 | 38 | 39 => len == 14,
        30 => len == 14 && four < 3060,
        35 => (16..=19).contains(&len) && (3528..=3589).contains(&four),
        40..=49 => matches!(len, 13 | 16 | 19),
        51..=55 => len == 16,
        50 | 56..=58 | 63 | 67 => len >= 13,
        60 | 64 | 65 => (16..=19).contains(&len) && (four == 6011 || four >= 6440),
        62 => len >= 16,
        _ => false,
    }
}

/// A rule that a number of digits fulfils.
#[derive(Clone, Copy)]
pub(crate) struct Fits {
    pub kind: Kind,
    pub countries: Countries,
    /// A birth that nobody alive has: more likely no identifier at all.
    pub unlikely: bool,
}

/// How many digits some identifier has.
pub(crate) fn is_length(len: usize) -> bool {
    matches!(len, 9..=11 | 13..=19)
}

/// Says which identifiers a number can be.
pub(crate) fn fitting(digits: &[u8], today: Day, mut fits: impl FnMut(Fits)) {
    let mut check = |kind, holds: bool| {
        if holds {
            fits(Fits { kind, countries: table::countries(kind), unlikely: false });
        }
    };
    match digits.len() {
        9 => check(Kind::Afm, afm(digits)),
        10 => {
            check(Kind::Lnch, lnch(digits));
            check(Kind::XkPn, xk_pn(digits));
            if let Some(year) = egn(digits, today) {
                fits(Fits { kind: Kind::Egn, countries: table::countries(Kind::Egn), unlikely: year < 1900 });
            }
        }
        11 => {
            check(Kind::Oib, oib(digits));
            check(Kind::Amka, amka(digits));
        }
        13 => {
            check(Kind::Cnp, cnp(digits));
            check(Kind::Idnp, idnp(digits));
            check(Kind::Pan, pan(digits));
            if jmbg(digits, today) {
                fits(Fits { kind: Kind::Jmbg, countries: registered(digits), unlikely: false });
            }
        }
        14..=19 => check(Kind::Pan, pan(digits)),
        _ => {}
    }
}

/// Payment card: 13 to 19 digits.
fn pan(digits: &[u8]) -> bool {
    (13..=19).contains(&digits.len()) && (3..=6).contains(&digits[0]) && luhn(digits)
}

/// Whether the digits fulfil the rule of this kind; `None` where the kind isn't made of digits alone.
pub(crate) fn holds(kind: Kind, digits: &[u8], today: Day) -> Option<bool> {
    let (len, rule): (usize, &dyn Fn() -> bool) = match kind {
        Kind::Jmbg => (13, &|| jmbg(digits, today)),
        Kind::Oib => (11, &|| oib(digits)),
        Kind::Cnp => (13, &|| cnp(digits)),
        Kind::Egn => (10, &|| egn(digits, today).is_some()),
        Kind::Lnch => (10, &|| lnch(digits)),
        Kind::Idnp => (13, &|| idnp(digits)),
        Kind::Amka => (11, &|| amka(digits)),
        Kind::Afm => (9, &|| afm(digits)),
        Kind::XkPn => (10, &|| xk_pn(digits)),
        Kind::Pan => return Some(pan(digits)),
        _ => return None,
    };
    Some(digits.len() == len && rule())
}
