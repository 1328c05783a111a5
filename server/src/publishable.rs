//! What the newsletter can take from: each slice whose things may become public hands a feed to `newsletter`, which knows
//! neither practices nor campaigns nor events.

use std::sync::Arc;

use futures_util::future::BoxFuture;
use uuid::Uuid;

use crate::access::Actor;
use crate::base::db::Result;
use crate::context::Ctx;
use crate::findable::Kind;

/// Something of a quarter that is shared with the community or with everybody.
#[derive(Clone, Debug)]
pub struct Publishable {
    /// What it is.
    pub kind: Kind,
    /// Its id.
    pub id: Uuid,
    /// What it is called, in its own language.
    pub title: String,
    /// What it is about, in a sentence or two.
    pub summary: String,
    /// The language of both.
    pub language: String,
    /// CLEAR or GREEN: only the first may be taken.
    pub marking: String,
    /// The countries it is about.
    pub countries: Vec<String>,
    /// Its themes.
    pub themes: Vec<String>,
    /// Who answers for it: the one who may lower its marking.
    pub source: Uuid,
    /// When it was shared, or when it takes place (microseconds).
    pub at: i64,
}

/// A slice whose things may become public.
pub trait Feed: Send + Sync {
    /// What this person may see of what was shared, or takes place, in this span (microseconds, the end not with it), and is
    /// CLEAR or GREEN.
    fn within<'a>(&'a self, ctx: &'a Ctx, actor: &'a Actor, span: (i64, i64)) -> BoxFuture<'a, Result<Vec<Publishable>>>;

    /// One of them as it stands now; `None`: there is none, this person doesn't see it, or it is stricter than GREEN.
    fn one<'a>(&'a self, ctx: &'a Ctx, actor: &'a Actor, id: Uuid) -> BoxFuture<'a, Result<Option<Publishable>>>;

    /// What it has.
    fn kind(&self) -> Kind;

    /// Everything that stands in things which are not CLEAR, a text each: none of it may come into a newsletter by copying.
    fn withheld<'a>(&'a self, ctx: &'a Ctx) -> BoxFuture<'a, Result<Vec<String>>>;
}

/// All feeds together.
pub type Feeds = Arc<[Arc<dyn Feed>]>;
