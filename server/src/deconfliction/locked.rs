//! What lies locked in storage: opened with the key beside the data folder, for the row it belongs to alone.

use serde::Serialize;
use serde::de::DeserializeOwned;
use uuid::Uuid;

use crate::base::http::Problem;
use crate::context::Ctx;

/// Locks something away for the row of this id.
pub(super) fn lock<T: Serialize>(ctx: &Ctx, id: Uuid, it: &T) -> Result<Vec<u8>, Problem> {
    let text = serde_json::to_vec(it).map_err(|error| Problem::internal(&error))?;
    ctx.seal.seal(&text, id.as_bytes()).map_err(|error| Problem::internal(&error))
}

/// Opens it; `None` with another key, or for another row.
pub(super) fn open<T: DeserializeOwned>(ctx: &Ctx, id: Uuid, locked: &[u8]) -> Option<T> {
    ctx.seal.open(locked, id.as_bytes()).ok().and_then(|text| serde_json::from_slice(&text).ok())
}
