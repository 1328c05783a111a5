//! An institution's identity provider (OpenID Connect), small and obedient: it says of people what a test wants it to say,
//! checks the client as a real one would, and can fail in several ways. Its keys are made when it starts.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use p256::ecdsa::signature::Signer;
use reqwest::Url;
use rsa::rand_core::OsRng;
use rsa::traits::PublicKeyParts;
use rsa::{Pkcs1v15Sign, RsaPrivateKey};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tokio::net::TcpListener;
use uuid::Uuid;

use crate::authenticator::seconds_now;
use crate::tls::tls_before;

/// The name that the client has here.
pub const CLIENT: &str = "egida at the ministry";
/// Its secret: with signs that must be spelled out on the way.
pub const SECRET: &str = "a secret: of/the two+";
/// Bits of an RSA key.
const RSA_BITS: usize = 2048;
/// An ID token is good for so many seconds.
const GOOD_FOR: u64 = 300;

/// How it answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mood {
    /// As it should.
    Well,
    /// Never.
    Silent,
    /// With an error of its own.
    Broken,
    /// With a redirect to a place that would answer well.
    Elsewhere,
    /// With more than anybody wants to read.
    Endless,
}

/// How an ID token is signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signed {
    /// With the RSA key.
    Rs256,
    /// With the key on the curve P-256.
    Es256,
    /// With an RSA key of somebody else, under the name of the right one.
    ByStranger,
    /// Not at all (`alg` is `none`).
    Not,
    /// With the secret that client and provider share (`HS256`).
    WithSharedSecret,
}

/// What it says of somebody.
#[derive(Clone, Debug)]
pub struct Says {
    claims: Value,
    signed: Signed,
}

impl Says {
    /// A person with a verified address.
    pub fn of(subject: &str, email: &str) -> Self {
        Self { claims: json!({"sub": subject, "email": email, "email_verified": true}), signed: Signed::Rs256 }
    }

    /// The same with another claim; null takes one away.
    #[must_use]
    pub fn with(&self, claim: &str, value: impl Into<Value>) -> Self {
        let mut says = self.clone();
        says.claims[claim] = value.into();
        says
    }

    /// The same, signed otherwise.
    #[must_use]
    pub fn signed(&self, signed: Signed) -> Self {
        Self { signed, ..self.clone() }
    }
}

/// A code that was given out.
struct Given {
    challenge: String,
    nonce: String,
    returns_to: String,
    says: Says,
}

struct Keys {
    name: String,
    rsa: RsaPrivateKey,
    curve: p256::ecdsa::SigningKey,
}

impl Keys {
    fn fresh() -> Self {
        let seed: [u8; 32] = Sha256::digest(Uuid::now_v7().as_bytes()).into();
        let rsa = RsaPrivateKey::new(&mut OsRng, RSA_BITS).expect("a key");
        Self { name: Uuid::now_v7().to_string(), rsa, curve: p256::ecdsa::SigningKey::from_slice(&seed).expect("a key") }
    }

    fn public(&self) -> Value {
        let point = self.curve.verifying_key().to_sec1_point(false);
        let (x, y) = (point.x().expect("a point"), point.y().expect("a point"));
        json!({"keys": [
            {"kty": "RSA", "use": "sig", "alg": "RS256", "kid": format!("rsa {}", self.name),
                "n": spelled(&self.rsa.n().to_bytes_be()), "e": spelled(&self.rsa.e().to_bytes_be())},
            {"kty": "EC", "use": "sig", "alg": "ES256", "kid": format!("curve {}", self.name), "crv": "P-256",
                "x": spelled(x), "y": spelled(y)},
        ]})
    }

    fn token(&self, claims: &Value, signed: Signed) -> String {
        let (algorithm, key) = match signed {
            Signed::Rs256 | Signed::ByStranger => ("RS256", format!("rsa {}", self.name)),
            Signed::Es256 => ("ES256", format!("curve {}", self.name)),
            Signed::Not => ("none", String::new()),
            Signed::WithSharedSecret => ("HS256", String::new()),
        };
        let header = json!({"alg": algorithm, "kid": key, "typ": "JWT"});
        let text = format!("{}.{}", spelled(header.to_string().as_bytes()), spelled(claims.to_string().as_bytes()));
        let signature = match signed {
            Signed::Rs256 => by_rsa(&self.rsa, &text),
            Signed::ByStranger => by_rsa(&RsaPrivateKey::new(&mut OsRng, RSA_BITS).expect("a key"), &text),
            Signed::Es256 => {
                let signature: p256::ecdsa::Signature = self.curve.sign(text.as_bytes());
                signature.to_bytes().to_vec()
            }
            Signed::Not => Vec::new(),
            Signed::WithSharedSecret => hmac(SECRET.as_bytes(), text.as_bytes()),
        };
        format!("{text}.{}", spelled(&signature))
    }
}

fn spelled(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

fn by_rsa(key: &RsaPrivateKey, text: &str) -> Vec<u8> {
    key.sign(Pkcs1v15Sign::new::<Sha256>(), &Sha256::digest(text.as_bytes())).expect("a signature")
}

/// HMAC with SHA-256 (RFC 2104), for a key that is no longer than a block.
fn hmac(key: &[u8], text: &[u8]) -> Vec<u8> {
    let padded = |pad: u8| -> Vec<u8> {
        let mut block = vec![pad; 64];
        block.iter_mut().zip(key).for_each(|(byte, key)| *byte ^= key);
        block
    };
    let inner = Sha256::digest([padded(0x36), text.to_vec()].concat());
    Sha256::digest([padded(0x5c), inner.to_vec()].concat()).to_vec()
}

struct Shared {
    keys: Keys,
    given: HashMap<String, Given>,
    mood: Mood,
    /// Questions of any kind so far.
    asked: usize,
}

/// A provider that runs for as long as its test does.
#[derive(Clone)]
pub struct Provider {
    issuer: String,
    shared: Arc<Mutex<Shared>>,
}

impl std::fmt::Debug for Provider {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Provider({})", self.issuer)
    }
}

impl Provider {
    /// Starts one on a free port of this machine, by plain HTTP.
    ///
    /// # Panics
    /// When it can't listen.
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        Self::serve(listener, format!("http://{address}/realms/staff"))
    }

    /// Starts one that speaks TLS, with a certificate of its own: the provider and that certificate (PEM).
    ///
    /// # Panics
    /// When it can't listen.
    pub async fn start_with_tls() -> (Self, String) {
        let behind = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let (origin, certificate) = tls_before(behind.local_addr().expect("an address")).await;
        (Self::serve(behind, format!("{origin}/realms/staff")), certificate)
    }

    fn serve(listener: TcpListener, issuer: String) -> Self {
        let shared = Shared { keys: Keys::fresh(), given: HashMap::new(), mood: Mood::Well, asked: 0 };
        let provider = Self { issuer, shared: Arc::new(Mutex::new(shared)) };
        let app = Router::new()
            .route("/realms/staff/.well-known/openid-configuration", get(document))
            .route("/realms/staff/elsewhere", get(document_here))
            .route("/realms/staff/keys", get(keys))
            .route("/realms/staff/token", post(exchange))
            .with_state(provider.clone());
        tokio::spawn(async move { axum::serve(listener, app).await });
        provider
    }

    /// Its issuer.
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// Answers like this from now on.
    pub fn is(&self, mood: Mood) {
        self.shared().mood = mood;
    }

    /// Has other keys from now on.
    pub fn changes_keys(&self) {
        self.shared().keys = Keys::fresh();
    }

    /// How often it was asked anything.
    pub fn asked(&self) -> usize {
        self.shared().asked
    }

    fn shared(&self) -> MutexGuard<'_, Shared> {
        self.shared.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Somebody was sent here with this address and has proven who they are: the path that they are sent back to.
    ///
    /// # Panics
    /// When the address is not what a careful client makes of the flow.
    pub fn lets_in(&self, address: &str, says: &Says) -> String {
        let address = Url::parse(address).expect("an address");
        assert!(address.as_str().starts_with(&format!("{}/authorize?", self.issuer)), "{address}");
        let asked: HashMap<String, String> = address.query_pairs().into_owned().collect();
        assert_eq!((asked["response_type"].as_str(), asked["client_id"].as_str()), ("code", CLIENT));
        assert_eq!(asked["code_challenge_method"], "S256");
        assert_eq!(asked["scope"], "openid email");
        let given = Given {
            challenge: asked["code_challenge"].clone(),
            nonce: asked["nonce"].clone(),
            returns_to: asked["redirect_uri"].clone(),
            says: says.clone(),
        };
        let code = Uuid::now_v7().to_string();
        self.shared().given.insert(code.clone(), given);
        let mut back = Url::parse(&asked["redirect_uri"]).expect("an address");
        back.query_pairs_mut().append_pair("code", &code).append_pair("state", &asked["state"]);
        format!("{}?{}", back.path(), back.query().unwrap_or_default())
    }

    fn describes_itself(&self) -> Value {
        let issuer = &self.issuer;
        json!({
            "issuer": issuer,
            "authorization_endpoint": format!("{issuer}/authorize"),
            "token_endpoint": format!("{issuer}/token"),
            "jwks_uri": format!("{issuer}/keys"),
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256", "ES256", "HS256", "none"],
        })
    }

    /// An answer, as its mood is.
    async fn in_its_mood(&self, well: impl FnOnce() -> Response) -> Response {
        let mood = {
            let mut shared = self.shared();
            shared.asked += 1;
            shared.mood
        };
        match mood {
            Mood::Well => well(),
            Mood::Silent => {
                tokio::time::sleep(Duration::from_mins(2)).await;
                well()
            }
            Mood::Broken => (StatusCode::INTERNAL_SERVER_ERROR, "out of order").into_response(),
            Mood::Elsewhere => (StatusCode::FOUND, [(header::LOCATION, format!("{}/elsewhere", self.issuer))]).into_response(),
            Mood::Endless => ([(header::CONTENT_TYPE, "application/json")], "x".repeat(1024 * 1024)).into_response(),
        }
    }

    /// The ID token for a code, given once, to a client that proves itself and that it began this.
    fn redeems(&self, headers: &HeaderMap, body: &str) -> Option<String> {
        let form = Url::parse(&format!("form:?{body}")).ok()?;
        let form: HashMap<String, String> = form.query_pairs().into_owned().collect();
        // Both are spelled like parts of a form before they are joined (RFC 6749, 2.3.1).
        let shown = headers.get(header::AUTHORIZATION)?.to_str().ok()?.strip_prefix("Basic ")?;
        let shown = String::from_utf8(STANDARD.decode(shown).ok()?).ok()?;
        let (client, secret) = shown.split_once(':')?;
        let plain = |text: &str| Url::parse(&format!("form:?v={text}")).ok()?.query_pairs().next().map(|(_, v)| v.into_owned());
        if plain(client)? != CLIENT || plain(secret)? != SECRET || form.get("grant_type")? != "authorization_code" {
            return None;
        }
        let mut shared = self.shared();
        let given = shared.given.remove(form.get("code")?)?;
        let challenge = spelled(&Sha256::digest(form.get("code_verifier")?.as_bytes()));
        if challenge != given.challenge || *form.get("redirect_uri")? != given.returns_to {
            return None;
        }
        let now = seconds_now();
        let mut claims = json!({
            "iss": self.issuer, "aud": CLIENT, "exp": now + GOOD_FOR, "iat": now, "nonce": given.nonce,
        });
        let (all, said) = (claims.as_object_mut()?, given.says.claims.as_object()?);
        all.extend(said.clone());
        all.retain(|_, value| !value.is_null());
        Some(shared.keys.token(&claims, given.says.signed))
    }
}

fn as_json(value: &Value) -> Response {
    ([(header::CONTENT_TYPE, "application/json")], value.to_string()).into_response()
}

async fn document(State(provider): State<Provider>) -> Response {
    provider.in_its_mood(|| as_json(&provider.describes_itself())).await
}

async fn document_here(State(provider): State<Provider>) -> Response {
    as_json(&provider.describes_itself())
}

async fn keys(State(provider): State<Provider>) -> Response {
    provider.in_its_mood(|| as_json(&provider.shared().keys.public())).await
}

async fn exchange(State(provider): State<Provider>, headers: HeaderMap, body: String) -> Response {
    let token = || match provider.redeems(&headers, &body) {
        Some(token) => {
            as_json(&json!({"access_token": "of no use", "token_type": "Bearer", "expires_in": GOOD_FOR, "id_token": token}))
        }
        None => (StatusCode::BAD_REQUEST, as_json(&json!({"error": "invalid_grant"}))).into_response(),
    };
    provider.in_its_mood(token).await
}
