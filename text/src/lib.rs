//! How words are found: folding, the language of a text, stems. The index and its queries go through the same functions.
//!
//! There is no I/O here, no model and no table but the short lists in the code. docs/decisions/0022 says why each language
//! has the stemmer it has, and what they reach.
//!
//! ```
//! use egida_text::{Language, fold, forms, language, stem, terms};
//!
//! let text = "Жртва трговине људима је смештена у склониште.";
//! let told = language(text, None);
//! assert_eq!(told, Some(Language::SouthSlavic));
//!
//! // Written in Cyrillic and ekavian, found in Latin letters, in another case.
//! let held = terms(text, told);
//! for sought in ["žrtve", "trgovina", "skloništa", "smješteno"] {
//!     assert!(forms(&fold(sought), &Language::ALL).iter().any(|form| held.contains(form)), "{sought}");
//! }
//!
//! assert_eq!(stem("prevodioca", Language::SouthSlavic), stem("prevodilac", Language::SouthSlavic));
//! assert_ne!(stem("policija", Language::SouthSlavic), stem("politika", Language::SouthSlavic));
//! ```
//!
//! `fold` spells what is equal to a reader in one way; `language` tells the language by script, letters and `small_words`;
//! `stem` has a module for each language, over `endings` and, for the South Slavic ones, `slavic`; `terms` is what an index
//! holds and a query asks for.

mod fold;
mod language;
mod small_words;
mod stem;
mod terms;

pub use fold::{fold, words};
pub use language::{Language, language};
pub use stem::stem;
pub use terms::{forms, terms};

/// Stamp of the whole pipeline: how text is folded, its language told, its words stemmed. An index that was filled under
/// another stamp is filled anew.
pub const VERSION: &str = "text-1";
