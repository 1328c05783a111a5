//! Words that would find something, for a word that finds nothing. They come from what the reader may open: the newest
//! messages of the reader's own channels and the glossary, never from the index, which knows all words that there are.

use std::collections::HashMap;

use egida_text::{fold, words};
use serde::Serialize;
use utoipa::ToSchema;

/// Letters of a word for which others are proposed.
const LEAST: usize = 4;

/// A word that would find something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct Spelling {
    /// Folded, as it was typed.
    word: String,
    /// As it is written where it stands.
    instead: String,
}

/// For each of these folded words the nearest one of the texts, if one is near: the more frequent of equally near ones.
pub(super) fn spellings<'a>(wanted: &[&str], texts: impl Iterator<Item = &'a str>) -> Vec<Spelling> {
    let mut known: HashMap<String, (usize, &str)> = HashMap::new();
    for text in texts {
        for written in words(text) {
            let entry = known.entry(fold(written)).or_insert((0, written));
            entry.0 += 1;
        }
    }
    wanted.iter().filter_map(|word| nearest(word, &known)).collect()
}

fn nearest(word: &str, known: &HashMap<String, (usize, &str)>) -> Option<Spelling> {
    let length = word.chars().count();
    if length < LEAST || known.contains_key(word) {
        return None;
    }
    // One slip in a short word, two in a long one.
    let slips = if length < 7 { 1 } else { 2 };
    let near = known.iter().filter(|(other, _)| other.chars().count().abs_diff(length) <= slips);
    let near = near.map(|(other, (count, written))| (strsim::osa_distance(word, other), std::cmp::Reverse(*count), *written));
    let (distance, _, written) = near.min()?;
    (distance <= slips).then(|| Spelling { word: word.to_owned(), instead: written.to_lowercase() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn instead(word: &str) -> Option<String> {
        let texts = ["The guardian met the child at the border", "Guardian of a child; children", "Жртве трговине"];
        spellings(&[word], texts.into_iter()).pop().map(|spelling| spelling.instead)
    }

    #[test]
    fn a_slip_finds_the_word_that_was_meant() {
        assert_eq!(instead("guardain").as_deref(), Some("guardian"));
        assert_eq!(instead("bordr").as_deref(), Some("border"));
        assert_eq!(instead("trgovini").as_deref(), Some("трговине"));
    }

    #[test]
    fn a_word_that_is_there_short_or_far_off_is_left_alone() {
        assert_eq!(instead("child"), None);
        assert_eq!(instead("teh"), None);
        assert_eq!(instead("hospital"), None);
    }
}
