//! What the words of a question mean beside names: "interpreter Greece" asks for a service in a country. Pure.

use std::sync::LazyLock;

use super::finder::{Set, Word};
use super::shelf::{language, topic};
use crate::base::text;
use crate::vocabulary::{ALL_COUNTRIES, ALL_FUNCTIONS, ALL_LANGUAGES, ALL_SERVICES, ALL_THEMES, Words, term_in_all_languages};

/// Letters of a word that means something beside names at least: two begin nearly everything.
const LETTERS_MIN: usize = 3;
/// A word of this many letters also stands for others that end otherwise.
const STEM_MIN: usize = 6;
/// Letters of its ending.
const ENDING: usize = 2;
/// Words that a question is put with, in English and French, folded. They ask for nothing themselves.
const ASIDE: [&str; 44] = [
    "a", "aide", "aider", "an", "and", "at", "au", "aux", "avec", "can", "d", "dans", "de", "des", "du", "en", "et", "for",
    "from", "help", "helps", "i", "in", "l", "la", "le", "les", "of", "on", "or", "ou", "peut", "pour", "qui", "speaking",
    "speaks", "sur", "that", "the", "to", "un", "une", "who", "with",
];

/// Something of the vocabulary and the folded words of its names, with single spaces between them and one before the first.
struct Named<T> {
    names: String,
    what: T,
}

fn named<T>(what: T, names: impl IntoIterator<Item = String>) -> Named<T> {
    let names = names.into_iter().fold(String::new(), |mut all, name| {
        for word in text::words(&text::fold(&name)) {
            all.push(' ');
            all.push_str(word);
        }
        all
    });
    Named { names, what }
}

fn both(words: &Words) -> Vec<String> {
    vec![words.en.clone(), words.fr.clone()]
}

static TOPICS: LazyLock<Vec<Named<usize>>> = LazyLock::new(|| {
    let themes = ALL_THEMES.iter().map(|theme| (theme.slug.as_str(), &theme.name));
    let services = ALL_SERVICES.iter().map(|service| (service.code.as_str(), &service.name));
    let place = |(code, name): (&'static str, &Words)| {
        let elsewhere = term_in_all_languages(code).into_iter().map(ToOwned::to_owned);
        topic(code).map(|at| named(at, both(name).into_iter().chain(elsewhere)))
    };
    themes.chain(services).filter_map(place).collect()
});

static LANGUAGES: LazyLock<Vec<Named<usize>>> = LazyLock::new(|| {
    let place = |each: &crate::vocabulary::Language| {
        language(&each.code).map(|at| named(at, both(&each.name).into_iter().chain([each.native.clone()])))
    };
    ALL_LANGUAGES.iter().filter_map(place).collect()
});

static COUNTRIES: LazyLock<Vec<Named<&'static str>>> = LazyLock::new(|| {
    let names = |each: &'static crate::vocabulary::Country| both(&each.name).into_iter().chain([each.native.clone()]);
    ALL_COUNTRIES.iter().map(|each| named(each.code.as_str(), names(each))).collect()
});

static FUNCTIONS: LazyLock<Vec<Named<&'static str>>> = LazyLock::new(|| {
    ALL_FUNCTIONS.iter().map(|each| named(each.code.as_str(), both(&each.name).into_iter().chain([each.code.clone()]))).collect()
});

/// What the folded words of a question ask for. Words that it is merely put with are left out, unless there are no others.
pub(super) fn meant(part: &str) -> Vec<Word> {
    let words: Vec<&str> = part.split(' ').filter(|word| !word.is_empty()).collect();
    let asked: Vec<&str> = words.iter().copied().filter(|word| !ASIDE.contains(word)).collect();
    (if asked.is_empty() { words } else { asked }).into_iter().map(word).collect()
}

fn word(typed: &str) -> Word {
    let mut word = Word::in_names(typed);
    let letters: Vec<char> = typed.chars().collect();
    if letters.len() < LETTERS_MIN {
        return word;
    }
    let stem = if letters.len() < STEM_MIN { &letters[..] } else { &letters[..letters.len() - ENDING] };
    let sought: String = std::iter::once(' ').chain(stem.iter().copied()).collect();
    let places = |all: &[Named<usize>]| {
        all.iter().filter(|each| each.names.contains(&sought)).fold(Set::default(), |set, each| set.and(Set::one(each.what)))
    };
    let codes =
        |all: &[Named<&'static str>]| all.iter().filter(|each| each.names.contains(&sought)).map(|each| each.what).collect();
    word.helps = places(&TOPICS);
    word.speaks = places(&LANGUAGES);
    word.functions = codes(&FUNCTIONS);
    word.countries = codes(&COUNTRIES);
    word
}

#[cfg(test)]
mod tests {
    use super::*;

    fn only(text: &str) -> Word {
        let mut words = meant(&text::fold(text));
        assert_eq!(words.len(), 1, "{text}");
        words.remove(0)
    }

    #[test]
    fn a_question_is_its_words_without_those_it_is_put_with() {
        assert_eq!(meant("who can help with shelter in greece").len(), 2);
        assert_eq!(meant("qui peut aider en grece").len(), 1);
        assert_eq!(meant("de la").len(), 2);
        assert!(meant("").is_empty());
    }

    #[test]
    fn words_mean_services_countries_functions_and_languages() {
        assert!(only("shelter").helps.has(topic("shelter").expect("a topic")));
        assert!(only("hébergement").helps.has(topic("shelter").expect("a topic")));
        assert!(only("sklonište").helps.has(topic("shelter").expect("a topic")));
        assert!(only("επιτροπεία").helps.has(topic("guardianship").expect("a topic")));
        assert!(only("interpreter").helps.has(topic("interpretation").expect("a topic")));
        assert!(only("arabic").speaks.has(language("ar").expect("a language")));
        assert_eq!(only("Ελλάδα").countries, ["GR"]);
        assert_eq!(only("Grèce").countries, ["GR"]);
        assert_eq!(only("RARC").functions, ["RARC"]);
        assert!(only("prosecutors").functions.contains(&"PROSECUTOR"));
    }

    #[test]
    fn two_letters_and_names_mean_nothing_else() {
        for text in ["ro", "kervignac", "zzabc"] {
            let word = only(text);
            assert!(word.countries.is_empty() && word.functions.is_empty(), "{text}");
            assert_eq!((word.helps, word.speaks), (Set::default(), Set::default()), "{text}");
        }
    }
}
