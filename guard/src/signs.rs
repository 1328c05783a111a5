//! A text as the guard reads it: one sign after the other, whatever script or width it was typed in, each with its place.

use std::sync::LazyLock;

const TABLE: &str = include_str!("../data/signs.tsv");

/// What a sign is to the guard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Class {
    Other,
    Letter,
    Digit,
    Space,
    Line,
    Dash,
    Dot,
    Slash,
    /// Stands between digits only when somebody obfuscates: a comma, a colon, a bracket.
    Odd,
    /// Between two messages.
    Border,
    /// Can't be seen.
    Skip,
}

/// One visible sign.
#[derive(Clone, Copy)]
pub(crate) struct Sign {
    /// A digit as ASCII, a letter as the small Latin one it looks like, any other sign as its class says or as it is.
    pub code: char,
    pub class: Class,
    pub upper: bool,
    /// Bytes in the text.
    pub start: usize,
    pub end: usize,
}

#[derive(Clone, Copy)]
struct Entry {
    code: char,
    class: Class,
    upper: bool,
}

/// Entries by code point, in pages of 256; what has none stands for itself.
struct Table {
    pages: Vec<Option<Box<[Option<Entry>; 256]>>>,
}

static SIGNS: LazyLock<Table> = LazyLock::new(Table::read);

impl Table {
    fn read() -> Self {
        let mut table = Self { pages: Vec::new() };
        for line in TABLE.lines().filter(|line| !line.starts_with('#')) {
            let cells: Vec<&str> = line.split('\t').collect();
            let &[class, target, first, ..] = cells.as_slice() else { continue };
            match class {
                "digit" => {
                    for zero in hexadecimal(first) {
                        for (digit, code) in ('0'..='9').zip(zero..) {
                            table.set(code, digit, Class::Digit, false);
                        }
                    }
                }
                "letter" => {
                    let target = target.chars().next().unwrap_or_default();
                    for (upper, signs) in [(true, first), (false, cells.get(3).copied().unwrap_or_default())] {
                        for sign in signs.chars().filter(|sign| *sign != '-') {
                            table.set(u32::from(sign), target, Class::Letter, upper);
                        }
                    }
                }
                _ => {
                    let (class, code) = match class {
                        "skip" => (Class::Skip, None),
                        "space" => (Class::Space, Some(' ')),
                        "line" => (Class::Line, Some('\n')),
                        "dash" => (Class::Dash, Some('-')),
                        "dot" => (Class::Dot, Some('.')),
                        "slash" => (Class::Slash, Some('/')),
                        "odd" => (Class::Odd, None),
                        _ => (Class::Other, target.chars().next()),
                    };
                    for point in hexadecimal(first) {
                        table.set(point, code.or(char::from_u32(point)).unwrap_or_default(), class, false);
                    }
                }
            }
        }
        table
    }

    fn set(&mut self, point: u32, code: char, class: Class, upper: bool) {
        let (page, at) = (point as usize >> 8, point as usize & 255);
        if self.pages.len() <= page {
            self.pages.resize_with(page + 1, || None);
        }
        self.pages[page].get_or_insert_with(|| Box::new([None; 256]))[at] = Some(Entry { code, class, upper });
    }

    fn get(&self, sign: char) -> Entry {
        let point = sign as usize;
        let known = self.pages.get(point >> 8).and_then(Option::as_ref).and_then(|page| page[point & 255]);
        known.unwrap_or(Entry { code: sign, class: Class::Other, upper: false })
    }
}

/// `30 2000-200A`: code points and ranges.
fn hexadecimal(list: &str) -> impl Iterator<Item = u32> {
    let point = |text: &str| u32::from_str_radix(text, 16).unwrap_or_default();
    list.split(' ').flat_map(move |part| {
        let (from, to) = part.split_once('-').unwrap_or((part, part));
        point(from)..=point(to)
    })
}

/// Whether a sign can be seen.
pub(crate) fn is_seen(typed: char) -> bool {
    SIGNS.get(typed).class != Class::Skip
}

/// Adds the signs of a text that stands `base` bytes from the beginning.
pub(crate) fn read(text: &str, base: usize, into: &mut Vec<Sign>) {
    into.reserve(text.len());
    for (at, typed) in text.char_indices() {
        let Entry { code, class, upper } = SIGNS.get(typed);
        if class != Class::Skip {
            into.push(Sign { code, class, upper, start: base + at, end: base + at + typed.len_utf8() });
        }
    }
}

/// The signs of one text.
pub(crate) fn signs(text: &str) -> Vec<Sign> {
    let mut all = Vec::new();
    read(text, 0, &mut all);
    all
}

/// A text as the guard compares it: [`Sign::code`] one after the other.
pub(crate) fn plain(text: &str) -> String {
    signs(text).iter().map(|sign| sign.code).collect()
}
