//! What stands in a room, sealed.

use std::collections::HashSet;

use sqlx::AssertSqlSafe;
use uuid::Uuid;

use crate::base::db::{On, Result, Tx};
use crate::cases::words::{Kind, Word};

const COLUMNS: &str = "SELECT seq, item, place, kind, author, at, begun_by, begun_at, marking, topic, gone, sealed, plain
    FROM case_entry WHERE room = $1";
const INSERT: &str =
    "INSERT INTO case_entry (room, seq, item, place, kind, author, at, begun_by, begun_at, marking, topic, newest, gone, sealed, plain)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, TRUE, $12, $13, $14)";
const AGE: &str = "UPDATE case_entry SET newest = FALSE WHERE room = $1 AND item = $2 AND newest";
/// Of what was deleted no earlier wording stays.
const EMPTY: &str = "UPDATE case_entry SET sealed = NULL WHERE room = $1 AND item = $2";
const ACKNOWLEDGE: &str = "INSERT INTO case_acknowledgement (room, account, item, seq, at) VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT (room, account, item) DO UPDATE SET seq = excluded.seq, at = excluded.at";
const ACKNOWLEDGED: &str = "SELECT item, seq FROM case_acknowledgement WHERE room = $1 AND account = $2";
const ITEMS: &str = "SELECT count(*) FROM case_entry WHERE room = $1 AND newest";

/// A wording as it is stored.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(in crate::cases) struct Entry {
    pub(in crate::cases) seq: i64,
    pub(in crate::cases) item: Uuid,
    pub(in crate::cases) place: i64,
    kind: String,
    /// Who has written this wording.
    pub(in crate::cases) author: Option<Uuid>,
    pub(in crate::cases) at: i64,
    pub(in crate::cases) marking: String,
    pub(in crate::cases) topic: Option<Uuid>,
    pub(in crate::cases) gone: bool,
    pub(in crate::cases) sealed: Option<Vec<u8>>,
    pub(in crate::cases) plain: Option<String>,
    /// By whom and when the item was begun.
    pub(in crate::cases) begun_by: Option<Uuid>,
    pub(in crate::cases) begun_at: i64,
}

impl Entry {
    /// Where and how the item was begun, for a further wording of it.
    pub(in crate::cases) fn begun(&self) -> (i64, Option<Uuid>, i64) {
        (self.place, self.begun_by, self.begun_at)
    }

    /// What it is.
    pub(in crate::cases) fn kind(&self) -> Kind {
        Kind::of(&self.kind).unwrap_or(Kind::Event)
    }
}

/// A wording to be added.
pub(in crate::cases) struct NewEntry<'a> {
    pub(in crate::cases) room: Uuid,
    pub(in crate::cases) seq: i64,
    pub(in crate::cases) item: Uuid,
    pub(in crate::cases) kind: Kind,
    pub(in crate::cases) author: Option<Uuid>,
    pub(in crate::cases) at: i64,
    /// The item's first wording: its number, by whom and when; `None`: this one.
    pub(in crate::cases) begun: Option<(i64, Option<Uuid>, i64)>,
    pub(in crate::cases) marking: &'a str,
    pub(in crate::cases) topic: Option<Uuid>,
    pub(in crate::cases) gone: bool,
    pub(in crate::cases) sealed: Option<Vec<u8>>,
    pub(in crate::cases) plain: Option<String>,
}

/// Adds a wording, which stands from now on.
pub(in crate::cases) async fn add(tx: &mut Tx, new: NewEntry<'_>) -> Result<()> {
    let (place, begun_by, begun_at) = new.begun.unwrap_or((new.seq, new.author, new.at));
    if new.begun.is_some() {
        on!(tx, c => sqlx::query(AGE).bind(new.room).bind(new.item).execute(c))?;
    }
    if new.gone {
        on!(tx, c => sqlx::query(EMPTY).bind(new.room).bind(new.item).execute(c))?;
    }
    on!(tx, c => sqlx::query(INSERT)
        .bind(new.room).bind(new.seq).bind(new.item).bind(place).bind(new.kind.as_str()).bind(new.author).bind(new.at)
        .bind(begun_by).bind(begun_at).bind(new.marking).bind(new.topic).bind(new.gone).bind(new.sealed).bind(new.plain).execute(c))?;
    Ok(())
}

/// How many items a room has.
pub(in crate::cases) async fn count(conn: &mut impl On, room: Uuid) -> Result<i64> {
    Ok(on!(conn, c => sqlx::query_scalar(ITEMS).bind(room).fetch_one(c))?)
}

/// An item as it stands.
pub(in crate::cases) async fn item(conn: &mut impl On, room: Uuid, item: Uuid) -> Result<Option<Entry>> {
    let sql = format!("{COLUMNS} AND item = $2 AND newest");
    Ok(on!(conn, c => sqlx::query_as(AssertSqlSafe(sql)).bind(room).bind(item).fetch_optional(c))?)
}

/// Which items are asked for, the latest first.
#[derive(Clone, Debug, Default)]
#[expect(clippy::option_option, reason = "of any topic, of none, of one")]
pub(in crate::cases) struct Asked {
    /// Of these kinds; none: all.
    pub(in crate::cases) kinds: Vec<Kind>,
    /// Of this topic; `Some(None)`: of none.
    pub(in crate::cases) topic: Option<Option<Uuid>>,
    /// Begun before this number.
    pub(in crate::cases) before: Option<i64>,
    /// Begun within these moments (microseconds, the end not with it).
    pub(in crate::cases) span: Option<(i64, i64)>,
    pub(in crate::cases) limit: i64,
}

pub(in crate::cases) async fn page(conn: &mut impl On, room: Uuid, asked: &Asked) -> Result<Vec<Entry>> {
    let mut sql = format!("{COLUMNS} AND newest AND ($2 IS NULL OR place < $2)");
    if !asked.kinds.is_empty() {
        // Words of our own, no text of anybody.
        let kinds: Vec<String> = asked.kinds.iter().map(|kind| format!("'{}'", kind.as_str())).collect();
        sql = format!("{sql} AND kind IN ({})", kinds.join(", "));
    }
    sql.push_str(match asked.topic {
        Some(Some(_)) => " AND topic = $3",
        Some(None) => " AND topic IS NULL AND $3 IS NULL",
        None => " AND $3 IS NULL",
    });
    sql.push_str(" AND ($4 IS NULL OR begun_at >= $4) AND ($5 IS NULL OR begun_at < $5) ORDER BY place DESC LIMIT $6");
    let (from, to) = asked.span.unzip();
    Ok(on!(conn, c => sqlx::query_as(AssertSqlSafe(sql)).bind(room).bind(asked.before).bind(asked.topic.flatten()).bind(from)
        .bind(to).bind(asked.limit).fetch_all(c))?)
}

/// Notes that somebody has acknowledged the restriction of this wording.
pub(in crate::cases) async fn acknowledge(tx: &mut Tx, entry: (Uuid, Uuid, i64), account: Uuid, at: i64) -> Result<()> {
    let (room, item, seq) = entry;
    on!(tx, c => sqlx::query(ACKNOWLEDGE).bind(room).bind(account).bind(item).bind(seq).bind(at).execute(c))?;
    Ok(())
}

/// What somebody has acknowledged in a room, by item and number of the wording.
pub(in crate::cases) async fn acknowledged(conn: &mut impl On, room: Uuid, account: Uuid) -> Result<HashSet<(Uuid, i64)>> {
    let rows: Vec<(Uuid, i64)> = on!(conn, c => sqlx::query_as(ACKNOWLEDGED).bind(room).bind(account).fetch_all(c))?;
    Ok(rows.into_iter().collect())
}
