//! Ways back in for somebody who has lost their password or second factor.

use serde_json::{Value, json};
use support::region::{Client, Region, address, items, text};
use support::server_process::run;
use support::ws_client::{Incoming, PATIENCE};

const HOUR: i64 = 60 * 60;
const FRESH: &str = "calm herons over the delta";

/// Gives somebody an authenticator app, and their client the new cookie.
async fn set_up_app(region: &Region, client: &mut Client) -> String {
    let begun = client.post("/api/me/authenticator", json!({})).await.is(201);
    let secret = text(&begun["secret"]);
    let answer = client.put_json("/api/me/authenticator", json!({"id": begun["id"], "code": region.code(&secret)})).await;
    client.keep_cookie(&answer);
    answer.is(200);
    secret
}

async fn kinds(client: &Client) -> Vec<String> {
    let told = client.get("/api/me/notices").await.is(200);
    items(&told).iter().map(|notice| text(&notice["kind"])).collect()
}

/// The one open request for somebody, as this person sees it.
async fn removal(who: &Client, account: &str) -> Option<Value> {
    let open = who.get("/api/factor-removals").await.is(200);
    items(&open).iter().find(|removal| removal["account"] == account).cloned()
}

#[tokio::test]
async fn a_link_sets_a_new_password_once_and_leaves_the_second_factor() {
    let region = Region::start_with_clock().expect("a region");
    let mut lost = region.signed_in("member.ro").await;
    set_up_app(&region, &mut lost).await;
    let moderator = region.person("moderator.ro").await;
    let path = format!("/api/people/{}/password-reset", lost.id);
    // Not somebody else's moderator, not a colleague, not oneself.
    region.person("moderator.rs").await.post(&path, json!({})).await.refused(403, "forbidden");
    region.person("member.rs").await.post(&path, json!({})).await.refused(403, "forbidden");
    region.person("member.ro").await.post(&path, json!({})).await.refused(403, "forbidden");
    let first = moderator.post(&path, json!({})).await.is(201);
    let second = moderator.post(&path, json!({})).await.is(201);
    let reset = |made: &Value, password: &str| json!({"token": made["token"], "password": password});
    let visitor = region.anonymous();
    visitor.post("/api/password-resets", reset(&first, FRESH)).await.refused(404, "reset_invalid");
    visitor.post("/api/password-resets", reset(&second, "short")).await.refused(422, "password_too_short");
    visitor.post("/api/password-resets", reset(&second, FRESH)).await.is(204);
    visitor.post("/api/password-resets", reset(&second, FRESH)).await.refused(404, "reset_invalid");
    lost.get("/api/session").await.refused(401, "not_signed_in");
    region.anonymous().sign_in(&address("member.ro"), region.password()).await.refused(401, "sign_in_failed");
    region.anonymous().sign_in(&address("member.ro"), FRESH).await.refused(401, "code_required");
    let told = kinds(&region.person("member.ro").await).await;
    assert_eq!(told[..3], ["password_reset", "reset_made", "reset_made"]);
}

#[tokio::test]
async fn a_link_is_good_for_a_day() {
    let region = Region::start_with_clock().expect("a region");
    let person = region.person("member.ro").await;
    let made =
        region.person("moderator.ro").await.post(&format!("/api/people/{}/password-reset", person.id), json!({})).await.is(201);
    region.advance(24 * HOUR).await;
    let wish = json!({"token": made["token"], "password": FRESH});
    region.anonymous().post("/api/password-resets", wish).await.refused(404, "reset_invalid");
}

#[tokio::test]
async fn two_people_take_a_lost_factor_away() {
    let region = Region::start_with_clock().expect("a region");
    let mut lost = region.signed_in("member.ro").await;
    set_up_app(&region, &mut lost).await;
    let (moderator, admin) = (region.person("moderator.ro").await, region.person("admin").await);
    let path = format!("/api/people/{}/factor-removal", lost.id);
    region.person("moderator.rs").await.post(&path, json!({})).await.refused(403, "forbidden");
    lost.post(&path, json!({})).await.refused(403, "forbidden");
    moderator.post(&path, json!({})).await.is(204);
    moderator.post(&path, json!({})).await.refused(409, "conflict");
    let open = removal(&moderator, &lost.id).await.expect("open");
    assert_eq!(open["may_agree"], false);
    let agreement = format!("/api/factor-removals/{}/agreement", text(&open["id"]));
    moderator.put(&agreement).await.refused(403, "other_person_needed");
    region.person("moderator.rs").await.put(&agreement).await.refused(404, "not_found");
    assert!(removal(&region.person("moderator.rs").await, &lost.id).await.is_none());
    region.anonymous().sign_in(&address("member.ro"), region.password()).await.refused(401, "code_required");
    assert_eq!(removal(&admin, &lost.id).await.expect("open")["may_agree"], true);
    admin.put(&agreement).await.is(204);
    admin.put(&agreement).await.refused(404, "not_found");
    // Who holds no power waits for nothing.
    lost.get("/api/session").await.refused(401, "not_signed_in");
    region.anonymous().sign_in(&address("member.ro"), region.password()).await.is(200);
    assert_eq!(kinds(&region.person("member.ro").await).await[..3], ["factors_removed", "removal_agreed", "removal_asked"]);
}

#[tokio::test]
async fn who_holds_powers_has_a_day_to_call_it_off() {
    let region = Region::start_strict().expect("a region");
    let (admin, moderator) = (region.person("admin").await, region.person("moderator.region").await);
    let email = address("moderator.ro");
    let secret = region.secret("moderator.ro").to_owned();
    let mut owner = region.anonymous();
    owner.sign_in_with(&email, region.password(), &region.code(&secret)).await.is(200);
    let path = format!("/api/people/{}/factor-removal", owner.id);
    // A moderator has no say over other holders of powers; a second administrator has.
    moderator.post(&path, json!({})).await.refused(403, "forbidden");
    let second = region.person("member.gr").await;
    let role = json!({"role": "administrator", "scope": "region"});
    admin.post(&format!("/api/accounts/{}/roles", second.id), role).await.is(201);
    let agree = async || {
        second.post(&path, json!({})).await.is(204);
        let open = removal(&admin, &owner.id).await.expect("open");
        admin.put(&format!("/api/factor-removals/{}/agreement", text(&open["id"]))).await.is(204);
    };
    agree().await;
    assert!(owner.get("/api/me/factors").await.is(200)["removal"]["due_at"].is_string());
    owner.delete("/api/me/factor-removal").await.is(204);
    owner.delete("/api/me/factor-removal").await.refused(404, "not_found");
    region.advance(25 * HOUR).await;
    region.anonymous().sign_in(&email, region.password()).await.refused(401, "code_required");
    agree().await;
    region.advance(23 * HOUR).await;
    region.anonymous().sign_in(&email, region.password()).await.refused(401, "code_required");
    region.advance(HOUR).await;
    let mut back = region.anonymous();
    let me = back.sign_in(&email, region.password()).await.is(200);
    assert_eq!((&me["factor"]["held"], &me["factor"]["asleep"]), (&json!(false), &json!(true)));
}

#[tokio::test]
async fn the_operator_takes_a_lost_factor_away_where_nobody_else_can() {
    let region = Region::start_strict().expect("a region");
    let (email, secret) = (address("admin"), region.secret("admin").to_owned());
    let mut admin = region.anonymous();
    admin.sign_in_with(&email, region.password(), &region.code(&secret)).await.is(200);
    let mut socket = admin.live().await;
    run(region.folder(), &["account", "remove-factors", "--email", &email], None).expect("removed");
    let end = loop {
        match socket.next_within(PATIENCE).await {
            Some(Incoming::Frame(_)) => {}
            end => break end,
        }
    };
    assert!(matches!(end, Some(Incoming::Closed { code: 4401, .. })), "{end:?}");
    let me = region.anonymous().sign_in(&email, region.password()).await.is(200);
    assert_eq!((&me["factor"]["held"], &me["factor"]["asleep"]), (&json!(false), &json!(true)));
    assert_eq!(kinds(&region.person("admin").await).await[..1], ["factors_removed"]);
}
