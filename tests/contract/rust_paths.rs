//! The paths that a Rust source names (`crate::base::db::Tx`, `sqlx::Row`), each with its line.
//!
//! Comments and strings are left out, `use` trees are unfolded, `self`, `super` and what a `use` has brought in are
//! resolved, and what stands in an inline module called `tests` is skipped: tests may look behind doors.

use std::iter::Peekable;
use std::str::CharIndices;

/// A path that a source names, from its root: `crate`, or the name of another crate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Named {
    pub(crate) line: usize,
    pub(crate) path: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Token<'a> {
    Word(&'a str),
    /// `::`
    To,
    Sign(char),
}

/// The paths named in the source of a module (`["channels", "http"]`; empty for the crate's root).
pub(crate) fn named(module: &[&str], source: &str) -> Vec<Named> {
    let tokens = tokens(source);
    let mut reader =
        Reader { tokens: &tokens, at: 0, module, inline: Vec::new(), depth: 0, names: Vec::new(), found: Vec::new() };
    while reader.at < tokens.len() {
        reader.step();
    }
    reader.found
}

struct Reader<'a> {
    tokens: &'a [(usize, Token<'a>)],
    at: usize,
    module: &'a [&'a str],
    /// The inline modules we are in, and the depth of braces at which each began.
    inline: Vec<(&'a str, usize)>,
    depth: usize,
    /// What `use` has brought in: a name, and the path it stands for.
    names: Vec<(&'a str, Vec<String>)>,
    found: Vec<Named>,
}

impl<'a> Reader<'a> {
    fn peek(&self, ahead: usize) -> Option<Token<'a>> {
        self.tokens.get(self.at + ahead).map(|(_, token)| *token)
    }

    fn step(&mut self) {
        match (self.peek(0), self.peek(1), self.peek(2)) {
            (Some(Token::Word("mod")), Some(Token::Word(name)), Some(Token::Sign('{'))) => {
                self.depth += 1;
                self.inline.push((name, self.depth));
                self.at += 3;
            }
            (Some(Token::Sign('{')), ..) => {
                self.depth += 1;
                self.at += 1;
            }
            (Some(Token::Sign('}')), ..) => {
                self.inline.pop_if(|(_, began)| *began == self.depth);
                self.depth = self.depth.saturating_sub(1);
                self.at += 1;
            }
            (Some(Token::Word("use")), ..) => {
                self.at += 1;
                // `use ::name` is the same as `use name`.
                self.at += usize::from(self.peek(0) == Some(Token::To));
                self.tree(&[], true);
            }
            (Some(Token::Word(_)), Some(Token::To), _) => self.tree(&[], false),
            _ => self.at += 1,
        }
    }

    /// Reads a path, and the tree it may end in.
    fn tree(&mut self, before: &[&'a str], brings_in: bool) {
        let mut path = before.to_vec();
        let line = self.tokens.get(self.at).map_or(0, |(line, _)| *line);
        loop {
            match self.peek(0) {
                Some(Token::Word(word)) => path.push(word),
                Some(Token::Sign('*')) => {}
                Some(Token::Sign('{')) => return self.branches(&path, brings_in),
                _ => break,
            }
            self.at += 1;
            if self.peek(0) != Some(Token::To) {
                break;
            }
            self.at += 1;
        }
        let mut name = path.iter().rfind(|part| **part != "self").copied();
        if let (Some(Token::Word("as")), Some(Token::Word(other))) = (self.peek(0), self.peek(1)) {
            name = Some(other);
            self.at += 2;
        }
        if let (Some(named), Some(name)) = (self.note(line, &path), name.filter(|_| brings_in)) {
            self.names.push((name, named));
        }
        // A generic argument or an operator after `::`: whoever called goes on from here.
    }

    fn branches(&mut self, path: &[&'a str], brings_in: bool) {
        self.at += 1;
        while let Some(token) = self.peek(0) {
            match token {
                Token::Sign('}') => {
                    self.at += 1;
                    return;
                }
                Token::Word(_) | Token::Sign('{' | '*') => self.tree(path, brings_in),
                _ => self.at += 1,
            }
        }
    }

    /// Takes a path down; the same from its root.
    fn note(&mut self, line: usize, path: &[&str]) -> Option<Vec<String>> {
        if self.inline.iter().any(|(name, _)| *name == "tests") {
            return None;
        }
        let path = self.rooted(path)?;
        self.found.push(Named { line, path: path.clone() });
        Some(path)
    }

    fn rooted(&self, path: &[&str]) -> Option<Vec<String>> {
        // `a::{self, b}` names `a` itself.
        let mut rest = if path.len() > 1 { path.strip_suffix(&["self"]).unwrap_or(path) } else { path };
        let first = *rest.first()?;
        let owned = |parts: &[&str]| parts.iter().copied().map(String::from).collect::<Vec<_>>();
        if !matches!(first, "crate" | "self" | "super") {
            let brought = self.names.iter().rfind(|(name, _)| *name == first && rest.len() > 1);
            return match brought {
                Some((_, stands_for)) => Some([stands_for.clone(), owned(&rest[1..])].concat()),
                None => (first != "Self").then(|| owned(rest)),
            };
        }
        let mut here: Vec<&str> = self.module.iter().copied().chain(self.inline.iter().map(|(name, _)| *name)).collect();
        while let Some((first, after)) = rest.split_first() {
            match *first {
                "crate" => here.clear(),
                "super" => drop(here.pop()),
                "self" => {}
                _ => break,
            }
            rest = after;
        }
        Some([vec!["crate".to_owned()], owned(&here), owned(rest)].concat())
    }
}

fn tokens(source: &str) -> Vec<(usize, Token<'_>)> {
    let mut tokens = Vec::new();
    let mut line = 1;
    let mut chars = source.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let rest = &source[at..];
        match c {
            '\n' => line += 1,
            '/' if rest.starts_with("//") => while chars.next_if(|(_, c)| *c != '\n').is_some() {},
            '/' if rest.starts_with("/*") => line += skip(&mut chars, at + block_comment(rest), source),
            '"' => line += skip(&mut chars, at + string(rest), source),
            'r' | 'b' | 'c' if quoted(rest).is_some() => line += skip(&mut chars, at + quoted(rest).unwrap_or(1), source),
            '\'' => line += skip(&mut chars, at + character(rest), source),
            ':' if rest.starts_with("::") => {
                chars.next();
                tokens.push((line, Token::To));
            }
            c if c == '_' || c.is_alphanumeric() => {
                let end = rest.find(|c: char| c != '_' && !c.is_alphanumeric()).unwrap_or(rest.len());
                skip(&mut chars, at + end, source);
                tokens.push((line, Token::Word(&rest[..end])));
            }
            c if c.is_whitespace() => {}
            c => tokens.push((line, Token::Sign(c))),
        }
    }
    tokens
}

/// Moves on to `end`; how many lines were passed.
fn skip(chars: &mut Peekable<CharIndices<'_>>, end: usize, source: &str) -> usize {
    let mut lines = 0;
    while let Some((at, _)) = chars.next_if(|(at, _)| *at < end) {
        lines += usize::from(source.as_bytes()[at] == b'\n');
    }
    lines
}

fn block_comment(text: &str) -> usize {
    let (mut depth, mut at) = (0_usize, 0);
    while at < text.len() {
        let rest = &text.as_bytes()[at..];
        if rest.starts_with(b"/*") {
            (depth, at) = (depth + 1, at + 2);
        } else if rest.starts_with(b"*/") {
            (depth, at) = (depth - 1, at + 2);
            if depth == 0 {
                return at;
            }
        } else {
            at += 1;
        }
    }
    text.len()
}

/// The length of a plain string literal.
fn string(text: &str) -> usize {
    let mut escaped = false;
    for (at, byte) in text.bytes().enumerate().skip(1) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

/// The length of a literal with a prefix (`b"..."`, `r#"..."#`), if one begins here.
fn quoted(text: &str) -> Option<usize> {
    let prefix = text.find(|c| !matches!(c, 'r' | 'b' | 'c'))?;
    let hashes = text[prefix..].find(|c| c != '#')?;
    let open = prefix + hashes;
    if prefix > 2 || !text[open..].starts_with('"') {
        return None;
    }
    if !text[..prefix].contains('r') {
        return (hashes == 0).then(|| open + string(&text[open..]));
    }
    let close = format!("\"{}", "#".repeat(hashes));
    Some(text[open + 1..].find(&close).map_or(text.len(), |at| open + 1 + at + close.len()))
}

/// The length of a character literal, or of the sign that begins a lifetime.
fn character(text: &str) -> usize {
    let mut chars = text.char_indices().skip(1);
    match chars.next() {
        Some((_, '\\')) => text[2..].char_indices().skip(1).find(|(_, c)| *c == '\'').map_or(1, |(at, _)| at + 3),
        Some(_) => chars.next().filter(|(_, c)| *c == '\'').map_or(1, |(at, _)| at + 1),
        None => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths(module: &[&str], source: &str) -> Vec<String> {
        named(module, source).iter().map(|named| format!("{} {}", named.line, named.path.join("::"))).collect()
    }

    #[test]
    fn trees_are_unfolded() {
        let source = "use crate::{a::{self, B as C, d::*},\n e};\npub use super::x;\nuse anyhow;";
        assert_eq!(
            paths(&["m", "http"], source),
            ["1 crate::a", "1 crate::a::B", "1 crate::a::d", "2 crate::e", "3 crate::m::x", "4 anyhow"]
        );
    }

    #[test]
    fn paths_in_expressions_types_and_attributes_count() {
        let source =
            "#[derive(sqlx::FromRow)]\nstruct A(Vec<crate::b::C>);\nfn f() { $crate::on!(crate::d::<E>::g()); Self::h() }";
        assert_eq!(paths(&["m"], source), ["1 sqlx::FromRow", "2 crate::b::C", "3 crate::on", "3 crate::d"]);
    }

    #[test]
    fn what_was_brought_in_is_known_by_its_whole_path() {
        let source = "use crate::channels::{self, topics as t};\nfn f() { channels::store::g(); t::store::h(); other::i() }";
        assert_eq!(
            paths(&["m"], source),
            [
                "1 crate::channels",
                "1 crate::channels::topics",
                "2 crate::channels::store::g",
                "2 crate::channels::topics::store::h",
                "2 other::i"
            ]
        );
    }

    #[test]
    fn comments_strings_and_tests_do_not_count() {
        let source = "// crate::a::b\n/* crate::c /* nested */ crate::d::e */\nlet s = \"crate::f::g \\\" x::y\";\n\
                      let r = r#\"crate::h::i \" \"#; let c = '\"'; let l: &'a str = b\"x::y\";\n\
                      mod tests {\n use crate::z::y;\n fn f() { if a { b } }\n use crate::w::v;\n}\nuse crate::end;";
        assert_eq!(paths(&[], source), ["10 crate::end"]);
    }

    #[test]
    fn super_is_seen_from_the_module_it_stands_in() {
        let source = "mod inner { use super::a::B; use super::super::c::D; }\nuse super::c::D;";
        assert_eq!(paths(&["m", "http"], source), ["1 crate::m::http::a::B", "1 crate::m::c::D", "2 crate::m::c::D"]);
    }
}
