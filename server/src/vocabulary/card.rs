//! What a country's card says: numbers to call, and where the country stands.

use std::sync::LazyLock;

use serde::Serialize;
use utoipa::ToSchema;

use super::languages::spoken;
use super::{COUNTRIES, COUNTRIES_FR, Words, in_both, rows};

/// The harmonised number for missing children in Europe (Commission Decision 2007/116/EC).
const MISSING_CHILDREN: &str = "116 000";

/// A number to call, and who answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = HelpLine)]
pub struct Line {
    /// As one dials it in the country.
    pub number: String,
    /// Who answers, and when.
    pub operator: Option<Words>,
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
    /// Emergency numbers, and whose they are.
    pub emergency: Words,
    /// The child helpline, where one is known.
    pub child_helpline: Option<Line>,
    /// The European line for missing children, 116 000, where it works.
    pub missing_children: Option<Line>,
    /// The line for trafficking, where one is known.
    pub trafficking_hotline: Option<Line>,
    /// How the numbers were looked up when the vocabulary was made.
    pub check: Words,
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

fn known(text: &str) -> Option<&str> {
    Some(text).filter(|text| *text != "-" && !text.is_empty())
}

fn facts(row: &dyn Fn(&str) -> &'static str) -> CountryFacts {
    let code = row("code");
    let words = |en: &str, column: &str| known(en).map(|en| in_both(en, COUNTRIES_FR, code, column));
    let line = |number: &str, operator: &str| {
        let number = known(row(number))?.to_owned();
        Some(Line { number, operator: words(row(operator), operator) })
    };
    CountryFacts {
        code: code.into(),
        languages: spoken(row("official_languages_bcp47")),
        other_languages: spoken(row("other_working_languages_bcp47")),
        calling_code: row("calling_code").into(),
        emergency: in_both(row("emergency"), COUNTRIES_FR, code, "emergency"),
        child_helpline: line("child_helpline", "child_helpline_operator"),
        missing_children: works(row("missing_children_116000"))
            .map(|operator| Line { number: MISSING_CHILDREN.into(), operator: words(operator, "missing_children_operator") }),
        trafficking_hotline: line("trafficking_hotline", "trafficking_hotline_operator"),
        check: in_both(row("helpline_check"), COUNTRIES_FR, code, "helpline_check"),
        eu_member: row("eu_member") == "yes",
        schengen: row("schengen") == "yes",
        siena: match row("siena_partner_note") {
            "member state" => "member_state",
            "working arrangement" => "working_arrangement",
            _ => "third_party",
        },
    }
}

/// `yes (ALO 116)` says that the line works, and who answers it (empty when that isn't said).
fn works(cell: &'static str) -> Option<&'static str> {
    let rest = cell.strip_prefix("yes")?.trim();
    Some(rest.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vocabulary::{ALL_COUNTRIES, ALL_LANGUAGES};

    #[test]
    fn every_country_has_its_facts_in_known_languages() {
        for country in ALL_COUNTRIES.iter() {
            let facts = country_facts(&country.code).expect("facts");
            assert!(!facts.languages.is_empty() && facts.emergency.en.contains("112"), "{facts:?}");
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
        assert_eq!(country_facts("RO").and_then(|facts| facts.missing_children.clone()).and_then(|line| line.operator), None);
        assert_eq!(works("no"), None);
        assert_eq!(works("yes"), Some(""));
        assert_eq!(works("yes (ASTRA)"), Some("ASTRA"));
    }

    #[test]
    fn what_is_said_of_a_number_is_said_in_french_too() {
        for facts in ALL_FACTS.iter() {
            assert!(facts.check.fr.contains("consulté"), "{facts:?}");
            let lines = [&facts.child_helpline, &facts.missing_children, &facts.trafficking_hotline];
            for operator in lines.into_iter().flatten().filter_map(|line| line.operator.as_ref()) {
                assert!(!operator.fr.contains("also") && !operator.fr.contains("days"), "{operator:?}");
            }
        }
    }
}
