//! Stems: what the forms of a word have in common.

mod albanian;
mod bulgarian;
mod endings;
mod english;
mod french;
mod greek;
mod macedonian;
mod romanian;
mod slavic;
mod south_slavic;

use std::borrow::Cow;

use crate::language::Language;

/// The fewest letters that are left of a word, and that a word is longer than to be stemmed.
const LEAST: usize = 3;
/// Bytes of the longest word that is stemmed. What is longer is no word, and must keep nobody busy.
const MOST: usize = 80;

/// The stem of one folded word. Words of three letters or less and those with a digit are their own stem, and so are words
/// in letters of another script than the language's, and what is too long to be a word; every stem has at least three letters.
pub fn stem(word: &str, language: Language) -> Cow<'_, str> {
    let is_own =
        if language == Language::Greek { is_greek(word) } else { word.bytes().all(|letter| letter.is_ascii_lowercase()) };
    if !is_own || word.len() > MOST || word.chars().nth(LEAST).is_none() {
        return Cow::Borrowed(word);
    }
    let stem = match language {
        Language::Albanian => albanian::stem(word),
        Language::SouthSlavic => south_slavic::stem(word),
        Language::Bulgarian => bulgarian::stem(word),
        Language::Macedonian => macedonian::stem(word),
        Language::Romanian => romanian::stem(word),
        Language::Greek => greek::stem(word),
        Language::English => english::stem(word),
        Language::French => french::stem(word),
    };
    if stem.chars().nth(LEAST - 1).is_some() { stem } else { Cow::Borrowed(word) }
}

fn is_greek(word: &str) -> bool {
    word.chars().all(|letter| matches!(letter, 'α'..='ω'))
}
