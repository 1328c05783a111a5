//! Posting into a million stored messages: one poster who waits for each answer, and sixty-four of them.

use std::rc::Rc;
use std::time::{Duration, Instant};

use anyhow::Result;
use support::server_process::Launch;
use tokio::task::JoinSet;

use crate::crowd::{Crowd, Place, Tally};
use crate::raw::Writer;
use crate::report::{Limit, Report, quantile};
use crate::seed::{self, Size};
use crate::{Run, count};

const STORED: Size = Size { accounts: 200, messages: 1_000_000, rooms: 34, practices: 0, campaigns: 0, cards: 0 };
const POSTERS: usize = 64;

/// One round.
///
/// # Errors
/// When the server fails or refuses a post.
pub(crate) async fn round(run: &Run, report: &mut Report) -> Result<()> {
    let seeded = seed::folder(run, STORED)?;
    let data = seeded.copy(run)?;
    let server = Launch::egida(&data)?.environment("EGIDA_LIMITS_FRAMES_PER_SECOND", "100000").start()?;
    let place = seeded.place(server.address());
    let length = Duration::from_secs(if run.quick { 2 } else { 5 });

    let alone = posters(&place, 1, length).await?;
    let mut answers = alone.answers();
    report.add("post at 1 million, one poster: answer p50", "ms", Limit::AtMost(1.0), quantile(&mut answers, 0.5) / 1e3);
    report.add("post at 1 million, one poster: answer p99", "ms", Limit::None, quantile(&mut answers, 0.99) / 1e3);

    let (begun, cpu) = (Instant::now(), server.cpu()?);
    let many = posters(&place, POSTERS, length).await?;
    let took = begun.elapsed().as_secs_f64();
    let cpu = server.cpu()?.saturating_sub(cpu).as_secs_f64() * 1e6;
    let posts = count(many.posted());
    report.add("post at 1 million, 64 posters", "/s", Limit::AtLeast(5_000.0), posts / took);
    report.add("post at 1 million, 64 posters: CPU of a post", "us", Limit::AtMost(250.0), cpu / posts);
    let mut answers = many.answers();
    report.add("post at 1 million, 64 posters: answer p50", "ms", Limit::None, quantile(&mut answers, 0.5) / 1e3);
    Ok(())
}

/// So many posters, each on a socket of its own, each waiting for its answer before the next post.
async fn posters(place: &Place, posters: usize, length: Duration) -> Result<Rc<Tally>> {
    // A tally a poster would do as well; with one, a credit is the right to have a post under way.
    let tally = Tally::new(0, posters);
    let mut crowd = Crowd::new();
    let writers = crowd.posters(place, posters, &tally).await?;
    pour(&tally, writers, &place.channel, length).await?;
    tally.settled().await?;
    Ok(tally)
}

async fn pour(tally: &Rc<Tally>, writers: Vec<Rc<Writer>>, channel: &str, length: Duration) -> Result<()> {
    let begun = Instant::now();
    let mut pouring = JoinSet::new();
    for writer in writers {
        let (tally, channel) = (tally.clone(), channel.to_owned());
        pouring.spawn_local(async move {
            while begun.elapsed() < length {
                let Ok(credit) = tally.credits.acquire().await else { break };
                credit.forget();
                tally.post(&writer, &channel).await?;
            }
            anyhow::Ok(())
        });
    }
    while let Some(poured) = pouring.join_next().await {
        poured??;
    }
    tally.check()
}
