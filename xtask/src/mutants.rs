//! `cargo xtask mutants`: cargo-mutants on the rules of access, as `.cargo/mutants.toml` says. In a tree of their own with
//! what they stand on: a mutant of the whole server would take a minute to build, and there are some three hundred.

use std::fs;
use std::path::Path;

use crate::shell::{Outcome, cargo, root, run as run_command};
use crate::tools;

/// What is copied from the server's sources.
const RULES: [&str; 5] = ["access", "base/clock.rs", "base/db", "base/secret.rs", "faults.rs"];
const WORKSPACE: &str = "[workspace]\nresolver = \"3\"\nmembers = [\"server\"]\n\n[profile.release]\nopt-level = 0\n";

pub(crate) fn run(arguments: &[String]) -> Outcome {
    tools::need_subcommand("mutants")?;
    let tree = root().join("target/mutants/tree");
    lay(&tree).map_err(|error| format!("{}: {error}", tree.display()))?;
    run_command(cargo("mutants --jobs 2 --output ..").args(arguments).current_dir(tree))
}

fn lay(tree: &Path) -> std::io::Result<()> {
    let sources = tree.join("server/src");
    if tree.exists() {
        fs::remove_dir_all(tree)?;
    }
    fs::create_dir_all(sources.join("base"))?;
    fs::write(tree.join("Cargo.toml"), WORKSPACE)?;
    let given = [("tests/mutants/Cargo.toml", "server/Cargo.toml"), ("tests/mutants/lib.rs", "server/src/lib.rs")];
    for (from, to) in given.into_iter().chain([("Cargo.lock", "Cargo.lock"), (".cargo", ".cargo"), ("migrations", "migrations")])
    {
        copy(&root().join(from), &tree.join(to))?;
    }
    RULES.iter().try_for_each(|part| copy(&root().join("server/src").join(part), &sources.join(part)))
}

fn copy(from: &Path, to: &Path) -> std::io::Result<()> {
    if !from.is_dir() {
        return fs::copy(from, to).map(drop);
    }
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        copy(&entry.path(), &to.join(entry.file_name()))?;
    }
    Ok(())
}
