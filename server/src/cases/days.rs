//! Days and clocks of rooms: pure.

use jiff::civil::Date;
use jiff::tz::Offset;
use jiff::{Span, Timestamp};

use super::words::Risk;

/// Days to the next review at most (inter-agency guidelines: at least every three months).
pub(super) const REVIEW_DAYS: i64 = 90;
/// The same while the risk is high.
pub(super) const REVIEW_DAYS_HIGH: i64 = 14;
/// For how many days a mandate holds when nothing is said, and at most.
pub(super) const MANDATE_DAYS: i64 = 180;
pub(super) const MANDATE_DAYS_MAX: i64 = 366;
/// For how many days a closed room is kept when nothing is said, at least and at most. Our own numbers: a year for questions that
/// come back, five for proceedings; what is to be kept for longer belongs into the home system's file.
pub(super) const KEPT_DAYS: i64 = 365;
pub(super) const KEPT_DAYS_MIN: i64 = 30;
pub(super) const KEPT_DAYS_MAX: i64 = 1_826;

/// A day as it is stored, `2026-12-31`; `None` if it is none.
pub(super) fn day(text: &str) -> Option<String> {
    let day: Date = text.parse().ok()?;
    (text.len() == 10 && (2000..2200).contains(&day.year())).then(|| day.to_string())
}

/// The day of a moment (microseconds), UTC.
pub(super) fn day_of(moment: i64) -> String {
    Timestamp::from_microsecond(moment).map_or_else(|_| String::new(), |moment| moment.strftime("%F").to_string())
}

/// Days from one to another; `None` if one is none.
pub(super) fn between(from: &str, to: &str) -> Option<i64> {
    let (from, to): (Date, Date) = (from.parse().ok()?, to.parse().ok()?);
    Some(i64::from(from.until(to).ok()?.get_days()))
}

/// The moment (microseconds) at which a day is over, UTC.
pub(super) fn end_of(day: &str) -> Option<i64> {
    let day: Date = day.parse().ok()?;
    let next = day.checked_add(Span::new().days(1)).ok()?;
    Some(Offset::UTC.to_timestamp(next.at(0, 0, 0, 0)).ok()?.as_microsecond())
}

/// A day so many days after another one.
pub(super) fn later(day: &str, days: i64) -> Option<String> {
    let day: Date = day.parse().ok()?;
    Some(day.checked_add(Span::new().days(days)).ok()?.to_string())
}

/// Days to the next review at most.
pub(super) fn review_within(risk: Risk) -> i64 {
    if risk == Risk::High { REVIEW_DAYS_HIGH } else { REVIEW_DAYS }
}

/// Looks at the day of a next review; one that has gone by stands as long as nobody changes it.
///
/// # Errors
/// `case_review_invalid` for what is no day to come, `case_review_too_far` for one that is too far away.
pub(super) fn review(wish: &str, before: Option<&str>, risk: Risk, today: &str) -> Result<String, &'static str> {
    let wish = day(wish).ok_or("case_review_invalid")?;
    let ahead = between(today, &wish).ok_or("case_review_invalid")?;
    if ahead > review_within(risk) {
        return Err("case_review_too_far");
    }
    if ahead < 0 && before != Some(wish.as_str()) {
        return Err("case_review_invalid");
    }
    Ok(wish)
}

/// When a mandate ends (microseconds): at the end of the day that was named, or of the last one that goes without saying. `None`:
/// not such a day.
pub(super) fn mandate_until(wish: Option<&str>, today: &str) -> Option<i64> {
    let last = match wish {
        Some(wish) => day(wish)?,
        None => later(today, MANDATE_DAYS)?,
    };
    let ahead = between(today, &last)?;
    (0..=MANDATE_DAYS_MAX).contains(&ahead).then(|| end_of(&last)).flatten()
}

/// The last day of what ends at a moment (microseconds).
pub(super) fn last_day(until: i64) -> String {
    day_of(until - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_review_comes_within_ninety_days_or_fourteen() {
        let today = "2026-11-29";
        let of = |wish: &str, risk| review(wish, None, risk, today).map(drop);
        assert_eq!(of("2027-02-27", Risk::Medium), Ok(()), "90 days");
        assert_eq!(of("2027-02-28", Risk::Medium), Err("case_review_too_far"));
        assert_eq!(of("2026-12-13", Risk::High), Ok(()), "14 days");
        assert_eq!(of("2026-12-14", Risk::High), Err("case_review_too_far"));
        assert_eq!(of("2026-11-29", Risk::Low), Ok(()));
        for bad in ["2026-11-28", "soon", "2026-02-30"] {
            assert_eq!(of(bad, Risk::Low), Err("case_review_invalid"), "{bad}");
        }
        assert_eq!(review("2026-11-01", Some("2026-11-01"), Risk::Low, today), Ok("2026-11-01".into()), "overdue, unchanged");
    }

    #[test]
    fn a_mandate_lasts_for_half_a_year_and_for_a_year_at_most() {
        let today = "2026-11-29";
        assert_eq!(mandate_until(None, today).map(last_day), Some("2027-05-28".into()));
        assert_eq!(mandate_until(Some("2026-11-29"), today).map(last_day), Some("2026-11-29".into()));
        assert_eq!(mandate_until(Some("2027-11-30"), today).map(last_day), Some("2027-11-30".into()));
        for bad in ["2026-11-28", "2027-12-01", "never"] {
            assert_eq!(mandate_until(Some(bad), today), None, "{bad}");
        }
    }

    #[test]
    fn a_day_ends_when_the_next_one_begins() {
        let end = end_of("2026-12-31").expect("a day");
        assert_eq!((day_of(end), last_day(end)), ("2027-01-01".into(), "2026-12-31".into()));
        assert_eq!(between("2026-12-31", "2027-01-01"), Some(1));
    }
}
