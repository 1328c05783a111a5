//! What is to be done with a request, and by whom. Pure.

use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::model::{Outcome, takes_two};
use super::store::Row;
use crate::access::{RequestSide, RequestState};

/// The right next step as one reader sees it. Those that begin with "wait" are somebody else's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = CoordinationNext)]
pub(super) enum Next {
    /// Name a colleague who looks through it.
    NameScreener,
    /// A colleague looks through it.
    WaitScreening,
    /// Look through it.
    Screen,
    /// Send it.
    Send,
    /// Whoever has written it sends it.
    WaitSending,
    /// The asked organisation says that it has arrived.
    WaitAcknowledgement,
    /// The asked organisation answers.
    WaitAnswer,
    /// Explain what was asked back.
    Explain,
    /// Say that it has arrived.
    Acknowledge,
    /// Answer it.
    Answer,
    /// The asking organisation explains.
    WaitExplanation,
    /// Ask the organisation that was named.
    Forward,
    /// Note where it goes on.
    Note,
    /// The other side notes its reference.
    WaitReference,
    /// Close it.
    Close,
    /// The asking organisation closes it.
    WaitClosing,
    /// Nothing.
    Nothing,
}

impl Next {
    /// Whether it is the reader's.
    pub(super) fn is_mine(self) -> bool {
        use Next as N;
        !matches!(
            self,
            N::WaitScreening
                | N::WaitSending
                | N::WaitAcknowledgement
                | N::WaitAnswer
                | N::WaitExplanation
                | N::WaitReference
                | N::WaitClosing
                | N::Nothing
        )
    }
}

/// The next step of a request for somebody on one side; `noted`: that side has noted where it goes on.
pub(super) fn next(row: &Row, side: RequestSide, reader: Uuid, noted: bool) -> Next {
    match (row.state(), side) {
        (RequestState::Draft, _) => draft(row, reader),
        (RequestState::Screened, _) if row.author == reader => Next::Send,
        (RequestState::Screened, _) => Next::WaitSending,
        (RequestState::Sent, RequestSide::Asker) => Next::WaitAcknowledgement,
        (RequestState::Sent, RequestSide::Asked) => Next::Acknowledge,
        (RequestState::Acknowledged, RequestSide::Asker) => Next::WaitAnswer,
        (RequestState::Acknowledged, RequestSide::Asked) => Next::Answer,
        (RequestState::Clarifying, RequestSide::Asker) => Next::Explain,
        (RequestState::Clarifying, RequestSide::Asked) => Next::WaitExplanation,
        (RequestState::Answered, RequestSide::Asker) => answered(row),
        (RequestState::Answered, RequestSide::Asked) => Next::WaitClosing,
        (RequestState::FormalChannelOpened, _) if noted => Next::WaitReference,
        (RequestState::FormalChannelOpened, _) => Next::Note,
        (RequestState::Closed, _) => Next::Nothing,
    }
}

fn draft(row: &Row, reader: Uuid) -> Next {
    match (takes_two(&row.marking), row.author == reader) {
        (true, true) if row.screener.is_none() => Next::NameScreener,
        (true, true) => Next::WaitScreening,
        (true, false) => Next::Screen,
        (false, true) => Next::Send,
        (false, false) => Next::WaitSending,
    }
}

fn answered(row: &Row) -> Next {
    match row.outcome() {
        Some(Outcome::NotCompetent) if row.forwarded_to.is_none() => Next::Forward,
        Some(Outcome::Hit | Outcome::Partial) if row.kind().compares() => Next::Note,
        _ => Next::Close,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ME: Uuid = Uuid::from_u128(1);
    const OTHER: Uuid = Uuid::from_u128(2);

    fn row(state: RequestState) -> Row {
        let mut row = Row::draft(Uuid::from_u128(9), (Uuid::from_u128(3), Uuid::from_u128(4)), ME, 0);
        (row.kind, row.marking, row.state) = ("open_file".into(), "amber".into(), state.as_str().into());
        row
    }

    #[test]
    fn a_draft_goes_through_a_second_person_if_it_must() {
        let draft = row(RequestState::Draft);
        let seen = |row: &Row, reader| next(row, RequestSide::Asker, reader, false);
        assert_eq!((seen(&draft, ME), seen(&draft, OTHER)), (Next::NameScreener, Next::Screen));
        let named = Row { screener: Some(OTHER), ..draft.clone() };
        assert_eq!((seen(&named, ME), seen(&named, OTHER)), (Next::WaitScreening, Next::Screen));
        let green = Row { marking: "green".into(), ..draft };
        assert_eq!((seen(&green, ME), seen(&green, OTHER)), (Next::Send, Next::WaitSending));
        let screened = row(RequestState::Screened);
        assert_eq!((seen(&screened, ME), seen(&screened, OTHER)), (Next::Send, Next::WaitSending));
    }

    #[test]
    fn each_side_knows_whose_turn_it_is() {
        for state in RequestState::ALL.into_iter().filter(|state| state.is_sent()) {
            let turns = [RequestSide::Asker, RequestSide::Asked].map(|side| next(&row(state), side, ME, false).is_mine());
            let expected = match state {
                RequestState::Sent | RequestState::Acknowledged => [false, true],
                RequestState::Clarifying | RequestState::Answered => [true, false],
                RequestState::FormalChannelOpened => [true, true],
                _ => [false, false],
            };
            assert_eq!(turns, expected, "{state:?}");
        }
        let opened = row(RequestState::FormalChannelOpened);
        assert_eq!(next(&opened, RequestSide::Asker, ME, true), Next::WaitReference);
    }

    #[test]
    fn what_follows_an_answer_depends_on_it() {
        let after = |outcome: Outcome, kind: &str, forwarded: bool| {
            let row = Row {
                outcome: Some(outcome.as_str().into()),
                kind: kind.into(),
                forwarded_to: forwarded.then_some(OTHER),
                ..row(RequestState::Answered)
            };
            next(&row, RequestSide::Asker, ME, false)
        };
        assert_eq!(after(Outcome::Hit, "open_file", false), Next::Note);
        assert_eq!(after(Outcome::Hit, "legal_question", false), Next::Close);
        assert_eq!(after(Outcome::NoHit, "open_file", false), Next::Close);
        assert_eq!(after(Outcome::NotCompetent, "competence", false), Next::Forward);
        assert_eq!(after(Outcome::NotCompetent, "competence", true), Next::Close);
    }
}
