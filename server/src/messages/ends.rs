//! When messages are erased: by an end of their own, and by the days that their channel keeps them. Pure.

use crate::access::handling::RED;
use crate::base::clock::DAY;
use crate::base::http::Problem;
use crate::channels::RETENTION_MAX;

/// Days until what is marked RED is erased, if its author says nothing.
pub(super) const RED_DAYS: i64 = 30;
/// Days that an author can give it at most.
const RED_DAYS_MAX: i64 = 90;

/// When what is marked so is erased: after the days it is given (microseconds). Without any, RED has an end of its own. `kept`
/// are the days that its channel keeps it from then on, if not for ever.
///
/// # Errors
/// `expiry_invalid`.
pub(super) fn expiry(marking: &str, from: i64, days: Option<i64>, kept: Option<i64>) -> Result<Option<i64>, Problem> {
    let longest = if marking == RED { RED_DAYS_MAX } else { RETENTION_MAX };
    let longest = longest.min(kept.unwrap_or(longest));
    let days = days.or_else(|| (marking == RED).then(|| RED_DAYS.min(longest)));
    if days.is_some_and(|days| !(1..=longest).contains(&days)) {
        let problem = Problem::unprocessable("expiry_invalid", "A message isn't kept for so long, or not so shortly");
        return Err(problem.with("limit", longest));
    }
    Ok(days.map(|days| from + days * DAY))
}

/// When the channel of a message erases it, if it keeps what is said for some days only.
pub(super) fn end_in_channel(posted_at: i64, retention_days: Option<i64>) -> Option<i64> {
    retention_days.map(|days| posted_at + days * DAY)
}

/// The days that a channel keeps a message from now on; on its last day it can still be given that one.
pub(super) fn kept(posted_at: i64, retention_days: Option<i64>, now: i64) -> Option<i64> {
    end_in_channel(posted_at, retention_days).map(|end| ((end - now) / DAY).max(1))
}

/// The end of a message that is given another marking: what was `asked` for, and where nothing was, that of before, but for
/// the one that RED alone has brought. What becomes RED isn't kept for longer by that.
pub(super) fn end_when_marked(was: (&str, Option<i64>), marking: &str, asked: bool, given: Option<i64>) -> Option<i64> {
    match was {
        _ if asked => given,
        (_, before) if marking == RED => given.min(before.or(given)),
        (RED, _) => None,
        (_, before) => before,
    }
}

/// Whether an end comes before another one; what has none is kept for ever.
pub(super) fn is_sooner(end: Option<i64>, than: Option<i64>) -> bool {
    end.is_some_and(|end| than.is_none_or(|than| end < than))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn red_alone_has_an_end_of_its_own() {
        assert_eq!(expiry("amber+strict", 0, None, None).ok(), Some(None));
        assert_eq!(expiry("red", 5, None, None).ok(), Some(Some(5 + 30 * DAY)));
        assert_eq!(expiry("red", 5, Some(90), None).ok(), Some(Some(5 + 90 * DAY)));
        assert_eq!(expiry("green", 5, Some(3650), None).ok(), Some(Some(5 + 3650 * DAY)));
        for (marking, days, limit) in
            [("red", 0, 90), ("red", -1, 90), ("red", 91, 90), ("green", 0, 3650), ("green", 3651, 3650)]
        {
            let refused = expiry(marking, 0, Some(days), None).expect_err("refused");
            assert_eq!((refused.code(), &refused.extra()["limit"]), ("expiry_invalid", &limit.into()), "{marking} {days}");
        }
    }

    #[test]
    fn nothing_is_kept_for_longer_than_by_its_channel() {
        assert_eq!(expiry("green", 0, None, Some(7)).ok(), Some(None), "its channel sees to it");
        assert_eq!(expiry("green", 0, Some(7), Some(7)).ok(), Some(Some(7 * DAY)));
        assert_eq!(expiry("green", 0, Some(8), Some(7)).expect_err("refused").code(), "expiry_invalid");
        assert_eq!(expiry("red", 0, None, Some(7)).ok(), Some(Some(7 * DAY)));
        assert_eq!(expiry("red", 0, Some(91), Some(365)).expect_err("refused").code(), "expiry_invalid");
        assert_eq!(kept(0, None, DAY), None);
        assert_eq!((kept(0, Some(30), 0), kept(0, Some(30), 1)), (Some(30), Some(29)));
        assert_eq!((kept(0, Some(30), 30 * DAY - 1), kept(0, Some(30), 40 * DAY)), (Some(1), Some(1)));
    }

    #[test]
    fn another_marking_keeps_nothing_for_longer() {
        let (soon, late) = (Some(5), Some(9));
        assert_eq!(end_when_marked(("green", None), "red", false, late), late);
        assert_eq!(end_when_marked(("green", soon), "red", false, late), soon);
        assert_eq!(end_when_marked(("green", late), "red", false, soon), soon);
        assert_eq!(end_when_marked(("green", soon), "red", true, late), late, "its author says so");
        assert_eq!(end_when_marked(("green", soon), "amber", false, None), soon);
        assert_eq!(end_when_marked(("red", soon), "amber", false, None), None, "that was the end of what is RED");
        assert_eq!(end_when_marked(("red", soon), "amber", true, late), late);
    }

    #[test]
    fn what_has_no_end_ends_last() {
        assert!(is_sooner(Some(1), None) && is_sooner(Some(1), Some(2)));
        assert!(
            !is_sooner(None, None) && !is_sooner(None, Some(1)) && !is_sooner(Some(2), Some(2)) && !is_sooner(Some(3), Some(2))
        );
    }
}
