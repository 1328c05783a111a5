//! The words that the guard listens for, found in one pass from the beginnings of words.

use std::sync::LazyLock;

use crate::finding::{Countries, Kind};
use crate::signs::{Class, Sign, signs};
use crate::spans::Spans;
use crate::table::ROWS;

pub(crate) const CUES: &str = include_str!("../data/cues.tsv");
const MARKS: &str = include_str!("../data/marks.tsv");
const TERMS: &str = include_str!("../data/terms.tsv");
const PLACES: &str = include_str!("../data/places.tsv");

/// How far from an identifier a context word may stand, in signs.
pub(crate) const NEAR: usize = 40;
/// The longest gap between the words of a phrase, in signs.
const GAP: usize = 3;
const SPACE: char = ' ';
const STAR: char = '*';

/// What a word says.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Word {
    Context(Kind),
    Born,
    Kin,
    Age,
    Nation,
    Month(u8),
    Office,
    Book,
    Place(Countries, &'static str),
    /// Of classified information; whether it means it only alone in its line.
    Mark(Countries, bool),
    Term(&'static str),
}

/// A word in a text, in signs.
#[derive(Clone, Copy)]
pub(crate) struct Hit {
    pub word: Word,
    pub start: usize,
    pub end: usize,
}

#[derive(Default)]
struct Node {
    children: Vec<(char, usize)>,
    words: Vec<Word>,
}

/// A tree of phrases: letters, [`SPACE`] for what stands between words, [`STAR`] for the rest of a word.
struct Tree {
    nodes: Vec<Node>,
}

static TREE: LazyLock<Tree> = LazyLock::new(Tree::read);

/// The rows of a table with lines of comment.
pub(crate) fn lines(table: &'static str) -> impl Iterator<Item = Vec<&'static str>> {
    table.lines().filter(|line| !line.starts_with('#')).map(|line| line.split('\t').collect())
}

impl Tree {
    fn read() -> Self {
        let mut tree = Self { nodes: vec![Node::default()] };
        for row in ROWS.iter() {
            tree.add(row.context, Word::Context(row.kind));
        }
        for cells in lines(CUES) {
            let &[group, key, phrases] = cells.as_slice() else { continue };
            let word = match group {
                "context" => Kind::named(key).map(Word::Context),
                "born" => Some(Word::Born),
                "kin" => Some(Word::Kin),
                "age" => Some(Word::Age),
                "nation" => Some(Word::Nation),
                "month" => key.parse().ok().map(Word::Month),
                "office" => Some(Word::Office),
                "book" => Some(Word::Book),
                _ => None,
            };
            if let Some(word) = word {
                tree.add(phrases, word);
            }
        }
        for cells in lines(PLACES) {
            let &[country, part, phrases] = cells.as_slice() else { continue };
            tree.add(phrases, Word::Place(Countries::of(country), part));
        }
        for cells in lines(MARKS) {
            let &[whose, phrases, ..] = cells.as_slice() else { continue };
            tree.add(phrases, Word::Mark(Countries::of(whose), cells.get(2) == Some(&"alone")));
        }
        for cells in lines(TERMS) {
            let &[key, phrases] = cells.as_slice() else { continue };
            tree.add(phrases, Word::Term(key));
        }
        tree
    }

    fn add(&mut self, phrases: &'static str, word: Word) {
        for phrase in phrases.split(',') {
            let mut node = 0;
            let mut gap = false;
            for sign in signs(phrase) {
                let step = match sign.class {
                    Class::Letter => sign.code,
                    _ if sign.code == STAR => STAR,
                    _ => {
                        gap = node != 0;
                        continue;
                    }
                };
                if std::mem::take(&mut gap) {
                    node = self.child(node, SPACE);
                }
                node = self.child(node, step);
            }
            if node != 0 && !self.nodes[node].words.contains(&word) {
                self.nodes[node].words.push(word);
            }
        }
    }

    fn child(&mut self, node: usize, step: char) -> usize {
        if let Some(child) = self.step(node, step) {
            return child;
        }
        self.nodes.push(Node::default());
        let child = self.nodes.len() - 1;
        let children = &mut self.nodes[node].children;
        let at = children.partition_point(|(known, _)| *known < step);
        children.insert(at, (step, child));
        child
    }

    fn step(&self, node: usize, step: char) -> Option<usize> {
        let children = &self.nodes[node].children;
        children.binary_search_by_key(&step, |(known, _)| *known).ok().map(|at| children[at].1)
    }

    /// Follows the text from sign `at`, where `node` was reached; `start` is where the phrase began.
    fn walk(&self, signs: &[Sign], mut node: usize, start: usize, mut at: usize, hits: &mut Vec<Hit>) {
        loop {
            if let Some(star) = self.step(node, STAR) {
                let end = word_end(signs, at);
                self.leave(signs, star, start, end, hits);
            }
            let letter = signs.get(at).filter(|sign| sign.class == Class::Letter);
            let Some(letter) = letter else { return self.leave(signs, node, start, at, hits) };
            let Some(child) = self.step(node, letter.code) else { return };
            node = child;
            at += 1;
        }
    }

    /// At the end of a word: what is said there, and whether a phrase goes on.
    fn leave(&self, signs: &[Sign], node: usize, start: usize, end: usize, hits: &mut Vec<Hit>) {
        hits.extend(self.nodes[node].words.iter().map(|word| Hit { word: *word, start, end }));
        let Some(next) = self.step(node, SPACE) else { return };
        let gap =
            signs[end..].iter().take(GAP + 1).take_while(|sign| !matches!(sign.class, Class::Letter | Class::Digit)).count();
        if (1..=GAP).contains(&gap) && end + gap < signs.len() {
            self.walk(signs, next, start, end + gap, hits);
        }
    }
}

/// Where the run of letters that `at` lies in ends.
pub(crate) fn word_end(signs: &[Sign], at: usize) -> usize {
    at + signs[at..].iter().take_while(|sign| sign.class == Class::Letter).count()
}

/// Where the run of letters that ends before `end` begins.
pub(crate) fn word_start(signs: &[Sign], end: usize) -> usize {
    end - signs[..end].iter().rev().take_while(|sign| sign.class == Class::Letter).count()
}

/// The known words of a text, by where they begin.
pub(crate) fn hits(signs: &[Sign]) -> Vec<Hit> {
    let mut hits = Vec::new();
    let mut at = 0;
    while at < signs.len() {
        if signs[at].class != Class::Letter {
            at += 1;
            continue;
        }
        TREE.walk(signs, 0, at, at, &mut hits);
        let end = word_end(signs, at);
        if end == at + 1 {
            spelled(signs, at, &mut hits);
        }
        at = end;
    }
    hits
}

/// `J.M.B.G.`, `Е Г Н`: a word of at least three letters that are kept apart by one sign each.
fn spelled(signs: &[Sign], start: usize, hits: &mut Vec<Hit>) {
    let apart = |sign: &Sign| matches!(sign.class, Class::Space | Class::Dash | Class::Dot);
    let alone = |at: usize| signs.get(at).is_some_and(|sign| sign.class == Class::Letter) && word_end(signs, at) == at + 1;
    let mut node = TREE.step(0, signs[start].code);
    let mut last = start;
    while let Some(reached) = node {
        if last >= start + 4 {
            hits.extend(TREE.nodes[reached].words.iter().map(|word| Hit { word: *word, start, end: last + 1 }));
        }
        if !signs.get(last + 1).is_some_and(apart) || !alone(last + 2) {
            return;
        }
        last += 2;
        node = TREE.step(reached, signs[last].code);
    }
}

/// The words that announce something.
pub(crate) struct Contexts {
    all: Spans,
    /// By what they announce; empty if there is none.
    each: Vec<Spans>,
}

impl Contexts {
    pub(crate) fn of(hits: &[Hit]) -> Self {
        let mut each: Vec<Vec<(usize, usize)>> = Vec::new();
        for hit in hits {
            let Word::Context(kind) = hit.word else { continue };
            if each.is_empty() {
                each.resize(Kind::all().count(), Vec::new());
            }
            each[kind as usize].push((hit.start, hit.end));
        }
        Self { all: each.iter().flatten().copied().collect(), each: each.into_iter().map(Spans::from_iter).collect() }
    }

    /// Whether there is none.
    pub(crate) fn is_empty(&self) -> bool {
        self.each.is_empty()
    }

    /// Whether one that announces anything stands near the signs from `start` to `end`.
    pub(crate) fn announce_any(&self, start: usize, end: usize) -> bool {
        self.all.near(start, end, NEAR)
    }

    /// Whether one that announces this kind stands near the signs from `start` to `end`.
    pub(crate) fn announce(&self, kind: Kind, start: usize, end: usize) -> bool {
        self.each.get(kind as usize).is_some_and(|spans| spans.near(start, end, NEAR))
    }
}

/// Where words of a group stand.
pub(crate) fn spans(hits: &[Hit], is: impl Fn(Word) -> bool) -> Spans {
    hits.iter().filter(|hit| is(hit.word)).map(|hit| (hit.start, hit.end)).collect()
}
