//! English: the Snowball stemmer, plurals that it doesn't know, and one spelling for both sides of the ocean.

use std::borrow::Cow;

use waken_snowball::SnowballEnv;
use waken_snowball::algorithms::english_stemmer;

/// Words whose plural or spelling has a stem of its own.
const ODD: [(&str, &str); 13] = [
    ("authorities", "authoriti"),
    ("authority", "authoriti"),
    ("center", "centr"),
    ("centers", "centr"),
    ("children", "child"),
    ("men", "man"),
    ("minorities", "minoriti"),
    ("minority", "minoriti"),
    ("wives", "wife"),
    ("women", "woman"),
    ("lives", "life"),
    ("people", "peopl"),
    ("knives", "knife"),
];

pub(super) fn stem(word: &str) -> Cow<'_, str> {
    if let Some((_, stem)) = ODD.iter().find(|(odd, _)| *odd == word) {
        return Cow::Borrowed(stem);
    }
    // The stemmer takes them for *wit* and *hospitable*.
    if let Some(whole) = ["witness", "hospital"].into_iter().find(|whole| word.strip_prefix(whole).is_some_and(is_inflection)) {
        return Cow::Borrowed(whole);
    }
    let mut snowball = SnowballEnv::create(word);
    english_stemmer::stem(&mut snowball);
    let stem = snowball.get_current();
    if let Some(before) = stem.strip_suffix('i').filter(|before| before.len() == 2) {
        // Three letters are never stemmed: tries, tried, try.
        return Cow::Owned([before, "y"].concat());
    }
    for (end, instead) in [("ick", "ic"), ("our", "or"), ("iz", "is"), ("ens", "enc")] {
        if let Some(before) = stem.strip_suffix(end).filter(|before| before.len() > 2) {
            return Cow::Owned([before, instead].concat());
        }
    }
    stem
}

fn is_inflection(end: &str) -> bool {
    matches!(end, "" | "s" | "es" | "ed" | "ing")
}
