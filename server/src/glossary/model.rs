//! What may be proposed: pure rules.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::script;
use super::terms::Concept;
use crate::base::text;

/// Characters of a term at most.
pub(super) const TERM_MAX: usize = 120;
/// Characters of a reason or a note at most.
pub(super) const REASON_MAX: usize = 500;
/// What one person can have proposed at a time.
pub(super) const OPEN_MAX: i64 = 20;

/// What somebody proposes.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[schema(as = NewGlossaryProposal)]
pub(super) struct Wish {
    /// One of the glossary's languages. `sr-Cyrl` follows `sr-Latn` and can't be proposed for.
    pub(super) language: String,
    /// The term that should stand: a line of at most 120 characters, in the language's script.
    pub(super) term: String,
    /// Why: a line of at most 500 characters. Everybody may read it.
    pub(super) reason: String,
}

/// What may be proposed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Checked {
    pub(super) language: String,
    /// The term that stands now.
    pub(super) before: String,
    pub(super) term: String,
    pub(super) reason: String,
}

impl Wish {
    /// Looks at it beside what stands.
    ///
    /// # Errors
    /// A problem's code.
    pub(super) fn checked(self, stands: &Concept) -> Result<Checked, &'static str> {
        if self.language == script::CYRILLIC {
            return Err("glossary_follows_latin");
        }
        let before = stands.term(&self.language).ok_or("glossary_language_unknown")?.to_owned();
        let term = text::line(&self.term, TERM_MAX).ok_or("glossary_term_invalid")?;
        if !script::fits(&self.language, &term) {
            return Err("glossary_script_wrong");
        }
        if term == before {
            return Err("glossary_term_stands");
        }
        Ok(Checked { language: self.language, before, term, reason: reason(&self.reason)? })
    }
}

/// Why somebody proposes or refuses something.
///
/// # Errors
/// A problem's code.
pub(super) fn reason(text: &str) -> Result<String, &'static str> {
    if text.trim().is_empty() {
        return Err("reason_missing");
    }
    text::line(text, REASON_MAX).ok_or("note_invalid")
}

/// Where a proposal stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = GlossaryState)]
pub(super) enum State {
    /// For an editor to decide.
    Open,
    /// It holds, or has held until the next one.
    Accepted,
    /// An editor has said no, or accepted another proposal for the same term.
    Refused,
}

impl State {
    /// The word in storage.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Accepted => "accepted",
            Self::Refused => "refused",
        }
    }

    /// Of a stored word.
    pub(super) fn of(stored: &str) -> Self {
        match stored {
            "accepted" => Self::Accepted,
            "refused" => Self::Refused,
            _ => Self::Open,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::terms::Terms;
    use super::*;

    fn checked(language: &str, term: &str, reason: &str) -> Result<Checked, &'static str> {
        let wish = Wish { language: language.into(), term: term.into(), reason: reason.into() };
        wish.checked(Terms::shipped().find("shelter").expect("a concept"))
    }

    #[test]
    fn what_is_proposed_is_a_line_in_its_script_with_a_reason() {
        let proposal = checked("bg", "  защитено \n жилище ", "so says the law").expect("a proposal");
        assert_eq!((proposal.before.as_str(), proposal.term.as_str()), ("приют", "защитено жилище"));
        for (language, term, reason, code) in [
            ("de", "Schutzwohnung", "why", "glossary_language_unknown"),
            ("sr-Cyrl", "прихватилиште", "why", "glossary_follows_latin"),
            ("bg", "", "why", "glossary_term_invalid"),
            ("bg", "дом\u{202E}", "why", "glossary_term_invalid"),
            ("bg", "priyut", "why", "glossary_script_wrong"),
            ("sr-Latn", "прихватилиште", "why", "glossary_script_wrong"),
            ("bg", " приют ", "why", "glossary_term_stands"),
            ("bg", "убежище", " \n ", "reason_missing"),
            ("bg", "убежище", "\u{7}", "note_invalid"),
        ] {
            assert_eq!(checked(language, term, reason), Err(code), "{language} {term} {reason}");
        }
    }

    #[test]
    fn limits_are_kept_to_the_sign() {
        let (word, why) = ("д".repeat(TERM_MAX), "w".repeat(REASON_MAX));
        assert!(checked("bg", &word, &why).is_ok());
        assert_eq!(checked("bg", &format!("{word}д"), &why), Err("glossary_term_invalid"));
        assert_eq!(checked("bg", &word, &format!("{why}w")), Err("note_invalid"));
    }

    #[test]
    fn states_are_the_words_of_storage() {
        for state in [State::Open, State::Accepted, State::Refused] {
            assert_eq!(State::of(state.as_str()), state);
        }
    }
}
