//! Sealed spaces: a key with versions, each sealed to the members of its time.

use std::collections::{BTreeMap, HashSet};

use uuid::Uuid;

use super::crypto::{self, Key};
use super::escrow;
use super::store;
use super::unlock::Unlocked;
use crate::base::db::{Error, On, Result, Tx};

/// Bytes of the version's number before what is sealed.
const VERSION: usize = 8;

/// This person has no key pair: nothing can be sealed to them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoKeys(pub Uuid);

/// The versions of a space's key that somebody holds. There is at least one. Wiped when it goes out of use.
pub struct Ring {
    pub(super) keys: BTreeMap<i64, Key>,
}

impl Ring {
    /// Seals with the newest version. It opens for the same `bound` only: what it belongs to, its place, its author, its marking.
    ///
    /// # Panics
    /// Never: a ring has at least one key.
    #[expect(clippy::expect_used, reason = "a ring is made with its first key")]
    pub fn seal(&self, bound: &[u8], plain: &[u8]) -> Vec<u8> {
        let (version, key) = self.keys.last_key_value().expect("a first key");
        [&version.to_be_bytes()[..], &crypto::seal(key, bound, plain)].concat()
    }

    /// Opens what was sealed with a version that this person holds.
    pub fn open(&self, bound: &[u8], sealed: &[u8]) -> Option<Vec<u8>> {
        let (version, sealed) = sealed.split_first_chunk::<VERSION>()?;
        crypto::open(self.keys.get(&i64::from_be_bytes(*version))?, bound, sealed)
    }

    /// The newest version.
    pub fn version(&self) -> i64 {
        self.keys.last_key_value().map_or(0, |(version, _)| *version)
    }
}

/// What a version of a space's key is sealed for: it opens in no other place.
pub(super) fn purpose(space: Uuid, version: i64) -> Vec<u8> {
    [b"egida space ", &space.as_bytes()[..], &version.to_be_bytes()].concat()
}

/// Makes a space with the first version of its key, for these members. Nothing is to be kept of it when one of them has no keys.
pub async fn create(tx: &mut Tx, space: Uuid, members: &[Uuid]) -> Result<std::result::Result<Ring, NoKeys>> {
    store::insert_space(tx, space).await?;
    begin_version(tx, Ring { keys: BTreeMap::new() }, space, members).await
}

async fn begin_version(tx: &mut Tx, ring: Ring, space: Uuid, members: &[Uuid]) -> Result<std::result::Result<Ring, NoKeys>> {
    let (version, key, mut ring) = (store::next_version(tx, space).await?, crypto::key(), ring);
    for member in members {
        if !store::give(tx, space, version, &key, *member).await? {
            return Ok(Err(NoKeys(*member)));
        }
    }
    ring.keys.insert(version, key);
    Ok(Ok(ring))
}

/// The space's keys that this person holds; `None` if they hold none.
pub async fn open(conn: &mut impl On, unlocked: &Unlocked, space: Uuid) -> Result<Option<Ring>> {
    let mut keys = BTreeMap::new();
    for (version, sealed, halves) in store::space_keys(conn, space, unlocked.account()).await? {
        let key =
            if halves { escrow::joined(unlocked, space, version, &sealed) } else { whole(unlocked, space, version, &sealed) };
        keys.insert(version, key.ok_or(Error::Malformed("key of a space"))?);
    }
    Ok((!keys.is_empty()).then_some(Ring { keys }))
}

fn whole(unlocked: &Unlocked, space: Uuid, version: i64, sealed: &[u8]) -> Option<Key> {
    let opened = crypto::open_with(unlocked.private(), &purpose(space, version), sealed)?;
    Some(Key::new(opened[..].try_into().ok()?))
}

/// Whether somebody holds a space's key.
pub async fn holds(conn: &mut impl On, space: Uuid, account: Uuid) -> Result<bool> {
    Ok(!store::space_keys(conn, space, account).await?.is_empty())
}

/// Seals every version to a further member: they read what was said before them.
pub async fn admit(tx: &mut Tx, ring: &Ring, space: Uuid, account: Uuid) -> Result<std::result::Result<(), NoKeys>> {
    for (version, key) in &ring.keys {
        if !store::give(tx, space, *version, key, account).await? {
            return Ok(Err(NoKeys(account)));
        }
    }
    Ok(Ok(()))
}

/// Takes a member's keys away and begins a version that they have never held, for those who remain.
pub async fn dismiss(tx: &mut Tx, ring: Ring, space: Uuid, account: Uuid, remaining: &[Uuid]) -> Result<Ring> {
    expire(tx, space, account).await?;
    for_writing(tx, ring, space, remaining).await
}

/// Takes a member's keys away while nobody is there who could begin a new version: it is due, and begun before anything more
/// is sealed.
pub async fn expire(tx: &mut Tx, space: Uuid, account: Uuid) -> Result<()> {
    store::delete_space_keys_of(tx, space, account).await?;
    tx.erases();
    store::set_due(tx, space).await
}

/// The ring to seal with: with a new version for these members if one is due. A member who has lost their keys gets none, until
/// they have got all.
pub async fn for_writing(tx: &mut Tx, ring: Ring, space: Uuid, members: &[Uuid]) -> Result<Ring> {
    match store::space(tx, space).await? {
        Some((version, true)) => {
            let holding = store::holding(tx, space, version).await?;
            let members: Vec<Uuid> = members.iter().copied().filter(|member| holding.contains(member)).collect();
            begin_version(tx, ring, space, &members).await?.map_err(|NoKeys(_)| Error::Malformed("key of a space"))
        }
        // Somebody else has begun a version after this ring was opened: nothing is to be sealed with an older one.
        Some((version, false)) if version != ring.version() => Err(Error::Malformed("overtaken key of a space")),
        _ => Ok(ring),
    }
}

/// Destroys a space's keys, the escrow's halves with them: what was sealed with them is never opened again.
pub async fn destroy(tx: &mut Tx, space: Uuid) -> Result<()> {
    tx.erases();
    store::delete_space(tx, space).await
}

/// Who of these has a key pair.
pub async fn holders(conn: &mut impl On, accounts: &[Uuid]) -> Result<HashSet<Uuid>> {
    let all: HashSet<Uuid> = store::with_pair(conn).await?.into_iter().collect();
    Ok(accounts.iter().copied().filter(|account| all.contains(account)).collect())
}
