//! What people prove themselves with, made of software: an authenticator app, and an authenticator for passkeys.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use p256::ecdsa::signature::Signer;
use p256::ecdsa::{Signature, SigningKey};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use totp_rs::{Algorithm, Builder, Secret};

/// The host name that passkeys of a server without a configured origin are for.
pub const PARTY: &str = "localhost";

/// The code that an app shows for this secret (base32, spaces don't matter) at this time (seconds since the epoch).
///
/// # Panics
/// When the secret is none.
pub fn code_at(secret: &str, seconds: u64) -> String {
    let secret = Secret::try_from_base32(secret.replace(' ', "")).expect("base32");
    let totp = Builder::new().with_algorithm(Algorithm::SHA1).with_digits(6).with_step_duration(30).with_secret(secret);
    totp.build_noncompliant().generate(seconds).to_string()
}

/// The time as the machine has it (seconds since the epoch).
///
/// # Panics
/// When the machine thinks it is before 1970.
pub fn seconds_now() -> u64 {
    std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("after 1970").as_secs()
}

/// Flags of authenticator data (`WebAuthn` Level 3, 6.1): somebody is present, and it is the right person.
const PRESENT: u8 = 1;
const VERIFIED: u8 = 1 << 2;
/// A new credential is attached.
const ATTACHED: u8 = 1 << 6;

/// An authenticator with one credential: ES256, attestation `none`, user verification as told.
#[derive(Clone, Debug)]
pub struct Authenticator {
    key: SigningKey,
    id: Vec<u8>,
    user: Vec<u8>,
    counter: u32,
    /// The page that it believes it is asked by.
    pub origin: String,
    /// The host name that it signs for.
    pub party: String,
    /// Whether it has checked that it is the right person.
    pub verifies: bool,
}

impl Authenticator {
    /// A fresh one, asked by this page.
    ///
    /// # Panics
    /// When the random bytes are no key, which happens once in 2^32 times.
    pub fn new(origin: &str) -> Self {
        let bytes: [u8; 32] = Sha256::digest(uuid::Uuid::now_v7().as_bytes()).into();
        let key = SigningKey::from_slice(&bytes).expect("a key");
        let id = Sha256::digest(bytes).to_vec();
        Self { key, id, user: Vec::new(), counter: 0, origin: origin.into(), party: PARTY.into(), verifies: true }
    }

    /// Answers the options of a registration.
    ///
    /// # Panics
    /// When they are none.
    pub fn register(&mut self, options: &Value) -> Value {
        let options = &options["publicKey"];
        self.user = bytes(&options["user"]["id"]);
        let client = self.client("webauthn.create", &options["challenge"]);
        let mut attested = self.data(ATTACHED);
        // AAGUID of nobody, then the credential and its key (6.5.1).
        attested.extend([0; 16]);
        attested.extend(u16::try_from(self.id.len()).expect("short").to_be_bytes());
        attested.extend(&self.id);
        attested.extend(self.cose());
        // {"fmt": "none", "attStmt": {}, "authData": bytes} in CBOR.
        let mut object = vec![0xa3];
        for (name, value) in [("fmt", &b"\x64none"[..]), ("attStmt", &b"\xa0"[..])] {
            text(&mut object, name);
            object.extend(value);
        }
        text(&mut object, "authData");
        byte_string(&mut object, &attested);
        json!({
            "id": written(&self.id), "rawId": written(&self.id), "type": "public-key",
            "response": {"attestationObject": written(&object), "clientDataJSON": written(&client)},
            "extensions": {},
        })
    }

    /// Answers the options of an assertion.
    pub fn assert(&mut self, options: &Value) -> Value {
        self.counter += 1;
        let client = self.client("webauthn.get", &options["publicKey"]["challenge"]);
        let data = self.data(0);
        let signed = [&data[..], &Sha256::digest(&client)].concat();
        let signature: Signature = self.key.sign(&signed);
        json!({
            "id": written(&self.id), "rawId": written(&self.id), "type": "public-key",
            "response": {
                "authenticatorData": written(&data), "clientDataJSON": written(&client),
                "signature": written(signature.to_der().as_bytes()), "userHandle": written(&self.user),
            },
            "extensions": {},
        })
    }

    fn client(&self, what: &str, challenge: &Value) -> Vec<u8> {
        json!({"type": what, "challenge": challenge, "origin": self.origin, "crossOrigin": false}).to_string().into_bytes()
    }

    /// Authenticator data without extensions.
    fn data(&self, flags: u8) -> Vec<u8> {
        let verified = if self.verifies { VERIFIED } else { 0 };
        let mut data = Sha256::digest(self.party.as_bytes()).to_vec();
        data.push(flags | PRESENT | verified);
        data.extend(self.counter.to_be_bytes());
        data
    }

    /// The public key as COSE has it: {1: 2, 3: -7, -1: 1, -2: x, -3: y} (RFC 9053, 7.1.1).
    fn cose(&self) -> Vec<u8> {
        let point = self.key.verifying_key().to_sec1_point(false);
        let mut out = vec![0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01];
        out.push(0x21);
        byte_string(&mut out, point.x().expect("a point"));
        out.push(0x22);
        byte_string(&mut out, point.y().expect("a point"));
        out
    }
}

fn text(out: &mut Vec<u8>, text: &str) {
    out.push(0x60 | u8::try_from(text.len()).expect("short"));
    out.extend(text.as_bytes());
}

fn byte_string(out: &mut Vec<u8>, bytes: &[u8]) {
    out.push(0x59);
    out.extend(u16::try_from(bytes.len()).expect("short").to_be_bytes());
    out.extend(bytes);
}

fn written(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

fn bytes(text: &Value) -> Vec<u8> {
    URL_SAFE_NO_PAD.decode(text.as_str().expect("text")).expect("base64url")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_app_is_the_standard_s() {
        // RFC 6238, appendix B.
        assert_eq!(code_at("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", 59), "287082");
    }
}
