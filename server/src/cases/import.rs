//! Rooms of a bulk load: as if their people had opened them and written in them.

use serde_json::Value;
use uuid::Uuid;

use super::acts::{self, Opening};
use super::days;
use super::inside::Refused;
use super::model::{Content, Sheet, TERMS, reference};
use super::sealing::{self, Event, Stored, Write};
use super::store;
use super::store::members::{self, NewMember};
use super::words::{Ground, Mandate, Phase, Risk, Standing, Word};
use crate::access::handling::Labels;
use crate::base::clock::{DAY, HOUR};
use crate::base::db::{Error, Result, Tx};
use crate::base::secret;
use crate::context::Ctx;

/// A room of a bulk load.
#[derive(Clone, Debug)]
pub struct ImportedCase {
    /// Who has opened it, for where they work.
    pub founder: Uuid,
    /// When (microseconds).
    pub at: i64,
    /// The word of its phase.
    pub phase: String,
    /// The word of its risk.
    pub risk: String,
    /// A day, whatever the risk says.
    pub next_review: String,
    /// What is on its sheet, as the outer contract has it.
    pub sheet: Value,
    /// The exercise that it is made up for.
    pub exercise: Option<Uuid>,
    /// Its other people.
    pub members: Vec<ImportedMember>,
    /// What was written in it, oldest first.
    pub entries: Vec<ImportedEntry>,
}

/// Somebody in a room of a bulk load.
#[derive(Clone, Debug)]
pub struct ImportedMember {
    /// The account.
    pub account: Uuid,
    /// The word of the mandate.
    pub mandate: String,
    /// The word of the ground.
    pub ground: String,
    /// Whether they have accepted.
    pub accepted: bool,
}

/// Something written in a room of a bulk load.
#[derive(Clone, Debug)]
pub struct ImportedEntry {
    /// Its id.
    pub item: Uuid,
    /// By whom.
    pub author: Uuid,
    /// When (microseconds).
    pub at: i64,
    /// As the outer contract has it.
    pub content: Value,
    /// Its marking, where it isn't the room's.
    pub marking: Option<String>,
    /// Its handling codes, with the words of an H3.
    pub labels: Labels,
}

/// Opens a room of a bulk load. Its people must have keys.
pub async fn import_case(tx: &mut Tx, ctx: &Ctx, new: &ImportedCase) -> Result<Uuid> {
    let malformed = |what: &'static str| move || Error::Malformed(what);
    let sheet: Sheet = serde_json::from_value(new.sheet.clone()).map_err(|_| Error::Malformed("imported sheet"))?;
    let sheet = sheet.checked().map_err(|_| Error::Malformed("imported sheet"))?;
    let (phase, risk) = Phase::of(&new.phase).zip(Risk::of(&new.risk)).ok_or_else(malformed("imported case"))?;
    let people = store::people(tx, new.members.iter().map(|member| member.account).chain([new.founder])).await?;
    let house = |account| people.who(account).organisation.ok_or_else(malformed("imported member"));
    let opening = Opening {
        id: ctx.id(),
        lead: house(new.founder)?,
        by: new.founder,
        at: new.at,
        sheet,
        risk,
        next_review: new.next_review.clone(),
        marking: "amber+strict".into(),
        exercise: new.exercise,
    };
    let id = opening.id;
    let references: Vec<String> = (0..4).map(|_| reference(secret::random())).collect();
    let others: Vec<Uuid> = new.members.iter().map(|member| member.account).collect();
    let opened = acts::open(tx, ctx, &opening, &references, &others).await.map_err(|refused| match refused {
        Refused::Storage(error) => error,
        Refused::By(_) => Error::Malformed("imported case"),
    });
    let (_, ring) = opened?;
    let room = store::room(tx, id).await?.ok_or_else(malformed("imported case"))?;
    for member in &new.members {
        let known = Mandate::of(&member.mandate).zip(Ground::of(&member.ground));
        let (mandate, ground) = known.ok_or_else(malformed("imported member"))?;
        let row = NewMember {
            room: id,
            account: member.account,
            organisation: house(member.account)?,
            mandate: mandate.as_str(),
            ground: ground.as_str(),
            state: if member.accepted { Standing::Active } else { Standing::Invited },
            invited_by: new.founder,
            at: new.at,
            expires_at: Some(ctx.now() + days::MANDATE_DAYS * DAY),
            terms: member.accepted.then_some(TERMS),
        };
        members::put(tx, &row).await?;
        sealing::note(tx, &room, ctx.id(), Some(new.founder), new.at, &Event::with("invited", member.account)).await?;
        if member.accepted {
            let accepted = Event::with("accepted", member.account);
            sealing::note(tx, &room, ctx.id(), Some(member.account), new.at + HOUR, &accepted).await?;
        }
    }
    if phase != Phase::Identification {
        store::set_phase(tx, id, phase).await?;
        let turn = Event::turn("phase", Phase::Identification.as_str(), phase.as_str());
        sealing::note(tx, &room, ctx.id(), Some(new.founder), new.at + DAY, &turn).await?;
    }
    for entry in &new.entries {
        let content: Content = serde_json::from_value(entry.content.clone()).map_err(|_| Error::Malformed("imported entry"))?;
        let content = content.entered().map_err(|_| Error::Malformed("imported entry"))?;
        let marking = entry.marking.as_deref();
        let write = Write { room: &room, item: entry.item, before: None, author: entry.author, at: entry.at, marking };
        let stored = Stored { labels: entry.labels.clone(), ..content.into() };
        sealing::write(tx, &ring, &write, &stored).await?;
    }
    Ok(id)
}
