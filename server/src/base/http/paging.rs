//! Pages of a list.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

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
    pub fn position<T: std::str::FromStr>(&self) -> Result<Option<T>, Problem> {
        self.cursor.as_deref().map(|text| text.parse().map_err(|_| Problem::bad_request("cursor is not one of ours"))).transpose()
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
