//! The words of a message as they are handed over: plain, in their lines, and which of them are to stay as they are. Pure.

use std::ops::Range;

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

/// What a link to a person is written with.
const PERSON: &str = "person:";
/// What an address on the web or of a mailbox has in it.
const ADDRESSES: [&str; 3] = ["://", "www.", "@"];
/// From so many digits on a number may be somebody's, whatever stands between them.
const DIGITS: usize = 7;

/// A text without the signs of its Markdown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Plain {
    pub(super) text: String,
    /// Names of people, code, addresses and long numbers: not to be translated, and not to be handed over.
    pub(super) fixed: Vec<Range<usize>>,
}

impl Plain {
    /// Puts something at the end that stays as it is.
    fn fix(&mut self, words: &str) {
        let start = self.text.len();
        self.text.push_str(words);
        self.fixed.push(start..self.text.len());
    }

    /// Ends a line, or leaves one empty; never more than that.
    fn break_line(&mut self, breaks: usize) {
        let there = self.text.len() - self.text.trim_end_matches('\n').len();
        if !self.text.is_empty() {
            self.text.extend(std::iter::repeat_n('\n', breaks.saturating_sub(there)));
        }
    }
}

/// Reads a body.
pub(super) fn plain(markdown: &str) -> Plain {
    let mut out = Plain::default();
    // The numbers of the lists that are open; `None` for one without.
    let mut lists: Vec<Option<u64>> = Vec::new();
    let (mut in_name, mut in_code) = (false, false);
    for event in Parser::new_ext(markdown, Options::ENABLE_STRIKETHROUGH) {
        let apart = if lists.is_empty() { 2 } else { 1 };
        match event {
            Event::Text(words) if in_name || in_code => out.fix(&words),
            Event::Code(words) => out.fix(&words),
            Event::Text(words) | Event::Html(words) | Event::InlineHtml(words) => out.text.push_str(&words),
            Event::SoftBreak | Event::HardBreak => out.break_line(1),
            Event::Start(Tag::Link { dest_url, .. }) => in_name = dest_url.starts_with(PERSON),
            Event::End(TagEnd::Link) => in_name = false,
            Event::Start(Tag::CodeBlock(_)) => in_code = true,
            Event::End(TagEnd::CodeBlock) => {
                in_code = false;
                out.break_line(apart);
            }
            Event::Start(Tag::List(first)) => {
                out.break_line(1);
                lists.push(first);
            }
            Event::End(TagEnd::List(_)) => {
                lists.pop();
                out.break_line(if lists.is_empty() { 2 } else { 1 });
            }
            Event::Start(Tag::Item) => {
                out.break_line(1);
                out.text.push_str(&sign(lists.last_mut().and_then(Option::as_mut)));
            }
            Event::End(TagEnd::Paragraph | TagEnd::Heading(_) | TagEnd::BlockQuote(_) | TagEnd::Item) => out.break_line(apart),
            _ => {}
        }
    }
    out.text.truncate(out.text.trim_end().len());
    fix_addresses(&mut out);
    fix_numbers(&mut out);
    out
}

/// What an item of a list begins with.
fn sign(numbers: Option<&mut u64>) -> String {
    let Some(number) = numbers else { return "- ".into() };
    *number += 1;
    format!("{}. ", *number - 1)
}

fn fix_addresses(plain: &mut Plain) {
    let mut at = 0;
    for word in plain.text.split_inclusive(char::is_whitespace) {
        let start = at;
        at += word.len();
        let bare = word
            .trim_end_matches(|c: char| c.is_whitespace() || matches!(c, '.' | ',' | ';' | ':' | '!' | '?' | ')' | '"' | '»'));
        // What begins with an @ is somebody's name.
        if ADDRESSES.iter().any(|sign| bare.trim_start_matches('@').contains(sign)) {
            plain.fixed.push(start..start + bare.len());
        }
    }
}

fn fix_numbers(plain: &mut Plain) {
    let is_part = |c: char| c.is_ascii_digit() || matches!(c, ' ' | '\u{a0}' | '-' | '.' | '/' | '(' | ')' | '+');
    let mut start = None;
    for (at, c) in plain.text.char_indices().chain([(plain.text.len(), '\n')]) {
        match (is_part(c), start) {
            (true, None) => start = Some(at),
            (false, Some(from)) => {
                plain.fixed.extend(number(&plain.text[from..at]).map(|inner| from + inner.start..from + inner.end));
                start = None;
            }
            _ => {}
        }
    }
}

/// A long number among digits and what stands between them.
fn number(run: &str) -> Option<Range<usize>> {
    let digits = run.bytes().filter(u8::is_ascii_digit).count();
    let first = run.find(|c: char| c.is_ascii_digit() || matches!(c, '+' | '('))?;
    let last = run.rfind(|c: char| c.is_ascii_digit())?;
    (digits >= DIGITS && first <= last).then_some(first..last + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fixed(plain: &Plain) -> Vec<&str> {
        plain.fixed.iter().map(|range| &plain.text[range.clone()]).collect()
    }

    #[test]
    fn lines_and_lists_stay() {
        let read = plain("# Plan\n\n**One** line\nand another\n\n- first\n- second\n\n3. third\n4. fourth\n\n> quoted");
        assert_eq!(read.text, "Plan\n\nOne line\nand another\n\n- first\n- second\n\n3. third\n4. fourth\n\nquoted");
        assert!(read.fixed.is_empty());
    }

    #[test]
    fn names_code_and_addresses_stay_as_they_are() {
        let id = "01900000-0000-7000-8000-000000000000";
        let read = plain(&format!(
            "@[Ana Pop](person:{id}) runs `export --all`, see [the page](https://a.example/x?y) and https://b.example/z."
        ));
        assert_eq!(read.text, "@Ana Pop runs export --all, see the page and https://b.example/z.");
        assert_eq!(fixed(&read), ["Ana Pop", "export --all", "https://b.example/z"]);
        assert_eq!(fixed(&plain("```\nfn x\n```\nafter")), ["fn x\n"]);
    }

    #[test]
    fn mailboxes_and_long_numbers_stay_as_they_are() {
        let read = plain("Call (0721) 123-456, +40 21 000 00 00 or office@centre.example. Three of 12 came in 2026.");
        assert_eq!(fixed(&read), ["office@centre.example", "(0721) 123-456", "+40 21 000 00 00"]);
    }

    #[test]
    fn whatever_it_is_it_is_read() {
        for odd in ["", "   ", "> ".repeat(2_000).as_str(), "[", "<script>alert(1)</script>", "a\u{200D}b", "1. "] {
            let read = plain(odd);
            assert!(read.fixed.iter().all(|range| read.text.get(range.clone()).is_some()), "{odd:?}");
        }
    }
}
