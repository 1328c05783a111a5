//! How words are found: folding, the language of a text, stems.

mod fold;
mod language;
mod stem;
mod terms;

pub use fold::{fold, words};
pub use language::{Language, language};
pub use stem::stem;
pub use terms::{forms, stems, terms};

/// Stamp of the whole pipeline: how text is folded, its language told, its words stemmed. An index that was filled under
/// another stamp is filled anew.
pub const VERSION: &str = "text-1";
