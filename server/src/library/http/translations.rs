//! A practice in other languages, in step with the original.

use axum::extract::State as Given;
use axum::http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::super::model::{Fault, LANGUAGES, Translated};
use super::super::store::{self, NewTranslation, TranslationRow};
use super::super::views::Translation;
use super::super::{acts, notice};
use super::show::translation_of;
use super::{Desk, Located, faulty, json, overtaken, refuse};
use crate::access::ItemAction;
use crate::base::http::{Json, Path, Problem};
use crate::directory;
use crate::identity::Caller;

/// A translation.
#[derive(Clone, Deserialize, ToSchema)]
#[schema(as = PracticeTranslationWish)]
pub(super) struct Wish {
    content: Translated,
    /// The version it was made from: it is behind once there is a later one.
    of_version: i64,
    /// Whether it began as the text of a machine.
    #[serde(default)]
    machine: bool,
}

impl Desk {
    /// A practice that is in the library, and its translation into this language.
    async fn translation(&self, caller: &Caller, id: Uuid, language: &str) -> Result<(Located, Option<TranslationRow>), Problem> {
        let located = self.locate(caller, ItemAction::Read, id).await?;
        let row = store::translation(&mut self.ctx.db.read().await?, id, language).await?;
        Ok((located, row))
    }

    /// Whether the caller answers for a practice or looks after it.
    fn keeps(caller: &Caller, located: &Located) -> bool {
        [ItemAction::Change, ItemAction::Tend].into_iter().any(|action| located.entry.may(&caller.actor, action))
    }
}

/// A translation of a practice.
#[utoipa::path(get, path = "/api/practices/{id}/translations/{language}", tag = "library",
    params(("id" = Uuid, Path), ("language" = String, Path)),
    responses((status = 200, body = Translation), (status = 401), (status = 404)))]
pub(super) async fn show(
    Given(desk): Given<Desk>,
    caller: Caller,
    Path((id, language)): Path<(Uuid, String)>,
) -> Result<Json<Translation>, Problem> {
    let (located, row) = desk.translation(&caller, id, &language).await?;
    let row = row.ok_or_else(Problem::not_found)?;
    let named: Vec<Uuid> = [Some(row.translator), row.checked_by].into_iter().flatten().collect();
    let people = directory::people_by_id(&mut desk.ctx.db.read().await?, &desk.ctx, &named).await?;
    let person = |id: Uuid| people.iter().find(|person| person.id == id).cloned();
    let state = translation_of(&row, located.row.version, caller.account(), &person);
    let content = serde_json::from_str(&row.content).map_err(|error| Problem::internal(&error))?;
    Ok(Json(Translation { state, content }))
}

/// Translates a practice that is in the library, or brings its translation up to the version that stands. Who does it is named;
/// it is unchecked until somebody else has read it beside the original.
#[utoipa::path(put, path = "/api/practices/{id}/translations/{language}", tag = "library",
    params(("id" = Uuid, Path), ("language" = String, Path)), request_body = Wish,
    responses((status = 204), (status = 401), (status = 403), (status = 404), (status = 409), (status = 422)))]
pub(super) async fn put(
    Given(desk): Given<Desk>,
    caller: Caller,
    Path((id, language)): Path<(Uuid, String)>,
    Json(wish): Json<Wish>,
) -> Result<StatusCode, Problem> {
    let (located, before) = desk.translation(&caller, id, &language).await?;
    let now = desk.ctx.now();
    if !located.entry.state_at(now).stands() {
        return Err(Problem::conflict("practice_not_published", "Only what is in the library is translated"));
    }
    if !LANGUAGES.contains(&language.as_str()) || language == located.content.language {
        return Err(faulty(Fault { field: "language", limit: None }));
    }
    if !(1..=located.row.version).contains(&wish.of_version) {
        return Err(faulty(Fault { field: "of_version", limit: None }));
    }
    // Somebody else's is theirs to change, and for those who answer for the practice.
    if before.as_ref().is_some_and(|row| row.translator != caller.account()) && !Desk::keeps(&caller, &located) {
        return Err(Problem::forbidden());
    }
    let content = wish.content.checked().map_err(faulty)?;
    refuse(content.texts(), now)?;
    let (body, me) = (json(&content)?, caller.account());
    let inner = desk.clone();
    let done: Result<(), Problem> = desk
        .ctx
        .db
        .write(async move |tx| {
            let new = NewTranslation {
                practice: id,
                language: &language,
                content: &body,
                of_version: wish.of_version,
                translator: me,
                machine: wish.machine,
                checked_by: None,
                at: now,
            };
            store::put_translation(tx, &new).await?;
            if me != located.row.author {
                notice::tell(tx, &inner.ctx, located.row.author, "state", id);
            }
            acts::changed(tx, &inner.shelf, id, &located.content, now).await?;
            Ok(())
        })
        .await;
    done.map(|()| StatusCode::NO_CONTENT)
}

/// Says that one has read a translation beside the original: never one's own.
#[utoipa::path(put, path = "/api/practices/{id}/translations/{language}/check", tag = "library",
    params(("id" = Uuid, Path), ("language" = String, Path)),
    responses((status = 204), (status = 401), (status = 403), (status = 404), (status = 409)))]
pub(super) async fn check(
    Given(desk): Given<Desk>,
    caller: Caller,
    Path((id, language)): Path<(Uuid, String)>,
) -> Result<StatusCode, Problem> {
    let (located, row) = desk.translation(&caller, id, &language).await?;
    if !Desk::keeps(&caller, &located) {
        return Err(Problem::forbidden());
    }
    let row = row.ok_or_else(Problem::not_found)?;
    if row.translator == caller.account() {
        return Err(Problem::forbidden_for("other_person_needed"));
    }
    let (me, seen) = (caller.account(), row.changed_at);
    let done: Result<bool, Problem> =
        desk.ctx.db.write(async move |tx| Ok(store::check_translation(tx, id, &language, me, seen).await?)).await;
    if done? { Ok(StatusCode::NO_CONTENT) } else { Err(overtaken()) }
}

/// Takes a translation away: its translator, those who answer for the practice, those who look after it.
#[utoipa::path(delete, path = "/api/practices/{id}/translations/{language}", tag = "library",
    params(("id" = Uuid, Path), ("language" = String, Path)),
    responses((status = 204), (status = 401), (status = 403), (status = 404)))]
pub(super) async fn delete(
    Given(desk): Given<Desk>,
    caller: Caller,
    Path((id, language)): Path<(Uuid, String)>,
) -> Result<StatusCode, Problem> {
    let (located, row) = desk.translation(&caller, id, &language).await?;
    let own = row.as_ref().is_some_and(|row| row.translator == caller.account());
    if !own && !Desk::keeps(&caller, &located) {
        return Err(Problem::forbidden());
    }
    row.ok_or_else(Problem::not_found)?;
    let (inner, now) = (desk.clone(), desk.ctx.now());
    let done: Result<(), Problem> = desk
        .ctx
        .db
        .write(async move |tx| {
            store::delete_translation(tx, id, &language).await?;
            acts::changed(tx, &inner.shelf, id, &located.content, now).await?;
            Ok(())
        })
        .await;
    done.map(|()| StatusCode::NO_CONTENT)
}
