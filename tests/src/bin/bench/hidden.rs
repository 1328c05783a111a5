//! How long an outsider waits to be told that there is nothing: for what is there and hidden from them, and for what isn't. Shown, and
//! held to nothing: a hidden row is read before the rule says no.

use std::time::Instant;

use anyhow::{Context, Result, ensure};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use support::region::{Client, Region, items, text};
use uuid::Uuid;

use crate::Run;
use crate::guard::UNLIMITED;
use crate::http::Http;
use crate::report::{Limit, Report, quantile};

/// Answers of each kind that count, and those before them, which fill caches.
const ASKED: usize = 3_000;
const ASKED_QUICKLY: usize = 2_000;
const WARMING: usize = 100;
/// Points of the group, 32 bytes each in hexadecimal digits.
const VECTORS: &str = include_str!("../../../contract/matching-vectors.json");
/// Values that are compared.
const VALUES: usize = 12;

/// One round: a case room, a request, a file card and a comparison against absent ones, in turns.
///
/// # Errors
/// When the server fails or tells the outsider of one.
pub(crate) async fn round(run: &Run, report: &mut Report) -> Result<()> {
    let region = Region::start(&UNLIMITED)?;
    let outsider = region.person("teacher.xk").await;
    let asked = WARMING + if run.quick { ASKED_QUICKLY } else { ASKED };
    let address = region.origin().trim_start_matches("http://").parse().context("an address")?;
    let mut http = Http::open(address).await?;
    for (what, at) in there(&region).await? {
        let folder = at.rsplit_once('/').context("a path")?.0;
        let mut times = [Vec::with_capacity(asked), Vec::with_capacity(asked)];
        for number in 0..asked {
            let absent = format!("{folder}/{}", Uuid::now_v7());
            // Each goes first as often as the other.
            for which in [number % 2, (number + 1) % 2] {
                let begun = Instant::now();
                http.get_absent([&at, &absent][which], outsider.token()).await?;
                if number >= WARMING {
                    times[which].push(begun.elapsed().as_secs_f64() * 1e6);
                }
            }
        }
        let [hidden, absent] = times.map(|mut times| [0.5, 0.95].map(|share| quantile(&mut times, share)));
        for (kind, [median, p95]) in [("hidden", hidden), ("absent", absent)] {
            report.add(&format!("{kind} {what}: p50"), "us", Limit::None, median);
            report.add(&format!("{kind} {what}: p95"), "us", Limit::None, p95);
        }
        report.add(&format!("  hidden against absent {what}"), "x", Limit::None, hidden[0] / absent[0]);
    }
    Ok(())
}

/// One thing of each kind, by its address.
async fn there(region: &Region) -> Result<Vec<(&'static str, String)>> {
    let founder = region.unlocked(&region.person("social.ro").await).await;
    let (one, other) = (region.person("prosecutor.ro").await, region.person("prosecutor.gr").await);
    let soon = (Timestamp::now() + SignedDuration::from_hours(240)).strftime("%F").to_string();
    let sheet = json!({"age_band": "14-15", "company": "unaccompanied", "needs": ["shelter"], "consent": "by_guardian",
        "assent": true, "bid": "pending", "guardian": "appointed", "themes": ["forced-begging"], "countries": ["RO"]});
    let case = founder.post("/api/cases", json!({"sheet": sheet, "risk": "medium", "next_review": soon})).await.is(201);
    let (from, to) = (house(&one).await, house(&other).await);
    let request = json!({"kind": "open_file", "asker": from, "asked": to, "title": "Along the coast", "body": "Is there an open file?",
        "urgency": "d3", "marking": "green"});
    let request = one.post("/api/requests", request).await.is(201);
    one.post(&format!("/api/requests/{}/sending", text(&request["id"])), json!({})).await.is(204);
    let cards = one.get("/api/cards").await.is(200);
    let card =
        items(&cards).iter().find(|card| card["facts"]["visibility"] == "sealed").context("the demo has no sealed card")?;
    let session = json!({"asking": from, "answering": to, "file_number": "1234/P/2026", "basis": "criminal_procedure",
        "points": points()?});
    let session = one.post("/api/matching", session).await.is(201);
    let of = |folder: &str, made: &Value| format!("/api/{folder}/{}", text(&made["id"]));
    Ok(vec![
        ("case", of("cases", &case)),
        ("request", of("requests", &request)),
        ("card", of("cards", card)),
        ("comparison", of("matching", &session)),
    ])
}

async fn house(person: &Client) -> String {
    text(&person.get(&format!("/api/people/{}", person.id)).await.is(200)["organisation_id"])
}

/// Some points, as a browser sends them.
fn points() -> Result<String> {
    let vectors: Value = serde_json::from_str(VECTORS)?;
    let listed = vectors["points"].as_array().context("no points")?;
    ensure!(listed.len() >= VALUES, "too few points");
    let mut bytes = Vec::new();
    for point in &listed[..VALUES] {
        let digits = text(point);
        for at in (0..digits.len()).step_by(2) {
            bytes.push(u8::from_str_radix(&digits[at..at + 2], 16)?);
        }
    }
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}
