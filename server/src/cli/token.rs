//! `egida token`

use std::path::Path;
use std::process::ExitCode;

use clap::Subcommand;
use uuid::Uuid;

use super::{Failure, act, let_server_follow, open, say};
use crate::base::{clock, db, text};
use crate::context::Ctx;
use crate::identity::Account;
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
    /// Lists an account's tokens that hold: when each was made (UTC), and what for.
    List {
        /// Sign-in address of the account.
        #[arg(long)]
        account: String,
    },
    /// Takes tokens of an account back, at once: who uses them is signed out.
    Revoke {
        /// Sign-in address of the account.
        #[arg(long)]
        account: String,
        /// What they are for; all of the account's without it.
        #[arg(long)]
        label: Option<String>,
    },
}

pub(super) async fn run(folder: &Path, command: Command) -> Result<ExitCode, Failure> {
    let (Command::Create { account, .. } | Command::List { account } | Command::Revoke { account, .. }) = &command;
    let ctx = open(folder).await?;
    let found = identity::account_by_email(&mut ctx.db.read().await?, &account.trim().to_lowercase()).await?;
    let account = found.ok_or_else(|| Failure::usage("account: there is no such account"))?;
    match command {
        Command::Create { label, .. } => create(&ctx, &account, &label).await?,
        Command::List { .. } => {
            for (label, made_at) in identity::tokens(&mut ctx.db.read().await?, account.id).await? {
                say(&format!("{}  {label}", clock::rfc3339(made_at)));
            }
        }
        Command::Revoke { label, .. } => revoke(&ctx, account.id, label).await?,
    }
    ctx.db.close().await;
    Ok(ExitCode::SUCCESS)
}

async fn create(ctx: &Ctx, account: &Account, label: &str) -> Result<(), Failure> {
    let label = text::line(label, identity::NAME_MAX).ok_or_else(|| Failure::usage("label: this can't be a label"))?;
    if account.status != "active" {
        return Err(Failure::usage("account: this account is suspended"));
    }
    let (account, ctx) = (account.id, ctx.clone());
    let made: db::Result<String> = ctx
        .db
        .clone()
        .write(async move |tx| {
            audit::record(tx, act(&ctx, "token.create", account, "")).await?;
            identity::create_token(tx, &ctx, account, &label).await
        })
        .await;
    say(&made?);
    Ok(())
}

async fn revoke(ctx: &Ctx, account: Uuid, label: Option<String>) -> Result<(), Failure> {
    let ctx = ctx.clone();
    let revoked: db::Result<u64> = ctx
        .db
        .clone()
        .write(async move |tx| {
            let revoked = identity::revoke_tokens(tx, &ctx, account, label.as_deref()).await?;
            if revoked > 0 {
                audit::record(tx, act(&ctx, "token.revoke", account, "")).await?;
            }
            Ok(revoked)
        })
        .await;
    match revoked? {
        0 => Err(Failure::usage("label: this account has no such token that holds")),
        revoked => {
            let_server_follow().await;
            say(&format!("taken back: {revoked}"));
            Ok(())
        }
    }
}
