//! `egida serve`

use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use rustix::process::{Resource, Rlimit, setrlimit};
use tokio::net::TcpListener;
use tracing_subscriber::Layer;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

use super::{Failure, lost_apps, open_with, say, seal};
use crate::app;
use crate::config::{self, Config};
use crate::context::Ctx;
use crate::messages::Erasures;
use crate::record::{self, Place};

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Address and port to listen on.
    #[arg(long, value_name = "ADDRESS:PORT")]
    listen: Option<String>,
    /// Settings (TOML).
    #[arg(long, env = "EGIDA_CONFIG", value_name = "FILE")]
    config: Option<PathBuf>,
}

pub(super) async fn run(folder: &Path, args: Args) -> Result<ExitCode, Failure> {
    leave_no_core()?;
    let mut config = Config::load(args.config.as_deref(), |name| std::env::var(name).ok()).map_err(Failure::usage)?;
    if let Some(listen) = &args.listen {
        config.listen = config::address("listen", listen).map_err(Failure::usage)?;
    }
    let filter = tracing_subscriber::EnvFilter::try_new(&config.log).map_err(|error| Failure::usage(format!("log: {error}")))?;
    // Colours are for a terminal; in a journal their codes are noise.
    let lines = tracing_subscriber::fmt::layer().with_writer(std::io::stderr).with_ansi(std::io::stderr().is_terminal());
    let quiet = tracing_subscriber::filter::filter_fn(may_be_logged);
    tracing_subscriber::registry().with(filter).with(lines.with_filter(quiet)).init();
    let key = config.record_key.clone().unwrap_or_else(|| record::beside(folder));
    let head = config.record_head.as_ref().and_then(Place::file);
    for (name, path) in [("record_key", Some(key.as_path())), ("record_head", head), ("erasures", config.erasures.as_deref())] {
        if path.is_some_and(|path| lies_inside(path, folder)) {
            return Err(Failure::usage(format!(
                "{name}: this must not lie inside the data folder: who has that must not have this"
            )));
        }
    }
    let ctx = open_with(folder, seal(config.factor_key.as_deref(), folder), config.limits).await?;
    let listener =
        TcpListener::bind(config.listen).await.map_err(|error| Failure::usage(format!("listen: {}: {error}", config.listen)))?;
    let erasures = Erasures::new(config.erasures.clone(), folder);
    let glossary = app::prepare(&ctx, &erasures).await?;
    look_at_the_key(&ctx, &config).await?;
    let scheme = if config.certificate.is_some() { "https" } else { "http" };
    say(&format!("listening on {scheme}://{}", listener.local_addr()?));
    app::serve(ctx, &glossary, &config, &key, erasures, listener, app::stop_signal()).await;
    Ok(ExitCode::SUCCESS)
}

/// A crash must not write to the disk what was in memory: keys that were open, words that were read.
fn leave_no_core() -> std::io::Result<()> {
    Ok(setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) })?)
}

/// Libraries tell at `debug` and `trace` what passes through them: frames with what is said, cookies, addresses. No setting
/// of the operator's lets that into the log (safety controls, 17).
fn may_be_logged(of: &tracing::Metadata<'_>) -> bool {
    of.target() == "egida" || of.target().starts_with("egida::") || *of.level() <= tracing::Level::INFO
}

/// Whether a file lies, or would lie, inside a folder that exists.
fn lies_inside(file: &Path, folder: &Path) -> bool {
    let home = file.parent().map(|home| if home.as_os_str().is_empty() { Path::new(".") } else { home });
    let (home, folder) = (home.and_then(|home| home.canonicalize().ok()), folder.canonicalize().ok());
    home.zip(folder).is_some_and(|(home, folder)| home.starts_with(folder))
}

/// Says at the start, and not when somebody first needs it, that apps can't be read or that no key can be made where the
/// operator wants it.
async fn look_at_the_key(ctx: &Ctx, config: &Config) -> Result<(), Failure> {
    if let Some(lost) = lost_apps(ctx).await? {
        tracing::warn!("{lost}");
    } else if config.factor_key.is_some() {
        ctx.seal.make().map_err(|error| Failure::usage(format!("factor_key: {error}")))?;
    }
    Ok(())
}
