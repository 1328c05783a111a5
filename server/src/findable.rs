//! What is found beside messages: each slice that has something to be found hands a source to the search, which knows what
//! there is and who may see it.

use std::sync::Arc;

use futures_util::future::BoxFuture;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::access::{Actor, Channel};
use crate::base::db::Result;
use crate::context::Ctx;

/// What can be found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// What somebody said.
    Message,
    /// The topic of a channel.
    Topic,
    /// Somebody in the directory.
    Person,
    /// An organisation of the directory.
    Organisation,
    /// The card of a country.
    Country,
    /// A term of the glossary.
    Term,
    /// A good practice.
    Practice,
    /// A study, and what it recommends.
    Study,
    /// A campaign.
    Campaign,
    /// An event of the agenda.
    Event,
    /// A file, by its name and by what stands in it.
    File,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 11] = [
        Self::Message,
        Self::Topic,
        Self::Person,
        Self::Organisation,
        Self::Country,
        Self::Term,
        Self::Practice,
        Self::Study,
        Self::Campaign,
        Self::Event,
        Self::File,
    ];

    /// The word on the wire and in a query.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Message => "message",
            Self::Topic => "topic",
            Self::Person => "person",
            Self::Organisation => "organisation",
            Self::Country => "country",
            Self::Term => "term",
            Self::Practice => "practice",
            Self::Study => "study",
            Self::Campaign => "campaign",
            Self::Event => "event",
            Self::File => "file",
        }
    }

    /// The kind of this name.
    pub fn of(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }
}

/// Something that was found beside the messages.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Thing {
    /// What it is.
    pub kind: Kind,
    /// Its id, a country's code, or the name of a concept.
    pub id: String,
    /// What it is called; empty for a country, which everybody names in their own language.
    pub title: String,
    /// What one should know of it at once: where somebody works, the code of an organisation's country, the term by which a
    /// concept was found.
    pub about: Option<String>,
    /// Where a topic is.
    pub channel: Option<Uuid>,
}

/// What is looked for, and by whom.
#[derive(Clone, Copy)]
pub struct Sought<'a> {
    /// The shared things.
    pub ctx: &'a Ctx,
    /// Who asks.
    pub actor: &'a Actor,
    /// The language of the reader's screen: `en` or `fr`.
    pub language: &'a str,
    /// Folded; what is found has all of them, or words that begin so.
    pub words: &'a [&'a str],
    /// The channels that the reader may read.
    pub channels: &'a [Arc<Channel>],
    /// Things at most.
    pub limit: usize,
}

/// A slice whose things stand in the index of items: the search finds them, the slice says which of them may be shown.
pub trait Stock: Send + Sync {
    /// Which of these, in whichever order, this person may see, and how. Nothing that the person may not open.
    fn shown<'a>(&'a self, ctx: &'a Ctx, actor: &'a Actor, ids: &'a [Uuid]) -> BoxFuture<'a, Result<Vec<Thing>>>;

    /// What they are.
    fn kind(&self) -> Kind;
}

/// A slice that has something to be found.
pub trait Source: Send + Sync {
    /// What of it this person may see and these words find, the best first. Nothing that the person may not open, whatever
    /// the words are: not in the answer, not in how many there are.
    fn find<'a>(&'a self, sought: Sought<'a>) -> BoxFuture<'a, Result<Vec<Thing>>>;

    /// What it has.
    fn kinds(&self) -> &'static [Kind];
}
