//! Romanian.
//!
//! The Snowball stemmer tells most endings by ă, ț and ș, which folding takes. The ones here are those of the grammars
//! without marks: the article behind the noun, its genitive, the plurals in *-uri*; then one of a verb.

use std::borrow::Cow;

use super::endings::{Endings, cut, strip};

const ENDINGS: Endings = &[
    // Gender and number, with the article and its genitive.
    (&["a", "e", "i", "u", "ul", "ului", "ia", "ei", "ii", "iei", "ele", "ile", "elor", "ilor", "elui"], 3),
    (&["uri", "urile", "urilor"], 3),
];

/// Infinitive with its noun, participle, gerund, and persons of verbs that have a syllable of their own; one is taken.
const VERBS: Endings = &[(&["at", "it", "ut", "ar", "ir", "ez", "esc", "est", "and", "ind"], 4)];

/// Stems that no ending tells of one word.
const ODD: [(&str, &str); 8] = [
    ("suror", "sor"),
    ("dovez", "dovaz"),
    ("numer", "numar"),
    ("tiner", "tanar"),
    ("cop", "copil"),
    ("copi", "copil"),
    ("fet", "fat"),
    ("baiet", "baiat"),
];

pub(super) fn stem(word: &str) -> Cow<'_, str> {
    // oa and ea before a or e stand for o and e: școală, școli; seară, seri.
    let even = word.replace("oa", "o").replace("ea", "e");
    let noun = strip(&even, ENDINGS);
    // autoritate is no form of autor
    let verb = cut(noun, VERBS).filter(|_| !noun.ends_with("itat"));
    let mut stem = verb.unwrap_or(noun).to_owned();
    if stem.len() > 3 && stem.ends_with('d') {
        // stradă, străzi
        stem.pop();
        stem.push('z');
    }
    match ODD.iter().find(|(odd, _)| *odd == stem) {
        Some((_, stem)) => Cow::Borrowed(stem),
        None => Cow::Owned(stem),
    }
}
