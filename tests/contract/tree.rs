//! The files of the checkout.

use std::fs;
use std::path::{Path, PathBuf};

/// The top of the repository.
pub(crate) fn root() -> &'static Path {
    let own = Path::new(env!("CARGO_MANIFEST_DIR"));
    own.parent().unwrap_or(own)
}

/// The files below a folder with one of these endings, each as its path below the folder (with `/`) and its text, sorted.
pub(crate) fn files(folder: &str, endings: &[&str]) -> Vec<(String, String)> {
    let top = root().join(folder);
    let mut found = Vec::new();
    collect(&top, &mut |path| {
        let name = path.strip_prefix(&top).expect("below the folder").to_string_lossy().replace('\\', "/");
        if endings.iter().any(|ending| name.ends_with(ending)) {
            found.push((name, fs::read_to_string(path).expect("a readable text")));
        }
    });
    found.sort();
    found
}

fn collect(folder: &Path, found: &mut impl FnMut(&Path)) {
    let entries: Vec<PathBuf> = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    for path in entries {
        if path.is_dir() { collect(&path, found) } else { found(&path) }
    }
}
