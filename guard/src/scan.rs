//! One reading of a text: what is gathered on the way, and which of several findings stands.

use std::cmp::Reverse;

use crate::days::{self, Date};
use crate::finding::{Countries, Finding, Kind, Severity};
use crate::numbers::{self, Group};
use crate::setting::Setting;
use crate::signs::{Class, Sign};
use crate::table::{self, Policy};
use crate::words::{self, Hit, Word};
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

    fn overlaps(&self, other: &Self) -> bool {
        self.start < other.end && other.start < self.end
    }
}

/// A text being read.
pub(crate) struct Scan<'a> {
    pub signs: &'a [Sign],
    pub setting: &'a Setting,
    pub hits: Vec<Hit>,
    pub has_context: bool,
    pub groups: Vec<Group>,
    pub dates: Vec<Date>,
    /// What is no identifier: dates, names of versions, numbers of books.
    pub quiet: Vec<Group>,
    /// Paths of addresses of pages.
    pub paths: Vec<Group>,
    pub found: Vec<Found>,
}

impl Scan<'_> {
    pub(crate) fn policy(&self, kind: Kind) -> Policy {
        table::policy(kind, self.setting.room)
    }

    pub(crate) fn is_quiet(&self, start: usize, end: usize) -> bool {
        self.quiet.iter().any(|group| group.start < end && start < group.end)
    }

    pub(crate) fn is_path(&self, at: usize) -> bool {
        self.paths.iter().any(|group| (group.start..group.end).contains(&at))
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
    let has_context = hits.iter().any(|hit| matches!(hit.word, Word::Context(_)));
    let mut scan =
        Scan { signs, setting, hits, has_context, groups, dates, quiet: Vec::new(), paths: Vec::new(), found: Vec::new() };
    scan.paths = quiet::paths(signs);
    scan.quiet = quiet::quiet(&scan);
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
    let mut found = strongest(std::mem::take(&mut scan.found));
    people::find(&mut scan);
    marks::find(&mut scan);
    let soft = std::mem::take(&mut scan.found);
    for one in soft {
        if !found.iter().any(|other| other.overlaps(&one)) {
            found.push(one);
        }
    }
    found.sort_by_key(|one| (one.start, one.end, one.kind));
    found
}

/// Of findings that overlap the one that weighs most stays: one value, one finding.
fn strongest(mut all: Vec<Found>) -> Vec<Found> {
    all.sort_by_key(|one| (Reverse(one.severity), Reverse(one.context), Reverse(one.end - one.start), one.start, one.kind));
    let mut kept: Vec<Found> = Vec::new();
    for one in all {
        if !kept.iter().any(|other| other.overlaps(&one)) {
            kept.push(one);
        }
    }
    kept
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
