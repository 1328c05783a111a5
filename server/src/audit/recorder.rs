//! Acts without a transaction of their own: reading, being refused, failing to sign in. They are noted in memory, so that
//! nobody's answer waits for them and a flood writes no flood of rows, and stored at once or within a minute.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use uuid::Uuid;

use super::{Act, record, store};
use crate::base::clock::{Clock, HOUR, MINUTE};
use crate::base::db::{self, Db};

/// The same person looking at the same thing is recorded once in this time.
const ONCE_IN: i64 = HOUR;
/// Refusals and failures are counted together for this long.
const COUNTED_FOR: i64 = MINUTE;
/// How often it is looked whether something has been counted for long enough.
const LOOK_EVERY: Duration = Duration::from_secs(5);
/// Looks remembered at most; beyond that all are forgotten, and the table is asked.
const REMEMBERED: usize = 16_384;
/// Networks whose failures are counted apart at a time; further ones go into one row. (People and their accounts are always
/// counted apart: there are only so many, and none may hide behind a flood.)
const APART: usize = 64;
/// Targets named in a row that counts several.
const NAMED: usize = 8;

/// Who, or nobody known; what; and for nobody known to what.
type Counted = (Option<Uuid>, &'static str, String);

/// What was counted.
#[derive(Clone, Debug)]
struct Count {
    since: i64,
    times: u64,
    target: String,
    also: Vec<String>,
}

/// A look that waits to be stored.
#[derive(Clone, Debug)]
struct Look {
    at: i64,
    actor: Uuid,
    what: &'static str,
    target: String,
}

#[derive(Default)]
struct Notes {
    looks: Vec<Look>,
    remembered: HashMap<(Uuid, &'static str, String), i64>,
    counts: HashMap<Counted, Count>,
}

/// See the module.
pub struct Recorder {
    db: Db,
    clock: Clock,
    notes: Mutex<Notes>,
    wake: Notify,
    /// Held while notes are being stored, so that [`Recorder::settle`] means what it says.
    storing: tokio::sync::Mutex<()>,
}

impl Recorder {
    /// Has noted nothing yet.
    pub fn new(db: Db, clock: Clock) -> Self {
        Self { db, clock, notes: Mutex::default(), wake: Notify::new(), storing: tokio::sync::Mutex::default() }
    }

    fn notes(&self) -> MutexGuard<'_, Notes> {
        self.notes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Somebody has looked at these: recorded once an hour for each.
    pub fn looked(&self, actor: Uuid, what: &'static str, targets: impl IntoIterator<Item = String>) {
        let mut targets = targets.into_iter().peekable();
        if targets.peek().is_none() {
            return;
        }
        let now = self.clock.now();
        let mut notes = self.notes();
        let mut fresh = false;
        for target in targets {
            let key = (actor, what, target);
            if notes.remembered.get(&key).is_some_and(|at| now - at < ONCE_IN) {
                continue;
            }
            notes.looks.push(Look { at: now, actor, what, target: key.2.clone() });
            if notes.remembered.len() >= REMEMBERED {
                notes.remembered.clear();
            }
            notes.remembered.insert(key, now);
            fresh = true;
        }
        drop(notes);
        if fresh {
            self.wake.notify_one();
        }
    }

    /// Somebody asked for what they may not know of (`hidden`), or may not do. One row a minute for each person.
    pub fn refused(&self, actor: Uuid, hidden: bool, target: String) {
        let what = if hidden { "access.hidden" } else { "access.forbidden" };
        self.count((Some(actor), what, String::new()), target, None);
    }

    /// Somebody failed to sign in: to this account, if there is one, from this address. One row a minute for each account,
    /// and for each network if there is no such account.
    pub fn failed_sign_in(&self, account: Option<Uuid>, address: Option<IpAddr>) {
        let network = format!("network:{}", address.map_or_else(|| "unknown".into(), network));
        // Asked whether or not there is an account: both take as long.
        let crowded = self.counts_networks() >= APART;
        let target = match account {
            Some(account) => format!("account:{account}"),
            None if crowded => "network:several".into(),
            None => network.clone(),
        };
        // Where it came from stands beside the account, not in its place.
        self.count((None, "session.fail", target.clone()), target, Some(network));
    }

    fn counts_networks(&self) -> usize {
        self.notes().counts.keys().filter(|(_, _, target)| target.starts_with("network:")).count()
    }

    fn count(&self, key: Counted, target: String, also: Option<String>) {
        let now = self.clock.now();
        let mut notes = self.notes();
        let count =
            notes.counts.entry(key).or_insert_with(|| Count { since: now, times: 0, target: target.clone(), also: Vec::new() });
        count.times += 1;
        name(count, target);
        if let Some(also) = also {
            name(count, also);
        }
    }

    /// Stores what waits, for as long as the server runs.
    pub async fn run(&self) {
        loop {
            let _ = tokio::time::timeout(LOOK_EVERY, self.wake.notified()).await;
            if let Err(error) = self.store(false).await {
                tracing::warn!(%error, "the record could not be written");
            }
        }
    }

    /// Stores everything that was noted so far.
    ///
    /// # Errors
    /// If storage fails; what was noted is then kept for the next time.
    pub async fn settle(&self) -> db::Result<()> {
        self.store(true).await
    }

    async fn store(&self, all: bool) -> db::Result<()> {
        let _one_at_a_time = self.storing.lock().await;
        let now = self.clock.now();
        let (looks, counts) = {
            let mut notes = self.notes();
            let due = |count: &Count| all || now - count.since >= COUNTED_FOR;
            let counts: Vec<_> = notes.counts.extract_if(|_, count| due(count)).collect();
            (std::mem::take(&mut notes.looks), counts)
        };
        if looks.is_empty() && counts.is_empty() {
            return Ok(());
        }
        let (kept_looks, kept_counts) = (looks.clone(), counts.clone());
        let stored: db::Result<()> = self
            .db
            .write(async move |tx| {
                for look in &looks {
                    // Memory forgets with a restart, the table doesn't.
                    if store::has_since(tx, look.actor, look.what, &look.target, look.at - ONCE_IN).await? {
                        continue;
                    }
                    let (target, detail) = (look.target.clone(), String::new());
                    record(tx, Act { at: look.at, actor: Some(look.actor), what: look.what, target, detail }).await?;
                }
                for ((actor, what, _), count) in &counts {
                    record(tx, count.act(now, *actor, what)).await?;
                }
                Ok(())
            })
            .await;
        if stored.is_err() {
            let mut notes = self.notes();
            notes.looks.extend(kept_looks);
            for (key, count) in kept_counts {
                notes.counts.entry(key).and_modify(|newer| newer.times += count.times).or_insert(count);
            }
        }
        stored
    }
}

impl Count {
    fn act<'a>(&self, at: i64, actor: Option<Uuid>, what: &'a str) -> Act<'a> {
        let mut detail = format!("count={}", self.times);
        if !self.also.is_empty() {
            detail = format!("{detail} also={}", self.also.join(","));
        }
        Act { at, actor, what, target: self.target.clone(), detail }
    }
}

/// Names a further target of what is counted.
fn name(count: &mut Count, target: String) {
    if target != count.target && count.also.len() < NAMED && !count.also.contains(&target) {
        count.also.push(target);
    }
}

/// The network of an address, as it is recorded: the first 24 bits, or 48 of the newer kind.
fn network(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(address) => {
            let [a, b, c, _] = address.octets();
            format!("{a}.{b}.{c}.0/24")
        }
        IpAddr::V6(address) => {
            let [a, b, c, ..] = address.segments();
            format!("{a:x}:{b:x}:{c:x}::/48")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn recorder() -> Recorder {
        Recorder::new(Db::nowhere(), Clock::Fixed(0))
    }

    #[tokio::test]
    async fn a_flood_is_counted_and_not_written_down_one_by_one() {
        let recorder = recorder();
        for n in 0..1_000_u128 {
            recorder.failed_sign_in(None, Some(IpAddr::from([10, 0, u8::try_from(n % 250).expect("a byte"), 1])));
            recorder.refused(Uuid::from_u128(7), true, format!("channel:{}", n % 20));
        }
        let notes = recorder.notes();
        assert!(notes.counts.len() <= APART + 2, "{}", notes.counts.len());
        let refused = &notes.counts[&(Some(Uuid::from_u128(7)), "access.hidden", String::new())];
        assert_eq!((refused.times, refused.also.len()), (1_000, NAMED));
        let failures: u64 = notes.counts.iter().filter(|(key, _)| key.1 == "session.fail").map(|(_, count)| count.times).sum();
        assert_eq!(failures, 1_000);
    }

    #[tokio::test]
    async fn a_failure_names_the_account_and_the_network_but_no_address() {
        let recorder = recorder();
        let account = Uuid::from_u128(3);
        recorder.failed_sign_in(Some(account), Some(IpAddr::from([192, 0, 2, 77])));
        recorder.failed_sign_in(Some(account), Some(IpAddr::from([192, 0, 2, 78])));
        let notes = recorder.notes();
        let count = notes.counts.values().next().expect("a count");
        let act = count.act(5, None, "session.fail");
        assert_eq!((act.actor, act.target), (None, format!("account:{account}")));
        assert_eq!(act.detail, "count=2 also=network:192.0.2.0/24");
    }

    #[tokio::test]
    async fn a_look_is_noted_once_an_hour() {
        let recorder = recorder();
        for _ in 0..3 {
            recorder.looked(Uuid::from_u128(1), "channel.read", ["channel:a".to_owned(), "channel:b".to_owned()]);
        }
        assert_eq!(recorder.notes().looks.len(), 2);
        recorder.looked(Uuid::from_u128(2), "channel.read", ["channel:a".to_owned()]);
        assert_eq!(recorder.notes().looks.len(), 3);
    }

    #[tokio::test]
    async fn what_could_not_be_stored_is_kept() {
        let recorder = recorder();
        recorder.looked(Uuid::from_u128(1), "channel.read", ["channel:a".to_owned()]);
        recorder.refused(Uuid::from_u128(1), true, "channel:a".into());
        assert!(recorder.settle().await.is_err());
        let notes = recorder.notes();
        assert_eq!((notes.looks.len(), notes.counts.len()), (1, 1));
    }

    #[test]
    fn addresses_are_recorded_as_networks() {
        assert_eq!(network(IpAddr::from([192, 0, 2, 77])), "192.0.2.0/24");
        assert_eq!(network("2001:db8:7:8::9".parse().expect("an address")), "2001:db8:7::/48");
        assert_eq!(network("::ffff:192.0.2.77".parse().expect("an address")), "192.0.2.0/24");
    }
}
