//! Events as calendars elsewhere read them: iCalendar (RFC 5545), times in UTC.

use super::store::Event;
use crate::access::handling::label;
use crate::vocabulary::{ALL_COUNTRIES, ALL_THEMES};

/// Octets of a line at most, its end not counted (RFC 5545, 3.1).
const LINE_MAX: usize = 75;

/// Whose calendar it is, and where the platform is.
pub(super) struct For<'a> {
    /// The reader: what is taken out carries their name.
    pub(super) name: &'a str,
    /// Where people reach the server, if that is known.
    pub(super) origin: Option<&'a str>,
}

/// A calendar of these events.
pub(super) fn calendar(events: &[Event], reader: &For<'_>) -> String {
    let mut out = String::new();
    for line in ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Egida//Agenda//EN", "CALSCALE:GREGORIAN", "METHOD:PUBLISH"] {
        push(&mut out, line);
    }
    push(&mut out, "X-WR-CALNAME:Egida");
    push(&mut out, "REFRESH-INTERVAL;VALUE=DURATION:PT1H");
    for event in events {
        entry(&mut out, event, reader);
    }
    push(&mut out, "END:VCALENDAR");
    out
}

fn entry(out: &mut String, event: &Event, reader: &For<'_>) {
    push(out, "BEGIN:VEVENT");
    push(out, &format!("UID:{}@egida", event.id));
    push(out, &format!("DTSTAMP:{}", stamp(event.changed_at)));
    push(out, &format!("SEQUENCE:{}", event.revision));
    push(out, &format!("DTSTART:{}", stamp(event.starts_at)));
    // What begins and ends at once has no end of its own (3.6.1).
    if event.ends_at > event.starts_at {
        push(out, &format!("DTEND:{}", stamp(event.ends_at)));
    }
    push(out, if event.cancelled_at.is_some() { "STATUS:CANCELLED" } else { "STATUS:CONFIRMED" });
    push(out, &format!("SUMMARY:{}", escaped(&event.title)));
    let mut about = vec![format!("{} · {}", label(&event.marking), reader.name)];
    about.extend([&event.about].into_iter().filter(|about| !about.is_empty()).cloned());
    about.extend(event.cancelled_because.clone());
    about.extend(event.link.clone());
    push(out, &format!("DESCRIPTION:{}", escaped(&about.join("\n\n"))));
    if !event.place.is_empty() {
        push(out, &format!("LOCATION:{}", escaped(&event.place)));
    }
    let tags: Vec<String> = tags(event).iter().map(|name| escaped(name)).collect();
    if !tags.is_empty() {
        push(out, &format!("CATEGORIES:{}", tags.join(",")));
    }
    if let Some(origin) = reader.origin {
        push(out, &format!("URL:{origin}/agenda/{}", event.id));
    }
    push(out, "END:VEVENT");
}

/// Countries and themes by their English names.
fn tags(event: &Event) -> Vec<&'static str> {
    let countries = ALL_COUNTRIES.iter().filter(|country| event.countries().contains(&country.code));
    let themes = ALL_THEMES.iter().filter(|theme| event.themes().contains(&theme.slug));
    countries.map(|country| country.name.en.as_str()).chain(themes.map(|theme| theme.name.en.as_str())).collect()
}

/// `20261201T073000Z`.
fn stamp(at: i64) -> String {
    jiff::Timestamp::from_microsecond(at).map_or_else(|_| String::new(), |at| at.strftime("%Y%m%dT%H%M%SZ").to_string())
}

/// A text as a value (3.3.11).
fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\")
        .replace(';', "\\;")
        .replace(',', "\\,")
        .replace("\r\n", "\\n")
        .replace('\n', "\\n")
        .replace('\r', "")
}

/// Adds a line, folded where it is too long: never within a character.
fn push(out: &mut String, line: &str) {
    let mut room = LINE_MAX;
    for c in line.chars() {
        if c.len_utf8() > room {
            out.push_str("\r\n ");
            room = LINE_MAX - 1;
        }
        room -= c.len_utf8();
        out.push(c);
    }
    out.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn event() -> Event {
        Event {
            id: Uuid::from_u128(7),
            title: "Séance; plans, et \\ suites".into(),
            about: "Première ligne\nseconde".into(),
            language: "fr".into(),
            kind: "meeting".into(),
            countries: " RO ".into(),
            themes: " forced-begging ".into(),
            starts_at: 1_796_110_200_000_000,
            ends_at: 1_796_113_800_000_000,
            zone: "Europe/Bucharest".into(),
            place: "Iași".into(),
            link: None,
            marking: "green".into(),
            author: Uuid::from_u128(1),
            organisation: None,
            organisation_name: None,
            revision: 3,
            cancelled_at: None,
            cancelled_because: None,
            created_at: 0,
            changed_at: 1_795_931_004_000_000,
            coming: 0,
            maybe: 0,
            declined: 0,
            answer: None,
        }
    }

    const READER: For<'static> = For { name: "Ana Pop", origin: Some("https://egida.example") };

    #[test]
    fn texts_are_escaped_and_lines_end_as_they_must() {
        let text = calendar(&[event()], &READER);
        assert!(text.contains("\r\nSUMMARY:Séance\\; plans\\, et \\\\ suites\r\n"), "{text}");
        assert!(text.contains("DESCRIPTION:TLP:GREEN · Ana Pop\\n\\nPremière ligne\\nseconde\r\n"), "{text}");
        assert!(text.contains("\r\nDTSTART:20261201T073000Z\r\nDTEND:20261201T083000Z\r\n"), "{text}");
        assert!(text.contains("\r\nSEQUENCE:3\r\n") && text.contains("\r\nSTATUS:CONFIRMED\r\n"), "{text}");
        assert!(text.ends_with("END:VCALENDAR\r\n") && !text.replace("\r\n", "").contains('\n'), "{text}");
    }

    #[test]
    fn what_is_cancelled_and_what_is_only_due_say_so() {
        let cancelled = Event { cancelled_at: Some(1), cancelled_because: Some("No room".into()), ..event() };
        let text = calendar(&[cancelled], &READER);
        assert!(text.contains("\r\nSTATUS:CANCELLED\r\n") && text.contains("No room"), "{text}");
        let due = Event { ends_at: event().starts_at, ..event() };
        assert!(!calendar(&[due], &READER).contains("DTEND"));
    }

    #[test]
    fn no_line_is_too_long_and_no_character_is_cut() {
        for sign in ["a", "é", "Ж", "👩"] {
            let long = Event { title: sign.repeat(120), ..event() };
            let text = calendar(&[long], &READER);
            assert!(text.split("\r\n").all(|line| line.len() <= LINE_MAX), "{text}");
            assert!(text.replace("\r\n ", "").contains(&sign.repeat(120)), "{text}");
        }
    }
}
