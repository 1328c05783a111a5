//! From a section's Markdown to HTML that everybody gets: an allow-list, no pictures, links that leave nothing behind.

use std::sync::LazyLock;

use ammonia::{Builder, UrlRelative};
use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd, html};

/// Headings below those of the sections.
const TAGS: [&str; 14] = ["p", "br", "em", "strong", "del", "blockquote", "ul", "ol", "li", "a", "hr", "h3", "h4", "h5"];

static SANITISER: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut builder = Builder::empty();
    builder
        .tags(TAGS.into())
        .tag_attributes([("a", ["href"].into()), ("ol", ["start"].into())].into())
        .url_schemes(["https", "http", "mailto"].into())
        .url_relative(UrlRelative::Deny)
        .link_rel(Some("noopener noreferrer nofollow"));
    builder
});

/// The HTML of a text.
pub(super) fn html(markdown: &str) -> String {
    let events = Parser::new_ext(markdown, Options::ENABLE_STRIKETHROUGH).filter_map(|event| match event {
        // What somebody types is text, never a tag; a picture would be somebody else's server.
        Event::Html(text) | Event::InlineHtml(text) => Some(Event::Text(text)),
        Event::Start(Tag::Image { .. }) | Event::End(TagEnd::Image) => None,
        Event::Start(Tag::Heading { level, id, classes, attrs }) => {
            Some(Event::Start(Tag::Heading { level: below(level), id, classes, attrs }))
        }
        Event::End(TagEnd::Heading(level)) => Some(Event::End(TagEnd::Heading(below(level)))),
        other => Some(other),
    });
    let mut out = String::with_capacity(markdown.len() * 2);
    html::push_html(&mut out, events);
    SANITISER.clean(&out).to_string()
}

fn below(level: HeadingLevel) -> HeadingLevel {
    match level {
        HeadingLevel::H1 => HeadingLevel::H3,
        HeadingLevel::H2 => HeadingLevel::H4,
        _ => HeadingLevel::H5,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prose_lists_and_links_are_shown() {
        assert_eq!(html("A **word**, and *another*.").trim(), "<p>A <strong>word</strong>, and <em>another</em>.</p>");
        assert_eq!(html("# One").trim(), "<h3>One</h3>");
        let link = html("[law](https://example.org/a?b=c)");
        assert!(link.contains(r#"href="https://example.org/a?b=c""#) && link.contains("noreferrer"), "{link}");
        assert!(html("- a\n- b").contains("<li>a</li>"));
    }

    #[test]
    fn nothing_foreign_and_nothing_that_runs_comes_through() {
        for text in [
            "<script>alert(1)</script>",
            "<img src=x onerror=alert(1)>",
            "![a](https://track.example/p.gif)",
            "[a](javascript:alert(1))",
            "<p onclick=\"x()\" style=\"x\">a</p>",
            "[a](data:text/html,x)",
            "<iframe src=https://e.example></iframe>",
        ] {
            let out = html(text);
            let tags = ["<script", "<img", "<iframe", "href=\"javascript", "href=\"data", "<p onclick", "<p style"];
            assert!(!tags.iter().any(|tag| out.contains(tag)), "{text}: {out}");
            assert!(!out.contains("track.example"), "{out}");
        }
    }
}
