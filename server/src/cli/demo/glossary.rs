//! The demo's glossary: corrections that members have proposed.

use serde::Deserialize;

use super::{Failure, People, read};
use crate::base::clock::{Clock, DAY};
use crate::base::{db, ids};
use crate::context::Ctx;
use crate::glossary::{self, ImportedProposal};

#[derive(Deserialize)]
struct Proposal {
    concept: String,
    language: String,
    term: String,
    reason: String,
    by: String,
    days_ago: i64,
}

/// Proposes what members have proposed.
pub(super) async fn fill(ctx: &Ctx, people: &People) -> Result<(), Failure> {
    let proposals: Vec<Proposal> = read("glossary.json")?;
    for Proposal { concept, language, term, reason, by, days_ago } in proposals {
        let refused = || Failure::new(format!("the demo's term for {concept} is refused"));
        let (by, _) = people.get(&by).ok_or_else(refused)?;
        let at = ctx.now() - days_ago * DAY;
        let id = ids::make(Clock::Fixed(at));
        let proposal = ImportedProposal { id, concept: concept.clone(), language, term, reason, by: *by, at };
        let stored: db::Result<bool> = ctx.db.write(async move |tx| glossary::import_proposal(tx, &proposal).await).await;
        stored?.then_some(()).ok_or_else(refused)?;
    }
    Ok(())
}
