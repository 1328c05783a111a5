//! The pages that everybody reads without signing in: no script, nothing from elsewhere, nobody followed.

use std::collections::HashSet;

use axum::Router;
use axum::extract::State as Given;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use uuid::Uuid;

use crate::base::db;
use crate::base::http::{Path, Problem};
use crate::base::secret;
use crate::context::Ctx;
use crate::newsletter::desk::Post;
use crate::newsletter::edition::Edition;
use crate::newsletter::page::{self, Medium, Shown};
use crate::newsletter::store::{self, Released};
use crate::newsletter::words;

/// Issues in the list: ten years of them.
const LISTED: i64 = 40;
/// How long a browser or a cache may show a page without asking again.
const KEPT: &str = "public, max-age=60";

#[derive(Clone)]
struct Window {
    ctx: Ctx,
    post: Post,
}

/// The pages.
pub fn pages(ctx: Ctx, post: Post) -> Router {
    Router::new()
        .route("/news", get(list))
        .route("/news/style.css", get(style))
        .route("/news/leave/{token}", get(ask_to_leave).post(leave))
        .route("/news/{number}", get(any_language))
        .route("/news/{number}/{language}", get(read))
        .route("/news/{number}/{language}/print.pdf", get(print))
        .with_state(Window { ctx, post })
}

async fn style() -> Response {
    ([(header::CONTENT_TYPE, "text/css; charset=utf-8"), (header::CACHE_CONTROL, KEPT)], page::STYLE).into_response()
}

/// The languages that a browser asks for, in its order.
fn wishes(headers: &HeaderMap) -> Vec<&str> {
    let asked = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    asked.split(',').filter_map(|wish| wish.split(';').next()).map(str::trim).take(20).collect()
}

/// The language of the newsletter's own words for this browser.
fn own(headers: &HeaderMap) -> &'static str {
    let known = wishes(headers).into_iter().map(|wish| wish.split('-').next().unwrap_or(wish));
    known.into_iter().find(|wish| matches!(*wish, "en" | "fr")).map_or("en", words::spoken)
}

fn shown(page: String, language: &str) -> Response {
    let mut response = Html(page).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(KEPT));
    headers.insert(header::VARY, HeaderValue::from_static("accept-language"));
    if let Ok(language) = HeaderValue::from_str(language) {
        headers.insert(header::CONTENT_LANGUAGE, language);
    }
    response
}

/// There is no such issue.
fn unknown(headers: &HeaderMap) -> Result<Response, Problem> {
    let page = page::leave(own(headers), "unknown", "unknown_text", None)?;
    Ok((StatusCode::NOT_FOUND, Html(page)).into_response())
}

async fn list(Given(window): Given<Window>, headers: HeaderMap) -> Result<Response, Problem> {
    let released = store::released(&mut window.ctx.db.read().await?, None, LISTED).await?;
    let issues: Vec<_> = released.into_iter().filter_map(|issue| Some((Edition::of(&issue.content)?, issue.at))).collect();
    let language = own(&headers);
    Ok(shown(page::list(language, &issues)?, language))
}

/// A released issue, and who may be named still.
async fn find(window: &Window, number: &str) -> db::Result<Option<(Released, Edition, HashSet<Uuid>)>> {
    let Ok(number) = number.parse() else { return Ok(None) };
    let mut conn = window.ctx.db.read().await?;
    let Some(issue) = store::released(&mut conn, Some(number), 1).await?.pop() else { return Ok(None) };
    let consenting = store::who_consent(&mut conn).await?.into_iter().collect();
    Ok(Edition::of(&issue.content).map(|edition| (issue, edition, consenting)))
}

async fn any_language(Given(window): Given<Window>, headers: HeaderMap, Path(number): Path<String>) -> Result<Response, Problem> {
    let Some((issue, edition, consenting)) = find(&window, &number).await? else { return unknown(&headers) };
    let language = page::chosen(&edition, &wishes(&headers));
    open(&window, &issue, &edition, language, &consenting)
}

async fn read(
    Given(window): Given<Window>,
    headers: HeaderMap,
    Path((number, language)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let Some((issue, edition, consenting)) = find(&window, &number).await? else { return unknown(&headers) };
    if !edition.languages.contains(&language) {
        return unknown(&headers);
    }
    open(&window, &issue, &edition, &language, &consenting)
}

fn open(
    window: &Window,
    issue: &Released,
    edition: &Edition,
    language: &str,
    consenting: &HashSet<Uuid>,
) -> Result<Response, Problem> {
    let page = Shown { edition, language, released_at: Some(issue.at), consenting };
    Ok(shown(page.page(&Medium::Web { pdf: window.post.printer.is_some() })?, language))
}

/// An issue in print: made when it is first asked for, and kept.
async fn print(
    Given(window): Given<Window>,
    headers: HeaderMap,
    Path((number, language)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let Some(printer) = &window.post.printer else { return unknown(&headers) };
    let Some((issue, edition, consenting)) = find(&window, &number).await? else { return unknown(&headers) };
    if !edition.languages.contains(&language) {
        return unknown(&headers);
    }
    let kept = async || store::printed(&mut window.ctx.db.read().await?, issue.id, &language).await;
    if let Some(pdf) = kept().await? {
        return Ok(file(&edition, &language, pdf));
    }
    let _alone = window.post.printing.lock().await;
    if let Some(pdf) = kept().await? {
        return Ok(file(&edition, &language, pdf));
    }
    let shown = Shown { edition: &edition, language: &language, released_at: Some(issue.at), consenting: &consenting };
    let pdf = printer.pdf(&shown.page(&Medium::Paper)?).await.map_err(|error| Problem::internal(&error))?;
    let (id, of, at, copy) = (issue.id, language.clone(), window.ctx.now(), pdf.clone());
    let done: db::Result<()> = window.ctx.db.write(async move |tx| store::keep_print(tx, id, &of, &copy, at).await).await;
    done?;
    Ok(file(&edition, &language, pdf))
}

fn file(edition: &Edition, language: &str, pdf: Vec<u8>) -> Response {
    let name = format!("inline; filename=\"egida-{}-{}-{language}.pdf\"", edition.quarter.year, edition.quarter.quarter);
    let kept = [
        (header::CONTENT_TYPE, "application/pdf".to_owned()),
        (header::CONTENT_DISPOSITION, name),
        (header::CACHE_CONTROL, KEPT.to_owned()),
    ];
    (kept, pdf).into_response()
}

/// The way out of a mail. Looking ends nothing: programs that read mails follow every link.
async fn ask_to_leave(Given(window): Given<Window>, headers: HeaderMap, Path(token): Path<String>) -> Result<Response, Problem> {
    let known = store::way_out(&mut window.ctx.db.read().await?, &secret::hash(&token)).await?.is_some();
    let language = own(&headers);
    if !known {
        let page = page::leave(language, "leave_unknown", "leave_unknown_text", None)?;
        return Ok((StatusCode::NOT_FOUND, Html(page)).into_response());
    }
    let page = page::leave(language, "leave_title", "leave_text", Some(&format!("/news/leave/{token}")))?;
    Ok(Html(page).into_response())
}

/// Ends the subscription: by the button, or by the mailbox's own (RFC 8058). Whoever does so again is told the same.
async fn leave(Given(window): Given<Window>, headers: HeaderMap, Path(token): Path<String>) -> Result<Response, Problem> {
    let account = store::way_out(&mut window.ctx.db.read().await?, &secret::hash(&token)).await?;
    let language = own(&headers);
    let Some(account) = account else {
        let page = page::leave(language, "leave_unknown", "leave_unknown_text", None)?;
        return Ok((StatusCode::NOT_FOUND, Html(page)).into_response());
    };
    let at = window.ctx.now();
    let done: db::Result<()> = window.ctx.db.write(async move |tx| store::unsubscribe(tx, account, at).await).await;
    done?;
    Ok(Html(page::leave(language, "left_title", "left_text", None)?).into_response())
}
