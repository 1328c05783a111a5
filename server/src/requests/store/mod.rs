//! The tables of `0047_requests.sql` and `0048_request_steps.sql`.

mod beside;
mod one;

pub(super) use beside::{
    FormalReference, Reader, Step, add_step, channels, figures, focal_points, is_led, note_channel, note_reader, overdue_at,
    readers, sent_since, staff, steps,
};
pub(super) use one::{Row, Which, drafts, due, erase, insert, known, listed, of_exercise, one, past, save};
