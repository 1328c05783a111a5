//! Text as people write it: checked on the way in, folded for comparing and searching.
//!
//! [`fold`] is the one function behind the search index, its queries and every comparison of titles and names; it and the rest
//! of the text pipeline have a crate of their own.

pub use egida_text::{fold, words};
use icu_properties::CodePointSetData;
use icu_properties::props::{DefaultIgnorableCodePoint, Emoji, ExtendedPictographic};
use unicode_normalization::UnicodeNormalization;

/// What a name looks like: equal for names that a reader may take for each other, in whatever scripts and with whatever
/// marks they are written (the skeleton of UTS #39, over [`fold`]).
pub fn likeness(name: &str) -> String {
    unicode_security::skeleton(&fold(name)).collect()
}

/// Markdown as it reads without its signs, on one line: for excerpts.
pub fn plain(markdown: &str) -> String {
    use pulldown_cmark::{Event, Options, Parser, TagEnd};
    let mut out = String::with_capacity(markdown.len());
    for event in Parser::new_ext(markdown, Options::ENABLE_STRIKETHROUGH) {
        match event {
            Event::Text(text) | Event::Code(text) | Event::Html(text) | Event::InlineHtml(text) => out.push_str(&text),
            Event::SoftBreak
            | Event::HardBreak
            | Event::Rule
            | Event::End(TagEnd::Paragraph | TagEnd::Item | TagEnd::Heading(_) | TagEnd::CodeBlock) => out.push(' '),
            _ => {}
        }
    }
    out.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether a text holds control characters other than line feed and tab, or characters that turn the writing
/// direction of what follows (bidi controls, UAX #9): both can make a text read as what it isn't.
pub fn has_controls(text: &str) -> bool {
    text.chars()
        .any(|c| (c.is_control() && c != '\n' && c != '\t') || matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}'))
}

/// Marks that nudge the writing direction of what stands beside them (LRM, RLM, ALM). They turn nothing over as the
/// controls above do, and come along when a text is copied out of a document: a body loses them, a name is refused.
fn is_direction_mark(c: char) -> bool {
    matches!(c, '\u{200E}' | '\u{200F}' | '\u{061C}')
}

/// Whether a reader sees something where this character stands. What Unicode lists as `Default_Ignorable_Code_Point` is
/// shown as nothing at all (zero-width spaces and joiners, fillers, variation selectors, tags); so are the annotation
/// marks, and the blank pattern of Braille is as empty as a space.
pub fn is_visible(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_graphic();
    }
    !(c.is_whitespace()
        || c.is_control()
        || matches!(c, '\u{2800}' | '\u{FFF9}'..='\u{FFFB}')
        || CodePointSetData::new::<DefaultIgnorableCodePoint>().contains(c))
}

/// Whether an emoji may begin with this character. What Unicode keeps free for later ones is taken, too, so that next
/// year's emoji need no new version of ours; digits and signs that become emoji as keycaps only are not.
pub fn is_pictograph(c: char) -> bool {
    !c.is_ascii() && (CodePointSetData::new::<Emoji>().contains(c) || CodePointSetData::new::<ExtendedPictographic>().contains(c))
}

/// A text of several lines without direction marks, its separators of lines and paragraphs (U+2028, U+2029) made into
/// line feeds, as its line ends are.
pub fn unified(text: &str) -> String {
    let text = text.replace("\r\n", "\n");
    if text.is_ascii() {
        return text;
    }
    let shown = text.chars().filter(|c| !is_direction_mark(*c));
    shown.map(|c| if matches!(c, '\u{2028}' | '\u{2029}') { '\n' } else { c }).collect()
}

/// A text of several lines for people: trimmed, as [`unified`] has it, empty or not. `None` if it is longer than `max` characters
/// or holds controls.
pub fn paragraphs(text: &str, max: usize) -> Option<String> {
    let text = unified(text.trim());
    (text.chars().count() <= max && !has_controls(&text)).then_some(text)
}

/// An address that a browser opens without doing anything else, and that shows where it leads; `None` for any other, or one of
/// more than `max` bytes.
pub fn address(link: &str, max: usize) -> Option<String> {
    let link = link.trim();
    let host = link.strip_prefix("https://")?.split(['/', '?', '#']).next()?;
    let plain = !host.is_empty() && link.chars().all(|c| c.is_ascii_graphic() && !matches!(c, '"' | '<' | '>' | '\\'));
    (plain && link.len() <= max && !host.contains('@')).then(|| link.to_owned())
}

/// A one-line text for people (a name, a title): trimmed, inner white space single, NFC, without characters that nobody
/// sees outside of an emoji: two names that look the same are the same. `None` if nothing is left, it is longer than
/// `max` characters, or it holds control characters or direction marks.
pub fn line(text: &str, max: usize) -> Option<String> {
    let joined = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if has_controls(&joined) || joined.chars().any(is_direction_mark) {
        return None;
    }
    let seen = seen(&joined);
    let text: String = seen.split_whitespace().collect::<Vec<_>>().join(" ").nfc().collect();
    (text.chars().any(is_visible) && text.chars().count() <= max).then_some(text)
}

/// The text without invisible characters but those that an emoji consists of.
fn seen(text: &str) -> String {
    let (mut in_emoji, mut in_keycap) = (false, false);
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        let joins = matches!(c, '\u{200D}' | '\u{FE0F}' | '\u{E0020}'..='\u{E007F}');
        if c == ' ' || is_visible(c) || (in_emoji && joins) || (in_keycap && c == '\u{FE0F}') {
            out.push(c);
            (in_emoji, in_keycap) = (joins || is_pictograph(c), matches!(c, '0'..='9' | '#' | '*'));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_can_be_taken_for_each_other_look_alike() {
        for (one, other) in [
            ("Razvan Ciocarlescu", "R\u{430}zvan Ciocârlescu"),
            ("Ana Pop", "Αna Ρορ"),
            ("Ана Поп", "Ana Pop"),
            ("Elena Moraru", "E1ena Moraru"),
            ("Elena Moraru", "ELENA MORARU"),
            ("Elena Moraru", "Elena Мoraru"),
        ] {
            assert_eq!(likeness(one), likeness(other), "{one} / {other}");
        }
        assert_ne!(likeness("Ana Pop"), likeness("Ana Popa"));
    }

    #[test]
    fn plain_text_has_no_signs() {
        assert_eq!(plain("**Ana** says:\n\n- `one`\n- [two](https://a.example)\n\n> three"), "Ana says: one two three");
        assert_eq!(plain("@[Ana Pop](person:1) <b>x</b>"), "@Ana Pop <b>x</b>");
        assert_eq!(plain("a  \nb"), "a b");
    }

    #[test]
    fn a_line_is_one_line() {
        assert_eq!(line("  Forced \n begging ", 20).as_deref(), Some("Forced begging"));
        assert_eq!(line(" \n ", 20), None);
        assert_eq!(line("abc", 2), None);
        assert_eq!(line("evil \u{202E}gnp", 20), None);
    }

    #[test]
    fn a_line_shows_something() {
        for nothing in ["\u{200B}", "\u{2060}\u{FEFF}", "\u{3164}", "\u{115F} \u{FFA0}", "\u{2800}", "\u{AD}", "\u{200D}\u{FE0F}"]
        {
            assert_eq!(line(nothing, 20), None, "{nothing:?}");
        }
        for turned in ["Ana\u{200E}", "\u{200F}Ana", "A\u{061C}na", "\u{2067}Ana"] {
            assert_eq!(line(turned, 20), None, "{turned:?}");
        }
    }

    #[test]
    fn lines_that_look_the_same_are_the_same() {
        for same in [
            "Ana\u{200B} Pop",
            "\u{FEFF}Ana Pop",
            "Ana\u{2028}Pop",
            "A\u{AD}na Pop",
            "Ana\u{200D} Pop\u{FE0F}",
            "Ana \u{200B} Pop",
        ] {
            assert_eq!(line(same, 20).as_deref(), Some("Ana Pop"), "{same:?}");
        }
        for emoji in ["❤️ campaign", "👩‍👧 mothers", "step 1️⃣", "🏴󠁧󠁢󠁳󠁣󠁴󠁿"] {
            assert_eq!(line(emoji, 20).as_deref(), Some(emoji));
        }
    }

    #[test]
    fn several_lines_lose_what_only_turns_them() {
        assert_eq!(unified("a\u{200E}b\r\nc\u{2028}d\u{2029}\u{061C}e"), "ab\nc\nd\ne");
        assert_eq!(unified("👩‍👧 ok"), "👩‍👧 ok");
    }
}
