//! Whether a text was copied from another one: eight words in a row, as folded, make a copy. Pure.

use std::collections::HashMap;
use std::ops::Range;

use unicode_normalization::char::is_combining_mark;

use crate::base::text;

/// Words in a row that make a copy: fewer are said alike by chance (decision 0027).
pub(super) const RUN: usize = 8;

/// A text to be looked at, in words.
pub(super) struct Runs {
    words: Vec<Word>,
    /// Where each word stands that begins a run.
    begins: HashMap<String, Vec<usize>>,
}

/// A word, folded, and where it stands (bytes).
struct Word {
    folded: String,
    at: Range<usize>,
}

impl Runs {
    /// Of a text.
    pub(super) fn of(text: &str) -> Self {
        let words = words(text);
        let mut begins: HashMap<String, Vec<usize>> = HashMap::new();
        for (at, word) in words.iter().enumerate().take((words.len() + 1).saturating_sub(RUN)) {
            begins.entry(word.folded.clone()).or_default().push(at);
        }
        Self { words, begins }
    }

    /// How many runs there are.
    pub(super) fn len(&self) -> usize {
        (self.words.len() + 1).saturating_sub(RUN)
    }

    /// The words of a run.
    pub(super) fn run(&self, at: usize) -> impl Iterator<Item = &str> {
        self.words[at..at + RUN].iter().map(|word| word.folded.as_str())
    }

    /// All words.
    pub(super) fn all(&self) -> impl Iterator<Item = &str> {
        self.words.iter().map(|word| word.folded.as_str())
    }

    /// Which runs stand in another text, too.
    pub(super) fn met_in(&self, other: &str) -> Vec<usize> {
        if self.begins.is_empty() {
            return Vec::new();
        }
        let folded = text::fold(&seen(other));
        let words: Vec<&str> = text::words(&folded).collect();
        let mut met = Vec::new();
        for (at, first) in words.iter().enumerate().take((words.len() + 1).saturating_sub(RUN)) {
            let own = self.begins.get(*first).into_iter().flatten();
            met.extend(own.filter(|own| self.run(**own).eq(words[at..at + RUN].iter().copied())));
        }
        met.sort_unstable();
        met.dedup();
        met
    }

    /// Where runs stand in the text (bytes), those that touch each other as one.
    pub(super) fn places(&self, runs: &[usize]) -> Vec<Range<usize>> {
        let mut places: Vec<Range<usize>> = Vec::new();
        let mut last = None;
        for run in runs {
            let (start, end) = (self.words[*run].at.start, self.words[run + RUN - 1].at.end);
            match places.last_mut().filter(|_| last.is_some_and(|last| *run < last + RUN)) {
                Some(place) => place.end = end,
                None => places.push(start..end),
            }
            last = Some(*run);
        }
        places
    }
}

/// What a reader sees of a text: soft hyphens and other signs that show nothing part no words.
fn seen(text: &str) -> std::borrow::Cow<'_, str> {
    if text.chars().all(is_seen) { text.into() } else { text.chars().filter(|c| is_seen(*c)).collect::<String>().into() }
}

fn is_seen(c: char) -> bool {
    c.is_whitespace() || c.is_control() || text::is_visible(c) || is_combining_mark(c)
}

fn words(text: &str) -> Vec<Word> {
    let mut words = Vec::new();
    let mut start = None;
    for (at, c) in text.char_indices().chain([(text.len(), ' ')]) {
        match (c.is_alphanumeric() || is_combining_mark(c) || start.is_some() && !is_seen(c), start) {
            (true, None) => start = Some(at),
            (false, Some(from)) => {
                let folded = text::fold(&seen(&text[from..at]));
                words.extend(text::words(&folded).map(|word| Word { folded: word.to_owned(), at: from..at }));
                start = None;
            }
            _ => {}
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAID: &str = "Two offices plan a joint visit to the reception centre at the border in early spring.";

    fn copied(text: &str, from: &str) -> Vec<String> {
        let runs = Runs::of(text);
        runs.places(&runs.met_in(from)).into_iter().map(|place| text[place].to_owned()).collect()
    }

    #[test]
    fn eight_words_in_a_row_are_a_copy_and_seven_are_none() {
        let eight = "Readers know: two offices plan a joint visit to the end.";
        assert_eq!(copied(eight, SAID), ["two offices plan a joint visit to the"]);
        assert!(copied("Readers know: two offices plan a joint visit to an end.", SAID).is_empty());
        assert_eq!(copied(SAID, SAID), [SAID.trim_end_matches('.')]);
        assert!(copied("", SAID).is_empty() && copied(SAID, "").is_empty());
    }

    #[test]
    fn case_marks_signs_and_alphabets_hide_nothing() {
        let said = "Dva ureda dogovaraju zajednički obilazak prihvatnog centra na granici";
        for text in [
            "DVA UREDA DOGOVARAJU ZAJEDNICKI OBILAZAK PRIHVATNOG CENTRA NA GRANICI",
            "**Dva** ureda – dogovaraju\nzajednički, (obilazak) prihvatnog centra; na granici",
            "Два уреда договарају заједнички обилазак прихватног центра на граници",
            "Dva ure\u{AD}da do\u{200B}govaraju zajednički obilazak prihvatnog centra na granici",
        ] {
            assert_eq!(copied(text, said).len(), 1, "{text}");
        }
    }

    #[test]
    fn what_touches_is_one_place_and_what_does_not_are_two() {
        let other = "An entirely other text about one thing or another one";
        let (first, second) = ("one two three four five six seven eight", "ten nine eight seven six five four three");
        let text = format!("{first} {other} {second}");
        assert_eq!(copied(&text, &format!("{second}. {first}")), [first, second]);
        let long = "a b c d e f g h i j";
        assert_eq!(copied(&format!("{long} {other}"), long), [long]);
    }
}
