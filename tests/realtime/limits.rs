//! How many sockets there may be, and in how many pieces a message may come (control 20 of the threat model).

use std::time::{Duration, Instant};

use futures_util::future::join_all;
use serde_json::json;
use support::raw;
use support::region::Region;
use support::ws_client::{NotConnected, PATIENCE, Socket};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// Frames as a client sends them, masked with zeroes.
const BEGIN: [u8; 7] = [0x01, 0x81, 0, 0, 0, 0, b'{'];
const NOTHING_MORE: [u8; 6] = [0x00, 0x80, 0, 0, 0, 0];
const END: [u8; 7] = [0x80, 0x81, 0, 0, 0, 0, b'}'];
const PING: [u8; 6] = [0x89, 0x80, 0, 0, 0, 0];

/// Sends these frames on a fresh socket: what comes until the connection ends, or for a second.
async fn after(region: &Region, frames: &[u8]) -> (Vec<u8>, bool) {
    let member = region.person("member.ro").await;
    let mut stream = TcpStream::connect(region.address()).await.expect("connected");
    let request = raw::upgrade(region.address(), member.token());
    stream.write_all(request.as_bytes()).await.expect("written");
    // The server may be done with us before it has all.
    let (mut reading, mut writing) = stream.split();
    let sending = async { drop(writing.write_all(frames).await) };
    let mut all = Vec::new();
    let read = async { tokio::time::timeout(Duration::from_secs(2), reading.read_to_end(&mut all)).await.is_ok() };
    let (ended, ()) = tokio::join!(read, sending);
    (all, ended)
}

/// Whether a close frame with this code is among the bytes.
fn closed_with(bytes: &[u8], code: u16) -> bool {
    bytes.windows(4).any(|window| window[0] == 0x88 && window[2..] == code.to_be_bytes())
}

#[tokio::test]
async fn a_message_in_ten_thousand_pieces_ends_it() {
    let region = Region::shared();
    for (what, pieces) in [("17 pieces", 17), ("10,000 empty pieces", 10_000)] {
        let (said, ended) = after(&region, &[&BEGIN[..], &NOTHING_MORE.repeat(pieces)].concat()).await;
        assert!(ended && closed_with(&said, 1008), "{what}: {}", String::from_utf8_lossy(&said));
    }
    // With something between them they are no fewer.
    let between = [&NOTHING_MORE[..], &PING].concat().repeat(20);
    let (said, ended) = after(&region, &[&BEGIN[..], &between].concat()).await;
    assert!(ended && closed_with(&said, 1008), "{}", String::from_utf8_lossy(&said));
    // A few are nothing to complain of: the message is read, and refused for what it says.
    for pieces in [0, 15] {
        let (said, ended) = after(&region, &[&BEGIN[..], &NOTHING_MORE.repeat(pieces), &END].concat()).await;
        let text = String::from_utf8_lossy(&said);
        assert!(!ended && text.contains("bad_frame"), "{pieces}: {text}");
    }
}

#[tokio::test]
async fn a_flood_of_pings_ends_it() {
    let (said, ended) = after(&Region::shared(), &PING.repeat(200)).await;
    assert!(ended && closed_with(&said, 1008), "{}", String::from_utf8_lossy(&said));
}

async fn open(region: &Region, handle: &str, from: &str) -> Result<Socket, NotConnected> {
    let bearer = format!("Bearer {}", region.person(handle).await.token());
    Socket::connect_with(region.address(), &[("authorization", &bearer), ("x-forwarded-for", from)]).await
}

fn is_busy(outcome: &Result<Socket, NotConnected>) -> bool {
    matches!(outcome, Err(NotConnected::Refused { status: 503, body }) if body.contains("\"busy\""))
}

/// How many of those that ask at once get a socket; all others must be told to come back.
async fn at_once(region: &Region, from: impl Fn(usize) -> String) -> Vec<Socket> {
    let people = ["member.ro", "member.gr", "member.rs", "moderator.hr"];
    let asking = (0..20).map(|n| {
        let from = from(n);
        async move { open(region, people[n % people.len()], &from).await }
    });
    let outcomes = join_all(asking).await;
    assert!(outcomes.iter().all(|outcome| outcome.is_ok() || is_busy(outcome)), "{outcomes:?}");
    outcomes.into_iter().filter_map(Result::ok).collect()
}

#[tokio::test]
async fn one_address_has_so_many_sockets_and_others_have_theirs() {
    let region = Region::start(&[("EGIDA_LIMITS_SOCKETS_PER_ADDRESS", "5")]).expect("a region");
    let here = "203.0.113.5";
    let mut open_now = at_once(&region, |_| here.to_owned()).await;
    assert_eq!(open_now.len(), 5, "however many ask at the same moment");
    assert!(is_busy(&open(&region, "member.ro", here).await));
    open(&region, "member.ro", "203.0.113.6").await.expect("another address");
    // Whoever goes leaves the place to others.
    open_now.pop().expect("one").close().await.expect("closed");
    let begun = Instant::now();
    while is_busy(&open(&region, "member.ro", here).await) {
        assert!(begun.elapsed() < PATIENCE, "the place stays taken");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn there_are_so_many_sockets_in_all_and_no_more() {
    let region = Region::start(&[("EGIDA_LIMITS_SOCKETS", "7")]).expect("a region");
    let mut open_now = at_once(&region, |n| format!("203.0.113.{n}")).await;
    assert_eq!(open_now.len(), 7);
    for socket in &mut open_now {
        socket.resume(&json!({})).await.expect("those that are open work");
    }
}
