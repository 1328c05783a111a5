//! Attempts counted by key: so many at once, given back over a minute. A key is whatever is to be slowed down, and has a
//! fixed size, so that nobody can fill our memory with long ones.

use std::collections::HashMap;
use std::hash::Hash;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Mutex, PoisonError};

use super::clock::MINUTE;

/// Where a request comes from, as far as counting goes. One household or host holds a whole IPv6 /56 (RIPE-690, 4.2.2),
/// and a /24 is the smallest IPv4 network that is routed: who has one address there often has them all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Network(IpAddr);

impl Network {
    /// The network of an address: its /24 or /56.
    pub fn of(address: IpAddr) -> Self {
        match Self::of_host(address).0 {
            IpAddr::V4(v4) => {
                let [a, b, c, _] = v4.octets();
                Self(IpAddr::from([a, b, c, 0]))
            }
            network @ IpAddr::V6(_) => Self(network),
        }
    }

    /// What one host may hold: its one IPv4 address, or the /56.
    pub fn of_host(address: IpAddr) -> Self {
        Self(match address.to_canonical() {
            IpAddr::V6(v6) => IpAddr::V6(Ipv6Addr::from_bits(v6.to_bits() & (u128::MAX << 72))),
            v4 @ IpAddr::V4(_) => v4,
        })
    }
}

struct Kept<K> {
    /// When a key has all its attempts again (microseconds). Each attempt moves it on by one step.
    restored_at: HashMap<K, i64>,
    /// When keys that have all their attempts again were last forgotten.
    swept_at: i64,
}

/// So many attempts a minute for each key.
pub struct Attempts<K> {
    /// One attempt comes back after this long (microseconds).
    step: i64,
    kept: Mutex<Kept<K>>,
}

impl<K: Eq + Hash> Attempts<K> {
    /// Nobody has tried anything yet.
    pub fn a_minute(attempts: u32) -> Self {
        let step = MINUTE / i64::from(attempts.max(1));
        Self { step, kept: Mutex::new(Kept { restored_at: HashMap::new(), swept_at: 0 }) }
    }

    /// Takes one of the key's attempts; `false` if none is left. `now` in microseconds.
    pub fn take(&self, key: K, now: i64) -> bool {
        self.with(now, |kept| {
            let restored_at = kept.restored_at.entry(key).or_insert(now);
            let then = now.max(*restored_at) + self.step;
            let allowed = then <= now + MINUTE;
            if allowed {
                *restored_at = then;
            }
            allowed
        })
    }

    /// Gives back what [`Attempts::take`] took: the attempt was not one of those that count.
    pub fn give_back(&self, key: &K, now: i64) {
        self.with(now, |kept| {
            if let Some(restored_at) = kept.restored_at.get_mut(key) {
                *restored_at -= self.step;
            }
        });
    }

    /// Once a minute the keys are forgotten that have all their attempts again: what is kept is what was tried lately.
    fn with<T>(&self, now: i64, use_it: impl FnOnce(&mut Kept<K>) -> T) -> T {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if now - kept.swept_at >= MINUTE {
            kept.swept_at = now;
            kept.restored_at.retain(|_, restored_at| *restored_at > now);
            kept.restored_at.shrink_to_fit();
        }
        use_it(&mut kept)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::clock::SECOND;

    #[test]
    fn attempts_run_out_and_come_back() {
        let attempts = Attempts::a_minute(6);
        assert!((0..6).all(|_| attempts.take("a", 0)));
        assert!(!attempts.take("a", 9 * SECOND));
        assert!(attempts.take("b", 9 * SECOND), "another key has its own");
        assert!(attempts.take("a", 10 * SECOND));
        assert!(!attempts.take("a", 10 * SECOND));
        attempts.give_back(&"a", 10 * SECOND);
        assert!(attempts.take("a", 10 * SECOND));
    }

    #[test]
    fn keys_are_forgotten_when_they_have_all_their_attempts_again() {
        let attempts = Attempts::a_minute(10);
        let kept = || attempts.kept.lock().expect("not poisoned").restored_at.len();
        for key in 0..1000 {
            attempts.take(key, MINUTE);
        }
        assert_eq!(kept(), 1000);
        attempts.take(0, 2 * MINUTE);
        assert_eq!(kept(), 1);
    }

    #[test]
    fn an_address_stands_for_its_network() {
        let network = |text: &str| Network::of(text.parse().expect("an address"));
        assert_eq!(network("192.0.2.1"), network("192.0.2.254"));
        assert_eq!(network("192.0.2.1"), network("::ffff:192.0.2.7"));
        assert_ne!(network("192.0.2.1"), network("192.0.3.1"));
        let host = |text: &str| Network::of_host(text.parse().expect("an address"));
        assert_ne!(host("192.0.2.1"), host("192.0.2.2"));
        assert_eq!(host("2001:db8:0:ab00::1"), host("2001:db8:0:abff:1::"));
        assert_eq!(network("2001:db8:0:ab00::1"), network("2001:db8:0:abff:1::"));
        assert_ne!(network("2001:db8:0:ab00::1"), network("2001:db8:0:ac00::1"));
    }
}
