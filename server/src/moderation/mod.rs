//! Moderation before it hurts: posts that wait for a second pair of eyes, and what moderators and readers do about what was
//! said.
//!
//! Others call: [`weigh`] before a post is stored, [`hold`] if it is to wait, [`earlier`] when a reference comes again,
//! [`holder`] for who may open what waits with it, [`refuse_edit`] before a message gets another wording, [`noted`] and [`begin_breach`] when one is taken back,
//! [`begin_breach_again`] when a restored backup doesn't know of that, [`router`] to serve, [`sweep`] for as long as the server
//! runs; [`may_unmask`] and [`as_written`] to show several posts at once, [`note`], [`seal`] and [`open`] for what one of them
//! writes to another.
//! Making a post a message is not known here: [`Publish`] is handed in.

mod breach;
mod decide;
mod hold;
mod http;
mod model;
mod notice;
mod review;
mod store;
mod sweep;
mod words;

pub use breach::{Retraction, Taken, begin as begin_breach, begin_again as begin_breach_again, noted};
pub(crate) use decide::note;
pub(crate) use hold::{Held, Post, earlier, hold, open, refuse_edit, seal, weigh};
pub use http::router;
pub(crate) use model::Draft;
pub use model::Release;
pub use review::holder;
pub(crate) use review::{as_written, may_unmask};
pub use sweep::sweep;

use futures_util::future::BoxFuture;

use crate::base::clock::rfc3339;
use crate::base::db::{self, Tx};
use crate::base::http::Problem;
use crate::context::Ctx;

/// Notes in the transaction of a release that it is decided; `false` if somebody was faster.
pub type Settle = Box<dyn for<'t> FnMut(&'t mut Tx) -> BoxFuture<'t, db::Result<bool>> + Send>;

/// Makes a released post its author's message, in the transaction in which that is decided. `false` if it was decided
/// before.
pub type Publish = fn(Ctx, Release, Settle) -> BoxFuture<'static, Result<bool, Problem>>;

/// Counts one more of a kind for the statistics, in the month of `at` (microseconds).
async fn count(tx: &mut Tx, at: i64, kind: &str) -> db::Result<()> {
    let day = rfc3339(at);
    store::count(tx, day.get(..7).unwrap_or_default(), kind).await
}
