//! Signing in through an institution's identity provider: who comes in, and as what.

use serde_json::{Value, json};
use support::institution::{COOKIE, Institution, MINISTRY, TRUSTED, entry, led, says};
use support::provider::{Provider, Signed};
use support::region::{Client, Region, address, items, text};
use support::server_process::run;

const MINUTE: i64 = 60;

async fn kinds(client: &Client) -> Vec<String> {
    let told = client.get("/api/me/notices").await.is(200);
    items(&told).iter().map(|notice| text(&notice["kind"])).collect()
}

/// The acts about an account, with their details, latest first.
async fn acts(region: &Region, account: &str) -> Vec<String> {
    let auditor = region.person("auditor.region").await;
    let rows = auditor.get(&format!("/api/record?target=account:{account}")).await.is(200);
    items(&rows).iter().map(|row| format!("{} {}", text(&row["act"]), text(&row["detail"])).trim().to_owned()).collect()
}

#[tokio::test]
async fn a_colleague_whom_the_provider_knows_comes_in_and_is_bound() {
    let house = Institution::start(&[]).await;
    let listed = house.region.anonymous().get("/api/providers").await;
    assert_eq!(listed.header("cache-control"), Some("private, max-age=300"));
    let listed = listed.is(200);
    assert_eq!(items(&listed)[0], json!({"id": "ministry", "name": "Ministry of Invented Affairs"}));

    let (mut browser, led) = house.comes_back(MINISTRY, &says("member.ro")).await;
    assert!(led.ends_with("&next=%2Fchannels%3Fa%3Db"), "{led}");
    let answer = browser.post("/api/session/provider", json!({"entry": entry(&led)})).await;
    let cookie = answer.header("set-cookie").expect("a session").to_owned();
    assert!(
        cookie.starts_with("egida_session=") && cookie.contains("SameSite=Strict") && cookie.contains("HttpOnly"),
        "{cookie}"
    );
    browser.keep_cookie(&answer);
    let me = answer.is(200);
    assert_eq!((text(&me["email"]), &me["factor"]["strong"]), (address("member.ro"), &json!(false)));
    browser.get("/api/channels").await.is(200);
    assert_eq!(kinds(&browser).await, ["provider_bound"]);
    let bound = browser.get("/api/me/providers").await.is(200);
    assert_eq!(items(&bound)[0]["name"], "Ministry of Invented Affairs");
    assert!(items(&bound)[0]["created_at"].is_string());

    // A letter of the address in another case, another kind of key: the same person, and nothing new to tell.
    let again = says("member.ro").with("email", "Member.RO@demo.egida.example").signed(Signed::Es256);
    let (_, answer) = house.enters(MINISTRY, &again).await;
    assert_eq!(answer.is(200)["id"], browser.id);
    assert_eq!(kinds(&browser).await.iter().filter(|kind| *kind == "provider_bound").count(), 1);
    let acts = acts(&house.region, &browser.id).await;
    assert_eq!(acts[..3], ["session.begin provider", "session.begin provider", "account.bind ministry"]);
}

#[tokio::test]
async fn the_provider_s_word_is_no_proof_for_a_sensitive_act() {
    let house = Institution::start(&[]).await;
    let (mut browser, answer) = house.enters(MINISTRY, &says("member.ro")).await;
    answer.is(200);
    browser.post("/api/me/authenticator", json!({})).await.refused(403, "step_up_required");
    browser.step_up(json!({"password": house.region.password()})).await.is(200);
    browser.post("/api/me/authenticator", json!({})).await.is(201);
}

#[tokio::test]
async fn the_entry_cookie_is_lax_and_behind_tls_of_this_host_alone() {
    for (origin, start, rest) in [
        ("http://egida.test", "egida_entry=", "; Path=/api; HttpOnly; SameSite=Lax; Max-Age=600"),
        ("https://egida.test", "__Host-egida_entry=", "; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=600"),
    ] {
        let house = Institution::with_origin(Provider::start().await, origin);
        let answer = house.region.anonymous().post("/api/providers/ministry/entries", json!({})).await;
        let cookie = answer.header("set-cookie").expect("a cookie").to_owned();
        assert!(cookie.starts_with(start) && cookie.ends_with(rest), "{cookie}");
        let location = text(&answer.is(201)["location"]);
        let returns_to = format!("redirect_uri={}", origin.replace(':', "%3A").replace('/', "%2F"));
        assert!(location.contains(&returns_to), "{location}");
    }
}

#[tokio::test]
async fn everything_is_good_once_and_in_the_browser_that_began_it() {
    let house = Institution::start(&[]).await;
    let (browser, location) = house.begins(MINISTRY).await;
    let other = house.begins(MINISTRY).await.0;
    let back = house.provider.lets_in(&location, &says("member.ro"));
    let expired = "/sign-in?refused=provider_expired";
    for stranger in [house.region.anonymous(), other.clone()] {
        let location = house.begins(MINISTRY).await.1;
        let back = house.provider.lets_in(&location, &says("member.ro"));
        assert_eq!(led(&stranger.get(&back).await), expired);
    }
    // Under another provider's address, though it is the same provider.
    let (elsewhere, location) = house.begins(MINISTRY).await;
    let wrong = house.provider.lets_in(&location, &says("member.ro")).replace("/ministry/", "/trusted/");
    assert_eq!(led(&elsewhere.get(&wrong).await), expired);

    let asked = house.provider.asked();
    let led_on = led(&browser.get(&back).await);
    assert_eq!(led(&browser.get(&back).await), expired, "the same state again");
    assert_eq!(house.provider.asked(), asked + 1, "the code was shown to the provider once");
    let wish = json!({"entry": entry(&led_on)});
    other.post("/api/session/provider", wish.clone()).await.refused(401, "provider_expired");
    house.region.anonymous().post("/api/session/provider", wish.clone()).await.refused(401, "provider_expired");
    browser.post("/api/session/provider", wish.clone()).await.is(200);
    browser.post("/api/session/provider", wish).await.refused(401, "provider_expired");
}

#[tokio::test]
async fn who_takes_too_long_begins_again() {
    let house = Institution::start_strict().await;
    let (browser, location) = house.begins(MINISTRY).await;
    let back = house.provider.lets_in(&location, &says("member.ro"));
    let (waiting, led_on) = house.comes_back(MINISTRY, &says("member.ro")).await;
    house.region.advance(10 * MINUTE).await;
    assert_eq!(led(&browser.get(&back).await), "/sign-in?refused=provider_expired");
    waiting.post("/api/session/provider", json!({"entry": entry(&led_on)})).await.refused(401, "provider_expired");
}

#[tokio::test]
async fn who_holds_powers_is_still_asked_for_the_second_factor() {
    let house = Institution::start_strict().await;
    let region = &house.region;
    let (mut browser, led) = house.comes_back(MINISTRY, &says("moderator.ro").with("amr", json!(["pwd", "mfa"]))).await;
    let entry = entry(&led);
    let asked = browser.post("/api/session/provider", json!({"entry": entry})).await.refused(401, "code_required");
    assert_eq!(asked["ways"], json!(["app"]));
    browser.get("/api/session").await.refused(401, "not_signed_in");
    browser.post("/api/session/provider", json!({"entry": entry, "code": "000000"})).await.refused(401, "code_wrong");
    let code = region.code(region.secret("moderator.ro"));
    let answer = browser.post("/api/session/provider", json!({"entry": entry, "code": code})).await;
    browser.keep_cookie(&answer);
    let me = answer.is(200);
    assert_eq!((&me["factor"]["strong"], &me["factor"]["asleep"]), (&json!(true), &json!(false)));

    // Where the operator lets the provider's count, it is not asked for; where it was not shown there, it is.
    let (_, answer) = house.enters(TRUSTED, &says("moderator.ro").with("amr", json!(["pwd"]))).await;
    answer.refused(401, "code_required");
    let (trusted, answer) = house.enters(TRUSTED, &says("moderator.ro").with("amr", json!(["pwd", "mfa"]))).await;
    let me = answer.is(200);
    assert_eq!((&me["factor"]["strong"], &me["factor"]["asleep"]), (&json!(true), &json!(false)));
    trusted.post("/api/me/recovery-codes", json!({})).await.refused(403, "step_up_required");
    let acts = acts(region, &browser.id).await;
    let begun: Vec<_> = acts.iter().filter(|act| act.starts_with("session.begin")).collect();
    assert_eq!(begun, ["session.begin provider_strong", "session.begin totp"]);
    assert!(acts.iter().any(|act| act.starts_with("session.fail count=1")), "the wrong code: {acts:?}");
}

#[tokio::test]
async fn who_is_pending_stays_pending_and_who_is_nobody_is_answered_alike() {
    let house = Institution::start(&[]).await;
    let region = &house.region;
    let (pending, answer) = house.enters(MINISTRY, &says("pending.ro")).await;
    assert_eq!(answer.is(200)["accredited_until"], Value::Null);
    pending.get("/api/directory").await.refused(403, "not_confirmed");

    let suspended = region.person("member.gr").await;
    let arrived = house.comes_back(MINISTRY, &says("member.gr")).await;
    run(region.folder(), &["account", "suspend", "--email", &address("member.gr")], None).expect("suspended");
    for says in [says("nobody.at.all"), says("member.gr"), says("expired.gr")] {
        let (_, led) = house.comes_back(MINISTRY, &says).await;
        assert_eq!(led, "/sign-in?refused=provider_refused");
    }
    // Who is suspended between coming back and going on.
    let (browser, led) = arrived;
    browser.post("/api/session/provider", json!({"entry": entry(&led)})).await.refused(401, "provider_refused");
    let acts = acts(region, &suspended.id).await;
    assert!(acts[0].starts_with("session.fail count=2") && acts[1] == "account.suspend cli", "{acts:?}");
}

#[tokio::test]
async fn the_pair_of_issuer_and_subject_is_one_account_s_for_good() {
    let house = Institution::start(&[]).await;
    let region = &house.region;
    let refused = "/sign-in?refused=provider_refused";
    let (ana, answer) = house.enters(MINISTRY, &says("member.ro")).await;
    answer.is(200);
    // Her address was given to somebody else; her own was changed to another colleague's, or to nobody's.
    assert_eq!(house.comes_back(MINISTRY, &says("member.ro").with("sub", "somebody else")).await.1, refused);
    assert_eq!(house.comes_back(MINISTRY, &says("member.ro").with("email", address("member.rs"))).await.1, refused);
    assert_eq!(house.comes_back(MINISTRY, &says("member.ro").with("email", address("nobody.at.all"))).await.1, refused);
    house.enters(MINISTRY, &says("member.ro")).await.1.is(200);

    let path = format!("/api/accounts/{}/providers", ana.id);
    region.person("moderator.ro").await.delete(&path).await.refused(403, "forbidden");
    let admin = region.person("admin").await;
    admin.delete(&path).await.is(204);
    admin.delete(&path).await.refused(409, "not_bound");
    assert!(items(&ana.get("/api/me/providers").await.is(200)).is_empty());
    assert_eq!(kinds(&ana).await[0], "provider_unbound");
    // The next one with a name of the provider's is bound.
    house.enters(MINISTRY, &says("member.ro").with("sub", "a new name")).await.1.is(200);
    assert_eq!(house.comes_back(MINISTRY, &says("member.ro")).await.1, refused);
    assert!(acts(region, &ana.id).await.contains(&"account.unbind".to_owned()));
}

#[tokio::test]
async fn two_who_come_back_at_once_for_one_account_are_not_both_bound() {
    let house = Institution::start(&[]).await;
    let (first, first_led) = house.comes_back(MINISTRY, &says("member.ro")).await;
    let (second, second_led) = house.comes_back(MINISTRY, &says("member.ro").with("sub", "somebody else")).await;
    first.post("/api/session/provider", json!({"entry": entry(&first_led)})).await.is(200);
    second.post("/api/session/provider", json!({"entry": entry(&second_led)})).await.refused(401, "provider_refused");
}

#[tokio::test]
async fn a_network_that_tries_too_often_waits() {
    let house = Institution::start(&[("EGIDA_LIMITS_SIGN_INS_PER_MINUTE", "1")]).await;
    let browser = house.region.anonymous().with("x-forwarded-for", "192.0.2.7");
    for _ in 0..6 {
        browser.post("/api/providers/ministry/entries", json!({})).await.is(201);
    }
    browser.post("/api/providers/ministry/entries", json!({})).await.refused(429, "too_many_attempts");
    house.region.anonymous().post("/api/providers/ministry/entries", json!({})).await.is(201);
}

#[tokio::test]
async fn a_provider_by_tls_is_believed_for_its_authority() {
    let (provider, authority) = Provider::start_with_tls().await;
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("authority.pem");
    std::fs::write(&file, authority).expect("written");
    let house = Institution::of(provider, &format!("authorities = {file:?}"));
    house.enters(MINISTRY, &says("member.ro")).await.1.is(200);
    // The same name, and a certificate by another authority.
    let (stranger, _) = Provider::start_with_tls().await;
    let house = Institution::of(stranger, &format!("authorities = {file:?}"));
    let answer = house.region.anonymous().post("/api/providers/ministry/entries", json!({})).await;
    answer.refused(503, "provider_unavailable");
}

#[tokio::test]
async fn who_is_sent_to_a_provider_that_is_none_finds_nothing() {
    let house = Institution::start(&[]).await;
    let anonymous = house.region.anonymous();
    let nothing = anonymous.get("/api/providers/nobody/return?code=1&state=2").await;
    nothing.refused(404, "not_found");
    anonymous.post("/api/providers/nobody/entries", json!({})).await.refused(404, "not_found");
    let bare = Region::shared();
    assert!(items(&bare.anonymous().get("/api/providers").await.is(200)).is_empty());
    assert!(house.begins(MINISTRY).await.0.cookie.is_some_and(|cookie| cookie.starts_with(COOKIE)));
}
