//! What every answer carries, and what comes from another site.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use reqwest::Method;
use serde_json::{Value, json};
use support::raw::{exchange, status};
use support::region::{Answer, Region, draft};
use support::ws_client::{NotConnected, PATIENCE, Socket};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// Checks what every answer carries, and that no cache may keep this one.
pub(crate) fn is_hardened(answer: &Answer, what: &str) {
    is_hardened_and_kept(answer, what, "private, no-store");
}

/// The same of an answer that says so about caches.
pub(crate) fn is_hardened_and_kept(answer: &Answer, what: &str, kept: &str) {
    for (name, value) in [
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-embedder-policy", "require-corp"),
        ("cross-origin-resource-policy", "same-origin"),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "no-referrer"),
        ("x-frame-options", "DENY"),
        ("x-permitted-cross-domain-policies", "none"),
        ("cache-control", kept),
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

/// Asks for the socket with these header lines beside those of the upgrade.
async fn ask_for_socket(address: SocketAddr, upgrade: &str, lines: &[String]) -> u16 {
    let lines: String = lines.iter().flat_map(|line| [line.as_str(), "\r\n"]).collect();
    let request = format!(
        "GET /api/socket HTTP/1.1\r\nhost: {address}\r\nconnection: upgrade\r\nupgrade: {upgrade}\r\n\
         sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\
         sec-websocket-protocol: egida.v1\r\n{lines}\r\n"
    );
    status(&exchange(address, &request, PATIENCE).await)
}

#[tokio::test]
async fn of_all_origins_the_configured_one_alone_opens_the_socket() {
    let own = "https://egida.example";
    let region = Region::start(&[("EGIDA_PUBLIC_ORIGIN", own)]).expect("a region");
    let cookie = format!("cookie: {}", region.signed_in("member.ro").await.cookie.expect("a cookie"));
    let bearer = format!("authorization: Bearer {}", region.person("member.ro").await.token());
    let address = region.address();
    let foreign = [
        vec!["null".to_owned()],
        vec![format!("{own}.evil.example")],
        vec!["https://sub.egida.example".to_owned()],
        vec![format!("{own}:8443")],
        vec![format!("{own}:443")],
        vec!["http://egida.example".to_owned()],
        vec!["HTTPS://EGIDA.EXAMPLE".to_owned()],
        vec![format!("{own}.")],
        vec![format!("{own}/")],
        vec![own.to_owned(), own.to_owned()],
        vec![own.to_owned(), "https://evil.example".to_owned()],
        vec![format!("http://{address}")],
        vec![String::new()],
    ];
    for origins in &foreign {
        let origins: Vec<_> = origins.iter().map(|origin| format!("origin: {origin}")).collect();
        for credential in [&[][..], std::slice::from_ref(&cookie), std::slice::from_ref(&bearer)] {
            // The same without a session and with one: it is not looked up.
            let answered = ask_for_socket(address, "websocket", &[&origins[..], credential].concat()).await;
            assert_eq!(answered, 403, "{origins:?} with {credential:?}");
        }
    }
    let origin = format!("origin: {own}");
    for (lines, expected) in [
        (vec![origin.clone(), cookie.clone()], 101),
        (vec![origin.clone(), bearer.clone()], 101),
        (vec![bearer.clone()], 101),
        // A browser's cookie without an origin is not a browser's request.
        (vec![cookie.clone()], 403),
        (vec![cookie, bearer], 403),
        // Nobody at all is not signed in, with the right origin and without one.
        (vec![origin], 401),
        (vec![], 401),
    ] {
        assert_eq!(ask_for_socket(address, "websocket", &lines).await, expected, "{lines:?}");
    }
}

#[tokio::test]
async fn an_upgrade_is_a_socket_by_its_name_alone() {
    let region = Region::shared();
    let browser = region.signed_in("member.ro").await;
    let cookie = format!("cookie: {}", browser.cookie.clone().expect("a cookie"));
    let (address, own) = (region.address(), format!("origin: {}", region.origin()));
    let evil = "origin: http://evil.example".to_owned();
    for name in ["websocket", "WebSocket", "WEBSOCKET"] {
        assert_eq!(ask_for_socket(address, name, &[evil.clone(), cookie.clone()]).await, 403, "{name}");
        assert_eq!(ask_for_socket(address, name, &[own.clone(), cookie.clone()]).await, 101, "{name}");
    }
    assert_eq!(ask_for_socket(address, "h2c, websocket", &[evil, cookie.clone()]).await, 403);
    // What asks for another protocol is an ordinary request for what it asks.
    let request = format!(
        "GET /api/session HTTP/1.1\r\nhost: {address}\r\nconnection: upgrade, http2-settings\r\nupgrade: h2c\r\n\
         http2-settings: AAMAAABkAAQAAP__\r\n{cookie}\r\n\r\n"
    );
    assert_eq!(status(&exchange(address, &request, PATIENCE).await), 200);
}

#[tokio::test]
async fn the_scheme_of_a_token_is_the_same_in_capitals() {
    let region = Region::shared();
    let token = region.person("member.ro").await.token().to_owned();
    for scheme in ["Bearer", "bearer", "BEARER"] {
        region.anonymous().with("authorization", &format!("{scheme} {token}")).get("/api/session").await.is(200);
        let headers = [("authorization", format!("{scheme} {token}"))];
        let headers: Vec<_> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
        Socket::connect_with(region.address(), &headers).await.expect(scheme);
    }
    region.anonymous().with("authorization", &format!("Basic {token}")).get("/api/session").await.is(401);
}

/// A draft with a field that nobody reads, in which arrays are nested so that the whole is `depth` deep.
fn nested(depth: usize) -> Vec<u8> {
    let mut draft = draft("nested").to_string();
    draft.truncate(draft.len() - 1);
    format!(r#"{draft},"unread":{}1{}}}"#, "[".repeat(depth - 1), "]".repeat(depth - 1)).into_bytes()
}

#[tokio::test]
async fn json_is_nested_so_far_and_no_further() {
    let region = Region::shared();
    let member = region.person("member.ro").await;
    let posts = format!("/api/channels/{}/messages", region.room("open", &[&member]).await);
    let send = async |depth| member.send_raw(Method::POST, &posts, "application/json", nested(depth)).await;
    send(32).await.is(201);
    for depth in [33, 100, 100_000] {
        assert_eq!(send(depth).await.refused(400, "json_too_deep")["limit"], 32);
    }
    member.post(&posts, draft(&"[{".repeat(100))).await.is(201);
}

#[tokio::test]
async fn a_body_that_does_not_come_is_not_waited_for() {
    let region = Region::shared();
    let address = region.address();
    let head = |length| {
        format!(
            "POST /api/session HTTP/1.1\r\nhost: {address}\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n"
        )
    };
    let patience = Duration::from_secs(40);
    let begun = Instant::now();
    let silent = async { (exchange(address, &head(10), patience).await, begun.elapsed()) };
    let dripping = async {
        let mut stream = TcpStream::connect(address).await.expect("connected");
        stream.write_all(head(1000).as_bytes()).await.expect("written");
        let (mut reading, mut writing) = stream.split();
        let mut answer = Vec::with_capacity(8192);
        let dripping = async {
            while writing.write_all(b" ").await.is_ok() {
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
        };
        tokio::select! {
            _ = tokio::time::timeout(patience, reading.read_buf(&mut answer)) => {}
            () = dripping => {}
        }
        (String::from_utf8_lossy(&answer).into_owned(), begun.elapsed())
    };
    let large = async { (exchange(address, &head(1_000_000), patience).await, begun.elapsed()) };
    let (silent, dripping, large) = tokio::join!(silent, dripping, large);
    for (answer, took) in [silent, dripping] {
        let body: Value = answer.split_once("\r\n\r\n").and_then(|(_, body)| serde_json::from_str(body).ok()).unwrap_or_default();
        assert_eq!((status(&answer), body["code"].as_str()), (408, Some("too_slow")), "{answer}");
        assert!(answer.contains("application/problem+json"), "{answer}");
        assert!((Duration::from_secs(14)..Duration::from_secs(25)).contains(&took), "{took:?}");
    }
    assert_eq!(status(&large.0), 413, "{}", large.0);
    assert!(large.1 < Duration::from_secs(15), "{:?}", large.1);
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
