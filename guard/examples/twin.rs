//! Prints what the guard finds in the shared examples and in random strings, one JSON array a line, for the twin to agree with.
//!
//! `cargo run --release -p egida-guard --example twin -- 100000`; `cargo xtask gen` keeps some lines of it.

#![expect(clippy::print_stdout, reason = "a command line talks to people")]

#[path = "../tests/guard/support/mod.rs"]
mod support;

use std::ops::Range;

use egida_guard::{Countries, Kind, Room, Severity, joined, mask, scan};
use serde_json::{Value, json};
use support::dice::Dice;
use support::strings::Strings;
use support::{rows, setting};

const SEED: u64 = 20_261_128;

fn main() {
    let count: usize = std::env::args().nth(1).and_then(|count| count.parse().ok()).unwrap_or(300);
    for row in rows() {
        for column in ["valid_1", "valid_2", "invalid_1", "invalid_2"] {
            for word in row("context_words").split(", ") {
                println!("{}", alone(&format!("{word} {}", row(column)), false));
            }
            println!("{}", alone(row(column), true));
        }
    }
    let (strings, mut dice) = (Strings::new(), Dice(SEED));
    for at in 0..count {
        let one = strings.string(&mut dice);
        if at % 5 == 0 {
            println!("{}", together(&[one, strings.string(&mut dice), strings.string(&mut dice)]));
        } else {
            println!("{}", alone(&one, at % 7 == 0));
        }
    }
}

/// `[text, in a case room, findings, masked]`.
fn alone(text: &str, case: bool) -> Value {
    let setting = setting().in_room(if case { Room::Case } else { Room::Open });
    let findings = scan(text, &setting);
    let shown = findings.iter().map(|f| shown(f.kind, f.countries, f.severity, &json!(units(text, &f.span)), f.offer.as_ref()));
    json!([text, case, shown.collect::<Vec<_>>(), mask(text, &findings)])
}

/// `[messages, findings]`.
fn together(messages: &[String]) -> Value {
    let messages: Vec<&str> = messages.iter().map(String::as_str).collect();
    let place = |(at, span): &(usize, Range<usize>)| {
        let [start, end] = units(messages[*at], span);
        json!([at, start, end])
    };
    let spreads = joined(&messages, &setting());
    let shown =
        spreads.iter().map(|s| shown(s.kind, s.countries, s.severity, &s.parts.iter().map(place).collect(), s.offer.as_ref()));
    json!([messages, shown.collect::<Vec<_>>()])
}

fn shown(kind: Kind, countries: Countries, severity: Severity, place: &Value, offer: Option<&String>) -> Value {
    json!([kind.name(), countries.codes().collect::<Vec<_>>(), severity.name(), place, offer])
}

/// A span in UTF-16 units, as the browser counts.
fn units(text: &str, span: &Range<usize>) -> [usize; 2] {
    [span.start, span.end].map(|at| text[..at].encode_utf16().count())
}
