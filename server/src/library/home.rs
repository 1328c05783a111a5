//! What of the library waits for somebody this week.

use serde::Serialize;
use utoipa::ToSchema;

use super::finder::{self, Entry};
use super::http::items;
use super::shelf::Shelf;
use super::states::State;
use super::views::Item;
use crate::access::ItemAction;
use crate::base::clock::DAY;
use crate::base::db::Result;
use crate::context::Ctx;
use crate::identity::Caller;

/// Entries of a list at most.
const MOST: usize = 5;
/// How long before it is due a review is told of.
const AHEAD: i64 = 14 * DAY;

/// What of the library waits for somebody.
#[derive(Debug, Serialize, ToSchema)]
pub struct LibraryHome {
    /// For their review.
    to_review: Vec<Item>,
    /// Their own, sent back to be improved.
    sent_back: Vec<Item>,
    /// Their own, to be looked at again now or within two weeks.
    review_due: Vec<Item>,
    /// For those who look after the library: to be screened, decided about or looked at again.
    to_tend: Vec<Item>,
}

/// What of the library waits for the caller.
///
/// # Errors
/// When storage fails.
pub async fn for_home(ctx: &Ctx, shelf: &Shelf, caller: &Caller) -> Result<LibraryHome> {
    let (entries, now, me) = (shelf.entries(ctx).await?, ctx.now(), caller.account());
    let readable = |entry: &&Entry| entry.may(&caller.actor, ItemAction::Read);
    let of = |wanted: &dyn Fn(&Entry) -> bool| {
        let mut found: Vec<&Entry> = entries.values().map(AsRef::as_ref).filter(|entry| wanted(entry)).filter(readable).collect();
        found.sort_unstable_by_key(|entry| (entry.changed_at, entry.id));
        found.truncate(MOST);
        found
    };
    let due = |entry: &Entry| entry.state == State::Published && entry.review_due_at.is_some_and(|at| at <= now + AHEAD);
    let lists = [
        of(&|entry| finder::awaits_review(entry, me, now)),
        of(&|entry| entry.author == me && entry.state == State::Revision),
        of(&|entry| entry.author == me && due(entry)),
        of(&|entry| finder::awaits_keeper(entry, now) && entry.may(&caller.actor, ItemAction::Tend)),
    ];
    let mut conn = ctx.db.read().await?;
    let mut dressed = Vec::with_capacity(lists.len());
    for list in &lists {
        dressed.push(items(&mut conn, ctx, list).await?);
    }
    let mut next = dressed.into_iter();
    let mut take = || next.next().unwrap_or_default();
    Ok(LibraryHome { to_review: take(), sent_back: take(), review_due: take(), to_tend: take() })
}
