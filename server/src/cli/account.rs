//! `egida account`

use std::io::Read;
use std::path::Path;
use std::process::ExitCode;

use clap::Subcommand;
use uuid::Uuid;

use super::{Failure, act, check_password, let_server_follow, open, say};
use crate::access::{Role, Scope};
use crate::base::limits::Accreditation;
use crate::base::{db, secret, text};
use crate::context::Ctx;
use crate::identity::{self, NewAccount};
use crate::{admin, audit, channels, vetting, vocabulary};

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Creates an account and prints its password, unless that comes from standard input.
    Create {
        /// Sign-in address.
        #[arg(long)]
        email: String,
        /// Name as others see it.
        #[arg(long)]
        name: String,
        /// Country code.
        #[arg(long)]
        country: Option<String>,
        /// `administrator`, or `moderator` with a scope.
        #[arg(long)]
        role: Option<String>,
        /// `region`, `country:RO`, `theme:forced-begging` or `channel:<id>`.
        #[arg(long, default_value = "region")]
        scope: String,
        /// Reads the password from standard input.
        #[arg(long)]
        password_stdin: bool,
        /// Days until somebody must renew the accreditation.
        #[arg(long, env = "EGIDA_ACCREDITATION_DAYS", default_value_t = Accreditation::default().days, value_name = "N",
            value_parser = clap::value_parser!(u32).range(1..=i64::from(Accreditation::DAYS_MAX)))]
        accreditation_days: u32,
    },
    /// Lists accounts.
    List {
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
    /// Takes the second factor from somebody who has lost it, where nobody else can: passkeys, app and recovery codes. Their
    /// password then lets them in.
    RemoveFactors {
        /// Sign-in address.
        #[arg(long)]
        email: String,
    },
    /// Suspends an account; a running server ends its sessions and sockets within a second.
    Suspend {
        /// Sign-in address.
        #[arg(long)]
        email: String,
    },
}

pub(super) async fn run(folder: &Path, command: Command) -> Result<ExitCode, Failure> {
    match command {
        Command::Create { email, name, country, role, scope, password_stdin, accreditation_days } => {
            let email = identity::email(&email).ok_or_else(|| Failure::usage("email: this is not an e-mail address"))?;
            let name = text::line(&name, identity::NAME_MAX).ok_or_else(|| Failure::usage("name: this can't be a name"))?;
            let country = country.map(|code| code.to_uppercase());
            if country.as_deref().is_some_and(|code| !vocabulary::is_country(code)) {
                return Err(Failure::usage("country: this is none of the region's countries"));
            }
            let grant = role.map(|role| grant(&role, &scope)).transpose()?;
            let accreditation = Accreditation { days: accreditation_days, ..Accreditation::default() };
            create(folder, email, name, country, grant, password_stdin, accreditation).await
        }
        Command::List { json } => list(folder, json).await,
        Command::RemoveFactors { email } => remove_factors(folder, &email).await,
        Command::Suspend { email } => suspend(folder, &email).await,
    }
}

fn grant(role: &str, scope: &str) -> Result<(Role, Scope), Failure> {
    admin::power(role, scope).ok_or_else(|| {
        Failure::usage(format!(
            "role, scope: {role} of {scope} is no power; there is administrator of region, and moderator of region, of a \
             country of the region (country:RO), of a theme (theme:forced-begging) or of a channel (channel:<id>)"
        ))
    })
}

async fn create(
    folder: &Path,
    email: String,
    name: String,
    country: Option<String>,
    grant: Option<(Role, Scope)>,
    password_stdin: bool,
    accreditation: Accreditation,
) -> Result<ExitCode, Failure> {
    let password = if password_stdin {
        let mut typed = String::new();
        std::io::stdin().read_to_string(&mut typed)?;
        typed.trim_end_matches(['\n', '\r']).to_owned()
    } else {
        secret::token()
    };
    check_password(&password, &email, &name)?;
    let ctx = open(folder).await?;
    let password_hash =
        identity::Hasher::new().hash(password.clone()).await.map_err(|_| Failure::new("password: could not be hashed"))?;
    let account = NewAccount {
        id: ctx.id(),
        email: email.clone(),
        name,
        country,
        function: None,
        organisation: None,
        language: "en".into(),
        password_hash,
        sponsor: None,
        accredited_until: Some(ctx.now() + accreditation.lasts()),
        created_at: ctx.now(),
    };
    let db = ctx.db.clone();
    let made: db::Result<bool> = db
        .write(async move |tx| {
            if !identity::create_account(tx, &account).await? {
                return Ok(false);
            }
            audit::record(tx, act(&ctx, "account.create", account.id, "")).await?;
            if let Some((role, scope)) = &grant {
                identity::grant(tx, &ctx, account.id, *role, scope, None).await?;
                audit::record(tx, act(&ctx, "role.grant", account.id, &format!("{} {scope}", role.as_str()))).await?;
            }
            if let Some(until) = account.accredited_until {
                vetting::accredited_by_operator(tx, &ctx, account.id, until).await?;
            }
            channels::welcome(tx, &ctx, account.id, account.country.as_deref()).await?;
            Ok(true)
        })
        .await;
    db.close().await;
    match made? {
        false => Err(Failure::usage("email: there is an account with this address")),
        true if password_stdin => Ok(ExitCode::SUCCESS),
        true => {
            say(&format!("{email} {password}"));
            Ok(ExitCode::SUCCESS)
        }
    }
}

async fn list(folder: &Path, json: bool) -> Result<ExitCode, Failure> {
    let ctx = open(folder).await?;
    let mut conn = ctx.db.read().await?;
    let accounts = identity::accounts(&mut conn, "", "", i64::MAX).await?;
    let mut rows = Vec::with_capacity(accounts.len());
    for account in accounts {
        let roles = identity::grants(&mut conn, account.id).await?;
        rows.push(serde_json::json!({
            "id": account.id, "email": account.email, "name": account.name, "country": account.country, "status": account.status,
            "roles": roles,
        }));
    }
    if json {
        say(&serde_json::to_string_pretty(&rows)?);
    } else {
        for row in rows {
            say(&format!(
                "{} {} {}",
                row["status"].as_str().unwrap_or(""),
                row["email"].as_str().unwrap_or(""),
                row["name"].as_str().unwrap_or("")
            ));
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// The account with this address.
async fn known(ctx: &Ctx, email: &str) -> Result<Uuid, Failure> {
    let found = identity::account_by_email(&mut ctx.db.read().await?, &email.trim().to_lowercase()).await?;
    Ok(found.ok_or_else(|| Failure::usage("email: there is no such account"))?.id)
}

async fn remove_factors(folder: &Path, email: &str) -> Result<ExitCode, Failure> {
    let ctx = open(folder).await?;
    let account = known(&ctx, email).await?;
    let db = ctx.db.clone();
    let done: db::Result<bool> = db
        .write(async move |tx| {
            let removed = identity::remove_factors(tx, &ctx, account).await?;
            if removed {
                audit::record(tx, act(&ctx, "factor.take_away", account, "")).await?;
            }
            Ok(removed)
        })
        .await;
    db.close().await;
    if !done? {
        return Err(Failure::usage("email: this account has no second factor"));
    }
    let_server_follow().await;
    Ok(ExitCode::SUCCESS)
}

async fn suspend(folder: &Path, email: &str) -> Result<ExitCode, Failure> {
    let ctx = open(folder).await?;
    let account = known(&ctx, email).await?;
    let db = ctx.db.clone();
    let done: db::Result<bool> = db
        .write(async move |tx| {
            audit::record(tx, act(&ctx, "account.suspend", account, "")).await?;
            identity::set_suspended(tx, &ctx, account, true).await
        })
        .await;
    done?;
    db.close().await;
    let_server_follow().await;
    Ok(ExitCode::SUCCESS)
}
