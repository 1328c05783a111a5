//! Who is told live that something waits for them. Never what: not a facet, not an organisation.

use std::collections::HashSet;

use serde_json::json;
use uuid::Uuid;

use super::store::CardRow;
use crate::base::db::{AfterCommit, On, Result, Tx};
use crate::context::Ctx;
use crate::realtime::frame;
use crate::{directory, exercises};

/// What there is to be told of.
#[derive(Clone, Copy, Debug)]
pub(super) enum About {
    /// A card of theirs may be about the same as another.
    Overlap,
    /// A card of theirs is to be looked at again.
    Review,
    /// They are asked to compare values.
    Asked,
    /// A comparison of values has come further.
    Matching,
    /// A card of theirs was erased.
    Gone,
}

impl About {
    fn as_str(self) -> &'static str {
        match self {
            Self::Overlap => "overlap",
            Self::Review => "review",
            Self::Asked => "asked",
            Self::Matching => "matching",
            Self::Gone => "gone",
        }
    }
}

/// The focal points of an organisation; of an exercise, those who take part in it, or took part.
pub(super) async fn focal_points(conn: &mut impl On, organisation: Uuid, exercise: Option<Uuid>) -> Result<Vec<Uuid>> {
    let mut focal = directory::focal_points_of(conn, &[organisation]).await?;
    if let Some(exercise) = exercise {
        let train = exercises::people(conn, exercise).await?;
        focal.retain(|account| train.contains(account));
    }
    Ok(focal)
}

/// Those who hear of an organisation's card: its focal points, and where there is none, who has made the card.
pub(super) async fn people(conn: &mut impl On, organisation: Uuid, author: Uuid, exercise: Option<Uuid>) -> Result<Vec<Uuid>> {
    let focal = focal_points(conn, organisation, exercise).await?;
    Ok(if focal.is_empty() { vec![author] } else { focal })
}

/// The same with whoever has made it, in any case.
pub(super) async fn keepers(conn: &mut impl On, card: &CardRow) -> Result<Vec<Uuid>> {
    let mut people = people(conn, card.organisation, card.made_by, card.exercise).await?;
    people.push(card.made_by);
    Ok(people)
}

/// Tells these people, once the transaction holds.
pub(super) fn tell(tx: &mut Tx, ctx: &Ctx, about: About, id: Uuid, people: impl IntoIterator<Item = Uuid>) {
    let people: HashSet<Uuid> = people.into_iter().collect();
    let hub = ctx.hub.clone();
    tx.after_commit(move || {
        let text = frame::text(&json!({"type": "notice", "code": "deconfliction", "about": about.as_str(), "id": id}));
        for account in people {
            hub.tell(account, &text, None);
        }
    });
}
