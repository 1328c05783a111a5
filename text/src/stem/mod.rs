//! Stems: what the forms of a word have in common.

mod albanian;
mod bulgarian;
mod endings;
mod macedonian;

use std::borrow::Cow;

use waken_snowball::Algorithm;

use crate::language::Language;

/// The fewest letters that are left of a word, and that a word is longer than to be stemmed.
const LEAST: usize = 3;

/// The stem of one folded word. Words of three letters or less, and those with a digit, are their own stem; every stem has
/// at least three letters.
pub fn stem(word: &str, language: Language) -> Cow<'_, str> {
    if word.chars().nth(LEAST).is_none() || word.chars().any(char::is_numeric) {
        return Cow::Borrowed(word);
    }
    let stem = match language {
        Language::Albanian => albanian::stem(word),
        Language::SouthSlavic => waken_snowball::stem(Algorithm::Serbian, word),
        Language::Bulgarian => bulgarian::stem(word),
        Language::Macedonian => macedonian::stem(word),
        Language::Romanian => waken_snowball::stem(Algorithm::Romanian, word),
        Language::Greek => waken_snowball::stem(Algorithm::Greek, word),
        Language::English => waken_snowball::stem(Algorithm::English, word),
        Language::French => waken_snowball::stem(Algorithm::French, word),
    };
    if stem.chars().nth(LEAST - 1).is_some() { stem } else { Cow::Borrowed(word) }
}
