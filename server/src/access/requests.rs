//! Who may do what with a coordination request. It belongs to two organisations: those who answer for one of them, and those who
//! are named on it, know of it; nobody else does, whatever powers they hold.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::handling::RED;
use super::{Actor, Decision, Role, Scope};

/// How far a request has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RequestState {
    /// For its own organisation alone.
    Draft,
    /// A second person of the asking organisation has looked through it.
    Screened,
    /// Sent; the clock runs.
    Sent,
    /// Somebody of the asked organisation has it in hand.
    Acknowledged,
    /// Something must be explained first; the clock stands still.
    Clarifying,
    /// Answered.
    Answered,
    /// It goes on in a channel made for it; one side has noted the reference.
    FormalChannelOpened,
    /// Over.
    Closed,
}

impl RequestState {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Draft,
        Self::Screened,
        Self::Sent,
        Self::Acknowledged,
        Self::Clarifying,
        Self::Answered,
        Self::FormalChannelOpened,
        Self::Closed,
    ];

    /// The word in storage.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Screened => "screened",
            Self::Sent => "sent",
            Self::Acknowledged => "acknowledged",
            Self::Clarifying => "clarifying",
            Self::Answered => "answered",
            Self::FormalChannelOpened => "formal_channel_opened",
            Self::Closed => "closed",
        }
    }

    /// Of a stored word. What can't be read is for its own organisation alone.
    pub fn of(stored: &str) -> Self {
        Self::ALL.into_iter().find(|state| state.as_str() == stored).unwrap_or(Self::Draft)
    }

    /// Whether the asked organisation knows of it.
    pub fn is_sent(self) -> bool {
        !matches!(self, Self::Draft | Self::Screened)
    }

    /// Whether this can be done with a request that has come so far.
    pub fn takes(self, action: RequestAction) -> bool {
        use RequestAction as A;
        match action {
            A::Read => true,
            A::Change | A::Send => !self.is_sent(),
            A::Screen => self == Self::Draft,
            A::Acknowledge => self == Self::Sent,
            A::Ask => self == Self::Acknowledged,
            A::Explain => self == Self::Clarifying,
            A::Answer => matches!(self, Self::Acknowledged | Self::Clarifying),
            A::HandOver => matches!(self, Self::Sent | Self::Acknowledged | Self::Clarifying),
            A::Note => matches!(self, Self::Answered | Self::FormalChannelOpened),
            A::Forward => matches!(self, Self::Answered | Self::Closed),
            A::Close => self.is_sent() && self != Self::Closed,
        }
    }
}

/// What somebody wants to do with a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RequestAction {
    /// Read it, and know that there is one.
    Read,
    /// Change a draft, throw it away, name who is to look through it.
    Change,
    /// Look through a draft as a second person.
    Screen,
    /// Send it.
    Send,
    /// Say that it has arrived and who has it in hand.
    Acknowledge,
    /// Give it into the hands of a colleague.
    HandOver,
    /// Ask back.
    Ask,
    /// Explain what was asked back.
    Explain,
    /// Answer it.
    Answer,
    /// Note the reference of the channel in which it goes on.
    Note,
    /// Ask the organisation that was named as the competent one.
    Forward,
    /// Close it, or take it back.
    Close,
}

impl RequestAction {
    /// All but reading.
    pub const STEPS: [Self; 11] = [
        Self::Change,
        Self::Screen,
        Self::Send,
        Self::Acknowledge,
        Self::HandOver,
        Self::Ask,
        Self::Explain,
        Self::Answer,
        Self::Note,
        Self::Forward,
        Self::Close,
    ];
}

/// One of the two organisations of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RequestSide {
    /// The one that asks.
    Asker,
    /// The one that is asked.
    Asked,
}

impl RequestSide {
    /// The word in storage.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Asker => "asker",
            Self::Asked => "asked",
        }
    }
}

/// What the rules must know of a request.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// The organisation that asks.
    pub asker: Uuid,
    /// The organisation that is asked.
    pub asked: Uuid,
    /// Who asks.
    pub author: Uuid,
    /// Who was named to look through it.
    pub screener: Option<Uuid>,
    /// Who has it in hand at the asked organisation.
    pub handler: Option<Uuid>,
    /// Its marking.
    pub marking: &'a str,
    /// How far it has come.
    pub state: RequestState,
}

/// On whose side of a request somebody stands; `None` for those who may not know of it. Nobody stands on both.
pub fn side_of(actor: &Actor, request: &Request<'_>) -> Option<RequestSide> {
    if !actor.is_confirmed() {
        return None;
    }
    let (me, red) = (actor.account, request.marking == RED);
    let named = request.author == me || request.screener == Some(me);
    if speaks_for(actor, request.asker) && (named || answers_for(actor, request.asker) && !red) {
        return Some(RequestSide::Asker);
    }
    // What is RED is for those who were named (TLP 2.0): until somebody has it in hand, for those who may name them.
    let (held, free) = (request.handler == Some(me), !red || request.handler.is_none());
    let asked = speaks_for(actor, request.asked) && (held || answers_for(actor, request.asked) && free);
    (asked && request.state.is_sent()).then_some(RequestSide::Asked)
}

/// Decides about an act with a request, whatever state it is in ([`RequestState::takes`]).
pub fn may_with_request(actor: &Actor, action: RequestAction, request: &Request<'_>) -> Decision {
    use RequestAction as A;
    let Some(side) = side_of(actor, request) else { return Decision::Hide };
    let mine = request.author == actor.account;
    // Who only looks through it has no other part in it.
    let asks = side == RequestSide::Asker && (mine || answers_for(actor, request.asker));
    let answers = side == RequestSide::Asked;
    let allowed = match action {
        A::Read => true,
        A::Change => mine && side == RequestSide::Asker,
        A::Screen if mine => return Decision::Forbid("own_item"),
        A::Screen => side == RequestSide::Asker,
        A::Send | A::Explain | A::Forward | A::Close => asks,
        A::Acknowledge | A::HandOver | A::Ask | A::Answer => answers,
        A::Note => asks || answers,
    };
    if allowed { Decision::Allow } else { Decision::Forbid("forbidden") }
}

/// Whether somebody may ask in the name of an organisation of a kind that sends requests (`sends`).
pub fn may_request(actor: &Actor, organisation: Uuid, sends: bool) -> bool {
    actor.is_confirmed() && sends && speaks_for(actor, organisation)
}

/// Whether the words of a request between two organisations may go on to a third one: what was said between law enforcement
/// (`led`: each works under Directive (EU) 2016/680) stays there.
pub fn stays_within_walls(asker_led: bool, asked_led: bool, next_led: bool) -> bool {
    !(asker_led && asked_led) || next_led
}

/// Whether figures of requests between organisations of these regimes are for somebody whose organisation works under this one:
/// who isn't law enforcement learns nothing of what passes between law enforcement, not even how much.
pub fn counts_for(reader_led: bool, asker_led: bool, asked_led: bool) -> bool {
    reader_led || !(asker_led && asked_led)
}

fn speaks_for(actor: &Actor, organisation: Uuid) -> bool {
    actor.organisation == Some(organisation) || answers_for(actor, organisation)
}

fn answers_for(actor: &Actor, organisation: Uuid) -> bool {
    actor.grants.contains(&(Role::FocalPoint, Scope::Organisation(organisation)))
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::super::Vetting;
    use super::*;

    const ME: Uuid = Uuid::from_u128(1);
    const OTHER: Uuid = Uuid::from_u128(2);
    const ASKER: Uuid = Uuid::from_u128(3);
    const ASKED: Uuid = Uuid::from_u128(4);
    const OUT: Decision = Decision::Forbid("forbidden");

    fn person(organisation: Option<Uuid>, focal: Option<Uuid>) -> Actor {
        Actor {
            account: ME,
            name: "Ana".into(),
            country: None,
            organisation,
            vetting: Vetting::Accredited(1),
            grants: focal.map(|id| (Role::FocalPoint, Scope::Organisation(id))).into_iter().collect(),
            channels: HashSet::new(),
            mutes: Vec::new(),
        }
    }

    fn request(state: RequestState) -> Request<'static> {
        Request { asker: ASKER, asked: ASKED, author: OTHER, screener: None, handler: None, marking: "amber", state }
    }

    #[test]
    fn nobody_but_those_who_answer_and_those_who_are_named_knows_of_it() {
        let sent = request(RequestState::Sent);
        let mut powerful = person(Some(Uuid::from_u128(9)), None);
        powerful.grants = [Role::Administrator, Role::Moderator, Role::Auditor, Role::DataProtection, Role::Editor]
            .map(|role| (role, Scope::Region))
            .into();
        for (actor, side) in [
            (powerful, None),
            (person(Some(ASKER), None), None),
            (person(Some(ASKED), None), None),
            (person(None, None), None),
            (person(None, Some(ASKER)), Some(RequestSide::Asker)),
            (person(Some(ASKED), Some(ASKED)), Some(RequestSide::Asked)),
        ] {
            assert_eq!(side_of(&actor, &sent), side, "{actor:?}");
            let found = may_with_request(&actor, RequestAction::Read, &sent);
            assert_eq!(found, side.map_or(Decision::Hide, |_| Decision::Allow));
        }
        let pending = Actor { vetting: Vetting::Pending, ..person(Some(ASKED), Some(ASKED)) };
        assert_eq!(side_of(&pending, &sent), None);
    }

    #[test]
    fn who_is_named_knows_of_it_while_they_work_there() {
        let [mine, screens, handles] = [(ME, None, None), (OTHER, Some(ME), None), (OTHER, None, Some(ME))]
            .map(|(author, screener, handler)| Request { author, screener, handler, ..request(RequestState::Sent) });
        let (colleague, theirs, stranger) = (person(Some(ASKER), None), person(Some(ASKED), None), person(None, None));
        assert_eq!([&mine, &screens].map(|r| side_of(&colleague, r)), [Some(RequestSide::Asker); 2]);
        assert_eq!(side_of(&theirs, &handles), Some(RequestSide::Asked));
        assert_eq!([&mine, &screens, &handles].map(|r| side_of(&stranger, r)), [None; 3]);
        assert_eq!((side_of(&theirs, &mine), side_of(&colleague, &handles)), (None, None));
    }

    #[test]
    fn the_asked_organisation_knows_nothing_of_drafts() {
        for state in RequestState::ALL {
            assert_eq!(side_of(&person(None, Some(ASKED)), &request(state)).is_some(), state.is_sent(), "{state:?}");
            assert!(side_of(&person(None, Some(ASKER)), &request(state)).is_some());
        }
    }

    #[test]
    fn what_is_red_is_for_those_who_are_named() {
        let red = Request { marking: RED, ..request(RequestState::Sent) };
        let held = Request { handler: Some(OTHER), ..red };
        assert_eq!(side_of(&person(None, Some(ASKER)), &red), None);
        assert_eq!(side_of(&person(None, Some(ASKED)), &red), Some(RequestSide::Asked), "somebody must take it");
        assert_eq!(side_of(&person(None, Some(ASKED)), &held), None);
        let mine = Request { handler: Some(ME), ..red };
        assert_eq!(side_of(&person(Some(ASKED), None), &mine), Some(RequestSide::Asked));
    }

    #[test]
    fn each_side_does_its_part_and_nobody_screens_their_own() {
        use RequestAction as A;
        let may = |actor: &Actor, request: &Request<'_>| A::STEPS.map(|action| may_with_request(actor, action, request));
        let sent = request(RequestState::Sent);
        let allowed = |found: [Decision; 11]| {
            let both = A::STEPS.into_iter().zip(found);
            both.filter(|(_, decision)| *decision == Decision::Allow).map(|(action, _)| action).collect::<Vec<_>>()
        };
        let mine = Request { author: ME, ..sent };
        let author = person(Some(ASKER), None);
        assert_eq!(allowed(may(&author, &mine)), [A::Change, A::Send, A::Explain, A::Note, A::Forward, A::Close]);
        assert_eq!(may_with_request(&author, A::Screen, &mine), Decision::Forbid("own_item"));
        assert_eq!(
            allowed(may(&person(None, Some(ASKER)), &sent)),
            [A::Screen, A::Send, A::Explain, A::Note, A::Forward, A::Close]
        );
        let screened = Request { screener: Some(ME), ..sent };
        assert_eq!(allowed(may(&author, &screened)), [A::Screen], "who looks through it has no other part in it");
        assert_eq!(may_with_request(&author, A::Send, &screened), OUT);
        let theirs = [A::Acknowledge, A::HandOver, A::Ask, A::Answer, A::Note];
        assert_eq!(allowed(may(&person(None, Some(ASKED)), &sent)), theirs);
        assert_eq!(allowed(may(&person(Some(ASKED), None), &Request { handler: Some(ME), ..sent })), theirs);
    }

    #[test]
    fn every_step_has_its_time() {
        use RequestAction as A;
        let takes = |state: RequestState| A::STEPS.into_iter().filter(|action| state.takes(*action)).collect::<Vec<_>>();
        for (state, steps) in [
            (RequestState::Draft, vec![A::Change, A::Screen, A::Send]),
            (RequestState::Screened, vec![A::Change, A::Send]),
            (RequestState::Sent, vec![A::Acknowledge, A::HandOver, A::Close]),
            (RequestState::Acknowledged, vec![A::HandOver, A::Ask, A::Answer, A::Close]),
            (RequestState::Clarifying, vec![A::HandOver, A::Explain, A::Answer, A::Close]),
            (RequestState::Answered, vec![A::Note, A::Forward, A::Close]),
            (RequestState::FormalChannelOpened, vec![A::Note, A::Close]),
            (RequestState::Closed, vec![A::Forward]),
        ] {
            assert_eq!(takes(state), steps, "{state:?}");
            assert_eq!(RequestState::of(state.as_str()), state);
            assert!(state.takes(A::Read));
        }
        assert_eq!(RequestState::of("lost"), RequestState::Draft, "what can't be read stays at home");
    }

    #[test]
    fn one_asks_for_ones_own_organisation_if_its_kind_asks() {
        assert!(may_request(&person(Some(ASKER), None), ASKER, true));
        assert!(may_request(&person(None, Some(ASKER)), ASKER, true));
        assert!(!may_request(&person(Some(ASKER), None), ASKER, false));
        assert!(!may_request(&person(Some(ASKED), None), ASKER, true));
        let expired = Actor { vetting: Vetting::Expired, ..person(Some(ASKER), None) };
        assert!(!may_request(&expired, ASKER, true));
    }

    #[test]
    fn walls_between_regimes_hold() {
        for (asker, asked) in [(true, false), (false, true), (false, false)] {
            assert!(stays_within_walls(asker, asked, true) && stays_within_walls(asker, asked, false));
            assert!(counts_for(true, asker, asked) && counts_for(false, asker, asked));
        }
        assert!(stays_within_walls(true, true, true) && !stays_within_walls(true, true, false));
        assert!(counts_for(true, true, true) && !counts_for(false, true, true));
    }
}
