//! How a room, its members and what stands in it go over the wire.

use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::super::days;
use super::super::inside::{Inside, Said};
use super::super::model::{Content, Sheet};
use super::super::sealing;
use super::super::store::entries::Entry;
use super::super::store::members::Member;
use super::super::store::{People, Room, Who};
use super::super::words::{AgeBand, Company, Kind, Phase, Risk, Side, Standing};
use crate::access::handling::{Code, Labels, RED, Withheld};
use crate::base::clock::rfc3339;
use crate::base::db::{On, Result};
use crate::context::Ctx;
use crate::directory;

/// An organisation by name.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = CaseOrganisation)]
pub(super) struct House {
    pub(super) id: Uuid,
    pub(super) name: String,
}

/// What a card shows of the child, in codes.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = CaseBrief)]
pub(super) struct Brief {
    age_band: AgeBand,
    company: Company,
    needs: Vec<String>,
    countries: Vec<String>,
}

impl From<Sheet> for Brief {
    fn from(sheet: Sheet) -> Self {
        Self { age_band: sheet.age_band, company: sheet.company, needs: sheet.needs, countries: sheet.countries }
    }
}

/// A room on the board: what is known of it without its key.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = CaseCard)]
pub(super) struct Card {
    pub(super) id: Uuid,
    /// As people call it: `K7-4QXM`.
    pub(super) reference: String,
    lead: House,
    phase: Phase,
    side: Option<Side>,
    risk: Risk,
    /// A day.
    next_review: String,
    overdue: bool,
    /// The day on which a closed room is erased.
    retention_until: Option<String>,
    /// Nothing in it is marked less strictly.
    marking: String,
    exercise: Option<Uuid>,
    changed_at: String,
    seq: i64,
    /// How much waits for a second person.
    waiting: i64,
    /// Whether the reader speaks for the lead organisation.
    leads: bool,
    /// What its sheet says, where the reader's keys are open.
    brief: Option<Brief>,
}

impl Card {
    pub(super) fn new(ctx: &Ctx, room: &Room, house: Option<Uuid>, waiting: i64, brief: Option<Brief>) -> Self {
        let open = room.closed_at.is_none();
        Self {
            id: room.id,
            reference: room.reference.clone(),
            lead: House { id: room.lead, name: room.lead_name.clone() },
            phase: room.phase(),
            side: room.side(),
            risk: room.risk(),
            overdue: open && room.next_review < days::day_of(ctx.now()),
            next_review: room.next_review.clone(),
            retention_until: room.retention_until.map(days::last_day),
            marking: room.marking.clone(),
            exercise: room.exercise,
            changed_at: rfc3339(room.changed_at),
            seq: room.seq,
            waiting,
            leads: house == Some(room.lead),
            brief,
        }
    }
}

/// Somebody in a room, who was, or who is to be.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = CaseMember)]
pub(super) struct MemberShown {
    who: Who,
    mandate: String,
    ground: String,
    state: Standing,
    invited_by: Who,
    invited_at: String,
    accepted_at: Option<String>,
    /// The last day.
    expires_at: Option<String>,
    ended_at: Option<String>,
    /// Who has confirmed them, where it took two.
    confirmed_by: Option<Who>,
    me: bool,
    /// Whether they speak for the lead organisation.
    lead: bool,
}

impl MemberShown {
    pub(super) fn new(inside: &Inside, people: &People, member: &Member) -> Self {
        Self {
            who: people.who(member.account),
            mandate: member.mandate.clone(),
            ground: member.ground.clone(),
            state: member.state(),
            invited_by: people.who(member.invited_by),
            invited_at: rfc3339(member.invited_at),
            accepted_at: member.accepted_at.map(rfc3339),
            expires_at: member.expires_at.map(days::last_day),
            ended_at: member.ended_at.map(rfc3339),
            confirmed_by: member.confirmed_by.map(|id| people.who(id)),
            me: member.account == inside.me.account,
            lead: member.organisation == inside.room.lead,
        }
    }

    /// Everybody who is named there.
    pub(super) fn named(members: &[Member]) -> impl Iterator<Item = Uuid> {
        members.iter().flat_map(|member| [Some(member.account), Some(member.invited_by), member.confirmed_by]).flatten()
    }
}

/// What the server has noted.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = CaseEvent)]
pub(super) struct EventShown {
    /// `opened`, `phase`, `invited`, … : a word.
    code: String,
    subject: Option<Who>,
    organisation: Option<House>,
    from: String,
    to: String,
}

/// An item of a room as it stands.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = CaseEntry)]
#[expect(clippy::struct_excessive_bools, reason = "facts that have nothing to do with each other")]
pub(super) struct EntryShown {
    /// The number of this wording.
    seq: i64,
    /// The number that the item began with.
    place: i64,
    item: Uuid,
    kind: Kind,
    /// Who has begun it; nobody where a clock did.
    author: Option<Who>,
    at: String,
    changed_at: String,
    marking: String,
    /// Handling codes, ascending; without any it is H0.
    handling: Vec<Code>,
    /// The words of an H3.
    restriction: Option<String>,
    /// Why it isn't said to this reader.
    withheld: Option<Withheld>,
    /// Whether it was reworded.
    revised: bool,
    deleted: bool,
    mine: bool,
    can_change: bool,
    content: Option<Content>,
    event: Option<EventShown>,
}

/// These items, opened. What is RED is noted for the record, for each who reads it.
pub(super) async fn entries(ctx: &Ctx, conn: &mut impl On, inside: &Inside, rows: Vec<Entry>) -> Result<Vec<EntryShown>> {
    let opened: Vec<_> = rows
        .into_iter()
        .map(|row| {
            let said = inside.said(&row);
            let event = sealing::event(&row);
            (row, said, event)
        })
        .collect();
    let red = opened.iter().filter(|(row, said, _)| row.marking == RED && matches!(said, Said::Open(_)));
    ctx.recorder.looked(inside.me.account, "case.read_red", red.map(|(row, ..)| format!("case_item:{}", row.item)));
    let named = opened.iter().flat_map(|(row, _, event)| [row.begun_by, event.as_ref().and_then(|event| event.subject)]);
    let people = super::super::store::people(conn, named.flatten().collect::<Vec<_>>()).await?;
    let houses: Vec<Uuid> = opened.iter().filter_map(|(.., event)| event.as_ref()?.organisation).collect();
    let houses = directory::organisations_named(conn, &houses).await?;
    let house = |id: Uuid| houses.iter().find(|house| house.id == id).map(|house| House { id, name: house.name.clone() });
    let show = |(row, said, event): (Entry, Said, Option<sealing::Event>)| {
        let (content, labels, withheld) = match said {
            Said::Open(stored) => (Some(stored.content), stored.labels, None),
            Said::Held(withheld, labels) => (None, labels, Some(withheld)),
            Said::Nothing => (None, Labels::default(), None),
        };
        EntryShown {
            can_change: content.as_ref().is_some_and(|content| may_change(inside, &row, content.kind())),
            seq: row.seq,
            place: row.place,
            item: row.item,
            kind: row.kind(),
            author: row.begun_by.map(|id| people.who(id)),
            at: rfc3339(row.begun_at),
            changed_at: rfc3339(row.at),
            revised: row.seq != row.place && !row.gone,
            deleted: row.gone,
            mine: row.begun_by == Some(inside.me.account),
            content,
            handling: labels.handling,
            restriction: labels.restriction,
            withheld,
            event: event.map(|event| EventShown {
                subject: event.subject.map(|id| people.who(id)),
                organisation: event.organisation.and_then(house),
                code: event.code,
                from: event.from,
                to: event.to,
            }),
            marking: row.marking,
        }
    };
    Ok(opened.into_iter().map(show).collect())
}

/// Whether this reader may reword an item: what is everybody's work every member, what somebody has said its author.
pub(super) fn may_change(inside: &Inside, row: &Entry, kind: Kind) -> bool {
    let open = inside.room.closed_at.is_none() && !row.gone;
    open && match kind {
        Kind::Topic | Kind::Task | Kind::Meeting => true,
        Kind::Message | Kind::Decision | Kind::Note => row.begun_by == Some(inside.me.account),
        Kind::Event | Kind::Sheet | Kind::File | Kind::Closing => false,
    }
}
