//! How many requests there were, and how fast they were answered: without small cells. Pure.
//!
//! A count below [`LEAST`] is hidden, and whatever else must be so that it can't be worked out: what is hidden in a table comes,
//! with all of it, to at least that, and never from one cell alone. What is counted is the finished months of a year: who looks
//! every day sees the same, and can't watch single requests come in.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;
use jiff::{Span, Timestamp, ZonedDateTime};

/// The least that is shown.
pub(super) const LEAST: usize = 5;
/// Months that are counted.
const MONTHS: i64 = 12;

/// What is known of a request for the figures.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct Counted {
    pub(super) kind: String,
    pub(super) outcome: Option<String>,
    pub(super) asking: Option<String>,
    pub(super) asked: Option<String>,
    pub(super) asker_regime: String,
    pub(super) asked_regime: String,
    pub(super) sent_at: i64,
    pub(super) answered_at: Option<i64>,
    pub(super) stood: i64,
}

/// A table of counts; `None` is hidden.
pub(super) type Table = Vec<(String, Option<usize>)>;

/// Counts how often each word comes, the most frequent first, without small cells.
pub(super) fn table(words: impl IntoIterator<Item = String>) -> Table {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for word in words {
        *counts.entry(word).or_default() += 1;
    }
    let mut counts: Vec<(String, usize)> = counts.into_iter().collect();
    counts.sort_by(|one, other| other.1.cmp(&one.1).then_with(|| one.0.cmp(&other.0)));
    let shown = shown(&counts.iter().map(|(_, count)| *count).collect::<Vec<_>>());
    counts.into_iter().enumerate().map(|(at, (word, count))| (word, (at < shown).then_some(count))).collect()
}

/// How many of these counts, the largest first, can be shown when their sum is known.
fn shown(counts: &[usize]) -> usize {
    let mut shown = counts.iter().take_while(|count| **count >= LEAST).count();
    while shown > 0 && shown < counts.len() {
        let hidden = &counts[shown..];
        if hidden.len() > 1 && hidden.iter().sum::<usize>() >= LEAST {
            break;
        }
        shown -= 1;
    }
    shown
}

/// The sum of a table, where it is large enough to be shown.
pub(super) fn total(count: usize) -> Option<usize> {
    (count >= LEAST).then_some(count)
}

/// The middle of these times (microseconds), where there are enough of them.
pub(super) fn median(mut times: Vec<i64>) -> Option<i64> {
    if times.len() < LEAST {
        return None;
    }
    times.sort_unstable();
    let middle = times.len() / 2;
    Some(if times.len() % 2 == 1 { times[middle] } else { times[middle - 1].midpoint(times[middle]) })
}

/// The finished months that are counted now: from when to when (microseconds, the end not with it). Months of UTC.
pub(super) fn months(now: i64) -> (i64, i64) {
    let span = || {
        let now = ZonedDateTime::new(Timestamp::from_microsecond(now).ok()?, TimeZone::UTC);
        let end = now.first_of_month().ok()?.start_of_day().ok()?;
        let begin = end.checked_sub(Span::new().months(MONTHS)).ok()?;
        Some((begin.timestamp().as_microsecond(), end.timestamp().as_microsecond()))
    };
    span().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(counts: &[(&str, usize)]) -> Vec<String> {
        counts.iter().flat_map(|(word, count)| std::iter::repeat_n((*word).to_owned(), *count)).collect()
    }

    fn found(counts: &[(&str, usize)]) -> Vec<Option<usize>> {
        table(words(counts)).into_iter().map(|(_, count)| count).collect()
    }

    #[test]
    fn no_small_cell_is_shown_nor_can_be_worked_out() {
        assert_eq!(found(&[("a", 9), ("b", 7)]), [Some(9), Some(7)]);
        assert_eq!(found(&[("a", 9), ("b", 7), ("c", 2)]), [Some(9), None, None], "one hidden cell is the rest");
        assert_eq!(found(&[("a", 9), ("b", 7), ("c", 2), ("d", 1)]), [Some(9), None, None, None], "two that come to three");
        assert_eq!(found(&[("a", 9), ("b", 7), ("c", 4), ("d", 3)]), [Some(9), Some(7), None, None]);
        assert_eq!(found(&[("a", 9), ("b", 1)]), [None, None]);
        assert_eq!(found(&[("a", 4)]), [None]);
        assert_eq!(found(&[]), Vec::<Option<usize>>::new());
    }

    #[test]
    fn what_is_hidden_is_never_less_than_the_least() {
        // Every table of up to four cells of up to seven.
        for code in 0..8_usize.pow(4) {
            let counts: Vec<usize> = (0..4).map(|place| code / 8_usize.pow(place) % 8).filter(|count| *count > 0).collect();
            let names = ["a", "b", "c", "d"];
            let cells: Vec<(&str, usize)> = names.into_iter().zip(counts.iter().copied()).collect();
            let shown: Vec<usize> = found(&cells).into_iter().flatten().collect();
            let (sum, hidden) = (counts.iter().sum::<usize>(), counts.len() - shown.len());
            let rest = sum - shown.iter().sum::<usize>();
            assert!(shown.iter().all(|count| *count >= LEAST), "{counts:?}");
            assert!(hidden == 0 || shown.is_empty() || hidden > 1 && rest >= LEAST, "{counts:?}: {shown:?}");
        }
    }

    #[test]
    fn the_middle_is_told_of_enough_times_alone() {
        assert_eq!(median(vec![5, 1, 4, 2]), None);
        assert_eq!(median(vec![5, 1, 4, 2, 3]), Some(3));
        assert_eq!(median(vec![5, 1, 4, 2, 3, 100]), Some(3));
        assert_eq!((total(4), total(5)), (None, Some(5)));
    }

    #[test]
    fn finished_months_are_counted() {
        let at = |text: &str| text.parse::<Timestamp>().expect("a time").as_microsecond();
        let year = (at("2025-11-01T00:00:00Z"), at("2026-11-01T00:00:00Z"));
        assert_eq!(months(at("2026-11-01T00:00:00Z")), year);
        assert_eq!(months(at("2026-11-29T17:00:00Z")), year);
    }
}
