//! Signs the record's head every hour and when the server starts and stops, and hands it to the place off this machine.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use super::head::{Channels, Head, Mark, digest};
use super::key::Key;
use super::place::Place;
use super::store;
use crate::audit;
use crate::base::clock::{HOUR, SECOND, rfc3339};
use crate::base::db;
use crate::base::secret;
use crate::channels::changes::{self, Head as Reached};
use crate::context::Ctx;

/// A head is signed this often (microseconds).
const EVERY: i64 = HOUR;
/// How often it is looked whether one is due, or waits to be sent again.
const LOOK_EVERY: Duration = Duration::from_mins(1);
/// Heads sent at once.
const BATCH: i64 = 500;

/// Keeps the record's head safe.
pub struct Keeper {
    ctx: Ctx,
    key: Option<Arc<Key>>,
    place: Option<Place>,
}

impl Keeper {
    /// With the key of this file, made if there is none. Without a key or a place the server runs on and says so.
    pub fn new(ctx: Ctx, key: &Path, place: Option<Place>) -> Self {
        let key = Key::load_or_make(key)
            .inspect_err(|error| tracing::warn!(error, "record_key: the record's head is not signed"))
            .ok()
            .map(Arc::new);
        if place.is_none() {
            tracing::warn!("record_head is not set: whoever can write the data folder can cut off the end of the record unseen");
        }
        Self { ctx, key, place }
    }

    /// Signs and sends for as long as the server runs.
    pub async fn run(&self) {
        let mut due = i64::MIN;
        loop {
            let now = self.ctx.now();
            if now >= due {
                due = now + EVERY;
                self.sign().await;
            }
            self.send().await;
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }

    /// Signs what there is at the end, and tries once to send it.
    pub async fn finish(&self) {
        self.sign().await;
        self.send().await;
    }

    async fn sign(&self) {
        let Some(key) = &self.key else { return };
        if let Err(error) = sign(&self.ctx, key).await {
            tracing::warn!(%error, "the record's head could not be signed");
        }
    }

    async fn send(&self) {
        let Some(place) = &self.place else { return };
        if let Err(error) = send(&self.ctx, place).await {
            tracing::warn!(error, place = place.kind(), "record_head: the signed head did not arrive; it is sent again");
        }
    }
}

async fn sign(ctx: &Ctx, key: &Arc<Key>) -> db::Result<()> {
    let (key, at) = (key.clone(), ctx.now());
    ctx.db
        .write(async move |tx| {
            let (n, hash) = audit::head(tx).await?.unwrap_or_default();
            let heads = changes::heads(tx).await?;
            let mark = |head: Reached| Mark { channel: head.id, seq: head.seq, hash: head.hash.unwrap_or_default() };
            let marks: Vec<_> = heads.into_iter().map(mark).collect();
            let head = Head {
                head: store::next(tx).await?,
                at: rfc3339(at),
                n,
                hash: secret::hex(&hash),
                channels: Channels { count: marks.len(), digest: digest(&marks) },
                key: String::new(),
                signature: String::new(),
            };
            let (number, line) = (head.head, serde_json::to_string(&head.sign(&key)).unwrap_or_default());
            store::insert(tx, number, at, &line).await?;
            for mark in &marks {
                store::mark(tx, number, mark).await?;
            }
            Ok(())
        })
        .await
}

async fn send(ctx: &Ctx, place: &Place) -> Result<(), String> {
    let failed = |error: db::Error| error.to_string();
    loop {
        let waiting = store::waiting(&mut ctx.db.read().await.map_err(failed)?, BATCH).await.map_err(failed)?;
        let Some((last, _)) = waiting.last() else { return Ok(()) };
        let (last, at) = (*last, ctx.now());
        let lines: Vec<_> = waiting.into_iter().map(|(_, line)| line).collect();
        place.take(&lines).await?;
        ctx.db.write(async move |tx| store::delivered(tx, last, at).await).await.map_err(failed)?;
    }
}

/// Seconds since the newest head was signed that has arrived off this machine; while none has, since the oldest one was
/// signed that waits. `None` if none was ever signed.
pub async fn arrived(ctx: &Ctx) -> db::Result<Option<u64>> {
    let mut conn = ctx.db.read().await?;
    let at = match store::last_delivered(&mut conn).await? {
        Some(kept) => Some(kept.at),
        None => store::first_waiting(&mut conn).await?.0,
    };
    Ok(at.map(|at| u64::try_from((ctx.now() - at) / SECOND).unwrap_or(0)))
}
