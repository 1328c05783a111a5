//! A demo region whose people belong to an institution with an identity provider.

use anyhow::Result;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::provider::{CLIENT, Provider, SECRET, Says};
use crate::region::{Answer, Client, Region, address, text};

/// The provider's name in addresses.
pub const MINISTRY: &str = "ministry";
/// The same provider set up once more, with a second factor shown there counting.
pub const TRUSTED: &str = "trusted";
/// The cookie that knows a browser again.
pub const COOKIE: &str = "egida_entry";

/// A region and its people's identity provider.
#[derive(Debug)]
pub struct Institution {
    /// The region.
    pub region: Region,
    /// The provider.
    pub provider: Provider,
    _settings: TempDir,
}

impl Institution {
    /// A region that trusts a provider, with these variables.
    ///
    /// # Panics
    /// When it can't be made.
    pub async fn start(environment: &[(&str, &str)]) -> Self {
        Self::with(Provider::start().await, "", |config| {
            Region::start(&[environment, &[("EGIDA_CONFIG", config), ORIGIN]].concat())
        })
    }

    /// The same whose powers sleep without a second factor, and whose clock can be moved.
    ///
    /// # Panics
    /// When it can't be made.
    pub async fn start_strict() -> Self {
        let provider = Provider::start().await;
        Self::with(provider, "", |config| Region::start_strict_with(&[("EGIDA_CONFIG", config), ORIGIN]))
    }

    /// The same for a provider, with a line of settings more.
    ///
    /// # Panics
    /// When it can't be made.
    pub fn of(provider: Provider, line: &str) -> Self {
        Self::with(provider, line, |config| Region::start(&[("EGIDA_CONFIG", config), ORIGIN]))
    }

    /// The same that people reach at this origin.
    ///
    /// # Panics
    /// When it can't be made.
    pub fn with_origin(provider: Provider, origin: &str) -> Self {
        Self::with(provider, "", |config| Region::start(&[("EGIDA_CONFIG", config), ("EGIDA_PUBLIC_ORIGIN", origin)]))
    }

    fn with(provider: Provider, line: &str, start: impl FnOnce(&str) -> Result<Region>) -> Self {
        let settings = tempfile::tempdir().expect("a folder");
        let (secret, config) = (settings.path().join("secret"), settings.path().join("egida.toml"));
        std::fs::write(&secret, format!("{SECRET}\n")).expect("written");
        let shared = format!(
            "issuer = {:?}\nclient_id = {CLIENT:?}\nclient_secret_file = \"{}\"\ndomains = [\"demo.egida.example\"]\n{line}\n",
            provider.issuer(),
            secret.display()
        );
        let text = format!(
            "[provider.{MINISTRY}]\nname = \"Ministry of Invented Affairs\"\n{shared}\n\
             [provider.{TRUSTED}]\nname = \"Bureau of Keys\"\nsecond_factor = [\"mfa\"]\n{shared}"
        );
        std::fs::write(&config, text).expect("written");
        let region = start(config.to_str().expect("a path")).expect("a region");
        Self { region, provider, _settings: settings }
    }

    /// A browser that is about to go to the provider, and where it is sent.
    ///
    /// # Panics
    /// When it is sent nowhere.
    pub async fn begins(&self, provider: &str) -> (Client, String) {
        let mut browser = self.region.anonymous();
        let answer = browser.post(&format!("/api/providers/{provider}/entries"), json!({"next": "/channels?a=b"})).await;
        browser.keep_cookie(&answer);
        let location = text(&answer.is(201)["location"]);
        (browser, location)
    }

    /// A browser that goes to the provider with an invitation and comes back with what that says: where it is led.
    ///
    /// # Panics
    /// When it is sent nowhere.
    pub async fn comes_back_invited(&self, invitation: &str, name: &str, says: &Says) -> (Client, String) {
        let mut browser = self.region.anonymous();
        let wish = json!({"invitation": invitation, "name": name});
        let answer = browser.post(&format!("/api/providers/{MINISTRY}/entries"), wish).await;
        browser.keep_cookie(&answer);
        let back = self.provider.lets_in(&text(&answer.is(201)["location"]), says);
        let led = led(&browser.get(&back).await);
        (browser, led)
    }

    /// A browser that came back from the provider, which said this: where it is led.
    pub async fn comes_back(&self, provider: &str, says: &Says) -> (Client, String) {
        let (browser, location) = self.begins(provider).await;
        let back = self.provider.lets_in(&location, says);
        let led = led(&browser.get(&back).await);
        (browser, led)
    }

    /// The same, and it goes on to sign in.
    pub async fn enters(&self, provider: &str, says: &Says) -> (Client, Answer) {
        let (mut browser, led) = self.comes_back(provider, says).await;
        let answer = browser.post("/api/session/provider", json!({"entry": entry(&led)})).await;
        if answer.status == 200 {
            browser.keep_cookie(&answer);
        }
        (browser, answer)
    }
}

const ORIGIN: (&str, &str) = ("EGIDA_PUBLIC_ORIGIN", "http://egida.test");

/// What the provider says of a demo person.
pub fn says(handle: &str) -> Says {
    Says::of(&format!("subject of {handle}"), &address(handle))
}

/// Where a browser is led.
///
/// # Panics
/// When it is led nowhere.
#[track_caller]
pub fn led(answer: &Answer) -> String {
    assert_eq!(answer.status, 303, "{}", answer.text);
    answer.header("location").expect("a place").to_owned()
}

/// The name under which somebody may go on.
///
/// # Panics
/// When they may not.
#[track_caller]
pub fn entry(led: &str) -> Value {
    let entry = led.strip_prefix("/sign-in?entry=").unwrap_or_else(|| panic!("led to {led}"));
    entry.split('&').next().expect("a name").into()
}
