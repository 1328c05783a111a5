//! What files hang on: each slice whose things carry files hands a holder to `files`, which knows files and not who may see
//! the things.

use std::sync::Arc;

use futures_util::future::BoxFuture;
use uuid::Uuid;

use crate::access::Actor;
use crate::base::db::Result;
use crate::context::Ctx;

/// What a holder says of one of its things to somebody who may open it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// The marking of the thing: its files are handled by this one at least.
    pub marking: String,
    /// Whether its files may be taken out of the platform by this reader, in an export or in print.
    pub may_leave: bool,
    /// Where the thing is shown: a path of the page.
    pub place: String,
}

/// A slice whose things carry files.
pub trait Holder: Send + Sync {
    /// The word for these things in storage: `message`, `practice`, `campaign`, `study`.
    fn kind(&self) -> &'static str;

    /// What this person may know of the thing with this id; `None`: nothing, as if there were none. Asked at every request for
    /// one of its files.
    fn held<'a>(&'a self, ctx: &'a Ctx, actor: &'a Actor, id: Uuid) -> BoxFuture<'a, Result<Option<Held>>>;
}

/// All holders together.
pub type Holders = Arc<[Arc<dyn Holder>]>;
