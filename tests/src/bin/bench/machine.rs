//! What the figures were taken on, so that they can be read.

use std::fs;
use std::io::{Seek, Write};
use std::path::Path;
use std::time::Instant;

use anyhow::Result;
use nix::sys::resource::{Resource, getrlimit, setrlimit};

use crate::report::median;

/// Sockets, files and the rest that the largest crowd needs, on each side.
const DESCRIPTORS: u64 = 12_000;

/// Lets this process and those it starts open enough sockets.
///
/// # Errors
/// When the system's hard limit is too low.
pub(crate) fn raise_limits() -> Result<()> {
    let (soft, hard) = getrlimit(Resource::RLIMIT_NOFILE)?;
    anyhow::ensure!(hard >= DESCRIPTORS, "at most {hard} open files are allowed; the bench needs {DESCRIPTORS} (ulimit -Hn)");
    if soft < DESCRIPTORS {
        setrlimit(Resource::RLIMIT_NOFILE, DESCRIPTORS, hard)?;
    }
    Ok(())
}

/// One line about cores, load, and what a durable write costs.
///
/// # Errors
/// When the folder can't be written to.
pub(crate) fn describe(folder: &Path) -> Result<String> {
    let cores = std::thread::available_parallelism()?;
    let load = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let load = load.split(' ').next().unwrap_or("?");
    Ok(format!("{cores} cores, load {load} at the start, a durable write of 4 KiB takes {:.0} us", durable_write(folder)?))
}

/// The median time of overwriting a block and syncing it (microseconds): no acknowledged post can be faster.
fn durable_write(folder: &Path) -> Result<f64> {
    let path = folder.join("durable-write");
    let mut file = fs::File::create(&path)?;
    file.write_all(&[0; 4096])?;
    file.sync_all()?;
    let mut times = Vec::new();
    for _ in 0..200 {
        file.rewind()?;
        let begun = Instant::now();
        file.write_all(&[1; 4096])?;
        file.sync_data()?;
        times.push(begun.elapsed().as_secs_f64() * 1e6);
    }
    fs::remove_file(&path)?;
    Ok(median(&times))
}
