//! An issue as it is read: on the web, on paper and in the mail. Everything that is shown is put together here, from an
//! [`Edition`] alone.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use minijinja::Environment;
use minijinja::value::Serde;
use serde::Serialize;
use serde_json::{Value, json};
use uuid::Uuid;

use super::edition::{Edition, Item, Joined, Section};
use super::model::{Quarter, TITLE, place};
use super::{markdown, words};
use crate::base::db::{Error, Result};

/// The style of the pages.
pub(super) const STYLE: &str = include_str!("templates/page.css");

static TEMPLATES: LazyLock<Environment<'static>> = LazyLock::new(|| {
    let mut templates = Environment::new();
    for (name, source) in [
        ("issue.html", include_str!("templates/issue.html")),
        ("list.html", include_str!("templates/list.html")),
        ("leave.html", include_str!("templates/leave.html")),
        ("mail.html", include_str!("templates/mail.html")),
        ("mail.txt", include_str!("templates/mail.txt")),
    ] {
        // A template that can't be read is missing when it is asked for, and a test asks for each.
        let _ = templates.add_template(name, source);
    }
    templates
});

/// Where and how an issue is shown.
pub(super) struct Shown<'a> {
    pub(super) edition: &'a Edition,
    pub(super) language: &'a str,
    /// When it was released (microseconds); `None`: it is not.
    pub(super) released_at: Option<i64>,
    /// Who may be named still.
    pub(super) consenting: &'a HashSet<Uuid>,
}

/// The ends of a page: where its other languages are, and whether it can be had in print.
pub(super) enum Medium {
    /// On the web, with a PDF or without one.
    Web {
        /// Whether there is one.
        pdf: bool,
    },
    /// For who decides about its release: where its languages are.
    Preview {
        /// The path that a language's code is put behind.
        path: String,
    },
    /// On paper.
    Paper,
}

#[derive(Serialize)]
struct ShownSection {
    name: String,
    heading: &'static str,
    html: Option<String>,
    text: Option<String>,
    items: Vec<ShownItem>,
}

#[derive(Serialize)]
struct ShownItem {
    title: String,
    summary: String,
    language: String,
    kind: &'static str,
    day: String,
    in_language: Option<String>,
    href: Option<String>,
}

#[derive(Serialize)]
struct ShownLanguage {
    code: String,
    name: String,
    href: String,
}

#[derive(Serialize)]
struct ShownJoined {
    name: String,
    organisation: Option<String>,
    country: Option<String>,
}

#[derive(Serialize)]
struct ShownFigure {
    label: &'static str,
    count: i64,
}

#[derive(Serialize)]
struct ShownShort {
    form: String,
    term: String,
}

/// What all forms of an issue have in common.
#[derive(Serialize)]
struct Common {
    language: String,
    /// The language of the newsletter's own words.
    own: &'static str,
    words: HashMap<&'static str, &'static str>,
    title: String,
    number: String,
    quarter: String,
    released: Option<String>,
    sections: Vec<ShownSection>,
    figures: Vec<ShownFigure>,
    organisations: Vec<ShownJoined>,
    people: Vec<ShownJoined>,
    abbreviations: Vec<ShownShort>,
    /// Whether the footnote of Kosovo's asterisk is needed.
    kosovo: bool,
}

impl Shown<'_> {
    fn common(&self) -> Common {
        let (edition, language) = (self.edition, self.language);
        let people: Vec<&Joined> = edition.people.iter().filter(|one| self.consenting.contains(&one.id)).collect();
        let figures = edition
            .figures
            .iter()
            .map(|figure| ShownFigure { label: words::say(language, &format!("figure_{}", figure.name)), count: figure.count });
        let computed = |name: &str| match name {
            "figures" => !edition.figures.is_empty(),
            "members" => !edition.organisations.is_empty() || !people.is_empty(),
            "abbreviations" => !edition.abbreviations.is_empty(),
            _ => false,
        };
        let sections = edition.sections.iter().map(|section| self.section(section));
        let wanted = sections.filter(|section| section.html.is_some() || !section.items.is_empty() || computed(&section.name));
        let kosovo = edition.organisations.iter().chain(people.iter().copied()).any(|one| one.country.as_deref() == Some("XK"));
        Common {
            language: language.to_owned(),
            own: words::spoken(language),
            words: words::all(language),
            title: title(edition, language),
            number: words::fill(language, "issue", &[("number", &edition.number.to_string())]),
            quarter: quarter(language, edition.quarter),
            released: self.released_at.map(|at| words::fill(language, "released", &[("day", &words::day(language, at))])),
            sections: wanted.collect(),
            figures: figures.collect(),
            organisations: edition.organisations.iter().map(|one| joined(language, one)).collect(),
            people: people.iter().map(|one| joined(language, one)).collect(),
            abbreviations: edition
                .abbreviations
                .iter()
                .map(|short| ShownShort {
                    form: short.form.clone(),
                    term: if words::spoken(language) == "fr" { short.fr.clone() } else { short.en.clone() },
                })
                .collect(),
            kosovo,
        }
    }

    fn section(&self, section: &Section) -> ShownSection {
        let text = section.texts.get(self.language);
        ShownSection {
            heading: words::say(self.language, &section.name),
            html: text.map(|text| markdown::html(text)),
            text: text.cloned(),
            items: section.items.iter().map(|item| self.item(item)).collect(),
            name: section.name.clone(),
        }
    }

    fn item(&self, item: &Item) -> ShownItem {
        let foreign = item.language != self.language;
        let name = || words::language_name(self.language, &item.language).1;
        ShownItem {
            title: item.title.clone(),
            summary: item.summary.clone(),
            language: item.language.clone(),
            kind: words::say(self.language, &item.kind),
            day: words::day(self.language, item.at),
            in_language: foreign.then(|| words::fill(self.language, "in_language", &[("language", &name())])),
            href: Some(place(&item.kind, item.thing)),
        }
    }

    /// The page.
    ///
    /// # Errors
    /// When a template is broken.
    pub(super) fn page(&self, medium: &Medium) -> Result<String> {
        let (number, common) = (self.edition.number, self.common());
        let href = |code: &str| match medium {
            Medium::Preview { path } => format!("{path}/{code}"),
            Medium::Web { .. } | Medium::Paper => format!("/news/{number}/{code}"),
        };
        let languages = languages(self.language, self.edition, href);
        let pdf = matches!(medium, Medium::Web { pdf: true }).then(|| format!("/news/{number}/{}/print.pdf", self.language));
        let (preview, paper) = (matches!(medium, Medium::Preview { .. }), matches!(medium, Medium::Paper));
        let css = paper.then_some(STYLE);
        let ends = json!({"languages": languages, "pdf": pdf, "preview": preview, "css": css, "all_issues": !preview});
        render("issue.html", &merged(&common, ends)?)
    }

    /// The mail: its HTML and its plain text. `web` is where the issue stands, `way_out` ends the subscription.
    ///
    /// # Errors
    /// When a template is broken.
    pub(super) fn mail(&self, web: &str, way_out: &str) -> Result<(String, String)> {
        let all = merged(&self.common(), json!({"web": web, "way_out": way_out}))?;
        Ok((render("mail.html", &all)?, render("mail.txt", &all)?))
    }
}

/// The title of an issue in a language.
pub(super) fn title(edition: &Edition, language: &str) -> String {
    edition.titles.get(language).cloned().unwrap_or_else(|| words::say(language, "news").to_owned())
}

fn quarter(language: &str, of: Quarter) -> String {
    let key = if of.quarter == 1 { "quarter_first" } else { "quarter" };
    words::fill(language, key, &[("quarter", &of.quarter.to_string()), ("year", &of.year.to_string())])
}

fn joined(language: &str, one: &Joined) -> ShownJoined {
    let country = one.country.as_deref().map(|code| words::country(language, code));
    ShownJoined { name: one.name.clone(), organisation: one.organisation.clone(), country }
}

fn languages(reader: &str, edition: &Edition, href: impl Fn(&str) -> String) -> Vec<ShownLanguage> {
    let shown =
        |code: &String| ShownLanguage { name: words::language_name(reader, code).0, href: href(code), code: code.clone() };
    edition.languages.iter().map(shown).collect()
}

/// The list of all issues.
///
/// # Errors
/// When a template is broken.
pub(super) fn list(language: &str, issues: &[(Edition, i64)]) -> Result<String> {
    let issue = |(edition, released_at): &(Edition, i64)| {
        let chosen = chosen(edition, &[language]);
        json!({
            "language": chosen,
            "title": title(edition, chosen),
            "href": format!("/news/{}/{chosen}", edition.number),
            "number": words::fill(language, "issue", &[("number", &edition.number.to_string())]),
            "quarter": quarter(language, edition.quarter),
            "released": words::fill(language, "released", &[("day", &words::day(language, *released_at))]),
            "languages": languages(language, edition, |code| format!("/news/{}/{code}", edition.number)),
        })
    };
    let issues: Vec<Value> = issues.iter().map(issue).collect();
    render("list.html", &json!({"language": language, "words": words::all(language), "issues": issues}))
}

/// The page of a way out: `key` begins the keys of its words; with `action` there is a button.
///
/// # Errors
/// When a template is broken.
pub(super) fn leave(language: &str, title: &str, text: &str, action: Option<&str>) -> Result<String> {
    let say = |key| words::say(language, key);
    let button = action.map(|_| say("leave_button"));
    let words = words::all(language);
    let all = json!({"language": language, "words": words, "title": say(title), "text": say(text), "button": button,
        "action": action});
    render("leave.html", &all)
}

/// The language of an issue that suits a reader best, by their wishes: else the one it is written in.
pub(super) fn chosen<'a>(edition: &'a Edition, wishes: &[&str]) -> &'a str {
    let fits = |wish: &str| {
        let exact = edition.languages.iter().find(|language| language.eq_ignore_ascii_case(wish));
        let primary = wish.split('-').next().unwrap_or(wish);
        exact.or_else(|| edition.languages.iter().find(|language| language.split('-').next() == Some(primary)))
    };
    wishes.iter().find_map(|wish| fits(wish)).or(edition.languages.first()).map_or(TITLE, String::as_str)
}

fn merged(common: &Common, ends: Value) -> Result<Value> {
    let mut all = serde_json::to_value(common).map_err(|_| Error::Malformed("issue"))?;
    if let (Value::Object(all), Value::Object(ends)) = (&mut all, ends) {
        all.extend(ends);
    }
    Ok(all)
}

fn render(name: &str, with: &Value) -> Result<String> {
    let rendered = TEMPLATES.get_template(name).and_then(|template| template.render(Serde(with)));
    rendered.map_err(|error| {
        tracing::error!(%error, name, "a page of the newsletter can't be put together");
        Error::Malformed("template")
    })
}

#[cfg(test)]
mod tests {
    use super::super::edition::{Figure, Short};
    use super::*;

    fn edition() -> Edition {
        let of = |pairs: &[(&str, &str)]| pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        let item = Item {
            id: Uuid::nil(),
            kind: "practice".into(),
            thing: Uuid::from_u128(9),
            title: "Street <work>".into(),
            summary: "What helps.".into(),
            language: "en".into(),
            at: 1_791_072_000_000_000,
        };
        let joined = |id, name: &str, country: &str| Joined {
            id: Uuid::from_u128(id),
            name: name.into(),
            organisation: None,
            country: Some(country.into()),
        };
        Edition {
            number: 3,
            quarter: Quarter { year: 2026, quarter: 1 },
            languages: vec!["en".into(), "fr".into(), "sr-Cyrl".into()],
            titles: of(&[("en", "Spring & all"), ("fr", "Le printemps"), ("sr-Cyrl", "Пролеће")]),
            sections: vec![
                Section { name: "focus".into(), texts: of(&[("en", "A *text*."), ("fr", "Un texte.")]), items: vec![item] },
                Section { name: "prevent".into(), texts: of(&[]), items: Vec::new() },
                Section { name: "figures".into(), texts: of(&[]), items: Vec::new() },
                Section { name: "members".into(), texts: of(&[]), items: Vec::new() },
                Section { name: "abbreviations".into(), texts: of(&[]), items: Vec::new() },
            ],
            figures: vec![Figure { name: "members".into(), count: 61 }],
            organisations: vec![joined(1, "An office", "XK")],
            people: vec![joined(2, "Ana Pop", "RO"), joined(3, "Ion Pop", "RO")],
            abbreviations: vec![Short { form: "NRM".into(), en: "mechanism".into(), fr: "mécanisme".into() }],
        }
    }

    fn shown(language: &str, medium: &Medium) -> String {
        let (edition, consenting) = (edition(), HashSet::from([Uuid::from_u128(2)]));
        let shown = Shown { edition: &edition, language, released_at: Some(1_791_072_000_000_000), consenting: &consenting };
        shown.page(medium).expect("a page").replace("&#x2f;", "/")
    }

    #[test]
    fn a_page_is_in_its_language_and_escapes_what_people_wrote() {
        let page = shown("en", &Medium::Web { pdf: true });
        for text in [
            r#"<html lang="en">"#,
            "Spring &amp; all",
            "<em>text</em>",
            "Street &lt;work&gt;",
            "Quarter 1 of 2026",
            "<dd>61</dd>",
            r#"href="/news/3/fr""#,
            r#"href="/news/3/en/print.pdf""#,
            "Ana Pop",
            "Kosovo*",
            "UNSCR 1244",
        ] {
            assert!(page.contains(text), "{text}: {page}");
        }
        assert!(!page.contains("<script") && !page.contains("http:") && !page.contains("https:"), "{page}");
        assert!(!page.contains(r#"id="prevent""#), "nothing stands there");
        let french = shown("fr", &Medium::Web { pdf: false });
        assert!(french.contains("1ᵉʳ trimestre 2026") && french.contains("En anglais") && french.contains("mécanisme"));
        assert!(!french.contains("print.pdf") && french.contains("impression de votre navigateur"));
        let serbian = shown("sr-Cyrl", &Medium::Web { pdf: false });
        assert!(serbian.contains(r#"<html lang="sr-Cyrl">"#) && serbian.contains(r#"<h2 id="focus" lang="en">"#), "{serbian}");
    }

    #[test]
    fn who_has_taken_their_word_back_is_named_no_more() {
        assert!(!shown("en", &Medium::Web { pdf: false }).contains("Ion Pop"));
    }

    #[test]
    fn paper_brings_its_style_along_and_leads_nowhere() {
        let page = shown("fr", &Medium::Paper);
        assert!(page.contains("@page") && !page.contains("<link") && !page.contains("<nav"));
    }

    #[test]
    fn a_mail_says_the_same_in_html_and_in_plain_text() {
        let (edition, consenting) = (edition(), HashSet::new());
        let shown = Shown { edition: &edition, language: "en", released_at: Some(0), consenting: &consenting };
        let (html, text) = shown.mail("https://e.example/news/3/en", "https://e.example/news/leave/t").expect("a mail");
        let html = html.replace("&#x2f;", "/");
        for said in ["https://e.example/news/3/en", "https://e.example/news/leave/t", "61", "NRM", "An office"] {
            assert!(html.contains(said) && text.contains(said), "{said}\n{text}");
        }
        assert!(text.contains("Spring & all") && text.contains("A *text*.") && text.contains("Street <work>"), "{text}");
        assert!(!html.contains("<img") && !html.contains("Ana Pop") && !text.contains("Ana Pop"), "{html}");
        assert_eq!(html.matches("href=").count(), 2, "no link but to the web and out");
    }

    #[test]
    fn the_list_and_the_way_out_are_pages_too() {
        let page = list("fr", &[(edition(), 1_791_072_000_000_000)]).expect("a page").replace("&#x2f;", "/");
        assert!(page.contains("Le printemps") && page.contains(r#"href="/news/3/sr-Cyrl""#), "{page}");
        assert!(list("en", &[]).expect("a page").contains("No issue"));
        let page = leave("en", "leave_title", "leave_text", Some("/news/leave/t")).expect("a page").replace("&#x2f;", "/");
        assert!(page.contains(r#"action="/news/leave/t""#), "{page}");
        assert!(!leave("en", "left_title", "left_text", None).expect("a page").contains("<form"));
    }

    #[test]
    fn the_language_is_chosen_by_wishes() {
        let edition = edition();
        assert_eq!(chosen(&edition, &["de", "fr-FR"]), "fr");
        assert_eq!(chosen(&edition, &["sr"]), "sr-Cyrl");
        assert_eq!((chosen(&edition, &["de"]), chosen(&edition, &[])), ("en", "en"));
    }
}
