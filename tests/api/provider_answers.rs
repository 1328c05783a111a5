//! What an identity provider may answer that doesn't hold, and what becomes of a sign-in when it doesn't answer.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use support::authenticator::seconds_now;
use support::institution::{Institution, MINISTRY, led, says};
use support::provider::{CLIENT, Mood, Signed};

/// Above the six seconds that a provider is waited for.
const PATIENCE: Duration = Duration::from_secs(9);
/// Seconds after which keys are asked for again.
const KEYS_AGAIN: i64 = 61;
/// Seconds for which a provider that failed is left alone, and one more.
const LEFT_ALONE: i64 = 11;
const REFUSED: &str = "/sign-in?refused=provider_refused";
const UNAVAILABLE: &str = "/sign-in?refused=provider_unavailable";

#[tokio::test]
async fn a_token_that_does_not_hold_opens_nothing() {
    let house = Institution::start(&[]).await;
    let good = says("member.ro");
    let bad = [
        ("another nonce", good.with("nonce", "of another sign-in")),
        ("no nonce", good.with("nonce", Value::Null)),
        ("another issuer", good.with("iss", "https://login.evil.example")),
        ("another audience", good.with("aud", "another client")),
        ("several audiences", good.with("aud", json!([CLIENT, "another client"]))),
        ("another party", good.with("azp", "another client")),
        ("expired", good.with("exp", seconds_now() - 1)),
        ("no end", good.with("exp", Value::Null)),
        ("no subject", good.with("sub", "")),
        ("no address", good.with("email", Value::Null)),
        ("unverified address", good.with("email_verified", false)),
        ("nothing said of the address", good.with("email_verified", Value::Null)),
        ("foreign domain", good.with("email", "member.ro@evil.example")),
        ("domain below", good.with("email", "member.ro@x.demo.egida.example")),
        ("a stranger's key", good.signed(Signed::ByStranger)),
        ("no signature", good.signed(Signed::Not)),
        ("the shared secret as key", good.signed(Signed::WithSharedSecret)),
    ];
    for (what, says) in bad {
        let (_, led) = house.comes_back(MINISTRY, &says).await;
        // A token without an end can't be read at all: the provider is out of order.
        assert_eq!(led, if what == "no end" { UNAVAILABLE } else { REFUSED }, "{what}");
    }
    house.enters(MINISTRY, &good).await.1.is(200);
}

#[tokio::test]
async fn an_answer_that_was_not_asked_for_opens_nothing() {
    let house = Institution::start(&[]).await;
    let asked = house.provider.asked();
    let expired = "/sign-in?refused=provider_expired";
    let browser = house.begins(MINISTRY).await.0;
    for query in ["", "?code=1", "?code=1&state=", "?code=1&state=0190aaaa00007000800000000000aaaa", "?error=access_denied"] {
        assert_eq!(led(&browser.get(&format!("/api/providers/ministry/return{query}")).await), expired, "{query}");
    }
    // Refused there; with a code that it doesn't know; by somebody who says they are another provider.
    let state = |location: &str| {
        let (_, rest) = location.split_once("state=").expect("a state");
        rest.split('&').next().unwrap_or_default().to_owned()
    };
    for query in ["error=access_denied", "code=invented", "code=invented&iss=https%3A%2F%2Flogin.evil.example"] {
        let (browser, location) = house.begins(MINISTRY).await;
        let path = format!("/api/providers/ministry/return?{query}&state={}", state(&location));
        assert_eq!(led(&browser.get(&path).await), REFUSED, "{query}");
    }
    assert_eq!(house.provider.asked(), asked + 3, "document, keys, and the invented code: nothing else was asked for");
}

#[tokio::test]
async fn a_provider_that_fails_is_waited_for_a_moment_and_holds_nobody_up() {
    let house = Institution::start_strict().await;
    let anonymous = house.region.anonymous();
    for mood in [Mood::Broken, Mood::Elsewhere, Mood::Endless, Mood::Silent] {
        house.provider.is(mood);
        let begun = Instant::now();
        let waiting = {
            let anonymous = anonymous.clone();
            tokio::spawn(async move { anonymous.post("/api/providers/ministry/entries", json!({})).await })
        };
        // Signing in otherwise goes on meanwhile.
        anonymous.get("/api/providers").await.is(200);
        anonymous.clone().sign_in("nobody@demo.egida.example", "wrong").await.refused(401, "sign_in_failed");
        waiting.await.expect("an answer").refused(503, "provider_unavailable");
        assert!(begun.elapsed() < PATIENCE, "{mood:?}: {:?}", begun.elapsed());
        // Nobody waits for it again at once.
        let asked = house.provider.asked();
        anonymous.post("/api/providers/ministry/entries", json!({})).await.refused(503, "provider_unavailable");
        assert_eq!(house.provider.asked(), asked, "{mood:?}");
        house.region.advance(LEFT_ALONE).await;
    }
    house.provider.is(Mood::Well);
    house.enters(MINISTRY, &says("member.ro")).await.1.is(200);
}

#[tokio::test]
async fn a_provider_that_fails_in_the_middle_leads_back_to_the_page() {
    let house = Institution::start(&[]).await;
    for mood in [Mood::Broken, Mood::Elsewhere, Mood::Endless, Mood::Silent] {
        let (browser, location) = house.begins(MINISTRY).await;
        let back = house.provider.lets_in(&location, &says("member.ro"));
        house.provider.is(mood);
        let begun = Instant::now();
        assert_eq!(led(&browser.get(&back).await), UNAVAILABLE, "{mood:?}");
        assert!(begun.elapsed() < PATIENCE, "{mood:?}: {:?}", begun.elapsed());
        house.provider.is(Mood::Well);
    }
    house.enters(MINISTRY, &says("member.ro")).await.1.is(200);
}

#[tokio::test]
async fn a_provider_may_change_its_keys() {
    let house = Institution::start_strict().await;
    house.enters(MINISTRY, &says("member.ro")).await.1.is(200);
    house.provider.changes_keys();
    // Keys are not asked for at every token that doesn't fit.
    assert_eq!(house.comes_back(MINISTRY, &says("member.ro")).await.1, REFUSED);
    house.region.advance(KEYS_AGAIN).await;
    let asked = house.provider.asked();
    house.enters(MINISTRY, &says("member.ro").with("exp", seconds_now() + 3600)).await.1.is(200);
    assert_eq!(house.provider.asked(), asked + 3, "the code, the document and the keys");
}
