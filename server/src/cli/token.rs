//! `egida token`

use std::path::Path;
use std::process::ExitCode;

use clap::Subcommand;

use super::{Failure, act, open, say};
use crate::base::{db, text};
use crate::{audit, identity};

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Prints a new bearer token, once.
    Create {
        /// Sign-in address of the account the token acts as.
        #[arg(long)]
        account: String,
        /// What it is for.
        #[arg(long, default_value = "integration")]
        label: String,
    },
}

pub(super) async fn run(folder: &Path, command: Command) -> Result<ExitCode, Failure> {
    let Command::Create { account, label } = command;
    let label = text::line(&label, identity::NAME_MAX).ok_or_else(|| Failure::usage("label: this can't be a label"))?;
    let ctx = open(folder).await?;
    let found = identity::account_by_email(&mut ctx.db.read().await?, &account.trim().to_lowercase()).await?;
    let account = found.ok_or_else(|| Failure::usage("account: there is no such account"))?;
    if account.status != "active" {
        return Err(Failure::usage("account: this account is suspended"));
    }
    let (account, db) = (account.id, ctx.db.clone());
    let made: db::Result<String> = db
        .write(async move |tx| {
            audit::record(tx, act(&ctx, "token.create", account, "")).await?;
            identity::create_token(tx, &ctx, account, &label).await
        })
        .await;
    say(&made?);
    db.close().await;
    Ok(ExitCode::SUCCESS)
}
