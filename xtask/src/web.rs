//! The web packages and the built user interface, which the server embeds when it is compiled.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::SystemTime;

use crate::shell::{Outcome, command, root, run};
use crate::tools;

/// The package lock that the installed packages came from.
const INSTALLED: &str = "node_modules/.installed-from.json";
/// Folders of `web/` that no build reads.
const NOT_SOURCES: [&str; 3] = ["node_modules", "dist", "dev"];

/// The folder of the user interface.
pub(crate) fn folder() -> PathBuf {
    root().join("web")
}

/// npm in the web folder.
pub(crate) fn npm<'a>(arguments: impl IntoIterator<Item = &'a str>) -> Command {
    let npm = if cfg!(windows) { "npm.cmd" } else { "npm" };
    let mut command = command(npm, arguments);
    command.current_dir(folder());
    command
}

/// Installs the packages, unless the installed ones come from this very lock.
pub(crate) fn ensure_packages() -> Outcome {
    let lock = folder().join("package-lock.json");
    let wanted = fs::read(&lock).map_err(|error| format!("{}: {error}", lock.display()))?;
    let installed = folder().join(INSTALLED);
    if fs::read(&installed).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    tools::need_node()?;
    run(&mut npm(["ci", "--no-audit", "--no-fund"]))?;
    fs::write(&installed, wanted).map_err(|error| format!("{}: {error}", installed.display()))
}

/// Builds the user interface, unless nothing it is made from is newer than what was built.
pub(crate) fn ensure_built() -> Outcome {
    let built = folder().join("dist").join("index.html");
    let built_at = fs::metadata(&built).and_then(|file| file.modified()).ok();
    let sources = [folder(), root().join("guard/data"), root().join("server/vocabulary")];
    let newest = sources.iter().filter_map(|source| newest_below(source)).max();
    if built_at.is_some_and(|built_at| newest.is_none_or(|newest| newest <= built_at)) {
        return Ok(());
    }
    tools::need_node()?;
    run(&mut npm(["run", "build"]))
}

/// Packages and build.
pub(crate) fn ensure() -> Outcome {
    ensure_packages()?;
    ensure_built()
}

/// When something below the folder was last changed, added or removed.
fn newest_below(folder: &Path) -> Option<SystemTime> {
    let entries = fs::read_dir(folder).ok()?.flatten();
    entries
        .filter_map(|entry| {
            let name = entry.file_name();
            let name = name.to_str()?;
            if name.starts_with('.') || NOT_SOURCES.contains(&name) {
                return None;
            }
            let own = entry.metadata().ok()?;
            let below = if own.is_dir() { newest_below(&entry.path()) } else { None };
            below.max(own.modified().ok())
        })
        .max()
}
