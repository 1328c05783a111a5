//! One run: load, kills, and what is left to check.

use std::collections::BTreeMap;
use std::time::Duration;

use anyhow::{Context, Result};
use support::server_process::ServerProcess;
use tokio::sync::watch;
use tokio::task::{JoinSet, block_in_place};
use tokio::time::sleep;

use crate::check::{Evidence, Seen, Sent};
use crate::dice::Dice;
use crate::load::{By, Poster, Reader, Signals};
use crate::region::{Http, Region};

/// People who post: two thirds over sockets, the rest over HTTP.
const POSTERS: usize = 6;
/// People who read.
const READERS: usize = 3;
/// People a region needs.
pub(crate) const PEOPLE: usize = POSTERS + READERS;
/// The load goes on for so long after the last kill, so that everybody can insist on what was not answered.
const AFTERMATH: Duration = Duration::from_millis(700);

/// Called after each kill, before the server is started again.
pub(crate) type AfterKill = fn(&Region) -> Result<()>;

/// Kills the server `kills` times under load, and gathers the evidence.
pub(crate) async fn run(region: &Region, kills: usize, seed: u64, after_kill: AfterKill) -> Result<Evidence> {
    let mut dice = Dice::new(seed);
    let (server, server_signal) = watch::channel(None);
    let (enough, enough_signal) = watch::channel(false);
    let (heads, heads_signal) = watch::channel(None);
    let signals = Signals { server: server_signal, enough: enough_signal, heads: heads_signal };
    let (mut posting, mut reading) = (JoinSet::new(), JoinSet::new());
    spawn(region, &signals, &mut dice, &mut posting, &mut reading);

    let mut process = start(region)?;
    server.send_replace(Some(process.address()));
    for _ in 0..kills {
        sleep(dice.between(30, 700)).await;
        block_in_place(|| process.kill())?;
        server.send_replace(None);
        block_in_place(|| after_kill(region))?;
        process = start(region)?;
        server.send_replace(Some(process.address()));
    }
    sleep(AFTERMATH).await;
    enough.send_replace(true);
    let sent = gather::<Sent>(&mut posting).await.with_context(|| format!("a poster; the server said: {}", process.said()))?;

    let http = Http::new()?;
    let mut stored = BTreeMap::new();
    for channel in &region.channels {
        let history = http.history(&process.url(""), &channel.id, channel.from, &region.tokens[0]).await?;
        stored.insert(channel.id.clone(), history);
    }
    let ends = stored.iter().map(|(channel, history)| (channel.clone(), history.last().map_or(0, |last| last.place.seq)));
    heads.send_replace(Some(ends.collect()));
    let read = gather::<Seen>(&mut reading).await.context("a reader")?;
    block_in_place(|| process.stop())?;
    Ok(Evidence { sent, stored, seen: read })
}

fn start(region: &Region) -> Result<ServerProcess> {
    block_in_place(|| region.start())
}

fn spawn(
    region: &Region,
    signals: &Signals,
    dice: &mut Dice,
    posting: &mut JoinSet<Result<Vec<Sent>>>,
    reading: &mut JoinSet<Result<Vec<Seen>>>,
) {
    let (posters, readers) = region.tokens.split_at(POSTERS);
    for (number, token) in posters.iter().enumerate() {
        let by = if number % 3 == 2 { By::Http } else { By::Socket };
        let (token, channels) = (token.clone(), region.channels.clone());
        let poster = Poster { name: format!("poster {number}"), by, token, channels, dice: dice.of(), signals: signals.clone() };
        posting.spawn(poster.run());
    }
    for (number, token) in readers.iter().enumerate() {
        let (token, channels) = (token.clone(), region.channels.clone());
        let reader = Reader { name: format!("reader {number}"), token, channels, dice: dice.of(), signals: signals.clone() };
        reading.spawn(reader.run());
    }
}

async fn gather<T: 'static>(tasks: &mut JoinSet<Result<Vec<T>>>) -> Result<Vec<T>> {
    let mut all = Vec::new();
    while let Some(done) = tasks.join_next().await {
        all.extend(done??);
    }
    Ok(all)
}
