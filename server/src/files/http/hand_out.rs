//! Handing files out: in pieces, to those who may open what they hang on, for as long as they may.

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use uuid::Uuid;

use super::{Desk, readable};
use crate::attachable::Reader;
use crate::base::http::{Path, Problem};
use crate::base::vault::Opening;
use crate::files::key_of;
use crate::files::model::{Row, Type};
use crate::identity::{self, Caller};

/// What a browser may do with a file that it opens by itself: nothing.
const SANDBOX: &str = "sandbox; default-src 'none'";
/// What no table names.
const BYTES: &str = "application/octet-stream";
/// The types that are named to browsers.
const NAMED: [Type; 7] = [Type::Jpeg, Type::Png, Type::Webp, Type::Pdf, Type::Docx, Type::Odt, Type::Txt];

/// The bytes of a file. What hangs on something RED is for the people of its room, in person, and noted.
#[utoipa::path(get, path = "/api/files/{id}/content", tag = "files", params(("id" = Uuid, Path)),
    responses((status = 200, body = Vec<u8>, content_type = "application/octet-stream"), (status = 401), (status = 403),
        (status = 404)))]
pub(super) async fn content(
    State(desk): State<Desk>,
    caller: Caller,
    Path(id): Path<Uuid>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let row = opened(&desk, &caller, id).await?;
    let size = row.length();
    let part = Part { name: row.name.clone(), media_type: row.media_type.clone(), blob: row.blob.clone(), size };
    send(desk, caller, &row, part, &headers).await
}

/// A small picture of a picture.
#[utoipa::path(get, path = "/api/files/{id}/thumbnail", tag = "files", params(("id" = Uuid, Path)),
    responses((status = 200, body = Vec<u8>, content_type = "image/jpeg"), (status = 401), (status = 403), (status = 404)))]
pub(super) async fn thumbnail(
    State(desk): State<Desk>,
    caller: Caller,
    Path(id): Path<Uuid>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let row = opened(&desk, &caller, id).await?;
    let (Some(blob), Some(size)) = (row.thumb.clone(), row.thumb_size) else { return Err(Problem::not_found()) };
    let size = u64::try_from(size).unwrap_or(0);
    let part = Part { name: "thumbnail.jpg".into(), media_type: Type::Jpeg.media_type().into(), blob, size };
    send(desk, caller, &row, part, &headers).await
}

/// What of a file is handed out.
struct Part {
    name: String,
    media_type: String,
    blob: String,
    size: u64,
}

/// A file that is ready, for somebody who may have its bytes now.
async fn opened(desk: &Desk, caller: &Caller, id: Uuid) -> Result<Row, Problem> {
    let (row, held) = readable(desk, caller, id).await?;
    if !row.is_ready() {
        return Err(Problem::not_found());
    }
    if held.is_some() && !may_open(desk, caller, &row, true).await? {
        return Err(Problem::forbidden_for("withheld"));
    }
    Ok(row)
}

/// Whether what this file hangs on lets its bytes go to this person now; with `noting`: and notes it where that is noted.
async fn may_open(desk: &Desk, caller: &Caller, row: &Row, noting: bool) -> Result<bool, Problem> {
    let holder = desk.holders.iter().find(|known| Some(known.kind()) == row.holder_kind.as_deref());
    let (Some(holder), Some(id)) = (holder, row.holder) else { return Ok(false) };
    let reader = Reader { actor: &caller.actor, by_token: caller.by_token, noting };
    Ok(holder.opens(&desk.ctx, reader, id).await?)
}

async fn send(desk: Desk, caller: Caller, row: &Row, part: Part, headers: &HeaderMap) -> Result<Response, Problem> {
    let key = key_of(&desk.ctx, row.id, &row.key)?;
    let opening = desk.ctx.vault.open(&part.blob, &key, part.size).await.map_err(|error| Problem::internal(&error))?;
    let going = Going { opening, desk, caller, row: row.clone(), first: true };
    let body = Body::from_stream(stream::try_unfold(going, |mut going| async move {
        let next = going.next().await?;
        Ok::<_, std::io::Error>(next.map(|piece| (piece, going)))
    }));
    dressed(body, &part.name, &part.media_type, part.size, is_shown(headers))
}

/// The bytes of a file as a browser gets them, under a name and a type of ours; a picture to be shown if it asks for that.
pub(in crate::files) fn dressed(body: Body, name: &str, media_type: &str, size: u64, shown: bool) -> Result<Response, Problem> {
    let mut response = body.into_response();
    let out = response.headers_mut();
    let named = NAMED.iter().map(|of| of.media_type()).find(|known| *known == media_type).unwrap_or(BYTES);
    let inline = named.starts_with("image/") && shown;
    out.insert(header::CONTENT_TYPE, HeaderValue::from_static(named));
    out.insert(header::CONTENT_LENGTH, HeaderValue::from(size));
    out.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(SANDBOX));
    out.insert(header::CONTENT_DISPOSITION, disposition(name, inline)?);
    Ok(response)
}

/// Whether our own page shows it as a picture: then a browser need not keep it.
fn is_shown(headers: &HeaderMap) -> bool {
    let says = |name: &str, value: &str| headers.get(name).is_some_and(|found| found.as_bytes() == value.as_bytes());
    says("sec-fetch-dest", "image") && says("sec-fetch-site", "same-origin")
}

/// How a browser is to keep it: under its name, every byte that isn't a letter or a digit written as its number (RFC 8187).
fn disposition(name: &str, inline: bool) -> Result<HeaderValue, Problem> {
    use std::fmt::Write;
    let mut value = format!("{}; filename*=UTF-8''", if inline { "inline" } else { "attachment" });
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_') {
            value.push(char::from(byte));
        } else {
            let _ = write!(value, "%{byte:02X}");
        }
    }
    HeaderValue::from_str(&value).map_err(|error| Problem::internal(&error))
}

/// A file on its way.
struct Going {
    opening: Opening,
    desk: Desk,
    caller: Caller,
    row: Row,
    first: bool,
}

impl Going {
    /// The next piece, if its reader may still have it. What is broken off says so by being too short.
    async fn next(&mut self) -> std::io::Result<Option<Bytes>> {
        if !std::mem::take(&mut self.first) && !self.may_go_on().await {
            return Err(std::io::Error::other("its reader may not have it any more"));
        }
        Ok(self.opening.next().await?.map(Bytes::from))
    }

    async fn may_go_on(&self) -> bool {
        let ctx = &self.desk.ctx;
        let stands = identity::stands(ctx, self.caller.account(), self.caller.credential).await;
        let Ok(true) = stands else { return false };
        // As who they are now, not as they came.
        let Ok(caller) = self.caller.clone().renewed(ctx).await else { return false };
        match readable(&self.desk, &caller, self.row.id).await {
            Ok((row, None)) => row.holder.is_none(),
            Ok((row, Some(_))) => may_open(&self.desk, &caller, &row, false).await.unwrap_or(false),
            Err(_) => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_stays_within_its_header() {
        let value = disposition("Извештај \"1\"; x=y\r\n.pdf", false).expect("a header");
        let text = value.to_str().expect("ASCII");
        assert!(text.starts_with("attachment; filename*=UTF-8''%D0%98") && text.ends_with("%0D%0A.pdf"), "{text}");
        assert!(!text.contains('"') && text.matches(';').count() == 1);
        assert!(disposition("a.jpg", true).expect("a header").to_str().expect("ASCII").starts_with("inline; "));
    }
}
