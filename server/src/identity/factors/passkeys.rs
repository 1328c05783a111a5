//! Passkeys (WebAuthn): the ceremonies, without storage. Checking is the library's; that a challenge is used once, by the
//! account it was made for, and that a key belongs to whom it names, is ours.

use serde_json::{Value, json};
use url::Url;
use uuid::Uuid;
use webauthn_rs::prelude::{
    CredentialID, DiscoverableAuthentication, Passkey, PasskeyRegistration, PublicKeyCredential, RegisterPublicKeyCredential,
    Webauthn, WebauthnBuilder,
};

use super::Factors;
use super::once::Once;
use super::store;
use crate::base::db;
use crate::context::Ctx;

/// Named to the person by their browser.
const NAME: &str = "Egida";
/// Where a server without a configured origin is tried out; browsers know no passkeys for bare addresses.
const TRIED_OUT_AT: &str = "http://localhost";

/// What was answered to a challenge proves nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Refused;

/// The ceremonies of this server.
pub(super) struct Passkeys {
    webauthn: Option<Webauthn>,
    /// The name that passkeys are bound to.
    party: Option<String>,
    registrations: Once<(Uuid, PasskeyRegistration)>,
    assertions: Once<DiscoverableAuthentication>,
}

impl Passkeys {
    /// For a server that people reach at this origin; none configured: at `localhost`, on any port.
    pub(super) fn new(origin: Option<&str>) -> Self {
        let made = Url::parse(origin.unwrap_or(TRIED_OUT_AT)).ok().and_then(|url| {
            let party = url.domain()?.to_owned();
            // A browser has passkeys only where nobody listens in.
            let safe = url.scheme() == "https" || party == "localhost";
            let builder = WebauthnBuilder::new(&party, &url).ok().filter(|_| safe)?;
            let webauthn = builder.rp_name(NAME).allow_any_port(origin.is_none()).build().ok()?;
            Some((webauthn, party))
        });
        let (webauthn, party) = made.unzip();
        Self { webauthn, party, registrations: Once::default(), assertions: Once::default() }
    }

    /// The host name that passkeys here are for; `None` where there can be none.
    pub(super) fn party(&self) -> Option<&str> {
        self.party.as_deref()
    }

    /// Begins to add a passkey: the ceremony's name, and what the browser is to be asked.
    pub(super) fn begin_registration(
        &self,
        account: Uuid,
        (email, name): (&str, &str),
        held: Vec<CredentialID>,
        now: i64,
    ) -> Option<(Uuid, Value)> {
        let (options, state) = self.webauthn.as_ref()?.start_passkey_registration(account, email, name, Some(held)).ok()?;
        let mut options = serde_json::to_value(options).ok()?;
        // So that it can be found without an e-mail address typed before. An authenticator that can't keep one is not taken:
        // challenges name no key, and whoever had it as their only factor would stand before the door.
        if let Some(selection) = options.pointer_mut("/publicKey/authenticatorSelection") {
            (selection["residentKey"], selection["requireResidentKey"]) = (json!("required"), json!(true));
        }
        Some((self.registrations.keep((account, state), now)?, options))
    }

    /// The passkey that was made.
    pub(super) fn finish_registration(&self, account: Uuid, ceremony: Uuid, answer: Value, now: i64) -> Result<Passkey, Refused> {
        let webauthn = self.webauthn.as_ref().ok_or(Refused)?;
        let (begun_by, state) = self.registrations.take(ceremony, now).ok_or(Refused)?;
        let answer: RegisterPublicKeyCredential = serde_json::from_value(answer).map_err(|_| Refused)?;
        if begun_by != account {
            return Err(Refused);
        }
        webauthn.finish_passkey_registration(&answer, &state).map_err(|_| Refused)
    }

    /// Begins to prove who one is, without saying it before.
    pub(super) fn begin_assertion(&self, now: i64) -> Option<(Uuid, Value)> {
        let (options, state) = self.webauthn.as_ref()?.start_discoverable_authentication().ok()?;
        let mut options = serde_json::to_value(options).ok()?;
        // The library thinks of a list under the e-mail field; here there is a button.
        if let Some(options) = options.as_object_mut() {
            options.remove("mediation");
        }
        Some((self.assertions.keep(state, now)?, options))
    }
}

/// Who has proven to be there, by which passkey.
pub(in crate::identity) struct Asserted {
    /// The account.
    pub(in crate::identity) account: Uuid,
    /// The passkey.
    pub(in crate::identity) passkey: Uuid,
    /// The passkey as it is to be kept now, if that has changed.
    pub(in crate::identity) data: Option<String>,
}

/// Finishes a proof by passkey. `None` for everything that proves nothing, without saying what was wrong with it.
pub(in crate::identity) async fn assertion(
    ctx: &Ctx,
    factors: &Factors,
    ceremony: Uuid,
    answer: Value,
) -> db::Result<Option<Asserted>> {
    let passkeys = &factors.passkeys;
    let Some(webauthn) = &passkeys.webauthn else { return Ok(None) };
    let Some(state) = passkeys.assertions.take(ceremony, ctx.now()) else { return Ok(None) };
    let Ok(answer) = serde_json::from_value::<PublicKeyCredential>(answer) else { return Ok(None) };
    let Some(row) = store::passkey_by_credential(&mut ctx.db.read().await?, answer.get_credential_id()).await? else {
        return Ok(None);
    };
    let mut passkey: Passkey = serde_json::from_str(&row.data).map_err(|_| db::Error::Malformed("passkey"))?;
    // An authenticator that keeps nothing names nobody; one that does must name the owner.
    let named = webauthn.identify_discoverable_authentication(&answer).ok().map(|(account, _)| account);
    if named.is_some_and(|account| account != row.account) {
        return Ok(None);
    }
    let Ok(result) = webauthn.finish_discoverable_authentication_v2(&answer, state, &passkey) else { return Ok(None) };
    if !result.user_verified() {
        return Ok(None);
    }
    let changed = passkey.update_credential(&result) == Some(true);
    let data = changed.then(|| serde_json::to_string(&passkey)).transpose().map_err(|_| db::Error::Malformed("passkey"))?;
    Ok(Some(Asserted { account: row.account, passkey: row.id, data }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passkeys_are_for_a_name_that_browsers_trust() {
        for (origin, party) in [
            (None, Some("localhost")),
            (Some("https://egida.example"), Some("egida.example")),
            (Some("https://egida.example:8443"), Some("egida.example")),
            (Some("http://localhost:8080"), Some("localhost")),
            (Some("http://egida.example"), None),
            (Some("https://192.0.2.1"), None),
            (Some("http://127.0.0.1:8080"), None),
        ] {
            assert_eq!(Passkeys::new(origin).party(), party, "{origin:?}");
        }
    }

    #[test]
    fn a_challenge_asks_for_the_person_and_not_just_for_the_key() {
        let passkeys = Passkeys::new(Some("https://egida.example"));
        let account = Uuid::from_u128(1);
        let (_, options) = passkeys.begin_registration(account, ("ana@example.ro", "Ana"), Vec::new(), 0).expect("begun");
        let selection = &options["publicKey"]["authenticatorSelection"];
        assert_eq!((&selection["userVerification"], &selection["residentKey"]), (&json!("required"), &json!("required")));
        let (_, options) = passkeys.begin_assertion(0).expect("begun");
        assert_eq!(options["publicKey"]["userVerification"], "required");
        assert_eq!(options["publicKey"]["rpId"], "egida.example");
        assert!(options.get("mediation").is_none());
    }

    #[test]
    fn nobody_finishes_what_another_account_began() {
        let passkeys = Passkeys::new(None);
        let (ceremony, _) =
            passkeys.begin_registration(Uuid::from_u128(1), ("ana@example.ro", "Ana"), Vec::new(), 0).expect("begun");
        assert_eq!(passkeys.finish_registration(Uuid::from_u128(2), ceremony, json!({}), 0).err(), Some(Refused));
    }
}
