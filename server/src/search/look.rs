//! Looking for a page of hits, newest first, a window of the index at a time and a rung of the ladder after the other.
//!
//! The index knows words, channels, authors and languages. What else a query may ask (tags, whether a topic is settled, a
//! phrase) is asked of each hit, so a rare tag among common words could mean looking at all of them. One answer looks at so
//! many and no more; where it had to stop, the next one goes on, so that paging always comes to the end of what there is.

use std::fmt;
use std::str::FromStr;
use std::time::{Duration, Instant};

use super::plan::{Plan, Rung};
use super::query::Query;
use super::store::{self, Passing, Within};
use crate::access::handling::strictest;
use crate::base::db::{On, Result};
use crate::base::text;

/// Hits looked at in one go when a query asks for more than the index knows.
const WINDOW: usize = 2_000;
/// Windows looked through for one answer, and for how long at most: who asks for much gets it in pieces (safety controls, "Limits
/// to ship": 200 ms).
const WINDOWS: usize = 3;
pub(super) const AT_MOST: Duration = Duration::from_millis(200);

/// Where a page starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    /// The number of the last message that was looked at.
    below: i64,
    rung: Rung,
    /// Whether nothing was found yet.
    in_vain: bool,
}

impl Place {
    /// Before everything.
    pub(super) const START: Self = Self { below: i64::MAX, rung: Rung::Words, in_vain: true };
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = match self.rung {
            Rung::Words => 'w',
            Rung::Begun => 'b',
            Rung::Near => 'n',
            Rung::AllButOne => 'm',
            Rung::Any => 'a',
        };
        write!(f, "{}{}", self.below, if self.in_vain { sign.to_ascii_uppercase() } else { sign })
    }
}

impl FromStr for Place {
    type Err = ();

    fn from_str(text: &str) -> std::result::Result<Self, ()> {
        let sign = text.chars().last().ok_or(())?;
        let rung = match sign.to_ascii_lowercase() {
            'w' => Rung::Words,
            'b' => Rung::Begun,
            'n' => Rung::Near,
            'm' => Rung::AllButOne,
            'a' => Rung::Any,
            _ => return Err(()),
        };
        let number = text.strip_suffix(sign).ok_or(())?;
        Ok(Self { below: number.parse().map_err(|_| ())?, rung, in_vain: sign.is_ascii_uppercase() })
    }
}

/// A page of what was found.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// Newest first within a rung.
    pub(super) hits: Vec<Passing>,
    /// As many more as were asked for, to be counted.
    pub(super) counted: Vec<Passing>,
    /// Whether these are all there are.
    pub(super) whole: bool,
    /// Where the next page starts.
    pub(super) next: Option<Place>,
}

/// Hits from `start` on, `limit` at most, and as they come `count` of them to be counted. A page may be empty and still have a
/// next one.
pub(super) async fn page(
    conn: &mut impl On,
    query: &Query,
    plan: &mut Plan,
    within: &Within,
    start: Place,
    (limit, count): (usize, usize),
) -> Result<Found> {
    let began = Instant::now();
    let mut windows = WINDOWS;
    let mut found = Found::default();
    let mut at = start;
    loop {
        let narrowed = query.is_narrowed();
        let ahead = (limit + 1).saturating_sub(found.hits.len()).max(count.saturating_sub(found.counted.len()));
        let window = if narrowed { WINDOW } else { ahead };
        let seen = look(conn, plan, within, at, window).await?;
        let end = (seen.len() == window).then(|| seen.last().map(|last| last.n)).flatten();
        let passing = if narrowed { fitting(conn, query, seen).await? } else { seen };
        at.in_vain &= passing.is_empty();
        let missing = count.saturating_sub(found.counted.len());
        found.counted.extend(passing.iter().take(missing));
        if found.next.is_none() {
            found.hits.extend(&passing);
            if found.hits.len() > limit {
                found.hits.truncate(limit);
                found.next = found.hits.last().map(|last| Place { below: last.n, ..at });
            }
        }
        // What follows in a wider rung is not counted where the narrower ones fill the page.
        if found.next.is_some() && (found.counted.len() >= count || end.is_none()) {
            found.whole = found.counted.len() < count;
            return Ok(found);
        }
        if let Some(end) = end {
            (at.below, windows) = (end, windows - 1);
        } else if let Some(next) = step(conn, plan, at).await? {
            at = next;
        } else {
            found.whole = found.counted.len() < count.max(1);
            return Ok(found);
        }
        if windows == 0 || began.elapsed() > AT_MOST {
            found.next = found.next.or(Some(at));
            return Ok(found);
        }
    }
}

/// The next rung that may find something. All but the second are for where nothing was found.
async fn step(conn: &mut impl On, plan: &mut Plan, at: Place) -> Result<Option<Place>> {
    if !plan.has_words() {
        return Ok(None);
    }
    plan.widen(conn).await?;
    let mut rung = at.rung;
    while let Some(next) = rung.next() {
        rung = next;
        if (rung == Rung::Begun || at.in_vain) && plan.expression(rung).is_some() {
            return Ok(Some(Place { below: i64::MAX, rung, ..at }));
        }
    }
    Ok(None)
}

/// What a rung finds from a place on, as far as the index knows.
async fn look(conn: &mut impl On, plan: &mut Plan, within: &Within, at: Place, limit: usize) -> Result<Vec<Passing>> {
    if at.rung != Rung::Words {
        plan.widen(conn).await?;
    }
    let Some(expression) = plan.expression(at.rung) else { return Ok(Vec::new()) };
    let within = Within { below: at.below.min(within.below), ..within.clone() };
    store::passing(conn, &expression, &within, i64::try_from(limit).unwrap_or(i64::MAX)).await
}

/// Which of these are as the query asks beyond what the index knows.
pub(super) async fn fitting(conn: &mut impl On, query: &Query, seen: Vec<Passing>) -> Result<Vec<Passing>> {
    if !query.is_narrowed() || seen.is_empty() {
        return Ok(seen);
    }
    let ns: Vec<i64> = seen.iter().map(|hit| hit.n).collect();
    let asked = store::narrowed(conn, &ns, query).await?;
    let fits: std::collections::HashSet<i64> = asked
        .into_iter()
        .filter(|asked| {
            let marking = strictest(&asked.marking, &asked.channel_marking);
            (query.markings.is_empty() || query.markings.contains(&marking)) && has_phrases(query, &asked.body)
        })
        .map(|asked| asked.n)
        .collect();
    Ok(seen.into_iter().filter(|hit| fits.contains(&hit.n)).collect())
}

/// Whether a body has the phrases that are wanted and none that are not.
fn has_phrases(query: &Query, body: &str) -> bool {
    let is_phrase = |words: &&String| words.contains(' ');
    let mut phrases = query.wanted.iter().filter(is_phrase).peekable();
    let mut unwanted = query.unwanted.iter().filter(is_phrase).peekable();
    if phrases.peek().is_none() && unwanted.peek().is_none() {
        return true;
    }
    let folded = text::words(&text::fold(body)).fold(String::from(" "), |line, word| line + word + " ");
    let says = |phrase: &String| folded.contains(&format!(" {phrase} "));
    phrases.all(says) && !unwanted.any(says)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_read_as_it_was_written() {
        for rung in Rung::ALL {
            for in_vain in [true, false] {
                let place = Place { below: 42, rung, in_vain };
                assert_eq!(place.to_string().parse(), Ok(place));
            }
        }
        for bad in ["", "x", "w", "42", "1ww", "1 ", "ж"] {
            assert_eq!(bad.parse::<Place>(), Err(()), "{bad}");
        }
    }

    #[test]
    fn a_phrase_is_words_that_follow_each_other() {
        let query = Query { wanted: vec!["forced begging".into()], unwanted: vec!["at night".into()], ..Query::default() };
        assert!(has_phrases(&query, "Against **forced** begging, again"));
        assert!(!has_phrases(&query, "begging forced"));
        assert!(!has_phrases(&query, "forced begging at night"));
        assert!(!has_phrases(&query, "unforced begging"));
    }
}
