//! Requests of a bulk load: what has become of them is played through, step by step.

use serde::Deserialize;
use uuid::Uuid;

use super::acts;
use super::model::{Channel, Ground, Outcome, Reply, Wish};
use super::sealed::{self, Place};
use super::store::{self, FormalReference, Row, Step};
use crate::access::RequestState;
use crate::base::db::{Result, Tx};
use crate::base::http::Problem;
use crate::context::Ctx;
use crate::directory;

/// A step of a request of a bulk load.
#[derive(Clone, Debug, Deserialize)]
#[serde(tag = "what", rename_all = "snake_case")]
enum Told {
    Screener,
    Screened,
    Sent,
    Acknowledged,
    Question {
        text: String,
    },
    Explained {
        text: String,
    },
    Answered {
        outcome: Outcome,
        #[serde(default)]
        text: String,
        ground: Option<Ground>,
        competent: Option<Uuid>,
    },
    Noted {
        kind: Channel,
        reference: String,
    },
    Closed,
}

/// A request of a bulk load, as JSON: the fields of one that is written, and its `steps` with `at` (microseconds) and `by`.
#[derive(Clone, Debug, Deserialize)]
pub struct ImportedRequest {
    #[serde(flatten)]
    wish: Wish,
    #[serde(default)]
    steps: Vec<Past>,
}

#[derive(Clone, Debug, Deserialize)]
struct Past {
    at: i64,
    by: Uuid,
    #[serde(flatten)]
    told: Told,
}

/// Stores a request of a bulk load. `false` if it can't be kept.
pub async fn import_request(tx: &mut Tx, ctx: &Ctx, id: Uuid, request: ImportedRequest, by: Uuid, at: i64) -> Result<bool> {
    let ImportedRequest { wish, steps } = request;
    let Ok(wish) = wish.checked() else { return Ok(false) };
    let Some(asked) = directory::organisations_named(tx, &[wish.asked]).await?.pop() else { return Ok(false) };
    let mut row = Row::draft(id, (wish.asker, wish.asked), by, at);
    (row.kind, row.urgency) = (wish.kind.as_str().into(), wish.urgency.as_str().into());
    (row.marking, row.labels, row.exercise) = (wish.marking.clone(), wish.labels.stored(), wish.exercise);
    let Ok(words) = sealed::seal_said(ctx, id, &wish.said) else { return Ok(false) };
    row.words = words;
    store::insert(tx, &row).await?;
    store::add_step(tx, id, &Step { at, by: Some(by), what: "written".into(), words: None }).await?;
    for past in steps {
        let Ok((step, reference)) = play(ctx, &mut row, &past, asked.country.as_deref()) else { return Ok(false) };
        store::add_step(tx, id, &step).await?;
        if let Some(mut reference) = reference {
            reference.side = if past.by == row.author { "asker" } else { "asked" }.into();
            store::note_channel(tx, id, &reference).await?;
            let both = store::channels(tx, id).await?.len() > 1;
            acts::note(&mut row, both, past.at);
        }
        row.changed_at = past.at;
    }
    store::save(tx, &row).await
}

fn play(
    ctx: &Ctx,
    row: &mut Row,
    past: &Past,
    country: Option<&str>,
) -> std::result::Result<(Step, Option<FormalReference>), Problem> {
    let (at, by, id) = (past.at, past.by, row.id);
    let mut words = None;
    let mut reference = None;
    let what = match &past.told {
        Told::Screener => {
            row.screener = Some(by);
            "to_screen"
        }
        Told::Screened => {
            (row.screened_by, row.screener, row.state) = (Some(by), Some(by), RequestState::Screened.as_str().into());
            "screened"
        }
        Told::Sent => {
            acts::send(row, country, at);
            "sent"
        }
        Told::Acknowledged => {
            acts::acknowledge(row, by, at);
            "acknowledged"
        }
        Told::Question { text } => {
            acts::ask(row, at);
            words = Some(sealed::seal(ctx, id, Place::Step, text)?);
            "question"
        }
        Told::Explained { text } => {
            acts::explain(row, at);
            words = Some(sealed::seal(ctx, id, Place::Step, text)?);
            "explained"
        }
        Told::Answered { outcome, text, ground, competent } => {
            let reply = Reply { outcome: *outcome, text: text.clone(), ground: *ground, competent: *competent };
            acts::answer(row, &reply, sealed::seal(ctx, id, Place::Reply, text)?, by, at);
            "answered"
        }
        Told::Noted { kind, reference: text } => {
            let sealed = sealed::seal(ctx, id, Place::Reference, text)?;
            let (side, kind) = (String::new(), kind.as_str().into());
            reference = Some(FormalReference { side, kind, reference: sealed, at, by });
            "noted"
        }
        Told::Closed => {
            acts::close(row, at);
            "closed"
        }
    };
    // Who looks through it was named by who has written it.
    let by = if matches!(past.told, Told::Screener) { row.author } else { by };
    Ok((Step { at, by: Some(by), what: what.into(), words }, reference))
}
