//! The glossary of the field: the terms of its languages for what it works with, corrected by members and editors.
//!
//! Others call: [`router`] to serve, and [`Glossary`] for the terms as they stand.

mod http;
mod model;
mod notice;
mod script;
mod store;
mod terms;

pub use http::router;
pub use terms::{Glossary, Terms};

use uuid::Uuid;

use crate::base::db::{Result, Tx};

/// A proposal of a bulk load, open and from then.
#[derive(Debug)]
pub struct ImportedProposal {
    /// Its id.
    pub id: Uuid,
    /// The concept's stable name.
    pub concept: String,
    /// One of the glossary's languages that can be proposed for.
    pub language: String,
    /// The term that should stand.
    pub term: String,
    /// Why.
    pub reason: String,
    /// Whose it is.
    pub by: Uuid,
    /// When (microseconds).
    pub at: i64,
}

/// Stores a proposal of a bulk load. `false` if the rules refuse it.
pub async fn import_proposal(tx: &mut Tx, proposal: &ImportedProposal) -> Result<bool> {
    let terms = Terms::shipped();
    let Some(concept) = terms.find(&proposal.concept) else { return Ok(false) };
    let wish = model::Wish { language: proposal.language.clone(), term: proposal.term.clone(), reason: proposal.reason.clone() };
    let Ok(checked) = wish.checked(concept) else { return Ok(false) };
    let (id, by, at) = (proposal.id, proposal.by, proposal.at);
    store::insert(tx, &store::New { id, concept: concept.id, checked: &checked, by, at }).await?;
    Ok(true)
}
