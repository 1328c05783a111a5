//! What the stems of the South Slavic languages share: adjectives beside their nouns, consonants that turn before *-i*,
//! vowels that come and go.

use super::endings::{Endings, after_consonant, is_vowel, strip};

/// The word without its endings and without what makes an adjective or a noun of quality of it: *-en*, *-n-*
/// (*prinuditelen, prinuditelna*), *-sk-* (*policijski*), *-ost* (*sigurnost*).
pub(super) fn root<'a>(word: &'a str, endings: Endings) -> &'a str {
    let mut left = word;
    loop {
        left = strip(left, endings);
        left = match left {
            _ if left.len() > 4 && left.ends_with("sk") && after_consonant(left, "sk") => &left[..left.len() - 2],
            _ if left.len() > 5 && left.ends_with('n') && after_consonant(left, "n") => &left[..left.len() - 1],
            _ if left.len() > 6 && left.ends_with("ost") => &left[..left.len() - 3],
            _ => return left,
        };
    }
}

/// A root with what changes at its end taken to one letter: k, g and h before *-i* become c, z and s (*radnik, radnici*;
/// *usluga, usluzi*; *uspeh, uspesi*), and *a* or *e* stands only where nothing follows (*centar, centra*; *pevec, pevci*).
pub(super) fn settle(root: &str) -> String {
    let mut stem = root.to_owned();
    let bytes = root.as_bytes();
    if let [.., before, last] = bytes
        && bytes.len() > 3
        && (is_vowel(*before) || *before == b'j')
    {
        let turned = match last {
            // sastanak, sastanka: what follows n stays, for stranka is no stranac.
            b'k' if !root.ends_with("nak") => Some('c'),
            b'g' => Some('z'),
            b'h' => Some('s'),
            _ => None,
        };
        if let Some(turned) = turned {
            stem.pop();
            stem.push(turned);
        }
    }
    if let [.., before, vowel, last] = *stem.as_bytes()
        && stem.len() > 4
        && !is_vowel(before)
        && matches!((vowel, last), (b'a', b'c' | b'k' | b'n' | b'r' | b'v') | (b'e', b'c' | b'n'))
    {
        stem.remove(stem.len() - 2);
    }
    stem
}
