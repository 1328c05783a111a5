//! What each step makes of a request. Pure; whether it may be taken was asked before.

use uuid::Uuid;

use super::clock::{self, Running};
use super::model::Reply;
use super::store::Row;
use crate::access::RequestState;

fn is(row: &mut Row, state: RequestState) {
    row.state = state.as_str().into();
}

/// Lets the clock of a request run on, or stand still.
fn turn(row: &mut Row, with: impl FnOnce(&mut Running)) {
    if let Some(mut clock) = row.clock() {
        with(&mut clock);
        row.set_clock(clock);
    }
}

/// When it is next to be told that nobody has answered; `None` once everybody was told.
pub(super) fn next_look(row: &Row) -> Option<i64> {
    match row.escalation {
        0 => row.due_at,
        1 => row.due_at.map(|due| due + clock::patience(row.urgency())),
        _ => None,
    }
}

/// It is sent, to an organisation of this country: its clock starts.
pub(super) fn send(row: &mut Row, country: Option<&str>, now: i64) {
    let zone = clock::zone_of(country);
    let due = clock::due(now, row.urgency(), zone);
    is(row, RequestState::Sent);
    (row.sent_at, row.zone, row.due_first) = (Some(now), Some(zone.into()), Some(due));
    row.set_clock(Running { due_at: due, stood: 0, stands_since: None });
    row.escalate_at = next_look(row);
}

/// Somebody has it in hand.
pub(super) fn acknowledge(row: &mut Row, by: Uuid, now: i64) {
    is(row, RequestState::Acknowledged);
    row.handler = row.handler.or(Some(by));
    (row.acknowledged_at, row.acknowledged_by) = (Some(now), Some(by));
}

/// Something is asked back: the clock stands still.
pub(super) fn ask(row: &mut Row, now: i64) {
    is(row, RequestState::Clarifying);
    turn(row, |clock| clock.stand(now));
    row.escalate_at = None;
}

/// It is explained: the clock goes on.
pub(super) fn explain(row: &mut Row, now: i64) {
    is(row, RequestState::Acknowledged);
    turn(row, |clock| clock.go_on(now));
    row.escalate_at = next_look(row);
}

/// It is answered: the clock ends. `words`: those of the answer, sealed.
pub(super) fn answer(row: &mut Row, reply: &Reply, words: Vec<u8>, by: Uuid, now: i64) {
    is(row, RequestState::Answered);
    turn(row, |clock| clock.go_on(now));
    row.escalate_at = None;
    (row.answered_at, row.answered_by, row.competent) = (Some(now), Some(by), reply.competent);
    row.outcome = Some(reply.outcome.as_str().into());
    row.ground = reply.ground.map(|ground| ground.as_str().into());
    row.reply = Some(words);
}

/// One side, or `both`, has noted where it goes on: then it is over.
pub(super) fn note(row: &mut Row, both: bool, now: i64) {
    is(row, RequestState::FormalChannelOpened);
    if both {
        close(row, now);
    }
}

/// It is over; before there was an answer it was taken back.
pub(super) fn close(row: &mut Row, now: i64) {
    is(row, RequestState::Closed);
    turn(row, |clock| clock.go_on(now));
    row.escalate_at = None;
    row.closing = Some(if row.outcome.is_some() { "done" } else { "withdrawn" }.into());
    row.closed_at = Some(now);
}

#[cfg(test)]
mod tests {
    use super::super::model::{Outcome, Urgency};
    use super::*;
    use crate::base::clock::{DAY, HOUR};

    const HANDLER: Uuid = Uuid::from_u128(5);

    fn sent() -> Row {
        let mut row = Row::draft(Uuid::from_u128(9), (Uuid::from_u128(3), Uuid::from_u128(4)), Uuid::from_u128(1), 0);
        row.urgency = Urgency::D3.as_str().into();
        send(&mut row, Some("RO"), DAY);
        row
    }

    fn reply(outcome: Outcome) -> Reply {
        Reply { outcome, text: String::new(), ground: None, competent: None }
    }

    #[test]
    fn the_clock_starts_at_sending_and_stands_still_for_a_question() {
        let mut row = sent();
        assert_eq!((row.due_first, row.due_at, row.escalate_at), (Some(4 * DAY), Some(4 * DAY), Some(4 * DAY)));
        assert_eq!(row.zone.as_deref(), Some("Europe/Bucharest"));
        acknowledge(&mut row, HANDLER, DAY + HOUR);
        assert_eq!((row.handler, row.acknowledged_at), (Some(HANDLER), Some(DAY + HOUR)));
        ask(&mut row, 2 * DAY);
        assert_eq!((row.state(), row.stands_since, row.escalate_at), (RequestState::Clarifying, Some(2 * DAY), None));
        explain(&mut row, 3 * DAY);
        assert_eq!((row.due_first, row.due_at, row.stood), (Some(4 * DAY), Some(5 * DAY), DAY));
        assert_eq!((row.state(), row.escalate_at), (RequestState::Acknowledged, Some(5 * DAY)));
    }

    #[test]
    fn what_was_told_before_a_question_is_not_told_again() {
        let mut row = sent();
        acknowledge(&mut row, HANDLER, DAY);
        row.escalation = 1;
        ask(&mut row, 5 * DAY);
        explain(&mut row, 6 * DAY);
        assert_eq!(row.escalate_at, Some(6 * DAY), "a day after its end, which is now a day later");
        row.escalation = 2;
        assert_eq!(next_look(&row), None);
    }

    #[test]
    fn an_answer_ends_the_clock_and_two_references_the_request() {
        let mut row = sent();
        acknowledge(&mut row, HANDLER, DAY);
        ask(&mut row, 2 * DAY);
        answer(&mut row, &reply(Outcome::Hit), vec![1], HANDLER, 3 * DAY);
        assert_eq!((row.stands_since, row.stood, row.escalate_at), (None, DAY, None));
        assert_eq!((row.outcome(), row.answered_at), (Some(Outcome::Hit), Some(3 * DAY)));
        note(&mut row, false, 3 * DAY);
        assert_eq!((row.state(), row.closed_at), (RequestState::FormalChannelOpened, None));
        note(&mut row, true, 4 * DAY);
        assert_eq!((row.state(), row.closed_at, row.closing.as_deref()), (RequestState::Closed, Some(4 * DAY), Some("done")));
    }

    #[test]
    fn what_is_closed_without_an_answer_was_taken_back() {
        let mut row = sent();
        close(&mut row, 2 * DAY);
        assert_eq!((row.closing.as_deref(), row.escalate_at), (Some("withdrawn"), None));
    }
}
