//! Terms of the glossary are the same thing in every language of an issue: what one language calls by its term is called by
//! the glossary's term in the others, with whatever endings. Pure.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use egida_text::{Language, stem};

use crate::base::text;
use crate::glossary::Terms;

/// A term of one language that has to be met in another one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Lock {
    /// The concept's stable name.
    pub(super) concept: &'static str,
    /// The language that names it.
    pub(super) from: String,
    /// What it is called there.
    pub(super) term: String,
    /// The language that has to name it.
    pub(super) to: String,
    /// What it is to be called there.
    pub(super) expected: String,
    /// Whether it is.
    pub(super) found: bool,
}

/// What is locked in the texts of a section, by language. Only languages that have a text already are looked at.
pub(super) fn locks(terms: &Terms, texts: &BTreeMap<&str, &str>) -> Vec<Lock> {
    let named: BTreeMap<&str, BTreeSet<&'static str>> =
        texts.iter().map(|(language, text)| (*language, named(terms, language, text))).collect();
    let mut locks = Vec::new();
    for (from, concepts) in &named {
        for id in concepts {
            let Some(concept) = terms.find(id) else { continue };
            for (to, there) in named.iter().filter(|(to, _)| *to != from) {
                let (Some(term), Some(expected)) = (concept.term(from), concept.term(to)) else { continue };
                let (from, to) = ((*from).to_owned(), (*to).to_owned());
                let found = there.contains(id);
                locks.push(Lock { concept: id, from, term: term.to_owned(), to, expected: expected.to_owned(), found });
            }
        }
    }
    locks
}

/// The concepts that a text of a language names; the longest term is meant.
fn named(terms: &Terms, language: &str, text: &str) -> BTreeSet<&'static str> {
    let words = stems(text, language);
    let needles: Vec<(&'static str, Vec<String>)> = terms
        .concepts
        .iter()
        .filter_map(|concept| Some((concept.id, stems(concept.term(language)?, language))))
        .filter(|(_, needle)| !needle.is_empty())
        .collect();
    let (mut named, mut at) = (BTreeSet::new(), 0);
    while at < words.len() {
        let here = || needles.iter().filter(|(_, needle)| words[at..].starts_with(needle));
        match here().map(|(_, needle)| needle.len()).max() {
            // A term may stand for two concepts: either may be meant.
            Some(longest) => {
                named.extend(here().filter(|(_, needle)| needle.len() == longest).map(|(id, _)| *id));
                at += longest;
            }
            None => at += 1,
        }
    }
    named
}

fn stems(text: &str, language: &str) -> Vec<String> {
    let folded = text::fold(text);
    let language = Language::of_code(language.split('-').next().unwrap_or(language));
    let stemmed = |word| language.map_or(Cow::Borrowed(word), |language| stem(word, language)).into_owned();
    text::words(&folded).map(stemmed).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::glossary::Glossary;

    fn shown(texts: &[(&str, &str)]) -> Vec<(String, String, bool)> {
        let locks = locks(&Glossary::shipped().terms(), &texts.iter().copied().collect());
        locks.into_iter().map(|lock| (lock.to, lock.expected, lock.found)).collect()
    }

    #[test]
    fn a_term_is_met_in_the_other_language_with_its_endings() {
        let texts = [("en", "Victims of trafficking were met."), ("fr", "Les victimes de la traite ont été rencontrées.")];
        let both = shown(&texts);
        assert_eq!(both.len(), 2, "{both:?}");
        assert!(both.iter().all(|(_, _, found)| *found), "{both:?}");
    }

    #[test]
    fn another_word_is_told_with_the_one_that_is_expected() {
        let told = shown(&[("en", "A unaccompanied minor arrived."), ("fr", "Un jeune sans famille est arrivé.")]);
        assert_eq!(told, [("fr".to_owned(), "mineur non accompagné".to_owned(), false)]);
    }

    #[test]
    fn the_longest_term_is_meant() {
        let told = shown(&[("en", "About child trafficking."), ("fr", "Sur la traite des enfants.")]);
        assert!(told.iter().all(|(_, _, found)| *found), "{told:?}");
        assert!(!told.iter().any(|(_, term, _)| term == "enfant"), "{told:?}");
    }

    #[test]
    fn every_language_of_the_glossary_finds_its_own_terms() {
        let terms = Glossary::shipped().terms();
        for concept in &terms.concepts {
            for (language, term) in concept.terms() {
                assert!(named(&terms, language, term).contains(concept.id), "{language}: {term}");
            }
        }
    }

    #[test]
    fn a_language_without_a_text_locks_nothing() {
        assert!(shown(&[("en", "Victims of trafficking")]).is_empty());
        let told = shown(&[("en", "A shelter opened."), ("sr-Cyrl", "Отворена је сигурна кућа."), ("el", "Τίποτα")]);
        assert!(told.contains(&("sr-Cyrl".into(), "сигурна кућа".into(), true)), "{told:?}");
        assert!(
            told.contains(&(
                "el".into(),
                Glossary::shipped().terms().find("shelter").and_then(|c| c.term("el")).unwrap_or_default().into(),
                false
            )),
            "{told:?}"
        );
    }
}
