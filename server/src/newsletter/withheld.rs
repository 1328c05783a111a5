//! The paste guard: what stands in something that isn't CLEAR comes into no newsletter by copying (decision 0027).
//!
//! Eight words in a row make a copy ([`paste`](super::paste)). They are looked for in everything that the feeds withhold, and in the
//! messages: of each eight the three that fewest messages have are asked of the index, and what it finds is read. What stands in
//! something CLEAR as well is everybody's: a message, a thing that was taken, an issue that was released, a term of the glossary.

use std::collections::{BTreeSet, HashMap, HashSet};

use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::desk::Desk;
use super::paste::{RUN, Runs};
use super::store;
use crate::access::handling::{MARKINGS, RED, label};
use crate::access::{Action, Actor, Decision, may};
use crate::base::db::Result;
use crate::search::{self, quoted};
use crate::vocabulary::ALL_ABBREVIATIONS;

/// What everybody may have.
const CLEAR: &str = MARKINGS[0];
/// Words of a run that the index is asked for at first: those that fewest messages have.
const RAREST: usize = 3;
/// Messages that are read for them. Where there are more, all eight are asked for, and as many are read.
const READ_MAX: i64 = 64;
/// Issues that were released last whose words are everybody's.
const PUBLISHED: i64 = 8;

/// A place of a text that stands in something that isn't CLEAR, too.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = NewsletterWithheld)]
pub(super) struct Withheld {
    /// The section.
    pub(super) section: String,
    /// The language of its text.
    pub(super) language: String,
    /// Where it begins in the text, in UTF-16 units.
    pub(super) start: usize,
    /// And where it ends.
    pub(super) end: usize,
    /// The writer's own words there.
    pub(super) words: String,
    /// The label of the message they stand in, if the writer may read that.
    pub(super) label: Option<String>,
    /// That message, likewise.
    pub(super) message: Option<Uuid>,
}

/// A text that is looked at.
#[derive(Clone, Copy, Debug)]
pub(super) struct Looked<'a> {
    pub(super) section: &'a str,
    pub(super) language: &'a str,
    pub(super) body: &'a str,
}

/// The answer of the guard.
pub(super) enum Found {
    /// What is withheld of the texts; nothing where all of it may stand.
    Places(Vec<Withheld>),
    /// The index doesn't know all messages: nobody can say.
    Unknown,
}

/// Looks at texts of an issue for what is withheld.
pub(super) async fn look(desk: &Desk, actor: &Actor, issue: Uuid, texts: &[Looked<'_>]) -> Result<Found> {
    let runs: Vec<Runs> = texts.iter().map(|text| Runs::of(text.body)).collect();
    if runs.iter().all(|runs| runs.len() == 0) {
        return Ok(Found::Places(Vec::new()));
    }
    search::catch_up(&desk.ctx.db).await?;
    if !quoted::is_whole(&mut desk.ctx.db.read().await?).await? {
        return Ok(Found::Unknown);
    }
    let mut withheld = Vec::new();
    for feed in desk.feeds.iter() {
        withheld.extend(feed.withheld(&desk.ctx).await?);
    }
    let public = public(desk, issue).await?;
    let mut places = Vec::new();
    for (text, runs) in texts.iter().zip(runs) {
        let met = met(desk, &runs, &withheld, &public).await?;
        places.extend(shown(desk, actor, *text, &runs, met).await?);
    }
    Ok(Found::Places(places))
}

/// What everybody may have and repeat.
async fn public(desk: &Desk, issue: Uuid) -> Result<Vec<String>> {
    let mut conn = desk.ctx.db.read().await?;
    let taken = store::items(&mut conn, issue).await?.into_iter().map(|item| format!("{}\n{}", item.title, item.summary));
    let mut public: Vec<String> = taken.collect();
    public.extend(store::released(&mut conn, None, PUBLISHED).await?.into_iter().map(|issue| issue.content));
    let terms = desk.glossary.terms();
    public.extend(terms.concepts.iter().flat_map(|concept| concept.terms()).map(|(_, term)| term.to_owned()));
    public.extend(ALL_ABBREVIATIONS.iter().flat_map(|each| [each.term.en.clone(), each.term.fr.clone()]));
    Ok(public)
}

/// Runs that stand in something withheld and in nothing CLEAR: each with the message, if it is one.
type Met = HashMap<usize, Option<quoted::Said>>;

async fn met(desk: &Desk, runs: &Runs, withheld: &[String], public: &[String]) -> Result<Met> {
    let mut met: Met = withheld.iter().flat_map(|text| runs.met_in(text)).map(|run| (run, None)).collect();
    let mut free: HashSet<usize> = public.iter().flat_map(|text| runs.met_in(text)).collect();
    for said in candidates(desk, runs).await? {
        let repeated = runs.met_in(&said.body);
        if said.marking == CLEAR {
            free.extend(repeated);
        } else {
            met.extend(repeated.into_iter().map(|run| (run, Some(said.clone()))));
        }
    }
    met.retain(|run, _| !free.contains(run));
    Ok(met)
}

/// Messages that may hold a run, each once.
async fn candidates(desk: &Desk, runs: &Runs) -> Result<Vec<quoted::Said>> {
    let mut conn = desk.ctx.db.read().await?;
    let all: BTreeSet<&str> = runs.all().collect();
    let counts = quoted::counts(&mut conn, &all.into_iter().collect::<Vec<_>>()).await?;
    let mut asked: HashSet<Vec<&str>> = HashSet::new();
    let mut crowded: HashSet<Vec<&str>> = HashSet::new();
    let mut found: HashMap<Uuid, quoted::Said> = HashMap::new();
    for run in 0..runs.len() {
        let mut words: Vec<&str> = runs.run(run).collect::<BTreeSet<_>>().into_iter().collect();
        // A word that no message has is in none that was copied.
        if words.iter().any(|word| !counts.contains_key(*word)) {
            continue;
        }
        words.sort_by_key(|word| counts.get(*word));
        let rarest: Vec<&str> = words.iter().copied().take(RAREST).collect();
        if asked.insert(rarest.clone()) {
            let said = quoted::with_all(&mut conn, &rarest, READ_MAX).await?;
            if i64::try_from(said.len()) == Ok(READ_MAX) {
                crowded.insert(rarest.clone());
            }
            found.extend(said.into_iter().map(|said| (said.id, said)));
        }
        if crowded.contains(&rarest) && words.len() > RAREST && asked.insert(words.clone()) {
            found.extend(quoted::with_all(&mut conn, &words, READ_MAX).await?.into_iter().map(|said| (said.id, said)));
        }
    }
    Ok(found.into_values().collect())
}

/// What the writer is told: where, and of which message only if they may read it.
async fn shown(desk: &Desk, actor: &Actor, text: Looked<'_>, runs: &Runs, met: Met) -> Result<Vec<Withheld>> {
    let mut at: Vec<usize> = met.keys().copied().collect();
    at.sort_unstable();
    let mut shown = Vec::new();
    for place in runs.places(&at) {
        let within = |run: &usize| runs.places(&[*run]).iter().any(|one| place.start <= one.start && one.end <= place.end);
        let mut source = None;
        for said in at.iter().filter(|run| within(run)).filter_map(|run| met.get(run)?.as_ref()) {
            if reads(desk, actor, said).await? {
                source = Some(said);
                break;
            }
        }
        let units = |end: usize| text.body[..end].encode_utf16().count();
        shown.push(Withheld {
            section: text.section.to_owned(),
            language: text.language.to_owned(),
            start: units(place.start),
            end: units(place.end),
            words: text.body[place.clone()].to_owned(),
            label: source.map(|said| label(&said.marking)),
            message: source.map(|said| said.id),
        });
    }
    Ok(shown)
}

async fn reads(desk: &Desk, actor: &Actor, said: &quoted::Said) -> Result<bool> {
    let action = if said.marking == RED { Action::Unseal } else { Action::Read };
    let channel = desk.ctx.standing.channel(said.channel).await?;
    Ok(channel.is_some_and(|channel| may(actor, action, &channel) == Decision::Allow))
}

const _: () = assert!(RAREST < RUN);
