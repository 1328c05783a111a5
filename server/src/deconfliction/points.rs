//! Points of ristretto255 (RFC 9496) as they pass through: the server looks whether they are points, and makes nothing of them. It has
//! no secret, so that it can neither take the blinding off nor tell whether a value is among them.

use std::collections::HashSet;
use std::ops::RangeInclusive;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use curve25519_dalek::ristretto::CompressedRistretto;
use curve25519_dalek::traits::IsIdentity;

/// Bytes of a point.
const POINT: usize = 32;

/// Reads points that were written one after the other: so many, each a canonical encoding of another one than the neutral element, none
/// twice.
///
/// # Errors
/// A problem's code.
pub(super) fn read(text: &str, counts: &RangeInclusive<usize>) -> Result<Vec<u8>, &'static str> {
    let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| "matching_points_invalid")?;
    let (points, rest) = bytes.as_chunks::<POINT>();
    if !rest.is_empty() {
        return Err("matching_points_invalid");
    }
    if !counts.contains(&points.len()) {
        return Err("matching_points_count");
    }
    let mut seen = HashSet::with_capacity(points.len());
    for point in points {
        // Only canonical encodings are taken apart (RFC 9496, 4.3.1).
        let is_point = CompressedRistretto(*point).decompress().is_some_and(|point| !point.is_identity());
        if !is_point {
            return Err("matching_points_invalid");
        }
        if !seen.insert(*point) {
            return Err("matching_points_twice");
        }
    }
    Ok(bytes)
}

/// Whether no point is in two of these sets: one that is, was not blinded by who handed it in.
pub(super) fn are_apart(sets: &[&[u8]]) -> bool {
    let mut seen = HashSet::new();
    sets.iter().flat_map(|set| set.as_chunks::<POINT>().0).all(|point| seen.insert(*point))
}

/// Points as they are written.
pub(super) fn write(points: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(points)
}

#[cfg(test)]
mod tests {
    use curve25519_dalek::ristretto::RistrettoPoint;
    use curve25519_dalek::scalar::Scalar;
    use sha2::{Digest, Sha512};

    use super::*;
    use crate::base::secret;

    /// What both browsers are held to as well (`web/src/features/deconfliction/blinding.test.ts`).
    const VECTORS: &str = include_str!("../../../tests/contract/matching-vectors.json");

    /// `expand_message_xmd` with SHA-512 to 64 bytes (RFC 9380, 5.3.1), which one block gives.
    fn expanded(message: &[u8], domain: &[u8]) -> [u8; 64] {
        let length = [u8::try_from(domain.len()).expect("a short domain")];
        let first = Sha512::new_with_prefix([0_u8; 128])
            .chain_update(message)
            .chain_update([0_u8, 64, 0])
            .chain_update(domain)
            .chain_update(length)
            .finalize();
        Sha512::new_with_prefix(first).chain_update([1_u8]).chain_update(domain).chain_update(length).finalize().into()
    }

    fn hashed(value: &str, domain: &str) -> RistrettoPoint {
        RistrettoPoint::from_uniform_bytes(&expanded(value.as_bytes(), domain.as_bytes()))
    }

    fn some(count: u64) -> Vec<[u8; 32]> {
        (1..=count).map(|n| (RistrettoPoint::from_uniform_bytes(&[7; 64]) * Scalar::from(n)).compress().to_bytes()).collect()
    }

    fn written(points: &[[u8; 32]]) -> String {
        write(points.as_flattened())
    }

    #[test]
    fn the_two_libraries_make_the_same_points() {
        let vectors: serde_json::Value = serde_json::from_str(VECTORS).expect("vectors");
        let domain = vectors["domain"].as_str().expect("a domain");
        for vector in vectors["values"].as_array().expect("a list") {
            let text = |name: &str| vector[name].as_str().expect("a text");
            let point = hashed(text("value"), domain);
            assert_eq!(secret::hex(point.compress().as_bytes()), text("point"));
            let digits = text("secret").bytes().map(|digit| u64::from(digit - b'0'));
            let by = digits.fold(Scalar::ZERO, |sum, digit| sum * Scalar::from(10_u64) + Scalar::from(digit));
            assert_eq!(secret::hex((point * by).compress().as_bytes()), text("blinded"));
        }
    }

    #[test]
    fn points_are_canonical_other_than_neutral_and_of_a_count() {
        let (five, counts) = (some(5), 5..=20);
        assert_eq!(read(&written(&five), &counts), Ok(five.as_flattened().to_vec()));
        assert_eq!(read(&written(&some(4)), &counts), Err("matching_points_count"));
        assert_eq!(read(&written(&some(21)), &counts), Err("matching_points_count"));
        let with = |last: [u8; 32]| read(&written(&[&five[..], &[last]].concat()), &counts);
        assert_eq!(with(five[0]), Err("matching_points_twice"));
        assert_eq!(with([0; 32]), Err("matching_points_invalid"), "the neutral element");
        assert_eq!(with([0xff; 32]), Err("matching_points_invalid"), "beyond the field");
        let mut negative = [0; 32];
        negative[0] = 1;
        assert_eq!(with(negative), Err("matching_points_invalid"), "no square root");
        assert_eq!(read(&written(&five)[1..], &counts), Err("matching_points_invalid"));
        assert_eq!(read("not a point!", &counts), Err("matching_points_invalid"));
    }

    #[test]
    fn who_hands_points_back_as_they_came_is_noticed() {
        let (one, other) = (some(5), some(9));
        assert!(are_apart(&[one.as_flattened(), other[5..].as_flattened()]));
        assert!(!are_apart(&[one.as_flattened(), other[4..].as_flattened()]));
    }

    /// The server holds both lists blinded, and what one of them is blinded again. Whoever guesses a value holds its point.
    #[test]
    fn who_holds_all_that_passes_through_can_not_confirm_a_guess() {
        let domain = "any";
        let fresh = || Scalar::from_bytes_mod_order(secret::random());
        let values: Vec<RistrettoPoint> = ["a", "b", "c", "d", "e"].into_iter().map(|value| hashed(value, domain)).collect();
        let session = || {
            let (asker, answerer) = (fresh(), fresh());
            let once: Vec<RistrettoPoint> = values.iter().map(|value| value * asker).collect();
            let twice: Vec<RistrettoPoint> = once.iter().map(|point| point * answerer).collect();
            let own: Vec<RistrettoPoint> = values.iter().map(|value| value * answerer).collect();
            [once, twice, own].concat()
        };
        let (seen, again) = (session(), session());
        assert!(seen.iter().all(|point| !again.contains(point)), "the same values again share no point");
        // All that can be made of it without a secret: sums and differences, with the guess and with each other.
        let guess = hashed("c", domain);
        let made = |by: Scalar| {
            seen.iter().flat_map(move |point| [point + guess * by, point - guess * by, guess * by]).collect::<Vec<_>>()
        };
        for by in [Scalar::ONE, fresh(), fresh()] {
            assert!(made(by).iter().all(|point| !seen.contains(point) && !point.is_identity()));
        }
    }
}
