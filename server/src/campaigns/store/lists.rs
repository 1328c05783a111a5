//! Lists, boards, the timeline and the map: for one reader.

use uuid::Uuid;

use super::super::codes::{COUNTRIES, bits};
use super::super::dates::WEEKS_MAX;
use crate::access::{Actor, Tended, tended};
use crate::base::db::{On, Result};

/// Whether a reader may know of the campaign `c`: what `access::items` says of reading, as the engine asks it. A test holds
/// both together. $1 is the reader, $2 their organisation, $3 to $5 what they look after.
const READS: &str = "(c.stage = 2 AND c.strictness <= 1
    OR c.author = $1 OR c.organisation = $2
    OR (c.stage > 0 AND ($3 = 1 OR (c.countries & $4) <> 0 OR $5 LIKE '% ' || c.theme || ' %'))
    OR (c.stage > 0 AND c.strictness <= 2
        AND EXISTS (SELECT 1 FROM campaign_partner p WHERE p.campaign = c.id AND p.organisation = $2))
    OR EXISTS (SELECT 1 FROM campaign_person p WHERE p.campaign = c.id AND p.account = $1))";
/// Whether a campaign is one of those that a reader has narrowed the list to: $6 countries, $7 theme, $8 their own alone,
/// $9 the practice it adapts.
const CHOSEN: &str = "($6 = 0 OR (c.countries & $6) <> 0) AND ($7 IS NULL OR c.theme = $7) AND ($9 IS NULL OR c.practice = $9)
    AND ($8 = 0 OR c.author = $1 OR c.organisation = $2
        OR EXISTS (SELECT 1 FROM campaign_person p WHERE p.campaign = c.id AND p.account = $1))";
const CARD: &str =
    "SELECT c.id, c.title, c.language, c.state, c.stage, c.marking, c.theme, c.aim, c.countries, c.ages, c.settings,
        c.first_day, c.last_day, c.author, c.organisation, o.name AS organisation_name, c.created_at, c.changed_at
    FROM campaign c LEFT JOIN organisation o ON o.id = c.organisation";
/// Whether two campaigns speak to the same people in the same weeks: of a country, of an age, and where both say where they
/// meet their audience, in one of these places.
const MEETS: &str = "c.under_way = 1 AND c.first_week <= a.last_week AND c.last_week >= a.first_week
    AND c.first_week >= a.first_week - $6
    AND (c.countries & a.countries) <> 0 AND (c.ages & a.ages) <> 0
    AND ((c.settings & a.settings) <> 0 OR c.settings = 0 OR a.settings = 0)";

/// Who asks.
#[derive(Clone, Debug)]
pub(in crate::campaigns) struct Reader {
    account: Uuid,
    organisation: Option<Uuid>,
    all: bool,
    countries: i64,
    themes: String,
}

impl Reader {
    pub(in crate::campaigns) fn of(actor: &Actor) -> Self {
        let Tended { all, countries, themes } = tended(actor);
        let known: Vec<_> = countries.into_iter().filter(|code| COUNTRIES.contains(code)).collect();
        Self {
            account: actor.account,
            organisation: actor.organisation,
            all,
            countries: bits(&known, &COUNTRIES).unwrap_or_default(),
            themes: format!(" {} ", themes.join(" ")),
        }
    }
}

/// What a list is narrowed to.
#[derive(Clone, Debug, Default)]
pub(in crate::campaigns) struct Filter {
    pub(in crate::campaigns) countries: i64,
    pub(in crate::campaigns) theme: Option<String>,
    pub(in crate::campaigns) mine: bool,
    pub(in crate::campaigns) practice: Option<Uuid>,
}

/// What a list shows of a campaign.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(in crate::campaigns) struct Card {
    pub(in crate::campaigns) id: Uuid,
    pub(in crate::campaigns) title: String,
    pub(in crate::campaigns) language: String,
    pub(in crate::campaigns) state: String,
    pub(in crate::campaigns) stage: i64,
    pub(in crate::campaigns) marking: String,
    pub(in crate::campaigns) theme: String,
    pub(in crate::campaigns) aim: String,
    pub(in crate::campaigns) countries: i64,
    pub(in crate::campaigns) ages: i64,
    pub(in crate::campaigns) settings: i64,
    pub(in crate::campaigns) first_day: Option<i64>,
    pub(in crate::campaigns) last_day: Option<i64>,
    pub(in crate::campaigns) author: Uuid,
    pub(in crate::campaigns) organisation: Option<Uuid>,
    pub(in crate::campaigns) organisation_name: Option<String>,
    pub(in crate::campaigns) created_at: i64,
    pub(in crate::campaigns) changed_at: i64,
}

/// What the timeline knows of a campaign.
#[derive(Clone, Copy, Debug, sqlx::FromRow)]
pub(in crate::campaigns) struct Bar {
    pub(in crate::campaigns) id: Uuid,
    pub(in crate::campaigns) first_week: i64,
    pub(in crate::campaigns) last_week: i64,
    pub(in crate::campaigns) countries: i64,
    pub(in crate::campaigns) ages: i64,
    pub(in crate::campaigns) settings: i64,
}

/// Where a page goes on: after a campaign that changed then.
pub(in crate::campaigns) type Place = (i64, Uuid);

/// Binds the reader and the filter: $1 to $9.
macro_rules! asked {
    ($query:expr, $reader:expr, $filter:expr) => {
        asked!($query, $reader)
            .bind($filter.countries)
            .bind($filter.theme.as_deref())
            .bind(i64::from($filter.mine))
            .bind($filter.practice)
    };
    ($query:expr, $reader:expr) => {
        $query
            .bind($reader.account)
            .bind($reader.organisation)
            .bind(i64::from($reader.all))
            .bind($reader.countries)
            .bind($reader.themes.as_str())
    };
}

/// How many there are in each state.
pub(in crate::campaigns) async fn counts(conn: &mut impl On, reader: &Reader, filter: &Filter) -> Result<Vec<(String, i64)>> {
    let sql = format!("SELECT c.state, count(*) FROM campaign c WHERE {READS} AND {CHOSEN} GROUP BY c.state");
    Ok(on!(conn, c => asked!(sqlx::query_as(sqlx::AssertSqlSafe(sql)), reader, filter).fetch_all(c))?)
}

/// Those in a state, lately changed first.
pub(in crate::campaigns) async fn column(
    conn: &mut impl On,
    reader: &Reader,
    filter: &Filter,
    state: &str,
    after: Option<Place>,
    limit: i64,
) -> Result<Vec<Card>> {
    let sql = format!("{CARD} WHERE c.state = $13 AND {READS} AND {CHOSEN} AND {}", after_sql());
    let (at, id) = after.unzip();
    Ok(on!(conn, c => asked!(sqlx::query_as(sqlx::AssertSqlSafe(sql)), reader, filter)
        .bind(at).bind(id).bind(limit).bind(state).fetch_all(c))?)
}

/// Those in any state, lately changed first.
pub(in crate::campaigns) async fn page(
    conn: &mut impl On,
    reader: &Reader,
    filter: &Filter,
    after: Option<Place>,
    limit: i64,
) -> Result<Vec<Card>> {
    let sql = format!("{CARD} WHERE {READS} AND {CHOSEN} AND {}", after_sql());
    let (at, id) = after.unzip();
    Ok(on!(conn, c => asked!(sqlx::query_as(sqlx::AssertSqlSafe(sql)), reader, filter)
        .bind(at).bind(id).bind(limit).fetch_all(c))?)
}

fn after_sql() -> &'static str {
    "($10 IS NULL OR c.changed_at < $10 OR (c.changed_at = $10 AND c.id < $11)) ORDER BY c.changed_at DESC, c.id DESC LIMIT $12"
}

/// Those among these that the reader may know of and has narrowed the list to, in no order.
pub(in crate::campaigns) async fn among(
    conn: &mut impl On,
    reader: &Reader,
    filter: &Filter,
    state: Option<&str>,
    ids: &[Uuid],
) -> Result<Vec<Card>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let sql =
        format!("{CARD} WHERE c.id IN ({}) AND ($10 IS NULL OR c.state = $10) AND {READS} AND {CHOSEN}", marks(ids.len(), 11));
    Ok(on!(conn, c => {
        let mut query = asked!(sqlx::query_as(sqlx::AssertSqlSafe(sql)).persistent(false), reader, filter).bind(state);
        for id in ids {
            query = query.bind(*id);
        }
        query.fetch_all(c)
    })?)
}

/// How many of each set of countries there are in each state.
pub(in crate::campaigns) async fn places(
    conn: &mut impl On,
    reader: &Reader,
    filter: &Filter,
) -> Result<Vec<(i64, String, i64)>> {
    let sql =
        format!("SELECT c.countries, c.state, count(*) FROM campaign c WHERE {READS} AND {CHOSEN} GROUP BY c.countries, c.state");
    Ok(on!(conn, c => asked!(sqlx::query_as(sqlx::AssertSqlSafe(sql)), reader, filter).fetch_all(c))?)
}

/// Those planned for weeks between these two or further: what is no more than an idea is in no calendar.
pub(in crate::campaigns) async fn bars(
    conn: &mut impl On,
    reader: &Reader,
    filter: &Filter,
    (first, last): (i64, i64),
) -> Result<Vec<Bar>> {
    let sql = format!(
        "SELECT c.id, c.first_week, c.last_week, c.countries, c.ages, c.settings FROM campaign c
        WHERE c.first_week <= $11 AND c.first_week >= $10 - $12 AND c.last_week >= $10 AND c.state <> 'idea' AND {READS} AND {CHOSEN}
        ORDER BY c.first_week, c.id"
    );
    Ok(on!(conn, c => asked!(sqlx::query_as(sqlx::AssertSqlSafe(sql)), reader, filter)
        .bind(first).bind(last).bind(WEEKS_MAX).fetch_all(c))?)
}

/// Which of these are met by another one that the reader may know of.
pub(in crate::campaigns) async fn clashing(conn: &mut impl On, reader: &Reader, ids: &[Uuid]) -> Result<Vec<Uuid>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let sql = format!(
        "SELECT a.id FROM campaign a WHERE a.id IN ({}) AND (a.under_way = 1 OR a.state = 'idea')
            AND EXISTS (SELECT 1 FROM campaign c WHERE {MEETS} AND c.id <> a.id AND {READS})",
        marks(ids.len(), 7)
    );
    Ok(on!(conn, c => {
        let query = sqlx::query_scalar(sqlx::AssertSqlSafe(sql)).persistent(false);
        let mut query = asked!(query, reader).bind(WEEKS_MAX);
        for id in ids {
            query = query.bind(*id);
        }
        query.fetch_all(c)
    })?)
}

/// Those that meet a campaign which speaks to these people in these weeks, the first first.
pub(in crate::campaigns) async fn clashing_with(conn: &mut impl On, reader: &Reader, plan: Bar, limit: i64) -> Result<Vec<Card>> {
    let Bar { id, first_week, last_week, countries, ages, settings, .. } = plan;
    let sql = format!(
        "WITH a (id, first_week, last_week, countries, ages, settings) AS (SELECT $7, $8, $9, $10, $11, $12)
        {CARD} CROSS JOIN a WHERE {MEETS} AND c.id <> a.id AND {READS} ORDER BY c.first_week, c.id LIMIT $13"
    );
    Ok(on!(conn, c => asked!(sqlx::query_as(sqlx::AssertSqlSafe(sql)), reader)
        .bind(WEEKS_MAX).bind(id).bind(first_week).bind(last_week).bind(countries).bind(ages).bind(settings).bind(limit)
        .fetch_all(c))?)
}

/// Those that this reader works on or is asked about, on their way, by their first day.
pub(in crate::campaigns) async fn waiting(conn: &mut impl On, reader: &Reader, limit: i64) -> Result<Vec<Card>> {
    let sql = format!(
        "{CARD} WHERE c.state IN ('planned', 'approved', 'pretested', 'running', 'paused', 'ended') AND {READS}
            AND (c.stage = 1 OR c.author = $1 OR EXISTS
                (SELECT 1 FROM campaign_person p WHERE p.campaign = c.id AND p.account = $1))
        ORDER BY c.first_day, c.id LIMIT $6"
    );
    Ok(on!(conn, c => asked!(sqlx::query_as(sqlx::AssertSqlSafe(sql)), reader).bind(limit).fetch_all(c))?)
}

/// Those of these countries that name a helpline of which nobody has said that it can answer, by their first day.
pub(in crate::campaigns) async fn unanswered(
    conn: &mut impl On,
    reader: &Reader,
    countries: i64,
    limit: i64,
) -> Result<Vec<Card>> {
    let sql = format!(
        "{CARD} JOIN campaign_detail d ON d.campaign = c.id
        WHERE c.state IN ('approved', 'pretested') AND d.helpline IS NOT NULL AND d.capacity_at IS NULL
            AND (c.countries & $6) <> 0 AND c.author <> $1 AND {READS}
        ORDER BY c.first_day, c.id LIMIT $7"
    );
    Ok(on!(conn, c => asked!(sqlx::query_as(sqlx::AssertSqlSafe(sql)), reader).bind(countries).bind(limit).fetch_all(c))?)
}

/// What was shared, is no stricter than GREEN and is met between these days, for this reader.
pub(in crate::campaigns) async fn shared_within(
    conn: &mut impl On,
    reader: &Reader,
    (first, last): (i64, i64),
) -> Result<Vec<Uuid>> {
    let sql = format!(
        "SELECT c.id FROM campaign c
        WHERE c.stage = 2 AND c.strictness <= 1 AND c.first_day <= $7 AND c.last_day >= $6 AND {READS}
        ORDER BY c.first_day, c.id LIMIT 200"
    );
    Ok(on!(conn, c => asked!(sqlx::query_scalar(sqlx::AssertSqlSafe(sql)), reader).bind(first).bind(last).fetch_all(c))?)
}

/// What stands in campaigns that are not CLEAR: titles, plans and results.
pub(in crate::campaigns) async fn withheld(conn: &mut impl On) -> Result<Vec<(String, String, Option<String>)>> {
    const SQL: &str = "SELECT c.title, d.plan, d.results FROM campaign c JOIN campaign_detail d ON d.campaign = c.id
        WHERE c.strictness > 0";
    Ok(on!(conn, c => sqlx::query_as(SQL).fetch_all(c))?)
}

fn marks(count: usize, first: usize) -> String {
    (first..first + count).map(|n| format!("${n}")).collect::<Vec<_>>().join(", ")
}
