//! Routes of exercises: starting and ending them, who takes part, what remains.

use axum::extract::State as Given;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::model::{Kind, LESSON_MAX, LESSONS_MAX, PEOPLE_MAX, SCENARIO_MAX, State, TITLE_MAX, Wish};
use super::store::{self, Exercise, NewLesson};
use super::{run, wipe};
use crate::access::{Action, Decision, RegionAction, may, may_in_region};
use crate::audit;
use crate::base::clock::rfc3339;
use crate::base::db::Conn;
use crate::base::http::{Json, Page, Path, Problem};
use crate::base::{db, guard, text};
use crate::channels;
use crate::context::Ctx;
use crate::directory::{self, Person};
use crate::identity::Caller;
use crate::vocabulary::Words;

/// Exercises in a list, and those looked through for it.
const LISTED: usize = 100;
const LOOKED_AT: i64 = 500;

/// The routes of this slice.
pub fn router(ctx: Ctx) -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(list, start))
        .routes(routes!(show))
        .routes(routes!(add))
        .routes(routes!(end))
        .routes(routes!(write))
        .with_state(ctx)
}

/// What the reader may do with an exercise.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[schema(as = ExerciseCan)]
struct Can {
    /// End it, and let others take part.
    keep: bool,
    /// Write what was decided and learned.
    write: bool,
}

/// An exercise.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Exercise)]
struct Shown {
    id: Uuid,
    title: String,
    scenario: String,
    language: String,
    country: Option<String>,
    theme: Option<String>,
    /// Who has started it; null for somebody who is no longer here.
    leader: Option<Person>,
    state: State,
    started_at: String,
    /// When it ends by itself, or would have.
    ends_at: String,
    ended_at: Option<String>,
    /// When everything was erased.
    wiped_at: Option<String>,
    /// How much was said in it, the template with it; null while it runs.
    messages: Option<i64>,
    /// By how many people.
    writers: Option<i64>,
    /// How many take part.
    people_count: i64,
    /// Whether the reader does: who only looks after it makes nothing up for it.
    takes_part: bool,
    can: Can,
}

impl Shown {
    fn new(row: Exercise, caller: &Caller, leader: Option<Person>) -> Self {
        let can = Can {
            keep: State::of(&row.state) == State::Running && keeps(caller, &row),
            write: row.takes_part || keeps(caller, &row),
        };
        Self {
            can,
            id: row.id,
            title: row.title,
            scenario: row.scenario,
            language: row.language,
            country: row.country,
            theme: row.theme,
            leader,
            state: State::of(&row.state),
            started_at: rfc3339(row.started_at),
            ends_at: rfc3339(row.ends_at),
            ended_at: row.ended_at.map(rfc3339),
            wiped_at: row.wiped_at.map(rfc3339),
            messages: row.messages,
            writers: row.writers,
            people_count: row.people,
            takes_part: row.takes_part,
        }
    }
}

fn place(row: &Exercise) -> (Option<&str>, Option<&str>) {
    (row.country.as_deref(), row.theme.as_deref())
}

fn keeps(caller: &Caller, row: &Exercise) -> bool {
    let (country, theme) = place(row);
    may_in_region(&caller.actor, RegionAction::KeepExercise { country, theme, leader: row.leader }) == Decision::Allow
}

fn sees(caller: &Caller, row: &Exercise) -> bool {
    let (country, theme) = place(row);
    may_in_region(&caller.actor, RegionAction::SeeExercise { country, theme, takes_part: row.takes_part }) == Decision::Allow
}

async fn dressed(ctx: &Ctx, conn: &mut Conn, caller: &Caller, rows: Vec<Exercise>) -> Result<Vec<Shown>, Problem> {
    let ids: Vec<Uuid> = rows.iter().map(|row| row.leader).collect();
    let people = directory::people_by_id(conn, ctx, &ids).await?;
    let leader = |id| people.iter().find(|person| person.id == id).cloned();
    Ok(rows.into_iter().map(|row| (leader(row.leader), row)).map(|(by, row)| Shown::new(row, caller, by)).collect())
}

/// The exercises that the reader takes part in or looks after, the latest first.
#[utoipa::path(get, path = "/api/exercises", tag = "exercises",
    responses((status = 200, body = Page<Shown>), (status = 401), (status = 403)))]
async fn list(Given(ctx): Given<Ctx>, caller: Caller) -> Result<Json<Page<Shown>>, Problem> {
    caller.allow(RegionAction::UseDirectory)?;
    let mut conn = ctx.db.read().await?;
    let rows = store::latest(&mut conn, caller.account(), LOOKED_AT).await?;
    let rows = rows.into_iter().filter(|row| sees(&caller, row)).take(LISTED).collect();
    Ok(Json(Page::whole(dressed(&ctx, &mut conn, &caller, rows).await?)))
}

/// What is wrong with what somebody starts, by its code.
fn faulty(code: &'static str) -> Problem {
    let title = match code {
        "title_invalid" => "A title is one line",
        "language_unknown" => "The rooms are furnished in English or French",
        "tag_unknown" => "There is no such country or theme",
        "people_many" => "Too many people",
        "time_invalid" => "This is no time",
        "exercise_length" => "An exercise lasts an hour to 31 days",
        _ => "This text can't be kept",
    };
    let problem = Problem::unprocessable(code, title);
    match code {
        "title_invalid" => problem.with("limit", TITLE_MAX),
        "text_invalid" => problem.with("limit", SCENARIO_MAX),
        "people_many" => problem.with("limit", PEOPLE_MAX),
        _ => problem,
    }
}

/// Only who has been confirmed can take part.
async fn confirmed(ctx: &Ctx, account: Uuid) -> Result<(), Problem> {
    let actor = ctx.standing.actor(account).await?.ok_or_else(Problem::not_found)?;
    let unconfirmed = || Problem::unprocessable("person_not_confirmed", "This person has not been confirmed yet");
    if actor.is_confirmed() { Ok(()) } else { Err(unconfirmed()) }
}

/// What was made.
#[derive(Serialize, ToSchema)]
#[schema(as = NewExerciseMade)]
struct Made {
    id: Uuid,
}

/// Starts an exercise: opens its rooms, puts invented files into them and lets its people in. For who moderates its country or
/// theme, or the region.
#[utoipa::path(post, path = "/api/exercises", tag = "exercises", request_body = Wish,
    responses((status = 201, body = Made), (status = 401), (status = 403), (status = 404), (status = 422)))]
async fn start(Given(ctx): Given<Ctx>, caller: Caller, Json(wish): Json<Wish>) -> Result<(StatusCode, Json<Made>), Problem> {
    caller.allow(RegionAction::RunExercise(wish.country.as_deref(), wish.theme.as_deref()))?;
    let exercise = wish.checked(caller.account(), ctx.now()).map_err(faulty)?;
    guard::refuse(&exercise.title, ctx.now())?;
    guard::refuse(&exercise.scenario, ctx.now())?;
    for person in &exercise.people {
        confirmed(&ctx, *person).await?;
    }
    let (id, by, at, db) = (ctx.id(), caller.account(), ctx.now(), ctx.db.clone());
    let started: db::Result<()> = db
        .write(async move |tx| {
            run::start(tx, &ctx, id, &exercise, by, at).await?;
            audit::record(tx, wipe::act(id, Some(by), "exercise.start", at)).await
        })
        .await;
    started?;
    Ok((StatusCode::CREATED, Json(Made { id })))
}

/// A room of an exercise.
#[derive(Serialize, ToSchema)]
#[schema(as = ExerciseRoom)]
struct Room {
    id: Uuid,
    name: Option<Words>,
}

/// What somebody has written on the page that remains.
#[derive(Serialize, ToSchema)]
#[schema(as = ExerciseLesson)]
struct Lesson {
    id: Uuid,
    kind: Kind,
    author: Uuid,
    author_name: String,
    text: String,
    at: String,
}

/// An exercise, with its rooms while it runs, who takes part, and what was decided and learned.
#[derive(Serialize, ToSchema)]
#[schema(as = ExerciseDetails)]
struct Details {
    #[serde(flatten)]
    exercise: Shown,
    /// Those that the reader may open.
    rooms: Vec<Room>,
    people: Vec<Person>,
    lessons: Vec<Lesson>,
}

/// An exercise that this person may see; others get the answer for none.
async fn seen(ctx: &Ctx, caller: &Caller, id: Uuid) -> Result<Exercise, Problem> {
    let row = store::one(&mut ctx.db.read().await?, caller.account(), id).await?;
    row.filter(|row| sees(caller, row)).ok_or_else(Problem::not_found)
}

/// One exercise: while it runs the way to its rooms, and then what remains of it.
#[utoipa::path(get, path = "/api/exercises/{id}", tag = "exercises", params(("id" = Uuid, Path)),
    responses((status = 200, body = Details), (status = 401), (status = 404)))]
async fn show(Given(ctx): Given<Ctx>, caller: Caller, Path(id): Path<Uuid>) -> Result<Json<Details>, Problem> {
    let row = seen(&ctx, &caller, id).await?;
    let mut conn = ctx.db.read().await?;
    let mut rooms = Vec::new();
    for channel in store::channels(&mut conn, id).await? {
        let Some(facts) = ctx.standing.channel(channel).await? else { continue };
        if may(&caller.actor, Action::Read, &facts) == Decision::Allow {
            rooms.push(Room { id: channel, name: channels::name(&mut conn, channel).await? });
        }
    }
    let ids = store::people(&mut conn, id).await?;
    let people = directory::people_by_id(&mut conn, &ctx, &ids).await?;
    let lessons = store::lessons(&mut conn, id).await?.into_iter().map(|row| Lesson {
        id: row.id,
        kind: Kind::of(&row.kind),
        author: row.author,
        author_name: row.author_name,
        text: row.text,
        at: rfc3339(row.at),
    });
    let lessons = lessons.collect();
    let exercise = dressed(&ctx, &mut conn, &caller, vec![row]).await?.pop().ok_or_else(Problem::not_found)?;
    Ok(Json(Details { exercise, rooms, people, lessons }))
}

/// An exercise that this person keeps, and that runs.
async fn kept(ctx: &Ctx, caller: &Caller, id: Uuid) -> Result<Exercise, Problem> {
    let row = seen(ctx, caller, id).await?;
    let (country, theme) = place(&row);
    caller.allow(RegionAction::KeepExercise { country, theme, leader: row.leader })?;
    if State::of(&row.state) == State::Running { Ok(row) } else { Err(over()) }
}

fn over() -> Problem {
    Problem::conflict("exercise_over", "This exercise is over")
}

/// Lets somebody else take part. For who has started it, and who moderates its country or theme, or the region.
#[utoipa::path(put, path = "/api/exercises/{id}/people/{account}", tag = "exercises",
    params(("id" = Uuid, Path), ("account" = Uuid, Path)),
    responses((status = 204), (status = 401), (status = 403), (status = 404), (status = 409), (status = 422)))]
async fn add(Given(ctx): Given<Ctx>, caller: Caller, Path((id, account)): Path<(Uuid, Uuid)>) -> Result<StatusCode, Problem> {
    let row = kept(&ctx, &caller, id).await?;
    confirmed(&ctx, account).await?;
    if usize::try_from(row.people).is_ok_and(|people| people >= PEOPLE_MAX) {
        return Err(faulty("people_many"));
    }
    let db = ctx.db.clone();
    let added: db::Result<()> = db
        .write(async move |tx| {
            store::add(tx, id, account).await?;
            for channel in store::channels(tx, id).await? {
                channels::join(tx, &ctx, channel, account).await?;
            }
            Ok(())
        })
        .await;
    added?;
    Ok(StatusCode::NO_CONTENT)
}

/// Ends an exercise: its rooms are shut at once, and then everything that was said in them is erased. Its page remains.
#[utoipa::path(put, path = "/api/exercises/{id}/end", tag = "exercises", params(("id" = Uuid, Path)),
    responses((status = 204), (status = 401), (status = 403), (status = 404), (status = 409)))]
async fn end(Given(ctx): Given<Ctx>, caller: Caller, Path(id): Path<Uuid>) -> Result<StatusCode, Problem> {
    kept(&ctx, &caller, id).await?;
    let (db, by) = (ctx.db.clone(), caller.account());
    let ended: db::Result<bool> = db.write(async move |tx| wipe::end(tx, &ctx, id, Some(by)).await).await;
    if ended? { Ok(StatusCode::NO_CONTENT) } else { Err(over()) }
}

/// What was decided or learned.
#[derive(Deserialize, ToSchema)]
#[schema(as = NewExerciseLesson)]
struct NewLine {
    kind: Kind,
    /// At most 1000 characters, in one's own words: what was said in the rooms stays there.
    text: String,
}

/// Writes down what was decided or learned, while it runs or after. For who takes part, and who keeps it.
#[utoipa::path(post, path = "/api/exercises/{id}/lessons", tag = "exercises", params(("id" = Uuid, Path)), request_body = NewLine,
    responses((status = 201, body = Made), (status = 401), (status = 403), (status = 404), (status = 422)))]
async fn write(
    Given(ctx): Given<Ctx>,
    caller: Caller,
    Path(exercise): Path<Uuid>,
    Json(NewLine { kind, text }): Json<NewLine>,
) -> Result<(StatusCode, Json<Made>), Problem> {
    let row = seen(&ctx, &caller, exercise).await?;
    if !row.takes_part && !keeps(&caller, &row) {
        return Err(Problem::forbidden());
    }
    let invalid = || Problem::unprocessable("text_invalid", "This text can't be kept").with("limit", LESSON_MAX);
    let text = text::paragraphs(&text, LESSON_MAX).filter(|text| !text.is_empty()).ok_or_else(invalid)?;
    guard::refuse(&text, ctx.now())?;
    let (id, author, at) = (ctx.id(), caller.account(), ctx.now());
    let written: db::Result<bool> = ctx
        .db
        .write(async move |tx| {
            if store::lesson_count(tx, exercise).await? >= LESSONS_MAX {
                return Ok(false);
            }
            store::write(tx, &NewLesson { id, exercise, kind, author, text: &text, at }).await?;
            Ok(true)
        })
        .await;
    let many = || Problem::unprocessable("too_many", "Too much is written here").with("limit", LESSONS_MAX);
    if written? { Ok((StatusCode::CREATED, Json(Made { id }))) } else { Err(many()) }
}
