//! `cargo xtask bench`: builds what is measured and what measures it, and runs it.

use crate::shell::{self, Outcome, built, cargo, command};
use crate::web;

pub(crate) fn run(arguments: &[String]) -> Outcome {
    web::ensure()?;
    shell::run(&mut cargo("build --release --workspace --bins"))?;
    shell::become_program(&mut command(built("egida-bench"), arguments))
}
