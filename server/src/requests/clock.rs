//! By when a request is to be answered. Pure.
//!
//! Eight hours, three days and seven days are those of Directive (EU) 2023/977, article 5. Eight hours are hours that pass. Days
//! are calendar days in the asked country: they end when the clocks there show what they showed at sending. If they never show it,
//! because they are put forward over it, they end as much later as that takes; if they show it twice, at the first time.

use jiff::tz::TimeZone;
use jiff::{Span, Timestamp, ZonedDateTime};

use super::model::Urgency;
use crate::base::clock::{DAY, HOUR};

/// The time zone of organisations that work for the whole region: that of the coordination, in Vienna.
const REGION: &str = "Europe/Vienna";
/// The zones of the IANA database. Kosovo has none of its own there: its clocks are Belgrade's.
const ZONES: [(&str, &str); 11] = [
    ("AL", "Europe/Tirane"),
    ("BA", "Europe/Sarajevo"),
    ("BG", "Europe/Sofia"),
    ("GR", "Europe/Athens"),
    ("HR", "Europe/Zagreb"),
    ("MD", "Europe/Chisinau"),
    ("ME", "Europe/Podgorica"),
    ("MK", "Europe/Skopje"),
    ("RO", "Europe/Bucharest"),
    ("RS", "Europe/Belgrade"),
    ("XK", "Europe/Belgrade"),
];

/// The time zone in which an organisation's days are counted.
pub(super) fn zone_of(country: Option<&str>) -> &'static str {
    ZONES.iter().find(|(code, _)| Some(*code) == country).map_or(REGION, |(_, zone)| zone)
}

/// By when what is sent now is to be answered (microseconds).
pub(super) fn due(sent_at: i64, urgency: Urgency, zone: &str) -> i64 {
    let days = match urgency {
        Urgency::H8 => return sent_at + 8 * HOUR,
        Urgency::D3 => 3,
        Urgency::D7 => 7,
    };
    let by_the_clocks = || {
        let sent = ZonedDateTime::new(Timestamp::from_microsecond(sent_at).ok()?, TimeZone::get(zone).ok()?);
        Some(sent.checked_add(Span::new().days(days)).ok()?.timestamp().as_microsecond())
    };
    // Without its zone a day is a day.
    by_the_clocks().unwrap_or(sent_at + days * DAY)
}

/// How long after its end everybody of the asked organisation is told that nobody has answered (microseconds).
pub(super) fn patience(urgency: Urgency) -> i64 {
    match urgency {
        Urgency::H8 => 4 * HOUR,
        Urgency::D3 => DAY,
        Urgency::D7 => 2 * DAY,
    }
}

/// A clock that was started at sending.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Running {
    /// By when it is to be answered.
    pub(super) due_at: i64,
    /// For how long it has stood still, all in all.
    pub(super) stood: i64,
    /// Since when it stands still.
    pub(super) stands_since: Option<i64>,
}

impl Running {
    /// Stands still from now on.
    pub(super) fn stand(&mut self, now: i64) {
        self.stands_since = self.stands_since.or(Some(now));
    }

    /// Goes on: the end is as much later as it has stood still, to the microsecond, so that nobody gains or loses time by it.
    pub(super) fn go_on(&mut self, now: i64) {
        if let Some(since) = self.stands_since.take() {
            let stood = (now - since).max(0);
            self.stood += stood;
            self.due_at += stood;
        }
    }

    /// What is left of its time (microseconds); less than nothing is by how much it is late.
    pub(super) fn left(self, now: i64) -> i64 {
        self.due_at - self.stands_since.unwrap_or(now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vocabulary::ALL_COUNTRIES;

    /// The moment at which the clocks of a zone show this, with the offset named where they show it twice.
    fn at(text: &str) -> i64 {
        text.parse::<jiff::ZonedDateTime>().expect("a time").timestamp().as_microsecond()
    }

    fn utc(text: &str) -> i64 {
        text.parse::<Timestamp>().expect("a time").as_microsecond()
    }

    #[test]
    fn every_country_has_a_zone() {
        for country in ALL_COUNTRIES.iter() {
            assert!(ZONES.iter().any(|(code, _)| *code == country.code), "{}", country.code);
        }
        for (_, zone) in ZONES {
            assert!(TimeZone::get(zone).is_ok(), "{zone}");
        }
        assert!(TimeZone::get(REGION).is_ok());
        assert_eq!((zone_of(Some("XK")), zone_of(Some("RO")), zone_of(None)), ("Europe/Belgrade", "Europe/Bucharest", REGION));
    }

    #[test]
    fn days_end_when_the_clocks_there_show_the_same() {
        let sent = at("2026-11-24T16:20[Europe/Bucharest]");
        assert_eq!(due(sent, Urgency::D3, "Europe/Bucharest"), at("2026-11-27T16:20[Europe/Bucharest]"));
        assert_eq!(due(sent, Urgency::D7, "Europe/Bucharest"), at("2026-12-01T16:20[Europe/Bucharest]"));
        assert_eq!(due(sent, Urgency::H8, "Europe/Bucharest"), sent + 8 * HOUR);
        // The end of a month, of a year, and of a leap year's February.
        let ends = [("2026-12-30T09:00", "2027-01-06T09:00"), ("2028-02-25T09:00", "2028-03-03T09:00")];
        for (from, to) in ends {
            let zone = "[Europe/Athens]";
            assert_eq!(due(at(&format!("{from}{zone}")), Urgency::D7, "Europe/Athens"), at(&format!("{to}{zone}")));
        }
    }

    #[test]
    fn a_day_over_the_change_of_the_clocks_has_23_or_25_hours() {
        // Put forward on 28 March 2027, put back on 25 October 2026.
        for zone in ["Europe/Bucharest", "Europe/Athens", "Europe/Belgrade", "Europe/Chisinau", "Europe/Tirane"] {
            let spring = at(&format!("2027-03-26T12:00[{zone}]"));
            assert_eq!(due(spring, Urgency::D3, zone) - spring, 3 * DAY - HOUR, "{zone}");
            assert_eq!(due(spring, Urgency::D7, zone) - spring, 7 * DAY - HOUR, "{zone}");
            let autumn = at(&format!("2026-10-23T12:00[{zone}]"));
            assert_eq!(due(autumn, Urgency::D3, zone) - autumn, 3 * DAY + HOUR, "{zone}");
            assert_eq!(due(autumn, Urgency::D7, zone) - autumn, 7 * DAY + HOUR, "{zone}");
            let night = at(&format!("2026-10-24T23:30[{zone}]"));
            assert_eq!(due(night, Urgency::H8, zone) - night, 8 * HOUR, "hours that pass, whatever the clocks do");
        }
    }

    #[test]
    fn a_time_that_is_left_out_comes_as_much_later_and_one_that_comes_twice_is_the_first() {
        let zone = "Europe/Bucharest";
        // At 03:00 on 28 March 2027 it becomes 04:00.
        let missing = at("2027-03-25T03:30[Europe/Bucharest]");
        assert_eq!(due(missing, Urgency::D3, zone), at("2027-03-28T04:30[Europe/Bucharest]"));
        assert_eq!(due(missing, Urgency::D3, zone), utc("2027-03-28T01:30:00Z"));
        // At 04:00 on 25 October 2026 it becomes 03:00 again.
        let twice = at("2026-10-22T03:30[Europe/Bucharest]");
        assert_eq!(due(twice, Urgency::D3, zone), utc("2026-10-25T00:30:00Z"));
        // Sent the second time: seven days later there is one such time again.
        let second = utc("2026-10-25T01:30:00Z");
        assert_eq!(due(second, Urgency::D7, zone), at("2026-11-01T03:30[Europe/Bucharest]"));
        // In Belgrade it is an hour earlier by the clocks.
        assert_eq!(due(at("2027-03-25T02:30[Europe/Belgrade]"), Urgency::D3, zone_of(Some("XK"))), utc("2027-03-28T01:30:00Z"));
    }

    #[test]
    fn days_are_counted_in_the_asked_country() {
        // The same moment; Chișinău puts its clocks forward with the others.
        let sent = utc("2026-11-24T22:30:00Z");
        let zones = ["RO", "GR", "RS", "MD"].map(|code| due(sent, Urgency::D3, zone_of(Some(code))));
        assert_eq!(zones, [sent + 3 * DAY; 4]);
        // 23:30 UTC is the next day in Bucharest already: days are counted from there.
        let eve = utc("2026-10-24T22:30:00Z");
        assert_eq!(due(eve, Urgency::D7, "Europe/Bucharest") - eve, 7 * DAY + HOUR, "sent before the change");
        let after = utc("2026-10-25T01:30:00Z");
        assert_eq!(due(after, Urgency::D7, "Europe/Bucharest") - after, 7 * DAY, "sent after it");
    }

    #[test]
    fn a_clock_stands_still_and_goes_on() {
        let mut clock = Running { due_at: 100, stood: 0, stands_since: None };
        assert_eq!((clock.left(40), clock.left(130)), (60, -30));
        clock.stand(40);
        clock.stand(50);
        assert_eq!((clock.left(90), clock.stands_since), (60, Some(40)), "it stands since the first time");
        clock.go_on(90);
        assert_eq!(clock, Running { due_at: 150, stood: 50, stands_since: None });
        clock.go_on(95);
        assert_eq!((clock.left(140), clock.stood), (10, 50));
        clock.stand(160);
        clock.go_on(260);
        assert_eq!((clock.due_at, clock.stood, clock.left(260)), (250, 150, -10), "late stays late");
    }

    #[test]
    fn patience_is_in_proportion() {
        assert_eq!([Urgency::H8, Urgency::D3, Urgency::D7].map(patience), [4 * HOUR, DAY, 2 * DAY]);
    }
}
