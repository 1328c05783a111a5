//! Albanian: endings of the two kinds of nouns, definite and indefinite, in all cases and both numbers, then those of verbs
//! and of the nouns made of them.

use std::borrow::Cow;

use super::endings::{Endings, after_consonant, cut, is_vowel};

const ENDINGS: Endings = &[
    // Indefinite and definite, singular and plural: -ë/-a/-ës/-ën/-ave, -i/-it/-in/-eve, -u/-ut/-un, -isë/-inë/-itë.
    (&["a", "e", "i", "u", "at", "et", "it", "ut", "en", "in", "un", "es"], 3),
    (&["ave", "eve", "ive", "uve", "ash", "esh", "ish", "ise", "ine", "ite", "vet"], 3),
    // Verbs in -oj with their participle, and the noun in -im.
    (&["oj", "on", "ojme", "oni", "ojne", "ohet", "ohen", "uar", "uan", "onte", "onin", "oi"], 4),
    (&["im", "uaj", "uante"], 5),
];

/// Stems that no ending tells of one word: *djalë, djem*; *kufi, kufiri, kufij*.
const ODD: [(&str, &str); 9] = [
    ("djem", "djal"),
    ("gruaj", "gru"),
    ("gruan", "gru"),
    ("gruas", "gru"),
    ("kufij", "kuf"),
    ("kufir", "kuf"),
    ("prindr", "prind"),
    ("vellan", "vell"),
    ("vellezr", "vell"),
];

pub(super) fn stem(word: &str) -> Cow<'_, str> {
    // The woman who does it has -ja: mësuesja.
    let mut left = word.strip_suffix("ja").filter(|doer| doer.ends_with("es")).unwrap_or(word);
    loop {
        // Who does something is a -ues or -yes in all forms: mësues is no form of mes.
        let is_doer = left.ends_with("ues") || left.ends_with("yes");
        let shorter = cut(left, ENDINGS).filter(|shorter| !is_doer && shorter.bytes().any(is_vowel));
        // -të, -ve and -sh after a consonant: djemtë, prindërve, muajsh.
        let plural = ["te", "ve", "sh", "t"]
            .into_iter()
            .find(|end| left.len() > end.len() + 3 && left.ends_with(end) && after_consonant(left, end));
        left = match (shorter, plural) {
            (Some(shorter), None) => shorter,
            (_, Some(end)) => &left[..left.len() - end.len()],
            (None, None) => break,
        };
    }
    let mut stem = left.to_owned();
    if let [.., before, b'e', b'r' | b'l'] = *stem.as_bytes()
        && stem.len() > 3
        && !is_vowel(before)
    {
        stem.remove(stem.len() - 2);
    }
    if stem.len() > 3 && stem.ends_with('q') {
        // rrezik, rreziqe
        stem.pop();
        stem.push('k');
    }
    match ODD.iter().find(|(odd, _)| *odd == stem) {
        Some((_, stem)) => Cow::Borrowed(stem),
        None => Cow::Owned(stem),
    }
}
