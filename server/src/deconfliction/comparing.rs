//! Comparing values that nobody shows: how far it has come, and who may do what next. Pure. What happens with the values happens in
//! the two browsers (`docs/decisions/0028-cards-and-matching.md`).

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::base::clock::DAY;
use crate::base::text;

/// Values of who asks: with fewer a hit would name the value, with more it would be fishing.
pub(super) const ASKED: std::ops::RangeInclusive<usize> = 5..=20;
/// Values of who answers.
pub(super) const OWN: std::ops::RangeInclusive<usize> = 1..=5_000;
/// Comparisons that two organisations may begin with each other in [`MONTH`].
pub(super) const A_MONTH: i64 = 5;
/// A month (microseconds).
pub(super) const MONTH: i64 = 30 * DAY;
/// For how long a comparison waits for its other side (microseconds); the blinded points go with it.
pub(super) const WAITS_FOR: i64 = 3 * DAY;
/// For how long it is remembered who compared with whom, on which grounds (microseconds).
pub(super) const KEPT_FOR: i64 = 365 * DAY;
/// Characters of a file number.
const NUMBER: std::ops::RangeInclusive<usize> = 3..=40;
/// What a comparison can rest on.
pub(super) const BASES: [&str; 6] = [
    "criminal_procedure",
    "directive_2023_977",
    "convention_1959",
    "palermo_protocol",
    "council_of_europe_197",
    "police_agreement",
];

/// How far a comparison has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = MatchingState)]
pub(super) enum State {
    /// It waits for the other organisation.
    Asked,
    /// It waits for who asked to open it, in the same tab.
    Answered,
    /// There is a result.
    Done,
    /// One of the two has stopped it.
    Stopped,
    /// Nobody went on with it.
    Expired,
}

impl State {
    const ALL: [Self; 5] = [Self::Asked, Self::Answered, Self::Done, Self::Stopped, Self::Expired];

    /// The word in storage.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Asked => "asked",
            Self::Answered => "answered",
            Self::Done => "done",
            Self::Stopped => "stopped",
            Self::Expired => "expired",
        }
    }

    /// Of a stored word.
    pub(super) fn of(stored: &str) -> Self {
        Self::ALL.into_iter().find(|state| state.as_str() == stored).unwrap_or(Self::Expired)
    }
}

/// On which grounds values are compared.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = MatchingGrounds)]
pub(super) struct Grounds {
    /// The number of the file of who asks: letters, digits, and what stands between them.
    pub(super) file_number: String,
    /// A code of the desk's list.
    pub(super) basis: String,
}

impl Grounds {
    /// Looks at them.
    ///
    /// # Errors
    /// A problem's code.
    pub(super) fn checked(self) -> Result<Self, &'static str> {
        let file_number = text::line(&self.file_number, *NUMBER.end()).ok_or("matching_file_number")?;
        let fits = |c: char| c.is_alphanumeric() || matches!(c, '/' | '-' | '.' | ' ' | '_');
        let digits = file_number.chars().any(char::is_numeric);
        if file_number.chars().count() < *NUMBER.start() || !digits || !file_number.chars().all(fits) {
            return Err("matching_file_number");
        }
        if !BASES.contains(&self.basis.as_str()) {
            return Err("matching_basis");
        }
        Ok(Self { file_number, basis: self.basis })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_compared_without_a_file_and_a_basis() {
        let checked = |number: &str, basis: &str| Grounds { file_number: number.into(), basis: basis.into() }.checked().map(drop);
        assert_eq!(checked("1234/P/2026", "criminal_procedure"), Ok(()));
        assert_eq!(checked("ΑΒΜ Γ-12/2026", "convention_1959"), Ok(()));
        for bad in ["", "12", "no number", "12; select", "a@b.example 1"] {
            assert_eq!(checked(bad, "criminal_procedure"), Err("matching_file_number"), "{bad}");
        }
        assert_eq!(checked("1234/P/2026", "curiosity"), Err("matching_basis"));
    }

    #[test]
    fn the_words_of_storage_read_back() {
        for state in State::ALL {
            assert_eq!(State::of(state.as_str()), state);
        }
    }
}
