//! Stretches of a text, kept so that what lies near a place is found without looking at all of them: a text of nothing but
//! findings must not cost more than any other.

use std::ops::RangeInclusive;

/// Stretches in signs, none of them empty.
#[derive(Clone, Default)]
pub(crate) struct Spans {
    /// Where each begins, in order, and how far those up to it reach.
    all: Vec<(usize, usize)>,
}

impl Spans {
    /// How far those reach that begin before a sign.
    pub(crate) fn reach(&self, before: usize) -> usize {
        let count = self.all.partition_point(|(start, _)| *start < before);
        self.all[..count].last().map_or(0, |(_, reach)| *reach)
    }

    /// Whether one of them has a sign from `start` to `end`.
    pub(crate) fn meet(&self, start: usize, end: usize) -> bool {
        self.reach(end) > start
    }

    /// Whether one of them is at most `within` signs away from those from `start` to `end`.
    pub(crate) fn near(&self, start: usize, end: usize, within: usize) -> bool {
        let reach = self.reach(end + within + 1);
        reach > 0 && reach + within >= start
    }
}

impl Extend<(usize, usize)> for Spans {
    fn extend<T: IntoIterator<Item = (usize, usize)>>(&mut self, more: T) {
        self.all.extend(more);
        self.all.sort_unstable();
        let mut reach = 0;
        for (_, end) in &mut self.all {
            reach = reach.max(*end);
            *end = reach;
        }
    }
}

impl FromIterator<(usize, usize)> for Spans {
    fn from_iter<T: IntoIterator<Item = (usize, usize)>>(all: T) -> Self {
        let mut spans = Self::default();
        spans.extend(all);
        spans
    }
}

/// Whether one of these places, which are in order, lies in a range.
pub(crate) fn lie_in(places: &[usize], range: &RangeInclusive<usize>) -> bool {
    places.get(places.partition_point(|place| place < range.start())).is_some_and(|place| place <= range.end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_lies_near_is_what_a_look_at_all_finds() {
        let mut all = [(7, 9), (2, 30), (3, 4), (40, 41)];
        let mut spans: Spans = all[..2].iter().copied().collect();
        spans.extend(all[2..].iter().copied());
        all.sort_unstable();
        for (start, end) in (0..50).flat_map(|start| (start + 1..52).map(move |end| (start, end))) {
            assert_eq!(spans.meet(start, end), all.iter().any(|(from, to)| *from < end && start < *to), "{start} {end}");
            for within in [0, 3, 60] {
                let near = all.iter().any(|(from, to)| to + within >= start && *from <= end + within);
                assert_eq!(spans.near(start, end, within), near, "{start} {end} {within}");
            }
        }
        assert!(!Spans::default().meet(0, 9) && !Spans::default().near(0, 9, 9));
    }

    #[test]
    fn a_place_lies_in_a_range_with_both_its_ends() {
        assert!(lie_in(&[1, 5, 9], &(5..=5)) && lie_in(&[1, 5, 9], &(6..=9)) && lie_in(&[1, 5, 9], &(0..=1)));
        assert!(!lie_in(&[1, 5, 9], &(6..=8)) && !lie_in(&[1, 5, 9], &(10..=99)) && !lie_in(&[], &(0..=9)));
    }
}
