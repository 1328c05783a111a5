//! Romanian.

use std::borrow::Cow;

use super::endings::{Endings, strip};

const ENDINGS: Endings = &[
    // Gender and number, with the article and its genitive.
    (&["a", "e", "i", "u", "ul", "ului", "ia", "ei", "ii", "iei", "ele", "ile", "elor", "ilor", "elui"], 3),
    (&["uri", "urile", "urilor"], 3),
    // Infinitive, participle, gerund and persons of verbs; the noun of the infinitive has -are, -ere, -ire.
    (&["at", "it", "ut", "ar", "ez", "esc", "est", "and", "ind"], 4),
];

/// Stems that no ending tells of one word.
const ODD: [(&str, &str); 4] = [("cop", "copil"), ("copi", "copil"), ("fet", "fat"), ("baiet", "baiat")];

pub(super) fn stem(word: &str) -> Cow<'_, str> {
    // oa and ea before a or e stand for o and e: școală, școli; seară, seri.
    let even = word.replace("oa", "o").replace("ea", "e");
    let mut stem = strip(&even, ENDINGS).to_owned();
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
