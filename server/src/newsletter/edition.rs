//! An issue as it is handed in, released and read: everything that stands in it, and nothing that is looked up later.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::desk::Desk;
use super::model::{LEAST_COUNT, Quarter, SECTIONS, TITLE};
use super::store::{self, Issue};
use crate::access::Actor;
use crate::base::db::Result;
use crate::base::text;
use crate::vocabulary::ALL_ABBREVIATIONS;

/// See the module.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Edition {
    pub(super) number: i64,
    pub(super) quarter: Quarter,
    /// The first is the one it is written in.
    pub(super) languages: Vec<String>,
    /// By language.
    pub(super) titles: BTreeMap<String, String>,
    pub(super) sections: Vec<Section>,
    pub(super) figures: Vec<Figure>,
    pub(super) organisations: Vec<Joined>,
    pub(super) people: Vec<Joined>,
    pub(super) abbreviations: Vec<Short>,
}

/// A section.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Section {
    pub(super) name: String,
    /// Markdown, by language.
    pub(super) texts: BTreeMap<String, String>,
    pub(super) items: Vec<Item>,
}

/// Something that was taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Item {
    pub(super) id: Uuid,
    pub(super) kind: String,
    pub(super) thing: Uuid,
    pub(super) title: String,
    pub(super) summary: String,
    pub(super) language: String,
    pub(super) at: i64,
}

/// A count of the platform's own, of five at least.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Figure {
    /// What is counted: the end of a key of the catalogues, `newsletter_figure_…`.
    pub(super) name: String,
    pub(super) count: i64,
}

/// Who has joined: an organisation, or somebody who may be named.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Joined {
    pub(super) id: Uuid,
    pub(super) name: String,
    pub(super) organisation: Option<String>,
    pub(super) country: Option<String>,
}

/// An abbreviation that stands in the texts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Short {
    pub(super) form: String,
    pub(super) en: String,
    pub(super) fr: String,
}

impl Edition {
    /// As it is stored.
    pub(super) fn stored(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// As it was stored.
    pub(super) fn of(stored: &str) -> Option<Self> {
        serde_json::from_str(stored).ok()
    }

    /// Everything that was taken.
    pub(super) fn items(&self) -> impl Iterator<Item = &Item> {
        self.sections.iter().flat_map(|section| &section.items)
    }

    /// All texts of its writers: section, language, words.
    pub(super) fn texts(&self) -> impl Iterator<Item = (&str, &str, &str)> {
        let titles = self.titles.iter().map(|(language, title)| (TITLE, language.as_str(), title.as_str()));
        let texts = self.sections.iter().flat_map(|section| {
            section.texts.iter().map(|(language, body)| (section.name.as_str(), language.as_str(), body.as_str()))
        });
        titles.chain(texts)
    }

    /// Where a text is missing that another language has: section and language. A title is never missing elsewhere alone.
    pub(super) fn gaps(&self) -> Vec<(String, String)> {
        let missing = |name: &str, texts: &BTreeMap<String, String>| {
            let lacking = self.languages.iter().filter(|language| !texts.contains_key(*language));
            lacking.map(|language| (name.to_owned(), language.clone())).collect::<Vec<_>>()
        };
        let begun = self.sections.iter().filter(|section| !section.texts.is_empty());
        let gaps = begun.flat_map(|section| missing(&section.name, &section.texts));
        missing(TITLE, &self.titles).into_iter().chain(gaps).collect()
    }
}

/// What two people mean when they mean the same content.
pub(super) fn digest(stored: &str) -> [u8; 32] {
    Sha256::digest(stored.as_bytes()).into()
}

/// Puts an issue together as it stands.
pub(super) async fn gather(desk: &Desk, actor: &Actor, issue: &Issue) -> Result<Edition> {
    let mut conn = desk.ctx.db.read().await?;
    let mut by_section: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();
    for text in store::texts(&mut conn, issue.id).await? {
        let wanted = issue.languages().any(|language| language == text.language) && !text.body.is_empty();
        if wanted {
            by_section.entry(text.section).or_default().insert(text.language, text.body);
        }
    }
    let taken = store::items(&mut conn, issue.id).await?;
    drop(conn);
    let titles = by_section.remove(TITLE).unwrap_or_default();
    let sections = SECTIONS.map(|name| Section {
        name: name.to_owned(),
        texts: by_section.remove(name).unwrap_or_default(),
        items: taken.iter().filter(|item| item.section == name).map(copy).collect(),
    });
    let quarter = Quarter { year: issue.year, quarter: issue.quarter };
    let mut edition = Edition {
        number: issue.number,
        quarter,
        languages: issue.languages().map(ToOwned::to_owned).collect(),
        titles,
        sections: sections.into(),
        figures: figures(desk, actor, quarter).await?.into_iter().filter(|figure| figure.count >= LEAST_COUNT).collect(),
        organisations: organisations(desk, quarter).await?,
        people: people(desk, quarter).await?,
        abbreviations: Vec::new(),
    };
    edition.abbreviations = abbreviations(&edition);
    Ok(edition)
}

fn copy(item: &store::Taken) -> Item {
    Item {
        id: item.id,
        kind: item.kind.clone(),
        thing: item.thing,
        title: item.title.clone(),
        summary: item.summary.clone(),
        language: item.language.clone(),
        at: item.at,
    }
}

/// The platform's own counts, small ones with them: those are for nobody's eyes.
pub(super) async fn figures(desk: &Desk, actor: &Actor, quarter: Quarter) -> Result<Vec<Figure>> {
    let counts = store::counts(&mut desk.ctx.db.read().await?, quarter.span(), desk.ctx.now()).await?;
    let names = ["members", "countries", "organisations", "new_members", "new_organisations"];
    let figure = |(name, count): (&str, i64)| Figure { name: name.to_owned(), count };
    let mut figures: Vec<Figure> = names.into_iter().zip(counts).map(figure).collect();
    for feed in desk.feeds.iter() {
        let count = feed.within(&desk.ctx, actor, quarter.span()).await?.len();
        figures.push(figure((feed.kind().as_str(), i64::try_from(count).unwrap_or(i64::MAX))));
    }
    Ok(figures)
}

async fn organisations(desk: &Desk, quarter: Quarter) -> Result<Vec<Joined>> {
    let rows = store::new_organisations(&mut desk.ctx.db.read().await?, quarter.span()).await?;
    let joined = rows.into_iter().map(|row| Joined { id: row.id, name: row.name, organisation: None, country: row.country });
    Ok(joined.collect())
}

async fn people(desk: &Desk, quarter: Quarter) -> Result<Vec<Joined>> {
    let rows = store::new_people(&mut desk.ctx.db.read().await?, quarter.span(), desk.ctx.now()).await?;
    let joined =
        rows.into_iter().map(|row| Joined { id: row.id, name: row.name, organisation: row.organisation, country: row.country });
    Ok(joined.collect())
}

/// The abbreviations of the vocabulary that stand in what is read, in the order of the alphabet.
fn abbreviations(edition: &Edition) -> Vec<Short> {
    let items = edition.items().flat_map(|item| [item.title.as_str(), item.summary.as_str()]);
    let read: Vec<String> = edition.texts().map(|(_, _, text)| text).chain(items).map(text::plain).map(spaced).collect();
    let stands = |form: &str| read.iter().any(|text| text.contains(&format!(" {form} ")));
    let mut shorts = Vec::new();
    for each in ALL_ABBREVIATIONS.iter() {
        let mut met: Vec<String> = Vec::new();
        // What is written with a hyphen or without is one form.
        for form in each.forms.iter().filter(|form| stands(spaced(form).trim())) {
            if !met.contains(&spaced(form)) {
                met.push(spaced(form));
                shorts.push(Short { form: form.clone(), en: each.term.en.clone(), fr: each.term.fr.clone() });
            }
        }
    }
    shorts.sort_by(|one: &Short, other| one.form.cmp(&other.form));
    shorts
}

/// Words between single spaces, their case as it is: abbreviations are capitals.
fn spaced(text: impl AsRef<str>) -> String {
    let words = text.as_ref().split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    format!(" {} ", words.collect::<Vec<_>>().join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edition(titles: &[(&str, &str)], texts: &[(&str, &str)]) -> Edition {
        let owned = |pairs: &[(&str, &str)]| pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        Edition {
            number: 1,
            quarter: Quarter { year: 2026, quarter: 4 },
            languages: vec!["en".into(), "fr".into()],
            titles: owned(titles),
            sections: vec![Section { name: "focus".into(), texts: owned(texts), items: Vec::new() }],
            figures: Vec::new(),
            organisations: Vec::new(),
            people: Vec::new(),
            abbreviations: Vec::new(),
        }
    }

    #[test]
    fn what_one_language_has_every_language_has() {
        let whole = edition(&[("en", "A"), ("fr", "B")], &[("en", "a"), ("fr", "b")]);
        assert!(whole.gaps().is_empty());
        let lacking = edition(&[("en", "A")], &[("fr", "b")]);
        assert_eq!(lacking.gaps(), [("title".into(), "fr".into()), ("focus".into(), "en".into())]);
        assert_eq!(edition(&[("en", "A"), ("fr", "B")], &[]).gaps(), []);
    }

    #[test]
    fn it_is_the_same_again_and_any_change_changes_its_digest() {
        let whole = edition(&[("en", "A"), ("fr", "B")], &[("en", "a"), ("fr", "b")]);
        assert_eq!(Edition::of(&whole.stored()), Some(whole.clone()));
        let changed = Edition { titles: [("en".to_owned(), "C".to_owned())].into(), ..whole.clone() };
        assert_ne!(digest(&whole.stored()), digest(&changed.stored()));
        assert_eq!(Edition::of("{"), None);
    }

    #[test]
    fn abbreviations_are_found_as_words_in_capitals() {
        let found = abbreviations(&edition(&[], &[("en", "The **NRM** met; its (SA-THB) spoke of a bid, and BIA.")]));
        let forms: Vec<_> = found.iter().map(|short| short.form.as_str()).collect();
        assert_eq!(forms, ["BIA", "NRM", "SA THB"]);
        assert!(abbreviations(&edition(&[], &[("en", "Nrm, NRMs and the like")])).is_empty());
    }
}
