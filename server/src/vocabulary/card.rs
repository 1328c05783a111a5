//! What a country's card says: numbers to call, and where the country stands.

use std::sync::LazyLock;

use serde::Serialize;
use utoipa::ToSchema;

use super::languages::spoken;
use super::{COUNTRIES, rows};

/// A number to call, and who answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Line {
    /// As one dials it in the country.
    pub number: String,
    /// Who answers.
    pub operator: Option<String>,
}

/// The facts of a country that its card shows beside its name.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct CountryFacts {
    /// ISO 3166-1 alpha-2; XK is user-assigned.
    #[serde(skip)]
    pub code: String,
    /// Official languages, as codes of the vocabulary.
    pub languages: Vec<String>,
    /// Other languages that one works in there.
    pub other_languages: Vec<String>,
    /// Country calling code, with its plus.
    pub calling_code: String,
    /// Emergency numbers, as the vocabulary writes them.
    pub emergency: String,
    /// The child helpline, where one is known.
    pub child_helpline: Option<Line>,
    /// The European line for missing children, 116 000, where it works.
    pub missing_children: Option<Line>,
    /// The line for trafficking, where one is known.
    pub trafficking_hotline: Option<Line>,
    /// How the numbers were looked up when the vocabulary was made.
    pub check: String,
    /// What else is to be known of the country's numbers and names.
    pub note: Option<String>,
    /// Member state of the European Union.
    pub eu_member: bool,
    /// In the Schengen area.
    pub schengen: bool,
    /// How it reaches Europol's SIENA: `member_state`, `third_party` or `working_arrangement`.
    pub siena: &'static str,
}

static ALL_FACTS: LazyLock<Vec<CountryFacts>> = LazyLock::new(|| rows(COUNTRIES).map(|row| facts(&row)).collect());

/// The facts of a country; `None` if there is none of this code.
pub fn country_facts(code: &str) -> Option<&'static CountryFacts> {
    ALL_FACTS.iter().find(|facts| facts.code == code)
}

fn facts(row: &dyn Fn(&str) -> &'static str) -> CountryFacts {
    let known = |name: &str| Some(row(name)).filter(|text| *text != "-" && !text.is_empty()).map(ToOwned::to_owned);
    let line = |number: &str, operator: &str| Some(Line { number: known(number)?, operator: known(operator) });
    CountryFacts {
        code: row("code").into(),
        languages: spoken(row("official_languages_bcp47")),
        other_languages: spoken(row("other_working_languages_bcp47")),
        calling_code: row("calling_code").into(),
        emergency: row("emergency").into(),
        child_helpline: line("child_helpline", "child_helpline_operator"),
        missing_children: missing_children(row("missing_children_116000")),
        trafficking_hotline: line("trafficking_hotline", "trafficking_hotline_operator"),
        check: row("helpline_check").into(),
        note: known("note"),
        eu_member: row("eu_member") == "yes",
        schengen: row("schengen") == "yes",
        siena: match row("siena_partner_note") {
            "member state" => "member_state",
            "working arrangement" => "working_arrangement",
            _ => "third_party",
        },
    }
}

/// `yes (ALO 116)` says that the line works, and who answers it.
fn missing_children(cell: &str) -> Option<Line> {
    let rest = cell.strip_prefix("yes")?.trim();
    let operator = rest.strip_prefix('(').and_then(|rest| rest.strip_suffix(')'));
    Some(Line { number: "116 000".into(), operator: operator.map(ToOwned::to_owned) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vocabulary::{ALL_COUNTRIES, ALL_LANGUAGES};

    #[test]
    fn every_country_has_its_facts_in_known_languages() {
        for country in ALL_COUNTRIES.iter() {
            let facts = country_facts(&country.code).expect("facts");
            assert!(!facts.languages.is_empty() && facts.emergency.contains("112"), "{facts:?}");
            for code in facts.languages.iter().chain(&facts.other_languages) {
                assert!(ALL_LANGUAGES.iter().any(|language| language.code == *code), "{code} of {}", country.code);
            }
        }
        assert!(country_facts("FR").is_none());
    }

    #[test]
    fn how_a_country_reaches_siena_is_one_of_three_ways() {
        let ways: Vec<_> = rows(COUNTRIES).map(|row| row("siena_partner_note")).collect();
        assert!(
            ways.iter().all(|way| ["member state", "third-party agreement", "working arrangement"].contains(way)),
            "{ways:?}"
        );
    }

    #[test]
    fn what_is_not_known_is_not_shown() {
        assert_eq!(country_facts("XK").and_then(|facts| facts.child_helpline.clone()), None);
        assert_eq!(missing_children("no"), None);
        assert_eq!(missing_children("yes").and_then(|line| line.operator), None);
        assert_eq!(missing_children("yes (ASTRA)").and_then(|line| line.operator).as_deref(), Some("ASTRA"));
    }
}
