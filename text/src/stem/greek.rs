//! Greek: one ending of a noun, an adjective or a verb, then the vowels before it.
//!
//! The Snowball stemmer takes *αστυνομία* and *αστυνομίας* to two stems, and leaves *παιδιά* as it is.

use std::borrow::Cow;

use super::endings::{Endings, cut, strip};

/// Bytes of a letter.
const LETTER: usize = 2;

/// Endings of nouns, adjectives and verbs; one is taken.
const ENDINGS: Endings = &[
    (&["οσ", "ου", "ουσ", "οι", "ων", "ον", "ασ", "εσ", "ησ", "εισ", "εωσ", "υσ", "σ"], 3 * LETTER),
    (&["ει", "ουμε", "ετε", "ουν", "ονται", "εται", "ομαι", "οντασ", "μεν"], 4 * LETTER),
];

/// Vowels that are or were before an ending: *γονέας, γονείς*. Iota stays: it is all that tells *αγόρι* from *αγορά*.
const VOWELS: Endings = &[(&["α", "ε", "η", "ο", "ω"], 3 * LETTER)];

pub(super) fn stem(word: &str) -> Cow<'_, str> {
    // θύμα, θύματος, θύματα, θυμάτων
    let neuter =
        ["ματοσ", "ματα", "ματων"].iter().find_map(|end| word.strip_suffix(end).map(|before| &word[..before.len() + LETTER]));
    let one = neuter.or_else(|| cut(word, ENDINGS)).unwrap_or(word);
    Cow::Borrowed(strip(one, VOWELS))
}
