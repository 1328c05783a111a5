//! The demo's file cards. That two of them may be about the same is found by the server.

use jiff::tz::Offset;
use jiff::{Timestamp, ToSpan};
use serde::Deserialize;

use super::{Failure, People, read};
use crate::base::clock::{Clock, DAY};
use crate::base::{db, ids};
use crate::context::Ctx;
use crate::deconfliction::{self, ImportedCard};

#[derive(Deserialize)]
struct Card {
    key: String,
    by: String,
    days_ago: i64,
    /// First and last quarter, counted back from the present one.
    quarters_ago: [i64; 2],
    facets: serde_json::Value,
}

/// Makes the cards, each for the organisation that its maker works for.
pub(super) async fn fill(ctx: &Ctx, people: &People) -> Result<(), Failure> {
    let cards: Vec<Card> = read("cards.json")?;
    for Card { key, by, days_ago, quarters_ago, facets: mut card } in cards {
        let refused = || Failure::new(format!("the demo's card {key} is refused"));
        let by = people.get(&by).ok_or_else(refused)?.0;
        let organisation = ctx.standing.actor(by).await?.and_then(|actor| actor.organisation).ok_or_else(refused)?;
        for (name, ago) in [("from", quarters_ago[0]), ("to", quarters_ago[1])] {
            card[name] = quarter(ctx.now(), ago).ok_or_else(refused)?.into();
        }
        let card: ImportedCard = serde_json::from_value(card).map_err(|_| refused())?;
        let at = ctx.now() - days_ago * DAY;
        let (id, inner) = (ids::make(Clock::Fixed(at)), ctx.clone());
        let whose = (by, organisation);
        let stored: db::Result<bool> =
            ctx.db.write(async move |tx| deconfliction::import_card(tx, &inner, id, card.clone(), whose, at, false).await).await;
        stored?.then_some(()).ok_or_else(refused)?;
    }
    Ok(())
}

/// A quarter so many before the one of a time (microseconds).
fn quarter(now: i64, ago: i64) -> Option<String> {
    let now = Offset::UTC.to_datetime(Timestamp::from_microsecond(now).ok()?).date().first_of_month();
    let then = now.checked_sub((3 * ago).months()).ok()?;
    Some(format!("{}-Q{}", then.year(), (then.month() + 2) / 3))
}
