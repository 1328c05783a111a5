//! `egida verify`

use std::path::Path;
use std::process::ExitCode;

use super::{Failure, open, say};
use crate::base::db;
use crate::{audit, channels, messages, search};

pub(super) async fn run(folder: &Path) -> Result<ExitCode, Failure> {
    let ctx = open(folder).await?;
    let mut conn = ctx.db.read().await?;
    let mut findings = db::check(&mut conn).await?;
    if let Some(row) = audit::verify(&mut conn).await? {
        findings.push(format!("audit: row {row} doesn't fit the one before it"));
    }
    findings.extend(
        channels::verify(&mut conn).await?.into_iter().map(|channel| format!("channel {channel}: its numbers have a hole")),
    );
    findings.extend(channels::changes::verify(&mut conn).await?);
    findings.extend(messages::verify(&mut conn).await?);
    let missing = search::verify(&mut conn).await?;
    if missing > 0 {
        findings.push(format!("search: {missing} messages are not in the index, or only there"));
    }
    drop(conn);
    ctx.db.close().await;
    for finding in &findings {
        say(finding);
    }
    if findings.is_empty() {
        say("audit chain, references, storage, channels and search index are sound");
    }
    Ok(if findings.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
