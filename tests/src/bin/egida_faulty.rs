//! `egida` with what only tests may do to it; the same command line, and without these variables simply `egida`:
//!
//! - `EGIDA_FAULT` names a promise to break, so that `tests/faults` can be seen to fail;
//! - `EGIDA_TEST_CLOCK` names a file that holds how many seconds the clock is to be ahead of the true time. It is read
//!   again and again, so that the clock of a running server can be moved; what has taken hold is written to the file of
//!   the same name with `.seen` at its end.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use egida::faults::{Fault, inject, move_clock};

/// How often the clock's file is read.
const LOOK_EVERY: Duration = Duration::from_millis(20);

fn main() -> ExitCode {
    match std::env::var("EGIDA_FAULT").as_deref() {
        Ok("ack_before_commit") => inject(Fault::AckBeforeCommit),
        Ok("ignore_ref") => inject(Fault::IgnoreRef),
        _ => {}
    }
    if let Some(file) = std::env::var_os("EGIDA_TEST_CLOCK").map(PathBuf::from) {
        let mut ahead = follow(&file, 0);
        std::thread::spawn(move || {
            loop {
                std::thread::sleep(LOOK_EVERY);
                ahead = follow(&file, ahead);
            }
        });
    }
    egida::cli::main()
}

/// Moves the clock to where the file says; how far it is ahead then (seconds). A file that is being written says nothing.
fn follow(file: &Path, ahead: i64) -> i64 {
    let wanted = std::fs::read_to_string(file).ok().and_then(|text| text.trim().parse().ok()).unwrap_or(ahead);
    if wanted != ahead {
        move_clock(wanted);
        let _ = std::fs::write(file.with_extension("seen"), wanted.to_string());
    }
    wanted
}
