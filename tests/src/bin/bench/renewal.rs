//! What people who post notice of an index that is made anew beside them.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use rusqlite::Connection;
use serde_json::Value;
use support::region::{Client, draft};
use support::server_process::Launch;

use crate::report::{Limit, Report, quantile};
use crate::seed::{self, Size};
use crate::{Run, count};

const STORED: Size = Size { accounts: 200, messages: 1_000_000, rooms: 34, practices: 0, campaigns: 0, cards: 0 };
/// People who post, and how often each does.
const POSTERS: usize = 8;
const EVERY: Duration = Duration::from_millis(50);

/// One round: posts with an index that is whole, and while a million messages are indexed anew.
///
/// # Errors
/// When the server fails or has nothing to renew.
pub(crate) async fn round(run: &Run, report: &mut Report) -> Result<()> {
    let seeded = seed::folder(run, STORED)?;
    let folder = seeded.copy(run)?;
    let lasts = Duration::from_secs(if run.quick { 5 } else { 20 });
    let mut p99 = [0.0, 0.0];
    let mut renewed = 0.0;
    for (phase, p99) in p99.iter_mut().enumerate() {
        if phase == 1 {
            let database = Connection::open(folder.join("egida.db"))?;
            database.execute("UPDATE setting SET value = 'of before' WHERE key = 'search.pipeline'", [])?;
        }
        let mut server = Launch::egida(&folder)?.start()?;
        let reach = || -> Result<i64> {
            let database = Connection::open(folder.join("egida.db"))?;
            Ok(database.query_row("SELECT count(*) FROM message_fact", [], |row| row.get(0))?)
        };
        // A server that has just started reads what it needs first.
        posts(&server.url(""), &seeded.contents.tokens, &seeded.contents.channel, Duration::from_secs(3)).await?;
        let before = reach()?;
        let mut times = posts(&server.url(""), &seeded.contents.tokens, &seeded.contents.channel, lasts).await?;
        if phase == 1 {
            let renewing: Value =
                Client::with_token(&server.url(""), &seeded.contents.tokens[0]).get("/api/search?q=pro").await.is(200);
            ensure!(renewing["renewing"] == true, "the index was whole before anybody had posted");
            renewed = count(u64::try_from(reach()? - before).context("less than before")?) / lasts.as_secs_f64();
        }
        *p99 = quantile(&mut times, 0.99);
        server.stop()?;
    }
    report.add("post with a whole index: p99", "ms", Limit::None, p99[0]);
    report.add("post while a million are indexed anew: p99", "ms", Limit::None, p99[1]);
    report.add("  against a whole index", "x", Limit::AtMost(1.2), p99[1] / p99[0]);
    report.add("  indexed anew meanwhile", "messages/s", Limit::None, renewed);
    Ok(())
}

/// Posts for a while; how long each took (milliseconds).
async fn posts(origin: &str, tokens: &[String], channel: &str, lasts: Duration) -> Result<Vec<f64>> {
    let path = format!("/api/channels/{channel}/messages");
    let until = Instant::now() + lasts;
    let posters = tokens.iter().take(POSTERS).zip(0_u32..).map(|(token, at)| {
        let (client, path) = (Client::with_token(origin, token), path.clone());
        tokio::task::spawn_local(async move {
            let mut times = Vec::new();
            tokio::time::sleep(EVERY / 8 * at).await;
            while Instant::now() < until {
                let begun = Instant::now();
                let answer = client.post(&path, draft("Said while the index is made anew")).await;
                ensure!(answer.status == 201, "{}", answer.text);
                times.push(begun.elapsed().as_secs_f64() * 1e3);
                tokio::time::sleep(EVERY.saturating_sub(begun.elapsed())).await;
            }
            Ok(times)
        })
    });
    let mut all = Vec::new();
    for poster in posters.collect::<Vec<_>>() {
        all.extend(poster.await??);
    }
    Ok(all)
}
