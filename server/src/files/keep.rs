//! What happens to files while nobody asks for them: those that hang on nothing go after a day, what was erased goes from the
//! folder; and what a backup and a check must know of them.

use std::collections::HashSet;
use std::io::ErrorKind;
use std::path::Path;
use std::time::Duration;

use super::{erase, key_of, store};
use crate::base::clock::DAY;
use crate::base::db::{self, Blobs, Conn};
use crate::base::vault::Vault;
use crate::context::Ctx;

/// A file that hangs on nothing is kept for this long (microseconds).
pub(super) const LOOSE_FOR: i64 = DAY;
/// How often it is looked for what is to go.
const SWEEP_EVERY: Duration = Duration::from_secs(5);

/// Erases what has hung on nothing for too long and removes what was erased from the folder, for as long as the server runs.
pub async fn sweep(ctx: Ctx) {
    loop {
        if let Err(error) = sweep_once(&ctx).await {
            tracing::warn!(%error, "files that hang on nothing could not be looked for");
        }
        remove_doomed(&ctx).await;
        tokio::time::sleep(SWEEP_EVERY).await;
    }
}

async fn sweep_once(ctx: &Ctx) -> db::Result<()> {
    let before = ctx.now() - LOOSE_FOR;
    let stale = store::stale(&mut ctx.db.read().await?, before).await?;
    if stale.is_empty() {
        return Ok(());
    }
    let now = ctx.now();
    ctx.db
        .write(async move |tx| {
            store::forget_days(tx, before / DAY).await?;
            for id in &stale {
                let row = store::file(tx, *id).await?;
                if let Some(row) = row.filter(|row| row.holder.is_none()) {
                    erase(tx, &row, now).await?;
                }
            }
            Ok(())
        })
        .await
}

/// Removes what a stop has left in the folder that nothing names. Nobody may be sending anything yet.
pub async fn settle(ctx: &Ctx) -> db::Result<()> {
    let lying = ctx.vault.names().await.map_err(|error| db::Error::Folder(error.to_string()))?;
    if lying.is_empty() {
        return Ok(());
    }
    let named: HashSet<String> = store::named(&mut ctx.db.read().await?).await?.into_iter().collect();
    for stray in lying.iter().filter(|name| !named.contains(*name)) {
        if let Err(error) = ctx.vault.remove(stray).await {
            tracing::warn!(%error, "a file that nothing names could not be removed from the folder");
        }
    }
    Ok(())
}

/// Removes from the folder what was erased.
pub(super) async fn remove_doomed(ctx: &Ctx) {
    if let Err(error) = try_to_remove(ctx).await {
        tracing::warn!(%error, "erased files could not be removed from the folder");
    }
}

async fn try_to_remove(ctx: &Ctx) -> db::Result<()> {
    let doomed = store::doomed(&mut ctx.db.read().await?).await?;
    for blob in doomed {
        match ctx.vault.remove(&blob).await {
            Ok(()) => ctx.db.write(async move |tx| store::removed(tx, &blob).await).await?,
            Err(error) => tracing::warn!(%error, "an erased file could not be removed from the folder"),
        }
    }
    Ok(())
}

/// How many files can't be opened with the key there is.
pub async fn unopened(ctx: &Ctx) -> db::Result<usize> {
    let blobs = store::blobs(&mut ctx.db.read().await?).await?;
    let unopened: HashSet<_> =
        blobs.iter().filter(|(id, _, _, sealed)| key_of(ctx, *id, sealed).is_err()).map(|(id, ..)| *id).collect();
    Ok(unopened.len())
}

/// What is wrong with the files in the folder, a sentence each. Those that can't be opened with the key there is are told by
/// [`unopened`].
pub async fn verify(ctx: &Ctx, conn: &mut Conn) -> db::Result<Vec<String>> {
    let mut findings = Vec::new();
    let blobs = store::blobs(conn).await?;
    for (id, blob, size, sealed) in &blobs {
        let Ok(key) = key_of(ctx, *id, sealed) else { continue };
        if let Err(error) = read_through(ctx, blob, &key, u64::try_from(*size).unwrap_or(0)).await {
            findings.push(format!("files: {id} can't be read: {error}"));
        }
    }
    let named: HashSet<String> = store::named(conn).await?.into_iter().collect();
    let lying = ctx.vault.names().await.map_err(|error| db::Error::Folder(error.to_string()))?;
    let strays = lying.iter().filter(|name| !named.contains(*name)).count();
    if strays > 0 {
        findings.push(format!("files: {strays} lie in the folder that nothing names"));
    }
    Ok(findings)
}

/// Puts the bytes of all files into a copy of the database. What is erased meanwhile is left out of it.
pub async fn save(vault: &Vault, copy: &Path) -> db::Result<()> {
    let failed = |error: std::io::Error| db::Error::Folder(error.to_string());
    let mut blobs = Blobs::begin(copy).await?;
    for name in store::whole(&mut blobs).await? {
        match vault.raw(&name).await {
            Ok(bytes) => blobs.put(&name, &bytes).await?,
            Err(error) if error.kind() == ErrorKind::NotFound => store::leave_out(&mut blobs, &name).await?,
            Err(error) => return Err(failed(error)),
        }
    }
    blobs.close().await
}

/// Takes the bytes of all files out of a copy of the database and puts them into a folder.
pub async fn bring_back(vault: &Vault, copy: &Path) -> db::Result<()> {
    let failed = |error: std::io::Error| db::Error::Folder(error.to_string());
    let Some(mut blobs) = Blobs::of(copy).await? else { return Ok(()) };
    for name in blobs.names().await? {
        let bytes = blobs.get(&name).await?;
        vault.put_raw(&name, &bytes).await.map_err(failed)?;
    }
    blobs.drop_all().await
}

async fn read_through(ctx: &Ctx, blob: &str, key: &[u8; 32], size: u64) -> std::io::Result<()> {
    let mut opening = ctx.vault.open(blob, key, size).await?;
    while opening.next().await?.is_some() {}
    Ok(())
}
