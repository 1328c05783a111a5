//! Everybody comes back at once: a server that was restarted, and clients who each missed fifty messages.

use std::fmt::Write;
use std::net::SocketAddr;
use std::rc::Rc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use serde_json::{Map, Value};
use support::server_process::Launch;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

use crate::crowd::{Crowd, Place, Tally, is_live};
use crate::http::Http;
use crate::report::{Limit, Report};
use crate::seed::{self, Seeded};
use crate::{Run, count, idle, raw, words};

/// Messages that each client missed.
const MISSED: u32 = 50;
/// Nobody waits longer for what was missed.
const PATIENCE: Duration = Duration::from_mins(2);

/// One round: storms of 200, 1,000 and 5,000, each upon a server of its own.
///
/// # Errors
/// When the server fails, or a client gets anything but exactly what it missed, in order.
pub(crate) async fn round(run: &Run, report: &mut Report) -> Result<()> {
    let seeded = seed::folder(run, idle::CROWD)?;
    let data = seeded.copy(run)?;
    let resume = miss(&seeded, Launch::egida(&data)?).await?;
    let mut per_client = Vec::new();
    for clients in [200, 1_000, 5_000] {
        let server = Launch::egida(&data)?.start()?;
        sleep(Duration::from_millis(500)).await;
        let (begun, cpu) = (Instant::now(), server.cpu()?);
        storm(&seeded.place(server.address()), clients, &resume).await?;
        let took = begun.elapsed().as_secs_f64();
        let cpu = server.cpu()?.saturating_sub(cpu).as_secs_f64() * 1e3 / count(clients);
        report.add(&format!("storm of {clients}: CPU of a client"), "ms", Limit::AtMost(1.0), cpu);
        report.add(&format!("storm of {clients}: until the last is live"), "s", Limit::None, took);
        per_client.push(cpu);
    }
    report.add("storm: CPU of a client, 5000 against 200", "x", Limit::AtMost(1.5), per_client[2] / per_client[0]);
    Ok(())
}

/// Posts what will have been missed and returns the `resume` frame of a client who was there until just before.
async fn miss(seeded: &Seeded, launch: Launch) -> Result<String> {
    let mut server = launch.start()?;
    let place = seeded.place(server.address());
    let mut http = Http::open(place.server).await?;
    let channels = http.get_json("/api/channels", &place.tokens[0]).await?;
    let cursors = cursors(&channels)?;
    ensure!(cursors.contains_key(&place.channel), "the bench channel is not among the member's");
    let tally = Tally::new(0, 0);
    let mut crowd = Crowd::new();
    let posters = crowd.posters(&place, 1, &tally).await?;
    for _ in 0..MISSED {
        tally.post(&posters[0], &place.channel).await?;
        tally.settled().await?;
    }
    server.stop()?;
    let mut frame = String::new();
    write!(frame, r#"{{"type":"resume","cursors":{}}}"#, Value::Object(cursors))?;
    Ok(frame)
}

/// Where a member is in each of its channels.
fn cursors(channels: &Value) -> Result<Map<String, Value>> {
    let items = channels["items"].as_array().context("no channels")?;
    let member = items.iter().filter(|channel| channel["member"] == true);
    Ok(member.filter_map(|channel| Some((channel["id"].as_str()?.to_owned(), channel["head_seq"].clone()))).collect())
}

async fn storm(place: &Place, clients: usize, resume: &str) -> Result<()> {
    let resume: Rc<str> = resume.into();
    let mut returning = JoinSet::new();
    for number in 0..clients {
        let (server, resume) = (place.server, resume.clone());
        let token = place.tokens[number % place.tokens.len()].clone();
        returning.spawn_local(async move {
            let back = timeout(PATIENCE, come_back(server, &token, number, &resume)).await;
            back.with_context(|| format!("client {number} was not live within {PATIENCE:?}"))?
        });
    }
    // They stay until all are there, as people do.
    let mut there = Vec::with_capacity(clients);
    while let Some(back) = returning.join_next().await {
        there.push(back??);
    }
    Ok(())
}

async fn come_back(server: SocketAddr, token: &str, number: usize, resume: &str) -> Result<raw::Reader> {
    let (mut reader, writer) = raw::open(server, token, number).await?;
    writer.text(resume).await?;
    let (mut received, mut wrong) = (0, None);
    let mut live = false;
    reader
        .read_until(|frame| {
            if let Some(post) = words::number_in(frame) {
                if post != received || live {
                    wrong.get_or_insert((received, post));
                }
                received += 1;
            }
            live |= is_live(frame);
            live
        })
        .await?;
    ensure!(wrong.is_none(), "client {number}: another message than the expected one (expected, got): {wrong:?}");
    ensure!(received == MISSED, "client {number}: {received} messages instead of {MISSED}");
    Ok(reader)
}
