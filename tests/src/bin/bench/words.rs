//! Bodies of posts: the length that is asked for, words with the spread that an index meets in life, and a marker by
//! which a receiver knows the post again without parsing the frame.

/// Precedes a post's number in its body; no frame holds it elsewhere before the body.
const MARKER: &str = "egbq";
/// Hexadecimal digits of a post's number.
const DIGITS: usize = 8;

const COMMON: &[&str] = &[
    "the",
    "child",
    "of",
    "and",
    "in",
    "a",
    "to",
    "family",
    "school",
    "we",
    "meeting",
    "border",
    "police",
    "support",
    "is",
    "with",
    "shelter",
    "guardian",
    "for",
    "interview",
    "case",
    "was",
    "social",
    "worker",
    "referral",
    "health",
    "on",
    "procedure",
    "municipality",
    "from",
    "partner",
    "training",
    "report",
    "by",
    "translator",
    "assessment",
    "reception",
    "next",
    "week",
    "form",
];
const STEMS: &[&str] =
    &["pre", "kon", "ras", "dir", "mol", "vest", "or", "tal", "gra", "sin", "bel", "dur", "fen", "hos", "lim", "nar"];

/// The body of post `number`, of exactly `length` bytes: its marker, mostly common words, every fourth a rarer one.
pub(crate) fn body(number: u32, length: usize) -> String {
    let mut text = format!("{MARKER}{number:0DIGITS$x}");
    let mut dice = Dice::new(u64::from(number));
    while text.len() < length {
        text.push(' ');
        if dice.below(4) == 0 {
            for _ in 0..3 {
                text.push_str(STEMS[dice.below(STEMS.len())]);
            }
        } else {
            text.push_str(COMMON[dice.below(COMMON.len())]);
        }
    }
    text.truncate(length);
    if text.ends_with(' ') {
        text.pop();
        text.push('s');
    }
    text
}

/// The number of the post in a `message` frame, if it is one of ours.
pub(crate) fn number_in(frame: &[u8]) -> Option<u32> {
    let at = memchr::memmem::find(frame, MARKER.as_bytes())? + MARKER.len();
    let digits = std::str::from_utf8(frame.get(at..at + DIGITS)?).ok()?;
    u32::from_str_radix(digits, 16).ok()
}

/// Numbers that look random and are the same in every run (splitmix64).
pub(crate) struct Dice(u64);

impl Dice {
    /// Dice for a seed.
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// A number below `limit`.
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^= mixed >> 31;
        usize::try_from(mixed % u64::try_from(limit).unwrap_or(u64::MAX)).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_has_its_length_and_its_number_can_be_found_in_a_frame() {
        for number in [0, 1, 77, 1_000_000] {
            let body = body(number, 300);
            assert_eq!(body.len(), 300);
            let frame = format!(r#"{{"type":"message","message":{{"id":"x","body":"{body}","html":"<p>{body}</p>"}}}}"#);
            assert_eq!(number_in(frame.as_bytes()), Some(number));
        }
        assert_eq!(number_in(br#"{"type":"live"}"#), None);
    }
}
