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
mod tests {
    use super::*;

    fn plain(body: &str) -> String {
        render(body, &Names::new())
    }

    #[test]
    fn what_is_nested_too_deeply_is_told_flat() {
        for (opened, tag) in [(">", "<blockquote>"), ("*a _b ", "<em>"), ("- ", "<ul>")] {
            let html = render(&format!("{}word", opened.repeat(1_000)), &Names::new());
            assert!(html.matches(tag).count() <= NESTED && html.contains("word"), "{opened}: {html}");
        }
        let quotes = render(&format!("{} word", ">".repeat(NESTED)), &Names::new());
        assert_eq!((quotes.matches("<blockquote>").count(), quotes.matches("</blockquote>").count()), (NESTED, NESTED));
    }

    #[test]
    fn markdown_is_rendered() {
        assert_eq!(plain("**a** *b* ~~c~~ `d`"), "<p><strong>a</strong> <em>b</em> <del>c</del> <code>d</code></p>\n");
        assert_eq!(plain("# T\n\n- x\n- y"), "<h4>T</h4>\n<ul>\n<li>x</li>\n<li>y</li>\n</ul>\n");
        assert_eq!(plain("> q"), "<blockquote>\n<p>q</p>\n</blockquote>\n");
        assert_eq!(plain("```rust\nlet a = 1 < 2;\n```"), "<pre><code>let a = 1 &lt; 2;\n</code></pre>\n");
    }

    #[test]
    fn html_is_text_and_images_are_links() {
        assert_eq!(plain("<script>alert(1)</script>"), "&lt;script&gt;alert(1)&lt;/script&gt;");
        assert_eq!(plain("a <b onclick=x>b</b>"), "<p>a &lt;b onclick=x&gt;b&lt;/b&gt;</p>\n");
        let image = plain("![pixel](https://evil.example/p.gif)");
        assert!(!image.contains("<img"), "{image}");
        assert!(image.contains("data-host=\"evil.example\""), "{image}");
    }

    #[test]
    fn only_honest_links_stand() {
        for bad in ["[x](javascript:alert(1))", "[x](data:text/html,a)", "[x](//evil.example)", "[x](vbscript:a)"] {
            assert!(!plain(bad).contains("href"), "{}", plain(bad));
        }
        let link = plain("[bank](https://evil.example/login)");
        assert!(link.contains("rel=\"noopener noreferrer nofollow\""), "{link}");
        assert!(link.contains("data-host=\"evil.example\""), "{link}");
        assert!(plain("see https://a.example/x, or not").contains(">https://a.example/x</a>, or not"));
        assert!(plain("[m](/m/0192)").contains("href=\"/m/0192\""));
    }

    /// What a browser makes of every link of some HTML: its host, and the host it says it leads to.
    fn hosts(html: &str) -> Vec<(Option<String>, Option<String>)> {
        let decoded = |text: &str| text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&");
        let page = Url::parse("https://egida.example/c/room").expect("an address");
        html.split("<a ")
            .skip(1)
            .map(|tag| {
                let tag = &tag[..tag.find('>').expect("a whole tag")];
                let attribute = |name: &str| {
                    let from = tag.find(&format!("{name}=\""))? + name.len() + 2;
                    Some(decoded(&tag[from..from + tag[from..].find('"')?]))
                };
                let leads = page.join(&attribute("href").expect("an address")).expect("a browser understands it");
                (leads.host_str().map(ToOwned::to_owned), attribute("data-host"))
            })
            .collect()
    }

    /// What addresses are put together from: what browsers drop, read otherwise or resolve.
    const PARTS: [&str; 16] =
        ["/", "\\", "\t", "&#9;", "&#10;", "&#13;", "&#32;", ".", "..", "@", ":", "https:", "%09", "\u{A0}", "evil.example", "m"];

    #[test]
    fn no_address_leads_out_of_the_page_unsaid() {
        for bad in
            ["[Sign in](/&#9;/evil.example/login)", "[x](</\t/evil.example>)", "[x](/\\evil.example)", "[x](/.//evil.example)"]
        {
            assert!(!plain(bad).contains("href"), "{}", plain(bad));
        }
        // Every address of five parts.
        let mut links = 0;
        for number in 0..PARTS.len().pow(5) {
            let parts = (0..5).map(|place| PARTS[number / PARTS.len().pow(place) % PARTS.len()]);
            let address: String = parts.collect();
            // Addresses that begin with a slash are what this is about; of the others every seventh will do.
            if !address.starts_with('/') && number % 7 != 0 {
                continue;
            }
            for (leads, says) in hosts(&plain(&format!("[x](<{address}>)"))) {
                links += 1;
                let stays = leads.as_deref() == Some("egida.example") && says.is_none();
                assert!(stays || leads == says, "{address:?} leads to {leads:?} and says {says:?}");
            }
        }
        assert!(links > 1_000, "{links}");
    }

    #[test]
    fn an_image_calls_nobody_and_swallows_nothing() {
        let ana = Uuid::from_u128(5);
        let names = Names::from([(ana, "Ana".to_owned())]);
        let html = render(&format!("@[A](person:{ana}) ![x](person:{ana}) hidden *too*\n\nand below"), &names);
        assert!(html.contains("hidden <em>too</em>") && html.contains("and below"), "{html}");
        assert_eq!(html.matches("data-person").count(), 1, "{html}");
        let within = render(&format!("[![x](person:{ana}) y](https://a.example) z"), &names);
        assert!(within.contains("x y</a> z"), "{within}");
    }

    #[test]
    fn what_stands_beside_an_at_sign_keeps_its_order() {
        let html = plain("https://a.example x@&https://b.example y@\\[z");
        assert!(!html.contains("y@</a>") && html.ends_with("y@[z</p>\n"), "{html}");
        assert!(html.find("a.example") < html.find("b.example"), "{html}");
    }

    #[test]
    fn some_bodies_show_nothing() {
        for nothing in
            ["[a]: /x", "![](https://a.example/i.png)", "[](/x)", "&nbsp;", "&#8203;", "#", "> ", "* \u{200B}", "[\u{3164}](/x)"]
        {
            assert!(!shows_something(&plain(nothing)), "{nothing}: {}", plain(nothing));
        }
        for something in ["a", "<b>", "&amp;", "👍", "`.`", "1.", "![i](https://a.example)", "\\*"] {
            assert!(shows_something(&plain(something)), "{something}: {}", plain(something));
        }
    }

    #[test]
    fn people_are_called_by_their_own_name() {
        let ana = Uuid::from_u128(5);
        let names = Names::from([(ana, "Ana <Pop>".to_owned())]);
        let body = format!("Dear @[The Minister](person:{ana}), see `@[x](person:{ana})` and @nobody");
        let html = render(&body, &names);
        assert!(
            html.contains(&format!("Dear <span class=\"mention\" data-person=\"{ana}\">@Ana &lt;Pop&gt;</span>, see")),
            "{html}"
        );
        assert_eq!(mentioned(&body), [ana]);
        assert!(!render(&format!("@[x](person:{})", Uuid::from_u128(6)), &names).contains("mention"));
    }

    #[test]
    fn the_short_way_is_the_long_way() {
        for body in ["Good morning, all.", "Bună ziua!\nDoar o întrebare (scurtă): cine?", "Добар дан; 50% од њих", "a/b 1. c"]
        {
            assert!(is_plain(body), "{body}");
            let mut long = String::new();
            html::push_html(&mut long, Translator::new(parser(body), &Names::new()));
            assert_eq!(plain(body), SANITISER.clean(&long).to_string(), "{body}");
        }
        for body in ["1. a", "- a", "# a", "a * b * c", "    code", "a  \nb", "x <y>", "a & b", "=== ", "a\n==="] {
            assert!(!is_plain(body), "{body}");
        }
    }
}
