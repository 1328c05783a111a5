//! Types and rules of accounts: pure.

use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::base::clock::{DAY, rfc3339};
use crate::base::text;

/// Languages of the screen that have a catalogue.
pub const LANGUAGES: [&str; 2] = ["en", "fr"];
/// Characters of a person's name, function or organisation at most.
pub const NAME_MAX: usize = 120;
/// Characters of a password at least: NIST SP 800-63B-4 asks for 15 where the password is the only factor, 8 otherwise;
/// 12 stands until the second factor comes.
pub const PASSWORD_MIN: usize = 12;
/// Characters of a password at most, so that hashing a gift of megabytes costs nothing.
pub const PASSWORD_MAX: usize = 256;
/// Characters of an e-mail address at most (RFC 5321, 4.5.3.1.3).
pub const EMAIL_MAX: usize = 254;

const COMMON_PASSWORDS: &str = include_str!("common-passwords.txt");

/// How long an accreditation lasts when nothing else is said: 12 months (safety controls, 8).
pub const ACCREDITATION: i64 = 366 * DAY;

/// An account as stored.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Account {
    /// Its id.
    pub id: Uuid,
    /// Lower case.
    pub email: String,
    /// As others see it.
    pub name: String,
    /// Country of work.
    pub country: Option<String>,
    /// Code of the vocabulary.
    pub function: Option<String>,
    /// Where this person works.
    pub organisation: Option<String>,
    /// Language of the screen.
    pub language: String,
    /// `active` or `suspended`.
    pub status: String,
    /// When accreditation runs out (microseconds); `None` while nobody has confirmed who this is.
    pub accredited_until: Option<i64>,
    /// Microseconds.
    pub created_at: i64,
    /// Microseconds.
    pub last_seen_at: Option<i64>,
}

impl Account {
    /// Whether name, e-mail address or organisation hold this folded text.
    pub(super) fn holds(&self, folded: &str) -> bool {
        let parts = [Some(&self.name), Some(&self.email), self.organisation.as_ref()];
        parts.into_iter().flatten().any(|part| text::fold(part).contains(folded))
    }
}

/// An account to be created.
#[derive(Clone, Debug)]
pub struct NewAccount {
    /// Its id.
    pub id: Uuid,
    /// Lower case, checked by [`email`].
    pub email: String,
    /// Checked by [`text::line`].
    pub name: String,
    /// Country of work.
    pub country: Option<String>,
    /// Code of the vocabulary.
    pub function: Option<String>,
    /// Where this person works.
    pub organisation: Option<String>,
    /// Language of the screen.
    pub language: String,
    /// Argon2id, PHC string.
    pub password_hash: String,
    /// Who invited this person.
    pub sponsor: Option<Uuid>,
    /// When accreditation runs out (microseconds); `None` while nobody has confirmed who this is.
    pub accredited_until: Option<i64>,
    /// Microseconds.
    pub created_at: i64,
}

/// A power and where it holds.
#[derive(Clone, Debug, Serialize, ToSchema, sqlx::FromRow)]
pub struct RoleGrant {
    /// The grant.
    pub id: Uuid,
    /// `administrator` or `moderator`.
    pub role: String,
    /// `region`, `country:RO`, `theme:forced-begging` or `channel:<id>`.
    pub scope: String,
}

/// What a person is told about their own account.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Me {
    /// The account.
    pub id: Uuid,
    /// Sign-in address; nobody else is shown it.
    pub email: String,
    /// As others see it.
    pub name: String,
    /// Country of work.
    pub country: Option<String>,
    /// Code of the vocabulary.
    pub function: Option<String>,
    /// Where this person works.
    pub organisation: Option<String>,
    /// Language of the screen.
    pub language: String,
    /// `active`.
    pub status: String,
    /// Until when this person is accredited (RFC 3339); none while a second person has yet to confirm who it is.
    pub accredited_until: Option<String>,
    /// Powers.
    pub roles: Vec<RoleGrant>,
    /// RFC 3339.
    pub created_at: String,
}

impl Me {
    pub(super) fn new(account: Account, roles: Vec<RoleGrant>) -> Self {
        Self {
            id: account.id,
            email: account.email,
            name: account.name,
            country: account.country,
            function: account.function,
            organisation: account.organisation,
            language: account.language,
            status: account.status,
            accredited_until: account.accredited_until.map(rfc3339),
            roles,
            created_at: rfc3339(account.created_at),
        }
    }
}

/// An e-mail address as it is stored: trimmed, lower case. `None` if it can't be one.
pub fn email(text: &str) -> Option<String> {
    let email = text.trim().to_lowercase();
    let (local, domain) = email.rsplit_once('@')?;
    let plausible = email.len() <= EMAIL_MAX
        && !local.is_empty()
        && domain.contains('.')
        && !domain.starts_with('.')
        && !domain.ends_with('.')
        && !domain.contains("..")
        && email.chars().all(|c| !c.is_whitespace() && !c.is_control())
        && domain.chars().all(|c| c.is_alphanumeric() || c == '-' || c == '.');
    plausible.then_some(email)
}

/// What is wrong with a new password, as a problem code. No composition rules: length and a block-list
/// (NIST SP 800-63B-4, 3.1.1.2).
pub fn password_problem(password: &str, email: &str) -> Option<&'static str> {
    let length = password.chars().count();
    if length < PASSWORD_MIN {
        return Some("password_too_short");
    }
    if length > PASSWORD_MAX {
        return Some("password_too_long");
    }
    let folded = text::fold(password);
    let own = email.split('@').next().unwrap_or_default();
    let mut letters = folded.chars();
    let first = letters.next();
    let monotonous = letters.all(|c| Some(c) == first);
    let common = COMMON_PASSWORDS.lines().any(|line| line == folded) || folded.replace(own, "").chars().count() < 4;
    (monotonous || common).then_some("password_too_common")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_lower_case_and_plausible() {
        assert_eq!(email(" Ana.Pop@Example.RO ").as_deref(), Some("ana.pop@example.ro"));
        for bad in ["", "ana", "ana@", "@example.ro", "ana@example", "a b@example.ro", "ana@.ro", "ana@exa..ro"] {
            assert_eq!(email(bad), None, "{bad}");
        }
    }

    #[test]
    fn passwords_are_long_and_not_common() {
        assert_eq!(password_problem("short", "a@b.ro"), Some("password_too_short"));
        assert_eq!(password_problem(&"x".repeat(300), "a@b.ro"), Some("password_too_long"));
        assert_eq!(password_problem("password1234", "a@b.ro"), Some("password_too_common"));
        assert_eq!(password_problem("aaaaaaaaaaaaaa", "a@b.ro"), Some("password_too_common"));
        assert_eq!(password_problem("anamaria.popescu12", "anamaria.popescu@b.ro"), Some("password_too_common"));
        assert_eq!(password_problem("four calm herons walk", "a@b.ro"), None);
    }
}
