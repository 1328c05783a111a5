//! Texts that can be shown without what was found in them.

use std::ops::Range;

use crate::finding::{Finding, Severity};

/// Lengths of what is hidden, in characters, and what stands instead: enough to tell a name from a number.
const LENGTHS: [(usize, &str); 2] = [(5, "•••"), (12, "••••••")];
const LONG: &str = "•••••••••";

/// The text with every value replaced. Words that are only advised against stay.
///
/// The findings must be those of this text; what lies outside of it or within a character is left alone.
pub fn mask(text: &str, findings: &[Finding]) -> String {
    let mut spans: Vec<Range<usize>> =
        findings.iter().filter(|finding| finding.severity > Severity::Suggest).map(|finding| finding.span.clone()).collect();
    spans.sort_by_key(|span| (span.start, span.end));
    let mut masked = String::with_capacity(text.len());
    let mut shown = 0;
    let mut spans = spans.into_iter().peekable();
    while let Some(mut span) = spans.next() {
        while let Some(next) = spans.next_if(|next| next.start <= span.end) {
            span.end = span.end.max(next.end);
        }
        let (Some(before), Some(value)) = (text.get(shown..span.start), text.get(span.clone())) else { continue };
        masked.push_str(before);
        let len = value.chars().count();
        masked.push_str(LENGTHS.iter().find(|(most, _)| len <= *most).map_or(LONG, |(_, dots)| dots));
        shown = span.end;
    }
    masked.push_str(text.get(shown..).unwrap_or_default());
    masked
}
