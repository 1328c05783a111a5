//! File cards: making one among 50,000, which is compared with each of them before the answer.

use std::time::Instant;

use anyhow::{Result, ensure};
use serde_json::json;
use support::server_process::Launch;

use crate::Run;
use crate::http::Http;
use crate::report::{Limit, Report, quantile};
use crate::seed::{self, Size};

const STORED: Size = Size { accounts: 200, messages: 0, rooms: 0, practices: 0, campaigns: 0, cards: 50_000 };
/// Cards that are made.
const MADE: usize = 120;

/// One round of new cards, by everybody whose organisation makes some.
///
/// # Errors
/// When the server fails or nobody may make a card.
pub(crate) async fn round(run: &Run, report: &mut Report) -> Result<()> {
    let seeded = seed::folder(run, STORED)?;
    let key = seeded.key().display().to_string();
    let server = Launch::egida(&seeded.copy(run)?)?.environment("EGIDA_FACTOR_KEY", &key).start()?;
    let mut http = Http::open(server.address()).await?;
    let mut makers = Vec::new();
    for token in &seeded.contents.tokens {
        let desk = http.get_json("/api/card-desk", token).await?;
        if desk["holders"].as_array().is_some_and(|holders| !holders.is_empty()) {
            makers.push(token);
        }
    }
    ensure!(makers.len() > MADE / 10, "hardly anybody may make a card");
    let year = jiff::Timestamp::now().strftime("%Y").to_string().parse::<u32>()? - 1;
    let mut times = Vec::new();
    for number in 0..=MADE {
        let routes = ["RO", "BG", "AL", "RS"];
        let card = json!({"visibility": "sealed", "stage": "judicial", "exploitation": ["forced_begging"], "recruitment": ["family"],
            "control": ["threats", "takes_earnings"], "origin": [routes[number % routes.len()]], "destination": ["GR"],
            "from": format!("{year}-Q1"), "to": format!("{year}-Q4"), "children": "yes", "marking": "amber", "grading": "B2"});
        let asked = Instant::now();
        http.post("/api/cards", makers[number % makers.len()], &card).await?;
        // The first one reads what is kept in memory.
        if number > 0 {
            times.push(asked.elapsed().as_secs_f64() * 1_000.0);
        }
    }
    report.add("a card made among 50,000 and compared: p50", "ms", Limit::AtMost(50.0), quantile(&mut times, 0.5));
    report.add("a card made among 50,000 and compared: p99", "ms", Limit::AtMost(50.0), quantile(&mut times, 0.99));
    Ok(())
}
