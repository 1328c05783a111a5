//! The tables of `0036_exercises.sql`.

use uuid::Uuid;

use super::model::{Checked, Kind};
use crate::base::db::{On, Result, Tx};

const COLUMNS: &str =
    "SELECT id, title, scenario, language, country, theme, leader, state, started_at, ends_at, ended_at, wiped_at,
        messages, writers,
        EXISTS (SELECT 1 FROM exercise_person p WHERE p.exercise = exercise.id AND p.account = $1) AS takes_part,
        (SELECT count(*) FROM exercise_person p WHERE p.exercise = exercise.id) AS people
    FROM exercise";
const INSERT: &str = "INSERT INTO exercise (id, title, scenario, language, country, theme, leader, state, started_at, ends_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, 'running', $8, $9)";
const ADD: &str = "INSERT INTO exercise_person (exercise, account) VALUES ($1, $2) ON CONFLICT DO NOTHING";
const PEOPLE: &str = "SELECT account FROM exercise_person WHERE exercise = $1 ORDER BY account";
const CHANNELS: &str = "SELECT id FROM channel WHERE exercise = $1 AND gone_at IS NULL ORDER BY number";
const END: &str = "UPDATE exercise SET state = 'ending', ended_at = $2, ended_by = $3, messages = $4, writers = $5
    WHERE id = $1 AND state = 'running'";
const SAID: &str = "SELECT count(*), count(DISTINCT author) FROM message m JOIN channel c ON c.id = m.channel
    WHERE c.exercise = $1 AND m.deleted_at IS NULL";
const DUE: &str = "SELECT id FROM exercise WHERE state = 'running' AND ends_at <= $1 ORDER BY ends_at LIMIT 20";
const ENDING: &str = "SELECT id FROM exercise WHERE state = 'ending' ORDER BY ended_at";
const TAKES_PART: &str = "SELECT count(*) FROM exercise e JOIN exercise_person p ON p.exercise = e.id
    WHERE e.id = $1 AND p.account = $2 AND e.state = 'running'";
const OVER: &str = "SELECT id FROM exercise WHERE state <> 'running'";
const WIPED: &str = "UPDATE exercise SET state = 'ended', wiped_at = $2 WHERE id = $1 AND state = 'ending'";
const LESSONS: &str = "SELECT l.id, l.kind, l.author, a.name AS author_name, l.text, l.at FROM exercise_lesson l
    JOIN account a ON a.id = l.author WHERE l.exercise = $1 ORDER BY l.at, l.id";
const LESSON_COUNT: &str = "SELECT count(*) FROM exercise_lesson WHERE exercise = $1";
const INSERT_LESSON: &str = "INSERT INTO exercise_lesson (id, exercise, kind, author, text, at) VALUES ($1, $2, $3, $4, $5, $6)";

/// An exercise, with whether one reader takes part.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct Exercise {
    pub(super) id: Uuid,
    pub(super) title: String,
    pub(super) scenario: String,
    pub(super) language: String,
    pub(super) country: Option<String>,
    pub(super) theme: Option<String>,
    pub(super) leader: Uuid,
    pub(super) state: String,
    pub(super) started_at: i64,
    pub(super) ends_at: i64,
    pub(super) ended_at: Option<i64>,
    pub(super) wiped_at: Option<i64>,
    pub(super) messages: Option<i64>,
    pub(super) writers: Option<i64>,
    pub(super) takes_part: bool,
    pub(super) people: i64,
}

/// The latest exercises, whoever may see them.
pub(super) async fn latest(conn: &mut impl On, reader: Uuid, limit: i64) -> Result<Vec<Exercise>> {
    let sql = format!("{COLUMNS} ORDER BY started_at DESC, id DESC LIMIT $2");
    Ok(on!(conn, c => sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(reader).bind(limit).fetch_all(c))?)
}

pub(super) async fn one(conn: &mut impl On, reader: Uuid, id: Uuid) -> Result<Option<Exercise>> {
    let sql = format!("{COLUMNS} WHERE id = $2");
    Ok(on!(conn, c => sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(reader).bind(id).fetch_optional(c))?)
}

pub(super) async fn insert(tx: &mut Tx, id: Uuid, exercise: &Checked, leader: Uuid, at: i64) -> Result<()> {
    on!(tx, c => sqlx::query(INSERT)
        .bind(id).bind(&exercise.title).bind(&exercise.scenario).bind(&exercise.language).bind(&exercise.country)
        .bind(&exercise.theme).bind(leader).bind(at).bind(exercise.ends_at).execute(c))?;
    for account in &exercise.people {
        add(tx, id, *account).await?;
    }
    Ok(())
}

/// Lets somebody take part.
pub(super) async fn add(tx: &mut Tx, id: Uuid, account: Uuid) -> Result<()> {
    on!(tx, c => sqlx::query(ADD).bind(id).bind(account).execute(c))?;
    Ok(())
}

pub(super) async fn people(conn: &mut impl On, id: Uuid) -> Result<Vec<Uuid>> {
    Ok(on!(conn, c => sqlx::query_scalar(PEOPLE).bind(id).fetch_all(c))?)
}

/// The rooms of an exercise that are still there.
pub(super) async fn channels(conn: &mut impl On, id: Uuid) -> Result<Vec<Uuid>> {
    Ok(on!(conn, c => sqlx::query_scalar(CHANNELS).bind(id).fetch_all(c))?)
}

/// Notes that an exercise is over, and how much was said by how many. `false` if it was over before.
pub(super) async fn end(tx: &mut Tx, id: Uuid, by: Option<Uuid>, at: i64) -> Result<bool> {
    let (messages, writers): (i64, i64) = on!(tx, c => sqlx::query_as(SAID).bind(id).fetch_one(c))?;
    let done = on!(tx, c => sqlx::query(END).bind(id).bind(at).bind(by).bind(messages).bind(writers).execute(c))?;
    Ok(done.rows_affected() == 1)
}

/// The exercises whose time is over.
pub(super) async fn due(conn: &mut impl On, now: i64) -> Result<Vec<Uuid>> {
    Ok(on!(conn, c => sqlx::query_scalar(DUE).bind(now).fetch_all(c))?)
}

/// The exercises that are over and not wiped yet.
pub(super) async fn ending(conn: &mut impl On) -> Result<Vec<Uuid>> {
    Ok(on!(conn, c => sqlx::query_scalar(ENDING).fetch_all(c))?)
}

/// Whether this exercise runs and this person takes part.
pub(super) async fn takes_part(conn: &mut impl On, id: Uuid, account: Uuid) -> Result<bool> {
    let found: i64 = on!(conn, c => sqlx::query_scalar(TAKES_PART).bind(id).bind(account).fetch_one(c))?;
    Ok(found > 0)
}

/// The exercises that are over.
pub(super) async fn over(conn: &mut impl On) -> Result<Vec<Uuid>> {
    Ok(on!(conn, c => sqlx::query_scalar(OVER).fetch_all(c))?)
}

pub(super) async fn wiped(tx: &mut Tx, id: Uuid, at: i64) -> Result<()> {
    on!(tx, c => sqlx::query(WIPED).bind(id).bind(at).execute(c))?;
    Ok(())
}

/// What somebody has written on the page that remains.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct Lesson {
    pub(super) id: Uuid,
    pub(super) kind: String,
    pub(super) author: Uuid,
    pub(super) author_name: String,
    pub(super) text: String,
    pub(super) at: i64,
}

pub(super) async fn lessons(conn: &mut impl On, id: Uuid) -> Result<Vec<Lesson>> {
    Ok(on!(conn, c => sqlx::query_as(LESSONS).bind(id).fetch_all(c))?)
}

pub(super) async fn lesson_count(conn: &mut impl On, id: Uuid) -> Result<i64> {
    Ok(on!(conn, c => sqlx::query_scalar(LESSON_COUNT).bind(id).fetch_one(c))?)
}

/// Something to be written on the page that remains.
pub(super) struct NewLesson<'a> {
    pub(super) id: Uuid,
    pub(super) exercise: Uuid,
    pub(super) kind: Kind,
    pub(super) author: Uuid,
    pub(super) text: &'a str,
    pub(super) at: i64,
}

pub(super) async fn write(tx: &mut Tx, new: &NewLesson<'_>) -> Result<()> {
    on!(tx, c => sqlx::query(INSERT_LESSON)
        .bind(new.id).bind(new.exercise).bind(new.kind.as_str()).bind(new.author).bind(new.text).bind(new.at).execute(c))?;
    Ok(())
}
