//! Prints how long the guard reads a message of about 300 bytes, over the texts of the demo region, and how long the longest
//! message of what keeps it busiest.
//!
//! `cargo run --release -p egida-guard --example timing`

#![expect(clippy::print_stdout, reason = "a command line talks to people")]

use std::cmp::Reverse;
use std::fs;
use std::path::Path;
use std::time::Instant;

use egida_guard::{Day, Setting, scan};

const BYTES: usize = 300;
const ROUNDS: usize = 200;
/// The longest message that the server takes, in bytes.
const LONGEST: usize = 16 * 1024;
/// How many of the texts made to keep the guard busy are shown, the slowest first.
const SHOWN: usize = 6;
/// What such texts are made of, over and over: whatever the guard looks at.
const HOSTILE: [&str; 48] = [
    "7",
    "1 ",
    "1-2-",
    "12 ",
    ".2",
    "2/",
    "0101901-710008 ",
    "1a",
    "1o 1 ",
    "1o1 ЕГН 9 ",
    "٣ ",
    "7\u{200b}",
    "7\u{301}",
    "ЕГН 1 2 3 4 5 6 7 8 9 0 1 2 3 ",
    "oib 3 1 3 4 3 3 3 4 3 3 3 4 4 4 4 3 3 3 4 3 4 3 4 3 ",
    "JMBG 0101901710008 ",
    "oib 12 ",
    "jmbg12 ",
    "tel 1 ",
    "tel 0 0 0 0 0 0 x ",
    "00 ",
    "+1 ",
    "+381 11 785 0000 ",
    "a@b.cc ",
    "a@12",
    "a.12.",
    "a(at)12",
    "12 aBaBaBaB",
    "A 1 ",
    "A<1",
    "X 1 < ",
    "BA 6 6 ",
    "978 9 ",
    "a-12",
    "isbn 12 ",
    "1.1.2001 ",
    "born 1.1.2001 ",
    "1 may 2001 ",
    "Mara Ilić 1.1.1991 ",
    "son of Mara ",
    "13 godina Niš Syrian ",
    "tablice BG 000-AA ",
    "tablice/NS 0000-ZZ NS 0000-ZZ ",
    "SECRET 12 ",
    "NATO SECRET said ",
    "illegal migrant ",
    "44°48'45\"N ",
    "44.8125, 20.4612 ",
];

fn main() {
    let setting = Setting::new(Day { year: 2026, month: 11, day: 28 });
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../server/demo/conversations");
    let mut all = String::new();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let text = fs::read_to_string(entry.path()).unwrap_or_default();
        strings(&serde_json::from_str(&text).unwrap_or_default(), &mut all);
    }
    measure("demo region", &pieces(&all), &setting);
    let numbers = "tel 0101901710009 12 34 56 78 90, JMBG 1 2 3 4 5 6 7 8 9 0 1 2 3 ".repeat(60);
    measure("nothing but numbers", &pieces(&numbers), &setting);
    for bytes in [BYTES, LONGEST] {
        let mut all: Vec<(u128, &str)> = HOSTILE.iter().map(|made_of| (hostile(made_of, bytes, &setting), *made_of)).collect();
        all.sort_unstable_by_key(|(each, _)| Reverse(*each));
        for (each, made_of) in all.iter().take(SHOWN) {
            println!("{bytes} bytes of {made_of:?}: {each} ns");
        }
    }
}

/// How long a text of so many bytes takes.
fn hostile(made_of: &str, bytes: usize, setting: &Setting) -> u128 {
    let text = made_of.repeat(bytes.div_ceil(made_of.len()));
    best(&[text[..text.floor_char_boundary(bytes)].to_owned()], setting)
}

fn strings(value: &serde_json::Value, out: &mut String) {
    match value {
        serde_json::Value::String(text) if text.len() > 40 => {
            out.push_str(text);
            out.push('\n');
        }
        serde_json::Value::Array(all) => all.iter().for_each(|one| strings(one, out)),
        serde_json::Value::Object(all) => all.values().for_each(|one| strings(one, out)),
        _ => {}
    }
}

fn pieces(text: &str) -> Vec<String> {
    let mut pieces = vec![String::new()];
    for word in text.split_inclusive(' ') {
        if pieces.last().is_some_and(|piece| piece.len() + word.len() > BYTES) {
            pieces.push(String::new());
        }
        if let Some(piece) = pieces.last_mut() {
            piece.push_str(word);
        }
    }
    pieces
}

fn measure(what: &str, pieces: &[String], setting: &Setting) {
    let found: usize = pieces.iter().map(|piece| scan(piece, setting).len()).sum();
    let each = best(pieces, setting);
    println!("{what}: {} messages of up to {} bytes, {found} findings, {each} ns each", pieces.len(), pieces[0].len());
}

/// The shortest time of many rounds, for one text, in nanoseconds.
fn best(pieces: &[String], setting: &Setting) -> u128 {
    let rounds = (ROUNDS * BYTES / pieces.first().map_or(BYTES, String::len)).max(10);
    let round = || {
        let began = Instant::now();
        for piece in pieces {
            std::hint::black_box(scan(std::hint::black_box(piece), setting));
        }
        began.elapsed().as_nanos()
    };
    let best = (0..rounds).map(|_| round()).min().unwrap_or_default();
    best / u128::try_from(pieces.len().max(1)).unwrap_or(1)
}
