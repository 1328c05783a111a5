//! Data folders full of messages: made once by `egida bench-seed`, kept, and copied for each use.

use std::fs;
use std::hash::{DefaultHasher, Hasher};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};
use support::server_process;

use crate::Run;
use crate::crowd::Place;

/// How much a folder is to hold.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Size {
    /// Accounts, all of them members of the bench channel.
    pub(crate) accounts: usize,
    /// Messages, over all channels.
    pub(crate) messages: usize,
    /// Channels beside those of the region, all accounts being members of each.
    pub(crate) rooms: usize,
    /// Practices in the library.
    pub(crate) practices: usize,
    /// Campaigns.
    pub(crate) campaigns: usize,
    /// File cards.
    pub(crate) cards: usize,
}

/// What the server says about what it has made.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct Contents {
    /// The channel that all accounts are members of.
    pub(crate) channel: String,
    /// A bearer token an account.
    pub(crate) tokens: Vec<String>,
    /// Words to search for, rare and common ones.
    pub(crate) search_words: Vec<String>,
}

/// A seeded folder.
pub(crate) struct Seeded {
    folder: PathBuf,
    /// What is in it.
    pub(crate) contents: Contents,
}

impl Seeded {
    /// Where to post to on a server that runs on a copy of it.
    pub(crate) fn place(&self, server: SocketAddr) -> Place {
        Place { server, channel: self.contents.channel.clone(), tokens: self.contents.tokens.clone() }
    }

    /// The file of the key that seals what must not be read in a stolen database. A copy has the same.
    pub(crate) fn key(&self) -> PathBuf {
        self.folder.join("data.factor-key")
    }

    /// A fresh copy, written out to the disk so that nobody's measured `fsync` has to do it. It takes the place of
    /// the copy before it.
    ///
    /// # Errors
    /// When the disk is full or refuses.
    pub(crate) fn copy(&self, run: &Run) -> Result<PathBuf> {
        let copy = run.folder.join("copy");
        if copy.exists() {
            fs::remove_dir_all(&copy)?;
        }
        copy_folder(&self.folder.join("data"), &copy)?;
        Ok(copy)
    }
}

fn copy_folder(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy_folder(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), &target)?;
            fs::File::open(&target)?.sync_all()?;
        }
    }
    Ok(())
}

/// The folder of that size: the one of an earlier run if the schema has not changed since, or a new one.
///
/// # Errors
/// When the server can't make it.
pub(crate) fn folder(run: &Run, size: Size) -> Result<Seeded> {
    let Size { accounts, messages, rooms, practices, campaigns, cards } = size;
    let more = [("practices", practices), ("campaigns", campaigns), ("cards", cards)];
    let more: Vec<String> = more.iter().filter(|(_, count)| *count > 0).map(|(name, count)| format!("-{count}-{name}")).collect();
    let more = more.concat();
    let folder = run.folder.join(format!("{accounts}-accounts-{messages}-messages-{rooms}-rooms{more}-{:016x}", schema()?));
    let said = folder.join("contents.json");
    if run.reseed && folder.exists() && !run.seeded.borrow().contains(&folder) {
        fs::remove_dir_all(&folder)?;
    }
    if !said.exists() {
        let begun = Instant::now();
        eprintln!("  seeding {accounts} accounts, {messages} messages and {practices} practices");
        if folder.exists() {
            // A seeding that was broken off.
            fs::remove_dir_all(&folder)?;
        }
        fs::create_dir_all(&folder)?;
        let sizes = [
            ("--accounts", accounts),
            ("--messages", messages),
            ("--rooms", rooms),
            ("--practices", practices),
            ("--campaigns", campaigns),
            ("--cards", cards),
        ];
        let sizes: Vec<String> = sizes.into_iter().flat_map(|(name, count)| [name.to_owned(), count.to_string()]).collect();
        let arguments: Vec<&str> = ["bench-seed", "--json"].into_iter().chain(sizes.iter().map(String::as_str)).collect();
        let output = server_process::run(&folder.join("data"), &arguments, None)?;
        let contents: Contents = serde_json::from_str(output.trim()).with_context(|| format!("bench-seed printed {output:?}"))?;
        fs::write(&said, serde_json::to_vec(&contents)?)?;
        eprintln!("  seeded in {:.1} s", begun.elapsed().as_secs_f64());
    }
    run.seeded.borrow_mut().insert(folder.clone());
    let contents = serde_json::from_slice(&fs::read(&said)?)?;
    Ok(Seeded { folder, contents })
}

/// A number that changes with the migrations.
fn schema() -> Result<u64> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../migrations/sqlite");
    let entries = fs::read_dir(&folder).with_context(|| format!("{} can't be read", folder.display()))?;
    let mut files = entries.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>>>()?;
    files.sort();
    let mut hasher = DefaultHasher::new();
    for file in files {
        hasher.write(&fs::read(file)?);
    }
    Ok(hasher.finish())
}
