//! Topics among what is found beside messages.

use std::sync::Arc;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use uuid::Uuid;

use super::store;
use crate::access::handling::RED;
use crate::base::db::Result;
use crate::findable::{Kind, Sought, Source, Thing};

/// Letters at the end of a word that may be another ending's, and those that are kept at least.
const ENDING: usize = 2;
const KEPT: usize = 4;

/// What the channels have to be found beside what is said in them.
struct Topics;

/// The topics as a source of what is found.
pub fn source() -> Arc<dyn Source> {
    Arc::new(Topics)
}

impl Source for Topics {
    fn find<'a>(&'a self, sought: Sought<'a>) -> BoxFuture<'a, Result<Vec<Thing>>> {
        look(sought).boxed()
    }

    fn kinds(&self) -> &'static [Kind] {
        &[Kind::Topic]
    }
}

/// The titles of what is RED are no more shown outside its room than what is said there.
async fn look(sought: Sought<'_>) -> Result<Vec<Thing>> {
    let readable = sought.channels.iter().filter(|channel| channel.marking != RED);
    let readable: Vec<i64> = readable.map(|channel| channel.number).collect();
    let beginnings: Vec<String> = sought.words.iter().map(|word| beginning(word)).collect();
    let topics = store::titled(&mut sought.ctx.db.read().await?, &readable, &beginnings, sought.limit).await?;
    let thing = |(id, channel, title): (Uuid, Uuid, String)| Thing {
        kind: Kind::Topic,
        id: id.to_string(),
        title,
        about: None,
        channel: Some(channel),
    };
    Ok(topics.into_iter().map(thing).collect())
}

fn beginning(word: &str) -> String {
    let length = word.chars().count();
    word.chars().take(length.saturating_sub(ENDING).max(KEPT).min(length)).collect()
}
