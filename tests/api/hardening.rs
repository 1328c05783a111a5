//! What every answer carries, and what comes from another site.

use reqwest::Method;
use serde_json::json;
use support::region::{Answer, Region, draft};
use support::ws_client::{NotConnected, Socket};

fn is_hardened(answer: &Answer, what: &str) {
    for (name, value) in [
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-embedder-policy", "require-corp"),
        ("cross-origin-resource-policy", "same-origin"),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "no-referrer"),
        ("cache-control", "private, no-store"),
    ] {
        assert_eq!(answer.header(name), Some(value), "{what}: {name}");
    }
    let policy = answer.header("content-security-policy").unwrap_or_default();
    for part in [
        "default-src 'none'",
        "script-src 'self'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
        "base-uri 'none'",
    ] {
        assert!(policy.contains(part), "{what}: {policy}");
    }
    assert!(!policy.contains("unsafe"), "{what}: {policy}");
    assert!(answer.header("permissions-policy").is_some(), "{what}");
    for name in ["access-control-allow-origin", "access-control-allow-credentials", "server", "x-powered-by"] {
        assert_eq!(answer.header(name), None, "{what}");
    }
}

#[tokio::test]
async fn every_status_is_hardened_and_a_problem_document() {
    let region = Region::shared();
    let member = region.person("member.ro").await;
    let room = region.room("open", &[&member]).await;
    let posts = format!("/api/channels/{room}/messages");
    let large = vec![b' '; 300 * 1024];
    let answers = [
        (200, "ok", member.get("/api/region").await),
        (204, "done", member.put(&format!("/api/channels/{room}/members/me")).await),
        (400, "bad_request", member.get(&format!("{posts}?limit=0")).await),
        (400, "bad_json", member.send_raw(Method::POST, &posts, "application/json", b"{".to_vec()).await),
        (401, "not_signed_in", region.anonymous().get("/api/channels").await),
        (403, "forbidden", member.get("/api/accounts").await),
        (404, "not_found", member.get("/api/nothing").await),
        (404, "not_found", member.get("/api/channels/not-an-id").await),
        (405, "method_not_allowed", member.put("/api/region").await),
        (413, "payload_too_large", member.send_raw(Method::POST, &posts, "application/json", large).await),
        (415, "unsupported_media_type", member.send_raw(Method::POST, &posts, "text/plain", b"{}".to_vec()).await),
        (422, "body_empty", member.post(&posts, draft(" ")).await),
    ];
    let mut wrong = Vec::new();
    for (status, code, answer) in answers {
        is_hardened(&answer, code);
        let problem = answer.header("content-type") == Some("application/problem+json") && answer.json["code"] == code;
        if answer.status != status || (status >= 400 && !problem) {
            wrong.push(format!("{status} {code}: {} {:?} {}", answer.status, answer.header("content-type"), answer.text));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test]
async fn the_socket_opens_for_its_own_origin_alone() {
    let region = Region::shared();
    let browser = region.signed_in("member.ro").await;
    let cookie = browser.cookie.clone().expect("a cookie");
    let (address, own) = (region.address(), region.origin().to_owned());
    let other_port = format!("http://127.0.0.1:{}", address.port() ^ 1);
    let foreign = [
        "null".to_owned(),
        format!("{own}.evil.example"),
        format!("http://sub.{address}"),
        other_port,
        own.replace("http:", "https:"),
        own.replace("http:", "HTTP:"),
        own.replace("127.0.0.1", "127.0.0.1."),
        own.replace("127.0.0.1", "localhost"),
        format!("{own}/"),
        format!("{own}, {own}"),
        "http://evil.example".to_owned(),
        String::new(),
    ];
    for origin in &foreign {
        let outcome = Socket::connect_with(address, &[("cookie", &cookie), ("origin", origin)]).await;
        assert!(matches!(outcome, Err(NotConnected::Refused { status: 403, .. })), "{origin:?}: {outcome:?}");
    }
    let without = Socket::connect_with(address, &[("cookie", &cookie)]).await;
    assert!(matches!(without, Err(NotConnected::Refused { status: 403, .. })), "{without:?}");
    // Refused before anybody's session is looked up: with none at all the answer is the same.
    let nobody = Socket::connect_with(address, &[("origin", "http://evil.example")]).await;
    assert!(matches!(nobody, Err(NotConnected::Refused { status: 403, .. })), "{nobody:?}");
    Socket::connect_with(address, &[("cookie", &cookie), ("origin", &own)]).await.expect("the own origin");
    Socket::connect(address, region.person("member.ro").await.token()).await.expect("an integration has no origin");
}

#[tokio::test]
async fn a_cookie_needs_an_origin_whatever_else_is_sent() {
    let region = Region::shared();
    let cookie = region.signed_in("member.ro").await.cookie.expect("a cookie");
    let outcome = Socket::connect_with(region.address(), &[("cookie", &cookie), ("authorization", "Basic eDp5")]).await;
    assert!(matches!(outcome, Err(NotConnected::Refused { status: 403 | 401, .. })), "{outcome:?}");
}

#[tokio::test]
async fn the_socket_needs_somebody_signed_in_and_an_upgrade() {
    let region = Region::shared();
    let nobody = Socket::connect_with(region.address(), &[("origin", region.origin())]).await;
    assert!(matches!(nobody, Err(NotConnected::Refused { status: 401, .. })), "{nobody:?}");
    let invented = Socket::connect(region.address(), "invented").await;
    assert!(matches!(invented, Err(NotConnected::Refused { status: 401, .. })), "{invented:?}");
    let plain = region.person("member.ro").await.get("/api/socket").await;
    is_hardened(&plain, "a plain request for the socket");
    plain.refused(426, "upgrade_required");
}

#[tokio::test]
async fn writes_from_another_site_are_refused() {
    let region = Region::shared();
    let browser = region.signed_in("member.gr").await;
    for (name, value) in
        [("origin", "http://evil.example"), ("origin", "null"), ("sec-fetch-site", "cross-site"), ("sec-fetch-site", "same-site")]
    {
        let foreign = browser.with(name, value);
        let refused = foreign.patch("/api/me", json!({"language": "en"})).await;
        is_hardened(&refused, value);
        refused.refused(403, "cross_site");
        foreign.delete("/api/session").await.refused(403, "cross_site");
        foreign.post("/api/session", json!({"email": "x", "password": "y"})).await.refused(403, "cross_site");
    }
    for (name, value) in [("origin", region.origin()), ("sec-fetch-site", "same-origin"), ("sec-fetch-site", "none")] {
        browser.with(name, value).patch("/api/me", json!({"language": "en"})).await.is(200);
    }
    // Reading by another site's page gets no permission to look at the answer.
    let read = browser.with("origin", "http://evil.example").get("/api/session").await;
    is_hardened(&read, "a foreign read");
}

#[tokio::test]
async fn a_form_can_not_write() {
    let region = Region::shared();
    let member = region.person("member.ro").await;
    let room = region.room("open", &[&member]).await;
    for kind in ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plain"] {
        let body = draft("from a form").to_string().into_bytes();
        member
            .send_raw(Method::POST, &format!("/api/channels/{room}/messages"), kind, body)
            .await
            .refused(415, "unsupported_media_type");
    }
}
