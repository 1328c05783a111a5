//! Routes of file cards, of overlaps and of comparisons.

mod cards;
mod desk;
mod home;
mod matching;
mod overlaps;

pub use home::{CardsAtHome, for_home};

use axum::extract::FromRef;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::deck::Deck;
use super::store::{self, HouseRow};
use crate::access::cards::House;
use crate::access::organisations_of;
use crate::base::db::{self, On};
use crate::base::http::Problem;
use crate::context::Ctx;
use crate::identity::Caller;

/// The routes of this slice.
pub fn router(ctx: Ctx) -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(desk::show))
        .routes(routes!(cards::list, cards::make))
        .routes(routes!(cards::show, cards::change, cards::withdraw))
        .routes(routes!(overlaps::list))
        .routes(routes!(overlaps::settle))
        .routes(routes!(matching::list, matching::ask))
        .routes(routes!(matching::show, matching::stop))
        .routes(routes!(matching::answer))
        .routes(routes!(matching::finish))
        .with_state(Table { ctx, deck: Deck::default() })
}

/// What the handlers share.
#[derive(Clone)]
struct Table {
    ctx: Ctx,
    deck: Deck,
}

impl FromRef<Table> for Ctx {
    fn from_ref(table: &Table) -> Self {
        table.ctx.clone()
    }
}

/// An organisation by name.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = CardOrganisation)]
struct Organisation {
    id: Uuid,
    name: String,
    /// `None`: the whole region.
    country: Option<String>,
}

impl From<HouseRow> for Organisation {
    fn from(row: HouseRow) -> Self {
        Self { id: row.id, name: row.name, country: row.country }
    }
}

/// The organisations that somebody speaks for.
async fn houses_of(conn: &mut impl On, caller: &Caller) -> Result<Vec<HouseRow>, Problem> {
    Ok(store::houses(conn, &organisations_of(&caller.actor)).await?)
}

/// The same as the rules see them.
fn as_houses(rows: &[HouseRow]) -> Vec<House> {
    rows.iter().map(HouseRow::as_house).collect()
}

/// Why nothing of a transaction is stored.
enum Refused {
    Storage(db::Error),
    By(Problem),
}

impl From<db::Error> for Refused {
    fn from(error: db::Error) -> Self {
        Self::Storage(error)
    }
}

impl From<Problem> for Refused {
    fn from(problem: Problem) -> Self {
        Self::By(problem)
    }
}

impl From<Refused> for Problem {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::Storage(error) => error.into(),
            Refused::By(problem) => problem,
        }
    }
}

/// What was made.
#[derive(Serialize, ToSchema)]
#[schema(as = NewCardMade)]
struct Made {
    id: Uuid,
}

/// Somebody was faster.
fn conflict() -> Problem {
    Problem::conflict("conflict", "It was changed meanwhile")
}
