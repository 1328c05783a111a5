//! Invented identifiers that fulfil their rules: births before 1910, specimen states, banks that there are not.

use egida_guard::passes;

use super::TODAY;
use super::dice::Dice;

/// Kinds that are blocked in an open channel, by themselves or with a word that announces them.
pub(crate) const BLOCKED: [&str; 16] = [
    "jmbg",
    "oib",
    "cnp",
    "egn",
    "lnch",
    "idnp",
    "amka",
    "afm",
    "gr_pa",
    "al_nid",
    "xk_pn",
    "iban",
    "mrz_td3",
    "mrz_td1",
    "pan",
    "iban_letters",
];

/// The kind in the table.
pub(crate) fn id(kind: &str) -> &str {
    kind.strip_suffix("_letters").unwrap_or(kind)
}

/// A number of the kind.
pub(crate) fn value(kind: &str, dice: &mut Dice) -> String {
    loop {
        let value = attempt(kind, dice);
        if passes(id(kind), &value, TODAY) == Some(true) {
            return value;
        }
    }
}

fn two(dice: &mut Dice, from: usize, to: usize) -> String {
    format!("{:02}", from + dice.below(to - from + 1))
}

/// Something of the right shape; the check digits are right now and then.
fn attempt(kind: &str, dice: &mut Dice) -> String {
    let (day, month, year) = (two(dice, 1, 28), two(dice, 1, 12), two(dice, 0, 9));
    match kind {
        "jmbg" => format!("{day}{month}9{year}{}{}", two(dice, 10, 99), dice.digits(4)),
        "oib" | "lnch" | "afm" | "xk_pn" => dice.digits(match kind {
            "oib" => 11,
            "afm" => 9,
            _ => 10,
        }),
        "cnp" => format!("{}{year}{month}{day}70{}", 1 + dice.below(2), dice.digits(4)),
        "egn" => format!("{year}{month}{day}{}", dice.digits(4)),
        "idnp" => format!("2{}", dice.digits(12)),
        "amka" => format!("{day}{month}{year}{}", dice.digits(5)),
        "gr_pa" => format!("{}{}{}{}", letter(dice), letter(dice), dice.digits(1), dice.digits(9)),
        "al_nid" => format!("A{}{month}{day}{}{}", dice.digits(1), dice.digits(3), letter(dice)),
        "iban" => {
            let (country, len) = *dice.pick(&[("RS", 18), ("BA", 16), ("HR", 17), ("ME", 18), ("XK", 16), ("GR", 23)]);
            format!("{country}{}{}", dice.digits(2), dice.digits(len))
        }
        "iban_letters" => format!("RO{}TEST{}", dice.digits(2), dice.digits(16)),
        "pan" => format!("4{}", dice.digits(15)),
        "mrz_td3" => {
            let number = checked(&format!("X{}", dice.digits(8)));
            let (birth, expiry) = (checked(&format!("{year}{month}{day}")), checked(&format!("{year}{month}{day}")));
            let all = checked(&format!("{number}{birth}{expiry}<<<<<<<<<<<<<<0"));
            format!("{number}UTO{birth}F{expiry}<<<<<<<<<<<<<<0{}", &all[all.len() - 1..])
        }
        "mrz_td1" => {
            let number = format!("{}<<<<<<<<<<<<<<<", checked(&format!("X{}", dice.digits(8))));
            let (birth, expiry) = (checked(&format!("{year}{month}{day}")), checked(&format!("{year}{month}{day}")));
            let all = checked(&format!("{number}{birth}{expiry}<<<<<<<<<<<"));
            format!("I<UTO{number}/{birth}M{expiry}UTO<<<<<<<<<<<{}", &all[all.len() - 1..])
        }
        other => panic!("no numbers of {other} are made here"),
    }
}

fn letter(dice: &mut Dice) -> char {
    char::from(b'A' + u8::try_from(dice.below(20)).expect("a letter"))
}

/// A field with its check digit (ICAO 9303-3, 4.9).
fn checked(field: &str) -> String {
    let value = |sign: char| if sign == '<' { 0 } else { sign.to_digit(36).expect("a sign of the zone") };
    let sum: u32 = field.chars().enumerate().map(|(at, sign)| value(sign) * [7, 3, 1][at % 3]).sum();
    format!("{field}{}", sum % 10)
}
