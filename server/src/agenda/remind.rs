//! Reminders: a day and an hour before an event, whoever comes or may come is told of it, once.

use std::time::Duration;

use uuid::Uuid;

use super::{notice, store};
use crate::access::{Decision, ItemAction, may_with_item};
use crate::base::clock::{DAY, HOUR};
use crate::base::db::{Result, Tx};
use crate::context::Ctx;
use crate::identity::Caller;

/// How often it is looked who is to be reminded: one range of an index.
const LOOK_EVERY: Duration = Duration::from_secs(2);
/// Reminders written in one transaction.
const AT_ONCE: i64 = 200;
/// How long before it begins people are reminded of an event, the last first. Who is told that it begins in an hour isn't told
/// as well that it does so in a day.
const LEADS: [(&str, i64, i64); 2] = [("hour", 0, HOUR), ("day", HOUR, DAY)];

/// Reminds people, for as long as the server runs.
pub async fn remind(ctx: Ctx) {
    loop {
        tokio::time::sleep(LOOK_EVERY).await;
        if let Err(error) = look(&ctx).await {
            tracing::warn!(%error, "nobody could be reminded of what begins");
        }
    }
}

async fn look(ctx: &Ctx) -> Result<()> {
    for (what, least, most) in LEADS {
        let now = ctx.now();
        let due = store::due(&mut ctx.db.read().await?, (now + least, now + most), what, AT_ONCE).await?;
        if due.is_empty() {
            continue;
        }
        let (inner, db) = (ctx.clone(), ctx.db.clone());
        let done: Result<()> = db.write(async move |tx| write(tx, &inner, &due, what).await).await;
        done?;
    }
    Ok(())
}

/// Who may no longer read it isn't told, and not asked about again.
async fn write(tx: &mut Tx, ctx: &Ctx, due: &[(Uuid, Uuid)], what: &'static str) -> Result<()> {
    for (event, account) in due {
        let Some(row) = store::one(tx, *account, *event).await? else { continue };
        let actor = ctx.standing.actor(*account).await?.map(|actor| Caller::by_socket(actor, Uuid::nil()).actor);
        let reads =
            actor.is_some_and(|actor| row.as_item(|item| may_with_item(&actor, ItemAction::Read, item)) == Decision::Allow);
        if store::notice(tx, *event, *account, what, ctx.now(), (!reads).then(|| ctx.now())).await? && reads {
            notice::tell(tx, ctx, *account, *event, what);
        }
    }
    Ok(())
}

/// What begins so soon that there is no reminding of it any more: who answers now knows that.
pub(super) fn past(starts_at: i64, now: i64) -> impl Iterator<Item = &'static str> {
    LEADS.into_iter().filter(move |(_, _, most)| starts_at - now <= *most).map(|(what, ..)| what)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_answers_late_is_reminded_of_what_is_left() {
        let left = |before: i64| past(before, 0).collect::<Vec<_>>();
        assert_eq!(left(2 * DAY), Vec::<&str>::new());
        assert_eq!(left(DAY), ["day"]);
        assert_eq!(left(HOUR + 1), ["day"]);
        assert_eq!(left(HOUR), ["hour", "day"]);
    }
}
