//! What a machine needs besides Rust.

use std::path::PathBuf;

use crate::shell::{Outcome, command, output, run};

/// The oldest Node that the web build runs on.
const NODE: (u32, u32) = (20, 19);
const BROWSERS: [&str; 4] = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];

/// A program on the search path.
pub(crate) fn on_path(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(name)).find(|file| file.is_file())
}

/// Says what is missing for the web build, if anything is.
pub(crate) fn need_node() -> Outcome {
    let (major, minor) = NODE;
    let wanted = format!("Node {major}.{minor} or newer with npm is needed (nodejs.org, or the package of your system)");
    if on_path("npm").is_none() && on_path("npm.cmd").is_none() {
        return Err(wanted);
    }
    let version = output(&mut command("node", ["--version"])).map_err(|_| wanted.clone())?;
    let version = String::from_utf8_lossy(&version).trim().to_owned();
    match parse_version(&version) {
        Some(found) if found >= NODE => Ok(()),
        _ => Err(format!("{wanted}; found {version}")),
    }
}

fn parse_version(text: &str) -> Option<(u32, u32)> {
    let mut parts = text.trim_start_matches('v').split('.');
    Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
}

/// Whether tests are run by nextest.
pub(crate) fn has_nextest() -> bool {
    on_path("cargo-nextest").is_some()
}

/// Says how to install a subcommand of cargo, if it is missing.
pub(crate) fn need_subcommand(name: &str) -> Outcome {
    if on_path(&format!("cargo-{name}")).is_some() {
        return Ok(());
    }
    Err(format!("cargo-{name} is needed; type: cargo install cargo-{name} --locked"))
}

/// The browser of the journeys: what `CHROMIUM` names, or one of the search path.
pub(crate) fn browser() -> Option<PathBuf> {
    std::env::var_os("CHROMIUM").map(PathBuf::from).or_else(|| BROWSERS.iter().find_map(|name| on_path(name)))
}

/// The browser, installed if it is missing and we may.
pub(crate) fn need_browser() -> Outcome<PathBuf> {
    if let Some(found) = browser() {
        return Ok(found);
    }
    let install = ["apt-get", "install", "-y", "--no-install-recommends", "chromium"];
    let as_root = if is_root() {
        Vec::new()
    } else if on_path("sudo").is_some() && output(&mut command("sudo", ["-n", "true"])).is_ok() {
        vec!["sudo", "-n"]
    } else {
        return Err(format!("the browser journeys need Chromium; type: sudo {}", install.join(" ")));
    };
    if on_path("apt-get").is_none() {
        return Err("the browser journeys need Chromium: install it and name it in CHROMIUM".into());
    }
    for arguments in [&["apt-get", "update"][..], &install[..]] {
        let words: Vec<_> = as_root.iter().chain(arguments).collect();
        run(command(words[0], &words[1..]).env("DEBIAN_FRONTEND", "noninteractive"))?;
    }
    browser().ok_or_else(|| "Chromium was installed but is not on the search path".into())
}

fn is_root() -> bool {
    output(&mut command("id", ["-u"])).is_ok_and(|id| id.trim_ascii() == b"0")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_compare_by_number() {
        assert_eq!(parse_version("v20.19.5"), Some((20, 19)));
        assert!(parse_version("v20.9.0") < Some(NODE));
        assert!(parse_version("v22.1.0") > Some(NODE));
        assert_eq!(parse_version("twenty"), None);
    }
}
