//! What people and organisations can help with: the themes of the work, and services beside them.

use std::sync::LazyLock;

use serde::Serialize;
use utoipa::ToSchema;

use super::{ALL_THEMES, Words, rows};

const SERVICES: &str = include_str!("../../vocabulary/services.tsv");

/// A service of the field.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Service {
    /// Its stable code; no theme has the same.
    pub code: String,
    /// English and French.
    pub name: Words,
    /// What belongs to it.
    pub definition: Words,
}

/// The services, in the order of the vocabulary: a child's way through them.
pub static ALL_SERVICES: LazyLock<Vec<Service>> = LazyLock::new(|| {
    rows(SERVICES)
        .map(|row| Service {
            code: row("code").into(),
            name: Words::new(row("name_en"), row("name_fr")),
            definition: Words::new(row("definition_en"), row("definition_fr")),
        })
        .collect()
});

/// The codes of all that one can help with: themes, then services.
pub static ALL_TOPICS: LazyLock<Vec<&'static str>> = LazyLock::new(|| {
    let themes = ALL_THEMES.iter().map(|theme| theme.slug.as_str());
    themes.chain(ALL_SERVICES.iter().map(|service| service.code.as_str())).collect()
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_code_stands_for_two_things() {
        let mut codes = ALL_TOPICS.clone();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), ALL_THEMES.len() + ALL_SERVICES.len());
        assert!(ALL_SERVICES.iter().all(|service| !service.name.fr.is_empty() && !service.definition.fr.is_empty()));
    }
}
