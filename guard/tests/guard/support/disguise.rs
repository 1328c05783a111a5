//! Ways in which people write a number so that no program reads it.

use super::dice::Dice;

/// The zeros of some scripts' digits.
const SCRIPTS: [u32; 7] = [0x660, 0x6F0, 0x966, 0xFF10, 0x1D7CE, 0x1D7F6, 0x9E6];
const UNSEEN: [char; 7] = ['\u{200b}', '\u{200c}', '\u{200d}', '\u{2060}', '\u{feff}', '\u{ad}', '\u{202a}'];
const SEPARATORS: [&str; 12] = [" ", "-", ".", "/", "\u{a0}", "\u{202f}", "–", "—", " - ", "·", "  ", "_"];
/// Latin capitals, and what looks like them in Cyrillic and in Greek.
const LATIN: &str = "ABEHIKMNOPTXYCJS";
const CYRILLIC: &str = "АВЕНІКМNОРТХУСЈЅ";
const GREEK: &str = "ΑΒΕΗΙΚΜΝΟΡΤΧΥCJS";

/// Digits of another script.
pub(crate) fn script(value: &str, dice: &mut Dice) -> String {
    let zero = *dice.pick(&SCRIPTS);
    let other = |sign: char| sign.to_digit(10).and_then(|digit| char::from_u32(zero + digit)).unwrap_or(sign);
    value.chars().map(other).collect()
}

/// Signs that can't be seen between the others.
pub(crate) fn unseen(value: &str, dice: &mut Dice) -> String {
    let mut out = String::new();
    for sign in value.chars() {
        out.push(sign);
        if dice.chance(40) {
            out.push(*dice.pick(&UNSEEN));
        }
    }
    out
}

/// The same separator every so many signs.
pub(crate) fn grouped(value: &str, dice: &mut Dice) -> String {
    let (separator, size) = (*dice.pick(&SEPARATORS), 1 + dice.below(5));
    let mut out = String::new();
    for (at, sign) in value.chars().enumerate() {
        if at > 0 && at % size == 0 {
            out.push_str(separator);
        }
        out.push(sign);
    }
    out
}

/// Different separators here and there.
pub(crate) fn scattered(value: &str, dice: &mut Dice) -> String {
    let mut out = String::new();
    for (at, sign) in value.chars().enumerate() {
        if at > 0 && dice.chance(30) {
            out.push_str(dice.pick::<&str>(&SEPARATORS));
        }
        out.push(sign);
    }
    out
}

/// Letters of another script that look the same.
pub(crate) fn alike(value: &str, dice: &mut Dice) -> String {
    let other = if dice.chance(50) { CYRILLIC } else { GREEK };
    let look = |sign: char| LATIN.chars().position(|latin| latin == sign).and_then(|at| other.chars().nth(at)).unwrap_or(sign);
    value.chars().map(look).collect()
}

/// Letters for zeros and ones.
pub(crate) fn lettered(value: &str, dice: &mut Dice) -> String {
    let (zero, one) = (*dice.pick(&['O', 'o', 'О', 'Ο']), *dice.pick(&['l', 'I', 'l']));
    value
        .chars()
        .map(|sign| match sign {
            '0' => zero,
            '1' => one,
            sign => sign,
        })
        .collect()
}

/// The name of a file.
pub(crate) fn file(value: &str, dice: &mut Dice) -> String {
    let (before, after) =
        *dice.pick(&[("scan_", ".jpg"), ("dosije-", ".pdf"), ("", ".docx"), ("IMG ", " (1).png"), ("nalaz", ".pdf")]);
    format!("{before}{value}{after}")
}

/// A question asked of a page.
pub(crate) fn link(value: &str, _: &mut Dice) -> String {
    format!("https://registar.example/upit?broj={value}&v=2")
}
