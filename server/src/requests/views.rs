//! Requests as people see them.

use std::collections::HashMap;

use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::model::{Channel, Ground, Kind, Outcome, Urgency, takes_two};
use super::next::{Next, next};
use super::people;
use super::sealed::{self, Place};
use super::store::{self, Row};
use crate::access::handling::Labels;
use crate::access::{Actor, Decision, RequestAction, RequestSide, RequestState, may_with_request, side_of};
use crate::base::clock::{SECOND, rfc3339};
use crate::base::db::Conn;
use crate::base::http::Problem;
use crate::context::Ctx;
use crate::directory::{self, NamedOrganisation, Person};

/// The clock of a request.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = CoordinationClock)]
pub(super) struct ClockView {
    /// Where its days are counted: the IANA time zone of the asked country.
    zone: String,
    /// By when it was to be answered when it was sent.
    due_first: String,
    /// By when it is to be answered. It moves as long as the clock stands still.
    due: String,
    /// The clock stands still since then: something is to be explained first.
    stands_since: Option<String>,
    /// For how long it has stood still before (seconds).
    stood: i64,
    /// What is left (seconds); less than nothing is by how much it is late. When it was answered: what was left then.
    left: i64,
    /// It was answered; the clock has ended.
    ended: bool,
}

impl ClockView {
    fn of(row: &Row, now: i64) -> Option<Self> {
        let clock = row.clock()?;
        let end = row.answered_at.or(row.closed_at);
        Some(Self {
            zone: row.zone.clone().unwrap_or_default(),
            due_first: rfc3339(row.due_first.unwrap_or(clock.due_at)),
            due: rfc3339(clock.due_at),
            stands_since: clock.stands_since.map(rfc3339),
            stood: clock.stood / SECOND,
            left: clock.left(end.unwrap_or(now)) / SECOND,
            ended: end.is_some(),
        })
    }
}

/// A request in a list.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = CoordinationCard)]
pub(super) struct Card {
    id: Uuid,
    kind: Kind,
    title: String,
    state: RequestState,
    urgency: Urgency,
    marking: String,
    labels: Labels,
    outcome: Option<Outcome>,
    /// Null for an organisation that is gone.
    asker: Option<NamedOrganisation>,
    asked: Option<NamedOrganisation>,
    /// On whose side the reader stands.
    side: RequestSide,
    next: Next,
    /// The next step is the reader's.
    waits: bool,
    clock: Option<ClockView>,
    /// Everything in it is made up.
    exercise: Option<Uuid>,
    created_at: String,
    changed_at: String,
    closed_at: Option<String>,
}

/// Requests as somebody sees them in a list; those that they may not know of are left out.
pub(super) async fn cards(ctx: &Ctx, conn: &mut Conn, actor: &Actor, rows: Vec<Row>) -> Result<Vec<Card>, Problem> {
    let mut ids: Vec<Uuid> = rows.iter().flat_map(|row| [row.asker, row.asked]).collect();
    ids.sort_unstable();
    ids.dedup();
    let houses: HashMap<Uuid, NamedOrganisation> =
        directory::organisations_named(conn, &ids).await?.into_iter().map(|house| (house.id, house)).collect();
    let mut cards = Vec::with_capacity(rows.len());
    for row in rows {
        let Some(side) = side_of(actor, &row.facts()) else { continue };
        let noted = row.state() == RequestState::FormalChannelOpened
            && store::channels(conn, row.id).await?.iter().any(|channel| channel.side == side.as_str());
        cards.push(card(ctx, &row, (side, actor.account, noted), &houses)?);
    }
    Ok(cards)
}

fn card(
    ctx: &Ctx,
    row: &Row,
    (side, reader, noted): (RequestSide, Uuid, bool),
    houses: &HashMap<Uuid, NamedOrganisation>,
) -> Result<Card, Problem> {
    let next = next(row, side, reader, noted);
    Ok(Card {
        id: row.id,
        kind: row.kind(),
        title: sealed::said(ctx, row)?.title,
        state: row.state(),
        urgency: row.urgency(),
        marking: row.marking.clone(),
        labels: Labels::of(row.labels.as_deref()),
        outcome: row.outcome(),
        asker: houses.get(&row.asker).cloned(),
        asked: houses.get(&row.asked).cloned(),
        side,
        next,
        waits: next.is_mine(),
        clock: ClockView::of(row, ctx.now()),
        exercise: row.exercise,
        created_at: rfc3339(row.created_at),
        changed_at: rfc3339(row.changed_at),
        closed_at: row.closed_at.map(rfc3339),
    })
}

impl Card {
    /// Whether it belongs into somebody's inbox: it waits for them, or for their organisation to answer.
    pub(super) fn comes_in(&self) -> bool {
        let to_answer = matches!(self.state, RequestState::Sent | RequestState::Acknowledged | RequestState::Clarifying);
        self.waits || self.side == RequestSide::Asked && to_answer
    }

    /// Whether the next step is the reader's.
    pub(super) fn waits(&self) -> bool {
        self.waits
    }

    /// Whether its time is over and nobody has answered.
    pub(super) fn is_late(&self) -> bool {
        self.clock.as_ref().is_some_and(|clock| clock.left < 0 && !clock.ended)
    }

    /// Whether the reader's organisation has asked.
    pub(super) fn goes_out(&self) -> bool {
        self.side == RequestSide::Asker
    }
}

/// Something that has become of a request.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = CoordinationStep)]
struct StepView {
    at: String,
    /// Null for what time has done.
    by: Option<Person>,
    /// `written`, `changed`, `to_screen`, `screened`, `returned`, `sent`, `acknowledged`, `handed_over`, `question`, `explained`,
    /// `answered`, `noted`, `forwarded`, `closed`, `overdue` or `overdue_house`.
    what: String,
    /// What was said with it.
    text: Option<String>,
}

/// What was answered.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = CoordinationReply)]
struct ReplyView {
    outcome: Outcome,
    text: String,
    ground: Option<Ground>,
    /// Who is competent.
    competent: Option<NamedOrganisation>,
    at: String,
    by: Option<Person>,
}

/// Where a request goes on, as one side has noted it.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = CoordinationReference)]
struct ReferenceView {
    side: String,
    kind: Channel,
    reference: String,
    at: String,
    by: Option<Person>,
}

/// Who has read it, and when first.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = CoordinationReader)]
struct ReaderView {
    person: Person,
    at: String,
}

/// A request as one of its readers sees it.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = CoordinationDetails)]
pub(super) struct Details {
    #[serde(flatten)]
    card: Card,
    body: String,
    author: Option<Person>,
    /// Who was named to look through it.
    screener: Option<Person>,
    /// Who has looked through it.
    screened_by: Option<Person>,
    /// Who has it in hand.
    handler: Option<Person>,
    sent_at: Option<String>,
    acknowledged_at: Option<String>,
    acknowledged_by: Option<Person>,
    reply: Option<ReplyView>,
    references: Vec<ReferenceView>,
    steps: Vec<StepView>,
    readers: Vec<ReaderView>,
    /// It is looked through by a second person before it is sent.
    takes_two: bool,
    /// Who could be named: on a draft, who could look through it; on what came in, who could have it in hand.
    colleagues: Vec<Person>,
    /// The draft that was made of it for the organisation that is competent; for the asking side.
    forwarded_to: Option<Uuid>,
    forwarded_from: Option<Uuid>,
    /// `done`, or `withdrawn` before there was an answer.
    closing: Option<String>,
    /// How often it was told that nobody has answered.
    escalation: i64,
    /// What the reader may do now.
    can: Vec<RequestAction>,
    /// To be sent back with a change.
    revision: i64,
}

/// A request in full, for one of its readers.
pub(super) async fn details(ctx: &Ctx, conn: &mut Conn, actor: &Actor, row: Row) -> Result<Details, Problem> {
    let side = side_of(actor, &row.facts()).ok_or_else(Problem::not_found)?;
    let (steps, readers) = (store::steps(conn, row.id).await?, store::readers(conn, row.id).await?);
    let references = store::channels(conn, row.id).await?;
    let colleagues = colleagues(ctx, conn, actor, &row).await?;
    let known = Known::load(ctx, conn, &row, &steps, &readers, &references, &colleagues).await?;
    let noted = references.iter().any(|channel| channel.side == side.as_str());
    let card = card(ctx, &row, (side, actor.account, noted), &known.houses)?;
    let asks = side == RequestSide::Asker;
    let said = |step: &store::Step| step.words.as_ref().map(|words| sealed::open(ctx, row.id, Place::Step, words)).transpose();
    let steps = steps.iter().filter(|step| asks || !is_inside(&step.what));
    let steps = steps
        .map(|step| Ok(StepView { at: rfc3339(step.at), by: known.person(step.by), what: step.what.clone(), text: said(step)? }));
    let readers = readers.iter().filter_map(|r| Some(ReaderView { person: known.person(Some(r.account))?, at: rfc3339(r.at) }));
    Ok(Details {
        body: sealed::said(ctx, &row)?.body,
        author: known.person(Some(row.author)),
        screener: known.person(row.screener),
        screened_by: known.person(row.screened_by),
        handler: known.person(row.handler),
        sent_at: row.sent_at.map(rfc3339),
        acknowledged_at: row.acknowledged_at.map(rfc3339),
        acknowledged_by: known.person(row.acknowledged_by),
        reply: known.reply(ctx, &row)?,
        references: known.references(ctx, row.id, &references)?,
        steps: steps.collect::<Result<_, Problem>>()?,
        readers: readers.collect(),
        takes_two: takes_two(&row.marking),
        colleagues: colleagues.iter().filter_map(|id| known.person(Some(*id))).collect(),
        forwarded_to: row.forwarded_to.filter(|_| asks),
        forwarded_from: row.forwarded_from.filter(|_| asks),
        can: steps_now(actor, &row),
        closing: row.closing.clone(),
        escalation: row.escalation,
        revision: row.revision,
        card,
    })
}

/// Whether a step is the asking organisation's own affair.
fn is_inside(what: &str) -> bool {
    matches!(what, "written" | "changed" | "to_screen" | "screened" | "returned" | "forwarded")
}

/// What somebody may do with a request as it stands.
fn steps_now(actor: &Actor, row: &Row) -> Vec<RequestAction> {
    let may =
        |action: RequestAction| row.state().takes(action) && may_with_request(actor, action, &row.facts()) == Decision::Allow;
    RequestAction::STEPS.into_iter().filter(|action| may(*action)).filter(|action| fits(*action, row)).collect()
}

/// Whether a step makes sense beyond its time.
pub(super) fn fits(action: RequestAction, row: &Row) -> bool {
    match action {
        RequestAction::Forward => row.outcome() == Some(Outcome::NotCompetent) && row.forwarded_to.is_none(),
        RequestAction::Note => row.outcome() != Some(Outcome::NotCompetent),
        _ => true,
    }
}

async fn colleagues(ctx: &Ctx, conn: &mut Conn, actor: &Actor, row: &Row) -> Result<Vec<Uuid>, Problem> {
    let may = |action| may_with_request(actor, action, &row.facts()) == Decision::Allow;
    if may(RequestAction::Change) && row.state().takes(RequestAction::Change) && takes_two(&row.marking) {
        return Ok(people::colleagues(conn, ctx, row.asker, row.author).await?);
    }
    if may(RequestAction::HandOver) && row.state().takes(RequestAction::HandOver) {
        return Ok(people::colleagues(conn, ctx, row.asked, Uuid::nil()).await?);
    }
    Ok(Vec::new())
}

/// The people and organisations of a request.
struct Known {
    people: HashMap<Uuid, Person>,
    houses: HashMap<Uuid, NamedOrganisation>,
}

impl Known {
    async fn load(
        ctx: &Ctx,
        conn: &mut Conn,
        row: &Row,
        steps: &[store::Step],
        readers: &[store::Reader],
        references: &[store::FormalReference],
        colleagues: &[Uuid],
    ) -> Result<Self, Problem> {
        let mut ids = vec![row.author];
        ids.extend([row.screener, row.screened_by, row.handler, row.acknowledged_by, row.answered_by].into_iter().flatten());
        ids.extend(steps.iter().filter_map(|step| step.by));
        ids.extend(readers.iter().map(|reader| reader.account));
        ids.extend(references.iter().map(|reference| reference.by));
        ids.extend(colleagues);
        ids.sort_unstable();
        ids.dedup();
        let people = directory::people_by_id(conn, ctx, &ids).await?;
        let houses: Vec<Uuid> = [Some(row.asker), Some(row.asked), row.competent].into_iter().flatten().collect();
        let houses = directory::organisations_named(conn, &houses).await?;
        Ok(Self {
            people: people.into_iter().map(|person| (person.id, person)).collect(),
            houses: houses.into_iter().map(|house| (house.id, house)).collect(),
        })
    }

    fn person(&self, id: Option<Uuid>) -> Option<Person> {
        id.and_then(|id| self.people.get(&id)).cloned()
    }

    fn reply(&self, ctx: &Ctx, row: &Row) -> Result<Option<ReplyView>, Problem> {
        let Some((outcome, at)) = row.outcome().zip(row.answered_at) else { return Ok(None) };
        let text = row.reply.as_ref().map(|words| sealed::open(ctx, row.id, Place::Reply, words)).transpose()?;
        Ok(Some(ReplyView {
            outcome,
            text: text.unwrap_or_default(),
            ground: row.ground.as_deref().and_then(Ground::of),
            competent: row.competent.and_then(|id| self.houses.get(&id)).cloned(),
            at: rfc3339(at),
            by: self.person(row.answered_by),
        }))
    }

    fn references(&self, ctx: &Ctx, id: Uuid, rows: &[store::FormalReference]) -> Result<Vec<ReferenceView>, Problem> {
        let seen = rows.iter().map(|row| {
            Ok(ReferenceView {
                side: row.side.clone(),
                kind: Channel::of(&row.kind).unwrap_or(Channel::MlaLetter),
                reference: sealed::open(ctx, id, Place::Reference, &row.reference)?,
                at: rfc3339(row.at),
                by: self.person(Some(row.by)),
            })
        });
        seen.collect()
    }
}
