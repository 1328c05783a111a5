//! Countries and themes of a thing, as they are stored in one column: codes with a space around each, so that one is found in it.

use super::{is_country, is_theme};

/// Languages that a text about this work can be in, as the glossary calls them.
pub const TEXT_LANGUAGES: [&str; 12] = ["en", "fr", "sq", "bs", "hr", "cnr", "sr-Latn", "sr-Cyrl", "bg", "mk", "ro", "el"];

/// Codes as they are stored.
pub fn stored(codes: &[String]) -> String {
    if codes.is_empty() { String::new() } else { format!(" {} ", codes.join(" ")) }
}

/// Codes as they were stored.
pub fn codes(stored: &str) -> Vec<String> {
    stored.split_whitespace().map(ToOwned::to_owned).collect()
}

/// What finds a code in a column of them.
pub fn holding(code: &str) -> String {
    format!("% {code} %")
}

/// Countries and themes, each once and in their order; `None` if one of them isn't in the vocabulary.
pub fn known(countries: Vec<String>, themes: Vec<String>) -> Option<(Vec<String>, Vec<String>)> {
    let all = countries.iter().all(|code| is_country(code)) && themes.iter().all(|slug| is_theme(slug));
    all.then(|| (once(countries), once(themes)))
}

fn once(mut codes: Vec<String>) -> Vec<String> {
    codes.sort_unstable();
    codes.dedup();
    codes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_read_back_as_they_were_stored() {
        for list in [vec![], vec!["RO".to_owned()], vec!["BG".to_owned(), "RO".to_owned()]] {
            assert_eq!(codes(&stored(&list)), list);
        }
        assert_eq!((stored(&["RO".to_owned()]).as_str(), holding("RO").as_str()), (" RO ", "% RO %"));
    }

    #[test]
    fn what_is_in_the_vocabulary_is_known() {
        let list = |codes: &[&str]| codes.iter().map(|code| (*code).to_owned()).collect::<Vec<_>>();
        let found = known(list(&["RO", "BG", "RO"]), list(&["forced-begging"]));
        assert_eq!(found, Some((list(&["BG", "RO"]), list(&["forced-begging"]))));
        assert_eq!(known(list(&["FR"]), vec![]), None);
        assert_eq!(known(vec![], list(&["weather"])), None);
    }
}
