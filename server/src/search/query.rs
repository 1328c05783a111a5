//! A query as somebody types it: words, "phrases", -exclusions and operators. Pure.

use egida_text::Language;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use uuid::Uuid;

use super::unclear::Unclear;
use crate::access::handling::MARKINGS;
use crate::base::text;
use crate::findable::Kind;

/// Characters of a query at most.
const MAX: usize = 400;
/// Words of a query at most.
const WORDS_MAX: usize = 24;

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

/// What a message may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Content {
    Link,
    Mention,
    Quote,
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
    /// `country:` codes; a message is about one of them.
    pub(super) countries: Vec<String>,
    /// `theme:` slugs; a message is about one of them.
    pub(super) themes: Vec<String>,
    /// `is:resolved`, `is:unresolved`.
    pub(super) resolved: Option<bool>,
    /// `is:pinned`.
    pub(super) pinned: bool,
    /// `has:`.
    pub(super) contents: Vec<Content>,
    /// `lang:`; a message is in one of them.
    pub(super) languages: Vec<Language>,
    /// `marking:`; a message has one of them.
    pub(super) markings: Vec<&'static str>,
    /// `kind:`; it is one of them.
    pub(super) kinds: Vec<Kind>,
    /// The words that are wanted, as they were typed.
    pub(super) typed: String,
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
        // With anything beside them exclusions make sense: "resolved topics, but not about this".
        if !query.unwanted.is_empty() && query == (Self { unwanted: query.unwanted.clone(), ..Self::default() }) {
            return Err(Unclear::whole("only_exclusions", "A query can't consist of exclusions alone"));
        }
        Ok(query)
    }

    fn take(&mut self, excluded: bool, term: &Term) -> Result<(), Unclear> {
        match term {
            Term::Operator(name, value) if excluded => {
                Err(Unclear::operator("operator_excluded", name, value, "can't be excluded, only words and phrases can"))
            }
            Term::Operator(name, value) => self.operator(name, value),
            // What reads as one word but is cut into several (a date, a compound) is looked for as a phrase.
            Term::Words(words) => {
                let folded = folded(words);
                if !folded.is_empty() {
                    self.words(excluded).push(folded);
                    if !excluded {
                        self.typed.push_str(words);
                        self.typed.push(' ');
                    }
                }
                Ok(())
            }
        }
    }

    fn words(&mut self, excluded: bool) -> &mut Vec<String> {
        if excluded { &mut self.unwanted } else { &mut self.wanted }
    }

    fn operator(&mut self, operator: &str, value: &str) -> Result<(), Unclear> {
        let value = value.trim();
        if folded(value).is_empty() {
            return Err(Unclear::operator("no_value", operator, value, "needs a value"));
        }
        match operator {
            "in" => self.channels.push(value.trim_start_matches('#').to_owned()),
            "from" => self.from.push(author(value.trim_start_matches('@'))),
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
            "is" => match value.to_lowercase().as_str() {
                "resolved" => self.resolved = Some(true),
                "unresolved" | "open" => self.resolved = Some(false),
                "pinned" => self.pinned = true,
                _ => return Err(Unclear::operator("unknown_state", operator, value, "is not known")),
            },
            _ => return self.what(operator, value),
        }
        Ok(())
    }

    /// The operators that say what is looked for.
    fn what(&mut self, operator: &str, value: &str) -> Result<(), Unclear> {
        let wrong = |reason, what| Unclear::operator(reason, operator, value, what);
        match operator {
            "has" => self.contents.push(match value.to_lowercase().as_str() {
                "link" => Content::Link,
                "mention" => Content::Mention,
                "quote" => Content::Quote,
                _ => return Err(wrong("unknown_content", "is nothing that a message has")),
            }),
            "lang" => {
                let language = Language::of_code(value).or_else(|| Language::of_code(&value.to_lowercase()));
                self.languages.push(language.ok_or_else(|| wrong("unknown_language", "is none of the region's languages"))?);
            }
            "marking" => {
                let wanted = value.to_lowercase().replace(['+', '-', ' '], "_");
                let known = MARKINGS.iter().find(|marking| marking.to_lowercase().replace(['+', '-'], "_") == wanted);
                self.markings.push(known.ok_or_else(|| wrong("unknown_marking", "is no marking"))?);
            }
            _ => self.kinds.push(Kind::of(&value.to_lowercase()).ok_or_else(|| wrong("unknown_kind", "is no kind of thing"))?),
        }
        Ok(())
    }

    /// Whether nothing but words is asked for.
    pub(super) fn is_plain(&self) -> bool {
        let narrowed = self.is_narrowed() && !self.wanted.iter().chain(&self.unwanted).any(|words| words.contains(' '));
        !narrowed
            && self.channels.is_empty()
            && self.from.is_empty()
            && self.languages.is_empty()
            && (self.since, self.until) == (None, None)
    }

    /// Whether more is asked than the index knows.
    pub(super) fn is_narrowed(&self) -> bool {
        self.resolved.is_some()
            || self.pinned
            || !self.contents.is_empty()
            || !self.markings.is_empty()
            || !self.countries.is_empty()
            || !self.themes.is_empty()
            || self.wanted.iter().chain(&self.unwanted).any(|words| words.contains(' '))
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
    ["in", "from", "before", "after", "country", "theme", "is", "has", "lang", "marking", "kind"]
        .contains(&word.to_lowercase().as_str())
}

/// The start of a day in UTC (microseconds).
fn day(operator: &str, value: &str) -> Result<i64, Unclear> {
    let wrong = || Unclear::operator("not_a_date", operator, value, "is not a date");
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
fn terms(text: &str) -> Result<Vec<(bool, Term)>, Unclear> {
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
fn value(text: &str) -> Result<(&str, &str), Unclear> {
    match text.strip_prefix(OPENING) {
        None => Ok(text.split_at(text.find(char::is_whitespace).unwrap_or(text.len()))),
        Some(inner) => {
            inner.split_once(CLOSING).ok_or_else(|| Unclear::whole("open_quotation", "A quotation mark is not closed"))
        }
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
        for (bad, word, reason) in [
            ("", "word", "no_words"),
            ("   ", "word", "no_words"),
            ("\"open", "quotation", "open_quotation"),
            ("before:tomorrow", "date", "not_a_date"),
            ("country:FR", "countries", "unknown_country"),
            ("theme:x", "themes", "unknown_theme"),
            ("is:nice", "is:nice", "unknown_state"),
            ("lang:de", "languages", "unknown_language"),
            ("has:wings", "message", "unknown_content"),
            ("marking:blue", "marking", "unknown_marking"),
            ("kind:unicorn", "kind", "unknown_kind"),
            ("from:", "value", "no_value"),
            ("from:@", "value", "no_value"),
            ("from:%", "value", "no_value"),
            ("in:#", "value", "no_value"),
            ("from:\"\"", "value", "no_value"),
            ("from:\"Ana", "quotation", "open_quotation"),
            ("-from:ana x", "excluded", "operator_excluded"),
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
