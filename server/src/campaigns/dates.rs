//! Days and weeks of campaigns. Days are counted from 1970-01-01; weeks begin on Mondays and are counted from the one
//! before: a year's end is no end of theirs.

use jiff::ToSpan;
use jiff::civil::{Date, date};

use crate::base::clock::DAY;

/// Days of a campaign at most: two years.
pub(super) const DAYS_MAX: i64 = 731;
/// Weeks that such a campaign touches at most.
pub(super) const WEEKS_MAX: i64 = 106;
/// Days of the year that campaigns of the field are made for: missing children, trafficking in human beings (United Nations
/// and European Union), the rights of the child.
const FIXED: [(i8, i8, &str); 4] =
    [(5, 25, "missing_children"), (7, 30, "trafficking"), (10, 18, "eu_trafficking"), (11, 20, "child_rights")];
/// From a Monday to 1970-01-01, a Thursday.
const TO_MONDAY: i64 = 3;

fn epoch() -> Date {
    date(1970, 1, 1)
}

/// The day of `YYYY-MM-DD`, between 2000 and 2099.
pub(super) fn day(text: &str) -> Option<i64> {
    let date: Date = text.parse().ok().filter(|_| text.len() == 10)?;
    (2000..2100).contains(&date.year()).then(|| number(date))
}

fn number(date: Date) -> i64 {
    epoch().until(date).map_or(0, |span| i64::from(span.get_days()))
}

fn of(day: i64) -> Date {
    i32::try_from(day).ok().and_then(|days| epoch().checked_add(days.days()).ok()).unwrap_or_else(epoch)
}

/// A day as `YYYY-MM-DD`.
pub(super) fn written(day: i64) -> String {
    of(day).to_string()
}

/// The day of a time (microseconds), in UTC.
pub(super) fn day_of(at: i64) -> i64 {
    at.div_euclid(DAY)
}

/// The week that a day is in.
pub(super) fn week(day: i64) -> i64 {
    (day + TO_MONDAY).div_euclid(7)
}

/// The Monday of a week.
pub(super) fn monday(week: i64) -> i64 {
    week * 7 - TO_MONDAY
}

/// The fixed days between two days, both with it.
pub(super) fn fixed_days(first: i64, last: i64) -> Vec<(i64, &'static str)> {
    let mut days = Vec::new();
    for year in of(first).year()..=of(last).year() {
        let in_year = FIXED.iter().filter_map(|(month, day, name)| Some((number(Date::new(year, *month, *day).ok()?), *name)));
        days.extend(in_year.filter(|(day, _)| (first..=last).contains(day)));
    }
    days
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> i64 {
        day(text).expect("a day")
    }

    #[test]
    fn days_are_read_and_written() {
        assert_eq!(at("2026-11-29"), 20_786);
        assert_eq!(written(20_786), "2026-11-29");
        for nothing in ["", "2026-02-30", "29.11.2026", "2026-11-29T10:00", "1970-01-01", "20261129"] {
            assert_eq!(day(nothing), None, "{nothing}");
        }
        assert_eq!(day_of(20_786 * DAY + DAY - 1), 20_786);
    }

    #[test]
    fn weeks_go_on_over_the_end_of_a_year() {
        // 28 December 2026 is the Monday of ISO week 53; 3 January 2027 its Sunday.
        assert_eq!(week(at("2026-12-28")), week(at("2027-01-03")));
        assert_eq!(week(at("2027-01-04")), week(at("2027-01-03")) + 1);
        assert_eq!(week(at("2024-12-30")), week(at("2025-01-05")));
        assert_eq!(written(monday(week(at("2027-01-01")))), "2026-12-28");
        assert_eq!(monday(week(at("2026-11-30"))), at("2026-11-30"));
    }

    #[test]
    fn the_fixed_days_of_a_span_are_named() {
        let days = fixed_days(at("2026-10-18"), at("2027-05-25"));
        let named: Vec<_> = days.into_iter().map(|(day, name)| (written(day), name)).collect();
        assert_eq!(
            named,
            [
                ("2026-10-18".to_owned(), "eu_trafficking"),
                ("2026-11-20".to_owned(), "child_rights"),
                ("2027-05-25".to_owned(), "missing_children")
            ]
        );
        assert!(fixed_days(at("2026-06-01"), at("2026-07-29")).is_empty());
    }
}
