//! The demo region: filled once, and who can sign in to it.

use std::fs;
use std::path::{Path, PathBuf};

use crate::json::Json;
use crate::shell::{Outcome, built, command, output, root};

const DATABASE: &str = "egida.db";
/// What `egida demo --json` printed, kept so that later starts can show it again.
const ACCOUNTS: &str = "demo-accounts.json";
/// Where the region is made, so that a demo that was broken off is never taken for a whole one.
const FILLING: &str = ".filling";
/// Whom the README names: one of each kind. The file has everybody.
const SHOWN: [&str; 7] = ["admin", "moderator.region", "moderator.ro", "moderator.rs", "member.ro", "member.rs", "member.gr"];

/// The data folder.
pub(crate) struct Data(PathBuf);

impl Data {
    /// What `EGIDA_DATA` names, or `egida-data` at the top of the repository.
    pub(crate) fn of_environment() -> Self {
        let named = std::env::var_os("EGIDA_DATA").map(PathBuf::from);
        Self(named.map_or_else(|| root().join("egida-data"), |named| std::path::absolute(&named).unwrap_or(named)))
    }

    pub(crate) fn folder(&self) -> &Path {
        &self.0
    }

    fn accounts(&self) -> PathBuf {
        self.0.join(ACCOUNTS)
    }
}

/// Fills the data folder on the first start.
pub(crate) fn ensure(data: &Data) -> Outcome {
    if data.0.join(DATABASE).exists() {
        return Ok(());
    }
    println!("filling {} with an invented region", data.0.display());
    let filling = data.0.join(FILLING);
    fill(data, &filling).map_err(|error| format!("the demo region could not be made: {error}"))
}

fn fill(data: &Data, filling: &Path) -> Outcome {
    let failed = |error: std::io::Error| error.to_string();
    if filling.exists() {
        fs::remove_dir_all(filling).map_err(failed)?;
    }
    private_folder(filling).map_err(failed)?;
    let printed = output(command(built("egida"), ["--data"]).arg(filling).args(["demo", "--json"]))?;
    write_private(&data.accounts(), &printed).map_err(failed)?;
    take_keys(&data.0).map_err(failed)?;
    let mut files: Vec<_> = fs::read_dir(filling).map_err(failed)?.flatten().map(|entry| entry.file_name()).collect();
    // The database comes last: once it is there, the region is whole.
    files.sort_by_key(|name| name.to_string_lossy() == DATABASE);
    for name in files {
        fs::rename(filling.join(&name), data.0.join(&name)).map_err(failed)?;
    }
    fs::remove_dir(filling).map_err(failed)
}

/// Puts the keys of what was filled beside the data folder that it becomes: without them nothing that is sealed could be opened.
fn take_keys(folder: &Path) -> std::io::Result<()> {
    let made_for = format!("{FILLING}.");
    for key in fs::read_dir(folder)? {
        let key = key?;
        if let Some(what) = key.file_name().to_string_lossy().strip_prefix(&made_for) {
            fs::rename(key.path(), beside(folder, what))?;
        }
    }
    Ok(())
}

/// `<folder>.<what>`, as the server names it.
fn beside(folder: &Path, what: &str) -> PathBuf {
    let mut name = folder.file_name().unwrap_or_default().to_owned();
    name.push(".");
    name.push(what);
    folder.with_file_name(name)
}

fn private_folder(folder: &Path) -> std::io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

fn write_private(file: &Path, content: &[u8]) -> std::io::Result<()> {
    let mut open = fs::OpenOptions::new();
    open.create(true).write(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut open, 0o600);
    std::io::Write::write_all(&mut open.open(file)?, content)
}

/// Shows who can sign in. A folder that holds no demo has nobody to show.
pub(crate) fn print_accounts(data: &Data) -> Outcome {
    let file = data.accounts();
    let Ok(text) = fs::read_to_string(&file) else {
        println!("(this data folder was not made by the demo: sign in with an account of yours)");
        return Ok(());
    };
    let parsed = Json::parse(&text).ok_or_else(|| format!("{} is not JSON", file.display()))?;
    println!("{}", accounts(&parsed, &file));
    Ok(())
}

fn accounts(demo: &Json, file: &Path) -> String {
    let mut lines = vec!["Who can sign in:".to_owned()];
    let everybody = demo.get("accounts").items();
    let text = |account: &Json, name: &str| account.get(name).text().unwrap_or_default().to_owned();
    for known in SHOWN {
        let is_known = |account: &&Json| text(account, "email").split('@').next() == Some(known);
        let Some(account) = everybody.iter().find(is_known) else { continue };
        let role = match (text(account, "role"), text(account, "scope")) {
            (role, scope) if scope.is_empty() => format!("{role} {}", text(account, "country")),
            (role, scope) => format!("{role} of {scope}"),
        };
        let password = account.get("password").text().or_else(|| demo.get("password").text()).unwrap_or_default();
        lines.push(format!("  {:<36} {:<24} {password}", text(account, "email"), role.trim_end()));
    }
    let others = everybody.len() + 1 - lines.len();
    if others > 0 {
        lines.push(format!("  and {others} others, in {}", file.display()));
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_keys_of_what_was_filled_are_those_of_the_folder_it_becomes() {
        let home = std::env::temp_dir().join(format!("egida-xtask-{}", std::process::id()));
        let data = home.join("data");
        private_folder(&data).expect("a folder");
        fs::write(data.join(".filling.factor-key"), "fresh").expect("written");
        fs::write(home.join("data.factor-key"), "of a region that was removed").expect("written");
        take_keys(&data).expect("moved");
        assert_eq!(fs::read_to_string(home.join("data.factor-key")).expect("there"), "fresh");
        assert_eq!(fs::read_dir(&data).expect("a folder").count(), 0);
        fs::remove_dir_all(home).expect("removed");
    }

    #[test]
    fn one_of_each_kind_is_shown_and_the_others_are_counted() {
        let text = r#"{"password": "p w", "accounts": [
            {"email": "judge.hr@x.example", "role": "moderator", "scope": "theme:y", "country": "HR", "password": "p w"},
            {"email": "member.ro@x.example", "role": "member", "scope": null, "country": "RO", "password": "own"},
            {"email": "moderator.ro@x.example", "role": "moderator", "scope": "country:RO", "country": "RO"}]}"#;
        let shown = accounts(&Json::parse(text).expect("JSON"), Path::new("demo-accounts.json"));
        let lines: Vec<Vec<_>> = shown.lines().map(|line| line.split_whitespace().collect()).collect();
        assert_eq!(lines[1], ["moderator.ro@x.example", "moderator", "of", "country:RO", "p", "w"]);
        assert_eq!(lines[2], ["member.ro@x.example", "member", "RO", "own"]);
        assert_eq!(lines[3][..3], ["and", "1", "others,"]);
    }
}
