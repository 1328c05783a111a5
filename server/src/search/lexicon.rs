//! Which concepts of the glossary a query names, and how the other languages say them. Pure.

use std::borrow::Cow;
use std::sync::{Arc, Mutex, PoisonError};

use egida_text::{Language, fold, stem, words};

use crate::findable::{Kind, Thing};
use crate::glossary::{Glossary, Terms};

/// Words that tie the others of a term together, folded; those of two letters and fewer tie in every language.
const TIES: [&str; 28] = [
    "the", "and", "for", "des", "les", "aux", "par", "pour", "dans", "sur", "une", "dhe", "per", "nga", "nje", "din", "pentru",
    "prin", "pri", "radi", "kod", "των", "του", "της", "και", "για", "απο", "στη",
];
/// Letters that two forms of a word have in common at least, where their stems differ.
const COMMON: usize = 4;
/// Concepts of which a query names only a part, at most.
const PARTLY: usize = 2;

/// The concepts of the glossary, made ready to be looked up.
#[derive(Debug, Default)]
pub(super) struct Lexicon(Vec<Concept>);

/// The lexicon of the glossary as it stands: made again once a term has changed.
pub(super) struct Shelf {
    glossary: Glossary,
    made: Mutex<Option<(Arc<Terms>, Arc<Lexicon>)>>,
}

impl Shelf {
    pub(super) fn new(glossary: Glossary) -> Self {
        Self { glossary, made: Mutex::default() }
    }

    pub(super) fn now(&self) -> Arc<Lexicon> {
        let terms = self.glossary.terms();
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, lexicon)) = made.as_ref().filter(|(of, _)| Arc::ptr_eq(of, &terms)) {
            return lexicon.clone();
        }
        let concepts = terms.concepts.iter().map(|concept| (concept.id, concept.terms().collect()));
        let lexicon = Arc::new(Lexicon::of(concepts));
        *made = Some((terms, lexicon.clone()));
        lexicon
    }
}

/// A concept and its terms.
#[derive(Debug)]
pub(super) struct Concept {
    pub(super) id: String,
    pub(super) terms: Vec<Term>,
}

/// What a concept is called in a language.
#[derive(Clone, Debug)]
pub(super) struct Term {
    /// Of the glossary's columns: `sr-Cyrl`.
    pub(super) code: String,
    pub(super) language: Language,
    pub(super) text: String,
    /// Folded, without those that only tie.
    pub(super) words: Vec<String>,
    /// Their stems, in the same order.
    stems: Vec<String>,
}

/// A word of a query: folded, with its stem in each language.
struct Typed<'a> {
    word: &'a str,
    stems: Vec<Cow<'a, str>>,
}

impl<'a> Typed<'a> {
    fn new(word: &'a str) -> Self {
        Self { word, stems: Language::ALL.into_iter().map(|language| stem(word, language)).collect() }
    }

    fn stem(&self, language: Language) -> &str {
        Language::ALL.iter().position(|each| *each == language).map_or(self.word, |at| &self.stems[at])
    }
}

/// A concept that was named.
#[derive(Debug)]
pub(super) struct Named<'a> {
    pub(super) concept: &'a Concept,
    /// The term that was recognised.
    pub(super) term: &'a Term,
    /// The places of the query's words that name it.
    pub(super) places: Vec<usize>,
}

impl Lexicon {
    /// The concepts with their terms by code of language.
    pub(super) fn of<'a>(concepts: impl Iterator<Item = (&'a str, Vec<(&'a str, &'a str)>)>) -> Self {
        Self(
            concepts
                .map(|(id, terms)| Concept {
                    id: id.to_owned(),
                    terms: terms.into_iter().filter_map(|(code, text)| Term::new(code, text)).collect(),
                })
                .collect(),
        )
    }

    /// The concepts that these folded words name, each by words of its own, the longest terms first; where none is named as a
    /// whole, those of whose terms the words are a part.
    pub(super) fn named(&self, words: &[&str]) -> Vec<Named<'_>> {
        let content: Vec<usize> = (0..words.len()).filter(|at| !ties(words[*at])).collect();
        let words: Vec<Typed<'_>> = words.iter().map(|word| Typed::new(word)).collect();
        let mut whole: Vec<Named<'_>> = self.0.iter().filter_map(|concept| concept.named(&words, &content)).collect();
        whole.sort_by_key(|named| std::cmp::Reverse(named.places.len()));
        let mut taken: Vec<usize> = Vec::new();
        whole.retain(|named| {
            let free = named.places.iter().all(|place| !taken.contains(place));
            if free {
                taken.extend(&named.places);
            }
            free
        });
        if whole.is_empty() { self.partly(&words, &content) } else { whole }
    }

    /// All terms as they are written.
    pub(super) fn texts(&self) -> impl Iterator<Item = &str> {
        self.0.iter().flat_map(|concept| &concept.terms).map(|term| term.text.as_str())
    }

    fn partly(&self, words: &[Typed<'_>], content: &[usize]) -> Vec<Named<'_>> {
        let mut found: Vec<_> = self
            .0
            .iter()
            .filter_map(|concept| {
                let fitting = concept.terms.iter().filter(|term| term.includes(words, content));
                let term = fitting.min_by_key(|term| term.words.len())?;
                Some((term.words.len(), Named { concept, term, places: content.to_vec() }))
            })
            .collect();
        found.sort_by_key(|(length, _)| *length);
        found.into_iter().take(PARTLY).map(|(_, named)| named).collect()
    }
}

impl Named<'_> {
    /// The concept as it is called in the language of a screen, and the term by which it was found.
    pub(super) fn thing(&self, screen: &str) -> Option<Thing> {
        let title = self.concept.terms.iter().find(|term| term.code == screen)?;
        Some(Thing {
            kind: Kind::Term,
            id: self.concept.id.clone(),
            title: title.text.clone(),
            about: Some(self.term.text.clone()),
            channel: None,
        })
    }
}

impl Concept {
    fn named(&self, words: &[Typed<'_>], content: &[usize]) -> Option<Named<'_>> {
        let known = self.terms.iter().filter_map(|term| Some((term, term.places(words, content)?)));
        let (term, places) = known.max_by_key(|(_, places)| places.len())?;
        Some(Named { concept: self, term, places })
    }
}

impl Term {
    fn new(code: &str, text: &str) -> Option<Self> {
        let language = Language::of_code(code)?;
        let folded = fold(text);
        let words: Vec<_> = words(&folded).filter(|word| !ties(word)).map(ToOwned::to_owned).collect();
        let stems = words.iter().map(|word| stem(word, language).into_owned()).collect();
        (!words.is_empty()).then(|| Self { code: code.to_owned(), language, text: text.to_owned(), words, stems })
    }

    /// Where the query has all words of this term.
    fn places(&self, words: &[Typed<'_>], content: &[usize]) -> Option<Vec<usize>> {
        let mut places = Vec::with_capacity(self.words.len());
        for own in 0..self.words.len() {
            let place = content.iter().find(|at| !places.contains(*at) && self.has(own, &words[**at]))?;
            places.push(*place);
        }
        places.sort_unstable();
        Some(places)
    }

    /// Whether a word of the query is a form of the word in this place: of one stem with it, or nearly the same.
    fn has(&self, own: usize, typed: &Typed<'_>) -> bool {
        self.stems[own] == typed.stem(self.language) || alike(typed.word, &self.words[own])
    }

    /// Whether all words of the query are among those of this term.
    fn includes(&self, words: &[Typed<'_>], content: &[usize]) -> bool {
        !content.is_empty() && content.iter().all(|at| (0..self.words.len()).any(|own| self.has(own, &words[*at])))
    }
}

/// Whether a word ties others together.
pub(super) fn ties(word: &str) -> bool {
    word.chars().count() < 3 || TIES.contains(&word)
}

/// Whether two folded words begin alike: with all but two letters of the shorter in common, and all but four of the longer.
fn alike(one: &str, other: &str) -> bool {
    let common = one.chars().zip(other.chars()).take_while(|(one, other)| one == other).count();
    let (one, other) = (one.chars().count(), other.chars().count());
    common >= COMMON && common + 2 >= one.min(other) && common + 4 >= one.max(other)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lexicon() -> Lexicon {
        let rows = [
            ("child-trafficking", vec![("en", "child trafficking"), ("sr-Latn", "trgovina decom"), ("bg", "трафик на деца")]),
            ("trafficking", vec![("en", "trafficking in human beings"), ("sr-Latn", "trgovina ljudima")]),
            ("reintegration", vec![("en", "reintegration"), ("fr", "réinsertion")]),
        ];
        Lexicon::of(rows.into_iter())
    }

    fn ids(query: &str) -> Vec<String> {
        let folded = fold(query);
        let words: Vec<_> = words(&folded).collect();
        lexicon().named(&words).into_iter().map(|named| named.concept.id.clone()).collect()
    }

    #[test]
    fn a_concept_is_known_by_any_of_its_languages_inflected_and_amid_other_words() {
        assert_eq!(ids("child trafficking"), ["child-trafficking"]);
        assert_eq!(ids("trgovine decom Niš"), ["child-trafficking"]);
        assert_eq!(ids("трговина децом"), ["child-trafficking"]);
        assert_eq!(ids("децата трафик"), ["child-trafficking"]);
        assert_eq!(ids("réinsertions"), ["reintegration"]);
    }

    #[test]
    fn the_longest_term_is_what_is_meant_and_a_part_is_better_than_nothing() {
        assert_eq!(ids("trafficking in human beings"), ["trafficking"]);
        assert_eq!(ids("trafficking").len(), 2);
        assert_eq!(ids("kitchen"), Vec::<String>::new());
        assert_eq!(ids("of the"), Vec::<String>::new());
    }
}
