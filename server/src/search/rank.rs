//! The best matches first, among the newest of each rung: how many of the words a message has, in which form, how rare these
//! are, whether they stand together, and whether it is in a language of the reader.

use std::collections::HashMap;
use std::time::Instant;

use egida_text::{Language, fold, stem, words};

use super::look::{AT_MOST, fitting};
use super::numbered;
use super::plan::{Group, Plan, Rung, small};
use super::query::Query;
use super::store::{self, Hit, Passing, Within};
use crate::base::db::{On, Result};

/// Messages that are compared, at most: those of the narrower rungs first.
pub(super) const COMPARED: usize = 400;
/// A wider rung is asked as well while fewer than so many were found.
const ENOUGH: usize = 60;
/// The same for the rungs that leave words out.
const FEW: usize = 10;
/// What words are worth that stand together as they were typed.
const TOGETHER: f64 = 0.2;
/// What a language of the reader's is worth.
const OWN_LANGUAGE: f64 = 0.25;
/// What a topic is worth whose title has a word.
const TITLE: f64 = 0.1;
/// What a concept is worth that another language says otherwise.
const ABROAD: f64 = 0.8;

/// What was found by its words.
pub(super) struct Ranked {
    /// The best matches, best first.
    pub(super) hits: Vec<Hit>,
    /// The same as they were met: on the narrower rungs first.
    pub(super) seen: Vec<Passing>,
    /// How many of these have all the words.
    pub(super) whole: usize,
}

/// The best matches.
pub(super) async fn best(
    conn: &mut impl On,
    query: &Query,
    plan: &mut Plan,
    within: &Within,
    (readers, messages): (&[Language], i64),
) -> Result<Ranked> {
    let began = Instant::now();
    let mut seen: Vec<Passing> = Vec::new();
    let mut whole = 0;
    for rung in Rung::ALL {
        let enough = if rung > Rung::Near { FEW } else { ENOUGH };
        if seen.len() >= if rung == Rung::Words { COMPARED } else { enough } || began.elapsed() > AT_MOST {
            break;
        }
        if rung != Rung::Words {
            plan.widen(conn).await?;
        }
        let Some(expression) = plan.expression(rung) else { continue };
        let limit = i64::try_from(COMPARED - seen.len()).unwrap_or(0);
        let found = store::passing(conn, &expression, within, limit).await?;
        seen.extend(fitting(conn, query, found).await?);
        if rung <= Rung::Near {
            whole = seen.len();
        }
    }
    plan.widen(conn).await?;
    let weights = plan.weights(conn, messages).await?;
    let ns: Vec<i64> = seen.iter().map(|hit| hit.n).collect();
    let languages: HashMap<i64, Option<Language>> = seen.iter().map(|hit| (hit.n, numbered(hit.language))).collect();
    let mut hits = store::hits(conn, &ns).await?;
    let scores: HashMap<i64, f64> = hits
        .iter()
        .map(|hit| {
            let language = languages.get(&hit.n).copied().flatten();
            let own = language.is_some_and(|language| readers.contains(&language));
            let score = score(plan, &weights, hit, language);
            (hit.n, score + if own { OWN_LANGUAGE } else { 0.0 })
        })
        .collect();
    // Of equal ones the newest first, as they come.
    hits.sort_by(|one, other| scores[&other.n].total_cmp(&scores[&one.n]));
    Ok(Ranked { hits, seen, whole })
}

/// From 0 to about 1.3: 1 for every word as it was typed.
fn score(plan: &Plan, weights: &[f64], hit: &Hit, language: Option<Language>) -> f64 {
    let body = Said::new(&hit.body, language);
    let title = Said::new(&hit.topic_title, language);
    let whole: f64 = weights.iter().sum();
    let found: f64 =
        plan.groups.iter().zip(weights).map(|(group, weight)| weight * body.answers(group).max(0.9 * title.answers(group))).sum();
    let titled = plan.groups.iter().any(|group| title.answers(group) > 0.0);
    let score = found / whole.max(f64::MIN_POSITIVE);
    // Of two texts that say the same the shorter one says it more plainly.
    let brevity = 0.05 / (1.0 + small(i64::try_from(body.words.len()).unwrap_or(0)) / 30.0);
    score + brevity + if body.together(plan) { TOGETHER } else { 0.0 } + if titled { TITLE } else { 0.0 }
}

/// A text as it is compared: its words, folded, and their stems.
struct Said {
    words: Vec<(String, String)>,
}

impl Said {
    fn new(text: &str, language: Option<Language>) -> Self {
        let folded = fold(text);
        let stemmed = |word: &str| language.map_or_else(|| word.to_owned(), |language| stem(word, language).into_owned());
        Self { words: words(&folded).map(|word| (word.to_owned(), stemmed(word))).collect() }
    }

    /// How well it answers to what is looked for together, from 0 to 1.
    fn answers(&self, group: &Group) -> f64 {
        let best =
            |word: &super::plan::Word| self.words.iter().map(|(folded, stem)| word.answers(folded, stem)).fold(0.0, f64::max);
        let count = small(i64::try_from(group.words.len().max(1)).unwrap_or(1));
        let own = group.words.iter().map(best).sum::<f64>() / count;
        let abroad = group.abroad.iter().map(|abroad| ABROAD * abroad.words.iter().map(best).fold(1.0, f64::min));
        abroad.fold(own, f64::max)
    }

    /// Whether two words that were typed one after the other stand so in the text.
    fn together(&self, plan: &Plan) -> bool {
        let typed: Vec<_> = plan.groups.iter().flat_map(|group| &group.words).collect();
        let follows = |one: &super::plan::Word, other: &super::plan::Word| {
            self.words
                .windows(2)
                .any(|pair| one.answers(&pair[0].0, &pair[0].1) > 0.5 && other.answers(&pair[1].0, &pair[1].1) > 0.5)
        };
        typed.windows(2).any(|pair| follows(pair[0], pair[1]))
    }
}
