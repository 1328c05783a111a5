//! Referrals of a bulk load: as if their people had written them and taken their steps.

use serde_json::Value;
use uuid::Uuid;

use super::content::{Child, Content, Said, Sealed};
use super::drafts::reference;
use super::model::{ARRIVAL_HOURS, Act, State, arrival_due, step};
use super::opened::{bound, bound_step, seal};
use super::store::{self, Row};
use crate::access::ReferralSide;
use crate::base::db::{Error, Result, Tx};
use crate::context::Ctx;
use crate::{directory, keys};

/// A referral of a bulk load.
#[derive(Clone, Debug)]
pub struct ImportedReferral {
    /// The room that it comes from.
    pub case: Uuid,
    /// Who refers, for where they work. They belong to the room, and have keys.
    pub author: Uuid,
    /// Who answers for the organisation that is asked. They have keys.
    pub receiver: Uuid,
    /// Where the child is to be helped.
    pub to_country: String,
    /// When it was begun (microseconds).
    pub at: i64,
    /// What it says, as the outer contract has it.
    pub content: Value,
    /// What is told of the child, in the same way.
    pub child: Value,
    /// Its steps, in their order.
    pub steps: Vec<ImportedStep>,
}

/// A step of one.
#[derive(Clone, Debug)]
pub struct ImportedStep {
    /// The word of the step.
    pub act: String,
    /// By whom.
    pub by: Uuid,
    /// When (microseconds).
    pub at: i64,
    /// What was said with it.
    pub text: String,
}

const MALFORMED: Error = Error::Malformed("referral of a bulk load");

/// Stores a referral with the steps that were taken.
///
/// # Errors
/// When its people have no organisation or no keys, or a step leads nowhere.
pub async fn import_referral(tx: &mut Tx, ctx: &Ctx, referral: &ImportedReferral) -> Result<Uuid> {
    let people = directory::people_by_id(tx, ctx, &[referral.author, referral.receiver]).await?;
    let [author, receiver] = &people[..] else { return Err(MALFORMED) };
    let (Some(from_org), Some(to_org)) = (author.organisation_id, receiver.organisation_id) else { return Err(MALFORMED) };
    let id = ctx.id();
    let ring = keys::create(tx, id, &[author.id, receiver.id]).await?.map_err(|_| MALFORMED)?;
    let mut content: Content = serde_json::from_value(referral.content.clone()).map_err(|_| MALFORMED)?;
    (content.contact_from, content.contact_to) = (Some(author.id), Some(receiver.id));
    let child: Child = serde_json::from_value(referral.child.clone()).map_err(|_| MALFORMED)?;
    let row = Row {
        id,
        reference: reference(tx).await?,
        case_id: referral.case,
        from_org,
        to_org: Some(to_org),
        from_country: author.country.clone().unwrap_or_default(),
        to_country: Some(referral.to_country.clone()),
        state: State::Draft.as_str().into(),
        exercise: None,
        author: author.id,
        revision: 0,
        arrival_hours: ARRIVAL_HOURS,
        created_at: referral.at,
        changed_at: referral.at,
        arrival_due: None,
        alarm_at: None,
        closed_at: None,
        sealed: seal(&ring, &bound(id), &Sealed { content, overriding: None, child: Some(child) })?,
    };
    store::insert(tx, &row).await?;
    store::admit(tx, id, author.id, ReferralSide::Sender).await?;
    store::admit(tx, id, receiver.id, ReferralSide::Receiver).await?;
    let mut state = State::Draft;
    for (n, taken) in (1..).zip(&referral.steps) {
        let act = Act::ALL.into_iter().find(|act| act.as_str() == taken.act).ok_or(MALFORMED)?;
        let to = step(state, act).ok_or(MALFORMED)?;
        let said = Said { text: taken.text.clone(), ..Said::default() };
        let words = seal(&ring, &bound_step(id, n, taken.by), &said)?;
        store::say(tx, id, act.as_str(), Some(taken.by), taken.at, Some(&words)).await?;
        let due = (to == State::HandedOver).then(|| arrival_due(taken.at, ARRIVAL_HOURS));
        store::set_state(tx, id, (state, to), taken.at, due).await?;
        state = to;
    }
    Ok(id)
}
