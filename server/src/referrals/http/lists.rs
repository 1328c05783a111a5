//! The referrals of a reader, out and in, what is due first on top.

use axum::extract::State as Given;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::super::model::{Act, State, next_acts};
use super::super::opened::{self, Opened};
use super::super::store;
use super::Shared;
use crate::access::{ReferralSide, RegionAction};
use crate::base::clock::rfc3339;
use crate::base::http::{Json, Page, Params, Problem};
use crate::directory;
use crate::identity::Caller;
use crate::keys::Unlock;

/// Rows of the list at most.
const LISTED: i64 = 200;

/// Which referrals.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Question {
    /// Those of this case alone.
    #[param(required = false)]
    case: Option<Uuid>,
}

/// An organisation by name.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = ReferralOrganisation)]
pub(super) struct Organisation {
    pub(super) id: Uuid,
    pub(super) name: String,
    pub(super) kind: String,
    pub(super) country: Option<String>,
}

impl From<directory::NamedOrganisation> for Organisation {
    fn from(named: directory::NamedOrganisation) -> Self {
        Self { id: named.id, name: named.name, kind: named.kind, country: named.country }
    }
}

/// Which side of a referral its reader stands on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ReferralDirection)]
pub(super) enum Direction {
    Out,
    In,
}

impl From<ReferralSide> for Direction {
    fn from(side: ReferralSide) -> Self {
        match side {
            ReferralSide::Sender => Self::Out,
            ReferralSide::Receiver => Self::In,
        }
    }
}

/// A referral in a list.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Referral)]
pub(super) struct Listed {
    pub(super) id: Uuid,
    /// Random, not the case's.
    pub(super) reference: String,
    pub(super) direction: Direction,
    pub(super) state: State,
    pub(super) from: Organisation,
    /// Null while nobody was chosen.
    pub(super) to: Option<Organisation>,
    pub(super) from_country: String,
    pub(super) to_country: Option<String>,
    /// The services that the child is referred for.
    pub(super) services: Vec<String>,
    /// By when the child is to have arrived, or something is to be answered.
    pub(super) due: Option<String>,
    /// That is over.
    pub(super) overdue: bool,
    /// A child has not arrived in time: since when that is known.
    pub(super) alarm_since: Option<String>,
    /// The steps that the reader can take, the right one first.
    pub(super) can: Vec<Act>,
    pub(super) exercise: Option<Uuid>,
    pub(super) created_at: String,
    pub(super) changed_at: String,
}

impl Listed {
    pub(super) fn new(opened: &Opened, organisations: &[directory::NamedOrganisation], now: i64) -> Result<Self, Problem> {
        let row = &opened.row;
        let named = |id: Uuid| organisations.iter().find(|each| each.id == id).cloned().map(Organisation::from);
        Ok(Self {
            id: row.id,
            reference: row.reference.clone(),
            direction: opened.side.into(),
            state: row.state(),
            from: named(row.from_org).ok_or_else(Problem::not_found)?,
            to: row.to_org.and_then(named),
            from_country: row.from_country.clone(),
            to_country: row.to_country.clone(),
            services: opened.sealed.content.services.clone(),
            due: row.due().map(rfc3339),
            overdue: row.due().is_some_and(|due| due <= now),
            alarm_since: row.alarm_at.filter(|_| row.state() == State::HandedOver).map(rfc3339),
            can: next_acts(row.state(), opened.side),
            exercise: row.exercise,
            created_at: rfc3339(row.created_at),
            changed_at: rfc3339(row.changed_at),
        })
    }
}

/// The referrals that the reader's organisation has sent, and those that it was sent: missing children first, then what is due
/// first, what is over last. Nobody is told of any other one.
#[utoipa::path(get, path = "/api/referrals", tag = "referrals", params(Question),
    responses((status = 200, body = Page<Listed>), (status = 401), (status = 403), (status = 409), (status = 423)))]
pub(super) async fn list(
    Given(ctx): Shared,
    caller: Caller,
    unlock: Unlock,
    Params(question): Params<Question>,
) -> Result<Json<Page<Listed>>, Problem> {
    caller.allow(RegionAction::UseDirectory)?;
    let unlocked = unlock.of(&ctx, &caller).await?;
    let mut conn = ctx.db.read().await?;
    let rows = store::of_person(&mut conn, caller.account(), question.case, LISTED).await?;
    let mut opened = Vec::new();
    for row in rows {
        opened.extend(opened::open_row(&mut conn, &caller.actor, &unlocked, row).await?);
    }
    let now = ctx.now();
    opened.sort_by_key(|each| {
        let row = &each.row;
        (row.closed_at.is_some(), row.alarm_at.is_none(), row.due().unwrap_or(i64::MAX), -row.changed_at)
    });
    let mut ids: Vec<Uuid> = opened.iter().flat_map(|each| [Some(each.row.from_org), each.row.to_org]).flatten().collect();
    ids.sort_unstable();
    ids.dedup();
    let organisations = directory::organisations_named(&mut conn, &ids).await?;
    let items: Result<Vec<Listed>, Problem> = opened.iter().map(|each| Listed::new(each, &organisations, now)).collect();
    Ok(Json(Page::whole(items?)))
}
