//! The terms as they stand, in memory: what ships, with the corrections that were accepted.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};

use super::{script, store};
use crate::base::db::{AfterCommit, Db, Result, Tx};
use crate::vocabulary::{self, ALL_CONCEPTS, GLOSSARY_LANGUAGES, Words};

/// Something the field works with, and the terms for it.
#[derive(Clone, Debug)]
pub struct Concept {
    /// Its stable name.
    pub id: &'static str,
    /// `high` or `medium`: how sure it is that native speakers of the field say so, of the terms that ship.
    pub confidence: &'static str,
    /// What one should know of it.
    pub note: Option<&'static Words>,
    /// In the order of [`GLOSSARY_LANGUAGES`].
    terms: [Arc<str>; GLOSSARY_LANGUAGES.len()],
    /// When a language's term was last corrected (microseconds).
    changed: BTreeMap<&'static str, i64>,
}

impl Concept {
    fn shipped(concept: &'static vocabulary::Concept) -> Self {
        Self {
            id: concept.id,
            confidence: concept.confidence,
            note: concept.note.as_ref(),
            terms: concept.terms.map(Arc::from),
            changed: BTreeMap::new(),
        }
    }

    /// The term in one of [`GLOSSARY_LANGUAGES`]; `None` if it is none of them.
    pub fn term(&self, language: &str) -> Option<&str> {
        place(language).map(|at| self.terms[at].as_ref())
    }

    /// All terms, each with its language.
    pub fn terms(&self) -> impl Iterator<Item = (&'static str, &str)> {
        GLOSSARY_LANGUAGES.into_iter().zip(self.terms.iter().map(AsRef::as_ref))
    }

    /// The languages whose term editors have corrected.
    pub fn changed(&self) -> impl Iterator<Item = &'static str> {
        self.changed.keys().copied()
    }

    /// When a term was last corrected (microseconds).
    pub fn changed_at(&self) -> Option<i64> {
        self.changed.values().max().copied()
    }

    /// A language's term is another one from then on, in each of its scripts.
    fn change(&mut self, language: &str, term: &str, at: i64) {
        let twin = (language == script::LATIN).then(|| script::cyrillic(term)).flatten();
        for (language, term) in [(language, Some(term)), (script::CYRILLIC, twin.as_deref())] {
            if let (Some(place), Some(term)) = (place(language), term) {
                self.terms[place] = term.into();
                self.changed.insert(GLOSSARY_LANGUAGES[place], at);
            }
        }
    }
}

fn place(language: &str) -> Option<usize> {
    GLOSSARY_LANGUAGES.iter().position(|known| *known == language)
}

/// The glossary as it stands at a moment.
#[derive(Clone, Debug)]
pub struct Terms {
    /// In the order of the vocabulary.
    pub concepts: Vec<Arc<Concept>>,
}

impl Terms {
    /// As it ships, without corrections.
    pub(super) fn shipped() -> Self {
        Self { concepts: ALL_CONCEPTS.iter().map(|concept| Arc::new(Concept::shipped(concept))).collect() }
    }

    /// A concept by its name.
    pub fn find(&self, id: &str) -> Option<&Concept> {
        self.concepts.iter().find(|concept| concept.id == id).map(AsRef::as_ref)
    }

    /// What isn't in the vocabulary any more is passed over.
    fn change(&mut self, change: &Change) {
        if let Some(concept) = self.concepts.iter_mut().find(|concept| concept.id == change.concept) {
            Arc::make_mut(concept).change(&change.language, &change.term, change.at);
        }
    }
}

/// A correction that was accepted.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct Change {
    pub(super) concept: String,
    pub(super) language: String,
    pub(super) term: String,
    pub(super) at: i64,
}

/// The terms as they stand, for whoever works with them. Cheap to clone; all clones see the same.
#[derive(Clone, Debug)]
pub struct Glossary(Arc<RwLock<Arc<Terms>>>);

impl Glossary {
    /// As it ships.
    pub fn shipped() -> Self {
        Self(Arc::new(RwLock::new(Arc::new(Terms::shipped()))))
    }

    /// With what was accepted in this region.
    ///
    /// # Errors
    /// When storage fails.
    pub async fn load(db: &Db) -> Result<Self> {
        let glossary = Self::shipped();
        for change in store::accepted(&mut db.read().await?).await? {
            glossary.change(&change);
        }
        Ok(glossary)
    }

    /// The terms now. Whoever holds them keeps them as they were: another `Arc` is given once a term has changed.
    pub fn terms(&self) -> Arc<Terms> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// A correction holds for everybody once the transaction does.
    pub(super) fn changes(&self, tx: &mut Tx, change: Change) {
        let glossary = self.clone();
        tx.after_commit(move || glossary.change(&change));
    }

    fn change(&self, change: &Change) {
        let mut held = self.0.write().unwrap_or_else(PoisonError::into_inner);
        Arc::make_mut(&mut held).change(change);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(concept: &str, language: &str, term: &str, at: i64) -> Change {
        Change { concept: concept.into(), language: language.into(), term: term.into(), at }
    }

    #[test]
    fn a_correction_is_seen_by_all_and_changes_nothing_that_is_held() {
        let glossary = Glossary::shipped();
        let (other, before) = (glossary.clone(), glossary.terms());
        glossary.change(&change("shelter", "bg", "убежище", 7));
        let (now, was) = (other.terms(), before.find("shelter").expect("a concept"));
        let is = now.find("shelter").expect("a concept");
        assert_eq!((is.term("bg"), is.changed_at()), (Some("убежище"), Some(7)));
        assert_eq!((was.term("bg"), was.changed_at()), (Some("приют"), None));
        assert_eq!((is.term("ro"), is.term("xx")), (was.term("ro"), None));
        assert!(is.changed().eq(["bg"]));
    }

    #[test]
    fn serbian_changes_in_both_scripts() {
        let glossary = Glossary::shipped();
        glossary.change(&change("shelter", "sr-Latn", "prihvatilište", 7));
        let now = glossary.terms();
        let is = now.find("shelter").expect("a concept");
        assert_eq!((is.term("sr-Latn"), is.term("sr-Cyrl")), (Some("prihvatilište"), Some("прихватилиште")));
        assert!(is.changed().eq(["sr-Cyrl", "sr-Latn"]));
        assert!(is.terms().any(|term| term == ("sr-Cyrl", "прихватилиште")));
    }

    #[test]
    fn what_is_in_no_vocabulary_any_more_is_passed_over() {
        let glossary = Glossary::shipped();
        glossary.change(&change("weather", "bg", "време", 7));
        glossary.change(&change("shelter", "de", "Schutzwohnung", 7));
        assert!(glossary.terms().concepts.iter().all(|concept| concept.changed_at().is_none()));
    }
}
