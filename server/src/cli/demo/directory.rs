//! The demo's directory: organisations, what people say of themselves, who answers for whom.

use std::collections::BTreeMap;

use serde::Deserialize;
use uuid::Uuid;

use super::{Failure, People, read};
use crate::base::clock::{DAY, HOUR};
use crate::base::db::{self, Tx};
use crate::context::Ctx;
use crate::directory::{self, ImportedEntry, ImportedOrganisation};
use crate::identity;

#[derive(Clone, Deserialize)]
struct Directory {
    organisations: Vec<Organisation>,
    entries: BTreeMap<String, Entry>,
    countries: BTreeMap<String, Confirmed>,
}

#[derive(Clone, Deserialize)]
struct Organisation {
    #[serde(flatten)]
    facts: ImportedOrganisation,
    #[serde(default)]
    focal_points: Vec<FocalPoint>,
    confirmed: Option<Confirmed>,
}

#[derive(Clone, Deserialize)]
struct FocalPoint {
    person: String,
    theme: Option<String>,
}

#[derive(Clone, Deserialize)]
struct Entry {
    #[serde(flatten)]
    said: ImportedEntry,
    confirmed_days_ago: i64,
    seen_hours_ago: i64,
}

#[derive(Clone, Deserialize)]
struct Confirmed {
    by: String,
    days_ago: i64,
}

/// Fills the directory, and puts everybody into the organisation that they name.
pub(super) async fn fill(ctx: &Ctx, known: &People) -> Result<(), Failure> {
    let directory: Directory = read("directory.json")?;
    let (inner, people) = (ctx.clone(), known.clone());
    let filled: db::Result<Result<(), String>> = ctx
        .db
        .write(async move |tx| {
            let done = store(tx, &inner, &people, directory.clone()).await;
            match done {
                Ok(()) => Ok(Ok(())),
                Err(Fault::Storage(error)) => Err(error),
                Err(Fault::Content(sentence)) => Ok(Err(sentence)),
            }
        })
        .await;
    filled?.map_err(Failure::new)?;
    Ok(directory::settle_all(ctx).await?)
}

enum Fault {
    Storage(db::Error),
    Content(String),
}

impl From<db::Error> for Fault {
    fn from(error: db::Error) -> Self {
        Self::Storage(error)
    }
}

async fn store(tx: &mut Tx, ctx: &Ctx, people: &People, directory: Directory) -> Result<(), Fault> {
    let now = ctx.now();
    let account = |handle: &str| -> Result<Uuid, Fault> {
        people.get(handle).map(|(id, _)| *id).ok_or_else(|| Fault::Content(format!("the demo's {handle} is nobody")))
    };
    let wrong = |what: &str, code: &str| Fault::Content(format!("the demo's {what}: {code}"));
    for Organisation { facts, focal_points, confirmed } in directory.organisations {
        let name = facts.name.clone();
        let confirmed = confirmed.map(|c| account(&c.by).map(|by| (now - c.days_ago * DAY, by))).transpose()?;
        let id = directory::import_organisation(tx, ctx, facts, confirmed).await?.map_err(|code| wrong(&name, code))?;
        for FocalPoint { person, theme } in focal_points {
            directory::name_focal_point(tx, ctx, id, account(&person)?, theme.as_deref(), None).await?;
        }
    }
    for (handle, Entry { said, confirmed_days_ago, seen_hours_ago }) in directory.entries {
        let id = account(&handle)?;
        directory::import_entry(tx, id, said, now - confirmed_days_ago * DAY).await?.map_err(|code| wrong(&handle, code))?;
        identity::mark_seen(tx, id, now - seen_hours_ago * HOUR).await?;
    }
    for (country, Confirmed { by, days_ago }) in directory.countries {
        directory::import_country(tx, &country, now - days_ago * DAY, account(&by)?).await?;
    }
    Ok(())
}
