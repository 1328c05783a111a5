//! `egida verify`

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use super::{Failure, lost_files, open, say};
use crate::base::db;
use crate::context::Ctx;
use crate::record::{self, Public};
use crate::{audit, channels, files, messages, search};

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The signed heads of the record, as the place off this machine has them.
    #[arg(long, value_name = "FILE")]
    heads: Option<PathBuf>,
    /// A key that has signed them, either half; the file beside the data folder if none is named.
    #[arg(long, env = "EGIDA_RECORD_KEY", value_name = "FILE")]
    key: Vec<PathBuf>,
    /// Prints the public half of the key and checks nothing.
    #[arg(long)]
    print_key: bool,
}

pub(super) async fn run(folder: &Path, args: &Args) -> Result<ExitCode, Failure> {
    let keys = keys(folder, args)?;
    if args.print_key {
        let key = keys.first().ok_or_else(|| Failure::usage("key: there is none beside the data folder; name it"))?;
        say(&key.to_string());
        return Ok(ExitCode::SUCCESS);
    }
    let heads = args.heads.as_deref().map(|path| read("heads", path)).transpose()?;
    if heads.is_some() && keys.is_empty() {
        return Err(Failure::usage("key: without it the signatures of the heads can't be checked"));
    }
    let ctx = open(folder).await?;
    let mut findings = findings(&ctx, heads.as_deref(), &keys).await?;
    findings.extend(lost_files(&ctx).await?);
    ctx.db.close().await;
    for finding in &findings {
        say(finding);
    }
    if findings.is_empty() {
        say("audit chain, references, storage, channels, messages, search index and files are sound");
    }
    Ok(if findings.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The keys that are named, or the one beside the data folder, if it is there.
fn keys(folder: &Path, args: &Args) -> Result<Vec<Public>, Failure> {
    let beside = record::beside(folder);
    let named = if args.key.is_empty() && beside.exists() { std::slice::from_ref(&beside) } else { &args.key };
    let key = |path: &PathBuf| {
        read("key", path)?.parse().map_err(|()| Failure::usage(format!("key: {} holds no key of the record", path.display())))
    };
    named.iter().map(key).collect()
}

fn read(what: &str, path: &Path) -> Result<String, Failure> {
    std::fs::read_to_string(path).map_err(|error| Failure::usage(format!("{what}: {} can't be read: {error}", path.display())))
}

/// All that is wrong with what is stored, each finding saying what and where. `heads` are the signed heads of the record
/// from off this machine, `keys` those that they are signed with.
pub(super) async fn findings(ctx: &Ctx, heads: Option<&str>, keys: &[Public]) -> db::Result<Vec<String>> {
    let mut conn = ctx.db.read().await?;
    // A server may be writing: what is compared must be of one moment.
    conn.hold_still().await?;
    let mut findings = db::check(&mut conn).await?;
    findings.extend(audit::verify(&mut conn).await?);
    findings.extend(record::verify(&mut conn, heads, keys).await?);
    findings.extend(channels::verify(&mut conn).await?);
    findings.extend(messages::verify(&mut conn).await?);
    findings.extend(search::verify(&mut conn).await?);
    findings.extend(files::verify(ctx, &mut conn).await?);
    Ok(findings)
}
