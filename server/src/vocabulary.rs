//! The vocabulary of the field: countries, themes, functions, services, languages, kinds of organisations and abbreviations,
//! read from the tables that ship inside the binary.

mod abbreviations;
mod card;
pub mod codes;
mod glossary;
mod help;
mod labels;
mod languages;
mod organisations;

pub use abbreviations::{ALL_ABBREVIATIONS, Abbreviation};
pub use card::{CountryFacts, Line as HelpLine, country_facts};
pub use glossary::{ALL_CONCEPTS, Concept, GLOSSARY_LANGUAGES, term_in_all_languages};
pub use help::{ALL_SERVICES, ALL_TOPICS, Service};
pub use labels::H1_STAMP;
pub use languages::{ALL_LANGUAGES, Language};
pub use organisations::{ALL_KINDS, OrganisationKind, REGIMES, kind, kind_of_function};

use std::sync::LazyLock;

use serde::Serialize;
use utoipa::ToSchema;

pub use crate::access::handling::{MARKINGS, strictest, strictness};

const COUNTRIES: &str = include_str!("../vocabulary/countries.tsv");
const THEMES: &str = include_str!("../vocabulary/themes.tsv");
/// Our own French for the texts that the shared tables have in English only.
const COUNTRIES_FR: &str = include_str!("../vocabulary/countries.fr.tsv");
const THEMES_FR: &str = include_str!("../vocabulary/themes.fr.tsv");
const ROLES: &str = include_str!("../vocabulary/roles.tsv");
const GLOSSARY: &str = include_str!("../vocabulary/glossary.tsv");

/// A text in the languages of the catalogues.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, serde::Deserialize, ToSchema)]
pub struct Words {
    /// English.
    pub en: String,
    /// French.
    pub fr: String,
}

impl Words {
    /// A text and its French twin.
    pub fn new(en: impl Into<String>, fr: impl Into<String>) -> Self {
        Self { en: en.into(), fr: fr.into() }
    }
}

/// A country of the region.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Country {
    /// ISO 3166-1 alpha-2; XK is user-assigned.
    pub code: String,
    /// English and French. Kosovo carries the asterisk of its footnote.
    pub name: Words,
    /// In the country's own languages.
    pub native: String,
    /// As an emoji.
    pub flag: String,
    /// The neutral footnote, where there is one.
    pub footnote: Option<Words>,
    /// Emergency numbers, and whose they are.
    pub emergency: Words,
    /// The child helpline, where one is known.
    pub child_helpline: Option<String>,
    /// Who answers it, and when.
    pub child_helpline_operator: Option<Words>,
}

/// A theme of the work.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Theme {
    /// Its stable name.
    pub slug: String,
    /// English and French.
    pub name: Words,
    /// What belongs to it.
    pub definition: Words,
    /// `members`, `verified` or `vetted`: who may come in.
    #[serde(skip)]
    pub access: String,
    /// Default marking, lower case.
    #[serde(skip)]
    pub marking: String,
}

/// What somebody is in this work.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Function {
    /// Code of the vocabulary.
    pub code: String,
    /// English and French.
    pub name: Words,
}

/// The countries, by code.
pub static ALL_COUNTRIES: LazyLock<Vec<Country>> = LazyLock::new(|| {
    let mut countries: Vec<_> = rows(COUNTRIES).map(|row| country(&row)).collect();
    countries.sort_by(|a, b| a.code.cmp(&b.code));
    countries
});

/// The themes, in the order of the vocabulary.
pub static ALL_THEMES: LazyLock<Vec<Theme>> = LazyLock::new(|| rows(THEMES).map(|row| theme(&row)).collect());

/// Functions a person can have.
pub static ALL_FUNCTIONS: LazyLock<Vec<Function>> = LazyLock::new(|| {
    rows(ROLES)
        .filter(|row| row("kind") != "platform_role")
        .map(|row| Function { code: row("code").into(), name: Words::new(row("name_en"), row("name_fr")) })
        .collect()
});

/// Whether there is a country of this code.
pub fn is_country(code: &str) -> bool {
    ALL_COUNTRIES.iter().any(|country| country.code == code)
}

/// Whether there is a theme of this slug.
pub fn is_theme(slug: &str) -> bool {
    ALL_THEMES.iter().any(|theme| theme.slug == slug)
}

/// Whether there is a function of this code.
pub fn is_function(code: &str) -> bool {
    ALL_FUNCTIONS.iter().any(|function| function.code == code)
}

fn country(row: &dyn Fn(&str) -> &'static str) -> Country {
    let known = |text: &str| (text != "-" && !text.starts_with("not found")).then(|| text.to_owned());
    let code = row("code");
    // UN Security Council resolution 1244 and the opinion of the International Court of Justice: the footnote agreed
    // in the Belgrade-Pristina dialogue of 24 February 2012.
    let footnote = (code == "XK").then(|| {
        Words::new(
            "* This designation is without prejudice to positions on status, and is in line with UNSCR 1244/1999 and the ICJ Opinion on the Kosovo declaration of independence.",
            "* Cette désignation est sans préjudice des positions sur le statut et est conforme à la résolution 1244/1999 du CSNU ainsi qu’à l’avis de la CIJ sur la déclaration d’indépendance du Kosovo.",
        )
    });
    let star = |name: &str| if footnote.is_some() { format!("{}*", name.trim_end_matches('*')) } else { name.to_owned() };
    Country {
        code: code.into(),
        name: Words::new(star(row("name_en")), star(row("name_fr"))),
        native: row("name_native").into(),
        flag: row("flag").into(),
        footnote,
        emergency: in_both(row("emergency"), COUNTRIES_FR, code, "emergency"),
        child_helpline: known(row("child_helpline")),
        child_helpline_operator: known(row("child_helpline_operator"))
            .map(|operator| in_both(&operator, COUNTRIES_FR, code, "child_helpline_operator")),
    }
}

/// An English text with the French one that a table of ours has for it; what isn't in that table reads the same in both.
fn in_both(en: &str, table: &'static str, key: &str, column: &str) -> Words {
    let fr = rows(table).find(|row| row("key") == key).map(|row| row(column)).filter(|text| !text.is_empty());
    Words::new(en, fr.unwrap_or(en))
}

fn theme(row: &dyn Fn(&str) -> &'static str) -> Theme {
    let access = match row("default_access") {
        access if access.starts_with("vetted") => "vetted",
        "verified" => "verified",
        _ => "members",
    };
    Theme {
        slug: row("slug").into(),
        name: Words::new(row("name_en"), row("name_fr")),
        definition: in_both(row("definition"), THEMES_FR, row("slug"), "definition"),
        access: access.into(),
        marking: row("default_tlp").to_lowercase(),
    }
}

/// The rows of a table, each as a function from column name to cell.
fn rows(table: &'static str) -> impl Iterator<Item = Box<dyn Fn(&str) -> &'static str>> {
    let mut lines = table.lines();
    let columns: Vec<&str> = lines.next().unwrap_or_default().split('\t').collect();
    lines.filter(|line| !line.is_empty()).map(move |line| {
        let columns = columns.clone();
        let cells: Vec<&'static str> = line.split('\t').collect();
        let cell = move |name: &str| {
            columns.iter().position(|column| *column == name).and_then(|at| cells.get(at)).copied().unwrap_or_default()
        };
        Box::new(cell) as Box<dyn Fn(&str) -> &'static str>
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_region_is_whole() {
        assert_eq!(ALL_COUNTRIES.len(), 11);
        assert_eq!(ALL_THEMES.len(), 16);
        assert!(is_function("PROSECUTOR") && is_function("SA-THB") && !is_function("ADMIN"));
        assert!(ALL_THEMES.iter().all(|theme| strictness(&theme.marking).is_some()), "{ALL_THEMES:?}");
    }

    #[test]
    fn every_text_has_its_french_and_every_french_text_its_place() {
        for theme in ALL_THEMES.iter() {
            assert_ne!(theme.definition.en, theme.definition.fr, "{}", theme.slug);
        }
        // Names of helplines and bare numbers are the same in every language; English words are not.
        let english = ["; police 1", "24/7", "working", "also", "State", "national "];
        for country in ALL_COUNTRIES.iter() {
            for words in country.child_helpline_operator.iter().chain([&country.emergency]) {
                assert!(!english.iter().any(|word| words.fr.contains(word)), "{}: {}", country.code, words.fr);
            }
        }
        assert!(rows(THEMES_FR).all(|row| is_theme(row("key"))));
        assert!(rows(COUNTRIES_FR).all(|row| is_country(row("key"))));
    }

    #[test]
    fn kosovo_carries_its_footnote_and_nobody_else_does() {
        for country in ALL_COUNTRIES.iter() {
            let is_kosovo = country.code == "XK";
            assert_eq!(country.footnote.is_some(), is_kosovo);
            assert_eq!(country.name.en.ends_with('*'), is_kosovo);
            assert_eq!(country.name.fr.ends_with('*'), is_kosovo);
        }
    }
}
