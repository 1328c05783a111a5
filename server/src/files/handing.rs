//! Handing a file over to a sealed space: its key goes with it, and nothing that opens it stays here. The bytes stay where they
//! lie, encrypted with that key.

use uuid::Uuid;
use zeroize::Zeroizing;

use super::{key_of, store, unusable};
use crate::base::db::{On, Result, Tx};
use crate::base::http::Problem;
use crate::base::vault::{Key, Opening};
use crate::context::Ctx;
use crate::{findable, search};

/// What goes over to the space.
#[derive(Default)]
pub struct Handed {
    /// The file's key.
    pub key: Zeroizing<Key>,
    /// What is in it.
    pub media_type: String,
    /// Bytes.
    pub size: i64,
}

/// Hands a file of `by` that is ready and hangs on nothing over to a space of a kind. From then on only its size, its owner and
/// where it lies are known here; whoever erases the files of the space erases it.
///
/// # Errors
/// `attachment_unusable` for any other file.
pub async fn hand_over(
    tx: &mut Tx,
    ctx: &Ctx,
    file: Uuid,
    kind: &str,
    holder: Uuid,
    by: Uuid,
) -> Result<std::result::Result<Handed, Problem>> {
    let row = store::file(tx, file).await?;
    let Some(row) = row.filter(|row| row.owner == by && row.is_ready() && row.holder.is_none()) else {
        return Ok(Err(unusable(file)));
    };
    let key = match key_of(ctx, file, &row.key) {
        Ok(key) => Zeroizing::new(key),
        Err(problem) => return Ok(Err(problem)),
    };
    store::hand_over(tx, &row, kind, holder).await?;
    search::forget_item(tx, findable::Kind::File, file).await?;
    tx.erases();
    Ok(Ok(Handed { key, media_type: row.media_type, size: row.size }))
}

/// Opens a file that was handed over, with its key: what reads it, and how many bytes it has. `None` if it is gone.
///
/// # Errors
/// If it can't be read.
pub async fn open_handed(
    ctx: &Ctx,
    conn: &mut impl On,
    file: Uuid,
    key: &Key,
) -> std::result::Result<Option<(Opening, u64)>, Problem> {
    let Some(row) = store::file(conn, file).await?.filter(|row| row.is_ready() && row.key.is_empty()) else { return Ok(None) };
    let opening = ctx.vault.open(&row.blob, key, row.length()).await.map_err(|error| Problem::internal(&error))?;
    Ok(Some((opening, row.length())))
}
