//! What an operator says about the identity providers of institutions.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use openidconnect::{ClientId, ClientSecret, IssuerUrl, RedirectUrl};

use crate::base::http::Outgoing;
use crate::base::text;
use crate::identity::email;

/// What is set for each provider, below `provider.NAME.`.
pub const PROVIDER_KEYS: [&str; 8] =
    ["name", "issuer", "client_id", "client_secret_file", "domains", "authoritative", "second_factor", "authorities"];
/// Characters of the name that is shown, at most.
const SHOWN_MAX: usize = 80;
/// Characters of the name in addresses, at most.
const ID_MAX: usize = 40;

/// An institution's identity provider, as it is set.
#[derive(Debug)]
pub(super) struct Settings {
    /// Its name in addresses: lower-case letters, digits and hyphens.
    pub(super) id: String,
    /// Its name on the screen.
    pub(super) name: String,
    pub(super) issuer: IssuerUrl,
    pub(super) client_id: ClientId,
    pub(super) client_secret: ClientSecret,
    /// The domains it may speak for, lower case. Those below them aren't meant.
    pub(super) domains: BTreeSet<String>,
    /// Whether an address counts that it names without saying that it is verified: it hands them out itself.
    pub(super) authoritative: bool,
    /// Values of `amr` or `acr` that show a second factor.
    pub(super) second_factor: BTreeSet<String>,
    /// Where it sends people back to.
    pub(super) returns_to: RedirectUrl,
    pub(super) outgoing: Outgoing,
}

/// The identity providers of institutions; none, unless an operator sets some.
#[derive(Clone, Debug, Default)]
pub struct Providers(Arc<[Settings]>);

impl Providers {
    /// Reads what is set for each: by its name, by key. `origin` is where people reach this server.
    ///
    /// # Errors
    ///
    /// One sentence that names the key.
    pub fn read(values: &BTreeMap<String, BTreeMap<String, String>>, origin: Option<&str>) -> Result<Self, String> {
        let read: Result<Vec<_>, _> = values.iter().map(|(id, values)| provider(id, values, origin)).collect();
        Ok(Self(read?.into()))
    }

    pub(super) fn iter(&self) -> std::slice::Iter<'_, Settings> {
        self.0.iter()
    }

    /// What the provider with this issuer is called.
    pub(super) fn name_of(&self, issuer: &str) -> Option<String> {
        self.iter().find(|settings| settings.issuer.as_str() == issuer).map(|settings| settings.name.clone())
    }

    pub(super) fn at(&self, index: usize) -> &Settings {
        &self.0[index]
    }
}

impl Settings {
    /// Whether the provider may speak for this address (lower case).
    pub(super) fn may_speak_for(&self, email: &str) -> bool {
        email.rsplit_once('@').is_some_and(|(_, domain)| self.domains.contains(domain))
    }
}

fn provider(id: &str, values: &BTreeMap<String, String>, origin: Option<&str>) -> Result<Settings, String> {
    let key = |name: &str| format!("provider.{id}.{name}");
    let get = |name: &str| values.get(name).map(|value| value.trim()).filter(|value| !value.is_empty());
    let need = |name: &str| get(name).ok_or_else(|| format!("{}: is missing", key(name)));
    if id.is_empty() || id.len() > ID_MAX || !id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-') {
        return Err(format!("provider.{id}: the name must be {ID_MAX} lower-case letters, digits and hyphens at most"));
    }
    let origin =
        origin.ok_or_else(|| format!("public_origin: must be set, so that provider.{id} knows where to send people back to"))?;
    let issuer = issuer(need("issuer")?).map_err(|why| format!("{}: {why}", key("issuer")))?;
    let outgoing = match (issuer.url().scheme(), get("authorities")) {
        ("https", file) => Outgoing::by_tls(file.map(Path::new)).map_err(|why| format!("{}: {why}", key("authorities")))?,
        _ => Outgoing::plain(),
    };
    let returns_to = RedirectUrl::new(format!("{origin}/api/providers/{id}/return"));
    Ok(Settings {
        id: id.to_owned(),
        name: text::line(need("name")?, SHOWN_MAX).ok_or_else(|| format!("{}: this can't be shown", key("name")))?,
        issuer,
        client_id: ClientId::new(need("client_id")?.to_owned()),
        client_secret: secret(need("client_secret_file")?).map_err(|why| format!("{}: {why}", key("client_secret_file")))?,
        domains: domains(need("domains")?).map_err(|domain| format!("{}: {domain} is not a domain", key("domains")))?,
        authoritative: get("authoritative")
            .map_or(Ok(false), str::parse)
            .map_err(|_| format!("{}: is neither true nor false", key("authoritative")))?,
        second_factor: list(get("second_factor").unwrap_or_default()).map(ToOwned::to_owned).collect(),
        returns_to: returns_to.map_err(|error| format!("public_origin: {error}"))?,
        outgoing,
    })
}

/// The issuer to the letter, as its own documents name it.
fn issuer(text: &str) -> Result<IssuerUrl, String> {
    let issuer = IssuerUrl::new(text.to_owned()).map_err(|_| format!("{text} is not a URL"))?;
    let url = issuer.url();
    let here = matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"));
    if url.scheme() != "https" && !(url.scheme() == "http" && here) {
        return Err(format!("{text} must begin with https, unless it is on this very machine"));
    }
    if !url.username().is_empty() || url.password().is_some() || url.query().is_some() || url.fragment().is_some() {
        return Err(format!("{text} must be a plain address, without a password, a query or a fragment"));
    }
    Ok(issuer)
}

fn secret(file: &str) -> Result<ClientSecret, String> {
    let text = std::fs::read_to_string(file).map_err(|error| format!("{file} can't be read: {error}"))?;
    match text.trim() {
        "" => Err(format!("{file} is empty")),
        secret => Ok(ClientSecret::new(secret.to_owned())),
    }
}

fn domains(text: &str) -> Result<BTreeSet<String>, String> {
    let is_domain = |domain: &str| !domain.contains('@') && email(&format!("a@{domain}")).is_some();
    list(text).map(str::to_lowercase).map(|domain| if is_domain(&domain) { Ok(domain) } else { Err(domain) }).collect()
}

fn list(text: &str) -> impl Iterator<Item = &str> {
    text.split(',').map(str::trim).filter(|item| !item.is_empty())
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    const ORIGIN: Option<&str> = Some("https://egida.example");

    /// Settings of a provider on this machine, with these changed; an empty one is taken away.
    fn values(changed: &[(&str, &str)], secret: &Path) -> BTreeMap<String, String> {
        let secret = secret.display().to_string();
        let whole = [
            ("name", "Ministry of Invented Affairs"),
            ("issuer", "http://127.0.0.1:9/realms/staff"),
            ("client_id", "egida"),
            ("client_secret_file", secret.as_str()),
            ("domains", "ministry.example, Agency.Example"),
        ];
        whole.iter().chain(changed).map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
    }

    fn read(id: &str, changed: &[(&str, &str)], origin: Option<&str>) -> Result<Providers, String> {
        let file = std::env::temp_dir().join(format!("egida-secret-{}", crate::base::secret::token()));
        std::fs::write(&file, "  a secret of the two\n").expect("written");
        let read = Providers::read(&BTreeMap::from([(id.to_owned(), values(changed, &file))]), origin);
        std::fs::remove_file(file).expect("removed");
        read
    }

    /// A provider with these settings.
    pub(crate) fn provider_with(changed: &[(&str, &str)]) -> Providers {
        read("ministry", changed, ORIGIN).expect("good")
    }

    #[test]
    fn a_provider_is_read_whole() {
        let providers = provider_with(&[("second_factor", "mfa, otp")]);
        let one = providers.at(0);
        assert_eq!(one.returns_to.as_str(), "https://egida.example/api/providers/ministry/return");
        assert_eq!(one.client_secret.secret(), "a secret of the two");
        assert_eq!(one.domains.iter().collect::<Vec<_>>(), ["agency.example", "ministry.example"]);
        assert_eq!((one.authoritative, one.second_factor.len()), (false, 2));
        assert!(!format!("{providers:?}").contains("a secret"), "a secret is not printed");
    }

    #[test]
    fn mistakes_name_their_key() {
        for (changed, word) in [
            (("name", ""), "provider.ministry.name"),
            (("name", "two\u{202E}ways"), "provider.ministry.name"),
            (("issuer", "ministry.example"), "is not a URL"),
            (("issuer", "http://login.ministry.example"), "must begin with https"),
            (("issuer", "https://me:secret@login.ministry.example"), "plain address"),
            (("issuer", "https://login.ministry.example/?tenant=1"), "plain address"),
            (("client_secret_file", "/nowhere/at/all"), "client_secret_file: /nowhere/at/all can't be read"),
            (("domains", "ministry"), "ministry is not a domain"),
            (("domains", "ministry.example, @agency.example"), "is not a domain"),
            (("authoritative", "perhaps"), "provider.ministry.authoritative"),
        ] {
            let error = read("ministry", &[changed], ORIGIN).expect_err(word);
            assert!(error.contains(word), "{changed:?}: {error}");
        }
        assert!(read("ministry", &[], None).expect_err("no origin").starts_with("public_origin"));
        assert!(read("Ministry/x", &[], ORIGIN).expect_err("a name").starts_with("provider.Ministry/x"));
    }
}
