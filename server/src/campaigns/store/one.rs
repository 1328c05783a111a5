//! One campaign: reading it whole, and changing it.

use uuid::Uuid;

use super::super::indicators::Indicator;
use super::super::model::{Facts, Plan, Pretest, State};
use crate::access::handling::strictness;
use crate::base::db::{Error, On, Result, Tx};

const HEAD: &str =
    "SELECT c.id, c.state, c.stage, c.marking, c.theme, c.aim, c.countries, c.ages, c.settings, c.first_day, c.last_day,
        c.first_week, c.last_week, c.author, c.organisation, c.practice, c.channel,
        c.changed_at, c.title, c.language
    FROM campaign c WHERE c.id = $1";
const DETAIL: &str = "SELECT plan, pretest, results, asked_by, asked_at, approved_by, approved_at, returned_by, returned_at,
        returned_note, capacity_by, capacity_organisation, capacity_at, capacity_note
    FROM campaign_detail WHERE campaign = $1";
const INSERT: &str =
    "INSERT INTO campaign (id, state, stage, under_way, strictness, marking, theme, aim, countries, ages, settings,
        first_day, last_day, first_week, last_week, author, organisation, practice, created_at, changed_at, title, language)
    VALUES ($1, 'idea', 0, 0, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $16, $17, $18)";
const INSERT_DETAIL: &str = "INSERT INTO campaign_detail (campaign, plan, helpline) VALUES ($1, $2, $3)";
const CHANGE: &str = "UPDATE campaign SET theme = $2, aim = $3, countries = $4, ages = $5, settings = $6, first_day = $7,
        last_day = $8, first_week = $9, last_week = $10, practice = $11, changed_at = $12, title = $13, language = $14
    WHERE id = $1";
const STATE: &str = "UPDATE campaign SET state = $2, stage = $3, under_way = $4, changed_at = $5 WHERE id = $1 AND state = $6";
const ASK: &str = "UPDATE campaign_detail SET asked_by = $2, asked_at = $3, returned_by = NULL, returned_at = NULL,
        returned_note = NULL
    WHERE campaign = $1";
const APPROVE: &str = "UPDATE campaign_detail SET asked_by = NULL, asked_at = NULL, approved_by = $2, approved_at = $3
    WHERE campaign = $1";
const RETURN: &str = "UPDATE campaign_detail SET asked_by = NULL, asked_at = NULL, returned_by = $2, returned_at = $3,
        returned_note = $4
    WHERE campaign = $1";
const REPLAN: &str = "UPDATE campaign_detail SET asked_by = NULL, asked_at = NULL, approved_by = NULL, approved_at = NULL,
        pretest = NULL, capacity_by = NULL, capacity_organisation = NULL, capacity_at = NULL, capacity_note = NULL
    WHERE campaign = $1";
const MATERIAL: &str = "SELECT m.id, m.title, m.languages, m.licence, m.permission, m.file, m.added_by, a.name AS added_name,
        m.added_at, m.approved_by, b.name AS approved_name, m.approved_at
    FROM campaign_material m JOIN account a ON a.id = m.added_by LEFT JOIN account b ON b.id = m.approved_by";
const STEPS: &str = "SELECT s.at, s.account, a.name, s.state FROM campaign_step s JOIN account a ON a.id = s.account
    WHERE s.campaign = $1 ORDER BY s.at, s.state LIMIT 100";

/// The short row of a campaign.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(in crate::campaigns) struct Head {
    pub(in crate::campaigns) id: Uuid,
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
    pub(in crate::campaigns) first_week: Option<i64>,
    pub(in crate::campaigns) last_week: Option<i64>,
    pub(in crate::campaigns) author: Uuid,
    pub(in crate::campaigns) organisation: Option<Uuid>,
    pub(in crate::campaigns) practice: Option<Uuid>,
    pub(in crate::campaigns) channel: Option<Uuid>,
    pub(in crate::campaigns) changed_at: i64,
    pub(in crate::campaigns) title: String,
    pub(in crate::campaigns) language: String,
}

/// The long one.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(in crate::campaigns) struct Detail {
    plan: String,
    pretest: Option<String>,
    pub(in crate::campaigns) results: Option<String>,
    pub(in crate::campaigns) asked_by: Option<Uuid>,
    pub(in crate::campaigns) asked_at: Option<i64>,
    pub(in crate::campaigns) approved_by: Option<Uuid>,
    pub(in crate::campaigns) approved_at: Option<i64>,
    pub(in crate::campaigns) returned_by: Option<Uuid>,
    pub(in crate::campaigns) returned_at: Option<i64>,
    pub(in crate::campaigns) returned_note: Option<String>,
    pub(in crate::campaigns) capacity_by: Option<Uuid>,
    pub(in crate::campaigns) capacity_organisation: Option<Uuid>,
    pub(in crate::campaigns) capacity_at: Option<i64>,
    pub(in crate::campaigns) capacity_note: Option<String>,
}

impl Detail {
    pub(in crate::campaigns) fn plan(&self) -> Result<Plan> {
        serde_json::from_str(&self.plan).map_err(|_| Error::Malformed("plan of a campaign"))
    }

    pub(in crate::campaigns) fn pretest(&self) -> Result<Option<Pretest>> {
        let read = |text: &String| serde_json::from_str(text).map_err(|_| Error::Malformed("pre-test of a campaign"));
        self.pretest.as_ref().map(read).transpose()
    }
}

/// A material's row.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(in crate::campaigns) struct MaterialRow {
    pub(in crate::campaigns) id: Uuid,
    pub(in crate::campaigns) title: String,
    pub(in crate::campaigns) languages: String,
    pub(in crate::campaigns) licence: String,
    pub(in crate::campaigns) permission: String,
    pub(in crate::campaigns) file: Option<Uuid>,
    pub(in crate::campaigns) added_by: Uuid,
    pub(in crate::campaigns) added_name: String,
    pub(in crate::campaigns) added_at: i64,
    pub(in crate::campaigns) approved_by: Option<Uuid>,
    pub(in crate::campaigns) approved_name: Option<String>,
    pub(in crate::campaigns) approved_at: Option<i64>,
}

/// A material to be added.
#[derive(Clone, Debug)]
pub(in crate::campaigns) struct NewMaterial {
    pub(in crate::campaigns) id: Uuid,
    pub(in crate::campaigns) title: String,
    pub(in crate::campaigns) languages: String,
    pub(in crate::campaigns) licence: String,
    pub(in crate::campaigns) permission: String,
    pub(in crate::campaigns) file: Option<Uuid>,
    pub(in crate::campaigns) by: Uuid,
    pub(in crate::campaigns) at: i64,
}

/// A step that was taken.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(in crate::campaigns) struct StepRow {
    pub(in crate::campaigns) at: i64,
    pub(in crate::campaigns) account: Uuid,
    pub(in crate::campaigns) name: String,
    pub(in crate::campaigns) state: String,
}

#[derive(sqlx::FromRow)]
struct IndicatorRow {
    kind: String,
    unit: String,
    baseline: Option<f64>,
    target: Option<f64>,
    actual: Option<f64>,
    series: String,
}

pub(in crate::campaigns) async fn head(conn: &mut impl On, id: Uuid) -> Result<Option<Head>> {
    Ok(on!(conn, c => sqlx::query_as(HEAD).bind(id).fetch_optional(c))?)
}

pub(in crate::campaigns) async fn detail(conn: &mut impl On, id: Uuid) -> Result<Option<Detail>> {
    Ok(on!(conn, c => sqlx::query_as(DETAIL).bind(id).fetch_optional(c))?)
}

pub(in crate::campaigns) async fn people(conn: &mut impl On, id: Uuid) -> Result<Vec<Uuid>> {
    const SQL: &str = "SELECT account FROM campaign_person WHERE campaign = $1 ORDER BY account";
    Ok(on!(conn, c => sqlx::query_scalar(SQL).bind(id).fetch_all(c))?)
}

pub(in crate::campaigns) async fn partners(conn: &mut impl On, id: Uuid) -> Result<Vec<Uuid>> {
    const SQL: &str = "SELECT organisation FROM campaign_partner WHERE campaign = $1 ORDER BY organisation";
    Ok(on!(conn, c => sqlx::query_scalar(SQL).bind(id).fetch_all(c))?)
}

/// Stores a new idea.
pub(in crate::campaigns) async fn insert(
    tx: &mut Tx,
    id: Uuid,
    facts: &Facts,
    marking: &str,
    (author, organisation): (Uuid, Option<Uuid>),
    at: i64,
) -> Result<()> {
    let strict = i64::try_from(strictness(marking).unwrap_or_default()).unwrap_or_default();
    let [first_day, last_day, first_week, last_week] = times(facts);
    on!(tx, c => sqlx::query(INSERT)
        .bind(id).bind(strict).bind(marking).bind(&facts.theme).bind(&facts.aim).bind(facts.countries).bind(facts.ages)
        .bind(facts.settings).bind(first_day).bind(last_day).bind(first_week).bind(last_week).bind(author).bind(organisation)
        .bind(facts.practice).bind(at).bind(&facts.title).bind(&facts.language).execute(c))?;
    let plan = written(&facts.plan)?;
    on!(tx, c => sqlx::query(INSERT_DETAIL).bind(id).bind(plan).bind(&facts.plan.helpline).execute(c))?;
    Ok(())
}

pub(in crate::campaigns) async fn change(tx: &mut Tx, id: Uuid, facts: &Facts, at: i64) -> Result<()> {
    let [first_day, last_day, first_week, last_week] = times(facts);
    on!(tx, c => sqlx::query(CHANGE)
        .bind(id).bind(&facts.theme).bind(&facts.aim).bind(facts.countries).bind(facts.ages).bind(facts.settings).bind(first_day)
        .bind(last_day).bind(first_week).bind(last_week).bind(facts.practice).bind(at).bind(&facts.title).bind(&facts.language)
        .execute(c))?;
    let plan = written(&facts.plan)?;
    on!(tx, c => sqlx::query("UPDATE campaign_detail SET plan = $2, helpline = $3 WHERE campaign = $1")
        .bind(id).bind(plan).bind(&facts.plan.helpline).execute(c))?;
    Ok(())
}

fn times(facts: &Facts) -> [Option<i64>; 4] {
    use super::super::dates::week;
    let (first, last) = facts.days.unzip();
    [first, last, first.map(week), last.map(week)]
}

fn written(plan: &Plan) -> Result<String> {
    serde_json::to_string(plan).map_err(|_| Error::Malformed("plan of a campaign"))
}

/// Brings it from one state into another. `false` if it is no longer in the first.
pub(in crate::campaigns) async fn set_state(
    tx: &mut Tx,
    id: Uuid,
    (from, to): (State, State),
    stage: i64,
    at: i64,
) -> Result<bool> {
    let done = on!(tx, c => sqlx::query(STATE)
        .bind(id).bind(to.as_str()).bind(stage).bind(i64::from(to.is_under_way())).bind(at).bind(from.as_str()).execute(c))?;
    Ok(done.rows_affected() == 1)
}

/// Notes that somebody has asked for approval; `None`: that they no longer do.
pub(in crate::campaigns) async fn asks(tx: &mut Tx, id: Uuid, by: Option<(Uuid, i64)>) -> Result<()> {
    let (by, at) = by.unzip();
    on!(tx, c => sqlx::query(ASK).bind(id).bind(by).bind(at).execute(c))?;
    Ok(())
}

/// Notes what was decided: approved, or returned with a note.
pub(in crate::campaigns) async fn settle(tx: &mut Tx, id: Uuid, by: Uuid, at: i64, returned: Option<&str>) -> Result<()> {
    match returned {
        None => on!(tx, c => sqlx::query(APPROVE).bind(id).bind(by).bind(at).execute(c))?,
        Some(note) => on!(tx, c => sqlx::query(RETURN).bind(id).bind(by).bind(at).bind(note).execute(c))?,
    };
    Ok(())
}

/// Gives it another marking.
pub(in crate::campaigns) async fn mark(tx: &mut Tx, id: Uuid, marking: &str, at: i64) -> Result<()> {
    const SQL: &str = "UPDATE campaign SET marking = $2, strictness = $3, changed_at = $4 WHERE id = $1";
    let strict = i64::try_from(strictness(marking).unwrap_or_default()).unwrap_or_default();
    on!(tx, c => sqlx::query(SQL).bind(id).bind(marking).bind(strict).bind(at).execute(c))?;
    Ok(())
}

/// Forgets what held for the plan of before: its approval, its pre-test, and that somebody can answer.
pub(in crate::campaigns) async fn replan(tx: &mut Tx, id: Uuid) -> Result<()> {
    on!(tx, c => sqlx::query(REPLAN).bind(id).execute(c))?;
    Ok(())
}

pub(in crate::campaigns) async fn set_people(tx: &mut Tx, id: Uuid, people: &[Uuid]) -> Result<()> {
    on!(tx, c => sqlx::query("DELETE FROM campaign_person WHERE campaign = $1").bind(id).execute(c))?;
    for account in people {
        const SQL: &str = "INSERT INTO campaign_person (campaign, account) VALUES ($1, $2) ON CONFLICT DO NOTHING";
        on!(tx, c => sqlx::query(SQL).bind(id).bind(*account).execute(c))?;
    }
    Ok(())
}

pub(in crate::campaigns) async fn set_partners(tx: &mut Tx, id: Uuid, partners: &[Uuid]) -> Result<()> {
    on!(tx, c => sqlx::query("DELETE FROM campaign_partner WHERE campaign = $1").bind(id).execute(c))?;
    for organisation in partners {
        const SQL: &str = "INSERT INTO campaign_partner (campaign, organisation) VALUES ($1, $2) ON CONFLICT DO NOTHING";
        on!(tx, c => sqlx::query(SQL).bind(id).bind(*organisation).execute(c))?;
    }
    Ok(())
}

pub(in crate::campaigns) async fn set_pretest(tx: &mut Tx, id: Uuid, pretest: &Pretest) -> Result<()> {
    let text = serde_json::to_string(pretest).map_err(|_| Error::Malformed("pre-test of a campaign"))?;
    on!(tx, c => sqlx::query("UPDATE campaign_detail SET pretest = $2 WHERE campaign = $1").bind(id).bind(text).execute(c))?;
    Ok(())
}

pub(in crate::campaigns) async fn set_results(tx: &mut Tx, id: Uuid, results: &str) -> Result<()> {
    on!(tx, c => sqlx::query("UPDATE campaign_detail SET results = $2 WHERE campaign = $1").bind(id).bind(results).execute(c))?;
    Ok(())
}

/// Notes that a helpline has said that it can answer.
pub(in crate::campaigns) async fn confirm_capacity(
    tx: &mut Tx,
    id: Uuid,
    (by, organisation): (Uuid, Uuid),
    at: i64,
    note: &str,
) -> Result<()> {
    const SQL: &str =
        "UPDATE campaign_detail SET capacity_by = $2, capacity_organisation = $3, capacity_at = $4, capacity_note = $5
        WHERE campaign = $1";
    on!(tx, c => sqlx::query(SQL).bind(id).bind(by).bind(organisation).bind(at).bind(note).execute(c))?;
    Ok(())
}

/// Takes that back.
pub(in crate::campaigns) async fn unconfirm_capacity(tx: &mut Tx, id: Uuid) -> Result<()> {
    const SQL: &str = "UPDATE campaign_detail SET capacity_by = NULL, capacity_organisation = NULL, capacity_at = NULL,
        capacity_note = NULL WHERE campaign = $1";
    on!(tx, c => sqlx::query(SQL).bind(id).execute(c))?;
    Ok(())
}

/// Binds its channel to it. `false` if it has one.
pub(in crate::campaigns) async fn channel(tx: &mut Tx, id: Uuid, channel: Uuid) -> Result<bool> {
    const SQL: &str = "UPDATE campaign SET channel = $2 WHERE id = $1 AND channel IS NULL";
    let done = on!(tx, c => sqlx::query(SQL).bind(id).bind(channel).execute(c))?;
    Ok(done.rows_affected() == 1)
}

pub(in crate::campaigns) async fn indicators(conn: &mut impl On, id: Uuid) -> Result<Vec<Indicator>> {
    const SQL: &str =
        "SELECT kind, unit, baseline, target, actual, series FROM campaign_indicator WHERE campaign = $1 ORDER BY place";
    let rows: Vec<IndicatorRow> = on!(conn, c => sqlx::query_as(SQL).bind(id).fetch_all(c))?;
    let read = |row: IndicatorRow| {
        let series = serde_json::from_str(&row.series).map_err(|_| Error::Malformed("series of a campaign"))?;
        let IndicatorRow { kind, unit, baseline, target, actual, .. } = row;
        Ok(Indicator { kind, unit, baseline, target, actual, series, below_five: false })
    };
    rows.into_iter().map(read).collect()
}

pub(in crate::campaigns) async fn set_indicators(tx: &mut Tx, id: Uuid, indicators: &[Indicator]) -> Result<()> {
    const SQL: &str = "INSERT INTO campaign_indicator (campaign, place, kind, unit, baseline, target, actual, series)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    on!(tx, c => sqlx::query("DELETE FROM campaign_indicator WHERE campaign = $1").bind(id).execute(c))?;
    for (place, it) in (0_i64..).zip(indicators) {
        let series = serde_json::to_string(&it.series).map_err(|_| Error::Malformed("series of a campaign"))?;
        on!(tx, c => sqlx::query(SQL)
            .bind(id).bind(place).bind(&it.kind).bind(&it.unit).bind(it.baseline).bind(it.target).bind(it.actual).bind(series)
            .execute(c))?;
    }
    Ok(())
}

pub(in crate::campaigns) async fn materials(conn: &mut impl On, campaign: Uuid) -> Result<Vec<MaterialRow>> {
    let sql = format!("{MATERIAL} WHERE m.campaign = $1 ORDER BY m.id");
    Ok(on!(conn, c => sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(campaign).fetch_all(c))?)
}

pub(in crate::campaigns) async fn material(conn: &mut impl On, campaign: Uuid, id: Uuid) -> Result<Option<MaterialRow>> {
    let sql = format!("{MATERIAL} WHERE m.campaign = $1 AND m.id = $2");
    Ok(on!(conn, c => sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(campaign).bind(id).fetch_optional(c))?)
}

pub(in crate::campaigns) async fn insert_material(tx: &mut Tx, campaign: Uuid, new: &NewMaterial) -> Result<()> {
    const SQL: &str =
        "INSERT INTO campaign_material (id, campaign, title, languages, licence, permission, file, added_by, added_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    on!(tx, c => sqlx::query(SQL)
        .bind(new.id).bind(campaign).bind(&new.title).bind(&new.languages).bind(&new.licence).bind(&new.permission).bind(new.file)
        .bind(new.by).bind(new.at).execute(c))?;
    Ok(())
}

pub(in crate::campaigns) async fn delete_material(tx: &mut Tx, id: Uuid) -> Result<()> {
    on!(tx, c => sqlx::query("DELETE FROM campaign_material WHERE id = $1").bind(id).execute(c))?;
    Ok(())
}

/// Approves a material. `false` if somebody has, or it is one's own.
pub(in crate::campaigns) async fn approve_material(tx: &mut Tx, id: Uuid, by: Uuid, at: i64) -> Result<bool> {
    const SQL: &str = "UPDATE campaign_material SET approved_by = $2, approved_at = $3
        WHERE id = $1 AND approved_by IS NULL AND added_by <> $2";
    let done = on!(tx, c => sqlx::query(SQL).bind(id).bind(by).bind(at).execute(c))?;
    Ok(done.rows_affected() == 1)
}

pub(in crate::campaigns) async fn note_step(tx: &mut Tx, campaign: Uuid, by: Uuid, state: State, at: i64) -> Result<()> {
    const SQL: &str = "INSERT INTO campaign_step (campaign, at, account, state) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING";
    on!(tx, c => sqlx::query(SQL).bind(campaign).bind(at).bind(by).bind(state.as_str()).execute(c))?;
    Ok(())
}

pub(in crate::campaigns) async fn steps(conn: &mut impl On, campaign: Uuid) -> Result<Vec<StepRow>> {
    Ok(on!(conn, c => sqlx::query_as(STEPS).bind(campaign).fetch_all(c))?)
}
