//! French: the Snowball stemmer. It knows a participle by its accent, which folding takes, so plural and feminine are
//! taken off before it is asked.

use std::borrow::Cow;

use waken_snowball::SnowballEnv;
use waken_snowball::algorithms::french_stemmer;

/// Words that have a stem of their own.
const ODD: [(&str, &str); 6] = [
    ("fausse", "faux"),
    ("foyer", "foyer"),
    ("frontiere", "frontier"),
    ("traite", "traite"),
    ("travaux", "travail"),
    ("yeux", "oeil"),
];

/// What the stemmer leaves, what is kept of it, and how many letters must stand before: *exploitent*; *identifier,
/// identifie*; *vendre, vendu*.
const ENDS: [(&str, &str, usize); 4] = [("ent", "", 5), ("i", "", 4), ("dr", "d", 3), ("du", "d", 3)];

pub(super) fn stem(word: &str) -> Cow<'_, str> {
    let one = word.strip_suffix('s').filter(|one| one.len() > 2 && !one.ends_with('s')).unwrap_or(word);
    if let Some((_, stem)) = ODD.iter().find(|(odd, _)| *odd == one) {
        return Cow::Borrowed(stem);
    }
    if one.len() == 3 {
        return Cow::Borrowed(one);
    }
    // exploitée, policière, étrangère
    let one = if one.ends_with("ee") || one.ends_with("iere") || (one.ends_with("ere") && one.len() > 6) {
        &one[..one.len() - 1]
    } else {
        one
    };
    let mut snowball = SnowballEnv::create(one);
    french_stemmer::stem(&mut snowball);
    let stem = snowball.get_current();
    for (end, kept, least) in ENDS {
        if let Some(before) = stem.strip_suffix(end).filter(|before| before.len() >= least) {
            return Cow::Owned([before, kept].concat());
        }
    }
    stem
}
