//! A room: its sheet, its members, where it stands and what is missing for the next step.

use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::super::acts::{self, Closure};
use super::super::inside::{Inside, Refused, enter};
use super::super::model::{Content, ITEMS_MAX, MEMBERS_MAX, Sheet};
use super::super::sealing::{self, Event, Write};
use super::super::steps::{self, Gates, Step};
use super::super::store::proposals::{self, Proposal};
use super::super::store::{self, People, Who};
use super::super::words::{Kind, Proposed, Reason, Risk, Word};
use super::super::{days, notice};
use super::escrow::{self, Held};
use super::shown::{Card, House, MemberShown};
use super::{Written, act, faulty, vetted};
use crate::access::{CaseAction, Decision, may_confirm};
use crate::audit;
use crate::base::clock::rfc3339;
use crate::base::db::{self, On};
use crate::base::http::{Json, Path, Problem};
use crate::context::Ctx;
use crate::directory;
use crate::identity::Caller;
use crate::keys::{self, Unlock};

/// What the reader may do in a room.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[schema(as = CaseCan)]
#[expect(clippy::struct_excessive_bools, reason = "one answer a power")]
struct Can {
    /// Change the sheet and the phase, put somebody out.
    lead: bool,
    write: bool,
    invite: bool,
    /// Propose that it is closed.
    close: bool,
    leave: bool,
    /// Offer it to another organisation.
    hand_over: bool,
    /// Propose that it is erased.
    erase: bool,
}

/// How much is to be done.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[schema(as = CaseTaskCount)]
struct TaskCount {
    open: usize,
    overdue: usize,
}

/// How a room was closed.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = CaseClosing)]
struct Closing {
    reason: Reason,
    report: String,
    by: Who,
    confirmed_by: Who,
}

/// What waits for a second person.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = CaseProposal)]
struct ProposalShown {
    id: Uuid,
    kind: Proposed,
    by: Who,
    at: String,
    /// Who is to be let in.
    subject: Option<Who>,
    /// Which organisation is to lead.
    organisation: Option<House>,
    mandate: Option<String>,
    ground: Option<String>,
    reason: Option<Reason>,
    report: Option<String>,
    retention_days: Option<i64>,
    may_confirm: bool,
    may_drop: bool,
    /// What is missing before it can be done: `checklist`.
    missing: Vec<&'static str>,
}

/// A room.
#[derive(Serialize, ToSchema)]
#[schema(as = Case)]
pub(super) struct Shown {
    #[serde(flatten)]
    card: Card,
    sheet: Sheet,
    /// The number of the sheet's wording.
    sheet_seq: i64,
    /// The steps that could come next, the next right one first, with what is missing for each.
    steps: Vec<Step>,
    gates: Gates,
    members: Vec<MemberShown>,
    proposals: Vec<ProposalShown>,
    tasks: TaskCount,
    can: Can,
    /// Days to the next review at most.
    review_max_days: i64,
    created_at: String,
    created_by: Who,
    closed_at: Option<String>,
    closing: Option<Closing>,
    /// Who holds its key for members who lose theirs; nobody unless an operator has turned that on.
    escrow: Option<Held>,
}

/// One room. Where the escrow misses something of its key, it is sealed to it now, while somebody has it open.
#[utoipa::path(get, path = "/api/cases/{id}", tag = "cases", params(("id" = Uuid, Path)),
    responses((status = 200, body = Shown), (status = 401), (status = 404), (status = 409), (status = 423)))]
pub(super) async fn show(
    State(ctx): State<Ctx>,
    caller: Caller,
    unlock: Unlock,
    Path(id): Path<Uuid>,
) -> Result<Json<Shown>, Problem> {
    let inside = Inside::read(&ctx, &caller, &unlock, id).await?;
    if keys::escrow::misses(&mut ctx.db.read().await?, id).await? {
        let unlocked = unlock.of(&ctx, &caller).await?;
        let (inner, actor) = (ctx.clone(), caller.actor.clone());
        let done: Result<Inside, Refused> =
            ctx.db.write(async move |tx| Inside::write(tx, &inner, &actor, &unlocked, CaseAction::Read, id).await).await;
        done?;
    }
    Ok(Json(shown(&ctx, &inside).await?))
}

async fn shown(ctx: &Ctx, inside: &Inside) -> Result<Shown, Problem> {
    let mut conn = ctx.db.read().await?;
    let room = &inside.room;
    let (sheet, sheet_seq) = inside.sheet(&mut conn).await?;
    let tasks = inside.all(&mut conn, &[Kind::Task], ITEMS_MAX).await?;
    let gates = Gates::of(&sheet, tasks.iter().map(|(_, task)| task));
    let waiting = proposals::open(&mut conn, room.id).await?;
    let closing = inside.all(&mut conn, &[Kind::Closing], 1).await?.pop().map(|(_, content)| content);
    let mut named: Vec<Uuid> = MemberShown::named(&inside.members).chain([room.created_by]).collect();
    named.extend(waiting.iter().flat_map(|proposal| [Some(proposal.by), proposal.subject]).flatten());
    if let Some(Content::Closing { by, confirmed_by, .. }) = &closing {
        named.extend([by, confirmed_by]);
    }
    let people = store::people(&mut conn, named).await?;
    let proposals = shown_proposals(&mut conn, inside, &people, &waiting, &gates).await?;
    let members = inside.members.iter().map(|member| MemberShown::new(inside, &people, member)).collect();
    let count = i64::try_from(waiting.len()).unwrap_or(i64::MAX);
    Ok(Shown {
        card: Card::new(ctx, room, Some(inside.me.organisation), count, Some(sheet.clone().into())),
        sheet,
        sheet_seq,
        steps: steps::steps(room.phase(), room.side(), gates),
        gates,
        members,
        proposals,
        tasks: counted(&tasks, &days::day_of(ctx.now())),
        can: can(inside),
        review_max_days: days::review_within(room.risk()),
        created_at: rfc3339(room.created_at),
        created_by: people.who(room.created_by),
        closed_at: room.closed_at.map(rfc3339),
        closing: closing.and_then(|closing| match closing {
            Content::Closing { reason, report, by, confirmed_by } => {
                Some(Closing { reason, report, by: people.who(by), confirmed_by: people.who(confirmed_by) })
            }
            _ => None,
        }),
        escrow: escrow::held(&mut conn, room.id).await?,
    })
}

fn can(inside: &Inside) -> Can {
    let write = inside.room.closed_at.is_none();
    let lead = write && inside.leads();
    let (active, of_lead) =
        (inside.active().count(), inside.active().filter(|member| member.organisation == inside.room.lead).count());
    Can {
        lead,
        write,
        invite: write && inside.members.len() < MEMBERS_MAX,
        close: lead && active > 1,
        leave: active > 1 && (!inside.leads() || of_lead > 1 || !write),
        hand_over: lead && inside.houses().len() > 1,
        erase: inside.leads() && active > 1,
    }
}

fn counted(tasks: &[(store::entries::Entry, Content)], today: &str) -> TaskCount {
    let mut count = TaskCount { open: 0, overdue: 0 };
    for (_, task) in tasks {
        if let Content::Task { done: false, due, .. } = task {
            count.open += 1;
            count.overdue += usize::from(due.as_deref().is_some_and(|due| due < today));
        }
    }
    count
}

async fn shown_proposals(
    conn: &mut impl On,
    inside: &Inside,
    people: &People,
    waiting: &[Proposal],
    gates: &Gates,
) -> db::Result<Vec<ProposalShown>> {
    let houses: Vec<Uuid> = waiting.iter().filter(|one| one.kind() == Proposed::Handover).filter_map(|one| one.subject).collect();
    let houses = directory::organisations_named(conn, &houses).await?;
    let show = |one: &Proposal| {
        let kind = one.kind();
        let (admission, handover) = (kind == Proposed::Admission, kind == Proposed::Handover);
        let subject = one.subject.filter(|_| admission);
        let member = inside.members.iter().find(|member| Some(member.account) == subject);
        let organisation = houses.iter().find(|house| handover && Some(house.id) == one.subject);
        let closure = opened(inside, one);
        let new_lead = one.subject.filter(|_| handover);
        let may = may_confirm(inside.me.account, inside.me.organisation, one.by, new_lead) == Decision::Allow;
        ProposalShown {
            id: one.id,
            kind,
            by: people.who(one.by),
            at: rfc3339(one.at),
            subject: subject.map(|id| people.who(id)),
            organisation: organisation.map(|house| House { id: house.id, name: house.name.clone() }),
            mandate: member.map(|member| member.mandate.clone()),
            ground: member.map(|member| member.ground.clone()),
            reason: closure.as_ref().map(|closure| closure.reason),
            retention_days: closure.as_ref().map(|closure| closure.retention_days),
            report: closure.map(|closure| closure.report),
            may_confirm: may,
            may_drop: may || one.by == inside.me.account,
            missing: if kind == Proposed::Closure { steps::unfinished(*gates) } else { Vec::new() },
        }
    };
    Ok(waiting.iter().map(show).collect())
}

/// The words of a proposal to close.
pub(super) fn opened(inside: &Inside, proposal: &Proposal) -> Option<Closure> {
    let bound = sealing::bound_proposal(inside.room.id, proposal.id, proposal.by);
    serde_json::from_slice(&inside.ring.open(&bound, proposal.sealed.as_deref()?)?).ok()
}

/// A sheet as it should be.
#[derive(Deserialize, ToSchema)]
#[schema(as = CaseSheetChange)]
pub(super) struct Change {
    sheet: Sheet,
    risk: Risk,
    /// A day within 90 days, within 14 where the risk is high; one that has gone by may stay.
    next_review: String,
    /// The wording that was read.
    sheet_seq: i64,
    #[serde(default)]
    confirmed: bool,
}

/// The day of a next review.
pub(super) fn review(ctx: &Ctx, wish: &str, before: Option<&str>, risk: Risk) -> Result<String, Problem> {
    days::review(wish, before, risk, &days::day_of(ctx.now())).map_err(|code| {
        Problem::unprocessable(code, "This is no day for the next review").with("limit", days::review_within(risk))
    })
}

/// Changes the sheet, the risk and the day of the next review.
#[utoipa::path(put, path = "/api/cases/{id}/sheet", tag = "cases", params(("id" = Uuid, Path)), request_body = Change,
    responses((status = 200, body = Written), (status = 401), (status = 403), (status = 404), (status = 409), (status = 422), (status = 423)))]
pub(super) async fn change(
    State(ctx): State<Ctx>,
    caller: Caller,
    unlock: Unlock,
    Path(id): Path<Uuid>,
    Json(change): Json<Change>,
) -> Result<Json<Written>, Problem> {
    let unlocked = enter(&ctx, &caller, &unlock, CaseAction::Lead, id).await?;
    let sheet = change.sheet.checked().map_err(faulty)?;
    let content = Content::Sheet { sheet: Box::new(sheet) };
    vetted(&ctx, &content, change.confirmed)?;
    let (inner, actor, risk) = (ctx.clone(), caller.actor.clone(), change.risk);
    let (wish, read) = (change.next_review, change.sheet_seq);
    let done: Result<Written, Refused> = ctx
        .db
        .write(async move |tx| {
            let inside = Inside::write(tx, &inner, &actor, &unlocked, CaseAction::Lead, id).await?;
            let next_review = review(&inner, &wish, Some(&inside.room.next_review), risk)?;
            let asked = store::entries::Asked { kinds: vec![Kind::Sheet], limit: 1, ..store::entries::Asked::default() };
            let before = store::entries::page(tx, id, &asked).await?.pop().ok_or(db::Error::Malformed("case sheet"))?;
            if before.seq != read {
                return Err(Problem::conflict("conflict", "It was changed meanwhile").into());
            }
            let write = Write {
                room: &inside.room,
                item: before.item,
                before: Some(&before),
                author: actor.account,
                at: inner.now(),
                marking: None,
            };
            let seq = sealing::write(tx, &inside.ring, &write, &content.clone().into()).await?;
            store::set_sheet(tx, id, risk, &next_review).await?;
            noted_turns(tx, &inner, &inside, risk, &next_review).await?;
            notice::changed(tx, &inner, id, seq, &inside.members);
            Ok(Written { item: before.item, seq })
        })
        .await;
    Ok(Json(done?))
}

/// Notes another risk and another day, where they are.
async fn noted_turns(tx: &mut db::Tx, ctx: &Ctx, inside: &Inside, risk: Risk, review: &str) -> Result<(), Refused> {
    let (room, me) = (&inside.room, inside.me.account);
    if room.risk() != risk {
        acts::noted(tx, ctx, inside, me, &Event::turn("risk", room.risk().as_str(), risk.as_str())).await?;
        let detail = format!("from={} to={}", room.risk().as_str(), risk.as_str());
        audit::record(tx, act(ctx, me, "case.risk", room.id, detail)).await?;
    }
    if room.next_review != review {
        acts::noted(tx, ctx, inside, me, &Event::turn("review", &room.next_review, review)).await?;
    }
    Ok(())
}
