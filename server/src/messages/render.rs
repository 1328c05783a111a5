//! From Markdown to the HTML that readers get: an allow-list, nothing remote, links that say where they lead.

use std::borrow::Cow;
use std::collections::HashMap;
use std::iter::Peekable;
use std::sync::LazyLock;

use ammonia::Builder;
use pulldown_cmark::{CowStr, Event, HeadingLevel, Options, Parser, Tag, TagEnd, html};
use url::{Position, Url};
use uuid::Uuid;

use crate::base::text;

/// Names of the people whom a body may call.
pub(super) type Names = HashMap<Uuid, String>;

/// What a link to a person is written with: `@[Name](person:<id>)`.
const PERSON: &str = "person:";
/// Quotes, lists and emphasis within each other at most. Each `>` of a line opens one more: without an end to it 16 KiB
/// of them are a page of half a megabyte that is 16,384 elements deep.
const NESTED: usize = 32;

/// The people a body calls by name, each once, in order.
pub(super) fn mentioned(body: &str) -> Vec<Uuid> {
    if !body.contains(PERSON) {
        return Vec::new();
    }
    let mut people = Vec::new();
    for event in parser(body) {
        let called = if let Event::Start(Tag::Link { dest_url, .. }) = event { person(&dest_url) } else { None };
        people.extend(called.filter(|id| !people.contains(id)));
    }
    people
}

/// Renders a body. People not in `names` stay plain text.
pub(super) fn render(body: &str, names: &Names) -> String {
    if is_plain(body) {
        return format!("<p>{}</p>\n", body.replace('\n', "<br>\n"));
    }
    let mut out = String::with_capacity(body.len() * 2);
    html::push_html(&mut out, Translator::new(parser(body), names));
    SANITISER.clean(&out).to_string()
}

/// Whether a reader sees any text of a rendered body. The number of a list is text, too: "2." may be an answer.
pub(super) fn shows_something(html: &str) -> bool {
    let mut rest = html;
    loop {
        rest = match rest.chars().next() {
            None => return false,
            Some('<') if rest.starts_with("<ol") => return true,
            Some('<') => rest.split_once('>').map_or("", |(_, after)| after),
            Some('&') if rest.starts_with("&nbsp;") => &rest["&nbsp;".len()..],
            Some(c) if text::is_visible(c) => return true,
            Some(c) => &rest[c.len_utf8()..],
        }
    }
}

/// Prose without any character that Markdown or HTML could take for its own: most of what is said.
/// Held to be equal to the long way by a property test.
fn is_plain(body: &str) -> bool {
    !body.contains("http")
        && body.split('\n').all(|line| {
            line.starts_with(char::is_alphabetic)
                && !line.ends_with(' ')
                && line
                    .chars()
                    .all(|c| c.is_alphanumeric() || matches!(c, ' ' | ',' | '.' | ';' | ':' | '?' | '!' | '(' | ')' | '%' | '/'))
        })
}

/// What a body says, without the beginnings and ends of what is nested more deeply than [`NESTED`].
fn parser(body: &str) -> impl Iterator<Item = Event<'_>> {
    let nests = |end: TagEnd| {
        use TagEnd::{BlockQuote, Emphasis, Item, List, Strikethrough, Strong};
        matches!(end, BlockQuote(_) | List(_) | Item | Emphasis | Strong | Strikethrough)
    };
    let mut open = 0_usize;
    Parser::new_ext(body, Options::ENABLE_STRIKETHROUGH).filter(move |event| match event {
        Event::Start(tag) if nests(tag.to_end()) => {
            open += 1;
            open <= NESTED
        }
        Event::End(end) if nests(*end) => {
            open = open.saturating_sub(1);
            open < NESTED
        }
        _ => true,
    })
}

fn person(url: &str) -> Option<Uuid> {
    url.strip_prefix(PERSON)?.parse().ok()
}

static SANITISER: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut builder = Builder::empty();
    builder
        .tags(
            [
                "p",
                "br",
                "em",
                "strong",
                "del",
                "code",
                "pre",
                "blockquote",
                "ul",
                "ol",
                "li",
                "a",
                "span",
                "h4",
                "h5",
                "h6",
                "hr",
            ]
            .into(),
        )
        .tag_attributes([("a", ["href", "data-host"].into()), ("span", ["data-person"].into()), ("ol", ["start"].into())].into())
        .allowed_classes([("span", ["mention"].into())].into())
        .url_schemes(["http", "https", "mailto"].into())
        .url_relative(ammonia::UrlRelative::PassThrough)
        .link_rel(Some("noopener noreferrer nofollow"));
    builder
});

/// Rewrites the parser's events into those we show.
struct Translator<'a, I: Iterator<Item = Event<'a>>> {
    events: Peekable<I>,
    names: &'a Names,
    /// What is still to be given before the next event.
    pending: std::collections::VecDeque<Event<'a>>,
    /// How the links that are open end.
    closing: Vec<&'static str>,
    in_code: bool,
}

impl<'a, I: Iterator<Item = Event<'a>>> Translator<'a, I> {
    fn new(events: I, names: &'a Names) -> Self {
        Self { events: events.peekable(), names, pending: std::collections::VecDeque::new(), closing: Vec::new(), in_code: false }
    }

    fn translate(&mut self, event: Event<'a>) -> Option<Event<'a>> {
        Some(match event {
            Event::Html(raw) | Event::InlineHtml(raw) => Event::Text(raw),
            Event::SoftBreak => Event::HardBreak,
            Event::Start(Tag::Heading { level, .. }) => Event::InlineHtml(format!("<h{}>", lowered(level)).into()),
            Event::End(TagEnd::Heading(level)) => Event::InlineHtml(format!("</h{}>\n", lowered(level)).into()),
            Event::Start(Tag::CodeBlock(_)) => {
                self.in_code = true;
                Event::InlineHtml("<pre><code>".into())
            }
            Event::End(TagEnd::CodeBlock) => {
                self.in_code = false;
                Event::InlineHtml("</code></pre>\n".into())
            }
            Event::Start(Tag::Link { dest_url, .. }) => self.call(&dest_url).unwrap_or_else(|| self.open(&dest_url)),
            Event::Start(Tag::Image { dest_url, .. }) => self.open(&dest_url),
            Event::End(TagEnd::Link | TagEnd::Image) => Event::InlineHtml(self.closing.pop().unwrap_or_default().into()),
            Event::Text(text) if self.closing.is_empty() && !self.in_code => return self.linkify(text),
            other => other,
        })
    }

    /// The name of the person whom a link calls; `None` if it is a link like others.
    fn call(&mut self, url: &str) -> Option<Event<'a>> {
        let id = person(url)?;
        let name = self.names.get(&id)?;
        // The name is the account's own, not what the author typed between the brackets.
        for event in self.events.by_ref() {
            if matches!(event, Event::End(TagEnd::Link)) {
                break;
            }
        }
        Some(Event::InlineHtml(format!("<span class=\"mention\" data-person=\"{id}\">@{}</span>", escape(name)).into()))
    }

    fn open(&mut self, url: &str) -> Event<'a> {
        let tag = anchor(url);
        self.closing.push(if tag.is_some() { "</a>" } else { "" });
        Event::InlineHtml(tag.unwrap_or_default().into())
    }

    fn calls_next(&mut self) -> bool {
        let Some(Event::Start(Tag::Link { dest_url, .. })) = self.events.peek() else { return false };
        person(dest_url).is_some_and(|id| self.names.contains_key(&id))
    }

    /// Makes bare addresses into links.
    fn linkify(&mut self, text: CowStr<'a>) -> Option<Event<'a>> {
        if !text.contains("http://") && !text.contains("https://") {
            return Some(Event::Text(text));
        }
        let mut rest: &str = &text;
        while let Some(at) = ["http://", "https://"].iter().filter_map(|scheme| rest.find(scheme)).min() {
            let (before, from) = rest.split_at(at);
            let end = from.find(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"')).unwrap_or(from.len());
            let url = from[..end].trim_end_matches(['.', ',', ';', ':', '!', '?', ')', '\'', '’', '»']);
            self.pending.push_back(Event::Text(before.to_owned().into()));
            match anchor(url) {
                Some(tag) => {
                    self.pending.push_back(Event::InlineHtml(tag.into()));
                    self.pending.push_back(Event::Text(url.to_owned().into()));
                    self.pending.push_back(Event::InlineHtml("</a>".into()));
                }
                None => self.pending.push_back(Event::Text(url.to_owned().into())),
            }
            rest = &from[url.len().max(1)..];
        }
        self.pending.push_back(Event::Text(rest.to_owned().into()));
        self.pending.pop_front()
    }
}

impl<'a, I: Iterator<Item = Event<'a>>> Iterator for Translator<'a, I> {
    type Item = Event<'a>;

    fn next(&mut self) -> Option<Event<'a>> {
        if let Some(event) = self.pending.pop_front() {
            return Some(event);
        }
        let event = self.events.next()?;
        if let Event::Text(text) = &event {
            // `@[Name](person:…)` : the sign belongs to the name.
            if text.ends_with('@') && !self.in_code && self.calls_next() {
                return self.translate(Event::Text(text[..text.len() - 1].to_owned().into()));
            }
        }
        self.translate(event)
    }
}

/// The page's own place, for resolving an address as a browser would. The name can't be anybody's (RFC 6761).
static PAGE: LazyLock<Option<Url>> = LazyLock::new(|| Url::parse("https://page.invalid/").ok());

/// The opening tag of a link that may stand; `None` if its address may not.
///
/// Browsers read more into an address than stands there: they drop tabs and line feeds, take `\` for `/` and resolve
/// dots. So an address is judged, and written, as the same rules (WHATWG URL) understand it, and one with such
/// characters doesn't stand at all.
fn anchor(url: &str) -> Option<String> {
    if url.chars().any(|c| c.is_ascii_control() || c.is_whitespace()) {
        return None;
    }
    if url.starts_with('/') {
        return within(url).map(|path| format!("<a href=\"{}\">", escape(&path)));
    }
    let parsed = Url::parse(url).ok()?;
    match parsed.scheme() {
        "mailto" => Some(format!("<a href=\"{}\">", escape(parsed.as_str()))),
        "http" | "https" => {
            let host = parsed.host_str()?;
            Some(format!("<a href=\"{}\" data-host=\"{}\">", escape(parsed.as_str()), escape(host)))
        }
        _ => None,
    }
}

/// An address within the page, as a path; `None` if it leads elsewhere, or would if it were resolved once more.
fn within(url: &str) -> Option<String> {
    let page = PAGE.as_ref()?;
    let resolved = page.join(url).ok()?;
    let path = &resolved[Position::BeforePath..];
    let stays = resolved[..Position::BeforePath] == page[..Position::BeforePath] && !path.starts_with("//");
    stays.then(|| path.to_owned())
}

fn escape(text: &str) -> Cow<'_, str> {
    if text.contains(['&', '<', '>', '"']) {
        text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;").into()
    } else {
        text.into()
    }
}

/// Headings of a message stand below those of the page.
fn lowered(level: HeadingLevel) -> u8 {
    match level {
        HeadingLevel::H1 => 4,
        HeadingLevel::H2 => 5,
        _ => 6,
    }
}

#[cfg(test)]
mod tests;
