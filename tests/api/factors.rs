//! Second factors: the app, recovery codes, passkeys, and what a session is worth with and without them.

use serde_json::{Value, json};
use support::authenticator::Authenticator;
use support::region::{Answer, Client, Region, address, items, text};
use support::ws_client::{Incoming, PATIENCE};

/// Seconds that a code of the app stands for.
const STEP: i64 = 30;
const MINUTE: i64 = 60;

/// An authenticator app that was set up.
struct App {
    secret: String,
    /// The code that confirmed it, used up.
    used: String,
    recovery_codes: Vec<String>,
}

async fn set_up_app(region: &Region, client: &mut Client) -> App {
    let begun = client.post("/api/me/authenticator", json!({})).await.is(201);
    let secret = text(&begun["secret"]);
    assert!(text(&begun["uri"]).starts_with("otpauth://totp/Egida%3A"), "{begun}");
    let used = region.code(&secret);
    let answer = client.put_json("/api/me/authenticator", json!({"id": begun["id"], "code": used})).await;
    client.keep_cookie(&answer);
    let recovery_codes = codes(&answer.is(200)["recovery_codes"]);
    App { secret, used, recovery_codes }
}

fn codes(list: &Value) -> Vec<String> {
    list.as_array().map(|codes| codes.iter().map(text).collect()).unwrap_or_default()
}

/// Adds a passkey and keeps the new cookie.
async fn add_passkey(client: &mut Client, authenticator: &mut Authenticator) -> Answer {
    let begun = client.post("/api/me/passkey-registrations", json!({})).await.is(201);
    let credential = authenticator.register(&begun["options"]);
    let wish = json!({"ceremony": begun["id"], "name": "Work laptop", "credential": credential});
    let answer = client.post("/api/me/passkeys", wish).await;
    client.keep_cookie(&answer);
    answer
}

/// Signs in by passkey.
async fn by_passkey(client: &mut Client, authenticator: &mut Authenticator) -> Answer {
    let challenge = client.post("/api/passkey-challenges", json!({})).await.is(201);
    let credential = authenticator.assert(&challenge["options"]);
    let answer = client.post("/api/session/passkey", json!({"ceremony": challenge["id"], "credential": credential})).await;
    client.keep_cookie(&answer);
    answer
}

/// The page that a browser shows when somebody tries the server out on their own machine.
fn page(region: &Region) -> String {
    region.origin().replace("127.0.0.1", "localhost")
}

#[tokio::test]
async fn an_app_s_code_is_asked_for_after_the_right_password_alone() {
    let region = Region::start_with_clock().expect("a region");
    let mut client = region.signed_in("member.ro").await;
    let App { secret, used, .. } = set_up_app(&region, &mut client).await;
    let (email, password) = (address("member.ro"), region.password());
    // Who doesn't know the password learns nothing of it.
    let wrong = region.anonymous().sign_in(&email, "not the password").await;
    let unknown = region.anonymous().sign_in(&address("nobody-at-all"), "not the password").await;
    assert_eq!((wrong.status, &wrong.text), (unknown.status, &unknown.text));
    let asked = region.anonymous().sign_in(&email, password).await;
    assert_eq!(asked.header("set-cookie"), None);
    assert_eq!(asked.json["ways"], json!(["app", "recovery"]));
    asked.refused(401, "code_required");
    region.anonymous().sign_in_with(&email, password, &used).await.refused(401, "code_wrong");
    region.advance(STEP).await;
    let mut back = region.anonymous();
    let me = back.sign_in_with(&email, password, &region.code(&secret)).await.is(200);
    assert_eq!((&me["factor"]["held"], &me["factor"]["strong"]), (&json!(true), &json!(true)));
}

#[tokio::test]
async fn a_code_lets_one_in_however_many_ask_with_it_at_once() {
    let region = Region::start_with_clock().expect("a region");
    let mut client = region.signed_in("member.rs").await;
    let App { secret, .. } = set_up_app(&region, &mut client).await;
    region.advance(STEP).await;
    let code = region.code(&secret);
    let (email, password) = (address("member.rs"), region.password().to_owned());
    let tries: Vec<_> = (0..6)
        .map(|_| {
            let (mut client, email, password, code) = (region.anonymous(), email.clone(), password.clone(), code.clone());
            tokio::spawn(async move { client.sign_in_with(&email, &password, &code).await })
        })
        .collect();
    let mut statuses = Vec::new();
    for answer in tries {
        let answer = answer.await.expect("answered");
        if answer.status != 200 {
            assert_eq!(answer.json["code"], "code_wrong");
        }
        statuses.push(answer.status);
    }
    assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 1, "{statuses:?}");
    // And an older one than that isn't taken either, though it was never used.
    region.advance(STEP).await;
    region.anonymous().sign_in_with(&email, &password, &code).await.refused(401, "code_wrong");
}

#[tokio::test]
async fn a_recovery_code_is_good_once() {
    let region = Region::shared();
    let mut client = region.signed_in("guardian.hr").await;
    let codes = set_up_app(&region, &mut client).await.recovery_codes;
    assert_eq!(codes.len(), 10);
    let (email, password) = (address("guardian.hr"), region.password());
    let typed = codes[0].replace('-', " ").to_uppercase();
    region.anonymous().sign_in_with(&email, password, &typed).await.is(200);
    region.anonymous().sign_in_with(&email, password, &codes[0]).await.refused(401, "code_wrong");
    assert_eq!(client.get("/api/me/factors").await.is(200)["recovery_codes"], 9);
    let told = client.get("/api/me/notices").await.is(200);
    assert!(items(&told).iter().any(|notice| notice["kind"] == "recovery_used" && notice["detail"] == "9"), "{told}");
    // New ones take the place of all the old ones.
    let answer = client.post("/api/me/recovery-codes", json!({})).await;
    client.keep_cookie(&answer);
    let fresh = self::codes(&answer.is(201)["codes"]);
    region.anonymous().sign_in_with(&email, password, &codes[1]).await.refused(401, "code_wrong");
    region.anonymous().sign_in_with(&email, password, &fresh[1]).await.is(200);
}

#[tokio::test]
async fn a_recovery_code_lets_one_in_however_many_ask_with_it_at_once() {
    let region = Region::start(&[]).expect("a region");
    let mut client = region.signed_in("member.rs").await;
    let codes = set_up_app(&region, &mut client).await.recovery_codes;
    for code in &codes[..3] {
        let tries = (0..6).map(|_| {
            let (mut visitor, email, password, code) =
                (region.anonymous(), address("member.rs"), region.password().to_owned(), code.clone());
            async move { visitor.sign_in_with(&email, &password, &code).await }
        });
        let answers = futures_util::future::join_all(tries).await;
        let statuses: Vec<_> = answers.iter().map(|answer| answer.status).collect();
        assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 1, "{statuses:?}");
        assert!(answers.iter().all(|answer| answer.status == 200 || answer.json["code"] == "code_wrong"), "{statuses:?}");
    }
    assert_eq!(client.get("/api/me/factors").await.is(200)["recovery_codes"], 7);
}

#[tokio::test]
async fn wrong_codes_lock_the_way_they_came_by() {
    let region = Region::start_with_clock().expect("a region");
    let mut client = region.signed_in("member.gr").await;
    let App { secret, .. } = set_up_app(&region, &mut client).await;
    region.advance(STEP).await;
    let (email, password) = (address("member.gr"), region.password());
    let stranger = || region.anonymous().with("x-forwarded-for", "192.0.2.7");
    for _ in 0..10 {
        stranger().sign_in_with(&email, password, "000000").await.refused(401, "code_wrong");
    }
    let locked = stranger().sign_in_with(&email, password, &region.code(&secret)).await;
    assert!(locked.header("retry-after").is_some());
    locked.refused(429, "too_many_attempts");
    // Not for the person, who comes from elsewhere, and is told that somebody has the password.
    region.anonymous().sign_in_with(&email, password, &region.code(&secret)).await.is(200);
    let told = client.get("/api/me/notices").await.is(200);
    assert!(items(&told).iter().any(|notice| notice["kind"] == "codes_guessed"), "{told}");
    region.advance(15 * MINUTE).await;
    stranger().sign_in_with(&email, password, &region.code(&secret)).await.is(200);
}

#[tokio::test]
async fn a_passkey_signs_in_alone() {
    let region = Region::shared();
    let mut client = region.signed_in("fiu.bg").await;
    let mut authenticator = Authenticator::new(&page(&region));
    let added = add_passkey(&mut client, &mut authenticator).await.is(201);
    assert_eq!(codes(&added["recovery_codes"]).len(), 10);
    assert_eq!(client.get("/api/session").await.is(200)["factor"]["strong"], true);
    let mut other = region.anonymous();
    let me = by_passkey(&mut other, &mut authenticator).await.is(200);
    assert_eq!((&me["email"], &me["factor"]["strong"]), (&json!(address("fiu.bg")), &json!(true)));
    let factors = other.get("/api/me/factors").await.is(200);
    assert_eq!((&factors["passkeys"][0]["name"], &factors["passkeys_for"]), (&json!("Work laptop"), &json!("localhost")));
    assert!(factors["passkeys"][0]["last_used_at"].is_string());
    // The password alone no longer opens.
    region.anonymous().sign_in(&address("fiu.bg"), region.password()).await.refused(401, "code_required");
    // A second one, a new name, and removing both: with the last one goes what made sessions strong.
    add_passkey(&mut other, &mut Authenticator::new(&page(&region))).await.is(201);
    let list = other.get("/api/me/factors").await.is(200);
    let [first, second] = [0, 1].map(|n| format!("/api/me/passkeys/{}", text(&list["passkeys"][n]["id"])));
    other.patch(&first, json!({"name": "Phone"})).await.is(204);
    region.signed_in("forensic.rs").await.patch(&first, json!({"name": "Mine"})).await.refused(404, "not_found");
    for passkey in [first, second] {
        let answer = other.delete(&passkey).await;
        other.keep_cookie(&answer);
        answer.is(204);
    }
    client.get("/api/session").await.refused(401, "not_signed_in");
    let factor = &other.get("/api/session").await.is(200)["factor"];
    assert_eq!((&factor["held"], &factor["strong"]), (&json!(false), &json!(false)));
    by_passkey(&mut region.anonymous(), &mut authenticator).await.refused(401, "passkey_failed");
}

#[tokio::test]
async fn a_passkey_proves_nothing_elsewhere_or_twice_or_without_its_person() {
    let region = Region::shared();
    let mut client = region.signed_in("prosecutor.ba").await;
    let good = Authenticator::new(&page(&region));
    let broken = |change: fn(&mut Authenticator)| {
        let mut authenticator = good.clone();
        change(&mut authenticator);
        authenticator
    };
    let faults: [fn(&mut Authenticator); 4] = [
        |key| key.origin = "https://egida.example".into(),
        |key| key.origin = "http://localhost.evil.example".into(),
        |key| key.party = "egida.example".into(),
        |key| key.verifies = false,
    ];
    for fault in faults {
        add_passkey(&mut client, &mut broken(fault)).await.refused(422, "passkey_refused");
    }
    let mut own = good.clone();
    add_passkey(&mut client, &mut own).await.is(201);
    for fault in faults {
        let mut changed = own.clone();
        fault(&mut changed);
        by_passkey(&mut region.anonymous(), &mut changed).await.refused(401, "passkey_failed");
    }
    // The same answer again, and a good answer to another challenge.
    let visitor = region.anonymous();
    let challenges = [
        visitor.post("/api/passkey-challenges", json!({})).await.is(201),
        visitor.post("/api/passkey-challenges", json!({})).await.is(201),
    ];
    let credential = own.assert(&challenges[0]["options"]);
    let ask = |challenge: &Value, credential: &Value| json!({"ceremony": challenge["id"], "credential": credential});
    visitor.post("/api/session/passkey", ask(&challenges[1], &credential)).await.refused(401, "passkey_failed");
    visitor.post("/api/session/passkey", ask(&challenges[0], &credential)).await.is(200);
    visitor.post("/api/session/passkey", ask(&challenges[0], &credential)).await.refused(401, "passkey_failed");
    // A copy of the authenticator is behind by one.
    let mut copy = own.clone();
    by_passkey(&mut region.anonymous(), &mut own).await.is(200);
    by_passkey(&mut region.anonymous(), &mut copy).await.refused(401, "passkey_failed");
    // Nobody steps up by somebody else's passkey.
    let mut stranger = region.signed_in("member.rs").await;
    let challenge = stranger.post("/api/passkey-challenges", json!({})).await.is(201);
    let credential = own.assert(&challenge["options"]);
    stranger.step_up(ask(&challenge, &credential)).await.refused(422, "passkey_failed");
}

#[tokio::test]
async fn powers_sleep_until_a_second_factor_wakes_them() {
    let region = Region::start_strict().expect("a region");
    let (email, password) = (address("admin"), region.password());
    region.anonymous().sign_in(&email, password).await.refused(401, "code_required");
    let mut admin = region.anonymous();
    let me = admin.sign_in_with(&email, password, &region.code(region.secret("admin"))).await.is(200);
    assert_eq!((&me["factor"]["required"], &me["factor"]["asleep"]), (&json!(true), &json!(false)));
    admin.get("/api/accounts").await.is(200);
    // The last factor of somebody who must have one stays.
    admin.delete("/api/me/authenticator").await.refused(409, "last_factor");
    // Somebody who is given a power holds it once they have a factor, and not before.
    let mut newly = region.signed_in("member.ro").await;
    newly.get("/api/accounts").await.refused(403, "forbidden");
    admin.post(&format!("/api/accounts/{}/roles", newly.id), json!({"role": "administrator", "scope": "region"})).await.is(201);
    newly.get("/api/accounts").await.refused(403, "forbidden");
    let factor = newly.get("/api/session").await.is(200)["factor"].clone();
    assert_eq!((&factor["held"], &factor["asleep"], &factor["grace_until"]), (&json!(false), &json!(true), &Value::Null));
    set_up_app(&region, &mut newly).await;
    newly.get("/api/accounts").await.is(200);
    assert_eq!(newly.get("/api/session").await.is(200)["factor"]["asleep"], false);
}

#[tokio::test]
async fn a_region_that_is_tried_out_asks_in_two_weeks() {
    let region = Region::start_with_clock().expect("a region");
    let admin = region.signed_in("admin").await;
    let factor = admin.get("/api/session").await.is(200)["factor"].clone();
    assert_eq!((&factor["required"], &factor["asleep"]), (&json!(true), &json!(false)));
    assert!(factor["grace_until"].is_string());
    admin.get("/api/accounts").await.is(200);
    region.advance(14 * 24 * 60 * MINUTE).await;
    let later = region.signed_in("admin").await;
    later.get("/api/accounts").await.refused(403, "forbidden");
    // A token is the operator's word and doesn't sleep.
    region.person("admin").await.get("/api/accounts").await.is(200);
}

#[tokio::test]
async fn a_sensitive_act_asks_again_after_ten_minutes() {
    let region = Region::start_with_clock().expect("a region");
    let mut admin = region.signed_in("admin").await;
    let other = region.person("member.ro").await;
    let suspension = format!("/api/accounts/{}/suspension", other.id);
    region.advance(9 * MINUTE).await;
    admin.put(&suspension).await.is(204);
    admin.delete(&suspension).await.is(204);
    region.advance(MINUTE).await;
    let role = json!({"role": "moderator", "scope": "country:RO"});
    admin.put(&suspension).await.refused(403, "step_up_required");
    admin.post(&format!("/api/accounts/{}/roles", other.id), role).await.refused(403, "step_up_required");
    admin.post("/api/me/authenticator", json!({})).await.refused(403, "step_up_required");
    admin.post("/api/me/recovery-codes", json!({})).await.refused(403, "step_up_required");
    let change = json!({"current": region.password(), "new": "calm herons over the delta"});
    admin.put_json("/api/me/password", change).await.refused(403, "step_up_required");
    admin.get("/api/accounts").await.is(200);
    let before = admin.clone();
    admin.step_up(json!({"password": "not the password"})).await.refused(422, "password_wrong");
    admin.step_up(json!({})).await.refused(400, "bad_request");
    admin.step_up(json!({"password": region.password()})).await.is(200);
    assert_ne!(admin.cookie, before.cookie, "a new cookie");
    // Who comes late with the old one is refused, and the browser keeps the new one.
    let late = before.get("/api/session").await;
    assert_eq!(late.header("set-cookie"), None);
    late.refused(401, "not_signed_in");
    admin.put(&suspension).await.is(204);
    // A program has nobody to ask.
    region.person("admin").await.delete(&suspension).await.is(204);
    region.person("admin").await.post("/api/me/authenticator", json!({})).await.refused(403, "session_needed");
}

#[tokio::test]
async fn who_answers_for_an_organisation_needs_none() {
    let region = Region::start_strict().expect("a region");
    let focal = region.signed_in("helpline.al").await;
    let me = focal.get("/api/session").await.is(200);
    assert_eq!((&me["factor"]["required"], &me["factor"]["asleep"]), (&json!(false), &json!(false)), "{me}");
    let scope = items_of(&me, "focal_point").pop().expect("a focal point");
    let id = scope.trim_start_matches("organisation:");
    assert_eq!(focal.get(&format!("/api/organisations/{id}")).await.is(200)["can"]["invite"], true);
    let wish = json!({"email": "colleague@helpline.example", "name": "Neva Nova", "country": "AL",
        "function": "SOCIAL-WORKER", "organisation_id": id});
    focal.post("/api/invitations", wish).await.is(201);
}

/// The scopes of somebody's powers of a role.
fn items_of(me: &Value, role: &str) -> Vec<String> {
    let held = me["roles"].as_array().into_iter().flatten().filter(|grant| grant["role"] == role);
    held.map(|grant| text(&grant["scope"])).collect()
}

#[tokio::test]
async fn who_holds_a_factor_steps_up_by_it() {
    let region = Region::start_with_clock().expect("a region");
    let mut client = region.signed_in("member.rs").await;
    let mut socket = client.live().await;
    let App { secret, .. } = set_up_app(&region, &mut client).await;
    region.advance(10 * MINUTE).await;
    client.post("/api/me/recovery-codes", json!({})).await.refused(403, "step_up_required");
    client.step_up(json!({"password": region.password()})).await.refused(422, "code_required");
    client.step_up(json!({"code": "000000"})).await.refused(422, "code_wrong");
    let code = region.code(&secret);
    client.step_up(json!({"code": code})).await.is(200);
    client.step_up(json!({"code": code})).await.refused(422, "code_wrong");
    client.post("/api/me/recovery-codes", json!({})).await.is(201);
    // It is the same session with another cookie: its socket was told, and stayed.
    let mut told = 0;
    while let Some(incoming) = socket.next_within(PATIENCE / 10).await {
        match incoming {
            Incoming::Frame(frame) => told += usize::from(frame["type"] == "notice" && frame["code"] == "security"),
            Incoming::Closed { code, reason } => panic!("closed: {code} {reason}"),
        }
    }
    assert_eq!(told, 2, "the app, and the new codes");
}

#[tokio::test]
async fn powers_idle_for_a_quarter_of_an_hour() {
    let region = Region::start_with_clock().expect("a region");
    let member = region.signed_in("member.ro").await;
    let mut holders = Vec::new();
    for (handle, role) in [("moderator.ro", "moderator"), ("auditor.region", "auditor"), ("helpline.al", "focal_point")] {
        let holder = region.signed_in(handle).await;
        let session = holder.get("/api/session").await.is(200);
        let held = session["roles"].as_array().expect("roles");
        assert!(held.iter().any(|held| held["role"] == role), "{session}");
        holders.push(holder);
    }
    region.advance(15 * MINUTE).await;
    for holder in holders {
        holder.get("/api/session").await.refused(401, "not_signed_in");
    }
    member.get("/api/session").await.is(200);
}

#[tokio::test]
async fn a_removed_app_ends_the_other_sessions() {
    let region = Region::start_with_clock().expect("a region");
    let mut here = region.signed_in("member.gr").await;
    let App { secret, .. } = set_up_app(&region, &mut here).await;
    region.advance(STEP).await;
    let mut elsewhere = region.anonymous();
    elsewhere.sign_in_with(&address("member.gr"), region.password(), &region.code(&secret)).await.is(200);
    let mut socket = elsewhere.live().await;
    let answer = here.delete("/api/me/authenticator").await;
    here.keep_cookie(&answer);
    answer.is(204);
    elsewhere.get("/api/session").await.refused(401, "not_signed_in");
    let end = loop {
        match socket.next_within(PATIENCE).await {
            Some(Incoming::Frame(_)) => {}
            end => break end,
        }
    };
    assert!(matches!(end, Some(Incoming::Closed { code: 4401, .. })), "{end:?}");
    here.delete("/api/me/authenticator").await.refused(404, "not_found");
    let told = here.get("/api/me/notices").await.is(200);
    let kinds: Vec<_> = items(&told).iter().map(|notice| text(&notice["kind"])).collect();
    assert_eq!(kinds[..2], ["totp_removed", "totp_added"]);
    assert!(items(&told)[..2].iter().all(|notice| notice["own"] == true && notice["seen"] == false), "{told}");
    here.put("/api/me/notices").await.is(204);
    let told = here.get("/api/me/notices").await.is(200);
    assert!(items(&told).iter().all(|notice| notice["seen"] == true), "{told}");
}

#[tokio::test]
async fn a_browser_not_seen_before_is_told_of() {
    let region = Region::shared();
    let with = |agent| region.anonymous().with("user-agent", agent);
    let email = address("teacher.xk");
    for agent in ["Firefox/130.0 (Linux)", "Firefox/131.0 (Linux)", "Chrome/140.0 (Windows)"] {
        with(agent).sign_in(&email, region.password()).await.is(200);
    }
    let told = region.person("teacher.xk").await.get("/api/me/notices").await.is(200);
    let notices: Vec<_> = items(&told).iter().map(|notice| (text(&notice["kind"]), text(&notice["detail"]))).collect();
    assert_eq!(notices, [("new_browser".to_owned(), "Chrome, Windows".to_owned())]);
}

#[tokio::test]
async fn a_stolen_database_opens_no_app() {
    let region = Region::start_strict().expect("a region");
    let secret = region.secret("admin").replace(' ', "");
    let key = std::fs::read(format!("{}.factor-key", region.folder().display())).expect("a key beside the folder");
    for entry in std::fs::read_dir(region.folder()).expect("the folder") {
        let path = entry.expect("an entry").path();
        let Ok(bytes) = std::fs::read(&path) else { continue };
        for hidden in [secret.as_bytes(), &from_base32(&secret), &key] {
            assert!(memchr::memmem::find(&bytes, hidden).is_none(), "a secret in {}", path.display());
        }
    }
}

/// Base32 without padding.
fn from_base32(text: &str) -> Vec<u8> {
    let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let (mut bits, mut held, mut out) = (0_u32, 0, Vec::new());
    for letter in text.bytes() {
        let value = alphabet.iter().position(|known| *known == letter).expect("base32");
        bits = (bits << 5) | u32::try_from(value).expect("five bits");
        held += 5;
        if held >= 8 {
            held -= 8;
            out.push(u8::try_from((bits >> held) & 0xff).expect("eight bits"));
            bits &= (1 << held) - 1;
        }
    }
    out
}
