//! The demo's coordination requests, in every state. Their times are told from now.

use std::collections::HashMap;

use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{Failure, People, Person, read};
use crate::base::clock::{Clock, MINUTE};
use crate::base::{db, ids};
use crate::context::Ctx;
use crate::directory;
use crate::requests::{self, ImportedRequest};

#[derive(Deserialize)]
struct Request {
    key: String,
    by: String,
    /// Somebody of the organisation that is asked.
    to: String,
    /// When it was written.
    minutes_ago: i64,
    /// The place of an exercise in the demo's file of them.
    #[serde(default)]
    exercise: bool,
    steps: Vec<Step>,
    #[serde(flatten)]
    rest: HashMap<String, Value>,
}

#[derive(Deserialize)]
struct Step {
    by: String,
    minutes_ago: i64,
    /// Somebody of the organisation that is named as the competent one.
    competent: Option<String>,
    #[serde(flatten)]
    rest: HashMap<String, Value>,
}

/// Stores the requests. `exercise`: the one that some of them belong to.
pub(super) async fn fill(ctx: &Ctx, people: &[Person], known: &People, exercise: Option<Uuid>) -> Result<(), Failure> {
    let requests: Vec<Request> = read("requests.json")?;
    for request in requests {
        let key = request.key.clone();
        let refused = || Failure::new(format!("the demo's request {key} is refused"));
        let at = ctx.now() - request.minutes_ago * MINUTE;
        let by = known.get(&request.by).ok_or_else(refused)?.0;
        let wish = of_now(ctx, people, known, request, exercise).await?.ok_or_else(refused)?;
        let imported: ImportedRequest = serde_json::from_value(wish).map_err(|error| Failure::new(format!("{key}: {error}")))?;
        let (id, inner) = (ids::make(Clock::Fixed(at)), ctx.clone());
        let stored: db::Result<bool> =
            ctx.db.write(async move |tx| requests::import_request(tx, &inner, id, imported.clone(), by, at).await).await;
        stored?.then_some(()).ok_or_else(refused)?;
    }
    Ok(())
}

/// The request with ids for names and times for minutes; `None` if somebody is nobody.
async fn of_now(
    ctx: &Ctx,
    people: &[Person],
    known: &People,
    request: Request,
    exercise: Option<Uuid>,
) -> Result<Option<Value>, Failure> {
    let Request { by, to, exercise: trains, steps, rest, .. } = request;
    let (Some(asker), Some(asked)) = (house(ctx, people, &by).await?, house(ctx, people, &to).await?) else { return Ok(None) };
    let mut told = Vec::new();
    for Step { by, minutes_ago, competent, mut rest } in steps {
        let Some((id, _)) = known.get(&by) else { return Ok(None) };
        if let Some(handle) = competent {
            rest.insert("competent".into(), json!(house(ctx, people, &handle).await?));
        }
        rest.insert("at".into(), json!(ctx.now() - minutes_ago * MINUTE));
        rest.insert("by".into(), json!(id));
        told.push(json!(rest));
    }
    let mut wish = json!(rest);
    (wish["asker"], wish["asked"], wish["steps"]) = (json!(asker), json!(asked), Value::Array(told));
    if trains {
        wish["exercise"] = json!(exercise);
    }
    Ok(Some(wish))
}

/// Where somebody of the demo works.
async fn house(ctx: &Ctx, people: &[Person], handle: &str) -> Result<Option<Uuid>, Failure> {
    let Some(person) = people.iter().find(|person| person.handle == handle) else { return Ok(None) };
    let mut conn = ctx.db.read().await?;
    Ok(directory::organisation_by_name(&mut conn, &person.organisation, person.country.as_deref()).await?)
}
