//! What the pages and mails of the newsletter say of themselves: those who read them have no page of ours that would.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::vocabulary::{ALL_COUNTRIES, ALL_LANGUAGES, Words};

/// English and French by key.
const TABLE: &str = include_str!("words.tsv");

static WORDS: LazyLock<HashMap<&'static str, (&'static str, &'static str)>> = LazyLock::new(|| {
    let row = |line: &'static str| {
        let mut cells = line.split('\t');
        Some((cells.next()?, (cells.next()?, cells.next()?)))
    };
    TABLE.lines().skip(1).filter_map(row).collect()
});

/// The language that the newsletter's own words have in an issue of this one.
pub(super) fn spoken(language: &str) -> &'static str {
    if language == "fr" { "fr" } else { "en" }
}

/// A text by its key, for readers of a language.
pub(super) fn say(language: &str, key: &str) -> &'static str {
    let (en, fr) = WORDS.get(key).copied().unwrap_or_default();
    if spoken(language) == "fr" { fr } else { en }
}

/// A text with something put into its hole.
pub(super) fn fill(language: &str, key: &str, holes: &[(&str, &str)]) -> String {
    holes.iter().fold(say(language, key).to_owned(), |text, (hole, with)| text.replace(&format!("{{{hole}}}"), with))
}

/// All texts, as a template asks for them.
pub(super) fn all(language: &str) -> HashMap<&'static str, &'static str> {
    WORDS.keys().map(|key| (*key, say(language, key))).collect()
}

/// A country's name; its code where there is no such country.
pub(super) fn country(language: &str, code: &str) -> String {
    let found = ALL_COUNTRIES.iter().find(|country| country.code == code);
    found.map_or_else(|| code.to_owned(), |country| of(language, &country.name).to_owned())
}

/// What a language is called, in itself and for readers of another one.
pub(super) fn language_name(reader: &str, code: &str) -> (String, String) {
    let (primary, script) = code.split_once('-').map_or((code, None), |(primary, script)| (primary, Some(script)));
    let Some(found) = ALL_LANGUAGES.iter().find(|language| language.code == primary) else {
        return (code.to_owned(), code.to_owned());
    };
    // Serbian is called in both of its scripts.
    let (cyrillic, latin) = found.native.split_once(" / ").unwrap_or((&found.native, &found.native));
    let own = if script == Some("Latn") { latin } else { cyrillic };
    (own.to_owned(), of(reader, &found.name).to_owned())
}

fn of<'a>(language: &str, words: &'a Words) -> &'a str {
    if spoken(language) == "fr" { &words.fr } else { &words.en }
}

/// `2026-11-29` as people write it: 29 November 2026.
pub(super) fn day(language: &str, micros: i64) -> String {
    const MONTHS: [(&str, &str); 12] = [
        ("January", "janvier"),
        ("February", "février"),
        ("March", "mars"),
        ("April", "avril"),
        ("May", "mai"),
        ("June", "juin"),
        ("July", "juillet"),
        ("August", "août"),
        ("September", "septembre"),
        ("October", "octobre"),
        ("November", "novembre"),
        ("December", "décembre"),
    ];
    let written = super::model::day(micros);
    let mut parts = written.split('-').map(|part| part.parse::<usize>().unwrap_or_default());
    let (Some(year), Some(month), Some(day)) = (parts.next(), parts.next(), parts.next()) else { return written };
    let (en, fr) = MONTHS.get(month.wrapping_sub(1)).copied().unwrap_or_default();
    if spoken(language) == "fr" {
        let day = if day == 1 { "1er".to_owned() } else { day.to_string() };
        return format!("{day} {fr} {year}");
    }
    format!("{day} {en} {year}")
}

#[cfg(test)]
mod tests {
    use super::super::model::SECTIONS;
    use super::*;

    #[test]
    fn every_text_stands_in_both_languages_with_the_same_holes() {
        let holes = |text: &str| text.matches('{').count();
        assert_eq!(WORDS.len(), TABLE.lines().count() - 1);
        for (key, (en, fr)) in WORDS.iter() {
            assert!(!en.is_empty() && !fr.is_empty() && holes(en) == holes(fr), "{key}");
            assert!(!fr.contains(" :") && !fr.contains(" ;") && !fr.contains(" ?") && !fr.contains(" !"), "{key}");
        }
        assert!(SECTIONS.iter().all(|section| !say("fr", section).is_empty()));
    }

    #[test]
    fn days_countries_and_languages_are_named_for_their_readers() {
        let at = 1_791_072_000_000_000;
        assert_eq!((day("en", at), day("fr", at)), ("4 October 2026".into(), "4 octobre 2026".into()));
        assert_eq!(day("fr", at - 3 * crate::base::clock::DAY), "1er octobre 2026");
        assert_eq!((country("fr", "MK").as_str(), country("bg", "MK").as_str()), ("Macédoine du Nord", "North Macedonia"));
        assert_eq!(language_name("fr", "sr-Latn"), ("srpski".into(), "serbe".into()));
        assert_eq!(language_name("en", "sr-Cyrl"), ("српски".into(), "Serbian".into()));
        assert_eq!(fill("fr", "issue", &[("number", "3")]), "Numéro 3");
    }
}
