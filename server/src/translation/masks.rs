//! Placeholders that come through a machine unchanged: what goes behind them, and how it comes back. Pure.

use std::fmt::Write;
use std::ops::Range;

use super::model::TranslatedTerm;
use super::terms::{self, Concept};
use super::words::Plain;

/// Letters that stand after the X of a placeholder, the first that the text has none of.
const SIGNS: [char; 6] = ['G', 'Q', 'Z', 'J', 'W', 'V'];
/// How a service may write the X and the first sign of a placeholder when it takes them for a word of another script.
const ALIKE: [(char, &str); 2] = [('X', "xXхХχΧ"), ('G', "gGгГ")];

/// Something behind a placeholder.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Mask {
    /// It comes back as it was.
    Fixed(String),
    /// A term, as it stood there, of this concept.
    Term(String, usize),
}

/// A text as it is handed over.
#[derive(Clone, Debug)]
pub(super) struct Masked {
    /// With the placeholders `XG1X`, `XG2X`, …
    pub(super) text: String,
    sign: char,
    masks: Vec<Mask>,
}

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Unmasked {
    pub(super) text: String,
    pub(super) terms: Vec<TranslatedTerm>,
    /// How many of the others are gone.
    pub(super) lost: usize,
}

impl Masked {
    /// Puts behind placeholders what is `secret`, what stays as it is, and every term of the glossary.
    pub(super) fn new(plain: &Plain, secret: Vec<Range<usize>>, concepts: &[Concept]) -> Self {
        let text = &plain.text;
        let fixed = joined(secret.into_iter().chain(plain.fixed.iter().cloned()).collect());
        let clear = |at: &Range<usize>| fixed.iter().all(|fixed| at.end <= fixed.start || fixed.end <= at.start);
        let named = terms::named(text, concepts).into_iter().filter(|named| clear(&named.at));
        let mut found: Vec<_> = named.map(|named| (named.at, Some(named.concept))).collect();
        found.extend(fixed.iter().map(|at| (at.clone(), None)));
        found.sort_by_key(|(at, _)| at.start);
        let sign = SIGNS.into_iter().find(|sign| !holds(text, *sign)).unwrap_or(SIGNS[0]);
        let mut masked = Self { text: String::with_capacity(text.len()), sign, masks: Vec::new() };
        let mut after = 0;
        for (at, concept) in found {
            masked.text.push_str(&text[after..at.start]);
            after = at.end;
            let was = text[at].to_owned();
            masked.masks.push(match concept {
                Some(concept) => Mask::Term(was, concept),
                None => Mask::Fixed(was),
            });
            let _ = write!(masked.text, "X{sign}{}X", masked.masks.len());
        }
        masked.text.push_str(&text[after..]);
        masked
    }

    /// Takes the placeholders off an answer: terms are those of the language.
    pub(super) fn unmask(&self, answer: &str, to: &str, concepts: &[Concept]) -> Unmasked {
        let to = if to == "sr" { serbian(answer) } else { to };
        let shown: Vec<_> = self.masks.iter().map(|mask| mask.shown(to, concepts)).collect();
        let mut seen = vec![false; shown.len()];
        let mut text = String::with_capacity(answer.len());
        let mut rest = answer;
        while let Some(c) = rest.chars().next() {
            let known = placeholder(rest, self.sign).filter(|(number, _)| (1..=shown.len()).contains(number));
            if let Some((number, length)) = known {
                text.push_str(&shown[number - 1]);
                seen[number - 1] = true;
                rest = &rest[length..];
            } else {
                text.push(c);
                rest = &rest[c.len_utf8()..];
            }
        }
        let mut unmasked = Unmasked { text, terms: Vec::new(), lost: 0 };
        for ((mask, shown), seen) in self.masks.iter().zip(shown).zip(seen) {
            match mask {
                Mask::Term(was, _) => unmasked.tell(was, shown, seen),
                Mask::Fixed(_) => unmasked.lost += usize::from(!seen),
            }
        }
        unmasked
    }
}

impl Mask {
    /// What stands in its place in a translation. A term that the glossary doesn't have in the language stays as it was.
    fn shown(&self, to: &str, concepts: &[Concept]) -> String {
        match self {
            Self::Fixed(was) => was.clone(),
            Self::Term(was, concept) => match concepts.get(*concept).and_then(|concept| concept.term(to)) {
                Some(term) if was.starts_with(char::is_uppercase) => capitalised(term),
                Some(term) => term.to_owned(),
                None => was.clone(),
            },
        }
    }
}

impl Unmasked {
    /// Notes a term; one that stands there several times is named once, and is kept if it is every time.
    fn tell(&mut self, from: &str, to: String, kept: bool) {
        match self.terms.iter_mut().find(|term| term.from == from && term.to == to) {
            Some(term) => term.kept &= kept,
            None => self.terms.push(TranslatedTerm { from: from.to_owned(), to, kept }),
        }
    }
}

fn capitalised(term: &str) -> String {
    let mut letters = term.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// The ranges in order, those that touch each other as one.
fn joined(mut ranges: Vec<Range<usize>>) -> Vec<Range<usize>> {
    ranges.retain(|range| !range.is_empty());
    ranges.sort_by_key(|range| range.start);
    let mut out: Vec<Range<usize>> = Vec::with_capacity(ranges.len());
    for range in ranges {
        match out.last_mut() {
            Some(last) if range.start < last.end => last.end = last.end.max(range.end),
            _ => out.push(range),
        }
    }
    out
}

/// Whether a text holds something that could be taken for a placeholder with this sign.
fn holds(text: &str, sign: char) -> bool {
    text.char_indices().any(|(at, _)| placeholder(&text[at..], sign).is_some())
}

/// The placeholder that a text begins with, as its number and its length: in either case, with blanks in it, and in letters
/// of another script that look like it.
fn placeholder(text: &str, sign: char) -> Option<(usize, usize)> {
    let after = |rest: &str, letter: char| {
        let rest = rest.trim_start_matches(' ');
        let first = rest.chars().next()?;
        is_alike(first, letter).then_some(rest.len() - first.len_utf8())
    };
    let first = text.chars().next().filter(|first| is_alike(*first, 'X'))?;
    let left = after(&text[first.len_utf8()..], sign)?;
    let number = text[text.len() - left..].trim_start_matches(' ');
    let digits = number.len() - number.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let left = after(&number[digits..], 'X')?;
    Some((number[..digits].parse().ok()?, text.len() - left))
}

fn is_alike(c: char, letter: char) -> bool {
    let others = ALIKE.iter().find(|(known, _)| *known == letter).map_or("", |(_, others)| others);
    c.eq_ignore_ascii_case(&letter) || others.contains(c)
}

/// Which Serbian a text is written in.
fn serbian(text: &str) -> &'static str {
    let cyrillic = text.chars().filter(|c| matches!(c, '\u{400}'..='\u{45F}')).count();
    let latin = text.chars().filter(char::is_ascii_alphabetic).count();
    if cyrillic > latin { "sr-Cyrl" } else { "sr-Latn" }
}

#[cfg(test)]
mod tests {
    use super::super::words::plain;
    use super::*;

    fn masked(text: &str) -> Masked {
        Masked::new(&plain(text), Vec::new(), &terms::shipped())
    }

    #[test]
    fn terms_are_forced_whatever_the_machine_makes_of_the_rest() {
        let masked = masked("Trgovina decom i prinudno prosjačenje rastu.");
        assert_eq!(masked.text, "XG1X i XG2X rastu.");
        let back = masked.unmask("XG1X et xg2x augmentent.", "fr", &terms::shipped());
        assert_eq!(back.text, "Traite des enfants et mendicité forcée augmentent.");
        assert_eq!(
            back.terms.iter().map(|term| (term.from.as_str(), term.to.as_str(), term.kept)).collect::<Vec<_>>(),
            [("Trgovina decom", "Traite des enfants", true), ("prinudno prosjačenje", "mendicité forcée", true),]
        );
    }

    #[test]
    fn placeholders_come_back_in_disguise() {
        let masked = masked("forced begging");
        for answer in ["XG1X", "xg1x", "X G 1 X", "XG 1X", "ХГ1Х", "хг1х"] {
            assert_eq!(masked.unmask(answer, "ro", &terms::shipped()).text, "cerșetorie forțată", "{answer}");
        }
        for none in ["XG2X", "XGX", "XG1", "G1X", "XQ1X"] {
            let back = masked.unmask(none, "ro", &terms::shipped());
            assert_eq!((back.text.as_str(), back.terms[0].kept), (none, false));
        }
    }

    #[test]
    fn what_is_lost_is_told() {
        let masked = masked("See `a` and https://b.example about forced begging");
        let back = masked.unmask("Voir", "fr", &terms::shipped());
        assert_eq!((back.text.as_str(), back.lost, back.terms[0].kept), ("Voir", 2, false));
    }

    #[test]
    fn what_is_secret_is_not_handed_over() {
        let text = "Call 0721 123 456 about forced begging";
        let masked = Masked::new(&plain(text), std::iter::once(5..17).collect(), &terms::shipped());
        assert_eq!(masked.text, "Call XG1X about XG2X");
        assert_eq!(masked.unmask(&masked.text, "en", &terms::shipped()).text, text);
        let across = Masked::new(&plain("forced begging"), std::iter::once(7..14).collect(), &terms::shipped());
        assert_eq!(across.text, "forced XG1X", "no term reaches into it");
    }

    #[test]
    fn a_text_that_speaks_of_placeholders_keeps_them() {
        let masked = masked("xg1x means forced begging");
        assert_eq!(masked.text, "xg1x means XQ1X");
        assert_eq!(masked.unmask(&masked.text, "en", &terms::shipped()).text, "xg1x means forced begging");
    }

    #[test]
    fn serbian_terms_are_in_the_script_of_the_answer() {
        let masked = masked("about child trafficking");
        assert_eq!(masked.unmask("o XG1X", "sr", &terms::shipped()).text, "o trgovina decom");
        assert_eq!(masked.unmask("је опасно XG1X", "sr", &terms::shipped()).text, "је опасно трговина децом");
        assert_eq!(masked.unmask("über XG1X", "de", &terms::shipped()).text, "über child trafficking");
    }
}
