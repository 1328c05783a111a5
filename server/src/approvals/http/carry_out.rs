//! Doing what another person has approved: once, by who has asked for it.

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures_util::StreamExt;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::reading::Reading;
use super::table::{self, Head};
use super::{act, in_person};
use crate::approvals::model::{Format, What};
use crate::approvals::rules::{self, Seen, over};
use crate::approvals::{notice, store};
use crate::audit::{self, Act};
use crate::base::clock::rfc3339;
use crate::base::db::{self, Tx};
use crate::base::http::{Json, Page, Path, Problem};
use crate::channels;
use crate::context::Ctx;
use crate::identity::Caller;
use crate::moderation;

pub(super) fn router(ctx: Ctx) -> OpenApiRouter {
    OpenApiRouter::new().routes(routes!(export)).routes(routes!(unmask)).routes(routes!(retain)).with_state(ctx)
}

/// An approval that is to be used.
#[derive(Clone)]
struct Approved {
    id: Uuid,
    what: What,
    asked_by: Uuid,
    approver: Uuid,
}

impl Approved {
    /// Uses it up, and records that. `false` if somebody was faster.
    async fn take(&self, tx: &mut Tx, ctx: &Ctx) -> db::Result<bool> {
        if !store::take(tx, self.id, self.asked_by, self.approver, ctx.now()).await? {
            return Ok(false);
        }
        notice::changed(tx, ctx, self.id);
        audit::record(tx, act(ctx, self.asked_by, "approval.use", self.id, &self.what)).await?;
        Ok(true)
    }
}

/// What was approved for the caller, once both are who they must be.
async fn approved(ctx: &Ctx, caller: &Caller, id: Uuid) -> Result<(Seen, Approved), Problem> {
    let (seen, approver) = rules::approved(ctx, caller, id).await?;
    in_person(caller)?;
    let given = Approved { id, what: seen.what.clone(), asked_by: caller.account(), approver };
    Ok((seen, given))
}

/// Takes out what was approved: what is said in a channel, or a list of members. Each row carries its label and the name of
/// the caller. An answer that breaks off has used the approval up, too.
#[utoipa::path(post, path = "/api/approvals/{id}/export", tag = "approvals", params(("id" = Uuid, Path)),
    responses((status = 200, content((String = "text/csv"), (serde_json::Value = "application/json"))), (status = 401), (status = 403), (status = 404), (status = 409)))]
async fn export(State(ctx): State<Ctx>, caller: Caller, Path(id): Path<Uuid>) -> Result<Response, Problem> {
    let (seen, approved) = approved(&ctx, &caller, id).await?;
    // What its members read of it on their profile.
    let (told, format) = match seen.what {
        What::ChannelExport { format, .. } => ("channel.export", format),
        What::MemberExport { format, .. } => ("channel.export_members", format),
        _ => return Err(Problem::not_found()),
    };
    let kind = seen.what.kind();
    let channel = seen.what.channel();
    let channel_name = match channel {
        Some(channel) => channels::name(&mut ctx.db.read().await?, channel).await?,
        None => None,
    };
    let head = Head {
        kind,
        label: table::whole_label(kind),
        channel,
        channel_name,
        exported_for: caller.actor.name.clone(),
        approved_by: seen.row.decided_name.clone().unwrap_or_default(),
        exported_at: rfc3339(ctx.now()),
    };
    let (inner, by) = (ctx.clone(), caller.account());
    let taken: db::Result<bool> = ctx
        .db
        .write(async move |tx| {
            if !approved.take(tx, &inner).await? {
                return Ok(false);
            }
            if let Some(channel) = channel {
                let (target, detail) = (format!("channel:{channel}"), approved.what.recorded());
                audit::record(tx, Act { at: inner.now(), actor: Some(by), what: told, target, detail }).await?;
            }
            Ok(true)
        })
        .await;
    if !taken? {
        return Err(over());
    }
    let reading = Reading::new(ctx, caller, seen, format, head);
    // What packs the answer asks once more after its end.
    Ok((headers(kind, format)?, Body::from_stream(reading.written().fuse())).into_response())
}

fn headers(kind: &str, format: Format) -> Result<HeaderMap, Problem> {
    let mut headers = HeaderMap::new();
    let (mime, ending) = match format {
        Format::Csv => ("text/csv; charset=utf-8", "csv"),
        Format::Json | Format::Print => ("application/json", "json"),
    };
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(mime));
    if format != Format::Print {
        let name = format!("attachment; filename=\"egida-{}.{ending}\"", kind.replace('_', "-"));
        let value = HeaderValue::try_from(name).map_err(|error| Problem::internal(&error))?;
        headers.insert(header::CONTENT_DISPOSITION, value);
    }
    Ok(headers)
}

/// A post as it was written.
#[derive(Serialize, ToSchema)]
#[schema(as = UnmaskedPost)]
struct Shown {
    id: Uuid,
    new_topic: Option<String>,
    body: String,
}

/// Shows the posts as they were written whose showing was approved. Each is recorded. One that was decided about meanwhile
/// is left out.
#[utoipa::path(post, path = "/api/approvals/{id}/unmasking", tag = "approvals", params(("id" = Uuid, Path)),
    responses((status = 200, body = Page<Shown>), (status = 401), (status = 403), (status = 404), (status = 409)))]
async fn unmask(State(ctx): State<Ctx>, caller: Caller, Path(id): Path<Uuid>) -> Result<Json<Page<Shown>>, Problem> {
    let (seen, approved) = approved(&ctx, &caller, id).await?;
    let What::Unmasking { posts } = &seen.what else { return Err(Problem::not_found()) };
    let shown = moderation::as_written(&ctx, &caller, posts).await?;
    let ids: Vec<_> = shown.iter().map(|(id, channel, _)| (*id, *channel)).collect();
    let (inner, by) = (ctx.clone(), caller.account());
    let taken: db::Result<bool> = ctx
        .db
        .write(async move |tx| {
            if !approved.take(tx, &inner).await? {
                return Ok(false);
            }
            for (post, channel) in &ids {
                let detail = format!("channel:{channel} approval:{id}");
                let target = format!("held:{post}");
                audit::record(tx, Act { at: inner.now(), actor: Some(by), what: "held.show_approved", target, detail }).await?;
            }
            Ok(true)
        })
        .await;
    // What could not be recorded is not shown.
    if !taken? {
        return Err(over());
    }
    let items = shown.into_iter().map(|(id, _, draft)| Shown { id, new_topic: draft.title, body: draft.body });
    Ok(Json(Page::whole(items.collect())))
}

/// Changes for how long a channel keeps what is said, as it was approved.
#[utoipa::path(post, path = "/api/approvals/{id}/retention", tag = "approvals", params(("id" = Uuid, Path)),
    responses((status = 204), (status = 401), (status = 403), (status = 404), (status = 409)))]
async fn retain(State(ctx): State<Ctx>, caller: Caller, Path(id): Path<Uuid>) -> Result<StatusCode, Problem> {
    let (seen, approved) = approved(&ctx, &caller, id).await?;
    let What::Retention { channel, days } = seen.what else { return Err(Problem::not_found()) };
    let (inner, by) = (ctx.clone(), caller.account());
    let taken: db::Result<bool> = ctx
        .db
        .write(async move |tx| {
            if !approved.take(tx, &inner).await? {
                return Ok(false);
            }
            channels::set_retention(tx, &inner, channel, days, by).await?;
            Ok(true)
        })
        .await;
    if taken? { Ok(StatusCode::NO_CONTENT) } else { Err(over()) }
}
