//! `egida verify`

use std::path::Path;
use std::process::ExitCode;

use super::{Failure, open, say};
use crate::base::db;
use crate::context::Ctx;
use crate::{audit, channels, messages, search};

pub(super) async fn run(folder: &Path) -> Result<ExitCode, Failure> {
    let ctx = open(folder).await?;
    let findings = findings(&ctx).await?;
    ctx.db.close().await;
    for finding in &findings {
        say(finding);
    }
    if findings.is_empty() {
        say("audit chain, references, storage, channels, messages and search index are sound");
    }
    Ok(if findings.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// All that is wrong with what is stored, each finding saying what and where.
pub(super) async fn findings(ctx: &Ctx) -> db::Result<Vec<String>> {
    let mut conn = ctx.db.read().await?;
    // A server may be writing: what is compared must be of one moment.
    conn.hold_still().await?;
    let mut findings = db::check(&mut conn).await?;
    findings.extend(audit::verify(&mut conn).await?);
    findings.extend(channels::verify(&mut conn).await?);
    findings.extend(messages::verify(&mut conn).await?);
    findings.extend(search::verify(&mut conn).await?);
    Ok(findings)
}
