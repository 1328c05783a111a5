//! Codes of an authenticator app (RFC 6238): pure.

use totp_rs::{Algorithm, Builder, Secret, Totp};

use crate::base::clock::SECOND;

/// Bytes of a secret: 160 bits, the length of the hash (RFC 4226, 4, R6).
pub(super) const SECRET_BYTES: usize = 20;
/// Seconds that a code stands for.
const STEP: u64 = 30;
/// Seconds into a step during which the code of the step before is still taken: what somebody reads off the screen at the
/// last moment must be worth typing. OWASP ASVS 6.5.5 wants a code to live for 30 seconds at most; this makes it 40.
const LATE: u64 = 10;
const DIGITS: u8 = 6;
/// Named to the person by their app.
const ISSUER: &str = "Egida";

/// SHA-1, because apps know no other; HMAC doesn't rest on what SHA-1 has lost (RFC 6238, 1.2).
fn totp(secret: &[u8]) -> Totp {
    Builder::new()
        .with_algorithm(Algorithm::SHA1)
        .with_digits(DIGITS)
        .with_skew(0)
        .with_step_duration(STEP)
        .with_secret(secret.to_vec())
        .build_noncompliant()
}

/// The number of the step whose code this is, if that code counts now (microseconds). Spaces don't matter. Both steps are
/// computed and compared, in constant time, whichever it is.
pub(super) fn matching(secret: &[u8], code: &str, now: i64) -> Option<i64> {
    let digits: String = code.chars().filter(|c| !c.is_whitespace()).collect();
    let seconds = u64::try_from(now / SECOND).ok()?;
    let totp = totp(secret);
    let current = totp.check(&digits, seconds);
    let before = totp.check(&digits, seconds.saturating_sub(STEP)).filter(|_| seconds % STEP < LATE);
    i64::try_from(current.or(before)?).ok()
}

/// The secret as people type it: base32 in groups of four.
pub(super) fn spelled(secret: &[u8]) -> String {
    let text = Secret::from(secret.to_vec()).to_base32();
    let letters: Vec<char> = text.chars().collect();
    letters.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
}

/// The address that an app reads from a QR code.
pub(super) fn uri(secret: &[u8], email: &str) -> String {
    let secret = Secret::from(secret.to_vec()).to_base32();
    let mut uri = String::from("otpauth://totp/");
    uri.extend(url::form_urlencoded::byte_serialize(format!("{ISSUER}:{email}").as_bytes()));
    // What is written for a form says a space with a plus; there is none in an e-mail address.
    uri + &format!("?secret={secret}&issuer={ISSUER}&algorithm=SHA1&digits={DIGITS}&period={STEP}")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 6238, appendix B: the seed, and its code at 59 seconds, of which the last six digits.
    const SEED: &[u8] = b"12345678901234567890";
    const AT_59: &str = "287082";

    #[test]
    fn the_standard_s_own_example_is_taken() {
        assert_eq!(matching(SEED, AT_59, 59 * SECOND), Some(1));
        assert_eq!(matching(SEED, "287 082", 59 * SECOND), Some(1));
        for wrong in ["287083", "28708", "2870822", "", "+87082", "abcdef"] {
            assert_eq!(matching(SEED, wrong, 59 * SECOND), None, "{wrong}");
        }
    }

    #[test]
    fn a_code_counts_in_its_step_and_ten_seconds_longer() {
        for (second, counts) in [(29, false), (30, true), (59, true), (60, true), (69, true), (70, false), (90, false)] {
            assert_eq!(matching(SEED, AT_59, second * SECOND).is_some(), counts, "{second}");
        }
    }

    #[test]
    fn an_app_is_told_what_it_needs() {
        assert_eq!(spelled(SEED), "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ");
        assert_eq!(
            uri(SEED, "ana@example.ro"),
            "otpauth://totp/Egida%3Aana%40example.ro?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Egida&algorithm=SHA1&digits=6&period=30"
        );
    }
}
