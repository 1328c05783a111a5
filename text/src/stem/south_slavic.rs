//! Bosnian, Croatian, Montenegrin and Serbian.
//!
//! The endings are those of the grammars (declension of nouns and adjectives, present, infinitive, participles, verbal
//! noun), as folding spells them. Ekavian and ijekavian give one stem.

use std::borrow::Cow;

use super::endings::{Endings, is_vowel};
use super::slavic::{root, settle};

const ENDINGS: Endings = &[
    // Cases of nouns and adjectives, persons of the present.
    (&["a", "e", "i", "o", "u", "om", "em", "im", "am", "ih", "oj", "ov", "ev"], 3),
    // Infinitive and second person (-ti, -te), participles, verbal nouns, -uje, -aju.
    (&["al", "il", "el", "anj", "enj", "aj", "uj", "eg"], 4),
    // Short adjectives and participles.
    (&["at", "it", "et", "an", "en"], 5),
];

/// Stems that no ending tells of one word.
const ODD: [(&str, &str); 8] = [
    ("vremen", "vrem"),
    ("imen", "ime"),
    ("dec", "det"),
    ("detet", "det"),
    ("decj", "det"),
    ("decij", "det"),
    ("ljud", "covc"),
    ("pos", "posl"),
];

pub(super) fn stem(word: &str) -> Cow<'_, str> {
    let ekavian = ekavian(word);
    // The genitive plural has a vowel between: dokument, dokumenata.
    let genitive = ekavian.strip_suffix("enata").map(|before| [before, "ent"].concat());
    let mut left = root(genitive.as_deref().unwrap_or(&ekavian), ENDINGS);
    loop {
        let next = match left {
            // -og is an ending of adjectives, and of no psiholog, razlog or prilog.
            _ if left.ends_with("og") && left.len() > 4 && !is_log(left) => &left[..left.len() - 2],
            // zloupotrebljen beside zloupotrebiti: lj after b, m, p and v comes from -i-.
            _ if left.len() > 5 && ["blj", "mlj", "plj", "vlj"].iter().any(|end| left.ends_with(end)) => &left[..left.len() - 2],
            _ => break,
        };
        left = root(next, ENDINGS);
    }
    if let Some((_, stem)) = ODD.iter().find(|(odd, _)| *odd == left) {
        return Cow::Borrowed(stem);
    }
    // -lac has -oc- in its other forms: prevodilac, prevodioca.
    if let Some(before) = left.strip_suffix("ioc") {
        return Cow::Owned([before, "ilc"].concat());
    }
    Cow::Owned(settle(left))
}

fn is_log(word: &str) -> bool {
    ["olog", "zlog", "dlog", "rilog", "nalog"].iter().any(|end| word.ends_with(end))
}

/// *ije* and *je* between consonants as *e*: *dijete* as *dete*, *mjesto* as *mesto*. After l and n they are mostly the
/// letters lj and nj with an ending (*prijateljem*, *prijavljen*), but for a few consonants that no ending begins with.
fn ekavian(word: &str) -> Cow<'_, str> {
    let bytes = word.as_bytes();
    let mut out: Option<String> = None;
    let mut kept = 0;
    for (at, _) in word.match_indices("je").filter(|_| word.is_ascii()) {
        let start = if at > 1 && bytes[at - 1] == b'i' { at - 1 } else { at };
        let Some(before) = start.checked_sub(1).map(|before| bytes[before]).filter(|before| !is_vowel(*before)) else { continue };
        let Some(after) = bytes.get(at + 2).copied().filter(|after| !is_vowel(*after)) else { continue };
        let is_last = at + 3 == bytes.len();
        let is_letter = start == at && matches!(before, b'l' | b'n') && !matches!(after, b'c' | b'd' | b'k' | b's' | b't' | b'z');
        if is_letter || (is_last && after == b'm') || start < kept {
            continue;
        }
        let out = out.get_or_insert_default();
        out.push_str(&word[kept..start]);
        out.push('e');
        kept = at + 2;
    }
    match out {
        Some(mut out) => {
            out.push_str(&word[kept..]);
            Cow::Owned(out)
        }
        None => Cow::Borrowed(word),
    }
}
