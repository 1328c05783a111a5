//! The retrieval test set (`tests/retrieval`) is whole: what search is measured by must not be at fault itself.

use std::collections::{BTreeMap, HashMap, HashSet};

const TEXTS: &str = include_str!("../retrieval/texts.tsv");
const QUERIES: &str = include_str!("../retrieval/queries.tsv");
const THEMES: &str = include_str!("../../server/vocabulary/themes.tsv");
const COUNTRIES: &str = include_str!("../../server/vocabulary/countries.tsv");
const MODES: [&str; 7] = ["inflected", "script", "plain", "exact", "phrase", "prefix", "cross"];

/// The rows of a table, as wide as its head.
fn rows(table: &'static str) -> Vec<Vec<&'static str>> {
    let width = table.lines().next().expect("a head").split('\t').count();
    let rows: Vec<Vec<_>> = table.lines().skip(1).map(|line| line.split('\t').collect()).collect();
    for row in &rows {
        assert_eq!(row.len(), width, "{row:?}");
        assert!(row.iter().all(|cell| cell.trim() == *cell), "{row:?}");
    }
    rows
}

fn first_column(table: &'static str) -> HashSet<&'static str> {
    table.lines().skip(1).filter_map(|line| line.split('\t').next()).collect()
}

fn is_cyrillic(c: char) -> bool {
    ('\u{400}'..='\u{4FF}').contains(&c)
}

/// The words of a text, with a single space around each.
fn words(text: &str) -> String {
    let lower = text.to_lowercase();
    let words: Vec<_> = lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    format!(" {} ", words.join(" "))
}

#[test]
fn every_text_is_in_its_alphabet_and_of_the_vocabulary() {
    let (themes, countries) = (first_column(THEMES), first_column(COUNTRIES));
    let texts = rows(TEXTS);
    assert!(texts.len() >= 300, "{}", texts.len());
    let mut by_language = BTreeMap::new();
    let mut ids = HashSet::new();
    for row in &texts {
        let [id, language, kind, country, theme, text] = row[..] else { panic!("{row:?}") };
        assert!(ids.insert(id), "{id} stands twice");
        assert!(["practice", "message"].contains(&kind) && countries.contains(country) && themes.contains(theme), "{row:?}");
        match language {
            "bg" | "mk" | "sr-Cyrl" => assert!(!text.chars().any(|c| c.is_ascii_alphabetic()), "{id}: Latin letters"),
            "el" => assert!(!text.chars().any(|c| c.is_ascii_alphabetic() || is_cyrillic(c)), "{id}: foreign letters"),
            _ => assert!(!text.chars().any(is_cyrillic), "{id}: Cyrillic letters"),
        }
        assert!(!text.contains(['ş', 'ţ', 'Ş', 'Ţ']), "{id}: a cedilla for a comma");
        *by_language.entry(language).or_insert(0) += 1;
    }
    assert_eq!(by_language.len(), 12, "{by_language:?}");
    assert!(by_language.values().all(|count| *count >= 25), "{by_language:?}");
}

#[test]
fn every_query_has_an_answer_of_its_kind() {
    let texts: HashMap<_, _> = rows(TEXTS).into_iter().map(|row| (row[0], (row[1], row[5]))).collect();
    let queries = rows(QUERIES);
    assert!(queries.len() >= 600, "{}", queries.len());
    let mut seen = HashSet::new();
    for row in &queries {
        let [language, mode, query, expected, _] = row[..] else { panic!("{row:?}") };
        assert!(MODES.contains(&mode) && !query.is_empty() && seen.insert((language, mode, query)), "{row:?}");
        let expected: Vec<_> = expected.split(' ').collect();
        assert!((1..=5).contains(&expected.len()), "{row:?}");
        for id in expected {
            let (of, text) = texts.get(id).unwrap_or_else(|| panic!("{id} is no text: {row:?}"));
            match mode {
                "phrase" => assert!(words(text).contains(&words(query)), "{row:?}"),
                "cross" => assert_ne!(*of, language, "{row:?}"),
                "script" => assert_eq!(query.chars().any(is_cyrillic), *of == "sr-Latn", "{row:?}"),
                _ => {}
            }
        }
    }
}
