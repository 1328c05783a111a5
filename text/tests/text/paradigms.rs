//! Paradigms: each line of a file holds forms of one word. A pair of them meets if both have one stem. The words below
//! `# aside` were left aside while the stemmers were made; most of them were written afterwards.

use egida_text::{Language, fold, forms, stem, terms};

pub(crate) const FILES: [(Language, &str); 8] = [
    (Language::Albanian, include_str!("paradigms/sq.txt")),
    (Language::SouthSlavic, include_str!("paradigms/bcms.txt")),
    (Language::Bulgarian, include_str!("paradigms/bg.txt")),
    (Language::Macedonian, include_str!("paradigms/mk.txt")),
    (Language::Romanian, include_str!("paradigms/ro.txt")),
    (Language::Greek, include_str!("paradigms/el.txt")),
    (Language::English, include_str!("paradigms/en.txt")),
    (Language::French, include_str!("paradigms/fr.txt")),
];

/// How many of a hundred pairs meet at least.
const FLOOR: usize = 93;

pub(crate) fn lines(file: &str) -> impl Iterator<Item = &str> {
    file.lines().filter(|line| !line.starts_with('#') && !line.is_empty())
}

fn stem_of(word: &str, language: Language) -> String {
    stem(&fold(word), language).into_owned()
}

/// How many pairs of forms there are, how many of them meet, and the words whose forms don't all.
fn rate(words: &str, language: Language) -> (usize, usize, Vec<String>) {
    let (mut pairs, mut met, mut apart) = (0, 0, Vec::new());
    for line in lines(words) {
        let stems: Vec<String> = line.split_whitespace().map(|form| stem_of(form, language)).collect();
        for (at, one) in stems.iter().enumerate() {
            let others = &stems[at + 1..];
            pairs += others.len();
            met += others.iter().filter(|other| *other == one).count();
        }
        if stems.iter().any(|stem| *stem != stems[0]) {
            apart.push(
                line.split_whitespace().zip(stems).map(|(form, stem)| format!("{form}:{stem}")).collect::<Vec<_>>().join(" "),
            );
        }
    }
    (pairs, met, apart)
}

#[test]
fn forms_of_a_word_meet() {
    for (language, file) in FILES {
        let (first, aside) = file.split_once("# aside").unwrap();
        assert!(lines(first).count() >= 25 && lines(aside).count() >= 10, "{language:?}");
        for (what, words) in [("", first), (" aside", aside)] {
            let (pairs, met, apart) = rate(words, language);
            let share = met * 100 / pairs;
            println!("{}{what}: {} words, {met} of {pairs} pairs meet ({share}%)", language.code(), lines(words).count());
            for word in apart {
                println!("    {word}");
            }
            assert!(share >= FLOOR, "{language:?}");
        }
    }
}

#[test]
fn different_words_stay_apart() {
    let mut together = Vec::new();
    let mut counts = [0; Language::ALL.len()];
    for line in lines(include_str!("apart.tsv")) {
        let [code, one, other] = line.split_whitespace().collect::<Vec<_>>()[..] else { panic!("{line}") };
        let language = Language::of_code(code).unwrap();
        counts[language as usize] += 1;
        if stem_of(one, language) == stem_of(other, language) {
            together.push(line);
        }
    }
    assert!(together.is_empty(), "{together:#?}");
    assert!(counts.iter().all(|count| *count >= 25), "{counts:?}");
}

#[test]
fn what_is_written_in_one_form_is_found_in_another() {
    for (language, file) in FILES {
        for line in lines(file) {
            let forms_of: Vec<&str> = line.split_whitespace().collect();
            for (written, sought) in forms_of.iter().zip(forms_of.iter().rev()) {
                if stem_of(written, language) == stem_of(sought, language) {
                    let held = terms(written, Some(language));
                    let wanted = forms(&fold(sought), &Language::ALL);
                    assert!(wanted.iter().any(|form| held.contains(form)), "{written} / {sought}");
                }
            }
        }
    }
}
