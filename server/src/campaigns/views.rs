//! Campaigns as their readers see them.

use std::collections::{HashMap, HashSet};

use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::codes::{AGES, COUNTRIES, SETTINGS, of_bits};
use super::dates::written;
use super::indicators::Indicator;
use super::model::{Plan, Pretest, State};
use super::steps::Check;
use super::store::{self, Card, MaterialRow, Reader, StepRow};
use crate::base::clock::rfc3339;
use crate::base::db::{On, Result};
use crate::context::Ctx;
use crate::directory::{self, NamedOrganisation, Person};
use crate::files::FileView;

/// Somebody or something by name.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = CampaignNamed)]
pub(super) struct Named {
    pub(super) id: Uuid,
    pub(super) name: String,
}

/// What a list shows of a campaign.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = CampaignCard)]
pub(super) struct CardView {
    pub(super) id: Uuid,
    pub(super) title: String,
    pub(super) language: String,
    /// `clear`, `green`, `amber` or `amber+strict`.
    pub(super) marking: String,
    pub(super) countries: Vec<&'static str>,
    /// Slugs.
    pub(super) themes: Vec<String>,
    /// Null when the account has ended.
    pub(super) author: Option<Person>,
    pub(super) organisation: Option<Named>,
    /// RFC 3339.
    pub(super) created_at: String,
    /// RFC 3339.
    pub(super) changed_at: String,
    pub(super) state: State,
    pub(super) aim: String,
    pub(super) ages: Vec<&'static str>,
    pub(super) settings: Vec<&'static str>,
    /// The first day, `YYYY-MM-DD`.
    pub(super) start: Option<String>,
    /// The last day, `YYYY-MM-DD`.
    pub(super) end: Option<String>,
    /// Whether it waits for somebody to approve it.
    pub(super) asked: bool,
    /// Whether another one that the reader may know of speaks to the same people in the same weeks.
    pub(super) clash: bool,
}

/// Rows as cards, in their order.
pub(super) async fn cards(conn: &mut impl On, ctx: &Ctx, reader: &Reader, rows: Vec<Card>) -> Result<Vec<CardView>> {
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let clashing: HashSet<Uuid> = store::clashing(conn, reader, &ids).await?.into_iter().collect();
    let mut authors: Vec<Uuid> = rows.iter().map(|row| row.author).collect();
    authors.sort_unstable();
    authors.dedup();
    let people = directory::people_by_id(conn, ctx, &authors).await?;
    let people: HashMap<Uuid, Person> = people.into_iter().map(|person| (person.id, person)).collect();
    Ok(rows.into_iter().map(|row| card(row, &people, &clashing)).collect())
}

fn card(row: Card, people: &HashMap<Uuid, Person>, clashing: &HashSet<Uuid>) -> CardView {
    CardView {
        id: row.id,
        title: row.title,
        language: row.language,
        marking: row.marking,
        countries: of_bits(row.countries, &COUNTRIES),
        themes: vec![row.theme],
        author: people.get(&row.author).cloned(),
        organisation: row.organisation.zip(row.organisation_name).map(|(id, name)| Named { id, name }),
        created_at: rfc3339(row.created_at),
        changed_at: rfc3339(row.changed_at),
        state: State::of(&row.state).unwrap_or(State::Archived),
        aim: row.aim,
        ages: of_bits(row.ages, &AGES),
        settings: of_bits(row.settings, &SETTINGS),
        start: row.first_day.map(written),
        end: row.last_day.map(written),
        asked: row.stage == 1,
        clash: clashing.contains(&row.id),
    }
}

/// Who has done something, and when.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = CampaignDone)]
pub(super) struct Done {
    /// Null when the account has ended.
    pub(super) by: Option<Person>,
    /// RFC 3339.
    pub(super) at: String,
    /// What they said about it.
    pub(super) note: Option<String>,
    /// The organisation that they spoke for.
    pub(super) organisation: Option<String>,
}

/// Something it shows or hands out.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = CampaignMaterial)]
pub(super) struct MaterialView {
    pub(super) id: Uuid,
    pub(super) title: String,
    pub(super) languages: Vec<String>,
    /// `cc-by`, `cc-by-sa`, `cc-by-nc`, `own` or `ask`.
    pub(super) licence: String,
    /// Who has permitted to copy it, and what.
    pub(super) permission: String,
    /// Its file.
    pub(super) file: Option<FileView>,
    pub(super) added_by: Named,
    /// RFC 3339.
    pub(super) added_at: String,
    pub(super) approved_by: Option<Named>,
    /// RFC 3339.
    pub(super) approved_at: Option<String>,
    /// Whether the reader may approve it: never who has added it.
    pub(super) may_approve: bool,
}

impl MaterialView {
    pub(super) fn new(row: MaterialRow, files: &[FileView], reader: Uuid, may_approve: bool) -> Self {
        Self {
            may_approve: may_approve && row.approved_by.is_none() && row.added_by != reader,
            id: row.id,
            title: row.title,
            languages: row.languages.split_whitespace().map(ToOwned::to_owned).collect(),
            licence: row.licence,
            permission: row.permission,
            file: row.file.and_then(|id| files.iter().find(|file| file.id == id).cloned()),
            added_by: Named { id: row.added_by, name: row.added_name },
            added_at: rfc3339(row.added_at),
            approved_by: row.approved_by.zip(row.approved_name).map(|(id, name)| Named { id, name }),
            approved_at: row.approved_at.map(rfc3339),
        }
    }
}

/// A step that was taken.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = CampaignStep)]
pub(super) struct StepView {
    /// RFC 3339.
    pub(super) at: String,
    pub(super) by: Named,
    pub(super) state: State,
}

impl StepView {
    pub(super) fn new(row: StepRow) -> Self {
        let by = Named { id: row.account, name: row.name };
        Self { at: rfc3339(row.at), by, state: State::of(&row.state).unwrap_or(State::Archived) }
    }
}

/// What the reader may do with a campaign.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[schema(as = CampaignCan)]
#[expect(clippy::struct_excessive_bools, reason = "a list of independent permissions, as the screen asks for them")]
pub(super) struct Can {
    /// Work on it.
    pub(super) change: bool,
    /// Mark it less strictly.
    pub(super) lower: bool,
    /// Decide about it, when it asks for approval.
    pub(super) approve: bool,
    /// Stop it for a while.
    pub(super) pause: bool,
    /// Say that the helpline it names can answer.
    pub(super) answer: bool,
}

/// A campaign whole.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Campaign)]
pub(super) struct CampaignView {
    #[serde(flatten)]
    pub(super) card: CardView,
    pub(super) plan: Plan,
    /// The practice it adapts, for those who may read it.
    pub(super) practice: Option<Named>,
    pub(super) partners: Vec<NamedOrganisation>,
    /// Those who work on it beside its author.
    pub(super) people: Vec<Person>,
    /// Its own channel, for those who may know of it.
    pub(super) channel: Option<Uuid>,
    /// Whether it has one.
    pub(super) has_channel: bool,
    /// Who has asked for approval.
    pub(super) approval_asked: Option<Done>,
    pub(super) approved: Option<Done>,
    /// Who has given it back to be planned on, and why.
    pub(super) returned: Option<Done>,
    pub(super) pretest: Option<Pretest>,
    /// Who has said that the helpline can answer.
    pub(super) capacity: Option<Done>,
    pub(super) materials: Vec<MaterialView>,
    pub(super) indicators: Vec<Indicator>,
    /// What came of it, in words.
    pub(super) results: Option<String>,
    /// Others that speak to the same people in the same weeks.
    pub(super) clashes: Vec<CardView>,
    /// Everything that is asked of it on its way.
    pub(super) checks: Vec<Check>,
    /// The state that follows when all goes well.
    pub(super) next: Option<State>,
    /// What is missing before it can come into that state.
    pub(super) missing: Vec<&'static str>,
    pub(super) steps: Vec<StepView>,
    pub(super) can: Can,
}
