//! The part of a text that a search has found, with its hits marked in the text as it was written. Pure.

use serde::Serialize;
use utoipa::ToSchema;

use crate::base::text;

/// Characters around the first hit.
const AROUND: usize = 90;

/// A piece of an excerpt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct Piece {
    text: String,
    /// Whether it is what was looked for.
    hit: bool,
}

/// Cuts `body` around the first word that is one of those that were looked for, which `shows` knows folded.
pub(super) fn excerpt(body: &str, shows: impl Fn(&str) -> bool) -> Vec<Piece> {
    let hits: Vec<(usize, usize)> = spans(body).filter(|(from, to)| shows(&text::fold(&body[*from..*to]))).collect();
    let first = hits.first().map_or(0, |hit| hit.0);
    let start = step(body, first, -i64::try_from(AROUND / 3).unwrap_or(0));
    // Not in the middle of a word, where there is a blank to begin at.
    let start = if start == 0 { 0 } else { body[start..first].find(' ').map_or(start, |blank| start + blank + 1) };
    let end = step(body, first, i64::try_from(AROUND * 2).unwrap_or(0));
    let end = if end == body.len() {
        end
    } else {
        body[first..end].rfind(' ').filter(|blank| *blank > AROUND).map_or(end, |blank| first + blank)
    };
    let mut pieces = Vec::new();
    let mut push = |text: &str, hit: bool| {
        if !text.is_empty() {
            pieces.push(Piece { text: text.replace('\n', " "), hit });
        }
    };
    if start > 0 {
        push("…", false);
    }
    let mut at = start;
    for (from, to) in hits.into_iter().filter(|(from, to)| *from >= start && *to <= end) {
        push(&body[at..from], false);
        push(&body[from..to], true);
        at = to;
    }
    push(&body[at..end], false);
    if end < body.len() {
        push("…", false);
    }
    pieces
}

/// The words of a text as byte ranges.
fn spans(body: &str) -> impl Iterator<Item = (usize, usize)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let from = at + body[at..].find(char::is_alphanumeric)?;
        let to = body[from..].find(|c: char| !c.is_alphanumeric()).map_or(body.len(), |length| from + length);
        at = to;
        Some((from, to))
    })
}

/// The byte place `by` characters from `at`.
fn step(body: &str, at: usize, by: i64) -> usize {
    let count = usize::try_from(by.unsigned_abs()).unwrap_or(0);
    if by < 0 {
        body[..at].char_indices().rev().nth(count.saturating_sub(1)).map_or(0, |(place, _)| place)
    } else {
        body[at..].char_indices().nth(count).map_or(body.len(), |(place, _)| at + place)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hits_are_marked_as_they_were_written() {
        let pieces = excerpt("Помоћ за жртве трговине.", |word| word == "zrtve");
        let hits: Vec<_> = pieces.iter().filter(|piece| piece.hit).map(|piece| piece.text.as_str()).collect();
        assert_eq!(hits, ["жртве"]);
        assert_eq!(pieces.iter().map(|piece| piece.text.as_str()).collect::<String>(), "Помоћ за жртве трговине.");
    }

    #[test]
    fn long_texts_are_cut_around_the_first_hit() {
        let body = format!("{} needle {}", "žito ".repeat(100), "ž".repeat(600));
        let pieces = excerpt(&body, |word| word == "needle");
        assert!(pieces.iter().any(|piece| piece.hit && piece.text == "needle"));
        assert!(pieces.iter().map(|piece| piece.text.chars().count()).sum::<usize>() <= 3 * AROUND);
        assert_eq!(pieces.first().map(|piece| piece.text.as_str()), Some("…"));
    }

    #[test]
    fn without_a_hit_it_is_the_beginning() {
        assert_eq!(excerpt("abc", |_| false), [Piece { text: "abc".into(), hit: false }]);
        assert!(excerpt("", |_| false).is_empty());
    }
}
