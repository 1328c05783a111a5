//! One referral, as its reader's side sees it.

use axum::extract::State as Given;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::super::checklist::{self, STEPS};
use super::super::content::{Child, Content};
use super::super::model::{Decline, State};
use super::super::opened::{self, Opened};
use super::super::{people, store};
use super::lists::{Listed, Organisation};
use super::{Shared, unlocked_for};
use crate::access::{Decision, ReferralAction, ReferralSide, is_walled_off, may_with_referral};
use crate::base::clock::rfc3339;
use crate::base::db::Conn;
use crate::base::http::{Json, Path, Problem};
use crate::context::Ctx;
use crate::directory::{self, Person};
use crate::identity::Caller;
use crate::keys::Unlock;
use crate::vocabulary::HelpLine;

/// The case that a referral comes from: for its own people alone.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = ReferralCase)]
struct Case {
    id: Uuid,
    reference: String,
}

/// That it goes on although consent or assent is missing.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = ReferralOverride)]
struct Override {
    by: Option<Person>,
    approved_by: Option<Person>,
    approved_at: Option<String>,
    /// Whether the reader can approve it: not whoever has asked.
    can_approve: bool,
}

/// A step that was taken, and what was said with it.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = ReferralEvent)]
struct Event {
    n: i64,
    /// A step, or `alarm` or `expire`, which the clock takes.
    act: String,
    /// Null for the clock, and for somebody who is no longer here.
    author: Option<Person>,
    at: String,
    text: String,
    reason: Option<Decline>,
    /// Who is competent.
    next: Option<Organisation>,
}

/// A step of what is done when a child has not arrived.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = ReferralCheck)]
struct Check {
    /// `call_partner`, `call_last_seen`, `tell_guardian`, `call_116000`, `report_missing`, `tell_border`, `tell_lead`,
    /// `child_contacts` or `write_down`.
    step: &'static str,
    done_by: Option<Person>,
    done_at: Option<String>,
}

/// Where one calls in a country.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = ReferralNumbers)]
struct Numbers {
    country: String,
    /// 116 000, where it works.
    missing_children: Option<HelpLine>,
    child_helpline: Option<HelpLine>,
}

/// A child has not arrived in time.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = ReferralAlarm)]
struct Alarm {
    since: String,
    /// Null while the child has not arrived.
    ended: bool,
    steps: Vec<Check>,
    numbers: Vec<Numbers>,
}

/// A referral, with all that it says.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = ReferralDetails)]
pub(super) struct Details {
    #[serde(flatten)]
    listed: Listed,
    /// Null for the receiver.
    case: Option<Case>,
    /// The reason for going on without consent is for the sender's people alone.
    content: Content,
    child: Option<Child>,
    contact_from: Option<Person>,
    contact_to: Option<Person>,
    /// The bodies behind the wall that the child's side has agreed to.
    told_to: Vec<Organisation>,
    #[serde(rename = "override")]
    overriding: Option<Override>,
    arrival_hours: i64,
    arrival_due: Option<String>,
    events: Vec<Event>,
    alarm: Option<Alarm>,
    /// The sender's people whom the receiver may turn to: for choosing one, while it is a draft.
    colleagues: Vec<Person>,
    /// Those at the receiver's who can open it: the same.
    receivers: Vec<Person>,
    /// Whether the receiver stands behind the wall.
    walled: bool,
    /// What must still be said before it is sent.
    missing: Vec<&'static str>,
    can_change: bool,
    /// To be sent back with a step.
    revision: i64,
}

/// One referral, for those of its two sides who were let in. For everybody else there is none.
#[utoipa::path(get, path = "/api/referrals/{id}", tag = "referrals", params(("id" = Uuid, Path)),
    responses((status = 200, body = Details), (status = 401), (status = 404), (status = 409), (status = 423)))]
pub(super) async fn show(
    Given(ctx): Shared,
    caller: Caller,
    unlock: Unlock,
    Path(id): Path<Uuid>,
) -> Result<Json<Details>, Problem> {
    let unlocked = unlocked_for(&ctx, &caller, &unlock, id).await?;
    let mut conn = ctx.db.read().await?;
    let opened = opened::open(&mut conn, &caller.actor, &unlocked, id).await?.ok_or_else(Problem::not_found)?;
    ctx.recorder.looked(caller.account(), "referral.read", [format!("referral:{id}")]);
    Ok(Json(details(&ctx, &mut conn, &caller, &opened).await?))
}

/// The people and organisations that a referral names, each looked up once.
struct Names {
    people: Vec<Person>,
    organisations: Vec<directory::NamedOrganisation>,
}

impl Names {
    fn person(&self, id: Option<Uuid>) -> Option<Person> {
        self.people.iter().find(|person| Some(person.id) == id).cloned()
    }

    fn organisation(&self, id: Option<Uuid>) -> Option<Organisation> {
        self.organisations.iter().find(|each| Some(each.id) == id).cloned().map(Into::into)
    }
}

async fn details(ctx: &Ctx, conn: &mut Conn, caller: &Caller, opened: &Opened) -> Result<Details, Problem> {
    let (row, sealed) = (&opened.row, &opened.sealed);
    let steps = store::steps(conn, row.id).await?;
    let said: Result<Vec<_>, _> = steps.iter().map(|step| opened.said(step)).collect();
    let said = said?;
    let ticks = store::ticks(conn, row.id).await?;
    let is_draft = row.state() == State::Draft;
    let (colleagues, receivers) = if is_draft { choices(ctx, conn, opened).await? } else { Default::default() };
    let overriding = sealed.overriding.as_ref();
    let mut ids: Vec<Uuid> = steps.iter().filter_map(|step| step.author).chain(ticks.iter().map(|(_, by, _)| *by)).collect();
    ids.extend(colleagues.iter().chain(&receivers).copied());
    ids.extend(sealed.content.contact_from.into_iter().chain(sealed.content.contact_to));
    ids.extend(overriding.into_iter().flat_map(|each| [Some(each.by), each.approved.map(|(by, _)| by)]).flatten());
    once(&mut ids);
    let mut organisations: Vec<Uuid> = [Some(row.from_org), row.to_org].into_iter().flatten().collect();
    organisations.extend(sealed.content.told_to.iter().copied().chain(said.iter().filter_map(|said| said.next)));
    once(&mut organisations);
    let names = Names {
        people: directory::people_by_id(conn, ctx, &ids).await?,
        organisations: directory::organisations_named(conn, &organisations).await?,
    };
    let walled = match row.to_org {
        Some(to) => directory::helper(conn, to).await?.is_some_and(|helper| is_walled_off(&helper.kind, &helper.regime)),
        None => false,
    };
    let can_approve = is_draft && may_with_referral(&caller.actor, ReferralAction::Override, &opened.facts) == Decision::Allow;
    let sender = opened.side == ReferralSide::Sender;
    let mut content = sealed.content.clone();
    if !sender {
        content.override_reason.clear();
    }
    Ok(Details {
        listed: Listed::new(opened, &names.organisations, ctx.now())?,
        case: opened.ground.as_ref().map(|ground| Case { id: ground.case, reference: ground.reference.clone() }),
        contact_from: names.person(content.contact_from),
        contact_to: names.person(content.contact_to),
        told_to: content.told_to.iter().filter_map(|id| names.organisation(Some(*id))).collect(),
        overriding: overriding.map(|each| Override {
            by: names.person(Some(each.by)),
            approved_by: names.person(each.approved.map(|(by, _)| by)),
            approved_at: each.approved.map(|(_, at)| rfc3339(at)),
            can_approve: can_approve && each.approved.is_none(),
        }),
        missing: if is_draft { content.missing(row.to_org, row.to_country.as_deref()) } else { Vec::new() },
        content,
        child: sealed.child.clone(),
        arrival_hours: row.arrival_hours,
        arrival_due: row.arrival_due.map(rfc3339),
        events: steps.into_iter().zip(said).map(|(step, said)| event(step, said, &names)).collect(),
        alarm: alarm(opened, &ticks, &names),
        colleagues: colleagues.into_iter().filter_map(|id| names.person(Some(id))).collect(),
        receivers: receivers.into_iter().filter_map(|id| names.person(Some(id))).collect(),
        walled,
        can_change: sender && is_draft,
        revision: row.revision,
    })
}

fn once(ids: &mut Vec<Uuid>) {
    ids.sort_unstable();
    ids.dedup();
}

/// Whom the two ends of a draft can name as their contacts.
async fn choices(ctx: &Ctx, conn: &mut Conn, opened: &Opened) -> Result<(Vec<Uuid>, Vec<Uuid>), Problem> {
    let colleagues = match &opened.ground {
        Some(ground) => people::of_sender(conn, ctx, ground, opened.row.from_org).await?,
        None => Vec::new(),
    };
    let receivers = match opened.row.to_org {
        Some(to) => people::of_receiver(conn, ctx.now(), to, opened.row.exercise).await?,
        None => Vec::new(),
    };
    Ok((colleagues, receivers))
}

fn event(step: store::Step, said: super::super::content::Said, names: &Names) -> Event {
    Event {
        n: step.n,
        act: step.act,
        author: names.person(step.author),
        at: rfc3339(step.at),
        text: said.text,
        reason: said.reason,
        next: names.organisation(said.next),
    }
}

fn alarm(opened: &Opened, ticks: &[(String, Uuid, i64)], names: &Names) -> Option<Alarm> {
    let row = &opened.row;
    let since = row.alarm_at?;
    let check = |step: &'static str| {
        let tick = ticks.iter().find(|(ticked, _, _)| ticked == step);
        Check { step, done_by: names.person(tick.map(|(_, by, _)| *by)), done_at: tick.map(|(_, _, at)| rfc3339(*at)) }
    };
    let countries = [Some(row.from_country.as_str()), row.to_country.as_deref()].into_iter().flatten();
    let numbers = checklist::numbers(countries).into_iter().map(|each| Numbers {
        country: each.country,
        missing_children: each.missing_children,
        child_helpline: each.child_helpline,
    });
    Some(Alarm {
        since: rfc3339(since),
        ended: row.state() != State::HandedOver,
        steps: STEPS.into_iter().map(check).collect(),
        numbers: numbers.collect(),
    })
}
