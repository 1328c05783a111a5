//! Cutting endings off.
//!
//! Our own stemmers take endings off until none is left that can be taken. So a form made of a stem and an ending leads to
//! what the stem itself leads to, even where the stem happens to end like an ending: *sistem*, *sistema* and *sistemima*
//! meet, although *-em* is one.

/// Endings and how many bytes of the word must be left. Where several fit, the longest is taken.
pub(super) type Endings<'e> = &'e [(&'e [&'e str], usize)];

/// The word without the endings of these lists, one after another until none fits.
pub(super) fn strip<'a>(word: &'a str, endings: Endings) -> &'a str {
    let mut left = word;
    while let Some(shorter) = cut(left, endings) {
        left = shorter;
    }
    left
}

/// The word without the longest ending that fits.
pub(super) fn cut<'a>(word: &'a str, endings: Endings) -> Option<&'a str> {
    let fitting = endings.iter().flat_map(|(list, least)| list.iter().filter(move |ending| word.len() >= ending.len() + least));
    let longest = fitting.filter(|ending| word.ends_with(**ending)).map(|ending| ending.len()).max()?;
    word.get(..word.len() - longest)
}

/// Whether this is a vowel of a language in folded Latin letters.
pub(super) fn is_vowel(letter: u8) -> bool {
    matches!(letter, b'a' | b'e' | b'i' | b'o' | b'u' | b'y')
}

/// Whether the letter before this ending, which the word has, is a consonant.
pub(super) fn after_consonant(word: &str, ending: &str) -> bool {
    let before = word.strip_suffix(ending).and_then(|before| before.bytes().last());
    before.is_some_and(|letter| letter.is_ascii_lowercase() && !is_vowel(letter))
}
