//! Files of a room: taken over from who has sent them, sealed with the room's key, and handed out to its members alone.

use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::super::acts::HOLDER;
use super::super::inside::{self, Inside, Refused, Said, enter};
use super::super::model::{Content, TITLE_MAX};
use super::super::notice;
use super::super::sealing::{self, Stored, Write};
use super::super::store::entries;
use super::super::words::Kind;
use super::entries::fits;
use super::{Codes, Written, faulty, marking, vetted};
use crate::access::CaseAction;
use crate::access::handling::{Labels, RED};
use crate::base::http::{Json, Path, Problem};
use crate::base::vault::Opening;
use crate::base::{secret, text};
use crate::context::Ctx;
use crate::files::{self, Handed};
use crate::identity::{self, Caller};
use crate::keys::Unlock;

/// A file to be taken over.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[schema(as = NewCaseFile)]
pub(super) struct Wish {
    /// One that its uploader has announced with `sealed`, and that hangs on nothing.
    file: Uuid,
    /// Its name: a line of at most 120 characters.
    name: String,
    #[serde(default)]
    title: String,
    #[serde(default)]
    topic: Option<Uuid>,
    #[serde(default)]
    marking: Option<String>,
    #[serde(flatten)]
    codes: Codes,
}

/// Takes a file into a room. Its key and its name are sealed with the room's key; in the store of files nothing is left that
/// opens it.
#[utoipa::path(post, path = "/api/cases/{id}/files", tag = "cases", params(("id" = Uuid, Path)), request_body = Wish,
    responses((status = 201, body = Written), (status = 401), (status = 404), (status = 409), (status = 422), (status = 423)))]
pub(super) async fn add(
    State(ctx): State<Ctx>,
    caller: Caller,
    unlock: Unlock,
    Path(id): Path<Uuid>,
    Json(wish): Json<Wish>,
) -> Result<(StatusCode, Json<Written>), Problem> {
    let unlocked = enter(&ctx, &caller, &unlock, CaseAction::Write, id).await?;
    let name = text::line(&wish.name, TITLE_MAX).ok_or_else(|| faulty(("text_invalid", "name")))?;
    let title = if wish.title.trim().is_empty() { Some(String::new()) } else { text::line(&wish.title, TITLE_MAX) };
    let title = title.ok_or_else(|| faulty(("text_invalid", "title")))?;
    let marking = marking(wish.marking)?;
    let content = move |handed: &Handed| Content::File {
        name: name.clone(),
        title: title.clone(),
        file: wish.file,
        media_type: handed.media_type.clone(),
        size: handed.size,
        topic: wish.topic,
    };
    vetted(&ctx, &content(&Handed::default()), true)?;
    let labels = wish.codes.clone().vetted(&ctx)?.over(Labels::default())?;
    let (inner, actor, item) = (ctx.clone(), caller.actor.clone(), ctx.id());
    let done: Result<Written, Refused> = ctx
        .db
        .write(async move |tx| {
            let inside = Inside::write(tx, &inner, &actor, &unlocked, CaseAction::Write, id).await?;
            let handed = files::hand_over(tx, &inner, wish.file, HOLDER, id, actor.account).await??;
            let content = content(&handed);
            fits(tx, &inside, &content).await?;
            let at = inner.now();
            let write = Write { room: &inside.room, item, before: None, author: actor.account, at, marking: marking.as_deref() };
            let stored = Stored { content, key: Some(secret::hex(&handed.key[..])), labels: labels.clone() };
            let seq = sealing::write(tx, &inside.ring, &write, &stored).await?;
            notice::changed(tx, &inner, id, seq, &inside.members);
            Ok(Written { item, seq })
        })
        .await;
    Ok((StatusCode::CREATED, Json(done?)))
}

/// The bytes of a room's file, for as long as its reader is a member. Noted for the record.
#[utoipa::path(get, path = "/api/cases/{id}/files/{item}/content", tag = "cases",
    params(("id" = Uuid, Path), ("item" = Uuid, Path)),
    responses((status = 200, body = Vec<u8>, content_type = "application/octet-stream"), (status = 401), (status = 404), (status = 423)))]
pub(super) async fn content(
    State(ctx): State<Ctx>,
    caller: Caller,
    unlock: Unlock,
    Path((id, item)): Path<(Uuid, Uuid)>,
) -> Result<Response, Problem> {
    let inside = Inside::read(&ctx, &caller, &unlock, id).await?;
    let mut conn = ctx.db.read().await?;
    let entry = entries::item(&mut conn, id, item).await?.filter(|entry| entry.kind() == Kind::File);
    let entry = entry.ok_or_else(Problem::not_found)?;
    let stored = match inside.said(&entry) {
        Said::Open(stored) => stored,
        Said::Held(..) => return Err(Problem::forbidden_for("withheld")),
        Said::Nothing => return Err(Problem::not_found()),
    };
    let (Content::File { name, file, media_type, .. }, Some(key)) = (stored.content, stored.key) else {
        return Err(Problem::not_found());
    };
    let key = secret::from_hex(&key).and_then(|key| key.try_into().ok()).ok_or_else(Problem::not_found)?;
    let (opening, size) = files::open_handed(&ctx, &mut conn, file, &key).await?.ok_or_else(Problem::not_found)?;
    let what = if entry.marking == RED { "case.read_red" } else { "case.read_file" };
    ctx.recorder.looked(caller.account(), what, [format!("case_item:{item}")]);
    let going = Going { opening, ctx, caller, room: id, first: true };
    let pieces = futures_util::stream::try_unfold(going, |mut going| async move {
        let next = going.next().await?;
        Ok::<_, std::io::Error>(next.map(|piece| (piece, going)))
    });
    files::handed_out(axum::body::Body::from_stream(pieces), &name, &media_type, size)
}

/// A file on its way.
struct Going {
    opening: Opening,
    ctx: Ctx,
    caller: Caller,
    room: Uuid,
    first: bool,
}

impl Going {
    /// The next piece, if its reader is still a member. What is broken off says so by being too short.
    async fn next(&mut self) -> std::io::Result<Option<Bytes>> {
        if !std::mem::take(&mut self.first) && !self.may_go_on().await {
            return Err(std::io::Error::other("its reader may not have it any more"));
        }
        Ok(self.opening.next().await?.map(Bytes::from))
    }

    async fn may_go_on(&self) -> bool {
        let stands = identity::stands(&self.ctx, self.caller.account(), self.caller.credential).await;
        let Ok(true) = stands else { return false };
        // As who they are now, not as they came.
        let Ok(caller) = self.caller.clone().renewed(&self.ctx).await else { return false };
        inside::allowed(&self.ctx, &caller, CaseAction::Read, self.room).await.is_ok()
    }
}
