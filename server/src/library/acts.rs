//! What a change of a practice brings along, within its transaction: the index, versions, the shelf.

use uuid::Uuid;

use super::model::{Content, Translated};
use super::shelf::Shelf;
use super::store::{self, PracticeRow, StepRow, VersionRow};
use crate::base::db::{Result, Tx};
use crate::context::Ctx;
use crate::findable::Kind;
use crate::search::{self, ItemText};

/// Puts a practice into the search as it stands, its translations with it, and lets the shelf read it again.
pub(super) async fn changed(tx: &mut Tx, shelf: &Shelf, id: Uuid, content: &Content, at: i64) -> Result<()> {
    let mut body: Vec<String> = content.texts().into_iter().map(|(_, text)| text.to_owned()).collect();
    for row in store::translations(tx, id).await? {
        let translated: Translated = serde_json::from_str(&row.content).unwrap_or_default();
        body.extend(translated.texts().into_iter().map(|(_, text)| text.to_owned()));
    }
    let (countries, themes) = (refs(&content.countries), refs(&content.themes));
    let text = ItemText {
        kind: Kind::Practice,
        id,
        title: &content.title,
        body: &body.join("\n"),
        language: &content.language,
        countries: &countries,
        themes: &themes,
        at,
    };
    search::index_item(tx, &text).await?;
    shelf.changes(tx, id);
    Ok(())
}

fn refs(codes: &[String]) -> Vec<&str> {
    codes.iter().map(String::as_str).collect()
}

/// Keeps what stands as a version of its own.
pub(super) async fn keep_version(
    tx: &mut Tx,
    row: &PracticeRow,
    n: i64,
    content: &str,
    by: Uuid,
    at: i64,
    note: Option<&str>,
) -> Result<()> {
    let version = VersionRow { n, content: content.to_owned(), by_account: by, at, note: note.map(ToOwned::to_owned) };
    store::insert_version(tx, row.id, &version).await
}

/// Notes a step for those who work on it.
pub(super) async fn note_step(tx: &mut Tx, ctx: &Ctx, practice: Uuid, by: Uuid, state: &str, note: Option<&str>) -> Result<()> {
    let step = StepRow { at: ctx.now(), by_account: by, state: state.to_owned(), note: note.map(ToOwned::to_owned) };
    store::note_step(tx, ctx.id(), practice, &step).await
}
