//! How what means the same is put among what has the words. Pure.

use std::collections::HashMap;

/// How little it matters whether something is the first or the second of a ranking (Cormack, Clarke and Büttcher, 2009).
const EVENNESS: f64 = 60.0;

/// One ranking of two. What has all the words stays as it stood, with whatever stands above it: `whole` says which of the
/// messages found by their words have all. Behind the last of these both rankings count by what they have left, each message
/// with the sum of 1 / (60 + its rank); of equal ones, that with words first.
pub(super) fn fused(by_words: &[i64], whole: impl Fn(i64) -> bool, by_meaning: &[i64]) -> Vec<i64> {
    let fixed = by_words.iter().rposition(|n| whole(*n)).map_or(0, |last| last + 1);
    let (first, rest) = by_words.split_at(fixed);
    let meant: Vec<i64> = by_meaning.iter().filter(|n| !first.contains(n)).copied().collect();
    let mut worth: HashMap<i64, f64> = HashMap::new();
    let mut order: Vec<i64> = Vec::new();
    for ranking in [rest, &meant] {
        for (rank, n) in (1_u32..).zip(ranking) {
            let sum = worth.entry(*n).or_insert_with(|| {
                order.push(*n);
                0.0
            });
            *sum += 1.0 / (EVENNESS + f64::from(rank));
        }
    }
    order.sort_by(|one, other| worth[other].total_cmp(&worth[one]));
    first.iter().copied().chain(order).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_all_the_words_stays_where_it_is() {
        let whole = |n| n < 10;
        assert_eq!(fused(&[1, 2, 3], whole, &[50, 3, 1]), [1, 2, 3, 50]);
        assert_eq!(fused(&[1, 20, 3], whole, &[20, 50]), [1, 20, 3, 50], "nor does what stands above it move");
        assert_eq!(fused(&[], whole, &[50, 51]), [50, 51]);
        assert_eq!(fused(&[1, 20, 21], whole, &[]), [1, 20, 21]);
    }

    #[test]
    fn what_has_fewer_words_and_means_it_comes_before_what_does_one_of_both() {
        let fused = fused(&[1, 20, 21, 22], |n| n < 10, &[50, 22, 51]);
        assert_eq!(fused, [1, 22, 20, 50, 21, 51]);
    }
}
