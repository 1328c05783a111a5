//! The glossary as it ships: what the field works with, and the words for it in the languages of the region.

use std::sync::LazyLock;

use super::{GLOSSARY, Words, rows};

/// Our own French for the notes that the shared table has in English only.
const GLOSSARY_FR: &str = include_str!("../../vocabulary/glossary.fr.tsv");

/// The languages of the glossary, one column each: BCP 47, with the script where a language has two.
pub const GLOSSARY_LANGUAGES: [&str; 11] = ["en", "fr", "sq", "bs", "hr", "sr-Latn", "sr-Cyrl", "bg", "mk", "ro", "el"];

/// Something the field works with.
#[derive(Debug)]
pub struct Concept {
    /// Its stable name.
    pub id: &'static str,
    /// The words for it, in the order of [`GLOSSARY_LANGUAGES`].
    pub terms: [&'static str; GLOSSARY_LANGUAGES.len()],
    /// `high` or `medium`: how sure it is that native speakers of the field say so.
    pub confidence: &'static str,
    /// What one should know of it.
    pub note: Option<Words>,
}

/// The concepts, in the order of the vocabulary.
pub static ALL_CONCEPTS: LazyLock<Vec<Concept>> = LazyLock::new(|| {
    let french = |id: &str| rows(GLOSSARY_FR).find(|row| row("key") == id).map(|row| row("note"));
    rows(GLOSSARY)
        .map(|row| Concept {
            id: row("id"),
            terms: GLOSSARY_LANGUAGES.map(&row),
            confidence: row("confidence"),
            note: (!row("note").is_empty()).then(|| Words::new(row("note"), french(row("id")).unwrap_or_default())),
        })
        .collect()
});

/// The glossary's words for this, one a language; none if it isn't in there.
pub fn term_in_all_languages(id: &str) -> Vec<&'static str> {
    ALL_CONCEPTS.iter().find(|concept| concept.id == id).map(|concept| concept.terms.to_vec()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_concept_has_its_words_and_every_note_its_french() {
        assert_eq!(ALL_CONCEPTS.len(), 70);
        for concept in ALL_CONCEPTS.iter() {
            assert!(concept.terms.iter().all(|term| !term.is_empty()), "{concept:?}");
            assert!(matches!(concept.confidence, "high" | "medium"), "{concept:?}");
            assert!(concept.note.as_ref().is_none_or(|note| !note.fr.is_empty()), "{concept:?}");
        }
        let notes = ALL_CONCEPTS.iter().filter(|concept| concept.note.is_some()).count();
        assert_eq!(rows(GLOSSARY_FR).count(), notes);
    }

    #[test]
    fn a_concept_is_found_in_all_languages() {
        let words = term_in_all_languages("shelter");
        assert!(words.contains(&"shelter") && words.contains(&"приют"), "{words:?}");
        assert!(term_in_all_languages("weather").is_empty());
    }
}
