//! Who stands where right now, kept in memory because every post and every request asks.
//!
//! A change forgets what it concerns in the effects of its own transaction ([`AfterCommit`]), so that nobody is
//! answered before the old standing is gone. A load that was overtaken by such a change is not kept.

use std::collections::{HashMap, HashSet, VecDeque};
use std::hash::Hash;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use uuid::Uuid;

use super::{Actor, Channel, Mute, SecondFactor, Vetting, store};
use crate::base::clock::Clock;
use crate::base::db::{self, AfterCommit, Db, Result, Tx};

/// The name under which a region keeps how strictly it asks for a second factor.
const SECOND_FACTOR: &str = "second_factor";

/// Entries of a kind at most; beyond that all are forgotten and loaded again as they are needed.
const MAX_KEPT: usize = 16_384;
/// Changes remembered, so that others who keep something of an account learn which have changed.
const MAX_CHANGES: usize = 1_024;

struct Kept<K, V> {
    /// Rises with every change: a load that began before it may be stale.
    age: u64,
    entries: HashMap<K, Arc<V>>,
    /// What has changed lately, the latest last.
    changes: VecDeque<K>,
}

struct Cache<K, V>(Mutex<Kept<K, V>>);

impl<K: Eq + Hash + Copy, V> Cache<K, V> {
    fn new() -> Self {
        Self(Mutex::new(Kept { age: 0, entries: HashMap::new(), changes: VecDeque::new() }))
    }

    fn with<T>(&self, use_it: impl FnOnce(&mut Kept<K, V>) -> T) -> T {
        use_it(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn forget(&self, key: &K) {
        self.with(|kept| {
            kept.age += 1;
            kept.entries.remove(key);
            if kept.changes.len() == MAX_CHANGES {
                kept.changes.pop_front();
            }
            kept.changes.push_back(*key);
        });
    }

    /// What has changed since that age; `None` if that is longer ago than is remembered.
    fn changed_since(&self, age: u64) -> Option<HashSet<K>> {
        self.with(|kept| {
            let count = usize::try_from(kept.age.checked_sub(age)?).ok()?;
            let from = kept.changes.len().checked_sub(count)?;
            Some(kept.changes.range(from..).copied().collect())
        })
    }

    fn forget_all(&self) {
        self.with(|kept| {
            kept.age += 1;
            kept.entries.clear();
            kept.changes.clear();
        });
    }

    async fn get_or_load(&self, key: K, load: impl Future<Output = Result<Option<V>>>) -> Result<Option<Arc<V>>> {
        let (age, found) = self.with(|kept| (kept.age, kept.entries.get(&key).cloned()));
        if found.is_some() {
            return Ok(found);
        }
        let Some(loaded) = load.await?.map(Arc::new) else { return Ok(None) };
        self.with(|kept| {
            if kept.age == age {
                if kept.entries.len() >= MAX_KEPT {
                    kept.entries.clear();
                }
                kept.entries.insert(key, loaded.clone());
            }
        });
        Ok(Some(loaded))
    }
}

/// The standing of accounts and channels.
pub struct Standing {
    db: Db,
    clock: Clock,
    actors: Cache<Uuid, Actor>,
    channels: Cache<Uuid, Channel>,
    /// Decided when a region is made; only the operator changes it, with the server stopped.
    second_factor: OnceLock<SecondFactor>,
}

impl Standing {
    /// Knows nobody yet.
    pub fn new(db: Db, clock: Clock) -> Arc<Self> {
        Arc::new(Self { db, clock, actors: Cache::new(), channels: Cache::new(), second_factor: OnceLock::new() })
    }

    /// Moves the clock, for a test that waits for something to run out.
    #[cfg(test)]
    pub(super) fn set_clock(&mut self, clock: Clock) {
        self.clock = clock;
    }

    /// The account as an actor; `None` if there is none or it is suspended.
    pub async fn actor(&self, account: Uuid) -> Result<Option<Arc<Actor>>> {
        let found = self.actors.get_or_load(account, self.load_actor(account)).await?;
        let now = self.clock.now();
        if found.as_ref().is_some_and(|actor| has_run_out(actor, now)) {
            self.actors.forget(&account);
            return self.actors.get_or_load(account, self.load_actor(account)).await;
        }
        Ok(found)
    }

    /// The facts of a channel.
    pub async fn channel(&self, id: Uuid) -> Result<Option<Arc<Channel>>> {
        Ok(self.look_up(id).await?.0)
    }

    /// The facts of a channel, and whether storage was asked for them: it always is for what isn't there.
    pub async fn look_up(&self, id: Uuid) -> Result<(Option<Arc<Channel>>, bool)> {
        let mut asked = false;
        let load = async {
            asked = true;
            store::channel(&mut self.db.read_aside().await?, id).await
        };
        let found = self.channels.get_or_load(id, load).await?;
        Ok((found, asked))
    }

    /// The work of asking for a channel that isn't there; `id` is nobody's.
    pub async fn miss(&self, id: Uuid) -> Result<()> {
        self.channel(id).await.map(drop)
    }

    /// How strictly this region asks those who hold powers for a second factor.
    pub async fn second_factor(&self) -> Result<SecondFactor> {
        if let Some(rule) = self.second_factor.get() {
            return Ok(*rule);
        }
        let word = db::setting(&mut self.db.read_aside().await?, SECOND_FACTOR).await?;
        // What can't be read must not be the way around it.
        let rule = word.and_then(|word| word.parse().ok()).unwrap_or(SecondFactor::Required);
        Ok(*self.second_factor.get_or_init(|| rule))
    }

    /// How many changes of accounts there have been.
    pub fn age(&self) -> u64 {
        self.actors.with(|kept| kept.age)
    }

    /// The accounts that have changed since that age; `None` if it is longer ago than is remembered. For who keeps
    /// something of accounts: whatever of one others see is changed through [`Standing::actor_changes`].
    pub fn changed_since(&self, age: u64) -> Option<HashSet<Uuid>> {
        self.actors.changed_since(age)
    }

    /// Forgets everything: another process has changed something.
    pub fn forget_all(&self) {
        self.actors.forget_all();
        self.channels.forget_all();
    }

    /// Forgets an account once the transaction holds.
    pub fn actor_changes(self: &Arc<Self>, tx: &mut Tx, account: Uuid) {
        let standing = self.clone();
        tx.after_commit(move || standing.actors.forget(&account));
    }

    /// Forgets a channel once the transaction holds.
    pub fn channel_changes(self: &Arc<Self>, tx: &mut Tx, id: Uuid) {
        let standing = self.clone();
        tx.after_commit(move || standing.channels.forget(&id));
    }

    async fn load_actor(&self, account: Uuid) -> Result<Option<Actor>> {
        let mut conn = self.db.read_aside().await?;
        let Some(person) = store::person(&mut conn, account).await? else { return Ok(None) };
        let vetting = match person.accredited_until {
            None => Vetting::Pending,
            Some(until) if until > self.clock.now() => Vetting::Accredited(until),
            Some(_) => Vetting::Expired,
        };
        let (grants, channels, mutes) = (Vec::new(), HashSet::new(), Vec::new());
        let store::Person { name, country, organisation, .. } = person;
        let mut actor = Actor { account, name, country, organisation, vetting, grants, channels, mutes };
        if actor.is_confirmed() {
            let grants = store::grants(&mut conn, account).await?;
            actor.grants = grants.iter().filter_map(|(role, scope)| Some((role.parse().ok()?, scope.parse().ok()?))).collect();
        }
        if vetting != Vetting::Expired {
            actor.channels = store::memberships(&mut conn, account).await?.into_iter().collect();
            let mutes = store::mutes(&mut conn, account, self.clock.now()).await?;
            actor.mutes =
                mutes.into_iter().filter_map(|(scope, until)| Some(Mute { scope: scope.parse().ok()?, until })).collect();
        }
        Ok(Some(actor))
    }
}

/// Whether something that is kept of somebody has ended meanwhile: their accreditation, or a mute.
fn has_run_out(actor: &Actor, now: i64) -> bool {
    matches!(actor.vetting, Vetting::Accredited(until) if until <= now) || actor.mutes.iter().any(|mute| mute.until <= now)
}

/// Decides how strictly a region asks those who hold powers for a second factor.
pub async fn ask_for_second_factor(tx: &mut Tx, rule: SecondFactor) -> Result<()> {
    db::set_setting(tx, SECOND_FACTOR, &rule.to_string()).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_are_remembered_for_a_while() {
        let cache: Cache<usize, ()> = Cache::new();
        assert_eq!(cache.changed_since(0), Some(HashSet::new()));
        cache.forget(&1);
        cache.forget(&2);
        assert_eq!(cache.changed_since(0), Some(HashSet::from([1, 2])));
        assert_eq!(cache.changed_since(1), Some(HashSet::from([2])));
        assert_eq!(cache.changed_since(3), None);
        (0..MAX_CHANGES).for_each(|n| cache.forget(&n));
        assert_eq!(cache.changed_since(1), None);
        assert_eq!(cache.changed_since(2).map(|changed| changed.len()), Some(MAX_CHANGES));
    }

    async fn load(cache: &Cache<usize, usize>, key: usize, value: usize) -> usize {
        *cache.get_or_load(key, async { Ok(Some(value)) }).await.expect("read").expect("something")
    }

    #[tokio::test]
    async fn what_was_loaded_is_kept_beside_the_others_until_they_are_too_many() {
        let cache = Cache::new();
        for key in 0..MAX_KEPT {
            load(&cache, key, 1).await;
        }
        assert_eq!((load(&cache, 0, 2).await, load(&cache, MAX_KEPT - 1, 2).await), (1, 1));
        load(&cache, MAX_KEPT, 1).await;
        assert_eq!((load(&cache, 0, 2).await, load(&cache, MAX_KEPT, 2).await), (2, 1));
    }

    #[tokio::test]
    async fn a_load_that_a_change_has_overtaken_is_not_kept() {
        for forget in [|cache: &Cache<usize, usize>| cache.forget(&7), Cache::forget_all] {
            let cache = Cache::new();
            let overtaken = cache.get_or_load(7, async {
                forget(&cache);
                Ok(Some(1))
            });
            assert_eq!(overtaken.await.expect("read").as_deref(), Some(&1));
            assert_eq!(load(&cache, 7, 2).await, 2);
        }
    }
}
