//! Who is let into a referral, and who is put out again: asked anew whenever somebody of a side does something.

use std::collections::HashSet;

use uuid::Uuid;

use super::store::{self, Row};
use crate::access::ReferralSide;
use crate::base::db::{On, Result, Tx};
use crate::cases::Ground;
use crate::context::Ctx;
use crate::keys::{self, Ring};
use crate::{directory, exercises};

/// The people of the sending organisation who belong to the case's room and have keys: also once another organisation leads it.
pub(super) async fn of_sender(conn: &mut impl On, ctx: &Ctx, ground: &Ground, from: Uuid) -> Result<Vec<Uuid>> {
    let people = directory::people_by_id(conn, ctx, &ground.members).await?;
    let own: Vec<Uuid> =
        people.into_iter().filter(|person| person.organisation_id == Some(from)).map(|person| person.id).collect();
    with_keys(conn, own).await
}

/// Those who answer for the receiving organisation, are confirmed and have keys; in an exercise those of them who take part.
pub(super) async fn of_receiver(conn: &mut impl On, now: i64, to: Uuid, exercise: Option<Uuid>) -> Result<Vec<Uuid>> {
    let accounts = directory::focal_points_by(conn, &[to], now).await?.into_iter().map(|(_, account)| account).collect();
    let mut able = with_keys(conn, accounts).await?;
    if let Some(exercise) = exercise {
        let mut taking_part = Vec::new();
        for account in able {
            if exercises::takes_part(conn, exercise, account).await? {
                taking_part.push(account);
            }
        }
        able = taking_part;
    }
    Ok(able)
}

async fn with_keys(conn: &mut impl On, accounts: Vec<Uuid>) -> Result<Vec<Uuid>> {
    let holders = keys::holders(conn, &accounts).await?;
    Ok(accounts.into_iter().filter(|account| holders.contains(account)).collect())
}

/// Lets everybody in who belongs on this side now, and puts out who no longer does. Gives the ring to seal with from then on.
pub(super) async fn settle(tx: &mut Tx, ring: Ring, row: &Row, side: ReferralSide, wanted: &[Uuid]) -> Result<Ring> {
    let (id, mut ring) = (row.id, ring);
    let present = store::people(tx, id).await?;
    let inside: HashSet<Uuid> = present.iter().map(|(account, _)| *account).collect();
    for account in wanted {
        let there = inside.contains(account);
        // Who has made new keys since is let in anew.
        if there && keys::holds(tx, id, *account).await? {
            continue;
        }
        if keys::admit(tx, &ring, id, *account).await?.is_ok() && !there {
            store::admit(tx, id, *account, side).await?;
        }
    }
    let gone = present.iter().filter(|(account, of)| *of == side && !wanted.contains(account));
    for (account, _) in gone {
        ring = put_out(tx, ring, id, *account).await?;
    }
    let all: Vec<Uuid> = store::people(tx, id).await?.into_iter().map(|(account, _)| account).collect();
    keys::for_writing(tx, ring, id, &all).await
}

/// Puts somebody out: what is said from now on is sealed with a key that they have never held.
async fn put_out(tx: &mut Tx, ring: Ring, id: Uuid, account: Uuid) -> Result<Ring> {
    store::dismiss(tx, id, account).await?;
    let remaining: Vec<Uuid> = store::people(tx, id).await?.into_iter().map(|(account, _)| account).collect();
    keys::dismiss(tx, ring, id, account, &remaining).await
}

/// Takes the whole receiving side out: with nobody there to begin a new key, one is due.
pub(super) async fn close_to_receiver(tx: &mut Tx, id: Uuid) -> Result<()> {
    for (account, side) in store::people(tx, id).await? {
        if side == ReferralSide::Receiver {
            store::dismiss(tx, id, account).await?;
            keys::expire(tx, id, account).await?;
        }
    }
    Ok(())
}
