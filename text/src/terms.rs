//! What the index holds of a text, and what a query looks for: the words as folded, and their stems.

use std::borrow::Cow;

use crate::fold::{fold, words};
use crate::language::Language;
use crate::stem::stem;

/// The distinct words of a text and, if its language is known, their stems where these differ from all of them. In no
/// particular order.
pub fn terms(text: &str, language: Option<Language>) -> Vec<String> {
    let folded = fold(text);
    let own = distinct(&folded);
    let stems = language.map(|language| stems_of(&own, language)).unwrap_or_default();
    own.iter().map(|word| (*word).to_owned()).chain(stems.into_iter().map(Cow::into_owned)).collect()
}

/// What a query looks for to find a word: the folded word and its distinct stems in these languages.
pub fn forms(word: &str, languages: &[Language]) -> Vec<String> {
    let mut forms = vec![word.to_owned()];
    for language in languages {
        let stem = stem(word, *language);
        if !forms.iter().any(|form| *form == stem) {
            forms.push(stem.into_owned());
        }
    }
    forms
}

/// The distinct words, sorted.
fn distinct(folded: &str) -> Vec<&str> {
    let mut own: Vec<&str> = words(folded).collect();
    own.sort_unstable();
    own.dedup();
    own
}

/// The distinct stems of sorted words that aren't among them.
fn stems_of<'a>(own: &[&'a str], language: Language) -> Vec<Cow<'a, str>> {
    let stems = own.iter().map(|word| stem(word, language));
    let mut stems: Vec<_> = stems.filter(|stem| own.binary_search(&stem.as_ref()).is_err()).collect();
    stems.sort_unstable();
    stems.dedup();
    stems
}
