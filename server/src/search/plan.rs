//! How a query is put to the index: a ladder of ever wider questions, of which the next is asked where the one before finds
//! too little.

use std::collections::HashMap;

use egida_text::{Language, forms, stem, words};
use serde::Serialize;
use utoipa::ToSchema;

use super::lexicon::{Lexicon, Named, ties};
use super::query::Query;
use super::store;
use crate::base::db::{On, Result};

/// Letters that a beginning has at least.
const BEGINNING: usize = 4;
/// The same of the word that is still being typed.
const TYPING: usize = 3;
/// Letters at the end of a word that may be another ending's.
const ENDING: usize = 2;
/// Words of the index that a beginning stands for at most, the most frequent.
const BEGUN: i64 = 200;
/// The same for a word of the glossary: there are many of them at once.
const BEGUN_ABROAD: i64 = 8;

/// A question to the index, wider than the one before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Rung {
    /// Every word, in whatever form its stem is known by; a concept also as other languages say it.
    Words,
    /// Every word, or one that goes on from it.
    Begun,
    /// Every word, or one that begins as it does but for its last letters.
    Near,
    /// All words but one.
    AllButOne,
    /// Any of the words.
    Any,
}

impl Rung {
    /// From the narrowest on.
    pub(super) const ALL: [Self; 5] = [Self::Words, Self::Begun, Self::Near, Self::AllButOne, Self::Any];

    /// The next one; `None` after the widest.
    pub(super) fn next(self) -> Option<Self> {
        Self::ALL.into_iter().find(|rung| *rung > self)
    }
}

/// A word that is looked for.
#[derive(Clone, Debug)]
pub(super) struct Word {
    /// Folded.
    pub(super) typed: String,
    /// The word and its stems.
    pub(super) forms: Vec<String>,
    /// The beginning that others of its forms have in common with it; empty if it is too short for one.
    pub(super) beginning: String,
    /// Words of the index that begin so.
    pub(super) begun: Vec<String>,
}

/// How another language says what was typed.
#[derive(Clone, Debug)]
pub(super) struct Abroad {
    pub(super) words: Vec<Word>,
}

impl Abroad {
    /// The glossary's words are inflected in a text as any other: their beginnings count from the start.
    fn put(&self) -> String {
        all(self.words.iter().map(|word| word.put(Rung::Near)))
    }
}

/// What is looked for together: a word, a phrase, or the words that name a concept.
#[derive(Clone, Debug)]
pub(super) struct Group {
    pub(super) words: Vec<Word>,
    pub(super) abroad: Vec<Abroad>,
}

/// What else was looked for, so that whoever searches sees why something was found.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct Also {
    /// The concept of the glossary.
    concept: String,
    /// The words that name it, folded.
    typed: String,
    words: Vec<AlsoWord>,
}

/// A term of the glossary.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct AlsoWord {
    /// As the glossary's columns are called: `sr-Cyrl`.
    language: String,
    text: String,
}

/// A query made ready for the index.
#[derive(Clone, Debug, Default)]
pub(super) struct Plan {
    pub(super) groups: Vec<Group>,
    unwanted: Vec<Vec<String>>,
    /// What is common to all that may be found: tokens of channels and authors.
    required: Vec<String>,
    expanded: bool,
}

impl Word {
    fn new(word: &str, languages: &[Language], typing: bool) -> Self {
        let length = word.chars().count();
        let least = if typing { TYPING } else { BEGINNING };
        let kept = length.saturating_sub(ENDING).max(BEGINNING).min(length);
        let beginning = if length < least { String::new() } else { word.chars().take(kept).collect() };
        Self { typed: word.to_owned(), forms: forms(word, languages), beginning, begun: Vec::new() }
    }

    /// A word of a phrase: as it stands and not otherwise.
    fn exactly(word: &str) -> Self {
        Self { typed: word.to_owned(), forms: vec![word.to_owned()], beginning: String::new(), begun: Vec::new() }
    }

    /// Whether a folded word of a text, with its stem in the text's language, is a form of this one.
    fn is(&self, folded: &str, stem: &str) -> bool {
        self.typed == folded || self.forms.iter().any(|form| form == stem || form == folded)
    }

    /// Whether a folded word begins as this one does but for its last letters.
    fn begins(&self, folded: &str) -> bool {
        !self.beginning.is_empty() && folded.starts_with(&self.beginning)
    }

    /// How well a folded word of a text and its stem in the text's language answer to this one, from 0 to 1.
    pub(super) fn answers(&self, folded: &str, stem: &str) -> f64 {
        if self.typed == folded {
            1.0
        } else if self.is(folded, stem) {
            0.85
        } else if self.begins(folded) {
            0.35 + 0.4 * fraction(self.beginning.len(), folded.len())
        } else {
            0.0
        }
    }

    /// The words of the index that a rung takes for this one, besides its own forms.
    fn others(&self, rung: Rung) -> impl Iterator<Item = &String> {
        let taken = move |word: &&String| match rung {
            Rung::Words => false,
            Rung::Begun => word.starts_with(&self.typed),
            _ => true,
        };
        self.begun.iter().filter(taken).filter(|word| !self.forms.contains(word))
    }

    fn put(&self, rung: Rung) -> String {
        any(self.forms.iter().chain(self.others(rung)).map(|word| quoted(word)))
    }
}

impl Group {
    fn put(&self, rung: Rung) -> String {
        let own = all(self.words.iter().map(|word| word.put(rung)));
        any(std::iter::once(own).chain(self.abroad.iter().map(Abroad::put)))
    }
}

impl Plan {
    /// Plans a query for somebody who writes in these languages; what else is looked for besides.
    pub(super) fn new(query: &Query, readers: &[Language], lexicon: Option<&Lexicon>) -> (Self, Vec<Also>) {
        let languages = languages(&query.typed, readers);
        let (phrases, singles): (Vec<&String>, Vec<&String>) = query.wanted.iter().partition(|words| words.contains(' '));
        let typed: Vec<&str> = singles.iter().map(|word| word.as_str()).collect();
        let named = lexicon.map(|lexicon| lexicon.named(&typed)).unwrap_or_default();
        let last = query.wanted.last();
        let word = |at: usize| Word::new(typed[at], &languages, Some(singles[at]) == last);
        let mut groups = Vec::new();
        let mut also = Vec::new();
        for named in &named {
            let (abroad, told) = elsewhere(named, &typed);
            also.extend(told);
            groups.push(Group { words: named.places.iter().map(|at| word(*at)).collect(), abroad });
        }
        let free = (0..typed.len()).filter(|at| !named.iter().any(|named| named.places.contains(at)));
        groups.extend(free.map(|at| Group { words: vec![word(at)], abroad: Vec::new() }));
        groups
            .extend(phrases.iter().map(|phrase| Group { words: words(phrase).map(Word::exactly).collect(), abroad: Vec::new() }));
        let unwanted = query.unwanted.iter().filter(|words| !words.contains(' ')).map(|word| forms(word, &languages)).collect();
        (Self { groups, unwanted, ..Self::default() }, also)
    }

    /// Asks of everything that it has one of these tokens.
    pub(super) fn require(&mut self, tokens: impl Iterator<Item = String>) {
        self.required.push(any(tokens.map(|token| quoted(&token))));
    }

    /// Whether there are words to look for.
    pub(super) fn has_words(&self) -> bool {
        !self.groups.is_empty()
    }

    /// The question of a rung, without what the rung before has found; `None` if it would find nothing more.
    pub(super) fn expression(&self, rung: Rung) -> Option<String> {
        let wanted = self.wanted(rung);
        if wanted.is_none() && (self.has_words() || rung != Rung::Words) {
            return None;
        }
        let before = Rung::ALL.into_iter().rev().filter(|before| *before < rung).find_map(|before| self.wanted(before));
        Some(self.asked(wanted, before))
    }

    /// The question of all rungs at once; `None` if there are no words.
    pub(super) fn widest(&self) -> Option<String> {
        self.has_words().then(|| self.asked(Some(any(Rung::ALL.into_iter().filter_map(|rung| self.wanted(rung)))), None))
    }

    /// What must be there, what is wanted, and neither what is unwanted nor what was found before.
    fn asked(&self, wanted: Option<String>, before: Option<String>) -> String {
        let expression = all(self.required.iter().cloned().chain(wanted));
        let unwanted: Vec<_> = self.unwanted.iter().flatten().map(|word| quoted(word)).chain(before).collect();
        if unwanted.is_empty() { expression } else { format!("({expression}) NOT {}", any(unwanted.into_iter())) }
    }

    /// What is asked of whatever is found without its words: what it must have, and what it mustn't.
    pub(super) fn beside(&self) -> (Option<String>, Option<String>) {
        let unwanted = self.unwanted.iter().flatten().map(|word| quoted(word));
        let some = |asked: String| (asked != "()").then_some(asked);
        (some(all(self.required.iter().cloned())), some(any(unwanted)))
    }

    /// What a rung asks of the words; `None` if no more than the one before, or if there are none.
    fn wanted(&self, rung: Rung) -> Option<String> {
        let put = || self.groups.iter().map(move |group| group.put(rung));
        let count = self.groups.len();
        match rung {
            Rung::Words => self.has_words().then(|| all(put())),
            Rung::Begun | Rung::Near => self.widens(rung).then(|| all(put())),
            Rung::AllButOne => (count > 2).then(|| {
                let all_but = |left: usize| all(put().enumerate().filter(move |(at, _)| *at != left).map(|(_, group)| group));
                any((0..count).map(all_but))
            }),
            Rung::Any => {
                let words = self.groups.iter().flat_map(|group| &group.words).filter(|word| !ties(&word.typed));
                let words: Vec<_> = words.map(|word| word.put(rung)).collect();
                let abroad = self.groups.iter().flat_map(|group| &group.abroad).map(Abroad::put);
                (words.len() > 1).then(|| any(words.into_iter().chain(abroad)))
            }
        }
    }

    /// Whether a rung takes words that the one before doesn't.
    fn widens(&self, rung: Rung) -> bool {
        let mut words = self.groups.iter().flat_map(|group| &group.words);
        let before = if rung == Rung::Near { Rung::Begun } else { Rung::Words };
        words.any(|word| word.others(rung).count() > word.others(before).count())
    }

    /// Looks up how the index goes on from the glossary's words, which are asked for at once.
    pub(super) async fn look_abroad(&mut self, conn: &mut impl On) -> Result<()> {
        let words: Vec<&mut Word> =
            self.groups.iter_mut().flat_map(|group| &mut group.abroad).flat_map(|abroad| &mut abroad.words).collect();
        begin(conn, words, BEGUN_ABROAD).await
    }

    /// Looks up how the index goes on from the words that were typed, for all rungs but the first.
    pub(super) async fn widen(&mut self, conn: &mut impl On) -> Result<()> {
        if std::mem::replace(&mut self.expanded, true) {
            return Ok(());
        }
        begin(conn, self.groups.iter_mut().flat_map(|group| &mut group.words).collect(), BEGUN).await
    }

    /// How much each group says, from how few messages have it: the logarithm of one in so many.
    pub(super) async fn weights(&self, conn: &mut impl On, messages: i64) -> Result<Vec<f64>> {
        let words = self.groups.iter().flat_map(|group| &group.words);
        let forms: Vec<&str> = words.flat_map(|word| &word.forms).map(String::as_str).collect();
        let counts: HashMap<String, i64> = store::counts(conn, &forms).await?;
        let seen = |word: &Word| word.forms.iter().filter_map(|form| counts.get(form)).sum::<i64>();
        let weight = |count: i64| (1.0 + small(messages) / (1.0 + small(count))).ln();
        Ok(self
            .groups
            .iter()
            .map(|group| group.words.iter().map(|word| weight(seen(word))).sum::<f64>().max(f64::MIN_POSITIVE))
            .collect())
    }

    /// Every word that is looked for, in whichever language.
    pub(super) fn all_words(&self) -> impl Iterator<Item = &Word> {
        self.groups.iter().flat_map(|group| group.words.iter().chain(group.abroad.iter().flat_map(|abroad| &abroad.words)))
    }

    /// Whether a word of a text is one that was looked for. Only a whole phrase is found, but each of its words is shown.
    pub(super) fn shows(&self, folded: &str, language: Option<Language>) -> bool {
        let stem = language.map_or(folded.into(), |language| stem(folded, language));
        let looked_up = |word: &Word| self.expanded || !word.begun.is_empty();
        self.all_words().any(|word| word.is(folded, &stem) || looked_up(word) && word.begins(folded))
    }
}

/// The languages that words are likely to be of: the one they show; else those of their alphabet, of which the reader's come
/// first.
fn languages(typed: &str, readers: &[Language]) -> Vec<Language> {
    let shown = egida_text::language(typed, None);
    let likely = egida_text::language(typed, readers.first().copied());
    let mut languages: Vec<Language> = shown.into_iter().chain(likely).collect();
    if shown.is_none() {
        languages.extend(readers);
    }
    languages.sort_unstable();
    languages.dedup();
    languages
}

/// How other languages say a concept, and how that is told.
fn elsewhere(named: &Named<'_>, typed: &[&str]) -> (Vec<Abroad>, Option<Also>) {
    let own: Vec<&str> = named.places.iter().map(|at| typed[*at]).collect();
    let mut abroad: Vec<Abroad> = Vec::new();
    let mut told = Vec::new();
    let mut seen: Vec<&[String]> = Vec::new();
    for term in &named.concept.terms {
        if seen.contains(&term.words.as_slice()) || term.words.iter().map(String::as_str).eq(own.iter().copied()) {
            continue;
        }
        seen.push(&term.words);
        let words = term.words.iter().map(|word| Word::new(word, &[term.language], false)).collect();
        abroad.push(Abroad { words });
        told.push(AlsoWord { language: term.code.clone(), text: term.text.clone() });
    }
    let also = (!told.is_empty()).then(|| Also { concept: named.concept.id.clone(), typed: own.join(" "), words: told });
    (abroad, also)
}

async fn begin(conn: &mut impl On, words: Vec<&mut Word>, limit: i64) -> Result<()> {
    let mut words: Vec<&mut Word> = words.into_iter().filter(|word| !word.beginning.is_empty()).collect();
    let beginnings: Vec<&str> = words.iter().map(|word| word.beginning.as_str()).collect();
    let begun = store::begun(conn, &beginnings, limit).await?;
    for (word, begun) in words.iter_mut().zip(begun) {
        word.begun = begun;
    }
    Ok(())
}

/// A word of letters and digits, or a token of ours, as the engine reads it.
fn quoted(word: &str) -> String {
    format!("\"{word}\"")
}

fn all(parts: impl Iterator<Item = String>) -> String {
    joined(parts, " AND ")
}

fn any(parts: impl Iterator<Item = String>) -> String {
    joined(parts, " OR ")
}

fn joined(parts: impl Iterator<Item = String>, by: &str) -> String {
    let parts: Vec<_> = parts.collect();
    if parts.len() == 1 { parts.concat() } else { format!("({})", parts.join(by)) }
}

/// A number of messages or letters as one to calculate with.
pub(super) fn small(number: i64) -> f64 {
    f64::from(u32::try_from(number).unwrap_or(u32::MAX))
}

fn fraction(part: usize, whole: usize) -> f64 {
    small(i64::try_from(part).unwrap_or(0)) / small(i64::try_from(whole.max(1)).unwrap_or(1))
}
