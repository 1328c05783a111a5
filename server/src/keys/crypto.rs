//! The ciphers, and nothing about people: HPKE in base mode (RFC 9180: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256,
//! ChaCha20-Poly1305) for keys sealed to somebody, XChaCha20-Poly1305 with random nonces for everything sealed with a key.

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{Key as CipherKey, XChaCha20Poly1305, XNonce};
use hpke::aead::ChaCha20Poly1305;
use hpke::kdf::HkdfSha256;
use hpke::kem::X25519HkdfSha256;
use hpke::{Deserializable, Kem, OpModeR, OpModeS, Serializable, single_shot_open, single_shot_seal};
use zeroize::Zeroizing;

use crate::base::secret;

/// A secret of 32 bytes, wiped when it goes out of use.
pub(super) type Key = Zeroizing<[u8; 32]>;
type Public = <X25519HkdfSha256 as Kem>::PublicKey;
type Private = <X25519HkdfSha256 as Kem>::PrivateKey;
type Encapsulated = <X25519HkdfSha256 as Kem>::EncappedKey;

/// Bytes of a nonce: long enough to be drawn at random.
const NONCE: usize = 24;
/// Bytes of an encapsulated key.
const ENCAPSULATED: usize = 32;

/// A random key.
pub(super) fn key() -> Key {
    Zeroizing::new(secret::random())
}

/// A key of what has as much randomness as a key: the secret of a tab, a recovery key, what a passkey answers.
pub(super) fn key_of(purpose: &str, secret_bytes: &[u8]) -> Key {
    Zeroizing::new(secret::digest_of(&[b"egida key", purpose.as_bytes(), secret_bytes]))
}

/// Private and public half of a new pair.
pub(super) fn pair() -> (Key, [u8; 32]) {
    let (private, public) = X25519HkdfSha256::gen_keypair();
    (Zeroizing::new(private.to_bytes().into()), public.to_bytes().into())
}

/// Seals to whoever has the private half; it opens for the same `purpose` only. `None` if `public` is no public half.
pub(super) fn seal_to(public: &[u8], purpose: &[u8], plain: &[u8]) -> Option<Vec<u8>> {
    let public = Public::from_bytes(public).ok()?;
    let sealed = single_shot_seal::<ChaCha20Poly1305, HkdfSha256, X25519HkdfSha256>(&OpModeS::Base, &public, purpose, plain, b"");
    let (encapsulated, text) = sealed.ok()?;
    Some([encapsulated.to_bytes().as_slice(), &text].concat())
}

/// Opens what [`seal_to`] sealed.
pub(super) fn open_with(private: &Key, purpose: &[u8], sealed: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let (encapsulated, text) = sealed.split_at_checked(ENCAPSULATED)?;
    let (private, encapsulated) = (Private::from_bytes(&private[..]).ok()?, Encapsulated::from_bytes(encapsulated).ok()?);
    let opened = single_shot_open::<ChaCha20Poly1305, HkdfSha256, X25519HkdfSha256>(
        &OpModeR::Base,
        &private,
        &encapsulated,
        purpose,
        text,
        b"",
    );
    opened.ok().map(Zeroizing::new)
}

/// Seals with a key; it opens for the same `bound` only.
///
/// # Panics
/// Never: the cipher takes whatever fits into memory.
#[expect(clippy::expect_used, reason = "fails beyond 256 GiB alone")]
pub(super) fn seal(key: &Key, bound: &[u8], plain: &[u8]) -> Vec<u8> {
    let nonce = secret::random::<NONCE>();
    let text = cipher(key).encrypt(&XNonce::from(nonce), Payload { msg: plain, aad: bound }).expect("short enough");
    [&nonce[..], &text].concat()
}

/// Opens what [`seal`] sealed.
pub(super) fn open(key: &Key, bound: &[u8], sealed: &[u8]) -> Option<Vec<u8>> {
    let (nonce, text) = sealed.split_first_chunk::<NONCE>()?;
    cipher(key).decrypt(&XNonce::from(*nonce), Payload { msg: text, aad: bound }).ok()
}

fn cipher(key: &Key) -> XChaCha20Poly1305 {
    XChaCha20Poly1305::new(&CipherKey::from(**key))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sealed_to_somebody_opens_for_them_and_for_its_purpose_alone() {
        let ((ana, ana_public), (ion, _)) = (pair(), pair());
        let sealed = seal_to(&ana_public, b"room 1", b"key").expect("sealed");
        assert_eq!(open_with(&ana, b"room 1", &sealed).expect("opened").as_slice(), b"key");
        assert!(open_with(&ana, b"room 2", &sealed).is_none(), "another purpose");
        assert!(open_with(&ion, b"room 1", &sealed).is_none(), "somebody else");
        assert!(open_with(&ana, b"room 1", &sealed[..40]).is_none() && open_with(&ana, b"room 1", b"").is_none());
        assert_ne!(sealed, seal_to(&ana_public, b"room 1", b"key").expect("sealed"), "each time anew");
        assert!(seal_to(b"short", b"room 1", b"key").is_none());
    }

    #[test]
    fn what_is_sealed_with_a_key_is_bound_to_its_place() {
        let (one, other) = (key(), key());
        let sealed = seal(&one, b"seq 7", b"canary");
        assert_eq!(open(&one, b"seq 7", &sealed).as_deref(), Some(&b"canary"[..]));
        assert!(open(&one, b"seq 8", &sealed).is_none() && open(&other, b"seq 7", &sealed).is_none());
        assert!(open(&one, b"seq 7", b"short").is_none());
        assert!(!sealed.windows(6).any(|bytes| bytes == b"canary"));
        let mut torn = sealed.clone();
        torn[30] ^= 1;
        assert!(open(&one, b"seq 7", &torn).is_none());
    }

    #[test]
    fn a_key_of_a_secret_is_one_for_each_purpose() {
        assert_eq!(*key_of("tab", b"secret"), *key_of("tab", b"secret"));
        assert_ne!(*key_of("tab", b"secret"), *key_of("recovery", b"secret"));
    }
}
