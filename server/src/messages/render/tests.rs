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
    for bad in ["[Sign in](/&#9;/evil.example/login)", "[x](</\t/evil.example>)", "[x](/\\evil.example)", "[x](/.//evil.example)"]
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
    assert!(html.contains(&format!("Dear <span class=\"mention\" data-person=\"{ana}\">@Ana &lt;Pop&gt;</span>, see")), "{html}");
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
