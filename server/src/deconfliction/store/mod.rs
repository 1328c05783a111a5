//! The tables of `0049_cards.sql`, `0050_overlaps.sql`, `0051_matching.sql` and `0055_cards_gone.sql`.

mod cards;
mod gone;
mod matching;
mod overlaps;

pub(super) use cards::*;
pub(super) use gone::*;
pub(super) use matching::*;
pub(super) use overlaps::*;
