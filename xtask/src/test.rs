//! `cargo xtask test`: everything that must hold before a change lands.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::thread;

use crate::check::{self, at_once, test_target};
use crate::shell::{self, Outcome, built, cargo, command, root};
use crate::steps::Steps;
use crate::{guard, tools, web};

/// The journey that takes longest: walked first, it leaves no walker alone with it at the end.
const LONGEST: &str = "vectors.test.mjs";
/// How many random strings both sides of the guard must agree on.
const TWIN_STRINGS: u32 = 100_000;

pub(crate) fn run(_: &[String]) -> Outcome {
    let manifest = root().join("tests/Cargo.toml");
    let manifest = fs::read_to_string(&manifest).map_err(|error| format!("{}: {error}", manifest.display()))?;
    let mut steps = Steps::default();
    check::steps(&mut steps);
    // The servers that the tests start are programs of the workspace.
    steps.need("programs", || shell::run(&mut cargo("build --release --workspace --bins")));
    // The crates of the guard and of the text pipeline have tests from outside.
    steps.step("unit", || test_target("--lib --bins --test guard --test text"));
    for name in test_names(&manifest).filter(|name| *name != "contract") {
        steps.step(name, || test_target(&format!("--test {name}")));
    }
    steps.step("guard twin", guard_twin);
    let journeys = journeys();
    if !journeys.is_empty() {
        steps.step("browser journeys", || run_journeys(&journeys));
    }
    steps.finish()
}

/// The integration tests that the manifest declares: a new one can't be forgotten here.
fn test_names(manifest: &str) -> impl Iterator<Item = &str> {
    manifest.split("[[test]]").skip(1).filter_map(|section| {
        let line = section.lines().find(|line| line.trim_start().starts_with("name"))?;
        line.split('"').nth(1)
    })
}

/// Compares what the guard finds on both sides in strings made to confuse.
fn guard_twin() -> Outcome {
    let lines = built("guard-twin.jsonl");
    fs::write(&lines, guard::twin(TWIN_STRINGS)?).map_err(|error| format!("{}: {error}", lines.display()))?;
    shell::run(web::npm(["test", "--", "src/base/guard/twin.test.ts"]).env("EGIDA_GUARD_TWIN", lines))
}

fn journeys() -> Vec<PathBuf> {
    let entries = fs::read_dir(root().join("tests/e2e")).into_iter().flatten().flatten();
    let mut files: Vec<_> =
        entries.map(|entry| entry.path()).filter(|path| path.to_string_lossy().ends_with(".test.mjs")).collect();
    files.sort();
    files.sort_by_key(|file| !file.ends_with(LONGEST));
    files
}

/// Walks the journeys, [`at_once`] of them. One that fails is walked once more at the end, with nothing beside it: a browser that has
/// waited for its turn on a busy machine is no fault of the product, and is called FLAKY.
fn run_journeys(journeys: &[PathBuf]) -> Outcome {
    let browser = tools::need_browser()?;
    let left = Mutex::new(journeys.iter());
    let next = || left.lock().unwrap_or_else(PoisonError::into_inner).next();
    let failed = thread::scope(|scope| {
        let walkers = (0..at_once()).map(|_| {
            scope.spawn(|| std::iter::from_fn(next).filter(|journey| walk(journey, &browser).is_err()).collect::<Vec<_>>())
        });
        walkers.collect::<Vec<_>>().into_iter().map(thread::ScopedJoinHandle::join).collect::<Result<Vec<_>, _>>()
    });
    let failed = failed.map_err(|_| "the journeys broke off")?.concat();
    for journey in failed {
        walk(journey, &browser)?;
        println!("FLAKY {}", journey.display());
    }
    Ok(())
}

/// Walks the journeys of a file, and shows what they said once they are over.
fn walk(journey: &Path, browser: &Path) -> Outcome {
    let file = journey.strip_prefix(root()).unwrap_or(journey);
    let mut node = command("node", [Path::new("--test"), file]);
    node.env("CHROMIUM", browser).env("EGIDA_BIN", built("egida"));
    let said = node.output().map_err(|error| format!("node could not be started: {error}"))?;
    println!("$ node --test {}", file.display());
    print!("{}{}", String::from_utf8_lossy(&said.stdout), String::from_utf8_lossy(&said.stderr));
    if said.status.success() { Ok(()) } else { Err(format!("{} ended with {}", file.display(), said.status)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_declared_test_is_found() {
        let manifest = "[lib]\nname = \"support\"\n[[test]]\nname = \"contract\"\npath = \"x\"\n\n[[test]]\npath = \"y\"\nname = \"faults\"\n[dependencies]\n";
        assert_eq!(test_names(manifest).collect::<Vec<_>>(), ["contract", "faults"]);
    }
}
