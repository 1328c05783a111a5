//! The seam for the guard, which recognises personal data: what it finds makes a post wait and is covered. Until there is
//! one, nothing is found, and [`super::words::careful`] alone says what is covered.

use std::ops::Range;

/// What of a text may tell who somebody is: bytes of it.
pub(super) fn scan(_text: &str) -> Vec<Range<usize>> {
    Vec::new()
}
