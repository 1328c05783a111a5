//! What an operator types. One file per subcommand.

mod account;
mod backup;
mod bench_seed;
mod demo;
mod escrow;
mod init;
mod serve;
mod token;
mod verify;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use uuid::Uuid;

use crate::audit::Act;
use crate::base::db;
use crate::base::limits::Limits;
use crate::base::seal::Seal;
use crate::context::Ctx;
use crate::{app, channels, config, files, identity};

/// Moderated channels for child-protection and anti-trafficking professionals.
#[derive(Debug, Parser)]
#[command(name = "egida", version, about)]
struct Cli {
    /// The data folder.
    #[arg(long, global = true, env = "EGIDA_DATA", default_value = "./egida-data", value_name = "DIR")]
    data: PathBuf,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serves the region.
    Serve(serve::Args),
    /// Creates an empty region and prints the first administrator's invitation link.
    Init(init::Args),
    /// Fills an empty data folder with a made-up region and prints who can sign in.
    Demo(demo::Args),
    /// Creates, lists and suspends accounts.
    #[command(subcommand)]
    Account(account::Command),
    /// Shows who holds the keys of case rooms for members who lose theirs, lets three people hold them, or nobody.
    Escrow(escrow::Args),
    /// Creates tokens for integrations.
    #[command(subcommand)]
    Token(token::Command),
    /// Writes the region, as it is now, into one file; a server may go on running.
    Backup(backup::Backup),
    /// Makes a backup the region of an empty data folder.
    Restore(backup::Restore),
    /// Prints the HTTP contract.
    Openapi,
    /// Checks the record, the channels, the references and the storage; exits 1 if something is wrong.
    Verify(verify::Args),
    /// Prints the reference of all settings as Markdown.
    #[command(hide = true)]
    ConfigReference,
    /// Examines a file that comes in, for a server.
    #[command(hide = true)]
    ExamineFile,
    /// Fills a data folder for the benchmark.
    #[command(hide = true)]
    BenchSeed(bench_seed::Args),
}

/// A failure in one clear sentence, and how the process ends.
#[derive(Debug)]
pub(crate) struct Failure {
    sentence: String,
    exit: u8,
}

impl Failure {
    /// The command can't be carried out.
    pub(crate) fn new(sentence: impl Into<String>) -> Self {
        Self { sentence: sentence.into(), exit: 1 }
    }

    /// The command or its settings are wrong.
    pub(crate) fn usage(sentence: impl Into<String>) -> Self {
        Self { sentence: sentence.into(), exit: 2 }
    }

    /// The same with what it is about before it.
    fn about(self, what: &str) -> Self {
        Self { sentence: format!("{what}: {}", self.sentence), ..self }
    }
}

impl<E: std::error::Error> From<E> for Failure {
    fn from(error: E) -> Self {
        Self::new(error.to_string())
    }
}

/// Runs the command line.
pub fn main() -> ExitCode {
    match run(Cli::parse()) {
        Ok(code) => code,
        Err(failure) => {
            say_error(&failure.sentence);
            ExitCode::from(failure.exit)
        }
    }
}

fn run(cli: Cli) -> Result<ExitCode, Failure> {
    // Before anything else is made: it gives up the right to make more.
    if matches!(cli.command, Command::ExamineFile) {
        return Ok(files::run_examination());
    }
    let text = match &cli.command {
        Command::Openapi => Some(crate::openapi_json()),
        Command::ConfigReference => Some(config::reference()),
        _ => None,
    };
    if let Some(text) = text {
        say(&text);
        return Ok(ExitCode::SUCCESS);
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let folder = cli.data;
    runtime.block_on(async {
        match cli.command {
            Command::Serve(args) => serve::run(&folder, args).await,
            Command::Init(args) => init::run(&folder, &args).await,
            Command::Demo(args) => demo::run(&folder, args).await,
            Command::Account(command) => account::run(&folder, command).await,
            Command::Escrow(args) => escrow::run(&folder, args).await,
            Command::Token(command) => token::run(&folder, command).await,
            Command::Backup(args) => backup::backup(&folder, &args).await,
            Command::Restore(args) => backup::restore(&folder, &args).await,
            Command::Verify(args) => verify::run(&folder, &args).await,
            Command::BenchSeed(args) => bench_seed::run(&folder, &args).await,
            Command::Openapi | Command::ConfigReference | Command::ExamineFile => Ok(ExitCode::SUCCESS),
        }
    })
}

/// Where a data folder says whether its region is whole: a demo is filled in several steps, and may be killed between two.
const REGION: &str = "region";
const FILLING: &str = "filling";
const WHOLE: &str = "whole";

/// How far the region of a data folder has been made.
enum Made {
    /// There is none.
    Nothing,
    /// It was begun and never finished.
    Half,
    /// It is there.
    Whole,
}

async fn made(ctx: &Ctx) -> Result<Made, Failure> {
    let mut conn = ctx.db.read().await?;
    if db::setting(&mut conn, REGION).await?.as_deref() == Some(FILLING) {
        return Ok(Made::Half);
    }
    Ok(if channels::region_ids(&mut conn).await?.is_empty() { Made::Nothing } else { Made::Whole })
}

/// Notes how far the region has been made.
async fn note_made(ctx: &Ctx, how: &'static str) -> Result<(), Failure> {
    let noted: db::Result<()> = ctx.db.write(async move |tx| db::set_setting(tx, REGION, how).await).await;
    Ok(noted?)
}

fn no_region(folder: &Path) -> Failure {
    Failure::usage(format!("data: {} holds no region; make one with `egida init` or `egida demo`", folder.display()))
}

fn half_a_region(folder: &Path) -> Failure {
    Failure::usage(format!(
        "data: {} holds a region that was begun and never finished; remove the folder and make it again",
        folder.display()
    ))
}

/// The key that seals the secrets of authenticator apps and the keys of files. A server has it in its settings; the variable is the same.
#[derive(Debug, clap::Args)]
struct FactorKey {
    /// The key that seals the secrets of authenticator apps and the keys of files; beside the data folder unless said otherwise.
    #[arg(long, env = "EGIDA_FACTOR_KEY", value_name = "FILE")]
    factor_key: Option<PathBuf>,
}

impl FactorKey {
    fn seal(&self, folder: &Path) -> Seal {
        seal(self.factor_key.as_deref(), folder)
    }
}

fn seal(file: Option<&Path>, folder: &Path) -> Seal {
    file.map_or_else(|| Seal::beside(folder), |file| Seal::with(file.into()))
}

/// What must be said when apps can't be read with the key there is; `None` if all can.
async fn lost_apps(ctx: &Ctx) -> Result<Option<String>, Failure> {
    let (lost, all) = identity::unreadable_apps(ctx).await?;
    let file = ctx.seal.file().display();
    Ok((lost > 0).then(|| {
        format!(
            "{lost} of {all} authenticator apps can't be read: {file} is missing or another key. Put the copy of the key there \
             before the server starts. Without it their owners sign in by a passkey or a recovery code and set the app up \
             again; who has neither is let in by `egida account remove-factors`"
        )
    }))
}

/// What must be said when files can't be opened with the key there is; `None` if all can.
async fn lost_files(ctx: &Ctx) -> Result<Option<String>, Failure> {
    let lost = files::unopened(ctx).await?;
    let file = ctx.seal.file().display();
    Ok((lost > 0).then(|| {
        format!("files: {lost} can't be opened: {file} is missing or another key. Put the copy of the key there; without it they are lost")
    }))
}

/// Opens a folder that holds a region.
async fn open(folder: &Path) -> Result<Ctx, Failure> {
    open_with(folder, Seal::beside(folder), Limits::default()).await
}

async fn open_with(folder: &Path, seal: Seal, limits: Limits) -> Result<Ctx, Failure> {
    if !folder.join(db::FILE).exists() {
        return Err(no_region(folder));
    }
    let ctx = app::open(folder, seal, limits).await?;
    match made(&ctx).await? {
        Made::Nothing => Err(no_region(folder)),
        Made::Half => Err(half_a_region(folder)),
        Made::Whole => Ok(ctx),
    }
}

/// Opens a folder that must not hold a region yet.
async fn open_empty(folder: &Path, seal: Seal) -> Result<Ctx, Failure> {
    let ctx = app::open(folder, seal, Limits::default()).await?;
    match made(&ctx).await? {
        Made::Nothing => Ok(ctx),
        Made::Half => Err(half_a_region(folder)),
        Made::Whole => Err(Failure::usage(format!("data: {} holds a region already", folder.display()))),
    }
}

/// Waits until a server that runs on the same folder has followed what was ended here: what a command says it has done
/// then holds everywhere, and nobody hears what is said after it.
async fn let_server_follow() {
    tokio::time::sleep(identity::FOLLOWED_WITHIN).await;
}

/// An act of whoever has the command line: no account, but the record says where it came from.
fn act<'a>(ctx: &Ctx, what: &'a str, account: Uuid, detail: &str) -> Act<'a> {
    let detail = format!("cli {detail}").trim_end().to_owned();
    Act { at: ctx.now(), actor: None, what, target: format!("account:{account}"), detail }
}

/// Refuses a password that the screen would refuse, in a sentence.
fn check_password(password: &str, email: &str, name: &str) -> Result<(), Failure> {
    let why = match identity::password_problem(password, email, name) {
        None => return Ok(()),
        Some("password_too_short") => format!("it must have at least {} characters", identity::PASSWORD_MIN),
        Some("password_too_long") => format!("it must have at most {} characters", identity::PASSWORD_MAX),
        Some(_) => "it is one of those that are tried first".into(),
    };
    Err(Failure::usage(format!("password: {why}")))
}

#[expect(clippy::print_stdout, reason = "the answer of a command")]
fn say(text: &str) {
    println!("{text}");
}

#[expect(clippy::print_stderr, reason = "the one sentence that says what is wrong")]
fn say_error(text: &str) {
    eprintln!("egida: {text}");
}
