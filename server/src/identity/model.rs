//! Types and rules of accounts: pure.

use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::base::clock::rfc3339;
use crate::base::text;

/// Languages of the screen that have a catalogue.
pub const LANGUAGES: [&str; 2] = ["en", "fr"];
/// Characters of a person's name, function or organisation at most.
pub const NAME_MAX: usize = 120;
/// Characters of an e-mail address at most (RFC 5321, 4.5.3.1.3).
pub const EMAIL_MAX: usize = 254;

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
    /// Argon2id, PHC string; or `NO_PASSWORD`.
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
    /// Powers; see `factor` for whether they are awake.
    pub roles: Vec<RoleGrant>,
    /// Where they stand with their second factor.
    pub factor: FactorState,
    /// RFC 3339.
    pub created_at: String,
}

/// Where somebody stands with their second factor, in the session that asks.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[expect(clippy::struct_excessive_bools, reason = "independent facts, as the screen asks for them")]
pub struct FactorState {
    /// Whether they have one.
    pub held: bool,
    /// Whether they have a password: who came in by an invitation through their institution has none until they choose one.
    pub password: bool,
    /// Whether this session was begun or confirmed with it.
    pub strong: bool,
    /// Whether their powers ask for one.
    pub required: bool,
    /// Whether their powers sleep in this session for want of it.
    pub asleep: bool,
    /// Until when powers are awake without it, in a region that is being tried out.
    pub grace_until: Option<String>,
}

impl Me {
    pub(super) fn new(account: Account, roles: Vec<RoleGrant>, factor: FactorState) -> Self {
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
            factor,
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
}
