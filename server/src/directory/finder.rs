//! Who can help with something somewhere: whom a wish finds, in which order, and how many there would be of each kind. Pure.
//!
//! Best first: focal points, then organisations, then people; of a country before those who serve the whole region; what was
//! confirmed lately before what was confirmed long ago, and that before what never was; who works in the reader's language
//! before others; then by name. Whose own name was typed comes before all of them.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use uuid::Uuid;

use super::model::GOOD_FOR;

/// What an entry is, best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Class {
    /// Somebody who answers for an organisation.
    FocalPoint,
    /// An organisation.
    Organisation,
    /// Anybody else.
    Person,
}

/// A set of codes of one table of the vocabulary, by their places in it: at most 64.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Set(u64);

impl Set {
    /// The set of a stored list of codes. A code that the vocabulary no longer has is nothing.
    pub(super) fn of<'a>(stored: &str, place: impl Fn(&str) -> Option<usize> + 'a) -> Self {
        Self(stored.split_whitespace().filter_map(place).fold(0, |set, at| set | 1 << at))
    }

    /// The set of one place.
    pub(super) fn one(at: usize) -> Self {
        Self(1 << at)
    }

    pub(super) fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub(super) fn has(self, at: usize) -> bool {
        self.0 >> at & 1 == 1
    }

    fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }
}

/// What the finder knows of somebody or of an organisation.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub(super) id: Uuid,
    pub(super) class: Class,
    /// Folded words with single spaces between them, and one before the first.
    pub(super) name: String,
    /// Other names that lead here, in the same way: a short name, the organisation somebody works in.
    pub(super) aliases: String,
    /// `None`: the whole region.
    pub(super) country: Option<&'static str>,
    /// A person's function, an organisation's kind.
    pub(super) function: Option<&'static str>,
    pub(super) helps: Set,
    pub(super) speaks: Set,
    pub(super) confirmed_at: Option<i64>,
    /// When it is no longer shown (microseconds): a person's accreditation runs out.
    pub(super) until: i64,
}

/// Where help is sought.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// In a country: also those who serve the whole region.
    Country(&'static str),
    /// Those who serve the whole region, and nobody else.
    Region,
}

/// A word that was typed: the beginning of a word of a name, or of what somebody is, does, speaks, or of where they are.
#[derive(Clone, Debug, Default)]
pub(super) struct Word {
    /// Folded, with a space before it.
    text: String,
    pub(super) helps: Set,
    pub(super) speaks: Set,
    pub(super) functions: Vec<&'static str>,
    pub(super) countries: Vec<&'static str>,
}

impl Word {
    /// A word sought in names alone.
    pub(super) fn in_names(word: &str) -> Self {
        Self { text: format!(" {word}"), ..Self::default() }
    }

    fn names(&self, entry: &Entry) -> bool {
        entry.name.contains(&self.text) || entry.aliases.contains(&self.text)
    }

    /// Who serves the whole region serves this country, too.
    fn tells_of(&self, entry: &Entry) -> bool {
        entry.helps.meets(self.helps)
            || entry.speaks.meets(self.speaks)
            || entry.function.is_some_and(|code| self.functions.contains(&code))
            || !self.countries.is_empty() && entry.country.is_none_or(|code| self.countries.contains(&code))
    }
}

/// How well an entry answers to what was typed, best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Answer {
    /// By its names alone.
    Name,
    /// By what it is and does.
    Meaning,
    /// Not at all.
    No,
}

/// What is sought. Everything named must fit.
#[derive(Clone, Debug, Default)]
pub(super) struct Wish {
    pub(super) place: Option<Place>,
    pub(super) function: Option<&'static str>,
    /// Places in the vocabulary's list of topics.
    pub(super) topic: Option<usize>,
    pub(super) theme: Option<usize>,
    /// Place in the list of languages.
    pub(super) language: Option<usize>,
    /// Each must fit, by a name or by what it means.
    pub(super) words: Vec<Word>,
    /// The reader's language, which decides about the order alone.
    pub(super) reader: Option<usize>,
}

/// How many there would be of each, if only that were sought otherwise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Counts {
    /// By country; `None` are those who serve the whole region. A country's own count holds them, too.
    pub(super) countries: BTreeMap<Option<&'static str>, usize>,
    pub(super) functions: BTreeMap<&'static str, usize>,
    /// By place in the list of topics, sought as a topic.
    pub(super) topics: [usize; 64],
    /// The same, sought as a theme.
    pub(super) themes: [usize; 64],
    /// By place in the list of languages.
    pub(super) languages: [usize; 64],
}

/// What a wish finds.
#[derive(Debug)]
pub(super) struct Found {
    /// The page, best first.
    pub(super) hits: Vec<Arc<Entry>>,
    /// Where the next page begins.
    pub(super) next: Option<Mark>,
    pub(super) total: usize,
    pub(super) counts: Counts,
}

/// How far from the top an entry belongs; what is equal stands by name.
type Rank = u8;
/// Ranks there are: by name or by meaning, three classes, in the country or beyond, three ages, the reader's language or not.
const RANKS: usize = 2 * 3 * 2 * 3 * 2;

/// Where a page ended: rank, name and id of its last entry.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Mark {
    rank: Rank,
    name: String,
    id: Uuid,
}

impl FromStr for Mark {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        let mut parts = text.splitn(3, '_');
        let (Some(rank), Some(id), Some(name)) = (parts.next(), parts.next(), parts.next()) else { return Err(()) };
        Ok(Self { rank: rank.parse().map_err(|_| ())?, name: format!(" {name}"), id: id.parse().map_err(|_| ())? })
    }
}

impl fmt::Display for Mark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}_{}_{}", self.rank, self.id, self.name.trim_start())
    }
}

/// The order of entries of one rank.
pub(super) fn by_name(a: &Arc<Entry>, b: &Arc<Entry>) -> std::cmp::Ordering {
    (a.name.as_str(), a.id).cmp(&(b.name.as_str(), b.id))
}

/// What a wish doesn't find in an entry, as bits.
mod miss {
    pub(super) const PLACE: u8 = 1;
    pub(super) const FUNCTION: u8 = 2;
    pub(super) const TOPIC: u8 = 4;
    pub(super) const THEME: u8 = 8;
    pub(super) const LANGUAGE: u8 = 16;
}

/// Finds what fits among `entries`, which stand by name ([`by_name`]): `limit` of them after `mark`.
pub(super) fn find(entries: &[Arc<Entry>], wish: &Wish, now: i64, mark: Option<&Mark>, limit: usize) -> Found {
    let mut counts = Counts::none();
    let mut ranks: [Vec<&Arc<Entry>>; RANKS] = std::array::from_fn(|_| Vec::new());
    for entry in entries.iter().filter(|entry| entry.until > now) {
        let answer = answers(entry, &wish.words);
        if answer == Answer::No {
            continue;
        }
        let missed = misses(entry, wish);
        counts.add(entry, missed);
        if missed == 0 {
            ranks[usize::from(rank(entry, answer, wish, now))].push(entry);
        }
    }
    let total = ranks.iter().map(Vec::len).sum();
    let ordered = (0..).zip(&ranks).flat_map(|(rank, entries)| entries.iter().map(move |entry| (rank, *entry)));
    let beyond = |(rank, entry): &(Rank, &Arc<Entry>)| {
        mark.is_none_or(|mark| (*rank, &entry.name, entry.id) > (mark.rank, &mark.name, mark.id))
    };
    let mut hits: Vec<(Rank, &Arc<Entry>)> = ordered.filter(beyond).take(limit + 1).collect();
    let more = hits.len() > limit;
    hits.truncate(limit);
    let last = hits.last().filter(|_| more);
    let next = last.map(|(rank, entry)| Mark { rank: *rank, name: entry.name.clone(), id: entry.id });
    Found { next, total, counts, hits: hits.into_iter().map(|(_, entry)| entry.clone()).collect() }
}

fn answers(entry: &Entry, words: &[Word]) -> Answer {
    if words.iter().all(|word| word.names(entry)) {
        Answer::Name
    } else if words.iter().all(|word| word.names(entry) || word.tells_of(entry)) {
        Answer::Meaning
    } else {
        Answer::No
    }
}

fn misses(entry: &Entry, wish: &Wish) -> u8 {
    let unless = |fits: bool, bit: u8| if fits { 0 } else { bit };
    let there = match wish.place {
        None => true,
        Some(Place::Region) => entry.country.is_none(),
        Some(Place::Country(code)) => entry.country.is_none_or(|country| country == code),
    };
    unless(there, miss::PLACE)
        | unless(wish.function.is_none_or(|code| entry.function == Some(code)), miss::FUNCTION)
        | unless(wish.topic.is_none_or(|at| entry.helps.has(at)), miss::TOPIC)
        | unless(wish.theme.is_none_or(|at| entry.helps.has(at)), miss::THEME)
        | unless(wish.language.is_none_or(|at| entry.speaks.has(at)), miss::LANGUAGE)
}

fn rank(entry: &Entry, answer: Answer, wish: &Wish, now: i64) -> Rank {
    let somewhere = matches!(wish.place, Some(Place::Country(_))) || wish.words.iter().any(|word| !word.countries.is_empty());
    let beyond = somewhere && entry.country.is_none();
    let age = match entry.confirmed_at {
        Some(at) if now - at < GOOD_FOR => 0,
        Some(_) => 1,
        None => 2,
    };
    let foreign = wish.reader.is_some_and(|at| !entry.speaks.has(at));
    let class = u8::from(answer == Answer::Meaning) * 3 + entry.class as u8;
    ((class * 2 + u8::from(beyond)) * 3 + age) * 2 + u8::from(foreign)
}

impl Counts {
    fn none() -> Self {
        Self { countries: BTreeMap::new(), functions: BTreeMap::new(), topics: [0; 64], themes: [0; 64], languages: [0; 64] }
    }

    /// Counts an entry wherever nothing but that very choice stands against it.
    fn add(&mut self, entry: &Entry, missed: u8) {
        let but = |bit: u8| missed & !bit == 0;
        if but(miss::PLACE) {
            *self.countries.entry(entry.country).or_default() += 1;
        }
        if let Some(code) = entry.function.filter(|_| but(miss::FUNCTION)) {
            *self.functions.entry(code).or_default() += 1;
        }
        for at in 0..64 {
            self.topics[at] += usize::from(but(miss::TOPIC) && entry.helps.has(at));
            self.themes[at] += usize::from(but(miss::THEME) && entry.helps.has(at));
            self.languages[at] += usize::from(but(miss::LANGUAGE) && entry.speaks.has(at));
        }
    }
}

#[cfg(test)]
mod tests;
