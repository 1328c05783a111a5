//! `cargo xtask test`: everything that must hold before a change lands.

use std::fs;
use std::path::PathBuf;

use crate::check::{self, test_target};
use crate::shell::{self, Outcome, built, cargo, command, root};
use crate::steps::Steps;
use crate::{guard, tools, web};

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
    files
}

fn run_journeys(journeys: &[PathBuf]) -> Outcome {
    let browser = tools::need_browser()?;
    let files = journeys.iter().map(|file| file.strip_prefix(root()).unwrap_or(file));
    // By itself it would leave one of two cores idle.
    let mut node = command("node", ["--test", "--test-concurrency=2"]);
    shell::run(node.args(files).env("CHROMIUM", browser).env("EGIDA_BIN", built("egida")))
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
