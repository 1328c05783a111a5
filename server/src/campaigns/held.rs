//! What the files of campaigns hang on.

use std::sync::Arc;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use uuid::Uuid;

use super::whole::Whole;
use crate::access::{Actor, Decision, ItemAction};
use crate::attachable::{Held, Holder};
use crate::base::db::Result;
use crate::context::Ctx;

/// What files of campaigns are called in storage.
pub(super) const HELD: &str = "campaign";

struct Campaigns;

/// The campaigns as what files hang on.
pub fn holder() -> Arc<dyn Holder> {
    Arc::new(Campaigns)
}

impl Holder for Campaigns {
    fn kind(&self) -> &'static str {
        HELD
    }

    fn held<'a>(&'a self, ctx: &'a Ctx, actor: &'a Actor, id: Uuid) -> BoxFuture<'a, Result<Option<Held>>> {
        held(ctx, actor, id).boxed()
    }
}

async fn held(ctx: &Ctx, actor: &Actor, id: Uuid) -> Result<Option<Held>> {
    let Some(whole) = Whole::load(&mut ctx.db.read().await?, id).await? else { return Ok(None) };
    let may = |action| whole.may(actor, action) == Decision::Allow;
    if !may(ItemAction::Read) {
        return Ok(None);
    }
    let may_leave = may(ItemAction::TakeOut);
    Ok(Some(Held { may_leave, place: format!("/campaigns/{id}"), marking: whole.head.marking }))
}
