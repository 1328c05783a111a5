//! The tables of campaigns: who may read is part of every question that lists or counts.

mod lists;
mod one;
#[cfg(test)]
mod tests;

pub(super) use lists::{
    Bar, Card, Filter, Reader, among, bars, clashing, clashing_with, column, counts, page, places, shared_within, unanswered,
    waiting, withheld,
};
pub(super) use one::{
    Detail, Head, MaterialRow, NewMaterial, StepRow, approve_material, asks, change, channel, confirm_capacity, delete_material,
    detail, head, indicators, insert, insert_material, mark, material, materials, note_step, partners, people, replan,
    set_indicators, set_partners, set_people, set_pretest, set_results, set_state, settle, steps, unconfirm_capacity,
};
