//! What requests say, as it is stored: sealed for one place of one request, and for no other.

use uuid::Uuid;

use super::model::Said;
use super::store::Row;
use crate::base::http::Problem;
use crate::context::Ctx;

/// Where some words of a request stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// What is asked.
    Words,
    /// What is answered.
    Reply,
    /// What is said with a step.
    Step,
    /// A reference in a formal channel.
    Reference,
}

fn purpose(request: Uuid, place: Place) -> Vec<u8> {
    let place = match place {
        Place::Words => "words",
        Place::Reply => "reply",
        Place::Step => "step",
        Place::Reference => "reference",
    };
    [b"request ".as_slice(), request.as_bytes(), place.as_bytes()].concat()
}

/// Seals some words.
pub(super) fn seal(ctx: &Ctx, request: Uuid, place: Place, words: &str) -> Result<Vec<u8>, Problem> {
    ctx.seal.seal(words.as_bytes(), &purpose(request, place)).map_err(|error| Problem::internal(&error))
}

/// Opens them.
pub(super) fn open(ctx: &Ctx, request: Uuid, place: Place, sealed: &[u8]) -> Result<String, Problem> {
    let opened = ctx.seal.open(sealed, &purpose(request, place)).map_err(|error| Problem::internal(&error))?;
    String::from_utf8(opened).map_err(|error| Problem::internal(&error))
}

/// Seals what is asked.
pub(super) fn seal_said(ctx: &Ctx, request: Uuid, said: &Said) -> Result<Vec<u8>, Problem> {
    let words = serde_json::to_string(said).map_err(|error| Problem::internal(&error))?;
    seal(ctx, request, Place::Words, &words)
}

/// What a request asks.
pub(super) fn said(ctx: &Ctx, row: &Row) -> Result<Said, Problem> {
    let words = open(ctx, row.id, Place::Words, &row.words)?;
    serde_json::from_str(&words).map_err(|error| Problem::internal(&error))
}
