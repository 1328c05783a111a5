//! Ordinary texts stay unblocked: those of the demo region, and what the authors of our dependencies wrote about them.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::support::setting;
use egida_guard::{Finding, Kind, Severity, scan};

const MB: f64 = 1_000_000.0;

/// Counts findings of a text by severity, and keeps what was blocked.
#[derive(Default)]
struct Tally {
    bytes: usize,
    files: usize,
    warned: usize,
    by_kind: std::collections::BTreeMap<&'static str, usize>,
    blocked: Vec<String>,
}

impl Tally {
    fn read(&mut self, name: &str, text: &str) {
        self.files += 1;
        self.bytes += text.len();
        // As messages are: a paragraph at a time.
        for paragraph in text.split("\n\n") {
            for finding in scan(paragraph, &setting()) {
                self.count(name, paragraph, &finding);
            }
        }
    }

    fn count(&mut self, name: &str, text: &str, finding: &Finding) {
        *self.by_kind.entry(finding.kind.name()).or_default() += 1;
        match finding.severity {
            Severity::Block => self.blocked.push(format!("{name}: {} `{}`", finding.kind.name(), &text[finding.span.clone()])),
            Severity::Warn => self.warned += 1,
            Severity::Suggest => {}
        }
    }

    fn megabytes(&self) -> f64 {
        float(self.bytes) / MB
    }

    fn show(&self, what: &str) {
        println!(
            "{what}: {} files, {:.2} MB, {} blocked, {} warned; {:?}",
            self.files,
            self.megabytes(),
            self.blocked.len(),
            self.warned,
            self.by_kind
        );
        for one in &self.blocked {
            println!("  {one}");
        }
    }
}

fn float(count: usize) -> f64 {
    f64::from(u32::try_from(count).expect("a count that a test comes to"))
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the workspace").into()
}

/// Every string of a JSON file.
fn strings(value: &serde_json::Value, tally: &mut Tally, name: &str) {
    match value {
        serde_json::Value::String(text) => tally.read(name, text),
        serde_json::Value::Array(all) => all.iter().for_each(|one| strings(one, tally, name)),
        serde_json::Value::Object(all) => all.values().for_each(|one| strings(one, tally, name)),
        _ => {}
    }
}

fn below(folder: &Path, ends: &[&str], visit: &mut dyn FnMut(&Path)) {
    let mut entries: Vec<_> = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    entries.sort();
    for path in entries {
        let name = path.to_string_lossy().into_owned();
        if path.is_dir() {
            below(&path, ends, visit);
        } else if ends.iter().any(|end| name.ends_with(end)) {
            visit(&path);
        }
    }
}

#[test]
fn nothing_in_the_demo_region_is_blocked() {
    let mut tally = Tally::default();
    below(&root().join("server/demo/conversations"), &[".json"], &mut |path| {
        let text = fs::read_to_string(path).expect("a readable file");
        strings(&serde_json::from_str(&text).expect("JSON"), &mut tally, &path.file_name().expect("a name").to_string_lossy());
    });
    tally.show("demo region");
    assert!(tally.bytes > 20_000, "only {} bytes were read", tally.bytes);
    assert!(tally.blocked.is_empty(), "{:?}", tally.blocked);
}

#[test]
fn documents_of_our_dependencies_are_blocked_less_than_once_a_megabyte() {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let manifest = root().join("Cargo.toml");
    let metadata = Command::new(cargo)
        .args([
            "metadata",
            "--format-version",
            "1",
            "--locked",
            "--offline",
            "--filter-platform",
            "host-tuple",
            "--manifest-path",
        ])
        .arg(manifest)
        .output()
        .expect("cargo");
    let metadata: serde_json::Value = serde_json::from_slice(&metadata.stdout).expect("what cargo knows of the packages");
    let mut tally = Tally::default();
    for package in metadata["packages"].as_array().expect("packages") {
        if package["source"].is_null() {
            continue;
        }
        let folder = Path::new(package["manifest_path"].as_str().expect("a path")).parent().expect("a folder");
        let mut files: Vec<PathBuf> = Vec::new();
        below(folder, &[".md", ".txt", ".rst"], &mut |path| files.push(path.into()));
        for file in files {
            // Test data are no texts.
            let inner = file.strip_prefix(folder).expect("below the folder").to_string_lossy().into_owned();
            let data =
                ["test", "data", "fuzz", "bench", "snapshot", "corpus", "table", "ucd"].iter().any(|part| inner.contains(part));
            if !data && let Ok(text) = fs::read_to_string(&file) {
                tally.read(&format!("{} {inner}", package["name"].as_str().unwrap_or_default()), &text);
            }
        }
    }
    tally.show("documents of the locked packages");
    assert!(tally.megabytes() > 1.0, "only {} files were found", tally.files);
    let others: usize = tally.by_kind.iter().filter(|(kind, _)| **kind != Kind::Email.name()).map(|(_, count)| count).sum();
    println!("{:.1} warnings a MB besides e-mail addresses", float(others) / tally.megabytes());
    let rate = float(tally.blocked.len()) / tally.megabytes();
    println!("{rate:.2} false blocks a MB");
    assert!(rate <= 1.0, "{rate:.2} false blocks a MB:\n{}", tally.blocked.join("\n"));
}
