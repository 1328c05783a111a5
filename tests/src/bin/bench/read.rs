//! Reading over HTTP: pages of history and search among a million stored messages, questions to a directory of thousands.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use rusqlite::Connection;
use support::server_process::Launch;

use crate::Run;
use crate::http::Http;
use crate::idle::CROWD;
use crate::report::{Limit, Report, quantile};
use crate::seed::{self, Size};
use crate::words::Dice;

const STORED: Size = Size { accounts: 200, messages: 1_000_000, rooms: 34, practices: 0, campaigns: 0, cards: 0 };
/// Messages of a page.
const PAGE: usize = 50;

/// One round of pages from anywhere in the history of any channel.
///
/// # Errors
/// When the server fails or a page is not whole.
pub(crate) async fn pages(run: &Run, report: &mut Report) -> Result<()> {
    let seeded = seed::folder(run, STORED)?;
    let server = Launch::egida(&seeded.copy(run)?)?.start()?;
    let mut http = Http::open(server.address()).await?;
    let tokens = &seeded.contents.tokens;
    let channels = http.get_json("/api/channels", &tokens[0]).await?;
    let channels = channels["items"].as_array().context("no channels")?;
    let long: Vec<(&str, usize)> = channels
        .iter()
        .filter_map(|channel| Some((channel["id"].as_str()?, usize::try_from(channel["head_seq"].as_u64()?).ok()?)))
        .filter(|(_, head)| *head > 10 * PAGE)
        .collect();
    ensure!(!long.is_empty(), "no channel has a long history");
    let mut dice = Dice::new(run.rounds_done.get());
    let mut times = Vec::new();
    for number in 0..if run.quick { 400 } else { 2_000 } {
        let (channel, head) = long[dice.below(long.len())];
        let before = PAGE + 1 + dice.below(head - PAGE);
        let path = format!("/api/channels/{channel}/messages?before={before}&limit={PAGE}");
        let asked = Instant::now();
        let page = http.get(&path, &tokens[number % tokens.len()]).await?;
        times.push(milliseconds(asked.elapsed()));
        let found = memchr::memmem::find_iter(page, br#""changed_seq":"#).count();
        ensure!(found == PAGE, "{found} messages on the page {path}");
    }
    report.add("page of 50 at 1 million: p50", "ms", Limit::AtMost(1.0), quantile(&mut times, 0.5));
    report.add("page of 50 at 1 million: p99", "ms", Limit::None, quantile(&mut times, 0.99));
    Ok(())
}

/// One round of searches by members of 60 channels, newest first with facets: rare and common words in turn, two together,
/// and words that are only begun.
///
/// # Errors
/// When the server fails.
pub(crate) async fn searches(run: &Run, report: &mut Report) -> Result<()> {
    let seeded = seed::folder(run, STORED)?;
    let folder = seeded.copy(run)?;
    size(&folder, report)?;
    let launch = Launch::egida(&folder)?.environment("EGIDA_LIMITS_SEARCHES_PER_SECOND", "100000");
    let server = launch.start()?;
    let mut http = Http::open(server.address()).await?;
    let (tokens, words) = (&seeded.contents.tokens, &seeded.contents.search_words);
    ensure!(!words.is_empty(), "bench-seed names no words to search for");
    let mut dice = Dice::new(run.rounds_done.get());
    let mut times: [(&str, Vec<f64>); 4] = ["one word", "two words", "a beginning", "best match"].map(|what| (what, Vec::new()));
    let (mut slowest, mut hits) = ((0.0, String::new()), 0);
    for number in 0..if run.quick { 400 } else { 2_000 } {
        let word = &words[dice.below(words.len())];
        let (which, query) = match number % 8 {
            0 | 1 => (1, format!("{word}+{}", words[dice.below(words.len())])),
            2 | 3 => (2, word[..word.len() - 1 - dice.below(word.len() / 3)].to_owned()),
            4 => (3, format!("{word}+{}&sort=relevance", words[dice.below(words.len())])),
            _ => (0, word.clone()),
        };
        let asked = Instant::now();
        let found = http.get(&format!("/api/search?q={query}&limit=20&facets=true"), &tokens[number % tokens.len()]).await?;
        let took = milliseconds(asked.elapsed());
        hits += usize::from(memchr::memmem::find(found, br#""excerpt""#).is_some());
        // The first ones fill caches.
        if number < 50 {
            continue;
        }
        if took > slowest.0 {
            slowest = (took, query);
        }
        times[which].1.push(took);
    }
    eprintln!("    {hits} searches found something; the slowest was {:?}", slowest.1);
    ensure!(hits > 0, "no search found anything");
    for (what, times) in &mut times {
        report.add(&format!("  {what} at 1 million: p50"), "ms", Limit::None, quantile(times, 0.5));
    }
    let mut all: Vec<f64> = times[..3].iter().flat_map(|(_, times)| times).copied().collect();
    report.add("search at 1 million: p50", "ms", Limit::AtMost(3.0), quantile(&mut all, 0.5));
    report.add("search at 1 million: p99", "ms", Limit::AtMost(30.0), quantile(&mut all, 0.99));
    report.add("search at 1 million: slowest", "ms", Limit::AtMost(100.0), slowest.0);
    Ok(())
}

/// What the index takes of the disk, against what was said.
fn size(folder: &Path, report: &mut Report) -> Result<()> {
    let database = Connection::open(folder.join("egida.db"))?;
    let sum = |sql: &str| database.query_row(sql, [], |row| row.get::<_, i64>(0));
    let index =
        sum("SELECT sum(pgsize) FROM dbstat WHERE name GLOB 'message_index*' OR name IN ('message_fact', 'message_term')")?;
    let text = sum("SELECT sum(length(CAST(body AS BLOB))) FROM message")?;
    let share = 100.0 * crate::count(index) / crate::count(text);
    report.add("search index, of the size of the text", "%", Limit::AtMost(60.0), share);
    Ok(())
}

/// One round of questions to the directory of 5,000 people and 1,000 organisations: without a choice, with one, two, three,
/// and by name.
///
/// # Errors
/// When the server fails or a question finds nobody.
pub(crate) async fn directory(run: &Run, report: &mut Report) -> Result<()> {
    const QUESTIONS: [&str; 6] = [
        "",
        "country=RO",
        "country=GR&topic=shelter",
        "theme=forced-begging&language=ro",
        "country=RS&topic=legal-aid&language=en",
        "q=bench%2042",
    ];
    let seeded = seed::folder(run, CROWD)?;
    let server = Launch::egida(&seeded.copy(run)?)?.start()?;
    let mut http = Http::open(server.address()).await?;
    let tokens = &seeded.contents.tokens;
    let asked = Instant::now();
    http.get("/api/directory?limit=25", &tokens[0]).await?;
    report.add("directory of 6,000: first question", "ms", Limit::None, milliseconds(asked.elapsed()));
    let mut times = Vec::new();
    for number in 0..if run.quick { 300 } else { 1_500 } {
        let path = format!("/api/directory?limit=25&{}", QUESTIONS[number % QUESTIONS.len()]);
        let asked = Instant::now();
        let found = http.get(&path, &tokens[number % tokens.len()]).await?;
        times.push(milliseconds(asked.elapsed()));
        ensure!(memchr::memmem::find(found, br#""kind":"#).is_some(), "{path} finds nobody");
    }
    report.add("directory of 6,000: p50", "ms", Limit::AtMost(20.0), quantile(&mut times, 0.5));
    report.add("directory of 6,000: p99", "ms", Limit::None, quantile(&mut times, 0.99));
    Ok(())
}

/// One round of questions to 5,000 campaigns: the board, the timeline, the map and lists, by people who may read different ones.
///
/// # Errors
/// When the server fails or a question finds nothing.
pub(crate) async fn campaigns(run: &Run, report: &mut Report) -> Result<()> {
    const PLANNED: Size = Size { accounts: 200, messages: 2_000, rooms: 0, practices: 0, campaigns: 5_000, cards: 0 };
    const QUESTIONS: [(&str, &str); 8] = [
        ("board", "/board"),
        ("board", "/board?country=RO"),
        ("timeline", "/timeline"),
        ("timeline", "/timeline?weeks=52"),
        ("map", "/map"),
        ("map", "/map?theme=forced-begging"),
        ("list", "?limit=50"),
        ("list", "?state=running&country=GR&limit=50"),
    ];
    let seeded = seed::folder(run, PLANNED)?;
    let server = Launch::egida(&seeded.copy(run)?)?.start()?;
    let mut http = Http::open(server.address()).await?;
    let tokens = &seeded.contents.tokens;
    let mut times: Vec<(&str, Vec<f64>)> = Vec::new();
    for number in 0..if run.quick { 400 } else { 2_000 } {
        let (name, question) = QUESTIONS[number % QUESTIONS.len()];
        let path = format!("/api/campaigns{question}");
        let asked = Instant::now();
        let found = http.get(&path, &tokens[number % tokens.len()]).await?;
        let took = milliseconds(asked.elapsed());
        ensure!(
            memchr::memmem::find(found, br#""country""#).or(memchr::memmem::find(found, br#""id":"#)).is_some(),
            "{path}: nothing"
        );
        match times.iter_mut().find(|(known, _)| *known == name) {
            Some((_, all)) => all.push(took),
            None => times.push((name, vec![took])),
        }
    }
    for (name, mut all) in times {
        report.add(&format!("5,000 campaigns, {name}: p50"), "ms", Limit::AtMost(20.0), quantile(&mut all, 0.5));
        report.add(&format!("5,000 campaigns, {name}: p99"), "ms", Limit::None, quantile(&mut all, 0.99));
    }
    Ok(())
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}
