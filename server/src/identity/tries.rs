//! Who may try a password again, and how soon.
//!
//! What counts against an account counts for the network it came from: a stranger who fails on purpose locks out that
//! network and not the person. An account that doesn't exist is counted like any other.

use std::net::IpAddr;

use uuid::Uuid;

use crate::base::attempts::{Attempts, Network};
use crate::base::limits::Limits;
use crate::base::secret;

/// Attempts of any kind from one address, against failures for one account from one network: many colleagues may share
/// an address behind one institution's proxy.
const FROM_ONE_ADDRESS: u32 = 6;
/// Failures for one account from everywhere, against those from one network. It slows down guessing that is spread over
/// many networks; whoever commands twenty of them can still keep one person waiting.
const FROM_EVERYWHERE: u32 = 20;

/// What is kept of an e-mail address that somebody typed.
type Address = [u8; 32];

/// The counters of the door.
pub(super) struct Tries {
    addresses: Attempts<Network>,
    places: Attempts<(Address, Network)>,
    accounts: Attempts<Address>,
    owners: Attempts<Uuid>,
}

/// An attempt that counts as a failure unless it is [forgiven](Tries::forgive).
pub(super) struct Try {
    account: Address,
    network: Network,
}

impl Tries {
    pub(super) fn new(limits: Limits) -> Self {
        let rate = limits.sign_ins_per_minute;
        Self {
            addresses: Attempts::a_minute(rate.saturating_mul(FROM_ONE_ADDRESS)),
            places: Attempts::a_minute(rate),
            accounts: Attempts::a_minute(rate.saturating_mul(FROM_EVERYWHERE)),
            owners: Attempts::a_minute(rate),
        }
    }

    /// Begins an attempt to sign in; `None` if there were too many.
    pub(super) fn sign_in(&self, email: &str, address: IpAddr, now: i64) -> Option<Try> {
        let (account, network) = (secret::hash(email), Network::of(address));
        let allowed = self.addresses.take(Network::of_host(address), now)
            && self.places.take((account, network), now)
            && self.accounts.take(account, now);
        allowed.then_some(Try { account, network })
    }

    /// The attempt went well, or was not made after all.
    pub(super) fn forgive(&self, forgiven: &Try, now: i64) {
        self.places.give_back(&(forgiven.account, forgiven.network), now);
        self.accounts.give_back(&forgiven.account, now);
    }

    /// Begins an attempt of somebody signed in to prove who they are; `false` if there were too many. It counts against
    /// this person alone, and nobody else's attempts count here.
    pub(super) fn prove(&self, account: Uuid, now: i64) -> bool {
        self.owners.take(account, now)
    }

    /// The proof was good, or was not looked at after all.
    pub(super) fn forgive_proof(&self, account: Uuid, now: i64) {
        self.owners.give_back(&account, now);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn failing_on_purpose_locks_out_ones_own_network_alone() {
        let tries = Tries::new(Limits { sign_ins_per_minute: 3, ..Limits::default() });
        let (stranger, owner) = (IpAddr::from([192, 0, 2, 1]), IpAddr::from([198, 51, 100, 1]));
        for _ in 0..3 {
            assert!(tries.sign_in("ana@example.ro", stranger, 0).is_some());
        }
        assert!(tries.sign_in("ana@example.ro", stranger, 0).is_none());
        assert!(tries.sign_in("ana@example.ro", IpAddr::from([192, 0, 2, 99]), 0).is_none(), "the same network");
        for _ in 0..10 {
            let good = tries.sign_in("ana@example.ro", owner, 0).expect("not locked out");
            tries.forgive(&good, 0);
        }
    }

    #[test]
    fn an_account_is_guessed_at_from_many_networks_for_a_while_only() {
        let tries = Tries::new(Limits { sign_ins_per_minute: 3, ..Limits::default() });
        let allowed = (0..=255).filter(|n| tries.sign_in("ana@example.ro", IpAddr::from([10, *n, 0, 1]), 0).is_some()).count();
        assert_eq!(allowed, 60);
    }
}
