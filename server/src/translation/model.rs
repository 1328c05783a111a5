//! What a translation is.

use serde::Serialize;
use utoipa::ToSchema;

/// A message in another language, as a machine has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct Translation {
    /// Plain text: the signs of Markdown are gone.
    pub(super) text: String,
    /// The language of the original, as the service takes it; null if it doesn't say.
    pub(super) from: Option<String>,
    /// The language that was asked for.
    pub(super) to: String,
    /// The host that has made it.
    pub(super) provider: String,
    /// Terms of the glossary that were found in it.
    pub(super) terms: Vec<TranslatedTerm>,
    /// How many names, links and numbers the service has lost: they stand in the original alone.
    pub(super) lost: usize,
}

/// A term of the glossary in a translation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct TranslatedTerm {
    /// As it stands in the original.
    pub(super) from: String,
    /// As the glossary has it in the language that was asked for.
    pub(super) to: String,
    /// Whether it stands in the translation; false where the service has lost it.
    pub(super) kept: bool,
}
