//! What an operator types. One file per subcommand.

mod account;
mod bench_seed;
mod demo;
mod init;
mod serve;
mod token;
mod verify;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::app;
use crate::base::limits::Limits;
use crate::config;
use crate::context::Ctx;

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
    /// Creates tokens for integrations.
    #[command(subcommand)]
    Token(token::Command),
    /// Prints the HTTP contract.
    Openapi,
    /// Checks the record, the channels, the references and the storage; exits 1 if something is wrong.
    Verify(verify::Args),
    /// Prints the reference of all settings as Markdown.
    #[command(hide = true)]
    ConfigReference,
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
            Command::Token(command) => token::run(&folder, command).await,
            Command::Verify(args) => verify::run(&folder, &args).await,
            Command::BenchSeed(args) => bench_seed::run(&folder, &args).await,
            Command::Openapi | Command::ConfigReference => Ok(ExitCode::SUCCESS),
        }
    })
}

/// Opens a folder that holds a region.
async fn open(folder: &std::path::Path) -> Result<Ctx, Failure> {
    if !folder.join(crate::base::db::FILE).exists() {
        return Err(Failure::usage(format!(
            "data: {} holds no region; make one with `egida init` or `egida demo`",
            folder.display()
        )));
    }
    Ok(app::open(folder, Limits::default()).await?)
}

/// Opens a folder that must not hold a region yet.
async fn open_empty(folder: &std::path::Path) -> Result<Ctx, Failure> {
    if folder.join(crate::base::db::FILE).exists() {
        return Err(Failure::usage(format!("data: {} holds a region already", folder.display())));
    }
    Ok(app::open(folder, Limits::default()).await?)
}

#[expect(clippy::print_stdout, reason = "the answer of a command")]
fn say(text: &str) {
    println!("{text}");
}

#[expect(clippy::print_stderr, reason = "the one sentence that says what is wrong")]
fn say_error(text: &str) {
    eprintln!("egida: {text}");
}
