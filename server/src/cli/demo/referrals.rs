//! The demo's referrals: of its invented rooms, to people who answer for their organisations and have keys.

use serde::Deserialize;
use serde_json::Value;
use uuid::Uuid;

use super::{Failure, People, Texts, cases};
use crate::base::clock::HOUR;
use crate::base::db;
use crate::context::Ctx;
use crate::directory;
use crate::referrals::{self, ImportedReferral, ImportedStep};

/// The file of referrals.
const FILE: &str = "referrals.json";

#[derive(Deserialize)]
struct Referral {
    /// The place of its room in the demo's file of rooms.
    room: usize,
    author: Uuid,
    receiver: Uuid,
    to_country: String,
    hours_ago: i64,
    content: Value,
    child: Value,
    steps: Vec<Step>,
}

#[derive(Deserialize)]
struct Step {
    act: String,
    by: Uuid,
    hours_ago: i64,
    #[serde(default)]
    text: String,
}

/// Lets those who are asked answer for where they work, and writes the referrals. `rooms`: of the file of rooms, in its order.
pub(super) async fn fill(ctx: &Ctx, known: &People, password: &str, rooms: &[Uuid]) -> Result<(), Failure> {
    let all = read(known)?;
    cases::make_keys(ctx, all.iter().map(|each| each.receiver).collect(), password).await?;
    let now = ctx.now();
    for each in all {
        let case = *rooms.get(each.room).ok_or_else(|| Failure::new("the demo's referral of no room"))?;
        let step = |step: Step| ImportedStep { act: step.act, by: step.by, at: now - step.hours_ago * HOUR, text: step.text };
        let imported = ImportedReferral {
            case,
            author: each.author,
            receiver: each.receiver,
            to_country: each.to_country,
            at: now - each.hours_ago * HOUR,
            content: each.content,
            child: each.child,
            steps: each.steps.into_iter().map(step).collect(),
        };
        let inner = ctx.clone();
        let stored: db::Result<Uuid> = ctx
            .db
            .write(async move |tx| {
                let there = directory::people_by_id(tx, &inner, &[imported.receiver]).await?;
                if let Some(organisation) = there.first().and_then(|person| person.organisation_id) {
                    directory::name_focal_point(tx, &inner, organisation, imported.receiver, None, None).await?;
                }
                referrals::import_referral(tx, &inner, &imported).await
            })
            .await;
        stored?;
    }
    Ok(())
}

/// The referrals of the file, everybody in it by their id.
fn read(known: &People) -> Result<Vec<Referral>, Failure> {
    let file = Texts::get(FILE).ok_or_else(|| Failure::new(format!("the demo's {FILE} is missing")))?;
    let mut text = String::from_utf8_lossy(&file.data).into_owned();
    for (handle, (id, _)) in known {
        text = text.replace(&format!("\"@{handle}\""), &format!("\"{id}\""));
    }
    serde_json::from_str(&text).map_err(|error| Failure::new(format!("the demo's {FILE}: {error}")))
}
