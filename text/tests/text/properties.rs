//! What holds for every string whatever.

use std::collections::BTreeSet;

use egida_text::{Language, fold, forms, language, stem, terms, words};
use proptest::prelude::*;

use crate::paradigms::{FILES, lines};

/// Strings of the letters, marks and digits that the region writes, and of whatever else there is.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-zčćšžđëçșțăâîéèœA-ZĐŠ0-9 ,.'-]{0,60}",
        "[а-яђћљњџјѓќѕѐѝА-Я ]{0,60}",
        "[α-ωάέήίόύώϊΐςΑ-Ω ]{0,60}",
        "\\PC{0,40}",
        any::<String>()
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(2_000) })]

    #[test]
    fn folding_twice_is_folding_once(text in text()) {
        let once = fold(&text);
        prop_assert_eq!(fold(&once), once);
    }

    #[test]
    fn a_stem_is_a_word_of_three_letters_or_more(text in text()) {
        let folded = fold(&text);
        for word in words(&folded) {
            for language in Language::ALL {
                let stem = stem(word, language);
                prop_assert!(stem == word || stem.chars().count() >= 3, "{word}: {stem}");
                // A stem written out (travail for travaux, peopl) is no longer than that.
                prop_assert!(stem.chars().count() <= word.chars().count() + 2, "{word}: {stem}");
                prop_assert_eq!(words(&stem).collect::<Vec<_>>(), [stem.as_ref()]);
                prop_assert_eq!(fold(&stem), stem.as_ref());
            }
        }
    }

    #[test]
    fn every_word_is_found_as_it_is_written(text in text(), hint in 0..Language::ALL.len()) {
        let told = language(&text, Some(Language::ALL[hint]));
        let held = terms(&text, told);
        prop_assert_eq!(held.iter().collect::<BTreeSet<_>>().len(), held.len());
        let folded = fold(&text);
        for word in words(&folded) {
            let wanted = forms(word, &Language::ALL);
            prop_assert_eq!(wanted.first().map(String::as_str), Some(word));
            prop_assert!(held.contains(&wanted[0]));
            // Whatever ending it has, the stem in its language is held and looked for.
            if let Some(told) = told {
                let stem = stem(word, told).into_owned();
                prop_assert!(held.contains(&stem) && wanted.contains(&stem));
            }
        }
    }
}

/// Serbian as it is typed in the other script.
fn cyrillic(latin: &str) -> String {
    let mut text = latin.to_lowercase();
    for (from, to) in [("lj", "љ"), ("nj", "њ"), ("dž", "џ")] {
        text = text.replace(from, to);
    }
    let from = "abvgdđežzijklmnoprstćufhcčš";
    let to: Vec<char> = "абвгдђежзијклмнопрстћуфхцчш".chars().collect();
    text.chars().map(|c| from.chars().position(|known| known == c).map_or(c, |at| to[at])).collect()
}

/// What is longer than any word keeps nobody busy.
#[test]
fn what_is_too_long_to_be_a_word_is_its_own_stem() {
    for made_of in ["a", "je", "ima", "ovima", "ing", "ment", "ια", "n"] {
        let word = made_of.repeat(16 * 1024 / made_of.len());
        for language in Language::ALL {
            assert_eq!(stem(&word, language), word);
        }
    }
}

#[test]
fn serbian_in_two_scripts_has_the_same_terms() {
    let (_, file) = FILES[1];
    for line in lines(file).filter(|line| !line.chars().any(|c| ('а'..='џ').contains(&c))) {
        let (one, other) = (terms(line, Some(Language::SouthSlavic)), terms(&cyrillic(line), Some(Language::SouthSlavic)));
        assert_eq!(one, other);
    }
}
