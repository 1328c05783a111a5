//! The demo's case rooms: invented children, and the keys of the people who work on them, opened by everybody's password.

use std::collections::{BTreeSet, HashMap};

use serde::Deserialize;
use serde_json::Value;
use uuid::Uuid;

use super::{Failure, People, Texts};
use crate::access::handling::Labels;
use crate::base::clock::{DAY, HOUR};
use crate::base::{db, secret};
use crate::cases::{self, ImportedCase, ImportedEntry, ImportedMember};
use crate::context::Ctx;
use crate::identity;
use crate::keys::{self, Derived};

/// The file of rooms.
const FILE: &str = "cases.json";

#[derive(Deserialize)]
struct Room {
    founder: Uuid,
    opened_days_ago: i64,
    phase: String,
    risk: String,
    review_in_days: i64,
    sheet: Value,
    members: Vec<Member>,
    entries: Vec<Entry>,
}

#[derive(Deserialize)]
struct Member {
    person: Uuid,
    mandate: String,
    ground: String,
    #[serde(default)]
    invited: bool,
}

#[derive(Deserialize)]
struct Entry {
    by: Uuid,
    hours_ago: i64,
    content: Value,
    #[serde(default)]
    marking: Option<String>,
    #[serde(default)]
    labels: Labels,
    /// What the topic is called in this file.
    #[serde(default)]
    named: Option<String>,
    /// The topic that it is said in.
    #[serde(default)]
    within: Option<String>,
}

/// Makes the keys and opens the rooms: their ids, in the order of the file.
pub(super) async fn fill(ctx: &Ctx, known: &People, password: &str) -> Result<Vec<Uuid>, Failure> {
    let rooms = rooms(known)?;
    let people: BTreeSet<Uuid> =
        rooms.iter().flat_map(|room| room.members.iter().map(|member| member.person).chain([room.founder])).collect();
    make_keys(ctx, people, password).await?;
    let mut ids = Vec::with_capacity(rooms.len());
    for room in rooms {
        let imported = imported(ctx, room);
        let inner = ctx.clone();
        let opened: db::Result<Uuid> = ctx.db.write(async move |tx| cases::import_case(tx, &inner, &imported).await).await;
        ids.push(opened?);
    }
    Ok(ids)
}

/// The rooms of the file, everybody in it by their id.
fn rooms(known: &People) -> Result<Vec<Room>, Failure> {
    let file = Texts::get(FILE).ok_or_else(|| Failure::new(format!("the demo's {FILE} is missing")))?;
    let mut text = String::from_utf8_lossy(&file.data).into_owned();
    for (handle, (id, _)) in known {
        text = text.replace(&format!("\"@{handle}\""), &format!("\"{id}\""));
    }
    serde_json::from_str(&text).map_err(|error| Failure::new(format!("the demo's {FILE}: {error}")))
}

/// Makes the keys of people who have none, opened by this password.
pub(super) async fn make_keys(ctx: &Ctx, people: BTreeSet<Uuid>, password: &str) -> Result<(), Failure> {
    let salt = secret::random();
    let key = identity::Hasher::new().derive(password.to_owned(), salt).await;
    let derived = Derived { key: key.map_err(|_| Failure::new("password: no key could be derived"))?, salt };
    let inner = ctx.clone();
    let made: db::Result<()> = ctx
        .db
        .write(async move |tx| {
            for account in &people {
                keys::import(tx, &inner, *account, &derived).await?;
            }
            Ok(())
        })
        .await;
    Ok(made?)
}

fn imported(ctx: &Ctx, room: Room) -> ImportedCase {
    let now = ctx.now();
    let mut topics: HashMap<String, Uuid> = HashMap::new();
    let mut entries = Vec::with_capacity(room.entries.len());
    for Entry { by, hours_ago, mut content, marking, labels, named, within } in room.entries {
        let item = ctx.id();
        if let Some(name) = named {
            topics.insert(name, item);
        }
        if let Some(topic) = within.and_then(|name| topics.get(&name)) {
            content["topic"] = topic.to_string().into();
        }
        entries.push(ImportedEntry { item, author: by, at: now - hours_ago * HOUR, content, marking, labels });
    }
    let member = |member: Member| ImportedMember {
        account: member.person,
        mandate: member.mandate,
        ground: member.ground,
        accepted: !member.invited,
    };
    ImportedCase {
        founder: room.founder,
        at: now - room.opened_days_ago * DAY,
        phase: room.phase,
        risk: room.risk,
        next_review: jiff::Timestamp::from_microsecond(now + room.review_in_days * DAY)
            .map_or_else(|_| String::new(), |day| day.strftime("%F").to_string()),
        sheet: room.sheet,
        exercise: None,
        members: room.members.into_iter().map(member).collect(),
        entries,
    }
}
