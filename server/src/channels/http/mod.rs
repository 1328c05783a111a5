//! Routes of channels: which there are here; opening, changing, members and read marks beside.

mod changing;
mod members;
mod opening;
mod reading;

use axum::extract::State;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::model::{ChannelRow, ChannelView, NAME_MAX};
use super::store;
use crate::access::{Action, Channel, ChannelKind, Decision, may};
use crate::audit::Act;
use crate::base::http::{Json, Page, Path, Problem};
use crate::channels;
use crate::context::Ctx;
use crate::directory;
use crate::identity::Caller;

pub(super) use reading::{Mark, read_up_to};

/// The routes of this slice.
pub fn router(ctx: Ctx) -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(list, opening::create))
        .routes(routes!(show, changing::change))
        .routes(routes!(changing::archive, changing::unarchive))
        .routes(routes!(members::members))
        .routes(routes!(members::add_member, members::remove_member))
        .routes(routes!(members::requests))
        .routes(routes!(members::ask, members::withdraw))
        .routes(routes!(reading::mark_read))
        .with_state(ctx)
}

async fn view(ctx: &Ctx, caller: &Caller, channel: &Channel) -> Result<ChannelView, Problem> {
    let mut conn = ctx.db.read().await?;
    let row = store::one_for_reader(&mut conn, caller.account(), channel.id).await?.ok_or_else(Problem::not_found)?;
    drop(conn);
    dress(ctx, caller, channel, row).await
}

async fn dress(ctx: &Ctx, caller: &Caller, channel: &Channel, row: ChannelRow) -> Result<ChannelView, Problem> {
    let with = if channel.kind == ChannelKind::Direct {
        let mut conn = ctx.db.read().await?;
        let people = store::members(&mut conn, channel.id, None, 10).await?;
        let others: Vec<_> =
            people.into_iter().map(|(account, _)| account).filter(|account| *account != caller.account()).collect();
        directory::people_by_id(&mut conn, ctx, &others).await?
    } else {
        Vec::new()
    };
    Ok(ChannelView::new(row, channel, &caller.actor, with))
}

/// Every channel the reader may know of, with what is unread in it.
#[utoipa::path(get, path = "/api/channels", tag = "channels", responses((status = 200, body = Page<ChannelView>), (status = 401)))]
async fn list(State(ctx): State<Ctx>, caller: Caller) -> Result<Json<Page<ChannelView>>, Problem> {
    let rows = store::for_reader(&mut ctx.db.read().await?, caller.account()).await?;
    let mut items = Vec::with_capacity(rows.len());
    for row in rows {
        let Some(channel) = ctx.standing.channel(row.id).await? else { continue };
        if may(&caller.actor, Action::Know, &channel) == Decision::Allow {
            items.push(dress(&ctx, &caller, &channel, row).await?);
        }
    }
    Ok(Json(Page::whole(items)))
}

/// One channel.
#[utoipa::path(get, path = "/api/channels/{id}", tag = "channels", params(("id" = Uuid, Path)),
    responses((status = 200, body = ChannelView), (status = 401), (status = 404)))]
async fn show(State(ctx): State<Ctx>, caller: Caller, Path(id): Path<Uuid>) -> Result<Json<ChannelView>, Problem> {
    let channel = channels::authorise(&ctx, &caller.actor, Action::Know, id).await?;
    view(&ctx, &caller, &channel).await.map(Json)
}

fn name_invalid() -> Problem {
    Problem::unprocessable("name_invalid", "This name can't be used").with("limit", NAME_MAX)
}

fn act<'a>(ctx: &Ctx, actor: Uuid, what: &'a str, channel: Uuid, detail: String) -> Act<'a> {
    Act { at: ctx.now(), actor: Some(actor), what, target: format!("channel:{channel}"), detail }
}
