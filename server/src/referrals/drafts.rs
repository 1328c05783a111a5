//! A draft as it comes into storage, changes, and gets a second person's word.

use uuid::Uuid;

use super::content::{Checked, Overriding, Sealed};
use super::model::State;
use super::opened::{self, Opened, bound, seal};
use super::refused::{Refused, faulty, held};
use super::store::{self, Draft, Row};
use super::{notice, people};
use crate::access::{Actor, ReferralAction, ReferralSide, organisations_of};
use crate::audit::{self, Act};
use crate::base::db::{Result, Tx};
use crate::base::http::Problem;
use crate::base::secret;
use crate::cases;
use crate::context::Ctx;
use crate::directory;
use crate::keys::{self, Unlocked};

/// Letters and digits of a reference that nobody takes for another one.
const SIGNS: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";

pub(super) fn act(ctx: &Ctx, by: Option<Uuid>, what: &'static str, id: Uuid, detail: String) -> Act<'static> {
    Act { at: ctx.now(), actor: by, what, target: format!("referral:{id}"), detail }
}

/// A fresh reference, `R7-4QXM`: random, never of a case or a name.
pub(super) async fn reference(tx: &mut Tx) -> Result<String> {
    loop {
        let signs: Vec<char> = secret::random::<5>().iter().map(|byte| char::from(SIGNS[usize::from(byte % 32)])).collect();
        let reference = format!("R{}-{}", signs[0], signs[1..].iter().collect::<String>());
        if !store::is_taken(tx, &reference).await? {
            return Ok(reference);
        }
    }
}

/// Whoever asks to go on without consent is not who approves that; what was approved is what was read.
fn overriding(content: &super::content::Content, by: Uuid) -> Option<Overriding> {
    (!content.override_reason.is_empty() && !content.is_agreed()).then_some(Overriding { by, approved: None })
}

async fn known(tx: &mut Tx, draft: &Checked) -> std::result::Result<(), Refused> {
    for id in draft.to.iter().chain(&draft.content.told_to) {
        if !directory::organisation_exists(tx, *id).await? {
            return Err(faulty("organisation_unknown").into());
        }
    }
    Ok(())
}

/// Begins a referral of a case, for those of its room who may refer.
pub(super) async fn create(
    tx: &mut Tx,
    ctx: &Ctx,
    actor: &Actor,
    unlocked: &Unlocked,
    id: Uuid,
    case: Uuid,
    draft: &Checked,
) -> std::result::Result<(), Refused> {
    let (by, at) = (actor.account, ctx.now());
    let ground = cases::ground(tx, actor, unlocked, case).await?.ok_or_else(Problem::not_found)?;
    if !ground.leads || !organisations_of(actor).contains(&ground.lead) {
        return Err(Problem::forbidden().into());
    }
    known(tx, draft).await?;
    let mut members = people::of_sender(tx, ctx, &ground, ground.lead).await?;
    if !members.contains(&by) {
        members.push(by);
    }
    let ring = keys::create(tx, id, &members).await?.map_err(|_| held("partner_unreachable"))?;
    let content = draft.content.clone();
    let sealed = Sealed { overriding: overriding(&content, by), content, child: None };
    let row = Row {
        id,
        reference: reference(tx).await?,
        case_id: case,
        from_org: ground.lead,
        to_org: draft.to,
        from_country: ground.country.clone(),
        to_country: draft.to_country.clone(),
        state: State::Draft.as_str().into(),
        exercise: ground.exercise,
        author: by,
        revision: 0,
        arrival_hours: draft.arrival_hours,
        created_at: at,
        changed_at: at,
        arrival_due: None,
        alarm_at: None,
        closed_at: None,
        sealed: seal(&ring, &bound(id), &sealed)?,
    };
    store::insert(tx, &row).await?;
    for member in members {
        store::admit(tx, id, member, ReferralSide::Sender).await?;
    }
    audit::record(tx, act(ctx, Some(by), "referral.create", id, String::new())).await?;
    notice::tell(tx, ctx, id, "changed").await?;
    Ok(())
}

/// A draft that this person may change.
async fn draft_of(tx: &mut Tx, ctx: &Ctx, actor: &Actor, unlocked: &Unlocked, id: Uuid) -> std::result::Result<Opened, Refused> {
    let mut opened = opened::open(tx, actor, unlocked, id).await?.ok_or_else(Problem::not_found)?;
    opened.allow(actor, ReferralAction::Step(ReferralSide::Sender))?;
    if opened.row.state() != State::Draft {
        return Err(held("referral_step").into());
    }
    if let Some(ground) = &opened.ground {
        let wanted = people::of_sender(tx, ctx, ground, opened.row.from_org).await?;
        opened.ring = people::settle(tx, opened.ring, &opened.row, ReferralSide::Sender, &wanted).await?;
    }
    Ok(opened)
}

/// Changes a draft that stands at this revision. What a second person has approved is to be approved again.
pub(super) async fn change(
    tx: &mut Tx,
    ctx: &Ctx,
    actor: &Actor,
    unlocked: &Unlocked,
    id: Uuid,
    draft: &Checked,
    revision: i64,
) -> std::result::Result<(), Refused> {
    let opened = draft_of(tx, ctx, actor, unlocked, id).await?;
    known(tx, draft).await?;
    let content = draft.content.clone();
    let sealed = Sealed { overriding: overriding(&content, actor.account), content, child: None };
    let bytes = seal(&opened.ring, &bound(id), &sealed)?;
    let (to, to_country, arrival_hours) = (draft.to, draft.to_country.as_deref(), draft.arrival_hours);
    if !store::change(tx, id, &Draft { to, to_country, arrival_hours, sealed: &bytes }, revision, ctx.now()).await? {
        return Err(Problem::conflict("conflict", "It was changed meanwhile").into());
    }
    audit::record(tx, act(ctx, Some(actor.account), "referral.change", id, String::new())).await?;
    notice::tell(tx, ctx, id, "changed").await?;
    Ok(())
}

/// Says, as a second person, that it goes on although consent or assent is missing. Only for what was read.
pub(super) async fn approve(
    tx: &mut Tx,
    ctx: &Ctx,
    actor: &Actor,
    unlocked: &Unlocked,
    id: Uuid,
    revision: i64,
) -> std::result::Result<(), Refused> {
    let opened = draft_of(tx, ctx, actor, unlocked, id).await?;
    opened.allow(actor, ReferralAction::Override)?;
    if opened.row.revision != revision {
        return Err(Problem::conflict("conflict", "It was changed meanwhile").into());
    }
    let mut sealed = opened.sealed.clone();
    let Some(overriding) = &mut sealed.overriding else { return Err(held("referral_step").into()) };
    overriding.approved = Some((actor.account, ctx.now()));
    let by = overriding.by;
    store::reseal(tx, id, &seal(&opened.ring, &bound(id), &sealed)?).await?;
    audit::record(tx, act(ctx, Some(actor.account), "referral.override", id, format!("asked_by={by}"))).await?;
    notice::tell(tx, ctx, id, "changed").await?;
    Ok(())
}
