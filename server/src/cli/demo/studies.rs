//! The demo's studies, and how far their recommendations have come.

use serde::Deserialize;

use super::{Failure, People, read};
use crate::base::clock::{Clock, DAY};
use crate::base::{db, ids};
use crate::context::Ctx;
use crate::studies::{self, ImportedStudy};

/// The first was entered this long ago, the others a few days after each other.
const BEGAN: i64 = 70 * DAY;
const APART: i64 = 6 * DAY;

#[derive(Deserialize)]
struct Study {
    key: String,
    by: String,
    #[serde(flatten)]
    imported: ImportedStudy,
}

/// Enters the studies.
pub(super) async fn fill(ctx: &Ctx, people: &People) -> Result<(), Failure> {
    let studies: Vec<Study> = read("studies.json")?;
    let mut at = ctx.now() - BEGAN;
    for Study { key, by, imported } in studies {
        let refused = || Failure::new(format!("the demo's study {key} is refused"));
        let by = people.get(&by).ok_or_else(refused)?.0;
        let (id, inner) = (ids::make(Clock::Fixed(at)), ctx.clone());
        let stored: db::Result<bool> =
            ctx.db.write(async move |tx| studies::import_study(tx, &inner, id, imported.clone(), by, at).await).await;
        stored?.then_some(()).ok_or_else(refused)?;
        at = (at + APART).min(ctx.now() - DAY);
    }
    Ok(())
}
