//! The escrow: where an operator has turned it on, three people of different organisations hold the keys of spaces, so that two
//! of them together let somebody back in who has lost theirs ([decision 32](../../../docs/decisions/0032-escrow.md)).
//!
//! A key lies there in halves, drawn anew for each two holders and sealed to each. Who agrees has their half sealed to the one who
//! asks; nobody else ever has both before them, the server neither. Which spaces, who may ask and who agree is others' to say.

use std::collections::BTreeMap;

use uuid::Uuid;

use super::crypto::{self, Key};
use super::halves;
use super::space::{NoKeys, Ring};
use super::store::{self, escrow as table};
use super::unlock::Unlocked;
use crate::access::{Actor, Decision, holds_escrow, may_agree};
use crate::base::clock::DAY;
use crate::base::db::{Error, On, Result, Tx};

/// How many hold it. Two of them are needed.
pub const HOLDERS: usize = 3;
/// How long what was asked for waits (microseconds).
pub const WAITS_FOR: i64 = DAY;
/// Bytes of a half that is sealed to somebody: the encapsulated key, the half with its mark, the tag.
const SEALED: usize = 32 + 48 + 16;

/// Somebody who holds the escrow.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Holder {
    /// The account.
    pub account: Uuid,
    /// The organisation they hold it for.
    pub organisation: Uuid,
    /// The public half that what they hold is sealed to.
    pub public: Vec<u8>,
    /// Since when (microseconds).
    pub since: i64,
}

/// What somebody asks for who has lost their keys.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Request {
    /// Its id.
    pub id: Uuid,
    /// The space whose key they ask for.
    pub space: Uuid,
    /// Who asks.
    pub account: Uuid,
    /// The public half that it is to be sealed to.
    pub public: Vec<u8>,
    /// When (microseconds).
    pub asked_at: i64,
    /// Until when it waits (microseconds).
    pub expires_at: i64,
    /// `waiting`, `opened`, `refused`, `lapsed` or `over`.
    pub state: String,
    /// The holder who has agreed already.
    pub first_by: Option<Uuid>,
    /// Who has ended it; nobody where a clock or a change did.
    pub ended_by: Option<Uuid>,
}

impl Request {
    /// Whether something may still come of it.
    pub fn waits(&self, now: i64) -> bool {
        self.state == "waiting" && now < self.expires_at
    }

    /// Whether it has waited for too long and nobody has said so yet.
    pub fn has_lapsed(&self, now: i64) -> bool {
        self.state == "waiting" && now >= self.expires_at
    }
}

/// How what was asked for ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// Two holders have agreed.
    Opened,
    /// A holder has refused.
    Refused,
    /// Nobody has decided in time.
    Lapsed,
    /// Something has changed that it rests on.
    Over,
}

impl Ended {
    /// The word in storage.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Opened => "opened",
            Self::Refused => "refused",
            Self::Lapsed => "lapsed",
            Self::Over => "over",
        }
    }
}

/// What a holder's agreement has come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Agreed {
    /// Another one has to agree, too.
    First,
    /// Who has asked holds the key again; this one had agreed first.
    Opened(Uuid),
    /// This holder's keys open nothing of what they hold: they have others now.
    Unable,
}

/// What a half is sealed to its holder for: it opens in no other place.
pub(super) fn held(space: Uuid, version: i64, holder: Uuid, partner: Uuid) -> Vec<u8> {
    [b"egida escrow ", &space.as_bytes()[..], &version.to_be_bytes(), holder.as_bytes(), partner.as_bytes()].concat()
}

/// What a half is sealed for to who has asked: the first or the second.
pub(super) fn handed(space: Uuid, version: i64, which: u8) -> Vec<u8> {
    [b"egida escrow to member ", &space.as_bytes()[..], &version.to_be_bytes(), &[which]].concat()
}

/// Who holds it; nobody where it is off.
pub async fn holders(conn: &mut impl On) -> Result<Vec<Holder>> {
    table::holders(conn).await
}

/// Who holds it for which organisation.
pub fn named(holders: &[Holder]) -> Vec<(Uuid, Uuid)> {
    holders.iter().map(|holder| (holder.account, holder.organisation)).collect()
}

/// Whether somebody who holds it has the same keys as then: if not, what they hold is useless.
pub async fn is_current(conn: &mut impl On, holder: &Holder) -> Result<bool> {
    Ok(store::public(conn, holder.account).await?.as_ref() == Some(&holder.public))
}

/// Turns it on, held by these people for these organisations. Nothing is to be kept of it when one of them has no keys.
pub async fn begin(tx: &mut Tx, at: i64, people: &[(Uuid, Uuid)]) -> Result<std::result::Result<(), NoKeys>> {
    for (account, organisation) in people.iter().copied() {
        let Some(public) = store::public(tx, account).await? else { return Ok(Err(NoKeys(account))) };
        table::add_holder(tx, &Holder { account, organisation, public, since: at }).await?;
    }
    Ok(Ok(()))
}

/// Turns it off: nothing of what it held is left. Told: of which spaces that was a key.
pub async fn end(tx: &mut Tx) -> Result<Vec<Uuid>> {
    let spaces = table::spaces(tx).await?;
    table::delete_all(tx).await?;
    tx.erases();
    Ok(spaces)
}

/// The spaces that it holds a key of.
pub async fn spaces(conn: &mut impl On) -> Result<Vec<Uuid>> {
    table::spaces(conn).await
}

/// Whether it holds every version of a space's key.
pub async fn covers(conn: &mut impl On, space: Uuid) -> Result<bool> {
    let Some((newest, _)) = store::space(conn, space).await? else { return Ok(false) };
    Ok(newest > 0 && table::versions(conn, space).await?.into_iter().eq(1..=newest))
}

/// Whether it is on and misses a version of a space's key.
pub async fn misses(conn: &mut impl On, space: Uuid) -> Result<bool> {
    Ok(!table::holders(conn).await?.is_empty() && !covers(conn, space).await?)
}

/// Seals to it what it misses of a space's key, where it is on. Told: whether it begins to hold it.
pub async fn cover(tx: &mut Tx, ring: &Ring, space: Uuid) -> Result<bool> {
    let holders = table::holders(tx).await?;
    if holders.is_empty() {
        return Ok(false);
    }
    let there = table::versions(tx, space).await?;
    let missing: Vec<_> = ring.keys.iter().filter(|(version, _)| !there.contains(version)).collect();
    for (version, key) in &missing {
        for (place, one) in holders.iter().enumerate() {
            for other in &holders[place + 1..] {
                seal_pair(tx, (space, **version), key, [one, other]).await?;
            }
        }
    }
    Ok(there.is_empty() && !missing.is_empty())
}

async fn seal_pair(tx: &mut Tx, (space, version): (Uuid, i64), key: &Key, pair: [&Holder; 2]) -> Result<()> {
    let [one, other] = pair;
    let [first, second] = halves::split(space, version, key);
    for (holder, partner, half) in [(one, other, first), (other, one, second)] {
        let (account, partner) = (holder.account, partner.account);
        let sealed = crypto::seal_to(&holder.public, &held(space, version, account, partner), &half[..]);
        let sealed = sealed.ok_or(Error::Malformed("public half of a holder"))?;
        table::add_half(tx, (space, version), (account, partner), &sealed).await?;
    }
    Ok(())
}

/// Asks for a space's key, for the keys that somebody has now. `None` if they have none.
pub async fn ask(tx: &mut Tx, id: Uuid, space: Uuid, account: Uuid, at: i64) -> Result<Option<Request>> {
    let Some(public) = store::public(tx, account).await? else { return Ok(None) };
    let request = Request {
        id,
        space,
        account,
        public,
        asked_at: at,
        expires_at: at + WAITS_FOR,
        state: "waiting".into(),
        first_by: None,
        ended_by: None,
    };
    table::add_request(tx, &request).await?;
    Ok(Some(request))
}

/// What was asked for.
pub async fn request(conn: &mut impl On, id: Uuid) -> Result<Option<Request>> {
    table::request(conn, id).await
}

/// What somebody has asked for last in a space.
pub async fn request_of(conn: &mut impl On, space: Uuid, account: Uuid) -> Result<Option<Request>> {
    table::request_of(conn, space, account).await
}

/// All that wait, and those that have lapsed and nobody has said so yet.
pub async fn waiting(conn: &mut impl On) -> Result<Vec<Request>> {
    table::waiting(conn).await
}

/// For a holder, how much waits for their agreement; `None` for anybody else.
pub async fn waits_for(conn: &mut impl On, actor: &Actor, now: i64) -> Result<Option<usize>> {
    let holders = named(&table::holders(conn).await?);
    if !holds_escrow(actor, &holders) {
        return Ok(None);
    }
    let waiting = table::waiting(conn).await?;
    let theirs = |one: &&Request| one.waits(now) && may_agree(actor, &holders, one.account, one.first_by) == Decision::Allow;
    Ok(Some(waiting.iter().filter(theirs).count()))
}

/// Whether who has asked has the same keys, still holds none of the space, and the escrow all of it.
pub async fn stands(conn: &mut impl On, request: &Request) -> Result<bool> {
    let same = store::public(conn, request.account).await?.as_ref() == Some(&request.public);
    Ok(same && covers(conn, request.space).await? && !super::space::holds(conn, request.space, request.account).await?)
}

/// Ends what was asked for; `false` if it has ended.
pub async fn finish(tx: &mut Tx, id: Uuid, how: Ended, by: Option<Uuid>) -> Result<bool> {
    tx.erases();
    table::finish(tx, id, how, by).await
}

/// Hands a holder's halves over to who has asked: the second holder's make the key with the first one's. What the first one has
/// handed over counts for the versions that there are: where one has begun since, this holder is the first.
pub async fn agree(tx: &mut Tx, holder: &Unlocked, request: &Request) -> Result<Agreed> {
    let (space, me) = (request.space, holder.account());
    let mut own: BTreeMap<(i64, Uuid), Vec<u8>> = BTreeMap::new();
    let before: BTreeMap<i64, Vec<u8>> = table::handed(tx, request.id, me).await?.into_iter().collect();
    let newest = store::space(tx, space).await?.map_or(0, |(newest, _)| newest);
    let first = request.first_by.filter(|first| *first != me && before.keys().copied().eq(1..=newest));
    for (version, partner, sealed) in table::halves(tx, space, me).await? {
        let Some(half) = crypto::open_with(holder.private(), &held(space, version, me, partner), &sealed) else {
            return Ok(Agreed::Unable);
        };
        let which = handed(space, version, if first.is_some() { 2 } else { 1 });
        let sealed = crypto::seal_to(&request.public, &which, &half).ok_or(Error::Malformed("public half of who asks"))?;
        own.insert((version, partner), sealed);
    }
    table::drop_handed(tx, request.id).await?;
    tx.erases();
    let Some(first) = first else {
        for ((version, partner), sealed) in own {
            table::add_handed(tx, request.id, version, partner, &sealed).await?;
        }
        table::set_first(tx, request.id, me).await?;
        return Ok(Agreed::First);
    };
    for (version, sealed) in before {
        let rest = own.get(&(version, first)).ok_or(Error::Malformed("half of a key"))?;
        let both = [sealed, rest.clone()].concat();
        store::put_space_key(tx, space, version, request.account, (&both, true)).await?;
    }
    table::finish(tx, request.id, Ended::Opened, Some(me)).await?;
    Ok(Agreed::Opened(first))
}

/// The key of two halves that were sealed to this person.
pub(super) fn joined(unlocked: &Unlocked, space: Uuid, version: i64, sealed: &[u8]) -> Option<Key> {
    let (first, second) = sealed.split_at_checked(SEALED)?;
    let first = crypto::open_with(unlocked.private(), &handed(space, version, 1), first)?;
    let second = crypto::open_with(unlocked.private(), &handed(space, version, 2), second)?;
    halves::join(space, version, &first, &second)
}
