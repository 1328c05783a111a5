//! `cargo xtask check`: what is quick enough to run before every commit.

use std::thread;

use crate::run::build_server;
use crate::shell::{self, Outcome, cargo};
use crate::steps::Steps;
use crate::{generate, tools, web};

pub(crate) fn steps(steps: &mut Steps) {
    steps.need("web packages", web::ensure_packages);
    steps.step("rustfmt", || shell::run(&mut cargo("fmt --all --check")));
    steps.step("svelte-check", || shell::run(&mut web::npm(["run", "check"])));
    steps.step("vitest", || shell::run(&mut web::npm(["test"])));
    steps.need("web build", web::ensure_built);
    // The release profile here too: build scripts, and with them the database engine, are then compiled once.
    steps.step("clippy", || shell::run(&mut cargo("clippy --release --workspace --all-targets -- -D warnings")));
    steps.need("server build", build_server);
    steps.step("generated files are fresh", generate::verify);
    steps.step("contract", || test_target("--test contract"));
}

pub(crate) fn run(_: &[String]) -> Outcome {
    let mut steps = Steps::default();
    self::steps(&mut steps);
    steps.finish()
}

/// Runs the tests of a target (`--test contract`, `--lib --bins`). The whole workspace is selected each time, so that
/// the features of the dependencies never differ and each is compiled once.
pub(crate) fn test_target(target: &str) -> Outcome {
    // A disk that others share stands still for seconds at times, and a server then says that it is busy. What passes only
    // the second time is called FLAKY in the summary.
    let nextest = format!("nextest run --test-threads {} --retries 1", at_once());
    let runner = if tools::has_nextest() { &nextest } else { "test" };
    // All that fails is worth knowing, not the first alone.
    shell::run(&mut cargo(&format!("{runner} --release --workspace --no-fail-fast {target}")))
}

/// How many tests or journeys run beside each other: most wait for their server as long as they reckon, and one more than there
/// are cores keeps these busy.
pub(crate) fn at_once() -> usize {
    thread::available_parallelism().map_or(2, |cores| cores.get() + 1)
}
