//! Starting an exercise: its rooms are opened, furnished and filled with its people in one transaction.

use uuid::Uuid;

use super::model::Checked;
use super::store;
use super::template::ROOMS;
use crate::access::handling::Labels;
use crate::access::{self, ChannelKind};
use crate::base::db::{Error, Result, Tx};
use crate::channels::{self, NewChannel};
use crate::context::Ctx;
use crate::messages::{self, Imported};
use crate::vocabulary::Words;

/// How an exercise's rooms are marked: for those who train in them.
const MARKING: &str = "amber";

/// An exercise of a bulk load.
#[derive(Clone, Debug)]
pub struct NewExercise {
    /// Its id.
    pub id: Uuid,
    /// What it is called.
    pub title: String,
    /// What it begins with.
    pub scenario: String,
    /// `en` or `fr`.
    pub language: String,
    /// The country whose moderators look after it.
    pub country: Option<String>,
    /// The theme whose moderators look after it.
    pub theme: Option<String>,
    /// Who has started it.
    pub leader: Uuid,
    /// Who takes part, the leader with them.
    pub people: Vec<Uuid>,
    /// When it was started, and when it ends (microseconds).
    pub span: (i64, i64),
}

/// Starts an exercise of a bulk load; nobody is asked whether they may.
pub async fn begin(tx: &mut Tx, ctx: &Ctx, new: NewExercise) -> Result<()> {
    let NewExercise { id, title, scenario, language, country, theme, leader, people, span: (at, ends_at) } = new;
    start(tx, ctx, id, &Checked { title, scenario, language, country, theme, people, ends_at }, leader, at).await
}

/// Starts an exercise.
pub(super) async fn start(tx: &mut Tx, ctx: &Ctx, id: Uuid, exercise: &Checked, leader: Uuid, at: i64) -> Result<()> {
    store::insert(tx, id, exercise, leader, at).await?;
    for room in ROOMS.iter() {
        let channel = NewChannel {
            id: ctx.id(),
            kind: ChannelKind::Closed,
            purpose: "group",
            slug: None,
            name: Some(room.name()),
            description: Some(Words::new(&exercise.title, &exercise.title)),
            country: exercise.country.clone(),
            theme: exercise.theme.clone(),
            marking: MARKING.into(),
            ceiling: Some(MARKING.into()),
            grading: false,
            retention_days: None,
            listed: false,
            general: ctx.id(),
            direct_key: None,
            exercise: Some(id),
            created_at: at,
            created_by: Some(leader),
        };
        channels::create(tx, ctx, &channel, &exercise.people).await?;
        let facts = access::channel(tx, channel.id).await?.ok_or(Error::Malformed("channel"))?;
        for (topic, body) in room.said(&exercise.language) {
            let message = said(ctx, leader, topic, body, at);
            messages::import(tx, ctx, &facts, &message).await?;
        }
        channels::changed(tx, ctx, channel.id, None);
    }
    Ok(())
}

fn said(ctx: &Ctx, author: Uuid, topic: &str, body: String, posted_at: i64) -> Imported {
    Imported {
        id: ctx.id(),
        author,
        topic: Some(topic.to_owned()),
        body,
        marking: None,
        labels: Labels::default(),
        edited_from: None,
        quote: None,
        reactions: Vec::new(),
        pinned: false,
        deleted: false,
        posted_at,
    }
}
