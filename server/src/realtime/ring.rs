//! What a room remembers: its last changes, so that a storm of returning sockets is answered from memory.
//!
//! It holds what storage would give: of each thing its last state, at the number of its last change. What was edited,
//! deleted or taken away is not told again to whoever comes back, however short a time ago it was said.

use std::collections::{HashSet, VecDeque};

use uuid::Uuid;

use super::Text;

/// Changes kept of a room.
const CHANGES: usize = 192;
/// Bytes kept of a room.
const BYTES: usize = 192 * 1024;

/// A durable change of a room, as it is told and as it is kept for those who come back.
#[derive(Clone, Debug)]
pub struct Change {
    seq: i64,
    of: Uuid,
    shows: Option<Uuid>,
    clears: bool,
    text: Text,
}

impl Change {
    /// The change with this number. `of` is what it gives the state of, whatever that may be.
    pub fn new(seq: i64, of: Uuid, text: Text) -> Self {
        Self { seq, of, shows: None, clears: false, text }
    }

    /// It shows a part of something else, as it is now.
    #[must_use]
    pub fn showing(self, shows: Option<Uuid>) -> Self {
        Self { shows, ..self }
    }

    /// Nothing that was told before may be told again from memory.
    #[must_use]
    pub fn clearing(self) -> Self {
        Self { clears: true, ..self }
    }

    /// Its number in the room.
    pub fn seq(&self) -> i64 {
        self.seq
    }

    /// The frame.
    pub fn text(&self) -> &Text {
        &self.text
    }
}

/// The last changes of a room, ascending.
#[derive(Default)]
pub(super) struct Ring {
    changes: VecDeque<Change>,
    bytes: usize,
    /// Every change after this number is here, unless a later one of the same thing is; `None` until something is known.
    floor: Option<i64>,
    /// The room's last number, as far as it was heard here.
    head: i64,
    /// Up to here storage told the changes; those that are published after that are here already.
    told: i64,
    /// Rises when all is forgotten: what was read from storage before that is not to be remembered after it.
    age: u64,
}

impl Ring {
    pub(super) fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }

    /// The last number that is known here.
    pub(super) fn head(&self) -> i64 {
        self.head
    }

    /// What changed after a cursor; `None` where only storage can tell. `head` is the room's last number as storage gave
    /// it, 0 if it was not asked: a change can be committed and not yet published.
    pub(super) fn after(&self, cursor: i64, head: i64) -> Option<impl Iterator<Item = &Text>> {
        self.floor.filter(|floor| *floor <= cursor && cursor <= self.head.max(head))?;
        let first = self.changes.partition_point(|change| change.seq <= cursor);
        Some(self.changes.range(first..).map(Change::text))
    }

    /// Keeps a change that is told now. `total` counts the bytes of all rings.
    pub(super) fn keep(&mut self, change: Change, total: &mut usize) {
        self.floor.get_or_insert(change.seq - 1);
        self.head = self.head.max(change.seq);
        if change.clears {
            self.clear(total);
        } else if change.seq > self.told {
            self.supersede(change.of, total);
            self.bytes += change.text.len();
            *total += change.text.len();
            self.changes.push_back(change);
            while self.changes.len() > CHANGES || self.bytes > BYTES {
                self.drop_oldest(total);
            }
        }
    }

    /// Takes what storage said at an `age`: the changes after `floor`, up to `head`, complete and ascending. Only where it
    /// extends what is known without a hole, and nothing was forgotten since.
    pub(super) fn extend(&mut self, age: u64, floor: i64, head: i64, changes: &[Change], total: &mut usize) {
        if age != self.age {
            return;
        }
        match self.floor {
            None => {
                (self.floor, self.head, self.told) = (Some(head), head, head);
                self.prepend(floor, changes, total);
            }
            Some(known) if floor < known && known <= head => {
                let older = changes.partition_point(|change| change.seq <= known);
                self.prepend(floor, &changes[..older], total);
            }
            Some(_) => {}
        }
    }

    fn prepend(&mut self, floor: i64, changes: &[Change], total: &mut usize) {
        // Published while storage was being read: newer than what storage said of the same things.
        let newer: HashSet<Uuid> = self.changes.iter().map(|change| change.of).collect();
        for change in changes.iter().rev().filter(|change| !newer.contains(&change.of)) {
            let outdated = change.shows.is_some_and(|shown| newer.contains(&shown));
            if outdated || self.changes.len() >= CHANGES || self.bytes + change.text.len() > BYTES {
                self.floor = Some(change.seq);
                return;
            }
            self.bytes += change.text.len();
            *total += change.text.len();
            self.changes.push_front(change.clone());
        }
        self.floor = Some(floor);
    }

    /// Forgets the earlier state of a thing. What shows a part of it has not changed and can't be forgotten alone: with
    /// it goes everything before it, and who comes back from there asks storage how it looks now.
    fn supersede(&mut self, of: Uuid, total: &mut usize) {
        let (mut shown, mut stale) = (0, 0);
        for (at, change) in self.changes.iter().enumerate() {
            stale += usize::from(change.of == of);
            if change.shows == Some(of) {
                shown = at + 1;
            }
        }
        for _ in 0..shown {
            self.drop_oldest(total);
        }
        if stale > 0 {
            self.changes.retain(|change| change.of != of);
            let bytes = self.changes.iter().map(|change| change.text.len()).sum();
            *total = *total - self.bytes + bytes;
            self.bytes = bytes;
        }
    }

    /// How often all was forgotten.
    pub(super) fn age(&self) -> u64 {
        self.age
    }

    /// Forgets all changes, because some would be told otherwise now without having a new number: who comes back is
    /// answered from storage.
    pub(super) fn forget(&mut self, total: &mut usize) {
        self.age += 1;
        if self.floor.is_some() {
            self.clear(total);
        }
    }

    fn clear(&mut self, total: &mut usize) {
        *total -= self.bytes;
        self.bytes = 0;
        self.changes = VecDeque::new();
        self.floor = Some(self.head);
    }

    /// Gives back half of its bytes.
    pub(super) fn halve(&mut self, total: &mut usize) {
        let half = self.bytes / 2;
        while self.bytes > half {
            self.drop_oldest(total);
        }
    }

    fn drop_oldest(&mut self, total: &mut usize) {
        if let Some(change) = self.changes.pop_front() {
            self.bytes -= change.text.len();
            *total -= change.text.len();
            self.floor = Some(change.seq);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn thing(n: u128) -> Uuid {
        Uuid::from_u128(n)
    }

    fn change(seq: i64, of: u128) -> Change {
        Change::new(seq, thing(of), format!("{of}@{seq}").into())
    }

    fn told(ring: &Ring, cursor: i64) -> Option<Vec<&str>> {
        Some(ring.after(cursor, 0)?.map(Text::as_str).collect())
    }

    fn kept(changes: impl IntoIterator<Item = Change>) -> (Ring, usize) {
        let (mut ring, mut total) = (Ring::default(), 0);
        for change in changes {
            ring.keep(change, &mut total);
            assert_eq!(total, ring.changes.iter().map(|change| change.text.len()).sum::<usize>());
        }
        (ring, total)
    }

    #[test]
    fn only_the_last_state_of_a_thing_is_told_again() {
        let (ring, total) = kept([change(1, 1), change(2, 2), change(3, 1), change(4, 3), change(5, 1)]);
        assert_eq!(told(&ring, 0), Some(vec!["2@2", "3@4", "1@5"]));
        assert_eq!(told(&ring, 2), Some(vec!["3@4", "1@5"]));
        assert_eq!(told(&ring, 5), Some(vec![]));
        assert_eq!(total, 9);
    }

    #[test]
    fn what_shows_a_thing_is_not_told_again_once_that_has_changed() {
        let (ring, _) = kept([change(1, 1), change(2, 2).showing(Some(thing(1))), change(3, 3), change(4, 1)]);
        assert_eq!(told(&ring, 0), None, "only storage knows how the second looks now");
        assert_eq!(told(&ring, 2), Some(vec!["3@3", "1@4"]));
    }

    #[test]
    fn nothing_is_told_again_after_a_change_that_clears() {
        let (mut ring, mut total) = kept([change(1, 1), change(2, 2), change(3, 3).clearing()]);
        assert_eq!((told(&ring, 2), told(&ring, 3), total), (None, Some(vec![]), 0));
        ring.extend(0, 0, 3, &[change(2, 2), change(3, 3)], &mut total);
        assert_eq!(told(&ring, 0), Some(vec!["2@2", "3@3"]), "what storage says after that is true");
        // A read that began before the departure and ended after it.
        let (mut ring, mut total) = kept([change(3, 3).clearing()]);
        ring.extend(0, 0, 2, &[change(1, 1), change(2, 2)], &mut total);
        assert_eq!(told(&ring, 0), None);
    }

    #[test]
    fn what_storage_said_before_a_change_does_not_come_back_after_it() {
        let (mut ring, mut total) = kept([change(5, 5), change(6, 1)]);
        ring.extend(0, 0, 5, &[change(1, 1), change(2, 2), change(4, 4)], &mut total);
        assert_eq!(told(&ring, 0), Some(vec!["2@2", "4@4", "5@5", "1@6"]));
        let (mut ring, mut total) = kept([change(5, 5), change(6, 1)]);
        ring.extend(0, 0, 5, &[change(1, 1), change(2, 2).showing(Some(thing(1))), change(4, 4)], &mut total);
        assert_eq!(told(&ring, 0), None);
        assert_eq!(told(&ring, 2), Some(vec!["4@4", "5@5", "1@6"]));
    }

    #[test]
    fn what_was_read_before_all_was_forgotten_is_not_remembered_after_it() {
        // The number doesn't rise when a channel's marking does: only the age tells.
        for (mut ring, mut total) in [kept([]), kept([change(1, 1), change(2, 2)])] {
            let age = ring.age();
            ring.forget(&mut total);
            ring.extend(age, 0, 2, &[change(1, 1), change(2, 2)], &mut total);
            assert_eq!((told(&ring, 0), total), (None, 0));
            ring.extend(ring.age(), 0, 2, &[change(1, 1), change(2, 2)], &mut total);
            assert_eq!(told(&ring, 0), Some(vec!["1@1", "2@2"]));
        }
    }

    #[test]
    fn a_change_that_storage_told_first_is_not_kept_twice() {
        let (mut ring, mut total) = (Ring::default(), 0);
        ring.extend(0, 0, 3, &[change(2, 2), change(3, 3)], &mut total);
        for late in [change(2, 2), change(3, 3), change(4, 2)] {
            ring.keep(late, &mut total);
        }
        assert_eq!(told(&ring, 0), Some(vec!["3@3", "2@4"]));
    }

    #[test]
    fn a_cursor_above_everything_is_for_storage_to_judge() {
        let (ring, _) = kept([change(1, 1)]);
        assert!(ring.after(2, 0).is_none());
        assert!(ring.after(2, 1).is_none());
        assert!(ring.after(2, 2).is_some(), "committed, and not yet published");
    }

    #[test]
    fn a_ring_is_bounded() {
        let (ring, total) = kept((1..=300).map(|seq| change(seq, seq.unsigned_abs().into())));
        assert_eq!((ring.changes.len(), told(&ring, 107), told(&ring, 108).map(|told| told.len())), (192, None, Some(192)));
        assert_eq!(total, ring.bytes);
        let large = |seq: i64| Change::new(seq, thing(seq.unsigned_abs().into()), "x".repeat(60 * 1024).into());
        let (ring, _) = kept((1..=10).map(large));
        assert_eq!(ring.changes.len(), 3);
    }
}
