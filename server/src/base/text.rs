//! Text as people write it: checked on the way in, folded for comparing and searching.
//!
//! [`fold`] is the one function behind the search index, its queries and every comparison of titles and names.
//! When it changes, [`VERSION`] changes with it and the index is filled anew at the next start.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Stamp of the pipeline that filled an index.
pub const VERSION: &str = "fold-1";

/// Lower case, no accents, Cyrillic in Latin letters, đ as dj, ı as i, final sigma as sigma: what is equal to a reader
/// is equal here. (Finding words by their stem joins this later, behind the same function.)
pub fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    if text.is_ascii() {
        out.extend(text.chars().map(|c| c.to_ascii_lowercase()));
        return out;
    }
    // Letters whose mark is the letter (й, ѓ, ќ) must be met before the marks are taken off.
    for c in text.nfc().flat_map(char::to_lowercase) {
        match latin(c) {
            Some(letters) => out.push_str(letters),
            None if c.is_ascii() => out.push(c),
            None => {
                out.extend(std::iter::once(c).nfkd().filter(|c| !is_combining_mark(*c)).map(|c| if c == 'ς' { 'σ' } else { c }));
            }
        }
    }
    out
}

/// The Latin letters for a Cyrillic one of Serbian, Macedonian or Bulgarian, and for letters that have no accent to lose.
fn latin(c: char) -> Option<&'static str> {
    Some(match c {
        'а' | 'ъ' => "a",
        'б' => "b",
        'в' => "v",
        'г' => "g",
        'д' => "d",
        'ђ' | 'đ' | 'ð' => "dj",
        'ѓ' => "gj",
        'е' | 'ѐ' | 'э' | 'ё' => "e",
        'ж' | 'з' => "z",
        'ѕ' | 'џ' => "dz",
        'и' | 'ѝ' | 'і' | 'ї' | 'ı' | 'ы' => "i",
        'й' | 'ј' => "j",
        'к' => "k",
        'л' | 'ł' => "l",
        'љ' => "lj",
        'м' => "m",
        'н' => "n",
        'њ' => "nj",
        'о' | 'ø' => "o",
        'п' => "p",
        'р' => "r",
        'с' | 'ш' => "s",
        'т' => "t",
        'ћ' | 'ц' | 'ч' => "c",
        'ќ' => "kj",
        'у' => "u",
        'ф' => "f",
        'х' => "h",
        'щ' => "st",
        'ь' => "",
        'ю' => "ju",
        'я' => "ja",
        'ß' => "ss",
        'æ' => "ae",
        'œ' => "oe",
        _ => return None,
    })
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

/// The words of a folded text, as the index cuts them.
pub fn words(folded: &str) -> impl Iterator<Item = &str> {
    folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty())
}

/// Whether a text holds control characters other than line feed and tab, or characters that turn the writing
/// direction of what follows (bidi controls, UAX #9): both can make a text read as what it isn't.
pub fn has_controls(text: &str) -> bool {
    text.chars()
        .any(|c| (c.is_control() && c != '\n' && c != '\t') || matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}'))
}

/// A one-line text for people (a name, a title): trimmed, inner white space single, NFC. `None` if nothing is left,
/// it is longer than `max` characters, or it holds control characters.
pub fn line(text: &str, max: usize) -> Option<String> {
    let joined = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let text: String = joined.nfc().collect();
    let fits = !text.is_empty() && text.chars().count() <= max && !has_controls(&text);
    fits.then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn serbian_is_equal_in_both_scripts() {
        assert_eq!(fold("Жртве трговине децом"), fold("žrtve trgovine decom"));
        assert_eq!(fold("Њујорк, џеп, ћирилица, ђак"), fold("Njujork, džep, ćirilica, đak"));
    }

    #[test]
    fn greek_needs_no_accents_and_no_small_letters() {
        assert_eq!(fold("Εμπορία ανθρώπων, ΟΔΟΣ"), fold("εμπορια ανθρωπων, οδος"));
    }

    #[test]
    fn romanian_and_albanian_need_no_marks() {
        assert_eq!(fold("ușor, fëmijë, İstanbul, ığdır"), "usor, femije, istanbul, igdir");
    }

    #[test]
    fn folding_twice_is_folding_once() {
        for text in ["Đorđe", "ЩЪРБ", "Ξένος ς", "ﬁle ĳ", "ǅ"] {
            assert_eq!(fold(&fold(text)), fold(text), "{text}");
        }
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
}
