//! The tables of `0035_agenda.sql`.

use sqlx::AssertSqlSafe;
use uuid::Uuid;

use super::model::{Answer, Checked};
use crate::access::{Actor, Item, Stage, readable_items};
use crate::base::db::{On, Result, Tx};
use crate::vocabulary::codes::{codes, holding, stored};

#[cfg(test)]
mod tests;

/// `$1` is the reader's account.
const COLUMNS: &str =
    "SELECT i.id, i.title, i.about, i.language, i.kind, i.countries, i.themes, i.starts_at, i.ends_at, i.zone, i.place,
        i.link, i.marking, i.author, i.organisation, o.name AS organisation_name, i.revision, i.cancelled_at, i.cancelled_because,
        i.created_at, i.changed_at,
        (SELECT count(*) FROM event_answer a WHERE a.event = i.id AND a.answer = 'coming') AS coming,
        (SELECT count(*) FROM event_answer a WHERE a.event = i.id AND a.answer = 'maybe') AS maybe,
        (SELECT count(*) FROM event_answer a WHERE a.event = i.id AND a.answer = 'no') AS declined,
        (SELECT a.answer FROM event_answer a WHERE a.event = i.id AND a.account = $1) AS answer
    FROM event i LEFT JOIN organisation o ON o.id = i.organisation";
/// What is of the whole region is of every country.
const NARROWED: &str = "($3 IS NULL OR i.countries = '' OR i.countries LIKE $3) AND ($4 IS NULL OR i.themes LIKE $4)
    AND ($5 IS NULL OR i.kind = $5) AND ($6 IS NULL OR i.ends_at >= $6) AND ($7 IS NULL OR i.starts_at < $7)
    AND ($11 IS NULL OR hex(i.id) IN (SELECT value FROM json_each($11)))";
const ONWARDS: &str = "($8 IS NULL OR i.starts_at > $8 OR (i.starts_at = $8 AND i.id > $9)) ORDER BY i.starts_at, i.id LIMIT $10";
const BACKWARDS: &str =
    "($8 IS NULL OR i.starts_at < $8 OR (i.starts_at = $8 AND i.id < $9)) ORDER BY i.starts_at DESC, i.id DESC LIMIT $10";
const INSERT: &str =
    "INSERT INTO event (id, title, about, language, kind, countries, themes, starts_at, ends_at, zone, place, link, marking, author,
        organisation, created_at, changed_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, (SELECT organisation_id FROM account WHERE id = $14), $15, $15)";
const CHANGE: &str =
    "UPDATE event SET title = $2, about = $3, language = $4, kind = $5, countries = $6, themes = $7, starts_at = $8,
        ends_at = $9, zone = $10, place = $11, link = $12, marking = $13, changed_at = $14, revision = revision + 1
    WHERE id = $1 AND cancelled_at IS NULL AND revision = $15";
const CANCEL: &str =
    "UPDATE event SET cancelled_at = $2, cancelled_by = $3, cancelled_because = $4, changed_at = $2, revision = revision + 1
    WHERE id = $1 AND cancelled_at IS NULL";
const ANSWER: &str = "INSERT INTO event_answer (event, account, answer, at) VALUES ($1, $2, $3, $4)
    ON CONFLICT (event, account) DO UPDATE SET answer = $3, at = $4";
const TAKE_BACK: &str = "DELETE FROM event_answer WHERE event = $1 AND account = $2";
const ANSWERS: &str = "SELECT account, answer FROM event_answer WHERE event = $1 ORDER BY at, account";
const ANSWERED: &str = "SELECT account FROM event_answer WHERE event = $1 AND answer <> 'no' AND account <> $2";
const NOTICE: &str = "INSERT INTO event_notice (event, account, what, at, seen_at) VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT (event, account, what) DO NOTHING";
const NOTICE_ANEW: &str = "INSERT INTO event_notice (event, account, what, at) VALUES ($1, $2, $3, $4)
    ON CONFLICT (event, account, what) DO UPDATE SET at = $4, seen_at = NULL";
const FORGET_REMINDERS: &str = "DELETE FROM event_notice WHERE event = $1 AND what IN ('day', 'hour')";
const NOTICES: &str = "SELECT n.event, n.what, n.at, i.title, i.language, i.starts_at, i.zone
    FROM event_notice n JOIN event i ON i.id = n.event
    WHERE n.account = $1 AND n.seen_at IS NULL AND (n.what NOT IN ('day', 'hour') OR i.starts_at > $3)";
const SEEN: &str = "UPDATE event_notice SET seen_at = $2 WHERE account = $1 AND seen_at IS NULL AND ($3 IS NULL OR event = $3)";
/// Who is to be reminded of what begins in this span, and wasn't yet.
const DUE: &str = "SELECT a.event, a.account FROM event i JOIN event_answer a ON a.event = i.id
    WHERE i.starts_at > $1 AND i.starts_at <= $2 AND i.cancelled_at IS NULL AND a.answer <> 'no'
        AND NOT EXISTS (SELECT 1 FROM event_notice n WHERE n.event = a.event AND n.account = a.account AND n.what = $3)
    ORDER BY i.starts_at, a.event, a.account LIMIT $4";
const MAKE_FEED: &str = "INSERT INTO agenda_feed (account, hash, countries, themes, created_at) VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT (account) DO UPDATE SET hash = $2, countries = $3, themes = $4, created_at = $5, fetched_at = NULL";
const FEED: &str = "SELECT account, countries, themes, created_at, fetched_at FROM agenda_feed WHERE account = $1";
const FEED_OF: &str = "SELECT account, countries, themes, created_at, fetched_at FROM agenda_feed WHERE hash = $1";
const NARROW_FEED: &str = "UPDATE agenda_feed SET countries = $2, themes = $3 WHERE account = $1";
const FETCHED: &str = "UPDATE agenda_feed SET fetched_at = $2 WHERE account = $1";
const REVOKE_FEED: &str = "DELETE FROM agenda_feed WHERE account = $1";
const WITHHELD: &str = "SELECT title || char(10) || about FROM event WHERE marking <> 'clear'";

/// An event, with what concerns one reader.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct Event {
    pub(super) id: Uuid,
    pub(super) title: String,
    pub(super) about: String,
    pub(super) language: String,
    pub(super) kind: String,
    pub(super) countries: String,
    pub(super) themes: String,
    pub(super) starts_at: i64,
    pub(super) ends_at: i64,
    pub(super) zone: String,
    pub(super) place: String,
    pub(super) link: Option<String>,
    pub(super) marking: String,
    pub(super) author: Uuid,
    pub(super) organisation: Option<Uuid>,
    pub(super) organisation_name: Option<String>,
    pub(super) revision: i64,
    pub(super) cancelled_at: Option<i64>,
    pub(super) cancelled_because: Option<String>,
    pub(super) created_at: i64,
    pub(super) changed_at: i64,
    pub(super) coming: i64,
    pub(super) maybe: i64,
    pub(super) declined: i64,
    /// The reader's own.
    pub(super) answer: Option<String>,
}

impl Event {
    pub(super) fn countries(&self) -> Vec<String> {
        codes(&self.countries)
    }

    pub(super) fn themes(&self) -> Vec<String> {
        codes(&self.themes)
    }

    /// Asks the rules something about it. Events have no drafts: what is there is for all whom its marking leaves.
    pub(super) fn as_item<T>(&self, ask: impl FnOnce(&Item<'_>) -> T) -> T {
        let (countries, themes): (Vec<&str>, Vec<&str>) =
            (self.countries.split_whitespace().collect(), self.themes.split_whitespace().collect());
        ask(&Item {
            marking: &self.marking,
            stage: Stage::Shared,
            author: self.author,
            organisation: self.organisation,
            countries: &countries,
            themes: &themes,
            people: &[],
            partners: &[],
        })
    }
}

/// Which events are asked for.
#[derive(Clone, Debug, Default)]
pub(super) struct Asked {
    pub(super) country: Option<String>,
    pub(super) theme: Option<String>,
    pub(super) kind: Option<&'static str>,
    /// Those that haven't ended by then.
    pub(super) from: Option<i64>,
    /// Those that have begun before.
    pub(super) to: Option<i64>,
    /// Only these.
    pub(super) among: Option<Vec<Uuid>>,
    /// The latest first.
    pub(super) backwards: bool,
    /// After this one of the page before.
    pub(super) after: Option<(i64, Uuid)>,
    pub(super) limit: i64,
}

/// The events that somebody may read, one after the other.
pub(super) async fn listed(conn: &mut impl On, actor: &Actor, asked: &Asked) -> Result<Vec<Event>> {
    let (readable, order) = (readable_items(actor, "FALSE"), if asked.backwards { BACKWARDS } else { ONWARDS });
    let sql = format!("{COLUMNS} WHERE {readable} AND {NARROWED} AND {order}");
    let within = |code: &Option<String>| code.as_deref().map(holding);
    let (after_at, after_id) = asked.after.unzip();
    Ok(on!(conn, c => sqlx::query_as(AssertSqlSafe(sql))
        .bind(actor.account).bind(actor.organisation).bind(within(&asked.country)).bind(within(&asked.theme)).bind(asked.kind)
        .bind(asked.from).bind(asked.to).bind(after_at).bind(after_id).bind(asked.limit)
        .bind(asked.among.as_deref().map(named)).fetch_all(c))?)
}

/// Ids as a list in JSON.
fn named(ids: &[Uuid]) -> String {
    let ids: Vec<String> = ids.iter().map(|id| id.simple().to_string().to_uppercase()).collect();
    serde_json::to_string(&ids).unwrap_or_default()
}

/// An event, whoever may read it.
pub(super) async fn one(conn: &mut impl On, reader: Uuid, id: Uuid) -> Result<Option<Event>> {
    let sql = format!("{COLUMNS} WHERE i.id = $2");
    Ok(on!(conn, c => sqlx::query_as(AssertSqlSafe(sql)).bind(reader).bind(id).fetch_optional(c))?)
}

pub(super) async fn insert(tx: &mut Tx, id: Uuid, event: &Checked, author: Uuid, at: i64) -> Result<()> {
    on!(tx, c => sqlx::query(INSERT)
        .bind(id).bind(&event.title).bind(&event.about).bind(&event.language).bind(event.kind.as_str())
        .bind(stored(&event.countries)).bind(stored(&event.themes)).bind(event.starts_at).bind(event.ends_at).bind(&event.zone)
        .bind(&event.place).bind(&event.link).bind(&event.marking).bind(author).bind(at).execute(c))?;
    Ok(())
}

/// Changes an event that stands at this revision. `false` if somebody was faster, or it is cancelled.
pub(super) async fn change(tx: &mut Tx, id: Uuid, event: &Checked, revision: i64, at: i64) -> Result<bool> {
    let done = on!(tx, c => sqlx::query(CHANGE)
        .bind(id).bind(&event.title).bind(&event.about).bind(&event.language).bind(event.kind.as_str())
        .bind(stored(&event.countries)).bind(stored(&event.themes)).bind(event.starts_at).bind(event.ends_at).bind(&event.zone)
        .bind(&event.place).bind(&event.link).bind(&event.marking).bind(at).bind(revision).execute(c))?;
    Ok(done.rows_affected() == 1)
}

/// Cancels an event. `false` if it was before.
pub(super) async fn cancel(tx: &mut Tx, id: Uuid, by: Uuid, because: &str, at: i64) -> Result<bool> {
    let done = on!(tx, c => sqlx::query(CANCEL).bind(id).bind(at).bind(by).bind(because).execute(c))?;
    Ok(done.rows_affected() == 1)
}

pub(super) async fn answer(tx: &mut Tx, event: Uuid, account: Uuid, answer: Answer, at: i64) -> Result<()> {
    on!(tx, c => sqlx::query(ANSWER).bind(event).bind(account).bind(answer.as_str()).bind(at).execute(c))?;
    Ok(())
}

pub(super) async fn take_back(tx: &mut Tx, event: Uuid, account: Uuid) -> Result<()> {
    on!(tx, c => sqlx::query(TAKE_BACK).bind(event).bind(account).execute(c))?;
    Ok(())
}

/// Who has answered what, in the order of the answers.
pub(super) async fn answers(conn: &mut impl On, event: Uuid) -> Result<Vec<(Uuid, String)>> {
    Ok(on!(conn, c => sqlx::query_as(ANSWERS).bind(event).fetch_all(c))?)
}

/// Who comes or may come, without this one.
pub(super) async fn answered(conn: &mut impl On, event: Uuid, but: Uuid) -> Result<Vec<Uuid>> {
    Ok(on!(conn, c => sqlx::query_scalar(ANSWERED).bind(event).bind(but).fetch_all(c))?)
}

/// Keeps something to be told once. `seen_at`: it isn't to be told any more. `false` if it is kept already.
pub(super) async fn notice(tx: &mut Tx, event: Uuid, account: Uuid, what: &str, at: i64, seen_at: Option<i64>) -> Result<bool> {
    let done = on!(tx, c => sqlx::query(NOTICE).bind(event).bind(account).bind(what).bind(at).bind(seen_at).execute(c))?;
    Ok(done.rows_affected() == 1)
}

/// Keeps something to be told, whether or not the same was told before.
pub(super) async fn notice_anew(tx: &mut Tx, event: Uuid, account: Uuid, what: &str, at: i64) -> Result<()> {
    on!(tx, c => sqlx::query(NOTICE_ANEW).bind(event).bind(account).bind(what).bind(at).execute(c))?;
    Ok(())
}

/// Everybody is reminded again: it begins at another time.
pub(super) async fn forget_reminders(tx: &mut Tx, event: Uuid) -> Result<()> {
    on!(tx, c => sqlx::query(FORGET_REMINDERS).bind(event).execute(c))?;
    Ok(())
}

/// Something that somebody is told of an event.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct Notice {
    pub(super) event: Uuid,
    pub(super) what: String,
    pub(super) at: i64,
    pub(super) title: String,
    pub(super) language: String,
    pub(super) starts_at: i64,
    pub(super) zone: String,
}

/// What somebody hasn't looked at of events that they may read, the latest first; no reminder of what has begun by now.
pub(super) async fn notices(conn: &mut impl On, actor: &Actor, now: i64) -> Result<Vec<Notice>> {
    let sql = format!("{NOTICES} AND {} ORDER BY n.at DESC LIMIT 50", readable_items(actor, "FALSE"));
    Ok(on!(conn, c => sqlx::query_as(AssertSqlSafe(sql))
        .bind(actor.account).bind(actor.organisation).bind(now).fetch_all(c))?)
}

pub(super) async fn seen(tx: &mut Tx, account: Uuid, at: i64, event: Option<Uuid>) -> Result<()> {
    on!(tx, c => sqlx::query(SEEN).bind(account).bind(at).bind(event).execute(c))?;
    Ok(())
}

/// Who is to be reminded, of what begins after the first time and not after the second.
pub(super) async fn due(conn: &mut impl On, span: (i64, i64), what: &str, limit: i64) -> Result<Vec<(Uuid, Uuid)>> {
    Ok(on!(conn, c => sqlx::query_as(DUE).bind(span.0).bind(span.1).bind(what).bind(limit).fetch_all(c))?)
}

/// Somebody's feed.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct Feed {
    pub(super) account: Uuid,
    pub(super) countries: String,
    pub(super) themes: String,
    pub(super) created_at: i64,
    pub(super) fetched_at: Option<i64>,
}

/// What a feed shows: codes, none for all.
#[derive(Clone, Debug)]
pub(super) struct Choice {
    pub(super) countries: Vec<String>,
    pub(super) themes: Vec<String>,
}

pub(super) async fn make_feed(tx: &mut Tx, account: Uuid, hash: &[u8], choice: &Choice, at: i64) -> Result<()> {
    on!(tx, c => sqlx::query(MAKE_FEED)
        .bind(account).bind(hash).bind(stored(&choice.countries)).bind(stored(&choice.themes)).bind(at).execute(c))?;
    Ok(())
}

pub(super) async fn feed(conn: &mut impl On, account: Uuid) -> Result<Option<Feed>> {
    Ok(on!(conn, c => sqlx::query_as(FEED).bind(account).fetch_optional(c))?)
}

/// The feed with the secret of this hash.
pub(super) async fn feed_of(conn: &mut impl On, hash: &[u8]) -> Result<Option<Feed>> {
    Ok(on!(conn, c => sqlx::query_as(FEED_OF).bind(hash).fetch_optional(c))?)
}

/// `false` if there is none.
pub(super) async fn narrow_feed(tx: &mut Tx, account: Uuid, choice: &Choice) -> Result<bool> {
    let (countries, themes) = (stored(&choice.countries), stored(&choice.themes));
    let done = on!(tx, c => sqlx::query(NARROW_FEED).bind(account).bind(countries).bind(themes).execute(c))?;
    Ok(done.rows_affected() == 1)
}

pub(super) async fn fetched(tx: &mut Tx, account: Uuid, at: i64) -> Result<()> {
    on!(tx, c => sqlx::query(FETCHED).bind(account).bind(at).execute(c))?;
    Ok(())
}

/// `false` if there is none.
pub(super) async fn revoke_feed(tx: &mut Tx, account: Uuid) -> Result<bool> {
    Ok(on!(tx, c => sqlx::query(REVOKE_FEED).bind(account).execute(c))?.rows_affected() == 1)
}

/// What stands in events that are not for everybody.
pub(super) async fn withheld(conn: &mut impl On) -> Result<Vec<String>> {
    Ok(on!(conn, c => sqlx::query_scalar(WITHHELD).fetch_all(c))?)
}
