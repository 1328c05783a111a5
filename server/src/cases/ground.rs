//! What a referral must know of the room that it comes from, and its line in the room's timeline.

use uuid::Uuid;

use super::inside::allow;
use super::model::{Content, Sheet};
use super::sealing::{self, Event};
use super::store::entries::{self, Asked};
use super::store::{self, members};
use super::words::{Kind, Word};
use crate::access::{Actor, CaseAction};
use crate::base::db::{On, Result, Tx};
use crate::context::Ctx;
use crate::directory;
use crate::keys::{self, Ring, Unlocked};

/// What a referral stands on.
#[derive(Clone, Debug)]
pub struct Ground {
    /// The room.
    pub case: Uuid,
    /// As people call it.
    pub reference: String,
    /// The organisation that leads it.
    pub lead: Uuid,
    /// Where that works; empty: the whole region.
    pub country: String,
    /// `14-15`.
    pub age_band: String,
    /// Whether the best interests were assessed.
    pub bia_done: bool,
    /// `not_needed`, `pending` or `done`.
    pub bid: String,
    /// `none`, `requested` or `appointed`.
    pub guardian: String,
    /// Its members now.
    pub members: Vec<Uuid>,
    /// The exercise that it is made up for.
    pub exercise: Option<Uuid>,
    /// Whether this person speaks for the lead organisation, and the room is open: then they may refer.
    pub leads: bool,
}

/// The ground of a referral, for a member whose keys are open; `None` for anybody else, as if there were no room.
pub async fn ground(conn: &mut impl On, actor: &Actor, unlocked: &Unlocked, case: Uuid) -> Result<Option<Ground>> {
    if allow(conn, actor, CaseAction::Read, case).await.is_err() {
        return Ok(None);
    }
    let (Some(room), Some(ring)) = (store::room(conn, case).await?, keys::open(conn, unlocked, case).await?) else {
        return Ok(None);
    };
    let Some(sheet) = sheet(conn, &ring, case).await? else { return Ok(None) };
    let lead = directory::organisations_named(conn, &[room.lead]).await?.pop();
    let members = members::of(conn, case).await?;
    Ok(Some(Ground {
        case,
        reference: room.reference,
        lead: room.lead,
        country: lead.and_then(|lead| lead.country).unwrap_or_default(),
        age_band: sheet.age_band.as_str().into(),
        bia_done: sheet.bia,
        bid: sheet.bid.as_str().into(),
        guardian: sheet.guardian.as_str().into(),
        members: members.iter().filter(|member| member.is_active()).map(|member| member.account).collect(),
        exercise: room.exercise,
        leads: actor.organisation == Some(room.lead) && room.closed_at.is_none(),
    }))
}

async fn sheet(conn: &mut impl On, ring: &Ring, case: Uuid) -> Result<Option<Sheet>> {
    let asked = Asked { kinds: vec![Kind::Sheet], limit: 1, ..Asked::default() };
    let entry = entries::page(conn, case, &asked).await?.pop();
    let content = entry.and_then(|entry| sealing::open(ring, case, &entry)).map(|stored| stored.content);
    Ok(match content {
        Some(Content::Sheet { sheet }) => Some(*sheet),
        _ => None,
    })
}

/// Puts a step of a referral into a room's timeline: `code` says which (`send`), `by` who of the room has taken it. Nobody is named who
/// isn't in the room: where a child may be going is for those who send it there. A room that was erased has no timeline.
pub async fn note_referral(tx: &mut Tx, ctx: &Ctx, case: Uuid, by: Option<Uuid>, code: &str, reference: &str) -> Result<()> {
    let Some(room) = store::room(tx, case).await? else { return Ok(()) };
    let event = Event { to: reference.into(), ..Event::new(&format!("referral_{code}")) };
    let seq = sealing::note(tx, &room, ctx.id(), by, ctx.now(), &event).await?;
    let members = members::of(tx, case).await?;
    super::notice::changed(tx, ctx, case, seq, &members);
    Ok(())
}
