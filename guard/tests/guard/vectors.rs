//! The examples of `national-ids.tsv`: what is valid passes its rule and is found, what isn't doesn't.

use crate::support::{TODAY, rows, setting};
use egida_guard::{Countries, Kind, Room, Severity, passes, scan};

#[test]
fn every_example_of_the_table_is_judged_as_the_table_says() {
    let mut checked = 0;
    for row in rows() {
        for (column, holds) in [("valid_1", true), ("valid_2", true), ("invalid_1", false), ("invalid_2", false)] {
            let example = row(column);
            assert_eq!(passes(row("id"), example, TODAY), Some(holds), "{} {} {column} {example}", row("id"), row("country"));
            checked += 1;
        }
    }
    assert_eq!(checked, 176);
}

#[test]
fn every_valid_example_is_found_beside_the_words_that_announce_it() {
    for row in rows() {
        let kind = Kind::named(row("id")).expect("a kind of the table");
        let words: Vec<&str> = row("context_words").split(", ").collect();
        for word in words {
            for (example, address) in [(row("valid_1"), "info@"), (row("valid_2"), "desk.child@")] {
                let example = example.replace(address, "jane.roe@");
                let text = format!("{word}: {example}");
                let found = scan(&text, &setting());
                let one = found.iter().find(|finding| finding.kind == kind).unwrap_or_else(|| panic!("{text}: {found:?}"));
                let blocks = row("open_channel").starts_with("block");
                assert_eq!(one.severity == Severity::Block, blocks, "{text}: {found:?}");
                assert_eq!(&text[one.span.clone()], example, "{text}");
                let whose = Countries::of(row("country"));
                let known = kind == Kind::Jmbg || kind == Kind::Iban || one.countries.with(whose) == one.countries;
                assert!(known, "{text}: {found:?}");
            }
        }
    }
}

#[test]
fn without_such_words_the_policy_decides() {
    for (text, severity) in [
        ("0101901710008", Some(Severity::Block)),
        ("12345678903", Some(Severity::Warn)),
        ("9921010007", Some(Severity::Warn)),
        ("000000000", None),
        ("AA 000 AA", None),
        ("ΑΑ 000000", None),
        ("0611234567", None),
    ] {
        let found = scan(text, &setting());
        assert_eq!(found.first().map(|finding| finding.severity), severity, "{text}: {found:?}");
    }
    let case = setting().in_room(Room::Case);
    assert_eq!(scan("12345678903", &case)[0].severity, Severity::Block);
    assert_eq!(scan("RS62000000000000000000", &case)[0].severity, Severity::Warn);
}

#[test]
fn a_birth_that_lies_in_the_future_is_none() {
    // 2 January 2027, invented, with its check digit.
    let future: Vec<String> = (0..10).map(|check| format!("020102771000{check}")).collect();
    assert!(future.iter().all(|number| passes("jmbg", number, TODAY) == Some(false)));
    let later = egida_guard::Day { year: 2027, ..TODAY };
    assert_eq!(future.iter().filter(|number| passes("jmbg", number, later) == Some(true)).count(), 1);
}
