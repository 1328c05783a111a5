//! Routes of files: sending them here, handing them out beside.

mod hand_out;

use axum::body::Body;
use axum::extract::{FromRef, State};
use axum::http::{HeaderMap, Method, StatusCode, header};
use futures_util::StreamExt;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::key_of;
use super::model::{BEGINS, FILE_MAX, FileView, Row};
use super::store;
use super::upload::{self, Intake};
use crate::attachable::{Held, Holders};
use crate::base::budget::{self, Budgets, Spent};
use crate::base::http::{Json, Path, Problem, broken_off};
use crate::base::limits::REQUEST_BODY;
use crate::base::vault::{CHUNK, Sealing};
use crate::context::Ctx;
use crate::identity::{self, Caller};

pub use hand_out::handed_out;

/// Seconds to wait when somebody has begun too many files.
const BEGIN_AGAIN: u64 = 5;
/// The header that says from where on a piece goes on.
const OFFSET: &str = "upload-offset";

/// What files need beside the context.
#[derive(Clone)]
struct Desk {
    ctx: Ctx,
    holders: Holders,
    intake: Intake,
    begins: Arc<Budgets<Uuid>>,
}

impl FromRef<Desk> for Ctx {
    fn from_ref(desk: &Desk) -> Self {
        desk.ctx.clone()
    }
}

/// The routes of this slice. `holders` know who may open what files hang on.
pub fn router(ctx: Ctx, holders: Holders) -> OpenApiRouter {
    let begins = Arc::new(Budgets::new(budget::per_second(BEGINS.0, BEGINS.1)));
    OpenApiRouter::new()
        .routes(routes!(begin))
        .routes(routes!(show, append, discard))
        .routes(routes!(hand_out::content))
        .routes(routes!(hand_out::thumbnail))
        .with_state(Desk { ctx, holders, intake: Intake::new(), begins })
}

/// How large the body of a request may say that it is (bytes): the piece of a file as large as a file, anything else as always.
pub fn allowance(method: &Method, path: &str) -> usize {
    let piece = *method == Method::PATCH && path.strip_prefix("/api/files/").is_some_and(|id| !id.contains('/'));
    if piece { usize::try_from(FILE_MAX).unwrap_or(REQUEST_BODY) } else { REQUEST_BODY }
}

/// A file to be sent.
#[derive(Deserialize, ToSchema)]
struct NewFile {
    /// Its name, as the machine that it comes from has it.
    name: String,
    /// Bytes (25 MiB at most).
    size: u64,
    /// What that machine takes it for. What it is, is seen here.
    #[expect(dead_code, reason = "a word of the contract that nobody has to believe")]
    media_type: Option<String>,
    /// Whether it goes into a sealed space: its name isn't kept then, nor put into the index.
    #[serde(default)]
    sealed: bool,
}

/// What a file hangs on.
#[derive(Serialize, ToSchema)]
struct FileHolder {
    /// The word for such things: `message`, `practice`, `campaign`, `study`.
    kind: String,
    /// Which of them.
    id: Uuid,
    /// Where it is shown: a path of the page.
    place: String,
    /// How it is to be handled.
    marking: String,
    /// Whether it may be taken out of the platform.
    may_leave: bool,
}

/// A file, and how far it has come.
#[derive(Serialize, ToSchema)]
struct FileState {
    /// Its id.
    id: Uuid,
    /// `uploading` or `ready`.
    state: String,
    /// Bytes that were announced.
    size: i64,
    /// Bytes that are kept: from here on it goes on.
    offset: u64,
    /// The file, once it is ready.
    file: Option<FileView>,
    /// What it hangs on, if it does.
    holder: Option<FileHolder>,
}

impl FileState {
    fn of(row: &Row, offset: u64, held: Option<Held>) -> Self {
        let holder = row.holder_kind.clone().zip(row.holder).zip(held).map(|((kind, id), held)| {
            let Held { marking, may_leave, place } = held;
            FileHolder { kind, id, place, marking, may_leave }
        });
        let file = row.is_ready().then(|| row.view());
        Self { id: row.id, state: row.state.clone(), size: row.size, offset, file, holder }
    }
}

/// Announces a file; then it is sent in one piece or several.
#[utoipa::path(post, path = "/api/files", tag = "files", request_body = NewFile,
    responses((status = 201, body = FileState), (status = 401), (status = 422), (status = 429)))]
async fn begin(
    State(Desk { ctx, begins, .. }): State<Desk>,
    caller: Caller,
    Json(new): Json<NewFile>,
) -> Result<(StatusCode, Json<FileState>), Problem> {
    begins.take(&caller.account()).map_err(|Spent| Problem::too_many(BEGIN_AGAIN))?;
    let row = upload::begin(&ctx, caller.account(), &new.name, new.size, new.sealed).await?;
    Ok((StatusCode::CREATED, Json(FileState::of(&row, 0, None))))
}

/// A file: how far one's own has come, or what it is and where it hangs.
#[utoipa::path(get, path = "/api/files/{id}", tag = "files", params(("id" = Uuid, Path)),
    responses((status = 200, body = FileState), (status = 401), (status = 404)))]
async fn show(State(desk): State<Desk>, caller: Caller, Path(id): Path<Uuid>) -> Result<Json<FileState>, Problem> {
    let (row, held) = readable(&desk, &caller, id).await?;
    let offset = kept(&desk.ctx, &row).await?;
    Ok(Json(FileState::of(&row, offset, held)))
}

/// Sends a piece of a file, as raw bytes. What makes no whole 64 KiB is kept only at the end of the file: the answer says from
/// where on it goes on. The piece that completes the file has it examined, and is answered with the file or with why it isn't
/// taken; then it is gone. An empty piece at the end has a file examined whose answer was lost.
#[utoipa::path(patch, path = "/api/files/{id}", tag = "files",
    params(("id" = Uuid, Path), ("Upload-Offset" = u64, Header, description = "From where on the piece goes on")),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses((status = 200, body = FileState), (status = 401), (status = 404), (status = 408),
        (status = 409, description = "It goes on from another offset, which is named; or another request is sending it"),
        (status = 413), (status = 415), (status = 422)))]
async fn append(
    State(desk): State<Desk>,
    caller: Caller,
    Path(id): Path<Uuid>,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<FileState>, Problem> {
    let ctx = &desk.ctx;
    let row = own(&desk, &caller, id).await?;
    is_raw(&headers)?;
    let _turn = desk.intake.turn(id)?;
    // Another request may have completed it before this one's turn.
    let row = store::file(&mut ctx.db.read().await?, row.id).await?.ok_or_else(Problem::not_found)?;
    let offset = kept(ctx, &row).await?;
    if row.is_ready() {
        return Ok(Json(FileState::of(&row, offset, None)));
    }
    let named = headers.get(OFFSET).and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
    let named = named.ok_or_else(|| Problem::bad_request("Upload-Offset must say from where on the piece goes on"))?;
    if named != offset {
        return Err(Problem::conflict("upload_offset", "The file goes on from another place").with("offset", offset));
    }
    let offset = if offset == row.length() { offset } else { take(&desk, &caller, &row, body).await? };
    if offset < row.length() {
        return Ok(Json(FileState::of(&row, offset, None)));
    }
    let row = upload::finish(ctx, &desk.intake, &row).await?;
    Ok(Json(FileState::of(&row, offset, None)))
}

/// Takes what comes until it ends; from where on the file goes on then.
async fn take(desk: &Desk, caller: &Caller, row: &Row, body: Body) -> Result<u64, Problem> {
    let ctx = &desk.ctx;
    let failed = |error: std::io::Error| Problem::internal(&error);
    let key = key_of(ctx, row.id, &row.key)?;
    let mut sealing = ctx.vault.seal(&row.blob, &key, row.length()).await.map_err(failed)?;
    let taken = pour(ctx, caller, &mut sealing, body).await;
    let kept = sealing.kept();
    // What came is kept, also when it was broken off.
    sealing.finish().await.map_err(failed)?;
    taken.map(|()| kept)
}

async fn pour(ctx: &Ctx, caller: &Caller, sealing: &mut Sealing, body: Body) -> Result<(), Problem> {
    let mut pieces = body.into_data_stream();
    let mut looked = sealing.kept();
    while let Some(piece) = pieces.next().await {
        let piece = piece.map_err(|error| broken_off(&error))?;
        if piece.len() as u64 > sealing.room() {
            return Err(Problem::too_large());
        }
        sealing.write(&piece).await.map_err(|error| Problem::internal(&error))?;
        // Who is put out meanwhile sends no further 64 KiB.
        if sealing.kept() >= looked + CHUNK {
            looked = sealing.kept();
            if !identity::stands(ctx, caller.account(), caller.credential).await? {
                return Err(Problem::not_signed_in());
            }
        }
    }
    Ok(())
}

/// Raw bytes are no form of another site's: no form can say that it sends them.
fn is_raw(headers: &HeaderMap) -> Result<(), Problem> {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    if kind.eq_ignore_ascii_case("application/octet-stream") {
        return Ok(());
    }
    let status = StatusCode::UNSUPPORTED_MEDIA_TYPE;
    Err(Problem::new(status, "unsupported_media_type", "Send application/octet-stream"))
}

/// Erases a file of one's own that hangs on nothing.
#[utoipa::path(delete, path = "/api/files/{id}", tag = "files", params(("id" = Uuid, Path)),
    responses((status = 204), (status = 401), (status = 404), (status = 409)))]
async fn discard(State(desk): State<Desk>, caller: Caller, Path(id): Path<Uuid>) -> Result<StatusCode, Problem> {
    let (row, _) = readable(&desk, &caller, id).await?;
    if row.holder.is_some() {
        return Err(Problem::conflict("file_attached", "This file hangs on something: take it off there"));
    }
    let _turn = desk.intake.turn(id)?;
    upload::discard(&desk.ctx, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// From where on a file goes on.
async fn kept(ctx: &Ctx, row: &Row) -> Result<u64, Problem> {
    if row.is_ready() {
        return Ok(row.length());
    }
    ctx.vault.kept(&row.blob, row.length()).await.map_err(|error| Problem::internal(&error))
}

/// A file of one's own that hangs on nothing.
async fn own(desk: &Desk, caller: &Caller, id: Uuid) -> Result<Row, Problem> {
    let (row, _) = readable(desk, caller, id).await?;
    if row.owner == caller.account() && row.holder.is_none() { Ok(row) } else { Err(Problem::not_found()) }
}

/// A file that this person may know of: one's own while it hangs on nothing, otherwise that of a thing that they may open.
async fn readable(desk: &Desk, caller: &Caller, id: Uuid) -> Result<(Row, Option<Held>), Problem> {
    let row = store::file(&mut desk.ctx.db.read().await?, id).await?;
    // What isn't there is looked for as long as what is hidden: under a message that isn't there.
    let (kind, holder) = match row.as_ref().map(|row| (row.holder_kind.clone(), row.holder)) {
        Some((Some(kind), Some(holder))) => (kind, holder),
        _ => ("message".to_owned(), desk.ctx.id()),
    };
    let held = match desk.holders.iter().find(|known| known.kind() == kind) {
        Some(known) => known.held(&desk.ctx, &caller.actor, holder).await?,
        None => None,
    };
    let row = row.ok_or_else(Problem::not_found)?;
    let own = row.holder.is_none() && row.owner == caller.account();
    if own || held.is_some() { Ok((row, held)) } else { Err(Problem::not_found()) }
}
