//! Rows of the record as they are shown: taken apart, people and channels named.

use std::collections::{HashMap, hash_map};

use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::model::{self, Thing};
use crate::access::{Action, Actor, Decision, may};
use crate::audit::Row;
use crate::base::clock::rfc3339;
use crate::base::db::{Conn, Result};
use crate::channels;
use crate::context::Ctx;
use crate::identity;
use crate::vocabulary::Words;

/// A row of the record.
#[derive(Serialize, ToSchema)]
#[schema(as = RecordRow)]
pub(super) struct Entry {
    /// Its number: 1, 2, 3, …
    pub(super) n: i64,
    /// RFC 3339.
    pub(super) at: String,
    /// What: `area.verb`.
    pub(super) act: String,
    /// Who, if it was a person.
    pub(super) actor: Option<Thing>,
    /// To what.
    pub(super) target: Thing,
    /// What else it is about: whom, from where, to where.
    pub(super) about: Vec<Thing>,
    /// How often, for rows that count.
    pub(super) count: i64,
    /// Details as they are recorded.
    pub(super) detail: String,
}

impl Entry {
    pub(super) fn new(row: Row) -> Self {
        let actor = row.actor.map(|id| Thing { kind: "account".into(), id: id.to_string(), name: None });
        Self {
            n: row.n,
            at: rfc3339(row.at),
            actor,
            target: Thing::parse(&row.target),
            about: model::about(&row.detail),
            count: model::count(&row.detail),
            act: row.act,
            detail: row.detail,
        }
    }

    fn things(&mut self) -> impl Iterator<Item = &mut Thing> {
        self.actor.iter_mut().chain(std::iter::once(&mut self.target)).chain(&mut self.about)
    }
}

/// The names that a reading of the record has already looked up.
#[derive(Default)]
pub(super) struct Names(HashMap<(bool, Uuid), Option<Words>>);

impl Names {
    /// Names people, and the channels that this reader may know of.
    pub(super) async fn give(&mut self, ctx: &Ctx, conn: &mut Conn, reader: &Actor, entries: &mut [Entry]) -> Result<()> {
        for thing in entries.iter_mut().flat_map(Entry::things) {
            let Some(key) = thing.account().map(|id| (true, id)).or(thing.channel().map(|id| (false, id))) else { continue };
            let slot = match self.0.entry(key) {
                hash_map::Entry::Occupied(known) => known.into_mut(),
                hash_map::Entry::Vacant(free) => free.insert(match key {
                    (true, id) => {
                        identity::account(conn, id).await?.map(|account| Words::new(account.name.clone(), account.name))
                    }
                    (false, id) => channel_name(ctx, conn, reader, id).await?,
                }),
            };
            thing.name.clone_from(slot);
        }
        Ok(())
    }
}

async fn channel_name(ctx: &Ctx, conn: &mut Conn, reader: &Actor, id: Uuid) -> Result<Option<Words>> {
    match ctx.standing.channel(id).await? {
        Some(channel) if may(reader, Action::Know, &channel) == Decision::Allow => Ok(channels::name(conn, id).await?),
        _ => Ok(None),
    }
}
