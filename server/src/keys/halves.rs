//! A key in two halves, neither of which says anything about it: pure. Each half carries a mark of the key, so that halves that
//! don't belong together make none.

use uuid::Uuid;
use zeroize::Zeroizing;

use super::crypto::{self, Key};
use crate::base::secret;

/// Bytes of a key, and of the half itself.
const KEY: usize = 32;
/// Bytes of the mark beside it.
const MARK: usize = 16;

/// A half of a key with its mark, wiped when it goes out of use.
pub(super) type Half = Zeroizing<[u8; KEY + MARK]>;

/// What tells whether a key is the one of this place. The key is random: its mark gives nothing of it away.
fn mark(space: Uuid, version: i64, key: &Key) -> [u8; 32] {
    secret::digest_of(&[b"egida escrow mark", space.as_bytes(), &version.to_be_bytes(), &key[..]])
}

/// Draws one half at random; the other one is what is missing to the key.
pub(super) fn split(space: Uuid, version: i64, key: &Key) -> [Half; 2] {
    let (drawn, mark) = (crypto::key(), mark(space, version, key));
    let mut rest = key.clone();
    for (byte, drawn) in rest.iter_mut().zip(&drawn[..]) {
        *byte ^= drawn;
    }
    [drawn, rest].map(|bytes| {
        let mut half = Half::new([0; KEY + MARK]);
        half[..KEY].copy_from_slice(&bytes[..]);
        half[KEY..].copy_from_slice(&mark[..MARK]);
        half
    })
}

/// The key of two halves; `None` if they don't belong together, or not to this place.
pub(super) fn join(space: Uuid, version: i64, one: &[u8], other: &[u8]) -> Option<Key> {
    let (one, other): (&[u8; KEY + MARK], &[u8; KEY + MARK]) = (one.try_into().ok()?, other.try_into().ok()?);
    let mut key = Key::new([0; KEY]);
    for (place, byte) in key.iter_mut().enumerate() {
        *byte = one[place] ^ other[place];
    }
    let mark = mark(space, version, &key);
    let fits = |half: &[u8; KEY + MARK]| half[KEY..] == mark[..MARK];
    (fits(one) && fits(other)).then_some(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SPACE: Uuid = Uuid::from_u128(1);

    #[test]
    fn two_halves_make_the_key_and_one_is_noise() {
        let key = crypto::key();
        let [one, other] = split(SPACE, 3, &key);
        assert_eq!(*join(SPACE, 3, &one[..], &other[..]).expect("the key"), *key);
        assert_eq!(*join(SPACE, 3, &other[..], &one[..]).expect("the key"), *key);
        assert!(one[..KEY] != key[..] && other[..KEY] != key[..]);
        let [again, _] = split(SPACE, 3, &key);
        assert_ne!(one[..KEY], again[..KEY], "each time anew");
        assert!(join(SPACE, 3, &one[..], &one[..]).is_none(), "the same half twice");
    }

    #[test]
    fn halves_of_another_key_or_place_make_none() {
        let (key, strange) = (crypto::key(), crypto::key());
        let [one, other] = split(SPACE, 3, &key);
        let [_, second] = split(SPACE, 3, &key);
        let [_, foreign] = split(SPACE, 3, &strange);
        assert!(join(SPACE, 3, &one[..], &second[..]).is_none(), "of another pair");
        assert!(join(SPACE, 3, &one[..], &foreign[..]).is_none());
        assert!(join(SPACE, 4, &one[..], &other[..]).is_none() && join(Uuid::nil(), 3, &one[..], &other[..]).is_none());
        assert!(join(SPACE, 3, &one[..KEY], &other[..]).is_none() && join(SPACE, 3, b"", b"").is_none());
    }
}
