//! What the finder searches, kept in memory: a question takes well under a millisecond instead of reading everybody. Beside
//! it the addresses that organisations have published.
//!
//! A change of an account that others see goes through [`crate::access::Standing`] in the effects of its own transaction;
//! those accounts are read again before the next question is answered. A change of an organisation forgets the whole
//! ([`Shelf::changes`]), as does a write of another process, which the standing is told of. What a page shows is read from
//! storage in any case, so nobody suspended is ever shown.

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, LazyLock};

use tokio::sync::Mutex;
use uuid::Uuid;

use super::finder::{Class, Entry, Set, by_name};
use super::model::{Addresses, key};
use super::store::{self, FinderOrganisation, FinderPerson, Naming};
use crate::base::db::{AfterCommit, Result, Tx};
use crate::context::Ctx;
use crate::vocabulary::{ALL_COUNTRIES, ALL_FUNCTIONS, ALL_LANGUAGES, ALL_TOPICS};

/// Changed accounts that are read one by one; more of them, and the whole is read.
const ONE_BY_ONE: usize = 200;

/// Entries by name.
pub(super) type Entries = Arc<Vec<Arc<Entry>>>;

/// See the module.
#[derive(Default)]
pub struct Shelf {
    /// How often organisations have changed.
    round: AtomicU64,
    kept: Mutex<Option<Kept<Entries>>>,
    addresses: Mutex<Option<Kept<Arc<Addresses>>>>,
}

struct Kept<T> {
    what: T,
    /// How far the changes of accounts are in it, and those of organisations.
    age: u64,
    round: u64,
}

impl Shelf {
    /// The entries as they are now.
    pub(super) async fn entries(&self, ctx: &Ctx) -> Result<Entries> {
        // Held while reading: who comes meanwhile waits for the same answer instead of reading it all again.
        let mut kept = self.kept.lock().await;
        // Taken before reading: what changes meanwhile is read again next time.
        let (age, round) = (ctx.standing.age(), self.round.load(Ordering::Relaxed));
        let changed = kept
            .as_ref()
            .filter(|kept| kept.round == round)
            .and_then(|kept| Some((kept, ctx.standing.changed_since(kept.age)?)))
            .filter(|(_, changed)| changed.len() <= ONE_BY_ONE);
        let mended = match changed {
            Some((kept, changed)) if changed.is_empty() => return Ok(kept.what.clone()),
            Some((kept, changed)) => mend(ctx, kept, &changed).await?,
            None => None,
        };
        let entries = match mended {
            Some(entries) => entries,
            None => fill(ctx).await?,
        };
        *kept = Some(Kept { what: entries.clone(), age, round });
        Ok(entries)
    }

    /// The public addresses of organisations as they are now.
    pub(super) async fn addresses(&self, ctx: &Ctx) -> Result<Arc<Addresses>> {
        let mut kept = self.addresses.lock().await;
        let (age, round) = (ctx.standing.age(), self.round.load(Ordering::Relaxed));
        let known = kept.as_ref().filter(|kept| kept.round == round && ctx.standing.changed_since(kept.age).is_some());
        let what = match known {
            Some(kept) => kept.what.clone(),
            None => Arc::new(Addresses::written_in(&store::descriptions(&mut ctx.db.read().await?).await?, ctx.now())),
        };
        *kept = Some(Kept { what: what.clone(), age, round });
        Ok(what)
    }

    /// Forgets everything once the transaction holds: organisations change.
    pub(super) fn changes(self: &Arc<Self>, tx: &mut Tx) {
        let this = self.clone();
        tx.after_commit(move || {
            this.round.fetch_add(1, Ordering::Relaxed);
        });
    }
}

async fn fill(ctx: &Ctx) -> Result<Entries> {
    let mut conn = ctx.db.read().await?;
    let organisations = store::all_organisations(&mut conn).await?;
    let people = store::all_people(&mut conn).await?;
    let namings = store::focal_points(&mut conn).await?;
    drop(conn);
    let known: HashMap<Uuid, Arc<Entry>> =
        organisations.into_iter().map(|row| (row.id, Arc::new(of_organisation(row)))).collect();
    let namings = by_account(namings);
    let mut entries: Vec<Arc<Entry>> = people.into_iter().map(|row| Arc::new(of_person(&row, &known, &namings))).collect();
    entries.extend(known.into_values());
    entries.sort_unstable_by(by_name);
    Ok(Arc::new(entries))
}

/// The same entries with these accounts read again; `None` if one of them is in an organisation that isn't known yet.
async fn mend(ctx: &Ctx, kept: &Kept<Entries>, changed: &HashSet<Uuid>) -> Result<Option<Entries>> {
    let ids: Vec<Uuid> = changed.iter().copied().collect();
    let mut conn = ctx.db.read().await?;
    let people = store::people_among(&mut conn, &ids).await?;
    let namings = by_account(store::focal_points_among(&mut conn, &ids).await?);
    drop(conn);
    let organisations = kept.what.iter().filter(|entry| entry.class == Class::Organisation);
    let known: HashMap<Uuid, Arc<Entry>> = organisations.map(|entry| (entry.id, entry.clone())).collect();
    if people.iter().any(|row| row.organisation_id.is_some_and(|id| !known.contains_key(&id))) {
        return Ok(None);
    }
    let mut entries: Vec<Arc<Entry>> = kept.what.iter().filter(|entry| !changed.contains(&entry.id)).cloned().collect();
    entries.extend(people.into_iter().map(|row| Arc::new(of_person(&row, &known, &namings))));
    entries.sort_by(by_name);
    Ok(Some(Arc::new(entries)))
}

type Namings = HashMap<Uuid, Vec<(Uuid, Option<String>)>>;

fn by_account(namings: Vec<Naming>) -> Namings {
    let mut found = Namings::new();
    for (account, organisation, theme) in namings {
        found.entry(account).or_default().push((organisation, theme));
    }
    found
}

fn of_organisation(row: FinderOrganisation) -> Entry {
    Entry {
        id: row.id,
        class: Class::Organisation,
        name: format!(" {}", row.name_key),
        aliases: row.short_name.map_or_else(String::new, |name| format!(" {}", key(&name))),
        country: row.country.as_deref().and_then(country),
        function: function(&row.kind),
        helps: topics(&row.helps),
        speaks: languages(&row.speaks),
        confirmed_at: row.confirmed_at,
        until: i64::MAX,
    }
}

/// A person. Who answers for an organisation can help with what it helps with, or with the theme they answer for.
fn of_person(row: &FinderPerson, organisations: &HashMap<Uuid, Arc<Entry>>, namings: &Namings) -> Entry {
    let answers_for = namings.get(&row.id).map(Vec::as_slice).unwrap_or_default();
    let helps = answers_for.iter().fold(topics(row.helps.as_deref().unwrap_or_default()), |helps, (organisation, theme)| {
        let more = match theme {
            Some(theme) => topics(theme),
            None => organisations.get(organisation).map(|entry| entry.helps).unwrap_or_default(),
        };
        helps.and(more)
    });
    let workplace = row.organisation_id.and_then(|id| organisations.get(&id));
    Entry {
        id: row.id,
        class: if answers_for.is_empty() { Class::Person } else { Class::FocalPoint },
        name: format!(" {}", key(&row.name_key)),
        aliases: workplace.map_or_else(String::new, |entry| format!("{}{}", entry.name, entry.aliases)),
        country: row.country.as_deref().and_then(country),
        function: row.function.as_deref().and_then(function),
        helps,
        speaks: languages(row.speaks.as_deref().unwrap_or_default()),
        confirmed_at: row.confirmed_at,
        until: row.accredited_until,
    }
}

type Places = HashMap<&'static str, usize>;

static TOPICS: LazyLock<Places> = LazyLock::new(|| ALL_TOPICS.iter().copied().zip(0..).collect());
static LANGUAGES: LazyLock<Places> =
    LazyLock::new(|| ALL_LANGUAGES.iter().map(|language| language.code.as_str()).zip(0..).collect());

/// The place of a topic in the vocabulary.
pub(super) fn topic(code: &str) -> Option<usize> {
    TOPICS.get(code).copied()
}

/// The place of a language in the vocabulary.
pub(super) fn language(code: &str) -> Option<usize> {
    LANGUAGES.get(code).copied()
}

fn topics(stored: &str) -> Set {
    Set::of(stored, topic)
}

fn languages(stored: &str) -> Set {
    Set::of(stored, language)
}

/// The vocabulary's own copy of a country's code.
pub(super) fn country(code: &str) -> Option<&'static str> {
    ALL_COUNTRIES.iter().find(|country| country.code == code).map(|country| country.code.as_str())
}

/// The vocabulary's own copy of a function's code.
pub(super) fn function(code: &str) -> Option<&'static str> {
    ALL_FUNCTIONS.iter().find(|function| function.code == code).map(|function| function.code.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_vocabulary_fits_into_a_set() {
        assert!(ALL_TOPICS.len() <= 64 && ALL_LANGUAGES.len() <= 64);
    }
}
