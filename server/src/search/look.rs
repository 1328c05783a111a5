//! Looking for a page of hits, a window of the index at a time.
//!
//! The index knows words, channels and authors. What else a query may ask (tags, whether a topic is settled) is asked of
//! each hit, so a rare tag among common words could mean looking at all of them. One answer looks at so many and no
//! more; where it had to stop, the next one goes on, so that paging always comes to the end of what there is.

use std::fmt;
use std::str::FromStr;

use super::query::Query;
use super::store::{self, Between, Hit};
use crate::base::db::{On, Result};

/// Hits looked at in one go when a query asks for more than the index knows.
const WINDOW: i64 = 2_000;
/// Windows looked through for one answer. With a million messages stored one takes 3 ms for a word as it was typed and 17
/// ms for the beginnings of words (measured on two busy cores), and nobody is to wait for more than 100 ms.
const WINDOWS: usize = 3;

/// How words are looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Words {
    /// As they were typed; something was found.
    Exact,
    /// As they were typed; nothing was found yet.
    ExactInVain,
    /// Also as beginnings of longer words, because as typed they are nowhere.
    Prefixes,
}

/// Where a page starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    /// The number of the last message that was looked at.
    below: i64,
    words: Words,
}

impl Place {
    /// Before everything.
    pub(super) const START: Self = Self { below: i64::MAX, words: Words::ExactInVain };
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = match self.words {
            Words::Exact => "",
            Words::ExactInVain => "e",
            Words::Prefixes => "p",
        };
        write!(f, "{}{sign}", self.below)
    }
}

impl FromStr for Place {
    type Err = ();

    fn from_str(text: &str) -> std::result::Result<Self, ()> {
        let (number, words) = match (text.strip_suffix('e'), text.strip_suffix('p')) {
            (Some(number), _) => (number, Words::ExactInVain),
            (_, Some(number)) => (number, Words::Prefixes),
            _ => (text, Words::Exact),
        };
        Ok(Self { below: number.parse().map_err(|_| ())?, words })
    }
}

/// Hits from `start` on that lie in `span`, `limit` at most, and where the next page starts. A page may be empty and
/// still have a next one.
pub(super) async fn page(
    conn: &mut impl On,
    query: &Query,
    keys: &str,
    span: Between,
    start: Place,
    limit: usize,
) -> Result<(Vec<Hit>, Option<Place>)> {
    let mut windows = WINDOWS;
    let (mut hits, mut at) = (Vec::new(), start);
    loop {
        let expression = query.expression(keys, at.words == Words::Prefixes);
        let mut between = Between { below: at.below.min(span.below), ..span };
        let end = if query.is_narrowed() { store::nth(conn, &expression, between, WINDOW).await? } else { None };
        between.from = end.unwrap_or(between.from);
        let wanted = i64::try_from(limit + 1 - hits.len()).unwrap_or(0);
        hits.extend(store::hits(conn, &expression, query, between, wanted).await?);
        if !hits.is_empty() && at.words == Words::ExactInVain {
            at.words = Words::Exact;
        }
        if hits.len() > limit {
            hits.truncate(limit);
            let last = hits.last().map(|hit| Place { below: hit.n, ..at });
            return Ok((hits, last));
        }
        match end {
            Some(end) => at.below = end,
            // Looked at everything: what was typed may be the beginning of what is meant.
            None if at.words == Words::ExactInVain && query.expression(keys, true) != expression => {
                at = Place { words: Words::Prefixes, ..Place::START };
            }
            None => return Ok((hits, None)),
        }
        windows -= 1;
        if windows == 0 {
            return Ok((hits, Some(at)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_read_as_it_was_written() {
        for words in [Words::Exact, Words::ExactInVain, Words::Prefixes] {
            let place = Place { below: 42, words };
            assert_eq!(place.to_string().parse(), Ok(place));
        }
        assert_eq!("42".parse::<Place>().map(|place| place.words), Ok(Words::Exact));
        for bad in ["", "x", "p", "1pe", "1 "] {
            assert_eq!(bad.parse::<Place>(), Err(()), "{bad}");
        }
    }
}
