//! Search by meaning: what says the same in other words comes behind what has the words (decision 0024). Off unless an
//! operator has set a service that makes vectors of texts, for words leave for it.
//!
//! ```text
//! messages ── may they leave? ──▶ their wording ──▶ service ──▶ vectors, in the database and in memory   (follow)
//! query ──▶ service ──▶ the nearest of these in one's places ──▶ as the query asks? ──▶ behind the words   (here, fuse)
//! ```
//!
//! Whatever the service does, a search answers: without it, or while it fails or is slow, with what the words find.

mod client;
mod follow;
mod fuse;
mod http;
mod settings;
mod vectors;
mod wording;

pub(super) use follow::keep_up;
pub(super) use http::router;
pub use settings::Meaning;

use std::collections::HashSet;

use egida_text::{Language, language};

use super::look::fitting;
use super::number;
use super::plan::Plan;
use super::query::Query;
use super::rank::Ranked;
use super::store::{self, Passing, Within};
use crate::base::clock::SECOND;
use crate::base::db::{Error, On, Result};
use crate::context::Ctx;

/// Messages whose vectors are kept at most, the newest.
const KEPT_MAX: i64 = 100_000;
/// The nearest that are looked at, and how many of them are found at most.
const NEAREST: usize = 200;
const FOUND_MAX: usize = 30;
/// For how long no query is sent after one has failed (microseconds).
const REST: i64 = 2 * SECOND;

impl Meaning {
    /// The vector of what is searched for. `None` where there is nothing that could be like it, and where the service fails.
    pub(super) async fn asked(&self, ctx: &Ctx, query: &Query) -> Option<Vec<f32>> {
        // Who puts words into quotation marks wants these words.
        let exact = query.wanted.iter().any(|words| words.contains(' '));
        if query.typed.trim().is_empty() || exact || self.rests(ctx.now()) || self.vectors().len() == 0 {
            return None;
        }
        let _place = self.free.try_acquire().ok()?;
        match client::of_query(self, query.typed.clone()).await {
            Ok(vector) => Some(vector),
            Err(why) => {
                self.rest_until(ctx.now() + REST);
                tracing::debug!(host = self.service.host, %why, "a query was answered without its meaning");
                None
            }
        }
    }

    /// Puts what means the same behind what was found by its words.
    pub(super) async fn add(
        &self,
        conn: &mut impl On,
        vector: Vec<f32>,
        (query, plan, within): (&Query, &Plan, &Within),
        readers: &[Language],
        ranked: &mut Ranked,
    ) -> Result<()> {
        let spoken = number(language(&query.typed, readers.first().copied()));
        let places: HashSet<i64> = serde_json::from_str(&within.places).unwrap_or_default();
        let (own, from, below) = (self.clone(), within.from, within.below);
        let near = move || own.vectors().nearest(&vector, spoken, (&places, from, below), NEAREST);
        let near = tokio::task::spawn_blocking(near).await.map_err(|_| Error::Stopped)?;
        let (required, unwanted) = plan.beside();
        // What may be seen is decided here, as for every other hit.
        let there = store::vectors::among(conn, &near, within, (required.as_deref(), unwanted.as_deref())).await?;
        let mut meant: Vec<Passing> = fitting(conn, query, there).await?;
        meant.sort_by_key(|hit| near.iter().position(|n| *n == hit.n));
        meant.truncate(FOUND_MAX);
        ranked.join(conn, meant).await
    }
}

impl Ranked {
    async fn join(&mut self, conn: &mut impl On, meant: Vec<Passing>) -> Result<()> {
        let whole: HashSet<i64> = self.seen[..self.whole].iter().map(|hit| hit.n).collect();
        let by_words: Vec<i64> = self.hits.iter().map(|hit| hit.n).collect();
        let by_meaning: Vec<i64> = meant.iter().map(|hit| hit.n).collect();
        let known: HashSet<i64> = by_words.iter().copied().collect();
        let new: Vec<Passing> = meant.into_iter().filter(|hit| !known.contains(&hit.n)).collect();
        let ns: Vec<i64> = new.iter().map(|hit| hit.n).collect();
        self.hits.extend(store::hits(conn, &ns).await?);
        self.seen.extend(new);
        let order = fuse::fused(&by_words, |n| whole.contains(&n), &by_meaning);
        self.hits.sort_by_key(|hit| order.iter().position(|n| *n == hit.n));
        Ok(())
    }
}
