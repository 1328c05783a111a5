//! Words that make a post wait, and the parts of a text that are covered until somebody has looked: pure.

use std::ops::Range;

use crate::base::text::fold;

/// Stands for what is covered, however long that is: its length would tell something.
pub(super) const COVER: &str = "▒▒▒▒";
/// So many digits in a run of digits and their separators may be a number of a person, an account or a document.
const DIGITS: usize = 5;

/// Whether a trigger can ever be met: it holds a word.
pub(super) fn can_trigger(trigger: &str) -> bool {
    !tokens(trigger).is_empty()
}

/// Where the text holds one of these words or phrases. They are compared folded: whatever the case, accents and script.
pub(super) fn triggered(text: &str, triggers: &[String]) -> Vec<Range<usize>> {
    let said = tokens(text);
    let mut found = Vec::new();
    for trigger in triggers {
        let open = trigger.trim_end().ends_with('*');
        let sought: Vec<_> = tokens(trigger).into_iter().map(|(_, word)| word).collect();
        let Some((last, first)) = sought.split_last() else { continue };
        for window in said.windows(sought.len()) {
            let begins = window.iter().zip(first).all(|((_, word), sought)| word == sought);
            let ends = window.last().is_some_and(|(_, word)| if open { word.starts_with(last) } else { word == last });
            if let (true, Some((from, _)), Some((to, _))) = (begins && ends, window.first(), window.last()) {
                found.push(from.start..to.end);
            }
        }
    }
    found
}

/// The words of a text, where they stand and folded.
fn tokens(text: &str) -> Vec<(Range<usize>, String)> {
    runs(text, char::is_alphanumeric).into_iter().map(|span| (span.clone(), fold(&text[span]))).collect()
}

/// The longest runs of characters of a kind.
fn runs(text: &str, of: impl Fn(char) -> bool) -> Vec<Range<usize>> {
    let mut runs: Vec<Range<usize>> = Vec::new();
    for (at, c) in text.char_indices().filter(|(_, c)| of(*c)) {
        match runs.last_mut() {
            Some(run) if run.end == at => run.end = at + c.len_utf8(),
            _ => runs.push(at..at + c.len_utf8()),
        }
    }
    runs
}

/// What is covered in any case, whatever was found: long numbers, however they are grouped, and everything with an `@`. It
/// covers too much rather than too little; who needs to know uncovers it, and that is recorded.
pub(super) fn careful(text: &str) -> Vec<Range<usize>> {
    let numbers = runs(text, |c| c.is_numeric() || matches!(c, ' ' | '-' | '.' | '/' | '(' | ')' | '+' | '\u{A0}'));
    let numbers = numbers.into_iter().filter(|span| text[span.clone()].chars().filter(|c| c.is_numeric()).count() >= DIGITS);
    // Letters that belong to a number: a plate, the beginning of an account's.
    let with_letters = runs(text, char::is_alphanumeric).into_iter().filter(|span| {
        let word = &text[span.clone()];
        word.chars().filter(|c| c.is_numeric()).count() >= 3 && word.chars().any(char::is_alphabetic)
    });
    let addresses = runs(text, |c| !c.is_whitespace()).into_iter().filter(|span| text[span.clone()].contains('@'));
    numbers.map(|span| trimmed(text, span)).chain(with_letters).chain(addresses).collect()
}

/// A run of a number without the separators around it.
fn trimmed(text: &str, span: Range<usize>) -> Range<usize> {
    let inner = text[span.clone()].trim_matches(|c: char| !c.is_numeric());
    let start = span.start + text[span].find(inner).unwrap_or_default();
    start..start + inner.len()
}

/// The text with these parts covered. Parts that overlap are covered together; what is no part of the text is left out.
pub(super) fn cover(text: &str, spans: &[Range<usize>]) -> String {
    let mut spans: Vec<_> =
        spans.iter().filter(|span| !span.is_empty() && text.get((*span).clone()).is_some()).cloned().collect();
    spans.sort_by_key(|span| span.start);
    let (mut out, mut at) = (String::with_capacity(text.len()), 0);
    for span in spans {
        if span.start >= at {
            out.push_str(&text[at..span.start]);
            out.push_str(COVER);
        }
        at = at.max(span.end);
    }
    out.push_str(&text[at..]);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hits(text: &str, triggers: &[&str]) -> Vec<String> {
        let triggers: Vec<_> = triggers.iter().map(|word| (*word).to_owned()).collect();
        triggered(text, &triggers).into_iter().map(|span| text[span].to_owned()).collect()
    }

    #[test]
    fn words_are_met_in_every_case_and_script_and_phrases_in_their_order() {
        assert_eq!(hits("Broj Pasoša, молим", &["pasosa"]), ["Pasoša"]);
        assert_eq!(hits("број пасоша", &["pasoš*"]), ["пасоша"]);
        assert_eq!(hits("the pass and the passport", &["pass"]), ["pass"]);
        assert_eq!(hits("the pass and the passport", &["pass*"]), ["pass", "passport"]);
        assert_eq!(hits("Safe   house, near the house safe", &["safe house"]), ["Safe   house"]);
        assert_eq!(hits("nothing", &["*", "?!"]), Vec::<String>::new());
        assert!(!can_trigger(" * ") && can_trigger("a*"));
    }

    fn careful_cover(text: &str) -> String {
        cover(text, &careful(text))
    }

    #[test]
    fn long_numbers_and_addresses_are_covered_and_years_and_ages_are_not() {
        assert_eq!(careful_cover("Call +381 64 555-01 23 today"), format!("Call +{COVER} today"));
        assert_eq!(careful_cover("id 0101990710008."), format!("id {COVER}."));
        assert_eq!(careful_cover("write to mara@x.example now"), format!("write to {COVER} now"));
        assert_eq!(careful_cover("plate BG1234XX seen"), format!("plate {COVER} seen"));
        assert_eq!(careful_cover("12 of 2026, aged 14-15"), "12 of 2026, aged 14-15");
    }

    #[test]
    fn covered_parts_may_overlap_and_must_lie_in_the_text() {
        assert_eq!(cover("abcdef", &[1..3, 2..4]), format!("a{COVER}ef"));
        assert_eq!(cover("abcdef", &[2..4, 0..1, 2..3]), format!("{COVER}b{COVER}ef"));
        assert_eq!(cover("даница", &[0..1, 3..3, 4..99]), "даница", "half a letter, nothing, and beyond the end");
        assert_eq!(cover("даница", &[0..2, 4..6]), format!("{COVER}а{COVER}ица"));
    }
}
