//! Types and rules of the directory: pure.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::Person;
use super::store::{EntryRow, OrganisationRow, PersonRow};
use crate::base::clock::{DAY, rfc3339};
use crate::base::{guard, text};
use crate::context::Ctx;
use crate::vocabulary::{self, ALL_LANGUAGES, ALL_TOPICS, REGIMES, is_country};

/// What somebody confirmed is taken for true this long: six months (domain notes, 3a).
pub(super) const GOOD_FOR: i64 = 183 * DAY;
/// Characters of an organisation's name at most.
pub(super) const NAME_MAX: usize = 160;
/// Characters of its short name at most.
pub(super) const SHORT_NAME_MAX: usize = 24;
/// Characters of its description at most.
pub(super) const DESCRIPTION_MAX: usize = 600;
/// Characters of the line in which somebody says what they can help with at most.
pub(super) const OFFER_MAX: usize = 200;
/// Characters of the line that says when somebody can be reached at most.
pub(super) const AVAILABILITY_MAX: usize = 120;
/// Topics that one entry names at most: whoever helps with everything is found by nobody.
pub(super) const TOPICS_MAX: usize = 16;
/// Languages that one entry names at most.
pub(super) const LANGUAGES_MAX: usize = 12;
/// Focal points of an organisation at most.
pub(super) const FOCAL_POINTS_MAX: usize = 10;
/// Bytes of a host name at most (RFC 1035, 2.3.4).
const HOST_MAX: usize = 253;
/// Digits in a row, however they are spaced, that make a telephone number with its area code. A date has eight, a help line
/// six.
const PHONE_DIGITS: usize = 9;

/// Somebody as others see them in the directory.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = DirectoryProfile)]
pub(super) struct Profile {
    #[serde(flatten)]
    person: Person,
    /// The law that this person's organisation keeps personal data under: `gdpr`, `led` or `io`.
    regime: Option<String>,
    /// `here`, `today`, `week` or `longer`: when this person was last seen, coarse on purpose.
    seen: &'static str,
    /// What this person can help with: slugs of themes and codes of services.
    topics: Vec<String>,
    /// Languages this person works in.
    languages: Vec<String>,
    /// The same in one line of their own.
    offer: Option<String>,
    /// When this person can be reached.
    availability: Option<String>,
    /// When they last said that this is true.
    confirmed_at: Option<String>,
    /// Whether that is six months ago, or never was.
    due: bool,
    /// The organisations this person answers for.
    focal_for: Vec<FocalFor>,
}

/// An organisation that somebody answers for.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct FocalFor {
    pub(super) organisation: Uuid,
    pub(super) name: String,
    /// For this theme alone; null: for everything.
    pub(super) theme: Option<String>,
}

impl Profile {
    pub(super) fn new(mut row: PersonRow, entry: Option<EntryRow>, focal_for: Vec<FocalFor>, ctx: &Ctx) -> Self {
        let now = ctx.now();
        let entry = entry.unwrap_or_default();
        Self {
            seen: seen(ctx.hub.is_here(row.id), row.last_seen_at, now),
            regime: row.regime.take(),
            person: Person::new(row, ctx),
            topics: codes(&entry.helps),
            languages: codes(&entry.speaks),
            offer: entry.offer,
            availability: entry.availability,
            due: is_due(entry.confirmed_at, now),
            confirmed_at: entry.confirmed_at.map(rfc3339),
            focal_for,
        }
    }
}

/// When somebody was last seen, in four steps.
pub(super) fn seen(here: bool, last: Option<i64>, now: i64) -> &'static str {
    match last.map(|last| now - last) {
        _ if here => "here",
        Some(ago) if ago < DAY => "today",
        Some(ago) if ago < 7 * DAY => "week",
        _ => "longer",
    }
}

/// Whether something must be confirmed anew.
pub(super) fn is_due(confirmed_at: Option<i64>, now: i64) -> bool {
    confirmed_at.is_none_or(|at| now - at >= GOOD_FOR)
}

/// Somebody who answers for an organisation.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct FocalPoint {
    pub(super) person: Person,
    /// For this theme alone; null: for everything.
    pub(super) theme: Option<String>,
}

/// Somebody by name.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct Named {
    pub(super) id: Uuid,
    pub(super) name: String,
}

/// An organisation as the directory shows it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct Organisation {
    pub(super) id: Uuid,
    name: String,
    short_name: Option<String>,
    /// Code of the vocabulary.
    pub(super) kind: String,
    /// Null: it serves the whole region.
    country: Option<String>,
    /// The law it keeps personal data under: `gdpr`, `led` or `io`.
    regime: String,
    /// Its website, as a host name.
    host: Option<String>,
    description: Option<String>,
    /// What it can help with: slugs of themes and codes of services.
    topics: Vec<String>,
    languages: Vec<String>,
    /// When somebody last said that this is true, and who.
    confirmed_at: Option<String>,
    confirmed_by: Option<Named>,
    /// Whether that is six months ago, or never was.
    due: bool,
    focal_points: Vec<FocalPoint>,
}

impl Organisation {
    pub(super) fn new(row: OrganisationRow, focal_points: Vec<FocalPoint>, now: i64) -> Self {
        Self {
            id: row.id,
            due: is_due(row.confirmed_at, now),
            name: row.name,
            short_name: row.short_name,
            kind: row.kind,
            country: row.country,
            regime: row.regime,
            host: row.host,
            description: row.description,
            topics: codes(&row.helps),
            languages: codes(&row.speaks),
            confirmed_at: row.confirmed_at.map(rfc3339),
            confirmed_by: row.confirmed_by.zip(row.confirmer).map(|(id, name)| Named { id, name }),
            focal_points,
        }
    }
}

/// Addresses that organisations have published in what they say of themselves: nobody is warned of them. Free lines,
/// helplines and the mailboxes of offices, which pass in any case, aren't among them.
#[derive(Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = DirectoryAddresses)]
pub(super) struct Addresses {
    emails: BTreeSet<String>,
    /// As they are written.
    phones: BTreeSet<String>,
}

impl Addresses {
    /// Those in these texts, at a time (microseconds).
    pub(super) fn written_in(texts: &[String], now: i64) -> Self {
        let mut all = Self::default();
        for text in texts {
            for (address, is_email) in guard::addresses(text, now) {
                if is_email { &mut all.emails } else { &mut all.phones }.insert(address.to_owned());
            }
        }
        all
    }
}

/// An organisation as it is to be, or what is to change of it. An empty text takes away what is there.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[schema(as = OrganisationWish)]
pub(super) struct Wish {
    pub(super) name: Option<String>,
    pub(super) short_name: Option<String>,
    /// Code of the vocabulary.
    pub(super) kind: Option<String>,
    /// Empty: the whole region.
    pub(super) country: Option<String>,
    /// `gdpr`, `led` or `io`; a new organisation has that of its kind.
    pub(super) regime: Option<String>,
    /// A host name, or an address of which the host is kept.
    pub(super) host: Option<String>,
    pub(super) description: Option<String>,
    pub(super) topics: Option<Vec<String>>,
    pub(super) languages: Option<Vec<String>>,
}

impl Wish {
    /// Whether it touches what only those change who keep the country's directory: who the organisation is, and which law
    /// it is under.
    pub(super) fn governs(&self) -> bool {
        self.name.is_some() || self.kind.is_some() || self.country.is_some() || self.regime.is_some()
    }
}

/// What is stored of an organisation, checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Facts {
    pub(super) name: String,
    pub(super) short_name: Option<String>,
    pub(super) kind: String,
    pub(super) country: Option<String>,
    pub(super) regime: String,
    pub(super) host: Option<String>,
    pub(super) description: Option<String>,
    pub(super) helps: String,
    pub(super) speaks: String,
}

impl Facts {
    /// An organisation of which only a name is known, and what it seems to be.
    pub(super) fn bare(name: String, kind: &str, country: Option<String>) -> Self {
        let regime = vocabulary::kind(kind).map_or_else(|| REGIMES[0].to_owned(), |kind| kind.regime.clone());
        let (short_name, host, description) = (None, None, None);
        let (helps, speaks) = (String::new(), String::new());
        Self { name, short_name, kind: kind.to_owned(), country, regime, host, description, helps, speaks }
    }

    /// A new organisation.
    ///
    /// # Errors
    /// The code of what is wrong with the wish.
    pub(super) fn fresh(wish: Wish) -> Result<Self, &'static str> {
        let kind = wish.kind.as_deref().and_then(vocabulary::kind).ok_or("tag_unknown")?;
        let made = Self::bare(String::new(), &kind.code, None).with(wish)?;
        if made.name.is_empty() { Err("name_invalid") } else { Ok(made) }
    }

    /// What the name is compared and sorted by.
    pub(super) fn key(&self) -> String {
        key(&self.name)
    }

    /// The same with what the wish changes.
    ///
    /// # Errors
    /// The code of what is wrong with the wish.
    pub(super) fn with(mut self, wish: Wish) -> Result<Self, &'static str> {
        if let Some(name) = wish.name {
            self.name = text::line(&name, NAME_MAX).ok_or("name_invalid")?;
        }
        if let Some(kind) = wish.kind {
            self.kind.clone_from(&vocabulary::kind(&kind).ok_or("tag_unknown")?.code);
        }
        if let Some(country) = wish.country {
            self.country = Some(country).filter(|code| !code.is_empty());
        }
        if self.country.as_deref().is_some_and(|code| !is_country(code)) {
            return Err("tag_unknown");
        }
        if let Some(regime) = wish.regime {
            self.regime = Some(regime).filter(|regime| REGIMES.contains(&regime.as_str())).ok_or("tag_unknown")?;
        }
        if let Some(host) = wish.host {
            self.host = if host.trim().is_empty() { None } else { Some(host_of(&host).ok_or("host_invalid")?) };
        }
        if let Some(name) = wish.short_name {
            self.short_name = optional(&name, SHORT_NAME_MAX)?;
        }
        if let Some(text) = wish.description {
            self.description = optional(&text, DESCRIPTION_MAX)?;
        }
        if let Some(topics) = wish.topics {
            self.helps = topics_of(&topics)?;
        }
        if let Some(languages) = wish.languages {
            self.speaks = languages_of(&languages)?;
        }
        Ok(self)
    }
}

impl From<OrganisationRow> for Facts {
    fn from(row: OrganisationRow) -> Self {
        Self {
            name: row.name,
            short_name: row.short_name,
            kind: row.kind,
            country: row.country,
            regime: row.regime,
            host: row.host,
            description: row.description,
            helps: row.helps,
            speaks: row.speaks,
        }
    }
}

/// A text on one line, or none.
///
/// # Errors
/// `text_invalid` when it is too long or holds control characters.
fn optional(text: &str, max: usize) -> Result<Option<String>, &'static str> {
    if text.trim().is_empty() { Ok(None) } else { text::line(text, max).map(Some).ok_or("text_invalid") }
}

/// What somebody says of themselves.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[schema(as = DirectoryEntryWish)]
pub(super) struct EntryWish {
    /// Slugs of themes and codes of services.
    pub(super) topics: Vec<String>,
    pub(super) languages: Vec<String>,
    /// One line.
    pub(super) offer: Option<String>,
    /// One line.
    pub(super) availability: Option<String>,
}

impl EntryWish {
    /// What is stored of it.
    ///
    /// # Errors
    /// The code of what is wrong with it.
    pub(super) fn checked(self, now: i64) -> Result<EntryRow, &'static str> {
        let line = |text: Option<String>, max| {
            let text = optional(text.as_deref().unwrap_or_default(), max)?;
            if text.as_deref().is_some_and(names_an_address) { Err("address_in_text") } else { Ok(text) }
        };
        Ok(EntryRow {
            helps: topics_of(&self.topics)?,
            speaks: languages_of(&self.languages)?,
            offer: line(self.offer, OFFER_MAX)?,
            availability: line(self.availability, AVAILABILITY_MAX)?,
            confirmed_at: Some(now),
        })
    }
}

/// Codes as they are stored: in the order of the vocabulary, with spaces between them.
///
/// # Errors
/// `tag_unknown` for a code of nothing, `too_many_topics` beyond the limit.
fn topics_of(wished: &[String]) -> Result<String, &'static str> {
    in_order(wished, &ALL_TOPICS, TOPICS_MAX, "too_many_topics")
}

fn languages_of(wished: &[String]) -> Result<String, &'static str> {
    let known: Vec<&str> = ALL_LANGUAGES.iter().map(|language| language.code.as_str()).collect();
    in_order(wished, &known, LANGUAGES_MAX, "too_many_languages")
}

fn in_order(wished: &[String], known: &[&str], max: usize, too_many: &'static str) -> Result<String, &'static str> {
    if wished.iter().any(|code| !known.contains(&code.as_str())) {
        return Err("tag_unknown");
    }
    let chosen: Vec<&str> = known.iter().copied().filter(|code| wished.iter().any(|wish| wish == code)).collect();
    if chosen.len() > max { Err(too_many) } else { Ok(chosen.join(" ")) }
}

/// The codes of a stored list.
pub(super) fn codes(stored: &str) -> Vec<String> {
    stored.split_whitespace().map(ToOwned::to_owned).collect()
}

/// The words of a name, folded, with single spaces between them: what names are compared and sorted by.
pub(super) fn key(name: &str) -> String {
    let folded = text::fold(name);
    let words = text::words(&folded).collect::<Vec<_>>().join(" ");
    if words.is_empty() { folded } else { words }
}

/// The host name of what somebody typed as a website. `None` if it has none that others can reach.
fn host_of(typed: &str) -> Option<String> {
    let typed = typed.trim().to_lowercase();
    let rest = typed.split_once("://").map_or(typed.as_str(), |(_, rest)| rest);
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default().trim_end_matches('.');
    let label = |part: &str| {
        !part.is_empty()
            && part.len() <= 63
            && part.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
            && !part.starts_with('-')
    };
    let named = host.rsplit('.').next().is_some_and(|top| top.chars().any(|c| c.is_ascii_alphabetic()));
    (host.len() <= HOST_MAX && host.contains('.') && named && host.split('.').all(label)).then(|| host.to_owned())
}

/// Whether a line holds an e-mail address or a telephone number: people are written to here, and nowhere else.
fn names_an_address(text: &str) -> bool {
    let mail = text.split_whitespace().any(|word| word.split_once('@').is_some_and(|(_, host)| host.contains('.')));
    let mut digits = 0;
    let phone = text.chars().any(|c| {
        match c {
            c if c.is_numeric() => digits += 1,
            ' ' | '.' | '-' | '/' | '(' | ')' | '+' | '\u{a0}' => {}
            _ => digits = 0,
        }
        digits >= PHONE_DIGITS
    });
    mail || phone
}

#[cfg(test)]
mod tests;
