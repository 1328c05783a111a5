//! What is to be done without anybody asking: cards of an exercise that is over go, cards that weren't compared are, people are
//! reminded of a review and the card goes where nobody looks at it, comparisons end that nobody ends, and what a restored backup has
//! brought back goes again.

use std::time::Duration;

use uuid::Uuid;

use super::comparing::{KEPT_FOR, State, WAITS_FOR};
use super::deck::Deck;
use super::model::{GOES_AFTER, TOLD_FOR};
use super::notice::{self, About};
use super::{finding, store};
use crate::base::clock::{DAY, SECOND};
use crate::base::db::Result;
use crate::context::Ctx;
use crate::exercises;

/// How often it is looked for something to do.
const LOOK_EVERY: Duration = Duration::from_secs(5);
/// Whoever stores a card compares it at once; one that has waited for longer was left behind (microseconds).
const LEFT_BEHIND: i64 = 10 * SECOND;

/// Does it for as long as the server runs.
pub async fn sweep(ctx: Ctx) {
    loop {
        if let Err(error) = look(&ctx).await {
            tracing::warn!(%error, "file cards could not be looked through");
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

/// Does what is due before anybody is let in: a backup may have brought back what was erased, or what is over by now.
pub async fn settle(ctx: &Ctx) -> Result<()> {
    loop {
        let cards = store::cards_back(&mut ctx.db.read().await?).await?;
        let sessions = store::sessions_back(&mut ctx.db.read().await?).await?;
        if cards.is_empty() && sessions.is_empty() {
            break;
        }
        erase(ctx, cards).await?;
        end_again(ctx, sessions).await?;
    }
    end_overdue(ctx).await?;
    forget(ctx).await
}

/// Of a comparison that has come back nobody knows any more how it ended: it counts as one that nobody went on with. What is remembered
/// of it goes no later for that.
async fn end_again(ctx: &Ctx, sessions: Vec<(Uuid, i64)>) -> Result<()> {
    if sessions.is_empty() {
        return Ok(());
    }
    let now = ctx.now();
    ctx.db
        .write(async move |tx| {
            for (id, asked_at) in &sessions {
                store::end(tx, *id, State::Expired.as_str(), None, now.min(asked_at + WAITS_FOR)).await?;
            }
            Ok(())
        })
        .await
}

async fn look(ctx: &Ctx) -> Result<()> {
    wipe(ctx).await?;
    let left = store::uncompared(&mut ctx.db.read().await?, ctx.now() - LEFT_BEHIND).await?;
    if !left.is_empty() {
        let deck = Deck::default();
        for id in left {
            finding::compare(ctx, &deck, id).await?;
        }
    }
    remind(ctx).await?;
    let gone = store::to_go(&mut ctx.db.read().await?, ctx.now() - GOES_AFTER).await?;
    erase(ctx, gone).await?;
    end_overdue(ctx).await?;
    if is_first_of_hour(ctx.now()) { forget(ctx).await } else { Ok(()) }
}

/// The cards of exercises that are over.
async fn wipe(ctx: &Ctx) -> Result<()> {
    let with_cards = store::exercises(&mut ctx.db.read().await?).await?;
    if with_cards.is_empty() {
        return Ok(());
    }
    let over = exercises::over(&mut ctx.db.read().await?).await?;
    for exercise in with_cards.into_iter().filter(|id| over.contains(id)) {
        let cards = store::of_exercise(&mut ctx.db.read().await?, exercise).await?;
        erase(ctx, cards).await?;
    }
    Ok(())
}

async fn erase(ctx: &Ctx, cards: Vec<Uuid>) -> Result<()> {
    if cards.is_empty() {
        return Ok(());
    }
    let inner = ctx.clone();
    ctx.db
        .write(async move |tx| {
            for id in &cards {
                // Who has it before them sees that it is gone.
                if let Some(card) = store::card(tx, *id).await? {
                    let people = notice::keepers(tx, &card).await?;
                    notice::tell(tx, &inner, About::Gone, *id, people);
                }
                store::erase(tx, *id, inner.now()).await?;
            }
            Ok(())
        })
        .await
}

async fn remind(ctx: &Ctx) -> Result<()> {
    for id in store::for_review(&mut ctx.db.read().await?, ctx.now()).await? {
        let inner = ctx.clone();
        let done: Result<()> = ctx
            .db
            .write(async move |tx| {
                if store::reminded(tx, id, inner.now()).await?
                    && let Some(card) = store::card(tx, id).await?
                {
                    let people = notice::keepers(tx, &card).await?;
                    notice::tell(tx, &inner, About::Review, id, people);
                }
                Ok(())
            })
            .await;
        done?;
    }
    Ok(())
}

/// Comparisons that wait for too long.
async fn end_overdue(ctx: &Ctx) -> Result<()> {
    let overdue = store::overdue(&mut ctx.db.read().await?, ctx.now() - WAITS_FOR).await?;
    if overdue.is_empty() {
        return Ok(());
    }
    let inner = ctx.clone();
    ctx.db
        .write(async move |tx| {
            for id in &overdue {
                store::end(tx, *id, State::Expired.as_str(), None, inner.now()).await?;
            }
            Ok(())
        })
        .await
}

/// What is remembered for no longer.
async fn forget(ctx: &Ctx) -> Result<()> {
    let now = ctx.now();
    ctx.db
        .write(async move |tx| {
            store::forget_sessions(tx, now - KEPT_FOR).await?;
            store::forget_told(tx, now - TOLD_FOR).await?;
            store::forget_days(tx, now / DAY - 1).await
        })
        .await
}

/// Once an hour is enough for what is only forgotten.
fn is_first_of_hour(now: i64) -> bool {
    let every = i64::try_from(LOOK_EVERY.as_micros()).unwrap_or(SECOND);
    now % crate::base::clock::HOUR < every
}
