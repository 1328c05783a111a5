//! What the front door takes and for how long, whom it believes, and that every answer of it is hardened (controls 11, 17
//! and 20 of the threat model).

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use reqwest::Method;
use serde_json::json;
use support::raw::{exchange, status};
use support::region::{Answer, Client, Region, address};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::hardening::{is_hardened, is_hardened_and_kept};

/// A head has this long to come (control 20).
const HEAD_TIMEOUT: Duration = Duration::from_secs(5);
/// How much later it may be noticed on a busy machine.
const LATER: Duration = Duration::from_secs(4);
const PATIENCE: Duration = Duration::from_secs(20);
const KIB: usize = 1024;
/// The largest body of JSON.
const BODY: usize = 256 * KIB;

/// How long a connection is held that sends these pieces, a second apart, and then nothing.
async fn held(address: SocketAddr, pieces: &[&str]) -> Duration {
    let mut stream = TcpStream::connect(address).await.expect("connected");
    let (mut reading, mut writing) = stream.split();
    let begun = Instant::now();
    let sending = async {
        for piece in pieces {
            if writing.write_all(piece.as_bytes()).await.is_err() {
                break;
            }
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
        std::future::pending::<()>().await;
    };
    let mut answer = Vec::new();
    tokio::select! {
        ended = tokio::time::timeout(PATIENCE, reading.read_to_end(&mut answer)) => assert!(ended.is_ok(), "never cut off"),
        () = sending => {}
    }
    begun.elapsed()
}

#[tokio::test]
async fn a_head_that_does_not_come_is_not_waited_for() {
    let region = Region::shared();
    let address = region.address();
    let drops =
        ["GET /healthz HTTP/1.1\r\n", "host: x\r\n", "a: 1\r\n", "b: 2\r\n", "c: 3\r\n", "d: 4\r\n", "e: 5\r\n", "f: 6\r\n"];
    let (nothing, half, dripping) =
        tokio::join!(held(address, &[]), held(address, &["GET /healthz HTTP/1.1\r\nhost: x\r\naccept"]), held(address, &drops));
    for (what, took) in [("nothing", nothing), ("half a head", half), ("a line a second", dripping)] {
        assert!(took + Duration::from_secs(1) > HEAD_TIMEOUT && took < HEAD_TIMEOUT + LATER, "{what}: {took:?}");
    }
    // Kept open after an answer, a connection is as idle as one that never asked.
    let idle = held(address, &["GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n"]).await;
    assert!(idle < HEAD_TIMEOUT + LATER, "{idle:?}");
}

#[tokio::test]
async fn a_head_has_so_many_lines_and_bytes_and_no_more() {
    let region = Region::shared();
    let ask = async |lines: usize, bytes: usize| {
        let others = format!("x: {}\r\n", "y".repeat(bytes / (lines - 1))).repeat(lines - 1);
        let request = format!("GET /healthz HTTP/1.1\r\nhost: {}\r\n{others}\r\n", region.address());
        status(&exchange(region.address(), &request, PATIENCE).await)
    };
    assert_eq!(ask(64, 64).await, 200);
    assert_eq!(ask(65, 65).await, 431);
    assert_eq!(ask(1000, 1000).await, 431);
    assert_eq!(ask(8, 15 * KIB).await, 200);
    assert_eq!(ask(8, 17 * KIB).await, 431);
    assert_eq!(ask(2, 200 * KIB).await, 431);
    // An endless first line is no way around it.
    let line = format!("GET /{} HTTP/1.1\r\nhost: x\r\n\r\n", "y".repeat(64 * KIB));
    let answered = status(&exchange(region.address(), &line, PATIENCE).await);
    assert!(matches!(answered, 414 | 431 | 0), "{answered}");
}

#[tokio::test]
async fn a_body_has_so_many_bytes_and_no_more() {
    let region = Region::shared();
    let member = region.person("member.ro").await;
    let room = region.room("open", &[&member]).await;
    let posts = format!("/api/channels/{room}/messages");
    let send = async |bytes: usize| member.send_raw(Method::POST, &posts, "application/json", vec![b' '; bytes]).await;
    send(BODY).await.refused(400, "bad_json");
    send(BODY + 1).await.refused(413, "payload_too_large");
    // Nor in pieces that never say how many they are.
    let piece = format!("{:x}\r\n{}\r\n", 32 * KIB, " ".repeat(32 * KIB));
    let request = format!(
        "POST {posts} HTTP/1.1\r\nhost: {}\r\nauthorization: Bearer {}\r\ncontent-type: application/json\r\n\
         transfer-encoding: chunked\r\n\r\n{}0\r\n\r\n",
        region.address(),
        member.token(),
        piece.repeat(9)
    );
    assert_eq!(status(&exchange(region.address(), &request, PATIENCE).await), 413);
}

async fn wrong_password(from: &Client) -> Answer {
    from.clone().sign_in(&address("member.ro"), "not the password").await
}

#[tokio::test]
async fn who_is_no_listed_proxy_is_not_believed_about_addresses() {
    let limit = ("EGIDA_LIMITS_SIGN_INS_PER_MINUTE", "3");
    let direct = Region::start(&[limit, ("EGIDA_TRUSTED_PROXIES", "")]).expect("a region");
    let elsewhere = Region::start(&[limit, ("EGIDA_TRUSTED_PROXIES", "192.0.2.1, 2001:db8::1")]).expect("a region");
    for region in [direct, elsewhere] {
        for n in 0..3 {
            let claims = region.anonymous().with("x-forwarded-for", &format!("198.51.{n}.1"));
            wrong_password(&claims).await.refused(401, "sign_in_failed");
        }
        for name in ["x-forwarded-for", "forwarded", "x-real-ip", "x-client-ip", "true-client-ip"] {
            let claims = region.anonymous().with(name, "198.51.200.1");
            wrong_password(&claims).await.refused(429, "too_many_attempts");
        }
    }
}

#[tokio::test]
async fn of_what_a_listed_proxy_says_the_last_address_counts() {
    let region = Region::start(&[("EGIDA_LIMITS_SIGN_INS_PER_MINUTE", "3")]).expect("a region");
    // The proxy adds where the request came from to what the client claimed.
    let claims = |claimed: &str| region.anonymous().with("x-forwarded-for", &format!("{claimed}, 203.0.113.9"));
    for n in 0..3 {
        wrong_password(&claims(&format!("198.51.{n}.1"))).await.refused(401, "sign_in_failed");
    }
    wrong_password(&claims("198.51.200.1")).await.refused(429, "too_many_attempts");
    let another = region.anonymous().with("x-forwarded-for", "198.51.200.1");
    wrong_password(&another).await.refused(401, "sign_in_failed");
}

#[tokio::test]
async fn figures_are_for_this_machine_and_administrators() {
    let region = Region::shared();
    let absent = region.anonymous().get("/api/nothing").await;
    let from_afar = |client: &Client, claims: &str| client.with("x-forwarded-for", claims);
    let (member, admin) = (region.person("member.ro").await, region.person("admin").await);
    // A proxy on this machine is as near as a browser on it; what it brings is not.
    for claims in ["203.0.113.9", "127.0.0.1", "203.0.113.9, 127.0.0.1", "::1", "nonsense"] {
        for client in [&region.anonymous(), &member, &region.person("moderator.region").await] {
            let answer = from_afar(client, claims).get("/metrics").await;
            is_hardened(&answer, claims);
            assert_eq!((answer.status, &answer.text), (absent.status, &absent.text), "{claims}");
        }
        assert_eq!(from_afar(&admin, claims).get("/metrics").await.status, 200, "{claims}");
    }
    let elsewhere = region.anonymous().with("forwarded", "for=203.0.113.9");
    elsewhere.get("/metrics").await.refused(404, "not_found");
    let figures = region.anonymous().get("/metrics").await;
    is_hardened(&figures, "the figures");
    assert_eq!(figures.header("content-type"), Some("text/plain; version=0.0.4"));
    let names: Vec<_> = figures.text.lines().filter(|line| !line.starts_with('#')).collect();
    assert!(!names.is_empty());
    for line in names {
        let (name, value) = line.split_once(' ').expect("a name and a value");
        let known = ["egida_sockets", "egida_record_head_age_seconds", "process_resident_memory_bytes"];
        assert!(known.contains(&name) && value.parse::<u64>().is_ok(), "no label and nothing of people or channels: {line}");
    }
}

#[tokio::test]
async fn a_failure_of_our_own_is_hardened_and_tells_no_more_than_its_id() {
    let region = Region::start_listened_to(&[]).expect("a region");
    let member = region.person("member.ro").await;
    let database = rusqlite::Connection::open(region.folder().join("egida.db")).expect("opened");
    database.execute_batch("ALTER TABLE security_notice RENAME TO gone").expect("renamed");
    let answer = member.get("/api/me/notices").await;
    is_hardened(&answer, "a failure");
    let problem = answer.refused(500, "internal");
    let mut members: Vec<_> = problem.as_object().expect("a document").keys().map(String::as_str).collect();
    members.sort_unstable();
    assert_eq!(members, ["code", "id", "status", "title", "type"]);
    let id = problem["id"].as_str().expect("an id");
    let told = Instant::now();
    while !region.said().contains(id) {
        assert!(told.elapsed() < PATIENCE, "the journal doesn't know {id}: {}", region.said());
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert!(!problem.to_string().contains("security_notice"), "{problem}");
}

#[tokio::test]
async fn busy_and_too_often_are_hardened_and_say_when_to_return() {
    let region = Region::start(&[("EGIDA_LIMITS_SOCKETS", "1"), ("EGIDA_LIMITS_SIGN_INS_PER_MINUTE", "1")]).expect("a region");
    let member = region.person("member.ro").await;
    let _only = member.socket().await;
    let key = ("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ==");
    let mut asking = member.clone();
    for (name, value) in [("connection", "upgrade"), ("upgrade", "websocket"), ("sec-websocket-version", "13"), key] {
        asking = asking.with(name, value);
    }
    let busy = asking.get("/api/socket").await;
    wrong_password(&region.anonymous()).await.refused(401, "sign_in_failed");
    let often = wrong_password(&region.anonymous()).await;
    for (answer, status, code) in [(busy, 503, "busy"), (often, 429, "too_many_attempts")] {
        is_hardened(&answer, code);
        let seconds: u64 = answer.header("retry-after").expect("when to return").parse().expect("seconds");
        assert!((1..=60).contains(&seconds), "{code}: {seconds}");
        assert_eq!(answer.refused(status, code)["retry_after"], seconds);
    }
}

#[tokio::test]
async fn the_page_and_its_files_are_hardened_whatever_is_asked_of_them() {
    let region = Region::shared();
    let visitor = region.anonymous();
    let page = visitor.get("/").await;
    is_hardened_and_kept(&page, "the page", "no-cache");
    assert_eq!(page.header("content-type"), Some("text/html; charset=utf-8"));
    let unchanged = visitor.with("if-none-match", page.header("etag").expect("a tag")).get("/channels/nowhere").await;
    assert_eq!((unchanged.status, unchanged.text.as_str()), (304, ""));
    is_hardened_and_kept(&unchanged, "unchanged", "no-cache");
    let files: Vec<_> = page.text.split('"').filter(|part| part.starts_with("/assets/")).collect();
    assert!(files.iter().any(|file| file.contains(".js")) && files.iter().any(|file| file.contains(".css")), "{files:?}");
    for file in files {
        for encoding in ["identity", "br", "gzip"] {
            let answer = visitor.with("accept-encoding", encoding).get(file).await;
            is_hardened_and_kept(&answer, file, "public, max-age=31536000, immutable");
            assert_eq!(answer.status, 200, "{file}");
        }
        let head = visitor.send(Method::HEAD, file, None).await;
        is_hardened_and_kept(&head, file, "public, max-age=31536000, immutable");
    }
    for (method, path, status) in [
        (Method::GET, "/assets/nothing.js", 404),
        (Method::GET, "/api/nothing", 404),
        (Method::GET, "/%2e%2e/%2e%2e/etc/passwd", 200),
        (Method::POST, "/", 404),
        (Method::DELETE, "/healthz", 405),
        (Method::TRACE, "/", 404),
        (Method::OPTIONS, "/api/session", 405),
        (Method::HEAD, "/api/session", 401),
    ] {
        let answer = visitor.send(method.clone(), path, None).await;
        assert_eq!(answer.status, status, "{method} {path}");
        let kept = if status == 200 { "no-cache" } else { "private, no-store" };
        is_hardened_and_kept(&answer, path, kept);
        assert!(!answer.text.contains("root:"), "{path}");
    }
    for path in ["/healthz", "/readyz", "/api/openapi.json"] {
        let answer = visitor.get(path).await;
        assert_eq!(answer.status, 200, "{path}");
        is_hardened(&answer, path);
    }
    let planted = region.anonymous().with("cookie", "egida_session=invented").post("/api/session", json!({})).await;
    is_hardened(&planted, "an invented cookie");
}
