//! Pages of a list.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::Problem;
use crate::base::limits::{PAGE, PAGE_MAX};

/// Where a page starts and how long it may be.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Cursor {
    /// The `next` of the page before.
    #[param(required = false)]
    pub cursor: Option<String>,
    /// Rows at most (1 to 100; 50 when not named).
    #[param(required = false)]
    pub limit: Option<i64>,
}

impl Cursor {
    /// The number of rows to give.
    ///
    /// # Errors
    /// `bad_request` when it is not between 1 and 100.
    pub fn limit(&self) -> Result<i64, Problem> {
        match self.limit {
            None => Ok(PAGE),
            Some(n @ 1..=PAGE_MAX) => Ok(n),
            Some(_) => Err(Problem::bad_request(format!("limit must be between 1 and {PAGE_MAX}"))),
        }
    }

    /// The position as the list wrote it.
    ///
    /// # Errors
    /// `bad_request` when it is none of ours.
    pub fn position<T: FromStr>(&self) -> Result<Option<T>, Problem> {
        self.cursor.as_deref().map(|text| text.parse().map_err(|_| Problem::bad_request("cursor is not one of ours"))).transpose()
    }
}

/// Where a page of most lists ends: by what its last row is put in order, and the row's id, which parts equal ones.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place<T>(pub T, pub Uuid);

impl<T: FromStr> FromStr for Place<T> {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        let (by, id) = text.split_once('_').ok_or(())?;
        Ok(Self(by.parse().map_err(|_| ())?, id.parse().map_err(|_| ())?))
    }
}

impl<T: fmt::Display> fmt::Display for Place<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}_{}", self.0, self.1)
    }
}

impl<T> From<Place<T>> for (T, Uuid) {
    fn from(Place(by, id): Place<T>) -> Self {
        (by, id)
    }
}

/// A page of a list.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Page<T> {
    /// The rows.
    pub items: Vec<T>,
    /// Where the next page starts; null at the end.
    pub next: Option<String>,
}

impl<T> Page<T> {
    /// A list that is given whole.
    pub fn whole(items: Vec<T>) -> Self {
        Self { items, next: None }
    }

    /// Cuts a list of `limit + 1` rows to `limit`; the surplus row tells that there is a next page.
    pub fn cut(mut items: Vec<T>, limit: i64, position: impl Fn(&T) -> String) -> Self {
        let limit = usize::try_from(limit).unwrap_or(0);
        let more = items.len() > limit;
        items.truncate(limit);
        let next = if more { items.last().map(position) } else { None };
        Self { items, next }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_reads_back_as_it_was_written() {
        let id = Uuid::from_u128(7);
        for by in [1_796_110_200_000_000_i64, 2026, -1] {
            assert_eq!(Place(by, id).to_string().parse(), Ok(Place(by, id)));
        }
        let due = Place(String::from("2026-12-31"), id);
        assert_eq!(due.to_string().parse(), Ok(due));
        for bad in ["", "7", "x_y", "7_"] {
            assert_eq!(bad.parse::<Place<i64>>(), Err(()), "{bad}");
            assert_eq!(bad.parse::<Place<String>>(), Err(()), "{bad}");
        }
    }
}
