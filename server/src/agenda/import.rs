//! A bulk load: the demo region.

use serde::Deserialize;
use uuid::Uuid;

use super::model::{Answer, Wish};
use super::{entry, store};
use crate::base::db::{Result, Tx};

/// An event of a bulk load.
#[derive(Clone, Debug, Deserialize)]
pub struct ImportedEvent {
    /// What it is.
    #[serde(flatten)]
    wish: Wish,
    /// Who comes.
    #[serde(skip)]
    pub coming: Vec<Uuid>,
    /// Who may come.
    #[serde(skip)]
    pub maybe: Vec<Uuid>,
    /// Who doesn't.
    #[serde(skip)]
    pub no: Vec<Uuid>,
}

/// Stores an event of a bulk load, written down by somebody at a time (microseconds). `false` if the rules refuse it.
pub async fn import_event(tx: &mut Tx, id: Uuid, event: ImportedEvent, by: Uuid, at: i64) -> Result<bool> {
    let Ok(checked) = event.wish.checked() else { return Ok(false) };
    entry::create(tx, id, &checked, by, at).await?;
    for (people, answer) in [(event.coming, Answer::Coming), (event.maybe, Answer::Maybe), (event.no, Answer::No)] {
        for account in people {
            store::answer(tx, id, account, answer, at).await?;
        }
    }
    Ok(true)
}
