//! What of a message is sent to the service: its words, and nothing that tells who somebody is. Pure.

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use crate::base::guard;

/// Characters that are sent of a message at most: models read no more.
const SENT_MAX: usize = 2_000;
/// What a link to a person is written with.
const PERSON: &str = "person:";
/// How an address on the web begins.
const ADDRESSES: [&str; 2] = ["://", "www."];

/// The words of a body on one line, without people who are called, code, addresses, numbers and whatever else the guard
/// blocks. Empty if nothing is left.
pub(super) fn wording(body: &str, now: i64) -> String {
    let plain = plain(body);
    let addresses = guard::addresses(&plain, now).flat_map(|(found, _)| plain.match_indices(found));
    let mut hidden: Vec<_> = addresses.map(|(start, found)| start..start + found.len()).collect();
    hidden.extend(guard::blocked(&plain, now));
    hidden.sort_by_key(|at| at.start);
    let (mut shown, mut after) = (String::with_capacity(plain.len()), 0);
    for at in hidden {
        shown.push_str(plain.get(after..at.start).unwrap_or_default());
        shown.push(' ');
        after = after.max(at.end);
    }
    shown.push_str(plain.get(after..).unwrap_or_default());
    let words = shown.split_whitespace().filter(|word| !ADDRESSES.iter().any(|sign| word.contains(sign)));
    let line = words.collect::<Vec<_>>().join(" ");
    let sent: String = line.chars().take(SENT_MAX).collect();
    if sent.contains(char::is_alphabetic) { sent } else { String::new() }
}

fn plain(markdown: &str) -> String {
    let mut out = String::with_capacity(markdown.len());
    let (mut in_name, mut in_code) = (false, false);
    for event in Parser::new_ext(markdown, Options::ENABLE_STRIKETHROUGH) {
        match event {
            Event::Text(text) if !in_name && !in_code => out.push_str(&text),
            Event::Start(Tag::Link { dest_url, .. }) => in_name = dest_url.starts_with(PERSON),
            Event::End(TagEnd::Link) => in_name = false,
            Event::Start(Tag::CodeBlock(_)) => in_code = true,
            Event::End(TagEnd::CodeBlock) => in_code = false,
            Event::SoftBreak | Event::HardBreak | Event::End(TagEnd::Paragraph | TagEnd::Item | TagEnd::Heading(_)) => {
                out.push('\n');
            }
            _ => {}
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The middle of November 2026.
    const NOW: i64 = 1_794_700_000_000_000;

    #[test]
    fn words_are_sent_and_not_their_signs() {
        assert_eq!(
            wording("# Plan\n\n**Two** weeks\n- in a [shelter](https://a.example/x)\n- then *home*", NOW),
            "Plan Two weeks in a shelter then home"
        );
        for nothing in ["", "…", "```\ncode\n```", "`12`", "https://a.example/path", "7 / 8"] {
            assert_eq!(wording(nothing, NOW), "", "{nothing}");
        }
        assert_eq!(wording(&"дете ".repeat(2_000), NOW).chars().count(), SENT_MAX);
    }

    #[test]
    fn nothing_leaves_that_tells_who_somebody_is() {
        let id = "01900000-0000-7000-8000-000000000000";
        let body = format!(
            "@[Ana Pop](person:{id}) asks: write to ana.pop@help.example or +40 721 234 567, see www.a.example, code `x1`."
        );
        let sent = wording(&body, NOW);
        for canary in ["Ana", "Pop", "help.example", "721", "www", "x1"] {
            assert!(!sent.contains(canary), "{sent}");
        }
        assert!(sent.contains("write to"), "{sent}");
    }
}
