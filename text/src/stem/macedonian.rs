//! Macedonian: the article (-от, -та, -то, -те), plurals, gender, then verbs and adjectives as in its neighbours.
//!
//! The articles of what is near and of what is far (-ов, -ва, -на) are left: too many words end in them (*држава, страна*).

use std::borrow::Cow;

use super::endings::Endings;
use super::slavic::{root, settle};

const ENDINGS: Endings = &[
    // Gender and number; with the article; plural in -ови and -иња.
    (&["a", "e", "i", "o", "aj", "ej", "ij", "ov", "ev"], 3),
    (&["ot", "iot", "ata", "oto", "eto", "ite", "inja", "injata"], 3),
    // Persons and tenses, participles, verbal nouns.
    (&["am", "as", "is", "at", "aat", "av", "ame", "ate", "al", "il", "anj", "enj"], 4),
    // Short adjectives and participles.
    (&["an", "en"], 5),
];

/// Stems that no ending tells of one word.
const ODD: [(&str, &str); 7] = [
    ("bro", "broj"),
    ("dec", "det"),
    ("imet", "ime"),
    ("iminj", "ime"),
    ("lugj", "covc"),
    ("patist", "pat"),
    ("pomost", "pomos"),
];

pub(super) fn stem(word: &str) -> Cow<'_, str> {
    let left = root(word, ENDINGS);
    if let Some((_, stem)) = ODD.iter().find(|(odd, _)| *odd == left) {
        return Cow::Borrowed(stem);
    }
    // полицаец, полицајци
    match left.strip_suffix("aec") {
        Some(before) => Cow::Owned([before, "ajc"].concat()),
        None => Cow::Owned(settle(left)),
    }
}
