//! Weeks, and what it means that a theme goes quiet. Pure.

use crate::base::clock::DAY;

/// Weeks that are shown, the present one with them.
pub(super) const WEEKS: usize = 13;
/// Of these, the last whole ones that are compared with those before.
const LATELY: usize = 3;
/// A theme has gone quiet when it has less than one in so many of what it had.
const PART: i64 = 3;
/// Messages a week that a theme must have had to be missed.
const MISSED: i64 = 2;

/// The number of the week of a time (microseconds); weeks begin on Monday, UTC. 1 January 1970 was a Thursday.
pub(super) fn week(at: i64) -> i64 {
    (at.div_euclid(DAY) + 3).div_euclid(7)
}

/// When a week begins (microseconds).
pub(super) fn begins(week: i64) -> i64 {
    (week * 7 - 3) * DAY
}

/// Whether a theme has gone quiet: its last three whole weeks against those before. `counts` are those of [`WEEKS`], the present
/// one, which isn't over, last.
pub(super) fn is_quiet(counts: &[i64]) -> bool {
    let Some((_, whole)) = counts.split_last() else { return false };
    let Some(before) = whole.len().checked_sub(LATELY).filter(|before| *before > 0) else { return false };
    let weeks = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
    let (then, now): (i64, i64) = (whole[..before].iter().sum(), whole[before..].iter().sum());
    then >= MISSED * weeks(before) && now * weeks(before) * PART < then * weeks(LATELY)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn micros(day: &str) -> i64 {
        format!("{day}Z").parse::<jiff::Timestamp>().expect("a time").as_microsecond()
    }

    #[test]
    fn a_week_begins_on_monday() {
        let monday = micros("2026-11-30T00:00:00");
        assert_eq!(begins(week(monday)), monday);
        assert_eq!(week(micros("2026-12-06T23:59:59")), week(monday));
        assert_eq!(week(micros("2026-11-29T23:59:59")), week(monday) - 1);
        assert_eq!((week(0), begins(0)), (0, -3 * DAY));
    }

    #[test]
    fn a_theme_that_had_much_and_has_little_has_gone_quiet() {
        let counts = |then: i64, now: i64| [vec![then; 9], vec![now; 3], vec![0]].concat();
        assert!(is_quiet(&counts(9, 2)));
        assert!(is_quiet(&counts(2, 0)));
        assert!(!is_quiet(&counts(9, 3)), "a third is less, not quiet");
        assert!(!is_quiet(&counts(1, 0)), "nobody misses what was hardly there");
        assert!(!is_quiet(&counts(0, 0)));
        assert!(!is_quiet(&[]));
    }
}
