//! Randomness and secrets: made here, compared here, stored as hashes only.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rand::TryRngCore;
use sha2::{Digest, Sha256};

/// Bytes of randomness in an invitation or a token: 256 bits.
const SECRET_BYTES: usize = 32;

/// `N` bytes from the operating system.
///
/// # Panics
/// If the operating system has no randomness to give; nothing here is safe without it.
#[expect(clippy::expect_used, reason = "without randomness nothing may go on")]
pub fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    rand::rngs::OsRng.try_fill_bytes(&mut bytes).expect("the operating system gives randomness");
    bytes
}

/// A new secret, written for a URL.
pub fn token() -> String {
    URL_SAFE_NO_PAD.encode(random::<SECRET_BYTES>())
}

/// What is kept of a secret.
pub fn hash(secret: &str) -> [u8; 32] {
    Sha256::digest(secret.as_bytes()).into()
}

/// Bytes as lower-case hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut out, byte| {
        let _ = write!(out, "{byte:02x}");
        out
    })
}
