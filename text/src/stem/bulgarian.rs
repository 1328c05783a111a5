//! Bulgarian, after J. Savoy's light stemmer ("Searching strategies for the Bulgarian language", 2007): the article, the
//! plural, then what is left of gender. Endings of verbs and adjectives are added, in the spirit of P. Nakov's `BulStem`.

use std::borrow::Cow;

use super::endings::{Endings, is_vowel};
use super::slavic::{root, settle};

const ENDINGS: Endings = &[
    // Gender and number; with the article (-ът, -ят, -та, -то, -те); count form; plural in -ове and -ета.
    (&["a", "e", "i", "o", "ja", "ija", "j"], 3),
    (&["at", "jat", "ijat", "ata", "jata", "oto", "eto", "ite", "ete", "ov", "ev"], 3),
    // Persons and tenses, participles, verbal nouns.
    (
        &[
            "am", "im", "as", "is", "es", "ah", "ih", "eh", "ahme", "ahte", "aha", "iha", "al", "il", "ane", "ene", "aneto",
            "eneto",
        ],
        4,
    ),
    // Short adjectives and participles.
    (&["an", "en"], 5),
];

/// Stems that no ending tells of one word.
const ODD: [(&str, &str); 3] = [("dec", "det"), ("hor", "covc"), ("patist", "pat")];

pub(super) fn stem(word: &str) -> Cow<'_, str> {
    let even = even(word);
    // The article of feminines in -т: помощта.
    let bare = even.strip_suffix("stta").map_or(even.as_ref(), |before| &even[..before.len() + 2]);
    // Neuters in -че have -ета in the plural; планета has none.
    let bare = ["ceta", "cetata"].iter().find_map(|end| bare.strip_suffix(end)).map_or(bare, |before| &bare[..=before.len()]);
    let left = root(bare, ENDINGS);
    match ODD.iter().find(|(odd, _)| *odd == left) {
        Some((_, stem)) => Cow::Borrowed(stem),
        None => Cow::Owned(settle(left)),
    }
}

/// *ja* between consonants as *e*: the old yat is one or the other by what follows it (*място, места*; *бял, бели*). Before
/// t, h and m it's an ending of verbs or the article.
fn even(word: &str) -> Cow<'_, str> {
    let bytes = word.as_bytes();
    let is_yat = |at: &usize| {
        at.checked_sub(1).is_some_and(|before| !is_vowel(bytes[before]))
            && matches!(bytes.get(at + 2), Some(b'b' | b'd' | b'g' | b'k' | b'l' | b'n' | b'r' | b's' | b'v' | b'z'))
    };
    match word.match_indices("ja").map(|(at, _)| at).find(is_yat) {
        Some(at) => Cow::Owned([&word[..at], "e", &word[at + 2..]].concat()),
        None => Cow::Borrowed(word),
    }
}
