//! Talking to a provider: its discovery document and keys, exchanging a code, checking an ID token.

use std::pin::Pin;
use std::time::Duration;

use chrono::DateTime;
use openidconnect::core::{
    CoreAuthenticationFlow, CoreClient, CoreIdToken, CoreIdTokenClaims, CoreJwsSigningAlgorithm, CoreProviderMetadata,
};
use openidconnect::{
    AuthorizationCode, ClaimsVerificationError, CsrfToken, HttpRequest, HttpResponse, Nonce, PkceCodeChallenge, PkceCodeVerifier,
    RequestTokenError, Scope, SignatureVerificationError, TokenResponse,
};
use tokio::sync::Mutex;
use url::Url;

use super::claims::{Claims, Why};
use super::settings::Settings;
use crate::base::clock::{HOUR, MINUTE, SECOND};
use crate::base::http::{NoAnswer, Outgoing};

/// How long a provider's documents are believed without asking for them again.
const FRESH_FOR: i64 = HOUR;
/// Keys that don't fit make us ask for new ones, this often at most.
const KEYS_AGAIN: i64 = MINUTE;
/// A provider that didn't answer is left alone for this long: nobody waits for it meanwhile.
const LEFT_ALONE: i64 = 10 * SECOND;
/// Discovery document and keys, two questions, must be there within this time.
const DISCOVERED_WITHIN: Duration = Duration::from_secs(6);

/// How ID tokens may be signed: with keys of which the provider alone has the secret half. Never `none`, and never with our
/// shared secret (`HS256` and its kind), which would make whoever knows it a provider.
const ALGORITHMS: [CoreJwsSigningAlgorithm; 9] = [
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha384,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha512,
    CoreJwsSigningAlgorithm::RsaSsaPssSha256,
    CoreJwsSigningAlgorithm::RsaSsaPssSha384,
    CoreJwsSigningAlgorithm::RsaSsaPssSha512,
    CoreJwsSigningAlgorithm::EcdsaP256Sha256,
    CoreJwsSigningAlgorithm::EcdsaP384Sha384,
    CoreJwsSigningAlgorithm::EdDsa,
];

type Answering = Pin<Box<dyn Future<Output = Result<HttpResponse, NoAnswer>> + Send>>;

/// Why a provider has proven nothing.
#[derive(Debug)]
pub(super) enum Unproven {
    /// It doesn't answer, or not as a provider would; more for the operator's log.
    Unavailable(String),
    /// What it says doesn't hold.
    Refused(Why),
}

/// What is kept of a provider's documents.
#[derive(Default)]
struct Known {
    metadata: Option<(CoreProviderMetadata, i64)>,
    failed_at: Option<i64>,
}

/// What must be remembered of somebody who was sent to a provider.
pub(super) struct Sent {
    pub(super) nonce: Nonce,
    pub(super) verifier: PkceCodeVerifier,
}

/// The line to one provider.
#[derive(Default)]
pub(super) struct Talk(Mutex<Known>);

impl Talk {
    /// The provider's documents, not older than `oldest` (microseconds). Everybody who needs them waits for one question.
    async fn metadata(&self, settings: &Settings, oldest: i64, now: i64) -> Result<CoreProviderMetadata, Unproven> {
        let mut known = self.0.lock().await;
        if let Some((metadata, at)) = &known.metadata
            && *at >= oldest
        {
            return Ok(metadata.clone());
        }
        if known.failed_at.is_some_and(|at| now < at + LEFT_ALONE && now >= at) {
            return Err(Unproven::Unavailable("it didn't answer a moment ago".into()));
        }
        let asked = tokio::time::timeout(DISCOVERED_WITHIN, discover(settings)).await;
        match asked.unwrap_or_else(|_| Err("it takes too long".into())) {
            Ok(metadata) => {
                *known = Known { metadata: Some((metadata.clone(), now)), failed_at: None };
                Ok(metadata)
            }
            Err(why) => {
                known.failed_at = Some(now);
                Err(Unproven::Unavailable(why))
            }
        }
    }

    /// Where to send somebody who wants to prove there who they are, under the name `state`.
    pub(super) async fn address(&self, settings: &Settings, state: String, sent: &Sent, now: i64) -> Result<Url, Unproven> {
        let metadata = self.metadata(settings, now - FRESH_FOR, now).await?;
        let nonce = sent.nonce.clone();
        let client = CoreClient::from_provider_metadata(metadata, settings.client_id.clone(), None)
            .set_redirect_uri(settings.returns_to.clone());
        let asked = client
            .authorize_url(CoreAuthenticationFlow::AuthorizationCode, move || CsrfToken::new(state), move || nonce)
            .add_scope(Scope::new("email".into()))
            .set_pkce_challenge(PkceCodeChallenge::from_code_verifier_sha256(&sent.verifier));
        Ok(asked.url().0)
    }

    /// What the provider says of whoever came back with this code.
    pub(super) async fn redeem(&self, settings: &Settings, code: String, sent: Sent, now: i64) -> Result<Claims, Unproven> {
        let metadata = self.metadata(settings, now - FRESH_FOR, now).await?;
        let token = exchange(settings, &metadata, code, sent.verifier).await?;
        let checked = check(settings, metadata, &token, &sent.nonce, now);
        let checked = match checked {
            // It may have other keys by now.
            Err(error) if is_of_another_key(&error) => {
                let metadata = self.metadata(settings, now - KEYS_AGAIN, now).await?;
                check(settings, metadata, &token, &sent.nonce, now)
            }
            checked => checked,
        };
        checked.map_err(|error| Unproven::Refused(word(&error)))
    }
}

async fn discover(settings: &Settings) -> Result<CoreProviderMetadata, String> {
    let ask = asker(&settings.outgoing);
    let asked = CoreProviderMetadata::discover_async(settings.issuer.clone(), &ask).await;
    asked.map_err(|error| chain(&error))
}

/// The line as the library takes one. Its futures own it: borrowed, the compiler can't tell that they may change threads.
fn asker(outgoing: &Outgoing) -> impl Fn(HttpRequest) -> Answering + use<> {
    let outgoing = outgoing.clone();
    move |question| {
        let outgoing = outgoing.clone();
        Box::pin(async move { outgoing.ask(question).await })
    }
}

/// What went wrong, with the reasons behind it.
fn chain(error: &dyn std::error::Error) -> String {
    let reasons = std::iter::successors(error.source(), |error| error.source());
    reasons.fold(error.to_string(), |said, reason| format!("{said}: {reason}"))
}

async fn exchange(
    settings: &Settings,
    metadata: &CoreProviderMetadata,
    code: String,
    verifier: PkceCodeVerifier,
) -> Result<CoreIdToken, Unproven> {
    let secret = Some(settings.client_secret.clone());
    let client = CoreClient::from_provider_metadata(metadata.clone(), settings.client_id.clone(), secret)
        .set_redirect_uri(settings.returns_to.clone());
    let question = client
        .exchange_code(AuthorizationCode::new(code))
        .map_err(|_| Unproven::Unavailable("its document names no place where codes are exchanged".into()))?
        .set_pkce_verifier(verifier);
    let ask = asker(&settings.outgoing);
    let answer = question.request_async(&ask).await.map_err(|error| match error {
        RequestTokenError::ServerResponse(_) => Unproven::Refused("code was refused"),
        // Never what it answered: a token may stand in there.
        RequestTokenError::Parse(error, _) => Unproven::Unavailable(format!("its answer is none: at {}", error.path())),
        error => Unproven::Unavailable(chain(&error)),
    })?;
    // The access token is dropped: nothing is asked for with it.
    answer.id_token().cloned().ok_or(Unproven::Refused("no ID token"))
}

fn check(
    settings: &Settings,
    metadata: CoreProviderMetadata,
    token: &CoreIdToken,
    nonce: &Nonce,
    now: i64,
) -> Result<Claims, ClaimsVerificationError> {
    let client = CoreClient::from_provider_metadata(metadata, settings.client_id.clone(), None);
    let verifier = client
        .id_token_verifier()
        .set_allowed_algs(ALGORITHMS)
        .set_time_fn(move || DateTime::from_timestamp_micros(now).unwrap_or(DateTime::<chrono::Utc>::MAX_UTC));
    let claims = token.claims(&verifier, nonce)?;
    // A token that was made for another client and merely lists us as an audience.
    if claims.authorized_party().is_some_and(|party| *party != settings.client_id) {
        return Err(ClaimsVerificationError::InvalidAudience("another party's token".into()));
    }
    Ok(said(claims))
}

fn said(claims: &CoreIdTokenClaims) -> Claims {
    let methods = claims.auth_method_refs().into_iter().flatten().map(|method| method.to_string());
    let class = claims.auth_context_ref().map(|class| class.to_string());
    Claims {
        subject: claims.subject().to_string(),
        email: claims.email().map(|email| email.to_string()),
        email_verified: claims.email_verified(),
        shown: methods.chain(class).collect(),
    }
}

fn is_of_another_key(error: &ClaimsVerificationError) -> bool {
    use SignatureVerificationError::{CryptoError, NoMatchingKey};
    matches!(error, ClaimsVerificationError::SignatureVerification(NoMatchingKey | CryptoError(_)))
}

/// What is wrong with a token. Its own text holds what stands in the token, and is not for a log.
fn word(error: &ClaimsVerificationError) -> Why {
    match error {
        ClaimsVerificationError::Expired(_) => "expired token",
        ClaimsVerificationError::InvalidAudience(_) => "token for somebody else",
        ClaimsVerificationError::InvalidIssuer(_) => "token of another issuer",
        ClaimsVerificationError::InvalidNonce(_) => "token for another sign-in",
        ClaimsVerificationError::SignatureVerification(_) => "signature",
        _ => "token",
    }
}
