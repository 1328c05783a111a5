//! Which requests are remembered, and how they are told apart: pure.

use sha2::{Digest, Sha256};

/// Characters of a key at most.
const KEY_MAX: usize = 128;

/// Routes below which nothing is kept.
const BELOW: [&str; 8] = [
    "/api/me/",
    "/api/session/",
    "/api/providers/",
    "/api/keys",
    "/api/cases",
    "/api/referrals",
    "/api/requests",
    "/api/matching",
];

/// Whether a key can be one: 1 to 128 visible ASCII characters.
pub(super) fn is_key(key: &[u8]) -> bool {
    (1..=KEY_MAX).contains(&key.len()) && key.iter().all(u8::is_ascii_graphic)
}

/// Whether the answer to a request of this kind may be kept. It may not where request or answer hold a secret, where
/// the answer must vanish with what it is about, and where the route has a way of its own:
///
/// - signing in and out, being sent to a provider, proving oneself, and what is below `/api/me/`: passwords, factors and
///   sessions;
/// - making and using a link to a new password: its secret;
/// - making, looking at and using an invitation: its secret;
/// - rewording a message: the words would outlive the message, and the same words twice are one change anyway;
/// - showing what is covered of posts that wait, taking out what is said, and having it translated: those words must vanish with theirs;
/// - announcing a file: its name must vanish with it; and sending a piece of it: its offset says whether it came before;
/// - keys, and what is sealed in case rooms, referrals and requests: not even the mark of such a body is kept;
/// - posting: the key is the post's `ref`, which holds for ever and on the socket, too.
pub(super) fn is_kept(method: &str, route: &str) -> bool {
    let own_way = match (method, route) {
        ("GET" | "HEAD" | "OPTIONS", _)
        | (
            _,
            "/api/session"
            | "/api/sessions"
            | "/api/invitation-previews"
            | "/api/invitation-acceptances"
            | "/api/invitation-acceptances/provider"
            | "/api/passkey-challenges"
            | "/api/password-resets"
            | "/api/people/{id}/password-reset"
            | "/api/moderation/queue/{id}/unmasking"
            | "/api/approvals/{id}/export"
            | "/api/approvals/{id}/unmasking"
            | "/api/messages/{id}/translation",
        )
        | ("POST", "/api/invitations" | "/api/channels/{id}/messages" | "/api/files")
        | ("PATCH", "/api/messages/{id}" | "/api/files/{id}") => true,
        (_, route) => BELOW.iter().any(|below| route.starts_with(below)),
    };
    !own_way
}

/// Whether this answer says how things are, and not that they couldn't be done just now. Who was not allowed to may be
/// in a moment, having proven who they are; nothing was done, so nothing is done twice.
pub(super) fn is_settled(status: u16) -> bool {
    status < 500 && status != 429 && status != 403
}

/// What tells a request from another one: every part with its length before it.
pub(super) fn fingerprint(method: &str, path_and_query: &str, body: &[u8]) -> [u8; 32] {
    let mut hasher = Sha256::new();
    for part in [method.as_bytes(), path_and_query.as_bytes(), body] {
        hasher.update((part.len() as u64).to_be_bytes());
        hasher.update(part);
    }
    hasher.finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_short_and_visible() {
        assert!(is_key(b"0190-a") && is_key(&[b'k'; 128]));
        for bad in [&b""[..], b"a b", b"\xc3\xa9", b"a\t", &[b'k'; 129]] {
            assert!(!is_key(bad), "{bad:?}");
        }
    }

    #[test]
    fn secrets_are_not_kept() {
        assert!(is_kept("POST", "/api/channels") && is_kept("PATCH", "/api/me") && is_kept("DELETE", "/api/invitations/{id}"));
        assert!(is_kept("PUT", "/api/messages/{id}/pin") && is_kept("DELETE", "/api/messages/{id}"));
        for (method, route) in [
            ("POST", "/api/session"),
            ("DELETE", "/api/sessions"),
            ("POST", "/api/session/step-up"),
            ("POST", "/api/session/passkey"),
            ("POST", "/api/providers/{id}/entries"),
            ("POST", "/api/passkey-challenges"),
            ("PUT", "/api/me/password"),
            ("POST", "/api/me/recovery-codes"),
            ("POST", "/api/people/{id}/password-reset"),
            ("POST", "/api/password-resets"),
            ("POST", "/api/invitations"),
            ("POST", "/api/invitation-acceptances"),
            ("POST", "/api/invitation-acceptances/provider"),
            ("POST", "/api/approvals/{id}/export"),
            ("POST", "/api/approvals/{id}/unmasking"),
            ("POST", "/api/messages/{id}/translation"),
            ("PATCH", "/api/messages/{id}"),
            ("PATCH", "/api/files/{id}"),
            ("POST", "/api/files"),
            ("POST", "/api/channels/{id}/messages"),
            ("POST", "/api/keys"),
            ("POST", "/api/cases/{id}/entries"),
            ("POST", "/api/referrals"),
            ("GET", "/api/channels"),
        ] {
            assert!(!is_kept(method, route), "{method} {route}");
        }
    }

    #[test]
    fn requests_that_differ_anywhere_differ() {
        let one = fingerprint("POST", "/api/channels", b"{}");
        assert_eq!(fingerprint("POST", "/api/channels", b"{}"), one);
        for other in [
            fingerprint("PUT", "/api/channels", b"{}"),
            fingerprint("POST", "/api/channels?", b"{}"),
            fingerprint("POST", "/api/channels{", b"}"),
        ] {
            assert_ne!(other, one);
        }
    }
}
