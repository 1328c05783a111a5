//! `cargo xtask mutants`: cargo-mutants on the rules of access, as `.cargo/mutants.toml` says.

use crate::shell::{Outcome, cargo, run as run_command};
use crate::tools;

pub(crate) fn run(arguments: &[String]) -> Outcome {
    tools::need_subcommand("mutants")?;
    // In a copy below target: what is worked on meanwhile is left alone.
    run_command(cargo("mutants --output target").args(arguments))
}
