//! `egida serve`

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use tokio::net::TcpListener;

use super::{Failure, open_with, say};
use crate::app;
use crate::config::{self, Config};

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
    let mut config = Config::load(args.config.as_deref(), |name| std::env::var(name).ok()).map_err(Failure::usage)?;
    if let Some(listen) = &args.listen {
        config.listen = config::address("listen", listen).map_err(Failure::usage)?;
    }
    let filter = tracing_subscriber::EnvFilter::try_new(&config.log).map_err(|error| Failure::usage(format!("log: {error}")))?;
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    let ctx = open_with(folder, config.limits).await?;
    let listener =
        TcpListener::bind(config.listen).await.map_err(|error| Failure::usage(format!("listen: {}: {error}", config.listen)))?;
    app::prepare(&ctx).await?;
    let scheme = if config.certificate.is_some() { "https" } else { "http" };
    say(&format!("listening on {scheme}://{}", listener.local_addr()?));
    app::serve(ctx, &config, listener, app::stop_signal()).await;
    Ok(ExitCode::SUCCESS)
}
