//! Sockets end with what they came in by: with time, and with what another process does.

use std::time::{Duration, Instant};

use serde_json::json;
use support::region::{Client, Region, address};
use support::server_process::run;
use support::ws_client::{Incoming, Socket};

use crate::closed;

const MINUTE: i64 = 60;
/// Within this long sockets end with their session.
const SOON: Duration = Duration::from_secs(1);
/// Activity is written down after the answer to it.
const WRITTEN_DOWN: Duration = Duration::from_millis(100);

/// The code a socket is closed with, soon.
async fn ends_soon(socket: &mut Socket) -> u16 {
    let begun = Instant::now();
    let (code, _) = closed(socket).await;
    assert!(begun.elapsed() < SOON, "{:?}", begun.elapsed());
    code
}

/// Nothing ends the socket within the time in which it would have ended.
async fn stays(socket: &mut Socket) {
    let begun = Instant::now();
    while let Some(left) = SOON.checked_sub(begun.elapsed()) {
        let came = socket.next_within(left).await;
        assert!(!matches!(came, Some(Incoming::Closed { .. })), "{came:?}");
    }
}

async fn begin() -> (Region, Client, Socket) {
    let region = Region::start_with_clock().expect("a region");
    let browser = region.signed_in("member.ro").await;
    let socket = browser.live().await;
    (region, browser, socket)
}

#[tokio::test]
async fn an_idle_sessions_socket_ends_with_it() {
    let (region, browser, mut socket) = begin().await;
    region.advance(29 * MINUTE).await;
    stays(&mut socket).await;
    region.advance(MINUTE).await;
    assert_eq!(ends_soon(&mut socket).await, 4401);
    browser.get("/api/session").await.refused(401, "not_signed_in");
}

#[tokio::test]
async fn a_session_of_twelve_hours_ends_with_its_socket() {
    let (region, browser, mut socket) = begin().await;
    for _ in 0..24 {
        region.advance(29 * MINUTE).await;
        browser.get("/api/session").await.is(200);
        tokio::time::sleep(WRITTEN_DOWN).await;
    }
    stays(&mut socket).await;
    region.advance(24 * MINUTE).await;
    assert_eq!(ends_soon(&mut socket).await, 4401);
}

#[tokio::test]
async fn posting_and_reading_by_socket_is_activity_and_typing_is_not() {
    let (region, browser, mut socket) = begin().await;
    let room = region.room("open", &[&region.person("member.ro").await]).await;
    for _ in 0..2 {
        region.advance(20 * MINUTE).await;
        assert_eq!(socket.post(&room, "still here").await.expect("an answer")["type"], "posted");
        tokio::time::sleep(WRITTEN_DOWN).await;
        region.advance(20 * MINUTE).await;
        socket.send(&json!({"type": "read", "channel": room, "seq": 1})).await.expect("sent");
        tokio::time::sleep(WRITTEN_DOWN).await;
    }
    region.advance(20 * MINUTE).await;
    socket.send(&json!({"type": "typing", "channel": room})).await.expect("sent");
    tokio::time::sleep(WRITTEN_DOWN).await;
    region.advance(10 * MINUTE).await;
    assert_eq!(ends_soon(&mut socket).await, 4401);
    browser.get("/api/session").await.refused(401, "not_signed_in");
}

#[tokio::test]
async fn who_is_suspended_by_the_command_is_out_within_a_second() {
    let region = Region::start(&[]).expect("a region");
    let (person, browser, other) =
        (region.person("member.ro").await, region.signed_in("member.ro").await, region.signed_in("member.rs").await);
    let (mut by_token, mut by_cookie, mut others) = (person.live().await, browser.live().await, other.live().await);
    person.get("/api/channels").await.is(200);
    run(region.folder(), &["account", "suspend", "--email", &address("member.ro")], None).expect("suspended");
    assert_eq!(ends_soon(&mut by_token).await, 4403);
    assert_eq!(ends_soon(&mut by_cookie).await, 4403);
    person.get("/api/channels").await.refused(401, "not_signed_in");
    browser.get("/api/channels").await.refused(401, "not_signed_in");
    // Nobody else notices anything.
    stays(&mut others).await;
    other.get("/api/channels").await.is(200);
}
