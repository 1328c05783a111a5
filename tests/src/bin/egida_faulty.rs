//! `egida`, broken on purpose, so that `tests/faults` can be seen to fail. The same command line; the environment
//! variable `EGIDA_FAULT` names the fault, and without it this is simply `egida`.

use std::process::ExitCode;

use egida::faults::{Fault, inject};

fn main() -> ExitCode {
    match std::env::var("EGIDA_FAULT").as_deref() {
        Ok("ack_before_commit") => inject(Fault::AckBeforeCommit),
        Ok("ignore_ref") => inject(Fault::IgnoreRef),
        _ => {}
    }
    egida::cli::main()
}
