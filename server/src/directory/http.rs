//! Routes of the directory.

use axum::extract::State;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::{Person, store};
use crate::access::{Action, Decision, may};
use crate::base::http::{Cursor, Json, Page, Params, Path, Problem};
use crate::base::text;
use crate::context::Ctx;
use crate::identity::Caller;

/// The routes of this slice.
pub fn router(ctx: Ctx) -> OpenApiRouter {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(show)).with_state(ctx)
}

/// Whom to look for.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Wish {
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

/// People by name.
#[utoipa::path(get, path = "/api/people", tag = "directory", params(Wish),
    responses((status = 200, body = Page<Person>), (status = 400), (status = 401), (status = 404)))]
async fn list(State(ctx): State<Ctx>, caller: Caller, Params(wish): Params<Wish>) -> Result<Json<Page<Person>>, Problem> {
    if let Some(id) = wish.channel {
        let channel = ctx.standing.channel(id).await?.ok_or_else(Problem::not_found)?;
        if may(&caller.actor, Action::Read, &channel) != Decision::Allow {
            return Err(Problem::not_found());
        }
    }
    let limit = Cursor { cursor: None, limit: wish.limit }.limit()?;
    let after = match wish.cursor.as_deref() {
        None => None,
        Some(cursor) => {
            let (id, name) = cursor.split_once('_').ok_or_else(|| Problem::bad_request("cursor is not one of ours"))?;
            Some((name.to_owned(), id.parse().map_err(|_| Problem::bad_request("cursor is not one of ours"))?))
        }
    };
    let part = text::fold(wish.q.as_deref().unwrap_or_default().trim());
    let rows = store::people(&mut ctx.db.read().await?, &part, wish.channel, after, limit + 1).await?;
    let page = Page::cut(rows, limit, |row| format!("{}_{}", row.id, row.name_key));
    Ok(Json(Page { items: page.items.into_iter().map(|row| Person::new(row, &ctx)).collect(), next: page.next }))
}

/// One person.
#[utoipa::path(get, path = "/api/people/{id}", tag = "directory", params(("id" = Uuid, Path)),
    responses((status = 200, body = Person), (status = 401), (status = 404)))]
async fn show(State(ctx): State<Ctx>, _caller: Caller, Path(id): Path<Uuid>) -> Result<Json<Person>, Problem> {
    let row = store::person(&mut ctx.db.read().await?, id).await?.ok_or_else(Problem::not_found)?;
    Ok(Json(Person::new(row, &ctx)))
}
