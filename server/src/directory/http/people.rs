//! People by name, and one of them.

use std::fmt;
use std::str::FromStr;

use axum::extract::State;
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use super::super::model::Profile;
use super::super::{Person, store, views};
use crate::access::{Action, Decision, RegionAction, may};
use crate::base::http::{Cursor, Json, Page, Params, Path, Problem};
use crate::base::text;
use crate::context::Ctx;
use crate::identity::Caller;

/// Whom to look for.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Wish {
    /// The beginning of a word of the name.
    #[param(required = false)]
    q: Option<String>,
    /// Only those who belong to this channel.
    #[param(required = false)]
    channel: Option<Uuid>,
    /// The `next` of the page before.
    #[param(required = false)]
    cursor: Option<String>,
    /// Rows at most (1 to 100; 50 when not named).
    #[param(required = false)]
    limit: Option<i64>,
}

/// The words sought, folded, with single spaces between them: a name is cut into words the same way. `None` if something
/// is asked for that is in no word.
pub(super) fn sought(q: &str) -> Option<String> {
    let folded = text::fold(q);
    let part = text::words(&folded).collect::<Vec<_>>().join(" ");
    (!part.is_empty() || q.trim().is_empty()).then_some(part)
}

/// Where a page ends: a name's key and its account.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) name_key: String,
    pub(super) id: Uuid,
}

impl FromStr for Place {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        let (id, name_key) = text.split_once('_').ok_or(())?;
        Ok(Self { name_key: name_key.into(), id: id.parse().map_err(|_| ())? })
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}_{}", self.id, self.name_key)
    }
}

/// People by name. Those of one channel are for whoever may read it; everybody is for those who are confirmed.
#[utoipa::path(get, path = "/api/people", tag = "directory", params(Wish),
    responses((status = 200, body = Page<Person>), (status = 400), (status = 401), (status = 403), (status = 404)))]
pub(super) async fn list(
    State(ctx): State<Ctx>,
    caller: Caller,
    Params(wish): Params<Wish>,
) -> Result<Json<Page<Person>>, Problem> {
    if let Some(id) = wish.channel {
        let (found, asked) = ctx.standing.look_up(id).await?;
        let channel = found.ok_or_else(Problem::not_found)?;
        if may(&caller.actor, Action::Read, &channel) != Decision::Allow {
            if !asked {
                ctx.standing.miss(ctx.id()).await?;
            }
            ctx.recorder.refused(caller.account(), true, format!("channel:{id}"));
            return Err(Problem::not_found());
        }
    } else {
        caller.allow(RegionAction::UseDirectory)?;
    }
    let cursor = Cursor { cursor: wish.cursor, limit: wish.limit };
    let limit = cursor.limit()?;
    let after = cursor.position::<Place>()?.map(|place| (place.name_key, place.id));
    let Some(part) = sought(wish.q.as_deref().unwrap_or_default()) else { return Ok(Json(Page::whole(Vec::new()))) };
    let rows = store::people(&mut ctx.db.read().await?, &part, wish.channel, after, limit + 1).await?;
    let page = Page::cut(rows, limit, |row| Place { name_key: row.name_key.clone(), id: row.id }.to_string());
    Ok(Json(Page { items: page.items.into_iter().map(|row| Person::new(row, &ctx)).collect(), next: page.next }))
}

/// One person, with what they say of themselves.
#[utoipa::path(get, path = "/api/people/{id}", tag = "directory", params(("id" = Uuid, Path)),
    responses((status = 200, body = Profile), (status = 401), (status = 403), (status = 404)))]
pub(super) async fn show(State(ctx): State<Ctx>, caller: Caller, Path(id): Path<Uuid>) -> Result<Json<Profile>, Problem> {
    if id != caller.account() {
        caller.allow(RegionAction::UseDirectory)?;
    }
    let mut conn = ctx.db.read().await?;
    let row = store::person(&mut conn, id).await?.ok_or_else(Problem::not_found)?;
    let profile = views::profiles(&mut conn, &ctx, vec![row]).await?.remove(&id).ok_or_else(Problem::not_found)?;
    if id != caller.account() {
        ctx.recorder.looked(caller.account(), "profile.view", [format!("account:{id}")]);
    }
    Ok(Json(profile))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sought_is_cut_into_words_as_names_are() {
        assert_eq!(sought("  Ana-Mar ").as_deref(), Some("ana mar"));
        assert_eq!(sought("O'N").as_deref(), Some("o n"));
        assert_eq!(sought("Ђорђ").as_deref(), Some("djordj"));
        assert_eq!(sought(" ").as_deref(), Some(""));
    }

    #[test]
    fn signs_alone_are_the_beginning_of_no_name() {
        for q in ["%", "_", "--", "'"] {
            assert_eq!(sought(q), None, "{q}");
        }
        assert_eq!(sought("a%").as_deref(), Some("a"));
    }

    #[test]
    fn a_place_reads_back_as_it_was_written() {
        let place = Place { name_key: "ana_maria popescu".into(), id: Uuid::from_u128(7) };
        assert_eq!(place.to_string().parse(), Ok(place));
        for bad in ["", "rubbish", "7_ana", "_"] {
            assert_eq!(bad.parse::<Place>(), Err(()), "{bad}");
        }
    }
}
