//! The ways in which somebody is confirmed, and when it may be done again.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// Characters of a note at most.
pub(super) const NOTE_MAX: usize = 200;

/// By which way, outside of the platform, it became known who somebody is (vocabulary: `verification` of the functions).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum How {
    /// A call to the institution's public number.
    CalledOfficialNumber,
    /// Met in person, with proof of the function.
    MetInPerson,
    /// A letter or message from the institution's official mailbox.
    OfficialMailbox,
    /// Named on a list that the government or the headquarters has sent.
    OfficialList,
    /// Two members who know this person have vouched.
    Vouched,
    /// Made by the operator on the machine itself.
    #[serde(skip_deserializing)]
    Operator,
}

impl How {
    /// The word in storage.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::CalledOfficialNumber => "called_official_number",
            Self::MetInPerson => "met_in_person",
            Self::OfficialMailbox => "official_mailbox",
            Self::OfficialList => "official_list",
            Self::Vouched => "vouched",
            Self::Operator => "operator",
        }
    }
}

/// A confirmation about to be stored.
pub(super) struct Accreditation {
    /// Who confirmed; `None` for the operator.
    pub(super) by: Option<Uuid>,
    pub(super) how: How,
    pub(super) note: Option<String>,
    /// Microseconds.
    pub(super) until: i64,
}

/// What is to be done about a person's accreditation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum State {
    /// Waits for a second person.
    Pending,
    /// Holds.
    Accredited,
    /// Holds, but not for long.
    Expiring,
    /// Has run out.
    Expired,
}

impl State {
    /// The state at a time, of what is `near` its end for so long (all microseconds).
    pub(super) fn at(now: i64, until: Option<i64>, near: i64) -> Self {
        match until {
            None => Self::Pending,
            Some(until) if until <= now => Self::Expired,
            Some(until) if until - now <= near => Self::Expiring,
            Some(_) => Self::Accredited,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::clock::DAY;

    #[test]
    fn the_state_follows_the_time() {
        let (now, near) = (1_000 * DAY, 30 * DAY);
        assert_eq!(State::at(now, None, near), State::Pending);
        assert_eq!(State::at(now, Some(now), near), State::Expired);
        assert_eq!(State::at(now, Some(now + 1), near), State::Expiring);
        assert_eq!(State::at(now, Some(now + near), near), State::Expiring);
        assert_eq!(State::at(now, Some(now + near + 1), near), State::Accredited);
    }

    #[test]
    fn nobody_can_claim_to_be_the_operator() {
        assert!(serde_json::from_str::<How>("\"operator\"").is_err());
        assert_eq!(serde_json::from_str::<How>("\"vouched\"").expect("a way"), How::Vouched);
    }
}
