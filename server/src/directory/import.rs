//! A bulk load of the directory: what the demo is made of.

use serde::Deserialize;
use uuid::Uuid;

use super::model::{EntryWish, Facts, Wish};
use super::store;
use crate::base::db::{Result, Tx};
use crate::context::Ctx;

/// An organisation of a bulk load.
#[derive(Clone, Debug, Deserialize)]
pub struct ImportedOrganisation {
    /// As people write it.
    pub name: String,
    /// If it has one.
    pub short_name: Option<String>,
    /// Code of the vocabulary.
    pub kind: String,
    /// `None`: the whole region.
    pub country: Option<String>,
    /// Host name of its website.
    pub host: Option<String>,
    /// What it is for.
    pub description: Option<String>,
    /// Slugs of themes and codes of services.
    #[serde(default)]
    pub topics: Vec<String>,
    /// Codes of languages.
    #[serde(default)]
    pub languages: Vec<String>,
}

/// Stores an organisation of a bulk load; its id, or the code of what is wrong with it.
pub async fn import_organisation(
    tx: &mut Tx,
    ctx: &Ctx,
    imported: ImportedOrganisation,
    confirmed: Option<(i64, Uuid)>,
) -> Result<std::result::Result<Uuid, &'static str>> {
    let wish = Wish {
        name: Some(imported.name),
        short_name: imported.short_name,
        kind: Some(imported.kind),
        country: imported.country,
        regime: None,
        host: imported.host,
        description: imported.description,
        topics: Some(imported.topics),
        languages: Some(imported.languages),
    };
    let facts = match Facts::fresh(wish) {
        Ok(facts) => facts,
        Err(code) => return Ok(Err(code)),
    };
    let id = ctx.id();
    store::insert(tx, id, &facts, ctx.now(), None).await?;
    if let Some((at, by)) = confirmed {
        store::confirm(tx, id, at, Some(by)).await?;
    }
    Ok(Ok(id))
}

/// What somebody says of themselves, of a bulk load.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct ImportedEntry {
    /// Slugs of themes and codes of services.
    #[serde(default)]
    pub topics: Vec<String>,
    /// Codes of languages.
    #[serde(default)]
    pub languages: Vec<String>,
    /// One line.
    pub offer: Option<String>,
    /// One line.
    pub availability: Option<String>,
}

/// Stores an entry of a bulk load, confirmed then; or the code of what is wrong with it.
pub async fn import_entry(
    tx: &mut Tx,
    account: Uuid,
    imported: ImportedEntry,
    confirmed_at: i64,
) -> Result<std::result::Result<(), &'static str>> {
    let ImportedEntry { topics, languages, offer, availability } = imported;
    match (EntryWish { topics, languages, offer, availability }).checked(confirmed_at) {
        Ok(entry) => store::put_entry(tx, account, &entry).await.map(Ok),
        Err(code) => Ok(Err(code)),
    }
}

/// Marks a country's numbers as confirmed, in a bulk load.
pub async fn import_country(tx: &mut Tx, country: &str, at: i64, by: Uuid) -> Result<()> {
    store::confirm_country(tx, country, at, by).await
}
