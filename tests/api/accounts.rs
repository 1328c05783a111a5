//! Signing in and out, sessions, passwords.

use serde_json::json;
use support::region::{Region, address, items, text};
use support::ws_client::{Incoming, PATIENCE};

#[tokio::test]
async fn unknown_wrong_and_suspended_are_answered_the_same() {
    let region = Region::shared();
    let admin = region.person("admin").await;
    let gone = region.person("ais.tirana").await;
    admin.put(&format!("/api/accounts/{}/suspension", gone.id)).await.is(204);
    let mut answers = Vec::new();
    for (email, password) in [
        (address("member.ro"), "not the password".to_owned()),
        (address("nobody-at-all"), region.password().to_owned()),
        (address("ais.tirana"), region.password().to_owned()),
    ] {
        let answer = region.anonymous().sign_in(&email, &password).await;
        assert_eq!(answer.header("set-cookie"), None, "{email}");
        let said = answer.text.clone();
        answer.refused(401, "sign_in_failed");
        answers.push(said);
    }
    assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
    // The token of somebody suspended is worth nothing, and all of it comes back with the account.
    gone.get("/api/channels").await.refused(401, "not_signed_in");
    admin.delete(&format!("/api/accounts/{}/suspension", gone.id)).await.is(204);
    gone.get("/api/channels").await.is(200);
}

#[tokio::test]
async fn the_cookie_is_out_of_reach_of_scripts_and_other_sites() {
    let region = Region::shared();
    let mut client = region.anonymous();
    let answer = client.sign_in(&address("member.ro").to_uppercase(), region.password()).await;
    let cookie = answer.header("set-cookie").expect("a cookie").to_owned();
    for flag in ["HttpOnly", "SameSite=Strict", "Path=/"] {
        assert!(cookie.contains(flag), "{cookie}");
    }
    assert!(!cookie.contains("Max-Age") && !cookie.contains("Expires"), "kept after the browser closes: {cookie}");
    let me = answer.is(200);
    assert_eq!(me["email"], address("member.ro"));
    assert_eq!(me["country"], "RO");
    assert!(me.get("password").is_none() && me.get("password_hash").is_none());
    assert_eq!(client.get("/api/session").await.is(200)["id"], me["id"]);
}

#[tokio::test]
async fn behind_tls_the_cookie_is_secure_and_bound_to_the_host() {
    let region = Region::start(&[("EGIDA_PUBLIC_ORIGIN", "https://egida.example")]).expect("a region");
    let answer = region.anonymous().sign_in(&address("member.ro"), region.password()).await;
    let cookie = answer.header("set-cookie").expect("a cookie");
    assert!(cookie.starts_with("__Host-egida_session=") && cookie.contains("Secure"), "{cookie}");
    assert_eq!(answer.header("strict-transport-security"), Some("max-age=31536000"));
}

#[tokio::test]
async fn names_below_the_host_are_bound_to_tls_where_the_operator_says_so() {
    let origin = ("EGIDA_PUBLIC_ORIGIN", "https://egida.example");
    let region = Region::start(&[origin, ("EGIDA_HSTS_SUBDOMAINS", "true")]).expect("a region");
    let answer = region.anonymous().get("/").await;
    assert_eq!(answer.header("strict-transport-security"), Some("max-age=31536000; includeSubDomains"));
    assert_eq!(Region::shared().anonymous().get("/").await.header("strict-transport-security"), None, "not by plain HTTP");
}

/// "seven quiet lighthouses" with the least work that is recommended (19 MiB, two passes), which is less than ours.
const OUTDATED: &str = "$argon2id$v=19$m=19456,t=2,p=1$YW4gb2xkZXIgc2FsdCAxNg$hHRIhvEugoS+ig1dCYxQ6RFuRdXXT76DC+MhmY7aPDc";

#[tokio::test]
async fn a_hash_that_cost_less_is_made_anew_at_sign_in() {
    let region = Region::start(&[]).expect("a region");
    let database = rusqlite::Connection::open(region.folder().join("egida.db")).expect("opened");
    let email = address("member.ro");
    database.execute("UPDATE account SET password_hash = ?1 WHERE email = ?2", [OUTDATED, &email]).expect("an older hash");
    let stored = || -> String {
        let sql = "SELECT password_hash FROM account WHERE email = ?1";
        database.query_row(sql, [&email], |row| row.get(0)).expect("a hash")
    };
    region.anonymous().sign_in(&email, "seven quiet lighthouse").await.refused(401, "sign_in_failed");
    tokio::time::sleep(PATIENCE / 10).await;
    assert_eq!(stored(), OUTDATED, "not by a wrong password");
    region.anonymous().sign_in(&email, "seven quiet lighthouses").await.is(200);
    let begun = std::time::Instant::now();
    while stored() == OUTDATED {
        assert!(begun.elapsed() < PATIENCE, "it stays as it was");
        tokio::time::sleep(PATIENCE / 200).await;
    }
    assert!(stored().starts_with("$argon2id$v=19$m=65536,t=3,p=1$"), "{}", stored());
    region.anonymous().sign_in(&email, "seven quiet lighthouses").await.is(200);
    region.anonymous().sign_in(&email, "seven quiet lighthouse").await.refused(401, "sign_in_failed");
}

#[tokio::test]
async fn a_planted_session_is_dead_after_signing_in() {
    let region = Region::shared();
    let mut victim = region.signed_in("ngo.me").await;
    let planted = victim.clone();
    victim.sign_in(&address("ngo.me"), region.password()).await.is(200);
    assert_ne!(victim.cookie, planted.cookie);
    planted.get("/api/session").await.refused(401, "not_signed_in");
    victim.get("/api/session").await.is(200);
}

#[tokio::test]
async fn one_sees_and_ends_own_sessions_and_nobody_elses() {
    let region = Region::shared();
    let first = region.signed_in("helpline.md").await;
    let second = region.signed_in("helpline.md").await;
    let sessions = first.get("/api/sessions").await.is(200);
    assert_eq!(items(&sessions).len(), 2);
    assert_eq!(items(&sessions).iter().filter(|session| session["current"] == true).count(), 1);
    let other = items(&sessions).iter().find(|session| session["current"] == false).expect("another");
    let other = text(&other["id"]);
    let stranger = region.person("member.gr").await;
    stranger.delete(&format!("/api/sessions/{other}")).await.refused(404, "not_found");
    second.get("/api/session").await.is(200);
    first.delete(&format!("/api/sessions/{other}")).await.is(204);
    second.get("/api/session").await.refused(401, "not_signed_in");
    first.delete(&format!("/api/sessions/{other}")).await.refused(404, "not_found");
    first.get("/api/session").await.is(200);
    let out = first.delete("/api/session").await;
    assert!(out.header("clear-site-data").is_some());
    out.is(204);
    first.get("/api/session").await.refused(401, "not_signed_in");
}

#[tokio::test]
async fn signing_out_everywhere_ends_cookies_and_sockets() {
    let region = Region::shared();
    let first = region.signed_in("lawyer.md").await;
    let second = region.signed_in("lawyer.md").await;
    let mut sockets = [first.live().await, second.live().await];
    first.delete("/api/sessions").await.is(204);
    for client in [&first, &second] {
        client.get("/api/session").await.refused(401, "not_signed_in");
    }
    for socket in &mut sockets {
        let end = loop {
            match socket.next_within(PATIENCE).await {
                Some(Incoming::Frame(_)) => {}
                end => break end,
            }
        };
        assert!(matches!(end, Some(Incoming::Closed { code: 4401, .. })), "{end:?}");
    }
}

#[tokio::test]
async fn another_password_ends_the_other_sessions() {
    let region = Region::shared();
    let mut here = region.signed_in("labour.al").await;
    let elsewhere = region.signed_in("labour.al").await;
    let fresh = "calm herons over the delta";
    let wish = |current: &str, new: &str| json!({"current": current, "new": new});
    here.put_json("/api/me/password", wish("wrong", fresh)).await.refused(401, "sign_in_failed");
    here.put_json("/api/me/password", wish(region.password(), "short")).await.refused(422, "password_too_short");
    here.put_json("/api/me/password", wish(region.password(), "passwordpassword")).await.refused(422, "password_too_common");
    elsewhere.get("/api/session").await.is(200);
    let changed = here.put_json("/api/me/password", wish(region.password(), fresh)).await;
    here.keep_cookie(&changed);
    changed.is(204);
    here.get("/api/session").await.is(200);
    elsewhere.get("/api/session").await.refused(401, "not_signed_in");
    region.anonymous().sign_in(&address("labour.al"), region.password()).await.refused(401, "sign_in_failed");
    here.sign_in(&address("labour.al"), fresh).await.is(200);
}

#[tokio::test]
async fn too_many_attempts_are_slowed_down() {
    let region = Region::start(&[("EGIDA_LIMITS_SIGN_INS_PER_MINUTE", "3")]).expect("a region");
    for _ in 0..3 {
        region.anonymous().sign_in(&address("member.ro"), "wrong").await.refused(401, "sign_in_failed");
    }
    let slowed = region.anonymous().sign_in(&address("member.ro"), region.password()).await;
    assert!(slowed.header("retry-after").is_some());
    slowed.refused(429, "too_many_attempts");
    // Strangers lock nobody else out.
    region.anonymous().sign_in(&address("member.rs"), region.password()).await.is(200);
}

#[tokio::test]
async fn strangers_lock_nobody_out() {
    let region = Region::start(&[("EGIDA_LIMITS_SIGN_INS_PER_MINUTE", "3")]).expect("a region");
    let at = |address: &str| region.anonymous().with("x-forwarded-for", address);
    let mut owner = at("198.51.100.1");
    owner.sign_in(&address("member.ro"), region.password()).await.is(200);
    // Known or not: the answers don't tell.
    for email in [address("member.ro"), address("nobody-at-all")] {
        for _ in 0..3 {
            at("192.0.2.1").sign_in(&email, "wrong").await.refused(401, "sign_in_failed");
        }
        at("192.0.2.1").sign_in(&email, "wrong").await.refused(429, "too_many_attempts");
        at("192.0.2.200").sign_in(&email, "wrong").await.refused(429, "too_many_attempts");
    }
    // The person signs in from elsewhere, as often as need be: what goes well doesn't count.
    for _ in 0..5 {
        at("198.51.100.7").sign_in(&address("member.ro"), region.password()).await.is(200);
    }
    let wish = json!({"current": region.password(), "new": "calm herons over the delta"});
    owner.put_json("/api/me/password", wish).await.is(204);
}

#[tokio::test]
async fn guessing_the_password_of_an_open_session_is_slowed_down() {
    let region = Region::start(&[("EGIDA_LIMITS_SIGN_INS_PER_MINUTE", "3")]).expect("a region");
    let thief = region.signed_in("member.ro").await;
    let wish = |current: &str| json!({"current": current, "new": "calm herons over the delta"});
    for _ in 0..3 {
        thief.put_json("/api/me/password", wish("wrong")).await.refused(401, "sign_in_failed");
    }
    thief.put_json("/api/me/password", wish(region.password())).await.refused(429, "too_many_attempts");
    region.anonymous().sign_in(&address("member.ro"), region.password()).await.is(200);
}

#[tokio::test]
async fn an_address_no_mailbox_can_have_is_answered_like_an_unknown_one() {
    let region = Region::shared();
    let unknown = region.anonymous().sign_in(&address("nobody-at-all"), "wrong").await;
    let long = region.anonymous().sign_in(&address(&"n".repeat(100_000)), "wrong").await;
    assert_eq!(long.text, unknown.text);
    long.refused(401, "sign_in_failed");
}

#[tokio::test]
async fn one_changes_own_name_and_language() {
    let region = Region::shared();
    let person = region.person("moderator.me").await;
    let me = person.patch("/api/me", json!({"name": "  Ana   Nova ", "language": "fr"})).await.is(200);
    assert_eq!((me["name"].as_str(), me["language"].as_str()), (Some("Ana Nova"), Some("fr")));
    person.patch("/api/me", json!({"name": " \u{202e} "})).await.refused(422, "name_invalid");
    person.patch("/api/me", json!({"language": "xx"})).await.refused(422, "language_unknown");
}

#[tokio::test]
async fn a_stolen_database_signs_nobody_in() {
    let region = Region::shared();
    let browser = region.signed_in("judge.hr").await;
    let integration = region.person("judge.hr").await;
    let cookie = browser.cookie.clone().expect("a cookie");
    let id = cookie.split_once('=').expect("name=value").1.to_owned();
    let raw = from_base64(&id);
    assert_eq!(raw.len(), 16, "128 bits");
    let mut turned = raw.clone();
    turned.reverse();
    let mut seen = 0;
    for entry in std::fs::read_dir(region.folder()).expect("the folder") {
        let path = entry.expect("an entry").path();
        let Ok(bytes) = std::fs::read(&path) else { continue };
        seen += usize::from(memchr::memmem::find(&bytes, address("judge.hr").as_bytes()).is_some());
        for secret in [id.as_bytes(), &raw, &turned, integration.token().as_bytes(), region.password().as_bytes()] {
            assert!(memchr::memmem::find(&bytes, secret).is_none(), "a secret in {}", path.display());
        }
    }
    assert!(seen > 0, "the scan looked at the wrong files");
    browser.get("/api/session").await.is(200);
}

/// URL-safe base64 without padding.
fn from_base64(text: &str) -> Vec<u8> {
    let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let (mut bits, mut held, mut out) = (0_u32, 0, Vec::new());
    for letter in text.bytes() {
        let value = alphabet.iter().position(|known| *known == letter).expect("base64");
        bits = (bits << 6) | u32::try_from(value).expect("six bits");
        held += 6;
        if held >= 8 {
            held -= 8;
            out.push(u8::try_from((bits >> held) & 0xff).expect("eight bits"));
            bits &= (1 << held) - 1;
        }
    }
    out
}

#[tokio::test]
async fn nobody_changes_own_powers_and_only_administrators_change_others() {
    let region = Region::shared();
    let admin = region.person("admin").await;
    let moderator = region.person("moderator.region").await;
    let other = region.person("ml.belgrade").await;
    let role = json!({"role": "moderator", "scope": "country:RS"});
    admin.post(&format!("/api/accounts/{}/roles", admin.id), role.clone()).await.refused(403, "forbidden");
    admin.put(&format!("/api/accounts/{}/suspension", admin.id)).await.refused(403, "forbidden");
    for path in [format!("/api/accounts/{}/suspension", other.id), format!("/api/accounts/{}/suspension", moderator.id)] {
        moderator.put(&path).await.refused(403, "forbidden");
    }
    moderator.post(&format!("/api/accounts/{}/roles", moderator.id), role.clone()).await.refused(403, "forbidden");
    moderator.get("/api/accounts").await.refused(403, "forbidden");
    let room = region.room_of("moderator.rs", &json!({"kind": "closed", "country": "RS"}), &[]).await;
    let content = format!("/api/channels/{room}/messages");
    other.get(&content).await.refused(404, "not_found");
    let given = admin.post(&format!("/api/accounts/{}/roles", other.id), role).await.is(201);
    other.get(&content).await.is(200);
    admin.delete(&format!("/api/accounts/{}/roles/{}", other.id, text(&given["id"]))).await.is(204);
    other.get(&content).await.refused(404, "not_found");
    for wish in [
        json!({"role": "king", "scope": "region"}),
        json!({"role": "moderator", "scope": "country:FR"}),
        json!({"role": "administrator", "scope": "country:RO"}),
    ] {
        admin.post(&format!("/api/accounts/{}/roles", other.id), wish).await.refused(422, "scope_invalid");
    }
}
