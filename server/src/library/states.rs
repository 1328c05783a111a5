//! How far a practice has come, and which way leads on. Pure.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::access::Stage;
use crate::base::clock::DAY;

/// How long a practice stands before it is to be looked at again: 24 months (microseconds).
pub(super) const REVIEW_AFTER: i64 = 730 * DAY;

/// How far a practice has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = PracticeState)]
pub(super) enum State {
    /// Written by its own people.
    Draft,
    /// Handed in.
    Submitted,
    /// Somebody who looks after the library checks data and rights.
    Screening,
    /// Two reviewers read it.
    PeerReview,
    /// Sent back to be improved.
    Revision,
    /// In the library.
    Published,
    /// In the library, and to be looked at again.
    ReviewDue,
    /// Kept for what can be learnt from it.
    Archived,
    /// Taken back, for a reason that stays visible.
    Withdrawn,
}

/// Whose step it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Whose {
    /// Those who answer for it.
    Source,
    /// Those who look after the library, its countries and themes: never of their own.
    Keeper,
    /// Either of them.
    Either,
}

/// A step that can be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Way {
    pub(super) whose: Whose,
    /// Whether one has to say why.
    pub(super) says_why: bool,
}

impl State {
    /// All of them, in their order.
    pub(super) const ALL: [Self; 9] = [
        Self::Draft,
        Self::Submitted,
        Self::Screening,
        Self::PeerReview,
        Self::Revision,
        Self::Published,
        Self::ReviewDue,
        Self::Archived,
        Self::Withdrawn,
    ];

    /// The word in storage and on the wire.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Submitted => "submitted",
            Self::Screening => "screening",
            Self::PeerReview => "peer_review",
            Self::Revision => "revision",
            Self::Published => "published",
            Self::ReviewDue => "review_due",
            Self::Archived => "archived",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// Of a stored word, at a time; what can't be read is a draft, which the fewest see.
    pub(super) fn of(stored: &str, review_due_at: Option<i64>, now: i64) -> Self {
        let state = Self::ALL.into_iter().find(|state| state.as_str() == stored).unwrap_or(Self::Draft);
        if state == Self::Published && review_due_at.is_some_and(|due| due <= now) { Self::ReviewDue } else { state }
    }

    /// Who may know of it.
    pub(super) fn stage(self) -> Stage {
        match self {
            Self::Draft => Stage::Own,
            Self::Submitted | Self::Screening | Self::PeerReview | Self::Revision => Stage::HandedIn,
            Self::Published | Self::ReviewDue | Self::Archived | Self::Withdrawn => Stage::Shared,
        }
    }

    /// Whether it stands in the library as something to follow.
    pub(super) fn stands(self) -> bool {
        matches!(self, Self::Published | Self::ReviewDue)
    }

    /// Whether its words may change without making a version.
    pub(super) fn is_written(self) -> bool {
        matches!(self, Self::Draft | Self::Revision)
    }

    /// The step from here to there; `None`: there is none.
    pub(super) fn way(self, to: Self) -> Option<Way> {
        let (whose, says_why) = match (self, to) {
            (Self::Draft | Self::Revision, Self::Submitted) | (Self::Submitted, Self::Draft) => (Whose::Source, false),
            (Self::Submitted, Self::Screening)
            | (Self::Screening, Self::PeerReview)
            | (Self::PeerReview | Self::ReviewDue, Self::Published) => (Whose::Keeper, false),
            (Self::Screening | Self::PeerReview, Self::Revision) | (Self::Archived, Self::Published) => (Whose::Keeper, true),
            (Self::Published | Self::ReviewDue, Self::Archived)
            | (Self::Published | Self::ReviewDue | Self::Archived, Self::Withdrawn) => (Whose::Either, true),
            _ => return None,
        };
        Some(Way { whose, says_why })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_review_is_due_by_the_clock() {
        let at = |now| State::of("published", Some(REVIEW_AFTER), now);
        assert_eq!([at(0), at(REVIEW_AFTER - 1)], [State::Published; 2]);
        assert_eq!([at(REVIEW_AFTER), at(i64::MAX)], [State::ReviewDue; 2]);
        assert_eq!(State::of("archived", Some(1), 2), State::Archived);
        assert_eq!(State::of("unheard of", None, 0), State::Draft);
        for state in State::ALL {
            assert_eq!(State::of(state.as_str(), None, 0), state);
        }
    }

    #[test]
    fn nothing_comes_into_the_library_but_by_peer_review() {
        let leads = |to: State| State::ALL.into_iter().filter(|from| from.way(to).is_some()).collect::<Vec<_>>();
        assert_eq!(leads(State::PeerReview), [State::Screening]);
        assert_eq!(leads(State::Screening), [State::Submitted]);
        assert_eq!(leads(State::Published), [State::PeerReview, State::ReviewDue, State::Archived]);
        for from in leads(State::Published) {
            assert_eq!(from.way(State::Published).map(|way| way.whose), Some(Whose::Keeper), "{from:?}");
        }
        assert!(leads(State::ReviewDue).is_empty(), "the clock alone");
    }

    #[test]
    fn what_was_taken_back_stays_so_and_says_why() {
        assert!(State::ALL.into_iter().all(|to| State::Withdrawn.way(to).is_none()));
        for from in [State::Published, State::ReviewDue, State::Archived] {
            assert_eq!(from.way(State::Withdrawn), Some(Way { whose: Whose::Either, says_why: true }));
        }
        for (from, to) in [(State::Screening, State::Revision), (State::PeerReview, State::Revision)] {
            assert_eq!(from.way(to), Some(Way { whose: Whose::Keeper, says_why: true }));
        }
    }

    #[test]
    fn only_its_own_people_see_a_draft_and_everybody_what_was_ever_shared() {
        let stages = State::ALL.map(State::stage);
        assert_eq!(stages[0], Stage::Own);
        assert!(stages[1..5].iter().all(|stage| *stage == Stage::HandedIn));
        assert!(stages[5..].iter().all(|stage| *stage == Stage::Shared));
    }
}
