//! The vectors in memory, and which of them lie nearest to a query. Pure.
//!
//! Texts of one language lie together, whatever they say; so each is compared without what its language has in common: the mean of
//! its vectors is taken off, and that of the query's language off the query. A language with few texts leans on the mean of all,
//! and the mean of few in all is taken off in part: it would take along what they say.

use std::collections::{HashMap, HashSet};

/// Numbers that are added at a time: the compiler makes one instruction of them.
const LANES: usize = 16;
/// So many texts of a language weigh as much as what is known of all languages; so many in all as much as knowing nothing.
const LEANING: f32 = 16.0;
/// What is less like the query than this has nothing to do with it.
const FLOOR: f32 = 0.12;
/// The largest number of a vector as it is stored.
const LARGEST: f32 = 127.0;

/// A vector as it is stored: a signed byte a dimension, the largest 127. `None` for one without a direction.
pub(super) fn stored(vector: &[f32]) -> Option<Vec<u8>> {
    let largest = vector.iter().fold(0.0_f32, |largest, value| largest.max(value.abs()));
    if !largest.is_normal() {
        return None;
    }
    #[expect(clippy::cast_possible_truncation, reason = "none is larger than the largest")]
    let byte = |value: &f32| (value / largest * LARGEST).round() as i8;
    Some(vector.iter().flat_map(|value| byte(value).to_ne_bytes()).collect())
}

/// A message whose vector is there.
#[derive(Clone, Copy, Debug)]
struct Kept {
    n: i64,
    place: i64,
    language: i64,
    /// What makes the stored vector one of the length 1.
    unit: f32,
    /// What makes it so once the mean of its language is taken off; 0 if nothing is left then.
    apart: f32,
}

/// The vectors of all messages that have one.
#[derive(Default)]
pub(super) struct Vectors {
    dimensions: usize,
    kept: Vec<Kept>,
    /// Those of `kept`, one behind the other.
    bytes: Vec<i8>,
    at: HashMap<i64, usize>,
    means: HashMap<i64, Vec<f32>>,
    mean: Vec<f32>,
    /// How many have come or gone since the means were taken.
    unsettled: usize,
}

impl Vectors {
    pub(super) fn len(&self) -> usize {
        self.kept.len()
    }

    /// Of how many numbers a vector consists; 0 while there is none.
    pub(super) fn dimensions(&self) -> usize {
        self.dimensions
    }

    /// Puts a vector in, in place of an earlier one of its message. One of another length than the others is none.
    pub(super) fn put(&mut self, n: i64, place: i64, language: i64, stored: &[u8]) {
        self.remove(n);
        if self.kept.is_empty() {
            self.dimensions = stored.len();
        }
        if stored.len() != self.dimensions || stored.is_empty() {
            return;
        }
        let start = self.bytes.len();
        self.bytes.extend(stored.iter().map(|byte| i8::from_ne_bytes([*byte])));
        let length = norm(self.bytes[start..].iter().map(|byte| f32::from(*byte)));
        let unit = if length > 0.0 { 1.0 / length } else { 0.0 };
        self.at.insert(n, self.kept.len());
        self.kept.push(Kept { n, place, language, unit, apart: 0.0 });
        self.unsettled += 1;
        self.set_apart(self.kept.len() - 1);
    }

    pub(super) fn remove(&mut self, n: i64) {
        let Some(at) = self.at.remove(&n) else { return };
        self.kept.swap_remove(at);
        let (start, last) = (at * self.dimensions, self.kept.len() * self.dimensions);
        self.bytes.copy_within(last.., start);
        self.bytes.truncate(last);
        if let Some(moved) = self.kept.get(at) {
            self.at.insert(moved.n, at);
        }
        self.unsettled += 1;
    }

    /// Removes whatever isn't among these.
    pub(super) fn retain(&mut self, there: &HashSet<i64>) {
        let gone: Vec<i64> = self.at.keys().filter(|n| !there.contains(n)).copied().collect();
        for n in gone {
            self.remove(n);
        }
    }

    /// The lowest number of a message that is here; that of no message if none is.
    pub(super) fn lowest(&self) -> i64 {
        self.at.keys().min().copied().unwrap_or(i64::MAX)
    }

    /// Takes the means anew where enough has come or gone.
    pub(super) fn settle(&mut self) {
        if self.unsettled == 0 || self.unsettled * 20 < self.kept.len() {
            return;
        }
        self.unsettled = 0;
        let mut sums: HashMap<i64, (f32, Vec<f32>)> = HashMap::new();
        for (kept, bytes) in self.kept.iter().zip(self.bytes.chunks_exact(self.dimensions.max(1))) {
            let (count, sum) = sums.entry(kept.language).or_insert_with(|| (0.0, vec![0.0; bytes.len()]));
            *count += 1.0;
            for (sum, byte) in sum.iter_mut().zip(bytes) {
                *sum += f32::from(*byte) * kept.unit;
            }
        }
        let mut mean = vec![0.0; self.dimensions];
        let whole: f32 = sums.values().map(|(count, _)| count).sum();
        for (_, sum) in sums.values() {
            for (mean, sum) in mean.iter_mut().zip(sum) {
                *mean += sum / (whole + LEANING);
            }
        }
        let lean = |(count, sum): (f32, Vec<f32>)| {
            sum.iter().zip(&mean).map(|(sum, mean)| (sum + LEANING * mean) / (count + LEANING)).collect()
        };
        self.means = sums.into_iter().map(|(language, sum)| (language, lean(sum))).collect();
        self.mean = mean;
        for at in 0..self.kept.len() {
            self.set_apart(at);
        }
    }

    fn mean_of(&self, language: i64) -> &[f32] {
        self.means.get(&language).unwrap_or(&self.mean)
    }

    fn set_apart(&mut self, at: usize) {
        let Kept { language, unit, .. } = self.kept[at];
        let bytes = &self.bytes[at * self.dimensions..(at + 1) * self.dimensions];
        let mean = self.mean_of(language);
        let own = bytes.iter().map(|byte| f32::from(*byte) * unit);
        let length = if mean.is_empty() { norm(own) } else { norm(own.zip(mean).map(|(value, mean)| value - mean)) };
        self.kept[at].apart = if length > 1e-3 { 1.0 / length } else { 0.0 };
    }

    /// The messages whose vectors lie nearest to a query in a language, in these places and from a number on below another
    /// one: the nearest first, `most` at most, and none that is too far away.
    pub(super) fn nearest(
        &self,
        query: &[f32],
        language: i64,
        (places, from, below): (&HashSet<i64>, i64, i64),
        most: usize,
    ) -> Vec<i64> {
        let length = norm(query.iter().copied());
        if query.len() != self.dimensions || length <= 0.0 {
            return Vec::new();
        }
        let mut query: Vec<f32> = query.iter().map(|value| value / length).collect();
        for (value, mean) in query.iter_mut().zip(self.mean_of(language)) {
            *value -= mean;
        }
        let length = norm(query.iter().copied()).max(f32::MIN_POSITIVE);
        for value in &mut query {
            *value /= length;
        }
        let common = |mean: &[f32]| query.iter().zip(mean).map(|(value, mean)| value * mean).sum::<f32>();
        let of_languages: HashMap<i64, f32> = self.means.iter().map(|(language, mean)| (*language, common(mean))).collect();
        let of_all = common(&self.mean);
        let rows = self.kept.iter().zip(self.bytes.chunks_exact(self.dimensions));
        let looked = rows.filter(|(kept, _)| places.contains(&kept.place) && kept.n >= from && kept.n < below);
        let mut near: Vec<(f32, i64)> = looked
            .filter_map(|(kept, bytes)| {
                let common = of_languages.get(&kept.language).unwrap_or(&of_all);
                let likeness = (product(&query, bytes) * kept.unit - common) * kept.apart;
                (likeness > FLOOR).then_some((likeness, kept.n))
            })
            .collect();
        // Of equal ones the newest first.
        near.sort_unstable_by(|one, other| other.0.total_cmp(&one.0).then(other.1.cmp(&one.1)));
        near.truncate(most);
        near.into_iter().map(|(_, n)| n).collect()
    }
}

fn norm(values: impl Iterator<Item = f32>) -> f32 {
    values.map(|value| value * value).sum::<f32>().sqrt()
}

fn product(query: &[f32], bytes: &[i8]) -> f32 {
    let mut sums = [0.0_f32; LANES];
    let (values, bytes) = (query.chunks_exact(LANES), bytes.chunks_exact(LANES));
    let rest: f32 = values.remainder().iter().zip(bytes.remainder()).map(|(value, byte)| value * f32::from(*byte)).sum();
    for (values, bytes) in values.zip(bytes) {
        for lane in 0..LANES {
            sums[lane] += values[lane] * f32::from(bytes[lane]);
        }
    }
    rest + sums.iter().sum::<f32>()
}

#[cfg(test)]
mod tests {
    use super::*;

    const EVERYWHERE: (i64, i64) = (0, i64::MAX);

    fn vectors(rows: &[(i64, i64, i64, &[f32])]) -> Vectors {
        let mut vectors = Vectors::default();
        for (n, place, language, vector) in rows {
            vectors.put(*n, *place, *language, &stored(vector).expect("a direction"));
        }
        vectors.settle();
        vectors
    }

    fn nearest(vectors: &Vectors, query: &[f32], places: &[i64]) -> Vec<i64> {
        vectors.nearest(query, 0, (&places.iter().copied().collect(), EVERYWHERE.0, EVERYWHERE.1), 10)
    }

    #[test]
    fn a_vector_is_stored_as_its_direction() {
        assert_eq!(stored(&[0.5, -0.25, 0.0]), Some(vec![127, 192, 0]), "-0.25 is -64");
        assert_eq!(stored(&[1e-6, -1e-6]), Some(vec![127, 129]));
        for none in [&[0.0, 0.0][..], &[], &[f32::NAN], &[f32::INFINITY, 1.0]] {
            assert_eq!(stored(none), None, "{none:?}");
        }
    }

    #[test]
    fn what_a_language_has_in_common_says_nothing() {
        // The first two numbers are the language; the others are what is said. Two hundred of each say something else each.
        let mut rows: Vec<(i64, i64, i64, Vec<f32>)> = Vec::new();
        for n in 0..400 {
            let (language, said) = (n % 2, n / 2);
            let mut vector = vec![0.0; 202];
            vector[usize::try_from(language).unwrap()] = 3.0;
            vector[2 + usize::try_from(said).unwrap()] = 1.0;
            rows.push((n, 2, language, vector));
        }
        let rows: Vec<_> = rows.iter().map(|(n, place, language, vector)| (*n, *place, *language, &vector[..])).collect();
        let vectors = vectors(&rows);
        // Asked in language 0 for what message 10 of language 0 and message 11 of language 1 say.
        let found = nearest(&vectors, rows[10].3, &[2]);
        assert_eq!(found.len(), 2, "{found:?}");
        assert!(found.contains(&10) && found.contains(&11), "{found:?}");
    }

    #[test]
    fn only_places_one_may_look_into_are_looked_at() {
        let vectors = vectors(&[(1, 2, 0, &[1.0, 0.0]), (2, 4, 0, &[0.9, 0.1]), (3, 2, 0, &[0.0, 1.0])]);
        assert_eq!(nearest(&vectors, &[1.0, 0.0], &[2, 4]), [1, 2]);
        assert_eq!(nearest(&vectors, &[1.0, 0.0], &[4]), [2]);
        assert_eq!(nearest(&vectors, &[1.0, 0.0], &[]), [] as [i64; 0]);
        let between = vectors.nearest(&[1.0, 0.0], 0, (&HashSet::from([2, 4]), 2, 3), 10);
        assert_eq!(between, [2]);
    }

    #[test]
    fn what_came_and_went_leaves_the_others_as_they_were() {
        let mut vectors = vectors(&[(1, 2, 0, &[1.0, 0.0, 0.0]), (2, 2, 0, &[0.0, 1.0, 0.0]), (3, 2, 0, &[0.0, 0.0, 1.0])]);
        vectors.remove(1);
        vectors.put(2, 2, 0, &stored(&[1.0, 0.2, 0.0]).unwrap());
        vectors.put(4, 2, 0, &stored(&[1.0, 0.0]).unwrap());
        vectors.settle();
        assert_eq!((vectors.len(), vectors.dimensions(), vectors.lowest()), (2, 3, 2), "4 is of another length");
        assert_eq!(nearest(&vectors, &[1.0, 0.0, 0.0], &[2]), [2]);
        assert_eq!(nearest(&vectors, &[0.0, 0.0, 1.0], &[2]), [3]);
        assert_eq!(nearest(&vectors, &[1.0, 0.0], &[2]), [] as [i64; 0], "a query of another length");
        vectors.retain(&HashSet::from([3]));
        assert_eq!((vectors.len(), vectors.bytes.len()), (1, 3));
        vectors.retain(&HashSet::new());
        vectors.settle();
        vectors.put(9, 2, 0, &stored(&[1.0, 1.0]).unwrap());
        assert_eq!((vectors.len(), vectors.dimensions(), vectors.lowest()), (1, 2, 9), "empty, any length will do");
    }
}
