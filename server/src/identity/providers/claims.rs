//! What a provider says of somebody, and for whom it may speak: pure.

use super::settings::Settings;
use crate::identity::email;

/// Characters of a subject at most (OpenID Connect Core 1.0, 2).
const SUBJECT_MAX: usize = 255;

/// What a checked ID token says.
#[derive(Clone, Debug)]
pub(super) struct Claims {
    /// The provider's own name for the person, for good.
    pub(super) subject: String,
    pub(super) email: Option<String>,
    pub(super) email_verified: Option<bool>,
    /// How the person proved themselves there: values of `amr`, and that of `acr`.
    pub(super) shown: Vec<String>,
}

/// Somebody as a provider names them, for whom it may speak.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Named {
    pub(super) subject: String,
    /// Lower case, of one of the provider's domains.
    pub(super) email: String,
    /// Whether a second factor was shown that the operator lets count.
    pub(super) strong: bool,
}

/// Why what a provider says doesn't count, in a word for the operator's log.
pub(super) type Why = &'static str;

/// Whom the claims name.
///
/// # Errors
///
/// Why they name nobody for whom this provider may speak.
pub(super) fn named(settings: &Settings, claims: Claims) -> Result<Named, Why> {
    if claims.subject.is_empty() || claims.subject.chars().count() > SUBJECT_MAX {
        return Err("subject");
    }
    let email = claims.email.as_deref().and_then(email).ok_or("no e-mail address")?;
    match claims.email_verified {
        Some(true) => {}
        // Who hands the addresses out need not say so. Who says that one is not verified is believed.
        None if settings.authoritative => {}
        _ => return Err("unverified e-mail address"),
    }
    if !settings.may_speak_for(&email) {
        return Err("e-mail address of a foreign domain");
    }
    let strong = claims.shown.iter().any(|shown| settings.second_factor.contains(shown));
    Ok(Named { subject: claims.subject, email, strong })
}

#[cfg(test)]
mod tests {
    use super::super::settings::tests::provider_with;
    use super::*;

    fn claims(email: Option<&str>, verified: Option<bool>) -> Claims {
        let shown = vec!["pwd".into(), "mfa".into()];
        Claims { subject: "5f1c".into(), email: email.map(Into::into), email_verified: verified, shown }
    }

    #[test]
    fn a_provider_speaks_for_verified_addresses_of_its_own_domains() {
        let providers = provider_with(&[]);
        let ask = |email, verified| named(providers.at(0), claims(email, verified));
        let ana = ask(Some("Ana@Ministry.Example"), Some(true)).expect("hers");
        assert_eq!((ana.email.as_str(), ana.strong), ("ana@ministry.example", false));
        for foreign in
            ["ana@evil.example", "ana@sub.ministry.example", "ana@ministry.example.evil.example", "ana@xministry.example"]
        {
            assert_eq!(ask(Some(foreign), Some(true)), Err("e-mail address of a foreign domain"), "{foreign}");
        }
        assert_eq!(ask(None, Some(true)), Err("no e-mail address"));
        assert_eq!(ask(Some("ana@ministry.example"), Some(false)), Err("unverified e-mail address"));
        assert_eq!(ask(Some("ana@ministry.example"), None), Err("unverified e-mail address"));
    }

    #[test]
    fn who_hands_addresses_out_need_not_say_that_they_are_verified() {
        let providers = provider_with(&[("authoritative", "true")]);
        let ask = |verified| named(providers.at(0), claims(Some("ana@ministry.example"), verified)).is_ok();
        assert_eq!((ask(None), ask(Some(true)), ask(Some(false))), (true, true, false));
    }

    #[test]
    fn a_second_factor_shown_there_counts_only_where_the_operator_says_so() {
        let strong = |setting: &str| {
            let providers = provider_with(&[("second_factor", setting)]);
            named(providers.at(0), claims(Some("ana@ministry.example"), Some(true))).expect("hers").strong
        };
        assert_eq!((strong(""), strong("hwk"), strong("otp, mfa")), (false, false, true));
    }

    #[test]
    fn a_subject_is_short_and_there() {
        let providers = provider_with(&[]);
        for subject in [String::new(), "s".repeat(256)] {
            let claims = Claims { subject, ..claims(Some("ana@ministry.example"), Some(true)) };
            assert_eq!(named(providers.at(0), claims), Err("subject"));
        }
    }
}
