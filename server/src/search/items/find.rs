//! Which items a query finds, best first.

use std::collections::HashSet;
use std::sync::Arc;

use egida_text::{Language, fold, stem, words};
use uuid::Uuid;

use super::store::{self, Passing};
use super::{country_token, kind_token, theme_token};
use crate::base::db::{On, Result};
use crate::base::guard;
use crate::base::http::Problem;
use crate::context::Ctx;
use crate::findable::Kind;
use crate::glossary::Glossary;
use crate::search::lexicon::Shelf;
use crate::search::plan::{Group, Plan, Rung};
use crate::search::query::Query;
use crate::search::{bad_query, number, numbered, store as readers};

/// Items that a list's own search finds at most, and those that are compared.
const FOUND: usize = 1_000;
/// A wider rung is asked as well while fewer than so many were found.
const ENOUGH: usize = 20;
/// The same for the rungs that leave words out.
const FEW: usize = 5;
/// What a narrower rung is worth, what all words in the title, what a language of the reader's.
const RUNG: f64 = 1.0;
const TITLE: f64 = 1.5;
const OWN_LANGUAGE: f64 = 0.25;

/// What is looked for among items.
pub(in crate::search) struct Asked<'a> {
    pub(in crate::search) query: &'a Query,
    pub(in crate::search) kinds: &'a [Kind],
    /// What the reader reads.
    pub(in crate::search) readers: &'a [Language],
    pub(in crate::search) limit: usize,
}

/// Finds items of one kind for the list of their slice.
#[derive(Clone)]
pub struct Finder(Arc<Shelf>);

impl Finder {
    /// With the glossary, so that a word of one language finds what another says otherwise.
    pub fn new(glossary: &Glossary) -> Self {
        Self(Arc::new(Shelf::new(glossary.clone())))
    }

    /// The items of a kind that these words find, best first: whoever asks may not see all of them.
    ///
    /// # Errors
    /// `bad_query` for what can't be understood, `personal_data` for what the guard blocks.
    pub async fn find(&self, ctx: &Ctx, account: Uuid, kind: Kind, words: &str) -> std::result::Result<Vec<Uuid>, Problem> {
        guard::refuse(words, ctx.now())?;
        let query = Query::parse(words).map_err(bad_query)?;
        let mut conn = ctx.db.read().await?;
        let readers = readers::reader(&mut conn, account).await?.languages();
        let (mut plan, _) = Plan::new(&query, &readers, Some(&self.0.now()));
        plan.look_abroad(&mut conn).await?;
        let asked = Asked { query: &query, kinds: &[kind], readers: &readers, limit: FOUND };
        Ok(found(&mut conn, plan, &asked).await?.into_iter().map(|(_, id)| id).collect())
    }
}

/// The kinds of which a plan finds anything, in whichever rung: one question, where the ladder takes five for each.
pub(in crate::search) async fn found_at_all(conn: &mut impl On, mut plan: Plan, kinds: &[Kind]) -> Result<Vec<Kind>> {
    plan.widen(conn).await?;
    let of = |kind: &Kind| {
        let mut plan = plan.clone();
        plan.require(std::iter::once(kind_token(kind.as_str())));
        plan.widest()
    };
    let Some(expressions) = kinds.iter().map(of).collect::<Option<Vec<_>>>() else { return Ok(Vec::new()) };
    let answered = store::answered(conn, &expressions).await?;
    Ok(answered.into_iter().filter_map(|at| kinds.get(usize::try_from(at).ok()?).copied()).collect())
}

/// The items that a plan finds, best first.
pub(in crate::search) async fn found(conn: &mut impl On, mut plan: Plan, asked: &Asked<'_>) -> Result<Vec<(Kind, Uuid)>> {
    let Asked { query, kinds, readers, limit } = *asked;
    if !plan.has_words() || kinds.is_empty() {
        return Ok(Vec::new());
    }
    plan.require(kinds.iter().map(|kind| kind_token(kind.as_str())));
    if !query.countries.is_empty() {
        plan.require(query.countries.iter().map(|code| country_token(code)));
    }
    if !query.themes.is_empty() {
        plan.require(query.themes.iter().map(|slug| theme_token(slug)));
    }
    let languages: Vec<i64> = query.languages.iter().map(|language| number(Some(*language))).collect();
    let languages = (!languages.is_empty()).then(|| serde_json::to_string(&languages).unwrap_or_default());
    let mut scored: Vec<(f64, Passing)> = Vec::new();
    let mut worth = RUNG * 5.0;
    for rung in Rung::ALL {
        let enough = if rung > Rung::Near { FEW } else { ENOUGH };
        if scored.len() >= if rung == Rung::Words { limit } else { enough } {
            break;
        }
        if rung != Rung::Words {
            plan.widen(conn).await?;
        }
        worth -= RUNG;
        let Some(expression) = plan.expression(rung) else { continue };
        let room = i64::try_from(limit - scored.len()).unwrap_or(0);
        let passing = store::passing(conn, &expression, languages.as_deref(), room).await?;
        scored.extend(passing.into_iter().map(|item| (worth + score(&plan, &item, readers), item)));
    }
    // Of equal ones the newest first, as they come.
    scored.sort_by(|one, other| other.0.total_cmp(&one.0));
    let mut seen = HashSet::new();
    let named = scored.into_iter().filter_map(|(_, item)| Some((Kind::of(&item.kind)?, item.id)));
    Ok(named.filter(|(_, id)| seen.insert(*id)).collect())
}

fn score(plan: &Plan, item: &Passing, readers: &[Language]) -> f64 {
    let language = numbered(item.language);
    let folded = fold(&item.title);
    let titled: Vec<(&str, String)> =
        words(&folded).map(|word| (word, language.map_or_else(|| word.to_owned(), |l| stem(word, l).into_owned()))).collect();
    let count = f64::from(u32::try_from(plan.groups.len().max(1)).unwrap_or(u32::MAX));
    let title = plan.groups.iter().map(|group| answers(group, &titled)).sum::<f64>() / count;
    let own = language.is_some_and(|language| readers.contains(&language));
    TITLE * title + if own { OWN_LANGUAGE } else { 0.0 }
}

/// How well a title answers to what is looked for together, from 0 to 1.
fn answers(group: &Group, title: &[(&str, String)]) -> f64 {
    let best =
        |word: &crate::search::plan::Word| title.iter().map(|(folded, stem)| word.answers(folded, stem)).fold(0.0, f64::max);
    let own = group.words.iter().map(best).fold(1.0, f64::min);
    let abroad = group.abroad.iter().map(|abroad| abroad.words.iter().map(best).fold(1.0, f64::min));
    abroad.fold(own, f64::max)
}
