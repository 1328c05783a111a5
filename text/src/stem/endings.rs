//! Cutting endings off.

/// The word without the first of these endings that it has and that leaves so many letters of it. Lists have long endings
/// first; a word of other letters than a to z has none of them.
pub(super) fn cut<'a>(word: &'a str, endings: &[&str], least: usize) -> &'a str {
    let fits = |ending: &&&str| word.len() >= ending.len() + least && word.ends_with(**ending);
    endings.iter().find(fits).map_or(word, |ending| &word[..word.len() - ending.len()])
}
