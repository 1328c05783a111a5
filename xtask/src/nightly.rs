//! `cargo xtask nightly`: what takes too long for every change, or needs the network.

use crate::shell::{Outcome, cargo, run as run_command};
use crate::steps::Steps;
use crate::{deny, fuzz, mutants, run as serving};

/// How often the server is killed under load.
const ROUNDS: &str = "50";

pub(crate) fn run(_: &[String]) -> Outcome {
    let mut steps = Steps::default();
    steps.need("server", serving::build_server);
    steps.need("programs", || run_command(&mut cargo("build --release --workspace --bins")));
    steps.step("faults, 50 rounds", || {
        run_command(cargo("test --release --workspace --test faults").env("EGIDA_FAULT_ROUNDS", ROUNDS))
    });
    steps.step("fuzz", || fuzz::run(&[]));
    steps.step("mutants", || mutants::run(&[]));
    steps.step("deny", || deny::run(&[]));
    steps.finish()
}
