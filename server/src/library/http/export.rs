//! Taking practices out of the platform, in a file or in print: what is CLEAR or GREEN and in the library, with its label and
//! the reader's name.

use std::collections::HashMap;

use axum::extract::State as Given;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::super::finder::{self, Entry};
use super::super::model::Content;
use super::super::store::{self, TextRow};
use super::super::views::Practice;
use super::find::Question;
use super::{Desk, act, content_of};
use crate::access::handling::label;
use crate::access::{ItemAction, RegionAction};
use crate::audit::{self, Act};
use crate::base::clock::rfc3339;
use crate::base::csv;
use crate::base::http::{Json, Params, Path, Problem};
use crate::identity::Caller;

/// Practices in one file at most; whoever wants more narrows it down.
const MOST: usize = 1_000;
/// Practices that are read at a time.
const AT_ONCE: usize = 200;

/// In which form.
#[derive(Clone, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Kind {
    /// `json` (when not named) or `csv`.
    #[param(required = false)]
    format: Option<String>,
}

/// A practice in a file.
#[derive(Serialize, ToSchema)]
#[schema(as = ExportedPractice)]
struct Exported {
    id: Uuid,
    /// As in `TLP:GREEN`: it goes wherever the words go.
    label: String,
    level: u8,
    state: &'static str,
    version: i64,
    organisation: Option<String>,
    /// RFC 3339.
    published_at: Option<String>,
    harm: bool,
    content: Content,
}

/// A file of practices.
#[derive(Serialize, ToSchema)]
#[schema(as = PracticeExport)]
pub(super) struct Export {
    /// The strictest label of what is in it.
    label: String,
    /// Who has taken it out.
    exported_for: String,
    /// RFC 3339.
    exported_at: String,
    /// How many fit; if they are more than are here, narrow it down.
    total: usize,
    items: Vec<Exported>,
}

/// Practices that are CLEAR or GREEN as a file, narrowed down as the list is (1,000 at most).
#[utoipa::path(get, path = "/api/practices/export", tag = "library", params(Question, Kind),
    responses((status = 200, body = Export), (status = 400), (status = 401), (status = 403), (status = 422)))]
pub(super) async fn export(
    Given(desk): Given<Desk>,
    caller: Caller,
    Params(question): Params<Question>,
    Params(Kind { format }): Params<Kind>,
) -> Result<Response, Problem> {
    caller.allow(RegionAction::UseDirectory)?;
    let as_csv = match format.as_deref() {
        None | Some("json") => false,
        Some("csv") => true,
        Some(_) => return Err(Problem::bad_request("format is json or csv")),
    };
    let wish = question.wish(&desk, &caller).await?;
    let (entries, now) = (desk.shelf.entries(&desk.ctx).await?, desk.ctx.now());
    let found = finder::find(entries.values().map(AsRef::as_ref), &caller.actor, &wish, now);
    let all = found.first(None, usize::MAX);
    let leaving: Vec<&Entry> =
        all.into_iter().map(|(_, entry)| entry).filter(|entry| entry.may(&caller.actor, ItemAction::TakeOut)).collect();
    let items = desk.exported(&leaving, now).await?;
    let file = Export {
        label: label(if leaving.iter().any(|entry| entry.marking != "clear") { "green" } else { "clear" }),
        exported_for: caller.actor.name.clone(),
        exported_at: rfc3339(now),
        total: leaving.len(),
        items,
    };
    let detail = format!("practices={} format={}", file.items.len(), if as_csv { "csv" } else { "json" });
    let (by, at) = (caller.account(), now);
    let noted: Result<(), Problem> = desk
        .ctx
        .db
        .write(async move |tx| {
            let target = "library".to_owned();
            audit::record(tx, Act { at, actor: Some(by), what: "practice.export", target, detail: detail.clone() }).await?;
            Ok(())
        })
        .await;
    noted?;
    Ok(if as_csv { table(&file) } else { named(Json(file).into_response(), "practices.json") })
}

impl Desk {
    async fn exported(&self, entries: &[&Entry], now: i64) -> Result<Vec<Exported>, Problem> {
        let mut items = Vec::new();
        for some in entries[..entries.len().min(MOST)].chunks(AT_ONCE) {
            let ids: Vec<Uuid> = some.iter().map(|entry| entry.id).collect();
            let mut conn = self.ctx.db.read().await?;
            let rows: HashMap<Uuid, TextRow> =
                store::bodies(&mut conn, &ids).await?.into_iter().map(|row| (row.id, row)).collect();
            for entry in some {
                let Some(row) = rows.get(&entry.id) else { continue };
                items.push(Exported {
                    id: entry.id,
                    label: label(entry.marking),
                    level: entry.level,
                    state: entry.state_at(now).as_str(),
                    version: row.version,
                    organisation: row.organisation_name.clone(),
                    published_at: entry.published_at.map(rfc3339),
                    harm: entry.harm,
                    content: content_of(&row.content)?,
                });
            }
        }
        Ok(items)
    }
}

fn named(mut response: Response, name: &'static str) -> Response {
    let disposition =
        if name.ends_with("csv") { "attachment; filename=\"practices.csv\"" } else { "attachment; filename=\"practices.json\"" };
    response.headers_mut().insert(header::CONTENT_DISPOSITION, header::HeaderValue::from_static(disposition));
    response
}

/// The same as a table: its label and its reader above, then a row a practice.
fn table(file: &Export) -> Response {
    let mut text = String::from(csv::BOM);
    text += &csv::line([file.label.as_str(), file.exported_for.as_str(), file.exported_at.as_str()]);
    text += &csv::line([
        "label",
        "id",
        "title",
        "summary",
        "language",
        "countries",
        "themes",
        "stage",
        "pillar",
        "ages",
        "settings",
        "level",
        "state",
        "harm",
        "version",
        "published_at",
        "organisation",
        "problem",
        "theory",
        "results",
        "limits",
        "side_effects",
        "conditions",
    ]);
    for item in &file.items {
        let content = &item.content;
        let (level, version) = (item.level.to_string(), item.version.to_string());
        let lists = [&content.countries, &content.themes, &content.ages, &content.settings].map(|list| list.join(" "));
        text += &csv::line([
            item.label.as_str(),
            &item.id.to_string(),
            &content.title,
            &content.summary,
            &content.language,
            &lists[0],
            &lists[1],
            &content.stage,
            &content.pillar,
            &lists[2],
            &lists[3],
            &level,
            item.state,
            if item.harm { "yes" } else { "no" },
            &version,
            item.published_at.as_deref().unwrap_or_default(),
            item.organisation.as_deref().unwrap_or_default(),
            &content.problem,
            &content.theory,
            &content.results,
            &content.limits,
            &content.side_effects,
            &content.conditions,
        ]);
    }
    named(([(header::CONTENT_TYPE, "text/csv; charset=utf-8")], text).into_response(), "practices.csv")
}

/// A practice for the printer.
#[derive(Serialize, ToSchema)]
#[schema(as = PrintedPractice)]
#[expect(clippy::struct_field_names, reason = "what stands on a sheet of paper: by whom and when it was printed")]
pub(super) struct Printed {
    /// As in `TLP:GREEN`.
    label: String,
    /// Who prints it.
    printed_for: String,
    /// RFC 3339.
    printed_at: String,
    practice: Practice,
}

/// A practice to be printed: CLEAR or GREEN and in the library, with its label and the reader's name.
#[utoipa::path(get, path = "/api/practices/{id}/print", tag = "library", params(("id" = Uuid, Path)),
    responses((status = 200, body = Printed), (status = 401), (status = 403), (status = 404)))]
pub(super) async fn print(Given(desk): Given<Desk>, caller: Caller, Path(id): Path<Uuid>) -> Result<Json<Printed>, Problem> {
    let located = desk.locate(&caller, ItemAction::TakeOut, id).await?;
    let label = label(&located.row.marking);
    let practice = desk.page(&caller, located).await?;
    let (inner, by) = (desk.clone(), caller.account());
    let noted: Result<(), Problem> = desk
        .ctx
        .db
        .write(async move |tx| {
            audit::record(tx, act(&inner.ctx, by, "practice.print", id, String::new())).await?;
            Ok(())
        })
        .await;
    noted?;
    let printed_for = caller.actor.name.clone();
    Ok(Json(Printed { label, printed_for, printed_at: rfc3339(desk.ctx.now()), practice }))
}
