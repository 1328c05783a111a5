//! Plain text: UTF-8, and nothing that a browser would take for a page or a program.

use super::Refusal;
use crate::files::model::ending;

/// What a page, a picture or data in XML begins with.
const MARKUP: [&str; 8] = ["<!doctype", "<html", "<?xml", "<svg", "<script", "<!--", "<head", "<body"];

/// The text of a file.
pub(super) fn look(name: &str, bytes: &[u8]) -> Result<String, Refusal> {
    // Programs and pages are text as well: only what calls itself text is taken for it.
    if ending(name).is_some_and(|ending| ending != "txt") {
        return Err(Refusal::FileTypeRefused);
    }
    let text = std::str::from_utf8(bytes).map_err(|_| Refusal::FileTypeRefused)?;
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    if text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t' | '\u{C}')) {
        return Err(Refusal::FileTypeRefused);
    }
    let start: String = text.trim_start().chars().take(16).collect::<String>().to_ascii_lowercase();
    if MARKUP.iter().any(|markup| start.starts_with(markup)) || start.starts_with("#!") {
        return Err(Refusal::FileTypeRefused);
    }
    Ok(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_text_and_nothing_that_a_browser_would_run() {
        assert_eq!(look("notes.txt", "\u{FEFF}Белешке\r\n\tи још".as_bytes()).as_deref(), Ok("Белешке\r\n\tи још"));
        assert!(look("README", b"plain").is_ok());
        for (name, bytes) in [
            ("a.txt", b"<!DOCTYPE html><p>".as_slice()),
            ("a.txt", b"\n  <svg xmlns='x'>"),
            ("a.txt", b"<?xml version='1.0'?>"),
            ("a.txt", b"#!/bin/sh"),
            ("a.txt", b"a\0b"),
            ("a.txt", b"\xff\xfe"),
            ("a.js", b"alert(1)"),
            ("a.html", b"hello"),
        ] {
            assert_eq!(look(name, bytes), Err(Refusal::FileTypeRefused), "{name} {bytes:?}");
        }
    }
}
