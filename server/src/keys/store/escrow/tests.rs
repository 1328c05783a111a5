//! What lies in storage, and what each holder gets out of it, over a database of its own.

use uuid::Uuid;

use super::{halves, handed, spaces};
use crate::base::db::{self, Db, On, Tx};
use crate::base::secret;
use crate::keys::escrow::{self, Agreed, Ended};
use crate::keys::unlock::Unlocked;
use crate::keys::{crypto, space, store};

const SPACE: Uuid = Uuid::from_u128(100);
const MEMBER: Uuid = Uuid::from_u128(1);
const HOLDERS: [Uuid; 3] = [Uuid::from_u128(2), Uuid::from_u128(3), Uuid::from_u128(4)];
const ASKED: Uuid = Uuid::from_u128(200);

const ACCOUNT: &str = "INSERT INTO account (id, email, name, name_key, language, status, password_hash, created_at)
    VALUES ($1, $2, 'Ana', 'ana', 'en', 'active', '', 0)";
const ORGANISATION: &str = "INSERT INTO organisation (id, name, name_key, kind, regime, helps, speaks, created_at)
    VALUES ($1, 'House', 'house', 'NGO-SERVICE', 'gdpr', '', '', 0)";

/// Somebody's new keys, open.
async fn keys(tx: &mut Tx, id: Uuid) -> db::Result<Unlocked> {
    let (private, public) = crypto::pair();
    assert!(store::insert_pair(tx, id, &public, 0).await?);
    Ok(Unlocked::with(id, private))
}

async fn person(tx: &mut Tx, id: Uuid) -> db::Result<Unlocked> {
    on!(tx, c => sqlx::query(ACCOUNT).bind(id).bind(format!("{id}@x.example")).execute(c))?;
    on!(tx, c => sqlx::query(ORGANISATION).bind(id).execute(c))?;
    keys(tx, id).await
}

/// A space of the member's with something sealed in it, held by three.
async fn fill(tx: &mut Tx) -> db::Result<(Vec<Unlocked>, Vec<u8>)> {
    person(tx, MEMBER).await?;
    let mut holders = Vec::new();
    for holder in HOLDERS {
        holders.push(person(tx, holder).await?);
    }
    let ring = space::create(tx, SPACE, &[MEMBER]).await?.expect("a ring");
    assert!(!escrow::cover(tx, &ring, SPACE).await?, "off: nothing is held");
    assert!(spaces(tx).await?.is_empty());
    escrow::begin(tx, 0, &HOLDERS.map(|holder| (holder, holder))).await?.expect("keys");
    assert!(escrow::misses(tx, SPACE).await?);
    assert!(escrow::cover(tx, &ring, SPACE).await? && !escrow::cover(tx, &ring, SPACE).await?, "said once");
    assert!(escrow::covers(tx, SPACE).await? && !escrow::misses(tx, SPACE).await?);
    Ok((holders, ring.seal(b"place", b"canary")))
}

/// The member has lost their keys, made new ones, and asks.
async fn ask(tx: &mut Tx) -> db::Result<Unlocked> {
    assert!(store::delete_pair(tx, MEMBER).await?);
    let member = keys(tx, MEMBER).await?;
    escrow::ask(tx, ASKED, SPACE, MEMBER, 0).await?.expect("keys");
    Ok(member)
}

async fn asked(tx: &mut Tx) -> db::Result<escrow::Request> {
    Ok(escrow::request(tx, ASKED).await?.expect("asked for"))
}

async fn agree(tx: &mut Tx, holder: &Unlocked) -> db::Result<Agreed> {
    let request = asked(tx).await?;
    escrow::agree(tx, holder, &request).await
}

async fn storage() -> (Db, std::path::PathBuf) {
    let folder = std::env::temp_dir().join(format!("egida-escrow-{}", secret::token()));
    (Db::open(&folder).await.expect("a folder"), folder)
}

async fn close(db: Db, folder: std::path::PathBuf) {
    db.close().await;
    let _ = std::fs::remove_dir_all(folder);
}

#[tokio::test]
async fn one_holder_with_the_whole_storage_opens_nothing() {
    let (db, folder) = storage().await;
    let done: db::Result<()> = db
        .write(async |tx| {
            let (holders, sealed) = fill(tx).await?;
            ask(tx).await?;
            // Before anybody agrees, and after another one has.
            for agreed in [false, true] {
                if agreed {
                    assert_eq!(agree(tx, &holders[0]).await?, Agreed::First);
                }
                for holder in &holders[1..] {
                    let mut found = Vec::new();
                    for of in HOLDERS {
                        for (version, partner, row) in halves(tx, SPACE, of).await? {
                            let place = escrow::held(SPACE, version, of, partner);
                            found.extend(crypto::open_with(holder.private(), &place, &row).map(|half| (partner, half)));
                        }
                        for (version, row) in handed(tx, ASKED, of).await? {
                            let place = escrow::handed(SPACE, version, 1);
                            assert!(crypto::open_with(holder.private(), &place, &row).is_none(), "the member's alone");
                        }
                    }
                    assert_eq!(found.len(), 2, "their own halves and no other");
                    for (_, half) in &found {
                        let key = crypto::Key::new(half[..32].try_into().expect("a half"));
                        assert!(crypto::open(&key, b"place", &sealed[8..]).is_none(), "a half is no key");
                        assert!(found.iter().all(|(_, other)| crate::keys::halves::join(SPACE, 1, half, other).is_none()));
                    }
                }
            }
            Ok(())
        })
        .await;
    done.expect("stored");
    close(db, folder).await;
}

#[tokio::test]
async fn any_two_holders_let_the_member_back_in_once() {
    for (first, second) in [(0, 1), (1, 0), (0, 2), (2, 1)] {
        let (db, folder) = storage().await;
        let done: db::Result<()> = db
            .write(async move |tx| {
                let (holders, sealed) = fill(tx).await?;
                let member = ask(tx).await?;
                assert!(space::open(tx, &member, SPACE).await?.is_none());
                assert_eq!(agree(tx, &holders[first]).await?, Agreed::First);
                let request = asked(tx).await?;
                assert!(escrow::stands(tx, &request).await? && request.waits(1) && !request.waits(escrow::WAITS_FOR));
                assert_eq!(agree(tx, &holders[first]).await?, Agreed::First, "the same one isn't two");
                assert_eq!(agree(tx, &holders[second]).await?, Agreed::Opened(HOLDERS[first]));
                let ring = space::open(tx, &member, SPACE).await?.expect("a ring");
                assert_eq!(ring.open(b"place", &sealed).as_deref(), Some(&b"canary"[..]));
                let request = asked(tx).await?;
                assert!(!request.waits(1) && !escrow::stands(tx, &request).await?, "it is used");
                assert!(handed(tx, ASKED, HOLDERS[second]).await?.is_empty());
                Ok(())
            })
            .await;
        done.expect("stored");
        close(db, folder).await;
    }
}

#[tokio::test]
async fn what_has_changed_meanwhile_counts() {
    let (db, folder) = storage().await;
    let done: db::Result<()> = db
        .write(async |tx| {
            let (holders, _) = fill(tx).await?;
            let member = ask(tx).await?;
            assert_eq!(agree(tx, &holders[0]).await?, Agreed::First);
            // A version that the first one hasn't handed over: the second one is the first again.
            let mut ring = space::create(tx, Uuid::from_u128(101), &[MEMBER]).await?.expect("a ring");
            store::next_version(tx, SPACE).await?;
            ring.keys = ring.keys.into_values().map(|key| (2, key)).collect();
            escrow::cover(tx, &ring, SPACE).await?;
            assert_eq!(agree(tx, &holders[1]).await?, Agreed::First);
            assert_eq!(agree(tx, &holders[2]).await?, Agreed::Opened(HOLDERS[1]));
            assert_eq!(space::open(tx, &member, SPACE).await?.map(|ring| ring.version()), Some(2));
            // A holder with other keys hands nothing over; a member with other keys gets nothing.
            ask(tx).await?;
            store::delete_pair(tx, HOLDERS[0]).await?;
            let renewed = keys(tx, HOLDERS[0]).await?;
            assert_eq!(agree(tx, &renewed).await?, Agreed::Unable);
            let request = asked(tx).await?;
            store::delete_pair(tx, MEMBER).await?;
            assert!(!escrow::stands(tx, &request).await?, "no keys");
            keys(tx, MEMBER).await?;
            assert!(!escrow::stands(tx, &request).await?, "other keys");
            assert!(escrow::finish(tx, ASKED, Ended::Over, None).await? && !escrow::finish(tx, ASKED, Ended::Over, None).await?);
            Ok(())
        })
        .await;
    done.expect("stored");
    close(db, folder).await;
}

#[tokio::test]
async fn nothing_is_left_of_it_when_a_space_or_the_escrow_ends() {
    let (db, folder) = storage().await;
    let done: db::Result<()> = db
        .write(async |tx| {
            let (holders, _) = fill(tx).await?;
            ask(tx).await?;
            agree(tx, &holders[0]).await?;
            space::destroy(tx, SPACE).await?;
            assert!(spaces(tx).await?.is_empty() && escrow::request(tx, ASKED).await?.is_none());
            assert!(handed(tx, ASKED, HOLDERS[1]).await?.is_empty());
            let ring = space::create(tx, SPACE, &[MEMBER]).await?.expect("a ring");
            escrow::cover(tx, &ring, SPACE).await?;
            assert_eq!(escrow::end(tx).await?, [SPACE]);
            assert!(spaces(tx).await?.is_empty() && escrow::holders(tx).await?.is_empty());
            Ok(())
        })
        .await;
    done.expect("stored");
    close(db, folder).await;
}
