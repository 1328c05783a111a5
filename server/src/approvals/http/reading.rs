//! An export as it is written: some rows at a time.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use bytes::Bytes;
use futures_util::stream;
use serde_json::json;
use uuid::Uuid;

use super::table::{self, Head, Row};
use crate::access::Decision;
use crate::approvals::model::{Format, What};
use crate::approvals::rules::{self, Seen};
use crate::base::clock::rfc3339;
use crate::base::db::{self, Conn};
use crate::base::http::Problem;
use crate::channels::{self, topics};
use crate::context::Ctx;
use crate::directory;
use crate::identity::{self, Caller};
use crate::messages::{self, Leaving};

/// Rows read at a time.
const AT_ONCE: i64 = 500;

/// Where a reading goes on.
enum Place {
    /// Nothing is written yet.
    Head,
    /// After that message.
    Message(i64),
    /// After that member.
    Member(Option<Uuid>),
    /// After that address.
    Everybody(String),
    /// All rows are written, and what stands below them is to be.
    Foot,
}

/// An export under way.
pub(super) struct Reading {
    ctx: Ctx,
    caller: Caller,
    what: What,
    format: Format,
    head: Head,
    /// Nothing that was said after this place leaves.
    upto: i64,
    titles: HashMap<Uuid, String>,
    /// Messages that may not leave.
    kept: usize,
    /// Whether a row is written: what separates rows stands before each but the first.
    begun: bool,
}

impl Reading {
    /// Of what was approved, in this form.
    pub(super) fn new(ctx: Ctx, caller: Caller, seen: Seen, format: Format, head: Head) -> Self {
        let (what, upto) = (seen.what, seen.row.upto);
        Self { ctx, caller, what, format, head, upto, titles: HashMap::new(), kept: 0, begun: false }
    }

    /// The whole, some rows at a time, so that memory stays flat however many there are. Who may no longer have them gets no
    /// more of them, and the answer breaks off, so that nobody takes a part for the whole.
    pub(super) fn written(self) -> impl stream::Stream<Item = std::io::Result<Bytes>> {
        stream::unfold(Some((self, Place::Head)), |state| async {
            let (mut reading, place) = state?;
            match reading.part(place).await {
                Ok((text, Some(place))) => Some((Ok(Bytes::from(text)), Some((reading, place)))),
                Ok((text, None)) => Some((Ok(Bytes::from(text)), None)),
                Err(problem) => Some((Err(std::io::Error::other(problem.code())), None)),
            }
        })
    }

    /// What is written next, and where it goes on; nowhere after the end.
    async fn part(&mut self, place: Place) -> Result<(String, Option<Place>), Problem> {
        let ctx = self.ctx.clone();
        if !identity::stands(&ctx, self.caller.account(), self.caller.credential).await? {
            return Err(Problem::not_signed_in());
        }
        let caller = self.caller.clone().renewed(&ctx).await?;
        if rules::decision(&ctx, &caller.actor, &self.what, None).await? != Decision::Allow {
            return Err(Problem::forbidden());
        }
        let mut conn = ctx.db.read().await?;
        let (rows, next) = match place {
            Place::Head => return Ok((self.above(), Some(self.first()))),
            Place::Message(after) => self.said(&mut conn, after).await?,
            Place::Member(after) => self.members(&mut conn, after).await?,
            Place::Everybody(after) => self.everybody(&mut conn, &after).await?,
            Place::Foot => return Ok((self.below(), None)),
        };
        Ok((rows.iter().map(|row| self.line(row)).collect(), Some(next)))
    }

    fn first(&self) -> Place {
        match self.what {
            What::ChannelExport { .. } => Place::Message(0),
            What::MemberExport { channel: Some(_), .. } => Place::Member(None),
            _ => Place::Everybody(String::new()),
        }
    }

    /// What was said up to when it was asked for.
    async fn said(&mut self, conn: &mut Conn, after: i64) -> db::Result<(Vec<Row>, Place)> {
        let mut part = messages::leaving(conn, self.what.channel().unwrap_or_default(), after, AT_ONCE).await?;
        part.retain(|one| one.seq <= self.upto);
        let next = part.last().map_or(Place::Foot, |last| Place::Message(last.seq));
        let mut rows = Vec::with_capacity(part.len());
        for Leaving { topic, message, deleted, .. } in part {
            let title = match self.titles.entry(topic) {
                Entry::Occupied(known) => known.into_mut(),
                // A title has no label of its own. It leaves with the message that began its topic, or not at all.
                Entry::Vacant(free) => free.insert(match message {
                    Some(_) => topics::topic(conn, topic).await?.map(|topic| topic.title).unwrap_or_default(),
                    None => String::new(),
                }),
            };
            match message {
                Some(message) => rows.push(Row::said(message, title.clone())),
                None => self.kept += usize::from(!deleted),
            }
        }
        Ok((rows, next))
    }

    async fn members(&mut self, conn: &mut Conn, after: Option<Uuid>) -> db::Result<(Vec<Row>, Place)> {
        let members = channels::members(conn, self.what.channel().unwrap_or_default(), after, AT_ONCE).await?;
        let Some((last, _)) = members.last().copied() else { return Ok((Vec::new(), Place::Foot)) };
        Ok((self.people(conn, &members).await?, Place::Member(Some(last))))
    }

    async fn everybody(&mut self, conn: &mut Conn, after: &str) -> db::Result<(Vec<Row>, Place)> {
        let accounts = identity::accounts(conn, "", after, AT_ONCE).await?;
        let Some(last) = accounts.last().map(|account| account.email.clone()) else { return Ok((Vec::new(), Place::Foot)) };
        let since: Vec<_> = accounts.iter().map(|account| (account.id, account.created_at)).collect();
        Ok((self.people(conn, &since).await?, Place::Everybody(last)))
    }

    /// Those of these accounts that are active, each with since when.
    async fn people(&self, conn: &mut Conn, since: &[(Uuid, i64)]) -> db::Result<Vec<Row>> {
        let since: HashMap<Uuid, i64> = since.iter().copied().collect();
        let ids: Vec<_> = since.keys().copied().collect();
        let mut people = directory::people_by_id(conn, &self.ctx, &ids).await?;
        people.sort_by(|one, other| (&one.name, one.id).cmp(&(&other.name, other.id)));
        let of = |id| rfc3339(since.get(&id).copied().unwrap_or_default());
        Ok(people.into_iter().map(|person| (of(person.id), person)).map(|(since, person)| Row::member(person, since)).collect())
    }

    fn above(&self) -> String {
        match self.format {
            Format::Csv => table::columns(&self.head),
            Format::Json | Format::Print => format!("{{\"export\":{},\"items\":[", json!(self.head)),
        }
    }

    fn line(&mut self, row: &Row) -> String {
        match self.format {
            Format::Csv => table::line(row, &self.head),
            Format::Json | Format::Print => {
                let separator = if std::mem::replace(&mut self.begun, true) { ",\n" } else { "\n" };
                format!("{separator}{}", json!(row))
            }
        }
    }

    fn below(&self) -> String {
        match self.format {
            Format::Csv => String::new(),
            Format::Json | Format::Print => format!("\n],\"left_out\":{}}}\n", self.kept),
        }
    }
}
