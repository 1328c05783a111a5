//! Revocation, limits and goodbyes.

use std::time::{Duration, Instant};

use futures_util::future::join_all;
use serde_json::json;
use support::region::{Region, items, text};
use support::ws_client::{Incoming, Socket};

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
    let speaking = async {
        for n in 0..100 {
            a.say(&room, &format!("message {n}")).await;
        }
    };
    let removing = async {
        tokio::time::sleep(Duration::from_millis(60)).await;
        moderator.delete(&format!("/api/channels/{room}/members/{}", b.id)).await.is(204);
        a.get(&format!("/api/channels/{room}")).await.is(200)["head_seq"].as_i64().expect("head")
    };
    let ((), head) = tokio::join!(speaking, removing);
    assert!(head < 100, "the removal came too late to tell anything");
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
