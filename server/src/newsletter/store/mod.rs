//! What is stored of the newsletter: issues with their texts and what was taken; `requests`, `people` and `mailing` beside.

mod issues;
mod mailing;
mod people;
mod requests;

pub(super) use issues::*;
pub(super) use mailing::*;
pub(super) use people::*;
pub(super) use requests::*;
