//! Prints how long a message of about 300 bytes takes until its terms are known, for each language: folding, telling the
//! language, stems. The messages are made of the words that the tests decline.
//!
//! `cargo run --release -p egida-text --example cost`

#![expect(clippy::print_stdout, reason = "a command line talks to people")]

use std::hint::black_box;
use std::time::Instant;

use egida_text::{Language, fold, forms, language, terms};

const BYTES: usize = 300;
const ROUNDS: usize = 300;

fn main() {
    for language_of in Language::ALL {
        let pieces = pieces(language_of);
        let folding = best(&pieces, |piece| use_up(fold(piece)));
        let telling = best(&pieces, |piece| use_up(language(piece, None)));
        let all = best(&pieces, |piece| use_up(terms(piece, language(piece, Some(language_of)))));
        let held: usize = pieces.iter().map(|piece| terms(piece, Some(language_of)).len()).sum();
        let code = language_of.code();
        println!(
            "{code}: {} messages, {} terms each; fold {folding} ns, language {telling} ns, terms in all {all} ns",
            pieces.len(),
            held / pieces.len()
        );
    }
    let words = ["trafficking", "deteta", "училището", "επιτρόπων"].map(fold);
    let each = best(&words, |word| use_up(forms(word, &Language::ALL)));
    println!("forms of a word in all languages: {each} ns");
}

fn use_up<T>(result: T) {
    drop(black_box(result));
}

/// Messages of so many bytes, every other word a form of the paradigms, the rest small words.
fn pieces(language: Language) -> Vec<String> {
    let (file, small) = match language {
        Language::Albanian => (include_str!("../tests/text/paradigms/sq.txt"), "është dhe në për nga të"),
        Language::SouthSlavic => (include_str!("../tests/text/paradigms/bcms.txt"), "je i u za koji nije"),
        Language::Bulgarian => (include_str!("../tests/text/paradigms/bg.txt"), "е и в за който не"),
        Language::Macedonian => (include_str!("../tests/text/paradigms/mk.txt"), "е и во за кој не"),
        Language::Romanian => (include_str!("../tests/text/paradigms/ro.txt"), "este și în pentru care nu"),
        Language::Greek => (include_str!("../tests/text/paradigms/el.txt"), "είναι και στο για που δεν"),
        Language::English => (include_str!("../tests/text/paradigms/en.txt"), "is and in for which not"),
        Language::French => (include_str!("../tests/text/paradigms/fr.txt"), "est et dans pour qui pas"),
    };
    let forms: Vec<&str> = file.lines().filter(|line| !line.starts_with('#')).flat_map(str::split_whitespace).collect();
    // Far from one another, so that a message isn't made of the forms of one word.
    let spread = (0..forms.len()).map(|at| forms[at * 37 % forms.len()]);
    let mut pieces = vec![String::new()];
    for (word, small) in spread.zip(small.split_whitespace().cycle()) {
        if pieces.last().is_some_and(|piece| piece.len() + word.len() + small.len() > BYTES) {
            pieces.push(String::new());
        }
        if let Some(piece) = pieces.last_mut() {
            piece.push_str(word);
            piece.push(' ');
            piece.push_str(small);
            piece.push(' ');
        }
    }
    if pieces.len() > 1 {
        pieces.pop();
    }
    pieces
}

/// The shortest time of many rounds, for one of the pieces, in nanoseconds.
fn best(pieces: &[String], read: impl Fn(&str)) -> u128 {
    let round = || {
        let began = Instant::now();
        for piece in pieces {
            read(black_box(piece));
        }
        began.elapsed().as_nanos()
    };
    let best = (0..ROUNDS).map(|_| round()).min().unwrap_or_default();
    best / u128::try_from(pieces.len().max(1)).unwrap_or(1)
}
