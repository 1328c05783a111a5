//! Types and rules of channels: pure.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::access::handling::{OPEN_CEILING, RED, is_carried, strictest, strictness};
use crate::access::{Action, Actor, Channel, ChannelKind, Decision, may};
use crate::base::clock::rfc3339;
use crate::base::http::Problem;
use crate::base::secret;
use crate::base::text;
use crate::directory::Person;
use crate::vocabulary::Words;

/// People of a direct channel, the one who opens it included.
pub(super) const DIRECT_PEOPLE: std::ops::RangeInclusive<usize> = 2..=8;
/// Characters of a channel's name at most.
pub(super) const NAME_MAX: usize = 80;
/// Characters of a channel's description at most.
pub(super) const DESCRIPTION_MAX: usize = 500;

/// Days that a channel can keep what is said in it.
const RETENTION_RANGE: std::ops::RangeInclusive<i64> = 1..=RETENTION_MAX;
/// The longest of these.
pub const RETENTION_MAX: i64 = 3650;

/// A channel to be created.
#[derive(Clone, Debug)]
pub struct NewChannel {
    /// Its id.
    pub id: Uuid,
    /// How one comes in.
    pub kind: ChannelKind,
    /// What it is for: country, theme, lobby, newcomers, cell, group or direct.
    pub purpose: &'static str,
    /// Its name in addresses and in `in:`.
    pub slug: Option<String>,
    /// English and French; a direct channel has none.
    pub name: Option<Words>,
    /// What it is for, in words.
    pub description: Option<Words>,
    /// The country it is about.
    pub country: Option<String>,
    /// The theme it is about.
    pub theme: Option<String>,
    /// The least strict marking that holds in it, and what a post gets that names none.
    pub marking: String,
    /// The strictest marking that may be said in it; `None` for the strictest that its kind can carry.
    pub ceiling: Option<String>,
    /// Whether every post is graded.
    pub grading: bool,
    /// How many days it keeps what is said; `None`: until somebody deletes it.
    pub retention_days: Option<i64>,
    /// Known to everybody even when closed.
    pub listed: bool,
    /// The id of its topic `General`.
    pub general: Uuid,
    /// Names the set of people of a direct channel.
    pub direct_key: Option<Vec<u8>>,
    /// Microseconds.
    pub created_at: i64,
    /// Who opened it.
    pub created_by: Option<Uuid>,
}

/// Unread messages and mentions, both capped at [`crate::base::limits::COUNT_CAP`].
#[derive(Clone, Copy, Debug, Default, Serialize, ToSchema, sqlx::FromRow)]
pub(super) struct Unread {
    /// Messages of others.
    pub(super) unread: i64,
    /// Among them, those that call the reader by name.
    pub(super) mentions: i64,
}

/// A channel's row with what concerns one reader.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct ChannelRow {
    pub(super) id: Uuid,
    pub(super) purpose: String,
    pub(super) slug: Option<String>,
    pub(super) name_en: Option<String>,
    pub(super) name_fr: Option<String>,
    pub(super) description_en: Option<String>,
    pub(super) description_fr: Option<String>,
    pub(super) seq: i64,
    pub(super) members: i64,
    pub(super) last_at: Option<i64>,
    pub(super) read_seq: Option<i64>,
    pub(super) requested: bool,
    pub(super) unread: i64,
    pub(super) mentions: i64,
}

/// A channel as its reader sees it.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Channel)]
#[expect(clippy::struct_excessive_bools, reason = "independent facts, as the screen asks for them")]
pub(super) struct ChannelView {
    id: Uuid,
    /// `open`, `closed` or `direct`.
    kind: String,
    /// `country`, `theme`, `lobby`, `newcomers`, `cell`, `group` or `direct`.
    purpose: String,
    slug: Option<String>,
    /// Null for a direct channel: name the others.
    name: Option<Words>,
    description: Option<Words>,
    country: Option<String>,
    theme: Option<String>,
    /// What a post gets that names no marking, and the least that holds here (TLP 2.0, lower case).
    marking: String,
    /// The strictest marking that may be said here.
    ceiling: String,
    /// Whether every post has to say how far its source and its information are to be trusted.
    grading: bool,
    /// How many days what is said here is kept; null: until somebody deletes it.
    retention_days: Option<i64>,
    /// Whether pictures may be attached here.
    pictures: bool,
    /// Number of the last durable change.
    head_seq: i64,
    members: i64,
    /// Whether the reader belongs to it.
    member: bool,
    /// Whether the reader has asked to be admitted.
    requested: bool,
    last_at: Option<String>,
    read_seq: i64,
    /// At most 100: show "99+".
    unread: i64,
    /// At most 100.
    mentions: i64,
    archived: bool,
    /// Until when the reader is to say nothing here.
    muted_until: Option<String>,
    /// The others of a direct channel.
    with: Vec<Person>,
    can: Can,
}

/// What the reader may do in a channel.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[expect(clippy::struct_excessive_bools, reason = "a list of independent permissions, as the screen asks for them")]
struct Can {
    read: bool,
    post: bool,
    join: bool,
    request: bool,
    /// Remove messages and members.
    moderate: bool,
    /// Pin, and rename, move, tag and resolve topics.
    arrange: bool,
    admit: bool,
    manage: bool,
}

impl ChannelView {
    pub(super) fn new(row: ChannelRow, channel: &Channel, actor: &Actor, with: Vec<Person>) -> Self {
        let allowed = |action| may(actor, action, channel) == Decision::Allow;
        let member = actor.belongs_to(channel);
        let reads = allowed(Action::Read);
        let words = |en: Option<String>, fr: Option<String>| en.map(|en| Words { fr: fr.unwrap_or_else(|| en.clone()), en });
        Self {
            id: row.id,
            kind: channel.kind.as_str().into(),
            purpose: row.purpose,
            slug: row.slug,
            name: words(row.name_en, row.name_fr),
            description: words(row.description_en, row.description_fr),
            country: channel.country.clone(),
            theme: channel.theme.clone(),
            marking: channel.marking.clone(),
            ceiling: channel.ceiling.clone(),
            grading: channel.grading,
            retention_days: channel.retention_days,
            pictures: channel.takes_pictures(),
            // How much is said in a room is not for those who may not read it.
            head_seq: if reads { row.seq } else { 0 },
            members: row.members,
            member,
            requested: row.requested,
            last_at: row.last_at.filter(|_| reads).map(rfc3339),
            read_seq: row.read_seq.unwrap_or(if reads { row.seq } else { 0 }),
            unread: row.unread,
            mentions: row.mentions,
            archived: channel.archived,
            muted_until: actor.muted_in(channel).map(rfc3339),
            with,
            can: Can {
                read: reads,
                post: allowed(Action::Post),
                join: !member && allowed(Action::Join),
                request: allowed(Action::Ask),
                moderate: allowed(Action::Moderate),
                arrange: allowed(Action::Arrange),
                admit: allowed(Action::Moderate),
                manage: allowed(Action::Manage),
            },
        }
    }
}

/// A channel's name as somebody types it; the French twin may be missing.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub(super) struct Naming {
    pub(super) en: String,
    pub(super) fr: Option<String>,
}

impl Naming {
    /// The checked words; `None` if one of them can't be used.
    pub(super) fn words(&self, max: usize) -> Option<Words> {
        let en = text::line(&self.en, max)?;
        let fr = match &self.fr {
            None => en.clone(),
            Some(fr) => text::line(fr, max)?,
        };
        Some(Words { en, fr })
    }
}

/// The strictest marking that a channel of this kind can carry: RED is for people who were named.
pub(super) fn highest(kind: ChannelKind) -> &'static str {
    if kind == ChannelKind::Open { OPEN_CEILING } else { RED }
}

/// The ceiling of a channel of this kind in which `marking` holds: the one that is asked for, or the highest.
///
/// # Errors
/// `marking_unknown`, and `marking_above_ceiling` for what its kind can't carry, or less than what holds in it.
pub(super) fn ceiling(kind: ChannelKind, marking: &str, asked: Option<&str>) -> Result<String, Problem> {
    let highest = highest(kind);
    let ceiling = asked.unwrap_or(highest);
    if strictness(marking).is_none() || strictness(ceiling).is_none() {
        return Err(marking_unknown());
    }
    if is_carried(ceiling, highest) && is_carried(marking, ceiling) {
        return Ok(ceiling.to_owned());
    }
    Err(above_ceiling(strictest(marking, ceiling), if is_carried(ceiling, highest) { ceiling } else { highest }))
}

/// The days that a channel is to keep what is said in it, if they can be given.
///
/// # Errors
/// `retention_invalid`.
pub fn retention(days: Option<i64>) -> Result<Option<i64>, Problem> {
    if days.is_some_and(|days| !RETENTION_RANGE.contains(&days)) {
        let problem =
            Problem::unprocessable("retention_invalid", "A channel keeps what is said for 1 to 3650 days, or without end");
        return Err(problem.with("limit", RETENTION_MAX));
    }
    Ok(days)
}

/// There is no such marking.
pub(super) fn marking_unknown() -> Problem {
    Problem::unprocessable("marking_unknown", "There is no such handling marking")
}

/// What is marked so is too strict for a place with this ceiling.
pub fn above_ceiling(marking: &str, ceiling: &str) -> Problem {
    Problem::conflict("marking_above_ceiling", "This channel carries nothing that is marked so strictly")
        .with("marking", marking)
        .with("ceiling", ceiling)
}

/// The name of a set of people: the same people always meet in the same direct channel.
pub fn direct_key(people: &[Uuid]) -> Vec<u8> {
    let mut people: Vec<String> = people.iter().map(Uuid::to_string).collect();
    people.sort_unstable();
    people.dedup();
    secret::hash(&people.join(",")).to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_open_channel_carries_nothing_red() {
        use ChannelKind::{Closed, Direct, Open};
        let rows = [
            (Open, "green", None, Ok("amber+strict")),
            (Closed, "green", None, Ok("red")),
            (Direct, "green", None, Ok("red")),
            (Open, "green", Some("green"), Ok("green")),
            (Open, "green", Some("red"), Err("marking_above_ceiling")),
            (Open, "red", None, Err("marking_above_ceiling")),
            (Closed, "red", None, Ok("red")),
            (Closed, "amber", Some("green"), Err("marking_above_ceiling")),
            (Closed, "pink", None, Err("marking_unknown")),
            (Closed, "green", Some("pink"), Err("marking_unknown")),
        ];
        for (kind, marking, asked, expected) in rows {
            let found = ceiling(kind, marking, asked);
            let found = found.as_deref().map_err(Problem::code);
            assert_eq!(found, expected, "{kind:?} {marking} {asked:?}");
        }
    }

    #[test]
    fn a_channel_keeps_what_is_said_for_a_day_to_ten_years() {
        for days in [None, Some(1), Some(90), Some(3650)] {
            assert_eq!(retention(days).ok(), Some(days));
        }
        for days in [0, -1, 3651, i64::MAX] {
            assert_eq!(retention(Some(days)).expect_err("refused").code(), "retention_invalid", "{days}");
        }
    }

    #[test]
    fn the_order_of_people_does_not_matter() {
        let (a, b, c) = (Uuid::from_u128(1), Uuid::from_u128(2), Uuid::from_u128(3));
        assert_eq!(direct_key(&[a, b, c]), direct_key(&[c, a, b, a]));
        assert_ne!(direct_key(&[a, b]), direct_key(&[a, c]));
    }

    #[test]
    fn a_missing_french_name_is_the_english_one() {
        let naming = Naming { en: " Joint  checks ".into(), fr: None };
        assert_eq!(naming.words(80), Some(Words::new("Joint checks", "Joint checks")));
        assert_eq!(Naming { en: "ok".into(), fr: Some("\u{7}".into()) }.words(80), None);
    }
}
