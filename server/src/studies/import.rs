//! A bulk load: the demo region.

use serde::Deserialize;
use uuid::Uuid;

use super::model::{Advice, State, Wish};
use super::store::{self, NewAdvice};
use super::{entry, model};
use crate::base::clock::DAY;
use crate::base::db::{Result, Tx};
use crate::context::Ctx;

/// A study of a bulk load.
#[derive(Clone, Debug, Deserialize)]
pub struct ImportedStudy {
    #[serde(flatten)]
    wish: Wish,
    recommendations: Vec<ImportedAdvice>,
}

/// One of its recommendations.
#[derive(Clone, Debug, Deserialize)]
pub struct ImportedAdvice {
    text: String,
    /// The name of the organisation that it is for.
    owner: String,
    state: State,
    /// Days from when it is loaded until it is due.
    due_days: Option<i64>,
    note: String,
}

/// Stores a study of a bulk load, entered by somebody at a time (microseconds). `false` if the rules refuse it.
pub async fn import_study(tx: &mut Tx, ctx: &Ctx, id: Uuid, study: ImportedStudy, by: Uuid, at: i64) -> Result<bool> {
    let Ok(checked) = study.wish.checked() else { return Ok(false) };
    if entry::create(tx, id, &checked, by, at).await?.is_err() {
        return Ok(false);
    }
    for advice in study.recommendations {
        let ImportedAdvice { text, owner, state, due_days, note } = advice;
        let owner = store::organisation(tx, &owner).await?;
        let due = due_days.map(|days| model::today(ctx.now() + days * DAY));
        let Ok(advice) = (Advice { text, owner, due, note }).checked() else { return Ok(false) };
        if owner.is_none() {
            return Ok(false);
        }
        entry::add(tx, &NewAdvice { id: ctx.id(), study: id, advice: &advice, state, by, at }).await?;
    }
    Ok(true)
}
