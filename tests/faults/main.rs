//! `kill -9` at random moments, under load: what was acknowledged is there once and in order, for everybody.
//!
//! `EGIDA_FAULT_ROUNDS` says how many times the server is killed (5; the nightly run takes 50), `EGIDA_FAULT_SEED`
//! repeats the choices of an earlier run. A kill leaves the system's cache of the disk alone: what a power cut would
//! do is up to `synchronous = FULL` (`base/db/open.rs`), and can only be shown by one.

#![expect(clippy::print_stderr, reason = "the seed of a run that fails must be known")]

mod check;
mod dice;
mod load;
mod region;
mod run;

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};
use check::{Broken, Evidence, broken};
use region::Region;

/// What was committed and has not been folded back into the database.
const LOG: &str = "egida.db-wal";

fn seed() -> u64 {
    let given = std::env::var("EGIDA_FAULT_SEED").ok().and_then(|seed| seed.parse().ok());
    #[expect(clippy::cast_possible_truncation, reason = "the low half of a UUIDv7 is its random one")]
    let seed = given.unwrap_or_else(|| uuid::Uuid::now_v7().as_u128() as u64);
    eprintln!("EGIDA_FAULT_SEED={seed}");
    seed
}

fn rounds() -> usize {
    std::env::var("EGIDA_FAULT_ROUNDS").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(5)
}

fn summary(evidence: &Evidence) -> String {
    let answered = evidence.sent.iter().filter(|sent| !sent.answers.is_empty()).count();
    let stored: usize = evidence.stored.values().map(Vec::len).sum();
    format!("{} posts sent, {answered} answered, {stored} stored", evidence.sent.len())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_acknowledged_is_lost_doubled_or_out_of_order() -> Result<()> {
    let region = Region::new(run::PEOPLE, None).await?;
    let evidence = run::run(&region, rounds(), seed(), |_| Ok(())).await?;
    eprintln!("{}", summary(&evidence));
    let broken: Vec<_> = broken(&evidence).iter().map(Broken::to_string).collect();
    assert!(broken.is_empty(), "{} promises broken:\n{}", broken.len(), broken.join("\n"));
    assert!(
        evidence.sent.iter().filter(|sent| !sent.answers.is_empty()).count() > 100,
        "too little load: {}",
        summary(&evidence)
    );
    tokio::task::block_in_place(|| region.verify())
}

/// The checker is worth something only if it fails when it should. Here the log of what was committed since it was
/// last folded back is thrown away after each kill: what a disk does that lies about `fsync`.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lost_log_is_noticed() -> Result<()> {
    let region = Region::new(run::PEOPLE, None).await?;
    let lose_log = |region: &Region| {
        let log = region.folder().join(LOG);
        let lost = fs::metadata(&log).context("there is no log to lose: is the database's file named otherwise?")?.len();
        fs::remove_file(&log)?;
        eprintln!("{lost} bytes of log are gone");
        Ok(())
    };
    let evidence = run::run(&region, 3, seed(), lose_log).await?;
    let broken = broken(&evidence);
    assert!(
        broken.iter().any(|broken| matches!(broken, Broken::Lost(_))),
        "{}: nothing was missed: {broken:?}",
        summary(&evidence)
    );
    Ok(())
}

/// A server that answers before it has committed: what was answered and not yet committed dies with it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_before_the_commit_is_noticed() -> Result<()> {
    let region = Region::new(run::PEOPLE, Some(faulty("ack_before_commit"))).await?;
    let evidence = run::run(&region, 5, seed(), |_| Ok(())).await?;
    let broken = broken(&evidence);
    assert!(
        broken.iter().any(|broken| matches!(broken, Broken::Lost(_))),
        "{}: nothing was missed: {broken:?}",
        summary(&evidence)
    );
    Ok(())
}

/// A server that stores a post again when it is sent again.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_forgotten_ref_is_noticed() -> Result<()> {
    let region = Region::new(run::PEOPLE, Some(faulty("ignore_ref"))).await?;
    let evidence = run::run(&region, 2, seed(), |_| Ok(())).await?;
    let broken = broken(&evidence);
    assert!(
        broken.iter().any(|broken| matches!(broken, Broken::Doubled(_))),
        "{}: nothing was missed: {broken:?}",
        summary(&evidence)
    );
    Ok(())
}

fn faulty(fault: &'static str) -> (PathBuf, &'static str) {
    (env!("CARGO_BIN_EXE_egida-faulty").into(), fault)
}
