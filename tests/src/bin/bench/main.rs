//! The benchmark: drives the real release binary, as a process of its own, over the loopback, and prints one table.
//!
//! `cargo xtask bench [search] [--quick] [--only NAME]... [--rounds N] [--reseed]`
//!
//! Each round takes every figure once, the echo just before Egida, so that a slow minute of the machine hits both.
//! The limits stand beside the figures. CPU is the server's alone, as the kernel counts it.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a table is what it is for")]

mod cards;
mod crowd;
mod fanout;
mod found;
mod guard;
mod hidden;
mod http;
mod idle;
mod library;
mod machine;
mod meaning;
mod post;
mod raw;
mod read;
mod renewal;
mod report;
mod seed;
mod storm;
mod words;

use std::cell::{Cell, RefCell};
use std::collections::HashSet;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use report::Report;
use support::server_process::program;

/// Names for `--only`.
const NAMES: [&str; 19] = [
    "steady",
    "burst",
    "idle",
    "stored",
    "storm",
    "post",
    "page",
    "search",
    "directory",
    "library",
    "campaigns",
    "cards",
    "times",
    "hidden",
    "flood",
    "retrieval",
    "precision",
    "renewal",
    MEANING,
];
/// Measured only where it is named: it installs a model.
const MEANING: &str = "meaning";
/// What `cargo xtask bench search` measures: all that is about finding.
const FINDING: [&str; 4] = ["retrieval", "precision", "search", "renewal"];

/// What was asked for, and where things are.
pub(crate) struct Run {
    quick: bool,
    only: Vec<String>,
    rounds: u64,
    rounds_done: Cell<u64>,
    reseed: bool,
    /// Seeded folders and the copy in use.
    folder: PathBuf,
    seeded: RefCell<HashSet<PathBuf>>,
}

impl Run {
    fn from_arguments() -> Result<Self> {
        let folder =
            program("egida")?.parent().and_then(|release| release.parent()).context("no target folder")?.join("bench-data");
        std::fs::create_dir_all(&folder)?;
        let (rounds_done, seeded) = (Cell::new(0), RefCell::default());
        let mut run = Self { quick: false, only: Vec::new(), rounds: 3, rounds_done, reseed: false, folder, seeded };
        let mut arguments = std::env::args().skip(1);
        while let Some(argument) = arguments.next() {
            match argument.as_str() {
                "--quick" => run.quick = true,
                "--reseed" => run.reseed = true,
                "--rounds" => run.rounds = arguments.next().context("--rounds needs a number")?.parse()?,
                "--only" => {
                    let name = arguments.next().context("--only needs a name")?;
                    if !NAMES.contains(&name.as_str()) {
                        bail!("--only takes one of {}", NAMES.join(", "));
                    }
                    run.only.push(name);
                }
                "search" => run.only.extend(FINDING.map(str::to_owned)),
                _ => bail!("usage: cargo xtask bench [search] [--quick] [--only {}]... [--rounds N] [--reseed]", NAMES.join("|")),
            }
        }
        Ok(run)
    }

    fn wants(&self, name: &str) -> bool {
        (self.only.is_empty() && name != MEANING) || self.only.iter().any(|only| only == name)
    }
}

/// A number of things, as a number to calculate with. Exact up to 2^53.
#[expect(clippy::cast_precision_loss, reason = "nothing here is counted to 2^53")]
fn count(things: impl TryInto<u64>) -> f64 {
    things.try_into().unwrap_or(u64::MAX) as f64
}

async fn figure(name: &str, run: &Run, fanout: Option<&fanout::Bench>, report: &mut Report) -> Result<()> {
    match (name, fanout) {
        ("steady", Some(fanout)) => fanout.steady(run, report).await,
        ("burst", Some(fanout)) => fanout.burst(run, report).await,
        ("idle", _) => idle::connections(run, report).await,
        ("stored", _) => idle::stored(run, report).await,
        ("storm", _) => storm::round(run, report).await,
        ("post", _) => post::round(run, report).await,
        ("page", _) => read::pages(run, report).await,
        ("search", _) => read::searches(run, report).await,
        ("directory", _) => read::directory(run, report).await,
        ("library", _) => library::round(run, report).await,
        ("campaigns", _) => read::campaigns(run, report).await,
        ("cards", _) => cards::round(run, report).await,
        ("times", _) => guard::times(run, report).await,
        ("hidden", _) => hidden::round(run, report).await,
        ("flood", _) => guard::flood(run, report).await,
        ("retrieval", _) => found::retrieval(report).await,
        ("precision", _) => found::precision(run, report).await,
        ("renewal", _) => renewal::round(run, report).await,
        (MEANING, _) => meaning::meaning(report).await,
        _ => bail!("there is no figure {name}"),
    }
}

async fn bench(run: &Run) -> Result<ExitCode> {
    machine::raise_limits()?;
    let machine = machine::describe(&run.folder)?;
    eprintln!("{machine}");
    let fanout = if run.wants("steady") || run.wants("burst") { Some(fanout::Bench::prepare(run).await?) } else { None };
    let mut report = Report::default();
    let mut failures = Vec::new();
    for round in 1..=run.rounds {
        for name in NAMES.into_iter().filter(|name| run.wants(name)) {
            eprintln!("  round {round} of {}: {name}", run.rounds);
            // One that can't be taken must not cost the others.
            if let Err(error) = figure(name, run, fanout.as_ref(), &mut report).await {
                eprintln!("    FAILED: {error:#}");
                failures.push(format!("{name}, round {round}: {error:#}"));
            }
        }
        run.rounds_done.set(round);
    }
    let _ = std::fs::remove_dir_all(run.folder.join("copy"));
    println!("{} rounds on {machine}\n\n{}", run.rounds, report.table());
    match report.short() {
        0 => println!("every figure is within its limit"),
        short => println!("{short} figures fall short"),
    }
    for failure in &failures {
        println!("could not be taken: {failure}");
    }
    Ok(if failures.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let taken = async { bench(&Run::from_arguments()?).await };
    tokio::task::LocalSet::new().run_until(taken).await.unwrap_or_else(|error| {
        eprintln!("{error:#}");
        ExitCode::FAILURE
    })
}
