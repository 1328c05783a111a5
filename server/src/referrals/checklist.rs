//! What is done when a child has not arrived, after the common steps of the European lines for missing children (116 000): pure.

use crate::vocabulary::{HelpLine, country_facts};

/// The steps, in the order in which they are taken.
pub(super) const STEPS: [&str; 9] = [
    "call_partner",
    "call_last_seen",
    "tell_guardian",
    "call_116000",
    "report_missing",
    "tell_border",
    "tell_lead",
    "child_contacts",
    "write_down",
];

/// Whether there is such a step.
pub(super) fn is_step(code: &str) -> bool {
    STEPS.contains(&code)
}

/// Where one calls in a country.
#[derive(Clone, Debug)]
pub(super) struct Numbers {
    pub(super) country: String,
    /// 116 000, where it works.
    pub(super) missing_children: Option<HelpLine>,
    pub(super) child_helpline: Option<HelpLine>,
}

/// The numbers of these countries, each once.
pub(super) fn numbers<'a>(countries: impl IntoIterator<Item = &'a str>) -> Vec<Numbers> {
    let mut codes: Vec<&str> = countries.into_iter().collect();
    codes.dedup();
    let facts = codes.into_iter().filter_map(|code| country_facts(code).map(|facts| (code, facts)));
    facts
        .map(|(code, facts)| Numbers {
            country: code.into(),
            missing_children: facts.missing_children.clone(),
            child_helpline: facts.child_helpline.clone(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_numbers_of_both_countries_are_at_hand() {
        let found = numbers(["RS", "GR"]);
        assert_eq!(found.iter().map(|each| each.country.as_str()).collect::<Vec<_>>(), ["RS", "GR"]);
        let line = |at: usize| found[at].missing_children.as_ref().map(|line| line.number.as_str());
        assert_eq!((line(0), line(1)), (Some("116 000"), Some("116 000")));
        assert_eq!(numbers(["RS", "RS"]).len(), 1);
        assert!(is_step("call_116000") && !is_step("wait"));
    }
}
