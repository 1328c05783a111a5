//! The tables of `0049_cards.sql`, `0050_overlaps.sql` and `0051_matching.sql`.

mod cards;
mod matching;
mod overlaps;

pub(super) use cards::*;
pub(super) use matching::*;
pub(super) use overlaps::*;
