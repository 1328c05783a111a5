//! The demo's exercises: they run.

use serde::Deserialize;
use uuid::Uuid;

use super::{Failure, People, read};
use crate::base::clock::{DAY, MINUTE};
use crate::base::db;
use crate::context::Ctx;
use crate::exercises::{self, NewExercise};

#[derive(Deserialize)]
struct Exercise {
    title: String,
    scenario: String,
    language: String,
    theme: Option<String>,
    leader: String,
    people: Vec<String>,
    ends_in_days: i64,
}

/// Starts the exercises, just now; gives the first of them.
pub(super) async fn fill(ctx: &Ctx, known: &People) -> Result<Option<Uuid>, Failure> {
    let mut first = None;
    let exercises: Vec<Exercise> = read("exercises.json")?;
    for Exercise { title, scenario, language, theme, leader, people, ends_in_days } in exercises {
        let nobody = || Failure::new(format!("somebody of the demo's {title} is nobody"));
        let id = |handle: &String| known.get(handle).map(|(id, _)| *id).ok_or_else(nobody);
        let everybody = people.iter().chain([&leader]).map(id).collect::<Result<Vec<_>, _>>()?;
        let at = ctx.now() - MINUTE;
        let new = NewExercise {
            id: ctx.id(),
            leader: id(&leader)?,
            title,
            scenario,
            language,
            country: None,
            theme,
            people: everybody,
            span: (at, at + ends_in_days * DAY),
        };
        first = first.or(Some(new.id));
        let inner = ctx.clone();
        let begun: db::Result<()> = ctx.db.write(async move |tx| exercises::begin(tx, &inner, new.clone()).await).await;
        begun?;
    }
    Ok(first)
}
