//! One reading of a text: what is gathered on the way, and which of several findings stands.

use std::cmp::Reverse;

use crate::days::{self, Date};
use crate::finding::{Countries, Finding, Kind, Severity};
use crate::numbers::{self, Group};
use crate::setting::Setting;
use crate::signs::{Class, Sign};
use crate::spans::Spans;
use crate::table::{self, Policy};
use crate::words::{self, Contexts, Hit};
use crate::{codes, contacts, maps, marks, people, quiet};

/// Digits below which no value is looked for: a Romanian plate has two.
const LEAST: usize = 2;

/// A finding, in signs.
#[derive(Clone)]
pub(crate) struct Found {
    pub kind: Kind,
    pub countries: Countries,
    pub severity: Severity,
    pub context: bool,
    pub start: usize,
    pub end: usize,
    pub offer: Option<String>,
}

impl Found {
    pub(crate) fn new(kind: Kind, severity: Severity, start: usize, end: usize) -> Self {
        Self { kind, countries: Countries::default(), severity, context: false, start, end, offer: None }
    }

    /// Takes its signs, if nothing has taken one of them yet.
    fn takes(&self, taken: &mut [bool]) -> bool {
        let own = &mut taken[self.start..self.end];
        let free = !own.contains(&true);
        if free {
            own.fill(true);
        }
        free
    }
}

/// A text being read.
pub(crate) struct Scan<'a> {
    pub signs: &'a [Sign],
    pub setting: &'a Setting,
    pub hits: Vec<Hit>,
    pub contexts: Contexts,
    pub groups: Vec<Group>,
    pub dates: Vec<Date>,
    /// What is no identifier: dates, names of versions, numbers of books.
    pub quiet: Spans,
    /// Paths of addresses of pages.
    pub paths: Spans,
    pub found: Vec<Found>,
}

impl Scan<'_> {
    pub(crate) fn policy(&self, kind: Kind) -> Policy {
        table::policy(kind, self.setting.room)
    }

    /// Whether a word that announces this kind stands near the signs from `start` to `end`.
    pub(crate) fn announced(&self, kind: Kind, start: usize, end: usize) -> bool {
        self.contexts.announce(kind, start, end)
    }
}

/// What is found among the signs, in signs, in the order of the text.
pub(crate) fn read(signs: &[Sign], setting: &Setting) -> Vec<Found> {
    let hits = words::hits(signs);
    let digits = signs.iter().filter(|sign| sign.class == Class::Digit).count();
    let at = signs.iter().any(|sign| sign.code == '@') || contacts::has_spelled_at(signs);
    if hits.is_empty() && digits < LEAST && !at {
        return Vec::new();
    }
    let groups = numbers::groups(signs);
    let dates = days::dates(signs, &groups, &hits);
    let (contexts, quiet) = (Contexts::of(&hits), quiet::quiet(signs, &groups, &dates, &hits));
    let paths = quiet::paths(signs);
    let mut scan = Scan { signs, setting, hits, contexts, groups, dates, quiet, paths, found: Vec::new() };
    if at {
        contacts::emails(&mut scan);
    }
    if digits >= LEAST {
        contacts::phones(&mut scan);
        numbers::find(&mut scan);
        codes::find(&mut scan);
        maps::coordinates(&mut scan);
        maps::plates(&mut scan);
    }
    let values = std::mem::take(&mut scan.found);
    people::find(&mut scan);
    marks::find(&mut scan);
    strongest(values, scan.found, signs.len())
}

/// Of findings that overlap one stays, and of values the one that weighs most: one value, one finding.
fn strongest(mut values: Vec<Found>, soft: Vec<Found>, len: usize) -> Vec<Found> {
    if values.is_empty() && soft.is_empty() {
        return Vec::new();
    }
    values.sort_by_key(|one| (Reverse(one.severity), Reverse(one.context), Reverse(one.end - one.start), one.start, one.kind));
    let mut taken = vec![false; len];
    let mut found: Vec<Found> = values.into_iter().chain(soft).filter(|one| one.takes(&mut taken)).collect();
    found.sort_by_key(|one| (one.start, one.end, one.kind));
    found
}

impl Found {
    /// The finding, with its place in bytes.
    pub(crate) fn placed(self, signs: &[Sign]) -> Finding {
        Finding {
            kind: self.kind,
            countries: self.countries,
            severity: self.severity,
            span: signs[self.start].start..signs[self.end - 1].end,
            offer: self.offer,
        }
    }
}
