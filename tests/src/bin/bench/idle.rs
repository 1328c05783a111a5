//! What a server holds while nothing happens: connections that say nothing, and a million messages nobody reads.

use std::time::{Duration, Instant};

use anyhow::Result;
use support::server_process::Launch;
use tokio::task::JoinSet;
use tokio::time::sleep;

use crate::crowd::{Place, is_live};
use crate::http::Http;
use crate::raw::{self, Reader};
use crate::report::{Limit, Report};
use crate::seed::{self, Size};
use crate::{Run, count};

/// Accounts of the folder for crowds: one a connection, so that nobody has more windows than people have.
pub(crate) const CROWD: Size = Size { accounts: 5_000, messages: 5_000, rooms: 0, practices: 0, campaigns: 0, cards: 0 };
/// Sockets that are being opened at a time.
const AT_ONCE: usize = 64;
/// Long enough for presence to have been told, and for buffers of the greeting to be given back.
const SETTLE: Duration = Duration::from_secs(7);
const STORED: Size = Size { accounts: 200, messages: 1_000_000, rooms: 34, practices: 0, campaigns: 0, cards: 0 };
const KIB: f64 = 1024.0;

/// One round of idle connections.
///
/// # Errors
/// When the server fails or refuses somebody.
pub(crate) async fn connections(run: &Run, report: &mut Report) -> Result<()> {
    let seeded = seed::folder(run, CROWD)?;
    let data = seeded.copy(run)?;
    let server = Launch::egida(&data)?.start()?;
    let place = seeded.place(server.address());
    sleep(Duration::from_secs(1)).await;
    let before = server.resident()?;
    let mut sockets = Vec::new();
    for target in [1_000, 5_000] {
        open(&place, &mut sockets, target).await?;
        sleep(SETTLE).await;
        let grown = count(server.resident()?.saturating_sub(before)) / count(target) / KIB;
        report.add(&format!("memory of an idle connection, of {target}"), "KiB", Limit::AtMost(18.0), grown);
    }
    Ok(())
}

async fn open(place: &Place, sockets: &mut Vec<Reader>, target: usize) -> Result<()> {
    let mut opening = JoinSet::new();
    for number in sockets.len()..target {
        if opening.len() == AT_ONCE
            && let Some(opened) = opening.join_next().await
        {
            sockets.push(opened??);
        }
        let (server, token) = (place.server, place.tokens[number % place.tokens.len()].clone());
        opening.spawn_local(async move {
            let (mut reader, writer) = raw::open(server, &token, number).await?;
            writer.text(r#"{"type":"resume","cursors":{}}"#).await?;
            reader.read_until(is_live).await?;
            anyhow::Ok(reader)
        });
    }
    while let Some(opened) = opening.join_next().await {
        sockets.push(opened??);
    }
    Ok(())
}

/// One round of a server that has just been started on a million messages: how long until it listens, what it holds.
///
/// # Errors
/// When the server fails.
pub(crate) async fn stored(run: &Run, report: &mut Report) -> Result<()> {
    let seeded = seed::folder(run, STORED)?;
    let data = seeded.copy(run)?;
    // The first start may have a log to fold in, and reads everything from the disk.
    drop(Launch::egida(&data)?.start()?);
    let server = Launch::egida(&data)?.start()?;
    let told = Instant::now();
    Http::open(server.address()).await?.get("/api/channels", &seeded.contents.tokens[0]).await?;
    let answered = server.startup() + told.elapsed();
    report.add("start to listening, 1 million stored", "ms", Limit::AtMost(100.0), server.startup().as_secs_f64() * 1e3);
    // Connections are taken from then on; the first answer is what a person would wait for.
    report.add("start to the first answer, 1 million stored", "ms", Limit::None, answered.as_secs_f64() * 1e3);
    sleep(Duration::from_secs(3)).await;
    report.add("memory with 1 million stored, nobody there", "MiB", Limit::AtMost(25.0), count(server.resident()?) / KIB / KIB);
    Ok(())
}
