//! The demo's agenda: events around the day on which the region is made, and who comes.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};
use serde::Deserialize;
use serde_json::{Map, Value};
use uuid::Uuid;

use super::{Failure, People, read};
use crate::agenda::{self, ImportedEvent};
use crate::base::clock::{Clock, DAY};
use crate::base::{db, ids};
use crate::context::Ctx;

/// How long before it takes place an event is written down.
const WRITTEN: i64 = 30 * DAY;

#[derive(Deserialize)]
struct Event {
    key: String,
    by: String,
    zone: String,
    in_days: i64,
    at: String,
    hours: f64,
    #[serde(default)]
    answers: BTreeMap<String, Vec<String>>,
    /// The rest of it, as it is written down.
    #[serde(flatten)]
    rest: Map<String, Value>,
}

/// Writes the events down.
pub(super) async fn fill(ctx: &Ctx, people: &People) -> Result<(), Failure> {
    let events: Vec<Event> = read("events.json")?;
    for event in events {
        let refused = || Failure::new(format!("the demo's event {} is refused", event.key));
        let (by, _) = people.get(&event.by).ok_or_else(refused)?;
        let (imported, begins) = wish(ctx, &event, people).ok_or_else(refused)?;
        let at = (begins - WRITTEN).min(ctx.now() - DAY);
        let (id, by) = (ids::make(Clock::Fixed(at)), *by);
        let stored: db::Result<bool> =
            ctx.db.write(async move |tx| agenda::import_event(tx, id, imported.clone(), by, at).await).await;
        stored?.then_some(()).ok_or_else(refused)?;
    }
    Ok(())
}

/// The event by the clocks of its place, and about when it begins (microseconds).
fn wish(ctx: &Ctx, event: &Event, people: &People) -> Option<(ImportedEvent, i64)> {
    let zone = TimeZone::get(&event.zone).ok()?;
    let today = zone.to_datetime(Timestamp::from_microsecond(ctx.now()).ok()?).date();
    let start = today.checked_add(Span::new().days(event.in_days)).ok()?.to_datetime(event.at.parse().ok()?);
    let minutes = Span::new().minutes(format!("{:.0}", event.hours * 60.0).parse::<i64>().ok()?);
    let end = start.checked_add(minutes).ok()?;
    let mut fields = event.rest.clone();
    for (name, value) in [("zone", event.zone.clone()), ("start", start.to_string()), ("end", end.to_string())] {
        fields.insert(name.into(), value.into());
    }
    // What is online alone has no place.
    if fields.get("place").and_then(Value::as_str).is_some_and(|place| place.eq_ignore_ascii_case("online")) {
        fields.insert("place".into(), "".into());
    }
    let mut imported: ImportedEvent = serde_json::from_value(Value::Object(fields)).ok()?;
    let answered = |word: &str| -> Vec<Uuid> {
        event.answers.get(word).into_iter().flatten().filter_map(|handle| people.get(handle).map(|(id, _)| *id)).collect()
    };
    (imported.coming, imported.maybe, imported.no) = (answered("coming"), answered("maybe"), answered("no"));
    Some((imported, ctx.now() + event.in_days * DAY))
}
