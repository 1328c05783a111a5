//! What the guard says on the server's side, for its twin in the browser to agree with.

use crate::shell::{Outcome, built, cargo, command, output, run};

/// How many random strings are kept beside the twin.
pub(crate) const KEPT_STRINGS: u32 = 400;

/// A line for each shared example and for so many random strings.
pub(crate) fn twin(strings: u32) -> Outcome<Vec<u8>> {
    run(&mut cargo("build --release --workspace --example twin"))?;
    output(&mut command(built("examples/twin"), [strings.to_string()]))
}
