//! A query as somebody types it: words, "phrases", -exclusions and operators. Pure.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use uuid::Uuid;

use crate::base::text;

/// Characters of a query at most.
const MAX: usize = 400;
/// Words of a query at most.
const WORDS_MAX: usize = 24;
/// Words of at least this length also find what begins with them.
const PREFIX_FROM: usize = 4;

/// Who has said something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Author {
    /// `me`.
    Me,
    /// An account.
    Account(Uuid),
    /// Folded words with single blanks between them, with which a part of a name begins.
    Name(String),
}

/// A query, understood.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Query {
    /// Words and phrases that must be there, folded.
    pub(super) wanted: Vec<String>,
    /// Words and phrases that must not.
    pub(super) unwanted: Vec<String>,
    /// `in:` slug, name or id of channels, as typed; a message is in one of them.
    pub(super) channels: Vec<String>,
    /// `from:` people; one of them has said it.
    pub(super) from: Vec<Author>,
    /// `after:` microseconds, inclusive.
    pub(super) since: Option<i64>,
    /// `before:` microseconds, exclusive.
    pub(super) until: Option<i64>,
    /// `country:` codes.
    pub(super) countries: Vec<String>,
    /// `theme:` slugs.
    pub(super) themes: Vec<String>,
    /// `is:resolved`, `is:unresolved`.
    pub(super) resolved: Option<bool>,
}

impl Query {
    /// Understands a query.
    ///
    /// # Errors
    /// A sentence saying what can't be understood.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        if text.chars().count() > MAX {
            return Err(format!("A query has at most {MAX} characters"));
        }
        let mut query = Self::default();
        for (excluded, term) in terms(text)? {
            query.take(excluded, &term)?;
        }
        if query.wanted.len() + query.unwanted.len() > WORDS_MAX {
            return Err(format!("A query has at most {WORDS_MAX} words"));
        }
        if query == Self::default() {
            return Err("Type a word to look for".into());
        }
        // With anything beside them exclusions make sense: "resolved topics, but not about this".
        if !query.unwanted.is_empty() && query == (Self { unwanted: query.unwanted.clone(), ..Self::default() }) {
            return Err("A query can't consist of exclusions alone".into());
        }
        Ok(query)
    }

    fn take(&mut self, excluded: bool, term: &Term) -> Result<(), String> {
        match term {
            Term::Operator(name, _) if excluded => Err(format!("{name}: can't be excluded, only words and phrases can")),
            Term::Operator(name, value) => self.operator(name, value),
            // What reads as one word but is cut into several (a date, a compound) is looked for as a phrase.
            Term::Words(words) => {
                let folded = folded(words);
                if !folded.is_empty() {
                    self.words(excluded).push(folded);
                }
                Ok(())
            }
        }
    }

    fn words(&mut self, excluded: bool) -> &mut Vec<String> {
        if excluded { &mut self.unwanted } else { &mut self.wanted }
    }

    fn operator(&mut self, operator: &str, value: &str) -> Result<(), String> {
        let value = value.trim();
        if folded(value).is_empty() {
            return Err(format!("{operator}: needs a value, as in {}", example(operator)));
        }
        match operator {
            "in" => self.channels.push(value.trim_start_matches('#').to_owned()),
            "from" => self.from.push(author(value.trim_start_matches('@'))),
            "before" => self.until = Some(day(operator, value)?),
            "after" => self.since = Some(day(operator, value)?),
            "country" => {
                let code = value.to_uppercase();
                if !crate::vocabulary::is_country(&code) {
                    return Err(format!("country:{value} is none of the region's countries, as in {}", example(operator)));
                }
                self.countries.push(code);
            }
            "theme" => {
                let slug = value.to_lowercase();
                if !crate::vocabulary::is_theme(&slug) {
                    return Err(format!("theme:{value} is none of the themes, as in {}", example(operator)));
                }
                self.themes.push(slug);
            }
            _ => {
                self.resolved = match value.to_lowercase().as_str() {
                    "resolved" => Some(true),
                    "unresolved" | "open" => Some(false),
                    _ => return Err(format!("is:{value} is not known, as in {}", example(operator))),
                }
            }
        }
        Ok(())
    }

    /// Whether more is asked than the index knows.
    pub(super) fn is_narrowed(&self) -> bool {
        self.resolved.is_some() || !self.countries.is_empty() || !self.themes.is_empty()
    }

    /// The index's own query for the words, exactly as typed or also as beginnings of longer words.
    pub(super) fn expression(&self, keys: &str, prefixes: bool) -> String {
        let quoted = |word: &String, prefixes: bool| {
            let star = if prefixes && !word.contains(' ') && word.chars().count() >= PREFIX_FROM { "*" } else { "" };
            format!("\"{word}\"{star}")
        };
        let mut expression = format!("keys : ({keys})");
        if !self.wanted.is_empty() {
            let words: Vec<_> = self.wanted.iter().map(|word| quoted(word, prefixes)).collect();
            expression = format!("{expression} AND text : ({})", words.join(" AND "));
        }
        if !self.unwanted.is_empty() {
            let words: Vec<_> = self.unwanted.iter().map(|word| quoted(word, false)).collect();
            expression = format!("({expression}) NOT text : ({})", words.join(" OR "));
        }
        expression
    }
}

fn author(value: &str) -> Author {
    match value.parse() {
        Ok(account) => Author::Account(account),
        Err(_) if value.eq_ignore_ascii_case("me") => Author::Me,
        Err(_) => Author::Name(folded(value)),
    }
}

/// The folded words of a text with single blanks between them.
fn folded(value: &str) -> String {
    text::words(&text::fold(value)).collect::<Vec<_>>().join(" ")
}

fn is_operator(word: &str) -> bool {
    ["in", "from", "before", "after", "country", "theme", "is"].contains(&word.to_lowercase().as_str())
}

fn example(operator: &str) -> &'static str {
    match operator {
        "in" => "in:lobby",
        "from" => "from:ana",
        "before" => "before:2026-01-31",
        "after" => "after:2026-01-01",
        "country" => "country:RO",
        "theme" => "theme:forced-begging",
        _ => "is:resolved",
    }
}

/// The start of a day in UTC (microseconds).
fn day(operator: &str, value: &str) -> Result<i64, String> {
    let wrong = || format!("{operator}:{value} is not a date, as in {}", example(operator));
    let date: Date = value.parse().map_err(|_| wrong())?;
    let start = TimeZone::UTC.to_timestamp(date.at(0, 0, 0, 0)).map_err(|_| wrong())?;
    Ok(start.as_microsecond())
}

enum Term {
    /// A word or a phrase.
    Words(String),
    /// An operator, lower case, and its value.
    Operator(String, String),
}

/// Opens a quotation; any of [`CLOSING`] ends it.
const OPENING: [char; 4] = ['"', '“', '„', '«'];
const CLOSING: [char; 4] = ['"', '”', '“', '»'];

/// Cuts a query at white space, but not inside quotation marks, which may also stand around an operator's value.
fn terms(text: &str) -> Result<Vec<(bool, Term)>, String> {
    let mut terms = Vec::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let excluded = rest.len() > 1 && rest.starts_with('-') && !rest[1..].starts_with(char::is_whitespace);
        rest = if excluded { &rest[1..] } else { rest };
        let (operator, from) = match rest.split_once(':') {
            Some((name, from)) if is_operator(name) => (Some(name.to_lowercase()), from),
            _ => (None, rest),
        };
        let (value, after) = value(from)?;
        rest = after.trim_start();
        let value = value.to_owned();
        terms.push((
            excluded,
            match operator {
                Some(name) => Term::Operator(name, value),
                None => Term::Words(value),
            },
        ));
    }
    Ok(terms)
}

/// What stands in quotation marks, or up to the next white space; and what follows it.
fn value(text: &str) -> Result<(&str, &str), String> {
    match text.strip_prefix(OPENING) {
        None => Ok(text.split_at(text.find(char::is_whitespace).unwrap_or(text.len()))),
        Some(inner) => inner.split_once(CLOSING).ok_or_else(|| "A quotation mark is not closed".into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_phrases_exclusions_and_operators() {
        let query = Query::parse("Žrtve \"forced begging\" -smuggling in:RO from:Ana country:rs is:resolved after:2026-01-02")
            .expect("understood");
        assert_eq!(query.wanted, ["zrtve", "forced begging"]);
        assert_eq!(query.unwanted, ["smuggling"]);
        assert_eq!(query.channels, ["RO"]);
        assert_eq!(query.from, [Author::Name("ana".into())]);
        assert_eq!(query.countries, ["RS"]);
        assert_eq!(query.resolved, Some(true));
        assert_eq!(query.since, Some(1_767_312_000_000_000));
        assert_eq!(
            query.expression("c1 OR c2", true),
            "(keys : (c1 OR c2) AND text : (\"zrtve\"* AND \"forced begging\")) NOT text : (\"smuggling\")"
        );
    }

    #[test]
    fn a_value_may_stand_in_quotation_marks() {
        let id = Uuid::from_u128(7);
        let query = Query::parse(&format!(
            "from:\"Ana  Pop\" from:@Đorđe from:ME FROM:{id} in:„Newcomers’ room“ in:#lobby is:\"Resolved\" after:\"2026-01-02\""
        ))
        .expect("understood");
        let name = |name: &str| Author::Name(name.into());
        assert_eq!(query.from, [name("ana pop"), name("djordje"), Author::Me, Author::Account(id)]);
        assert_eq!(query.channels, ["Newcomers’ room", "lobby"]);
        assert_eq!((query.resolved, query.since), (Some(true), Some(1_767_312_000_000_000)));
        assert!(query.wanted.is_empty());
        let words = Query::parse("\"a b\"\"c d\" http://e.example f: g").expect("understood");
        assert_eq!(words.wanted, ["a b", "c d", "http e example", "f", "g"]);
    }

    #[test]
    fn exclusions_need_something_beside_them() {
        for good in ["-foo bar", "-foo country:RO", "is:resolved -foo", "-foo after:2026-01-01", "in:lobby -foo", "-foo from:me"]
        {
            let query = Query::parse(good).expect(good);
            assert_eq!(query.unwanted, ["foo"], "{good}");
        }
        assert!(Query::parse("-foo -\"bar baz\"").is_err());
    }

    #[test]
    fn what_can_not_be_understood_is_said() {
        for (bad, word) in [
            ("", "word"),
            ("   ", "word"),
            ("\"open", "quotation"),
            ("before:tomorrow", "date"),
            ("country:FR", "countries"),
            ("theme:x", "themes"),
            ("is:nice", "is:nice"),
            ("from:", "value"),
            ("from:@", "value"),
            ("from:%", "value"),
            ("in:#", "value"),
            ("from:\"\"", "value"),
            ("from:\"Ana", "quotation"),
            ("-from:ana x", "excluded"),
            ("-only", "exclusions"),
        ] {
            let error = Query::parse(bad).expect_err(bad);
            assert!(error.contains(word), "{bad}: {error}");
        }
        assert!(Query::parse(&"x".repeat(401)).is_err());
    }

    #[test]
    fn nothing_typed_reaches_the_engine_as_syntax() {
        for text in ["a\" OR \"b", "NEAR(a b)", "a* ^b {c}", "text : x", "'; DROP TABLE message; --", "c1:x AND"] {
            if let Ok(query) = Query::parse(text) {
                for word in query.wanted.iter().chain(&query.unwanted) {
                    assert!(word.chars().all(|c| c.is_alphanumeric() || c == ' '), "{text}: {word}");
                }
            }
        }
    }
}
