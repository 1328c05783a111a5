//! Taking a file in: announced, sent in pieces, examined, and then ready or refused.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::Semaphore;
use uuid::Uuid;

use super::examine::{self, Found};
use super::keep::remove_doomed;
use super::model::{ACCOUNT_MAX, DAY_MAX, FILE_MAX, LOOSE_MAX, Row, name, named, nameless};
use super::store::{self, New, Ready};
use super::{erase, key_of, new_key};
use crate::base::clock::DAY;
use crate::base::db::{self, Tx};
use crate::base::guard;
use crate::base::http::Problem;
use crate::base::vault::{Key, Vault};
use crate::context::Ctx;
use crate::findable::Kind;
use crate::search::{self, ItemText};

/// Files examined at a time.
const EXAMINED: usize = 2;

/// Bytes of a text that are found.
const INDEXED: usize = 128 * 1024;

/// Where uploads are taken in.
#[derive(Clone)]
pub(super) struct Intake {
    under_way: Arc<Mutex<HashSet<Uuid>>>,
    turns: Arc<Semaphore>,
}

impl Intake {
    pub(super) fn new() -> Self {
        Self { under_way: Arc::default(), turns: Arc::new(Semaphore::new(EXAMINED)) }
    }

    /// Takes an upload for as long as the turn lives.
    ///
    /// # Errors
    /// `upload_busy` while another request has it.
    pub(super) fn turn(&self, id: Uuid) -> Result<Turn, Problem> {
        if !self.under_way.lock().unwrap_or_else(PoisonError::into_inner).insert(id) {
            return Err(Problem::conflict("upload_busy", "Another request is sending this file"));
        }
        Ok(Turn { id, under_way: self.under_way.clone() })
    }
}

/// An upload that one request has to itself.
pub(super) struct Turn {
    id: Uuid,
    under_way: Arc<Mutex<HashSet<Uuid>>>,
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.under_way.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.id);
    }
}

/// Announces a file.
///
/// # Errors
/// `file_empty`, `file_too_large`, `file_quota`, and `too_many` where too many of its owner's hang on nothing.
pub(super) async fn begin(ctx: &Ctx, owner: Uuid, given: &str, size: u64, sealed: bool) -> Result<Row, Problem> {
    if size == 0 {
        return Err(Problem::unprocessable("file_empty", "There is nothing in this file"));
    }
    let too_large = || Problem::unprocessable("file_too_large", "This file is too large").with("limit", FILE_MAX);
    let announced = i64::try_from(size).ok().filter(|_| size <= FILE_MAX).ok_or_else(too_large)?;
    let (id, now) = (ctx.id(), ctx.now());
    let (_, key) = new_key(ctx, id)?;
    let name = if sealed { nameless(given) } else { name(given) };
    let new = New { id, owner, name, size: announced, key, blob: Vault::name(), created_at: now, sealed };
    let begun: db::Result<Result<Option<Row>, Problem>> = ctx
        .db
        .write(async move |tx| {
            if store::loose(tx, owner).await? >= LOOSE_MAX {
                return Ok(Err(Problem::unprocessable("too_many", "Too many files hang on nothing").with("limit", LOOSE_MAX)));
            }
            if store::taken(tx, owner).await? + announced > ACCOUNT_MAX {
                return Ok(Err(quota("account", ACCOUNT_MAX)));
            }
            if store::in_day(tx, owner, now / DAY).await? + announced > DAY_MAX {
                return Ok(Err(quota("day", DAY_MAX)));
            }
            store::announce(tx, owner, now / DAY, announced).await?;
            store::insert(tx, &new).await?;
            Ok(Ok(store::file(tx, new.id).await?))
        })
        .await;
    begun??.ok_or_else(Problem::not_found)
}

fn quota(which: &str, limit: i64) -> Problem {
    Problem::unprocessable("file_quota", "There is no room for so many files").with("of", which).with("limit", limit)
}

/// Examines a file that came in whole. What is refused is erased at once.
///
/// # Errors
/// Why it is refused: `file_type_refused`, `file_broken`, `file_encrypted`, `file_active`, `file_expands`, `picture_too_large`,
/// `file_too_complex`; `personal_data` with the kinds of what was found.
pub(super) async fn finish(ctx: &Ctx, intake: &Intake, row: &Row) -> Result<Row, Problem> {
    let _turn = intake.turns.acquire().await.map_err(|error| Problem::internal(&error))?;
    let key = key_of(ctx, row.id, &row.key)?;
    match examined(ctx, row, &key).await {
        Ok(ready) => {
            let (id, at, sealed) = (row.id, row.created_at, row.sealed);
            let kept: db::Result<Option<Row>> = ctx
                .db
                .write(async move |tx| {
                    if !store::ready(tx, &ready).await? {
                        return Ok(None);
                    }
                    let (title, body) = (ready.name.as_str(), ready.text.as_str());
                    if !sealed {
                        index(tx, id, title, body, at).await?;
                    }
                    store::file(tx, id).await
                })
                .await;
            remove_doomed(ctx).await;
            kept?.ok_or_else(Problem::not_found)
        }
        Err(problem) => {
            if problem.is_refusal() {
                discard(ctx, row.id).await?;
            }
            Err(problem)
        }
    }
}

/// Lets a file be found by its name and what stands in it, or how that begins: a whole book would keep the writer busy.
async fn index(tx: &mut Tx, id: Uuid, title: &str, body: &str, at: i64) -> db::Result<()> {
    let (countries, themes): (&[&str], &[&str]) = (&[], &[]);
    let body = &body[..body.floor_char_boundary(INDEXED)];
    search::index_item(tx, &ItemText { kind: Kind::File, id, title, body, language: "", countries, themes, at }).await
}

/// Erases a file that hangs on nothing.
pub(super) async fn discard(ctx: &Ctx, id: Uuid) -> db::Result<()> {
    let now = ctx.now();
    let done: db::Result<()> = ctx
        .db
        .write(async move |tx| match store::file(tx, id).await?.filter(|row| row.holder.is_none()) {
            Some(row) => erase(tx, &row, now).await,
            None => Ok(()),
        })
        .await;
    remove_doomed(ctx).await;
    done
}

async fn examined(ctx: &Ctx, row: &Row, key: &Key) -> Result<Ready, Problem> {
    let failed = |error: std::io::Error| Problem::internal(&error);
    let opening = ctx.vault.open(&row.blob, key, row.length()).await.map_err(failed)?;
    let found = examine::examine(opening, row.length(), &row.name).await?;
    let name = named(&row.name, found.of);
    vetted(&name, found.text.clone(), ctx.now()).await?;
    let mut ready = Ready {
        id: row.id,
        name,
        media_type: found.of.media_type(),
        kind: found.of.kind().as_str(),
        size: row.size,
        width: found.width,
        height: found.height,
        blob: row.blob.clone(),
        thumb: None,
        thumb_size: None,
        from: row.blob.clone(),
        text: found.text.clone().unwrap_or_default(),
    };
    let Found { picture, thumbnail, .. } = found;
    if let Some(picture) = picture {
        (ready.blob, ready.size) = stored(ctx, key, &picture).await.map_err(failed)?;
    }
    if let Some(thumbnail) = thumbnail {
        let (blob, size) = stored(ctx, key, &thumbnail).await.map_err(failed)?;
        (ready.thumb, ready.thumb_size) = (Some(blob), Some(size));
    }
    Ok(ready)
}

/// Asks the guard about a file's name and what stands in it, beside the threads that serve.
async fn vetted(name: &str, text: Option<String>, now: i64) -> Result<(), Problem> {
    guard::refuse(name, now)?;
    let Some(text) = text else { return Ok(()) };
    let asked = tokio::task::spawn_blocking(move || guard::refuse(&text, now)).await;
    asked.map_err(|error| Problem::internal(&error))?
}

/// Seals bytes under a new name: that, and how many they are.
async fn stored(ctx: &Ctx, key: &Key, bytes: &[u8]) -> std::io::Result<(String, i64)> {
    let blob = Vault::name();
    let mut sealing = ctx.vault.seal(&blob, key, bytes.len() as u64).await?;
    sealing.write(bytes).await?;
    sealing.finish().await?;
    Ok((blob, i64::try_from(bytes.len()).map_err(std::io::Error::other)?))
}
