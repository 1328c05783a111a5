//! What holds for every string whatever.

use std::sync::LazyLock;

use egida_guard::{Finding, Severity, joined, mask, normalise, scan};
use proptest::prelude::*;

use crate::support::dice::Dice;
use crate::support::setting;
use crate::support::strings::Strings;

static STRINGS: LazyLock<Strings> = LazyLock::new(Strings::new);

/// Spans lie between characters, in order, within the text; values overlap nothing.
fn check(text: &str, findings: &[Finding]) {
    for finding in findings {
        let value = text.get(finding.span.clone()).expect("a span between characters");
        assert!(!value.is_empty());
        assert!(finding.severity != Severity::Suggest || finding.offer.is_some());
    }
    assert!(findings.windows(2).all(|two| two[0].span.start <= two[1].span.start));
    let masked = mask(text, findings);
    for finding in findings.iter().filter(|finding| finding.severity > Severity::Suggest) {
        let value = &text[finding.span.clone()];
        // Said twice, it stays where it wasn't found.
        if value.chars().count() > 3 && text.matches(value).count() == 1 {
            assert!(!masked.contains(value));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_string_is_too_strange(text in any::<String>()) {
        check(&text, &scan(&text, &setting()));
    }

    #[test]
    fn nor_is_one_that_is_made_to_confuse(seed in any::<u64>()) {
        let text = STRINGS.string(&mut Dice(seed));
        check(&text, &scan(&text, &setting()));
    }

    #[test]
    fn a_normalised_text_knows_where_each_character_stood(text in any::<String>()) {
        let normal = normalise(&text);
        assert_eq!(normal.text.chars().count(), normal.places.len());
        assert!(normal.places.iter().all(|place| text.get(place.clone()).is_some_and(|sign| sign.chars().count() == 1)));
    }

    #[test]
    fn parts_of_what_is_joined_lie_in_their_messages(seed in any::<u64>()) {
        let mut dice = Dice(seed);
        let messages: Vec<String> = (0..3).map(|_| STRINGS.string(&mut dice)).collect();
        let messages: Vec<&str> = messages.iter().map(String::as_str).collect();
        for spread in joined(&messages, &setting()) {
            assert!(spread.parts.iter().all(|(at, span)| messages[*at].get(span.clone()).is_some_and(|value| !value.is_empty())));
            assert!(spread.parts.len() > 1 || spread.parts[0].0 == 2);
        }
    }
}

#[test]
fn a_finding_shows_no_value() {
    let text = "JMBG 0101901710008, jane.roe@example.org, born 14.03.2009";
    let shown = format!("{:?}", scan(text, &setting()));
    assert!(shown.contains("Jmbg") && shown.contains("Q1 2009"));
    assert!(!shown.contains("0101901710008") && !shown.contains("jane") && !shown.contains("14.03"));
}
