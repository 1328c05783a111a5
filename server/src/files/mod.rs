//! Files: uploaded in pieces, examined in a process of their own, kept encrypted, and handed out to those who may open what
//! they hang on.
//!
//! A file is its uploader's alone until a slice hangs it on one of its things. Others call: [`attach`], [`detach`] and
//! [`erase_of`] in the transaction that changes the thing, [`of`] to show what hangs on it, [`router`] to serve with the holders
//! of all slices, [`allowance`] for how large a request may be, [`sweep`] for as long as the server runs, [`settle`] before anybody
//! is let in, [`erase_again`] after a restore, [`stock`] for the search, [`verify`] and [`unopened`] to check what is stored, [`save`] and
//! [`bring_back`] for backups, [`hand_over`], [`open_handed`] and [`handed_out`] for what is sealed with another key than ours, [`run_examination`] in the child process.

mod examine;
mod found;
mod handing;
mod http;
mod keep;
mod model;
mod store;
mod upload;

pub use examine::run as run_examination;
pub use found::stock;
pub use handing::{Handed, hand_over, open_handed};
pub use http::{allowance, handed_out, router};
pub use keep::{bring_back, save, settle, sweep, unopened, verify};
pub use model::{FileView, Kind};

use std::collections::HashMap;

use uuid::Uuid;

use crate::base::db::{On, Result, Tx};
use crate::base::http::Problem;
use crate::base::vault::Key;
use crate::context::Ctx;
use crate::{findable, search};

/// What files hang on while a post waits for a moderator.
pub const HELD: &str = "held";

/// Hangs files on a thing, in this order: those of `by` that are ready and hang on nothing, or on the post that this message was
/// while it waited.
///
/// # Errors
/// `attachment_unusable` for any other, which is named.
pub async fn attach(
    tx: &mut Tx,
    files: &[Uuid],
    kind: &str,
    holder: Uuid,
    by: Uuid,
) -> Result<std::result::Result<Vec<FileView>, Problem>> {
    let mut views = Vec::with_capacity(files.len());
    for (place, id) in (0..).zip(files) {
        let attached = store::attach(tx, *id, kind, holder, place, by).await?;
        match store::file(tx, *id).await?.filter(|_| attached) {
            Some(row) => views.push(row.view()),
            None => return Ok(Err(unusable(*id))),
        }
    }
    Ok(Ok(views))
}

fn unusable(id: Uuid) -> Problem {
    Problem::unprocessable("attachment_unusable", "This file can't be attached").with("file", id.to_string())
}

/// These files as their owner may attach them: for who must know what they are before a transaction.
///
/// # Errors
/// `attachment_unusable`.
pub async fn attachable(conn: &mut impl On, files: &[Uuid], by: Uuid) -> Result<std::result::Result<Vec<FileView>, Problem>> {
    let mut views = Vec::with_capacity(files.len());
    for id in files {
        let row = store::file(conn, *id).await?;
        let free = |row: &model::Row| row.holder_kind.as_deref().is_none_or(|kind| kind == HELD);
        match row.filter(|row| row.owner == by && row.is_ready() && free(row)) {
            Some(row) if !views.iter().any(|view: &FileView| view.id == row.id) => views.push(row.view()),
            _ => return Ok(Err(unusable(*id))),
        }
    }
    Ok(Ok(views))
}

/// The files of things of a kind, each thing's in their order.
pub async fn of(conn: &mut impl On, kind: &str, ids: &[Uuid]) -> Result<HashMap<Uuid, Vec<FileView>>> {
    let mut found: HashMap<Uuid, Vec<FileView>> = HashMap::new();
    for row in store::of(conn, kind, ids).await? {
        if let Some(holder) = row.holder {
            found.entry(holder).or_default().push(row.view());
        }
    }
    Ok(found)
}

/// Takes a file off what it hangs on, at a time (microseconds). It is its owner's again, and gone after a day.
pub async fn detach(tx: &mut Tx, file: Uuid, at: i64) -> Result<()> {
    store::detach(tx, file, at).await
}

/// Erases the files of a thing for good, at a time (microseconds): the key and the text at once, the bytes within seconds.
pub async fn erase_of(tx: &mut Tx, kind: &str, holder: Uuid, at: i64) -> Result<()> {
    for row in store::of(tx, kind, &[holder]).await? {
        erase(tx, &row, at).await?;
    }
    Ok(())
}

/// Erases a file that was erased before and came back with a backup; `false` if it isn't there.
pub async fn erase_again(tx: &mut Tx, file: Uuid, at: i64) -> Result<bool> {
    let Some(row) = store::file(tx, file).await? else { return Ok(false) };
    erase(tx, &row, at).await?;
    Ok(true)
}

/// The things of a kind that files hang on.
pub async fn holders(conn: &mut impl On, kind: &str) -> Result<Vec<Uuid>> {
    store::holders(conn, kind).await
}

/// What is left in the folder then can't be read any more; the sweep removes it.
async fn erase(tx: &mut Tx, row: &model::Row, at: i64) -> Result<()> {
    store::forget(tx, row, at).await?;
    search::forget_item(tx, findable::Kind::File, row.id).await?;
    tx.erases();
    Ok(())
}

/// A new key of a file, and the same sealed.
fn new_key(ctx: &Ctx, id: Uuid) -> std::result::Result<(Key, Vec<u8>), Problem> {
    let key = crate::base::secret::random();
    let sealed = ctx.seal.seal(&key, &purpose(id)).map_err(|error| Problem::internal(&error))?;
    Ok((key, sealed))
}

/// The key of a file.
fn key_of(ctx: &Ctx, id: Uuid, sealed: &[u8]) -> std::result::Result<Key, Problem> {
    let opened = ctx.seal.open(sealed, &purpose(id)).map_err(|error| Problem::internal(&error))?;
    opened.try_into().map_err(|_| Problem::internal(&"a file's key has another length"))
}

/// What a file's key is sealed for.
fn purpose(id: Uuid) -> Vec<u8> {
    [b"file:".as_slice(), id.as_bytes()].concat()
}
