//! `egida init`

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use super::{Failure, open_empty, say, say_error};
use crate::access::{Role, Scope};
use crate::admin::{self, NewInvitation};
use crate::base::db;
use crate::base::seal::Seal;
use crate::base::text;
use crate::record::{self, Key};
use crate::{channels, identity, search};

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// E-mail address of the first administrator.
    #[arg(long, default_value = "admin@egida.example")]
    email: String,
    /// Name of the first administrator.
    #[arg(long, default_value = "Administrator")]
    name: String,
    /// Where people will reach the server, for the link.
    #[arg(long, default_value = "http://127.0.0.1:8080")]
    origin: String,
    /// The file of the key that signs the record's head; beside the data folder if not named.
    #[arg(long, env = "EGIDA_RECORD_KEY", value_name = "FILE")]
    record_key: Option<PathBuf>,
}

pub(super) async fn run(folder: &Path, args: &Args) -> Result<ExitCode, Failure> {
    let email = identity::email(&args.email).ok_or_else(|| Failure::usage("email: this is not an e-mail address"))?;
    let name = text::line(&args.name, identity::NAME_MAX).ok_or_else(|| Failure::usage("name: this can't be a name"))?;
    let ctx = open_empty(folder, Seal::beside(folder)).await?;
    search::renew(&ctx.db).await?;
    let db = ctx.db.clone();
    let made: db::Result<String> = db
        .write(async move |tx| {
            channels::found_region(tx, &ctx).await?;
            let invitation = NewInvitation {
                email: email.clone(),
                name: name.clone(),
                country: None,
                function: None,
                workplace: None,
                grant: Some((Role::Administrator, Scope::Region)),
            };
            Ok(admin::invite(tx, &ctx, &invitation, None).await?.1)
        })
        .await;
    let token = made?;
    db.close().await;
    let key = args.record_key.clone().unwrap_or_else(|| record::beside(folder));
    if let Err(error) = Key::load_or_make(&key) {
        say_error(&format!("record_key: {error}; the record's head is not signed without it"));
    }
    say(&format!(
        "The region is ready. The first administrator signs up here within 72 hours:\n{}/join#{token}",
        args.origin.trim_end_matches('/')
    ));
    Ok(ExitCode::SUCCESS)
}
