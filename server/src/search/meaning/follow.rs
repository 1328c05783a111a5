//! Letting the vectors follow the messages, newest first, for as long as the server runs.

use std::collections::HashSet;
use std::time::{Duration, Instant};

use super::KEPT_MAX;
use super::client::{self, Failed};
use super::settings::Meaning;
use super::vectors::{Vectors, stored};
use super::wording::wording;
use crate::base::db::{Db, Direct, Error, Result};
use crate::context::Ctx;
use crate::search::store::{self, Standing, vectors};

/// Messages looked at in one go.
const WINDOW: i64 = 500;
/// Texts sent at once, and their characters.
const AT_ONCE: usize = 32;
const CHARACTERS_AT_ONCE: usize = 16_000;
/// How often it is looked whether there is something new, and whether something has gone.
const LOOK_EVERY: Duration = Duration::from_secs(2);
const SWEEP_EVERY: Duration = Duration::from_mins(1);
/// How often it is looked at all of them whether they may still be there.
const WALK_EVERY: Duration = Duration::from_hours(1);
/// How long nothing is asked of a service that fails: doubled each time, up to the second.
const PAUSES: [Duration; 2] = [Duration::from_secs(1), Duration::from_mins(1)];
/// Vectors read at once when they are taken into memory.
const LOADED_AT_ONCE: i64 = 2_000;

/// Why it doesn't go on for now.
enum Stuck {
    Storage(Error),
    Service(String),
}

impl From<Error> for Stuck {
    fn from(error: Error) -> Self {
        Self::Storage(error)
    }
}

/// Keeps the vectors as the messages are; without a service none are kept.
pub(in crate::search) async fn keep_up(ctx: Ctx, meaning: Option<Meaning>) {
    let Some(meaning) = meaning else {
        if let Err(error) = begin_anew(&ctx.db, "").await {
            tracing::warn!(%error, "what messages mean could not be forgotten");
        }
        return;
    };
    let mut walk = Walk::new(ctx, meaning);
    let (mut pause, mut told) = (PAUSES[0], false);
    loop {
        match walk.step().await {
            Ok(busy) => {
                if told && busy {
                    tracing::info!(host = walk.meaning.service.host, "search by meaning goes on");
                    (pause, told) = (PAUSES[0], false);
                }
                if !busy {
                    tokio::time::sleep(LOOK_EVERY).await;
                }
            }
            Err(stuck) => {
                if !std::mem::replace(&mut told, true) {
                    let host = &walk.meaning.service.host;
                    match stuck {
                        Stuck::Storage(error) => tracing::warn!(%error, "search by meaning could not follow the messages"),
                        Stuck::Service(why) => tracing::warn!(host, why, "search by meaning waits for its service"),
                    }
                }
                tokio::time::sleep(pause).await;
                pause = (pause * 2).min(PAUSES[1]);
            }
        }
    }
}

/// Takes all vectors away unless they are of this model; the name of none for none.
async fn begin_anew(db: &Db, model: &str) -> Result<()> {
    if vectors::model(&mut db.read().await?).await?.unwrap_or_default() == model {
        return Ok(());
    }
    let model = model.to_owned();
    db.write(async move |tx| {
        tx.erases();
        vectors::begin_anew(tx, &model).await
    })
    .await
}

/// How far it has come.
struct Walk {
    ctx: Ctx,
    meaning: Meaning,
    loaded: bool,
    /// Above this nothing was looked at yet.
    top: i64,
    /// Below this, down to `bottom`, nothing was looked at in this round.
    low: i64,
    bottom: i64,
    began: Instant,
    swept: Instant,
}

impl Walk {
    fn new(ctx: Ctx, meaning: Meaning) -> Self {
        let now = Instant::now();
        Self { ctx, meaning, loaded: false, top: 0, low: 0, bottom: 0, began: now, swept: now }
    }

    /// Does the next thing there is to do; false if there is nothing.
    async fn step(&mut self) -> std::result::Result<bool, Stuck> {
        if !self.loaded || (self.low <= self.bottom && self.began.elapsed() > WALK_EVERY) {
            self.begin().await?;
        }
        if self.swept.elapsed() > SWEEP_EVERY {
            self.sweep().await?;
        }
        let reach = store::span(&mut self.ctx.db.read().await?).await?.reach;
        if reach > self.top {
            // What is newest comes first; what was said meanwhile, in the next step.
            let mut upto = reach;
            while upto > self.top {
                let above = (upto - WINDOW).max(self.top);
                self.look_at(above, upto).await?;
                upto = above;
            }
            self.top = reach;
            return Ok(true);
        }
        let due = vectors::due(&mut self.ctx.db.read().await?, WINDOW).await?;
        if self.follow(due).await? {
            return Ok(true);
        }
        if self.low > self.bottom {
            let above = (self.low - WINDOW).max(0);
            self.look_at(above, self.low).await?;
            self.low = above;
            if i64::try_from(self.meaning.vectors().len()).unwrap_or(i64::MAX) >= KEPT_MAX {
                self.bottom = vectors::lowest(&mut self.ctx.db.read().await?, KEPT_MAX).await?;
            }
            return Ok(true);
        }
        Ok(false)
    }

    async fn look_at(&mut self, above: i64, upto: i64) -> std::result::Result<(), Stuck> {
        let window = vectors::between(&mut self.ctx.db.read().await?, above, upto).await?;
        self.follow(window).await?;
        Ok(())
    }

    /// Begins a round: takes into memory what is stored, of this model and no more than there may be.
    async fn begin(&mut self) -> Result<()> {
        begin_anew(&self.ctx.db, &self.meaning.model).await?;
        self.ctx.db.write(async |tx| vectors::trim(tx, KEPT_MAX).await).await?;
        let mut conn = self.ctx.db.read().await?;
        let mut below = i64::MAX;
        let mut all = Vectors::default();
        loop {
            let rows = vectors::load(&mut conn, below, LOADED_AT_ONCE).await?;
            let Some((last, ..)) = rows.last() else { break };
            below = *last;
            for (n, place, language, vector) in &rows {
                all.put(*n, *place, *language, vector);
            }
        }
        all.settle();
        *self.meaning.vectors_mut() = all;
        self.top = store::span(&mut conn).await?.reach;
        (self.loaded, self.low, self.bottom, self.began) = (true, self.top, 0, Instant::now());
        Ok(())
    }

    /// Forgets what is not stored any more.
    async fn sweep(&mut self) -> Result<()> {
        let lowest = self.meaning.vectors().lowest();
        let there: HashSet<i64> = vectors::kept(&mut self.ctx.db.read().await?, lowest).await?.into_iter().collect();
        self.meaning.vectors_mut().retain(&there);
        self.swept = Instant::now();
        Ok(())
    }

    /// Takes away the vectors of what may not leave any more, and has those made that are missing. False if there was nothing
    /// to be done.
    async fn follow(&mut self, messages: Vec<Standing>) -> std::result::Result<bool, Stuck> {
        let (fit, unfit): (Vec<_>, Vec<_>) = messages.into_iter().partition(|message| message.may_leave(self.meaning.marking));
        let gone: Vec<i64> = unfit.iter().filter(|message| message.kept).map(|message| message.n).collect();
        if !gone.is_empty() {
            self.forget(gone.clone()).await?;
        }
        let now = self.ctx.now();
        let texts = fit.into_iter().filter_map(|message| Some((wording(message.body.as_deref()?, now), message)));
        let mut batch: Vec<(String, Standing)> = Vec::new();
        let mut characters = 0;
        let mut done = !gone.is_empty();
        for (text, message) in texts {
            characters += text.chars().count();
            batch.push((text, message));
            if batch.len() == AT_ONCE || characters >= CHARACTERS_AT_ONCE {
                self.make(std::mem::take(&mut batch)).await?;
                (characters, done) = (0, true);
            }
        }
        if !batch.is_empty() {
            self.make(batch).await?;
            done = true;
        }
        if done {
            self.meaning.vectors_mut().settle();
        }
        Ok(done)
    }

    async fn forget(&self, gone: Vec<i64>) -> Result<()> {
        {
            let mut vectors = self.meaning.vectors_mut();
            for n in &gone {
                vectors.remove(*n);
            }
        }
        self.ctx
            .db
            .write(async move |tx| {
                for n in &gone {
                    vectors::forget(tx, *n).await?;
                }
                Ok(())
            })
            .await
    }

    /// Has vectors made of these texts and keeps them. The service then has as long for queries as it has taken.
    async fn make(&mut self, batch: Vec<(String, Standing)>) -> std::result::Result<(), Stuck> {
        let start = Instant::now();
        let texts: Vec<String> = batch.iter().map(|(text, _)| text.clone()).filter(|text| !text.is_empty()).collect();
        let mut made = self.ask(&texts).await?.into_iter();
        let made: Vec<(Standing, Option<Vec<u8>>)> = batch
            .into_iter()
            .map(|(text, message)| {
                let vector = if text.is_empty() { Some(Vec::new()) } else { made.next().flatten() };
                (message, vector)
            })
            .collect();
        let took = start.elapsed();
        let refused: Vec<i64> = made.iter().filter(|(_, vector)| vector.is_none()).map(|(message, _)| message.n).collect();
        if !refused.is_empty() {
            self.forget(refused).await?;
        }
        let kept: Vec<_> = made.into_iter().filter_map(|(message, vector)| Some((message, vector?))).collect();
        self.refuse_other_lengths(&kept).await?;
        let kept = self.ctx.db.write_direct(move |direct| store_all(direct, &kept)).await?;
        {
            let mut vectors = self.meaning.vectors_mut();
            for (message, vector) in &kept {
                vectors.put(message.n, message.place, message.language, vector);
            }
        }
        tokio::time::sleep(took).await;
        Ok(())
    }

    /// The vectors of texts, as they are stored. Of one that the service doesn't take there is none; where it takes none of
    /// many, something else is wrong.
    async fn ask(&self, texts: &[String]) -> std::result::Result<Vec<Option<Vec<u8>>>, Stuck> {
        let made = |vectors: Vec<Vec<f32>>| vectors.iter().map(|vector| stored(vector).or(Some(Vec::new()))).collect();
        if texts.is_empty() {
            return Ok(Vec::new());
        }
        match client::of_messages(&self.meaning, texts).await {
            Ok(vectors) => Ok(made(vectors)),
            Err(Failed::Refused(_)) if texts.len() == 1 => Ok(vec![None]),
            Err(Failed::Refused(why)) => {
                let mut each = Vec::with_capacity(texts.len());
                for text in texts {
                    match client::of_messages(&self.meaning, std::slice::from_ref(text)).await {
                        Ok(vectors) => each.extend::<Vec<_>>(made(vectors)),
                        Err(Failed::Refused(_)) => each.push(None),
                        Err(failed) => return Err(Stuck::Service(failed.to_string())),
                    }
                }
                if each.iter().all(Option::is_none) { Err(Stuck::Service(why)) } else { Ok(each) }
            }
            Err(failed) => Err(Stuck::Service(failed.to_string())),
        }
    }

    /// Begins from nothing when the service has another model now behind the same name.
    async fn refuse_other_lengths(&mut self, made: &[(Standing, Vec<u8>)]) -> std::result::Result<(), Stuck> {
        let dimensions = self.meaning.vectors().dimensions();
        let known = |vector: &[u8]| vector.is_empty() || dimensions == 0 || vector.len() == dimensions;
        if made.iter().all(|(_, vector)| known(vector)) {
            return Ok(());
        }
        begin_anew(&self.ctx.db, "").await?;
        self.loaded = false;
        Err(Stuck::Service("its vectors are longer or shorter than they were: all are made anew".into()))
    }
}

/// Keeps vectors of messages that are still as they were read; these. The others are to be read again.
fn store_all(direct: &mut Direct<'_>, made: &[(Standing, Vec<u8>)]) -> Result<Vec<(Standing, Vec<u8>)>> {
    let mut kept = Vec::with_capacity(made.len());
    for (message, vector) in made {
        if vectors::keep(direct, message, vector)? {
            kept.push((message.clone(), vector.clone()));
        } else {
            vectors::keep_due(direct, message)?;
        }
    }
    Ok(kept)
}
