//! Routes of the record: for auditors, and for those whom it concerns.

use std::collections::HashMap;

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures_util::{StreamExt, stream};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::model::{self, Thing};
use super::place::{Failure, Place};
use super::rows::{Entry, Names};
use super::store;
use crate::access::{Actor, ChannelKind, RegionAction};
use crate::audit::{self, Act, Filter, Row};
use crate::base::clock::rfc3339;
use crate::base::csv;
use crate::base::db::{self, Conn};
use crate::base::http::{Cursor, Json, Page, Params, Problem};
use crate::channels;
use crate::context::Ctx;
use crate::identity::{self, Caller};

/// Rows of an export read at a time.
const EXPORTED_AT_ONCE: i64 = 1_000;
/// The columns of an export.
const COLUMNS: [&str; 9] = ["n", "at", "actor_id", "actor_name", "act", "target_kind", "target_id", "target_name", "detail"];
/// What the record as a whole is called in the record.
const RECORD: &str = "record:region";

/// The routes of this slice. `place` is where signed heads go.
pub fn router(ctx: Ctx, place: Option<&Place>) -> OpenApiRouter {
    let desk = Desk { ctx, place: place.cloned() };
    OpenApiRouter::new()
        .routes(routes!(rows))
        .routes(routes!(export))
        .routes(routes!(head))
        .routes(routes!(who_looked))
        .with_state(desk)
}

#[derive(Clone)]
struct Desk {
    ctx: Ctx,
    place: Option<Place>,
}

impl axum::extract::FromRef<Desk> for Ctx {
    fn from_ref(desk: &Desk) -> Self {
        desk.ctx.clone()
    }
}

/// Which rows.
#[derive(Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Wish {
    /// How the act begins: `role.`, `account.suspend`, …
    #[param(required = false)]
    act: Option<String>,
    /// Who acted.
    #[param(required = false)]
    actor: Option<Uuid>,
    /// What was acted upon: `kind:id`.
    #[param(required = false)]
    target: Option<String>,
    /// At or after this moment (RFC 3339, or a date in UTC).
    #[param(required = false)]
    from: Option<String>,
    /// Before this moment.
    #[param(required = false)]
    to: Option<String>,
    /// The `next` of the page before.
    #[param(required = false)]
    cursor: Option<String>,
    /// Rows at most (1 to 100; 50 when not named).
    #[param(required = false)]
    limit: Option<i64>,
}

impl Wish {
    fn filter(&self) -> Result<Filter, Problem> {
        let below = Cursor { cursor: self.cursor.clone(), limit: None }.position()?;
        Ok(Filter {
            act: model::word(self.act.clone(), "act")?.unwrap_or_default(),
            actor: self.actor,
            targets: model::word(self.target.clone(), "target")?.into_iter().collect(),
            from: model::moment(self.from.as_deref(), "from")?,
            to: model::moment(self.to.as_deref(), "to")?,
            below,
        })
    }

    /// What was asked for, as it is recorded of an export.
    fn recorded(&self) -> String {
        let actor = self.actor.map(|actor| actor.to_string());
        let parts = [("act", &self.act), ("actor", &actor), ("target", &self.target), ("from", &self.from), ("to", &self.to)];
        let named = parts.iter().filter_map(|(name, value)| Some(format!("{name}={}", value.as_ref()?)));
        named.collect::<Vec<_>>().join(" ")
    }
}

/// The record, latest first. For auditors.
#[utoipa::path(get, path = "/api/record", tag = "record", params(Wish),
    responses((status = 200, body = Page<Entry>), (status = 400), (status = 401), (status = 403)))]
async fn rows(State(ctx): State<Ctx>, caller: Caller, Params(wish): Params<Wish>) -> Result<Json<Page<Entry>>, Problem> {
    caller.allow(RegionAction::ReadRecord)?;
    let limit = Cursor { cursor: None, limit: wish.limit }.limit()?;
    let filter = wish.filter()?;
    ctx.recorder.looked(caller.account(), "record.read", [RECORD.to_owned()]);
    // What has been noted and not yet stored belongs to what is read now.
    ctx.recorder.settle().await?;
    let mut conn = ctx.db.read().await?;
    let page = Page::cut(audit::page(&mut conn, &filter, limit + 1).await?, limit, |row| row.n.to_string());
    let mut items: Vec<_> = page.items.into_iter().map(Entry::new).collect();
    Names::default().give(&ctx, &mut conn, &caller.actor, &mut items).await?;
    Ok(Json(Page { items, next: page.next }))
}

/// The same rows as a table, all of them. That it was taken out is recorded.
#[utoipa::path(get, path = "/api/record.csv", tag = "record", params(Wish),
    responses((status = 200, content_type = "text/csv", body = String), (status = 400), (status = 401), (status = 403)))]
async fn export(State(ctx): State<Ctx>, caller: Caller, Params(wish): Params<Wish>) -> Result<Response, Problem> {
    caller.allow(RegionAction::ReadRecord)?;
    let filter = wish.filter()?;
    ctx.recorder.settle().await?;
    let (by, at, detail) = (caller.account(), ctx.now(), wish.recorded());
    let recorded: db::Result<()> = ctx
        .db
        .write(async move |tx| {
            let act = Act { at, actor: Some(by), what: "record.export", target: RECORD.into(), detail: detail.clone() };
            audit::record(tx, act).await
        })
        .await;
    recorded?;
    let head = stream::once(async { Ok(Bytes::from(format!("{}{}", csv::BOM, csv::line(COLUMNS)))) });
    // What packs the answer asks once more after its end.
    let body = Body::from_stream(head.chain(table(ctx, caller, filter)).fuse());
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8")),
        (header::CONTENT_DISPOSITION, HeaderValue::from_static("attachment; filename=\"egida-record.csv\"")),
    ];
    Ok((headers, body).into_response())
}

/// The rows of an export, some at a time, so that memory stays flat however many there are. Who may no longer read them gets
/// no more of them.
fn table(ctx: Ctx, caller: Caller, filter: Filter) -> impl stream::Stream<Item = std::io::Result<Bytes>> {
    stream::unfold(Some((ctx, caller, filter, Names::default())), |state| async {
        let (ctx, caller, mut filter, mut names) = state?;
        let lines = async {
            if !identity::stands(&ctx, caller.account(), caller.credential).await? {
                return Err(Problem::not_signed_in());
            }
            caller.clone().renewed(&ctx).await?.allow(RegionAction::ReadRecord)?;
            let mut conn = ctx.db.read().await?;
            let rows = audit::page(&mut conn, &filter, EXPORTED_AT_ONCE).await?;
            filter.below = rows.last().map(|row| row.n);
            let mut entries: Vec<_> = rows.into_iter().map(Entry::new).collect();
            names.give(&ctx, &mut conn, &caller.actor, &mut entries).await?;
            Ok::<_, Problem>(entries.iter().map(cells).collect::<String>())
        };
        match lines.await {
            Ok(lines) if lines.is_empty() => None,
            Ok(lines) => Some((Ok(Bytes::from(lines)), Some((ctx, caller, filter, names)))),
            // The answer breaks off, so that nobody takes a part for the whole.
            Err(problem) => Some((Err(std::io::Error::other(problem.code())), None)),
        }
    })
}

fn cells(entry: &Entry) -> String {
    let name = |thing: &Thing| thing.name.as_ref().map(|name| name.en.clone()).unwrap_or_default();
    let actor = entry.actor.as_ref();
    csv::line([
        entry.n.to_string().as_str(),
        &entry.at,
        actor.map_or("", |actor| &actor.id),
        &actor.map(name).unwrap_or_default(),
        &entry.act,
        &entry.target.kind,
        &entry.target.id,
        &name(&entry.target),
        &entry.detail,
    ])
}

/// How it stands with the signed heads.
#[derive(Serialize, ToSchema)]
#[schema(as = RecordHead)]
struct HeadState {
    /// The number of the last head; null while none was signed.
    head: Option<i64>,
    /// When it was signed.
    signed_at: Option<String>,
    /// When it arrived off this machine; null while it hasn't.
    arrived_at: Option<String>,
    /// Heads that have yet to arrive.
    waiting: i64,
    /// `file`, `http` or `https`; null if no place is set.
    place: Option<&'static str>,
    /// Why the last ones that were sent did not arrive; null if they did.
    failure: Option<Failure>,
}

/// The last signed head of the record. For auditors.
#[utoipa::path(get, path = "/api/record/head", tag = "record",
    responses((status = 200, body = HeadState), (status = 401), (status = 403)))]
async fn head(State(desk): State<Desk>, caller: Caller) -> Result<Json<HeadState>, Problem> {
    caller.allow(RegionAction::ReadRecord)?;
    let mut conn = desk.ctx.db.read().await?;
    let last = store::last(&mut conn).await?;
    let (_, waiting) = store::first_waiting(&mut conn).await?;
    Ok(Json(HeadState {
        head: last.as_ref().map(|kept| kept.head),
        signed_at: last.as_ref().map(|kept| rfc3339(kept.at)),
        arrived_at: last.as_ref().and_then(|kept| kept.delivered_at).map(rfc3339),
        waiting,
        place: desk.place.as_ref().map(Place::kind),
        failure: desk.place.as_ref().and_then(Place::failed),
    }))
}

/// Somebody who looked.
#[derive(Serialize, ToSchema)]
struct Look {
    n: i64,
    /// RFC 3339.
    at: String,
    /// `profile.view`, `channel.read`, `channel.search`, `channel.export` or `channel.export_members`.
    act: String,
    /// Who looked; null if the account is gone.
    person: Option<Thing>,
    /// The closed channel; null for one's profile.
    channel: Option<Thing>,
}

/// Who looked at one's profile, and who read or searched one's closed channels without belonging to them, since one has
/// belonged to them. Latest first.
#[utoipa::path(get, path = "/api/me/record", tag = "record", params(Cursor),
    responses((status = 200, body = Page<Look>), (status = 400), (status = 401)))]
async fn who_looked(State(ctx): State<Ctx>, caller: Caller, Params(cursor): Params<Cursor>) -> Result<Json<Page<Look>>, Problem> {
    let limit = cursor.limit()?;
    ctx.recorder.settle().await?;
    let mut conn = ctx.db.read().await?;
    let since = closed_channels(&ctx, &mut conn, &caller.actor).await?;
    let mut below = cursor.position()?;
    let mut found = Vec::new();
    let mut targets = vec![format!("account:{}", caller.account())];
    targets.extend(since.keys().map(|channel| format!("channel:{channel}")));
    let enough = usize::try_from(limit + 1).unwrap_or(usize::MAX);
    while found.len() < enough {
        let filter = Filter { targets: targets.clone(), below, ..Filter::default() };
        let rows = audit::page(&mut conn, &filter, EXPORTED_AT_ONCE).await?;
        let Some(last) = rows.last() else { break };
        below = Some(last.n);
        found.extend(rows.into_iter().filter(|row| concerns(row, &caller.actor, &since)));
    }
    found.truncate(enough);
    let page = Page::cut(found, limit, |row| row.n.to_string());
    let mut items: Vec<_> = page.items.into_iter().map(Entry::new).collect();
    Names::default().give(&ctx, &mut conn, &caller.actor, &mut items).await?;
    let looks = items.into_iter().map(|entry| Look {
        n: entry.n,
        at: entry.at,
        act: entry.act,
        person: entry.actor,
        channel: Some(entry.target).filter(|target| target.kind == "channel"),
    });
    Ok(Json(Page { items: looks.collect(), next: page.next }))
}

/// The closed channels somebody belongs to, and since when (microseconds).
async fn closed_channels(ctx: &Ctx, conn: &mut Conn, actor: &Actor) -> db::Result<HashMap<Uuid, i64>> {
    let mut closed = HashMap::new();
    for (channel, since) in channels::memberships(conn, actor.account).await? {
        if ctx.standing.channel(channel).await?.is_some_and(|channel| channel.kind == ChannelKind::Closed) {
            closed.insert(channel, since);
        }
    }
    Ok(closed)
}

/// Whether a row tells of somebody else who looked at this person or at a channel of theirs.
fn concerns(row: &Row, actor: &Actor, since: &HashMap<Uuid, i64>) -> bool {
    let target = Thing::parse(&row.target);
    let looked = match row.act.as_str() {
        "profile.view" => target.account() == Some(actor.account),
        "channel.read" | "channel.search" | "channel.export" | "channel.export_members" => {
            target.channel().and_then(|channel| since.get(&channel)).is_some_and(|since| row.at >= *since)
        }
        _ => false,
    };
    looked && row.actor != Some(actor.account)
}
