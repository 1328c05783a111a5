//! Items of other slices in the index: practices, studies, campaigns, events, files. They are put in by the write that makes or
//! changes them; whoever finds one asks its slice what may be shown of it.

mod find;
mod store;

pub use find::Finder;
pub(super) use find::{Asked, found, found_at_all};

use egida_text::{Language, language, terms};
use uuid::Uuid;

use super::{number, numbered};
use crate::base::db::{Db, Result, Tx};
use crate::findable::Kind;

/// Items put into an index that is being made anew, in one transaction.
const AT_ONCE: i64 = 10;

/// An item as it is to be found.
#[derive(Clone, Copy, Debug)]
pub struct ItemText<'a> {
    /// What it is.
    pub kind: Kind,
    /// Its id.
    pub id: Uuid,
    /// What it is called.
    pub title: &'a str,
    /// Everything else it says, translations included.
    pub body: &'a str,
    /// The language it is in, as the glossary's columns are called; only a hint where the text shows another.
    pub language: &'a str,
    /// The countries it is about (ISO 3166-1 alpha-2).
    pub countries: &'a [&'a str],
    /// Its themes (slugs).
    pub themes: &'a [&'a str],
    /// When it was shared or changed, or takes place (microseconds).
    pub at: i64,
}

/// Puts an item into the index as it is now, in place of what stood there.
pub async fn index_item(tx: &mut Tx, item: &ItemText<'_>) -> Result<()> {
    let n = forget(tx, item.kind, item.id).await?;
    let text = format!("{}\n{}", item.title, item.body);
    let language = number(language(&text, Language::of_code(item.language)));
    let countries = item.countries.iter().map(|code| country_token(code));
    let tokens: Vec<String> = countries.chain(item.themes.iter().map(|slug| theme_token(slug))).collect();
    let row = store::Row {
        kind: item.kind.as_str().to_owned(),
        id: item.id,
        title: item.title.to_owned(),
        body: item.body.to_owned(),
        language,
        tokens: tokens.join(" "),
        at: item.at,
    };
    let n = store::insert(tx, n, &row).await?;
    put_in(tx, n, &row).await
}

/// Takes an item out of the index; nothing happens if it isn't there.
pub async fn forget_item(tx: &mut Tx, kind: Kind, id: Uuid) -> Result<()> {
    forget(tx, kind, id).await.map(drop)
}

/// The number under which it stood.
async fn forget(tx: &mut Tx, kind: Kind, id: Uuid) -> Result<Option<i64>> {
    let Some(was) = store::row(tx, kind, id).await? else { return Ok(None) };
    if was.indexed {
        let terms = terms_of(&was.row);
        tx.direct(|direct| store::take_out(direct, was.n, &terms)).await?;
    }
    store::delete(tx, was.n).await?;
    Ok(Some(was.n))
}

async fn put_in(tx: &mut Tx, n: i64, row: &store::Row) -> Result<()> {
    let terms = terms_of(row);
    tx.direct(|direct| store::put_in(direct, n, &terms)).await
}

/// What the index keeps of an item: its words and their stems, and tokens of what it is and is about.
fn terms_of(row: &store::Row) -> Vec<String> {
    let mut terms = terms(&format!("{}\n{}", row.title, row.body), numbered(row.language));
    terms.push(kind_token(&row.kind));
    terms.extend(row.tokens.split_whitespace().map(str::to_owned));
    terms
}

fn kind_token(kind: &str) -> String {
    format!("~k{kind}")
}

fn country_token(code: &str) -> String {
    format!("~o{}", code.to_lowercase())
}

/// The tokenizer parts words at a hyphen.
fn theme_token(slug: &str) -> String {
    format!("~t{}", slug.replace('-', ""))
}

/// Notes that the index holds no item any more.
pub(super) async fn cleared(tx: &mut Tx) -> Result<()> {
    store::cleared(tx).await
}

/// Puts those items back that the index lacks, a few at a time.
pub(super) async fn fill(db: &Db) -> Result<()> {
    while db.write(async move |tx| step(tx).await).await? {
        tokio::task::yield_now().await;
    }
    Ok(())
}

/// Whether there were any.
async fn step(tx: &mut Tx) -> Result<bool> {
    let lacking = store::lacking(tx, AT_ONCE).await?;
    for stored in &lacking {
        put_in(tx, stored.n, &stored.row).await?;
        store::is_indexed(tx, stored.n).await?;
    }
    Ok(!lacking.is_empty())
}
