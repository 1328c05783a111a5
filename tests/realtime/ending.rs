//! Revocation, limits and goodbyes.

use std::cell::Cell;
use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use serde_json::json;
use support::region::{Region, draft, items, text};
use support::ws_client::{Incoming, NotConnected, Socket, post_frame};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use uuid::Uuid;

use crate::{changes, closed, drain};

#[tokio::test]
async fn who_is_put_out_of_a_room_hears_nothing_more_of_it() {
    let region = Region::shared();
    let (a, b, moderator) =
        (region.person("member.ro").await, region.person("member.gr").await, region.person("moderator.region").await);
    let room = region.room("closed", &[&a, &b]).await;
    let mut sockets = [b.live().await, b.live().await];
    a.say(&room, "before").await;
    moderator.delete(&format!("/api/channels/{room}/members/{}", b.id)).await.is(204);
    a.say(&room, "after").await;
    for socket in &mut sockets {
        let frames = drain(socket).await;
        assert_eq!(changes(&frames, &room), [("message".to_owned(), 1)]);
        assert!(frames.contains(&json!({"type": "membership", "channel": room, "member": false})), "{frames:?}");
    }
    moderator.put(&format!("/api/channels/{room}/members/{}", b.id)).await.is(204);
    a.say(&room, "again").await;
    let frames = drain(&mut sockets[0]).await;
    assert!(frames.contains(&json!({"type": "membership", "channel": room, "member": true})));
    assert_eq!(changes(&frames, &room), [("message".to_owned(), 3)]);
}

#[tokio::test]
async fn nothing_said_after_a_removal_is_delivered_while_many_speak() {
    let region = Region::shared();
    let (a, b, moderator) =
        (region.person("member.ro").await, region.person("member.gr").await, region.person("moderator.region").await);
    let room = region.room("closed", &[&a, &b]).await;
    let mut sockets = join_all((0..4).map(|_| b.live())).await;
    let removed = Cell::new(false);
    let speaking = async {
        let (mut said, mut after) = (0, 0);
        while after < 20 {
            a.say(&room, &format!("message {said}")).await;
            said += 1;
            after += i32::from(removed.get());
        }
        said
    };
    let removing = async {
        tokio::time::sleep(Duration::from_millis(60)).await;
        moderator.delete(&format!("/api/channels/{room}/members/{}", b.id)).await.is(204);
        let head = a.get(&format!("/api/channels/{room}")).await.is(200)["head_seq"].as_i64().expect("head");
        removed.set(true);
        head
    };
    let (said, head) = tokio::join!(speaking, removing);
    assert!((1..said).contains(&head), "the removal came too late to tell anything: at {head} of {said}");
    for socket in &mut sockets {
        let last = changes(&drain(socket).await, &room).last().map_or(0, |(_, seq)| *seq);
        assert!(last <= head, "{last} was delivered, the removal was durable by {head}");
    }
}

#[tokio::test]
async fn a_suspended_persons_sockets_end_at_once() {
    let region = Region::shared();
    let (admin, person) = (region.person("admin").await, region.person("ngo.ba").await);
    let browser = region.signed_in("ngo.ba").await;
    let mut sockets = [person.live().await, browser.live().await];
    let begun = Instant::now();
    admin.put(&format!("/api/accounts/{}/suspension", person.id)).await.is(204);
    for socket in &mut sockets {
        let (code, frames) = closed(socket).await;
        assert_eq!(code, 4403);
        assert!(frames.iter().any(|frame| frame["type"] == "bye"), "{frames:?}");
    }
    assert!(begun.elapsed() < Duration::from_secs(1), "{:?}", begun.elapsed());
    let refused = Socket::connect(region.address(), person.token()).await;
    assert!(refused.is_err());
    admin.delete(&format!("/api/accounts/{}/suspension", person.id)).await.is(204);
}

#[tokio::test]
async fn an_ended_sessions_socket_ends_at_once_and_no_other() {
    let region = Region::shared();
    let (ended, kept) = (region.signed_in("finance.me").await, region.signed_in("finance.me").await);
    let (mut first, mut second) = (ended.live().await, kept.live().await);
    let sessions = ended.get("/api/sessions").await.is(200);
    let own = items(&sessions).iter().find(|session| session["current"] == true).expect("the own");
    let begun = Instant::now();
    kept.delete(&format!("/api/sessions/{}", text(&own["id"]))).await.is(204);
    assert_eq!(closed(&mut first).await.0, 4401);
    assert!(begun.elapsed() < Duration::from_secs(1), "{:?}", begun.elapsed());
    assert!(!drain(&mut second).await.iter().any(|frame| frame["type"] == "bye"));
    kept.delete("/api/session").await.is(204);
    assert_eq!(closed(&mut second).await.0, 4401);
}

#[tokio::test]
async fn a_socket_that_opens_while_its_session_ends_does_not_outlive_it() {
    let region = Region::shared();
    for _ in 0..4 {
        let browser = region.signed_in("moderator.hr").await;
        let cookie = browser.cookie.clone().expect("a cookie");
        let opening = join_all((0..8).map(|n| {
            let (cookie, address) = (cookie.clone(), region.address());
            async move {
                tokio::time::sleep(Duration::from_micros(250 * n)).await;
                Socket::connect_as_browser(address, &cookie).await.ok()
            }
        }));
        let ending = async {
            tokio::time::sleep(Duration::from_millis(1)).await;
            browser.delete("/api/session").await.is(204);
        };
        let (opened, ()) = tokio::join!(opening, ending);
        for mut socket in opened.into_iter().flatten() {
            let (code, _) = closed(&mut socket).await;
            assert!(matches!(code, 4401 | 1006), "{code}");
        }
    }
}

#[tokio::test]
async fn a_ninth_window_closes_the_oldest() {
    let region = Region::shared();
    let person = region.person("moderator.xk").await;
    let mut sockets = Vec::new();
    for _ in 0..9 {
        sockets.push(person.live().await);
    }
    assert_eq!(closed(&mut sockets[0]).await.0, 4409);
    for socket in &mut sockets[1..] {
        assert!(!matches!(socket.next_within(Duration::from_millis(50)).await, Some(Incoming::Closed { .. })));
    }
}

#[tokio::test]
async fn there_are_never_more_than_eight_windows() {
    let region = Region::shared();
    let person = region.person("psychologist.bg").await;
    let mut sockets = join_all((0..14).map(|_| person.socket())).await;
    let mut open = 0;
    for socket in &mut sockets {
        loop {
            match socket.next_within(Duration::from_millis(300)).await {
                Some(Incoming::Frame(_)) => {}
                Some(Incoming::Closed { code, .. }) => {
                    assert_eq!(code, 4409);
                    break;
                }
                None => {
                    open += 1;
                    break;
                }
            }
        }
    }
    assert_eq!(open, 8);
}

#[tokio::test]
async fn a_server_that_stops_says_that_it_comes_back() {
    let region = Region::start(&[]).expect("a region");
    let (a, b) = (region.person("member.ro").await, region.signed_in("member.gr").await);
    let mut sockets = [a.live().await, b.live().await];
    std::thread::scope(|scope| {
        scope.spawn(|| region.stop().expect("stopped"));
    });
    for socket in &mut sockets {
        let (code, frames) = closed(socket).await;
        assert_eq!(code, 1012);
        assert!(frames.iter().any(|frame| frame["type"] == "bye" && frame["code"] == "restart"), "{frames:?}");
    }
}

/// Opens one window after another until nobody answers any more; those that were still open then.
async fn come_again_and_again(address: SocketAddr, token: &str) -> VecDeque<Socket> {
    let mut open = VecDeque::new();
    loop {
        match Socket::connect(address, token).await {
            Ok(socket) => open.push_back(socket),
            Err(NotConnected::Refused { status, .. }) => assert_eq!(status, 503),
            Err(NotConnected::Unreachable(_)) => return open,
        }
        if open.len() > 6 {
            open.pop_front();
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

#[tokio::test]
async fn who_comes_in_while_the_server_stops_is_told_so_too() {
    let region = Arc::new(Region::start(&[]).expect("a region"));
    let handles = ["member.ro", "member.gr", "member.rs", "moderator.hr", "moderator.xk", "moderator.mk"];
    let people = join_all(handles.iter().map(|handle| region.person(handle))).await;
    let coming = join_all(people.iter().map(|person| come_again_and_again(region.address(), person.token())));
    let stopping = async {
        tokio::time::sleep(Duration::from_millis(300)).await;
        let region = region.clone();
        tokio::task::spawn_blocking(move || region.stop().expect("stopped")).await.expect("ended");
    };
    let (came, ()) = tokio::join!(coming, stopping);
    for mut socket in came.into_iter().flatten() {
        assert_eq!(closed(&mut socket).await.0, 1012);
    }
}

#[tokio::test]
async fn a_stop_waits_for_no_body() {
    let region = Arc::new(Region::start(&[]).expect("a region"));
    let mut stream = TcpStream::connect(region.address()).await.expect("connected");
    let head = format!(
        "POST /api/session HTTP/1.1\r\nhost: {}\r\ncontent-type: application/json\r\ncontent-length: 10\r\n\r\n{{",
        region.address()
    );
    stream.write_all(head.as_bytes()).await.expect("written");
    tokio::time::sleep(Duration::from_millis(200)).await;
    let (begun, stopped) = (Instant::now(), region.clone());
    tokio::task::spawn_blocking(move || stopped.stop().expect("stopped")).await.expect("ended");
    assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.expect("answered");
    assert!(answer.starts_with("HTTP/1.1 503 ") && answer.contains("retry-after"), "{answer}");
}

#[tokio::test]
async fn a_close_is_answered() {
    let region = Region::shared();
    let member = region.person("member.ro").await;
    for close in [Some(CloseFrame { code: 1000.into(), reason: "done".into() }), None] {
        let mut socket = member.live().await;
        let code = close.as_ref().map_or(1005, |close| u16::from(close.code));
        socket.send_message(Message::Close(close)).await.expect("sent");
        assert_eq!(closed(&mut socket).await.0, code, "1006 would be: without an answer");
    }
}

/// A socket of a reader with a small buffer, so that little is enough to fill it.
async fn narrow(address: SocketAddr, headers: &[(&str, &str)]) -> Socket {
    let stream = TcpSocket::new_v4().expect("a socket");
    stream.set_recv_buffer_size(4096).expect("a small buffer");
    let stream = stream.connect(address).await.expect("connected");
    let mut socket = Socket::over(stream, address, headers).await.expect("upgraded");
    socket.resume(&json!({})).await.expect("live");
    socket
}

#[tokio::test]
async fn who_takes_nothing_for_five_seconds_is_let_go() {
    let region = Region::start(&[]).expect("a region");
    let (a, c) = (region.person("member.ro").await, region.person("member.rs").await);
    let room = region.room("open", &[&a, &c]).await;
    let posts = format!("/api/channels/{room}/messages");
    let silent = narrow(region.address(), &[("authorization", &format!("Bearer {}", c.token()))]).await;
    let sockets = async || {
        let figures = region.anonymous().get("/metrics").await.text;
        let line = figures.lines().find(|line| line.starts_with("egida_sockets ")).expect("the figure").to_owned();
        line.trim_start_matches("egida_sockets ").parse::<u32>().expect("a number")
    };
    assert_eq!(sockets().await, 1);
    // More than the system's buffers take, a few at a time, so that the queue of the socket holds it.
    let body = "x".repeat(15_000);
    for _ in 0..30 {
        join_all((0..10).map(|_| a.post(&posts, draft(&body)))).await;
    }
    let begun = Instant::now();
    while sockets().await > 0 {
        assert!(begun.elapsed() < Duration::from_secs(16), "it is still there");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    drop(silent);
}

#[tokio::test]
async fn what_an_ended_session_had_sent_is_not_taken_any_more() {
    let region = Region::start(&[("EGIDA_LIMITS_SOCKETS_PER_ACCOUNT", "64")]).expect("a region");
    let (ended, kept) = (region.signed_in("member.gr").await, region.signed_in("member.gr").await);
    let a = region.person("member.ro").await;
    let room = region.room("open", &[&a, &kept]).await;
    let posts = format!("/api/channels/{room}/messages");
    let cookie = ended.cookie.clone().expect("a cookie");
    let headers = [("cookie", cookie.as_str()), ("origin", region.origin())];
    let mut sockets = join_all((0..18).map(|_| narrow(region.address(), &headers))).await;
    // Now and then a socket's task looks at what came in before what is to go out. Each is brought to another turn.
    for turn in 0..9 {
        a.say(&room, "a turn").await;
        tokio::time::sleep(Duration::from_millis(20)).await;
        for at in [turn, turn + 9] {
            sockets[at].send(&json!({"type": "nothing"})).await.expect("sent");
        }
    }
    // They read nothing until the server can write no more, and have something to say meanwhile.
    let body = "x".repeat(15_000);
    for _ in 0..30 {
        join_all((0..10).map(|_| a.post(&posts, draft(&body)))).await;
    }
    for socket in &mut sockets {
        let frame = post_frame(Uuid::now_v7(), &room, "said by an ended session");
        socket.send(&frame).await.expect("sent");
    }
    tokio::time::sleep(Duration::from_millis(200)).await;
    let sessions = ended.get("/api/sessions").await.is(200);
    let own = items(&sessions).iter().find(|session| session["current"] == true).expect("the own");
    kept.delete(&format!("/api/sessions/{}", text(&own["id"]))).await.is(204);
    let head = async || a.get(&format!("/api/channels/{room}")).await.is(200)["head_seq"].clone();
    let before = head().await;
    let reading = sockets.iter_mut().map(async |socket| closed(socket).await.0);
    let codes = join_all(reading).await;
    assert!(codes.iter().all(|code| matches!(code, 4401 | 4408 | 1006)), "{codes:?}");
    assert_eq!(head().await, before, "nothing was taken after the session had ended; {codes:?}");
}
