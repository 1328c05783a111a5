//! Key pairs: what opens one, and that nothing else does.

use serde_json::{Value, json};
use support::region::{Client, Region, text};

use crate::erasing::holding;

const KEYS: &str = "/api/keys";
const OPENING: &str = "/api/keys/opening";
const HEADER: &str = "x-egida-unlock";
const OTHER: &str = "nine quiet storks over a field";

/// Makes somebody's keys: the client that has them open, and the recovery key.
async fn make(region: &Region, client: &Client) -> (Client, String) {
    let made = client.post(KEYS, json!({"password": region.password()})).await.is(201);
    (client.with(HEADER, &text(&made["secret"])), text(&made["recovery_key"]))
}

async fn opens(client: &Client, opener: Value) -> Client {
    client.with(HEADER, &text(&client.post(OPENING, opener).await.is(201)["secret"]))
}

async fn is_open(client: &Client) -> bool {
    client.get(KEYS).await.is(200)["open"] == true
}

#[tokio::test]
async fn keys_open_with_the_password_and_with_the_recovery_key_alone() {
    let region = Region::start(&[]).expect("a server");
    let ana = region.signed_in("member.ro").await;
    let none = json!({"made": false, "open": false, "by_password": true, "passkeys": [], "escrow": null});
    assert_eq!(ana.get(KEYS).await.is(200), none);
    ana.post(OPENING, json!({"password": region.password()})).await.refused(409, "keys_missing");
    ana.post("/api/keys/recovery", json!({})).await.refused(409, "keys_missing");
    ana.post(KEYS, json!({"password": OTHER})).await.refused(403, "keys_wrong");
    let (open, recovery) = make(&region, &ana).await;
    assert!(is_open(&open).await && !is_open(&ana).await, "the secret opens them, the session doesn't");
    ana.post(KEYS, json!({"password": region.password()})).await.refused(409, "keys_made");
    ana.post(OPENING, json!({"password": OTHER})).await.refused(403, "keys_wrong");
    ana.post(OPENING, json!({"recovery_key": "00000-00000"})).await.refused(403, "keys_wrong");
    ana.post(OPENING, json!({})).await.refused(422, "keys_invalid");
    assert!(is_open(&opens(&ana, json!({"password": region.password()})).await).await);
    let typed = recovery.to_lowercase().replace('-', " ");
    assert!(is_open(&opens(&ana, json!({"recovery_key": typed})).await).await);
    // Locked: no tab of this session opens them.
    ana.delete(OPENING).await.is(204);
    assert!(!is_open(&open).await);
}

#[tokio::test]
async fn a_tabs_secret_is_good_in_its_own_session() {
    let region = Region::start(&[]).expect("a server");
    let ana = region.signed_in("member.ro").await;
    let (open, _) = make(&region, &ana).await;
    let secret = open.headers.last().expect("the header").1.clone();
    let elsewhere = region.signed_in("member.ro").await.with(HEADER, &secret);
    assert!(!is_open(&elsewhere).await, "another session of the same person");
    assert!(!is_open(&region.signed_in("member.gr").await.with(HEADER, &secret)).await, "somebody else");
    assert!(!is_open(&ana.with(HEADER, "")).await && !is_open(&ana.with(HEADER, "nonsense")).await);
    elsewhere.post("/api/keys/recovery", json!({})).await.refused(423, "keys_locked");
}

#[tokio::test]
async fn a_changed_password_opens_nothing_before_the_keys_are_locked_with_it() {
    let region = Region::start(&[]).expect("a server");
    let mut ana = region.signed_in("member.ro").await;
    let (_, recovery) = make(&region, &ana).await;
    let answer = ana.put_json("/api/me/password", json!({"current": region.password(), "new": OTHER})).await;
    ana.keep_cookie(&answer);
    answer.is(204);
    ana.post(OPENING, json!({"password": OTHER})).await.refused(403, "keys_wrong");
    let opened = ana.post(OPENING, json!({"password": region.password()})).await.is(201);
    assert_eq!(opened["password_outdated"], true);
    let open = opens(&ana, json!({"recovery_key": recovery})).await;
    open.put_json("/api/keys/password", json!({"password": region.password()})).await.refused(403, "keys_wrong");
    open.put_json("/api/keys/password", json!({"password": OTHER})).await.is(204);
    ana.post(OPENING, json!({"password": region.password()})).await.refused(403, "keys_wrong");
    assert_eq!(ana.post(OPENING, json!({"password": OTHER})).await.is(201)["password_outdated"], false);
}

#[tokio::test]
async fn a_passkeys_answer_opens_them_until_it_is_taken_away() {
    let region = Region::start(&[]).expect("a server");
    let ana = region.signed_in("member.ro").await;
    let (open, recovery) = make(&region, &ana).await;
    let answer = |byte: &str| json!({"credential": "Y3JlZGVudGlhbA", "secret": byte.repeat(43)});
    open.put_json("/api/keys/passkey", json!({"credential": "Y3JlZGVudGlhbA", "secret": "short"}))
        .await
        .refused(422, "keys_invalid");
    open.put_json("/api/keys/passkey", answer("A")).await.is(204);
    assert_eq!(ana.get(KEYS).await.is(200)["passkeys"], json!(["Y3JlZGVudGlhbA"]));
    ana.post(OPENING, json!({"passkey": answer("Q")})).await.refused(403, "keys_wrong");
    assert!(is_open(&opens(&ana, json!({"passkey": answer("A")})).await).await);
    ana.delete("/api/keys/passkey").await.is(204);
    ana.post(OPENING, json!({"passkey": answer("A")})).await.refused(403, "keys_wrong");
    // A new recovery key makes the old one useless.
    let fresh = text(&open.post("/api/keys/recovery", json!({})).await.is(201)["recovery_key"]);
    ana.post(OPENING, json!({"recovery_key": recovery})).await.refused(403, "keys_wrong");
    assert!(is_open(&opens(&ana, json!({"recovery_key": fresh})).await).await);
}

#[tokio::test]
async fn keys_that_nothing_opens_are_given_up_for_new_ones() {
    let region = Region::start(&[]).expect("a region");
    let ana = region.signed_in("member.ro").await;
    ana.delete(KEYS).await.refused(409, "keys_missing");
    let (open, recovery) = make(&region, &ana).await;
    region.person("member.ro").await.delete(KEYS).await.refused(403, "session_needed");
    assert!(is_open(&open).await, "a program takes nobody's keys away");
    ana.delete(KEYS).await.is(204);
    assert!(!is_open(&open).await);
    ana.post(OPENING, json!({"recovery_key": recovery})).await.refused(409, "keys_missing");
    let (open, _) = make(&region, &ana).await;
    assert!(is_open(&open).await);
    ana.post(OPENING, json!({"recovery_key": recovery})).await.refused(403, "keys_wrong");
}

#[tokio::test]
async fn who_guesses_is_slowed_down_and_nobody_else() {
    let region = Region::start(&[("EGIDA_LIMITS_SIGN_INS_PER_MINUTE", "3")]).expect("a server");
    let (ana, ion) = (region.person("member.ro").await, region.person("member.gr").await);
    for client in [&ana, &ion] {
        make(&region, client).await;
    }
    let guess = json!({"recovery_key": "00000-00000-00000-00000-00000-00000-00000-00000"});
    for _ in 0..3 {
        ana.post(OPENING, guess.clone()).await.refused(403, "keys_wrong");
    }
    ana.post(OPENING, guess).await.is(429);
    assert!(is_open(&opens(&ion, json!({"password": region.password()})).await).await);
}

#[tokio::test]
async fn storage_shows_no_key_and_no_secret() {
    let region = Region::start(&[]).expect("a server");
    let ana = region.signed_in("member.ro").await;
    // An answer with a key to it would be kept, to be given again.
    let (open, recovery) = make(&region, &ana.with("idempotency-key", "my-keys")).await;
    let secret = open.headers.last().expect("the header").1.clone();
    let (letters, group) = (recovery.replace('-', ""), recovery[..11].to_owned());
    let ends: Vec<Vec<u8>> = [secret, recovery, letters, group].into_iter().map(String::into_bytes).collect();
    assert_eq!(holding(region.folder(), &ends), Vec::<String>::new());
    assert_eq!(holding(region.home(), &ends), Vec::<String>::new());
}
