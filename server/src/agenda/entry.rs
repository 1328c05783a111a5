//! An event as it comes into storage and changes: what is found follows in the same transaction.

use uuid::Uuid;

use super::model::Checked;
use super::store;
use crate::base::db::{Result, Tx};
use crate::findable::Kind;
use crate::search::{self, ItemText};

/// Stores a new event.
pub(super) async fn create(tx: &mut Tx, id: Uuid, event: &Checked, author: Uuid, at: i64) -> Result<()> {
    store::insert(tx, id, event, author, at).await?;
    index(tx, id, event).await
}

/// Changes an event that stands at this revision. `false` if somebody was faster, or it is cancelled.
pub(super) async fn change(tx: &mut Tx, id: Uuid, event: &Checked, revision: i64, at: i64) -> Result<bool> {
    let changed = store::change(tx, id, event, revision, at).await?;
    if changed {
        index(tx, id, event).await?;
    }
    Ok(changed)
}

async fn index(tx: &mut Tx, id: Uuid, event: &Checked) -> Result<()> {
    let body = format!("{}\n{}", event.about, event.place);
    let countries: Vec<&str> = event.countries.iter().map(String::as_str).collect();
    let themes: Vec<&str> = event.themes.iter().map(String::as_str).collect();
    let item = ItemText {
        kind: Kind::Event,
        id,
        title: &event.title,
        body: &body,
        language: &event.language,
        countries: &countries,
        themes: &themes,
        at: event.starts_at,
    };
    search::index_item(tx, &item).await
}
