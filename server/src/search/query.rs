//! A query as somebody types it: words, "phrases", -exclusions and operators. Pure.

use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::base::text;

/// Characters of a query at most.
const MAX: usize = 400;
/// Words of a query at most.
const WORDS_MAX: usize = 24;
/// Words of at least this length also find what begins with them.
const PREFIX_FROM: usize = 4;

/// A query, understood.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Query {
    /// Words and phrases that must be there, folded.
    pub(super) wanted: Vec<String>,
    /// Words and phrases that must not.
    pub(super) unwanted: Vec<String>,
    /// `in:` slug or id of a channel.
    pub(super) channels: Vec<String>,
    /// `from:` folded part of a name, or `me`.
    pub(super) from: Option<String>,
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

/// Why a query can't be understood: a stable reason for programs, and a sentence for whoever reads the wire.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Unclear {
    /// Stable; the screen has a sentence for each in the reader's language.
    pub(super) reason: &'static str,
    /// In English.
    pub(super) detail: String,
    /// What was typed amiss; empty when it is the query as a whole.
    pub(super) word: String,
    /// How it could be typed; empty when there is nothing to show.
    pub(super) example: &'static str,
}

impl Unclear {
    fn whole(reason: &'static str, detail: impl Into<String>) -> Self {
        Self { reason, detail: detail.into(), word: String::new(), example: "" }
    }

    fn operator(reason: &'static str, operator: &str, value: &str, what: &str) -> Self {
        let (word, example) = (format!("{operator}:{value}"), example(operator));
        Self { reason, detail: format!("{word} {what}, as in {example}"), word, example }
    }
}

impl Query {
    /// Understands a query.
    ///
    /// # Errors
    /// What can't be understood, and why.
    pub(super) fn parse(text: &str) -> Result<Self, Unclear> {
        if text.chars().count() > MAX {
            return Err(Unclear::whole("too_long", format!("A query has at most {MAX} characters")));
        }
        let mut query = Self::default();
        for (excluded, term) in terms(text)? {
            query.take(excluded, &term)?;
        }
        if query.wanted.len() + query.unwanted.len() > WORDS_MAX {
            return Err(Unclear::whole("too_many_words", format!("A query has at most {WORDS_MAX} words")));
        }
        if query == Self::default() {
            return Err(Unclear::whole("no_words", "Type a word to look for"));
        }
        if query.wanted.is_empty() && !query.unwanted.is_empty() && query.channels.is_empty() && query.from.is_none() {
            return Err(Unclear::whole("only_exclusions", "A query can't consist of exclusions alone"));
        }
        Ok(query)
    }

    fn take(&mut self, excluded: bool, term: &Term) -> Result<(), Unclear> {
        let Term::Word(word) = term else {
            let Term::Phrase(phrase) = term else { return Ok(()) };
            let folded = text::words(&text::fold(phrase)).collect::<Vec<_>>().join(" ");
            if !folded.is_empty() {
                self.words(excluded).push(folded);
            }
            return Ok(());
        };
        match word.split_once(':') {
            Some((operator, value)) if !excluded && is_operator(operator) => self.operator(&operator.to_lowercase(), value),
            _ => {
                let folded = text::fold(word);
                let words: Vec<_> = text::words(&folded).collect();
                // What reads as one word but is cut into several (a date, a compound) is looked for as a phrase.
                if !words.is_empty() {
                    let joined = words.join(" ");
                    self.words(excluded).push(joined);
                }
                Ok(())
            }
        }
    }

    fn words(&mut self, excluded: bool) -> &mut Vec<String> {
        if excluded { &mut self.unwanted } else { &mut self.wanted }
    }

    fn operator(&mut self, operator: &str, value: &str) -> Result<(), Unclear> {
        if value.is_empty() {
            return Err(Unclear::operator("no_value", operator, value, "needs a value"));
        }
        match operator {
            "in" => self.channels.push(value.trim_start_matches('#').to_lowercase()),
            "from" => self.from = Some(text::fold(value.trim_start_matches('@'))),
            "before" => self.until = Some(day(operator, value)?),
            "after" => self.since = Some(day(operator, value)?),
            "country" => {
                let code = value.to_uppercase();
                if !crate::vocabulary::is_country(&code) {
                    return Err(Unclear::operator("unknown_country", operator, value, "is none of the region's countries"));
                }
                self.countries.push(code);
            }
            "theme" => {
                let slug = value.to_lowercase();
                if !crate::vocabulary::is_theme(&slug) {
                    return Err(Unclear::operator("unknown_theme", operator, value, "is none of the themes"));
                }
                self.themes.push(slug);
            }
            _ => {
                self.resolved = match value {
                    "resolved" => Some(true),
                    "unresolved" | "open" => Some(false),
                    _ => return Err(Unclear::operator("unknown_state", operator, value, "is not known")),
                }
            }
        }
        Ok(())
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
fn day(operator: &str, value: &str) -> Result<i64, Unclear> {
    let wrong = || Unclear::operator("not_a_date", operator, value, "is not a date");
    let date: Date = value.parse().map_err(|_| wrong())?;
    let start = TimeZone::UTC.to_timestamp(date.at(0, 0, 0, 0)).map_err(|_| wrong())?;
    Ok(start.as_microsecond())
}

enum Term {
    Word(String),
    Phrase(String),
}

/// Cuts a query at white space, but not inside quotation marks.
fn terms(text: &str) -> Result<Vec<(bool, Term)>, Unclear> {
    let mut terms = Vec::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let excluded = rest.len() > 1 && rest.starts_with('-') && !rest[1..].starts_with(char::is_whitespace);
        rest = if excluded { &rest[1..] } else { rest };
        if let Some(inner) = rest.strip_prefix(['"', '“', '„', '«']) {
            let end = inner
                .find(['"', '”', '“', '»'])
                .ok_or_else(|| Unclear::whole("open_quotation", "A quotation mark is not closed"))?;
            terms.push((excluded, Term::Phrase(inner[..end].into())));
            rest = inner[end..].trim_start_matches(['"', '”', '“', '»']).trim_start();
        } else {
            let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
            terms.push((excluded, Term::Word(rest[..end].into())));
            rest = rest[end..].trim_start();
        }
    }
    Ok(terms)
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
        assert_eq!(query.channels, ["ro"]);
        assert_eq!(query.from.as_deref(), Some("ana"));
        assert_eq!(query.countries, ["RS"]);
        assert_eq!(query.resolved, Some(true));
        assert_eq!(query.since, Some(1_767_312_000_000_000));
        assert_eq!(
            query.expression("c1 OR c2", true),
            "(keys : (c1 OR c2) AND text : (\"zrtve\"* AND \"forced begging\")) NOT text : (\"smuggling\")"
        );
    }

    #[test]
    fn what_can_not_be_understood_is_said() {
        for (bad, word, reason) in [
            ("", "word", "no_words"),
            ("   ", "word", "no_words"),
            ("\"open", "quotation", "open_quotation"),
            ("before:tomorrow", "date", "not_a_date"),
            ("country:FR", "countries", "unknown_country"),
            ("theme:x", "themes", "unknown_theme"),
            ("is:nice", "is:nice", "unknown_state"),
            ("from:", "value", "no_value"),
            ("-only", "exclusions", "only_exclusions"),
        ] {
            let error = Query::parse(bad).expect_err(bad);
            assert!(error.detail.contains(word), "{bad}: {error:?}");
            assert_eq!(error.reason, reason, "{bad}");
        }
        assert_eq!(Query::parse(&"x".repeat(401)).expect_err("too long").reason, "too_long");
        assert_eq!(Query::parse(&"x ".repeat(25)).expect_err("too many").reason, "too_many_words");
    }

    #[test]
    fn what_was_typed_amiss_is_named_with_an_example() {
        let error = Query::parse("children After:Banana").expect_err("no date");
        assert_eq!((error.word.as_str(), error.example), ("after:Banana", "after:2026-01-01"));
        let error = Query::parse("in:").expect_err("no value");
        assert_eq!((error.word.as_str(), error.example), ("in:", "in:lobby"));
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
