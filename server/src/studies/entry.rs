//! A study as it comes into storage and changes: what is found follows in the same transaction.

use uuid::Uuid;

use super::model::{Advice, Checked};
use super::store::{self, NewAdvice, Study};
use crate::base::db::{Result, Tx};
use crate::base::http::Problem;
use crate::files;
use crate::findable::Kind;
use crate::search::{self, ItemText};

/// The word for studies among what files hang on.
pub(super) const KIND: &str = "study";

/// Stores a new study.
///
/// # Errors
/// A problem where its document is none of its author's that can be attached; the transaction is to be given up then.
pub(super) async fn create(
    tx: &mut Tx,
    id: Uuid,
    study: &Checked,
    author: Uuid,
    at: i64,
) -> Result<std::result::Result<(), Problem>> {
    store::insert(tx, id, study, author, at).await?;
    if let Some(file) = study.file {
        if let Err(problem) = files::attach(tx, &[file], KIND, id, author).await? {
            return Ok(Err(problem));
        }
        store::set_file(tx, id, Some(file)).await?;
    }
    index(tx, id).await?;
    Ok(Ok(()))
}

/// Changes a study, as it was before, that stands at this revision. `false` if somebody was faster.
///
/// # Errors
/// As for [`create`].
pub(super) async fn change(
    tx: &mut Tx,
    before: &Study,
    study: &Checked,
    revision: i64,
    by: Uuid,
    at: i64,
) -> Result<std::result::Result<bool, Problem>> {
    let id = before.id;
    let file = study.file.filter(|_| study.file != before.file);
    if let Some(file) = file
        && let Err(problem) = files::attachable(tx, &[file], by).await?
    {
        return Ok(Err(problem));
    }
    if !store::change(tx, id, study, revision, at).await? {
        return Ok(Ok(false));
    }
    if study.file != before.file {
        files::erase_of(tx, KIND, id, at).await?;
        if let Some(file) = file
            && let Err(problem) = files::attach(tx, &[file], KIND, id, by).await?
        {
            return Ok(Err(problem));
        }
        store::set_file(tx, id, study.file).await?;
    }
    index(tx, id).await?;
    Ok(Ok(true))
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
