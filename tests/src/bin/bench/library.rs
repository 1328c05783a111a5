//! The library: the list of 20,000 practices without a choice, with each of them, with three, further down, and by words.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use support::server_process::Launch;

use crate::Run;
use crate::http::Http;
use crate::report::{Limit, Report, quantile};
use crate::seed::{self, Size};

const STORED: Size = Size { accounts: 200, messages: 0, rooms: 0, practices: 20_000, campaigns: 0, cards: 0 };
/// Answers of each kind.
const ASKED: usize = 60;
/// What the list is asked for, and how it is called.
const QUESTIONS: [(&str, &str); 13] = [
    ("without a choice", ""),
    ("by level", "&sort=level"),
    ("country", "&country=RO"),
    ("theme", "&theme=forced-begging"),
    ("stage", "&stage=primary"),
    ("level", "&level=0"),
    ("age", "&age=10-13"),
    ("setting", "&setting=school"),
    ("pillar", "&pillar=justice"),
    ("language", "&language=bg"),
    ("three choices", "&country=RO&stage=primary&age=10-13"),
    ("own", "&view=mine"),
    ("words", "&q="),
];

/// One round of questions to the list.
///
/// # Errors
/// When the server fails or finds nothing.
pub(crate) async fn round(run: &Run, report: &mut Report) -> Result<()> {
    let seeded = seed::folder(run, STORED)?;
    let launch = Launch::egida(&seeded.copy(run)?)?.environment("EGIDA_LIMITS_SEARCHES_PER_SECOND", "100000");
    let server = launch.start()?;
    let mut http = Http::open(server.address()).await?;
    let (tokens, words) = (&seeded.contents.tokens, &seeded.contents.search_words);
    let mut all = Vec::new();
    for (what, question) in QUESTIONS {
        let mut times = Vec::new();
        for number in 0..=ASKED {
            let word = if question.ends_with("q=") { words[number % words.len()].as_str() } else { "" };
            let path = format!("/api/practices?limit=20{question}{word}");
            let asked = Instant::now();
            let page = http.get(&path, &tokens[number % tokens.len()]).await?;
            let took = milliseconds(asked.elapsed());
            ensure!(memchr::memmem::find(page, br#""facets""#).is_some(), "no page {path}");
            // The first one reads what is kept in memory.
            if number > 0 {
                times.push(took);
            }
        }
        report.add(&format!("  practices, {what}: p50"), "ms", Limit::AtMost(20.0), quantile(&mut times, 0.5));
        all.extend(times);
    }
    let page = http.get_json("/api/practices?limit=20", &tokens[0]).await?;
    ensure!(page["total"].as_u64().context("no total")? > 10_000, "hardly any practice is there");
    report.add("list of 20,000 practices: p50", "ms", Limit::AtMost(20.0), quantile(&mut all, 0.5));
    report.add("list of 20,000 practices: p99", "ms", Limit::None, quantile(&mut all, 0.99));
    Ok(())
}

fn milliseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1_000.0
}
