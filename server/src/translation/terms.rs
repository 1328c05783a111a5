//! The glossary's terms in a text, in whatever language and with whatever endings, and what they are in another one. Pure.

use std::collections::HashMap;
use std::ops::Range;

use unicode_normalization::char::is_combining_mark;

use crate::base::text;
use crate::glossary::Terms;

/// Letters by which terms are looked up.
const HEAD: usize = 3;
/// Languages whose words hardly change: a plural, and no more.
const RIGID: [&str; 2] = ["en", "fr"];

/// A concept of the glossary with its terms, by the codes of their languages.
#[derive(Clone, Debug)]
pub(super) struct Concept {
    pub(super) terms: Vec<(String, String)>,
}

impl Concept {
    /// Its term in a language; Serbian is `sr-Latn` and `sr-Cyrl` here.
    pub(super) fn term(&self, language: &str) -> Option<&str> {
        self.terms.iter().find(|(of, _)| of == language).map(|(_, term)| term.as_str())
    }
}

/// The glossary's concepts as they stand.
pub(super) fn of(glossary: &Terms) -> Vec<Concept> {
    let owned = |(language, term): (&str, &str)| (language.to_owned(), term.to_owned());
    glossary.concepts.iter().map(|concept| Concept { terms: concept.terms().map(owned).collect() }).collect()
}

/// The concepts that ship.
#[cfg(test)]
pub(super) fn shipped() -> Vec<Concept> {
    of(&crate::glossary::Glossary::shipped().terms())
}

/// A concept that a text names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Named {
    /// Where (bytes).
    pub(super) at: Range<usize>,
    /// Its place among the concepts.
    pub(super) concept: usize,
}

/// The concepts that a text names, in order and beside each other: the longest term first. What is said in the language it
/// is to be translated into counts as well, so that a text of two languages keeps its terms.
pub(super) fn named(text: &str, concepts: &[Concept]) -> Vec<Named> {
    let (words, needles) = (words(text), needles(concepts));
    let (mut found, mut at) = (Vec::new(), 0);
    while at < words.len() {
        let near = needles.get(head(&words[at].folded)).into_iter().flatten();
        let longest = near.filter(|needle| needle.begins(text, &words[at..])).max_by_key(|needle| needle.words.len());
        match longest {
            Some(needle) => {
                let last = at + needle.words.len() - 1;
                found.push(Named { at: words[at].at.start..words[last].at.end, concept: needle.concept });
                at = last + 1;
            }
            None => at += 1,
        }
    }
    found
}

/// A word of a text, folded.
struct Word {
    at: Range<usize>,
    folded: String,
}

fn words(text: &str) -> Vec<Word> {
    let is_part = |c: char| c.is_alphanumeric() || is_combining_mark(c);
    let mut words: Vec<Word> = Vec::new();
    let mut start = None;
    for (at, c) in text.char_indices().chain([(text.len(), ' ')]) {
        match (is_part(c), start) {
            (true, None) => start = Some(at),
            (false, Some(from)) => {
                words.push(Word { at: from..at, folded: text::fold(&text[from..at]) });
                start = None;
            }
            _ => {}
        }
    }
    words
}

/// A term to be looked for, its words folded.
struct Needle {
    words: Vec<String>,
    concept: usize,
    rigid: bool,
}

fn needles(concepts: &[Concept]) -> HashMap<String, Vec<Needle>> {
    let mut by_head: HashMap<String, Vec<Needle>> = HashMap::new();
    for (concept, terms) in concepts.iter().enumerate() {
        for (language, term) in &terms.terms {
            let words: Vec<_> = text::words(&text::fold(term)).map(ToOwned::to_owned).collect();
            let Some(first) = words.first() else { continue };
            let rigid = RIGID.contains(&language.as_str());
            by_head.entry(head(first).to_owned()).or_default().push(Needle { words, concept, rigid });
        }
    }
    by_head
}

fn head(word: &str) -> &str {
    word.char_indices().nth(HEAD).map_or(word, |(at, _)| &word[..at])
}

impl Needle {
    /// Whether a text goes on with this term here: its words, one after the other, with no end of a sentence between.
    fn begins(&self, text: &str, words: &[Word]) -> bool {
        let alone = self.words.len() == 1;
        self.words.len() <= words.len()
            && self.words.iter().zip(words).all(|(term, word)| is_form(&word.folded, term, self.rigid, alone))
            && words[..self.words.len()].windows(2).all(|pair| joins(&text[pair[0].at.end..pair[1].at.start]))
    }
}

/// Whether what stands between two words lets them belong together.
fn joins(between: &str) -> bool {
    !between.contains("\n\n") && between.chars().all(|c| c.is_whitespace() || matches!(c, '-' | '‐' | '‑' | '\'' | '’' | ','))
}

/// Whether a word is a form of a term's word: the same beginning and other endings. `rigid` in languages that have few of
/// them; a term of one word must be met more closely, for nothing beside it says that it is meant.
fn is_form(word: &str, term: &str, rigid: bool, alone: bool) -> bool {
    if word == term {
        return true;
    }
    if rigid {
        return word.strip_prefix(term).is_some_and(|ending| matches!(ending, "s" | "es" | "x"));
    }
    let shared = word.chars().zip(term.chars()).take_while(|(one, other)| one == other).count();
    let (of_word, of_term) = (word.chars().count() - shared, term.chars().count() - shared);
    let (least, most) = if alone { (4, 2) } else { (3, 3) };
    // An article at the end is longer than other endings: copil, copilului.
    let with_article = of_term == 0 && shared > 4 && of_word <= 4;
    shared >= least && of_term <= most && (of_word <= most || with_article)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<(String, String)> {
        let concepts = shipped();
        let named = named(text, &concepts);
        let shown = named
            .into_iter()
            .map(|named| (text[named.at.clone()].to_owned(), concepts[named.concept].term("en").unwrap_or_default().to_owned()));
        shown.collect()
    }

    fn concepts_of(text: &str) -> Vec<String> {
        found(text).into_iter().map(|(_, term)| term).collect()
    }

    #[test]
    fn terms_are_found_with_their_endings_in_every_script() {
        for (text, concept) in [
            ("Borba protiv trgovine decom u regionu", "child trafficking"),
            ("Борба против трговине децом у региону", "child trafficking"),
            ("Centrul pentru copilului și traficul de copii", "child trafficking"),
            ("принудителната просия е престъпление", "forced begging"),
            ("Viktima e punës, punën e detyruar", "forced labour"),
            ("la traite des enfants", "child trafficking"),
            ("εμπορία παιδιών", "child trafficking"),
            ("Socijalni radnici na obuci", "social worker"),
        ] {
            assert!(concepts_of(text).contains(&concept.to_owned()), "{text}: {:?}", found(text));
        }
    }

    #[test]
    fn the_longest_term_is_meant() {
        assert_eq!(
            found("A victim of trafficking, unaccompanied minors."),
            [
                ("victim of trafficking".to_owned(), "victim of trafficking".to_owned()),
                ("unaccompanied minors".to_owned(), "unaccompanied minor".to_owned()),
            ]
        );
        assert_eq!(concepts_of("the best interests of the child"), ["best interests of the child"]);
    }

    #[test]
    fn what_only_looks_alike_is_none() {
        for text in [
            "Childish protectors met, indicative at most.",
            "The child. Protection is another matter.",
            "detalj, decenija, pristanište",
            "case\n\nplan",
            "",
            "…",
        ] {
            assert!(concepts_of(text).iter().all(|term| term == "child"), "{text}: {:?}", found(text));
        }
    }

    #[test]
    fn every_term_finds_itself() {
        let concepts = shipped();
        for concept in &concepts {
            for (language, term) in &concept.terms {
                let named = named(term, &concepts);
                assert_eq!(named.len(), 1, "{language}: {term}");
                assert_eq!(named[0].at, 0..term.len(), "{language}: {term}");
            }
        }
        assert!(concepts.len() > 60 && concepts.iter().all(|concept| concept.terms.len() == 11));
    }
}
