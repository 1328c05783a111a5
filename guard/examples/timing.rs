//! Prints how long the guard reads a message of about 300 bytes, over the texts of the demo region and over worse ones.
//!
//! `cargo run --release -p egida-guard --example timing`

#![expect(clippy::print_stdout, reason = "a command line talks to people")]

use std::fs;
use std::path::Path;
use std::time::Instant;

use egida_guard::{Day, Setting, scan};

const BYTES: usize = 300;
const ROUNDS: usize = 200;
/// The longest message that the server takes, in bytes.
const LONGEST: usize = 16 * 1024;

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
    for worst in ["tel 1 ", "born 1.1.2001 ", "13 godina Niš ", "JMBG 0101901710008 "] {
        measure(worst, &[worst.repeat(LONGEST / worst.len())], &setting);
    }
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
    let mut found = 0;
    for piece in pieces {
        found += scan(piece, setting).len();
    }
    let mut best = u128::MAX;
    for _ in 0..(ROUNDS * BYTES / pieces.first().map_or(BYTES, String::len)).max(3) {
        let began = Instant::now();
        for piece in pieces {
            std::hint::black_box(scan(std::hint::black_box(piece), setting));
        }
        best = best.min(began.elapsed().as_nanos());
    }
    let each = best / u128::try_from(pieces.len().max(1)).unwrap_or(1);
    println!("{what}: {} messages of up to {} bytes, {found} findings, {each} ns each", pieces.len(), pieces[0].len());
}
