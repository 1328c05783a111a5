//! Who was sent to a provider, who came back from it, and for which account.

use openidconnect::{Nonce, PkceCodeVerifier};
use url::Url;
use uuid::Uuid;

use super::claims::{Named, Why, named};
use super::settings::{Providers, Settings};
use super::store;
use super::talk::{Sent, Talk, Unproven};
use crate::audit::{self, Act};
use crate::base::clock::MINUTE;
use crate::base::db;
use crate::base::secret;
use crate::context::Ctx;
use crate::identity::account_by_email;
use crate::identity::factors::Once;
use crate::identity::notices::{self, Kind};

/// How long somebody may take at their provider.
pub(super) const AWAY_FOR: i64 = 10 * MINUTE;
/// Characters of the place to go to afterwards, at most.
const NEXT_MAX: usize = 2_000;

/// What is kept of a browser: the hash of its cookie.
pub(super) type Browser = [u8; 32];

/// Somebody who is at a provider.
struct Flight {
    provider: usize,
    browser: Browser,
    nonce: Nonce,
    verifier: String,
    next: String,
}

/// Somebody who came back from one and may go on as this account.
#[derive(Clone)]
pub(super) struct Arrival {
    pub(super) provider: usize,
    browser: Browser,
    pub(super) account: Uuid,
    subject: String,
    /// Whether a second factor was shown there that counts here.
    pub(super) strong: bool,
}

/// Why somebody is not let through.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Turned {
    /// Nothing is known of them: too late, another browser, or used before.
    Unknown,
    /// Their provider doesn't answer.
    Unavailable,
    /// They are nobody for whom this provider may speak; the account they would have been, if there is one.
    Refused(Option<Uuid>),
}

/// What is kept in memory between the requests of a sign-in.
pub(super) struct Desk {
    pub(super) providers: Providers,
    talks: Vec<Talk>,
    flights: Once<Flight>,
    arrivals: Once<Arrival>,
}

impl Desk {
    pub(super) fn new(providers: Providers) -> Self {
        let talks = providers.iter().map(|_| Talk::default()).collect();
        Self { providers, talks, flights: Once::good_for(AWAY_FOR), arrivals: Once::default() }
    }

    /// The provider with this name in addresses.
    pub(super) fn provider(&self, id: &str) -> Option<usize> {
        self.providers.iter().position(|settings| settings.id == id)
    }

    /// Sends a browser to a provider; where to, or `None` if too many are on their way.
    pub(super) async fn send(&self, provider: usize, browser: Browser, next: &str, now: i64) -> Result<Option<Url>, Turned> {
        let (nonce, verifier) = (Nonce::new(secret::token()), secret::token());
        let sent = Sent { nonce: nonce.clone(), verifier: PkceCodeVerifier::new(verifier.clone()) };
        let flight = Flight { provider, browser, nonce, verifier, next: place(next) };
        let Some(state) = self.flights.keep(flight, now) else { return Ok(None) };
        let settings = self.providers.at(provider);
        let address = self.talks[provider].address(settings, state.simple().to_string(), &sent, now).await;
        address.map(Some).map_err(|why| {
            self.flights.take(state, now);
            turned(settings, why)
        })
    }

    /// Somebody came back to this provider's place: under which name they may go on, and where to afterwards. `None` for
    /// the code: the provider sends them back without one.
    pub(super) async fn receive(&self, ctx: &Ctx, back: Back<'_>) -> Result<(Uuid, String), Turned> {
        let now = ctx.now();
        let flight = self.flights.take(back.state, now).ok_or(Turned::Unknown)?;
        if flight.browser != back.browser || flight.provider != back.provider {
            return Err(Turned::Unknown);
        }
        let settings = self.providers.at(back.provider);
        // Where a provider says who it is, it must be the one that was asked (RFC 9207).
        if back.issuer.is_some_and(|issuer| issuer != settings.issuer.as_str()) {
            return Err(refused(settings, "answer of another issuer", None));
        }
        let code = back.code.ok_or_else(|| refused(settings, "sent back without a code", None))?;
        let sent = Sent { nonce: flight.nonce, verifier: PkceCodeVerifier::new(flight.verifier) };
        let claims = self.talks[back.provider].redeem(settings, code, sent, now).await.map_err(|why| turned(settings, why))?;
        let named = named(settings, claims).map_err(|why| refused(settings, why, None))?;
        let account = whom(ctx, settings, &named).await.map_err(|error| failed(&error))?;
        let account = account.map_err(|(account, why)| refused(settings, why, account))?;
        let Named { subject, strong, .. } = named;
        let arrival = Arrival { provider: back.provider, browser: flight.browser, account, subject, strong };
        let entry = self.arrivals.keep(arrival, now).ok_or(Turned::Unavailable)?;
        Ok((entry, flight.next))
    }

    /// Who may go on under this name, in this browser.
    pub(super) fn arrival(&self, entry: Uuid, browser: Browser, now: i64) -> Option<Arrival> {
        self.arrivals.peek(entry, now).filter(|arrival| arrival.browser == browser)
    }

    /// Uses a name up; `false` if somebody else has.
    pub(super) fn use_up(&self, entry: Uuid, now: i64) -> bool {
        self.arrivals.take(entry, now).is_some()
    }
}

/// What a browser brings back from a provider.
pub(super) struct Back<'a> {
    pub(super) provider: usize,
    pub(super) browser: Browser,
    pub(super) state: Uuid,
    pub(super) code: Option<String>,
    pub(super) issuer: Option<&'a str>,
}

/// A place within this site; its beginning for anything else.
fn place(next: &str) -> String {
    let within = next.starts_with('/') && !next.starts_with("//") && next.len() <= NEXT_MAX;
    let plain = next.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    if within && plain { next.to_owned() } else { "/".into() }
}

fn turned(settings: &Settings, why: Unproven) -> Turned {
    match why {
        Unproven::Refused(why) => refused(settings, why, None),
        Unproven::Unavailable(why) => {
            tracing::warn!(provider = settings.id, why, "an identity provider doesn't answer as one");
            Turned::Unavailable
        }
    }
}

fn refused(settings: &Settings, why: Why, account: Option<Uuid>) -> Turned {
    tracing::warn!(provider = settings.id, why, "a sign-in through an identity provider was refused");
    Turned::Refused(account)
}

fn failed(error: &db::Error) -> Turned {
    tracing::error!(%error, "an account could not be looked for");
    Turned::Unavailable
}

/// The account that a provider means: the one it has a name for, or else the one with the address. Both must agree; an
/// address that has gone to somebody else, and a person whose address was changed, are nobody until an administrator has
/// taken the binding away.
async fn whom(ctx: &Ctx, settings: &Settings, named: &Named) -> db::Result<Result<Uuid, (Option<Uuid>, Why)>> {
    let mut conn = ctx.db.read().await?;
    let issuer = settings.issuer.as_str();
    let bound = store::by_subject(&mut conn, issuer, &named.subject).await?;
    let Some(found) = account_by_email(&mut conn, &named.email).await? else { return Ok(Err((bound, "no such account"))) };
    let why = match bound {
        _ if found.status != "active" => Some("suspended account"),
        Some(bound) if bound == found.id => None,
        Some(_) => Some("another account's subject"),
        None if store::has_issuer(&mut conn, found.id, issuer).await? => Some("another subject than before"),
        // Who has come in this way before is told on the page that it has run out, and who can help.
        None if found.accredited_until.is_some_and(|until| until <= ctx.now()) => Some("expired account"),
        None => None,
    };
    Ok(why.map_or(Ok(found.id), |why| Err((Some(found.id), why))))
}

/// Binds an account to whom its provider means, if it isn't; `false` if another one came before.
pub(super) async fn bind(ctx: &Ctx, settings: &Settings, arrival: &Arrival) -> db::Result<bool> {
    let (inner, account, subject) = (ctx.clone(), arrival.account, arrival.subject.clone());
    let (issuer, name) = (settings.issuer.to_string(), settings.name.clone());
    let id = settings.id.clone();
    ctx.db
        .write(async move |tx| {
            let now = inner.now();
            if store::note_use(tx, account, &issuer, &subject, now).await? {
                return Ok(true);
            }
            if !store::bind(tx, inner.id(), account, &issuer, &subject, now).await? {
                return Ok(false);
            }
            notices::tell(tx, &inner, account, Kind::ProviderBound, &name, None).await?;
            let target = format!("account:{account}");
            audit::record(tx, Act { at: now, actor: Some(account), what: "account.bind", target, detail: id.clone() }).await?;
            Ok(true)
        })
        .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn afterwards_one_goes_to_a_place_within_this_site() {
        assert_eq!(place("/c/01?a=b#c"), "/c/01?a=b#c");
        for foreign in ["", "c/01", "//evil.example", "/\\evil.example", "https://evil.example/", "/a b", "/a\r\nb", "/ș"] {
            assert_eq!(place(foreign), "/", "{foreign:?}");
        }
        assert_eq!(place(&format!("/{}", "x".repeat(NEXT_MAX))), "/");
    }
}
