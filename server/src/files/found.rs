//! Files as they are found: by their names and what stands in them, and only where what they hang on may be read.

use std::sync::Arc;

use futures_util::future::BoxFuture;
use uuid::Uuid;

use super::store;
use crate::access::Actor;
use crate::access::handling::RED;
use crate::attachable::{Held, Holders, Reader};
use crate::base::db::Result;
use crate::context::Ctx;
use crate::findable::{Kind, Stock, Thing};

struct Found(Holders);

/// The files, for the search. `holders` know who may open what they hang on.
pub fn stock(holders: Holders) -> Arc<dyn Stock> {
    Arc::new(Found(holders))
}

impl Stock for Found {
    fn shown<'a>(&'a self, ctx: &'a Ctx, actor: &'a Actor, ids: &'a [Uuid]) -> BoxFuture<'a, Result<Vec<Thing>>> {
        Box::pin(async move {
            let rows = store::files(&mut ctx.db.read().await?, ids).await?;
            let mut shown = Vec::new();
            for row in rows {
                let open = match row.holder_kind.as_deref().zip(row.holder) {
                    None => row.owner == actor.account,
                    Some((kind, holder)) => self.opens(ctx, actor, kind, holder).await?,
                };
                if open {
                    let (id, title) = (row.id.to_string(), row.name);
                    shown.push(Thing { kind: Kind::File, id, title, about: None, channel: None });
                }
            }
            Ok(shown)
        })
    }

    fn kind(&self) -> Kind {
        Kind::File
    }
}

impl Found {
    /// Whether what a file hangs on shows its words among others: of what is RED or restricted nothing is found.
    async fn opens(&self, ctx: &Ctx, actor: &Actor, kind: &str, holder: Uuid) -> Result<bool> {
        let Some(known) = self.0.iter().find(|known| known.kind() == kind) else { return Ok(false) };
        let held = known.held(ctx, actor, holder).await?;
        if held.is_none_or(|Held { marking, .. }| marking == RED) {
            return Ok(false);
        }
        // As a program: it gets nothing that has to be asked for in person.
        known.opens(ctx, Reader { actor, by_token: true, noting: false }, holder).await
    }
}
