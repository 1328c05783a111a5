//! What [`Standing`] tells of people and channels, over a database of its own: it is what every rule is asked with.

use std::path::PathBuf;
use std::sync::Arc;

use uuid::Uuid;

use crate::access::{ChannelKind, Mute, Role, Scope, SecondFactor, Standing, Vetting, ask_for_second_factor};
use crate::base::clock::Clock;
use crate::base::db::{self, Db, On, Tx};
use crate::base::secret;

/// What o'clock it is in these tests (microseconds).
const NOW: i64 = 1_000;
const ANA: Uuid = Uuid::from_u128(1);
const ROOM: Uuid = Uuid::from_u128(7);

const ACCOUNT: &str = "INSERT INTO account (id, email, name, name_key, country, language, status, password_hash, created_at,
    accredited_until) VALUES ($1, 'ana@x.example', 'Ana', 'ana', 'RO', 'en', 'active', '', 0, $2)";
const GRANT: &str = "INSERT INTO role_grant (id, account, role, scope, created_at) VALUES ($1, $2, $3, $4, 0)";
const CHANNEL: &str = "INSERT INTO channel (id, number, kind, purpose, country, theme, marking, listed, general, created_at)
    VALUES ($1, 12, 'closed', 'group', 'RO', 'forced-begging', 'amber', TRUE, $2, 0)";
const MEMBER: &str = "INSERT INTO membership (channel, account, since, read_seq) VALUES ($1, $2, 0, 0)";
const RENAME: &str = "UPDATE account SET name = $2 WHERE id = $1";
const SUSPEND: &str = "UPDATE account SET status = 'suspended' WHERE id = $1";
const ARCHIVE: &str = "UPDATE channel SET archived_at = 1 WHERE id = $1";

/// A folder that goes with the test.
struct House {
    db: Db,
    folder: PathBuf,
}

impl House {
    async fn new(accredited_until: Option<i64>) -> Self {
        let folder = std::env::temp_dir().join(format!("egida-standing-{}", secret::token()));
        let db = Db::open(&folder).await.expect("a folder");
        let house = Self { db, folder };
        house
            .change(async move |tx| {
                on!(tx, c => sqlx::query(ACCOUNT).bind(ANA).bind(accredited_until).execute(c))?;
                on!(tx, c => sqlx::query(CHANNEL).bind(ROOM).bind(Uuid::from_u128(8)).execute(c))?;
                on!(tx, c => sqlx::query(MEMBER).bind(ROOM).bind(ANA).execute(c))?;
                for (n, role, scope) in [(3, "moderator", "country:RO"), (4, "moderator", "town:Cluj")] {
                    on!(tx, c => sqlx::query(GRANT).bind(Uuid::from_u128(n)).bind(ANA).bind(role).bind(scope).execute(c))?;
                }
                Ok(())
            })
            .await;
        house
    }

    fn standing(&self, now: i64) -> Arc<Standing> {
        Standing::new(self.db.clone(), Clock::Fixed(now))
    }

    async fn change(&self, work: impl AsyncFnMut(&mut Tx) -> db::Result<()> + Send + 'static) {
        let done: db::Result<()> = self.db.write(work).await;
        done.expect("stored");
    }

    async fn end(self) {
        self.db.close().await;
        let _ = std::fs::remove_dir_all(self.folder);
    }
}

async fn rename(tx: &mut impl On, name: &str) -> db::Result<()> {
    on!(tx, c => sqlx::query(RENAME).bind(ANA).bind(name).execute(c))?;
    Ok(())
}

async fn name(standing: &Standing) -> String {
    standing.actor(ANA).await.expect("read").expect("an actor").name.clone()
}

#[tokio::test]
async fn who_holds_the_last_connection_to_read_with_is_told_of_people_and_channels_all_the_same() {
    let house = House::new(None).await;
    let standing = house.standing(NOW);
    let mut held = Vec::new();
    for _ in 0..db::READERS {
        held.push(house.db.read().await.expect("a connection"));
    }
    assert_eq!(name(&standing).await, "Ana");
    assert!(standing.channel(ROOM).await.expect("an answer").is_some());
    drop(held);
    house.end().await;
}

#[tokio::test]
async fn a_person_is_told_with_country_powers_and_channels() {
    let house = House::new(Some(NOW + 1)).await;
    let standing = house.standing(NOW);
    let ana = standing.actor(ANA).await.expect("read").expect("an actor");
    assert_eq!((ana.name.as_str(), ana.country.as_deref(), ana.vetting), ("Ana", Some("RO"), Vetting::Accredited(NOW + 1)));
    // A power that nobody understands is none.
    assert_eq!(ana.grants, [(Role::Moderator, Scope::Country("RO".into()))]);
    assert!(ana.channels.contains(&ROOM) && ana.channels.len() == 1);
    assert!(standing.actor(Uuid::from_u128(2)).await.expect("read").is_none());
    house.end().await;
}

#[tokio::test]
async fn powers_need_an_accreditation_that_holds() {
    for (until, vetting, powers, channels) in [
        (None, Vetting::Pending, 0, 1),
        (Some(NOW), Vetting::Expired, 0, 0),
        (Some(NOW - 1), Vetting::Expired, 0, 0),
        (Some(NOW + 1), Vetting::Accredited(NOW + 1), 1, 1),
    ] {
        let house = House::new(until).await;
        let ana = house.standing(NOW).actor(ANA).await.expect("read").expect("an actor");
        assert_eq!((ana.vetting, ana.grants.len(), ana.channels.len()), (vetting, powers, channels));
        house.end().await;
    }
}

#[tokio::test]
async fn what_is_kept_runs_out_to_the_moment() {
    let house = House::new(Some(NOW)).await;
    let mut standing = house.standing(NOW - 1);
    assert_eq!(standing.actor(ANA).await.expect("read").expect("an actor").vetting, Vetting::Accredited(NOW));
    Arc::get_mut(&mut standing).expect("our own").set_clock(Clock::Fixed(NOW));
    assert_eq!(standing.actor(ANA).await.expect("read").expect("an actor").vetting, Vetting::Expired);
    house.end().await;
}

#[tokio::test]
async fn a_person_is_read_again_once_a_change_holds() {
    let house = House::new(Some(NOW + 1)).await;
    let standing = house.standing(NOW);
    assert_eq!((name(&standing).await.as_str(), standing.age()), ("Ana", 0));
    // Kept: a change that nobody told of is not seen, nor is one of somebody else.
    house.change(async |tx| rename(tx, "Bea").await).await;
    let told = standing.clone();
    house
        .change(async move |tx| {
            told.actor_changes(tx, Uuid::from_u128(2));
            Ok(())
        })
        .await;
    assert_eq!(name(&standing).await, "Ana");
    let told = standing.clone();
    house
        .change(async move |tx| {
            told.actor_changes(tx, ANA);
            rename(tx, "Cia").await
        })
        .await;
    assert_eq!((name(&standing).await.as_str(), standing.age()), ("Cia", 2));
    assert_eq!(standing.changed_since(1).expect("remembered"), [ANA].into());
    house.change(async |tx| rename(tx, "Dea").await).await;
    standing.forget_all();
    assert_eq!((name(&standing).await.as_str(), standing.changed_since(1)), ("Dea", None));
    house.end().await;
}

#[tokio::test]
async fn who_is_suspended_is_nobody() {
    let house = House::new(Some(NOW + 1)).await;
    let standing = house.standing(NOW);
    name(&standing).await;
    let told = standing.clone();
    house
        .change(async move |tx| {
            told.actor_changes(tx, ANA);
            on!(tx, c => sqlx::query(SUSPEND).bind(ANA).execute(c))?;
            Ok(())
        })
        .await;
    assert!(standing.actor(ANA).await.expect("read").is_none());
    house.end().await;
}

#[tokio::test]
async fn a_channel_is_told_with_what_the_rules_ask() {
    let house = House::new(None).await;
    let standing = house.standing(NOW);
    let room = standing.channel(ROOM).await.expect("read").expect("a channel");
    assert_eq!((room.id, room.number, room.kind, room.listed), (ROOM, 12, ChannelKind::Closed, true));
    assert_eq!((room.country.as_deref(), room.theme.as_deref()), (Some("RO"), Some("forced-begging")));
    assert_eq!((room.marking.as_str(), room.general, room.archived), ("amber", Uuid::from_u128(8), false));
    assert!(standing.channel(ANA).await.expect("read").is_none());
    let told = standing.clone();
    house
        .change(async move |tx| {
            told.channel_changes(tx, ROOM);
            on!(tx, c => sqlx::query(ARCHIVE).bind(ROOM).execute(c))?;
            Ok(())
        })
        .await;
    assert!(standing.channel(ROOM).await.expect("read").expect("a channel").archived);
    house.end().await;
}

#[tokio::test]
async fn a_change_that_does_not_hold_forgets_nothing() {
    let house = House::new(Some(NOW + 1)).await;
    let standing = house.standing(NOW);
    name(&standing).await;
    let told = standing.clone();
    let failed: db::Result<()> = house
        .db
        .write(async move |tx| {
            told.actor_changes(tx, ANA);
            Err(db::Error::Malformed("test"))
        })
        .await;
    assert!(failed.is_err());
    assert_eq!(standing.age(), 0);
    house.end().await;
}

#[tokio::test]
async fn a_region_that_says_nothing_asks_for_a_second_factor() {
    let house = House::new(None).await;
    assert_eq!(house.standing(NOW).second_factor().await.expect("read"), SecondFactor::Required);
    house.change(async |tx| ask_for_second_factor(tx, SecondFactor::Grace(77)).await).await;
    let standing = house.standing(NOW);
    assert_eq!(standing.second_factor().await.expect("read"), SecondFactor::Grace(77));
    // Decided once: who runs the server decides with the server stopped.
    house.change(async |tx| ask_for_second_factor(tx, SecondFactor::Required).await).await;
    assert_eq!(standing.second_factor().await.expect("read"), SecondFactor::Grace(77));
    house.change(async |tx| db::set_setting(tx, "second_factor", "sometimes").await).await;
    assert_eq!(house.standing(NOW).second_factor().await.expect("read"), SecondFactor::Required);
    house.end().await;
}

#[tokio::test]
async fn a_mute_holds_until_its_end_and_a_policy_is_known_of() {
    const MUTE: &str = "INSERT INTO mute (id, account, scope, until, reason, created_at, created_by, ended_at)
        VALUES ($1, $2, $3, $4, x'', 0, $2, $5)";
    const POLICY: &str = "INSERT INTO channel_policy (channel, hold_all, newcomer_posts, slow_seconds, trigger_words, changed_at,
        changed_by) VALUES ($1, TRUE, 0, 0, '[]', 0, $2)";
    let house = House::new(Some(NOW * 10)).await;
    house
        .change(async move |tx| {
            let rows = [(5, "region", NOW, None), (6, "country:RO", NOW + 9, None), (7, "channel:x", NOW + 9, None), (8, "region", NOW + 9, Some(1))];
            for (n, scope, until, ended_at) in rows {
                on!(tx, c => sqlx::query(MUTE).bind(Uuid::from_u128(n)).bind(ANA).bind(scope).bind(until).bind(ended_at).execute(c))?;
            }
            Ok(())
        })
        .await;
    let mut standing = house.standing(NOW);
    let mutes = vec![Mute { scope: Scope::Country("RO".into()), until: NOW + 9 }];
    assert_eq!(standing.actor(ANA).await.expect("read").expect("somebody").mutes, mutes);
    Arc::get_mut(&mut standing).expect("our own").set_clock(Clock::Fixed(NOW + 8));
    assert_eq!(standing.actor(ANA).await.expect("read").expect("somebody").mutes, mutes);
    Arc::get_mut(&mut standing).expect("our own").set_clock(Clock::Fixed(NOW + 9));
    assert_eq!(standing.actor(ANA).await.expect("read").expect("somebody").mutes, []);
    assert!(!house.standing(NOW).channel(ROOM).await.expect("read").expect("a room").has_policy);
    house
        .change(async move |tx| {
            on!(tx, c => sqlx::query(POLICY).bind(ROOM).bind(ANA).execute(c))?;
            Ok(())
        })
        .await;
    assert!(house.standing(NOW).channel(ROOM).await.expect("read").expect("a room").has_policy);
}

#[tokio::test]
async fn a_miss_asks_storage() {
    let house = House::new(None).await;
    let standing = house.standing(NOW);
    standing.miss(Uuid::from_u128(99)).await.expect("asked");
    house.db.close().await;
    assert!(standing.miss(Uuid::from_u128(99)).await.is_err(), "it costs what asking for a channel does");
    house.end().await;
}
