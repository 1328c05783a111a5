//! Languages people work in.

use std::sync::LazyLock;

use serde::Serialize;
use utoipa::ToSchema;

use super::{Words, rows};

const LANGUAGES: &str = include_str!("../../vocabulary/languages.tsv");

/// A language that somebody works in. Scripts are for texts: whoever speaks Serbian reads both.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Language {
    /// BCP 47, the language alone.
    pub code: String,
    /// English and French.
    pub name: Words,
    /// In the language itself.
    pub native: String,
}

/// The languages: those of the region, then those that meet it on the way.
pub static ALL_LANGUAGES: LazyLock<Vec<Language>> = LazyLock::new(|| {
    rows(LANGUAGES)
        .map(|row| Language {
            code: row("code").into(),
            name: Words::new(row("name_en"), row("name_fr")),
            native: row("name_native").into(),
        })
        .collect()
});

/// The languages of a list of BCP 47 tags, each once: `sr-Latn,sr-Cyrl` is Serbian.
pub(super) fn spoken(tags: &str) -> Vec<String> {
    let mut codes: Vec<String> = Vec::new();
    for code in tags.split(',').filter_map(|tag| tag.split('-').next()).filter(|code| !code.is_empty()) {
        if !codes.iter().any(|known| known == code) {
            codes.push(code.into());
        }
    }
    codes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_of_one_language_are_one_language() {
        assert_eq!(spoken("bs,hr,sr-Latn,sr-Cyrl"), ["bs", "hr", "sr"]);
        assert_eq!(spoken("-"), Vec::<String>::new());
    }
}
