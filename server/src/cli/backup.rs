//! `egida backup` and `egida restore`: a region as one file, plain. Both write beside the goal and rename, so that a name
//! that is there is a whole backup, and a data folder that holds a database holds a whole region.

use std::fs::{self, File, OpenOptions};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use super::{FactorKey, Failure, Made, lost_apps, lost_files, made, no_region, say, say_error, verify};
use crate::app;
use crate::base::limits::Limits;
use crate::base::seal::Seal;
use crate::base::vault::{FOLDER as FILES, Vault};
use crate::base::{db, secret};
use crate::files;

#[derive(Debug, clap::Args)]
pub(super) struct Backup {
    /// The file to write. It must not be there yet.
    dest: PathBuf,
    #[command(flatten)]
    key: FactorKey,
}

#[derive(Debug, clap::Args)]
pub(super) struct Restore {
    /// A file that `egida backup` has written.
    src: PathBuf,
    #[command(flatten)]
    key: FactorKey,
}

/// Writes a backup, while a server runs or not.
pub(super) async fn backup(folder: &Path, args: &Backup) -> Result<ExitCode, Failure> {
    let dest = &args.dest;
    if !folder.join(db::FILE).exists() {
        return Err(no_region(folder));
    }
    if dest.exists() {
        return Err(Failure::usage(format!("dest: {} is there already, and a backup overwrites nothing", dest.display())));
    }
    let beside = folder_of(dest);
    let part = beside.join(format!(".egida-backup-{}.part", secret::hex(&secret::random::<6>())));
    let written = async {
        create(&part)?;
        db::copy(folder, &part).await?;
        files::save(&Vault::of(folder), &part).await?;
        File::open(&part)?.sync_all()?;
        fs::rename(&part, dest)?;
        Ok::<(), Failure>(File::open(beside)?.sync_all()?)
    };
    if let Err(failure) = written.await {
        let _ = fs::remove_file(&part);
        return Err(failure.about(&format!("dest: {} could not be written", dest.display())));
    }
    say(&format!("{} holds the region, as plain text: encrypt it and keep it elsewhere", dest.display()));
    let seal = args.key.seal(folder);
    if seal.file().exists() {
        say(&format!(
            "the key of its files and authenticator apps, {}, is not in it: keep a copy of that in another place",
            seal.file().display()
        ));
    }
    Ok(ExitCode::SUCCESS)
}

/// Makes a backup the region of a data folder that has none. It is looked at first, as a copy, in the folder itself.
pub(super) async fn restore(folder: &Path, args: &Restore) -> Result<ExitCode, Failure> {
    let src = &args.src;
    if folder.join(db::FILE).exists() {
        return Err(Failure::usage(format!("data: {} holds a database already; restore into an empty folder", folder.display())));
    }
    if !src.is_file() {
        return Err(Failure::usage(format!("src: {} is no file", src.display())));
    }
    db::make_folder(folder)?;
    let trial = folder.join(format!("restoring-{}", secret::hex(&secret::random::<6>())));
    let tried = async {
        db::make_folder(&trial)?;
        let file = trial.join(db::FILE);
        std::io::copy(&mut File::open(src)?, &mut create(&file)?)?;
        files::bring_back(&Vault::of(&trial), &file).await?;
        let looked = look_at(&trial, args.key.seal(folder)).await?;
        if looked.findings.is_empty() {
            File::open(&file)?.sync_all()?;
            // The database last: where there is one, there is all of it.
            if trial.join(FILES).exists() {
                fs::rename(trial.join(FILES), folder.join(FILES))?;
            }
            fs::rename(&file, folder.join(db::FILE))?;
        }
        Ok::<_, Failure>(looked)
    };
    let tried = tried.await;
    let _ = fs::remove_dir_all(&trial);
    let looked = tried.map_err(|failure| failure.about(&format!("src: {} is no backup that can be used", src.display())))?;
    for finding in &looked.findings {
        say(finding);
    }
    if !looked.findings.is_empty() {
        return Err(Failure::new(format!("src: {} is damaged, and was not restored", src.display())));
    }
    File::open(folder)?.sync_all()?;
    say(&format!("{} holds the region of {}", folder.display(), src.display()));
    for lost in [&looked.lost_apps, &looked.lost_files].into_iter().flatten() {
        say_error(lost);
    }
    Ok(ExitCode::SUCCESS)
}

/// What was found in a backup.
struct Looked {
    /// What is wrong with it.
    findings: Vec<String>,
    /// What can't be read with the key that is here: no reason to refuse the rest.
    lost_apps: Option<String>,
    lost_files: Option<String>,
}

/// Brings the copy up to this version's schema and checks it like `egida verify`.
async fn look_at(trial: &Path, seal: Seal) -> Result<Looked, Failure> {
    let file = trial.join(db::FILE);
    if !db::holds_a_region(&file).await? {
        return Err(Failure::new("it is not the database of a region"));
    }
    let ctx = app::open(trial, seal, Limits::default()).await?;
    if !matches!(made(&ctx).await?, Made::Whole) {
        return Err(Failure::new("its region was never finished"));
    }
    let findings = verify::findings(&ctx, None, &[]).await?;
    let looked = Looked { findings, lost_apps: lost_apps(&ctx).await?, lost_files: lost_files(&ctx).await? };
    ctx.db.close().await;
    db::fold_back(&file).await?;
    Ok(looked)
}

/// A new file for this user alone.
fn create(file: &Path) -> std::io::Result<File> {
    let mut open = OpenOptions::new();
    open.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut open, 0o600);
    open.open(file)
}

/// The folder a file is in.
fn folder_of(file: &Path) -> &Path {
    file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or_else(|| Path::new("."))
}
