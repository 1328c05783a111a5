//! Scripts: which one a language is written in, and Serbian from Latin into Cyrillic letters. Pure.

use icu_properties::CodePointMapData;
use icu_properties::props::Script;

/// Serbian in Latin letters: what is proposed and kept.
pub(super) const LATIN: &str = "sr-Latn";
/// Serbian in Cyrillic letters: made from the Latin ones.
pub(super) const CYRILLIC: &str = "sr-Cyrl";

/// Words of Serbian in which lj, nj or dž are two letters: parts of two words meet there.
const TWO_LETTERS: [&str; 12] = [
    "injekc",
    "injekt",
    "konjug",
    "konjunk",
    "vanjezič",
    "tanjug",
    "nadžive",
    "nadživlj",
    "nadžnj",
    "odžive",
    "podžanr",
    "predžetv",
];

/// Letters that are two signs in Latin; Unicode has each as one sign, too.
const PAIRS: [(&str, char); 6] = [("lj", 'љ'), ("nj", 'њ'), ("dž", 'џ'), ("ǉ", 'љ'), ("ǌ", 'њ'), ("ǆ", 'џ')];

const LETTERS: [(char, char); 27] = [
    ('a', 'а'),
    ('b', 'б'),
    ('c', 'ц'),
    ('č', 'ч'),
    ('ć', 'ћ'),
    ('d', 'д'),
    ('đ', 'ђ'),
    ('e', 'е'),
    ('f', 'ф'),
    ('g', 'г'),
    ('h', 'х'),
    ('i', 'и'),
    ('j', 'ј'),
    ('k', 'к'),
    ('l', 'л'),
    ('m', 'м'),
    ('n', 'н'),
    ('o', 'о'),
    ('p', 'п'),
    ('r', 'р'),
    ('s', 'с'),
    ('š', 'ш'),
    ('t', 'т'),
    ('u', 'у'),
    ('v', 'в'),
    ('z', 'з'),
    ('ž', 'ж'),
];

/// Whether a word is written as its language is: each letter in its script, and at least one letter.
pub(super) fn fits(language: &str, word: &str) -> bool {
    let script = match language {
        "bg" | "mk" | CYRILLIC => Script::Cyrillic,
        "el" => Script::Greek,
        _ => Script::Latin,
    };
    let scripts = CodePointMapData::<Script>::new();
    let mut letters = word.chars().filter(|c| c.is_alphabetic()).peekable();
    let some = letters.peek().is_some();
    some && letters.all(|letter| scripts.get(letter) == script) && (language != LATIN || cyrillic(word).is_some())
}

/// Serbian in Cyrillic letters, exactly; `None` if a letter is none of the Serbian alphabet.
pub(super) fn cyrillic(latin: &str) -> Option<String> {
    let mut out = String::with_capacity(latin.len() * 2);
    let signs: Vec<(char, char)> = latin.chars().map(|sign| (sign, small(sign))).collect();
    let mut at = 0;
    while let Some((sign, lower)) = signs.get(at).copied() {
        let pair = PAIRS.iter().find(|(pair, _)| pair.chars().eq(signs[at..].iter().take(pair.chars().count()).map(|(_, c)| *c)));
        let (letter, taken) = match pair {
            Some((pair, letter)) if pair.chars().count() == 1 || !is_parted(&signs, at) => (*letter, pair.chars().count()),
            _ if lower.is_alphabetic() => (LETTERS.iter().find(|(latin, _)| *latin == lower)?.1, 1),
            _ => (sign, 1),
        };
        if sign == lower {
            out.push(letter);
        } else {
            out.extend(letter.to_uppercase());
        }
        at += taken;
    }
    Some(out)
}

/// The small letter, which is one sign for all letters of the alphabet.
fn small(sign: char) -> char {
    let mut lower = sign.to_lowercase();
    lower.next().filter(|_| lower.len() == 0).unwrap_or(sign)
}

/// Whether the pair at this place is two letters, because parts of a word meet in it.
fn is_parted(signs: &[(char, char)], at: usize) -> bool {
    TWO_LETTERS.iter().any(|word| {
        let meets = word.chars().zip(word.chars().skip(1)).position(|pair| matches!(pair, ('n' | 'l', 'j') | ('d', 'ž')));
        let Some(begin) = meets.and_then(|meets| at.checked_sub(meets)) else { return false };
        word.chars().eq(signs[begin..].iter().take(word.chars().count()).map(|(_, c)| *c))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vocabulary::{ALL_CONCEPTS, GLOSSARY_LANGUAGES};

    #[test]
    fn every_word_that_ships_is_written_as_its_language_is() {
        for concept in ALL_CONCEPTS.iter() {
            for (language, word) in GLOSSARY_LANGUAGES.iter().zip(concept.terms) {
                assert!(fits(language, word), "{language}: {word}");
            }
        }
    }

    #[test]
    fn the_cyrillic_words_that_ship_are_those_made_from_the_latin_ones() {
        let at = |language| GLOSSARY_LANGUAGES.iter().position(|known| *known == language).expect("a language");
        for concept in ALL_CONCEPTS.iter() {
            let made = cyrillic(concept.terms[at(LATIN)]);
            assert_eq!(made.as_deref(), Some(concept.terms[at(CYRILLIC)]));
        }
    }

    #[test]
    fn pairs_are_one_letter_unless_words_meet_in_them() {
        for (latin, made) in [
            ("Ljubav i NJEGOVA", "Љубав и ЊЕГОВА"),
            ("džep, Džep, DŽEP", "џеп, Џеп, ЏЕП"),
            ("injekcija", "инјекција"),
            ("konjunktura i konj", "конјунктура и коњ"),
            ("nadživeti", "надживети"),
            ("ǉuǌaǆ", "љуњаџ"),
            ("đak (18+)", "ђак (18+)"),
        ] {
            assert_eq!(cyrillic(latin).as_deref(), Some(made));
        }
    }

    #[test]
    fn what_is_no_serbian_letter_has_no_twin() {
        for strange in ["queer", "Wi-Fi", "hàbitat", "İzbor", "дом"] {
            assert_eq!(cyrillic(strange), None, "{strange}");
            assert!(!fits(LATIN, strange), "{strange}");
        }
    }

    #[test]
    fn a_letter_of_another_script_is_noticed() {
        // The second а of the first is Latin.
        for (language, word) in [("bg", "жертвa"), ("bg", "victim"), ("mk", "112"), ("el", "παιδi"), ("ro", "сopil"), ("en", "")]
        {
            assert!(!fits(language, word), "{language}: {word}");
        }
        for (language, word) in [("bg", "телефон 116 111"), ("el", "παιδί (< 18)"), ("fr", "cœur d’enfant"), ("ro", "ființă")]
        {
            assert!(fits(language, word), "{language}: {word}");
        }
    }
}
