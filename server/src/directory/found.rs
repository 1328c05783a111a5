//! The directory among what is found beside messages: organisations, people, the cards of countries.

use std::collections::HashMap;
use std::sync::Arc;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use uuid::Uuid;

use super::finder::{self, Class, Entry, Wish};
use super::shelf::{self, Shelf};
use super::{meaning, store};
use crate::access::{Decision, RegionAction, may_in_region};
use crate::base::db::{On, Result};
use crate::findable::{Kind, Sought, Source, Thing};

/// Countries, organisations and people, at most, while something else is found beside them.
const OF_EACH: usize = 3;

/// What the directory has to be found.
struct Directory(Arc<Shelf>);

/// The directory as a source of what is found.
pub fn source(shelf: Arc<Shelf>) -> Arc<dyn Source> {
    Arc::new(Directory(shelf))
}

impl Source for Directory {
    fn find<'a>(&'a self, sought: Sought<'a>) -> BoxFuture<'a, Result<Vec<Thing>>> {
        self.look(sought).boxed()
    }

    fn kinds(&self) -> &'static [Kind] {
        &[Kind::Country, Kind::Organisation, Kind::Person]
    }
}

impl Directory {
    async fn look(&self, sought: Sought<'_>) -> Result<Vec<Thing>> {
        if may_in_region(sought.actor, RegionAction::UseDirectory) != Decision::Allow {
            return Ok(Vec::new());
        }
        let words = meaning::meant(&sought.words.join(" "));
        let mut things: Vec<Thing> = match &words[..] {
            [word] => word.countries.iter().map(|code| country(code)).take(OF_EACH).collect(),
            _ => Vec::new(),
        };
        let entries = self.0.entries(sought.ctx).await?;
        let wish = Wish { words, reader: shelf::language(sought.language), ..Wish::default() };
        let found = finder::find(&entries, &wish, sought.ctx.now(), None, sought.limit);
        let mut conn = sought.ctx.db.read().await?;
        things.extend(dressed(&mut conn, &found.hits).await?);
        Ok(things)
    }
}

fn country(code: &str) -> Thing {
    Thing { kind: Kind::Country, id: code.to_owned(), title: String::new(), about: None, channel: None }
}

/// These entries as they are stored now, in the same order.
async fn dressed(conn: &mut impl On, entries: &[Arc<Entry>]) -> Result<Vec<Thing>> {
    let ids = |organisations: bool| -> Vec<Uuid> {
        let of = entries.iter().filter(|entry| (entry.class == Class::Organisation) == organisations);
        of.map(|entry| entry.id).collect()
    };
    let people = store::people_by_id(conn, &ids(false)).await?.into_iter().map(|row| {
        (row.id, Thing { kind: Kind::Person, id: row.id.to_string(), title: row.name, about: row.organisation, channel: None })
    });
    let organisations = store::organisations_by_id(conn, &ids(true)).await?.into_iter().map(|row| {
        (row.id, Thing { kind: Kind::Organisation, id: row.id.to_string(), title: row.name, about: row.country, channel: None })
    });
    let mut things: HashMap<Uuid, Thing> = people.chain(organisations).collect();
    Ok(entries.iter().filter_map(|entry| things.remove(&entry.id)).collect())
}
