//! French: the Snowball stemmer. It knows a participle by its accent, which folding takes, so plural and feminine are
//! taken off before it is asked.

use std::borrow::Cow;

use waken_snowball::Algorithm;

/// Words that have a stem of their own.
const ODD: [(&str, &str); 5] =
    [("foyer", "foyer"), ("frontiere", "frontier"), ("traite", "traite"), ("travaux", "travail"), ("yeux", "oeil")];

pub(super) fn stem(word: &str) -> Cow<'_, str> {
    let one = word.strip_suffix('s').filter(|one| one.len() > 3 && !one.ends_with('s')).unwrap_or(word);
    if let Some((_, stem)) = ODD.iter().find(|(odd, _)| *odd == one) {
        return Cow::Borrowed(stem);
    }
    let one = if one.ends_with("ee") || one.ends_with("iere") { &one[..one.len() - 1] } else { one };
    let stem = waken_snowball::stem(Algorithm::French, one);
    // identifier, identifie; exploitent
    match ["ent", "i"].iter().find_map(|end| stem.strip_suffix(end)).filter(|before| before.len() > 3) {
        Some(before) => Cow::Owned(before.to_owned()),
        None => stem,
    }
}
