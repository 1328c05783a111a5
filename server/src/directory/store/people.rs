//! Accounts as others see them, and what they say of themselves.

use uuid::Uuid;

use crate::base::db::{On, Result, Tx};

const COLUMNS: &str = "SELECT id, name, name_key, country, function, organisation, organisation_id, last_seen_at,
        (SELECT o.regime FROM organisation o WHERE o.id = organisation_id) AS regime
    FROM account";
/// Who isn't confirmed is in the lists of the channels they are in, and in no other.
const PEOPLE: &str = "WHERE status = 'active' AND (accredited_until IS NOT NULL OR $4 IS NOT NULL)
        AND ($1 = '' OR ' ' || replace(replace(replace(name_key, '-', ' '), '''', ' '), '’', ' ') LIKE $1)
        AND ($2 IS NULL OR name_key > $2 OR (name_key = $2 AND id > $3))
        AND ($4 IS NULL OR EXISTS (SELECT 1 FROM membership m WHERE m.channel = $4 AND m.account = account.id))
    ORDER BY name_key, id LIMIT $5";
const STAFF: &str = "WHERE status = 'active' AND left_at IS NULL AND accredited_until IS NOT NULL AND organisation_id = $1 ORDER BY name_key, id LIMIT $2";
const ENTRIES: &str = "SELECT account, helps, speaks, offer, availability, confirmed_at FROM directory_entry WHERE account IN";
const PUT_ENTRY: &str =
    "INSERT INTO directory_entry (account, helps, speaks, offer, availability, confirmed_at) VALUES ($1, $2, $3, $4, $5, $6)
    ON CONFLICT (account) DO UPDATE SET helps = excluded.helps, speaks = excluded.speaks, offer = excluded.offer,
        availability = excluded.availability, confirmed_at = excluded.confirmed_at";

/// A person's row.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(in crate::directory) struct PersonRow {
    pub(in crate::directory) id: Uuid,
    pub(in crate::directory) name: String,
    pub(in crate::directory) name_key: String,
    pub(in crate::directory) country: Option<String>,
    pub(in crate::directory) function: Option<String>,
    pub(in crate::directory) organisation: Option<String>,
    pub(in crate::directory) organisation_id: Option<Uuid>,
    pub(in crate::directory) last_seen_at: Option<i64>,
    /// The legal regime of the organisation.
    pub(in crate::directory) regime: Option<String>,
}

/// What somebody says of themselves. Lists are codes with spaces between them.
#[derive(Clone, Debug, Default, PartialEq, Eq, sqlx::FromRow)]
pub(in crate::directory) struct EntryRow {
    pub(in crate::directory) helps: String,
    pub(in crate::directory) speaks: String,
    pub(in crate::directory) offer: Option<String>,
    pub(in crate::directory) availability: Option<String>,
    pub(in crate::directory) confirmed_at: Option<i64>,
}

#[derive(sqlx::FromRow)]
struct OwnedEntry {
    account: Uuid,
    #[sqlx(flatten)]
    entry: EntryRow,
}

pub(in crate::directory) async fn person(conn: &mut impl On, id: Uuid) -> Result<Option<PersonRow>> {
    Ok(people_by_id(conn, &[id]).await?.pop())
}

/// These people, in no order, without those who are suspended.
pub(in crate::directory) async fn people_by_id(conn: &mut impl On, ids: &[Uuid]) -> Result<Vec<PersonRow>> {
    Ok(among!(conn, format!("{COLUMNS} WHERE status = 'active' AND id IN"), ids, ""))
}

/// People of whose name a word begins with `part`, by name. `part` is folded words with single spaces between them, so
/// that it holds nothing that `LIKE` would read; empty, it is the beginning of every name.
pub(in crate::directory) async fn people(
    conn: &mut impl On,
    part: &str,
    channel: Option<Uuid>,
    after: Option<(String, Uuid)>,
    limit: i64,
) -> Result<Vec<PersonRow>> {
    let like = if part.is_empty() { String::new() } else { format!("% {part}%") };
    let (name, id) = after.unzip();
    let sql = format!("{COLUMNS} {PEOPLE}");
    Ok(on!(conn, c => sqlx::query_as(sqlx::AssertSqlSafe(sql))
        .bind(like).bind(name).bind(id).bind(channel).bind(limit).fetch_all(c))?)
}

/// Who works in an organisation, by name.
pub(in crate::directory) async fn staff(conn: &mut impl On, organisation: Uuid, limit: i64) -> Result<Vec<PersonRow>> {
    let sql = format!("{COLUMNS} {STAFF}");
    Ok(on!(conn, c => sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(organisation).bind(limit).fetch_all(c))?)
}

/// What these people say of themselves, those who do.
pub(in crate::directory) async fn entries(conn: &mut impl On, accounts: &[Uuid]) -> Result<Vec<(Uuid, EntryRow)>> {
    let rows: Vec<OwnedEntry> = among!(conn, ENTRIES, accounts, "");
    Ok(rows.into_iter().map(|row| (row.account, row.entry)).collect())
}

pub(in crate::directory) async fn put_entry(tx: &mut Tx, account: Uuid, e: &EntryRow) -> Result<()> {
    on!(tx, c => sqlx::query(PUT_ENTRY)
        .bind(account).bind(&e.helps).bind(&e.speaks).bind(&e.offer).bind(&e.availability).bind(e.confirmed_at)
        .execute(c))?;
    Ok(())
}
