//! Who is told live that something waits for them. Never what: not a facet, not an organisation.

use std::collections::HashSet;

use serde_json::json;
use uuid::Uuid;

use crate::base::db::{AfterCommit, On, Result, Tx};
use crate::context::Ctx;
use crate::directory;
use crate::realtime::frame;

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
}

impl About {
    fn as_str(self) -> &'static str {
        match self {
            Self::Overlap => "overlap",
            Self::Review => "review",
            Self::Asked => "asked",
            Self::Matching => "matching",
        }
    }
}

/// Those who hear of an organisation's cards: its focal points, and where it has none, who has made the card.
pub(super) async fn people(conn: &mut impl On, organisation: Uuid, author: Uuid) -> Result<Vec<Uuid>> {
    let focal = directory::focal_points_of(conn, &[organisation]).await?;
    Ok(if focal.is_empty() { vec![author] } else { focal })
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
