//! `cargo xtask deny`: cargo-deny, as `deny.toml` says. The list of known holes is fetched: without the network name the
//! other checks, `cargo xtask deny licenses bans sources`.

use crate::shell::{Outcome, cargo, run as run_command};
use crate::tools;

pub(crate) fn run(arguments: &[String]) -> Outcome {
    tools::need_subcommand("deny")?;
    run_command(cargo("deny --workspace check").args(arguments))
}
