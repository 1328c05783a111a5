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

/// Who wants the bytes of a file.
#[derive(Clone, Copy)]
pub struct Reader<'a> {
    /// The person.
    pub actor: &'a Actor,
    /// Whether a program asks for them.
    pub by_token: bool,
    /// Whether this is when it is noted, where that is noted; not when it is asked again while the bytes go out.
    pub noting: bool,
}

/// A slice whose things carry files.
pub trait Holder: Send + Sync {
    /// The word for these things in storage: `message`, `practice`, `campaign`, `study`.
    fn kind(&self) -> &'static str;

    /// What this person may know of the thing with this id; `None`: nothing, as if there were none. Asked at every request for
    /// one of its files.
    fn held<'a>(&'a self, ctx: &'a Ctx, actor: &'a Actor, id: Uuid) -> BoxFuture<'a, Result<Option<Held>>>;

    /// Whether somebody who may know of the thing gets the bytes of its files. Only what is RED or restricted asks for more than
    /// that, and is noted.
    fn opens<'a>(&'a self, _ctx: &'a Ctx, _reader: Reader<'a>, _id: Uuid) -> BoxFuture<'a, Result<bool>> {
        Box::pin(async { Ok(true) })
    }
}

/// All holders together.
pub type Holders = Arc<[Arc<dyn Holder>]>;
