//! A study as it comes into storage and changes: what is found follows in the same transaction.

use uuid::Uuid;

use super::model::{Advice, Checked};
use super::store::{self, NewAdvice, Study};
use crate::base::db::{Result, Tx};
use crate::findable::Kind;
use crate::search::{self, ItemText};

/// Stores a new study.
pub(super) async fn create(tx: &mut Tx, id: Uuid, study: &Checked, author: Uuid, at: i64) -> Result<()> {
    store::insert(tx, id, study, author, at).await?;
    index(tx, id).await
}

/// Changes a study that stands at this revision. `false` if somebody was faster.
pub(super) async fn change(tx: &mut Tx, id: Uuid, study: &Checked, revision: i64, at: i64) -> Result<bool> {
    let changed = store::change(tx, id, study, revision, at).await?;
    if changed {
        index(tx, id).await?;
    }
    Ok(changed)
}

/// Adds a recommendation to a study.
pub(super) async fn add(tx: &mut Tx, new: &NewAdvice<'_>) -> Result<()> {
    store::add(tx, new).await?;
    index(tx, new.study).await
}

/// Gives a recommendation other words, another owner or day.
pub(super) async fn change_advice(tx: &mut Tx, study: Uuid, id: Uuid, advice: &Advice, at: i64) -> Result<()> {
    store::change_advice(tx, id, advice, at).await?;
    index(tx, study).await
}

async fn index(tx: &mut Tx, id: Uuid) -> Result<()> {
    let Some(study) = store::one(tx, id).await? else { return Ok(()) };
    let advice = store::texts(tx, id).await?.join("\n");
    let Study { title, summary, publisher, language, countries, themes, .. } = &study;
    let body = format!("{summary}\n{publisher} {}\n{advice}", study.year);
    let countries: Vec<&str> = countries.split_whitespace().collect();
    let themes: Vec<&str> = themes.split_whitespace().collect();
    let (kind, at) = (Kind::Study, study.changed_at);
    search::index_item(tx, &ItemText { kind, id, title, body: &body, language, countries: &countries, themes: &themes, at }).await
}
