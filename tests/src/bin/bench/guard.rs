//! What a stranger learns from the time an answer takes, and what a flood of sign-ins costs those who are at work.

use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Result, anyhow, ensure};
use futures_util::future::join_all;
use serde_json::{Value, json};
use support::region::{Client, Region, address};
use tokio::runtime::Builder;
use tokio::task::{LocalSet, spawn_local};
use tokio::time::{interval, sleep};
use uuid::Uuid;

use crate::report::{Limit, Report, quantile};
use crate::words::Dice;
use crate::{Run, count};

/// Upper limits that none of these reaches.
pub(crate) const UNLIMITED: [(&str, &str); 3] = [
    ("EGIDA_LIMITS_SIGN_INS_PER_MINUTE", "10000000"),
    ("EGIDA_LIMITS_FRAMES_PER_SECOND", "1000"),
    ("EGIDA_LIMITS_SEARCHES_PER_SECOND", "100000"),
];
/// How far from a coin's toss a classifier by time alone may be.
const TELLING: f64 = 0.05;
/// Sign-ins a second of the flood.
const FLOOD: u64 = 500;
/// Messages a second of those who are at work.
const WORK: u64 = 50;

/// One round: a hidden channel, message and topic against absent ones, a known address against an unknown one, in random turns.
///
/// # Errors
/// When the server fails or one of the two answers differs.
pub(crate) async fn times(run: &Run, report: &mut Report) -> Result<()> {
    let region = Region::start(&UNLIMITED)?;
    let (outsider, member) = (region.person("member.gr").await, region.person("member.ro").await);
    let hidden = region.room("closed", &[&member]).await;
    let (topic, message) = member.begin(&hidden, "Out of sight", "said among members").await;
    let mut dice = Dice::new(run.rounds_done.get());
    for (what, id, path, more) in [
        ("channel", &hidden, "/api/channels/", "/messages"),
        ("message", &message, "/api/messages/", ""),
        ("topic", &topic, "/api/topics/", ""),
    ] {
        let paths = [id, &Uuid::now_v7().to_string()].map(|id| format!("{path}{id}{more}"));
        let mut classes = [Vec::new(), Vec::new()];
        for turn in 0..if run.quick { 800 } else { 4_000 } {
            let which = dice.below(2);
            let begun = Instant::now();
            let answer = outsider.get(&paths[which]).await;
            let took = begun.elapsed();
            ensure!(answer.status == 404, "{}", answer.text);
            // The first ones fill caches.
            if turn >= 100 {
                classes[which].push(took.as_secs_f64());
            }
        }
        report.add(&format!("hidden against absent {what}: |AUC - 0.5|"), "", Limit::AtMost(TELLING), telling(&classes));
    }
    let known = address("member.ro");
    let mut doors = [Vec::new(), Vec::new()];
    for _ in 0..if run.quick { 60 } else { 600 } {
        let which = dice.below(2);
        let email = [known.as_str(), "nobody.at.all@demo.egida.example"][which];
        let begun = Instant::now();
        let answer = sign_in(&region.anonymous(), email).await;
        doors[which].push(begun.elapsed().as_secs_f64());
        ensure!(answer == 401, "a wrong password is answered by {answer}");
    }
    report.add("known against unknown address: |AUC - 0.5|", "", Limit::AtMost(TELLING), telling(&doors));
    Ok(())
}

async fn sign_in(stranger: &Client, email: &str) -> u16 {
    let wish = json!({"email": email, "password": "a wrong password of some length"});
    stranger.post("/api/session", wish).await.status
}

/// How much better than a coin one tells two classes apart by their times alone: the distance of the area under the
/// curve from one half (the rank sum of Mann and Whitney, ties counted half).
fn telling([first, second]: &[Vec<f64>; 2]) -> f64 {
    let mut sorted = second.clone();
    sorted.sort_by(f64::total_cmp);
    let wins = |value: &f64| {
        let below = sorted.partition_point(|other| other < value);
        let equal = sorted.partition_point(|other| other <= value) - below;
        count(below) + count(equal) / 2.0
    };
    let area = first.iter().map(wins).sum::<f64>() / (count(first.len()) * count(second.len()));
    (area - 0.5).abs()
}

/// One round: messages without a flood, then under one.
///
/// # Errors
/// When the server fails or a message is lost.
pub(crate) async fn flood(run: &Run, report: &mut Report) -> Result<()> {
    let region = Region::start(&UNLIMITED)?;
    let (writer, reader) = (region.person("member.ro").await, region.person("member.gr").await);
    let lobby = lobby(&writer).await;
    let time = Duration::from_secs(if run.quick { 3 } else { 10 });
    work(&writer, &reader, &lobby, Duration::from_secs(1)).await?;
    let mut before = work(&writer, &reader, &lobby, time).await?;
    let resident = region.resident()?;
    let strangers = region.anonymous();
    let pouring = thread::spawn(move || pour(&strangers, time));
    let watch = async {
        let (mut beat, mut most) = (interval(Duration::from_millis(100)), resident);
        while !pouring.is_finished() {
            beat.tick().await;
            most = most.max(region.resident()?);
        }
        Ok::<_, anyhow::Error>(most)
    };
    let (during, most) = tokio::join!(work(&writer, &reader, &lobby, time), watch);
    let (mut during, most) = (during?, most?);
    pouring.join().map_err(|_| anyhow!("the flood broke off"))??;
    let (quiet, flooded) = (quantile(&mut before, 0.99), quantile(&mut during, 0.99));
    report.add("message p99 without a flood", "ms", Limit::None, quiet * 1e3);
    report.add(&format!("message p99 under {FLOOD} sign-ins/s"), "x", Limit::AtMost(2.0), flooded / quiet);
    let grown = count(most.saturating_sub(resident)) / f64::from(1 << 20);
    report.add(&format!("memory under {FLOOD} sign-ins/s"), "MiB more", Limit::AtMost(150.0), grown);
    sleep(Duration::from_millis(200)).await;
    Ok(())
}

/// The flood, from a thread of its own: whoever measures the messages doesn't wait for it.
fn pour(strangers: &Client, time: Duration) -> Result<()> {
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let begun = Instant::now();
    let answers = LocalSet::new().block_on(&runtime, async {
        let mut beat = interval(Duration::from_micros(1_000_000 / FLOOD));
        let mut poured = Vec::new();
        while begun.elapsed() < time {
            beat.tick().await;
            let stranger = strangers.clone();
            poured.push(spawn_local(async move { sign_in(&stranger, "member.ro@demo.egida.example").await }));
        }
        join_all(poured).await
    });
    ensure!(answers.iter().all(|answer| matches!(answer, Ok(401 | 429 | 503))), "a sign-in was answered otherwise");
    Ok(())
}

async fn lobby(person: &Client) -> String {
    let list = person.get("/api/channels").await.is(200);
    let found = list["items"].as_array().into_iter().flatten().find(|channel| channel["slug"] == "lobby");
    found.and_then(|channel| channel["id"].as_str()).unwrap_or_default().to_owned()
}

/// Posts at a steady pace; how long each message took to another person, in seconds.
async fn work(writer: &Client, reader: &Client, channel: &str, time: Duration) -> Result<Vec<f64>> {
    let (mut writing, mut reading) = (writer.live().await, reader.live().await);
    let mut beat = interval(Duration::from_micros(1_000_000 / WORK));
    let (begun, mut times) = (Instant::now(), Vec::new());
    while begun.elapsed() < time {
        beat.tick().await;
        let reference = Uuid::now_v7();
        let said = Instant::now();
        let post = json!({"type": "post", "ref": reference, "channel": channel, "topic": null, "new_topic": null,
            "body": "work goes on", "marking": null, "attachments": []});
        writing.send(&post).await?;
        loop {
            let frame: Value = reading.next_of("message").await?;
            if frame["message"]["ref"] == reference.to_string() || frame["message"]["body"] == "work goes on" {
                break;
            }
        }
        times.push(said.elapsed().as_secs_f64());
        writing.next_of("posted").await?;
    }
    Ok(times)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_classes_tell_nothing_and_parted_ones_all() {
        let even = vec![1.0, 2.0, 3.0];
        assert!(telling(&[even.clone(), even.clone()]) < 1e-9);
        assert!((telling(&[even, vec![7.0, 8.0]]) - 0.5).abs() < 1e-9);
    }
}
