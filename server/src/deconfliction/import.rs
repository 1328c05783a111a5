//! A bulk load: the demo region, and the benchmark's.

use serde::Deserialize;
use uuid::Uuid;

use super::model::{self, Wish};
use super::narrow::too_narrow;
use super::store::{self, NewCard};
use super::{locked, model::Visibility};
use crate::base::db::{Result, Tx};
use crate::context::Ctx;

/// A card of a bulk load.
#[derive(Clone, Debug, Deserialize)]
#[serde(transparent)]
pub struct ImportedCard(Wish);

/// Stores a card of a bulk load, made by somebody for an organisation at a time (microseconds). `compared`: it is taken as compared with
/// the others; else that is done by the server. `false` if the rules refuse it.
pub async fn import_card(
    tx: &mut Tx,
    ctx: &Ctx,
    id: Uuid,
    card: ImportedCard,
    (by, organisation): (Uuid, Uuid),
    at: i64,
    compared: bool,
) -> Result<bool> {
    let Ok(review_due) = model::review(card.0.review_due.as_deref(), ctx.now()) else { return Ok(false) };
    let exercise = card.0.exercise;
    let Ok(card) = card.0.checked(ctx.now()) else { return Ok(false) };
    if too_narrow(&card.facets(), card.visibility == Visibility::Sealed, &card.kept_back).is_some() {
        return Ok(false);
    }
    let Ok(body) = locked::lock(ctx, id, &card) else { return Ok(false) };
    store::insert(tx, &NewCard { id, organisation, by, exercise, body: &body, at, review_due }).await?;
    if compared {
        store::compared(tx, id, 1).await?;
    }
    Ok(true)
}
