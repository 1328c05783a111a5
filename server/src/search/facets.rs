//! What there is of each kind among the newest hits, so that one can narrow down. Only what the reader may open is counted.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::Serialize;
use utoipa::ToSchema;

use super::numbered;
use super::store::{self, Passing};
use crate::access::Channel;
use crate::base::db::{On, Result};
use crate::findable::{Kind, Thing};

/// Hits that are counted at most, the newest.
pub(super) const COUNTED: usize = 300;
/// Years that are told apart, counted back from this one; what is older is counted with the last.
const YEARS: i16 = 10;

/// How many hits there are of each kind.
#[derive(Debug, Default, Serialize, ToSchema)]
pub(super) struct Facets {
    /// Messages that were counted, the newest.
    looked_at: usize,
    /// Whether these are all that were found.
    whole: bool,
    /// Of the first page's things at most fifty are counted.
    kinds: Vec<Count>,
    countries: Vec<Count>,
    themes: Vec<Count>,
    /// `bcms` for Bosnian, Croatian, Montenegrin and Serbian.
    languages: Vec<Count>,
    years: Vec<Count>,
}

impl Facets {
    /// Counts what was found beside the messages, too.
    pub(super) fn with(mut self, things: &[Thing]) -> Self {
        let of = |kind: Kind| {
            if kind == Kind::Message { self.looked_at } else { things.iter().filter(|thing| thing.kind == kind).count() }
        };
        let counts = Kind::ALL.into_iter().map(|kind| Count { value: kind.as_str().to_owned(), count: of(kind) });
        self.kinds = counts.filter(|count| count.count > 0).collect();
        self
    }
}

/// How many hits have a value.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct Count {
    value: String,
    count: usize,
}

/// Counts these hits, which lie in these channels, at a time (microseconds).
pub(super) async fn count(
    conn: &mut impl On,
    hits: &[Passing],
    (whole, now): (bool, i64),
    channels: &[Arc<Channel>],
) -> Result<Facets> {
    let ns: Vec<i64> = hits.iter().map(|hit| hit.n).collect();
    let of: HashMap<i64, &Channel> = channels.iter().map(|channel| (channel.number, channel.as_ref())).collect();
    let (mut countries, mut themes) = (Tally::default(), Tally::default());
    for hit in hits {
        let Some(channel) = of.get(&(hit.place / 2)) else { continue };
        countries.add(hit.n, channel.country.as_deref());
        themes.add(hit.n, channel.theme.as_deref());
    }
    for (n, kind, value) in store::tags(conn, &ns).await? {
        if kind == "country" { countries.add(n, Some(&value)) } else { themes.add(n, Some(&value)) }
    }
    let mut languages = Tally::default();
    for hit in hits {
        languages.add(hit.n, numbered(hit.language).map(egida_text::Language::code));
    }
    let years = years(conn, &ns, now).await?;
    Ok(Facets {
        looked_at: hits.len(),
        whole,
        kinds: Vec::new(),
        countries: countries.counts(),
        themes: themes.counts(),
        languages: languages.counts(),
        years,
    })
}

/// Which messages have each value: a message counts once, though its channel and its topic say the same.
#[derive(Default)]
struct Tally(BTreeMap<String, HashSet<i64>>);

impl Tally {
    fn add(&mut self, n: i64, value: Option<&str>) {
        let Some(value) = value else { return };
        match self.0.get_mut(value) {
            Some(messages) => _ = messages.insert(n),
            None => _ = self.0.insert(value.to_owned(), HashSet::from([n])),
        }
    }

    /// The most frequent first.
    fn counts(self) -> Vec<Count> {
        let mut counts: Vec<_> = self.0.into_iter().map(|(value, messages)| Count { value, count: messages.len() }).collect();
        counts.sort_by_key(|count| std::cmp::Reverse(count.count));
        counts
    }
}

/// Messages are numbered as they were posted: the first of a year parts them.
async fn years(conn: &mut impl On, ns: &[i64], now: i64) -> Result<Vec<Count>> {
    let Some((newest, oldest)) = ns.iter().max().zip(ns.iter().min()) else { return Ok(Vec::new()) };
    let this = TimeZone::UTC.to_datetime(Timestamp::from_microsecond(now).unwrap_or_default()).year();
    let mut counts = Vec::new();
    let mut until = newest + 1;
    for year in (this - YEARS + 1..=this).rev() {
        if until <= *oldest {
            break;
        }
        let start = Date::new(year, 1, 1).and_then(|day| TimeZone::UTC.to_timestamp(day.at(0, 0, 0, 0)));
        let start = start.map_or(0, Timestamp::as_microsecond);
        let first = store::first_since(conn, start).await?.unwrap_or(i64::MAX);
        let first = if year == this - YEARS + 1 { 0 } else { first };
        let count = ns.iter().filter(|n| (first..until).contains(*n)).count();
        if count > 0 {
            counts.push(Count { value: year.to_string(), count });
        }
        until = until.min(first);
    }
    Ok(counts)
}
