//! The states of a referral, its steps and its clocks: pure.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::access::ReferralSide;
use crate::base::clock::{DAY, HOUR};

/// What nobody answers for so long expires: so does a draft that nobody goes on with, and a yes that nobody makes use of
/// (microseconds). Nothing expires once a child is on the way.
pub(super) const UNANSWERED: i64 = 14 * DAY;
/// Hours after the hand-over within which the receiver says that the child has arrived, when nothing else is agreed.
pub(super) const ARRIVAL_HOURS: i64 = 48;
/// The hours that can be agreed: one day to two weeks.
pub(super) const ARRIVAL_LIMITS: std::ops::RangeInclusive<i64> = 24..=(14 * 24);
/// How long a referral is kept that is over (microseconds): long enough to answer for it, then it is erased for good.
pub(super) const KEPT_FOR: i64 = 90 * DAY;
/// How long the approval of a second person holds (microseconds; threat model, control 15).
pub(super) const APPROVAL_HOLDS: i64 = DAY;

/// How far a referral has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ReferralState)]
pub(super) enum State {
    /// For the sender's people alone.
    Draft,
    /// The receiver has it.
    Sent,
    /// The receiver has seen it.
    Acknowledged,
    /// The receiver has asked something.
    InfoRequested,
    /// The sender has answered.
    InfoGiven,
    /// The receiver takes the child on.
    Accepted,
    /// The receiver doesn't, and has said why.
    Declined,
    /// The child is on the way, and who the child is travels elsewhere.
    HandedOver,
    /// The child has arrived.
    InService,
    /// What the child was referred for is done.
    Completed,
    /// The sender has taken it back.
    Revoked,
    /// Nobody has answered in time.
    Expired,
}

impl State {
    pub(super) const ALL: [Self; 12] = [
        Self::Draft,
        Self::Sent,
        Self::Acknowledged,
        Self::InfoRequested,
        Self::InfoGiven,
        Self::Accepted,
        Self::Declined,
        Self::HandedOver,
        Self::InService,
        Self::Completed,
        Self::Revoked,
        Self::Expired,
    ];

    /// The word in storage.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Sent => "sent",
            Self::Acknowledged => "acknowledged",
            Self::InfoRequested => "info_requested",
            Self::InfoGiven => "info_given",
            Self::Accepted => "accepted",
            Self::Declined => "declined",
            Self::HandedOver => "handed_over",
            Self::InService => "in_service",
            Self::Completed => "completed",
            Self::Revoked => "revoked",
            Self::Expired => "expired",
        }
    }

    /// Of a stored word; what is none is over.
    pub(super) fn of(stored: &str) -> Self {
        Self::ALL.into_iter().find(|state| state.as_str() == stored).unwrap_or(Self::Expired)
    }

    /// Whether something can still become of it.
    pub(super) fn is_open(self) -> bool {
        !matches!(self, Self::Declined | Self::Completed | Self::Revoked | Self::Expired)
    }

    /// Whether the receiving side knows of it: not before it was sent, not once it was taken back or has run out.
    pub(super) fn reaches(self) -> bool {
        !matches!(self, Self::Draft | Self::Revoked | Self::Expired)
    }

    /// Whether it runs out when nothing happens.
    pub(super) fn runs_out(self) -> bool {
        self.is_open() && !matches!(self, Self::HandedOver | Self::InService)
    }

    /// When it expires, last changed then; `None`: it doesn't.
    pub(super) fn waits_until(self, changed_at: i64) -> Option<i64> {
        self.runs_out().then_some(changed_at + UNANSWERED)
    }
}

/// A step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ReferralAct)]
pub(super) enum Act {
    /// Let the receiver have it.
    Send,
    /// Say that it was seen.
    Acknowledge,
    /// Ask something.
    Ask,
    /// Answer.
    Answer,
    /// Take the child on.
    Accept,
    /// Don't, and say why.
    Decline,
    /// Say that the child is on the way, and who it is by the channel that was named.
    HandOver,
    /// Say that the child has arrived.
    Arrive,
    /// Say that it is done.
    Complete,
    /// Take it back.
    Revoke,
}

impl Act {
    pub(super) const ALL: [Self; 10] = [
        Self::Send,
        Self::Acknowledge,
        Self::Ask,
        Self::Answer,
        Self::Accept,
        Self::Decline,
        Self::HandOver,
        Self::Arrive,
        Self::Complete,
        Self::Revoke,
    ];

    /// The word, also in the record.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Send => "send",
            Self::Acknowledge => "acknowledge",
            Self::Ask => "ask",
            Self::Answer => "answer",
            Self::Accept => "accept",
            Self::Decline => "decline",
            Self::HandOver => "hand_over",
            Self::Arrive => "arrive",
            Self::Complete => "complete",
            Self::Revoke => "revoke",
        }
    }

    /// How the record calls it.
    pub(super) fn in_record(self) -> &'static str {
        match self {
            Self::Send => "referral.send",
            Self::Acknowledge => "referral.acknowledge",
            Self::Ask => "referral.ask",
            Self::Answer => "referral.answer",
            Self::Accept => "referral.accept",
            Self::Decline => "referral.decline",
            Self::HandOver => "referral.hand_over",
            Self::Arrive => "referral.arrive",
            Self::Complete => "referral.complete",
            Self::Revoke => "referral.revoke",
        }
    }

    /// Whether nothing of this kind is said without words.
    pub(super) fn asks_for_words(self) -> bool {
        matches!(self, Self::Ask | Self::Answer | Self::Revoke)
    }

    /// Whose step it is.
    pub(super) fn side(self) -> ReferralSide {
        match self {
            Self::Send | Self::Answer | Self::HandOver | Self::Revoke => ReferralSide::Sender,
            Self::Acknowledge | Self::Ask | Self::Accept | Self::Decline | Self::Arrive | Self::Complete => {
                ReferralSide::Receiver
            }
        }
    }
}

/// Where a step of its own side leads from a state; `None`: there is no such step from there.
pub(super) fn step(from: State, act: Act) -> Option<State> {
    match (from, act) {
        (State::Draft, Act::Send) => Some(State::Sent),
        (State::Sent, Act::Acknowledge) => Some(State::Acknowledged),
        (State::Acknowledged | State::InfoGiven, Act::Ask) => Some(State::InfoRequested),
        (State::InfoRequested, Act::Answer) => Some(State::InfoGiven),
        (State::Acknowledged | State::InfoGiven, Act::Accept) => Some(State::Accepted),
        (State::Acknowledged | State::InfoRequested | State::InfoGiven, Act::Decline) => Some(State::Declined),
        (State::Accepted, Act::HandOver) => Some(State::HandedOver),
        (State::HandedOver, Act::Arrive) => Some(State::InService),
        (State::InService, Act::Complete) => Some(State::Completed),
        (from, Act::Revoke) if from.is_open() => Some(State::Revoked),
        _ => None,
    }
}

/// Where the clock leads from a state that was last changed then.
pub(super) fn expires(from: State, changed_at: i64, now: i64) -> Option<State> {
    from.waits_until(changed_at).filter(|until| *until <= now).map(|_| State::Expired)
}

/// The steps that somebody on this side can take, the right one next first; taking back comes last.
pub(super) fn next_acts(from: State, side: ReferralSide) -> Vec<Act> {
    let mut acts: Vec<Act> = Act::ALL.into_iter().filter(|act| act.side() == side && step(from, *act).is_some()).collect();
    // Whoever has read it and is content says yes; asking and saying no stand beside that.
    acts.sort_by_key(|act| matches!(act, Act::Ask | Act::Decline | Act::Revoke));
    acts
}

/// By when the receiver says that the child has arrived (microseconds).
pub(super) fn arrival_due(handed_over_at: i64, hours: i64) -> i64 {
    handed_over_at + hours * HOUR
}

/// Why somebody doesn't take a child on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ReferralDecline)]
pub(super) enum Decline {
    /// There is no place.
    NoCapacity,
    /// It is for somebody else, who is named.
    NotCompetent,
    /// The child would not be safe there.
    Unsafe,
    /// The child doesn't want it.
    ChildRefuses,
    /// It isn't best for the child.
    NotBestInterests,
    /// Too little is known to say yes.
    InformationMissing,
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every state, act and side: what isn't in this table doesn't exist.
    #[test]
    fn every_step_is_one_of_these() {
        let mut found = Vec::new();
        for from in State::ALL {
            for act in Act::ALL {
                for side in [ReferralSide::Sender, ReferralSide::Receiver] {
                    let to = (act.side() == side).then(|| step(from, act)).flatten();
                    assert_eq!(next_acts(from, side).contains(&act), to.is_some(), "{from:?} {act:?} {side:?}");
                    if let Some(to) = to {
                        found.push(format!("{} {side:?} {} {}", from.as_str(), act.as_str(), to.as_str()).to_lowercase());
                    }
                }
            }
        }
        assert_eq!(
            found,
            [
                "draft sender send sent",
                "draft sender revoke revoked",
                "sent receiver acknowledge acknowledged",
                "sent sender revoke revoked",
                "acknowledged receiver ask info_requested",
                "acknowledged receiver accept accepted",
                "acknowledged receiver decline declined",
                "acknowledged sender revoke revoked",
                "info_requested sender answer info_given",
                "info_requested receiver decline declined",
                "info_requested sender revoke revoked",
                "info_given receiver ask info_requested",
                "info_given receiver accept accepted",
                "info_given receiver decline declined",
                "info_given sender revoke revoked",
                "accepted sender hand_over handed_over",
                "accepted sender revoke revoked",
                "handed_over receiver arrive in_service",
                "handed_over sender revoke revoked",
                "in_service receiver complete completed",
                "in_service sender revoke revoked",
            ]
        );
    }

    #[test]
    fn what_is_over_stays_over() {
        for from in State::ALL.into_iter().filter(|state| !state.is_open()) {
            assert!(Act::ALL.into_iter().all(|act| step(from, act).is_none()), "{from:?}");
            assert_eq!(expires(from, 0, i64::MAX), None, "{from:?}");
        }
    }

    #[test]
    fn what_nobody_answers_expires_but_no_child_on_the_way_does() {
        let running_out: Vec<_> = State::ALL.into_iter().filter(|state| state.runs_out()).map(State::as_str).collect();
        assert_eq!(running_out, ["draft", "sent", "acknowledged", "info_requested", "info_given", "accepted"]);
        assert_eq!(expires(State::Sent, DAY, DAY + UNANSWERED), Some(State::Expired));
        assert_eq!(expires(State::Sent, DAY, DAY + UNANSWERED - 1), None);
        assert_eq!(expires(State::HandedOver, 0, i64::MAX), None);
        assert_eq!(State::InService.waits_until(0), None);
    }

    #[test]
    fn the_receiver_knows_of_what_was_sent_and_not_taken_back() {
        let hidden: Vec<_> = State::ALL.into_iter().filter(|state| !state.reaches()).map(State::as_str).collect();
        assert_eq!(hidden, ["draft", "revoked", "expired"]);
    }

    #[test]
    fn the_right_step_comes_first_and_taking_back_last() {
        assert_eq!(next_acts(State::Acknowledged, ReferralSide::Receiver), [Act::Accept, Act::Ask, Act::Decline]);
        assert_eq!(next_acts(State::Accepted, ReferralSide::Sender), [Act::HandOver, Act::Revoke]);
        assert_eq!(next_acts(State::Sent, ReferralSide::Sender), [Act::Revoke]);
        assert!(next_acts(State::InfoRequested, ReferralSide::Sender).starts_with(&[Act::Answer]));
    }

    #[test]
    fn an_arrival_is_due_two_days_after_the_hand_over_or_as_agreed() {
        assert_eq!(arrival_due(HOUR, ARRIVAL_HOURS), 49 * HOUR);
        assert!(ARRIVAL_LIMITS.contains(&24) && ARRIVAL_LIMITS.contains(&336) && !ARRIVAL_LIMITS.contains(&23));
    }

    #[test]
    fn the_words_of_storage_read_back() {
        for state in State::ALL {
            assert_eq!(State::of(state.as_str()), state);
        }
        assert_eq!(State::of("lost"), State::Expired);
    }
}
