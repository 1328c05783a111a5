//! A demo region that is filled once and copied for each test: filling one takes seconds, and most tests need one.

use std::collections::HashMap;
use std::fs::{self, File};
use std::path::Path;
use std::time::{Duration, SystemTime};

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::server_process::{program, run};

/// The data folder in a region's home. The keys lie beside it.
pub(crate) const DATA: &str = "data";
/// What is told of a region, beside its home.
const TOLD: &str = "told.json";
/// The home of the region that is copied.
const HOME: &str = "home";
/// Beside the programs, so that what is cleaned up with them takes it away, too.
const FOLDER: &str = "test-regions";
/// The demo's weeks are counted from when it was filled: what is older than this is filled anew.
const FRESH_FOR: Duration = Duration::from_hours(2);

/// How one comes into a region.
#[derive(Debug, Deserialize, Serialize)]
pub(crate) struct Told {
    /// The password of everybody.
    pub(crate) password: String,
    /// A bearer token a person.
    pub(crate) tokens: HashMap<String, String>,
    /// Secrets of authenticator apps, where people have some from the start.
    pub(crate) secrets: HashMap<String, String>,
    /// Of which program, when: another one may fill a region otherwise.
    program: Stamp,
    filled: SystemTime,
}

#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
struct Stamp {
    changed: SystemTime,
    length: u64,
}

/// Puts a demo region into an empty home; `more` are further arguments of `egida demo`.
///
/// # Errors
/// When it can't be filled or copied.
pub(crate) fn copy(home: &Path, more: &[&str]) -> Result<Told> {
    let program = program("egida")?;
    let folder = program.parent().context("a program lies in a folder")?.join(FOLDER);
    fs::create_dir_all(&folder)?;
    let name = ["region", &more.concat()].concat();
    // Tests are processes of their own: the first one fills it, the others wait for that.
    let lock = File::create(folder.join(&name).with_extension("lock"))?;
    let template = folder.join(name);
    let stamp = stamp(&program)?;
    lock.lock_shared()?;
    if let Some(told) = told(&template, stamp) {
        return copy_from(&template, home, told);
    }
    lock.unlock()?;
    lock.lock()?;
    let told = match told(&template, stamp) {
        Some(told) => told,
        None => fill(&template, more, stamp)?,
    };
    copy_from(&template, home, told)
}

fn stamp(program: &Path) -> Result<Stamp> {
    let meta = fs::metadata(program)?;
    Ok(Stamp { changed: meta.modified()?, length: meta.len() })
}

/// What is told of a region that is there, whole and fresh.
fn told(template: &Path, program: Stamp) -> Option<Told> {
    let told: Told = serde_json::from_slice(&fs::read(template.join(TOLD)).ok()?).ok()?;
    let fresh = told.filled.elapsed().is_ok_and(|age| age < FRESH_FOR);
    (fresh && told.program == program).then_some(told)
}

fn fill(template: &Path, more: &[&str], program: Stamp) -> Result<Told> {
    if template.exists() {
        fs::remove_dir_all(template)?;
    }
    let data = template.join(HOME).join(DATA);
    fs::create_dir_all(template.join(HOME))?;
    let made: Value = serde_json::from_str(&run(&data, &[&["demo", "--json"], more].concat(), None)?)?;
    let password = made["password"].as_str().context("no password")?.to_owned();
    let (mut tokens, mut secrets) = (HashMap::new(), HashMap::new());
    for account in made["accounts"].as_array().context("no accounts")? {
        let email = account["email"].as_str().context("no address")?;
        let token = run(&data, &["token", "create", "--account", email], None)?;
        let handle = email.split('@').next().unwrap_or_default();
        tokens.insert(handle.to_owned(), token.trim().to_owned());
        if let Some(secret) = account["authenticator"].as_str() {
            secrets.insert(handle.to_owned(), secret.to_owned());
        }
    }
    let told = Told { password, tokens, secrets, program, filled: SystemTime::now() };
    // Last: without it the region is not whole.
    fs::write(template.join(TOLD), serde_json::to_vec(&told)?)?;
    Ok(told)
}

fn copy_from(template: &Path, home: &Path, told: Told) -> Result<Told> {
    let from = template.join(HOME);
    for entry in walkdir::WalkDir::new(&from).min_depth(1) {
        let entry = entry?;
        let to = home.join(entry.path().strip_prefix(&from)?);
        if entry.file_type().is_dir() {
            fs::create_dir(&to)?;
            fs::set_permissions(&to, entry.metadata()?.permissions())?;
        } else {
            fs::copy(entry.path(), &to)?;
        }
    }
    Ok(told)
}
