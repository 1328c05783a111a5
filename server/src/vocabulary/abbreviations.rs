//! Abbreviations of the field, spelled out. None is made up: each names where its words come from.

use std::sync::LazyLock;

use serde::Serialize;
use utoipa::ToSchema;

use super::{GLOSSARY, ROLES, Words, rows};

const ABBREVIATIONS: &str = include_str!("../../vocabulary/abbreviations.tsv");

/// An abbreviation and what it stands for.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Abbreviation {
    /// The ways it is written, the usual one first; a language has its own at times.
    pub forms: Vec<String>,
    /// Spelled out.
    pub term: Words,
    /// What one should know of it.
    pub note: Option<Words>,
    /// Where the words come from.
    pub source: String,
}

/// The abbreviations, in the order of the vocabulary.
pub static ALL_ABBREVIATIONS: LazyLock<Vec<Abbreviation>> =
    LazyLock::new(|| rows(ABBREVIATIONS).filter_map(|row| abbreviation(&row)).collect());

/// The words of `roles:CODE` and `glossary:id` are those of the vocabulary's tables; others stand in the row itself.
fn abbreviation(row: &dyn Fn(&str) -> &'static str) -> Option<Abbreviation> {
    let source = row("source");
    let (term, source) = match source.split_once(':') {
        Some(("roles", code)) => (looked_up(ROLES, "code", code, "name_en", "name_fr")?, "vocabulary".into()),
        Some(("glossary", id)) => (looked_up(GLOSSARY, "id", id, "en", "fr")?, "glossary".into()),
        _ => (Words::new(row("term_en"), row("term_fr")), source.to_owned()),
    };
    let note = Words::new(row("note_en"), row("note_fr"));
    Some(Abbreviation {
        forms: row("forms").split('|').map(ToOwned::to_owned).collect(),
        term,
        note: (note.en != "-").then_some(note),
        source,
    })
}

fn looked_up(table: &'static str, key: &str, value: &str, en: &str, fr: &str) -> Option<Words> {
    let found = rows(table).find(|row| row(key) == value)?;
    Some(Words::new(found(en), found(fr)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(form: &str) -> &'static Abbreviation {
        ALL_ABBREVIATIONS.iter().find(|each| each.forms.iter().any(|known| known == form)).expect("an abbreviation")
    }

    #[test]
    fn every_row_finds_its_words() {
        assert_eq!(ALL_ABBREVIATIONS.len(), rows(ABBREVIATIONS).count());
        for each in ALL_ABBREVIATIONS.iter() {
            assert!(each.term.en.len() > 3 && each.term.fr.len() > 3 && !each.source.is_empty(), "{each:?}");
            assert!(each.note.as_ref().is_none_or(|note| note.fr.len() > 3), "{each:?}");
        }
    }

    #[test]
    fn the_founders_functions_are_known_by_their_letters() {
        for form in ["SA THB", "RARC", "AIS", "ARIS", "ML", "LM", "LOI", "CCAS", "NRM", "TRM", "BIA", "BID", "MLA", "JIT"] {
            assert!(!of(form).term.en.is_empty());
        }
        assert_eq!(of("RARC").term.fr, "Attaché régional pour les droits de l'enfant");
        assert_eq!(of("MNO").term.fr, "mécanisme national d'orientation");
    }

    #[test]
    fn a_form_stands_for_one_thing_and_is_written_in_capitals() {
        let mut forms: Vec<&str> = ALL_ABBREVIATIONS.iter().flat_map(|each| &each.forms).map(String::as_str).collect();
        assert!(forms.iter().all(|form| form.chars().all(|c| c.is_ascii_uppercase() || c == ' ' || c == '-')), "{forms:?}");
        let all = forms.len();
        forms.sort_unstable();
        forms.dedup();
        assert_eq!(forms.len(), all);
    }
}
