//! Routes of case rooms.

mod board;
mod entries;
mod escrow;
mod files;
mod find;
mod joining;
mod members;
mod proposals;
mod room;
mod shown;
mod steps;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::model::{BODY_MAX, Content, Fault, HOME_MAX, NOTE_MAX, SUMMARY_MAX, TITLE_MAX};
use crate::access::handling::{Code, Labels, RESTRICTION_MAX, strictness};
use crate::audit::Act;
use crate::base::guard;
use crate::base::http::Problem;
use crate::context::Ctx;

/// The routes of this slice.
pub fn router(ctx: Ctx) -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(board::list, board::open))
        .routes(routes!(room::show))
        .routes(routes!(room::change))
        .routes(routes!(steps::turn))
        .routes(routes!(steps::set_aside))
        .routes(routes!(steps::missing))
        .routes(routes!(members::invite))
        .routes(routes!(members::extend, members::remove))
        .routes(routes!(joining::accept, joining::decline))
        .routes(routes!(proposals::propose))
        .routes(routes!(proposals::confirm))
        .routes(routes!(proposals::withdraw))
        .routes(routes!(entries::list, entries::add))
        .routes(routes!(entries::change, entries::delete))
        .routes(routes!(entries::acknowledge))
        .routes(routes!(files::add))
        .routes(routes!(files::content))
        .routes(routes!(find::search))
        .routes(routes!(find::minutes))
        .routes(routes!(find::record))
        .routes(routes!(escrow::way_back, escrow::ask))
        .routes(routes!(escrow::list))
        .routes(routes!(escrow::agree))
        .routes(routes!(escrow::refuse))
        .with_state(ctx)
}

/// Where something was written. What it says isn't told back.
#[derive(Serialize, ToSchema)]
#[schema(as = CaseWritten)]
struct Written {
    /// The item.
    item: Uuid,
    /// The number of this wording.
    seq: i64,
}

/// What is wrong with what somebody enters.
fn faulty((code, field): Fault) -> Problem {
    let title = match code {
        "text_invalid" => "This text can't be kept",
        _ => "There is no such value for this",
    };
    let problem = Problem::unprocessable(code, title).with("field", field);
    let limit = match field {
        "title" => TITLE_MAX,
        "home_system" | "home_reference" => HOME_MAX,
        "summary" => SUMMARY_MAX,
        "not_asked_reason" | "ground" => NOTE_MAX,
        _ => BODY_MAX,
    };
    if code == "text_invalid" { problem.with("limit", limit) } else { problem }
}

/// Looks at every text before any of it is sealed: what may tell who somebody is doesn't come in; what is so long that it may be
/// the child's file itself comes in when somebody says that it isn't.
fn vetted(ctx: &Ctx, content: &Content, confirmed: bool) -> Result<(), Problem> {
    for text in content.texts() {
        guard::refuse(text, ctx.now())?;
    }
    if content.is_long() && !confirmed {
        let title = "This may be the child's file, which belongs into its home system";
        return Err(Problem::unprocessable("case_is_this_the_file", title).with("limit", super::model::LONG));
    }
    Ok(())
}

/// A marking that there is, or none.
fn marking(wish: Option<String>) -> Result<Option<String>, Problem> {
    match wish {
        Some(wish) if strictness(&wish).is_none() => {
            Err(Problem::unprocessable("marking_unknown", "There is no such marking for this"))
        }
        wish => Ok(wish),
    }
}

/// The handling codes of an item, as somebody wishes them.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[schema(as = CaseCodes)]
struct Codes {
    /// `h1`, `h2` and `h3`, all of them; when not named they stay, or there are none.
    #[serde(default)]
    handling: Option<Vec<Code>>,
    /// The words of an `h3` (300 characters at most).
    #[serde(default)]
    restriction: Option<String>,
}

impl Codes {
    /// These, without words that may tell who somebody is.
    fn vetted(self, ctx: &Ctx) -> Result<Self, Problem> {
        if let Some(words) = &self.restriction {
            guard::refuse(words, ctx.now())?;
        }
        Ok(self)
    }

    /// Labels with what is wished.
    ///
    /// # Errors
    /// `restriction_missing` for an H3 without words.
    fn over(self, labels: Labels) -> Result<Labels, Problem> {
        let missing = |code| Problem::unprocessable(code, "H3 needs words for what is restricted").with("limit", RESTRICTION_MAX);
        labels.coded(self.handling, self.restriction).map_err(missing)
    }
}

fn act(ctx: &Ctx, by: Uuid, what: &'static str, case: Uuid, detail: String) -> Act<'static> {
    super::acts::act(ctx.now(), Some(by), what, case, detail)
}
