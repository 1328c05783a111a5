//! Who was sent to a provider, who came back from it, and for which account.

use openidconnect::{Nonce, PkceCodeVerifier};
use serde::Serialize;
use url::Url;
use utoipa::ToSchema;
use uuid::Uuid;

use super::claims::{Named, Why, named};
use super::settings::{Providers, Settings};
use super::store;
use super::talk::{Sent, Talk, Unproven};
use crate::audit::{self, Act};
use crate::base::clock::MINUTE;
use crate::base::db::{self, Tx};
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
    errand: Errand,
}

/// What somebody is on their way for.
pub(super) enum Errand {
    /// To sign in, and to go to this place of ours afterwards.
    SignIn(String),
    /// To come in by an invitation.
    Join(Invitation),
}

/// The invitation that somebody has in hand.
#[derive(Clone)]
pub(super) struct Invitation {
    /// Of its secret.
    pub(super) hash: [u8; 32],
    /// As they want to be called.
    pub(super) name: String,
}

/// Whom a provider has named who holds an invitation. It is for them only if it was made for that address.
#[derive(Clone)]
pub struct Invited {
    provider: usize,
    browser: Browser,
    /// Hash of the invitation's secret.
    pub invitation: [u8; 32],
    /// As they want to be called: not checked.
    pub name: String,
    /// Verified, lower case, of one of the provider's domains.
    pub email: String,
    /// Whether a second factor was shown there that counts here.
    pub strong: bool,
    subject: String,
}

/// An institution's identity provider.
#[derive(Serialize, ToSchema)]
pub struct Provider {
    /// Its name in addresses.
    id: String,
    /// Its name for people.
    name: String,
}

impl From<&Settings> for Provider {
    fn from(settings: &Settings) -> Self {
        Self { id: settings.id.clone(), name: settings.name.clone() }
    }
}

/// Where somebody goes on to who has come back.
pub(super) enum Onward {
    /// Under this name to sign in, and to this place afterwards.
    SignIn(Uuid, String),
    /// Under this name to join.
    Join(Uuid),
}

/// What has come of a way to a provider and back.
pub(super) struct Returned {
    /// Whether it was begun with an invitation.
    pub(super) joining: bool,
    pub(super) outcome: Result<Onward, Turned>,
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
pub struct Desk {
    pub(super) providers: Providers,
    /// Whether browsers reach us by TLS.
    pub(super) tls: bool,
    talks: Vec<Talk>,
    flights: Once<Flight>,
    arrivals: Once<Arrival>,
    invited: Once<Invited>,
}

impl Desk {
    /// For these providers; `origin` is where people reach this server.
    pub fn new(providers: Providers, origin: Option<&str>) -> Self {
        let talks = providers.iter().map(|_| Talk::default()).collect();
        let tls = origin.is_some_and(|origin| origin.starts_with("https://"));
        let (flights, arrivals, invited) = (Once::good_for(AWAY_FOR), Once::default(), Once::default());
        Self { providers, tls, talks, flights, arrivals, invited }
    }

    /// The providers that may speak for this address (lower case).
    pub fn speak_for(&self, email: &str) -> Vec<Provider> {
        self.providers.iter().filter(|settings| settings.may_speak_for(email)).map(Provider::from).collect()
    }

    /// Whom a provider has named who came back to this browser under this name: given out once.
    pub(super) fn invited(&self, entry: Uuid, browser: Browser, now: i64) -> Option<Invited> {
        self.invited.peek(entry, now).filter(|invited| invited.browser == browser)?;
        self.invited.take(entry, now)
    }

    /// The provider with this name in addresses.
    pub(super) fn provider(&self, id: &str) -> Option<usize> {
        self.providers.iter().position(|settings| settings.id == id)
    }

    /// Sends a browser to a provider; where to, or `None` if too many are on their way.
    pub(super) async fn send(&self, provider: usize, browser: Browser, errand: Errand, now: i64) -> Result<Option<Url>, Turned> {
        let (nonce, verifier) = (Nonce::new(secret::token()), secret::token());
        let sent = Sent { nonce: nonce.clone(), verifier: PkceCodeVerifier::new(verifier.clone()) };
        let flight = Flight { provider, browser, nonce, verifier, errand };
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
    pub(super) async fn receive(&self, ctx: &Ctx, back: Back<'_>) -> Returned {
        let flight = self.flights.take(back.state, ctx.now());
        let Some(flight) = flight.filter(|flight| flight.browser == back.browser && flight.provider == back.provider) else {
            return Returned { joining: false, outcome: Err(Turned::Unknown) };
        };
        let joining = matches!(flight.errand, Errand::Join(_));
        Returned { joining, outcome: self.check_in(ctx, back, flight).await }
    }

    async fn check_in(&self, ctx: &Ctx, back: Back<'_>, flight: Flight) -> Result<Onward, Turned> {
        let now = ctx.now();
        let settings = self.providers.at(back.provider);
        // Where a provider says who it is, it must be the one that was asked (RFC 9207).
        if back.issuer.is_some_and(|issuer| issuer != settings.issuer.as_str()) {
            return Err(refused(settings, "answer of another issuer", None));
        }
        let code = back.code.ok_or_else(|| refused(settings, "sent back without a code", None))?;
        let sent = Sent { nonce: flight.nonce, verifier: PkceCodeVerifier::new(flight.verifier) };
        let claims = self.talks[back.provider].redeem(settings, code, sent, now).await.map_err(|why| turned(settings, why))?;
        let named = named(settings, claims).map_err(|why| refused(settings, why, None))?;
        let (provider, browser) = (back.provider, flight.browser);
        match flight.errand {
            Errand::Join(Invitation { hash: invitation, name }) => {
                let Named { subject, email, strong } = named;
                let invited = Invited { provider, browser, invitation, name, email, strong, subject };
                self.invited.keep(invited, now).map(Onward::Join).ok_or(Turned::Unavailable)
            }
            Errand::SignIn(next) => {
                let account = whom(ctx, settings, &named).await.map_err(|error| failed(&error))?;
                let account = account.map_err(|(account, why)| refused(settings, why, account))?;
                let Named { subject, strong, .. } = named;
                let arrival = Arrival { provider, browser, account, subject, strong };
                let entry = self.arrivals.keep(arrival, now).ok_or(Turned::Unavailable)?;
                Ok(Onward::SignIn(entry, next))
            }
        }
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
pub(super) fn place(next: &str) -> String {
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

/// Whether the one whom a provider has named is somebody here already.
pub async fn names_somebody(tx: &mut Tx, desk: &Desk, invited: &Invited) -> db::Result<bool> {
    let issuer = desk.providers.at(invited.provider).issuer.as_str();
    Ok(store::by_subject(tx, issuer, &invited.subject).await?.is_some())
}

/// Binds an account that was just made to whom its provider means.
pub async fn bind_newcomer(tx: &mut Tx, ctx: &Ctx, desk: &Desk, account: Uuid, invited: &Invited) -> db::Result<()> {
    let settings = desk.providers.at(invited.provider);
    store::bind(tx, ctx.id(), account, settings.issuer.as_str(), &invited.subject, ctx.now()).await?;
    record_binding(tx, ctx, &settings.id, account).await
}

async fn record_binding(tx: &mut Tx, ctx: &Ctx, provider: &str, account: Uuid) -> db::Result<()> {
    let (target, detail) = (format!("account:{account}"), provider.to_owned());
    audit::record(tx, Act { at: ctx.now(), actor: Some(account), what: "account.bind", target, detail }).await
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
            record_binding(tx, &inner, &id, account).await?;
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
