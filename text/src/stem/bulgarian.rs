//! The light stemmer.

use std::borrow::Cow;

use super::endings::cut;

pub(super) fn stem(word: &str) -> Cow<'_, str> {
    Cow::Borrowed(cut(word, &["a", "e", "i", "o"], 3))
}
